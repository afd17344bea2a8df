//! Names, flags, addresses and contents of the sections that go along, and the sections that the plan adds.

use super::{File, Result, Section, refuse, shown};
use crate::defs::{
    CHDR_SIZE, SHF_ALLOC, SHF_COMPRESSED, SHF_EXCLUDE, SHF_EXECINSTR, SHF_GROUP, SHF_MERGE, SHF_STRINGS, SHF_WRITE,
    SHF_X86_64_LARGE, SHT_FINI_ARRAY, SHT_INIT_ARRAY, SHT_NOBITS, SHT_NOTE, SHT_PREINIT_ARRAY, SHT_PROGBITS,
};
use crate::raw::{Shdr, u32_at, u64_at};
use base::bytes::{put_u32, put_u64};
use obj::copy::{Compression, Plan, SectionWords, Strip};
use std::borrow::Cow;
use std::io::Write;

const ELFCOMPRESS_ZLIB: u32 = 1;
/// Old GNU compression: the magic, the size as a big-endian number of 8 bytes, the data, in a section named `.zdebug…`.
const GNU_ZLIB_MAGIC: &[u8] = b"ZLIB";
const DEBUG_LINK: &[u8] = b".gnu_debuglink";

/// Contents of the sections that the caller wants to have.
pub(super) fn dumped(file: &mut File<'_>, plan: &Plan) -> Result<Vec<(Vec<u8>, Vec<u8>)>> {
    let mut dumps = Vec::new();
    for name in &plan.sections.dump {
        match file.sections.iter().find(|section| *section.name == **name) {
            Some(section) if section.has_contents() => dumps.push((name.clone(), section.data.to_vec())),
            Some(_) => file.complaints.push(format!("cannot dump section ‘{}’: it has no contents", shown(name))),
            None => file.complaints.push(format!("cannot dump section ‘{}’: it does not exist", shown(name))),
        }
    }
    Ok(dumps)
}

/// Carries out the plan on the sections.
pub(super) fn edit(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    if plan.extract_symbols {
        return refuse("‘--extract-symbol’ is not supported");
    }
    for section in file.sections.iter_mut().filter(|section| section.keep) {
        rename(section, plan);
        reflag(section, plan)?;
        readdress(section, plan);
        if let Some(&align) = plan.sections.set_align.find(&section.old_name) {
            section.header.align = align;
        }
    }
    update(file, plan)?;
    add(file, plan)?;
    link_debug(file, plan);
    for section in file.sections.iter_mut().filter(|section| section.keep && section.is_debug()) {
        match plan.compression {
            Compression::AsIs => {}
            Compression::Zlib => compress(section)?,
            Compression::Expand => expand(section)?,
        }
    }
    let start = plan.set_start.unwrap_or(file.entry);
    file.entry = start.wrapping_add_signed(plan.change_start);
    Ok(())
}

fn rename(section: &mut Section<'_>, plan: &Plan) {
    let edits = &plan.sections;
    if let Some(rename) = edits.rename.iter().find(|rename| *rename.old == *section.old_name) {
        section.name = Cow::Owned(rename.new.clone());
    }
    let prefix = if section.is_alloc() && !edits.prefix_alloc.is_empty() { &edits.prefix_alloc } else { &edits.prefix };
    if !prefix.is_empty() {
        section.name = Cow::Owned([prefix, &*section.name].concat());
    }
}

fn reflag(section: &mut Section<'_>, plan: &Plan) -> Result<()> {
    let renamed = plan.sections.rename.iter().find(|rename| *rename.old == *section.old_name);
    if let Some(words) = renamed.and_then(|rename| rename.flags) {
        set_flags(section, words)?;
    }
    if let Some(&words) = plan.sections.set_flags.find(&section.old_name) {
        set_flags(section, words)?;
    } else if plan.strip == Strip::NonDebug && section.is_alloc() && section.header.kind != SHT_NOTE {
        section.header.kind = SHT_NOBITS;
        section.data = Cow::Borrowed(&[]);
    }
    Ok(())
}

/// Replaces the flags that the words can say. Contents cannot be taken away by a word, only given.
fn set_flags(section: &mut Section<'_>, words: SectionWords) -> Result<()> {
    let header = &mut section.header;
    let kept = header.flags & (SHF_GROUP | SHF_COMPRESSED);
    let mut flags = kept;
    for (set, flag) in [
        (words.alloc, SHF_ALLOC),
        (!words.readonly, SHF_WRITE),
        (words.code, SHF_EXECINSTR),
        (words.merge, SHF_MERGE),
        (words.strings, SHF_STRINGS),
        (words.exclude, SHF_EXCLUDE),
        (words.large, SHF_X86_64_LARGE),
    ] {
        if set {
            flags |= flag;
        }
    }
    header.flags = flags;
    section.never_load = words.noload;
    if header.kind == SHT_NOBITS && words.contents {
        header.kind = SHT_PROGBITS;
        // A size in a header costs nothing; the zeros that it asks for do.
        const MAX_ZEROS: u64 = 1 << 32;
        if header.size > MAX_ZEROS {
            return refuse(format!("section {} is too large to be given contents", shown(&section.name)));
        }
        section.data = Cow::Owned(vec![0; header.size as usize]);
    }
    if words.alloc && words.noload && header.kind == SHT_PROGBITS {
        header.kind = SHT_NOBITS;
        section.data = Cow::Borrowed(&[]);
    }
    Ok(())
}

fn readdress(section: &mut Section<'_>, plan: &Plan) {
    let edits = &plan.sections;
    let all = edits.change_all;
    let vma = section.header.addr;
    section.header.addr =
        edits.change_vma.find(&section.old_name).map_or(vma.wrapping_add_signed(all), |c| c.apply(vma));
    let lma = section.lma;
    section.lma = edits.change_lma.find(&section.old_name).map_or(lma.wrapping_add_signed(all), |c| c.apply(lma));
}

fn update(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    for (name, contents) in &plan.sections.update {
        let found = file.sections.iter_mut().find(|section| section.keep && *section.old_name == **name);
        let Some(section) = found else {
            return refuse(format!("section {} not found, cannot be updated", shown(name)));
        };
        if section.fixed && contents.len() as u64 > section.header.size {
            return refuse(format!("section {} is loaded: it cannot grow", shown(name)));
        }
        if section.header.kind == SHT_NOBITS {
            return refuse(format!("section {} has no contents to be updated", shown(name)));
        }
        section.header.size = contents.len() as u64;
        section.header.flags &= !SHF_COMPRESSED;
        section.data = Cow::Owned(contents.clone());
    }
    Ok(())
}

/// Adds the plan's sections; the last one asked for comes first, as with GNU objcopy.
fn add(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    for (name, contents) in plan.sections.add.iter().rev() {
        if file.sections.iter().any(|section| section.keep && *section.name == **name) {
            return refuse(format!("cannot add section ‘{}’: it exists", shown(name)));
        }
        let mut section = made(name, contents.clone());
        let edits = &plan.sections;
        if let Some(&words) = edits.set_flags.find(name) {
            set_flags(&mut section, words)?;
        }
        section.header.addr = edits.change_vma.find(name).map_or(0, |change| change.apply(0));
        section.lma = edits.change_lma.find(name).map_or(section.header.addr, |change| change.apply(0));
        if let Some(&align) = edits.set_align.find(name) {
            section.header.align = align;
        }
        file.sections.push(section);
    }
    Ok(())
}

/// A new section that is not loaded; its type follows from its name.
fn made<'a>(name: &[u8], contents: Vec<u8>) -> Section<'a> {
    let kind = match name {
        b".note.GNU-stack" => SHT_PROGBITS,
        _ if name.starts_with(b".note") => SHT_NOTE,
        _ if name.starts_with(b".init_array") => SHT_INIT_ARRAY,
        _ if name.starts_with(b".fini_array") => SHT_FINI_ARRAY,
        _ if name.starts_with(b".preinit_array") => SHT_PREINIT_ARRAY,
        _ => SHT_PROGBITS,
    };
    let header = Shdr { kind, size: contents.len() as u64, align: 1, ..Shdr::default() };
    Section::new(Cow::Owned(name.to_vec()), header, Cow::Owned(contents))
}

/// `.gnu_debuglink`: the name, filled up to four bytes, and the checksum of the file (gdb, "Separate Debug Files").
fn link_debug(file: &mut File<'_>, plan: &Plan) {
    let Some(link) = &plan.sections.debug_link else { return };
    if file.sections.iter().any(|section| section.keep && *section.name == *DEBUG_LINK) {
        file.warnings.push("debuglink section already exists".into());
        return;
    }
    let mut contents = link.name.clone();
    contents.push(0);
    contents.resize(contents.len().next_multiple_of(4), 0);
    contents.extend_from_slice(&link.crc.to_le_bytes());
    let mut section = made(DEBUG_LINK, contents);
    section.header.align = 4;
    file.sections.push(section);
}

/// Compresses a debug section, if that makes it smaller (gABI, "Section Compression").
fn compress(section: &mut Section<'_>) -> Result<()> {
    if !section.has_contents() || section.data.is_empty() {
        return Ok(());
    }
    // What has the old form gets the standard one.
    if section.data.starts_with(GNU_ZLIB_MAGIC) && section.name.starts_with(b".zdebug") {
        expand(section)?;
    }
    if section.header.flags & SHF_COMPRESSED != 0 {
        return Ok(());
    }
    let mut out = vec![0; CHDR_SIZE];
    put_u32(&mut out, 0, ELFCOMPRESS_ZLIB);
    put_u64(&mut out, 8, section.data.len() as u64);
    put_u64(&mut out, 16, section.header.align);
    let mut encoder = flate2::write::ZlibEncoder::new(out, flate2::Compression::default());
    let written = encoder.write_all(&section.data).and_then(|()| encoder.finish());
    let out = written.map_err(|e| obj::copy::CopyError::Plan(format!("cannot compress: {e}")))?;
    if out.len() < section.data.len() {
        section.header.flags |= SHF_COMPRESSED;
        section.header.align = 8;
        section.data = Cow::Owned(out);
    }
    Ok(())
}

/// Expands a compressed debug section.
fn expand(section: &mut Section<'_>) -> Result<()> {
    let fail = |text: String| obj::copy::CopyError::Plan(text);
    if section.header.flags & SHF_COMPRESSED != 0 {
        let name = shown(&section.name).into_owned();
        let align = u64_at(&section.data, 16);
        let plain = crate::link::inflate(&section.data).map_err(|e| fail(format!("section {name}: {e}")))?;
        section.header.align = if align.is_power_of_two() { align } else { 1 };
        section.header.flags &= !SHF_COMPRESSED;
        section.data = Cow::Owned(plain);
        return Ok(());
    }
    if section.data.starts_with(GNU_ZLIB_MAGIC)
        && let Some(rest) = section.name.strip_prefix(b".zdebug")
        && section.data.len() >= 12
    {
        let size =
            u64::from(u32_at(&section.data, 4).swap_bytes()) << 32 | u64::from(u32_at(&section.data, 8).swap_bytes());
        let mut standard = vec![0; CHDR_SIZE];
        put_u32(&mut standard, 0, ELFCOMPRESS_ZLIB);
        put_u64(&mut standard, 8, size);
        standard.extend_from_slice(&section.data[12..]);
        let name = [b".debug", rest].concat();
        let plain = crate::link::inflate(&standard).map_err(|e| fail(format!("section {}: {e}", shown(&name))))?;
        section.name = Cow::Owned(name);
        section.data = Cow::Owned(plain);
    }
    Ok(())
}
