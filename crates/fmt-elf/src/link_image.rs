//! The ELF image around its sections: file header, program headers, section table, symbol table, and who fills what.
//!
//! System V gABI chapters 4 and 5. Program headers are listed twice by the same function: once before addresses for
//! their number, once after for their contents.

use crate::defs::{
    self, EHDR_SIZE, ELFCLASS64, ELFDATA2LSB, ELFMAG, ET_DYN, ET_EXEC, PF_R, PF_W, PF_X, PHDR_SIZE, PT_DYNAMIC,
    PT_GNU_EH_FRAME, PT_GNU_PROPERTY, PT_GNU_RELRO, PT_GNU_STACK, PT_INTERP, PT_LOAD, PT_NOTE, PT_PHDR, PT_TLS,
    RELA_SIZE, SHDR_SIZE, SHF_ALLOC, SHF_EXECINSTR, SHF_INFO_LINK, SHF_MERGE, SHF_STRINGS, SHF_TLS, SHF_WRITE, SHN_ABS,
    SHN_UNDEF, SHT_DYNAMIC, SHT_DYNSYM, SHT_FINI_ARRAY, SHT_GNU_HASH, SHT_GNU_VERDEF, SHT_GNU_VERNEED, SHT_GNU_VERSYM,
    SHT_HASH, SHT_INIT_ARRAY, SHT_NOBITS, SHT_NOTE, SHT_PREINIT_ARRAY, SHT_PROGBITS, SHT_RELA, SHT_STRTAB, SHT_SYMTAB,
    STB_GLOBAL, STB_GNU_UNIQUE, STB_LOCAL, STB_WEAK, STT_FILE, STT_FUNC, STT_GNU_IFUNC, STT_NOTYPE, STT_OBJECT,
    STT_SECTION, STT_TLS, SYM_SIZE,
};
use crate::link::{rank, synth};
use crate::link_dynamic::{Dynamic, Value};
use crate::link_notes;
use base::Id;
use base::bytes::{align_up, put_u16, put_u32, put_u64};
use link::Link;
use link::facets::{PatchPoints, SynthRule, Tables};
use link::load::{ObjId, ObjectInput};
use link::options::{BuildId, Discard, OutputKind, Strip};
use link::place::{OutSection, SynthContent, n_load_segments};
use link::slots::RunReloc;
use link::symbols::{Def, GlobalFlags, GlobalId, SynthId};
use obj::{Binding, SectionFlags, SectionKind, SymId, Symbol, SymbolDef, SymbolKind, Visibility};

const ALLOC: SectionFlags = SectionFlags::ALLOC;
const ALLOC_WRITE: SectionFlags = SectionFlags::ALLOC.with(SectionFlags::WRITE);

/// What each of our sections holds; the number in [`SynthContent::Format`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u32)]
enum Part {
    Interp,
    Property,
    BuildId,
    SysvHash,
    GnuHash,
    Dynsym,
    Dynstr,
    Versym,
    Verdef,
    Verneed,
    RelaDyn,
    RelaPlt,
    DynamicEntries,
    Symtab,
    Strtab,
    Shstrtab,
}

/// Every part: kind of section, section it links to, name, rank, flags, size of an element, alignment.
type PartRow = (Part, u32, &'static [u8], &'static [u8], u32, SectionFlags, u64, u64);

#[rustfmt::skip]
static PARTS: &[PartRow] = &[
    (Part::Interp,         SHT_PROGBITS,    b"",        b".interp",             rank::INTERP,   ALLOC,       0,  1),
    (Part::Property,       SHT_NOTE,        b"",        b".note.gnu.property",  rank::PROPERTY, ALLOC,       0,  8),
    (Part::BuildId,        SHT_NOTE,        b"",        b".note.gnu.build-id",  rank::BUILD_ID, ALLOC,       0,  4),
    (Part::SysvHash,       SHT_HASH,        b".dynsym", b".hash",               rank::HASH,     ALLOC,       4,  8),
    (Part::GnuHash,        SHT_GNU_HASH,    b".dynsym", b".gnu.hash",           rank::GNU_HASH, ALLOC,       0,  8),
    (Part::Dynsym,         SHT_DYNSYM,      b".dynstr", b".dynsym",             rank::DYNSYM,   ALLOC,       24, 8),
    (Part::Dynstr,         SHT_STRTAB,      b"",        b".dynstr",             rank::DYNSTR,   ALLOC,       0,  1),
    (Part::Versym,         SHT_GNU_VERSYM,  b".dynsym", b".gnu.version",        rank::VERSYM,   ALLOC,       2,  2),
    (Part::Verdef,         SHT_GNU_VERDEF,  b".dynstr", b".gnu.version_d",      rank::VERDEF,   ALLOC,       0,  8),
    (Part::Verneed,        SHT_GNU_VERNEED, b".dynstr", b".gnu.version_r",      rank::VERNEED,  ALLOC,       0,  8),
    (Part::RelaDyn,        SHT_RELA,        b".dynsym", b".rela.dyn",           rank::RELA_DYN, ALLOC,       24, 8),
    (Part::RelaPlt,        SHT_RELA,        b".dynsym", b".rela.plt",           rank::RELA_PLT, ALLOC,       24, 8),
    (Part::DynamicEntries, SHT_DYNAMIC,     b".dynstr", b".dynamic",            rank::DYNAMIC,  ALLOC_WRITE, 16, 8),
    (Part::Symtab,         SHT_SYMTAB,      b".strtab", b".symtab",             rank::SYMTAB,   SectionFlags::NONE, 24, 8),
    (Part::Strtab,         SHT_STRTAB,      b"",        b".strtab",             rank::STRTAB,   SectionFlags::NONE, 0, 1),
    (Part::Shstrtab,       SHT_STRTAB,      b"",        b".shstrtab",           rank::SHSTRTAB, SectionFlags::NONE, 0, 1),
];

/// One output symbol: position of its name and what it is.
#[derive(Clone, Copy)]
enum OutSymbol {
    Local(ObjId, SymId),
    Global(GlobalId),
}

/// The tables of one link.
pub(crate) struct ElfTables {
    dynamic: Dynamic,
    parts: Vec<(Part, SynthId)>,
    interp: Vec<u8>,
    property: Vec<u8>,
    build_id: Vec<u8>,
    /// Locals first.
    symbols: Vec<(OutSymbol, u32)>,
    n_locals: u32,
    strtab: Vec<u8>,
    shstrtab: Vec<u8>,
    /// Names in `shstrtab`, by output section.
    section_names: Vec<u32>,
    exec_stack: bool,
}

impl ElfTables {
    /// Adds the sections that a link of this kind has.
    pub(crate) fn new(link: &mut Link<'_>) -> ElfTables {
        let exec_stack = wants_exec_stack(link);
        let mut tables = ElfTables {
            dynamic: Dynamic::default(),
            parts: Vec::new(),
            interp: Vec::new(),
            property: link_notes::properties(link),
            build_id: Vec::new(),
            symbols: Vec::new(),
            n_locals: 0,
            strtab: Vec::new(),
            shstrtab: Vec::new(),
            section_names: Vec::new(),
            exec_stack,
        };
        let options = link.options;
        if let (Some(interpreter), true) = (&options.interpreter, link.is_dynamic() && !options.is_shared()) {
            tables.interp = [interpreter.as_bytes(), b"\0"].concat();
            tables.add(link, Part::Interp, tables.interp.len());
        }
        if !tables.property.is_empty() {
            tables.add(link, Part::Property, tables.property.len());
        }
        let id_size = match &options.build_id {
            BuildId::None => 0,
            BuildId::Hash(size) => *size as usize,
            BuildId::Bytes(bytes) => bytes.len(),
        };
        if id_size > 0 {
            tables.build_id = link_notes::build_id(id_size);
            tables.add(link, Part::BuildId, 16 + id_size);
        }
        tables.run_relocs(link);
        if link.is_dynamic() {
            tables.dynamic_parts(link);
        }
        if options.strip != Strip::All {
            tables.collect_symbols(link);
            tables.add(link, Part::Symtab, (tables.symbols.len() + 1) * SYM_SIZE);
            tables.add(link, Part::Strtab, tables.strtab.len());
        }
        tables.section_table(link);
        tables
    }

    fn add(&mut self, link: &mut Link<'_>, part: Part, size: usize) {
        let row = PARTS.iter().find(|row| row.0 == part).expect("every part has a row");
        let &(_, kind, _, name, rank, flags, entry_size, align) = row;
        let kind = match kind {
            SHT_PROGBITS => SectionKind::Progbits,
            SHT_NOTE => SectionKind::Note,
            other => SectionKind::Other(other),
        };
        let rule = SynthRule { kind, ..synth(name, rank, flags, entry_size) };
        let synth = link.add_member(&rule, SynthContent::Format(part as u32), size as u64, align);
        self.parts.push((part, synth));
    }

    /// Tables of run-time relocations; a static program has one, which it applies itself.
    fn run_relocs(&mut self, link: &mut Link<'_>) {
        let n_other = link.run_relocs().len();
        let n_plt = link.slots.plt.len();
        let (n_dyn, n_plt) = if link.is_dynamic() { (n_other, n_plt) } else { (0, n_other + n_plt) };
        if n_dyn > 0 {
            self.add(link, Part::RelaDyn, n_dyn * RELA_SIZE);
            link.slots.relocs = self.part(Part::RelaDyn);
        }
        if n_plt > 0 {
            self.add(link, Part::RelaPlt, n_plt * RELA_SIZE);
            link.slots.plt_relocs = self.part(Part::RelaPlt);
        }
    }

    fn part(&self, part: Part) -> Option<SynthId> {
        self.parts.iter().find(|(other, _)| *other == part).map(|&(_, synth)| synth)
    }

    fn dynamic_parts(&mut self, link: &mut Link<'_>) {
        self.dynamic = Dynamic::new(link);
        let dynamic = &self.dynamic;
        let sizes = [
            (Part::SysvHash, dynamic.sysv_hash.len()),
            (Part::GnuHash, dynamic.gnu_hash.len()),
            (Part::Dynsym, (dynamic.symbols.len() + 1) * SYM_SIZE),
            (Part::Dynstr, dynamic.strings.bytes.len()),
            (Part::Versym, if dynamic.versym.is_empty() { 0 } else { (dynamic.versym.len() + 1) * 2 }),
            (Part::Verdef, dynamic.verdef.len()),
            (Part::Verneed, dynamic.verneed.len()),
            (Part::DynamicEntries, dynamic.entries.len() * 16),
        ];
        for (part, size) in sizes {
            if size > 0 {
                self.add(link, part, size);
            }
        }
    }

    /// Chooses the symbols of `.symtab` and lays their names out.
    fn collect_symbols(&mut self, link: &Link<'_>) {
        self.strtab.push(0);
        let mut locals = Vec::new();
        for (obj, input) in link.objects.enumerated() {
            let mut file: Option<SymId> = None;
            for (sym, symbol) in input.object.symbols.enumerated() {
                if symbol.binding != Binding::Local {
                    continue;
                }
                if symbol.kind == SymbolKind::File {
                    file = Some(sym);
                    continue;
                }
                let name = input.object.symbol_name(sym);
                if name.is_empty() || !keeps_local(link, input, symbol, name) {
                    continue;
                }
                if let Some(file) = file.take() {
                    let at = self.push_name(input.object.symbol_name(file));
                    locals.push((OutSymbol::Local(obj, file), at));
                }
                let at = self.push_name(name);
                locals.push((OutSymbol::Local(obj, sym), at));
            }
        }
        let mut globals = Vec::new();
        for (id, global) in link.globals.items.enumerated() {
            if !in_symtab(link, id) {
                continue;
            }
            let at = match version_suffix(link, id) {
                Some(version) => {
                    let full = [global.base_name(), b"@", version].concat();
                    self.push_name(&full)
                }
                None => self.push_name(global.name),
            };
            let list = if is_local(link, id) { &mut locals } else { &mut globals };
            list.push((OutSymbol::Global(id), at));
        }
        self.n_locals = locals.len() as u32;
        locals.append(&mut globals);
        self.symbols = locals;
    }

    fn push_name(&mut self, name: &[u8]) -> u32 {
        let at = self.strtab.len() as u32;
        self.strtab.extend_from_slice(name);
        self.strtab.push(0);
        at
    }

    fn section_table(&mut self, link: &mut Link<'_>) {
        self.add(link, Part::Shstrtab, 0);
        self.shstrtab.push(0);
        self.section_names = vec![0; link.sections.len()];
        for id in link.listed() {
            self.section_names[id.index()] = self.shstrtab.len() as u32;
            self.shstrtab.extend_from_slice(&link.sections[id].name);
            self.shstrtab.push(0);
        }
        let size = self.shstrtab.len() as u64;
        let synth = self.part(Part::Shstrtab).expect("just added");
        link.synths[synth].size = size;
        let section = link.synths[synth].section;
        if let Some(member) = link.sections[section].members.first_mut() {
            member.size = size;
            member.capacity = size;
        }
    }

    /// Program headers, with what is known at the time.
    fn program_headers(&self, link: &Link<'_>) -> Vec<Phdr> {
        let mut out = Vec::new();
        let base = link.image_base();
        let section = |name: &[u8]| link.section_named(name);
        let of = |kind: u32, flags: u32, s: &OutSection| Phdr {
            kind,
            flags,
            offset: s.file_offset,
            address: s.address,
            file_size: s.file_size(),
            memory_size: s.size,
            align: s.align,
        };
        if let Some(interp) = section(b".interp") {
            let size = link.headers_size.saturating_sub(EHDR_SIZE as u64);
            let offset = EHDR_SIZE as u64;
            let address = base + offset;
            out.push(Phdr {
                kind: PT_PHDR,
                flags: PF_R,
                offset,
                address,
                file_size: size,
                memory_size: size,
                align: 8,
            });
            out.push(of(PT_INTERP, PF_R, interp));
        }
        if link.segments.is_empty() {
            out.extend(std::iter::repeat_n(Phdr { kind: PT_LOAD, ..Phdr::default() }, n_load_segments(link)));
        }
        for segment in merged_segments(link) {
            let mut flags = PF_R;
            flags |= if segment.permissions.has(SectionFlags::WRITE) { PF_W } else { 0 };
            flags |= if segment.permissions.has(SectionFlags::EXEC) { PF_X } else { 0 };
            out.push(Phdr {
                kind: PT_LOAD,
                flags,
                offset: segment.file_offset,
                address: segment.address,
                file_size: segment.file_size,
                memory_size: segment.memory_size,
                align: segment.align,
            });
        }
        if let Some(dynamic) = section(b".dynamic") {
            out.push(of(PT_DYNAMIC, PF_R | PF_W, dynamic));
        }
        out.extend(notes(link));
        if link.sections.iter().any(|s| s.in_image && s.is_tls() && s.is_alloc()) {
            let tls = &link.tls;
            out.push(Phdr {
                kind: PT_TLS,
                flags: PF_R,
                offset: tls.file_offset,
                address: tls.address,
                file_size: tls.file_size,
                memory_size: tls.size,
                align: tls.align,
            });
        }
        if let Some(property) = section(b".note.gnu.property") {
            out.push(of(PT_GNU_PROPERTY, PF_R, property));
        }
        if let Some(frames) = section(b".eh_frame_hdr") {
            out.push(of(PT_GNU_EH_FRAME, PF_R, frames));
        }
        let exec = if self.exec_stack { PF_X } else { 0 };
        let stack = link.options.z.stack_size.unwrap_or(0);
        out.push(Phdr {
            kind: PT_GNU_STACK,
            flags: PF_R | PF_W | exec,
            memory_size: stack,
            align: 16,
            ..Phdr::default()
        });
        if link.options.z.relro && link.sections.iter().any(|s| s.in_image && s.relro && s.is_alloc()) {
            let range = link.relro.clone().unwrap_or(0..0);
            let first = link.ordered().into_iter().map(|id| &link.sections[id]).find(|s| s.relro && s.is_alloc());
            let size = range.end - range.start;
            out.push(Phdr {
                kind: PT_GNU_RELRO,
                flags: PF_R,
                offset: first.map_or(0, |s| s.file_offset),
                address: range.start,
                file_size: size,
                memory_size: size,
                align: 1,
            });
        }
        out
    }

    fn write_part(&self, link: &Link<'_>, part: Part, out: &mut [u8]) {
        let copy = |out: &mut [u8], bytes: &[u8]| out[..bytes.len()].copy_from_slice(bytes);
        match part {
            Part::Interp => copy(out, &self.interp),
            Part::Property => copy(out, &self.property),
            // The id is known when everything else is.
            Part::BuildId => copy(out, &self.build_id),
            Part::SysvHash => copy(out, &self.dynamic.sysv_hash),
            Part::GnuHash => copy(out, &self.dynamic.gnu_hash),
            Part::Dynstr => copy(out, &self.dynamic.strings.bytes),
            Part::Verdef => copy(out, &self.dynamic.verdef),
            Part::Verneed => copy(out, &self.dynamic.verneed),
            Part::Versym => {
                for (idx, &version) in self.dynamic.versym.iter().enumerate() {
                    put_u16(out, (idx + 1) * 2, version);
                }
            }
            Part::Dynsym => {
                for (idx, &(id, name)) in self.dynamic.symbols.iter().enumerate() {
                    let record = dynamic_symbol(link, id, name);
                    out[(idx + 1) * SYM_SIZE..][..SYM_SIZE].copy_from_slice(&record);
                }
            }
            Part::RelaDyn => write_relocs(link, &link.run_relocs(), out),
            Part::RelaPlt => {
                let mut relocs = if link.is_dynamic() { Vec::new() } else { link.run_relocs() };
                relocs.extend(link.plt_run_relocs());
                write_relocs(link, &relocs, out);
            }
            Part::DynamicEntries => {
                for (idx, &(tag, value)) in self.dynamic.entries.iter().enumerate() {
                    put_u64(out, idx * 16, tag);
                    put_u64(out, idx * 16 + 8, dynamic_value(link, value));
                }
            }
            Part::Symtab => {
                for (idx, &(symbol, name)) in self.symbols.iter().enumerate() {
                    let record = match symbol {
                        OutSymbol::Local(obj, sym) => local_symbol(link, obj, sym, name),
                        OutSymbol::Global(id) => global_symbol(link, id, name, is_local(link, id)),
                    };
                    out[(idx + 1) * SYM_SIZE..][..SYM_SIZE].copy_from_slice(&record);
                }
            }
            Part::Strtab => copy(out, &self.strtab),
            Part::Shstrtab => copy(out, &self.shstrtab),
        }
    }

    fn section_headers(&self, link: &Link<'_>, out: &mut [u8]) {
        let order = link.listed();
        let index_of = |name: &[u8]| link.section_named(name).map_or(0, |section| section.index);
        for (idx, &id) in order.iter().enumerate() {
            let section = &link.sections[id];
            let at = (idx + 1) * SHDR_SIZE;
            let row = PARTS.iter().find(|row| row.3 == section.name);
            let kind = section_type(section, row);
            let (link_to, mut info) = (row.map_or(0, |row| index_of(row.2)), 0);
            let mut flags = section_flags(section);
            match row.map(|row| row.0) {
                Some(Part::Symtab) => info = self.n_locals + 1,
                Some(Part::Dynsym) => info = 1,
                Some(Part::Verneed) => info = self.dynamic.n_verneed,
                Some(Part::Verdef) => info = self.dynamic.n_verdef,
                Some(Part::RelaPlt) => {
                    let got = link.slots.got_plt.map(|synth| link.synths[synth].section);
                    info = got.map_or(0, |section| link.sections[section].index);
                    flags |= SHF_INFO_LINK;
                }
                _ => {}
            }
            put_u32(out, at, self.section_names[id.index()]);
            put_u32(out, at + 4, kind);
            put_u64(out, at + 8, flags);
            put_u64(out, at + 16, section.address);
            put_u64(out, at + 24, section.file_offset);
            put_u64(out, at + 32, section.size);
            put_u32(out, at + 40, link_to);
            put_u32(out, at + 44, info);
            put_u64(out, at + 48, section.align);
            put_u64(out, at + 56, section.entry_size);
        }
    }

    fn file_header(&self, link: &Link<'_>, out: &mut [u8], n_phdrs: usize, table: u64) {
        out[..4].copy_from_slice(ELFMAG);
        out[4] = ELFCLASS64;
        out[5] = ELFDATA2LSB;
        out[6] = 1;
        // ELFOSABI_GNU where the file relies on it.
        let gnu = link.globals.items.iter().any(|g| g.is(GlobalFlags::IFUNC) && g.is_defined_here())
            || link.slots.plt.iter().any(|entry| entry.indirect);
        out[crate::defs::EI_OSABI] = if gnu { crate::defs::ELFOSABI_GNU } else { 0 };
        let position_independent = link.options.output != OutputKind::Exec;
        put_u16(out, 16, if position_independent { ET_DYN } else { ET_EXEC });
        put_u16(out, 18, defs::machine(link.arch.arch.name).map_or(0, |machine| machine.number));
        put_u32(out, 20, 1);
        put_u64(out, 24, entry_address(link));
        put_u64(out, 32, EHDR_SIZE as u64);
        put_u64(out, 40, table);
        put_u16(out, 52, EHDR_SIZE as u16);
        put_u16(out, 54, PHDR_SIZE as u16);
        put_u16(out, 56, n_phdrs as u16);
        put_u16(out, 58, SHDR_SIZE as u16);
        let n_sections = link.listed().len() + 1;
        put_u16(out, 60, n_sections as u16);
        put_u16(out, 62, link.section_named(b".shstrtab").map_or(0, |section| section.index) as u16);
    }
}

impl Tables for ElfTables {
    fn header_size(&self, link: &Link<'_>) -> u64 {
        (EHDR_SIZE + self.program_headers(link).len() * PHDR_SIZE) as u64
    }

    fn trailer_size(&self, link: &Link<'_>) -> u64 {
        let start = align_up(link.file_size, 8);
        start - link.file_size + ((link.listed().len() + 1) * SHDR_SIZE) as u64
    }

    fn write(&self, link: &Link<'_>, out: &mut [u8]) {
        for &(part, synth) in &self.parts {
            let at = &link.synths[synth];
            let offset = (link.sections[at.section].file_offset + at.place.offset) as usize;
            self.write_part(link, part, &mut out[offset..offset + at.size as usize]);
        }
        let table = out.len() - (link.listed().len() + 1) * SHDR_SIZE;
        self.section_headers(link, &mut out[table..]);
        let phdrs = self.program_headers(link);
        self.file_header(link, out, phdrs.len(), table as u64);
        for (idx, phdr) in phdrs.iter().enumerate() {
            phdr.write(&mut out[EHDR_SIZE + idx * PHDR_SIZE..][..PHDR_SIZE]);
        }
        if let Some(synth) = self.part(Part::BuildId) {
            let at = &link.synths[synth];
            let offset = (link.sections[at.section].file_offset + at.place.offset) as usize + 16;
            let len = at.size as usize - 16;
            let id = match &link.options.build_id {
                BuildId::Bytes(bytes) => bytes.clone(),
                BuildId::None | BuildId::Hash(_) => link_notes::hash_image(out, len),
            };
            out[offset..offset + len].copy_from_slice(&id[..len]);
        }
    }

    fn patch_points(&self, link: &Link<'_>) -> PatchPoints {
        let start = |part: Part| {
            let at = &link.synths[self.part(part)?];
            Some(link.sections[at.section].file_offset + at.place.offset)
        };
        let size_at = |part: Part, idx: usize| start(part).map_or(0, |at| at + (idx * SYM_SIZE + 16) as u64);
        let has_size = |obj: ObjId, sym: SymId| {
            let symbol = &link.objects[obj].object.symbols[sym];
            matches!(symbol.def, SymbolDef::Atom(_)) && symbol.kind != SymbolKind::Section
        };
        let mut points = PatchPoints::default();
        for (idx, &(symbol, _)) in self.symbols.iter().enumerate() {
            let at = size_at(Part::Symtab, idx + 1);
            match symbol {
                OutSymbol::Local(obj, sym) if has_size(obj, sym) => points.sizes.push((obj, sym, [at, 0])),
                OutSymbol::Global(id) => {
                    let Def::Object { obj, sym } = link.globals[id].def else { continue };
                    let dynamic = link.globals[id].dynamic_index as usize;
                    let dynamic = if dynamic == 0 { 0 } else { size_at(Part::Dynsym, dynamic) };
                    if has_size(obj, sym) {
                        points.sizes.push((obj, sym, [at, dynamic]));
                    }
                }
                OutSymbol::Local(..) => {}
            }
        }
        let table = if link.is_dynamic() { Part::RelaDyn } else { Part::RelaPlt };
        if let Some(at) = start(table) {
            points.addends = (0..link.run_relocs().len()).map(|idx| at + (idx * RELA_SIZE + 16) as u64).collect();
        }
        if let (BuildId::Hash(len), Some(at)) = (&link.options.build_id, start(Part::BuildId)) {
            points.build_id = Some(at + 16..at + 16 + u64::from(*len));
        }
        points
    }
}

/// Segments without those that turned out empty, apart from the first, which holds the headers.
fn merged_segments(link: &Link<'_>) -> Vec<link::place::Segment> {
    let mut segments = link.segments.clone();
    // Read-only sections right behind the headers extend the headers' segment.
    if segments.len() > 1 && segments[1].permissions == segments[0].permissions {
        segments.remove(1);
    }
    segments
}

#[derive(Clone, Copy, Default)]
struct Phdr {
    kind: u32,
    flags: u32,
    offset: u64,
    address: u64,
    file_size: u64,
    memory_size: u64,
    align: u64,
}

impl Phdr {
    fn write(&self, out: &mut [u8]) {
        put_u32(out, 0, self.kind);
        put_u32(out, 4, self.flags);
        put_u64(out, 8, self.offset);
        put_u64(out, 16, self.address);
        put_u64(out, 24, self.address);
        put_u64(out, 32, self.file_size);
        put_u64(out, 40, self.memory_size);
        put_u64(out, 48, self.align);
    }
}

/// One header per run of note sections of equal alignment.
fn notes(link: &Link<'_>) -> Vec<Phdr> {
    let mut out: Vec<Phdr> = Vec::new();
    let mut open = false;
    for id in link.ordered() {
        let section = &link.sections[id];
        if section.kind != SectionKind::Note || !section.is_alloc() {
            open = false;
            continue;
        }
        match out.last_mut().filter(|last| open && last.align == section.align) {
            Some(last) => {
                let end = section.file_offset + section.size;
                last.file_size = end - last.offset;
                last.memory_size = last.file_size;
            }
            None => out.push(Phdr {
                kind: PT_NOTE,
                flags: PF_R,
                offset: section.file_offset,
                address: section.address,
                file_size: section.size,
                memory_size: section.size,
                align: section.align,
            }),
        }
        open = true;
    }
    out
}

fn section_type(section: &OutSection, row: Option<&PartRow>) -> u32 {
    if let Some(row) = row {
        return row.1;
    }
    match section.kind {
        _ if section.zero => SHT_NOBITS,
        SectionKind::Note => SHT_NOTE,
        SectionKind::InitArray => SHT_INIT_ARRAY,
        SectionKind::FiniArray => SHT_FINI_ARRAY,
        SectionKind::PreinitArray => SHT_PREINIT_ARRAY,
        SectionKind::Other(number) => number,
        SectionKind::Progbits | SectionKind::Nobits | SectionKind::Unwind => SHT_PROGBITS,
    }
}

fn section_flags(section: &OutSection) -> u64 {
    let pairs = [
        (SectionFlags::ALLOC, SHF_ALLOC),
        (SectionFlags::WRITE, SHF_WRITE),
        (SectionFlags::EXEC, SHF_EXECINSTR),
        (SectionFlags::TLS, SHF_TLS),
        (SectionFlags::MERGE, SHF_MERGE),
        (SectionFlags::STRINGS, SHF_STRINGS),
    ];
    pairs.iter().filter(|(flag, _)| section.flags.has(*flag)).fold(0, |all, (_, bit)| all | bit)
}

fn entry_address(link: &Link<'_>) -> u64 {
    if let Some(text) = link.options.entry.as_deref().filter(|text| text.starts_with(|c: char| c.is_ascii_digit())) {
        let parsed = match text.strip_prefix("0x") {
            Some(hex) => u64::from_str_radix(hex, 16),
            None => text.parse(),
        };
        return parsed.unwrap_or(0);
    }
    match link.entry.filter(|&entry| link.globals[entry].is_defined_here()) {
        Some(entry) => link.values[entry],
        None if link.options.is_shared() => 0,
        None => link.section_named(b".text").map_or(0, |section| section.address),
    }
}

/// An input without a stack note wants the old default, an executable stack (GNU ld, "-z execstack").
fn wants_exec_stack(link: &mut Link<'_>) -> bool {
    if let Some(wanted) = link.options.z.exec_stack {
        return wanted;
    }
    let mut without = None;
    let mut asked = false;
    for (obj, input) in link.objects.enumerated() {
        match input.object.sections.iter().find(|section| *section.name == *b".note.GNU-stack") {
            Some(section) => asked |= section.flags.has(SectionFlags::EXEC),
            None => without = without.or(Some(obj)),
        }
    }
    if let Some(obj) = without.filter(|_| !asked) {
        let text = format!(
            "{}: missing .note.GNU-stack section implies executable stack (use -z noexecstack)",
            link.object_name(obj)
        );
        link.warnings.push(text);
    }
    asked || without.is_some()
}

/// Which local symbols the table keeps.
fn keeps_local(link: &Link<'_>, input: &ObjectInput<'_>, symbol: &Symbol, name: &[u8]) -> bool {
    let wanted = match link.options.discard {
        Discard::Temporaries => !name.starts_with(b".L"),
        Discard::Locals => false,
        Discard::None => true,
    };
    if !wanted || symbol.kind == SymbolKind::Section {
        return false;
    }
    match symbol.def {
        SymbolDef::Atom(atom) => {
            let section = input.object.atoms[atom].section;
            let allocated = input.object.sections[section].flags.has(SectionFlags::ALLOC);
            input.fates[section].is_live() && (allocated || link.options.strip != Strip::Debug)
        }
        SymbolDef::Absolute => true,
        SymbolDef::Undefined | SymbolDef::Common => false,
    }
}

/// Is a global mentioned by this image's own code, and not dropped?
fn in_symtab(link: &Link<'_>, id: GlobalId) -> bool {
    let global = &link.globals[id];
    if !global.is(GlobalFlags::REF_REGULAR) {
        return link.slots.of(id).is_some_and(|slot| slot.copy.is_some());
    }
    match global.def {
        Def::Object { .. } => link.defining_atom(id).is_none_or(|(obj, atom, _)| link.is_live(obj, atom)),
        Def::Undefined | Def::Shared { .. } => link.slots.is_used(id),
        Def::Synth { .. } | Def::Edge(_) | Def::Absolute(_) => true,
    }
}

/// Bound inside this image for good.
fn is_local(link: &Link<'_>, id: GlobalId) -> bool {
    let global = &link.globals[id];
    global.is_defined_here()
        && (matches!(global.visibility, Visibility::Hidden | Visibility::Internal)
            || global.is(GlobalFlags::FORCED_LOCAL))
}

/// The version that an imported name shows in the symbol table.
fn version_suffix<'l>(link: &'l Link<'_>, id: GlobalId) -> Option<&'l [u8]> {
    let Def::Shared { lib, sym } = link.globals[id].def else { return None };
    let lib = &link.shared[lib].lib;
    let symbol = &lib.symbols[sym as usize];
    let version = lib.versions.get(symbol.version as usize).filter(|v| symbol.version > 1 && !v.is_empty())?;
    Some(version)
}

fn symbol_record(
    name: u32,
    binding: u8,
    kind: u8,
    visibility: u8,
    index: u16,
    value: u64,
    size: u64,
) -> [u8; SYM_SIZE] {
    let mut out = [0; SYM_SIZE];
    put_u32(&mut out, 0, name);
    out[4] = binding << 4 | kind;
    out[5] = visibility;
    put_u16(&mut out, 6, index);
    put_u64(&mut out, 8, value);
    put_u64(&mut out, 16, size);
    out
}

fn kind_number(kind: SymbolKind) -> u8 {
    match kind {
        SymbolKind::None => STT_NOTYPE,
        SymbolKind::Object | SymbolKind::Common => STT_OBJECT,
        SymbolKind::Function => STT_FUNC,
        SymbolKind::Section => STT_SECTION,
        SymbolKind::File => STT_FILE,
        SymbolKind::Tls => STT_TLS,
        SymbolKind::IFunc => STT_GNU_IFUNC,
    }
}

fn binding_number(binding: Binding) -> u8 {
    match binding {
        Binding::Local => STB_LOCAL,
        Binding::Global => STB_GLOBAL,
        Binding::Weak => STB_WEAK,
        Binding::Unique => STB_GNU_UNIQUE,
    }
}

fn visibility_number(visibility: Visibility) -> u8 {
    match visibility {
        Visibility::Default => 0,
        Visibility::Internal => 1,
        Visibility::Hidden => 2,
        Visibility::Protected => 3,
    }
}

/// Index of the output section that an atom went to.
fn section_index(link: &Link<'_>, obj: ObjId, symbol: &Symbol) -> u16 {
    match symbol.def {
        SymbolDef::Atom(atom) => {
            let input = &link.objects[obj];
            let section = input.object.atoms[atom].section;
            let rule = link.format.rule(&input.object.sections[section], link.options);
            match link.section_named(rule.name).map_or(0, |section| section.index as u16) {
                0 => index_at(link, link.atom_address(obj, atom, 0)),
                index => index,
            }
        }
        SymbolDef::Absolute => SHN_ABS,
        SymbolDef::Undefined | SymbolDef::Common => SHN_UNDEF,
    }
}

/// Thread-local symbols count from their block.
fn table_value(link: &Link<'_>, kind: SymbolKind, address: u64) -> u64 {
    if kind == SymbolKind::Tls { address.wrapping_sub(link.tls.address) } else { address }
}

fn local_symbol(link: &Link<'_>, obj: ObjId, sym: SymId, name: u32) -> [u8; SYM_SIZE] {
    let symbol = &link.objects[obj].object.symbols[sym];
    if symbol.kind == SymbolKind::File {
        return symbol_record(name, STB_LOCAL, STT_FILE, 0, SHN_ABS, 0, 0);
    }
    let value = table_value(link, symbol.kind, link.symbol_address(obj, sym));
    let index = section_index(link, obj, symbol);
    symbol_record(name, STB_LOCAL, kind_number(symbol.kind), 0, index, value, symbol.size)
}

/// The output section that holds an address, for symbols that belong to no input.
fn index_at(link: &Link<'_>, address: u64) -> u16 {
    let sections = link.listed().into_iter().map(|id| &link.sections[id]).filter(|s| s.is_alloc() && !s.is_tls_zero());
    let found = sections.rev().find(|s| s.address <= address);
    found.map_or(SHN_ABS, |section| section.index as u16)
}

fn global_symbol(link: &Link<'_>, id: GlobalId, name: u32, local: bool) -> [u8; SYM_SIZE] {
    let global = &link.globals[id];
    let mut visibility = visibility_number(global.visibility);
    let value = link.values[id];
    let (binding, kind, index, value, size) = match global.def {
        Def::Object { obj, sym } => {
            let symbol = &link.objects[obj].object.symbols[sym];
            let common = global.is(GlobalFlags::COMMON);
            let canonical = link.slots.of(id).is_some_and(|slot| slot.canonical);
            // A function whose entry stands for it is an ordinary function to everyone else.
            let kind = match symbol.kind {
                SymbolKind::IFunc if canonical => SymbolKind::Function,
                SymbolKind::None if common => SymbolKind::Object,
                kind => kind,
            };
            let index = if common || canonical { index_at(link, value) } else { section_index(link, obj, symbol) };
            let size = if common { global.common_size } else { symbol.size };
            let index = if common && kind == SymbolKind::Tls {
                link.section_named(b".tbss").map_or(index, |s| s.index as u16)
            } else {
                index
            };
            (binding_number(symbol.binding), kind, index, table_value(link, kind, value), size)
        }
        Def::Shared { lib, sym } => {
            let symbol = &link.shared[lib].lib.symbols[sym as usize];
            let weak = !global.is(GlobalFlags::REF_STRONG);
            let kind = if symbol.kind == SymbolKind::IFunc { SymbolKind::Function } else { symbol.kind };
            if link.slots.of(id).is_some_and(|slot| slot.copy.is_some()) {
                (binding_number(symbol.binding), kind, index_at(link, value), value, symbol.size)
            } else {
                visibility = 0;
                (if weak { STB_WEAK } else { STB_GLOBAL }, kind, SHN_UNDEF, value, 0)
            }
        }
        Def::Undefined => {
            let weak = !global.is(GlobalFlags::REF_STRONG);
            (if weak { STB_WEAK } else { STB_GLOBAL }, SymbolKind::None, SHN_UNDEF, 0, 0)
        }
        Def::Absolute(value) => (STB_GLOBAL, SymbolKind::None, SHN_ABS, value, 0),
        Def::Synth { .. } | Def::Edge(_) => (STB_GLOBAL, SymbolKind::None, index_at(link, value), value, 0),
    };
    let (binding, visibility) = if local { (STB_LOCAL, visibility) } else { (binding, visibility) };
    let visibility = if local { 0 } else { visibility };
    symbol_record(name, binding, kind_number(kind), visibility, index, value, size)
}

fn dynamic_symbol(link: &Link<'_>, id: GlobalId, name: u32) -> [u8; SYM_SIZE] {
    global_symbol(link, id, name, false)
}

fn write_relocs(link: &Link<'_>, relocs: &[RunReloc], out: &mut [u8]) {
    let arch = link.arch.arch;
    for (reloc, record) in relocs.iter().zip(out.chunks_exact_mut(RELA_SIZE)) {
        let symbol = link.globals.items.get(reloc.symbol).map_or(0, |global| global.dynamic_index);
        let number = arch.reloc(reloc.kind).wire_number(crate::FORMAT).unwrap_or(0);
        put_u64(record, 0, reloc.address);
        put_u32(record, 8, number);
        put_u32(record, 12, symbol);
        put_u64(record, 16, reloc.addend);
    }
}

fn dynamic_value(link: &Link<'_>, value: Value) -> u64 {
    match value {
        Value::Number(number) => number,
        Value::AddressOf(name) => link.section_named(name).map_or(0, |section| section.address),
        Value::SizeOf(name) => link.section_named(name).map_or(0, |section| section.size),
        Value::Symbol(id) => link.values[id],
        Value::GotBase => link.got_base(),
    }
}
