//! The lexer: bytes of one file to raw preprocessing tokens (C11 5.1.1.2 phases 2 and 3, 6.4).
//!
//! One loop, [`Lexer::fill`], knows most tokens by tables; one function, [`Lexer::scan`], knows all and switches on the first
//! byte. Line splices are looked for only where a token ends: a backslash there sends the token to a slow path that lexes
//! it again from a clean copy. Identifiers are
//! interned here and their tag is read in the same step, so that a plain token leaves the preprocessor untouched:
//! [`Token::aux`] is 0 for it and 1 for whatever needs a look (a macro's name, a `#` at the start of a line, the end of
//! the file, a byte that starts no token).
//!
//! Long because the fast loop and the full scanner share their tables and must agree token for token.

use crate::lex_scan;
use crate::token::{Tok, Token, TokenFlags};
use base::ids::Id;
use base::source::TEXT_PADDING;
use base::{FileId, Names, Pos};
use std::sync::Arc;

/// Tokens that are read at a time.
pub(crate) const N_READY: usize = 128;

/// Spellings that do not stand in any file as they are: tokens with splices in them, pasted and stringized ones.
#[derive(Default)]
pub(crate) struct Side {
    text: Vec<u8>,
    /// Start of each spelling in `text`; it ends where the next begins.
    starts: Vec<u32>,
}

impl Side {
    /// Keeps `spelling`; the result goes into [`Token::value`] with [`TokenFlags::UNCLEAN`].
    pub fn add(&mut self, spelling: &[u8]) -> u32 {
        let idx = self.starts.len() as u32;
        self.starts.push(u32::try_from(self.text.len()).expect("more than 4 GiB of pasted text"));
        self.text.extend_from_slice(spelling);
        idx
    }

    pub fn get(&self, idx: u32) -> &[u8] {
        let start = self.starts[idx as usize] as usize;
        let end = self.starts.get(idx as usize + 1).map_or(self.text.len(), |&e| e as usize);
        &self.text[start..end]
    }

    pub fn len_bytes(&self) -> usize {
        self.text.len()
    }
}

/// Something the lexer wants said; the preprocessor decides whether and how.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Problem {
    UnterminatedComment,
    /// The missing quote.
    Unterminated(u8),
    EmptyChar,
    NullCharacter,
    BlankInSplice,
    SpliceAtEof,
}

/// What [`Lexer::fill`] did.
pub(crate) struct Filled {
    pub n_tokens: usize,
    /// So many of them, the first, are plain.
    pub n_plain: usize,
}

/// Where the lexer stands in one file.
pub(crate) struct Lexer {
    /// The file's padded text.
    pub text: Arc<Vec<u8>>,
    /// Offset of the next byte.
    pub at: usize,
    /// Length of the text without padding.
    pub end: usize,
    /// Position of the text's first byte.
    pub start: u32,
    pub file: FileId,
    /// Flags every token gets: [`TokenFlags::SYSTEM`] or none.
    pub base_flags: TokenFlags,
    /// Stop at newlines, with [`Tok::Newline`].
    pub in_directive: bool,
    /// `//` starts a comment.
    pub line_comments: bool,
    /// `$` may start a name. Not in assembler text, where it marks immediates.
    pub dollars: bool,
    pub problems: Vec<(u32, Problem)>,
}

/// What a token may be by its first byte.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
enum Class {
    /// Anything that [`Lexer::scan`] reads.
    Other,
    Name,
    Digit,
    /// A punctuator that is one whatever follows.
    Single,
    /// A punctuator that may be the first byte of a longer one.
    Operator,
    Blank,
    Newline,
    Slash,
}

static CLASSES: [Class; 256] = {
    let mut classes = [Class::Other; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => Class::Name,
            b'0'..=b'9' => Class::Digit,
            b'(' | b')' | b',' | b';' | b'{' | b'}' | b'[' | b']' | b'?' | b'~' => Class::Single,
            b'=' | b'-' | b'*' | b'&' | b'+' | b'!' | b'<' | b'>' | b'|' | b'^' | b':' | b'%' | b'.' => Class::Operator,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => Class::Blank,
            b'\n' => Class::Newline,
            b'/' => Class::Slash,
            _ => Class::Other,
        };
        byte += 1;
    }
    classes
};

/// Punctuators of one byte.
static SINGLES: [Tok; 256] = {
    let mut kinds = [Tok::Eof; 256];
    let rows = [
        (b'(', Tok::LParen),
        (b')', Tok::RParen),
        (b',', Tok::Comma),
        (b';', Tok::Semi),
        (b'{', Tok::LBrace),
        (b'}', Tok::RBrace),
        (b'[', Tok::LBracket),
        (b']', Tok::RBracket),
        (b'?', Tok::Question),
        (b'~', Tok::Tilde),
        (b'=', Tok::Eq),
        (b'-', Tok::Minus),
        (b'*', Tok::Star),
        (b'&', Tok::Amp),
        (b'+', Tok::Plus),
        (b'!', Tok::Bang),
        (b'<', Tok::Lt),
        (b'>', Tok::Gt),
        (b'|', Tok::Pipe),
        (b'^', Tok::Caret),
        (b':', Tok::Colon),
        (b'%', Tok::Percent),
        (b'.', Tok::Dot),
    ];
    let mut idx = 0;
    while idx < rows.len() {
        kinds[rows[idx].0 as usize] = rows[idx].1;
        idx += 1;
    }
    kinds
};

/// Bytes that may belong to a punctuator behind its first byte, numbered from 1. The last of them, a backslash, may be a
/// splice.
const FOLLOWING: [u8; 11] = *b"=>-&+|<:%.\\";
/// A digit behind a point.
const DIGIT_FOLLOWS: u8 = FOLLOWING.len() as u8 + 1;
const N_FOLLOWERS: usize = 16;

static FOLLOWERS: [u8; 256] = {
    let mut numbers = [0; 256];
    let mut idx = 0;
    while idx < FOLLOWING.len() {
        numbers[FOLLOWING[idx] as usize] = idx as u8 + 1;
        idx += 1;
    }
    let mut digit = b'0';
    while digit <= b'9' {
        numbers[digit as usize] = DIGIT_FOLLOWS;
        digit += 1;
    }
    numbers
};

const N_PAIRS: usize = 64;

/// By the punctuator of the first byte and the follower: the punctuator of both bytes, that of the first alone, or
/// [`Tok::Eof`] where a third byte must be looked at, a number begins, or something rare.
static PAIRS: [[Tok; N_FOLLOWERS]; N_PAIRS] = {
    let mut pairs = [[Tok::Eof; N_FOLLOWERS]; N_PAIRS];
    let mut byte = 0;
    while byte < 256 {
        let single = SINGLES[byte];
        if matches!(CLASSES[byte], Class::Operator) {
            let mut idx = 0;
            while idx < FOLLOWING.len() {
                pairs[single as usize][idx + 1] = match (byte as u8, FOLLOWING[idx]) {
                    (_, b'\\') | (b'<', b'<' | b':' | b'%') | (b'>', b'>') | (b'%', b':' | b'>') => Tok::Eof,
                    (b':', b'>') | (b'.', b'.') => Tok::Eof,
                    (b'=', b'=') => Tok::EqEq,
                    (b'-', b'>') => Tok::Arrow,
                    (b'-', b'-') => Tok::MinusMinus,
                    (b'-', b'=') => Tok::MinusEq,
                    (b'*', b'=') => Tok::StarEq,
                    (b'&', b'&') => Tok::AmpAmp,
                    (b'&', b'=') => Tok::AmpEq,
                    (b'+', b'+') => Tok::PlusPlus,
                    (b'+', b'=') => Tok::PlusEq,
                    (b'!', b'=') => Tok::Ne,
                    (b'<', b'=') => Tok::Le,
                    (b'>', b'=') => Tok::Ge,
                    (b'|', b'|') => Tok::PipePipe,
                    (b'|', b'=') => Tok::PipeEq,
                    (b'^', b'=') => Tok::CaretEq,
                    (b'%', b'=') => Tok::PercentEq,
                    _ => single,
                };
                idx += 1;
            }
            pairs[single as usize][DIGIT_FOLLOWS as usize] = if byte as u8 == b'.' { Tok::Eof } else { single };
        }
        byte += 1;
    }
    pairs
};

/// Bytes behind which a name may not be one yet: `$` and bytes from 128 may belong to it, a quote makes it a prefix, a
/// backslash may be a splice or a universal character name.
static ENDS_NO_NAME: [bool; 256] = table_of(b"$\\\"'", false);

/// Bytes that belong to a preprocessing number that so far has digits only, or may.
static GOES_ON_A_NUMBER: [bool; 256] = table_of(b".\\", true);

const fn table_of(bytes: &[u8], letters: bool) -> [bool; 256] {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let letter = (byte as u8).is_ascii_alphabetic() || byte as u8 == b'_';
        table[byte] = byte >= 128 || letters && letter;
        byte += 1;
    }
    let mut idx = 0;
    while idx < bytes.len() {
        table[bytes[idx] as usize] = true;
        idx += 1;
    }
    table
}

const SPACE: u8 = TokenFlags::SPACE.0;
const LINE_START: u8 = TokenFlags::LINE_START.0;

impl Lexer {
    pub fn new(text: Arc<Vec<u8>>, start: Pos, file: FileId, system: bool, line_comments: bool) -> Lexer {
        let end = text.len() - TEXT_PADDING;
        let base_flags = if system { TokenFlags::SYSTEM } else { TokenFlags::default() };
        Lexer {
            text,
            at: 0,
            end,
            start: start.0,
            file,
            base_flags,
            in_directive: false,
            line_comments,
            dollars: true,
            problems: Vec::new(),
        }
    }

    /// A lexer over bytes that lie in no file. Positions of its tokens are `start` plus the offset.
    pub fn over(bytes: &[u8], start: Pos) -> Lexer {
        let mut text = Vec::with_capacity(bytes.len() + TEXT_PADDING);
        text.extend_from_slice(bytes);
        text.resize(bytes.len() + TEXT_PADDING, 0);
        Lexer::new(Arc::new(text), start, FileId::NONE, false, true)
    }

    /// Position of the next byte.
    pub fn pos(&self) -> Pos {
        Pos(self.start + self.at as u32)
    }

    /// The next token. At the end of the text [`Tok::Eof`], again and again.
    #[inline]
    pub fn next(&mut self, names: &mut Names, side: &mut Side) -> Token {
        let mut token = [plain(Tok::Eof, 0, 0, 0)];
        self.fill(names, side, &mut token);
        token[0]
    }

    /// Reads tokens into `out` until it is full or one comes that ends what may be read ahead: the end of a directive, and
    /// whatever is neither plain nor a name.
    ///
    /// This is the loop in which most of a compilation's bytes are read: names, numbers of digits, punctuators, blanks
    /// and comments, by tables. What else there is, and whatever a backslash touches, is [`Lexer::scan`]'s.
    #[inline(never)]
    pub fn fill(&mut self, names: &mut Names, side: &mut Side, out: &mut [Token]) -> Filled {
        let n_slots = out.len();
        let mut n_plain = n_slots;
        let mut free = out;
        while !free.is_empty() {
            let text: &[u8] = &self.text;
            let base = self.base_flags.0;
            let mut at = self.at;
            let mut flags = if at == 0 { base | LINE_START } else { base };
            // Tokens one after the other, until one is not for the tables.
            loop {
                let mut byte = text[at];
                if byte == b' ' {
                    flags |= SPACE;
                    at += 1;
                    byte = text[at];
                    if byte == b' ' {
                        at = lex_scan::blanks_end(text, at);
                        byte = text[at];
                    }
                }
                let pos = Pos(self.start.wrapping_add(at as u32));
                let token = match CLASSES[byte as usize] {
                    Class::Name => {
                        let bytes = lex_scan::step(text, at);
                        let len = lex_scan::word_len(bytes);
                        let (name, tag);
                        if len < bytes.len() {
                            if ENDS_NO_NAME[bytes[len] as usize] {
                                break;
                            }
                            (name, tag) = names.intern_short(bytes, len);
                            at += len;
                        } else {
                            let end = at + len + lex_scan::long_word_len(text, at + len);
                            if ENDS_NO_NAME[text[end] as usize] {
                                break;
                            }
                            (name, tag) = names.intern_long(&text[at..end]);
                            at = end;
                        }
                        let kind = keyword_of(tag);
                        let aux = u16::from(tag > 0xff);
                        if aux != 0 {
                            n_plain = n_plain.min(n_slots - free.len());
                        }
                        Token { kind, flags: TokenFlags(flags), aux, value: name.0, pos, expansion: 0 }
                    }
                    Class::Single => {
                        at += 1;
                        let kind = SINGLES[byte as usize];
                        Token { kind, flags: TokenFlags(flags), aux: 0, value: 0, pos, expansion: 0 }
                    }
                    Class::Operator => {
                        let follower = FOLLOWERS[text[at + 1] as usize];
                        let mut kind = SINGLES[byte as usize];
                        at += 1;
                        if follower != 0 {
                            kind = PAIRS[(kind as usize) % N_PAIRS][follower as usize % N_FOLLOWERS];
                            if kind == Tok::Eof {
                                at -= 1;
                                break;
                            }
                            at += usize::from(kind != SINGLES[byte as usize]);
                        }
                        Token { kind, flags: TokenFlags(flags), aux: 0, value: 0, pos, expansion: 0 }
                    }
                    Class::Digit => {
                        let (len, value) = decimal(text, at);
                        if len == 0 {
                            break;
                        }
                        at += len;
                        let flags = flags | TokenFlags::DECIMAL.0;
                        Token { kind: Tok::Number, flags: TokenFlags(flags), aux: 0, value, pos, expansion: 0 }
                    }
                    Class::Blank => {
                        flags |= SPACE;
                        at += 1;
                        continue;
                    }
                    Class::Newline if !self.in_directive => {
                        flags = (flags & !SPACE) | LINE_START;
                        at += 1;
                        continue;
                    }
                    Class::Newline => {
                        self.at = at;
                        free[0] = plain(Tok::Newline, flags, self.start, at);
                        let n_tokens = n_slots - free.len() + 1;
                        return Filled { n_tokens, n_plain: n_plain.min(n_tokens) };
                    }
                    Class::Slash if text[at + 1] == b'*' => {
                        flags |= SPACE;
                        at = block_comment(text, at, self.end, self.start, &mut self.problems);
                        continue;
                    }
                    Class::Slash | Class::Other => break,
                };
                free[0] = token;
                free = &mut free[1..];
                if free.is_empty() {
                    self.at = at;
                    return Filled { n_tokens: n_slots, n_plain };
                }
                flags = base;
            }
            self.at = at;
            let token = self.scan(flags, names, side);
            if token.aux != 0 {
                n_plain = n_plain.min(n_slots - free.len());
            }
            free[0] = token;
            free = &mut free[1..];
            if token.aux != 0 && !token.kind.is_name() || token.kind == Tok::Newline {
                break;
            }
        }
        let n_tokens = n_slots - free.len();
        Filled { n_tokens, n_plain: n_plain.min(n_tokens) }
    }

    /// One token of any kind; `flags` are those it has so far.
    #[inline(never)]
    fn scan(&mut self, mut flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let text: &[u8] = &self.text;
        let mut at = self.at;
        macro_rules! punctuator {
            ($kind:ident, $len:literal) => {{
                let token = Token {
                    kind: Tok::$kind,
                    flags: TokenFlags(flags),
                    aux: 0,
                    value: 0,
                    pos: Pos(self.start.wrapping_add(at as u32)),
                    expansion: 0,
                };
                if text[at + $len] == b'\\' {
                    break (at, flags, token, at + $len);
                }
                self.at = at + $len;
                return token;
            }};
        }
        let (start, flags, token, end) = loop {
            let mut byte = text[at];
            // Most tokens follow a blank: that must not cost a turn through the switch.
            if byte == b' ' {
                flags |= SPACE;
                while byte == b' ' {
                    at += 1;
                    byte = text[at];
                }
            }
            match byte {
                b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                    flags |= SPACE;
                    at += 1;
                }
                b'\n' => {
                    if self.in_directive {
                        self.at = at;
                        return plain(Tok::Newline, flags, self.start, at);
                    }
                    flags = (flags & !SPACE) | LINE_START;
                    at += 1;
                }
                b'$' if !self.dollars => return self.stray(at, flags, names, side),
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | b'$' | 0x80.. => {
                    let len = lex_scan::ident_len(text, at);
                    let end = at + len;
                    if matches!(text[end], b'\\' | b'"' | b'\'' | 0x80..) {
                        return self.odd_identifier(at, end, flags, names, side);
                    }
                    let (name, tag) = names.intern_at(text, at, len);
                    self.at = end;
                    return identifier(name.0, tag, flags, self.start.wrapping_add(at as u32));
                }
                b'0'..=b'9' => return self.number(at, flags, names, side),
                b'.' => match text[at + 1] {
                    b'0'..=b'9' => return self.number(at, flags, names, side),
                    b'.' if text[at + 2] == b'.' => punctuator!(Ellipsis, 3),
                    b'.' if text[at + 2] == b'\\' => break (at, flags, plain(Tok::Dot, flags, self.start, at), at + 2),
                    _ => punctuator!(Dot, 1),
                },
                b'"' | b'\'' => return self.literal(at, at, flags, names, side),
                b'/' => match text[at + 1] {
                    b'*' => {
                        flags |= SPACE;
                        at = block_comment(text, at, self.end, self.start, &mut self.problems);
                    }
                    b'/' if self.line_comments => {
                        flags |= SPACE;
                        at = line_comment(text, at);
                    }
                    b'=' => punctuator!(SlashEq, 2),
                    _ => punctuator!(Slash, 1),
                },
                b'(' => punctuator!(LParen, 1),
                b')' => punctuator!(RParen, 1),
                b',' => punctuator!(Comma, 1),
                b';' => punctuator!(Semi, 1),
                b'{' => punctuator!(LBrace, 1),
                b'}' => punctuator!(RBrace, 1),
                b'[' => punctuator!(LBracket, 1),
                b']' => punctuator!(RBracket, 1),
                b'?' => punctuator!(Question, 1),
                b'~' => punctuator!(Tilde, 1),
                b'=' => match text[at + 1] {
                    b'=' => punctuator!(EqEq, 2),
                    _ => punctuator!(Eq, 1),
                },
                b'-' => match text[at + 1] {
                    b'>' => punctuator!(Arrow, 2),
                    b'-' => punctuator!(MinusMinus, 2),
                    b'=' => punctuator!(MinusEq, 2),
                    _ => punctuator!(Minus, 1),
                },
                b'*' => match text[at + 1] {
                    b'=' => punctuator!(StarEq, 2),
                    _ => punctuator!(Star, 1),
                },
                b'&' => match text[at + 1] {
                    b'&' => punctuator!(AmpAmp, 2),
                    b'=' => punctuator!(AmpEq, 2),
                    _ => punctuator!(Amp, 1),
                },
                b'+' => match text[at + 1] {
                    b'+' => punctuator!(PlusPlus, 2),
                    b'=' => punctuator!(PlusEq, 2),
                    _ => punctuator!(Plus, 1),
                },
                b'!' => match text[at + 1] {
                    b'=' => punctuator!(Ne, 2),
                    _ => punctuator!(Bang, 1),
                },
                b'<' => match (text[at + 1], text[at + 2]) {
                    (b'<', b'=') => punctuator!(ShlEq, 3),
                    (b'<', _) => punctuator!(Shl, 2),
                    (b'=', _) => punctuator!(Le, 2),
                    (b':' | b'%', _) => return self.digraph(at, flags, names, side),
                    _ => punctuator!(Lt, 1),
                },
                b'>' => match (text[at + 1], text[at + 2]) {
                    (b'>', b'=') => punctuator!(ShrEq, 3),
                    (b'>', _) => punctuator!(Shr, 2),
                    (b'=', _) => punctuator!(Ge, 2),
                    _ => punctuator!(Gt, 1),
                },
                b'|' => match text[at + 1] {
                    b'|' => punctuator!(PipePipe, 2),
                    b'=' => punctuator!(PipeEq, 2),
                    _ => punctuator!(Pipe, 1),
                },
                b'^' => match text[at + 1] {
                    b'=' => punctuator!(CaretEq, 2),
                    _ => punctuator!(Caret, 1),
                },
                b':' => match text[at + 1] {
                    b'>' => return self.digraph(at, flags, names, side),
                    _ => punctuator!(Colon, 1),
                },
                b'%' => match text[at + 1] {
                    b'=' => punctuator!(PercentEq, 2),
                    b':' | b'>' => return self.digraph(at, flags, names, side),
                    _ => punctuator!(Percent, 1),
                },
                b'#' => match text[at + 1] {
                    b'#' => punctuator!(HashHash, 2),
                    b'\\' if splice_len(text, at + 1) > 0 => {
                        break (at, flags, plain(Tok::Hash, flags, self.start, at), at + 1);
                    }
                    _ => {
                        self.at = at + 1;
                        let special = u16::from(flags & LINE_START != 0 && !self.in_directive);
                        return Token { aux: special, ..plain(Tok::Hash, flags, self.start, at) };
                    }
                },
                b'\\' => {
                    let len = splice_len(text, at);
                    if len == 0 {
                        return self.stray(at, flags, names, side);
                    }
                    if let Some(problem) = splice_problem(text, at, len, self.end) {
                        self.problems.push((self.start + at as u32, problem));
                    }
                    at += len;
                }
                0 if at >= self.end => {
                    self.at = self.end;
                    let kind = if self.in_directive { Tok::Newline } else { Tok::Eof };
                    return Token { aux: 1, ..plain(kind, flags, self.start, self.end) };
                }
                0 => {
                    self.problems.push((self.start + at as u32, Problem::NullCharacter));
                    flags |= SPACE;
                    at += 1;
                }
                1..=8 | 0x0e..=0x1f | b'@' | b'`' | 0x7f => return self.stray(at, flags, names, side),
            }
        };
        // A punctuator with a backslash behind it: the token goes on in the next line, or it does not.
        if splice_len(&self.text, end) == 0 {
            self.at = end;
            return token;
        }
        self.spliced(start, flags, names, side)
    }

    /// An identifier that a quote, a backslash or a byte from 128 follows, or that starts with one: a literal with a
    /// prefix, a universal character name, a splice, or an ordinary one after all.
    #[cold]
    fn odd_identifier(&mut self, at: usize, end: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let text: &[u8] = &self.text;
        let end = wide_ident_end(text, at, end);
        match text[end] {
            b'"' | b'\'' => {
                let prefix = &text[at..end];
                if matches!(prefix, b"L" | b"u" | b"U") || (prefix == b"u8" && text[end] == b'"') {
                    return self.literal(at, end, flags, names, side);
                }
            }
            b'\\' if splice_len(text, end) > 0 => return self.spliced(at, flags, names, side),
            b'\\' if ucn(text, end).is_some() => return self.ucn_identifier(at, flags, names),
            _ => {}
        }
        if end == at {
            // No character of an identifier (gcc: stray ‘\377’ in program).
            let token = self.stray(at, flags, names, side);
            let len = utf8_char(&self.text, at).map_or(1, char::len_utf8);
            self.at = at + len;
            return Token { value: len as u32, ..token };
        }
        let (name, tag) = names.intern_at(text, at, end - at);
        self.at = end;
        identifier(name.0, tag, flags, self.start.wrapping_add(at as u32))
    }

    /// An identifier with universal character names in it; they are interned as UTF-8.
    #[cold]
    fn ucn_identifier(&mut self, start: usize, flags: u8, names: &mut Names) -> Token {
        let text: &[u8] = &self.text;
        let mut spelling = Vec::new();
        let mut at = start;
        loop {
            let len = wide_ident_end(text, at, at) - at;
            spelling.extend_from_slice(&text[at..at + len]);
            at += len;
            match ucn(text, at) {
                Some((c, len)) => {
                    spelling.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
                    at += len;
                }
                None => break,
            }
        }
        self.at = at;
        let name = names.intern(&spelling);
        identifier(name.0, names.tag(name), flags, self.start + start as u32)
    }

    /// A preprocessing number (C11 6.4.8).
    #[inline]
    fn number(&mut self, start: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let text: &[u8] = &self.text;
        let mut at = start;
        loop {
            match text[at] {
                b'0'..=b'9' | b'.' => at += 1,
                b'e' | b'E' | b'p' | b'P' if matches!(text[at + 1], b'+' | b'-') => at += 2,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => at += 1,
                b'\\' if splice_len(text, at) > 0 => return self.spliced(start, flags, names, side),
                b'+' | b'-' | 0..=0x7f => break,
                _ => at += 1,
            }
        }
        self.at = at;
        Token { value: (at - start) as u32, ..plain(Tok::Number, flags, self.start, start) }
    }

    /// A string literal or character constant; its prefix starts at `start`, its quote stands at `quote_at`.
    fn literal(&mut self, start: usize, quote_at: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let text: &[u8] = &self.text;
        let quote = text[quote_at];
        let mut at = quote_at + 1;
        loop {
            at = lex_scan::skip_stop(text, at);
            match text[at] {
                b'\\' => {
                    if splice_len(text, at) > 0 {
                        return self.spliced(start, flags, names, side);
                    }
                    // `\` and a splice before the character it escapes is the slow path's as well.
                    if text[at + 1] == b'\\' && splice_len(text, at + 1) > 0 {
                        return self.spliced(start, flags, names, side);
                    }
                    at += if at + 1 < self.end { 2 } else { 1 };
                }
                b'\n' => break,
                0 if at >= self.end => break,
                byte if byte == quote => {
                    at += 1;
                    if quote == b'\'' && at == quote_at + 2 {
                        self.problems.push((self.start + start as u32, Problem::EmptyChar));
                    }
                    self.at = at;
                    let kind = if quote == b'"' { Tok::Str } else { Tok::Char };
                    return Token { value: (at - start) as u32, ..plain(kind, flags, self.start, start) };
                }
                _ => at += 1,
            }
        }
        self.problems.push((self.start + start as u32, Problem::Unterminated(quote)));
        self.at = at;
        Token { value: (at - start) as u32, aux: 1, ..plain(Tok::Other, flags, self.start, start) }
    }

    /// `<: :> <% %> %: %:%:` (C11 6.4.6p3). Their flag keeps the spelling.
    #[cold]
    fn digraph(&mut self, at: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let text: &[u8] = &self.text;
        let (kind, len) = match (text[at], text[at + 1]) {
            (b'<', b':') => (Tok::LBracket, 2),
            (b'<', _) => (Tok::LBrace, 2),
            (b':', _) => (Tok::RBracket, 2),
            (b'%', b'>') => (Tok::RBrace, 2),
            _ if text[at + 2] == b'%' && text[at + 3] == b':' => (Tok::HashHash, 4),
            _ => (Tok::Hash, 2),
        };
        if text[at + len] == b'\\' && splice_len(text, at + len) > 0 && kind == Tok::Hash {
            return self.spliced(at, flags, names, side);
        }
        self.at = at + len;
        let special = kind == Tok::Hash && flags & LINE_START != 0 && !self.in_directive;
        Token { aux: u16::from(special), ..plain(kind, flags | TokenFlags::UNCLEAN.0, self.start, at) }
    }

    /// A byte that starts no token.
    #[cold]
    fn stray(&mut self, at: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        if self.text[at] == b'\\' {
            if ucn(&self.text, at).is_some() {
                return self.ucn_identifier(at, flags, names);
            }
            if let Some(token) = self.spliced_ucn(at, flags, names, side) {
                return token;
            }
        }
        self.at = at + 1;
        Token { value: 1, aux: 1, ..plain(Tok::Other, flags, self.start, at) }
    }

    /// A universal character name that a splice cuts in two.
    fn spliced_ucn(&mut self, at: usize, flags: u8, names: &mut Names, side: &mut Side) -> Option<Token> {
        let text: &[u8] = &self.text;
        let cut = (at + 1..at + 10).find(|&i| text[i] == b'\\')?;
        if splice_len(text, cut) == 0 {
            return None;
        }
        let (clean, _) = clean_copy(text, at, self.end, 32);
        ucn(&clean, 0)?;
        Some(self.spliced(at, flags, names, side))
    }

    /// The slow path: a token with splices in it, lexed from a copy without them. The copy grows until the token ends
    /// well before the copy does, so that the work is proportional to the token.
    #[cold]
    fn spliced(&mut self, start: usize, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let mut limit = 64;
        loop {
            let (clean, complete) = clean_copy(&self.text, start, self.end, limit);
            if clean.starts_with(b"/*") || (self.line_comments && clean.starts_with(b"//")) {
                return self.spliced_comment(start, clean[1], flags, names, side);
            }
            let len = clean.len();
            let mut inner = Lexer::over(&clean, Pos(0));
            inner.line_comments = self.line_comments;
            // The end of the copy stands for a newline; it must not look like the end of the file.
            inner.in_directive = true;
            let mut token = inner.next(names, side);
            if !complete && inner.at + 16 > len {
                limit *= 4;
                continue;
            }
            token.flags = TokenFlags(flags | (token.flags.0 & TokenFlags::UNCLEAN.0));
            token.pos = Pos(self.start + start as u32);
            if matches!(token.kind, Tok::Number | Tok::Str | Tok::Char | Tok::Other)
                && !token.flags.has(TokenFlags::UNCLEAN)
            {
                token = token.spelled_aside(side.add(&clean[..inner.at]));
            }
            if token.kind == Tok::Hash {
                token.aux = u16::from(flags & LINE_START != 0 && !self.in_directive);
            }
            for (_, problem) in inner.problems {
                self.problems.push((self.start + start as u32, problem));
            }
            self.at = source_offset(&self.text, start, inner.at);
            return token;
        }
    }

    /// A comment whose two opening characters stand on two lines.
    fn spliced_comment(&mut self, start: usize, kind: u8, flags: u8, names: &mut Names, side: &mut Side) -> Token {
        let open = source_offset(&self.text, start, 2);
        self.at = if kind == b'*' {
            // As if the star stood right behind a slash.
            block_comment(&self.text, open - 2, self.end, self.start, &mut self.problems)
        } else {
            line_comment(&self.text, open - 2)
        };
        let mut token = self.next(names, side);
        token.flags = TokenFlags(token.flags.0 | SPACE | (flags & LINE_START));
        if token.kind == Tok::Hash && token.flags.has(TokenFlags::LINE_START) && !self.in_directive {
            token.aux = 1;
        }
        token
    }
}

/// Length and value of the number at `at` when it is a [`TokenFlags::DECIMAL`] one; the length 0 otherwise.
#[inline(never)]
fn decimal(text: &[u8], at: usize) -> (usize, u32) {
    let (mut len, mut value) = (0, 0u32);
    for byte in &text[at..] {
        if !byte.is_ascii_digit() {
            let is = !GOES_ON_A_NUMBER[*byte as usize] && (len == 1 || len < 10 && text[at] != b'0');
            return (if is { len } else { 0 }, value);
        }
        value = value.wrapping_mul(10).wrapping_add(u32::from(byte - b'0'));
        len += 1;
    }
    (0, 0)
}

/// What is wrong with a splice that is none the less one.
#[cold]
fn splice_problem(text: &[u8], at: usize, len: usize, end: usize) -> Option<Problem> {
    if len > 3 || (len == 3 && text[at + 1] != b'\r') {
        Some(Problem::BlankInSplice)
    } else if at + len >= end {
        Some(Problem::SpliceAtEof)
    } else {
        None
    }
}

/// End of the identifier that starts at `start`, of which the part up to `at` is known to belong to it: characters from
/// 128 may stand in it when they are well-formed UTF-8 of C11's Annex D.
#[cold]
fn wide_ident_end(text: &[u8], start: usize, mut at: usize) -> usize {
    loop {
        at += lex_scan::ident_len(text, at);
        match utf8_char(text, at) {
            Some(c) if is_identifier_char(c, at == start) => at += c.len_utf8(),
            _ => return at,
        }
    }
}

/// The character from 128 on that is spelled in UTF-8 at `at`.
fn utf8_char(text: &[u8], at: usize) -> Option<char> {
    let len = match *text.get(at)? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    std::str::from_utf8(text.get(at..at + len)?).ok()?.chars().next()
}

fn is_identifier_char(c: char, first: bool) -> bool {
    let is_in = |ranges: &[(u32, u32)]| {
        let after = ranges.partition_point(|range| range.0 <= c as u32);
        after > 0 && c as u32 <= ranges[after - 1].1
    };
    is_in(IDENTIFIER_CHARS) && !(first && is_in(NEVER_FIRST))
}

/// C11, D.1: characters that an identifier may have.
static IDENTIFIER_CHARS: &[(u32, u32)] = &[
    (0xa8, 0xa8),
    (0xaa, 0xaa),
    (0xad, 0xad),
    (0xaf, 0xaf),
    (0xb2, 0xb5),
    (0xb7, 0xba),
    (0xbc, 0xbe),
    (0xc0, 0xd6),
    (0xd8, 0xf6),
    (0xf8, 0xff),
    (0x100, 0x167f),
    (0x1681, 0x180d),
    (0x180f, 0x1fff),
    (0x200b, 0x200d),
    (0x202a, 0x202e),
    (0x203f, 0x2040),
    (0x2054, 0x2054),
    (0x2060, 0x218f),
    (0x2460, 0x24ff),
    (0x2776, 0x2793),
    (0x2c00, 0x2dff),
    (0x2e80, 0x2fff),
    (0x3004, 0x3007),
    (0x3021, 0x302f),
    (0x3031, 0xd7ff),
    (0xf900, 0xfd3d),
    (0xfd40, 0xfdcf),
    (0xfdf0, 0xfe44),
    (0xfe47, 0xfffd),
    (0x10000, 0x1fffd),
    (0x20000, 0x2fffd),
    (0x30000, 0x3fffd),
    (0x40000, 0x4fffd),
    (0x50000, 0x5fffd),
    (0x60000, 0x6fffd),
    (0x70000, 0x7fffd),
    (0x80000, 0x8fffd),
    (0x90000, 0x9fffd),
    (0xa0000, 0xafffd),
    (0xb0000, 0xbfffd),
    (0xc0000, 0xcfffd),
    (0xd0000, 0xdfffd),
    (0xe0000, 0xefffd),
];

/// C11, D.2: those that it may not begin with.
static NEVER_FIRST: &[(u32, u32)] = &[(0x300, 0x36f), (0x1dc0, 0x1dff), (0x20d0, 0x20ff), (0xfe20, 0xfe2f)];

#[inline(always)]
fn plain(kind: Tok, flags: u8, start: u32, at: usize) -> Token {
    Token { kind, flags: TokenFlags(flags), aux: 0, value: 0, pos: Pos(start.wrapping_add(at as u32)), expansion: 0 }
}

/// The token of a name: its tag's low byte is the keyword kind, the rest the macro, if any (see `pp`).
#[inline(always)]
fn identifier(value: u32, tag: u32, flags: u8, pos: u32) -> Token {
    let kind = if tag == 0 { Tok::Identifier } else { keyword_of(tag) };
    Token { kind, flags: TokenFlags(flags), aux: u16::from(tag > 0xff), value, pos: Pos(pos), expansion: 0 }
}

/// The kind that a name's tag gives its tokens.
#[inline(always)]
pub(crate) fn keyword_of(tag: u32) -> Tok {
    Tok::KINDS[(tag & 0xff) as usize]
}

/// Length of the line splice at `at`, where a backslash stands; 0 when it is none. Blanks before the newline are
/// allowed, as gcc does.
pub(crate) fn splice_len(text: &[u8], at: usize) -> usize {
    if text.get(at) != Some(&b'\\') {
        return 0;
    }
    let mut end = at + 1;
    while matches!(text.get(end), Some(b' ' | b'\t' | b'\r' | 0x0b | 0x0c)) {
        end += 1;
    }
    if text.get(end) == Some(&b'\n') { end + 1 - at } else { 0 }
}

/// Offset behind the block comment that starts at `start`, and in `problems` that it does not end.
#[inline]
fn block_comment(text: &[u8], start: usize, end: usize, base: u32, problems: &mut Vec<(u32, Problem)>) -> usize {
    comment_end(text, start).unwrap_or_else(|| {
        problems.push((base + start as u32, Problem::UnterminatedComment));
        end
    })
}

/// Offset behind the block comment that starts at `start`. Slashes are looked for, as stars decorate comments.
#[inline(never)]
pub(crate) fn comment_end(text: &[u8], start: usize) -> Option<usize> {
    let from = start + 2;
    let mut at = from;
    loop {
        at = lex_scan::slash(text, at)?;
        if text[at - 1] == b'*' && at > from || text[at - 1] == b'\n' && star_above(text, from, at) {
            return Some(at + 1);
        }
        at += 1;
    }
}

/// Does a star stand before `at` when the line splices between them are taken out? Nothing before `from` counts.
#[cold]
fn star_above(text: &[u8], from: usize, mut at: usize) -> bool {
    while at > from && text[at - 1] == b'\n' {
        at -= 1;
        while at > from && is_blank(text[at - 1]) {
            at -= 1;
        }
        if at <= from || text[at - 1] != b'\\' {
            return false;
        }
        at -= 1;
    }
    at > from && text[at - 1] == b'*'
}

/// White space within a line.
pub(crate) fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | 0x0b | 0x0c)
}

/// Offset of the newline that ends the line comment that starts at `at`.
pub(crate) fn line_comment(text: &[u8], at: usize) -> usize {
    let mut at = at + 2;
    loop {
        at = lex_scan::line_end(text, at);
        if text[at] == 0 {
            if at + TEXT_PADDING >= text.len() {
                return at;
            }
            at += 1;
            continue;
        }
        let mut last = at;
        while last > 0 && matches!(text[last - 1], b' ' | b'\t' | b'\r' | 0x0b | 0x0c) {
            last -= 1;
        }
        if last == 0 || text[last - 1] != b'\\' {
            return at;
        }
        at += 1;
    }
}

/// The logical line from `start` on without its splices, at most about `limit` bytes, and whether that is all of it.
fn clean_copy(text: &[u8], start: usize, end: usize, limit: usize) -> (Vec<u8>, bool) {
    let mut clean = Vec::with_capacity(limit);
    let mut at = start;
    while at < end && text[at] != b'\n' {
        let len = splice_len(text, at);
        if len > 0 {
            at += len;
            continue;
        }
        if clean.len() >= limit {
            return (clean, false);
        }
        clean.push(text[at]);
        at += 1;
    }
    (clean, true)
}

/// The offset in `text` behind `n_clean` bytes from `start` on, splices not counted.
fn source_offset(text: &[u8], start: usize, n_clean: usize) -> usize {
    let mut at = start;
    for _ in 0..n_clean {
        loop {
            match splice_len(text, at) {
                0 => break,
                len => at += len,
            }
        }
        at += 1;
    }
    at
}

/// The universal character name at `at` and its length (C11 6.4.3), when it may stand in an identifier.
pub(crate) fn ucn(text: &[u8], at: usize) -> Option<(char, usize)> {
    let n_digits = match text.get(at..at + 2)? {
        b"\\u" => 4,
        b"\\U" => 8,
        _ => return None,
    };
    let digits = text.get(at + 2..at + 2 + n_digits)?;
    let mut code = 0u32;
    for &digit in digits {
        code = code.checked_mul(16)? + char::from(digit).to_digit(16)?;
    }
    let c = char::from_u32(code)?;
    (code >= 0xa0).then_some((c, 2 + n_digits))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lex(source: &str) -> Vec<(Tok, String)> {
        let (mut names, mut side) = (Names::new(), Side::default());
        let mut lexer = Lexer::over(source.as_bytes(), Pos(1));
        let mut out = Vec::new();
        loop {
            let token = lexer.next(&mut names, &mut side);
            let text = match token.kind {
                Tok::Eof => return out,
                Tok::Identifier => names.display(base::Name(token.value)).into_owned(),
                Tok::Number | Tok::Str | Tok::Char | Tok::Other if token.flags.has(TokenFlags::UNCLEAN) => {
                    String::from_utf8_lossy(side.get(token.value)).into_owned()
                }
                Tok::Number | Tok::Str | Tok::Char | Tok::Other => {
                    let at = token.pos.0 as usize - 1;
                    source[at..at + token.spelled_len() as usize].to_string()
                }
                kind => kind.text().to_string(),
            };
            out.push((token.kind, text));
        }
    }

    fn texts(source: &str) -> String {
        lex(source).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn tokens_are_as_long_as_they_can_be() {
        assert_eq!(texts("a+++++b"), "a ++ ++ + b");
        assert_eq!(texts("x<<=y>>=z...w..q"), "x <<= y >>= z ... w . . q");
        assert_eq!(texts("0x1p-3+1.5e+7-.5f 0xe+1"), "0x1p-3 + 1.5e+7 - .5f 0xe+1");
        assert_eq!(texts("<: %:%: %> <% :>"), "[ ## } { ]");
    }

    #[test]
    fn splices_vanish_wherever_they_stand() {
        assert_eq!(
            texts("ab\\\ncd +\\\n+ 1\\\n2 \"x\\\ny\" /\\\n* c *\\\n/ z /\\\n/ gone\nw"),
            "abcd ++ 12 \"xy\" z w"
        );
        assert_eq!(texts(".\\\n.\\\n. <\\\n<\\\n="), "... <<=");
        assert_eq!(texts("\\\n\\\na\\\n\\\n"), "a");
        assert_eq!(texts("L\\\n\"x\" u8\"y\" 'z' u8'w'"), "L\"x\" u8\"y\" 'z' u8 'w'");
    }

    #[test]
    fn long_spliced_tokens_are_whole() {
        let long = "x".repeat(1000);
        assert_eq!(texts(&format!("{long}\\\n{long};")), format!("{long}{long} ;"));
    }

    #[test]
    fn comments_are_blanks_and_ends_are_found() {
        assert_eq!(texts("a/**/b/***/c//x\\\ny\nd/*\n*/e"), "a b c d e");
        assert_eq!(texts("a/*"), "a");
        assert_eq!(texts("'"), "'");
        assert_eq!(texts("\"abc\\"), "\"abc\\");
    }
}
