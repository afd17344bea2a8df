//! Where the text's own lines are (`-g`): lines of files as they are, unless the text says otherwise (`.file "NAME"` with `.line`,
//! `# 33 "file.c"`); the line of the outermost call for what macros make; and for what is repeated, the lines of its body.

use crate::cursor::Cursor;
use crate::directive::{Outcome, number};
use crate::symbols::Loc;
use crate::unit::{Assembler, Text};

/// What the text at hand says of its place, beyond its lines.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    /// The outermost macro call that it comes from.
    call: Option<Loc>,
    /// Its lines are that call's.
    is_call: bool,
    /// The file that the text names, by its number.
    file: Option<u32>,
    /// The text says lines: what is to be added to them once it names a file, too.
    added: Option<u32>,
}

impl Origin {
    /// Of what a macro makes that is called at `loc`.
    pub fn of_call(self, loc: Loc) -> Origin {
        Origin { call: self.call.or(Some(loc)), is_call: true, ..self }
    }

    /// Of a body that is repeated, which begins at `loc`: lines are said from here on.
    pub fn of_repeat(self, loc: &mut Loc) -> Origin {
        match self.file {
            Some(file) if !self.is_call => {
                loc.file = file;
                Origin { added: self.added.or(Some(0)), ..self }
            }
            _ => self,
        }
    }

    /// Of a file that is included.
    pub fn of_file(self) -> Origin {
        Origin { file: None, added: None, ..self }
    }

    /// `# LINE "FILE"`
    pub fn say_both(&mut self, file: u32) {
        (self.file, self.added) = (Some(file), Some(0));
    }

    /// Settles the place of the statement at hand as far as file and line are said.
    fn settle(&mut self, loc: &mut Loc) {
        if let (Some(file), Some(added)) = (self.file, self.added) {
            (loc.file, loc.line) = (file, loc.line.wrapping_add(added));
            self.added = Some(0);
            self.is_call = false;
        }
    }
}

impl Assembler {
    /// The line that the statement at hand counts as.
    pub(crate) fn own_place(&self) -> Loc {
        let origin = &self.lines.origin;
        origin.call.filter(|_| origin.is_call).unwrap_or(self.tables.loc)
    }

    /// `.file`: of the text, or of the table.
    pub(crate) fn file_directive(&mut self, line: &mut Cursor, text: &mut Text) -> Outcome {
        if line.peek() != b'"' {
            return crate::line::file(self, line);
        }
        let name = line.string()?;
        if self.is_file {
            let file = self.files.number(&String::from_utf8_lossy(&name));
            self.lines.origin.file = Some(file);
            self.lines.origin.settle(&mut text.loc);
        }
        self.file_symbol(&name);
        Ok(())
    }

    /// `.line LINE`: what it stands on is that line.
    pub(crate) fn line_directive(&mut self, line: &mut Cursor, text: &mut Text) -> Outcome {
        let said = number(self, line)?;
        line.finish();
        if let Ok(said) = u32::try_from(said)
            && self.is_file
        {
            self.lines.origin.added = Some(said.wrapping_sub(text.loc.line));
            self.lines.origin.settle(&mut text.loc);
        }
        Ok(())
    }
}
