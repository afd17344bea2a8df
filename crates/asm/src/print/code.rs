//! Instructions: disassembled, with expressions in the fields that are relocated and labels for what they refer to.

use super::labels::Labels;
use super::{Printer, RowState, Spelling, Unit, push_target};
use crate::disasm::{Flow, Names, Place, Role, Style};
use obj::{AtomId, Reloc, RelocTargetKind};

const STYLE: Style = Style { syntax: 0, always_suffix: false, reassemble: true };

/// Something in code that refers to a place.
pub(super) enum Field<'r> {
    /// A field of an instruction of so many bytes.
    Relocated(&'r Reloc, Place, i64),
    /// No field of the instruction is at the relocation's place.
    Unplaced(&'r Reloc),
    /// A place in the same atom, without a relocation.
    Inner(u64),
}

/// Notes which fields an instruction has.
#[derive(Default)]
struct Noted {
    places: Vec<Place>,
}

impl Names for Noted {
    fn operand(&mut self, place: &Place, _: &mut Vec<u8>) -> bool {
        self.places.push(*place);
        true
    }

    fn remark(&mut self, _: u64, _: &mut Vec<u8>) {}
}

/// Walks the code of atom `id` and tells of everything that refers to a place.
pub(super) fn fields(unit: &Unit<'_>, id: AtomId, tell: &mut dyn FnMut(Field<'_>)) {
    let (bytes, relocs) = (unit.object.atom_bytes(id), unit.object.atom_relocs(id));
    let disassembler = unit.dialect.disassembler;
    let (mut at, mut next, mut text) = (0, 0, Vec::new());
    let mut noted = Noted::default();
    while at < bytes.len() {
        noted.places.clear();
        text.clear();
        let decoded = disassembler.instruction(&bytes[at..], at as u64, STYLE, &mut noted, &mut text);
        let end = at + usize::from(decoded.len);
        let first = next;
        while relocs.get(next).is_some_and(|reloc| (reloc.offset as usize) < end) {
            next += 1;
        }
        let own = &relocs[first..next];
        for reloc in own {
            match noted.places.iter().find(|place| at + usize::from(place.at) == reloc.offset as usize) {
                Some(place) => tell(Field::Relocated(reloc, *place, i64::from(decoded.len))),
                None => tell(Field::Unplaced(reloc)),
            }
        }
        for place in &noted.places {
            let relocated = own.iter().any(|reloc| at + usize::from(place.at) == reloc.offset as usize);
            if !relocated && matches!(place.role, Role::Branch | Role::Relative) {
                tell(Field::Inner(place.address));
            }
        }
        at = end;
    }
}

/// Names the fields of one instruction.
struct Operands<'u, 'a> {
    unit: &'u Unit<'a>,
    labels: &'u Labels,
    atom: AtomId,
    /// Of the instruction, in the atom.
    at: usize,
    len: i64,
    relocs: &'u [Reloc],
    spelling: &'static Spelling,
    /// Some names cannot be written in the spelling.
    is_mixed: bool,
    /// Relocations that were written.
    n_written: usize,
    /// Something has no text.
    failed: bool,
    /// A name means something else in the spelling.
    is_reserved: bool,
}

impl Names for Operands<'_, '_> {
    fn operand(&mut self, place: &Place, out: &mut Vec<u8>) -> bool {
        let offset = self.at + usize::from(place.at);
        let relative = matches!(place.role, Role::Branch | Role::Relative);
        let Some(reloc) = self.relocs.iter().find(|reloc| reloc.offset as usize == offset) else {
            if !relative {
                return false;
            }
            match self.labels.private(self.atom, place.address) {
                Some(label) => out.extend_from_slice(label.as_bytes()),
                None => self.failed = true,
            }
            return true;
        };
        let known = self.unit.dialect.operands.iter().find(|row| row.0 == reloc.kind);
        // What stands in the field beside the relocation would be lost.
        let Some((_, suffix)) = known.filter(|_| place.value == 0) else {
            self.failed = true;
            return true;
        };
        if self.is_mixed
            && let RelocTargetKind::Symbol(symbol) = reloc.target.kind()
        {
            self.is_reserved |= self.spelling.is_out_of_reach(self.unit.object.symbol_name(symbol));
        }
        if place.role == Role::Immediate {
            out.extend_from_slice(self.spelling.immediate.as_bytes());
        }
        let bias = if relative { self.len - i64::from(place.at) } else { 0 };
        let addend = reloc.addend.wrapping_add(bias);
        push_target(self.unit, self.labels, reloc.target, suffix, addend, out);
        self.n_written += 1;
        true
    }

    fn remark(&mut self, _: u64, _: &mut Vec<u8>) {}
}

/// What became of an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Told {
    Whole,
    /// A name that it needs means something else.
    Reserved,
    /// It has no text.
    No,
}

/// As the text counts it: what the assembler would write otherwise is shown in pieces.
fn instruction_len(unit: &Unit<'_>, code: &[u8], address: u64) -> usize {
    let (mut noted, mut text) = (Noted::default(), Vec::new());
    usize::from(unit.dialect.disassembler.instruction(code, address, STYLE, &mut noted, &mut text).len)
}

impl Printer<'_, '_> {
    /// The code of an atom with its labels and rows.
    pub(super) fn code(&mut self, id: AtomId) {
        let unit = self.unit;
        let (bytes, relocs) = (unit.object.atom_bytes(id), unit.object.atom_relocs(id));
        let names = self.labels.offsets(unit.object, id);
        let (mut at, mut next_reloc, mut next_name) = (0, 0, 0);
        let mut state = RowState::new();
        loop {
            while names.get(next_name).is_some_and(|&offset| offset <= at as u64) {
                self.labels_at(id, names[next_name]);
                next_name += 1;
            }
            self.rows_at(id, at as u64, &mut state);
            if at >= bytes.len() {
                break;
            }
            let len = instruction_len(unit, &bytes[at..], at as u64);
            // A label in the middle of what looks like an instruction: data.
            let len = match names.get(next_name) {
                Some(&name) if name < (at + len) as u64 => name as usize - at,
                _ => len,
            };
            let first = next_reloc;
            while relocs.get(next_reloc).is_some_and(|reloc| (reloc.offset as usize) < at + len) {
                next_reloc += 1;
            }
            self.instruction(id, at, &bytes[at..at + len], &relocs[first..next_reloc]);
            at += len;
        }
        for &name in &names[next_name..] {
            self.labels_at(id, name);
        }
        self.switch(false);
    }

    /// Puts the spelling of instructions in force, or the usual one, where it does not hold for the whole text.
    fn switch(&mut self, on: bool) {
        if self.is_mixed && self.is_switched != on {
            self.is_switched = on;
            let spelling = if on { self.unit.spelling() } else { &self.unit.dialect.spellings[0] };
            self.line(&format!("\t{}", spelling.directive));
        }
    }

    fn instruction(&mut self, id: AtomId, at: usize, code: &[u8], relocs: &[Reloc]) {
        let unit = self.unit;
        let (start, was_switched) = (self.out.len(), self.is_switched);
        self.switch(true);
        let told = self.spelled(unit.spelling, id, at, code, relocs);
        if told == Told::Whole {
            return;
        }
        self.out.truncate(start);
        self.is_switched = was_switched;
        self.switch(false);
        if told == Told::Reserved && self.spelled(0, id, at, code, relocs) == Told::Whole {
            return;
        }
        for reloc in relocs {
            let (by, name) = (reloc.offset as usize - at, unit.arch.reloc(reloc.kind).name);
            self.out.extend_from_slice(format!("\t.reloc\t.+{by}, {name}, ").as_bytes());
            push_target(unit, &self.labels, reloc.target, "", reloc.addend, &mut self.out);
            self.out.push(b'\n');
        }
        let bytes: Vec<String> = code.iter().map(|byte| format!("{byte:#04x}")).collect();
        self.line(&format!("\t.byte\t{}", bytes.join(", ")));
    }

    /// Appends the line of an instruction, or nothing.
    fn spelled(&mut self, spelling: usize, id: AtomId, at: usize, code: &[u8], relocs: &[Reloc]) -> Told {
        let (unit, start) = (self.unit, self.out.len());
        self.out.push(b'\t');
        let mut operands = Operands {
            unit,
            labels: &self.labels,
            atom: id,
            at,
            len: code.len() as i64,
            relocs,
            spelling: &unit.dialect.spellings[spelling],
            is_mixed: self.is_mixed && spelling != 0,
            n_written: 0,
            failed: false,
            is_reserved: false,
        };
        let text = self.out.len();
        let style = Style { syntax: spelling as u8, ..STYLE };
        let decoded = unit.dialect.disassembler.instruction(code, at as u64, style, &mut operands, &mut self.out);
        let good = decoded.flow != Flow::Bad && usize::from(decoded.len) == code.len() && !operands.failed;
        let told = match good && operands.n_written == relocs.len() {
            false => Told::No,
            true if operands.is_reserved => Told::Reserved,
            true => Told::Whole,
        };
        if told != Told::Whole {
            self.out.truncate(start);
            return told;
        }
        // Columns as compilers write them.
        if let Some(blank) = self.out[text..].iter().position(|&byte| byte == b' ') {
            let blanks = self.out[text + blank..].iter().take_while(|&&byte| byte == b' ').count();
            self.out.splice(text + blank..text + blank + blanks, [b'\t']);
        }
        while self.out.last().is_some_and(u8::is_ascii_whitespace) {
            self.out.pop();
        }
        self.out.push(b'\n');
        told
    }
}
