//! The text of one statement, taken token by token; and the cutting of a text into statements.

/// A place in the text of one statement.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
}

/// True for bytes that may begin a symbol.
pub fn begins_name(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'$') || byte >= 0x80
}

/// True for bytes within a symbol.
pub fn is_name(byte: u8) -> bool {
    begins_name(byte) || byte.is_ascii_digit()
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t [u8]) -> Cursor<'t> {
        let mut cursor = Cursor { text, at: 0 };
        cursor.blanks();
        cursor
    }

    fn blanks(&mut self) {
        while self.text.get(self.at).is_some_and(|b| b.is_ascii_whitespace()) {
            self.at += 1;
        }
    }

    /// The next byte; 0 at the end.
    pub fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or(0)
    }

    /// The byte behind the next one, blanks or not; 0 at the end.
    pub fn peek_second(&self) -> u8 {
        self.text.get(self.at + 1).copied().unwrap_or(0)
    }

    pub fn is_end(&self) -> bool {
        self.at >= self.text.len()
    }

    /// What is left.
    pub fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or(&[])
    }

    /// What is left, for messages.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(self.rest()).trim().to_string()
    }

    /// Takes one byte and the blanks behind it.
    pub fn bump(&mut self) {
        self.at += 1;
        self.blanks();
    }

    /// Takes `n` bytes and the blanks behind them.
    pub fn skip(&mut self, n: usize) {
        self.at += n;
        self.blanks();
    }

    pub fn eat(&mut self, byte: u8) -> bool {
        let found = !self.is_end() && self.peek() == byte;
        if found {
            self.bump();
        }
        found
    }

    pub fn expect(&mut self, byte: u8) -> Result<(), String> {
        if self.eat(byte) {
            Ok(())
        } else {
            Err(format!("expected ‘{}’ before ‘{}’", char::from(byte), self.shown()))
        }
    }

    /// A symbol or word, without quotes.
    pub fn word(&mut self) -> Option<&'t [u8]> {
        if self.peek() == b'"' {
            let len = self.rest()[1..].iter().position(|&b| b == b'"')?;
            let word = &self.rest()[1..=len];
            self.skip(len + 2);
            return Some(word);
        }
        if !begins_name(self.peek()) {
            return None;
        }
        let len = self.rest().iter().position(|&b| !is_name(b)).unwrap_or(self.rest().len());
        let word = &self.rest()[..len];
        self.skip(len);
        Some(word)
    }

    /// Letters and digits as they stand, without the blanks behind them.
    pub fn run(&mut self, accept: impl Fn(u8) -> bool) -> &'t [u8] {
        let len = self.rest().iter().position(|&b| !accept(b)).unwrap_or(self.rest().len());
        let run = &self.rest()[..len];
        self.skip(len);
        run
    }

    /// The bytes of a string literal (gas manual, 3.6.1.1).
    pub fn string(&mut self) -> Result<Vec<u8>, String> {
        if self.peek() != b'"' {
            return Err(format!("expected a string before ‘{}’", self.shown()));
        }
        self.at += 1;
        let mut bytes = Vec::new();
        loop {
            if self.is_end() {
                return Err("a string does not end".into());
            }
            let byte = self.peek();
            self.at += 1;
            match byte {
                b'"' => break,
                b'\\' => bytes.push(self.escape()),
                _ => bytes.push(byte),
            }
        }
        self.blanks();
        Ok(bytes)
    }

    fn escape(&mut self) -> u8 {
        let byte = self.peek();
        self.at += 1;
        match byte {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'b' => 8,
            b'f' => 12,
            b'v' => 11,
            b'x' | b'X' => {
                let mut value = 0u32;
                while let Some(digit) = char::from(self.peek()).to_digit(16) {
                    value = value << 4 | digit;
                    self.at += 1;
                }
                value as u8
            }
            b'0'..=b'7' => {
                let mut value = u32::from(byte - b'0');
                for _ in 0..2 {
                    if let Some(digit) = char::from(self.peek()).to_digit(8) {
                        value = value << 3 | digit;
                        self.at += 1;
                    }
                }
                value as u8
            }
            other => other,
        }
    }

    /// An unsigned number without a sign: decimal, `0x`, `0b`, octal. `None` when none begins here or it does not fit.
    pub fn number(&mut self) -> Option<u64> {
        let rest = self.rest();
        if !rest.first()?.is_ascii_digit() {
            return None;
        }
        let len = rest.iter().position(|b| !b.is_ascii_alphanumeric()).unwrap_or(rest.len());
        let text = std::str::from_utf8(&rest[..len]).ok()?;
        let lower = text.to_ascii_lowercase();
        let value = if let Some(digits) = lower.strip_prefix("0x") {
            u64::from_str_radix(digits.trim_end_matches(['u', 'l']), 16).ok()?
        } else if let Some(digits) = lower.strip_prefix("0b").filter(|digits| !digits.is_empty()) {
            u64::from_str_radix(digits, 2).ok()?
        } else {
            let digits = lower.trim_end_matches(['u', 'l']);
            let octal = digits.len() > 1 && digits.starts_with('0');
            u64::from_str_radix(digits, if octal { 8 } else { 10 }).ok()?
        };
        self.skip(len);
        Some(value)
    }
}

/// Calls `visit` with each statement and the number of the line it begins on, counted from 0. Comments are blanks.
pub fn statements(text: &[u8], comment: u8, mut visit: impl FnMut(u32, &[u8])) {
    let mut line = 0;
    let mut first = 0;
    let mut statement = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        at += 1;
        match byte {
            b'"' => {
                statement.push(byte);
                while at < text.len() {
                    let byte = text[at];
                    at += 1;
                    statement.push(byte);
                    if byte == b'"' {
                        break;
                    }
                    if byte == b'\\' && at < text.len() {
                        statement.push(text[at]);
                        at += 1;
                    }
                    line += u32::from(byte == b'\n');
                }
            }
            b'\'' if at < text.len() => {
                // A character constant may be a separator.
                statement.extend([byte, text[at]]);
                at += 1;
            }
            b'/' if text.get(at) == Some(&b'*') => {
                let rest = &text[at + 1..];
                let len = rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |len| len + 2);
                line += rest[..len].iter().filter(|&&b| b == b'\n').count() as u32;
                at += 1 + len;
                statement.push(b' ');
            }
            b'/' if text.get(at) == Some(&b'/') && statement.trim_ascii().is_empty() => {
                at = text[at..].iter().position(|&b| b == b'\n').map_or(text.len(), |len| at + len);
            }
            _ if byte == comment => {
                at = text[at..].iter().position(|&b| b == b'\n').map_or(text.len(), |len| at + len);
            }
            b'\n' | b';' => {
                if !statement.trim_ascii().is_empty() {
                    visit(first, &statement);
                }
                statement.clear();
                line += u32::from(byte == b'\n');
                first = line;
            }
            _ => statement.push(byte),
        }
    }
    if !statement.trim_ascii().is_empty() {
        visit(first, &statement);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_at_lines_and_semicolons_but_not_in_strings() {
        let mut found = Vec::new();
        let text = b"a; b # c ; d\n/* e;\n */ f\n.ascii \"x;\\\"y\" ; mov $';', %al\n// g\n h";
        statements(text, b'#', |line, text| found.push((line, String::from_utf8_lossy(text).trim().to_string())));
        let wanted = [(0, "a"), (0, "b"), (1, "f"), (3, ".ascii \"x;\\\"y\""), (3, "mov $';', %al"), (5, "h")];
        assert_eq!(found, wanted.map(|(line, text)| (line, text.to_string())));
    }

    #[test]
    fn numbers_and_strings_are_read_as_gas_reads_them() {
        let number = |text: &str| Cursor::new(text.as_bytes()).number();
        assert_eq!(number("0x1f,"), Some(31));
        assert_eq!(number("017"), Some(15));
        assert_eq!(number("0b101"), Some(5));
        assert_eq!(number("18446744073709551615"), Some(u64::MAX));
        assert_eq!(number("99999999999999999999"), None);
        assert_eq!(number("x"), None);
        assert_eq!(Cursor::new(b"\"a\\n\\101\\x41\\\\\"").string(), Ok(b"a\nAA\\".to_vec()));
        assert!(Cursor::new(b"\"a").string().is_err());
    }
}
