//! Headers that several units of one process include are evaluated once: what a header did is recorded, and done again
//! without reading it when nothing that it asked about has changed.
//!
//! A *recording* of an included file holds the tokens it handed out, the macros it left changed, the files it entered, and
//! all that it asked of the state it found: for each name that stood where a macro is looked for, which macro it was (or
//! only that there was one, for `#ifdef`), and which files were passed over for `#pragma once`. It may be *replayed* in
//! another unit when all of that is answered as before, so that reading the header would do the same, token for token.
//! What a recording cannot hold ends it: a diagnostic of the preprocessor's, `__COUNTER__`, `__BASE_FILE__`,
//! `__INCLUDE_LEVEL__`, a pragma that the preprocessor executes. The header is then read in each unit, as are those around it;
//! those within it keep their own recordings.
//!
//! Nothing is translated in a replay: the tables that tokens point into (names, macros and their bodies, expansions,
//! pasted text, the source space) only grow from unit to unit of a session, and [`Kept`] carries them on. Hence a
//! position is that of the unit that read the header first, and one recording serves one inclusion of a unit at most. The
//! main file has the same room at the front of the space in every unit. Orders that come out of positions are sound within
//! a file and against the main file; where several headers could be compared (within a function) nothing is replayed.

use super::define::MacroKind;
use super::{MAX_INCLUDE_DEPTH, Pp, builtin, define, include, pragma};
use crate::lex::Side;
use crate::options::Options;
use crate::token::{Tok, Token};
use base::ids::Id;
use base::source::FileId;
use base::{Name, Names, Pos, SourceMap};

/// Positions that the main file of each unit of a session has to itself.
pub(super) const MAIN_ROOM: u32 = 1 << 28;

/// A file is recorded with so many different answers, then no more.
const MAX_VARIANTS: u32 = 16;
/// A session ends when one of its tables is larger: entries, and positions.
const MAX_KEPT: usize = 1 << 23;
const MAX_POSITIONS: u32 = 1 << 30;

/// [`Asked::answer`]: an ordinary macro, whichever.
const ANY: u32 = u32::MAX;

// What the recording at hand has done with a name, in the low bits of its stamp.
const ASKED_IF: u32 = 1;
const ASKED: u32 = 2;
const SET: u32 = 3;

/// A question about a name, with the name's stamp before it.
#[derive(Clone, Copy)]
struct Asked {
    name: Name,
    /// Number of the macro, 0 for none, or [`ANY`].
    answer: u32,
    before: u32,
}

/// A file that was entered.
#[derive(Clone, Copy)]
struct Entered {
    entry: u32,
    file: FileId,
    system: bool,
    /// It asked to be read only once.
    once: bool,
}

/// A recording being made.
struct Open {
    serial: u32,
    /// Files open above the one recorded.
    depth: usize,
    /// The most that were open below it.
    deepest: usize,
    dir: u32,
    asked: Vec<Asked>,
    /// Names whose macro it changed, with their stamps before.
    set: Vec<(Name, u32)>,
    entered: Vec<Entered>,
    /// Entries that it did not enter because of `#pragma once`.
    passed: Vec<u32>,
    first_token: usize,
    spoilt: bool,
}

/// A range in one of the flat tables.
#[derive(Clone, Copy)]
struct Range {
    from: u32,
    to: u32,
}

impl Range {
    fn of<T>(self, table: &[T]) -> &[T] {
        &table[self.from as usize..self.to as usize]
    }
}

fn append<T>(table: &mut Vec<T>, rows: impl IntoIterator<Item = T>) -> Range {
    let from = table.len() as u32;
    table.extend(rows);
    Range { from, to: table.len() as u32 }
}

struct Recording {
    dir: u32,
    system: bool,
    n_below: usize,
    asked: Range,
    set: Range,
    entered: Range,
    passed: Range,
    tokens: Range,
    /// Number + 1 of an older recording of the same file.
    older: u32,
}

/// Lengths of the tables that recordings point into, when the last was made.
#[derive(Clone, Copy, Default)]
struct Lengths {
    macros: usize,
    bodies: usize,
    params: usize,
    expansions: usize,
    tokens: usize,
}

/// All recordings of a session, and the state of recording in the unit at hand.
#[derive(Default)]
pub(crate) struct Recorder {
    /// Headers are recorded and replayed in this unit.
    on: bool,
    /// Of the innermost recording, when it can still be used; 0 for none.
    serial: u32,
    last_serial: u32,
    /// The preprocessor is at work, not the parser.
    working: bool,
    /// The parser is in a function.
    pub in_function: bool,
    /// Arguments of a macro are being collected.
    pub collecting: u32,
    /// Kind of the last token that was made ready.
    last: Option<Tok>,
    open: Vec<Open>,
    /// By name: serial of the recording that last did something with it, and what.
    stamps: Vec<u32>,
    recordings: Vec<Recording>,
    /// By entry: number + 1 of the latest recording, and how many there are.
    latest: Vec<(u32, u32)>,
    asked: Vec<(Name, u32)>,
    set: Vec<(Name, u32)>,
    entered: Vec<Entered>,
    passed: Vec<u32>,
    tokens: Vec<Token>,
    /// What is replayed: `tokens[at..end]`.
    at: u32,
    end: u32,
    needed: Lengths,
    /// By file: the unit it was last read or replayed in.
    units: Vec<u32>,
    unit: u32,
    pub counters: HeaderCounters,
}

/// What became of `#include`s in a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HeaderCounters {
    /// Files that were lexed, main files among them.
    pub lexed: u64,
    /// Files that were replayed, each with what it includes.
    pub replayed: u64,
}

/// What one unit leaves for the next that is read with the same options, but for the source map, which goes with the
/// diagnostics and has to be [given back](Kept::give_back).
pub struct Kept {
    options: Options,
    names: Names,
    map: Option<SourceMap>,
    side: Side,
    macros: Vec<define::Macro>,
    bodies: Vec<Token>,
    params: Vec<Name>,
    expansions: Vec<super::Expansion>,
    known: include::Known,
    dirs: include::Dirs,
    pragmas: pragma::Pragmas,
    builtin: builtin::State,
    builtin_pos: Pos,
    recorder: Recorder,
    base: Base,
}

/// The state before the main file.
#[derive(Default)]
pub(crate) struct Base {
    /// Predefined macros and those of the command line.
    tags: Vec<(Name, u32)>,
    /// The file whose text is replaced in each unit.
    main: Option<FileId>,
}

impl Kept {
    /// Gives back the map that the unit's diagnostics were shown with.
    pub fn give_back(&mut self, map: SourceMap) {
        self.map = Some(map);
    }

    /// Can a unit with these options go on with it?
    pub fn fits(&self, options: &Options) -> bool {
        let mut mine = self.options.clone();
        mine.file.clone_from(&options.file);
        let small = |len: usize| len < MAX_KEPT;
        self.map.as_ref().is_some_and(|map| map.n_positions() < MAX_POSITIONS)
            && small(self.recorder.tokens.len())
            && small(self.expansions.len())
            && small(self.bodies.len())
            && small(self.names.len())
            && self.side.len_bytes() < MAX_KEPT
            && mine == *options
    }

    /// What became of the headers so far.
    pub fn counters(&self) -> HeaderCounters {
        self.recorder.counters
    }
}

impl<'a> Pp<'a> {
    /// As [`Pp::new`], for the first unit of a session: [`Pp::into_kept`] gives what the next one goes on with.
    pub fn new_session(options: Options, input: &'a dyn base::io::InputSource) -> Pp<'a> {
        // Files that are read before the main file would be part of every unit.
        let on = options.imacros.is_empty() && !options.print_mode;
        Pp::create(options, input, Recorder { on, ..Recorder::default() })
    }

    /// The next unit of a session. `kept` [fits](Kept::fits), and `input` shows the same files as before.
    pub fn go_on(kept: Kept, options: Options, input: &'a dyn base::io::InputSource) -> Pp<'a> {
        let Some(map) = kept.map else { return Pp::new_session(options, input) };
        let builtin_pos = kept.builtin_pos;
        let mut pp = Pp::bare(options, input, kept.names, map, kept.dirs, builtin_pos);
        pp.side = kept.side;
        pp.macros = kept.macros;
        pp.bodies = kept.bodies;
        pp.params = kept.params;
        pp.expansions = kept.expansions;
        pp.known = kept.known;
        pp.pragmas = kept.pragmas;
        pp.builtin = kept.builtin;
        pp.recorder = kept.recorder;
        pp.base = kept.base;
        let recorder = &mut pp.recorder;
        recorder.unit += 1;
        recorder.last = None;
        (recorder.at, recorder.end) = (0, 0);
        let Lengths { macros, bodies, params, expansions, tokens } = recorder.needed;
        recorder.tokens.truncate(tokens);
        pp.macros.truncate(macros);
        pp.bodies.truncate(bodies);
        pp.params.truncate(params);
        pp.expansions.truncate(expansions);
        pp.pragmas.next_unit();
        pp.builtin.next_unit();
        pp.known.next_unit();
        pp.names.mask_tags(0xff);
        for at in 0..pp.base.tags.len() {
            let (name, tag) = pp.base.tags[at];
            pp.names.set_tag(name, tag);
        }
        pp.start_main();
        pp
    }

    /// What the next unit may go on with, if any may, and the map for the diagnostics.
    pub fn into_kept(mut self) -> (Option<Kept>, SourceMap, base::DiagSink) {
        let recorder = &self.recorder;
        let ended = !self.stopped && self.contexts.is_empty() && recorder.open.is_empty() && !self.is_replaying();
        let whole = ended && recorder.on && self.base.main.is_some();
        let kept = whole.then(|| {
            self.options.file.clear();
            Kept {
                options: self.options,
                names: self.names,
                map: None,
                side: self.side,
                macros: self.macros,
                bodies: self.bodies,
                params: self.params,
                expansions: self.expansions,
                known: self.known,
                dirs: self.dirs,
                pragmas: self.pragmas,
                builtin: self.builtin,
                builtin_pos: self.builtin_pos,
                recorder: self.recorder,
                base: self.base,
            }
        });
        (kept, self.map, self.diags)
    }

    /// Remembers the macros that are defined before the main file.
    pub(super) fn note_base(&mut self) {
        if !self.recorder.on {
            return;
        }
        let names = (0..self.names.len()).map(Name::from_index);
        self.base.tags = names.map(|name| (name, self.names.tag(name))).filter(|row| row.1 > 0xff).collect();
        self.note_needed();
    }

    /// What the tables hold by now stays for the next unit.
    pub(super) fn keep_tables(&mut self) {
        if self.recorder.on {
            self.note_needed();
        }
    }

    pub(super) fn recorder_is_open(&self) -> bool {
        self.recorder.serial != 0
    }

    fn note_needed(&mut self) {
        self.recorder.needed = Lengths {
            macros: self.macros.len(),
            bodies: self.bodies.len(),
            params: self.params.len(),
            expansions: self.expansions.len(),
            tokens: self.recorder.tokens.len(),
        };
    }

    /// Puts the main file into the source map.
    pub(super) fn place_main(&mut self, name: String, text: std::sync::Arc<Vec<u8>>) -> Option<FileId> {
        let main = base::source::Included { from: Pos::NONE, system: false };
        if let Some(file) = self.base.main
            && self.map.replace(file, name.clone(), std::sync::Arc::clone(&text), MAIN_ROOM)
        {
            return Some(file);
        }
        let room = if self.recorder.on { MAIN_ROOM } else { 0 };
        let file = self.map.add_with_room(name, text, main, room).ok()?;
        self.base.main = Some(file);
        Some(file)
    }

    // ---- While headers are read ----

    /// `work` is done by the preprocessor: what it reports belongs to the header being read.
    #[inline]
    pub(super) fn at_work(&mut self, at_work: bool) {
        self.recorder.working = at_work;
    }

    /// The state cannot be seen in the names alone: no recording that is open can be used.
    #[cold]
    pub(super) fn spoil(&mut self) {
        self.recorder.serial = 0;
        self.recorder.open.iter_mut().for_each(|open| open.spoilt = true);
    }

    /// The same, when it is the preprocessor that reports something.
    #[cold]
    pub(super) fn spoil_by_report(&mut self) {
        if self.recorder.working {
            self.spoil();
        }
    }

    /// A decision was made by which macro `name` is.
    #[inline(always)]
    pub(super) fn ask(&mut self, name: Name, mac: u32) {
        if self.recorder.serial != 0 {
            self.recorder.ask(name, mac, ASKED);
        }
    }

    /// A decision was made by whether `name` is a macro.
    #[inline(always)]
    pub(super) fn ask_if(&mut self, name: Name) {
        if self.recorder.serial != 0 {
            let mac = self.macro_of(name);
            if self.is_ordinary(mac) {
                self.recorder.ask(name, ANY, ASKED_IF);
            } else {
                self.recorder.ask(name, mac, ASKED);
            }
        }
    }

    fn is_ordinary(&self, mac: u32) -> bool {
        let kind = self.macros[mac as usize].kind;
        mac != 0 && matches!(kind, MacroKind::Object | MacroKind::Function | MacroKind::Lazy)
    }

    /// `name` becomes another macro, or none.
    #[inline(always)]
    pub(super) fn note_set(&mut self, name: Name) {
        if self.recorder.serial != 0 {
            self.recorder.note_set(name);
        }
    }

    /// Tokens were made ready that came as they are out of a file.
    #[inline]
    pub(super) fn log_plain(&mut self, from: usize, to: usize) {
        if self.recorder.on {
            let tokens = &self.buffer[from..to];
            self.recorder.last = tokens.last().map(|token| token.kind);
            if self.recorder.serial != 0 {
                for token in tokens.iter().filter(|token| token.kind.is_name()) {
                    self.recorder.ask(Name(token.value), 0, ASKED);
                }
                self.recorder.tokens.extend_from_slice(tokens);
            }
        }
    }

    /// Names that came out of expansions and are no macros.
    #[inline]
    pub(super) fn ask_made(&mut self, from: usize, to: usize) {
        if self.recorder.serial != 0 {
            for token in self.buffer[from..to].iter().filter(|token| token.kind.is_name()) {
                self.recorder.ask(Name(token.value), 0, ASKED);
            }
        }
    }

    /// Tokens were made ready that came out of expansions or a replay.
    #[inline]
    pub(super) fn log_made(&mut self, to: usize) {
        if self.recorder.on {
            let tokens = &self.buffer[..to];
            self.recorder.last = tokens.last().map(|token| token.kind);
            if self.recorder.serial != 0 {
                self.recorder.tokens.extend_from_slice(tokens);
            }
        }
    }

    /// Is a replay being handed out?
    #[inline(always)]
    pub(super) fn is_replaying(&self) -> bool {
        self.recorder.at != self.recorder.end
    }

    /// Makes the next tokens of a replay ready, those alone that must be.
    pub(super) fn refill_replay(&mut self, room: usize) {
        let recorder = &mut self.recorder;
        let tokens = &recorder.tokens[recorder.at as usize..recorder.end as usize];
        let tokens = &tokens[..tokens.len().min(room)];
        let alone = |token: &Token| matches!(token.kind, Tok::Pragma | Tok::Other);
        let n = tokens.iter().position(alone).unwrap_or(tokens.len()).max(1);
        self.buffer[..n].copy_from_slice(&tokens[..n]);
        recorder.at += n as u32;
        (self.ready_at, self.ready_end) = (0, n as u32);
        self.log_made(n);
    }

    /// The next token of a replay that has just begun.
    #[inline]
    pub(super) fn replayed(&mut self) -> Option<Token> {
        let recorder = &mut self.recorder;
        if recorder.at == recorder.end {
            return None;
        }
        recorder.at += 1;
        Some(recorder.tokens[recorder.at as usize - 1])
    }

    /// Nothing is read any more.
    pub(super) fn drop_recordings(&mut self) {
        let recorder = &mut self.recorder;
        recorder.on = false;
        recorder.serial = 0;
        recorder.open.clear();
        (recorder.at, recorder.end) = (0, 0);
    }

    // ---- Files ----

    /// Does an `#include` stand where files may be recorded and replayed: between declarations of the file level?
    fn is_boundary(&self) -> bool {
        let recorder = &self.recorder;
        recorder.on
            && !recorder.in_function
            && recorder.collecting == 0
            && matches!(recorder.last, None | Some(Tok::Semi | Tok::RBrace | Tok::Pragma))
            && self.contexts.is_empty()
            && self.report.changes.is_empty()
    }

    /// Does again what a file did, if it would. The directive stands at `from`.
    pub(super) fn replay(&mut self, entry: u32, dir: u32, system: bool, from: Pos) -> bool {
        if !self.is_boundary() {
            return false;
        }
        let mut number = self.recorder.latest.get(entry as usize).map_or(0, |latest| latest.0);
        while number != 0 {
            let recording = &self.recorder.recordings[number as usize - 1];
            if recording.dir == dir && recording.system == system && self.holds(recording) {
                self.run(number as usize - 1, from);
                return true;
            }
            number = recording.older;
        }
        false
    }

    /// Would the file find everything as it was?
    fn holds(&self, recording: &Recording) -> bool {
        let recorder = &self.recorder;
        let fresh = |entered: &Entered| {
            recorder.units[entered.file.index()] != recorder.unit && !self.known.is_passed(entered.entry)
        };
        self.files.len() + recording.n_below < MAX_INCLUDE_DEPTH
            && recording.asked.of(&recorder.asked).iter().all(|&(name, answer)| {
                let mac = self.macro_of(name);
                mac == answer || answer == ANY && self.is_ordinary(mac)
            })
            && recording.entered.of(&recorder.entered).iter().all(fresh)
            && recording.passed.of(&recorder.passed).iter().all(|&entry| self.known.is_passed(entry))
    }

    fn run(&mut self, number: usize, from: Pos) {
        let Recording { asked, set, entered, passed, tokens, n_below, .. } = self.recorder.recordings[number];
        self.recorder.counters.replayed += 1;
        if self.recorder.serial != 0 {
            for at in asked.from..asked.to {
                let (name, answer) = self.recorder.asked[at as usize];
                self.recorder.ask(name, answer, if answer == ANY { ASKED_IF } else { ASKED });
            }
        }
        for at in set.from..set.to {
            let (name, mac) = self.recorder.set[at as usize];
            self.set_macro(name, mac);
        }
        let root = self.recorder.entered[entered.from as usize].file;
        self.map.set_included_from(root, from);
        for at in entered.from..entered.to {
            let file = self.recorder.entered[at as usize];
            self.note_file(file);
        }
        let recorder = &mut self.recorder;
        if let Some(open) = recorder.open.last_mut() {
            open.passed.extend_from_slice(passed.of(&recorder.passed));
            open.deepest = open.deepest.max(self.files.len() + n_below);
        }
        (recorder.at, recorder.end) = (tokens.from, tokens.to);
    }

    /// A file was entered, by reading or in a replay.
    fn note_file(&mut self, file: Entered) {
        self.known.enter(file.entry, file.system, file.once);
        self.entered.push(file.file);
        let recorder = &mut self.recorder;
        if recorder.on {
            if recorder.units.len() <= file.file.index() {
                recorder.units.resize(file.file.index() + 64, u32::MAX);
            }
            recorder.units[file.file.index()] = recorder.unit;
            if let Some(open) = recorder.open.last_mut() {
                open.entered.push(file);
            }
        }
    }

    /// The file that was just opened is read: a recording of it begins.
    pub(super) fn begin_file(&mut self, entry: u32, dir: u32, file: FileId, system: bool) {
        self.recorder.counters.lexed += 1;
        let recorder = &mut self.recorder;
        let n_variants = recorder.latest.get(entry as usize).map_or(0, |latest| latest.1);
        let depth = self.files.len();
        if let Some(open) = recorder.open.last_mut() {
            open.deepest = open.deepest.max(depth);
        }
        if n_variants < MAX_VARIANTS && self.base.main != Some(file) && self.is_boundary() {
            let recorder = &mut self.recorder;
            recorder.last_serial += 1;
            recorder.serial = recorder.last_serial;
            recorder.open.push(Open {
                serial: recorder.serial,
                depth,
                deepest: depth,
                dir,
                asked: Vec::new(),
                set: Vec::new(),
                entered: Vec::new(),
                passed: Vec::new(),
                first_token: recorder.tokens.len(),
                spoilt: false,
            });
        }
        self.note_file(Entered { entry, file, system, once: false });
    }

    /// `#pragma once` of the current file.
    pub(super) fn note_once(&mut self, entry: u32) {
        if let Some(open) = self.recorder.open.last_mut() {
            open.entered.iter_mut().filter(|file| file.entry == entry).for_each(|file| file.once = true);
        }
    }

    /// A file was not entered because it wants to be read once.
    pub(super) fn note_passed(&mut self, entry: u32) {
        if let Some(open) = self.recorder.open.last_mut() {
            open.passed.push(entry);
        }
    }

    /// The file at hand ends.
    pub(super) fn end_file(&mut self) {
        if self.recorder.open.last().is_some_and(|open| open.depth == self.files.len()) {
            self.close_recording();
        }
    }

    #[cold]
    fn close_recording(&mut self) {
        let Some(mut open) = self.recorder.open.pop() else { return };
        open.spoilt |= !self.contexts.is_empty();
        if open.spoilt {
            if let Some(around) = self.recorder.open.last_mut() {
                around.spoilt = true;
            }
        } else {
            self.keep_recording(&open);
        }
        let recorder = &mut self.recorder;
        let spoilt = open.spoilt;
        recorder.fold(open);
        recorder.serial = recorder.open.last().filter(|open| !open.spoilt).map_or(0, |open| open.serial);
        if recorder.open.is_empty() && spoilt {
            recorder.tokens.truncate(recorder.needed.tokens);
        }
    }

    fn keep_recording(&mut self, open: &Open) {
        let tags = open.set.iter().map(|&(name, _)| (name, self.names.tag(name) >> 8));
        let recorder = &mut self.recorder;
        let entry = open.entered[0].entry as usize;
        if recorder.latest.len() <= entry {
            recorder.latest.resize(entry + 64, (0, 0));
        }
        let (older, n_variants) = recorder.latest[entry];
        recorder.recordings.push(Recording {
            dir: open.dir,
            system: open.entered[0].system,
            n_below: open.deepest - open.depth + 1,
            asked: append(&mut recorder.asked, open.asked.iter().map(|asked| (asked.name, asked.answer))),
            set: append(&mut recorder.set, tags),
            entered: append(&mut recorder.entered, open.entered.iter().copied()),
            passed: append(&mut recorder.passed, open.passed.iter().copied()),
            tokens: Range { from: open.first_token as u32, to: recorder.tokens.len() as u32 },
            older,
        });
        recorder.latest[entry] = (recorder.recordings.len() as u32, n_variants + 1);
        self.note_needed();
    }
}

impl Recorder {
    #[inline]
    fn stamp(&mut self, name: Name) -> &mut u32 {
        if name.index() >= self.stamps.len() {
            self.grow_stamps(name);
        }
        &mut self.stamps[name.index()]
    }

    #[cold]
    fn grow_stamps(&mut self, name: Name) {
        self.stamps.resize(name.index() + 1024, 0);
    }

    #[inline]
    fn ask(&mut self, name: Name, answer: u32, how: u32) {
        let stamped = self.serial << 2 | how;
        let stamp = self.stamp(name);
        if *stamp < stamped {
            let before = std::mem::replace(stamp, stamped);
            if let Some(open) = self.open.last_mut() {
                open.asked.push(Asked { name, answer, before });
            }
        }
    }

    fn note_set(&mut self, name: Name) {
        let stamped = self.serial << 2 | SET;
        let stamp = self.stamp(name);
        if *stamp < stamped {
            let before = std::mem::replace(stamp, stamped);
            if let Some(open) = self.open.last_mut() {
                open.set.push((name, before));
            }
        }
    }

    /// What a file did is done by the file around it as well.
    fn fold(&mut self, inner: Open) {
        let Some(around) = self.open.last_mut().filter(|open| !open.spoilt) else { return };
        let own = inner.serial << 2;
        let base = around.serial << 2;
        for asked in inner.asked {
            let stamp = &mut self.stamps[asked.name.index()];
            // A name may have been asked about twice: the first time brought its stamp back.
            let before = if asked.before >= own { *stamp } else { asked.before };
            let stamped = base | if asked.answer == ANY { ASKED_IF } else { ASKED };
            if before < stamped {
                around.asked.push(Asked { before, ..asked });
            }
            *stamp = before.max(stamped);
        }
        for (name, before) in inner.set {
            let stamp = &mut self.stamps[name.index()];
            let before = if *stamp >= own { before } else { *stamp };
            if before < base | SET {
                around.set.push((name, before));
            }
            *stamp = base | SET;
        }
        for entry in inner.passed {
            if !around.entered.iter().any(|file| file.entry == entry) {
                around.passed.push(entry);
            }
        }
        around.entered.extend(inner.entered);
        around.deepest = around.deepest.max(inner.deepest);
    }
}
