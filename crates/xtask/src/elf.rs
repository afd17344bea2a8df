//! A reader of relocatable 64-bit little-endian ELF objects, for judges that compare what two tools made (gABI chapters 4
//! "Sections", "Symbol Table", "Relocation"). It knows no more than they need, is independent of kit's own reader, and says
//! what is wrong with a damaged object instead of failing.

/// An object as read.
pub struct Elf {
    pub sections: Vec<Section>,
    pub symbols: Vec<Symbol>,
    /// `e_flags`, `e_type`, `e_machine`.
    pub header: (u32, u16, u16),
}

pub struct Section {
    pub name: String,
    pub kind: u32,
    pub flags: u64,
    pub size: u64,
    pub link: u32,
    pub info: u32,
    pub align: u64,
    pub entsize: u64,
    /// Empty for `SHT_NOBITS`.
    pub bytes: Vec<u8>,
    /// In the order of the file.
    pub relocs: Vec<Reloc>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reloc {
    pub offset: u64,
    pub kind: u32,
    pub symbol: usize,
    pub addend: i64,
}

/// Where a symbol is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Undefined,
    Absolute,
    Common,
    Section(usize),
    Other(u16),
}

pub struct Symbol {
    pub name: String,
    pub value: u64,
    pub size: u64,
    /// `STT_*` and `STB_*`.
    pub kind: u8,
    pub bind: u8,
    /// The whole of `st_other`, of which two bits are the visibility.
    pub other: u8,
    pub place: Place,
}

pub const SHT_SYMTAB: u32 = 2;
pub const SHT_STRTAB: u32 = 3;
pub const SHT_RELA: u32 = 4;
pub const SHT_NOBITS: u32 = 8;
pub const SHT_REL: u32 = 9;
pub const SHT_GROUP: u32 = 17;
pub const SHT_SYMTAB_SHNDX: u32 = 18;
pub const SHF_ALLOC: u64 = 2;
pub const SHF_EXECINSTR: u64 = 4;
pub const SHF_EXCLUDE: u64 = 0x8000_0000;
pub const STT_SECTION: u8 = 3;
pub const STB_LOCAL: u8 = 0;

const SYMBOL_BYTES: u64 = 24;
const RELA_BYTES: u64 = 24;

/// Bytes that are asked for by number and not by trust.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn slice(&self, at: u64, len: u64) -> Result<&'a [u8], String> {
        let end = at.checked_add(len).ok_or("an offset overflows")?;
        let range = usize::try_from(at).ok().zip(usize::try_from(end).ok());
        range.and_then(|(at, end)| self.0.get(at..end)).ok_or_else(|| format!("{at:#x}+{len:#x} is outside the file"))
    }

    fn number(&self, at: u64, len: u64) -> Result<u64, String> {
        Ok(self.slice(at, len)?.iter().rev().fold(0, |sum, byte| sum << 8 | u64::from(*byte)))
    }

    fn u16(&self, at: u64) -> Result<u16, String> {
        Ok(self.number(at, 2)? as u16)
    }

    fn u32(&self, at: u64) -> Result<u32, String> {
        Ok(self.number(at, 4)? as u32)
    }

    fn u64(&self, at: u64) -> Result<u64, String> {
        self.number(at, 8)
    }
}

/// The string at an offset of a string table.
fn string(table: &[u8], at: u32) -> Result<String, String> {
    let rest = table.get(at as usize..).ok_or_else(|| format!("a name at {at:#x} is outside its table"))?;
    let end = rest.iter().position(|byte| *byte == 0).ok_or("a name has no end")?;
    Ok(String::from_utf8_lossy(&rest[..end]).into_owned())
}

impl Elf {
    pub fn read_file(path: &std::path::Path) -> Result<Elf, String> {
        let bytes = std::fs::read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        Elf::read(&bytes)
    }

    pub fn read(file: &[u8]) -> Result<Elf, String> {
        let file = Bytes(file);
        if file.slice(0, 6)? != b"\x7fELF\x02\x01" {
            return Err("not a 64-bit little-endian ELF file".to_owned());
        }
        let (mut sections, names) = sections(&file)?;
        for (section, name) in sections.iter_mut().zip(names.1) {
            section.name = string(&names.0, name)?;
        }
        let symbols = symbols(&sections)?;
        let tables: Vec<usize> = (0..sections.len()).filter(|at| sections[*at].kind == SHT_RELA).collect();
        for table in tables {
            let relocs = relocs(&sections[table], symbols.len())?;
            let target = sections[table].info as usize;
            let target = sections.get_mut(target).ok_or("a relocation table of no section")?;
            target.relocs.extend(relocs);
        }
        Ok(Elf { sections, symbols, header: (file.u32(48)?, file.u16(16)?, file.u16(18)?) })
    }

    /// A name for each section that tells apart those of one name: the second `.text` is `.text#2`; a member of a group is
    /// named with the group's signature.
    pub fn keys(&self) -> Vec<String> {
        let mut groups: Vec<Option<String>> = vec![None; self.sections.len()];
        for section in self.sections.iter().filter(|section| section.kind == SHT_GROUP) {
            let signature = self.symbols.get(section.info as usize).map_or("?", |symbol| &symbol.name);
            let signature = if signature.is_empty() { "?" } else { signature };
            for word in section.bytes.chunks_exact(4).skip(1) {
                let member = u32::from_le_bytes([word[0], word[1], word[2], word[3]]) as usize;
                if let Some(group) = groups.get_mut(member) {
                    *group = Some(signature.to_owned());
                }
            }
        }
        let mut seen: std::collections::BTreeMap<String, u32> = std::collections::BTreeMap::new();
        let mut keys = Vec::with_capacity(self.sections.len());
        for (section, group) in self.sections.iter().zip(groups) {
            let mut key = section.name.clone();
            if let Some(group) = group {
                key = format!("{key}[{group}]");
            }
            let count = seen.entry(key.clone()).or_default();
            *count += 1;
            keys.push(if *count > 1 { format!("{key}#{count}") } else { key });
        }
        keys
    }
}

type Names = (Vec<u8>, Vec<u32>);

/// The section table, without names; with the table of names and each section's place in it.
fn sections(file: &Bytes<'_>) -> Result<(Vec<Section>, Names), String> {
    let (table, size) = (file.u64(40)?, u64::from(file.u16(58)?));
    let (mut count, mut names) = (u64::from(file.u16(60)?), u32::from(file.u16(62)?));
    if table == 0 {
        return Ok((Vec::new(), (Vec::new(), Vec::new())));
    }
    if size < 64 {
        return Err("section headers are too small".to_owned());
    }
    if count == 0 {
        count = file.u64(table + 32)?;
    }
    if names == 0xffff {
        names = file.u32(table + 40)?;
    }
    file.slice(table, count.checked_mul(size).ok_or("too many sections")?)?;
    let (mut list, mut name_at) = (Vec::new(), Vec::new());
    for at in (0..count).map(|idx| table + idx * size) {
        let (kind, offset, bytes) = (file.u32(at + 4)?, file.u64(at + 24)?, file.u64(at + 32)?);
        let has_bytes = kind != SHT_NOBITS && kind != 0;
        name_at.push(file.u32(at)?);
        list.push(Section {
            name: String::new(),
            kind,
            flags: file.u64(at + 8)?,
            size: bytes,
            link: file.u32(at + 40)?,
            info: file.u32(at + 44)?,
            align: file.u64(at + 48)?,
            entsize: file.u64(at + 56)?,
            bytes: if has_bytes { file.slice(offset, bytes)?.to_vec() } else { Vec::new() },
            relocs: Vec::new(),
        });
    }
    let table = list.get(names as usize).ok_or("the names' section does not exist")?.bytes.clone();
    Ok((list, (table, name_at)))
}

fn symbols(sections: &[Section]) -> Result<Vec<Symbol>, String> {
    let Some(at) = sections.iter().position(|section| section.kind == SHT_SYMTAB) else { return Ok(Vec::new()) };
    let table = &sections[at];
    let names = &sections.get(table.link as usize).ok_or("the symbols have no names")?.bytes;
    let wide = sections.iter().find(|s| s.kind == SHT_SYMTAB_SHNDX && s.link as usize == at);
    let bytes = Bytes(&table.bytes);
    (0..table.bytes.len() as u64 / SYMBOL_BYTES)
        .map(|idx| {
            let at = idx * SYMBOL_BYTES;
            let (info, index) = (bytes.number(at + 4, 1)? as u8, bytes.u16(at + 6)?);
            let place = match index {
                0 => Place::Undefined,
                0xfff1 => Place::Absolute,
                0xfff2 => Place::Common,
                0xffff => {
                    let wide = wide.ok_or("a symbol's section is not told")?;
                    Place::Section(Bytes(&wide.bytes).u32(idx * 4)? as usize)
                }
                index if index >= 0xff00 => Place::Other(index),
                index => Place::Section(usize::from(index)),
            };
            if matches!(place, Place::Section(section) if section >= sections.len()) {
                return Err("a symbol is in a section that does not exist".to_owned());
            }
            Ok(Symbol {
                name: string(names, bytes.u32(at)?)?,
                value: bytes.u64(at + 8)?,
                size: bytes.u64(at + 16)?,
                kind: info & 15,
                bind: info >> 4,
                other: bytes.number(at + 5, 1)? as u8,
                place,
            })
        })
        .collect()
}

fn relocs(table: &Section, symbols: usize) -> Result<Vec<Reloc>, String> {
    let bytes = Bytes(&table.bytes);
    (0..table.bytes.len() as u64 / RELA_BYTES)
        .map(|idx| {
            let at = idx * RELA_BYTES;
            let info = bytes.u64(at + 8)?;
            let symbol = (info >> 32) as usize;
            if symbol >= symbols.max(1) {
                return Err("a relocation names no symbol".to_owned());
            }
            let addend = bytes.u64(at + 16)? as i64;
            Ok(Reloc { offset: bytes.u64(at)?, kind: info as u32, symbol, addend })
        })
        .collect()
}

/// The relocations of x86-64 by number (psABI, table 4.9).
static RELOC_NAMES: &[&str] = &[
    "NONE",
    "64",
    "PC32",
    "GOT32",
    "PLT32",
    "COPY",
    "GLOB_DAT",
    "JUMP_SLOT",
    "RELATIVE",
    "GOTPCREL",
    "32",
    "32S",
    "16",
    "PC16",
    "8",
    "PC8",
    "DTPMOD64",
    "DTPOFF64",
    "TPOFF64",
    "TLSGD",
    "TLSLD",
    "DTPOFF32",
    "GOTTPOFF",
    "TPOFF32",
    "PC64",
    "GOTOFF64",
    "GOTPC32",
    "GOT64",
    "GOTPCREL64",
    "GOTPC64",
    "GOTPLT64",
    "PLTOFF64",
    "SIZE32",
    "SIZE64",
    "GOTPC32_TLSDESC",
    "TLSDESC_CALL",
    "TLSDESC",
    "IRELATIVE",
    "RELATIVE64",
    "39",
    "40",
    "GOTPCRELX",
    "REX_GOTPCRELX",
];

pub fn reloc_name(kind: u32) -> String {
    RELOC_NAMES.get(kind as usize).map_or_else(|| kind.to_string(), |name| (*name).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::Command;

    fn object(source: &str) -> Vec<u8> {
        static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let dir = std::env::temp_dir().join(format!(
            "xtask-elf-{}-{}",
            std::process::id(),
            NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed)
        ));
        std::fs::create_dir_all(&dir).expect("a folder");
        std::fs::write(dir.join("a.s"), source).expect("a source");
        let made = Command::new("as").args(["a.s", "-o", "a.o"]).current_dir(&dir).status().expect("as");
        assert!(made.success());
        let bytes = std::fs::read(dir.join("a.o")).expect("an object");
        std::fs::remove_dir_all(&dir).expect("gone");
        bytes
    }

    #[test]
    fn an_object_of_gnu_as_is_read() {
        let bytes = object(
            ".globl f\n.type f,@function\nf: call g@PLT\n.size f,.-f\n.data\nd: .quad f+4\n\
             .section .text,\"axG\",@progbits,g1,comdat\nret\n.section .text,\"axG\",@progbits,g2,comdat\nret\n",
        );
        let elf = Elf::read(&bytes).expect("reads");
        let text = elf.sections.iter().find(|section| section.name == ".text").expect("text");
        assert_eq!(text.bytes, [0xe8, 0, 0, 0, 0]);
        assert_eq!(reloc_name(text.relocs[0].kind), "PLT32");
        assert_eq!((text.relocs[0].offset, text.relocs[0].addend), (1, -4));
        assert_eq!(elf.symbols[text.relocs[0].symbol].name, "g");
        let f = elf.symbols.iter().find(|symbol| symbol.name == "f").expect("f");
        assert_eq!((f.kind, f.bind, f.size), (2, 1, 5));
        let keys = elf.keys();
        assert!(keys.iter().any(|key| key == ".text[g1]") && keys.iter().any(|key| key == ".text[g2]"), "{keys:?}");
    }

    #[test]
    fn damaged_objects_are_errors() {
        let bytes = object("nop\n.globl x\nx: .quad y\n");
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] = 0xff;
            let _ = Elf::read(&damaged);
            let _ = Elf::read(&bytes[..at]);
        }
    }
}
