//! The text of one statement, taken token by token; and the cutting of a text into statements, without copying any.

/// A place in the text of one statement. The text may go on behind the statement, so that words can be read wide.
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
}

/// May begin a symbol.
const BEGINS: u8 = 1;
/// May stand in a symbol.
const NAME: u8 = 2;
const BLANK: u8 = 4;
/// Ends a line or needs a look: quotes, comments, separators.
const STOP: u8 = 8;

static CLASSES: [u8; 256] = {
    let mut classes = [0u8; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        let begins = byte.is_ascii_alphabetic() || matches!(byte, b'_' | b'.' | b'$') || byte >= 0x80;
        if begins {
            classes[at] |= BEGINS | NAME;
        }
        if byte.is_ascii_digit() {
            classes[at] |= NAME;
        }
        if matches!(byte, b' ' | b'\t' | b'\r' | 12 | b'\n' | 11) {
            classes[at] |= BLANK;
        }
        if matches!(byte, b'\n' | b'"' | b'\'' | b';' | b'/' | b'#') {
            classes[at] |= STOP;
        }
        at += 1;
    }
    classes
};

/// True for bytes that may begin a symbol.
#[inline]
pub fn begins_name(byte: u8) -> bool {
    CLASSES[byte as usize] & BEGINS != 0
}

/// True for bytes within a symbol.
#[inline]
pub fn is_name(byte: u8) -> bool {
    CLASSES[byte as usize] & NAME != 0
}

impl<'t> Cursor<'t> {
    pub fn new(text: &'t [u8]) -> Cursor<'t> {
        Cursor::within(text, 0, text.len())
    }

    /// The statement `text[at..end]`.
    #[inline]
    pub(crate) fn within(text: &'t [u8], at: usize, end: usize) -> Cursor<'t> {
        let mut cursor = Cursor { text, at, end };
        cursor.blanks();
        cursor
    }

    #[inline]
    fn blanks(&mut self) {
        while self.at < self.end && CLASSES[self.text[self.at] as usize] & BLANK != 0 {
            self.at += 1;
        }
    }

    /// The next byte; 0 at the end.
    #[inline]
    pub fn peek(&self) -> u8 {
        if self.at < self.end { self.text[self.at] } else { 0 }
    }

    /// The byte behind the next one, blanks or not; 0 at the end.
    #[inline]
    pub fn peek_second(&self) -> u8 {
        if self.at + 1 < self.end { self.text[self.at + 1] } else { 0 }
    }

    #[inline]
    pub fn is_end(&self) -> bool {
        self.at >= self.end
    }

    /// What is left.
    #[inline]
    pub fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..self.end).unwrap_or(&[])
    }

    /// What is left, for messages.
    pub fn shown(&self) -> String {
        String::from_utf8_lossy(self.rest()).trim().to_string()
    }

    /// Nothing is left.
    pub(crate) fn finish(&mut self) {
        self.at = self.end;
    }

    /// The whole text that the statement stands in, where the next byte is, and where the statement ends.
    pub(crate) fn place(&self) -> (&'t [u8], usize, usize) {
        (self.text, self.at, self.end)
    }

    /// Takes one byte and the blanks behind it.
    #[inline]
    pub fn bump(&mut self) {
        self.at += 1;
        self.blanks();
    }

    /// Takes one byte, not the blanks behind it.
    #[inline]
    pub(crate) fn step(&mut self) {
        self.at += 1;
    }

    /// Takes `n` bytes and the blanks behind them.
    #[inline]
    pub fn skip(&mut self, n: usize) {
        self.at += n;
        self.blanks();
    }

    #[inline]
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

    /// How many bytes of a symbol stand here, quotes aside.
    #[inline]
    pub fn name_len(&self) -> usize {
        if !begins_name(self.peek()) {
            return 0;
        }
        let mut at = self.at + 1;
        while at < self.end && is_name(self.text[at]) {
            at += 1;
        }
        at - self.at
    }

    /// A symbol or word, without quotes.
    pub fn word(&mut self) -> Option<&'t [u8]> {
        if self.peek() == b'"' {
            let len = self.rest()[1..].iter().position(|&b| b == b'"')?;
            let word = &self.rest()[1..=len];
            self.skip(len + 2);
            return Some(word);
        }
        let len = self.name_len();
        if len == 0 {
            return None;
        }
        let word = &self.text[self.at..self.at + len];
        self.skip(len);
        Some(word)
    }

    /// Letters and digits as they stand, and the blanks behind them.
    #[inline]
    pub fn run(&mut self, accept: impl Fn(u8) -> bool) -> &'t [u8] {
        let start = self.at.min(self.end);
        let mut at = start;
        while at < self.end && accept(self.text[at]) {
            at += 1;
        }
        self.at = at;
        self.blanks();
        &self.text[start..at]
    }

    /// The bytes of a string literal (gas manual, 3.6.1.1).
    pub fn string(&mut self) -> Result<Vec<u8>, String> {
        let mut bytes = Vec::new();
        self.string_into(&mut bytes)?;
        Ok(bytes)
    }

    /// The same, appended to `out`.
    pub(crate) fn string_into(&mut self, out: &mut Vec<u8>) -> Result<(), String> {
        if self.peek() != b'"' {
            return Err("expected string".into());
        }
        self.at += 1;
        loop {
            let rest = self.rest();
            let Some(len) = rest.iter().position(|&b| matches!(b, b'"' | b'\\')) else {
                return Err("missing closing `\"'".into());
            };
            out.extend_from_slice(&rest[..len]);
            self.at += len + 1;
            if rest[len] == b'"' {
                break;
            }
            let byte = self.escape();
            out.push(byte);
        }
        self.blanks();
        Ok(())
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

/// What ends a statement.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Stop {
    /// The line ends; the next statement begins behind this many bytes.
    Line,
    /// A separator.
    Separator,
    /// The text.
    Text,
}

/// One statement of a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Statement {
    /// Behind its last byte, comments left out.
    pub end: usize,
    /// Where the next one begins.
    pub next: usize,
    pub stop: Stop,
    /// Line ends within it (in strings, in comments).
    pub n_lines: u32,
    /// A comment stands in its middle: [`without_comments`] is to be read in its place.
    pub has_comment: bool,
}

/// Finds the end of the statement that begins at `at`. `comment` begins one, also in the middle of a line, and so does each
/// byte of `line_comments` at a line's first place, which `fresh` says this is.
#[inline]
pub(crate) fn statement(
    text: &[u8],
    at: usize,
    len: usize,
    comment: u8,
    line_comments: &[u8],
    fresh: bool,
) -> Statement {
    let end = next_stop(text, at, len);
    if end < len && text[end] == b'\n' {
        return Statement { end, next: end + 1, stop: Stop::Line, n_lines: 0, has_comment: false };
    }
    slow_statement(text, at, len, comment, line_comments, fresh)
}

/// The first byte from `at` that may end a statement; `len` when there is none.
#[inline]
fn next_stop(text: &[u8], mut at: usize, len: usize) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = EACH << 7;
    const fn all(byte: u8) -> u64 {
        EACH * byte as u64
    }
    // Bytes that are zero; above the lowest there may be false ones.
    let zeros = |word: u64| word.wrapping_sub(EACH) & !word;
    while let Some(chunk) = text.get(at..).and_then(<[u8]>::first_chunk) {
        let word = u64::from_le_bytes(*chunk);
        // `"` and `#`, `'` and `/` differ in one bit each.
        let quotes = zeros((word | all(1)) ^ all(b'#')) | zeros((word | all(8)) ^ all(b'/'));
        let found = (quotes | zeros(word ^ all(b'\n')) | zeros(word ^ all(b';'))) & HIGH;
        if found != 0 {
            return (at + (found.trailing_zeros() / 8) as usize).min(len);
        }
        at += 8;
    }
    while at < len && CLASSES[text[at] as usize] & STOP == 0 {
        at += 1;
    }
    at.min(len)
}

#[inline(never)]
fn slow_statement(text: &[u8], start: usize, len: usize, comment: u8, line_comments: &[u8], fresh: bool) -> Statement {
    let mut found = Statement { end: len, next: len, stop: Stop::Text, n_lines: 0, has_comment: false };
    let mut at = start;
    let line_end = |at: usize| text[at..len].iter().position(|&b| b == b'\n').map(|n| at + n);
    let comment_to_line_end = |mut found: Statement, at: usize| {
        found.end = at;
        if let Some(end) = line_end(at) {
            (found.next, found.stop) = (end + 1, Stop::Line);
        }
        found
    };
    let mut seen = false;
    while at < len {
        let byte = text[at];
        match byte {
            b'\n' => return Statement { end: at, next: at + 1, stop: Stop::Line, ..found },
            b';' => return Statement { end: at, next: at + 1, stop: Stop::Separator, ..found },
            b'"' => {
                at += 1;
                while at < len && text[at] != b'"' {
                    at += usize::from(text[at] == b'\\' && at + 1 < len);
                    found.n_lines += u32::from(text[at] == b'\n');
                    at += 1;
                }
                at += 1;
                seen = true;
                continue;
            }
            b'\'' if at + 1 < len && text[at + 1] != b'\n' => {
                // A character constant may be a separator.
                at += if text[at + 1] == b'\\' && at + 2 < len && text[at + 2] != b'\n' { 3 } else { 2 };
                seen = true;
                continue;
            }
            b'/' if text.get(at + 1) == Some(&b'*') && at + 1 < len => {
                let rest = &text[at + 2..len];
                let n = rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |n| n + 2);
                found.n_lines += rest[..n].iter().filter(|&&b| b == b'\n').count() as u32;
                found.has_comment = true;
                at += 2 + n;
                continue;
            }
            _ if byte == comment => return comment_to_line_end(found, at),
            _ if fresh && !seen && line_comments.contains(&byte) => return comment_to_line_end(found, at),
            _ => {}
        }
        seen |= CLASSES[byte as usize] & BLANK == 0;
        at += 1;
    }
    found
}

/// The statement with a blank in place of each comment.
pub(crate) fn without_comments(statement: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(statement.len());
    let mut at = 0;
    while at < statement.len() {
        let byte = statement[at];
        match byte {
            b'"' | b'\'' => {
                out.push(byte);
                at += 1;
                while at < statement.len() {
                    out.push(statement[at]);
                    at += 1;
                    if byte == b'\'' || statement[at - 1] == b'"' {
                        break;
                    }
                    if statement[at - 1] == b'\\' && at < statement.len() {
                        out.push(statement[at]);
                        at += 1;
                    }
                }
            }
            b'/' if statement.get(at + 1) == Some(&b'*') => {
                let rest = &statement[at + 2..];
                at += 2 + rest.windows(2).position(|pair| pair == b"*/").map_or(rest.len(), |n| n + 2);
                out.push(b' ');
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(text: &[u8]) -> Vec<(u32, String)> {
        let (mut at, mut line, mut fresh, mut found) = (0, 0, true, Vec::new());
        while at < text.len() {
            let next = statement(text, at, text.len(), b'#', b"/", fresh);
            let mut own = text[at..next.end].to_vec();
            if next.has_comment {
                own = without_comments(&own);
            }
            let shown = String::from_utf8_lossy(&own).trim().to_string();
            if !shown.is_empty() {
                found.push((line, shown));
            }
            line += next.n_lines + u32::from(next.stop == Stop::Line);
            fresh = next.stop == Stop::Line;
            at = next.next;
        }
        found
    }

    #[test]
    fn a_text_is_cut_at_lines_and_semicolons_but_not_in_strings() {
        let text = b"a; b # c ; d\n/* e;\n */ f\n.ascii \"x;\\\"y\" ; mov $';', %al\n// g\n h\n  / i\n k / l";
        let wanted =
            [(0, "a"), (0, "b"), (1, "f"), (3, ".ascii \"x;\\\"y\""), (3, "mov $';', %al"), (5, "h"), (7, "k / l")];
        assert_eq!(statements(text), wanted.map(|(line, text)| (line, text.to_string())));
    }

    #[test]
    fn stops_are_found_wherever_they_stand() {
        for stop in 0..=u8::MAX {
            let is_stop = CLASSES[usize::from(stop)] & STOP != 0;
            for at in 0..20 {
                let mut text = *b"abcdefgh!&.:+37GOCK abcdefghijk\n";
                text[at] = stop;
                assert_eq!(next_stop(&text, 0, 32), if is_stop { at } else { 31 }, "{stop} at {at}");
                assert_eq!(next_stop(&text, 2, 18), if is_stop && (2..18).contains(&at) { at } else { 18 });
            }
        }
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
