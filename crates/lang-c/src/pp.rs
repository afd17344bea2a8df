//! The preprocessor: translation phases 2 to 4 (C11 5.1.1.2, 6.10) with the GNU extensions that real code uses.
//!
//! [`Pp::next`] hands out one token at a time, from a small buffer. Plain tokens of the current file, and those of a
//! running expansion, come into it many at a time; everything else (a macro's name, a directive, the end of a file) takes
//! [`Pp::expand_next`], when all before it was handed out, so that nothing is done before its time. What a name means to the preprocessor stands in its tag in [`Names`]: the low byte is the
//! keyword's [`Tok`], the other 24 bits the macro in force, so that no table is searched on the way.
//!
//! Memory is flat: macro bodies lie in one vector of tokens, running expansions in a second that is used as a stack,
//! arguments in a third. Nothing is allocated per token or per expansion.
//!
//! Reading order: this file (state, reading), `define` (macros), `expand` (6.10.3), `directives` (6.10), `cond`
//! (6.10.1), `include` (6.10.2), `pragma`, `builtin` (6.10.8), `report` (what the user sees); `print` and `deps` are
//! the products of `-E` and `-M`.

mod builtin;
mod cond;
mod define;
pub mod deps;
mod directives;
mod expand;
mod include;
mod lazy;
mod pragma;
pub mod predefined;
pub mod print;
mod report;
pub mod reuse;

use crate::lex::{Lexer, N_READY, Side};
use crate::options::Options;
use crate::token::{KEYWORDS, Tok, Token, TokenFlags};
use base::io::InputSource;
use base::source::Included;
use base::{DiagSink, FileId, Name, Names, Pos, SourceMap, Span};
use define::Macro;

/// Includes may nest this deep, as in gcc.
pub(crate) const MAX_INCLUDE_DEPTH: usize = 200;
/// Expansions inside one another through arguments, and `#if` parentheses.
pub(crate) const MAX_NESTING: u32 = 400;
/// Expansions that one use of a macro in the source may cause; more is a bomb.
pub(crate) const MAX_EXPANSIONS: u32 = 1 << 22;
/// Tokens that running expansions and their arguments may hold together; more is a bomb.
pub(crate) const MAX_LIVE_TOKENS: usize = 1 << 23;
/// Bytes of pasted and stringized text in one compilation.
pub(crate) const MAX_SIDE_BYTES: usize = 1 << 28;

const NO_TOKEN: Token = Token { kind: Tok::Eof, flags: TokenFlags(0), aux: 0, value: 0, pos: Pos::NONE, expansion: 0 };

/// [`OpenFile::entry`] of a text of our own.
pub(crate) const NO_ENTRY: u32 = u32::MAX;

/// One use of a macro: which, where, and inside which other use.
#[derive(Clone, Copy)]
pub(crate) struct Expansion {
    /// Index of the macro.
    pub mac: u32,
    /// Where the name that was replaced is spelled.
    pub pos: Pos,
    /// The expansion that this name came out of; 0 for none.
    pub parent: u32,
}

/// A list of tokens that is being read instead of the file.
#[derive(Clone, Copy)]
pub(crate) struct Context {
    /// Next token in `Pp::stack`.
    cur: u32,
    end: u32,
    /// Length of the stack when the context was made.
    base: u32,
    /// The macro that must not be expanded while this is read; 0 for none.
    mac: u32,
    /// Nothing below is read: the end of a macro argument.
    barrier: bool,
}

/// A file being read.
pub(crate) struct OpenFile {
    pub lexer: Lexer,
    /// Index in the table of files known.
    pub entry: u32,
    /// Index of the search directory it was found in, for `#include_next`; `NO_DIR` when in none.
    pub dir: u32,
    /// Open conditionals when it was entered.
    pub cond_base: usize,
    /// Offset of the `#` of an `#ifndef` at its very start, and the macro tested.
    pub guard: Option<(usize, Name)>,
    /// Number + 1 of its lasting place in a session; 0 for none.
    pub instance: u32,
}

/// An open conditional.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Cond {
    pub pos: Pos,
    /// Some group of it was read, or it stands in a skipped group.
    pub taken: bool,
    pub seen_else: bool,
    /// May be the file's include guard.
    pub guard: Option<Name>,
    /// Spelling of the directive, for messages.
    pub word: &'static str,
}

/// What a directive did besides its effect on tables; recorded for `-E` only.
#[derive(Clone, Debug)]
pub(crate) enum Event {
    /// A file was entered (its first byte's position) or returned to (the position of the next byte).
    Enter(Pos),
    Return(Pos),
    /// `#line` or a marker: what follows is at this position.
    Line(Pos),
    Define(u32, Pos),
    Undef(Name, Pos),
    /// A directive to be printed as it is, at its place.
    Text(Pos, String),
}

/// The preprocessor of one translation unit.
pub struct Pp<'a> {
    pub names: Names,
    pub map: SourceMap,
    pub diags: DiagSink,
    pub(crate) options: Options,
    pub(crate) input: &'a dyn InputSource,
    pub(crate) file: OpenFile,
    pub(crate) files: Vec<OpenFile>,
    /// Tokens on their way: the first half holds those out of running expansions that are ready, the second half what
    /// was read of the file and nobody took yet, at most to the next directive or to the end of one.
    buffer: [Token; 2 * N_READY],
    /// What is handed out next: `buffer[ready_at..ready_end]`, in either half. It began at `ready_start`.
    ready_start: u32,
    ready_at: u32,
    ready_end: u32,
    /// The file's tokens: `buffer[raw_at..raw_end]`.
    raw_at: u32,
    raw_end: u32,
    /// Those from `raw_at` up to here are plain; counted anew when it has fallen behind.
    raw_plain: u32,
    /// Room for them while a body is read that waited.
    set_aside: Vec<Token>,
    contexts: Vec<Context>,
    stack: Vec<Token>,
    arg_tokens: Vec<Token>,
    args: Vec<expand::Arg>,
    pub(crate) side: Side,
    pub(crate) macros: Vec<Macro>,
    bodies: Vec<Token>,
    params: Vec<Name>,
    expansions: Vec<Expansion>,
    /// Expansions still allowed before the use of a macro in the source counts as a bomb.
    budget: u32,
    nesting: u32,
    /// The last replacement had no tokens.
    vanished: bool,
    /// … but white space between macros that vanished.
    vanished_space: bool,
    pub(crate) conds: Vec<Cond>,
    pub(crate) dirs: include::Dirs,
    pub(crate) known: include::Known,
    pragmas: pragma::Pragmas,
    pub(crate) builtin: builtin::State,
    pub(crate) report: report::State,
    pub(crate) events: Vec<Event>,
    scratch: Vec<u8>,
    /// A fatal error was reported: nothing but the end comes any more.
    stopped: bool,
    /// `#if` is being evaluated: `defined` and its like mean something.
    in_if: bool,
    /// Position of tokens that stand in no file.
    builtin_pos: Pos,
    pub(crate) recorder: reuse::Recorder,
    base: reuse::Base,
    /// Files that were read or replayed, in order.
    pub(crate) entered: Vec<FileId>,
}

impl<'a> Pp<'a> {
    /// A preprocessor that stands before the first token of `options.file`. Command-line macros are defined and
    /// `-imacros` files read here; problems, a missing main file among them, are in `diags`.
    pub fn new(options: Options, input: &'a dyn InputSource) -> Pp<'a> {
        Pp::create(options, input, reuse::Recorder::default())
    }

    fn create(options: Options, input: &'a dyn InputSource, recorder: reuse::Recorder) -> Pp<'a> {
        let mut map = SourceMap::new();
        let mut names = Names::new();
        directives::intern_names(&mut names);
        let none = Included { from: Pos::NONE, system: false };
        let builtin_file = map.add("<built-in>".into(), b"\n".to_vec(), none).expect("an empty map has room");
        let builtin_pos = map.start(builtin_file);
        let dirs = include::Dirs::new(&options);
        let mut pp = Pp::bare(options, input, names, map, dirs, builtin_pos);
        pp.recorder = recorder;
        pp.tag_keywords();
        pp.define_predefined();
        pp.start();
        pp
    }

    /// With empty tables, before the start.
    fn bare(
        options: Options,
        input: &'a dyn InputSource,
        names: Names,
        map: SourceMap,
        dirs: include::Dirs,
        builtin_pos: Pos,
    ) -> Pp<'a> {
        let lexer = Lexer::over(b"", builtin_pos);
        let file = OpenFile { lexer, entry: NO_ENTRY, dir: include::NO_DIR, cond_base: 0, guard: None, instance: 0 };
        let report = report::State::new(&options);
        Pp {
            names,
            map,
            diags: DiagSink::new(),
            options,
            input,
            file,
            files: Vec::new(),
            buffer: [NO_TOKEN; 2 * N_READY],
            ready_start: 0,
            ready_at: 0,
            ready_end: 0,
            raw_at: N_READY as u32,
            raw_end: N_READY as u32,
            raw_plain: N_READY as u32,
            set_aside: Vec::new(),
            contexts: Vec::new(),
            stack: Vec::new(),
            arg_tokens: Vec::new(),
            args: Vec::new(),
            side: Side::default(),
            macros: vec![Macro::NONE],
            bodies: Vec::new(),
            params: Vec::new(),
            expansions: vec![Expansion { mac: 0, pos: Pos::NONE, parent: 0 }],
            budget: MAX_EXPANSIONS,
            nesting: 0,
            vanished: false,
            vanished_space: false,
            conds: Vec::new(),
            dirs,
            known: include::Known::default(),
            pragmas: pragma::Pragmas::default(),
            builtin: builtin::State::default(),
            report,
            events: Vec::new(),
            scratch: Vec::new(),
            stopped: false,
            in_if: false,
            builtin_pos,
            recorder: reuse::Recorder::default(),
            base: reuse::Base::default(),
            entered: Vec::new(),
        }
    }

    /// The next token after preprocessing; [`Tok::Eof`] for ever at the end.
    #[inline]
    #[expect(clippy::should_implement_trait, reason = "the end is a token, not None")]
    pub fn next(&mut self) -> Token {
        if !self.is_ready() {
            self.refill();
        }
        self.take_ready()
    }

    /// Is a token there without more work? Then it is neither a pragma nor a stray character.
    #[inline(always)]
    pub(crate) fn is_ready(&self) -> bool {
        self.ready_at < self.ready_end
    }

    /// The next token, which is [ready](Pp::is_ready).
    #[inline(always)]
    pub(crate) fn peek_ready(&self) -> Token {
        self.buffer[self.ready_at as usize % (2 * N_READY)]
    }

    #[inline(always)]
    pub(crate) fn take_ready(&mut self) -> Token {
        let token = self.peek_ready();
        self.ready_at += 1;
        token
    }

    /// The tokens taken of those that were made ready last.
    pub(crate) fn taken(&self) -> &[Token] {
        &self.buffer[self.ready_start as usize..self.ready_at as usize]
    }

    /// Makes at least one token ready. A pragma or a stray character is the only one.
    #[inline(never)]
    pub(crate) fn refill(&mut self) {
        if self.ready_end > N_READY as u32 {
            // What was handed out was the file's.
            self.raw_at = self.ready_end;
        }
        (self.ready_start, self.ready_at, self.ready_end) = (0, 0, 0);
        if self.is_replaying() {
            return self.refill_replay(N_READY);
        }
        if self.options.print_mode {
            let token = self.at_work(|pp| pp.expand_next());
            return self.ready_alone(token);
        }
        loop {
            self.take_plain();
            if self.contexts.is_empty() && self.take_raw_plain() {
                return;
            }
            if self.ready_end > 0 {
                return self.log_made(0, self.ready_end as usize);
            }
            let first = self.contexts.is_empty().then(|| self.lex());
            let Some(token) = self.at_work(|pp| pp.expand_from(first)) else { continue };
            if matches!(token.kind, Tok::Pragma | Tok::Other | Tok::Eof) {
                return self.ready_alone(token);
            }
            self.buffer[0] = token;
            self.ready_end = 1;
        }
    }

    fn ready_alone(&mut self, token: Token) {
        self.buffer[0] = token;
        self.ready_end = 1;
        self.log_made(0, 1);
    }

    /// Makes the plain tokens that come next in the file ready. What is ready already is moved into the place of the tokens
    /// that it came out of, before them; false when there is no room for it, or no plain token.
    fn take_raw_plain(&mut self) -> bool {
        let n_made = self.ready_end as usize;
        if self.raw_at == self.raw_end && n_made == 0 {
            self.fill_raw();
        }
        if self.raw_plain < self.raw_at {
            self.count_plain();
        }
        let (at, end) = (self.raw_at as usize, self.raw_plain as usize);
        if at == end || at < N_READY + n_made {
            return false;
        }
        let start = at - n_made;
        let (made, raw) = self.buffer.split_at_mut(N_READY);
        for (slot, token) in raw[start - N_READY..].iter_mut().zip(&made[..n_made]) {
            *slot = *token;
        }
        (self.ready_start, self.ready_at, self.ready_end) = (start as u32, start as u32, end as u32);
        self.log_made(start, at);
        self.log_plain(at, end);
        true
    }

    fn count_plain(&mut self) {
        let tokens = &self.buffer[self.raw_at as usize..self.raw_end as usize];
        let n = tokens.iter().position(|token| token.aux != 0).unwrap_or(tokens.len());
        self.raw_plain = self.raw_at + n as u32;
    }

    /// Makes the plain tokens that come next in the running expansions ready, behind what is; expansions that have ended
    /// end.
    #[inline(always)]
    fn take_plain(&mut self) {
        let first = self.ready_end as usize;
        let mut n = first;
        while let Some(context) = self.contexts.last_mut() {
            let tokens = &self.stack[context.cur as usize..context.end as usize];
            let start = n;
            for (slot, token) in self.buffer[n..N_READY].iter_mut().zip(tokens) {
                let special = match token.kind {
                    Tok::Pragma | Tok::Other => true,
                    kind => kind.is_name() && self.names.tag(Name(token.value)) > 0xff,
                };
                if special {
                    break;
                }
                *slot = *token;
                n += 1;
            }
            context.cur += (n - start) as u32;
            if context.cur != context.end || context.barrier {
                break;
            }
            self.pop_context();
        }
        self.ready_end = n as u32;
        self.ask_made(first, n);
    }

    /// A raw token of the current file.
    #[inline]
    pub(crate) fn lex(&mut self) -> Token {
        let token = self.peek_raw();
        self.raw_at += 1;
        token
    }

    /// The next raw token of the current file.
    #[inline]
    pub(crate) fn peek_raw(&mut self) -> Token {
        if self.raw_at == self.raw_end {
            self.fill_raw();
        }
        self.buffer[self.raw_at as usize % (2 * N_READY)]
    }

    /// Reads tokens of the current file; none is left from before.
    #[inline(never)]
    fn fill_raw(&mut self) {
        let read = self.file.lexer.fill(&mut self.names, &mut self.side, &mut self.buffer[N_READY..]);
        self.raw_at = N_READY as u32;
        self.raw_end = (N_READY + read.n_tokens) as u32;
        self.raw_plain = (N_READY + read.n_plain) as u32;
    }

    /// A raw token of the current file and nothing behind it. None may be left from before.
    pub(crate) fn lex_alone(&mut self) -> Token {
        debug_assert!(self.raw_at == self.raw_end, "what was read ahead would be passed over");
        self.file.lexer.next(&mut self.names, &mut self.side)
    }

    /// Forgets what was read ahead: the rest of a directive's line, when it means nothing.
    pub(crate) fn drop_raw(&mut self) {
        self.raw_at = self.raw_end;
    }

    /// Sets the lexer back to before what was read ahead.
    pub(crate) fn unread(&mut self) {
        if self.raw_at < self.raw_end {
            let pos = self.peek_raw().pos.0;
            let lexer = &mut self.file.lexer;
            lexer.problems.retain(|problem| problem.0 < pos);
            lexer.at = (pos - lexer.start) as usize;
            self.raw_at = self.raw_end;
        }
    }

    /// What was read ahead, to be put [back](Pp::put_raw) after other text was read in between.
    pub(crate) fn take_raw(&mut self) -> Vec<Token> {
        let tokens = self.buffer[self.raw_at as usize..self.raw_end as usize].to_vec();
        self.raw_at = self.raw_end;
        tokens
    }

    pub(crate) fn put_raw(&mut self, tokens: &[Token]) {
        self.buffer[N_READY..N_READY + tokens.len()].copy_from_slice(tokens);
        self.raw_at = N_READY as u32;
        self.raw_end = (N_READY + tokens.len()) as u32;
        self.count_plain();
    }

    /// Where reading stands: behind the last raw token that was taken.
    pub(crate) fn here(&self) -> Pos {
        if self.raw_at == self.raw_end {
            return self.file.lexer.pos();
        }
        match (self.raw_at as usize).checked_sub(1).filter(|&last| last >= N_READY) {
            Some(last) => self.spelled_span(&self.buffer[last]).hi,
            None => self.buffer[self.raw_at as usize].pos,
        }
    }

    /// The text of a [`Tok::Number`], or of any other token whose value is not a name.
    #[inline]
    pub(crate) fn number_text(&self, token: &Token) -> &[u8] {
        if token.flags.has(TokenFlags::UNCLEAN) {
            return self.side.get(token.value);
        }
        let lexer = &self.file.lexer;
        let offset = token.pos.0.wrapping_sub(lexer.start) as usize;
        let len = token.spelled_len();
        if offset < lexer.end {
            return lexer.text.get(offset..offset + len as usize).unwrap_or(&[]);
        }
        self.map.bytes(token.pos, len)
    }

    /// The text of a token, as it is spelled but without line splices.
    pub fn spelling(&self, token: &Token) -> &[u8] {
        match token.kind {
            Tok::Number | Tok::Char | Tok::Str | Tok::Other => self.number_text(token),
            kind if kind.is_name() => self.names.text(Name(token.value)),
            Tok::Eof | Tok::Newline | Tok::Pragma => b"",
            kind if token.flags.has(TokenFlags::UNCLEAN) => match kind {
                Tok::LBracket => b"<:",
                Tok::RBracket => b":>",
                Tok::LBrace => b"<%",
                Tok::RBrace => b"%>",
                Tok::Hash => b"%:",
                Tok::HashHash => b"%:%:",
                _ => kind.text().as_bytes(),
            },
            kind => kind.text().as_bytes(),
        }
    }

    /// The tokens of a [`Tok::Pragma`], without `#pragma` itself.
    pub fn pragma_tokens(&self, token: &Token) -> &[Token] {
        self.pragmas.tokens(token.value)
    }

    /// The place in a file that a position with its expansion stands for: the outermost macro use.
    #[inline]
    pub fn user_pos(&self, pos: Pos, expansion: u32) -> Pos {
        if expansion == 0 { pos } else { self.outermost(expansion) }
    }

    fn outermost(&self, mut expansion: u32) -> Pos {
        loop {
            let record = self.expansions[expansion as usize];
            if record.parent == 0 {
                return record.pos;
            }
            expansion = record.parent;
        }
    }

    /// The place the user sees of a token: where it is spelled, the macro's use when that is in a macro.
    pub fn span(&self, token: &Token) -> Span {
        if token.expansion != 0 {
            let pos = self.outermost(token.expansion);
            let mac = self.outermost_macro(token.expansion);
            return Span::new(pos, pos.offset(self.names.text(mac).len() as u32));
        }
        self.spelled_span(token)
    }

    /// Where a token is spelled, be it in a macro's definition.
    pub fn spelled_span(&self, token: &Token) -> Span {
        Span::new(token.pos, token.pos.offset(self.spelling(token).len() as u32))
    }

    fn outermost_macro(&self, mut expansion: u32) -> Name {
        loop {
            let record = self.expansions[expansion as usize];
            if record.parent == 0 {
                return self.macros[record.mac as usize].name;
            }
            expansion = record.parent;
        }
    }

    /// Files read, in order of first inclusion, the main file first, with whether they are system headers.
    pub fn dependencies(&self) -> Vec<deps::Dependency> {
        self.known.dependencies()
    }

    /// The options it was made with.
    pub fn options(&self) -> &Options {
        &self.options
    }

    /// The macro that `name` stands for now; 0 for none.
    #[inline]
    pub(crate) fn macro_of(&self, name: Name) -> u32 {
        self.names.tag(name) >> 8
    }

    pub(crate) fn set_macro(&mut self, name: Name, mac: u32) {
        self.note_set(name);
        let tag = self.names.tag(name) & 0xff;
        let tag = tag | (mac << 8);
        self.names.set_tag(name, tag);
        // `_Pragma` may do this in the middle of a line.
        for token in &mut self.buffer[self.raw_at as usize..self.raw_end as usize] {
            if token.kind.is_name() && token.value == name.0 {
                token.aux = u16::from(tag > 0xff);
            }
        }
        self.count_plain();
    }

    /// The next expanded token, from the running expansions or from the file.
    pub(crate) fn expand_next(&mut self) -> Token {
        loop {
            if let Some(token) = self.expand_from(None) {
                return token;
            }
        }
    }

    /// As [`Pp::expand_next`]; `first` was read from the file already. `None` when a directive was executed instead.
    fn expand_from(&mut self, first: Option<Token>) -> Option<Token> {
        let mut pending = first;
        // White space that stood before macros that vanished.
        let mut carry = 0u8;
        loop {
            let mut token;
            let mac;
            if pending.is_none()
                && let Some(context) = self.contexts.last_mut()
            {
                if context.cur == context.end {
                    if context.barrier {
                        let mut end = self.end_token(Tok::Eof);
                        end.flags.0 |= carry;
                        return Some(end);
                    }
                    self.pop_context();
                    continue;
                }
                token = self.stack[context.cur as usize];
                context.cur += 1;
                token.flags.0 |= carry;
                if !token.kind.is_name() || token.flags.has(TokenFlags::NO_EXPAND) {
                    return Some(token);
                }
                mac = self.macro_of(Name(token.value));
                self.ask(Name(token.value), mac);
                if mac == 0 {
                    return Some(token);
                }
            } else {
                token = match pending.take() {
                    Some(token) => token,
                    None => self.lex(),
                };
                token.flags.0 |= carry;
                if token.aux == 0 {
                    if token.kind.is_name() {
                        self.ask(Name(token.value), 0);
                    }
                    return Some(token);
                }
                if !token.kind.is_name() {
                    return self.special(token).or_else(|| self.replayed());
                }
                token.aux = 0;
                mac = self.macro_of(Name(token.value));
                self.ask(Name(token.value), mac);
                self.budget = MAX_EXPANSIONS;
            }
            self.vanished = false;
            self.vanished_space = false;
            match self.expand(token, mac) {
                Some(token) => return Some(token),
                None => {
                    // The replacement's first token has the flags already; when there is none the next one gets them.
                    carry = if self.vanished {
                        let space = if self.vanished_space { TokenFlags::SPACE.0 } else { 0 };
                        token.flags.0 & (TokenFlags::SPACE.0 | TokenFlags::LINE_START.0) | space
                    } else {
                        0
                    };
                }
            }
        }
    }

    /// What is neither a plain token nor a name: a directive, the end of a file, a stray byte.
    #[cold]
    fn special(&mut self, token: Token) -> Option<Token> {
        match token.kind {
            Tok::Hash => self.directive(token),
            Tok::Eof => {
                self.end_segment(token, self.file.lexer.at);
                if self.leave_file() {
                    return None;
                }
                Some(self.end_token(Tok::Eof))
            }
            Tok::Newline => Some(Token { aux: 0, ..token }),
            _ => {
                self.report_problems();
                Some(Token { aux: 0, ..token })
            }
        }
    }

    /// A token of the kind at the place where reading stands.
    pub(crate) fn end_token(&self, kind: Tok) -> Token {
        Token { kind, flags: TokenFlags::default(), aux: 0, value: 0, pos: self.here(), expansion: 0 }
    }

    /// The next token before expansion, from the running expansions or from the file; directives on the way are
    /// executed. Names whose macro is being expanded are marked so that they stay.
    fn read_raw(&mut self, n_files: usize) -> Token {
        loop {
            if let Some(context) = self.contexts.last_mut() {
                if context.cur == context.end {
                    if context.barrier {
                        return self.end_token(Tok::Eof);
                    }
                    self.pop_context();
                    continue;
                }
                let mut token = self.stack[context.cur as usize];
                context.cur += 1;
                if token.kind.is_name() {
                    let mac = self.macro_of(Name(token.value));
                    self.ask(Name(token.value), mac);
                    if mac != 0 && self.macros[mac as usize].disabled {
                        token.flags = token.flags.with(TokenFlags::NO_EXPAND);
                    }
                }
                return token;
            }
            let token = self.lex();
            if token.aux == 0 {
                return token;
            }
            if token.kind.is_name() {
                return Token { aux: 0, ..token };
            }
            if token.kind == Tok::Eof && self.files.len() <= n_files {
                return token;
            }
            if let Some(token) = self.special(token) {
                return token;
            }
        }
    }

    #[inline]
    fn pop_context(&mut self) {
        if let Some(context) = self.contexts.pop() {
            self.macros[context.mac as usize].disabled = false;
            self.stack.truncate(context.base as usize);
        }
    }

    /// Makes the tokens of the stack from `base` on the next to be read.
    #[inline]
    fn push_context(&mut self, base: usize, mac: u32, barrier: bool) {
        let end = self.stack.len() as u32;
        self.contexts.push(Context { cur: base as u32, end, base: base as u32, mac, barrier });
    }

    /// Puts a token back to be read next.
    fn push_back(&mut self, token: Token) {
        let base = self.stack.len();
        self.stack.push(token);
        self.push_context(base, 0, false);
    }

    /// Ends everything: after a fatal error.
    #[cold]
    pub(crate) fn stop(&mut self) {
        self.stopped = true;
        self.drop_recordings();
        (self.ready_start, self.ready_at, self.ready_end) = (0, 0, 0);
        self.drop_raw();
        while !self.contexts.is_empty() {
            self.pop_context();
        }
        self.conds.clear();
        self.files.clear();
        self.file.cond_base = 0;
        let lexer = &mut self.file.lexer;
        lexer.at = lexer.end;
        lexer.in_directive = false;
    }

    fn tag_keywords(&mut self) {
        let standard = self.options.standard;
        for &(spelling, kind) in KEYWORDS {
            let plain = match spelling {
                "asm" | "typeof" => standard.gnu || (spelling == "typeof" && standard.year >= 2023),
                "inline" => standard.gnu || standard.year >= 1999,
                "restrict" => standard.year >= 1999,
                _ => true,
            };
            if plain {
                let name = self.names.intern(spelling.as_bytes());
                self.names.set_tag(name, kind as u32);
            }
        }
    }

    /// Defines what the command line says and opens the main file.
    fn start(&mut self) {
        let text = define::command_line_text(&self.options.macros);
        if !text.is_empty() {
            self.enter_buffer("<command-line>", text);
            self.drain();
        }
        for name in std::mem::take(&mut self.options.imacros) {
            self.enter_buffer("<command-line>", format!("#include \"{name}\"\n").into_bytes());
            self.drain();
        }
        self.note_base();
        self.start_main();
    }

    /// Opens the main file, and before it what the command line puts there.
    fn start_main(&mut self) {
        self.conds.clear();
        if self.stopped {
            return;
        }
        if self.enter_main() && (self.options.predef_header || !self.options.includes.is_empty()) {
            let mut lines = String::new();
            if self.options.predef_header {
                lines.push_str("#include <stdc-predef.h>\n");
            }
            lines.extend(self.options.includes.iter().map(|name| format!("#include \"{name}\"\n")));
            self.enter_buffer("<command-line>", lines.into_bytes());
        }
    }

    /// Reads everything there is and throws it away.
    fn drain(&mut self) {
        while self.next().kind != Tok::Eof {}
    }

    /// Opens a text of our own above the current file.
    fn enter_buffer(&mut self, name: &str, text: Vec<u8>) {
        let included = Included { from: Pos::NONE, system: false };
        let Ok(file) = self.map.add(name.to_string(), text, included) else {
            return self.fatal(Pos::NONE, "the source text is larger than 4 GiB");
        };
        let lexer = Lexer::new(self.map.shared_text(file), self.map.start(file), file, false, true);
        let cond_base = self.conds.len();
        let open = OpenFile { lexer, entry: NO_ENTRY, dir: include::NO_DIR, cond_base, guard: None, instance: 0 };
        let below = std::mem::replace(&mut self.file, open);
        self.files.push(below);
    }

    /// The file the lexer reads; `None` in texts of our own.
    pub(crate) fn current_entry(&self) -> Option<u32> {
        (self.file.entry != NO_ENTRY).then_some(self.file.entry)
    }
}
