//! Assembly text of x86-64, in AT&T's and in Intel's syntax: the facet. A statement is a name with prefixes, operands
//! (`syntax_att`, `syntax_intel`), a row that fits ([`crate::choose`]), and its encoding ([`crate::encode_isa`]). Rows are those
//! of [`crate::isa`], found by name through [`crate::rows`] and [`crate::mnemonics`].
//!
//! Of equal encodings the one is taken that GNU as takes. Nothing here allocates, but for messages.

use crate::choose::{self, Choice, Wish};
use crate::encode::{BRANCHES, CALL, CALL16, JCC, JCC16, JMP, JMP16, NARROW, SHORT};
use crate::features::{self, Mask};
use crate::isa::{self, ModRm};
use crate::mnemonics::{self, How, Prefix};
use crate::operand::{Distance, Mem, Stmt, Word};
use crate::options::{self, Bits};
use crate::relocs;
use crate::rows::{self, BRANCH, Found, kind};
use crate::syntax_special as special;
use crate::{careful, encode_isa, nops, older, rewrite, syntax_att, syntax_intel};
use asm::{Cursor, Emit, Expr, FarBranch, Keep, Note, Syntax};
use mc::buffer::BranchRow;
use mc::relax::Filler;
use target::RelocKind;

/// The facet; it begins in AT&T's syntax.
pub struct AttSyntax;

/// Bits of [`Emit::mode`].
pub mod mode {
    pub const INTEL: u32 = 1;
    /// Registers stand without `%`.
    pub const NAKED: u32 = 2;
    pub const CODE32: u32 = 4;
    pub const CODE16: u32 = 8;
    /// `fsub` and its like as Intel names them, also in AT&T's syntax.
    pub const INTEL_MNEMONICS: u32 = 16;
    /// Relocations through the global offset table are not marked for relaxation (`-mrelax-relocations=no`).
    pub const NO_RELAX: u32 = 32;
    /// `riz` and `eiz` are registers.
    pub const INDEX_REGISTERS: u32 = 64;
    /// Options or `.arch` ask for more than the usual way of a statement ([`crate::options`]).
    pub const CAREFUL: u32 = 128;
}

/// Longest name, with its letter.
const MAX_NAME: usize = 24;

/// What may stand in a name, in small letters; 0 for the rest.
static SMALL: [u8; 256] = {
    let mut small = crate::operand::SMALL;
    small[b'.' as usize] = b'.';
    small[b'_' as usize] = b'_';
    small[b'-' as usize] = b'-';
    small
};

/// A name, in small letters, with its hash.
struct Name {
    bytes: [u8; MAX_NAME],
    len: usize,
    hash: u32,
    /// Without the last letter.
    before: u32,
}

impl Name {
    #[inline]
    fn take(line: &mut Cursor) -> Name {
        let mut name = Name { bytes: [0; MAX_NAME], len: 0, hash: 0, before: 0 };
        let mut len = 0;
        for &byte in line.rest() {
            let byte = SMALL[usize::from(byte)];
            if byte == 0 {
                break;
            }
            if let Some(spot) = name.bytes.get_mut(len) {
                *spot = byte;
            }
            name.before = name.hash;
            name.hash = rows::hash_byte(name.hash, byte);
            len += 1;
        }
        name.len = len.min(MAX_NAME);
        line.skip(len);
        name
    }

    fn of(text: &[u8]) -> Name {
        Name::take(&mut Cursor::new(text))
    }

    #[inline]
    fn text(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    fn shown(&self) -> String {
        String::from_utf8_lossy(self.text()).into_owned()
    }
}

/// What a statement is assembled by, beside its operands.
struct Context {
    mode: u32,
    /// Width of code in bytes.
    code: u8,
    /// See [`Wish`].
    bits: Bits,
    off: Mask,
}

impl Context {
    fn is_intel(&self) -> bool {
        self.mode & mode::INTEL != 0
    }

    fn wish(&self, how: How, suffix: u8) -> Wish {
        Wish { how, suffix, code: self.code, intel: self.is_intel(), bits: self.bits, off: self.off }
    }
}

/// Writes what was chosen.
fn put(choice: &Choice, stmt: &Stmt, wish: &Wish, context: &Context, emit: &mut Emit) -> Result<(), String> {
    let given = &stmt.prefixes;
    if given.lock || given.repeat != 0 || given.data || given.no_track {
        careful::check_prefixes(choice, stmt)?;
    }
    if choice.row.traits & BRANCH != 0 {
        return branch(choice, stmt, wish, emit);
    }
    let enc = &choice.row.enc;
    let is_breakpoint = enc.map == 0 && enc.opcode == 0xcd && enc.modrm == ModRm::None && stmt.n_imms == 1;
    if is_breakpoint && stmt.imms[0].constant() == Some(3) {
        emit.code.put(0xcc, 1);
        return Ok(());
    }
    encode_isa::write(choice, stmt, wish, context.mode & mode::NO_RELAX == 0, emit)
}

/// Tries the rows of a name.
#[inline]
fn attempt(found: Found, suffix: u8, stmt: &mut Stmt, context: &Context, emit: &mut Emit) -> Result<bool, String> {
    let how = if stmt.distance == Distance::Far { How::Far } else { found.how };
    let mut wish = context.wish(how, suffix);
    let Some(mut choice) = choose::choose(found.first, stmt, &wish)? else { return Ok(false) };
    let is_told = stmt.told_memory || suffix != 0 || choice.row.traits & rows::TOLD == 0;
    if context.is_intel() && stmt.n_mems != 0 && !is_told && found.how == How::Same {
        return Err(format!("ambiguous operand size for ‘{}’", rows::row_name(found.first)));
    }
    if stmt.n_mems != 0 && stmt.word == 0 && choose::is_unsaid(&choice, stmt, &wish) {
        unsaid(rows::row_name(found.first), context, emit)?;
    }
    // `lgdtl` in code of 16 bits takes the whole base.
    if context.code == 2 && suffix == b'l' && choice.row.flags & isa::FORCE64 != 0 {
        stmt.prefixes.data = true;
    }
    match found.how {
        How::Wait => stmt.prefixes.wait = true,
        How::Count(2) if context.code == 8 => return Ok(false),
        How::Count(bytes) if bytes != context.code => stmt.prefixes.address = true,
        _ => {}
    }
    if context.mode & mode::CAREFUL != 0 {
        choice = rewrite::rewritten(choice, stmt, &mut wish)?;
    }
    if choice.row.traits & rows::CHECKED != 0 {
        if choose::is_open_beside(choice.row, stmt, &wish) {
            if choose::is_of_port(choice.row) {
                choice.size = context.code.min(4);
            }
            if !stmt.prefixes.says_size() {
                unsaid(rows::row_name(found.first), context, emit)?;
            }
        }
        careful::check_operands(&choice, stmt, &wish, emit)?;
    }
    if context.mode & mode::CAREFUL != 0 && careful::look(&choice, stmt, &wish, emit)? {
        return Ok(true);
    }
    put(&choice, stmt, &wish, context, emit)?;
    Ok(true)
}

/// In Intel's syntax the size of memory must be said; in AT&T's it is that of the code.
#[cold]
fn unsaid(name: &str, context: &Context, emit: &mut Emit) -> Result<(), String> {
    if context.is_intel() {
        return Err(format!("ambiguous operand size for ‘{name}’"));
    }
    let what = "no instruction mnemonic suffix given and no register operands";
    match context.bits.get(options::OPERAND_CHECK) {
        0 => emit.warn(format!("{what}; using default for ‘{name}’")),
        1 => {}
        _ => return Err(format!("{what}; can't size ‘{name}’")),
    }
    Ok(())
}

/// The letter of a size at the end of a name, as AT&T writes it.
#[inline]
fn suffix_of(letter: u8, intel: bool) -> u8 {
    match letter {
        b'b' | b'w' | b'q' => letter,
        b'd' if intel => b'l',
        b'l' | b's' | b'x' | b'y' | b'z' if !intel => letter,
        _ => 0,
    }
}

/// Finds the row of a statement whose operands are gathered, and writes it.
fn assemble(
    name: &Name,
    whole: Option<Found>,
    stmt: &mut Stmt,
    context: &Context,
    emit: &mut Emit,
) -> Result<(), String> {
    if stmt.ops[0].kind == kind::ST
        && !context.is_intel()
        && context.mode & mode::INTEL_MNEMONICS == 0
        && let Some(found) = special::turned_around(name.text(), stmt)
    {
        return finish(attempt(found, 0, stmt, context, emit)?, name, stmt, context);
    }
    if let Some(found) = whole
        && attempt(found, 0, stmt, context, emit)?
    {
        return Ok(());
    }
    let (stem, letter) = match name.text() {
        [stem @ .., last] => (stem, suffix_of(*last, context.is_intel())),
        [] => (&[][..], 0),
    };
    let short = if letter == 0 { None } else { rows::lookup(stem, name.before) };
    if let Some(found) = short
        && attempt(found, letter, stmt, context, emit)?
    {
        if whole.is_some() && stmt.n_mems != 0 {
            // GNU as reads the operands anew for the other instruction of this name (`movq`).
            emit.looked_up(&stmt.mems[0].disp, usize::MAX);
        }
        return Ok(());
    }
    rare(name, whole, short.map(|found| (found, letter)), stmt, context, emit)
}

fn finish(done: bool, name: &Name, stmt: &Stmt, context: &Context) -> Result<(), String> {
    if done { Ok(()) } else { Err(mismatch(name, None, stmt, context)) }
}

/// What is left when no row fits as the statement stands: names that hold an immediate, second names, operands that are
/// left out or exchanged.
#[cold]
#[inline(never)]
fn rare(
    name: &Name,
    whole: Option<Found>,
    short: Option<(Found, u8)>,
    stmt: &mut Stmt,
    context: &Context,
    emit: &mut Emit,
) -> Result<(), String> {
    if stmt.n == crate::operand::MAX_OPERANDS {
        special::take_fifth(name.text(), stmt)?;
        stmt.gather();
        return assemble(name, whole, stmt, context, emit);
    }
    if let Some((found, b'w')) = short
        && special::is_short_branch(found, stmt)
    {
        if rows::row(found.first).is_none_or(|row| row.enc.opcode != 0xe8) {
            return Err(format!("invalid instruction suffix for ‘{}’", rows::row_name(found.first)));
        }
        stmt.prefixes.data = context.code != 2;
        return finish(attempt(found, 0, stmt, context, emit)?, name, stmt, context);
    }
    let mut plain = [0; 16];
    if let Some((len, imm)) = mnemonics::pseudo(name.text(), &mut plain)
        && let Some(found) = rows::named(&plain[..len])
    {
        stmt.push_imm(Expr::number(i64::from(imm)))?;
        stmt.is_predicate = true;
        stmt.gather();
        return finish(attempt(found, 0, stmt, context, emit)?, name, stmt, context);
    }
    if whole.is_none() && short.is_none() {
        // `clr` is `xor` of the register with itself.
        if let [b'c', b'l', b'r', letter @ ..] = name.text()
            && stmt.n == 1
            && letter.len() <= 1
        {
            stmt.push(stmt.ops[0])?;
            stmt.gather();
            let name = Name::of(&[b"xor", letter].concat());
            let whole = rows::lookup(name.text(), name.hash);
            return assemble(&name, whole, stmt, context, emit);
        }
        if let Some(len) = special::forced(name.text(), stmt) {
            let name = Name::of(&name.text()[..len]);
            let whole = rows::lookup(name.text(), name.hash);
            return assemble(&name, whole, stmt, context, emit);
        }
        if context.code == 8 && older::is_older(name.text()) {
            return Err(format!("‘{}’ is not supported in 64-bit mode", name.shown()));
        }
        return Err(format!("no such instruction: ‘{}’", name.shown()));
    }
    if let Some(found) = whole
        && context.is_intel()
        && stmt.n == 1
        && stmt.n_imms == 1
        && rows::row(found.first).is_some_and(|row| row.traits & BRANCH != 0)
    {
        // A branch to an address.
        let to = stmt.imms[0];
        (stmt.n, stmt.n_imms) = (0, 0);
        stmt.push_mem(Mem { disp: to, ..Mem::NOWHERE }, 0)?;
        stmt.gather();
        return finish(attempt(found, 0, stmt, context, emit)?, name, stmt, context);
    }
    if let Some((_, second)) = mnemonics::SECOND.iter().find(|row| row.0.as_bytes() == name.text())
        && let Some(found) = rows::named(second.as_bytes())
        && attempt(found, 0, stmt, context, emit)?
    {
        return Ok(());
    }
    // Without operands these are no moves and comparisons of doubles.
    let strings = match name.text() {
        b"movsd" if stmt.n == 0 => rows::named(b"movs"),
        b"cmpsd" if stmt.n == 0 => rows::named(b"cmps"),
        _ => None,
    };
    let strings = strings.map(|found| (found, b'l'));
    for (found, letter) in strings.into_iter().chain(whole.map(|found| (found, 0))).chain(short) {
        if found.first == 0 {
            continue;
        }
        let mut changed = *stmt;
        if !special::complete(rows::row_name(found.first), letter, &mut changed, (context.code, context.is_intel()))? {
            continue;
        }
        changed.rare.is_completed = true;
        let name = rows::row_name(found.first);
        if letter == 0 && matches!(name, "in" | "out") && !changed.prefixes.says_size() {
            unsaid(name, context, emit)?;
        }
        changed.gather();
        let attempted =
            if changed.ops[0].kind == kind::ST && !context.is_intel() && context.mode & mode::INTEL_MNEMONICS == 0 {
                special::turned_around(rows::row_name(found.first).as_bytes(), &changed).unwrap_or(found)
            } else {
                found
            };
        if attempt(attempted, letter, &mut changed, context, emit)? {
            return Ok(());
        }
    }
    if special::shorten(stmt, short.map_or(0, |short| short.1), context.code, emit) {
        let again = whole.map(|found| (found, 0)).into_iter().chain(short);
        for (found, letter) in again {
            if attempt(found, letter, stmt, context, emit)? {
                return Ok(());
            }
        }
    }
    Err(mismatch(name, whole.or(short.map(|short| short.0)), stmt, context))
}

/// In GNU as's words.
fn mismatch(name: &Name, found: Option<Found>, stmt: &Stmt, _: &Context) -> String {
    let mut number = found.map_or(0, |found| found.first);
    let (mut same_number, mut same_types) = (false, false);
    while let Some(row) = rows::row(number) {
        number = row.next;
        same_number |= usize::from(row.n_ops) == stmt.n;
        let general = |kinds: u16| if kinds & kind::GPR != 0 { kinds | kind::GPR } else { kinds };
        let vector = |kinds: u16| if kinds & kind::VEC != 0 { kinds | kind::VEC } else { kinds };
        same_types |= (0..rows::MAX_OPS).all(|at| {
            let wanted = (row.sig >> (16 * at)) as u16;
            let have = (stmt.have >> (16 * at)) as u16;
            have & vector(general(wanted)) != 0
        });
    }
    let what = match (same_number, same_types) {
        (false, _) => "number of operands mismatch",
        (true, true) if stmt.n_imms == 0 || stmt.word != 0 => "operand size mismatch",
        (true, _) => "operand type mismatch",
    };
    format!("{what} for ‘{}’", name.shown())
}

/// The branch of the code buffer that a row is, and its condition, if it has a form that reaches everywhere.
#[inline]
fn near(row: &rows::Row) -> Option<(u8, u8)> {
    match (row.enc.map, row.enc.opcode) {
        _ if row.traits & BRANCH == 0 => None,
        (0, 0xe8) => Some((CALL, 0)),
        (0, 0xe9 | 0xeb) => Some((JMP, 0)),
        (0, opcode @ 0x70..=0x7f) | (1, opcode @ 0x80..=0x8f) => Some((JCC, opcode & 15)),
        _ => None,
    }
}

/// Most branches by far: to a symbol, in code of 64 bits, without anything else. False for others, of which nothing was taken.
#[inline]
fn plain_branch(found: Found, line: &mut Cursor, emit: &mut Emit) -> Result<bool, String> {
    let len = line.name_len();
    let is_alone = line.rest().get(len..).is_some_and(|rest| rest.is_empty() || rest.eq_ignore_ascii_case(b"@plt"));
    if len == 0 || found.how != How::Same || !is_alone {
        return Ok(false);
    }
    let Some((row, aux)) = rows::row(found.first).and_then(near) else { return Ok(false) };
    let (before, known) = (*line, emit.n_symbols());
    let to = emit.expr(line)?;
    emit.looked_up(&to, known);
    let is_symbol = line.is_end() && to.plus.is_some() && to.minus.is_none();
    if is_symbol && matches!(emit.modifier(&to), "" | "plt") {
        emit.branch(row, aux, &to)?;
        return Ok(true);
    }
    *line = before;
    Ok(false)
}

/// Branches relax in the code buffer, where they go to a label or a symbol.
fn branch(choice: &Choice, stmt: &Stmt, wish: &Wish, emit: &mut Emit) -> Result<(), String> {
    let enc = &choice.row.enc;
    let Some(operand) = stmt.ops[..stmt.n].iter().find(|operand| operand.kind == kind::MEM) else {
        return Err("a branch goes to one place".into());
    };
    let to = stmt.mem(operand).disp;
    let given = &stmt.prefixes;
    // Of Intel's processors the prefix has no effect in code of 64 bits.
    let is_xbegin = (enc.map, enc.opcode) == (0, 0xc7);
    let has_effect = is_xbegin || wish.code != 8 || wish.bits.get(options::ISA64) != options::INTEL64;
    let (is_short, is_other) = match wish.code {
        8 => {
            let is_short = (choice.size == 2 || given.data && given.rex & 8 == 0) && has_effect;
            (is_short, given.data || is_short)
        }
        code => {
            let said = match wish.suffix {
                b'w' => true,
                b'l' => false,
                _ => code == 2,
            };
            let is_short = said != given.data;
            (is_short, is_short != (code == 2))
        }
    };
    let (row, aux) = near(choice.row).unwrap_or((SHORT, enc.opcode));
    // Of prefixes, only these have a meaning before a branch; GNU as leaves out the others.
    let is_far = is_xbegin || row == CALL;
    let takes_segment = given.segment == 0 || !is_far && matches!(given.segment, 0x2e | 0x3e);
    let takes_address = row == SHORT && !is_xbegin;
    if !takes_segment || given.address && !takes_address {
        emit.warn(format!("skipping prefixes on ‘{}’", rows::name_of(choice.row)));
    }
    let code = [
        if takes_segment { given.segment } else { 0 },
        if given.address && takes_address { 0x67 } else { 0 },
        if is_other { 0x66 } else { 0 },
        given.repeat,
        given.rex,
    ];
    for byte in code {
        if byte != 0 {
            emit.code.put(u64::from(byte), 1);
        }
    }
    if is_xbegin {
        emit.code.put(0xf8c7, 2);
        distant(&to, is_short, emit);
        return Ok(());
    }
    let is_narrow = is_short && row != SHORT;
    // A number is no place of this code either; what relaxes is relocated behind everything else.
    let is_number = to.constant().is_some() && matches!(row, JMP | JCC) && emit.is_file_text();
    // Code of 64 bits has no branch of 16 bits that may be short.
    let is_label = (to.plus.is_some() || is_number) && to.minus.is_none() && !(is_narrow && wish.code == 8);
    if is_label && (stmt.asked.disp != 4 || row == SHORT) && matches!(emit.modifier(&to), "" | "plt") {
        return emit.branch(if is_narrow { row + NARROW } else { row }, aux, &to);
    }
    if row == SHORT || to.minus.is_some() {
        return Err("a branch needs a symbol to go to".into());
    }
    // Beside a symbol: always the long form.
    match row {
        JMP => emit.code.put(0xe9, 1),
        CALL => emit.code.put(0xe8, 1),
        _ => emit.code.put(0x800f | u64::from(aux) << 8, 2),
    }
    match emit.modifier(&to) {
        "" | "plt" => distant(&to, is_short, emit),
        modifier => {
            let kind = encode_isa::modified(modifier, false)?;
            let at = emit.code.mark();
            emit.code.put(0, 4);
            emit.fixup(at, kind, &to, -4);
        }
    }
    Ok(())
}

/// The field of a branch: through a procedure linkage table to a symbol, directly to a number, or of 16 bits.
fn distant(to: &Expr, is_short: bool, emit: &mut Emit) {
    let at = emit.code.mark();
    let (kind, len) = match (is_short, to.plus) {
        (true, _) => (relocs::R_X86_64_PC16, 2),
        (false, Some(_)) => (relocs::R_X86_64_PLT32, 4),
        (false, None) => (relocs::R_X86_64_PC32, 4),
    };
    emit.code.put(0, len);
    emit.fixup(at, kind, to, -(len as i64));
}

/// Takes a prefix; an error where there is one of its kind already.
fn take_prefix(stmt: &mut Stmt, prefix: Prefix) -> Result<(), String> {
    let given = &mut stmt.prefixes;
    let twice = match prefix {
        Prefix::Lock => std::mem::replace(&mut given.lock, true),
        Prefix::Repeat(byte) => std::mem::replace(&mut given.repeat, byte) != 0,
        Prefix::Hle(byte) => {
            given.word = Word::Hle;
            std::mem::replace(&mut given.repeat, byte) != 0
        }
        Prefix::Bnd => {
            given.word = Word::Bnd;
            std::mem::replace(&mut given.repeat, 0xf2) != 0
        }
        Prefix::NoTrack => {
            given.no_track = true;
            std::mem::replace(&mut given.segment, 0x3e) != 0
        }
        Prefix::Segment(byte) => std::mem::replace(&mut given.segment, byte) != 0,
        Prefix::Data => std::mem::replace(&mut given.data, true),
        Prefix::Address => std::mem::replace(&mut given.address, true),
        Prefix::Rex(byte) => std::mem::replace(&mut given.rex, byte) != 0,
        Prefix::Wait => std::mem::replace(&mut given.wait, true),
    };
    if twice { Err("same type of prefix used twice".into()) } else { Ok(()) }
}

/// Nothing but prefixes: they stand before the next statement's instruction.
fn put_prefixes(stmt: &Stmt, emit: &mut Emit) {
    let given = &stmt.prefixes;
    let bytes = [
        if given.wait { 0x9b } else { 0 },
        given.segment,
        if given.address { 0x67 } else { 0 },
        if given.data { 0x66 } else { 0 },
        given.repeat,
        if given.lock { 0xf0 } else { 0 },
        given.rex,
    ];
    for byte in bytes {
        if byte != 0 {
            emit.code.put(u64::from(byte), 1);
        }
    }
}

/// `{vex3}` and its like.
#[cold]
fn pseudo_prefix(stmt: &mut Stmt, line: &mut Cursor) -> Result<(), String> {
    line.bump();
    let word = Name::take(line);
    match word.text() {
        b"vex" | b"vex2" => stmt.asked.space = 2,
        b"vex3" => stmt.asked.space = 3,
        b"evex" => stmt.asked.space = 4,
        b"disp8" => stmt.asked.disp = 1,
        b"disp16" => stmt.asked.disp = 2,
        b"disp32" => stmt.asked.disp = 4,
        b"load" => stmt.asked.direction = 1,
        b"store" => stmt.asked.direction = 2,
        b"rex" => stmt.asked.rex = true,
        b"nooptimize" => stmt.asked.as_is = true,
        _ => return Err(format!("no such instruction: ‘{{{}}}’", word.shown())),
    }
    line.expect(b'}')
}

/// `,pt` and `,pn` behind the name of a branch.
#[cold]
fn hint(stmt: &mut Stmt, line: &mut Cursor) -> Result<(), String> {
    line.bump();
    let word = Name::take(line);
    stmt.prefixes.segment = match word.text() {
        b"pt" => 0x3e,
        b"pn" => 0x2e,
        _ => return Err(format!("expecting mnemonic; got ‘,{}’", word.shown())),
    };
    Ok(())
}

fn instruction(line: &mut Cursor, emit: &mut Emit) -> Result<(), String> {
    let mode = *emit.mode;
    let (bits, off) = if mode & mode::CAREFUL != 0 {
        (options::bits(emit.keep), options::off(emit.keep))
    } else {
        (Bits(0), Mask::NONE)
    };
    let context = Context {
        mode,
        bits,
        off,
        code: if mode & mode::CODE32 != 0 {
            4
        } else if mode & mode::CODE16 != 0 {
            2
        } else {
            8
        },
    };
    if mode & mode::CAREFUL != 0 {
        emit.only_once();
    }
    let mut stmt = Stmt::EMPTY;
    let mut is_plain = true;
    let (name, whole) = loop {
        if line.peek() == b'{' {
            pseudo_prefix(&mut stmt, line)?;
            is_plain = false;
            continue;
        }
        let name = Name::take(line);
        if name.len == 0 {
            return Err(format!("expected an instruction before ‘{}’", line.shown()));
        }
        let found = rows::lookup(name.text(), name.hash);
        if let Some(found) = found
            && mode & (mode::INTEL | mode::NAKED | mode::CODE32 | mode::CODE16 | mode::CAREFUL) == 0
            && is_plain
            && plain_branch(found, line, emit)?
        {
            return Ok(());
        }
        is_plain = false;
        match found {
            Some(Found { how: How::Prefix(prefix), .. }) => take_prefix(&mut stmt, prefix)?,
            whole => break (name, whole),
        }
        if line.peek() == b',' || line.peek() == b'/' {
            line.bump();
        }
        if line.is_end() {
            put_prefixes(&stmt, emit);
            return Ok(());
        }
    };
    if line.peek() == b',' {
        hint(&mut stmt, line)?;
    }
    if context.is_intel() {
        syntax_intel::operands(&mut stmt, line, emit, mode & mode::NAKED != 0)?;
    } else {
        syntax_att::operands(&mut stmt, line, emit, mode & mode::NAKED != 0)?;
    }
    stmt.gather();
    if stmt.n_imms != 0 && stmt.imms[0].plus.is_some() {
        let modifier = emit.modifier(&stmt.imms[0]);
        stmt.is_wide = encode_isa::is_wide(modifier);
        stmt.may_be_wide = modifier == "size";
    }
    if context.code != 8 {
        careful::check_narrow(&stmt)?;
        if !stmt.star && older::assemble(name.text(), &stmt, context.code, emit)? {
            return Ok(());
        }
    }
    if stmt.star || context.is_intel() && stmt.indirect {
        // Not the place itself: rows of direct branches do not fit.
        stmt.indirect = true;
        if stmt.rare.is_port && !special::takes_port(name.text()) {
            return Err(format!("input/output port address isn't allowed with ‘{}’", name.shown()));
        }
        if emit.modifier(&stmt.mems[0].disp) == "tlscall" {
            let at = emit.code.mark();
            let to = std::mem::replace(&mut stmt.mems[0].disp, Expr::ZERO);
            assemble(&name, whole, &mut stmt, &context, emit)?;
            emit.fixup(at, relocs::R_X86_64_TLSDESC_CALL, &to, 0);
            return Ok(());
        }
    }
    assemble(&name, whole, &mut stmt, &context, emit)
}

fn set_mode(emit: &mut Emit, clear: u32, set: u32) {
    *emit.mode = *emit.mode & !clear | set;
}

/// `prefix` or `noprefix` behind `.intel_syntax` and `.att_syntax`.
fn set_syntax(line: &mut Cursor, emit: &mut Emit, intel: bool) -> Result<(), String> {
    let naked = match line.word() {
        None => intel,
        Some(b"prefix") => false,
        Some(b"noprefix") => true,
        Some(word) => return Err(format!("bad argument to syntax directive: ‘{}’", String::from_utf8_lossy(word))),
    };
    let bits = if intel { mode::INTEL } else { 0 } | if naked { mode::NAKED } else { 0 };
    set_mode(emit, mode::INTEL | mode::NAKED, bits);
    Ok(())
}

/// A word to the next blank or comma.
fn argument(line: &mut Cursor) -> String {
    let text = line.run(|byte| !byte.is_ascii_whitespace() && byte != b',');
    String::from_utf8_lossy(text).into_owned()
}

/// `.arch NAME[, jumps]`
fn arch(line: &mut Cursor, emit: &mut Emit) -> Result<(), String> {
    let name = argument(line);
    features::arch(&name, emit.keep, emit.mode)?;
    if line.eat(b',') && !matches!(argument(line).as_str(), "jumps" | "nojumps") {
        return Err("no such architecture modifier".into());
    }
    Ok(())
}

/// `.sse_check` and `.operand_check`
fn check(name: &str, line: &mut Cursor, emit: &mut Emit) -> Result<(), String> {
    let value = argument(line);
    options::check(name, &value, emit.keep, emit.mode)
}

impl Syntax for AttSyntax {
    fn branches(&self) -> &'static [BranchRow] {
        BRANCHES
    }

    fn comment(&self) -> u8 {
        b'#'
    }

    fn instruction(&self, line: &mut Cursor<'_>, emit: &mut Emit<'_>) -> Result<(), String> {
        instruction(line, emit)
    }

    fn directive(&self, name: &[u8], line: &mut Cursor<'_>, emit: &mut Emit<'_>) -> Option<Result<(), String>> {
        let widths = mode::CODE32 | mode::CODE16;
        match name {
            b".intel_syntax" => return Some(set_syntax(line, emit, true)),
            b".att_syntax" => return Some(set_syntax(line, emit, false)),
            b".intel_mnemonic" => set_mode(emit, 0, mode::INTEL_MNEMONICS),
            b".att_mnemonic" => set_mode(emit, mode::INTEL_MNEMONICS, 0),
            b".code64" => set_mode(emit, widths, 0),
            b".code32" => set_mode(emit, widths, mode::CODE32),
            b".code16" => set_mode(emit, widths, mode::CODE16),
            b".code16gcc" => return Some(Err("‘.code16gcc’ is not supported".into())),
            b".arch" => return Some(arch(line, emit)),
            b".operand_check" => return Some(check("operand-check", line, emit)),
            b".sse_check" => return Some(check("sse-check", line, emit)),
            b".allow_index_reg" => set_mode(emit, 0, mode::INDEX_REGISTERS),
            b".disallow_index_reg" => set_mode(emit, mode::INDEX_REGISTERS, 0),
            _ => return None,
        }
        Some(Ok(()))
    }

    fn begin(&self, _: u8, mode: u32) -> u32 {
        mode | mode::INTEL | mode::NAKED
    }

    fn option(&self, option: &str, mode: &mut u32, keep: &mut Keep) -> Option<Result<(), String>> {
        options::take(option, mode, keep)
    }

    fn note(&self, keep: &Keep) -> Option<Note> {
        careful::note(keep)
    }

    fn nops(&self) -> Filler {
        nops::fill
    }

    fn nop_style(&self, keep: &Keep) -> u8 {
        nops::style(keep)
    }

    fn changes_nops(&self, mode: u32, keep: &Keep) -> bool {
        mode & mode::CODE16 != 0 || features::is_tuned_old(keep).is_some()
    }

    fn final_nop_style(&self, style: u8, mode: u32, keep: &Keep) -> u8 {
        nops::final_style(style, mode, keep)
    }

    fn longest_nop(&self, style: u8) -> u8 {
        nops::longest(style)
    }

    fn data_reloc(&self, size: u8, relative: bool) -> Option<RelocKind> {
        Some(match (size, relative) {
            (1, false) => relocs::R_X86_64_8,
            (2, false) => relocs::R_X86_64_16,
            (4, false) => relocs::R_X86_64_32,
            (8, false) => relocs::R_X86_64_64,
            (1, true) => relocs::R_X86_64_PC8,
            (2, true) => relocs::R_X86_64_PC16,
            (4, true) => relocs::R_X86_64_PC32,
            (8, true) => relocs::R_X86_64_PC64,
            _ => return None,
        })
    }

    fn signed_reloc(&self, size: u8) -> Option<RelocKind> {
        if size == 4 { Some(relocs::R_X86_64_32S) } else { self.data_reloc(size, false) }
    }

    fn modified_reloc(&self, modifier: &str, size: u8) -> Option<RelocKind> {
        let is_wide = match size {
            4 => false,
            8 => true,
            _ => return None,
        };
        encode_isa::modified(modifier, is_wide).ok()
    }

    fn far_branch(&self, row: u8) -> Option<FarBranch> {
        let offset = match row {
            JMP | CALL => 1,
            JCC => 2,
            JMP16 | CALL16 => {
                let kind = relocs::R_X86_64_PC16;
                return Some(FarBranch { kind, beyond: kind, offset: 1, addend: -2 });
            }
            JCC16 => {
                let kind = relocs::R_X86_64_PC16;
                return Some(FarBranch { kind, beyond: kind, offset: 2, addend: -2 });
            }
            _ => {
                let kind = relocs::R_X86_64_PC8;
                return Some(FarBranch { kind, beyond: kind, offset: 1, addend: -1 });
            }
        };
        Some(FarBranch { kind: relocs::R_X86_64_PLT32, beyond: relocs::R_X86_64_PC32, offset, addend: -4 })
    }

    fn dwarf_register(&self, name: &[u8]) -> Option<u8> {
        let name = std::str::from_utf8(name).ok()?;
        crate::DWARF_REGS.iter().position(|known| !known.is_empty() && *known == name).map(|at| at as u8)
    }

    fn is_register(&self, name: &[u8]) -> bool {
        crate::operand::register(name).is_some()
    }

    fn has_naked_registers(&self, mode: u32) -> bool {
        mode & mode::NAKED != 0
    }

    fn has_words(&self, mode: u32) -> bool {
        mode & mode::INTEL != 0
    }

    fn word(&self, name: &[u8], mode: u32) -> Option<asm::Word> {
        syntax_intel::word_of(name, mode)
    }

    fn initial_cfa(&self) -> (u8, i32) {
        (7, 8)
    }

    fn initial_unwind(&self) -> &'static [mc::rows::UnwindOp] {
        crate::unwind::INITIAL
    }

    fn line_comments(&self) -> &'static [u8] {
        b"#/"
    }

    fn brings(&self, modifier: &str) -> Option<&'static [u8]> {
        let needs_table = !matches!(modifier, "plt" | "size");
        needs_table.then_some(b"_GLOBAL_OFFSET_TABLE_")
    }

    fn named_reloc(&self, name: &[u8], kind: RelocKind) -> RelocKind {
        match kind {
            _ if name != b"_GLOBAL_OFFSET_TABLE_" => kind,
            relocs::R_X86_64_PC32 | relocs::R_X86_64_32 | relocs::R_X86_64_32S => relocs::R_X86_64_GOTPC32,
            relocs::R_X86_64_PC64 | relocs::R_X86_64_64 => relocs::R_X86_64_GOTPC64,
            _ => kind,
        }
    }
}
