//! The table of directives (gas manual, chapter 7; ELF's where the format has a say), and those about symbols. What a
//! directive does is a function and a number; those that take lines behind them are blocks.

use crate::cfi::{self, CfiOp};
use crate::conditional as cond;
use crate::cursor::Cursor;
use crate::data;
use crate::expr::Expr;
use crate::line;
use crate::macros::Block;
use crate::misc;
use crate::section_directive as sec;
use crate::source_listing;
use crate::stabs;
use crate::symbols::{FINAL, Place, REMOVED, SymRef, WEAKREF};
use crate::unit::Assembler;
use obj::{Binding, SymbolKind, Visibility};

/// What is wrong is told in words; empty words were told already.
pub(crate) type Outcome = Result<(), String>;

type Run = fn(&mut Assembler, &mut Cursor, u32) -> Outcome;

/// What a directive does, with the number that its row carries.
#[derive(Clone, Copy)]
pub(crate) enum Action {
    Plain(Run, u32),
    Block(Block),
}

/// Numbers of rows that are kinds of things.
mod k {
    pub const GLOBAL: u32 = 0;
    pub const WEAK: u32 = 1;
    pub const LOCAL: u32 = 2;
    pub const HIDDEN: u32 = 3;
    pub const INTERNAL: u32 = 4;
    pub const PROTECTED: u32 = 5;
}

const fn run(run: Run, number: u32) -> Action {
    Action::Plain(run, number)
}

const fn block(block: Block) -> Action {
    Action::Block(block)
}

/// Name without the point, what it does.
#[rustfmt::skip]
static DIRECTIVES: &[(&str, Action)] = &[
    // Sections.
    ("text", run(sec::standard, 0)), ("data", run(sec::standard, 1)), ("bss", run(sec::standard, 2)), ("rodata", run(sec::standard, 3)),
    ("section", run(sec::section, 0)), ("pushsection", run(sec::section, 1)), ("popsection", run(sec::pop, 0)),
    ("previous", run(sec::previous, 0)), ("subsection", run(sec::subsection, 0)), ("struct", run(sec::structure, 0)),
    ("offset", run(sec::structure, 0)), ("linkonce", run(sec::linkonce, 0)), ("attach_to_group", run(sec::attach, 0)),
    ("ident", run(sec::ident, 0)), ("version", run(sec::version, 0)),
    // Symbols.
    ("globl", run(attribute, k::GLOBAL)), ("global", run(attribute, k::GLOBAL)), ("weak", run(attribute, k::WEAK)),
    ("local", run(attribute, k::LOCAL)), ("hidden", run(attribute, k::HIDDEN)), ("internal", run(attribute, k::INTERNAL)),
    ("protected", run(attribute, k::PROTECTED)), ("extern", run(misc::ignored, 0)), ("weakref", run(weakref, 0)),
    ("type", run(kind, 0)), ("size", run(size, 0)), ("symver", run(crate::versions::symver, 0)),
    ("set", run(set_directive, VALUE)), ("equ", run(set_directive, VALUE)), ("equiv", run(set_directive, NEW_VALUE)),
    ("eqv", run(set_directive, FINAL_VALUE)),
    ("comm", run(data::common, 0)), ("common", run(data::common, 0)), ("lcomm", run(data::common, 1)), ("tls_common", run(data::common, 2)),
    ("vtable_inherit", run(misc::vtable, 0)), ("vtable_entry", run(misc::vtable, 1)),
    // Data.
    ("byte", run(data::values, 1)), ("2byte", run(data::values, 2)), ("short", run(data::values, 2)),
    ("hword", run(data::values, 2)), ("word", run(data::values, 2)), ("value", run(data::values, 2)), ("long", run(data::values, 4)),
    ("int", run(data::values, 4)), ("slong", run(data::values, data::SIGNED | 4)), ("4byte", run(data::values, 4)), ("quad", run(data::values, 8)), ("8byte", run(data::values, 8)),
    ("dc", run(data::values, 2)), ("dc.b", run(data::values, 1)), ("dc.w", run(data::values, 2)), ("dc.l", run(data::values, 4)),
    ("dc.a", run(data::values, 8)),
    ("octa", run(data::octa, 0)), ("uleb128", run(data::leb128, 0)), ("sleb128", run(data::leb128, 1)),
    ("float", run(data::floats, 4)), ("single", run(data::floats, 4)), ("double", run(data::floats, 8)), ("tfloat", run(data::floats, 10)),
    ("float16", run(data::floats, 2)), ("hfloat", run(data::floats, 2)), ("bfloat16", run(data::floats, 3)), ("ds.x", run(data::ds, 10)),
    ("dc.s", run(data::floats, 4)), ("dc.d", run(data::floats, 8)), ("dc.x", run(data::floats, 10)),
    ("dcb", run(data::dcb, 2)), ("dcb.b", run(data::dcb, 1)), ("dcb.w", run(data::dcb, 2)), ("dcb.l", run(data::dcb, 4)),
    ("dcb.s", run(data::dcb, 0x104)), ("dcb.d", run(data::dcb, 0x108)), ("dcb.x", run(data::dcb, 0x10a)),
    ("ds", run(data::ds, 2)), ("ds.b", run(data::ds, 1)), ("ds.w", run(data::ds, 2)), ("ds.l", run(data::ds, 4)),
    ("ds.s", run(data::ds, 4)), ("ds.d", run(data::ds, 8)), ("ds.p", run(data::ds, 10)),
    ("ascii", run(data::strings, 0x100)), ("asciz", run(data::strings, 1)), ("string", run(data::strings, 1)),
    ("string8", run(data::strings, 1)), ("string16", run(data::strings, 2)), ("string32", run(data::strings, 4)), ("string64", run(data::strings, 8)),
    ("zero", run(data::space, 0)), ("skip", run(data::space, 0)), ("space", run(data::space, 0)), ("fill", run(data::fill, 0)),
    ("align", run(data::align, data::BYTES)), ("balign", run(data::align, data::BYTES)), ("balignw", run(data::align, data::BYTES | 2)),
    ("balignl", run(data::align, data::BYTES | 4)), ("p2align", run(data::align, 0)), ("p2alignw", run(data::align, 2)),
    ("p2alignl", run(data::align, 4)), ("org", run(org, 0)), ("incbin", block(Block::IncludeBytes)),
    ("nop", run(data::nop, 0)), ("nops", run(data::nops, 0)), ("reloc", run(misc::reloc, 0)),
    // Unwind rules.
    ("cfi_sections", run(cfi::sections, 0)), ("cfi_startproc", run(cfi::start, 0)), ("cfi_endproc", run(cfi::end, 0)),
    ("cfi_def_cfa", run(cfi::rule, CfiOp::DEF_CFA)), ("cfi_def_cfa_register", run(cfi::rule, CfiOp::DEF_CFA_REGISTER)),
    ("cfi_def_cfa_offset", run(cfi::rule, CfiOp::DEF_CFA_OFFSET)), ("cfi_adjust_cfa_offset", run(cfi::rule, CfiOp::ADJUST)),
    ("cfi_offset", run(cfi::rule, CfiOp::OFFSET)), ("cfi_rel_offset", run(cfi::rule, CfiOp::REL_OFFSET)),
    ("cfi_val_offset", run(cfi::rule, CfiOp::VAL_OFFSET)), ("cfi_register", run(cfi::rule, CfiOp::REGISTER)),
    ("cfi_restore", run(cfi::rule, CfiOp::RESTORE)), ("cfi_undefined", run(cfi::rule, CfiOp::UNDEFINED)),
    ("cfi_same_value", run(cfi::rule, CfiOp::SAME_VALUE)), ("cfi_remember_state", run(cfi::rule, CfiOp::REMEMBER)),
    ("cfi_restore_state", run(cfi::rule, CfiOp::RESTORE_STATE)), ("cfi_window_save", run(cfi::rule, CfiOp::WINDOW_SAVE)),
    ("cfi_return_column", run(cfi::return_column, 0)), ("cfi_signal_frame", run(cfi::signal_frame, 0)),
    ("cfi_personality", run(cfi::personality, 0)), ("cfi_lsda", run(cfi::personality, 1)), ("cfi_escape", run(cfi::escape, 0)),
    ("cfi_val_encoded_addr", run(cfi::encoded, 0)), ("cfi_label", run(cfi::label, 0)),
    ("cfi_personality_id", run(cfi::compact, 0)), ("cfi_inline_lsda", run(cfi::compact, 0)), ("cfi_fde_data", run(cfi::compact, 0)),
    // Conditions.
    ("if", run(cond::if_number, cond::NE)), ("ifne", run(cond::if_number, cond::NE)), ("ifeq", run(cond::if_number, cond::EQ)),
    ("ifge", run(cond::if_number, cond::GE)), ("ifgt", run(cond::if_number, cond::GT)), ("ifle", run(cond::if_number, cond::LE)),
    ("iflt", run(cond::if_number, cond::LT)), ("ifdef", run(cond::if_defined, 1)), ("ifndef", run(cond::if_defined, 0)),
    ("ifnotdef", run(cond::if_defined, 0)), ("ifb", run(cond::if_blank, 1)), ("ifnb", run(cond::if_blank, 0)),
    ("ifc", run(cond::if_same, 1)), ("ifnc", run(cond::if_same, 0)), ("ifeqs", run(cond::if_same_string, 1)),
    ("ifnes", run(cond::if_same_string, 0)), ("else", run(cond::otherwise, 0)), ("elsec", run(cond::otherwise, 0)),
    ("elseif", run(cond::else_if, 0)), ("endif", run(cond::end_if, 0)), ("endc", run(cond::end_if, 0)),
    // Macros and repetition.
    ("macro", block(Block::Macro)), ("rept", block(Block::Repeat)), ("rep", block(Block::Repeat)), ("irp", block(Block::Each)),
    ("irep", block(Block::Each)), ("irpc", block(Block::EachLetter)), ("irepc", block(Block::EachLetter)),
    ("exitm", block(Block::Leave)), ("mexit", block(Block::Leave)), ("end", block(Block::Stop)), ("abort", block(Block::Abort)),
    ("include", block(Block::Include)), ("endm", run(misc::stray, 0)), ("endr", run(misc::stray, 1)), ("purgem", run(misc::purge, 0)),
    ("altmacro", run(misc::alternate, 1)), ("noaltmacro", run(misc::alternate, 0)), ("mri", run(misc::mri, 0)),
    // Lines.
    ("file", block(Block::File)), ("loc", run(line::loc, 0)), ("loc_mark_labels", run(line::mark_labels, 0)),
    ("line", block(Block::Line)),
    // Messages, listings, what other formats need.
    ("err", run(misc::message, misc::ERR)), ("error", run(misc::message, misc::ERROR)), ("warning", run(misc::message, misc::WARNING)),
    ("print", run(misc::print, 0)), ("fail", run(misc::fail, 0)),
    ("list", run(source_listing::directive, source_listing::LIST)), ("nolist", run(source_listing::directive, source_listing::NOLIST)), ("title", run(source_listing::directive, source_listing::TITLE)), ("sbttl", run(source_listing::directive, source_listing::SUBTITLE)),
    ("psize", run(source_listing::page_size, 0)), ("eject", run(source_listing::directive, source_listing::EJECT)), ("lflags", run(misc::ignored, 0)), ("llen", run(misc::ignored, 0)),
    ("plen", run(misc::ignored, 0)), ("page", run(misc::ignored, 0)), ("name", run(misc::ignored, 0)), ("noformat", run(misc::ignored, 0)),
    ("spc", run(misc::ignored, 0)), ("ttl", run(misc::ignored, 0)), ("xdef", run(attribute, k::GLOBAL)), ("xref", run(misc::ignored, 0)),
    ("xstabs", run(stabs::entry, stabs::NAMED)), ("stabs", run(stabs::entry, stabs::STRING)), ("stabn", run(stabs::entry, stabs::NUMBER)), ("stabd", run(stabs::entry, stabs::HERE)),
    ("func", run(misc::ignored, 0)), ("endfunc", run(misc::ignored, 0)), ("gnu_attribute", run(misc::attribute, 0)),
    ("bundle_align_mode", run(misc::bundle, 0)), ("bundle_lock", run(misc::bundle, 0)), ("bundle_unlock", run(misc::bundle, 0)),
    ("tag", run(misc::ignored, 0)), ("def", run(misc::ignored, 0)), ("endef", run(misc::ignored, 0)), ("addrsig", run(misc::ignored, 0)),
    ("addrsig_sym", run(misc::ignored, 0)),
];

/// Directives of an architecture that says nothing of them.
pub(crate) static IGNORED: &[&[u8]] = &[b".att_syntax", b".code64", b".arch"];

const SLOTS: usize = 1024;

/// Places of the rows by the hash of their names; 0 where there is none, else 1 more than the row.
static INDEX: [u16; SLOTS] = {
    let mut index = [0u16; SLOTS];
    let mut row = 0;
    while row < DIRECTIVES.len() {
        let mut slot = hash(DIRECTIVES[row].0.as_bytes()) % SLOTS;
        while index[slot] != 0 {
            slot = (slot + 1) % SLOTS;
        }
        index[slot] = row as u16 + 1;
        row += 1;
    }
    index
};

const fn hash(name: &[u8]) -> usize {
    let mut hash = name.len() as u32;
    let mut at = 0;
    while at < name.len() {
        hash = (hash ^ name[at] as u32).wrapping_mul(0x9e37_79b1).rotate_left(11);
        at += 1;
    }
    (hash >> 7) as usize
}

/// The directive of that name, point and all.
#[inline]
pub(crate) fn find(name: &[u8]) -> Option<Action> {
    let name = &name[1..];
    let mut slot = hash(name) % SLOTS;
    loop {
        let row = DIRECTIVES.get(usize::from(INDEX[slot]).wrapping_sub(1))?;
        if row.0.as_bytes() == name {
            return Some(row.1);
        }
        slot = (slot + 1) % SLOTS;
    }
}

/// A symbol.
pub(crate) fn symbol(asm: &mut Assembler, line: &mut Cursor) -> Result<SymRef, String> {
    let symbol = if line.peek() == b'"' {
        let name = line.string()?;
        asm.tables.named(&name)
    } else {
        let (text, at, _) = line.place();
        let len = line.name_len();
        if len == 0 {
            return Err("expected symbol name".into());
        }
        line.skip(len);
        asm.tables.named_at(text, at, len)
    };
    asm.tables.take_turn(symbol);
    Ok(symbol)
}

/// A number that is known here.
pub(crate) fn number(asm: &mut Assembler, line: &mut Cursor) -> Result<i64, String> {
    let expr = asm.expr(line)?;
    match expr.constant() {
        Some(value) => Ok(value),
        None => asm.value_now(expr).ok_or_else(|| "expected absolute expression".into()),
    }
}

impl Assembler {
    /// The number that an expression is for certain, wherever its labels stand.
    pub(crate) fn value_now(&self, expr: Expr) -> Option<i64> {
        self.value_within(expr, 0)
    }

    fn value_within(&self, expr: Expr, depth: u32) -> Option<i64> {
        if depth > 50 || expr.modifier != 0 {
            return None;
        }
        if let Some(value) = expr.constant() {
            return Some(value);
        }
        let mark = |symbol: SymRef| match self.tables.syms[symbol.index()].place {
            Place::At(piece, mark) => Some((piece, mark)),
            _ => None,
        };
        if let (Some(plus), Some(minus)) = (expr.plus, expr.minus) {
            if plus == minus {
                return Some(expr.offset);
            }
            if let (Some((a, to)), Some((b, from))) = (mark(plus), mark(minus))
                && a == b
            {
                return Some(self.pieces[a as usize].code.distance(from, to)?.wrapping_add(expr.offset));
            }
        }
        let value = |symbol: Option<SymRef>| match symbol {
            None => Some(0),
            Some(symbol) => match self.tables.syms[symbol.index()].place {
                Place::Value(value) => self.value_within(value, depth + 1),
                Place::Node(node) => {
                    let node = self.tables.nodes[node as usize];
                    let left = self.value_within(node.left, depth + 1)?;
                    let right = self.value_within(node.right, depth + 1)?;
                    crate::expr::calculate(node.op, left, right)
                }
                Place::At(piece, at) if self.is_absolute(piece) => {
                    self.pieces[piece as usize].code.distance(mc::buffer::Mark::default(), at)
                }
                _ => None,
            },
        };
        Some(value(expr.plus)?.wrapping_sub(value(expr.minus)?).wrapping_add(expr.offset))
    }
}

fn attribute(asm: &mut Assembler, line: &mut Cursor, what: u32) -> Outcome {
    loop {
        let symbol = symbol(asm, line)?;
        let sym = asm.tables.sym(symbol);
        if what == k::GLOBAL && sym.kind == Some(SymbolKind::Section) && matches!(sym.place, Place::At(..)) {
            asm.tables.warn("can't make section symbol global");
            if !line.eat(b',') || line.is_end() {
                return Ok(());
            }
            continue;
        }
        match what {
            // What is weak stays so.
            k::GLOBAL if sym.binding != Some(Binding::Weak) && sym.binding != Some(Binding::Unique) => {
                sym.binding = Some(Binding::Global);
            }
            k::GLOBAL => {}
            k::WEAK => sym.binding = Some(Binding::Weak),
            k::LOCAL => sym.binding = Some(Binding::Local),
            k::HIDDEN => sym.visibility = Some(Visibility::Hidden),
            k::INTERNAL => sym.visibility = Some(Visibility::Internal),
            _ => sym.visibility = Some(Visibility::Protected),
        }
        if !line.eat(b',') || line.is_end() {
            return Ok(());
        }
    }
}

/// Names of symbol types: after `@`, and the constant's.
#[rustfmt::skip]
static KINDS: &[(&[u8], &[u8], SymbolKind)] = &[
    (b"function", b"STT_FUNC", SymbolKind::Function), (b"object", b"STT_OBJECT", SymbolKind::Object),
    (b"tls_object", b"STT_TLS", SymbolKind::Tls), (b"notype", b"STT_NOTYPE", SymbolKind::None),
    (b"common", b"STT_COMMON", SymbolKind::Object), (b"gnu_indirect_function", b"STT_GNU_IFUNC", SymbolKind::IFunc),
    (b"gnu_unique_object", b"STB_GNU_UNIQUE", SymbolKind::Object),
];

/// `.type NAME, @TYPE`
fn kind(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let symbol = symbol(asm, line)?;
    line.eat(b',');
    let own;
    let name = if line.peek() == b'"' {
        own = line.string()?;
        &own[..]
    } else {
        if matches!(line.peek(), b'@' | b'%' | b'#') {
            line.bump();
        }
        line.run(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    let Some(row) = KINDS.iter().find(|row| row.0 == name || row.1 == name) else {
        return Err(format!("unrecognized symbol type \"{}\"", String::from_utf8_lossy(name)));
    };
    let sym = asm.tables.sym(symbol);
    let (before, kind) = (sym.kind, row.2);
    // What is said more generally does not take back what was said.
    let stays = matches!(
        (before, kind),
        (Some(SymbolKind::Tls), SymbolKind::Object) | (Some(SymbolKind::IFunc), SymbolKind::Function)
    );
    if !stays {
        sym.kind = Some(kind);
    }
    let both = [SymbolKind::Object, SymbolKind::Function];
    if before.is_some_and(|before| before != kind && both.contains(&before)) && both.contains(&kind) {
        let text = format!("symbol '{}' already has its type set", asm.tables.shown(symbol));
        asm.tables.warn(text);
    }
    let sym = asm.tables.sym(symbol);
    if row.1 == b"STB_GNU_UNIQUE" {
        sym.binding = Some(Binding::Unique);
    }
    Ok(())
}

fn size(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let symbol = symbol(asm, line)?;
    if !line.eat(b',') {
        return Err(format!("expected comma after name `{}' in .size directive", asm.tables.shown(symbol)));
    }
    let size = asm.expr(line)?;
    // A number from here on, if it is one.
    let size = asm.value_now(size).map_or(size, Expr::number);
    asm.tables.extra(symbol).size = Some(size);
    Ok(())
}

/// How a symbol is set.
pub(crate) const VALUE: u32 = 0;
/// It must not have a value.
pub(crate) const NEW_VALUE: u32 = 1;
/// And what stands for the value is looked at where it is used.
pub(crate) const FINAL_VALUE: u32 = 2;

fn set_directive(asm: &mut Assembler, line: &mut Cursor, how: u32) -> Outcome {
    if line.peek() == b'.' && line.name_len() == 1 {
        line.bump();
        line.expect(b',')?;
        return org(asm, line, 0);
    }
    let symbol = symbol(asm, line)?;
    if !line.eat(b',') {
        return Err(format!("expected comma after \"{}\"", asm.tables.shown(symbol)));
    }
    set(asm, line, symbol, how)
}

/// `NAME = VALUE`
pub(crate) fn set(asm: &mut Assembler, line: &mut Cursor, symbol: SymRef, how: u32) -> Outcome {
    let before = asm.tables.sym(symbol).place;
    let is_defined = before != Place::Undefined;
    if is_defined && (how != VALUE || asm.tables.sym(symbol).flags & FINAL != 0) {
        line.finish();
        return Err(format!("symbol `{}' is already defined", asm.tables.shown(symbol)));
    }
    let is_naked = asm.syntax.has_naked_registers(asm.mode);
    if line.peek() == b'%' || is_naked || !asm.registers.is_empty() {
        let name = asm.tables.spelling(symbol).to_vec();
        if asm.registers.set(&name, line, asm.syntax, is_naked) {
            asm.memo.forget();
            // The object knows nothing of it.
            asm.tables.sym(symbol).flags |= REMOVED;
            return Ok(());
        }
        asm.tables.sym(symbol).flags &= !REMOVED;
    }
    let text = line.rest();
    let value = asm.expr(line)?;
    if how == FINAL_VALUE {
        let text = &text[..text.len() - line.rest().len()];
        asm.tables.extra(symbol).text = Some(text.into());
    }
    let value = match asm.value_now(value) {
        Some(number) if value.constant().is_none() && how != FINAL_VALUE => Expr::number(number),
        _ => value,
    };
    if is_defined && !matches!(before, Place::Value(_)) {
        return Err(format!("symbol `{}' is already defined", asm.tables.shown(symbol)));
    }
    // An alias is what it stands for, as far as is known of that.
    let target = value.plus.filter(|_| value.minus.is_none()).map(|target| *asm.tables.sym(target));
    if let Some(of) = value.plus.filter(|_| value.minus.is_none()) {
        asm.tables.take_turn(of);
    }
    // What was said with the old value keeps it.
    let symbol = if is_defined { asm.tables.replace(symbol) } else { symbol };
    let loc = asm.tables.loc;
    let sym = asm.tables.sym(symbol);
    sym.place = Place::Value(value);
    sym.loc = loc;
    if how == FINAL_VALUE {
        sym.flags |= FINAL;
    }
    if let Some(target) = target.filter(|target| target.kind != Some(SymbolKind::Section)) {
        sym.kind = target.kind.or(sym.kind);
        let is_alias = asm.is_file && value.offset == 0;
        if let Some(size) = value.plus.filter(|_| !is_alias).and_then(|target| asm.tables.extra_of(target)?.size) {
            let extra = asm.tables.extra(symbol);
            extra.size = extra.size.or(Some(size));
        }
    }
    Ok(())
}

/// `.weakref ALIAS, TARGET`
fn weakref(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let alias = symbol(asm, line)?;
    if !line.eat(b',') {
        return Err(format!("expected comma after \"{}\"", asm.tables.shown(alias)));
    }
    let target = symbol(asm, line)?;
    if asm.tables.sym(alias).place != Place::Undefined {
        return Err(format!("symbol `{}' is already defined", asm.tables.shown(alias)));
    }
    let mut next = target;
    let mut way = asm.tables.shown(alias);
    loop {
        way = format!("{way} => {}", asm.tables.shown(next));
        if next == alias {
            return Err(format!("{}: would close weakref loop: {way}", asm.tables.shown(alias)));
        }
        let sym = *asm.tables.sym(next);
        match sym.place {
            Place::Value(Expr { plus: Some(further), .. }) if sym.flags & WEAKREF != 0 => next = further,
            _ => break,
        }
    }
    let sym = asm.tables.sym(alias);
    sym.flags |= WEAKREF;
    sym.place = Place::Value(Expr::symbol(target));
    Ok(())
}

/// `.org PLACE[, FILL]`
pub(crate) fn org(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let to = asm.expr(line)?;
    let fill = if line.eat(b',') { number(asm, line)? as u8 } else { 0 };
    data::org(asm, to, fill)
}
