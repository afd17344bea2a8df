//! Debug information as text, of files of any format: `readelf --debug-dump`, `objdump --dwarf`.

pub use dwarf::dump::{Input, Output, PART_NAMES, PartName, Parts, is_shown, show};

use crate::inspect::reader;
use crate::plugins::TARGETS;
use dwarf::dump::Section;
use obj::program::DebugFile;

/// A file's debug information.
pub struct DebugText<'a> {
    file: DebugFile<'a>,
    registers: &'static [&'static str],
    /// What was wrong with it.
    pub warnings: Vec<String>,
}

impl<'a> DebugText<'a> {
    /// # Errors
    /// The message says what is wrong with the file.
    pub fn read(bytes: &'a [u8]) -> Result<DebugText<'a>, String> {
        let row = reader(bytes).ok_or("file format not recognized")?;
        let (file, warnings) = (row.debug_sections)(bytes).map_err(|error| error.to_string())?;
        let name = (row.arch_name)(bytes);
        let arch = TARGETS.iter().map(|target| target.arch).find(|arch| Some(arch.name) == name);
        Ok(DebugText { file, registers: arch.map_or(&[], |arch| arch.dwarf_regs), warnings })
    }

    /// As it is shown.
    pub fn input(&self, wide: bool) -> Input<'_> {
        let sections = self.file.sections.iter();
        let sections = sections.map(|s| Section { name: s.name, data: &s.data, address: s.address }).collect();
        Input::new(sections).with(self.file.big_endian, self.file.address_size, self.registers, wide)
    }
}
