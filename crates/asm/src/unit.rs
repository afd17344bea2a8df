//! The assembler of one unit: its symbols, its sections, and the function whose code inline assembly goes into.
//!
//! Code under construction lies in *pieces*: piece 0 is the code of the function at hand, every section of assembly text
//! is another. When a piece gets its place (the function is finished, the unit ends) its labels and fixups are moved from marks
//! to offsets; fixups are resolved at the end of the unit, as C may still declare what assembly names.

use crate::cursor::{self, Cursor};
use crate::directive;
use crate::expr::{Expr, Reader};
use crate::syntax::{Emit, Syntax};
use base::Pos;
use mc::buffer::Mark;
use mc::{CodeBuffer, Label};
use obj::{AtomId, Binding, SectionFlags, SectionKind, SymId, SymbolKind, Visibility};
use std::collections::HashMap;
use target::RelocKind;

/// A symbol of assembly text; local labels (`1:`) and places (`.`) are nameless ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct SymRef(pub(crate) u32);

/// Something wrong in assembly text, or with what it refers to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmError {
    /// Of the C statement that holds the text.
    pub pos: Pos,
    /// Line within the text, from 0.
    pub line: u32,
    pub message: String,
}

/// Where a symbol is.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) enum Place {
    #[default]
    Undefined,
    /// In a piece that is under construction.
    Open(usize, Label),
    Placed(AtomId, u32),
    /// `.set`.
    Value(Expr),
    Common {
        size: u64,
        align: u64,
    },
    /// Known to the caller by another way.
    Object(SymId),
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Sym {
    /// Empty for nameless ones.
    pub name: Box<[u8]>,
    pub place: Place,
    pub binding: Option<Binding>,
    pub visibility: Option<Visibility>,
    pub kind: Option<SymbolKind>,
    pub size: Option<Expr>,
    /// `.symver`: names that stand for it.
    pub versions: Vec<Box<[u8]>>,
    pub pos: Pos,
    /// In the finished object.
    pub object: Option<SymId>,
}

/// What a fixup's field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    /// As an instruction asks for it.
    Kind(RelocKind),
    /// Data of so many bytes: address, distance or number.
    Data(u8),
}

/// A field whose value depends on places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixup<P> {
    pub at: P,
    pub field: Field,
    pub expr: Expr,
    pub pos: Pos,
}

/// Code under construction, beside its buffer.
#[derive(Default)]
pub(crate) struct Piece {
    labels: HashMap<SymRef, Label>,
    /// In order of making: what is walked.
    order: Vec<(SymRef, Label)>,
    pub fixups: Vec<Fixup<Mark>>,
    pub align: u32,
}

/// A local label: its last definition, and the next one if something refers to it.
#[derive(Clone, Copy, Default)]
struct LocalLabel {
    last: Option<SymRef>,
    next: Option<SymRef>,
}

/// What statements share, beside the code.
#[derive(Default)]
pub struct Tables {
    pub(crate) syms: Vec<Sym>,
    names: HashMap<Box<[u8]>, SymRef>,
    locals: HashMap<u32, LocalLabel>,
    pub(crate) modifiers: Vec<String>,
    pub(crate) pieces: Vec<Piece>,
    /// The piece that is written.
    pub(crate) piece: usize,
    pub(crate) fixups: Vec<Fixup<(AtomId, u32)>>,
    pub(crate) pos: Pos,
}

impl Piece {
    pub fn is_empty(&self) -> bool {
        self.order.is_empty()
    }
}

impl Tables {
    pub(crate) fn sym(&mut self, symbol: SymRef) -> &mut Sym {
        &mut self.syms[symbol.0 as usize]
    }

    fn new_sym(&mut self, name: &[u8]) -> SymRef {
        self.syms.push(Sym { name: name.into(), pos: self.pos, ..Sym::default() });
        SymRef(self.syms.len() as u32 - 1)
    }

    /// The symbol of that name.
    pub(crate) fn named(&mut self, name: &[u8]) -> SymRef {
        if let Some(&symbol) = self.names.get(name) {
            return symbol;
        }
        let symbol = self.new_sym(name);
        self.names.insert(name.into(), symbol);
        symbol
    }

    /// The symbol, or the number that it was set to.
    pub(crate) fn value_of(&self, symbol: SymRef) -> Expr {
        let sym = &self.syms[symbol.0 as usize];
        match sym.place {
            // What it is set to now, unless the linker is to know it by its name.
            Place::Value(expr) if sym.binding.is_none() => expr,
            _ => Expr::symbol(symbol),
        }
    }

    pub(crate) fn forward(&mut self, number: u32) -> SymRef {
        if let Some(next) = self.locals.entry(number).or_default().next {
            return next;
        }
        let symbol = self.new_sym(b"");
        self.locals.entry(number).or_default().next = Some(symbol);
        symbol
    }

    pub(crate) fn backward(&mut self, number: u32) -> Result<SymRef, String> {
        let last = self.locals.get(&number).and_then(|local| local.last);
        last.ok_or_else(|| format!("there is no local label ‘{number}’ before ‘{number}b’"))
    }

    pub(crate) fn modifier(&mut self, name: &[u8]) -> Result<u8, String> {
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        if let Some(at) = self.modifiers.iter().position(|known| *known == name) {
            return Ok(at as u8 + 1);
        }
        if self.modifiers.len() >= 200 {
            return Err("too many kinds of modifiers".into());
        }
        self.modifiers.push(name);
        Ok(self.modifiers.len() as u8)
    }

    pub(crate) fn modifier_name(&self, expr: &Expr) -> &str {
        match expr.modifier {
            0 => "",
            at => &self.modifiers[at as usize - 1],
        }
    }

    /// The label by which branches in `piece` know `symbol`.
    pub(crate) fn label(&mut self, piece: usize, symbol: SymRef, code: &mut CodeBuffer) -> Label {
        let piece = &mut self.pieces[piece];
        *piece.labels.entry(symbol).or_insert_with(|| {
            let label = code.new_label();
            piece.order.push((symbol, label));
            label
        })
    }

    /// A nameless symbol for the current place.
    pub(crate) fn here(&mut self, code: &mut CodeBuffer) -> SymRef {
        let symbol = self.new_sym(b"");
        let piece = self.piece;
        let label = self.label(piece, symbol, code);
        code.bind(label);
        self.sym(symbol).place = Place::Open(piece, label);
        symbol
    }

    /// Defines `symbol` at the current place.
    pub(crate) fn define(&mut self, symbol: SymRef, code: &mut CodeBuffer) -> Result<(), String> {
        let sym = &self.syms[symbol.0 as usize];
        if sym.place != Place::Undefined {
            return Err(format!("symbol ‘{}’ is already defined", String::from_utf8_lossy(&sym.name)));
        }
        let piece = self.piece;
        let label = self.label(piece, symbol, code);
        code.bind(label);
        self.sym(symbol).place = Place::Open(piece, label);
        Ok(())
    }

    pub(crate) fn define_local(&mut self, number: u32, code: &mut CodeBuffer) -> Result<(), String> {
        let symbol = self.forward(number);
        self.locals.insert(number, LocalLabel { last: Some(symbol), next: None });
        self.define(symbol, code)
    }

    pub(crate) fn distance(&self, code: &CodeBuffer, from: SymRef, to: SymRef) -> Option<i64> {
        let mark = |symbol: SymRef| match self.syms[symbol.0 as usize].place {
            Place::Open(piece, label) if piece == self.piece => code.label_mark(label),
            _ => None,
        };
        code.distance(mark(from)?, mark(to)?)
    }

    pub(crate) fn fixup(&mut self, piece: usize, at: Mark, field: Field, expr: Expr) {
        let pos = self.pos;
        self.pieces[piece].fixups.push(Fixup { at, field, expr, pos });
    }

    /// Piece `idx` lies in `atom` now: what was counted in its code is counted in the atom.
    pub(crate) fn place(&mut self, idx: usize, code: &CodeBuffer, atom: AtomId) {
        let piece = std::mem::take(&mut self.pieces[idx]);
        for &(symbol, label) in &piece.order {
            if let (Place::Open(of, _), Some(at)) = (self.sym(symbol).place, code.label_place(label))
                && of == idx
            {
                self.sym(symbol).place = Place::Placed(atom, at);
            }
        }
        for Fixup { at, field, expr, pos } in piece.fixups {
            self.fixups.push(Fixup { at: (atom, code.place(at)), field, expr, pos });
        }
    }

    /// Branches of piece `idx` that leave it become fixups.
    pub(crate) fn externalize(
        &mut self,
        idx: usize,
        code: &mut CodeBuffer,
        syntax: &dyn Syntax,
    ) -> Result<(), AsmError> {
        let Tables { syms, pieces, pos, .. } = self;
        let piece = &mut pieces[idx];
        let of_label = |label: Label| piece.order.iter().find(|entry| entry.1 == label).map(|entry| entry.0);
        let is_far = |label: Label| {
            of_label(label)
                .is_some_and(|symbol| matches!(syms[symbol.0 as usize].binding, Some(Binding::Global | Binding::Weak)))
        };
        let far: Vec<_> = code.externalize(is_far).into_iter().map(|far| (far, of_label(far.label))).collect();
        for (far, symbol) in far {
            let pos = *pos;
            let error = |message: &str| AsmError { pos, line: 0, message: message.into() };
            let symbol = symbol.ok_or_else(|| error("a branch goes to a label that is nowhere"))?;
            let reloc = syntax.far_branch(far.row).ok_or_else(|| error("a short branch leaves its section"))?;
            let at = code.mark_after(far.at, reloc.offset);
            let expr = Expr { offset: reloc.addend, ..Expr::symbol(symbol) };
            piece.fixups.push(Fixup { at, field: Field::Kind(reloc.kind), expr, pos });
        }
        Ok(())
    }
}

/// A section of assembly text.
pub(crate) struct Section {
    pub name: Box<[u8]>,
    pub kind: SectionKind,
    pub flags: SectionFlags,
    pub entry_size: u64,
    /// Signature symbol of its COMDAT group.
    pub group: Option<SymRef>,
    pub code: CodeBuffer,
    pub piece: usize,
    /// The unwind rows of its functions: start, end, symbol that names it.
    pub procs: Vec<Proc>,
}

/// A function between `.cfi_startproc` and `.cfi_endproc`.
pub(crate) struct Proc {
    pub start: Mark,
    pub end: Option<Mark>,
    pub pos: Pos,
}

/// What is written to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Target {
    /// The function at hand.
    Home,
    Section(usize),
}

/// See the module's description.
pub struct Assembler {
    pub(crate) syntax: &'static dyn Syntax,
    pub(crate) tables: Tables,
    pub(crate) sections: Vec<Section>,
    pub(crate) current: Target,
    pub(crate) previous: Target,
    pub(crate) stack: Vec<(Target, Target)>,
    /// What the frame address is counted from, and the distance: `.cfi_adjust_cfa_offset` needs it.
    pub(crate) cfa: (u8, i32),
    pub(crate) cfa_stack: Vec<(u8, i32)>,
    /// Inline assembly of the function at hand was seen.
    in_function: bool,
    n_unique: u32,
    /// See [`Emit::mode`].
    mode: u32,
}

impl Assembler {
    pub fn new(syntax: &'static dyn Syntax) -> Assembler {
        Assembler {
            syntax,
            tables: Tables { pieces: vec![Piece::default()], ..Tables::default() },
            sections: Vec::new(),
            current: Target::Home,
            previous: Target::Home,
            stack: Vec::new(),
            cfa: (0, 0),
            cfa_stack: Vec::new(),
            in_function: false,
            n_unique: 0,
            mode: 0,
        }
    }

    /// Nothing was assembled.
    pub fn is_empty(&self) -> bool {
        self.tables.syms.is_empty() && self.sections.is_empty()
    }

    /// A number that no other statement of the unit has (`%=`).
    pub fn unique(&mut self) -> u32 {
        self.n_unique += 1;
        self.n_unique - 1
    }

    /// Makes `name` mean a symbol of the object that has no name of its own.
    pub fn bind_object(&mut self, name: &[u8], object: SymId) {
        let symbol = self.tables.named(name);
        self.tables.sym(symbol).place = Place::Object(object);
    }

    /// Makes `name` mean a label of the function at hand.
    pub fn bind_label(&mut self, name: &[u8], label: Label) {
        let symbol = self.tables.named(name);
        let piece = &mut self.tables.pieces[0];
        if piece.labels.insert(symbol, label).is_none() {
            piece.order.push((symbol, label));
        }
        self.tables.sym(symbol).place = Place::Open(0, label);
    }

    /// Assembles a statement of the function at hand into its code. `cfa` is the register and distance of the frame address there.
    pub fn inline(&mut self, text: &[u8], pos: Pos, code: &mut CodeBuffer, cfa: (u8, i32)) -> Result<(), AsmError> {
        self.in_function = true;
        self.cfa = cfa;
        (self.current, self.previous) = (Target::Home, Target::Home);
        self.assemble(text, pos, Some(code))?;
        if self.current != Target::Home || !self.stack.is_empty() {
            self.stack.clear();
            self.current = Target::Home;
            let message = "an asm statement must end in the section that it begins in".into();
            return Err(AsmError { pos, line: 0, message });
        }
        Ok(())
    }

    /// Assembles text at file level.
    pub fn file(&mut self, text: &[u8], pos: Pos) -> Result<(), AsmError> {
        self.in_function = false;
        self.tables.pos = pos;
        let text_section = directive::standard_section(self, b".text");
        self.current = text_section;
        self.previous = text_section;
        self.assemble(text, pos, None)
    }

    /// Before the code of the function at hand is finished: settles its branches. The alignment that it asks for, in bytes.
    pub fn before_finish(&mut self, code: &mut CodeBuffer) -> Result<u32, AsmError> {
        if !self.in_function {
            return Ok(1);
        }
        let (syntax, align) = (self.syntax, self.tables.pieces[0].align.max(1));
        self.tables.externalize(0, code, syntax)?;
        Ok(align)
    }

    /// The function at hand lies in `atom`.
    pub fn placed(&mut self, code: &CodeBuffer, atom: AtomId) -> Result<(), AsmError> {
        if !std::mem::take(&mut self.in_function) {
            return Ok(());
        }
        self.tables.place(0, code, atom);
        reach(code, self.tables.pos)
    }

    /// The function at hand is not to be.
    pub fn dropped(&mut self) {
        self.in_function = false;
        self.tables.pieces[0] = Piece::default();
    }

    fn assemble(&mut self, text: &[u8], pos: Pos, mut home: Option<&mut CodeBuffer>) -> Result<(), AsmError> {
        self.tables.pos = pos;
        let mut result = Ok(());
        cursor::statements(text, self.syntax.comment(), |line, statement| {
            if result.is_ok() {
                result = self.statement(&mut Cursor::new(statement), home.as_deref_mut()).map_err(|message| AsmError {
                    pos,
                    line,
                    message,
                });
            }
        });
        result
    }

    /// The code that is written and what goes with it.
    pub(crate) fn parts<'a>(&'a mut self, home: Option<&'a mut CodeBuffer>) -> (&'a mut Tables, &'a mut CodeBuffer) {
        match (self.current, home) {
            (Target::Section(at), _) => {
                let section = &mut self.sections[at];
                self.tables.piece = section.piece;
                (&mut self.tables, &mut section.code)
            }
            (Target::Home, Some(code)) => {
                self.tables.piece = 0;
                (&mut self.tables, code)
            }
            (Target::Home, None) => unreachable!("text at file level begins in a section"),
        }
    }

    pub(crate) fn expr(&mut self, line: &mut Cursor, home: Option<&mut CodeBuffer>) -> Result<Expr, String> {
        let (tables, code) = self.parts(home);
        let mut reader = Reader { tables, code };
        let expr = reader.expr(line)?;
        Ok(reader.fold(expr).map_or(expr, Expr::number))
    }

    fn statement(&mut self, line: &mut Cursor, mut home: Option<&mut CodeBuffer>) -> Result<(), String> {
        // Labels first.
        loop {
            let mut ahead = *line;
            if let Some(number) = label_number(&mut ahead) {
                let (tables, code) = self.parts(home.as_deref_mut());
                tables.define_local(number, code)?;
                *line = ahead;
                continue;
            }
            let mut ahead = *line;
            match ahead.word() {
                Some(name) if ahead.peek() == b':' => {
                    ahead.bump();
                    let (tables, code) = self.parts(home.as_deref_mut());
                    let symbol = tables.named(name);
                    tables.define(symbol, code)?;
                    *line = ahead;
                }
                _ => break,
            }
        }
        if line.is_end() {
            return Ok(());
        }
        let mut ahead = *line;
        if let Some(name) = ahead.word() {
            if ahead.peek() == b'=' && ahead.peek_second() != b'=' {
                ahead.bump();
                let symbol = self.tables.named(name);
                return directive::set(self, &mut ahead, home, symbol);
            }
            if name.starts_with(b".") {
                let (syntax, mut mode) = (self.syntax, self.mode);
                let (tables, code) = self.parts(home.as_deref_mut());
                let piece = tables.piece;
                match syntax.directive(name, &mut ahead, &mut Emit { code, mode: &mut mode, tables, piece }) {
                    Some(done) => done?,
                    None => directive::run(self, name, &mut ahead, home)?,
                }
                self.mode = mode;
                return ended(&ahead);
            }
        }
        let (syntax, is_nobits) = (self.syntax, self.is_nobits());
        if is_nobits {
            return Err("attempt to store non-zero value in a section without bytes".into());
        }
        let mut mode = self.mode;
        let (tables, code) = self.parts(home);
        let piece = tables.piece;
        let done = syntax.instruction(line, &mut Emit { code, mode: &mut mode, tables, piece });
        self.mode = mode;
        done?;
        ended(line)
    }

    pub(crate) fn is_in_function(&self) -> bool {
        self.in_function
    }

    pub(crate) fn is_nobits(&self) -> bool {
        matches!(self.current, Target::Section(at) if self.sections[at].kind == SectionKind::Nobits)
    }
}

fn ended(line: &Cursor) -> Result<(), String> {
    if line.is_end() { Ok(()) } else { Err(format!("junk at end of line: ‘{}’", line.shown())) }
}

pub(crate) fn reach(code: &CodeBuffer, pos: Pos) -> Result<(), AsmError> {
    match code.unreached() {
        None => Ok(()),
        Some(_) => Err(AsmError { pos, line: 0, message: "a short branch does not reach its label".into() }),
    }
}

/// `1:`
fn label_number(line: &mut Cursor) -> Option<u32> {
    let rest = line.rest();
    let len = rest.iter().position(|b| !b.is_ascii_digit())?;
    let text = std::str::from_utf8(&rest[..len]).ok()?;
    let number = text.parse().ok()?;
    line.skip(len);
    line.eat(b':').then_some(number)
}
