//! Directives that make bytes: numbers, strings, space, alignment (gas manual, chapter 7).

use crate::cursor::Cursor;
use crate::directive::{Outcome, number, symbol};
use crate::expr::Expr;
use crate::float;
use crate::symbols::{FINAL, Field, HOME, Loc, Place, VERSION, WEAKREF};
use crate::unit::Assembler;
use mc::relax::{Fill, Spot, SpotKind};
use obj::{Binding, SymbolKind};

/// Sizes are bounded: text of a few bytes must not ask for gigabytes.
const MAX_SPACE: u64 = 1 << 28;
/// Of what has no bytes, in pieces of less than [`HUGE`].
const MAX_NOBITS: u64 = u32::MAX as u64 / 2;
/// From here on what has no bytes is counted in units of so many, which are multiples of usual alignments.
const HUGE: u64 = 1 << 21;
/// The same of every alignment.
const MOST_ALIGN: u64 = 1 << 31;
/// Space up to this is written at once.
const SMALL: u64 = 64;

/// A spot whose length depends on places.
pub(crate) struct Asked {
    pub piece: u32,
    pub spot: u32,
    pub what: Ask,
    pub expr: Expr,
    pub loc: Loc,
}

/// What the expression of such a spot is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Ask {
    /// How often so many bytes are there.
    Times(u8),
    /// How many bytes do nothing, each instruction with at most so many.
    Nops(u8),
    /// Where the spot ends.
    Org,
    Unsigned,
    Signed,
    /// How far a frame table goes on.
    Advance,
}

impl Assembler {
    /// Bytes into the current section.
    pub(crate) fn put_bytes(&mut self, bytes: &[u8]) -> Outcome {
        let piece = &mut self.pieces[self.tables.piece as usize];
        if piece.is_nobits && bytes.iter().any(|&b| b != 0) {
            return Err(self.no_bytes());
        }
        self.more_bytes(bytes.len() as u64)?;
        self.pieces[self.tables.piece as usize].code.put_bytes(bytes);
        Ok(())
    }

    /// Counts what is asked for.
    fn more_bytes(&mut self, n: u64) -> Outcome {
        let piece = &mut self.pieces[self.tables.piece as usize];
        if piece.is_nobits {
            let sum = piece.n_zeros + n;
            if sum > MAX_NOBITS {
                return Err("a section is too large".into());
            }
            piece.n_zeros = sum;
            return Ok(());
        }
        self.n_bytes_asked += n;
        if self.n_bytes_asked > MAX_SPACE * 4 || n > MAX_SPACE {
            return Err("too many bytes are asked for".into());
        }
        Ok(())
    }

    /// `n` bytes of a pattern.
    pub(crate) fn put_space(&mut self, n: u64, pattern: [u8; 8], len: u8) -> Outcome {
        let piece = &self.pieces[self.tables.piece as usize];
        let units = match self.sections.get(piece.section as usize) {
            Some(section) if u64::from(section.align) <= HUGE => HUGE,
            _ => MOST_ALIGN,
        };
        let (more, n) = if piece.is_nobits { (n - n % units, n % units) } else { (0, n) };
        self.more_bytes(n)?;
        let piece = &mut self.pieces[self.tables.piece as usize];
        if piece.is_nobits && n | more != 0 && pattern.iter().any(|&b| b != 0) {
            return Err(self.no_bytes());
        }
        let fill = Fill::Pattern(pattern, len);
        if n <= SMALL && !piece.is_nobits && len <= 1 {
            piece.code.put_bytes(&[pattern[0]; SMALL as usize][..n as usize]);
        } else if more != 0 {
            piece.code.huge_spot(Spot { kind: SpotKind::Fixed, fill, len: n as u32, want: 0 }, more);
        } else if n != 0 {
            piece.code.spot(Spot { kind: SpotKind::Fixed, fill, len: n as u32, want: 0 });
        }
        Ok(())
    }

    pub(crate) fn ask(&mut self, what: Ask, expr: Expr, fill: Fill, first: u32) {
        let kind = if what == Ask::Org { SpotKind::Org } else { SpotKind::Asked };
        let spot = self.code().spot(Spot { kind, fill, len: first, want: first });
        let (piece, loc) = (self.tables.piece, self.tables.loc);
        self.asked.push(Asked { piece, spot, what, expr, loc });
    }
}

/// Of [`values`]: an address has a sign.
pub(crate) const SIGNED: u32 = 0x100;

/// `.byte` and its like: the number of bytes.
pub(crate) fn values(asm: &mut Assembler, line: &mut Cursor, form: u32) -> Outcome {
    let size = form & 0xff;
    if line.is_end() {
        return Ok(());
    }
    loop {
        if line.is_end() || line.peek() == b',' {
            asm.tables.warn("zero assumed for missing expression");
            asm.put_bytes(&[0; 8][..size as usize])?;
        } else if let Some(big) = big_number(line) {
            asm.tables.warn(format!("bignum truncated to {size} bytes"));
            asm.put_bytes(&big.to_le_bytes()[..size as usize])?;
        } else {
            let value = asm.expr(line)?;
            put_value(asm, value, form)?;
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

#[inline]
pub(crate) fn put_value(asm: &mut Assembler, value: Expr, form: u32) -> Outcome {
    let mut size = form & 0xff;
    if let Some(table) = asm.pieces[asm.tables.piece as usize].frame_table
        && let Some(instead) = asm.frame_value(table, value, Some(size))
    {
        if instead == 0 {
            return Ok(());
        }
        size = instead;
    }
    let number = value.constant();
    let bits = 8 * size;
    if let Some(value) = number
        && bits < 64
        && value >> bits != 0
        && value.wrapping_neg() >> bits != 0
    {
        let cut = value & ((1 << bits) - 1);
        asm.tables.warn(format!("value {value:#x} truncated to {cut:#x}"));
    }
    let piece = &mut asm.pieces[asm.tables.piece as usize];
    if piece.is_nobits && number != Some(0) {
        return Err(asm.no_bytes());
    }
    match number {
        Some(value) => piece.code.put(value as u64, size as usize),
        None => {
            let at = piece.code.mark();
            piece.code.put(0, size as usize);
            let field = if form & SIGNED != 0 { Field::Signed(size as u8) } else { Field::Data(size as u8) };
            asm.tables.fixup(at, field, value);
        }
    }
    Ok(())
}

/// A number of more than 64 bits.
fn big_number(line: &mut Cursor) -> Option<u128> {
    let rest = line.rest();
    if !rest.first()?.is_ascii_digit() || rest.len() < 17 {
        return None;
    }
    let len = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
    if len < 17 || line.clone().number().is_some() {
        return None;
    }
    let text = std::str::from_utf8(&rest[..len]).ok()?.to_ascii_lowercase();
    let value = match text.strip_prefix("0x") {
        Some(digits) => {
            // More than 128 bits are cut off.
            let last = &digits[digits.len().saturating_sub(32)..];
            u128::from_str_radix(last, 16).ok()?
        }
        None => text.parse().ok()?,
    };
    line.skip(len);
    Some(value)
}

/// A number of at most 64 bits that stands alone; the line stays where it is.
fn small_number(line: &Cursor) -> Option<u128> {
    let mut ahead = *line;
    let value = ahead.number()?;
    (ahead.is_end() || ahead.peek() == b',').then(|| u128::from(value))
}

pub(crate) fn octa(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    if line.is_end() {
        return Ok(());
    }
    loop {
        let signs = line.rest().iter().take_while(|b| matches!(b, b'-' | b'~' | b'+')).count();
        let (signs, mut ahead) = (&line.rest()[..signs], *line);
        ahead.skip(signs.len());
        let value = match big_number(&mut ahead) {
            Some(big) => {
                *line = ahead;
                signs.iter().rev().fold(big, |value, sign| match sign {
                    b'-' => value.wrapping_neg(),
                    b'~' => !value,
                    _ => value,
                })
            }
            None => {
                let literal = small_number(line);
                let value = asm.expr(line)?;
                match value.constant() {
                    // What is written without a sign has none.
                    Some(value) => literal.unwrap_or(value as i128 as u128),
                    None => return Err("a place does not fit 16 bytes".into()),
                }
            }
        };
        asm.put_bytes(&value.to_le_bytes())?;
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

/// The bytes of a LEB128 number, and how many there are.
pub(crate) fn encode_leb128(mut value: i64, signed: bool) -> ([u8; 16], usize) {
    let (mut bytes, mut len) = ([0; 16], 0);
    loop {
        let byte = value as u8 & 0x7f;
        value = if signed { value >> 7 } else { (value as u64 >> 7) as i64 };
        let done = if signed { value == -i64::from(byte >> 6) } else { value == 0 };
        bytes[len] = if done { byte } else { byte | 0x80 };
        len += 1;
        if done {
            return (bytes, len);
        }
    }
}

pub(crate) fn leb128(asm: &mut Assembler, line: &mut Cursor, signed: u32) -> Outcome {
    if let Some(done) = crate::atoms::told(asm, line) {
        return done;
    }
    loop {
        let is_missing = line.is_end() || line.peek() == b',';
        if is_missing {
            asm.tables.warn("zero assumed for missing expression");
        }
        let value = if is_missing { Expr::ZERO } else { asm.expr(line)? };
        if let Some(table) = asm.pieces[asm.tables.piece as usize].frame_table {
            asm.frame_value(table, value, None);
        }
        match value.constant().or_else(|| asm.value_now(value)) {
            Some(value) => {
                let (bytes, len) = encode_leb128(value, signed == 1);
                asm.put_bytes(&bytes[..len])?;
            }
            None => {
                let what = if signed == 1 { Ask::Signed } else { Ask::Unsigned };
                asm.ask(what, value, Fill::Bytes([0; 16]), 1);
            }
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

pub(crate) fn floats(asm: &mut Assembler, line: &mut Cursor, format: u32) -> Outcome {
    if line.is_end() {
        return Ok(());
    }
    loop {
        let (bytes, len) = float::read(line, format)?;
        asm.put_bytes(&bytes[..len])?;
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

/// `.dcb TIMES, VALUE`
pub(crate) fn dcb(asm: &mut Assembler, line: &mut Cursor, format: u32) -> Outcome {
    let times = number(asm, line)?;
    let has_value = line.eat(b',');
    let (bytes, len) = if format & 0x100 != 0 {
        let mut zero = Cursor::new(b"0");
        float::read(if has_value { line } else { &mut zero }, format & 0xff)?
    } else {
        let value = if has_value { number(asm, line)? } else { 0 };
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&value.to_le_bytes());
        (bytes, format as usize)
    };
    if times < 0 {
        asm.tables.warn("repeat count < 0; .dcb ignored");
        return Ok(());
    }
    if times as u64 > MAX_SPACE / len as u64 {
        return Err("too many bytes are asked for".into());
    }
    let all = bytes[..len].repeat(times as usize);
    asm.put_bytes(&all)
}

/// `.ds COUNT[, FILL]`
pub(crate) fn ds(asm: &mut Assembler, line: &mut Cursor, size: u32) -> Outcome {
    let count = number(asm, line)?;
    let byte = if line.eat(b',') { number(asm, line)? as u8 } else { 0 };
    let n = u64::try_from(count).ok().and_then(|count| count.checked_mul(u64::from(size)));
    asm.put_space(n.ok_or("a count is negative or too large")?, [byte; 8], 1)
}

/// `.ascii`, `.asciz`, `.stringN`: the number is that of bytes for each byte of text; 0x100 for none at the end.
pub(crate) fn strings(asm: &mut Assembler, line: &mut Cursor, form: u32) -> Outcome {
    if line.is_end() {
        return Ok(());
    }
    let mut text = std::mem::take(&mut asm.scratch);
    let mut result = Ok(());
    loop {
        text.clear();
        result = result.and_then(|()| line.string_into(&mut text));
        // Strings one after the other are one for `.ascii`, and for the others.
        while result.is_ok() && line.peek() == b'"' {
            result = line.string_into(&mut text);
        }
        if form & 0xff != 0 {
            text.push(0);
        }
        result = result.and_then(|()| match form & 0xff {
            size @ 2..=8 => {
                let mut wide = Vec::with_capacity(text.len() * size as usize);
                for &byte in &text {
                    wide.extend_from_slice(&u64::from(byte).to_le_bytes()[..size as usize]);
                }
                asm.put_bytes(&wide)
            }
            _ => asm.put_bytes(&text),
        });
        if result.is_err() || !line.eat(b',') {
            break;
        }
    }
    asm.scratch = text;
    result
}

/// `.skip BYTES[, VALUE]`
pub(crate) fn space(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let n = asm.expr(line)?;
    let byte = if line.eat(b',') { number(asm, line)? as u8 } else { 0 };
    match n.constant().or_else(|| asm.value_now(n)) {
        Some(n) if n < 0 => {
            asm.tables.warn(".space repeat count is negative, ignored");
            Ok(())
        }
        Some(n) => asm.put_space(n as u64, [byte; 8], 1),
        None => {
            asm.ask(Ask::Times(1), n, Fill::Pattern([byte; 8], 1), 0);
            Ok(())
        }
    }
}

/// `.fill TIMES[, SIZE[, VALUE]]`
pub(crate) fn fill(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let times = asm.expr(line)?;
    let size = if line.eat(b',') { number(asm, line)? } else { 1 };
    let value = if line.eat(b',') { number(asm, line)? } else { 0 };
    if size < 0 {
        asm.tables.warn(".fill size negative; fill ignored");
        return Ok(());
    }
    if size > 8 {
        asm.tables.warn(".fill size clamped to 8");
    }
    let size = size.min(8) as u8;
    // Only the low four bytes are the value's (gas manual, 7.43).
    let word = (value as u32 as u64).to_le_bytes();
    match times.constant().or_else(|| asm.value_now(times)) {
        Some(times) if times < 0 => {
            asm.tables.warn("repeat count < 0; .fill ignored");
            Ok(())
        }
        Some(times) => {
            let n = (times as u64).checked_mul(u64::from(size)).ok_or("too many bytes are asked for")?;
            asm.put_space(n, word, size)
        }
        None => {
            asm.ask(Ask::Times(size), times, Fill::Pattern(word, size), 0);
            Ok(())
        }
    }
}

/// Of [`align`]: the operand counts bytes, not bits; the low bits are the size of the fill pattern, 0 for a byte.
pub(crate) const BYTES: u32 = 0x100;

/// `.balign BYTES[, FILL[, MOST]]`, and with the logarithm for `.p2align`.
pub(crate) fn align(asm: &mut Assembler, line: &mut Cursor, form: u32) -> Outcome {
    let n = if line.is_end() || line.peek() == b',' { 0 } else { number(asm, line)? };
    let log = match (form & BYTES != 0, n) {
        (_, 0) => 0,
        (true, n) if n > 0 && n.count_ones() == 1 => n.trailing_zeros(),
        (true, _) => return Err("alignment not a power of 2".into()),
        (false, n) if n > 0 => u32::try_from(n).unwrap_or(u32::MAX),
        _ => {
            asm.tables.warn("alignment negative; 0 assumed");
            0
        }
    };
    let log = if log > 31 {
        asm.tables.warn("alignment too large: 31 assumed");
        31
    } else {
        log
    };
    let (mut value, mut max) = (None, 0);
    if line.eat(b',') {
        if line.peek() != b',' && !line.is_end() {
            value = Some(number(asm, line)?);
        }
        if line.eat(b',') && !line.is_end() {
            max = number(asm, line)?;
        }
    }
    let size = (form & 0xff).max(1) as u8;
    let most = if max <= 0 { u32::MAX } else { u32::try_from(max).unwrap_or(u32::MAX) };
    align_to(asm, 1 << log, most, value.map(|value| ((value as u64).to_le_bytes(), size)))
}

pub(crate) fn align_to(asm: &mut Assembler, align: u32, max: u32, fill: Option<([u8; 8], u8)>) -> Outcome {
    if align == 1 {
        return Ok(());
    }
    let (nops, style) = (asm.syntax.nops(), asm.syntax.nop_style(&asm.keep));
    let piece = &mut asm.pieces[asm.tables.piece as usize];
    if u64::from(align) > HUGE && piece.code.has_huge_spots() {
        return Err("a section is too large for such an alignment".into());
    }
    if align > 1 << 16 && !piece.is_nobits {
        asm.n_bytes_asked += u64::from(align);
        if asm.n_bytes_asked > MAX_SPACE * 4 {
            return Err("too many bytes are asked for".into());
        }
    }
    let one_nop = |fill: ([u8; 8], u8)| {
        let mut own = [0];
        nops(&mut own, 0);
        fill.1 == 1 && fill.0[0] == own[0]
    };
    let fill = match fill {
        None if piece.is_code => Fill::Code(nops, style),
        Some(fill) if piece.is_code && one_nop(fill) => Fill::Code(nops, style),
        None => Fill::Pattern([0; 8], 1),
        Some((pattern, len)) => Fill::Pattern(pattern, len),
    };
    piece.code.spot(Spot { kind: SpotKind::Align { align, max }, fill, len: 0, want: 0 });
    asm.ask_alignment(align);
    Ok(())
}

/// `.org`
pub(crate) fn org(asm: &mut Assembler, to: Expr, fill: u8) -> Outcome {
    if asm.tables.piece == HOME {
        return Err("‘.org’ cannot stand within a function".into());
    }
    asm.ask(Ask::Org, to, Fill::Pattern([fill; 8], 1), 0);
    Ok(())
}

/// `.comm NAME, SIZE[, ALIGNMENT]`
pub(crate) fn common(asm: &mut Assembler, line: &mut Cursor, local: u32) -> Outcome {
    let symbol = symbol(asm, line)?;
    if !line.eat(b',') {
        return Err("expected comma after symbol-name".into());
    }
    let size = number(asm, line)?;
    let Ok(size) = u64::try_from(size) else {
        return Err(".COMMon length out of range ignored".to_string());
    };
    let mut align =
        if local == 1 { 1 << (63 - size.clamp(1, 8).leading_zeros()) } else { size.clamp(1, 16).next_power_of_two() };
    if local == 1 {
        align = align.min(8);
    }
    if local == 0 && asm.tables.sym(symbol).binding == Some(Binding::Local) {
        // A size asks for nothing there.
        align = 1;
    }
    if line.eat(b',') {
        let asked = number(asm, line)?;
        align = u64::try_from(asked).map_err(|_| "common alignment negative; 0 assumed")?.max(1);
    }
    if !align.is_power_of_two() || align > 1 << 31 {
        return Err("alignment not a power of 2".into());
    }
    let sym = asm.tables.sym(symbol);
    let is_local = local == 1 || sym.binding == Some(Binding::Local);
    let is_only_set = matches!(sym.place, Place::Value(_)) && sym.flags & (FINAL | WEAKREF | VERSION) == 0;
    let symbol = if is_only_set { asm.tables.replace(symbol) } else { symbol };
    if is_only_set {
        asm.tables.sym(symbol).place = Place::Undefined;
    }
    let sym = asm.tables.sym(symbol);
    match sym.place {
        Place::Undefined => {}
        Place::Common { size: before, align: old } if !is_local => {
            let place = Place::Common { size: before.max(size), align: old.max(align as u32) };
            asm.tables.sym(symbol).place = place;
            return Ok(());
        }
        _ => return Err(format!("symbol `{}' is already defined", asm.tables.shown(symbol))),
    }
    sym.kind = if local == 2 { Some(SymbolKind::Tls) } else { sym.kind.or(Some(SymbolKind::Object)) };
    if !is_local {
        sym.binding = sym.binding.or(Some(Binding::Global));
        sym.place = Place::Common { size, align: align as u32 };
        return Ok(());
    }
    let (piece, previous) = (asm.tables.piece, asm.previous);
    let section = asm.standard_section(b".bss");
    // As GNU as does it: behind what the text puts there itself.
    asm.tables.piece = asm.piece_of(section, 1);
    let result = align_to(asm, align as u32, u32::MAX, None).and_then(|()| asm.label(symbol));
    let result = result.and_then(|()| asm.put_space(size, [0; 8], 1));
    (asm.tables.piece, asm.previous) = (piece, previous);
    asm.tables.sym(symbol).binding = Some(Binding::Local);
    let extra = asm.tables.extra(symbol);
    extra.size = extra.size.or(Some(Expr::number(size as i64)));
    result
}

/// `.nop [SIZE]`
pub(crate) fn nop(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let n = if line.is_end() { Expr::number(1) } else { asm.expr(line)? };
    let start = asm.code().mark();
    put_nops(asm, n, 0)?;
    // An instruction, as GNU as has it; not so those of `.nops`.
    if asm.lines.is_wanted() {
        asm.line_row(start);
    }
    Ok(())
}

/// `.nops SIZE[, CONTROL]`
pub(crate) fn nops(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let n = asm.expr(line)?;
    let control = if line.eat(b',') { asm.expr(line)?.constant() } else { Some(0) };
    let control = control.ok_or("unsupported variable nop control in .nops directive")?;
    if control < 0 {
        asm.tables.warn("negative nop control byte, ignored");
    }
    put_nops(asm, n, if control < 0 { 0 } else { control as u8 })
}

/// So many bytes of instructions that do nothing, each of at most `longest` bytes, 0 for as long as there are.
fn put_nops(asm: &mut Assembler, n: Expr, longest: u8) -> Outcome {
    if asm.pieces[asm.tables.piece as usize].is_nobits {
        return Err(asm.no_bytes());
    }
    let style = asm.syntax.nop_style(&asm.keep) | longest.min(15);
    asm.ask(Ask::Nops(longest), n, Fill::Code(asm.syntax.nops(), style), 0);
    Ok(())
}
