//! `.file` and `.loc` (gas manual, 7.60), lines of the assembly text itself (`-g`), and the line table they become, byte for
//! byte as GNU as makes it (DWARF 5, 6.2; version 3 where nothing asks for more).

use crate::cursor::Cursor;
use crate::data::encode_leb128;
use crate::directive::{Outcome, number, symbol};
use crate::expr::Expr;
use crate::own_lines::Origin;
use crate::sections::{Told, Wanted};
use crate::symbols::{HOME, Loc, Place, Severity, SymRef};
use crate::unit::Assembler;
use mc::buffer::Mark;
use obj::{SectionFlags, SymbolKind};
use target::Arch;

const IS_STMT: u8 = 1;
const BASIC_BLOCK: u8 = 2;
const PROLOGUE_END: u8 = 4;
const EPILOGUE_BEGIN: u8 = 8;

/// What a place in code belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Source {
    file: u32,
    line: u32,
    column: u32,
    discriminator: u32,
    isa: u32,
    flags: u8,
}

/// A row of the table.
#[derive(Clone, Copy, Debug)]
struct Row {
    piece: u32,
    at: Mark,
    source: Source,
    /// Becomes the number of rows before it at its place.
    view: Option<SymRef>,
    /// That number begins anew here.
    resets_view: bool,
    /// The text says that the number is 0: where it says so.
    asserts: Option<Loc>,
}

#[derive(Clone, Debug, Default)]
struct File {
    dir: u32,
    name: Vec<u8>,
    md5: Option<[u8; 16]>,
    is_used: bool,
}

/// What is known of lines.
pub(crate) struct Lines {
    /// The first file that is assembled.
    pub main_file: Option<String>,
    /// Names that `.file "NAME"` gives, with what stands for each among the symbols.
    pub file_symbols: Vec<(Vec<u8>, SymRef)>,
    /// Where the text says that it is.
    pub origin: Origin,
    dirs: Vec<Option<Vec<u8>>>,
    files: Vec<File>,
    current: Source,
    view: Option<SymRef>,
    resets_view: bool,
    /// The row that is pending has a view, named or not.
    has_view: bool,
    asserts: Option<Loc>,
    /// `.loc` was said, and no row made for it.
    is_pending: bool,
    /// Every instruction has a row (`-g`).
    own_lines: bool,
    /// `.loc_mark_labels 1`: labels have rows.
    pub marks_labels: bool,
    /// A line was said.
    any_loc: bool,
    /// `.file 0`, or a checksum.
    is_version_5: bool,
    rows: Vec<Row>,
    /// Pieces that had rows of the text's own.
    covered: Vec<u32>,
    last_own: (u32, u32),
}

impl Default for Lines {
    fn default() -> Lines {
        Lines {
            main_file: None,
            file_symbols: Vec::new(),
            origin: Origin::default(),
            dirs: Vec::new(),
            files: Vec::new(),
            current: Source { file: 1, line: 1, column: 0, discriminator: 0, isa: 0, flags: IS_STMT },
            view: None,
            resets_view: false,
            has_view: false,
            asserts: None,
            is_pending: false,
            own_lines: false,
            marks_labels: false,
            any_loc: false,
            is_version_5: false,
            rows: Vec::new(),
            covered: Vec::new(),
            last_own: (u32::MAX, 0),
        }
    }
}

impl Lines {
    /// Directory and name of a file that `.file` numbered.
    fn path_of(&self, file: u32) -> String {
        let Some(file) = self.files.get(file as usize) else { return String::new() };
        let name = String::from_utf8_lossy(&file.name);
        match self.dirs.get(file.dir as usize) {
            Some(Some(dir)) if file.dir != 0 && !name.starts_with('/') => {
                format!("{}/{name}", String::from_utf8_lossy(dir))
            }
            _ => name.into_owned(),
        }
    }

    /// The next instruction gets a row.
    #[inline]
    pub fn is_wanted(&self) -> bool {
        self.is_pending || self.own_lines
    }

    /// A row with a view waits for its instruction: its place is before whatever a directive does.
    #[inline]
    pub fn has_waiting_view(&self) -> bool {
        self.is_pending && self.has_view
    }

    pub fn want_own(&mut self) {
        self.own_lines = true;
    }

    /// The text says lines itself: it is a compiler's, and its own do not count.
    fn leave_own(&mut self) {
        if std::mem::take(&mut self.own_lines) {
            // The sections stay among those that are told of.
            for row in self.rows.drain(..) {
                if self.covered.last() != Some(&row.piece) {
                    self.covered.push(row.piece);
                }
            }
            self.files.clear();
            self.dirs.clear();
        }
    }

    /// Puts the rows of each section in the order of its subsections, which `number` gives with the section of a piece.
    pub fn order(&mut self, number: impl Fn(u32) -> (u32, i64)) {
        let mut sections: Vec<u32> = Vec::new();
        for row in &self.rows {
            let section = number(row.piece).0;
            if !sections.contains(&section) {
                sections.push(section);
            }
        }
        let seen = |section: u32| sections.iter().position(|&known| known == section);
        self.rows.sort_by_key(|row| {
            let (section, number) = number(row.piece);
            (seen(section), number)
        });
    }

    /// Places that moved with the code they are in.
    pub fn rebase(&mut self, rebase: impl Fn(&mut u32, &mut Mark)) {
        for row in &mut self.rows {
            rebase(&mut row.piece, &mut row.at);
        }
        for piece in &mut self.covered {
            rebase(piece, &mut Mark::default());
        }
    }

    /// Number of a directory, made if it is new. The first one is the compilation's own.
    fn dir(&mut self, name: &[u8]) -> u32 {
        if let Some(at) = self.dirs.iter().position(|dir| dir.as_deref() == Some(name)) {
            return at as u32;
        }
        if self.dirs.is_empty() {
            self.dirs.push(None);
        }
        self.dirs.push(Some(name.to_vec()));
        self.dirs.len() as u32 - 1
    }

    fn set_file(&mut self, number: usize, dir: Option<&[u8]>, name: &[u8], md5: Option<[u8; 16]>) -> Outcome {
        let mut dir = dir;
        if number == 0
            && let Some(own) = dir.take()
        {
            if self.dirs.is_empty() {
                self.dirs.push(None);
            }
            self.dirs[0] = Some(own.to_vec());
        }
        let (dir, base) = match dir {
            Some(dir) => (self.dir(dir), name),
            None => match name.iter().rposition(|&b| b == b'/') {
                Some(at) if at != 0 && at + 1 < name.len() => (self.dir(&name[..at]), &name[at + 1..]),
                _ => (0, name),
            },
        };
        if self.files.len() <= number {
            self.files.resize(number + 1, File::default());
        }
        let file = &mut self.files[number];
        if file.is_used && (*file.name != *base || file.dir != dir) {
            return Err(format!("file table slot {number} is already occupied by a different file"));
        }
        *file = File { dir, name: base.to_vec(), md5: md5.or(file.md5), is_used: true };
        Ok(())
    }
}

impl Assembler {
    /// The instruction at `at` gets its row.
    pub(crate) fn line_row(&mut self, at: Mark) {
        let piece = self.tables.piece;
        if piece == HOME {
            return;
        }
        if !self.lines.own_lines {
            self.push_row(piece, at, self.lines.current);
            return;
        }
        let loc = self.own_place();
        let key = (loc.file, loc.line);
        // Lines of sections without code are no lines.
        if self.lines.last_own != key && self.is_loaded_code(piece) {
            self.lines.last_own = key;
            let source = self.own_source();
            self.push_row(piece, at, source);
        }
    }

    /// The statement at hand, whose file has no number in the table yet.
    fn own_source(&self) -> Source {
        let Loc { file, line } = self.own_place();
        Source { file, line, column: 0, flags: IS_STMT, ..self.lines.current }
    }

    /// Numbers the files that own lines are in, as rows come to be written.
    fn number_own_files(&mut self) {
        let mut numbers: Vec<Option<u32>> = vec![None; self.files.names.len()];
        let mut rows = std::mem::take(&mut self.lines.rows);
        for row in &mut rows {
            let file = row.source.file;
            let known = numbers[file as usize];
            row.source.file = known.unwrap_or_else(|| self.own_file(self.file_name(file).to_string()));
            numbers[file as usize] = Some(row.source.file);
        }
        self.lines.rows = rows;
    }

    /// Puts the rows of each piece together; the pieces in the order of their first rows.
    fn gather_rows(&mut self) -> Vec<u32> {
        let mut ranks = vec![u32::MAX; self.pieces.len()];
        let mut pieces: Vec<u32> = Vec::new();
        for piece in self.lines.covered.iter().copied().chain(self.lines.rows.iter().map(|row| row.piece)) {
            let rank = &mut ranks[piece as usize];
            if *rank == u32::MAX {
                *rank = pieces.len() as u32;
                pieces.push(piece);
            }
        }
        self.lines.rows.sort_by_key(|row| ranks[row.piece as usize]);
        pieces
    }

    fn is_loaded_code(&self, piece: u32) -> bool {
        let section = self.pieces[piece as usize].section as usize;
        let is = |flag| self.sections.get(section).is_some_and(|section| section.flags.has(flag));
        is(SectionFlags::ALLOC) && is(SectionFlags::EXEC)
    }

    /// A label stands here, and labels have rows.
    #[cold]
    pub(crate) fn label_row(&mut self) {
        let piece = self.tables.piece;
        let is_known = self.lines.own_lines || self.lines.files.iter().any(|file| file.is_used);
        if piece == HOME || !is_known || !self.is_loaded_code(piece) {
            return;
        }
        let mut source = if self.lines.own_lines { self.own_source() } else { self.lines.current };
        source.flags |= BASIC_BLOCK;
        let at = self.code().mark();
        self.push_row(piece, at, source);
    }

    /// `.file "NAME"`: a symbol of the object.
    pub(crate) fn file_symbol(&mut self, name: &[u8]) {
        let symbol = self.tables.nameless(Place::Undefined);
        self.tables.sym(symbol).kind = Some(SymbolKind::File);
        self.lines.file_symbols.push((name.to_vec(), symbol));
    }

    /// The number of a file of assembly text in the table.
    fn own_file(&mut self, name: String) -> u32 {
        let (dir, base) = match name.rsplit_once('/') {
            Some((dir, base)) if !base.is_empty() => (Some(dir), base),
            _ => (None, &*name),
        };
        let dir = dir.map_or(0, |dir| self.lines.dir(if dir.is_empty() { b"/" } else { dir.as_bytes() }));
        let same = |file: &File| file.is_used && *file.name == *base.as_bytes() && file.dir == dir;
        if let Some(at) = self.lines.files.iter().skip(1).position(same) {
            return at as u32 + 1;
        }
        let number = self.lines.files.len().max(1);
        self.lines.files.resize(number + 1, File::default());
        let file = File { dir, name: base.as_bytes().to_vec(), md5: None, is_used: true };
        self.lines.files[number] = file;
        number as u32
    }

    /// A row with a view is there though no instruction follows.
    pub(crate) fn flush_view(&mut self) {
        if self.lines.has_waiting_view() {
            self.flush_line();
        }
    }

    /// The row that is pending belongs here.
    #[cold]
    pub(crate) fn flush_line(&mut self) {
        let (piece, at) = (self.tables.piece, self.code().mark());
        if piece != HOME {
            self.push_row(piece, at, self.lines.current);
        }
    }

    fn push_row(&mut self, piece: u32, at: Mark, source: Source) {
        let is_code = self.is_loaded_code(piece);
        if !is_code && source.line != 0 {
            let section = self.pieces[piece as usize].section as usize;
            let name = self.sections.get(section).map_or(&b""[..], |section| &section.name);
            let text = format!("dwarf line number information for {} ignored", String::from_utf8_lossy(name));
            self.tables.say(Severity::Warning, self.tables.loc, text);
        }
        let lines = &mut self.lines;
        let (view, resets_view) = (lines.view.take(), lines.resets_view);
        // Line 0 is none: what stands there goes on with the line before.
        if source.line != 0 && is_code {
            lines.rows.push(Row { piece, at, source, view, resets_view, asserts: lines.asserts.take() });
        }
        lines.is_pending = false;
        lines.has_view = false;
        lines.resets_view = false;
        lines.current.discriminator = 0;
        lines.current.flags &= IS_STMT;
    }

    /// Says of each row how many lie before it at its place.
    pub(crate) fn number_views(&mut self) {
        if self.lines.rows.iter().any(|row| row.view.is_some()) {
            for (row, number) in self.views() {
                if let Some(view) = self.lines.rows[row].view {
                    self.tables.sym(view).place = Place::Value(Expr::number(number));
                }
            }
        }
    }

    /// Every length is known: what the text says of views must be so.
    pub(crate) fn check_views(&mut self) {
        if !self.lines.rows.iter().any(|row| row.asserts.is_some()) {
            return;
        }
        for (row, number) in self.views() {
            if let Some(loc) = self.lines.rows[row].asserts.filter(|_| number != 0) {
                self.tables.say(crate::symbols::Severity::Error, loc, "view number mismatch".into());
            }
        }
    }

    /// Of each row by its index, how many lie before it at its place.
    fn views(&self) -> Vec<(usize, i64)> {
        let mut last: Vec<Option<(u32, i64)>> = vec![None; self.pieces.len()];
        let mut found = Vec::with_capacity(self.lines.rows.len());
        for idx in 0..self.lines.rows.len() {
            let row = self.lines.rows[idx];
            let at = self.pieces[row.piece as usize].code.place(row.at);
            let number = match last[row.piece as usize] {
                Some((before, number)) if before == at && !row.resets_view => number + 1,
                _ => 0,
            };
            last[row.piece as usize] = Some((at, number));
            found.push((idx, number));
        }
        found
    }

    /// The version of DWARF that is written; lines have at least the third.
    fn debug_version(&self) -> u8 {
        match self.options.debug {
            _ if self.lines.is_version_5 => 5,
            0 => 3,
            version => version,
        }
    }

    /// Writes the line table, and what else debuggers need if the text has nothing of it. Every piece has its final lengths.
    pub(crate) fn write_lines(&mut self, arch: &Arch) -> Outcome {
        let pieces = self.gather_rows();
        let (has_lines, has_info) = (self.has_bytes(b".debug_line"), self.has_bytes(b".debug_info"));
        if has_lines && self.lines.any_loc && !pieces.is_empty() {
            return Err("duplicate .debug_line sections".into());
        }
        if self.lines.own_lines {
            self.number_own_files();
        }
        if !has_info && !pieces.is_empty() {
            self.name_unit_sections(self.debug_version(), pieces.len() > 1);
        }
        if !has_lines && (has_info || !pieces.is_empty()) {
            self.write_table(arch);
        }
        if !has_info && !pieces.is_empty() {
            return self.write_unit(arch, self.debug_version(), &pieces);
        }
        Ok(())
    }

    fn write_table(&mut self, arch: &Arch) {
        let section = self.section(&Wanted::plain(b".debug_line"), Told::default());
        let piece = self.piece_of(section, 0);
        self.tables.piece = piece;
        self.code().settle_if_new();
        let version = self.debug_version().max(3);
        let code = self.code();
        code.put(0, 4);
        code.put(u64::from(version), 2);
        if version >= 5 {
            code.put(u64::from(arch.layout.pointer.size), 2);
        }
        let header = code.settled_len();
        code.put(0, 4);
        code.put(1, 1);
        if version >= 4 {
            code.put(1, 1);
        }
        // Statements by default, line base -5, line range 14, 13 opcodes and the operands of 12.
        code.put_bytes(&[1, 0xfb, 14, 13, 0, 1, 1, 1, 1, 0, 0, 0, 1, 0, 0, 1]);
        if version >= 5 {
            self.tables_5(piece);
        } else {
            self.tables_3();
        }
        let code = self.code();
        let end = code.settled_len();
        code.patch_back(end - header, &(end - header - 4).to_le_bytes());
        let rows = std::mem::take(&mut self.lines.rows);
        for of_piece in rows.chunk_by(|a, b| a.piece == b.piece) {
            self.sequence(arch, of_piece[0].piece, of_piece.iter());
        }
        self.lines.rows = rows;
        let code = self.code();
        let end = code.settled_len();
        code.patch_back(end, &(end - 4).to_le_bytes());
    }

    /// Directories and files of version 5: strings of their own section, by format.
    fn tables_5(&mut self, piece: u32) {
        if self.lines.files.is_empty() {
            self.code().put_bytes(&[1, 1, 0x1f, 0, 2, 1, 0x1f, 2, 0x0f, 0]);
            return;
        }
        let flags = SectionFlags::MERGE.with(SectionFlags::STRINGS);
        let wanted = Wanted { flags, entry_size: 1, ..Wanted::plain(b".debug_line_str") };
        let section = self.section(&wanted, Told::default());
        let strings = self.piece_of(section, 0);
        let base = self.sections[section as usize].symbol;
        self.pieces[strings as usize].code.settle_if_new();
        let own_dir = self.mapped_directory();
        let dirs = std::mem::take(&mut self.lines.dirs);
        let mut files = std::mem::take(&mut self.lines.files);
        let refer = |asm: &mut Assembler, at: u32| asm.field(Expr { offset: i64::from(at), ..Expr::symbol(base) }, 4);
        let string = |asm: &mut Assembler, text: &[u8]| {
            let code = &mut asm.pieces[strings as usize].code;
            let at = code.settled_len();
            code.put_bytes(text);
            code.put(0, 1);
            refer(asm, at);
            at
        };
        self.tables.piece = piece;
        self.code().put_bytes(&[1, 1, 0x1f]);
        self.uleb(dirs.len().max(1) as u64);
        string(self, dirs.first().and_then(|dir| dir.as_deref()).unwrap_or(&own_dir));
        for dir in dirs.iter().skip(1) {
            let dir = self.mapped(dir.as_deref().unwrap_or(b""));
            string(self, &dir);
        }
        // What file 0 is was not said: the first one, by the same string.
        let is_first = !files[0].is_used && files.len() > 1;
        if is_first {
            files[0] = files[1].clone();
        }
        // As GNU as asks: a sum counts as one by its first byte.
        let with_md5 = files.iter().any(|file| file.md5.is_some_and(|md5| md5[0] != 0));
        self.code().put_bytes(if with_md5 { &[3, 1, 0x1f, 2, 0x0f, 5, 0x1e] } else { &[2, 1, 0x1f, 2, 0x0f] });
        self.uleb(files.len() as u64);
        let mut first = 0;
        for (number, file) in files.iter().enumerate() {
            if number == 1 && is_first {
                refer(self, first);
            } else {
                let at = string(self, &file.name);
                first = if number == 0 { at } else { first };
            }
            self.uleb(u64::from(file.dir));
            if with_md5 {
                self.code().put_bytes(&file.md5.unwrap_or_default());
            }
        }
        (self.lines.dirs, self.lines.files) = (dirs, files);
    }

    /// Directories and files up to version 4.
    fn tables_3(&mut self) {
        let (dirs, files) = (std::mem::take(&mut self.lines.dirs), std::mem::take(&mut self.lines.files));
        for dir in dirs.iter().skip(1) {
            let dir = self.mapped(dir.as_deref().unwrap_or(b""));
            let code = self.code();
            code.put_bytes(&dir);
            code.put(0, 1);
        }
        self.code().put(0, 1);
        for (number, file) in files.iter().enumerate().skip(1) {
            if !file.is_used {
                let text = format!("unassigned file number {number}");
                self.error(text);
                continue;
            }
            let code = self.code();
            code.put_bytes(&file.name);
            code.put(0, 1);
            self.uleb(u64::from(file.dir));
            self.code().put(0, 2);
        }
        self.code().put(0, 1);
        (self.lines.dirs, self.lines.files) = (dirs, files);
    }

    /// The directory of the compilation, as tables are to show it.
    pub(crate) fn mapped_directory(&self) -> Vec<u8> {
        self.mapped(self.options.directory.as_bytes())
    }

    /// A directory as tables are to show it.
    fn mapped(&self, dir: &[u8]) -> Vec<u8> {
        let maps = self.options.prefix_maps.iter().rev();
        let mut fits = maps.filter_map(|(old, new)| Some([new.as_bytes(), dir.strip_prefix(old.as_bytes())?].concat()));
        fits.next().unwrap_or_else(|| dir.to_vec())
    }

    /// The name of the first file, with its directory.
    pub(crate) fn main_name(&self) -> Vec<u8> {
        let lines = &self.lines;
        let mut used = lines.files.iter().enumerate().filter(|(number, file)| {
            // Before version 5 no file has number 0.
            file.is_used && (*number != 0 || self.debug_version() >= 5)
        });
        let Some((_, file)) = used.next() else { return Vec::new() };
        match lines.dirs.get(file.dir as usize) {
            Some(Some(dir)) if file.dir != 0 => [&*self.mapped(dir), b"/", &file.name].concat(),
            _ => file.name.clone(),
        }
    }

    pub(crate) fn uleb(&mut self, value: u64) {
        let (bytes, len) = encode_leb128(value as i64, false);
        self.code().put_bytes(&bytes[..len]);
    }

    fn sleb(&mut self, value: i64) {
        let (bytes, len) = encode_leb128(value, true);
        self.code().put_bytes(&bytes[..len]);
    }

    /// The rows of one section (DWARF 5, 6.2.5).
    fn sequence<'r>(&mut self, arch: &Arch, of: u32, rows: impl Iterator<Item = &'r Row>) {
        let mut state = Source { file: 1, line: 1, column: 0, discriminator: 0, isa: 0, flags: IS_STMT };
        let mut last: Option<(u32, Mark)> = None;
        let pointer = arch.layout.pointer.size;
        for row in rows {
            let source = row.source;
            if state.file != source.file {
                self.code().put(4, 1);
                self.uleb(u64::from(source.file));
            }
            if state.column != source.column {
                self.code().put(5, 1);
                self.uleb(u64::from(source.column));
            }
            if source.discriminator != 0 {
                let (bytes, len) = encode_leb128(i64::from(source.discriminator), false);
                let code = self.code();
                code.put(0, 1);
                code.put(1 + len as u64, 1);
                code.put(4, 1);
                code.put_bytes(&bytes[..len]);
            }
            if state.isa != source.isa {
                self.code().put(12, 1);
                self.uleb(u64::from(source.isa));
            }
            if (state.flags ^ source.flags) & IS_STMT != 0 {
                self.code().put(6, 1);
            }
            for (flag, opcode) in [(BASIC_BLOCK, 7), (PROLOGUE_END, 10), (EPILOGUE_BEGIN, 11)] {
                if source.flags & flag != 0 {
                    self.code().put(opcode, 1);
                }
            }
            let delta = i64::from(source.line) - i64::from(state.line);
            let at = self.pieces[of as usize].code.place(row.at);
            match last {
                // A view begins anew where the address does, or may not, have changed: there it is said.
                Some((last, mark)) if !(row.resets_view && self.pieces[of as usize].code.may_be_same(mark, row.at)) => {
                    self.advance_line(Some(delta), at.wrapping_sub(last));
                }
                _ => {
                    let code = self.code();
                    code.put(0, 1);
                    code.put(1 + u64::from(pointer), 1);
                    code.put(2, 1);
                    let place = self.tables.nameless(Place::At(of, row.at));
                    self.field(Expr::symbol(place), pointer);
                    self.advance_line(Some(delta), 0);
                }
            }
            last = Some((at, row.at));
            state = source;
        }
        let end = self.pieces[of as usize].code.settled_len();
        self.advance_line(None, end.wrapping_sub(last.map_or(end, |last| last.0)));
    }

    /// On by so many lines, `None` for the end of the sequence, and so many bytes.
    fn advance_line(&mut self, lines: Option<i64>, bytes: u32) {
        const BASE: i64 = -5;
        const RANGE: i64 = 14;
        const OPCODES: i64 = 13;
        const MOST: i64 = (255 - OPCODES) / RANGE;
        let bytes = i64::from(bytes);
        let Some(mut lines) = lines else {
            if bytes == MOST {
                self.code().put(8, 1);
            } else if bytes != 0 {
                self.code().put(2, 1);
                self.uleb(bytes as u64);
            }
            self.code().put_bytes(&[0, 1, 1]);
            return;
        };
        let mut is_long = false;
        if !(0..RANGE).contains(&(lines - BASE)) {
            self.code().put(3, 1);
            self.sleb(lines);
            (lines, is_long) = (0, true);
        }
        if lines == 0 && bytes == 0 {
            self.code().put(1, 1);
            return;
        }
        let opcode = lines - BASE + OPCODES;
        if bytes < 256 + MOST {
            let special = opcode + bytes * RANGE;
            if special <= 255 {
                self.code().put(special as u64, 1);
                return;
            }
            let special = special - MOST * RANGE;
            if special <= 255 {
                self.code().put(8 | (special as u64) << 8, 2);
                return;
            }
        }
        self.code().put(2, 1);
        self.uleb(bytes as u64);
        self.code().put(if is_long { 1 } else { opcode as u64 }, 1);
    }
}

/// `.file NUMBER ["DIRECTORY"] "NAME" [md5 VALUE]`
pub(crate) fn file(asm: &mut Assembler, line: &mut Cursor) -> Outcome {
    if line.is_end() {
        return Ok(());
    }
    let value = number(asm, line)?;
    let Ok(slot) = usize::try_from(value) else { return Err("file number less than zero".into()) };
    if slot > 1 << 20 {
        return Err(format!("file number {slot} is too big"));
    }
    let first = line.string()?;
    let (dir, name) = if line.peek() == b'"' { (Some(first), line.string()?) } else { (None, first) };
    let mut md5 = None;
    while let Some(word) = line.word() {
        match word {
            b"md5" => {
                let text = line.run(|b| b.is_ascii_alphanumeric());
                let digits = text.strip_prefix(b"0x").and_then(|digits| std::str::from_utf8(digits).ok());
                let value = digits.and_then(|digits| u128::from_str_radix(digits, 16).ok());
                // GNU as writes the lowest byte first.
                md5 = Some(value.ok_or("MD5 value too small or not a constant")?.to_le_bytes());
            }
            b"source" => {
                line.string()?;
            }
            _ => return Err("junk at end of line".into()),
        }
    }
    asm.lines.leave_own();
    asm.lines.is_version_5 |= slot == 0 || md5.is_some();
    asm.lines.set_file(slot, dir.as_deref(), &name, md5)
}

/// `.loc FILE LINE [COLUMN] [OPTIONS]`
pub(crate) fn loc(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    if asm.lines.is_pending {
        asm.flush_line();
    }
    asm.lines.leave_own();
    let file = number(asm, line)?;
    let row = number(asm, line)?;
    if file < 0 || file == 0 && !asm.lines.is_version_5 {
        return Err("file number less than one".into());
    }
    let known = usize::try_from(file).ok().and_then(|file| asm.lines.files.get(file));
    if !known.is_some_and(|file| file.is_used) {
        return Err(format!("unassigned file number {file}"));
    }
    let small = |value: i64| u32::try_from(value).map_err(|_| "a number does not fit".to_string());
    let mut column = 0;
    if line.peek().is_ascii_digit() {
        column = small(number(asm, line)?)?;
    }
    let (file, row) = (small(file)?, small(row)?);
    let mut current = Source { file, line: row, column, discriminator: 0, ..asm.lines.current };
    while let Some(word) = line.word() {
        match word {
            b"basic_block" => current.flags |= BASIC_BLOCK,
            b"prologue_end" => current.flags |= PROLOGUE_END,
            b"epilogue_begin" => current.flags |= EPILOGUE_BEGIN,
            b"is_stmt" => match number(asm, line)? {
                0 => current.flags &= !IS_STMT,
                1 => current.flags |= IS_STMT,
                _ => return Err("is_stmt value not 0 or 1".into()),
            },
            b"isa" => current.isa = small(number(asm, line)?)?,
            b"discriminator" => current.discriminator = small(number(asm, line)?)?,
            b"view" => {
                asm.lines.has_view = true;
                if line.eat(b'-') {
                    number(asm, line)?;
                    asm.lines.resets_view = true;
                } else if line.peek().is_ascii_digit() {
                    if number(asm, line)? != 0 {
                        return Err("numeric view can only be asserted to zero".into());
                    }
                    asm.lines.asserts = Some(asm.tables.loc);
                } else {
                    let view = symbol(asm, line)?;
                    if asm.tables.sym(view).place != Place::Undefined {
                        return Err(format!("symbol `{}' is already defined", asm.tables.shown(view)));
                    }
                    asm.tables.sym(view).place = Place::Value(Expr::symbol(view));
                    asm.lines.view = Some(view);
                }
            }
            _ => return Err(format!("unknown .loc sub-directive `{}'", String::from_utf8_lossy(word))),
        }
    }
    if asm.recorder.is_some() {
        let name = asm.lines.path_of(file);
        asm.list_source(&name, row);
    }
    let lines = &mut asm.lines;
    lines.current = current;
    (lines.is_pending, lines.any_loc) = (asm.is_file, true);
    Ok(())
}

pub(crate) fn mark_labels(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    match number(asm, line)? {
        said @ (0 | 1) => {
            asm.lines.marks_labels = said == 1;
            Ok(())
        }
        _ => Err("expected 0 or 1".into()),
    }
}
