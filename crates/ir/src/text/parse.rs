//! Parsing: items to events. The parser checks what can be checked line by line (ids are dense and exist, numbers fit),
//! so that a parsed unit can be replayed without a panic; what makes sense of it is the verifier's business.
//!
//! Items are in `parse_item`, functions in `parse_func`; here are the entry point and the small pieces both use. The
//! first error ends the parse. Nothing is allocated by a number in the text.

use super::lex::{Lexer, Token};
use crate::debug::DebugType;
use crate::module::{Module, Symbol};
use crate::record::{Change, Event, Unit, apply};
use crate::types::{LayoutId, SigId, Ty};
use base::ids::Id;
use std::collections::HashMap;
use std::fmt;

/// What is wrong with a text, and where (from 1, in bytes).
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ParseError {
    pub line: u32,
    pub column: u32,
    pub message: String,
}

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.line, self.column, self.message)
    }
}

impl std::error::Error for ParseError {}

/// Parses a unit. Any bytes may be given.
pub fn parse(text: &[u8]) -> Result<Unit, ParseError> {
    let mut parser = Parser {
        lexer: Lexer::new(text)?,
        module: Module::default(),
        latest: HashMap::new(),
        unit: Unit::default(),
        n_checked: 0,
    };
    while parser.lexer.token != Token::End {
        parser.item()?;
    }
    parser.check_changes()?;
    Ok(parser.unit)
}

pub(super) type Parsed<T> = Result<T, ParseError>;

pub(super) struct Parser<'a> {
    pub(super) lexer: Lexer<'a>,
    /// As it stands at this line.
    pub(super) module: Module,
    pub(super) latest: HashMap<Box<[u8]>, Symbol>,
    pub(super) unit: Unit,
    /// Events whose references to ids were checked (a change may refer to one that follows).
    pub(super) n_checked: usize,
}

impl<'a> Parser<'a> {
    #[cold]
    pub(super) fn error<T>(&self, message: impl Into<String>) -> Parsed<T> {
        Err(self.lexer.error(message))
    }

    #[cold]
    pub(super) fn expected<T>(&self, what: &str) -> Parsed<T> {
        let found = match self.lexer.token {
            Token::Word(text) | Token::Number(text) => format!("`{text}`"),
            Token::Symbol(text) => format!("`@{text}`"),
            Token::String(_) => "a string".into(),
            Token::Mark(mark) => format!("`{}`", char::from(mark)),
            Token::Arrow => "`->`".into(),
            Token::End => "the end".into(),
        };
        self.error(format!("expected {what}, found {found}"))
    }

    pub(super) fn push_change(&mut self, change: Change) {
        apply(&mut self.module, change.clone());
        self.unit.events.push(Event::Change(change));
    }

    // Marks and words.

    pub(super) fn at_mark(&self, mark: u8) -> bool {
        self.lexer.token == Token::Mark(mark)
    }

    pub(super) fn eat_mark(&mut self, mark: u8) -> Parsed<bool> {
        let found = self.at_mark(mark);
        if found {
            self.lexer.advance()?;
        }
        Ok(found)
    }

    pub(super) fn mark(&mut self, mark: u8) -> Parsed<()> {
        if self.eat_mark(mark)? { Ok(()) } else { self.expected(&format!("`{}`", char::from(mark))) }
    }

    /// Items between `open` and `close`, with commas.
    pub(super) fn comma_list(
        &mut self,
        open: u8,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Parsed<()>,
    ) -> Parsed<()> {
        self.mark(open)?;
        if self.eat_mark(close)? {
            return Ok(());
        }
        loop {
            item(self)?;
            if self.eat_mark(close)? {
                return Ok(());
            }
            self.mark(b',')?;
        }
    }

    pub(super) fn eat_word(&mut self, word: &str) -> Parsed<bool> {
        let found = self.lexer.token == Token::Word(word);
        if found {
            self.lexer.advance()?;
        }
        Ok(found)
    }

    pub(super) fn word(&mut self, word: &str) -> Parsed<()> {
        if self.eat_word(word)? { Ok(()) } else { self.expected(&format!("`{word}`")) }
    }

    pub(super) fn any_word(&mut self, what: &str) -> Parsed<&'a str> {
        let Token::Word(word) = self.lexer.token else { return self.expected(what) };
        self.lexer.advance()?;
        Ok(word)
    }

    /// A word of a table.
    pub(super) fn choice<K: Copy>(&mut self, what: &str, table: &[(K, &str)]) -> Parsed<K> {
        match self.eat_choice(table)? {
            Some(key) => Ok(key),
            None => self.expected(what),
        }
    }

    pub(super) fn eat_choice<K: Copy>(&mut self, table: &[(K, &str)]) -> Parsed<Option<K>> {
        let Token::Word(word) = self.lexer.token else { return Ok(None) };
        let found = table.iter().find(|row| row.1 == word).map(|row| row.0);
        if found.is_some() {
            self.lexer.advance()?;
        }
        Ok(found)
    }

    pub(super) fn flags(&mut self, table: &[(u16, &str)]) -> Parsed<u16> {
        let mut flags = 0;
        while let Some(flag) = self.eat_choice(table)? {
            flags |= flag;
        }
        Ok(flags)
    }

    // Numbers.

    pub(super) fn raw_number(&mut self) -> Parsed<&'a str> {
        let Token::Number(text) = self.lexer.token else { return self.expected("a number") };
        Ok(text)
    }

    /// A number, decimal or hexadecimal; the current token is still there for errors of the caller.
    pub(super) fn number(&mut self, low: i128, high: i128) -> Parsed<i128> {
        let text = self.raw_number()?;
        let value = match text.strip_prefix("0x") {
            Some(digits) => i128::from_str_radix(digits, 16).ok().filter(|_| !digits.starts_with(['+', '-'])),
            None => text.parse().ok(),
        };
        match value {
            Some(value) if (low..=high).contains(&value) => {
                self.lexer.advance()?;
                Ok(value)
            }
            Some(_) => self.error(format!("`{text}` does not fit: {low} to {high}")),
            None => self.error(format!("`{text}` is not a number that fits here")),
        }
    }

    pub(super) fn u8(&mut self) -> Parsed<u8> {
        Ok(self.number(0, u8::MAX.into())? as u8)
    }

    pub(super) fn u32(&mut self) -> Parsed<u32> {
        Ok(self.number(0, u32::MAX.into())? as u32)
    }

    pub(super) fn u64(&mut self) -> Parsed<u64> {
        Ok(self.number(0, u64::MAX.into())? as u64)
    }

    pub(super) fn i64(&mut self) -> Parsed<i64> {
        Ok(self.number(i64::MIN.into(), i64::MAX.into())? as i64)
    }

    /// A power of two that fits 32 bits.
    pub(super) fn align(&mut self) -> Parsed<u32> {
        let align = self.u32()?;
        if align.is_power_of_two() { Ok(align) } else { self.error(format!("{align} is not a power of two")) }
    }

    /// `word` and a number.
    pub(super) fn keyed_u32(&mut self, word: &str) -> Parsed<u32> {
        self.word(word)?;
        self.u32()
    }

    pub(super) fn keyed_u64(&mut self, word: &str) -> Parsed<u64> {
        self.word(word)?;
        self.u64()
    }

    pub(super) fn keyed_align(&mut self) -> Parsed<u32> {
        self.word("align")?;
        self.align()
    }

    pub(super) fn pos(&mut self) -> Parsed<base::Pos> {
        Ok(base::Pos(self.keyed_u32("pos")?))
    }

    // Strings.

    pub(super) fn string(&mut self) -> Parsed<Vec<u8>> {
        let Token::String(raw) = self.lexer.token else { return self.expected("a string") };
        let bytes = self.lexer.unescape(raw)?;
        self.lexer.advance()?;
        Ok(bytes)
    }

    /// Any number of strings, one after the other.
    pub(super) fn strings(&mut self) -> Parsed<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Token::String(raw) = self.lexer.token {
            bytes.extend(self.lexer.unescape(raw)?);
            self.lexer.advance()?;
        }
        Ok(bytes)
    }

    pub(super) fn text(&mut self) -> Parsed<String> {
        let Token::String(raw) = self.lexer.token else { return self.expected("a string") };
        match String::from_utf8(self.lexer.unescape(raw)?) {
            Ok(text) => {
                self.lexer.advance()?;
                Ok(text)
            }
            Err(_) => self.error("this string must be UTF-8"),
        }
    }

    // Ids.

    /// The number of the id that the current word is, if it has the prefix.
    pub(super) fn peek_id(&self, prefix: &str) -> Option<u32> {
        let Token::Word(word) = self.lexer.token else { return None };
        id_number(word, prefix)
    }

    /// An id, whether it exists or not.
    pub(super) fn id(&mut self, prefix: &str) -> Parsed<u32> {
        match self.peek_id(prefix) {
            Some(id) => {
                self.lexer.advance()?;
                Ok(id)
            }
            None => self.expected(&format!("`{prefix}` and a number")),
        }
    }

    /// An id of one of `n` things that exist.
    pub(super) fn known_id(&mut self, prefix: &str, n: usize) -> Parsed<u32> {
        match self.peek_id(prefix) {
            Some(id) if (id as usize) < n => self.id(prefix),
            Some(id) => self.error(format!("`{prefix}{id}` is not made yet: there are {n}")),
            None => self.id(prefix),
        }
    }

    /// The id that is made here: it must be the next one.
    pub(super) fn new_id(&mut self, prefix: &str, next: usize) -> Parsed<()> {
        match self.peek_id(prefix) {
            Some(id) if id as usize == next => self.id(prefix).map(drop),
            Some(_) => self.error(format!("the next one made here is `{prefix}{next}`")),
            None => self.id(prefix).map(drop),
        }
    }

    pub(super) fn symbol(&mut self) -> Parsed<Symbol> {
        if let Token::Symbol(name) = self.lexer.token {
            let Some(&symbol) = self.latest.get(name.as_bytes()) else {
                return self.error(format!("there is no symbol `{name}`"));
            };
            self.lexer.advance()?;
            return Ok(symbol);
        }
        self.known_id("g", self.module.symbols.len()).map(Symbol)
    }

    pub(super) fn sig(&mut self) -> Parsed<SigId> {
        self.known_id("sig", self.module.sigs().len()).map(SigId)
    }

    pub(super) fn layout_id(&mut self) -> Parsed<LayoutId> {
        self.known_id("layout", self.module.layouts().len()).map(LayoutId)
    }

    pub(super) fn ty(&mut self) -> Parsed<Ty> {
        let Token::Word(word) = self.lexer.token else { return self.expected("a type") };
        match ty_named(word) {
            Some(ty) => {
                self.lexer.advance()?;
                Ok(ty)
            }
            None => self.expected("a type"),
        }
    }

    /// A debug type, which may be made later; `void` is none.
    pub(super) fn type_ref(&mut self) -> Parsed<DebugType> {
        if self.eat_word("void")? {
            return Ok(DebugType::NONE);
        }
        self.id("dt").map(DebugType)
    }
}

pub(super) fn ty_named(word: &str) -> Option<Ty> {
    Ty::ALL.into_iter().find(|ty| ty.name() == word)
}

/// `prefix` and a decimal number without leading zeros, below the reserved one.
pub(super) fn id_number(word: &str, prefix: &str) -> Option<u32> {
    let digits = word.strip_prefix(prefix)?;
    let plain = digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    digits.parse().ok().filter(|&id: &u32| plain && id != u32::MAX)
}
