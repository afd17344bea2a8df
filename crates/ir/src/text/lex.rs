//! Words, numbers, strings and marks of the text form, with line and column.

use super::parse::ParseError;

/// A token; text is borrowed from the source.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(super) enum Token<'a> {
    /// Letters, digits, `_` and `.`, beginning with a letter or `_`.
    Word(&'a str),
    /// Begins with a digit or `-`.
    Number(&'a str),
    /// What stands between quotes, escapes and all.
    String(&'a [u8]),
    /// `@name`, without the `@`.
    Symbol(&'a str),
    /// One of `( ) { } [ ] , : =`.
    Mark(u8),
    /// `->`
    Arrow,
    End,
}

/// Takes one token after the other; `token` is the one to look at.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    pub(super) token: Token<'a>,
    /// Where `token` begins.
    start: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Result<Lexer<'a>, ParseError> {
        let mut lexer = Lexer { text, at: 0, token: Token::End, start: 0 };
        lexer.advance()?;
        Ok(lexer)
    }

    /// An error at the current token. Line and column are only counted now.
    #[cold]
    pub(super) fn error(&self, message: impl Into<String>) -> ParseError {
        let before = &self.text[..self.start];
        let line = before.iter().filter(|&&b| b == b'\n').count() + 1;
        let column = before.iter().rev().take_while(|&&b| b != b'\n').count() + 1;
        let mut message = message.into();
        if let Some((cut, _)) = message.char_indices().nth(200) {
            message.truncate(cut);
        }
        ParseError { line: line as u32, column: column as u32, message }
    }

    fn run(&mut self, accept: impl Fn(u8) -> bool) -> &'a str {
        let rest = &self.text[self.at..];
        let len = rest.iter().position(|&b| !accept(b)).unwrap_or(rest.len());
        self.at += len;
        // Only ASCII is accepted.
        std::str::from_utf8(&rest[..len]).unwrap_or("")
    }

    /// Goes on to the next token.
    pub(super) fn advance(&mut self) -> Result<(), ParseError> {
        loop {
            match self.text.get(self.at) {
                Some(b' ' | b'\n' | b'\t' | b'\r') => self.at += 1,
                Some(b';') => {
                    let rest = &self.text[self.at..];
                    self.at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                }
                _ => break,
            }
        }
        self.start = self.at;
        let Some(&byte) = self.text.get(self.at) else {
            self.token = Token::End;
            return Ok(());
        };
        self.token = match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                Token::Word(self.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.')))
            }
            b'-' if self.text.get(self.at + 1) == Some(&b'>') => {
                self.at += 2;
                Token::Arrow
            }
            b'0'..=b'9' | b'-' => {
                self.at += 1;
                let rest = self.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+'));
                let len = rest.len() + 1;
                Token::Number(std::str::from_utf8(&self.text[self.start..self.start + len]).unwrap_or(""))
            }
            b'@' => {
                self.at += 1;
                Token::Symbol(self.run(super::print::is_name_byte))
            }
            b'"' => {
                let rest = &self.text[self.at + 1..];
                let Some(len) = rest.iter().position(|&b| matches!(b, b'"' | b'\n')).filter(|&n| rest[n] == b'"')
                else {
                    return Err(self.error("this string does not end on its line"));
                };
                self.at += len + 2;
                Token::String(&rest[..len])
            }
            b'(' | b')' | b'{' | b'}' | b'[' | b']' | b',' | b':' | b'=' => {
                self.at += 1;
                Token::Mark(byte)
            }
            _ => return Err(self.error(format!("unexpected character `{}`", byte.escape_ascii()))),
        };
        Ok(())
    }

    /// The bytes of a string token.
    pub(super) fn unescape(&self, raw: &[u8]) -> Result<Vec<u8>, ParseError> {
        let mut bytes = Vec::with_capacity(raw.len());
        let mut rest = raw;
        while let Some((&byte, tail)) = rest.split_first() {
            rest = tail;
            if byte != b'\\' {
                bytes.push(byte);
                continue;
            }
            let digit = |idx: usize| tail.get(idx).and_then(|&b| char::from(b).to_digit(16));
            let (Some(high), Some(low)) = (digit(0), digit(1)) else {
                return Err(self.error("`\\` must be followed by two hexadecimal digits"));
            };
            bytes.push((high * 16 + low) as u8);
            rest = &tail[2..];
        }
        Ok(bytes)
    }
}
