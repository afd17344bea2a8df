//! The link facet of ELF: which file is what, where sections go, and which symbols a program's layout defines.
//!
//! Names and order of output sections are GNU ld's default script, as a table; `link_dynamic` makes what the loader
//! reads, `link_image` headers and symbol table, `link_notes` the notes.

use crate::link_image::ElfTables;
use crate::raw::u64_at;
use crate::{FileType, identify, read_object, read_shared};
use base::bytes::{get_u32, get_u64};
use link::edges::{Edge, EdgeRow};
use link::facets::{FileFormat, FileKind, Format, LazyShared, Rule, SynthRule, Tables};
use link::options::Strip;
use link::place::SynthKind;
use link::{Link, Options};
use obj::shared::SharedLib;
use obj::{Object, Section, SectionFlags, SectionKind};
use std::borrow::Cow;
use std::io::Read;
use target::Arch;

/// The row for `link`.
#[derive(Clone, Copy, Debug, Default)]
pub struct ElfFormat;

/// Positions of output sections. Sections of equal rank stay in order of appearance.
pub(crate) mod rank {
    pub const INTERP: u32 = 10;
    pub const PROPERTY: u32 = 11;
    pub const BUILD_ID: u32 = 12;
    pub const NOTE: u32 = 13;
    pub const HASH: u32 = 14;
    pub const GNU_HASH: u32 = 15;
    pub const DYNSYM: u32 = 16;
    pub const DYNSTR: u32 = 17;
    pub const VERSYM: u32 = 18;
    pub const VERDEF: u32 = 19;
    pub const VERNEED: u32 = 20;
    pub const RELA_DYN: u32 = 21;
    pub const RELA_PLT: u32 = 22;
    pub const INIT: u32 = 30;
    pub const PLT: u32 = 31;
    pub const PLT_GOT: u32 = 32;
    pub const TEXT: u32 = 33;
    pub const CODE: u32 = 34;
    pub const FINI: u32 = 35;
    pub const RODATA: u32 = 50;
    pub const READ_ONLY: u32 = 51;
    pub const EH_FRAME_HDR: u32 = 52;
    pub const EH_FRAME: u32 = 53;
    pub const EXCEPT_TABLE: u32 = 54;
    pub const TDATA: u32 = 60;
    pub const TBSS: u32 = 61;
    pub const PREINIT_ARRAY: u32 = 62;
    pub const INIT_ARRAY: u32 = 63;
    pub const FINI_ARRAY: u32 = 64;
    pub const CTORS: u32 = 65;
    pub const RELRO_DATA: u32 = 66;
    pub const DYNAMIC: u32 = 67;
    pub const GOT: u32 = 68;
    pub const GOT_PLT: u32 = 70;
    pub const DATA: u32 = 71;
    pub const WRITABLE: u32 = 72;
    pub const BSS: u32 = 80;
    pub const ZERO: u32 = 81;
    pub const OTHER: u32 = 90;
    pub const DEBUG: u32 = 91;
    pub const SYMTAB: u32 = 100;
    pub const STRTAB: u32 = 101;
    pub const SHSTRTAB: u32 = 102;

    /// Read-only once relocated.
    pub fn is_relro(rank: u32) -> bool {
        (TDATA..=GOT).contains(&rank)
    }
}

/// What `-z keep…` and friends do not change: input names (whole, or followed by a dot) and where they go.
struct Row {
    input: &'static [u8],
    output: &'static [u8],
    rank: u32,
    keep: bool,
}

const fn row(input: &'static [u8], output: &'static [u8], rank: u32) -> Row {
    Row { input, output, rank, keep: false }
}

const fn kept(input: &'static [u8], output: &'static [u8], rank: u32) -> Row {
    Row { input, output, rank, keep: true }
}

/// The longest matching prefix comes first. `KEEP` as in GNU ld's script.
static ROWS: &[Row] = &[
    row(b".text", b".text", rank::TEXT),
    row(b".rodata", b".rodata", rank::RODATA),
    row(b".data.rel.ro", b".data.rel.ro", rank::RELRO_DATA),
    row(b".data", b".data", rank::DATA),
    row(b".bss.rel.ro", b".data.rel.ro", rank::RELRO_DATA),
    row(b".bss", b".bss", rank::BSS),
    row(b".tdata", b".tdata", rank::TDATA),
    row(b".tbss", b".tbss", rank::TBSS),
    row(b".eh_frame", b".eh_frame", rank::EH_FRAME),
    row(b".gcc_except_table", b".gcc_except_table", rank::EXCEPT_TABLE),
    kept(b".init_array", b".init_array", rank::INIT_ARRAY),
    kept(b".fini_array", b".fini_array", rank::FINI_ARRAY),
    kept(b".preinit_array", b".preinit_array", rank::PREINIT_ARRAY),
    kept(b".ctors", b".init_array", rank::INIT_ARRAY),
    kept(b".dtors", b".fini_array", rank::FINI_ARRAY),
    kept(b".jcr", b".jcr", rank::CTORS),
    kept(b".init", b".init", rank::INIT),
    kept(b".fini", b".fini", rank::FINI),
    row(b".gnu.linkonce.t", b".text", rank::TEXT),
    row(b".gnu.linkonce.r", b".rodata", rank::RODATA),
    row(b".gnu.linkonce.d.rel.ro", b".data.rel.ro", rank::RELRO_DATA),
    row(b".gnu.linkonce.d", b".data", rank::DATA),
    row(b".gnu.linkonce.b", b".bss", rank::BSS),
    row(b".gnu.linkonce.td", b".tdata", rank::TDATA),
    row(b".gnu.linkonce.tb", b".tbss", rank::TBSS),
];

/// Groups of code that GNU ld's script puts before the rest, in order.
static TEXT_GROUPS: &[&[u8]] = &[b".text.unlikely", b".text.exit", b".text.startup", b".text.hot", b".text.sorted"];

/// Sections that a final link never copies.
static DROPPED: &[&[u8]] =
    &[b".note.GNU-stack", b".note.gnu.property", b".note.gnu.build-id", b".gnu_debuglink", b".note.GNU-split-stack"];

/// `name` itself or `name.suffix`.
fn is_or_below(name: &[u8], prefix: &[u8]) -> bool {
    name.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest[0] == b'.')
}

fn is_debug(name: &[u8]) -> bool {
    [&b".debug"[..], b".zdebug", b".stab", b".gdb_index", b".line", b".gnu.debuglto_"]
        .iter()
        .any(|p| name.starts_with(p))
}

/// `.init_array.N` runs in order of N, before plain ones; `.ctors.N` in falling order of N.
fn priority(name: &[u8], input: &[u8]) -> u32 {
    const LAST: u32 = 65536;
    let Some(digits) = name.strip_prefix(input).and_then(|rest| rest.strip_prefix(b".")) else { return LAST };
    let number = std::str::from_utf8(digits).ok().and_then(|text| text.parse::<u32>().ok());
    match number {
        Some(n) if n < LAST && matches!(input, b".ctors" | b".dtors") => LAST - 1 - n,
        Some(n) if n < LAST => n,
        _ => LAST,
    }
}

/// Where sections without a row go: by what they are.
fn orphan_rank(section: &Section<'_>) -> u32 {
    let flags = section.flags;
    let zero = section.kind == SectionKind::Nobits;
    if !flags.has(SectionFlags::ALLOC) {
        return if is_debug(&section.name) { rank::DEBUG } else { rank::OTHER };
    }
    if flags.has(SectionFlags::TLS) {
        return if zero { rank::TBSS } else { rank::TDATA };
    }
    if flags.has(SectionFlags::EXEC) && !flags.has(SectionFlags::WRITE) {
        return rank::CODE;
    }
    if flags.has(SectionFlags::WRITE) {
        return if zero { rank::ZERO } else { rank::WRITABLE };
    }
    if section.kind == SectionKind::Note { rank::NOTE } else { rank::READ_ONLY }
}

const ALLOC: SectionFlags = SectionFlags::ALLOC;
const ALLOC_WRITE: SectionFlags = SectionFlags::ALLOC.with(SectionFlags::WRITE);
const ALLOC_EXEC: SectionFlags = SectionFlags::ALLOC.with(SectionFlags::EXEC);

/// A synthetic section's rule; relro follows from the rank.
pub(crate) fn synth(name: &'static [u8], rank: u32, flags: SectionFlags, entry_size: u64) -> SynthRule<'static> {
    let relro = rank::is_relro(rank);
    SynthRule { name, rank, sort: 0, kind: SectionKind::Progbits, flags, entry_size, relro }
}

/// The bytes of a compressed section (gABI, "Section Compression"). The size that its header promises is checked, not
/// trusted.
///
/// # Errors
/// What is damaged, and other kinds of compression than zlib's.
pub fn inflate(data: &[u8]) -> Result<Vec<u8>, String> {
    const ELFCOMPRESS_ZLIB: u32 = 1;
    let (Some(kind), Some(size)) = (get_u32(data, 0), get_u64(data, 8)) else {
        return Err("compression header is cut off".into());
    };
    if kind != ELFCOMPRESS_ZLIB {
        return Err(format!("compression of type {kind} is not supported (only zlib is)"));
    }
    let mut out = Vec::new();
    let body = data.get(crate::defs::CHDR_SIZE..).unwrap_or_default();
    let read = flate2::read::ZlibDecoder::new(body).take(size.saturating_add(1)).read_to_end(&mut out);
    match read {
        Ok(n) if n as u64 == size => Ok(out),
        _ => Err("compressed data is damaged".into()),
    }
}

impl FileFormat for ElfFormat {
    fn name(&self) -> &'static str {
        crate::FORMAT
    }

    fn identify(&self, bytes: &[u8]) -> FileKind {
        if bytes.starts_with(b"!<arch>\n") || bytes.starts_with(b"!<thin>\n") {
            return FileKind::Archive;
        }
        if !bytes.starts_with(crate::defs::ELFMAG) {
            let binary = bytes.is_empty() || bytes.iter().take(256).any(|&b| b == 0);
            return if binary { FileKind::Foreign("file format not recognized") } else { FileKind::Script };
        }
        match identify(bytes).map(|ident| ident.file_type) {
            Ok(FileType::Object) => FileKind::Object,
            Ok(FileType::Shared) => FileKind::Shared,
            Ok(FileType::Program) => FileKind::Foreign("is a program, not an object or library"),
            Ok(FileType::Core | FileType::Other(_)) => FileKind::Foreign("is no object or library"),
            Err(_) => FileKind::Foreign("is not a 64-bit little-endian ELF file"),
        }
    }

    fn read_object<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<Object<'a>, String> {
        let mut object = read_object(bytes, arch).map_err(|error| error.to_string())?;
        for section in object.sections.iter_mut().filter(|s| s.flags.has(SectionFlags::COMPRESSED)) {
            let data = inflate(&section.data)
                .map_err(|text| format!("section {}: {text}", String::from_utf8_lossy(&section.name)))?;
            section.flags.0 &= !SectionFlags::COMPRESSED.0;
            // Its own alignment stands in the compression header; `read_object` knows that of the compressed bytes.
            let align = get_u64(&section.data, 16).unwrap_or(1).max(1);
            section.align = if align.is_power_of_two() && align <= 1 << 12 { align } else { 1 };
            section.size = data.len() as u64;
            section.data = Cow::Owned(data);
        }
        for atom in object.atoms.iter_mut() {
            let section = &object.sections[atom.section];
            if matches!(section.data, Cow::Owned(_)) {
                (atom.offset, atom.size, atom.align) = (0, section.size, section.align as u32);
            }
        }
        Ok(object)
    }

    fn read_shared<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<SharedLib<'a>, String> {
        read_shared(bytes, arch).map_err(|error| error.to_string())
    }

    fn read_shared_lazily<'a>(&self, arch: &'static Arch, bytes: &'a [u8]) -> Result<LazyShared<'a>, String> {
        crate::shared_names::read_lazily(bytes, arch).map_err(|error| error.to_string())
    }

    fn read_image<'a>(&self, bytes: &'a [u8]) -> Result<obj::program::Program<'a>, String> {
        let mut program = crate::read_program(bytes).map_err(|error| error.to_string())?;
        let tables = program.sections.iter().filter(|section| matches!(&*section.name, b".rela.dyn" | b".rela.plt"));
        let records = tables.flat_map(|section| section.data.chunks_exact(crate::defs::RELA_SIZE));
        let relocs = records.map(|record| {
            let info = u64_at(record, 8);
            obj::program::ProgramReloc {
                offset: u64_at(record, 0),
                number: info as u32,
                symbol: ((info >> 32) as u32).checked_sub(1),
                addend: u64_at(record, 16) as i64,
            }
        });
        program.relocs = relocs.collect();
        Ok(program)
    }

    fn write_object(&self, arch: &'static Arch, object: &Object<'_>) -> Result<Vec<u8>, String> {
        Ok(crate::write_object(object, arch, crate::WriteOptions { atoms: false, merge_names: false }))
    }
}

impl Format for ElfFormat {
    fn rule<'s>(&self, section: &'s Section<'_>, options: &Options) -> Rule<'s> {
        let name: &'s [u8] = &section.name;
        let mut rule = Rule {
            name,
            rank: 0,
            sort: 0,
            keep: section.flags.has(SectionFlags::RETAIN),
            drop: false,
            reverse: false,
            relro: false,
            roomy: false,
        };
        if !section.flags.has(SectionFlags::ALLOC) {
            rule.drop = match options.strip {
                Strip::None => false,
                Strip::Debug | Strip::All => is_debug(name),
            } || name.starts_with(b".gnu.warning")
                || name.starts_with(b".gnu.lto_");
        }
        rule.drop |= DROPPED.contains(&name);
        let row = ROWS.iter().find(|row| is_or_below(name, row.input));
        match row.filter(|_| section.flags.has(SectionFlags::ALLOC)) {
            Some(row) => {
                rule.name = row.output;
                rule.rank = row.rank;
                rule.keep |= row.keep;
                // What is kept whole is a table, or code that falls through from piece to piece.
                rule.roomy = !row.keep;
                match row.rank {
                    rank::TEXT => {
                        let group = TEXT_GROUPS.iter().position(|group| is_or_below(name, group));
                        rule.sort = group.unwrap_or(TEXT_GROUPS.len()) as u32;
                    }
                    rank::INIT_ARRAY | rank::FINI_ARRAY | rank::PREINIT_ARRAY => {
                        rule.sort = priority(name, row.input);
                        rule.reverse = matches!(row.input, b".ctors" | b".dtors");
                    }
                    _ => {}
                }
            }
            None => rule.rank = orphan_rank(section),
        }
        rule.relro = rank::is_relro(rule.rank);
        rule
    }

    fn synth_rule(&self, kind: SynthKind, options: &Options) -> SynthRule<'static> {
        let zero = |name, rank, flags| SynthRule { kind: SectionKind::Nobits, ..synth(name, rank, flags, 0) };
        match kind {
            SynthKind::Commons => SynthRule { sort: 1, ..zero(b".bss", rank::BSS, ALLOC_WRITE) },
            SynthKind::TlsCommons => {
                SynthRule { sort: 1, ..zero(b".tbss", rank::TBSS, ALLOC_WRITE.with(SectionFlags::TLS)) }
            }
            SynthKind::Copies => zero(b".bss", rank::BSS, ALLOC_WRITE),
            SynthKind::CopiesReadOnly => {
                SynthRule { relro: true, ..zero(b".data.rel.ro", rank::RELRO_DATA, ALLOC_WRITE) }
            }
            SynthKind::Got => SynthRule { sort: 1, ..synth(b".got", rank::GOT, ALLOC_WRITE, 8) },
            // Bound at once, its words need not stay writable.
            SynthKind::GotPlt if options.z.now && options.z.relro => synth(b".got", rank::GOT, ALLOC_WRITE, 8),
            SynthKind::GotPlt => synth(b".got.plt", rank::GOT_PLT, ALLOC_WRITE, 8),
            SynthKind::Plt => synth(b".plt", rank::PLT, ALLOC_EXEC, 16),
            SynthKind::PltDirect => synth(b".plt.got", rank::PLT_GOT, ALLOC_EXEC, 8),
            SynthKind::FrameHeader => synth(b".eh_frame_hdr", rank::EH_FRAME_HDR, ALLOC, 0),
        }
    }

    fn tables<'a>(&self, link: &mut Link<'a>) -> Box<dyn Tables + 'a> {
        Box::new(ElfTables::new(link))
    }

    fn dynamic_address(&self, link: &Link<'_>) -> u64 {
        link.section_named(b".dynamic").map_or(0, |section| section.address)
    }

    fn edges(&self) -> &'static [EdgeRow] {
        EDGES
    }
}

const fn edge(name: &'static str, edge: Edge) -> EdgeRow {
    EdgeRow { name, edge, hidden: false, always: false }
}

const fn always(name: &'static str, edge: Edge) -> EdgeRow {
    EdgeRow { name, edge, hidden: false, always: true }
}

const fn hidden(name: &'static str, edge: Edge) -> EdgeRow {
    EdgeRow { name, edge, hidden: true, always: false }
}

/// Symbols that GNU ld's default script or the psABI define.
static EDGES: &[EdgeRow] = &[
    always("__bss_start", Edge::BssStart),
    always("_edata", Edge::DataEnd),
    edge("edata", Edge::DataEnd),
    always("_end", Edge::ImageEnd),
    edge("end", Edge::ImageEnd),
    edge("_etext", Edge::TextEnd),
    edge("etext", Edge::TextEnd),
    edge("__etext", Edge::TextEnd),
    hidden("__ehdr_start", Edge::ImageStart),
    hidden("__executable_start", Edge::ImageStart),
    hidden("_DYNAMIC", Edge::StartOf(".dynamic")),
    hidden("_GLOBAL_OFFSET_TABLE_", Edge::GotBase),
    hidden("_TLS_MODULE_BASE_", Edge::TlsStart),
    hidden("__GNU_EH_FRAME_HDR", Edge::StartOf(".eh_frame_hdr")),
    hidden("__preinit_array_start", Edge::StartOf(".preinit_array")),
    hidden("__preinit_array_end", Edge::EndOf(".preinit_array")),
    hidden("__init_array_start", Edge::StartOf(".init_array")),
    hidden("__init_array_end", Edge::EndOf(".init_array")),
    hidden("__fini_array_start", Edge::StartOf(".fini_array")),
    hidden("__fini_array_end", Edge::EndOf(".fini_array")),
    hidden("__rela_iplt_start", Edge::IndirectRelocsStart),
    hidden("__rela_iplt_end", Edge::IndirectRelocsEnd),
];

#[cfg(test)]
mod tests {
    use super::{ElfFormat, priority};
    use link::Options;
    use link::facets::Format;
    use obj::{GroupId, Section, SectionFlags, SectionId, SectionKind};
    use std::borrow::Cow;

    fn section(name: &'static [u8], flags: SectionFlags) -> Section<'static> {
        let none = obj::AtomId(0);
        Section {
            name: Cow::Borrowed(name),
            kind: SectionKind::Progbits,
            flags,
            align: 1,
            entry_size: 0,
            data: Cow::Borrowed(b""),
            size: 0,
            atoms: none..none,
            group: <GroupId as base::Id>::NONE,
            link_order: <SectionId as base::Id>::NONE,
            extra: obj::SectionExtra::default(),
        }
    }

    #[test]
    fn input_names_lead_to_output_names() {
        let options = Options::default();
        for (input, output) in [
            (&b".text.foo"[..], &b".text"[..]),
            (b".text_foo", b".text_foo"),
            (b".data.rel.ro.local", b".data.rel.ro"),
            (b".data.x", b".data"),
            (b".rodata.str1.1", b".rodata"),
            (b".init_array.00100", b".init_array"),
            (b".ctors.65435", b".init_array"),
            (b"set_foo", b"set_foo"),
        ] {
            let section = section(input, SectionFlags::ALLOC);
            assert_eq!(ElfFormat.rule(&section, &options).name, output);
        }
    }

    #[test]
    fn constructors_run_in_order_of_priority() {
        assert_eq!(priority(b".init_array.00100", b".init_array"), 100);
        assert_eq!(priority(b".ctors.65435", b".ctors"), 100);
        assert!(priority(b".init_array", b".init_array") > priority(b".init_array.65535", b".init_array"));
    }
}
