//! Headers that several units of one process include are lexed once: what a header did is recorded, and done again without
//! reading it when nothing that it asked about has changed.
//!
//! A header is cut into *segments* at its `#include`s, which are executed in each unit. A recorded segment holds the tokens
//! it handed out, the macros it left changed, the conditionals it left open, and all that it asked: for each name that
//! stood where a macro is looked for, which macro it was (or only that there was one, for `#ifdef`). It is *replayed*
//! when all of that is answered as before, so that reading it would do the same, token for token. What a segment cannot hold
//! spoils it, and its text is read in each unit: a diagnostic of the preprocessor's, `__COUNTER__`, `__BASE_FILE__`,
//! `__INCLUDE_LEVEL__`, a pragma that the preprocessor executes.
//!
//! Nothing is translated in a replay: the tables that tokens point into (names, macros and their bodies, expansions,
//! pasted text, the source space) only grow from unit to unit of a session, and [`Kept`] carries them on. Hence a position
//! is that of the unit that read the header first, and a file that a unit includes again has another *instance* there, with
//! recordings of its own. The main file has the same room at the front of the space in every unit. Orders that come out of
//! positions are sound within a file and against the main file; where several headers could be compared, within a
//! function, files get places of their own and are read.

use super::define::MacroKind;
use super::{Cond, Pp, builtin, define, include, pragma};
use crate::lex::Side;
use crate::options::Options;
use crate::token::{Tok, Token};
use base::ids::Id;
use base::source::FileId;
use base::{Name, Names, Pos, SourceMap};

/// Positions that the main file of each unit of a session has to itself.
pub(super) const MAIN_ROOM: u32 = 1 << 28;

/// A segment is recorded with so many different answers, then no more.
const MAX_VARIANTS: usize = 24;
/// A unit that includes a file more often reads it each time.
const MAX_INSTANCES: usize = 64;
/// A session ends when one of its tables is larger: entries, and positions.
const MAX_KEPT: usize = 1 << 23;
const MAX_POSITIONS: u32 = 1 << 30;

/// [`Asked::answer`]: an ordinary macro, whichever.
const ANY: u32 = u32::MAX;

// What the segment at hand has done with a name, in the low bits of its stamp.
const ASKED_IF: u32 = 1;
const ASKED: u32 = 2;
const SET: u32 = 3;

/// A segment being recorded.
#[derive(Default)]
struct Open {
    /// Of its file, where it begins.
    start: u32,
    conds: Vec<Cond>,
    /// Names asked about: the number of the macro, 0 for none, or [`ANY`].
    asked: Vec<(Name, u32)>,
    /// Names whose macro it changes.
    set: Vec<Name>,
    first_token: usize,
    /// It said `#pragma once`.
    once: bool,
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
    start: u32,
    /// Conditionals of the file that are open before and behind it.
    conds: Range,
    conds_after: Range,
    asked: Range,
    set: Range,
    tokens: Range,
    once: bool,
    /// What ends it, `#` or the end of the file, and the offset behind that.
    end: Token,
    end_at: u32,
    /// Number + 1 of an older recording of the same instance.
    older: u32,
}

/// A place of a file in the source space, for one inclusion in each unit.
struct Instance {
    file: FileId,
    dir: u32,
    system: bool,
    /// The unit that included it last.
    unit: u32,
    /// Number + 1 of its latest recording.
    latest: u32,
    /// Number + 1 of the next instance of the same entry.
    next: u32,
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
    /// Of the segment that is being recorded; 0 for none.
    serial: u32,
    last_serial: u32,
    open: Open,
    /// The preprocessor is at work, not the parser.
    working: bool,
    /// The parser is in a function.
    pub in_function: bool,
    /// Arguments of a macro are being collected.
    pub collecting: u32,
    /// Kind of the last token that was made ready.
    last: Option<Tok>,
    /// By name: serial of the segment that last did something with it, and what.
    stamps: Vec<u32>,
    recordings: Vec<Recording>,
    instances: Vec<Instance>,
    /// By entry: number + 1 of its first instance.
    first: Vec<u32>,
    conds: Vec<Cond>,
    asked: Vec<(Name, u32)>,
    set: Vec<(Name, u32)>,
    /// Macros by the place of their definition in an instance.
    defined_at: include::WordMap<u32>,
    tokens: Vec<Token>,
    /// What is replayed: `tokens[at..end]`.
    at: u32,
    end: u32,
    needed: Lengths,
    unit: u32,
    pub counters: HeaderCounters,
}

/// What became of the segments of headers in a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct HeaderCounters {
    pub read: u64,
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
        let ended = !self.stopped && self.contexts.is_empty() && recorder.serial == 0 && !self.is_replaying();
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

    /// Does the preprocessor's work: what that reports belongs to the header being read.
    #[inline(always)]
    pub(super) fn at_work<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        self.recorder.working = true;
        let result = work(self);
        self.recorder.working = false;
        result
    }

    /// The segment at hand depends on more than names, or does more than can be recorded.
    #[cold]
    pub(super) fn spoil(&mut self) {
        let recorder = &mut self.recorder;
        if recorder.serial != 0 {
            recorder.serial = 0;
            recorder.tokens.truncate(recorder.open.first_token);
        }
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
        self.recorder.ask_if_open(name, mac);
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
        mac != 0 && !matches!(kind, MacroKind::Builtin | MacroKind::Poisoned | MacroKind::VaWord)
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
    pub(super) fn log_made(&mut self, from: usize, to: usize) {
        if self.recorder.on {
            let tokens = &self.buffer[from..to];
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
        self.log_made(0, n);
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
        (recorder.at, recorder.end) = (0, 0);
    }

    // ---- Files ----

    /// Does an `#include` stand where files may have lasting instances: between declarations of the file level?
    fn is_boundary(&self) -> bool {
        let recorder = &self.recorder;
        recorder.on
            && !recorder.in_function
            && matches!(recorder.last, None | Some(Tok::Semi | Tok::RBrace | Tok::Pragma))
            && self.is_between()
    }

    /// Is nothing under way but reading the file?
    fn is_between(&self) -> bool {
        self.recorder.collecting == 0 && self.contexts.is_empty() && self.raw_at == self.raw_end
    }

    /// The file for an inclusion from `from`, and its instance's number + 1, or 0 where it has none that lasts.
    pub(super) fn place_file(
        &mut self,
        entry: u32,
        dir: u32,
        from: Pos,
        system: bool,
        add: impl FnOnce(&mut SourceMap) -> Option<FileId>,
    ) -> Option<(FileId, u32)> {
        if !self.is_boundary() {
            return Some((add(&mut self.map)?, 0));
        }
        let recorder = &mut self.recorder;
        if recorder.first.len() <= entry as usize {
            recorder.first.resize(entry as usize + 64, 0);
        }
        let mut number = recorder.first[entry as usize];
        let mut last = 0;
        let mut n_instances = 0;
        while number != 0 {
            n_instances += 1;
            let instance = &mut recorder.instances[number as usize - 1];
            if instance.unit != recorder.unit && instance.dir == dir && instance.system == system {
                instance.unit = recorder.unit;
                self.map.set_included_from(instance.file, from);
                return Some((instance.file, number));
            }
            last = number;
            number = instance.next;
        }
        let file = add(&mut self.map)?;
        if n_instances >= MAX_INSTANCES {
            return Some((file, 0));
        }
        recorder.instances.push(Instance { file, dir, system, unit: recorder.unit, latest: 0, next: 0 });
        let number = recorder.instances.len() as u32;
        match last.checked_sub(1) {
            Some(last) => recorder.instances[last as usize].next = number,
            None => recorder.first[entry as usize] = number,
        }
        Some((file, number))
    }

    /// A file is read from its start, or behind an `#include`: does again what its next segment did, or records it.
    pub(super) fn begin_segment(&mut self) {
        let instance = self.file.instance;
        if instance == 0 || !self.recorder.on || !self.is_between() || !self.report.changes.is_empty() {
            return;
        }
        let start = self.file.lexer.at as u32;
        let mut number = self.recorder.instances[instance as usize - 1].latest;
        let mut n_variants = 0;
        while number != 0 {
            let recording = &self.recorder.recordings[number as usize - 1];
            if recording.start == start {
                n_variants += 1;
                if self.holds(recording) {
                    return self.replay(number as usize - 1);
                }
            }
            number = recording.older;
        }
        let recorder = &mut self.recorder;
        recorder.counters.read += 1;
        if n_variants < MAX_VARIANTS {
            recorder.last_serial += 1;
            recorder.serial = recorder.last_serial;
            let open = &mut recorder.open;
            open.start = start;
            open.conds.clear();
            open.conds.extend_from_slice(&self.conds[self.file.cond_base..]);
            open.asked.clear();
            open.set.clear();
            open.first_token = recorder.tokens.len();
            open.once = false;
        }
    }

    /// Would the segment find everything as it was?
    fn holds(&self, recording: &Recording) -> bool {
        let recorder = &self.recorder;
        recording.conds.of(&recorder.conds) == &self.conds[self.file.cond_base..]
            && recording.asked.of(&recorder.asked).iter().all(|&(name, answer)| {
                let mac = self.macro_of(name);
                mac == answer || answer == ANY && self.is_ordinary(mac)
            })
    }

    fn replay(&mut self, number: usize) {
        let recording = &self.recorder.recordings[number];
        let &Recording { conds_after, set, tokens, once, end, end_at, .. } = recording;
        self.recorder.counters.replayed += 1;
        for at in set.from..set.to {
            let (name, mac) = self.recorder.set[at as usize];
            self.set_macro(name, mac);
        }
        self.conds.truncate(self.file.cond_base);
        self.conds.extend_from_slice(conds_after.of(&self.recorder.conds));
        if once {
            self.mark_once();
        }
        (self.recorder.at, self.recorder.end) = (tokens.from, tokens.to);
        self.file.lexer.at = end_at as usize;
        self.put_raw(&[end]);
    }

    /// The segment at hand ends with `end`, behind which the lexer stood at `end_at`.
    pub(super) fn end_segment(&mut self, end: Token, end_at: usize) {
        if self.recorder.serial == 0 {
            return;
        }
        if !self.is_between() || !self.file.lexer.problems.is_empty() {
            return self.spoil();
        }
        let after = &self.conds[self.file.cond_base..];
        let recorder = &mut self.recorder;
        recorder.serial = 0;
        let Open { start, conds, asked, set, first_token, once } = &recorder.open;
        let set = set.iter().map(|&name| (name, self.names.tag(name) >> 8));
        let instance = &mut recorder.instances[self.file.instance as usize - 1];
        recorder.recordings.push(Recording {
            start: *start,
            conds: append(&mut recorder.conds, conds.iter().copied()),
            conds_after: append(&mut recorder.conds, after.iter().copied()),
            asked: append(&mut recorder.asked, asked.iter().copied()),
            set: append(&mut recorder.set, set),
            tokens: Range { from: *first_token as u32, to: recorder.tokens.len() as u32 },
            once: *once,
            end,
            end_at: end_at as u32,
            older: instance.latest,
        });
        instance.latest = recorder.recordings.len() as u32;
        self.note_needed();
    }

    /// `#pragma once` is executed.
    pub(super) fn note_once(&mut self) {
        self.recorder.open.once = true;
    }

    /// The macro that was defined at this place of the source space before, in this unit or another.
    pub(super) fn defined_before(&self, pos: Pos) -> Option<u32> {
        (self.file.instance != 0).then(|| self.recorder.defined_at.get(&u64::from(pos.0)).copied())?
    }

    /// Remembers where a macro was defined.
    pub(super) fn note_defined(&mut self, pos: Pos, mac: u32) {
        if self.file.instance != 0 && self.recorder.serial != 0 {
            self.recorder.defined_at.insert(u64::from(pos.0), mac);
            self.note_needed();
        }
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

    /// See [`Pp::ask`].
    #[inline(always)]
    pub(super) fn ask_if_open(&mut self, name: Name, mac: u32) {
        if self.serial != 0 {
            self.ask(name, mac, ASKED);
        }
    }

    #[inline]
    fn ask(&mut self, name: Name, answer: u32, how: u32) {
        let stamped = self.serial << 2 | how;
        let stamp = self.stamp(name);
        if *stamp < stamped {
            *stamp = stamped;
            self.open.asked.push((name, answer));
        }
    }

    fn note_set(&mut self, name: Name) {
        let stamped = self.serial << 2 | SET;
        let stamp = self.stamp(name);
        if *stamp < stamped {
            *stamp = stamped;
            self.open.set.push(name);
        }
    }
}
