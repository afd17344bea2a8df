//! Directives that say where what follows goes (gas manual, chapter 7, "Section"; gABI, chapter 4).

use crate::cursor::Cursor;
use crate::directive::{Outcome, number, symbol};
use crate::sections::{Told, Wanted};
use crate::symbols::{HOME, Place, SymRef};
use crate::unit::Assembler;
use mc::relax::SpotKind;
use obj::{SectionFlags, SectionKind};

/// Within a function `.text` is where its code goes.
fn goes_home(asm: &Assembler, name: &[u8]) -> bool {
    name == b".text" && asm.is_in_function()
}

pub(crate) fn standard(asm: &mut Assembler, line: &mut Cursor, which: u32) -> Outcome {
    let mut name: &[u8] = [&b".text"[..], b".data", b".bss", b".rodata"][which as usize];
    if which == 1 && asm.options.data_in_text {
        name = b".text";
    }
    let sub = if line.is_end() { 0 } else { number(asm, line)? };
    let piece = if goes_home(asm, name) {
        HOME
    } else {
        let section = asm.standard_section(name);
        asm.piece_of(section, sub)
    };
    asm.switch(piece);
    Ok(())
}

pub(crate) fn previous(asm: &mut Assembler, _: &mut Cursor, _: u32) -> Outcome {
    std::mem::swap(&mut asm.tables.piece, &mut asm.previous);
    Ok(())
}

pub(crate) fn pop(asm: &mut Assembler, _: &mut Cursor, _: u32) -> Outcome {
    match asm.stack.pop() {
        Some((piece, previous)) => {
            (asm.tables.piece, asm.previous) = (piece, previous);
            Ok(())
        }
        None => {
            asm.tables.warn(".popsection without corresponding .pushsection; ignored");
            Ok(())
        }
    }
}

pub(crate) fn subsection(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let sub = if line.is_end() { 0 } else { number(asm, line)? };
    let section = asm.pieces[asm.tables.piece as usize].section;
    if asm.tables.piece == HOME {
        return Err("a function has no subsections".into());
    }
    let piece = asm.piece_of(section, sub);
    asm.switch(piece);
    Ok(())
}

/// `.section NAME[, "FLAGS"[, @TYPE[, ENTRY SIZE][, GROUP[, comdat]][, LINKED TO][, unique, NUMBER]]]`, and the same for
/// `.pushsection NAME[, SUBSECTION]`.
pub(crate) fn section(asm: &mut Assembler, line: &mut Cursor, push: u32) -> Outcome {
    let is_name = |b: u8| b.is_ascii_graphic() && b != b',' && b != b'"' && b != b';' || b >= 0x80;
    let own;
    let name = if line.peek() == b'"' {
        own = line.string()?;
        &own[..]
    } else {
        line.run(is_name)
    };
    if name.is_empty() {
        return Err("missing name".into());
    }
    let mut wanted = Wanted::plain(name);
    let (mut sub, mut told) = (0, Told::default());
    if line.eat(b',') {
        if push == 1 && line.peek() != b'"' {
            sub = number(asm, line)?;
            line.eat(b',');
        }
        if line.peek() == b'"' {
            told = attributes(asm, line, &mut wanted)?;
        } else if line.peek() == b'#' {
            wanted.flags = SectionFlags::NONE;
            while line.eat(b'#') {
                let word = line.word().unwrap_or(b"");
                wanted.flags = wanted.flags.with(match word {
                    b"alloc" => SectionFlags::ALLOC,
                    b"write" => SectionFlags::WRITE,
                    b"execinstr" => SectionFlags::EXEC,
                    b"exclude" => SectionFlags::EXCLUDE,
                    b"tls" => SectionFlags::TLS,
                    _ => return Err("unrecognized section attribute".into()),
                });
                line.eat(b',');
            }
            told.flags = wanted.flags != SectionFlags::NONE;
        }
    }
    let is_new = !asm.by_name.contains_key(name);
    if let Some(symbol) = asm.tables.find(name).filter(|_| is_new) {
        let sym = *asm.tables.sym(symbol);
        let is_defined = match sym.place {
            Place::Undefined => false,
            Place::Value(value) => asm.value_now(value).is_some(),
            _ => sym.kind != Some(obj::SymbolKind::Section),
        };
        if is_defined {
            let shown = String::from_utf8_lossy(name);
            asm.error(format!("section name '{shown}' already defined as another symbol"));
        }
    }
    if push == 1 {
        asm.stack.push((asm.tables.piece, asm.previous));
    }
    let piece = if goes_home(asm, name) && wanted.group.is_none() && wanted.unique == 0 {
        HOME
    } else {
        let section = asm.section(&wanted, told);
        asm.piece_of(section, sub)
    };
    asm.switch(piece);
    Ok(())
}

fn attributes<'n>(asm: &mut Assembler, line: &mut Cursor<'_>, wanted: &mut Wanted<'n>) -> Result<Told, String> {
    let text = line.string()?;
    let own = asm.pieces[asm.tables.piece as usize].section;
    let mut letters = section_flags(&text)?;
    (wanted.flags, wanted.extra.flags) = (letters.flags, letters.more);
    let mut told = Told { flags: letters.flags != SectionFlags::NONE || letters.more != 0, kind: false };
    // What the name says is looked at where the section is made.
    wanted.kind = crate::sections::known(wanted.name).map_or(SectionKind::Progbits, |known| known.0);
    let mut open = true;
    let mut ahead = *line;
    if ahead.eat(b',') {
        let kind = match ahead.peek() {
            b'@' | b'%' => {
                ahead.bump();
                Some(kind_of_type(ahead.run(|b| b.is_ascii_alphanumeric() || b == b'_'))?)
            }
            b'"' => Some(kind_of_type(&ahead.string()?)?),
            _ => None,
        };
        // What follows may stand without a type.
        if let Some(kind) = kind {
            (wanted.kind, told.kind) = (kind, true);
            wanted.extra.keeps_kind = kind == SectionKind::Unwind;
            *line = ahead;
        }
        open = line.peek() == b',';
    } else {
        open &= line.peek() == b',';
    }
    if open && wanted.flags.has(SectionFlags::MERGE) {
        line.bump();
        let size = number(asm, line)?;
        if size < 0 {
            asm.tables.warn("invalid merge entity size");
            wanted.flags = SectionFlags(wanted.flags.0 & !SectionFlags::MERGE.0);
        } else {
            wanted.entry_size = size as u64;
        }
    } else if wanted.flags.has(SectionFlags::MERGE) {
        asm.tables.warn("entity size for SHF_MERGE not specified");
        wanted.flags = SectionFlags(wanted.flags.0 & !SectionFlags::MERGE.0);
    }
    if wanted.flags.has(SectionFlags::LINK_ORDER) && line.eat(b',') {
        let mut ahead = *line;
        if ahead.eat(b'0') && (ahead.is_end() || ahead.peek() == b',') {
            *line = ahead;
        } else {
            let name = line.run(|b| b.is_ascii_graphic() && b != b',');
            wanted.link = Some(asm.tables.named(name));
        }
    }
    if letters.in_group && letters.same_group {
        asm.tables.warn("? section flag ignored with G present");
        letters.same_group = false;
    }
    if letters.in_group && line.eat(b',') {
        wanted.group = Some(group_name(asm, line)?);
        wanted.comdat = eat_word(line, b"comdat") || wanted.name.starts_with(b".gnu.linkonce");
    } else if letters.in_group {
        asm.tables.warn("group name for SHF_GROUP not specified");
    }
    if letters.same_group
        && let Some(section) = asm.sections.get(own as usize)
    {
        (wanted.group, wanted.comdat) = (section.group, section.comdat);
    }
    let mut ahead = *line;
    if wanted.flags.has(SectionFlags::MBIND) && ahead.eat(b',') && ahead.peek().is_ascii_digit() {
        wanted.extra.info = u32::try_from(number(asm, &mut ahead)?).map_err(|_| "a number does not fit")?;
        *line = ahead;
    }
    if wanted.flags.has(SectionFlags::MBIND) && !wanted.flags.has(SectionFlags::ALLOC) {
        let shown = String::from_utf8_lossy(wanted.name);
        return Err(format!("SHF_ALLOC isn't set for GNU_MBIND section: {shown}"));
    }
    if eat_word(line, b"unique") {
        line.expect(b',')?;
        let value = number(asm, line)?;
        let value = u32::try_from(value).map_err(|_| "unsupported section id")?;
        wanted.unique = u64::from(value) + 1;
    }
    Ok(told)
}

/// A comma and that word, if they stand here.
fn eat_word(line: &mut Cursor, word: &[u8]) -> bool {
    let mut ahead = *line;
    let found = ahead.eat(b',') && ahead.word() == Some(word);
    if found {
        *line = ahead;
    }
    found
}

fn group_name(asm: &mut Assembler, line: &mut Cursor) -> Result<SymRef, String> {
    if line.peek() == b'"' {
        let name = line.string()?;
        return Ok(asm.tables.named(&name));
    }
    let name = line.run(|b| b.is_ascii_graphic() && b != b',' || b >= 0x80);
    if name.is_empty() {
        return Err("group name for SHF_GROUP not specified".into());
    }
    Ok(asm.tables.named(name))
}

struct Letters {
    flags: SectionFlags,
    /// As the format numbers them: what was said as a number and has no letter.
    more: u64,
    in_group: bool,
    /// In the group of the section at hand, if it is in one.
    same_group: bool,
}

fn section_flags(text: &[u8]) -> Result<Letters, String> {
    let mut found = Letters { flags: SectionFlags::NONE, more: 0, in_group: false, same_group: false };
    let mut at = 0;
    while let Some(&letter) = text.get(at) {
        at += 1;
        found.flags = found.flags.with(match letter {
            b'a' => SectionFlags::ALLOC,
            b'w' => SectionFlags::WRITE,
            b'x' => SectionFlags::EXEC,
            b'M' => SectionFlags::MERGE,
            b'S' => SectionFlags::STRINGS,
            b'T' => SectionFlags::TLS,
            b'e' => SectionFlags::EXCLUDE,
            b'R' => SectionFlags::RETAIN,
            b'l' => SectionFlags::LARGE,
            b'o' => SectionFlags::LINK_ORDER,
            b'G' => {
                found.in_group = true;
                continue;
            }
            b'?' => {
                found.same_group = true;
                continue;
            }
            b'd' => SectionFlags::MBIND,
            b'0'..=b'9' => {
                let (value, len) = leading_number(&text[at - 1..]);
                at += len - 1;
                let mut flags = SectionFlags::NONE;
                let mut rest = value;
                for &(flag, bit) in FLAG_BITS {
                    if value & bit != 0 {
                        (flags, rest) = (flags.with(flag), rest & !bit);
                    }
                }
                found.more |= rest;
                flags
            }
            _ => {
                let shown = char::from(letter);
                return Err(format!(
                    "unrecognized .section attribute: want a,e,o,w,x,M,S,G,T or number, not ‘{shown}’"
                ));
            }
        });
    }
    Ok(found)
}

/// Flags by the bits that a number gives them (gABI, `sh_flags`).
static FLAG_BITS: &[(SectionFlags, u64)] = &[
    (SectionFlags::WRITE, 1),
    (SectionFlags::ALLOC, 2),
    (SectionFlags::EXEC, 4),
    (SectionFlags::MERGE, 0x10),
    (SectionFlags::STRINGS, 0x20),
    (SectionFlags::TLS, 0x400),
    (SectionFlags::RETAIN, 0x20_0000),
    (SectionFlags::MBIND, 0x100_0000),
    (SectionFlags::EXCLUDE, 0x8000_0000),
];

/// The number that a text begins with, as C writes numbers, and its length.
fn leading_number(text: &[u8]) -> (u64, usize) {
    let (radix, skip) = match text {
        [b'0', b'x' | b'X', digit, ..] if digit.is_ascii_hexdigit() => (16, 2),
        [b'0', ..] => (8, 0),
        _ => (10, 0),
    };
    let digits = text[skip..].iter().map_while(|&b| char::from(b).to_digit(radix));
    let (value, len) = digits.fold((0u64, skip), |(value, len), digit| {
        (value.wrapping_mul(u64::from(radix)).wrapping_add(u64::from(digit)), len + 1)
    });
    (value, len.max(1))
}

fn kind_of_type(name: &[u8]) -> Result<SectionKind, String> {
    Ok(match name {
        b"progbits" => SectionKind::Progbits,
        b"nobits" => SectionKind::Nobits,
        b"note" => SectionKind::Note,
        b"init_array" => SectionKind::InitArray,
        b"fini_array" => SectionKind::FiniArray,
        b"preinit_array" => SectionKind::PreinitArray,
        b"unwind" => SectionKind::Unwind,
        [b'0'..=b'9', ..] => {
            let number = Cursor::new(name).number().and_then(|number| u32::try_from(number).ok());
            match number.ok_or("section type does not fit")? {
                1 => SectionKind::Progbits,
                7 => SectionKind::Note,
                8 => SectionKind::Nobits,
                14 => SectionKind::InitArray,
                15 => SectionKind::FiniArray,
                16 => SectionKind::PreinitArray,
                number => SectionKind::Other(number),
            }
        }
        _ => return Err("unrecognized section type".into()),
    })
}

/// `.struct OFFSET`: labels of a section that is nowhere.
pub(crate) fn structure(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let origin = if line.is_end() { 0 } else { number(asm, line)? };
    let wanted = Wanted { unique: asm.sections.len() as u64 + 1, kind: SectionKind::Nobits, ..Wanted::plain(ABSOLUTE) };
    let section = asm.section(&wanted, Told::default());
    let piece = asm.piece_of(section, 0);
    asm.switch(piece);
    let code = asm.code();
    if origin > 0 {
        let len = u32::try_from(origin).map_err(|_| "an offset is too large")?;
        let fill = mc::relax::Fill::Pattern([0; 8], 1);
        code.spot(mc::relax::Spot { kind: SpotKind::Fixed, fill, len, want: 0 });
    }
    Ok(())
}

/// Name of the sections that `.struct` makes: what lies in them are numbers.
pub(crate) const ABSOLUTE: &[u8] = b"*ABS*";

pub(crate) fn linkonce(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    asm.tables.warn(".linkonce is not supported for this object file format");
    Ok(())
}

/// `.attach_to_group NAME`
pub(crate) fn attach(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let group = symbol(asm, line)?;
    let own = asm.pieces[asm.tables.piece as usize].section;
    match asm.sections.get_mut(own as usize) {
        Some(section) if section.group.is_none() => section.group = Some(group),
        Some(section) => {
            let shown = String::from_utf8_lossy(&section.name).into_owned();
            asm.tables.warn(format!("section {shown} already has a group"));
        }
        None => return Err("a function is in no group".into()),
    }
    Ok(())
}

/// `.ident "TEXT"`: into `.comment`, which begins with an empty string.
pub(crate) fn ident(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let mut text = line.string()?;
    if !asm.is_file {
        return Ok(());
    }
    text.push(0);
    let flags = SectionFlags::MERGE.with(SectionFlags::STRINGS);
    let section = asm.section(&Wanted { flags, entry_size: 1, ..Wanted::plain(b".comment") }, Told::default());
    let piece = asm.piece_of(section, 0);
    let code = &mut asm.pieces[piece as usize].code;
    if code.is_empty() {
        code.put(0, 1);
    }
    code.put_bytes(&text);
    Ok(())
}

/// `.version "TEXT"`: a note of type 1.
pub(crate) fn version(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let mut text = line.string()?;
    text.push(0);
    let section = asm.section(&Wanted::plain(b".note"), Told::default());
    let piece = asm.piece_of(section, 0);
    asm.sections[section as usize].align = asm.sections[section as usize].align.max(4);
    let code = &mut asm.pieces[piece as usize].code;
    code.put(text.len() as u64, 8);
    code.put(1, 4);
    text.resize(text.len().next_multiple_of(4), 0);
    code.put_bytes(&text);
    Ok(())
}

impl Assembler {
    /// Whether what lies in the piece are numbers.
    pub(crate) fn is_absolute(&self, piece: u32) -> bool {
        let piece = &self.pieces[piece as usize];
        piece.is_nobits && self.sections.get(piece.section as usize).is_some_and(|section| *section.name == *ABSOLUTE)
    }
}

/// What `.struct` gives a label is a number.
///
/// Their code has its lengths.
pub(crate) fn settle_absolute(asm: &mut Assembler) {
    if !asm.sections.iter().any(|section| *section.name == *ABSOLUTE) {
        return;
    }
    let mut found = Vec::new();
    for (idx, sym) in asm.tables.syms.iter().enumerate() {
        if let Place::At(piece, mark) = sym.place
            && asm.is_absolute(piece)
        {
            let code = &asm.pieces[piece as usize].code;
            found.push((idx, i64::from(code.place(mark))));
        }
    }
    for (idx, value) in found {
        asm.tables.syms[idx].place = Place::Value(crate::Expr::number(value));
    }
}
