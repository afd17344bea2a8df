//! The assembler of one unit: its statements, one after the other, and the function whose code inline assembly goes into.
//!
//! Code under construction lies in *pieces*: piece 0 is the code of the function at hand, every subsection of assembly text
//! is another. When a piece gets its place (the function is finished, the unit ends) what was counted in marks becomes
//! offsets; fields are settled at the end of the unit, as text may still define what it names.

use crate::cfi::Cfi;
use crate::conditional::Condition;
use crate::cursor::{self, Cursor, Stop};
use crate::directive::{self, Action};
use crate::frame_text::FrameText;
use crate::line::Lines;
use crate::macros::Macros;
use crate::memo::Memo;
use crate::own_lines::Origin;
use crate::registers::Registers;
use crate::sections::{NOWHERE, Piece, Section};
use crate::source_listing::{ListingOptions, Recorder};
use crate::symbols::{FINAL, HOME, Loc, Message, Place, Severity, Tables, VERSION, WEAKREF};
use crate::syntax::{Emit, Keep, Syntax};
use base::Pos;
use base::hash::QuickMap;
use base::io::InputSource;
use mc::{CodeBuffer, Label};
use obj::{AtomId, SymId};
use std::path::Path;

/// Something wrong in assembly text that C holds, or with what it refers to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmError {
    /// Of the C statement that holds the text.
    pub pos: Pos,
    /// Line within the text, from 0.
    pub line: u32,
    pub message: String,
}

/// What is said of characters beyond ASCII.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Multibyte {
    #[default]
    Allowed,
    Told,
    /// Only in the names of symbols.
    ToldInNames,
}

/// How a file is assembled.
#[derive(Clone, Debug, Default)]
pub struct AsmOptions {
    /// Where `.include` and `.incbin` look, after the current directory.
    pub include_dirs: Vec<String>,
    /// `--defsym`
    pub symbols: Vec<(String, i64)>,
    /// `-L`: private labels go into the symbol table.
    pub keep_locals: bool,
    /// `-W`
    pub no_warnings: bool,
    /// `--fatal-warnings`
    pub fatal_warnings: bool,
    /// `-g`, `--gdwarf-N`: lines of the assembly text itself, in this version of DWARF; 0 for none.
    pub debug: u8,
    /// `--gdwarf-sections`
    pub line_sections: bool,
    /// `--noexecstack`, `--execstack`
    pub executable_stack: Option<bool>,
    /// `--alternate`
    pub alternate: bool,
    /// `--elf-stt-common=yes`
    pub common_kind: bool,
    /// `--gdwarf-cie-version`; 0 for the usual one.
    pub cie_version: u8,
    /// `--multibyte-handling`
    pub multibyte: Multibyte,
    /// `-R`: data goes into the section of code.
    pub data_in_text: bool,
    /// `-Z`: an object is made after errors, too.
    pub always_output: bool,
    /// `-mshared`: jumps to global symbols keep their relocations.
    pub shared: bool,
    /// `--generate-missing-build-notes=yes`
    pub build_notes: bool,
    /// `--strip-local-absolute`
    pub strip_local_absolute: bool,
    /// The architecture's own state at the start ([`Emit::mode`]).
    pub mode: u32,
    /// The same ([`Emit::keep`]).
    pub keep: Keep,
    /// Current directory, for line tables.
    pub directory: String,
    /// `--debug-prefix-map`; the last that fits counts.
    pub prefix_maps: Vec<(String, String)>,
    /// As the line tables' makers say of themselves.
    pub producer: String,
    /// `-a`
    pub listing: Option<ListingOptions>,
}

/// See the module's description.
pub struct Assembler {
    pub(crate) syntax: &'static dyn Syntax,
    pub(crate) tables: Tables,
    pub(crate) pieces: Vec<Piece>,
    pub(crate) sections: Vec<Section>,
    /// Sections by name.
    pub(crate) by_name: QuickMap<Box<[u8]>, Vec<u32>>,
    pub(crate) section_hint: Option<u32>,
    /// Symbols that stand for registers.
    pub(crate) registers: Registers,
    /// The piece before the current one.
    pub(crate) previous: u32,
    pub(crate) stack: Vec<(u32, u32)>,
    pub(crate) options: AsmOptions,
    pub(crate) files: Files,
    pub(crate) macros: Macros,
    /// The last label of the statement at hand.
    pub(crate) line_label: Option<crate::symbols::SymRef>,
    pub(crate) memo: Memo,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) cfi: Cfi,
    /// By [`crate::sections::Piece::frame_table`].
    pub(crate) frame_text: [FrameText; 2],
    pub(crate) lines: Lines,
    /// Inline assembly of the function at hand was seen.
    in_function: bool,
    /// Files are assembled, not text that C holds.
    pub(crate) is_file: bool,
    n_unique: u32,
    /// See [`Emit::mode`].
    pub(crate) mode: u32,
    /// See [`Emit::keep`].
    pub(crate) keep: Keep,
    /// Bytes of a string or value on their way.
    pub(crate) scratch: Vec<u8>,
    /// Bytes that directives with counts asked for.
    pub(crate) n_bytes_asked: u64,
    pub(crate) asked: Vec<crate::data::Asked>,
    pub(crate) relocs: Vec<crate::misc::Reloc>,
    pub(crate) stabs: Vec<crate::stabs::Stabs>,
    pub(crate) groups: Vec<(crate::symbols::SymRef, obj::GroupId)>,
    pub(crate) atoms_said: Vec<crate::atoms::Said>,
    /// Atoms of each piece, when the text says where they are.
    pub(crate) cuts: Vec<Vec<crate::atoms::Cut>>,
    /// What a listing needs, where one is wanted.
    pub(crate) recorder: Option<Box<Recorder>>,
    pub(crate) listing: Vec<u8>,
}

/// What was read.
#[derive(Default)]
pub(crate) struct Files {
    /// Names for messages, by [`Loc::file`].
    pub names: Vec<Box<str>>,
    /// Everything that was opened, in order, for `-MD`.
    pub opened: Vec<String>,
}

impl Files {
    pub fn number(&mut self, name: &str) -> u32 {
        if let Some(at) = self.names.iter().position(|known| **known == *name) {
            return at as u32;
        }
        self.names.push(name.into());
        self.names.len() as u32 - 1
    }
}

/// How reading a text ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Flow {
    Next,
    /// `.exitm`
    LeaveMacro,
    /// `.end`, `.abort`
    Stop,
}

/// A text that is read.
pub(crate) struct Text<'t> {
    pub bytes: &'t [u8],
    /// Where the next statement begins.
    pub at: usize,
    /// Of the statement at hand.
    pub loc: Loc,
    /// Line ends of the statement at hand and those before it that are not counted in `loc` yet.
    pub n_lines: u32,
    /// Reads what text names; nothing in text that C holds.
    pub source: Option<&'t dyn InputSource>,
    /// The file of the listing that this is; none for what macros made.
    pub listed: Option<u32>,
    /// A macro made it.
    pub is_macro: bool,
}

impl Assembler {
    pub fn new(syntax: &'static dyn Syntax) -> Assembler {
        let home = Piece {
            code: CodeBuffer::empty(&[]),
            section: NOWHERE,
            is_nobits: false,
            n_zeros: 0,
            is_code: true,
            align: 1,
            proc: 0,
            frame_table: None,
        };
        Assembler {
            syntax,
            tables: Tables::new(syntax),
            pieces: vec![home],
            sections: Vec::new(),
            by_name: QuickMap::default(),
            registers: Registers::default(),
            section_hint: None,
            previous: HOME,
            stack: Vec::new(),
            options: AsmOptions::default(),
            files: Files::default(),
            macros: Macros::default(),
            line_label: None,
            memo: Memo::default(),
            conditions: Vec::new(),
            cfi: Cfi::default(),
            frame_text: [FrameText::default(); 2],
            lines: Lines::default(),
            in_function: false,
            is_file: false,
            n_unique: 0,
            mode: 0,
            keep: Keep::default(),
            scratch: Vec::new(),
            n_bytes_asked: 0,
            asked: Vec::new(),
            relocs: Vec::new(),
            stabs: Vec::new(),
            groups: Vec::new(),
            atoms_said: Vec::new(),
            cuts: Vec::new(),
            recorder: None,
            listing: Vec::new(),
        }
    }

    /// One that assembles files.
    pub fn for_files(syntax: &'static dyn Syntax, options: AsmOptions) -> Assembler {
        let mut asm = Assembler::new(syntax);
        asm.is_file = true;
        asm.memo = Memo::new();
        asm.mode = options.mode;
        asm.keep = options.keep.clone();
        asm.macros.alternate = options.alternate;
        asm.tables.keep_locals = options.keep_locals;
        asm.tables.warns_of_names = options.multibyte == Multibyte::ToldInNames;
        let text = asm.standard_section(b".text");
        for name in [&b".data"[..], b".bss"] {
            asm.standard_section(name);
        }
        asm.tables.piece = asm.piece_of(text, 0);
        asm.previous = asm.tables.piece;
        for (name, value) in &options.symbols {
            let symbol = asm.tables.named(name.as_bytes());
            asm.tables.sym(symbol).place = Place::Value(crate::Expr::number(*value));
        }
        if options.debug != 0 {
            asm.lines.want_own();
        }
        asm.recorder = options.listing.clone().map(|listing| Box::new(Recorder::new(listing)));
        asm.options = options;
        asm.note_words();
        asm
    }

    /// Nothing was assembled.
    pub fn is_empty(&self) -> bool {
        self.tables.syms.is_empty() && self.sections.is_empty()
    }

    /// A number that no other statement of the unit has (`%=`).
    pub fn unique(&mut self) -> u32 {
        self.n_unique += 1;
        self.n_unique - 1
    }

    /// Makes `name` mean a symbol of the object that has no name of its own.
    pub fn bind_object(&mut self, name: &[u8], object: SymId) {
        let symbol = self.tables.named(name);
        self.tables.sym(symbol).place = Place::Object(object);
    }

    /// Makes `name` mean a label of the function at hand.
    pub fn bind_label(&mut self, name: &[u8], label: Label) {
        let symbol = self.tables.named(name);
        self.tables.home_syms.push(symbol);
        self.tables.sym(symbol).place = Place::Home(label);
    }

    /// Assembles a statement of the function at hand into its code. `syntax` is as in [`Syntax::begin`], `cfa` the register and
    /// distance of the frame address there.
    pub fn inline(
        &mut self,
        (text, syntax): (&[u8], u8),
        pos: Pos,
        code: &mut CodeBuffer,
        cfa: (u8, i32),
    ) -> Result<(), AsmError> {
        self.in_function = true;
        self.cfi.begin_inline(cfa);
        (self.tables.piece, self.previous) = (HOME, HOME);
        std::mem::swap(&mut self.pieces[HOME as usize].code, code);
        let result = self.embedded(text, syntax, pos);
        std::mem::swap(&mut self.pieces[HOME as usize].code, code);
        result?;
        if self.tables.piece != HOME || !self.stack.is_empty() {
            self.stack.clear();
            self.tables.piece = HOME;
            let message = "an asm statement must end in the section that it begins in".into();
            return Err(AsmError { pos, line: 0, message });
        }
        Ok(())
    }

    /// Assembles text at file level. `syntax` is as in [`Syntax::begin`].
    pub fn file(&mut self, (text, syntax): (&[u8], u8), pos: Pos) -> Result<(), AsmError> {
        self.in_function = false;
        let section = self.standard_section(b".text");
        self.sections[section as usize].is_implied = true;
        self.tables.piece = self.piece_of(section, 0);
        self.previous = self.tables.piece;
        self.embedded(text, syntax, pos)
    }

    /// Text that C holds. What it sets up lasts, as in gcc's text, but where it is not in the usual syntax.
    fn embedded(&mut self, text: &[u8], syntax: u8, pos: Pos) -> Result<(), AsmError> {
        let mode = self.mode;
        if syntax != 0 {
            self.mode = self.syntax.begin(syntax, mode);
            self.note_words();
        }
        let first = self.tables.messages.len();
        let loc = Loc { file: pos.0, line: 0 };
        self.text(&mut Text { bytes: text, at: 0, loc, n_lines: 0, source: None, is_macro: false, listed: None });
        if syntax != 0 {
            self.mode = mode;
            self.note_words();
        }
        let errors = self.tables.messages.split_off(first);
        match errors.into_iter().find(|message| message.severity == Severity::Error) {
            Some(error) => Err(AsmError { pos, line: error.loc.line, message: error.text }),
            None => Ok(()),
        }
    }

    /// Assembles the contents of a file, whose name is for messages.
    pub fn assemble(&mut self, name: &str, text: &[u8], source: &dyn InputSource) {
        let file = self.files.number(name);
        self.lines.main_file.get_or_insert_with(|| name.to_string());
        let loc = Loc { file, line: 1 };
        if self.options.multibyte == Multibyte::Told {
            self.tell_of_multibyte(name, file, text);
        }
        let conditions = self.conditions.len();
        self.lines.origin = Origin::default();
        let listed = self.recorder.as_mut().map(|recorder| recorder.file(name, text));
        let source = Some(source);
        self.text(&mut Text { bytes: text, at: 0, loc, n_lines: 0, source, is_macro: false, listed });
        self.close_conditions(conditions);
    }

    /// Warns of the first bytes that are not ASCII's.
    fn tell_of_multibyte(&mut self, name: &str, file: u32, text: &[u8]) {
        const MOST: usize = 10;
        let mut line = 1;
        let mut n_told = 0;
        for &byte in text {
            line += u32::from(byte == b'\n');
            if byte.is_ascii() {
                continue;
            }
            let loc = Loc { file, line };
            if n_told == MOST {
                self.tables.say(Severity::Warning, loc, "further multibyte character warnings suppressed".into());
                return;
            }
            let text = format!("multibyte character ({byte:#x}) encountered in {name} at or near line {line}");
            self.tables.say(Severity::Warning, loc, text);
            n_told += 1;
        }
    }

    /// Before the code of the function at hand is finished: settles its branches. The alignment that it asks for, in bytes.
    pub fn before_finish(&mut self, code: &mut CodeBuffer) -> Result<u32, AsmError> {
        if !self.in_function {
            return Ok(1);
        }
        let align = self.pieces[HOME as usize].align.max(1);
        self.settle_home(code).map_err(|(loc, message)| AsmError { pos: Pos(loc.file), line: loc.line, message })?;
        Ok(align)
    }

    /// The function at hand lies in `atom`.
    pub fn placed(&mut self, code: &CodeBuffer, atom: AtomId) -> Result<(), AsmError> {
        if !std::mem::take(&mut self.in_function) {
            return Ok(());
        }
        self.pieces[HOME as usize].align = 1;
        for symbol in std::mem::take(&mut self.tables.home_syms) {
            let sym = self.tables.sym(symbol);
            sym.home = 0;
            match sym.place {
                Place::At(HOME, mark) => sym.place = Place::Placed(atom, code.place(mark)),
                Place::Home(label) => {
                    sym.place = code.label_place(label).map_or(Place::Undefined, |at| Place::Placed(atom, at));
                }
                _ => {}
            }
        }
        for fixup in std::mem::take(&mut self.tables.home_fixups) {
            self.tables.placed_fixups.push(fixup.moved((atom, code.place(fixup.at))));
        }
        Ok(())
    }

    /// The function at hand is not to be.
    pub fn dropped(&mut self) {
        self.in_function = false;
        for symbol in std::mem::take(&mut self.tables.home_syms) {
            self.tables.sym(symbol).home = 0;
        }
        self.tables.home_fixups.clear();
        self.pieces[HOME as usize].align = 1;
    }

    pub(crate) fn is_in_function(&self) -> bool {
        self.in_function
    }

    /// What the user is to know, in the order in which it was found.
    pub fn messages(&self) -> &[Message] {
        &self.tables.messages
    }

    /// A section of that name was made.
    pub fn has_section(&self, name: &[u8]) -> bool {
        self.by_name.contains_key(name)
    }

    pub fn has_errors(&self) -> bool {
        self.tables.messages.iter().any(|message| message.severity == Severity::Error)
    }

    /// The name of a file, for messages.
    pub fn file_name(&self, file: u32) -> &str {
        self.files.names.get(file as usize).map_or("", |name| name)
    }

    /// Files that text named, in order.
    pub fn opened_files(&self) -> &[String] {
        &self.files.opened
    }

    /// Assembles a text to its end.
    pub(crate) fn text(&mut self, text: &mut Text) -> Flow {
        let (comment, line_comments) = (self.syntax.comment(), self.syntax.line_comments());
        let mut fresh = true;
        // Of the text itself, whatever it says that it comes from.
        let mut line_number = 1u32;
        if let Some(recorder) = &mut self.recorder {
            recorder.enter(text.listed.is_none());
        }
        let mut flow = Flow::Next;
        while text.at < text.bytes.len() && flow == Flow::Next {
            let found = cursor::statement(text.bytes, text.at, text.bytes.len(), comment, line_comments, fresh);
            let start = text.at;
            // What stands in macros held where they were defined.
            if fresh && text.bytes[start] == b'#' && self.is_file && !text.is_macro {
                self.marker(text, start);
            }
            let was_fresh = std::mem::replace(&mut fresh, found.stop == Stop::Line);
            text.at = found.next;
            text.n_lines = found.n_lines + u32::from(found.stop == Stop::Line);
            self.tables.loc = text.loc;
            let begun = if self.recorder.is_some() { self.about_to_list() } else { None };
            flow = if found.has_comment {
                let own = cursor::without_comments(&text.bytes[start..found.end]);
                self.line(&mut Cursor::new(&own), text, was_fresh)
            } else {
                self.line(&mut Cursor::within(text.bytes, start, found.end), text, was_fresh)
            };
            if let Some(begun) = begun {
                let last = line_number + text.n_lines - u32::from(fresh && text.n_lines != 0);
                self.listed(begun, text, &text.bytes[start..found.end], last);
            }
            text.loc.line = text.loc.line.wrapping_add(text.n_lines);
            line_number = line_number.wrapping_add(text.n_lines);
        }
        if let Some(recorder) = &mut self.recorder {
            recorder.leave(text.listed.is_none());
        }
        flow
    }

    /// `# 33 "file.c"`: where the next line comes from; false if it is a comment.
    pub(crate) fn marker(&mut self, text: &mut Text, at: usize) -> bool {
        let line = &text.bytes[at + 1..];
        let len = line.iter().position(|&b| b == b'\n').unwrap_or(line.len());
        let mut line = Cursor::new(&line[..len]);
        let Some(number) = line.number().and_then(|number| u32::try_from(number).ok()) else { return false };
        if line.peek() != b'"' {
            return false;
        }
        let Ok(name) = line.string() else { return false };
        text.loc.file = self.files.number(&String::from_utf8_lossy(&name));
        // The line end of the marker itself is counted behind it.
        text.loc.line = number.wrapping_sub(1);
        self.lines.origin.say_both(text.loc.file);
        true
    }

    /// One statement; what is wrong with it is told, and the next one follows.
    #[inline]
    fn line(&mut self, line: &mut Cursor, text: &mut Text, fresh: bool) -> Flow {
        if line.is_end() {
            return Flow::Next;
        }
        if self.is_skipping() {
            self.skipped(line);
            return Flow::Next;
        }
        if self.repeat_known(line) {
            return Flow::Next;
        }
        match self.statement(line, text, fresh) {
            Ok(flow) => flow,
            Err(message) => {
                if !message.is_empty() {
                    self.error(message);
                }
                if self.is_file { Flow::Next } else { Flow::Stop }
            }
        }
    }

    /// Assembles an instruction that was assembled before.
    #[inline]
    fn repeat_known(&mut self, line: &Cursor) -> bool {
        let (text, at, end) = line.place();
        if !text[at].is_ascii_lowercase() {
            return false;
        }
        let Some(key) = self.memo.key(text, at, end, self.mode) else { return false };
        let Some(known) = self.memo.find(&key) else { return false };
        let piece = &mut self.pieces[self.tables.piece as usize];
        if piece.is_nobits {
            return false;
        }
        let start = piece.code.mark();
        let (first, second, len) = known.words();
        piece.code.put(first, len.min(8));
        if len > 8 {
            piece.code.put(second, len - 8);
        }
        if self.lines.is_wanted() {
            self.line_row(start);
        }
        true
    }

    #[cold]
    pub(crate) fn error(&mut self, message: String) {
        let loc = self.tables.loc;
        self.tables.say(Severity::Error, loc, message);
    }

    fn statement(&mut self, line: &mut Cursor, text: &mut Text, _fresh: bool) -> Result<Flow, String> {
        self.line_label = None;
        // Labels first.
        loop {
            let (bytes, at, end) = line.place();
            let len = line.name_len();
            if len == 0 {
                if line.is_end() {
                    return Ok(Flow::Next);
                }
                if !self.odd_label(line)? {
                    return self.instruction(line);
                }
                continue;
            }
            let mut ahead = *line;
            ahead.skip(len);
            let next = ahead.peek();
            if next == b':' {
                ahead.bump();
                let symbol = self.tables.named_at(bytes, at, len);
                self.label(symbol)?;
                self.line_label = Some(symbol);
                *line = ahead;
                if line.is_end() {
                    return Ok(Flow::Next);
                }
                continue;
            }
            if next == b'=' {
                ahead.bump();
                let kind = if ahead.eat(b'=') { directive::FINAL_VALUE } else { directive::VALUE };
                if len == 1 && bytes[at] == b'.' {
                    directive::org(self, &mut ahead, 0)?;
                    return ended(&ahead);
                }
                let symbol = self.tables.named_at(bytes, at, len);
                directive::set(self, &mut ahead, symbol, kind)?;
                return ended(&ahead);
            }
            let name = &bytes[at..at + len];
            debug_assert!(at + len <= end);
            if name[0] == b'.' {
                return self.directive(name, &mut ahead, text);
            }
            if !self.macros.is_empty()
                && let Some(found) = self.macros.find(name)
            {
                return self.call(found, &mut ahead, text);
            }
            return self.instruction(line);
        }
    }

    fn directive(&mut self, name: &[u8], ahead: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        match directive::find(name) {
            Some(Action::Plain(run, number)) => {
                if self.lines.has_waiting_view() {
                    self.flush_line();
                }
                run(self, ahead, number)?;
                ended(ahead)
            }
            Some(Action::Block(block)) => self.block(block, ahead, text),
            None => {
                if let Some(found) = self.macros.find(name) {
                    return self.call(found, ahead, text);
                }
                let syntax = self.syntax;
                let mut rest = *ahead;
                if let Some(done) = syntax.directive(name, &mut rest, &mut self.emit()) {
                    self.memo.forget();
                    done?;
                    self.note_words();
                    return ended(&rest);
                }
                let lower = name.to_ascii_lowercase();
                if lower != name && directive::find(&lower).is_some() {
                    return self.directive(&lower, ahead, text);
                }
                if directive::IGNORED.contains(&name) {
                    return Ok(Flow::Next);
                }
                Err(format!("unknown pseudo-op: `{}'", String::from_utf8_lossy(name)))
            }
        }
    }

    /// What expressions are to know of the architecture's state.
    fn note_words(&mut self) {
        (self.tables.has_words, self.tables.mode) = (self.syntax.has_words(self.mode), self.mode);
    }

    pub(crate) fn emit(&mut self) -> Emit<'_> {
        let piece = self.tables.piece as usize;
        Emit {
            code: &mut self.pieces[piece].code,
            mode: &mut self.mode,
            keep: &mut self.keep,
            tables: &mut self.tables,
        }
    }

    #[inline]
    fn instruction(&mut self, line: &mut Cursor) -> Result<Flow, String> {
        let is_nobits = self.pieces[self.tables.piece as usize].is_nobits;
        if is_nobits {
            return self.measured(line);
        }
        let piece = &mut self.pieces[self.tables.piece as usize];
        let start = piece.code.mark();
        let syntax = self.syntax;
        let (text, at, end) = line.place();
        let mode = self.mode;
        self.tables.is_plain = true;
        let mut emit =
            Emit { code: &mut piece.code, mode: &mut self.mode, keep: &mut self.keep, tables: &mut self.tables };
        let replaced = if self.registers.is_empty() { None } else { self.registers.replaced(line.rest()) };
        match replaced {
            Some(text) => {
                let mut own = Cursor::new(&text);
                syntax.instruction(&mut own, &mut emit)?;
                ended(&own)?;
                line.finish();
                // The names may mean other registers next time.
                self.tables.is_plain = false;
            }
            None => syntax.instruction(line, &mut emit)?,
        }
        if self.tables.is_plain
            && self.mode == mode
            && line.is_end()
            && self.memo.is_on()
            && let Some(key) = self.memo.key(text, at, end, mode)
            && let Some(code) = piece.code.since(start)
        {
            self.memo.keep(key, code);
        }
        if self.lines.is_wanted() {
            self.line_row(start);
        }
        ended(line)
    }

    /// An instruction behind `.struct` only has a length.
    #[cold]
    fn measured(&mut self, line: &mut Cursor) -> Result<Flow, String> {
        if !self.is_absolute(self.tables.piece) {
            return Err(self.no_bytes());
        }
        let start = self.code().mark();
        let syntax = self.syntax;
        syntax.instruction(line, &mut self.emit())?;
        if self.code().relaxes_since(start) {
            return Err("relaxable branches not supported in absolute section".into());
        }
        ended(line)
    }

    pub(crate) fn no_bytes(&self) -> String {
        format!("attempt to store non-zero value in section `{}'", self.section_name(self.tables.piece))
    }

    /// The name of the section that a piece belongs to.
    pub(crate) fn section_name(&self, piece: u32) -> String {
        let section = self.pieces[piece as usize].section;
        let name = self.sections.get(section as usize).map_or(&b".bss"[..], |section| &section.name);
        String::from_utf8_lossy(name).into_owned()
    }

    pub(crate) fn label(&mut self, symbol: crate::symbols::SymRef) -> Result<(), String> {
        let mut symbol = symbol;
        let sym = self.tables.sym(symbol);
        if matches!(sym.place, Place::Value(_)) && sym.flags & (FINAL | WEAKREF | VERSION) == 0 {
            // What was only set may be a label from here on.
            symbol = self.tables.replace(symbol);
            self.tables.sym(symbol).place = Place::Undefined;
        }
        let sym = self.tables.sym(symbol);
        if sym.kind == Some(obj::SymbolKind::Section) {
            return Err(format!("symbol `{}' is already defined", self.tables.shown(symbol)));
        }
        if let Place::Common { .. } = sym.place {
            return Err(format!("symbol `{}' is already defined", self.tables.shown(symbol)));
        }
        let piece = self.tables.piece;
        let code = &mut self.pieces[piece as usize].code;
        if !self.tables.dollars.is_empty() {
            self.tables.dollars.clear();
        }
        self.tables.define(symbol, code)?;
        if self.lines.marks_labels {
            self.label_row();
        }
        Ok(())
    }

    /// `1:`, `1$:`, `"name":`
    fn odd_label(&mut self, line: &mut Cursor) -> Result<bool, String> {
        let rest = line.rest();
        if rest.first() == Some(&b'"') {
            let mut ahead = *line;
            let mut name = ahead.string()?;
            while ahead.peek() == b'"' {
                ahead.string_into(&mut name)?;
            }
            if ahead.eat(b':') {
                let symbol = self.tables.named(&name);
                self.label(symbol)?;
                *line = ahead;
                return Ok(true);
            }
            if ahead.peek() == b'=' {
                ahead.bump();
                let kind = if ahead.eat(b'=') { directive::FINAL_VALUE } else { directive::VALUE };
                let symbol = self.tables.named(&name);
                directive::set(self, &mut ahead, symbol, kind)?;
                ended(&ahead)?;
                line.finish();
                return Ok(true);
            }
            return Ok(false);
        }
        let Some(len) = rest.iter().position(|b| !b.is_ascii_digit()).filter(|&len| len != 0) else { return Ok(false) };
        let mut ahead = *line;
        ahead.skip(len);
        let is_dollar = rest[len] == b'$';
        if is_dollar {
            ahead.bump();
        }
        if !ahead.eat(b':') {
            return Ok(false);
        }
        let text = std::str::from_utf8(&rest[..len]).unwrap_or("");
        let Ok(number) = text.parse() else { return Err(format!("‘{text}’ is too large for a label")) };
        let code = &mut self.pieces[self.tables.piece as usize].code;
        if is_dollar {
            let symbol = self.tables.dollar(number);
            self.tables.define(symbol, code)?;
        } else {
            self.tables.define_local(number, code)?;
        }
        if self.lines.marks_labels {
            self.label_row();
        }
        *line = ahead;
        Ok(true)
    }

    /// Reads an expression with the current place for `.`.
    #[inline]
    pub(crate) fn expr(&mut self, line: &mut Cursor) -> Result<crate::Expr, String> {
        let code = &self.pieces[self.tables.piece as usize].code;
        crate::expr::Reader { tables: &mut self.tables, code }.expr(line)
    }

    /// Reads a file that text names: in the current directory, then where includes are looked for.
    pub(crate) fn open(&mut self, name: &str, text: &Text) -> Result<Vec<u8>, String> {
        let Some(source) = text.source else { return Err("files cannot be read here".into()) };
        let dirs = std::iter::once("").chain(self.options.include_dirs.iter().map(String::as_str));
        for dir in dirs {
            let path = if dir.is_empty() { name.to_string() } else { format!("{dir}/{name}") };
            let mut bytes = Vec::new();
            if let Ok(Some(_)) = source.read_if_file(Path::new(&path), &mut bytes) {
                self.files.opened.push(path);
                return Ok(bytes);
            }
        }
        Err(format!("can't open {name} for reading: No such file or directory"))
    }
}

/// Nothing may stand behind a statement.
#[inline]
pub(crate) fn ended(line: &Cursor) -> Result<Flow, String> {
    if line.is_end() { Ok(Flow::Next) } else { Err(junk(line)) }
}

#[cold]
fn junk(line: &Cursor) -> String {
    match line.peek() {
        byte @ 0x20..=0x7e => {
            format!("junk at end of line, first unrecognized character is `{}'", char::from(byte))
        }
        byte => format!("junk at end of line, first unrecognized character valued {byte:#x}"),
    }
}
