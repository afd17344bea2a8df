//! The bytes of the output: numbers of sections and symbols, the tables that refer to them, headers.

use super::layout::{Layout, layout};
use super::strings::{StringTable, Strings};
use super::symbols::{entries, ordered};
use super::{File, Place, Relocs, Result, Role, Section, refuse, shown};
use crate::defs::{
    EHDR_SIZE, PHDR_SIZE, REL_SIZE, RELA_SIZE, SHDR_SIZE, SHF_ALLOC, SHF_GROUP, SHF_INFO_LINK, SHN_LORESERVE,
    SHN_XINDEX, SHT_DYNSYM, SHT_FINI_ARRAY, SHT_GROUP, SHT_INIT_ARRAY, SHT_NOBITS, SHT_PREINIT_ARRAY, SHT_REL,
    SHT_RELA, SHT_STRTAB, SHT_SYMTAB, SHT_SYMTAB_SHNDX, STT_SECTION, SYM_SIZE,
};
use crate::raw::{Phdr, Shdr, u32_at};
use base::bytes::{put_u16, put_u32, put_u64};
use obj::copy::{Plan, Strip};
use std::borrow::Cow;

/// What a section of the output holds, which also says in which round it is placed.
pub(super) enum Body<'f> {
    Contents(Cow<'f, [u8]>),
    /// The symbol table, what belongs to it, its names.
    Symbols(Vec<u8>),
    Relocs(Vec<u8>),
    /// The names of sections.
    Names(Vec<u8>),
}

impl Body<'_> {
    pub fn is_contents(&self) -> bool {
        matches!(self, Body::Contents(_))
    }
    pub fn is_symbols(&self) -> bool {
        matches!(self, Body::Symbols(_))
    }
    pub fn is_relocs(&self) -> bool {
        matches!(self, Body::Relocs(_))
    }
    pub fn is_names(&self) -> bool {
        matches!(self, Body::Names(_))
    }

    fn bytes(&self) -> &[u8] {
        match self {
            Body::Contents(bytes) => bytes,
            Body::Symbols(bytes) | Body::Relocs(bytes) | Body::Names(bytes) => bytes,
        }
    }
}

/// A section of the output.
pub(super) struct OutSection<'f> {
    pub name: Cow<'f, [u8]>,
    /// Complete but for `name` and `offset`.
    pub header: Shdr,
    pub body: Body<'f>,
    /// Index in [`File::sections`].
    pub source: Option<usize>,
    /// In the loaded part: has its place.
    pub fixed: bool,
    pub was_nobits: bool,
    pub placed: bool,
}

/// The tables that are made anew, by their numbers in the output; 0 for none.
#[derive(Clone, Copy, Default)]
struct Tables {
    symtab: u32,
    xindex: u32,
    strtab: u32,
    names: u32,
}

/// Bytes of an entry of the arrays of functions that run before and after `main`.
const ADDRESS_SIZE: u64 = 8;

/// Writes the file.
pub(super) fn write(file: &mut File<'_>, plan: &Plan) -> Result<Vec<u8>> {
    let order = ordered(file, plan);
    for (n, &at) in order.iter().enumerate() {
        file.symbols[at].out = n as u32 + 1;
    }
    let has_relocs = file.sections.iter().any(|section| section.keep && section.relocs.is_some());
    let needs_symtab = !order.is_empty() || (!file.linked && has_relocs && plan.strip != Strip::All);
    let tables = number(file, needs_symtab);
    let file = &*file;
    let sequence = sequence(file);
    let mut out = Vec::with_capacity(tables.names as usize + 1);
    for &at in &sequence {
        let section = &file.sections[at];
        out.push(contents(file, at, tables)?);
        if let Some(relocs) = &section.relocs {
            out.push(reloc_section(file, section, relocs, tables)?);
        }
    }
    if needs_symtab {
        out.extend(symbol_tables(file, &order, tables)?);
    }
    let names = name_table(&mut out, needs_symtab);
    out.push(names);
    debug_assert_eq!(out.len(), tables.names as usize);
    let layout = layout(file, plan, &mut out)?;
    emit(file, &out, &layout, tables)
}

/// The sections that go along, in the order of the output: groups first.
fn sequence(file: &File<'_>) -> Vec<usize> {
    let kept = || (0..file.sections.len()).filter(|&at| file.sections[at].keep);
    let is_group = |&at: &usize| file.sections[at].group.is_some();
    kept().filter(is_group).chain(kept().filter(|at| !is_group(at))).collect()
}

/// Numbers the sections of the output.
fn number(file: &mut File<'_>, needs_symtab: bool) -> Tables {
    let mut next = 1;
    let mut take = || {
        next += 1;
        next - 1
    };
    for at in sequence(file) {
        let section = &mut file.sections[at];
        section.out = take();
        if let Some(relocs) = &mut section.relocs {
            relocs.out = take();
        }
    }
    let mut tables = Tables::default();
    if needs_symtab {
        tables.symtab = take();
        let wide = file.sections.iter().any(|section| section.out >= u32::from(SHN_LORESERVE));
        tables.xindex = if wide { take() } else { 0 };
        tables.strtab = take();
    }
    tables.names = take();
    tables
}

/// What index `idx` of the input is in the output, 0 when it is not there.
fn renumbered(file: &File<'_>, idx: u32, tables: Tables) -> u32 {
    match file.roles.get(idx as usize) {
        Some(&Role::Section(at)) if file.sections[at].keep => file.sections[at].out,
        Some(&Role::Relocs(at)) if file.sections[at].keep => file.sections[at].relocs.as_ref().map_or(0, |r| r.out),
        Some(Role::Symtab) => tables.symtab,
        Some(Role::Strtab) => tables.strtab,
        Some(Role::Xindex) => tables.xindex,
        Some(Role::Names) => tables.names,
        _ => 0,
    }
}

/// A section with its contents and the numbers of what it refers to.
fn contents<'f>(file: &'f File<'_>, at: usize, tables: Tables) -> Result<OutSection<'f>> {
    let section = &file.sections[at];
    let mut header = section.header;
    let is_relocs = matches!(section.old_kind, SHT_REL | SHT_RELA);
    let to_symtab = file.roles.get(header.link as usize) == Some(&Role::Symtab);
    // What indexes the old symbol table in a way that only its maker knows is no longer tied to the new one.
    header.link = if to_symtab && !is_relocs { 0 } else { renumbered(file, header.link, tables) };
    // Some linkers leave it out.
    if matches!(header.kind, SHT_INIT_ARRAY | SHT_FINI_ARRAY | SHT_PREINIT_ARRAY) {
        header.entsize = ADDRESS_SIZE;
    }
    if is_relocs && section.header.link == 0 && section.is_alloc() && section.has_contents() {
        // A static program's: they name no symbols, but the table has to be one.
        let dynamic = file.sections.iter().find(|other| other.keep && other.old_kind == SHT_DYNSYM);
        header.link = dynamic.map_or(tables.symtab, |dynamic| dynamic.out);
    }
    if is_relocs || header.flags & SHF_INFO_LINK != 0 {
        header.info = renumbered(file, header.info, tables);
        if header.kind == SHT_NOBITS {
            header.flags &= !SHF_INFO_LINK;
        }
    }
    let mut body = Cow::Borrowed(&*section.data);
    if let Some(group) = &section.group
        && header.kind == SHT_GROUP
    {
        let mut words = group.flags.to_le_bytes().to_vec();
        let members = group.members.iter().map(|&member| renumbered(file, member, tables));
        members.filter(|&member| member != 0).for_each(|member| words.extend_from_slice(&member.to_le_bytes()));
        header.link = tables.symtab;
        header.info = group.signature.map_or(0, |signature| file.symbols[signature].out);
        body = Cow::Owned(words);
    }
    if section.has_contents() {
        header.size = body.len() as u64;
    }
    Ok(OutSection {
        name: Cow::Borrowed(&section.name),
        header,
        body: Body::Contents(body),
        source: Some(at),
        fixed: section.fixed,
        was_nobits: section.old_kind == SHT_NOBITS,
        placed: false,
    })
}

fn reloc_section<'f>(
    file: &File<'_>,
    section: &Section<'_>,
    relocs: &Relocs<'_>,
    tables: Tables,
) -> Result<OutSection<'f>> {
    let size = if relocs.rela { RELA_SIZE } else { REL_SIZE };
    let mut data = Vec::with_capacity(relocs.data.len());
    for entry in entries(relocs) {
        let idx = u32_at(entry, 12);
        let at = data.len();
        data.extend_from_slice(entry);
        if idx == 0 {
            continue;
        }
        let Some(symbol) = file.symbols.get(idx as usize).filter(|symbol| symbol.keep) else {
            let name = file.symbols.get(idx as usize).map_or(Cow::Borrowed(""), |symbol| match symbol.place {
                Place::Section(at) if symbol.name.is_empty() => shown(&file.sections[at].name),
                _ => shown(&symbol.name),
            });
            return refuse(format!(
                "symbol ‘{name}’ is needed by relocations of section {} but not copied",
                shown(&section.name)
            ));
        };
        put_u32(&mut data, at + 12, symbol.out);
    }
    let prefix: &[u8] = if relocs.rela { b".rela" } else { b".rel" };
    Ok(OutSection {
        name: Cow::Owned([prefix, &*section.name].concat()),
        header: Shdr {
            kind: if relocs.rela { SHT_RELA } else { SHT_REL },
            flags: SHF_INFO_LINK | if relocs.in_group { SHF_GROUP } else { 0 },
            size: data.len() as u64,
            link: tables.symtab,
            info: section.out,
            align: 8,
            entsize: size as u64,
            ..Shdr::default()
        },
        body: Body::Relocs(data),
        source: None,
        fixed: false,
        was_nobits: false,
        placed: false,
    })
}

/// The symbol table, the section indices that do not fit into it, and its names.
fn symbol_tables<'f>(file: &File<'_>, order: &[usize], tables: Tables) -> Result<Vec<OutSection<'f>>> {
    let mut strings = Strings::default();
    let numbers: Vec<Option<u32>> = order.iter().map(|&at| symbol_name(file, at).map(|n| strings.add(n))).collect();
    let strings = strings.finish();
    let mut records = vec![0; SYM_SIZE];
    let mut wide = vec![0; 4];
    records.reserve(order.len() * SYM_SIZE);
    for (&at, number) in order.iter().zip(numbers) {
        let symbol = &file.symbols[at];
        let mut record = [0; SYM_SIZE];
        put_u32(&mut record, 0, number.map_or(0, |number| strings.offset(number)));
        record[4] = symbol.binding << 4 | symbol.kind;
        record[5] = symbol.other;
        let (idx, value) = match symbol.place {
            Place::Undefined => (0, symbol.value),
            Place::Reserved(idx) => (u32::from(idx), symbol.value),
            Place::Table(role) => (table_number(file, role, tables), symbol.value),
            Place::Section(at) => (file.sections[at].out, symbol.value.wrapping_add(moved(file, at))),
        };
        let is_wide = !matches!(symbol.place, Place::Reserved(_)) && idx >= u32::from(SHN_LORESERVE);
        put_u16(&mut record, 6, if is_wide { SHN_XINDEX } else { idx as u16 });
        wide.extend_from_slice(&(if is_wide { idx } else { 0 }).to_le_bytes());
        put_u64(&mut record, 8, value);
        put_u64(&mut record, 16, symbol.size);
        records.extend_from_slice(&record);
    }
    let n_locals = order.iter().take_while(|&&at| !file.symbols[at].is_global()).count() as u32;
    let table = |name: &'static [u8], kind, link, info, align, entsize, data: Vec<u8>| OutSection {
        name: Cow::Borrowed(name),
        header: Shdr { kind, size: data.len() as u64, link, info, align, entsize, ..Shdr::default() },
        body: Body::Symbols(data),
        source: None,
        fixed: false,
        was_nobits: false,
        placed: false,
    };
    let mut out = vec![table(b".symtab", SHT_SYMTAB, tables.strtab, 1 + n_locals, 8, SYM_SIZE as u64, records)];
    if tables.xindex != 0 {
        out.push(table(b".symtab_shndx", SHT_SYMTAB_SHNDX, tables.symtab, 0, 4, 4, wide));
    }
    out.push(table(b".strtab", SHT_STRTAB, 0, 0, 1, 0, strings.bytes));
    Ok(out)
}

/// The name that is written: a section's symbol has none of its own.
fn symbol_name<'f>(file: &'f File<'_>, at: usize) -> Option<&'f [u8]> {
    let symbol = &file.symbols[at];
    (symbol.kind != STT_SECTION || symbol.is_global()).then_some(&*symbol.name)
}

fn table_number(file: &File<'_>, role: Role, tables: Tables) -> u32 {
    match role {
        Role::Relocs(at) => file.sections[at].relocs.as_ref().map_or(0, |relocs| relocs.out),
        Role::Symtab => tables.symtab,
        Role::Strtab => tables.strtab,
        Role::Xindex => tables.xindex,
        Role::Names => tables.names,
        Role::None | Role::Section(_) => 0,
    }
}

/// How far a section of a linked file moved in memory, and its symbols with it.
fn moved(file: &File<'_>, at: usize) -> u64 {
    let section = &file.sections[at];
    if file.linked { section.header.addr.wrapping_sub(section.old_addr) } else { 0 }
}

/// Makes the names of sections and enters them into the headers.
fn name_table<'f>(out: &mut [OutSection<'f>], has_symtab: bool) -> OutSection<'f> {
    const OWN: &[u8] = b".shstrtab";
    let table: StringTable;
    let (numbers, own) = {
        let mut strings = Strings::default();
        if has_symtab {
            strings.add(b".symtab");
            strings.add(b".strtab");
        }
        let own = strings.add(OWN);
        // Names are entered in the order of the input's sections, groups or not.
        let mut by_source: Vec<usize> = (0..out.len()).filter(|&n| out[n].source.is_some()).collect();
        by_source.sort_by_key(|&n| out[n].source);
        for n in by_source {
            strings.add(&out[n].name);
            if let Some(next) = out.get(n + 1).filter(|next| next.body.is_relocs()) {
                strings.add(&next.name);
            }
        }
        let numbers: Vec<u32> = out.iter().map(|section| strings.add(&section.name)).collect();
        table = strings.finish();
        (numbers, own)
    };
    for (section, number) in out.iter_mut().zip(numbers) {
        section.header.name = table.offset(number);
    }
    let name = table.offset(own);
    OutSection {
        name: Cow::Borrowed(OWN),
        header: Shdr { name, kind: SHT_STRTAB, size: table.bytes.len() as u64, align: 1, ..Shdr::default() },
        body: Body::Names(table.bytes),
        source: None,
        fixed: false,
        was_nobits: false,
        placed: false,
    }
}

/// Puts everything into one buffer.
fn emit(file: &File<'_>, out: &[OutSection<'_>], layout: &Layout, tables: Tables) -> Result<Vec<u8>> {
    let n_sections = out.len() + 1;
    let size = layout.shoff.saturating_add((n_sections * SHDR_SIZE) as u64);
    // Contents come from the input or the plan: what is much larger was made so by hostile alignments or addresses.
    let body_size: u64 = out.iter().map(|section| section.body.bytes().len() as u64).sum();
    let plausible = (body_size + file.bytes.len() as u64) * 2 + (n_sections as u64 + 16) * (1 << 16) + (1 << 20);
    if size > plausible.max(1 << 30) {
        return refuse(format!("the output would have {size} bytes: the file's alignments or addresses are absurd"));
    }
    let mut bytes = vec![0; size as usize];
    for &(offset, size) in &layout.copied {
        let range = offset as usize..(offset + size) as usize;
        bytes[range.clone()].copy_from_slice(&file.bytes[range]);
    }
    // What was loaded and is gone is not there any more.
    for section in file.sections.iter().filter(|s| s.fixed && !s.keep && s.header.kind != SHT_NOBITS) {
        let start = section.header.offset as usize;
        let end = start + section.data.len();
        if let Some(range) = bytes.get_mut(start..end).filter(|_| end as u64 <= layout.shoff) {
            range.fill(0);
        }
    }
    for section in out.iter().filter(|section| section.header.kind != SHT_NOBITS) {
        let body = section.body.bytes();
        let start = section.header.offset as usize;
        let Some(place) = bytes.get_mut(start..start.saturating_add(body.len())) else {
            return refuse(format!("section {} has no place in the output", shown(&section.name)));
        };
        place.copy_from_slice(body);
    }
    clear_behind_shrunk(file, &mut bytes);
    put_headers(file, out, layout, tables, &mut bytes);
    Ok(bytes)
}

/// A loaded section that was given less contents ends in zeros.
fn clear_behind_shrunk(file: &File<'_>, bytes: &mut [u8]) {
    for section in file.sections.iter().filter(|s| s.keep && s.fixed && s.has_contents() && s.old_kind != SHT_NOBITS) {
        let start = section.header.offset.saturating_add(section.data.len() as u64);
        let end = section.header.offset.saturating_add(section.old_size);
        if start < end
            && section.header.flags & SHF_ALLOC != 0
            && let Some(rest) = bytes.get_mut(start as usize..end as usize)
        {
            rest.fill(0);
        }
    }
}

fn put_headers(file: &File<'_>, out: &[OutSection<'_>], layout: &Layout, tables: Tables, bytes: &mut [u8]) {
    let n_sections = out.len() as u64 + 1;
    let many = n_sections >= u64::from(SHN_LORESERVE);
    bytes[..EHDR_SIZE].copy_from_slice(&file.bytes[..EHDR_SIZE]);
    put_u16(bytes, 16, file.kind);
    put_u64(bytes, 24, file.entry);
    put_u64(bytes, 32, layout.phoff);
    put_u64(bytes, 40, layout.shoff);
    put_u16(bytes, 52, EHDR_SIZE as u16);
    let n_phdrs = layout.phdrs.len();
    put_u16(bytes, 54, if n_phdrs > 0 { PHDR_SIZE as u16 } else { 0 });
    put_u16(bytes, 56, n_phdrs.min(0xffff) as u16);
    put_u16(bytes, 58, SHDR_SIZE as u16);
    put_u16(bytes, 60, if many { 0 } else { n_sections as u16 });
    let names_fit = tables.names < u32::from(SHN_LORESERVE);
    put_u16(bytes, 62, if names_fit { tables.names as u16 } else { SHN_XINDEX });
    let mut at = layout.phoff as usize;
    for phdr in &layout.phdrs {
        put_phdr(bytes, at, phdr);
        at += PHDR_SIZE;
    }
    let first = Shdr {
        size: if many { n_sections } else { 0 },
        link: if names_fit { 0 } else { tables.names },
        info: if n_phdrs >= 0xffff { n_phdrs as u32 } else { 0 },
        ..Shdr::default()
    };
    let mut at = layout.shoff as usize;
    for header in std::iter::once(&first).chain(out.iter().map(|section| &section.header)) {
        put_shdr(bytes, at, header);
        at += SHDR_SIZE;
    }
}

fn put_phdr(bytes: &mut [u8], at: usize, phdr: &Phdr) {
    put_u32(bytes, at, phdr.kind);
    put_u32(bytes, at + 4, phdr.flags);
    for (n, value) in [phdr.offset, phdr.vaddr, phdr.paddr, phdr.filesz, phdr.memsz, phdr.align].into_iter().enumerate()
    {
        put_u64(bytes, at + 8 + n * 8, value);
    }
}

fn put_shdr(bytes: &mut [u8], at: usize, shdr: &Shdr) {
    put_u32(bytes, at, shdr.name);
    put_u32(bytes, at + 4, shdr.kind);
    put_u64(bytes, at + 8, shdr.flags);
    put_u64(bytes, at + 16, shdr.addr);
    put_u64(bytes, at + 24, shdr.offset);
    put_u64(bytes, at + 32, shdr.size);
    put_u32(bytes, at + 40, shdr.link);
    put_u32(bytes, at + 44, shdr.info);
    put_u64(bytes, at + 48, shdr.align);
    put_u64(bytes, at + 56, shdr.entsize);
}
