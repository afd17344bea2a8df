//! `.stabs`, `.stabn`, `.stabd`, `.xstabs` (gas manual, 7.97): entries of twelve bytes in a section of their own, and their strings in
//! another, which the first entry counts and measures ("The stabs debug format", appendix F).

use crate::cursor::Cursor;
use crate::data::put_value;
use crate::directive::{Outcome, number};
use crate::expr::Expr;
use crate::sections::{Told, Wanted};
use crate::unit::Assembler;

// Which directive it is.
pub(crate) const STRING: u32 = 0;
pub(crate) const NUMBER: u32 = 1;
pub(crate) const HERE: u32 = 2;
pub(crate) const NAMED: u32 = 3;

/// A section of entries.
pub(crate) struct Stabs {
    name: Vec<u8>,
    section: u32,
    strings: u32,
    /// Where the first entry stands, in bytes before relaxation.
    first: usize,
    /// Beside the first.
    n_entries: u32,
}

/// Of an entry, in bytes.
const ENTRY: u64 = 12;

/// `.stabs "STRING", TYPE, OTHER, DESCRIPTION, VALUE` and its like.
pub(crate) fn entry(asm: &mut Assembler, line: &mut Cursor, what: u32) -> Outcome {
    let letter = [".stabs", ".stabn", ".stabd", ".xstabs"][what as usize];
    let comma = |line: &mut Cursor| if line.eat(b',') { Ok(()) } else { Err(format!("{letter}: missing comma")) };
    let section = if what == NAMED {
        let name = line.string()?;
        comma(line)?;
        name
    } else {
        b".stab".to_vec()
    };
    let text = if matches!(what, STRING | NAMED) {
        let text = line.string().map_err(|_| format!("{letter}: missing string"))?;
        comma(line)?;
        text
    } else {
        Vec::new()
    };
    let kind = number(asm, line)?;
    comma(line)?;
    let other = number(asm, line)?;
    comma(line)?;
    let description = number(asm, line)?;
    if !(-0x8000..=0xffff).contains(&description) {
        let text = format!("{letter}: description field '{description:x}' too big, try a different debug format");
        asm.tables.warn(text);
    }
    let value = if what == HERE {
        let code = &asm.pieces[asm.tables.piece as usize].code;
        Expr::symbol(asm.tables.here(code))
    } else {
        comma(line)?;
        asm.expr(line)?
    };
    let piece = asm.tables.piece;
    let result = asm.stab(&section, &text, [kind, other, description & 0xffff], value);
    asm.tables.piece = piece;
    result
}

impl Assembler {
    fn stab(&mut self, name: &[u8], text: &[u8], [kind, other, description]: [i64; 3], value: Expr) -> Outcome {
        let at = match self.stabs.iter().position(|stabs| stabs.name == name) {
            Some(at) => at,
            None => self.new_stabs(name),
        };
        let (section, strings) = (self.stabs[at].section, self.stabs[at].strings);
        self.stabs[at].n_entries += 1;
        let text = if text.is_empty() { 0 } else { self.stab_string(strings, text) };
        self.tables.piece = self.first_piece(section as usize);
        for (value, size) in [(i64::from(text), 4), (kind, 1), (other, 1), (description, 2)] {
            put_value(self, Expr::number(value), size)?;
        }
        put_value(self, value, 4)
    }

    /// Where a string stands that is added.
    fn stab_string(&mut self, strings: u32, text: &[u8]) -> u32 {
        self.tables.piece = self.first_piece(strings as usize);
        let code = self.code();
        let at = code.len() as u32;
        code.put_bytes(text);
        code.put(0, 1);
        at
    }

    /// A section of entries and that of its strings, which begins with the empty one and the name of the file.
    fn new_stabs(&mut self, name: &[u8]) -> usize {
        const ALIGN: u32 = 4;
        let section = self.section(&Wanted { entry_size: ENTRY, ..Wanted::plain(name) }, Told::default());
        let own = [name, b"str"].concat();
        let strings = self.section(&Wanted::plain(&own), Told::default());
        self.tables.piece = self.first_piece(strings as usize);
        self.code().put(0, 1);
        let file = self.file_name(self.tables.loc.file).as_bytes().to_vec();
        let file = self.stab_string(strings, &file);
        self.tables.piece = self.first_piece(section as usize);
        self.ask_alignment(ALIGN);
        let first = self.code().len();
        self.code().put(u64::from(file), 8);
        self.code().put(0, 4);
        self.sections[section as usize].link = Some(self.sections[strings as usize].symbol);
        self.stabs.push(Stabs { name: name.to_vec(), section, strings, first, n_entries: 0 });
        self.stabs.len() - 1
    }

    /// Says in each first entry how many follow, and how long the strings are. Every piece has its final lengths.
    pub(crate) fn close_stabs(&mut self) {
        for stabs in std::mem::take(&mut self.stabs) {
            let len = self.pieces[self.first_piece(stabs.strings as usize) as usize].code.settled_len();
            let piece = self.first_piece(stabs.section as usize) as usize;
            let code = &mut self.pieces[piece].code;
            let mut header = [0; 6];
            header[..2].copy_from_slice(&(stabs.n_entries as u16).to_le_bytes());
            header[2..].copy_from_slice(&len.to_le_bytes());
            // Behind the string's place, the kind and what has no meaning there.
            code.patch_back((code.len() - stabs.first - 6) as u32, &header);
        }
    }
}
