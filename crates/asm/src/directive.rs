//! Directives (gas manual, chapter 7; ELF's where the format has a say), one row each.

use crate::cursor::Cursor;
use crate::expr::Expr;
use crate::unit::{Assembler, Field, Piece, Place, Proc, Section, SymRef, Target};
use mc::CodeBuffer;
use mc::rows::UnwindOp;
use obj::{Binding, SectionFlags, SectionKind, SymbolKind, Visibility};

/// What a directive does, with the number that its row carries.
type Run = fn(&mut Assembler, &mut Cursor, Option<&mut CodeBuffer>, u32) -> Result<(), String>;

/// Numbers of rows that are kinds of things.
mod k {
    pub const GLOBAL: u32 = 0;
    pub const WEAK: u32 = 1;
    pub const LOCAL: u32 = 2;
    pub const HIDDEN: u32 = 3;
    pub const INTERNAL: u32 = 4;
    pub const PROTECTED: u32 = 5;
}

/// Name without the dot, function, its number.
#[rustfmt::skip]
static DIRECTIVES: &[(&str, Run, u32)] = &[
    ("text", standard, 0), ("data", standard, 1), ("bss", standard, 2), ("rodata", standard, 3),
    ("section", section, 0), ("pushsection", section, 1), ("popsection", pop_section, 0), ("previous", previous, 0),
    ("globl", attribute, k::GLOBAL), ("global", attribute, k::GLOBAL), ("weak", attribute, k::WEAK), ("local", attribute, k::LOCAL),
    ("hidden", attribute, k::HIDDEN), ("internal", attribute, k::INTERNAL), ("protected", attribute, k::PROTECTED),
    ("type", kind, 0), ("size", size, 0), ("set", set_directive, 0), ("equ", set_directive, 0), ("equiv", set_directive, 1),
    ("symver", symver, 0), ("comm", common, 0), ("lcomm", common, 1),
    ("byte", values, 1), ("short", values, 2), ("hword", values, 2), ("value", values, 2), ("2byte", values, 2), ("word", values, 2),
    ("long", values, 4), ("int", values, 4), ("4byte", values, 4), ("quad", values, 8), ("8byte", values, 8), ("octa", octa, 0),
    ("uleb128", leb128, 0), ("sleb128", leb128, 1), ("float", floats, 4), ("single", floats, 4), ("double", floats, 8),
    ("ascii", strings, 0), ("asciz", strings, 1), ("string", strings, 1),
    ("zero", space, 0), ("skip", space, 0), ("space", space, 0), ("fill", fill, 0),
    ("align", align, 0), ("balign", align, 0), ("p2align", align, 1),
    ("ident", ignored, 0), ("file", ignored, 0), ("loc", ignored, 0), ("att_syntax", ignored, 0), ("code64", ignored, 0), ("arch", ignored, 0),
    ("extern", ignored, 0), ("addrsig", ignored, 0), ("cfi_sections", ignored, 0),
    ("cfi_startproc", cfi_proc, 0), ("cfi_endproc", cfi_proc, 1),
    ("cfi_def_cfa", cfi, 0), ("cfi_def_cfa_register", cfi, 1), ("cfi_def_cfa_offset", cfi, 2), ("cfi_adjust_cfa_offset", cfi, 3),
    ("cfi_offset", cfi, 4), ("cfi_rel_offset", cfi, 5), ("cfi_restore", cfi, 6), ("cfi_same_value", cfi, 7),
    ("cfi_undefined", cfi, 8), ("cfi_remember_state", cfi, 9), ("cfi_restore_state", cfi, 10),
];

/// Runs the directive `name`, dot and all.
pub(crate) fn run(
    asm: &mut Assembler,
    name: &[u8],
    line: &mut Cursor,
    home: Option<&mut CodeBuffer>,
) -> Result<(), String> {
    let plain = std::str::from_utf8(&name[1..]).unwrap_or("");
    match DIRECTIVES.iter().find(|row| row.0 == plain) {
        Some(&(_, run, number)) => run(asm, line, home, number),
        None => Err(format!("unknown directive ‘{}’", String::from_utf8_lossy(name))),
    }
}

fn standard(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>, which: u32) -> Result<(), String> {
    let names: [&[u8]; 4] = [b".text", b".data", b".bss", b".rodata"];
    if !line.is_end() {
        // Subsections are not told apart.
        asm.expr(line, home)?;
    }
    let target =
        own_section(asm, names[which as usize]).unwrap_or_else(|| standard_section(asm, names[which as usize]));
    switch(asm, target);
    Ok(())
}

fn ignored(_: &mut Assembler, line: &mut Cursor, _: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    line.skip(line.rest().len());
    Ok(())
}

fn name<'t>(line: &mut Cursor<'t>) -> Result<&'t [u8], String> {
    line.word().ok_or_else(|| format!("expected a symbol before ‘{}’", line.shown()))
}

fn number(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>) -> Result<i64, String> {
    let expr = asm.expr(line, home)?;
    expr.constant().ok_or_else(|| "expected a number that is known here".into())
}

fn small(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>) -> Result<i32, String> {
    i32::try_from(number(asm, line, home)?).map_err(|_| "a number is too large".into())
}

/// Sizes are bounded: text of a few bytes must not ask for gigabytes.
const MAX_SPACE: i64 = 1 << 28;

fn amount(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>) -> Result<usize, String> {
    match number(asm, line, home)? {
        n @ 0..=MAX_SPACE => Ok(n as usize),
        n => Err(format!("{n} bytes are negative or too many")),
    }
}

// Sections.

/// Kind and flags of sections by what their names begin with.
static KNOWN_SECTIONS: &[(&[u8], SectionKind, SectionFlags)] = &[
    (b".text", SectionKind::Progbits, SectionFlags::ALLOC.with(SectionFlags::EXEC)),
    (b".init_array", SectionKind::InitArray, SectionFlags::ALLOC.with(SectionFlags::WRITE)),
    (b".fini_array", SectionKind::FiniArray, SectionFlags::ALLOC.with(SectionFlags::WRITE)),
    (b".preinit_array", SectionKind::PreinitArray, SectionFlags::ALLOC.with(SectionFlags::WRITE)),
    (b".init", SectionKind::Progbits, SectionFlags::ALLOC.with(SectionFlags::EXEC)),
    (b".fini", SectionKind::Progbits, SectionFlags::ALLOC.with(SectionFlags::EXEC)),
    (b".data", SectionKind::Progbits, SectionFlags::ALLOC.with(SectionFlags::WRITE)),
    (b".rodata", SectionKind::Progbits, SectionFlags::ALLOC),
    (b".bss", SectionKind::Nobits, SectionFlags::ALLOC.with(SectionFlags::WRITE)),
    (b".tdata", SectionKind::Progbits, SectionFlags::ALLOC.with(SectionFlags::WRITE).with(SectionFlags::TLS)),
    (b".tbss", SectionKind::Nobits, SectionFlags::ALLOC.with(SectionFlags::WRITE).with(SectionFlags::TLS)),
    (b".note", SectionKind::Note, SectionFlags::NONE),
];

fn known(name: &[u8]) -> (SectionKind, SectionFlags) {
    let fits = |row: &&(&[u8], SectionKind, SectionFlags)| {
        name.strip_prefix(row.0).is_some_and(|rest| rest.is_empty() || rest[0] == b'.')
    };
    KNOWN_SECTIONS.iter().find(fits).map_or((SectionKind::Progbits, SectionFlags::NONE), |row| (row.1, row.2))
}

/// The section of a name that has its meaning by itself.
pub(crate) fn standard_section(asm: &mut Assembler, name: &[u8]) -> Target {
    let (kind, flags) = known(name);
    open(asm, name, kind, flags, 0, None)
}

/// Within a function `.text` is where its code goes.
fn own_section(asm: &Assembler, name: &[u8]) -> Option<Target> {
    (name == b".text" && asm.is_in_function()).then_some(Target::Home)
}

fn open(
    asm: &mut Assembler,
    name: &[u8],
    kind: SectionKind,
    flags: SectionFlags,
    entry_size: u64,
    group: Option<SymRef>,
) -> Target {
    let same = |section: &Section| *section.name == *name && section.group == group;
    if let Some(at) = asm.sections.iter().position(same) {
        return Target::Section(at);
    }
    let piece = asm.tables.pieces.len();
    asm.tables.pieces.push(Piece::default());
    let mut code = CodeBuffer::new(asm.syntax.branches());
    code.reset(0);
    asm.sections.push(Section { name: name.into(), kind, flags, entry_size, group, code, piece, procs: Vec::new() });
    Target::Section(asm.sections.len() - 1)
}

fn switch(asm: &mut Assembler, to: Target) {
    asm.previous = asm.current;
    asm.current = to;
}

fn previous(asm: &mut Assembler, _: &mut Cursor, _: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    std::mem::swap(&mut asm.current, &mut asm.previous);
    Ok(())
}

fn pop_section(asm: &mut Assembler, _: &mut Cursor, _: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    (asm.current, asm.previous) = asm.stack.pop().ok_or("‘.popsection’ without ‘.pushsection’")?;
    Ok(())
}

/// `.section NAME[, "FLAGS"[, @TYPE[, ENTRY SIZE or GROUP]]]`, and the same for `.pushsection`.
fn section(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>, push: u32) -> Result<(), String> {
    if push == 1 {
        asm.stack.push((asm.current, asm.previous));
    }
    let is_name = |b: u8| b.is_ascii_graphic() && b != b',' && b != b'"';
    let name = if line.peek() == b'"' { line.string()? } else { line.run(is_name).to_vec() };
    if name.is_empty() {
        return Err("expected the name of a section".into());
    }
    let (mut kind, mut flags) = known(&name);
    let (mut entry_size, mut group) = (0, None);
    let mut in_group = false;
    if line.eat(b',') && line.peek() == b'"' {
        let text = line.string()?;
        (flags, in_group) = section_flags(&text)?;
        if line.eat(b',') {
            if !matches!(line.peek(), b'@' | b'%') {
                return Err(format!("expected the type of a section before ‘{}’", line.shown()));
            }
            line.bump();
            kind = section_kind(line.run(|b| b.is_ascii_alphanumeric() || b == b'_'))?;
            if flags.has(SectionFlags::MERGE) {
                line.expect(b',')?;
                entry_size = amount(asm, line, home)? as u64;
            }
            if in_group {
                line.expect(b',')?;
                let signature = self::name(line)?;
                group = Some(asm.tables.named(signature));
                if line.eat(b',') && self::name(line)? != b"comdat" {
                    return Err("expected ‘comdat’".into());
                }
            }
        }
    } else if !line.is_end() {
        // A subsection.
        number(asm, line, home)?;
    }
    if in_group && group.is_none() {
        return Err("a section in a group needs the group's name".into());
    }
    let target = own_section(asm, &name).unwrap_or_else(|| open(asm, &name, kind, flags, entry_size, group));
    switch(asm, target);
    Ok(())
}

fn section_flags(text: &[u8]) -> Result<(SectionFlags, bool), String> {
    let mut flags = SectionFlags::NONE;
    let mut in_group = false;
    for &letter in text {
        flags = flags.with(match letter {
            b'a' => SectionFlags::ALLOC,
            b'w' => SectionFlags::WRITE,
            b'x' => SectionFlags::EXEC,
            b'M' => SectionFlags::MERGE,
            b'S' => SectionFlags::STRINGS,
            b'T' => SectionFlags::TLS,
            b'e' => SectionFlags::EXCLUDE,
            b'R' => SectionFlags::RETAIN,
            b'l' => SectionFlags::LARGE,
            b'G' => {
                in_group = true;
                SectionFlags::NONE
            }
            _ => return Err(format!("section flag ‘{}’ is not known", char::from(letter))),
        });
    }
    Ok((flags, in_group))
}

fn section_kind(name: &[u8]) -> Result<SectionKind, String> {
    Ok(match name {
        b"progbits" | b"unwind" => SectionKind::Progbits,
        b"nobits" => SectionKind::Nobits,
        b"note" => SectionKind::Note,
        b"init_array" => SectionKind::InitArray,
        b"fini_array" => SectionKind::FiniArray,
        b"preinit_array" => SectionKind::PreinitArray,
        _ => return Err(format!("section type ‘{}’ is not known", String::from_utf8_lossy(name))),
    })
}

// Symbols.

fn attribute(asm: &mut Assembler, line: &mut Cursor, _: Option<&mut CodeBuffer>, what: u32) -> Result<(), String> {
    loop {
        let symbol = asm.tables.named(name(line)?);
        let sym = asm.tables.sym(symbol);
        match what {
            // What is weak stays so.
            k::GLOBAL => sym.binding = Some(sym.binding.unwrap_or(Binding::Global)),
            k::WEAK => sym.binding = Some(Binding::Weak),
            k::LOCAL => sym.binding = Some(Binding::Local),
            k::HIDDEN => sym.visibility = Some(Visibility::Hidden),
            k::INTERNAL => sym.visibility = Some(Visibility::Internal),
            _ => sym.visibility = Some(Visibility::Protected),
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

/// `.type NAME, @TYPE`
fn kind(asm: &mut Assembler, line: &mut Cursor, _: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let symbol = asm.tables.named(name(line)?);
    line.eat(b',');
    let ty = if line.peek() == b'"' {
        line.string()?
    } else {
        if matches!(line.peek(), b'@' | b'%' | b'#') {
            line.bump();
        }
        line.run(|b| b.is_ascii_alphanumeric() || b == b'_').to_vec()
    };
    asm.tables.sym(symbol).kind = Some(match &*ty {
        b"function" | b"STT_FUNC" => SymbolKind::Function,
        b"object" | b"STT_OBJECT" => SymbolKind::Object,
        b"tls_object" | b"STT_TLS" => SymbolKind::Tls,
        b"gnu_indirect_function" | b"STT_GNU_IFUNC" => SymbolKind::IFunc,
        b"notype" | b"STT_NOTYPE" => SymbolKind::None,
        _ => return Err(format!("symbol type ‘{}’ is not known", String::from_utf8_lossy(&ty))),
    });
    Ok(())
}

fn size(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let symbol = asm.tables.named(name(line)?);
    line.expect(b',')?;
    let size = asm.expr(line, home)?;
    asm.tables.sym(symbol).size = Some(size);
    Ok(())
}

fn set_directive(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let symbol = asm.tables.named(name(line)?);
    line.expect(b',')?;
    set(asm, line, home, symbol)
}

/// `NAME = VALUE`
pub(crate) fn set(
    asm: &mut Assembler,
    line: &mut Cursor,
    home: Option<&mut CodeBuffer>,
    symbol: SymRef,
) -> Result<(), String> {
    let value = asm.expr(line, home)?;
    if !line.is_end() {
        return Err(format!("junk at end of line: ‘{}’", line.shown()));
    }
    let sym = asm.tables.sym(symbol);
    if !matches!(sym.place, Place::Undefined | Place::Value(_)) {
        return Err(format!("symbol ‘{}’ is already defined", String::from_utf8_lossy(&sym.name)));
    }
    sym.place = Place::Value(value);
    Ok(())
}

/// `.symver NAME, NAME@VERSION`
fn symver(asm: &mut Assembler, line: &mut Cursor, _: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let symbol = asm.tables.named(name(line)?);
    line.expect(b',')?;
    let version = line.run(|b| b.is_ascii_graphic() && b != b',');
    if !version.contains(&b'@') {
        return Err(format!("‘{}’ names no version", String::from_utf8_lossy(version)));
    }
    if line.eat(b',') {
        let word = name(line)?;
        match word {
            b"local" => asm.tables.sym(symbol).binding = Some(Binding::Local),
            b"hidden" => asm.tables.sym(symbol).visibility = Some(Visibility::Hidden),
            b"remove" => {}
            _ => return Err(format!("‘{}’ is not known here", String::from_utf8_lossy(word))),
        }
    }
    asm.tables.sym(symbol).versions.push(version.into());
    Ok(())
}

/// `.comm NAME, SIZE[, ALIGNMENT]`
fn common(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, local: u32) -> Result<(), String> {
    let symbol = asm.tables.named(name(line)?);
    line.expect(b',')?;
    let size = number(asm, line, home.as_deref_mut())?;
    let align =
        if line.eat(b',') { number(asm, line, home)? } else { (size.clamp(1, 16) as u64).next_power_of_two() as i64 };
    let (Ok(size), Ok(align)) = (u64::try_from(size), u64::try_from(align)) else {
        return Err("a size or alignment is negative".into());
    };
    if !align.is_power_of_two() {
        return Err(format!("alignment {align} is not a power of two"));
    }
    let sym = asm.tables.sym(symbol);
    if sym.place != Place::Undefined {
        return Err(format!("symbol ‘{}’ is already defined", String::from_utf8_lossy(&sym.name)));
    }
    if local == 1 || sym.binding == Some(Binding::Local) {
        let (current, previous) = (asm.current, asm.previous);
        asm.current = standard_section(asm, b".bss");
        let result = align_to(asm, None, align as u32, u32::MAX, None).and_then(|()| {
            let (tables, code) = asm.parts(None);
            tables.define(symbol, code)?;
            zeros(code, usize::try_from(size).ok().filter(|&n| n as i64 <= MAX_SPACE).ok_or("too many bytes")?);
            Ok(())
        });
        (asm.current, asm.previous) = (current, previous);
        return result;
    }
    sym.place = Place::Common { size, align };
    Ok(())
}

// Data.

fn zeros(code: &mut CodeBuffer, mut n: usize) {
    while n > 0 {
        let len = n.min(8);
        code.put(0, len);
        n -= len;
    }
}

/// Bytes into the current section.
fn bytes(asm: &mut Assembler, home: Option<&mut CodeBuffer>, bytes: &[u8]) -> Result<(), String> {
    if asm.is_nobits() && bytes.iter().any(|&b| b != 0) {
        return Err("attempt to store non-zero value in a section without bytes".into());
    }
    asm.parts(home).1.put_bytes(bytes);
    Ok(())
}

fn values(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, size: u32) -> Result<(), String> {
    if line.is_end() {
        return Ok(());
    }
    loop {
        let value = asm.expr(line, home.as_deref_mut())?;
        match value.constant() {
            Some(value) => {
                let bits = 8 * size;
                let fits = bits == 64 || value >> bits == 0 || value >> (bits - 1) == -1;
                if !fits && size < 4 {
                    return Err(format!("value {value:#x} does not fit {size} bytes"));
                }
                bytes(asm, home.as_deref_mut(), &value.to_le_bytes()[..size as usize])?;
            }
            None => field(asm, home.as_deref_mut(), value, size as u8),
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

fn field(asm: &mut Assembler, home: Option<&mut CodeBuffer>, value: Expr, size: u8) {
    let (tables, code) = asm.parts(home);
    let at = code.mark();
    code.put(0, usize::from(size));
    tables.fixup(tables.piece, at, Field::Data(size), value);
}

fn octa(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    loop {
        let rest = line.rest();
        let len = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..len]).unwrap_or("");
        let value = match text.strip_prefix("0x") {
            Some(digits) => u128::from_str_radix(digits, 16),
            None => text.parse(),
        };
        let value = value.map_err(|_| format!("‘{}’ is not a number", line.shown()))?;
        line.skip(len);
        bytes(asm, home.as_deref_mut(), &value.to_le_bytes())?;
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

fn leb128(
    asm: &mut Assembler,
    line: &mut Cursor,
    mut home: Option<&mut CodeBuffer>,
    signed: u32,
) -> Result<(), String> {
    loop {
        let mut value = number(asm, line, home.as_deref_mut())?;
        let mut encoded = Vec::new();
        loop {
            let byte = value as u8 & 0x7f;
            value = if signed == 1 { value >> 7 } else { (value as u64 >> 7) as i64 };
            let done = if signed == 1 { value == -i64::from(byte >> 6) } else { value == 0 };
            encoded.push(if done { byte } else { byte | 0x80 });
            if done {
                break;
            }
        }
        bytes(asm, home.as_deref_mut(), &encoded)?;
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

fn floats(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, size: u32) -> Result<(), String> {
    loop {
        let rest = line.rest();
        let len = rest.iter().position(|&b| b == b',').unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..len]).unwrap_or("").trim();
        let text = text.strip_prefix("0f").or_else(|| text.strip_prefix("0d")).unwrap_or(text);
        let bad = |_| format!("‘{text}’ is not a floating-point number");
        line.skip(len);
        if size == 4 {
            let value: f32 = text.parse().map_err(bad)?;
            bytes(asm, home.as_deref_mut(), &value.to_bits().to_le_bytes())?;
        } else {
            let value: f64 = text.parse().map_err(bad)?;
            bytes(asm, home.as_deref_mut(), &value.to_bits().to_le_bytes())?;
        }
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

fn strings(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, end: u32) -> Result<(), String> {
    loop {
        let mut text = line.string()?;
        if end == 1 {
            text.push(0);
        }
        bytes(asm, home.as_deref_mut(), &text)?;
        if !line.eat(b',') {
            return Ok(());
        }
    }
}

/// `.skip BYTES[, VALUE]`
fn space(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let n = amount(asm, line, home.as_deref_mut())?;
    let byte = if line.eat(b',') { number(asm, line, home.as_deref_mut())? as u8 } else { 0 };
    if byte != 0 {
        return bytes(asm, home, &vec![byte; n]);
    }
    zeros(asm.parts(home).1, n);
    Ok(())
}

/// `.fill TIMES[, SIZE[, VALUE]]`
fn fill(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, _: u32) -> Result<(), String> {
    let n = amount(asm, line, home.as_deref_mut())?;
    let size = if line.eat(b',') { amount(asm, line, home.as_deref_mut())?.min(8) } else { 1 };
    let value = if line.eat(b',') { number(asm, line, home.as_deref_mut())? } else { 0 };
    if n as i64 > MAX_SPACE / 8 {
        return Err(format!("{n} times are too many"));
    }
    // Only the low four bytes are the value's (gas manual, 7.43).
    let word = (value as u32 as u64).to_le_bytes();
    bytes(asm, home, &word[..size].repeat(n))
}

/// `.balign BYTES[, FILL[, MOST]]`, and with the logarithm for `.p2align`.
fn align(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, log2: u32) -> Result<(), String> {
    let n = if line.is_end() { 0 } else { number(asm, line, home.as_deref_mut())? };
    let align = match (log2, n) {
        (1, 0..=15) => 1 << n,
        (0, 0) => 1,
        (0, 1..=0x8000) if n.count_ones() == 1 => n as u32,
        _ => return Err(format!("alignment {n} is not a power of two or too large")),
    };
    let (mut byte, mut max) = (None, u32::MAX);
    if line.eat(b',') {
        if line.peek() != b',' && !line.is_end() {
            byte = Some(number(asm, line, home.as_deref_mut())? as u8);
        }
        if line.eat(b',') {
            max = amount(asm, line, home.as_deref_mut())? as u32;
        }
    }
    align_to(asm, home, align, max, byte)
}

fn align_to(
    asm: &mut Assembler,
    home: Option<&mut CodeBuffer>,
    align: u32,
    max: u32,
    byte: Option<u8>,
) -> Result<(), String> {
    let is_code = match asm.current {
        Target::Home => true,
        Target::Section(at) => asm.sections[at].flags.has(SectionFlags::EXEC),
    };
    let nops = asm.syntax.nops();
    let (tables, code) = asm.parts(home);
    let piece = tables.piece;
    tables.pieces[piece].align = tables.pieces[piece].align.max(align);
    match byte {
        None if is_code => code.align(align, max, nops, 0),
        byte => code.align(align, max, |gap, byte| gap.fill(byte), byte.unwrap_or(0)),
    }
    Ok(())
}

// Unwind rows.

fn cfi_proc(asm: &mut Assembler, line: &mut Cursor, _: Option<&mut CodeBuffer>, end: u32) -> Result<(), String> {
    let Target::Section(at) = asm.current else { return Err("the function at hand has its own unwind rows".into()) };
    let pos = asm.tables.pos;
    let section = &mut asm.sections[at];
    let mark = section.code.mark();
    let open = section.procs.last().is_some_and(|proc| proc.end.is_none());
    match (end, open) {
        (0, false) => {
            line.skip(line.rest().len());
            section.procs.push(Proc { start: mark, end: None, pos });
            asm.cfa = asm.syntax.initial_cfa();
        }
        (1, true) => section.procs.iter_mut().for_each(|proc| proc.end = proc.end.or(Some(mark))),
        (0, true) => return Err("‘.cfi_startproc’ within another".into()),
        _ => return Err("‘.cfi_endproc’ without ‘.cfi_startproc’".into()),
    }
    Ok(())
}

fn register(asm: &mut Assembler, line: &mut Cursor, home: Option<&mut CodeBuffer>) -> Result<u8, String> {
    if line.peek().is_ascii_digit() {
        return u8::try_from(number(asm, line, home)?).map_err(|_| "no such register".into());
    }
    line.eat(b'%');
    let name = line.run(|b| b.is_ascii_alphanumeric());
    let number = asm.syntax.dwarf_register(name);
    number.ok_or_else(|| format!("there is no register ‘{}’", String::from_utf8_lossy(name)))
}

fn cfi(asm: &mut Assembler, line: &mut Cursor, mut home: Option<&mut CodeBuffer>, what: u32) -> Result<(), String> {
    if let Target::Section(at) = asm.current
        && asm.sections[at].procs.last().is_none_or(|proc| proc.end.is_some())
    {
        return Err("unwind rows outside of ‘.cfi_startproc’ and ‘.cfi_endproc’".into());
    }
    let reg = if matches!(what, 0 | 1 | 4..=8) { register(asm, line, home.as_deref_mut())? } else { 0 };
    if matches!(what, 0 | 4 | 5) {
        line.expect(b',')?;
    }
    let offset = if matches!(what, 0 | 2..=5) { small(asm, line, home.as_deref_mut())? } else { 0 };
    let op = match what {
        0 => {
            asm.cfa = (reg, offset);
            UnwindOp::DefCfa { reg, offset }
        }
        1 => {
            asm.cfa.0 = reg;
            UnwindOp::DefCfaRegister { reg }
        }
        2 | 3 => {
            asm.cfa.1 = if what == 2 { offset } else { asm.cfa.1.wrapping_add(offset) };
            UnwindOp::DefCfaOffset { offset: asm.cfa.1 }
        }
        4 => UnwindOp::Offset { reg, offset },
        5 => UnwindOp::Offset { reg, offset: offset.wrapping_sub(asm.cfa.1) },
        6 => UnwindOp::Restore { reg },
        7 => UnwindOp::SameValue { reg },
        8 => UnwindOp::Undefined { reg },
        9 => {
            asm.cfa_stack.push(asm.cfa);
            UnwindOp::RememberState
        }
        _ => {
            asm.cfa = asm.cfa_stack.pop().ok_or("‘.cfi_restore_state’ without ‘.cfi_remember_state’")?;
            UnwindOp::RestoreState
        }
    };
    asm.parts(home).1.unwind(op);
    Ok(())
}
