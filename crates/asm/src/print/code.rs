//! Instructions: disassembled, with expressions in the fields that are relocated and labels for what they refer to.

use super::labels::Labels;
use super::{Printer, RowState, Unit, push_target};
use crate::disasm::{Flow, Names, Place, Role, Style};
use obj::{AtomId, Reloc};

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
    /// Relocations that were written.
    n_written: usize,
    /// Something has no text.
    failed: bool,
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
        let bias = if relative { self.len - i64::from(place.at) } else { 0 };
        let addend = reloc.addend.wrapping_add(bias);
        push_target(self.unit, self.labels, reloc.target, suffix, addend, out);
        self.n_written += 1;
        true
    }

    fn remark(&mut self, _: u64, _: &mut Vec<u8>) {}
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
    }

    fn instruction(&mut self, id: AtomId, at: usize, code: &[u8], relocs: &[Reloc]) {
        let (unit, start) = (self.unit, self.out.len());
        self.out.push(b'\t');
        let mut operands = Operands {
            unit,
            labels: &self.labels,
            atom: id,
            at,
            len: code.len() as i64,
            relocs,
            n_written: 0,
            failed: false,
        };
        let text = self.out.len();
        let decoded = unit.dialect.disassembler.instruction(code, at as u64, STYLE, &mut operands, &mut self.out);
        let good = decoded.flow != Flow::Bad && usize::from(decoded.len) == code.len() && !operands.failed;
        if good && operands.n_written == relocs.len() {
            // Columns as compilers write them.
            if let Some(blank) = self.out[text..].iter().position(|&byte| byte == b' ') {
                let blanks = self.out[text + blank..].iter().take_while(|&&byte| byte == b' ').count();
                self.out.splice(text + blank..text + blank + blanks, [b'\t']);
            }
            while self.out.last().is_some_and(u8::is_ascii_whitespace) {
                self.out.pop();
            }
            self.out.push(b'\n');
            return;
        }
        self.out.truncate(start);
        for reloc in relocs {
            let (by, name) = (reloc.offset as usize - at, unit.arch.reloc(reloc.kind).name);
            self.out.extend_from_slice(format!("\t.reloc\t.+{by}, {name}, ").as_bytes());
            push_target(unit, &self.labels, reloc.target, "", reloc.addend, &mut self.out);
            self.out.push(b'\n');
        }
        let bytes: Vec<String> = code.iter().map(|byte| format!("{byte:#04x}")).collect();
        self.line(&format!("\t.byte\t{}", bytes.join(", ")));
    }
}
