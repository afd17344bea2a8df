//! Sections as their debug information is shown: inflated, and in an object relocated as far as that needs no link.

use super::dump::relocate;
use super::file::File;
use super::relocs::sections_for;
use super::{Cx, Facts, Options};
use crate::raw::Result;
use obj::program::{DebugFile, DebugSection};
use std::borrow::Cow;

/// The type of objects.
const ET_REL: u16 = 1;

/// Reads what a file has of debug information. What cannot be read is as if it were not there; the texts say what was wrong.
///
/// # Errors
/// As [`super::show`].
pub fn debug_sections(bytes: &[u8]) -> Result<(DebugFile<'_>, Vec<String>)> {
    let mut warnings = Vec::new();
    let file = File::read(bytes, &mut warnings)?;
    let options = Options::default();
    let facts = Facts { reloc_name: &|_| None, demangle: None, debug: None };
    let mut out = Vec::new();
    let mut cx = Cx { file, options: &options, facts: &facts, out: &mut out, warnings, budget: 0 };
    let mut found = DebugFile { sections: Vec::new(), big_endian: false, address_size: 8 };
    // Inflated sections of one file take no more than this.
    let mut room = 8u64 << 30;
    for idx in 0..cx.file.shdrs.len() {
        let shdr = cx.file.shdrs[idx];
        let name = cx.file.section_name(&shdr);
        let mut section = DebugSection { name, data: Cow::Borrowed(&[]), address: shdr.addr };
        if name.starts_with(b".debug_") || name == b".eh_frame" {
            section.data = Cow::Borrowed(cx.file.data(&shdr).unwrap_or_default());
            if shdr.flags & crate::defs::SHF_COMPRESSED != 0 {
                let size = base::bytes::get_u64(&section.data, 8).unwrap_or(0);
                let inflated = if size <= room { crate::inflate(&section.data) } else { Err("it is too large".into()) };
                match inflated {
                    Ok(data) => {
                        room -= size.min(room);
                        section.data = Cow::Owned(data);
                    }
                    Err(text) => {
                        cx.warn(format!("section {}: {text}", String::from_utf8_lossy(name)));
                        section.data = Cow::Borrowed(&[]);
                    }
                }
            }
            if cx.file.kind == ET_REL && !section.data.is_empty() {
                for table in sections_for(&cx, idx) {
                    relocate(&mut cx, section.data.to_mut(), &shdr, &table);
                }
            }
        }
        found.sections.push(section);
    }
    // One cause is told once.
    let mut warnings = cx.warnings;
    warnings.dedup();
    Ok((found, warnings))
}
