//! The end of a unit: lengths are settled (`settle`), sections of assembly text become atoms (`place`), its symbols symbols of
//! the object (`symbols`), and fields bytes or relocations (`fix`); `value` says what expressions stand for by then.

mod fix;
mod order;
mod place;
mod settle;
mod symbols;
mod value;

use crate::sections::Wanted;
use crate::symbols::Severity;
use crate::unit::{AsmError, Assembler};
use base::Pos;
use mc::rows::UnwindRow;
use obj::build::ObjectBuilder;
use obj::{AtomId, Binding, SectionFlags, SymId, SymbolDef, SymbolKind};
use target::Arch;

/// The object that text is assembled into, and the symbols that something else put there.
pub trait Host {
    fn builder(&mut self) -> &mut ObjectBuilder;

    /// The symbol of that name, if the unit declares or defines one.
    fn symbol(&mut self, name: &[u8]) -> Option<SymId>;
}

/// The object of files: nothing else is in it.
struct Alone<'b>(&'b mut ObjectBuilder);

impl Host for Alone<'_> {
    fn builder(&mut self) -> &mut ObjectBuilder {
        self.0
    }

    fn symbol(&mut self, _: &[u8]) -> Option<SymId> {
        None
    }
}

/// A function between `.cfi_startproc` and `.cfi_endproc`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmFrame {
    pub atom: AtomId,
    /// In the atom, in bytes.
    pub offset: u32,
    pub size: u32,
    /// Offsets count from the function's start.
    pub unwind: Vec<UnwindRow>,
}

/// The symbol of a file's name.
fn add_file_symbol(name: &[u8], builder: &mut ObjectBuilder) {
    let file = builder.add_symbol(name, Binding::Local, SymbolKind::File);
    builder.symbol_mut(file).def = SymbolDef::Absolute;
}

/// `.set` of `.set` of …: more is a circle.
const MAX_CHAIN: u32 = 100;
impl Assembler {
    /// Ends the unit of a compiler. Everything that is wrong is told.
    pub fn finish(&mut self, host: &mut dyn Host, arch: &'static Arch, frames: &mut Vec<AsmFrame>) -> Vec<AsmError> {
        let first = self.tables.messages.len();
        self.close_procs();
        self.settle();
        let layout = self.place_sections(host, arch);
        let place = |asm: &Assembler, piece: u32, mark| {
            let atom = layout.atoms[piece as usize].unwrap_or(AtomId(0));
            (atom, asm.pieces[piece as usize].code.place(mark))
        };
        if !self.tables.messages[first..].iter().any(|message| message.severity == Severity::Error)
            && let Err((loc, text)) = self.neutral_frames(frames, place)
        {
            self.tables.say(Severity::Error, loc, text);
        }
        self.resolve_all(host, arch, &layout);
        let messages = self.tables.messages.split_off(first);
        let errors = messages.into_iter().filter(|message| message.severity == Severity::Error);
        errors.map(|error| AsmError { pos: Pos(error.loc.file), line: error.loc.line, message: error.text }).collect()
    }

    /// The section that the architecture makes of what it saw.
    fn write_note(&mut self) {
        let Some(note) = self.syntax.note(&self.keep) else { return };
        let wanted = Wanted { flags: SectionFlags::ALLOC, ..Wanted::plain(note.name) };
        let section = self.section(&wanted, crate::sections::Told::default()) as usize;
        self.sections[section].align = self.sections[section].align.max(note.align);
        let piece = self.first_piece(section) as usize;
        for byte in note.bytes {
            self.pieces[piece].code.put(u64::from(byte), 1);
        }
    }

    /// Ends the unit that files were assembled for. What is wrong is among [`Assembler::messages`].
    pub fn finish_files(&mut self, builder: &mut ObjectBuilder, arch: &'static Arch) {
        self.flush_view();
        self.close_procs();
        self.write_note();
        self.settle();
        // Beyond every line: what stands at a boundary begins an atom.
        self.tables.loc.line = u32::MAX;
        if let Err(text) = self.write_lines(arch) {
            self.error(text);
        }
        if let Err(text) = self.write_frames(arch) {
            self.error(text);
        }
        self.write_build_notes(arch);
        // The first one begins the table; others stand where the text has them.
        if let Some(&(ref name, symbol)) = self.lines.file_symbols.first() {
            add_file_symbol(name, builder);
            self.tables.sym(symbol).kind = None;
        }
        let host = &mut Alone(builder);
        let layout = self.place_sections(host, arch);
        self.resolve_all(host, arch, &layout);
        if let Some(recorder) = &mut self.recorder {
            recorder.atoms = layout.atoms;
        }
    }
}
