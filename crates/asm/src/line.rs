//! `.file` and `.loc` (gas manual, 7.60), and lines of the assembly text itself.

use crate::cursor::Cursor;
use crate::directive::{Outcome, number};
use crate::symbols::SymRef;
use crate::unit::Assembler;
use mc::buffer::Mark;

/// What is known of lines.
#[derive(Default)]
pub(crate) struct Lines {
    /// The first file that is assembled.
    pub main_file: Option<String>,
    /// Names that `.file "NAME"` gives, in order.
    pub file_symbols: Vec<Vec<u8>>,
    pending: bool,
}

impl Lines {
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.pending
    }

    pub fn rebase(&mut self, _: impl Fn(&mut u32, &mut Mark)) {}

    pub fn label(&mut self, _: SymRef) {}
}

impl Assembler {
    pub(crate) fn write_lines(&mut self, _: &target::Arch) -> Outcome {
        Ok(())
    }

    pub(crate) fn line_row(&mut self, _: Mark) {
        self.lines.pending = false;
    }
}

pub(crate) fn file(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    if line.peek() == b'"' {
        let name = line.string()?;
        asm.lines.file_symbols.push(name);
        return Ok(());
    }
    line.finish();
    Ok(())
}

pub(crate) fn loc(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Ok(())
}

pub(crate) fn mark_labels(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    number(asm, line)?;
    Ok(())
}

pub(crate) fn line_number(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    number(asm, line)?;
    Ok(())
}
