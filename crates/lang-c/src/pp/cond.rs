//! `#if` expressions (C11 6.10.1): precedence climbing over expanded tokens, in `intmax_t` and `uintmax_t`.

use super::builtin::Builtin;
use super::{MAX_NESTING, Pp};
use crate::token::{Tok, Token};
use base::Name;

/// A value with its signedness.
#[derive(Clone, Copy)]
struct Value {
    bits: u64,
    unsigned: bool,
}

impl Value {
    fn signed(bits: i64) -> Value {
        Value { bits: bits as u64, unsigned: false }
    }

    fn truth(bit: bool) -> Value {
        Value::signed(i64::from(bit))
    }
}

/// The evaluation of one line.
struct Eval {
    /// The token being looked at.
    token: Token,
    depth: u32,
    /// Not evaluated (6.5.13p4): no complaints about division by zero.
    skip: u32,
}

/// An error was reported; the condition is false.
struct Failed;

type Outcome = Result<Value, Failed>;

/// Precedence of a binary operator, 0 for everything else.
fn precedence(kind: Tok) -> u8 {
    match kind {
        Tok::Star | Tok::Slash | Tok::Percent => 12,
        Tok::Plus | Tok::Minus => 11,
        Tok::Shl | Tok::Shr => 10,
        Tok::Lt | Tok::Gt | Tok::Le | Tok::Ge => 9,
        Tok::EqEq | Tok::Ne => 8,
        Tok::Amp => 7,
        Tok::Caret => 6,
        Tok::Pipe => 5,
        Tok::AmpAmp => 4,
        Tok::PipePipe => 3,
        Tok::Question => 2,
        Tok::Comma => 1,
        _ => 0,
    }
}

/// May this operator also stand before its only operand?
fn is_unary(kind: Tok) -> bool {
    matches!(kind, Tok::Plus | Tok::Minus)
}

impl Pp<'_> {
    /// Evaluates the rest of the line of `#if` or `#elif`.
    pub(super) fn condition(&mut self, word: &'static str) -> bool {
        let outer = std::mem::replace(&mut self.in_if, true);
        let result = self.evaluate(word);
        self.in_if = outer;
        // An error may leave expansions behind; they end with the line.
        while self.contexts.last().is_some_and(|c| !c.barrier) {
            self.pop_context();
        }
        result.unwrap_or(false)
    }

    fn evaluate(&mut self, word: &'static str) -> Option<bool> {
        let token = self.expand_next();
        if token.kind == Tok::Newline {
            let text = format!("#{word} with no expression");
            self.error_at(token.pos, 0, &text);
            return None;
        }
        let mut eval = Eval { token, depth: 0, skip: 0 };
        let value = self.binary(&mut eval, 1).ok()?;
        match eval.token.kind {
            Tok::Newline => Some(value.bits != 0),
            Tok::RParen => {
                self.error_at(eval.token.pos, eval.token.expansion, "missing '(' in expression");
                None
            }
            Tok::Colon => {
                self.error_at(eval.token.pos, eval.token.expansion, " ':' without preceding '?'");
                None
            }
            _ => self.missing_operator(&eval),
        }
    }

    fn missing_operator<T>(&mut self, eval: &Eval) -> Option<T> {
        let spelled = self.spelled(&eval.token);
        let text = match eval.token.kind {
            Tok::Number | Tok::Identifier | Tok::Char | Tok::Str | Tok::LParen | Tok::Bang | Tok::Tilde => {
                format!("missing binary operator before token \"{spelled}\"")
            }
            _ if eval.token.kind.is_name() => format!("missing binary operator before token \"{spelled}\""),
            _ => format!("token \"{spelled}\" is not valid in preprocessor expressions"),
        };
        self.error_at(eval.token.pos, eval.token.expansion, &text);
        None
    }

    fn advance(&mut self, eval: &mut Eval) {
        eval.token = match self.ahead().first() {
            Some(&token) if token.aux == 0 => {
                self.raw_at += 1;
                if token.kind.is_name() {
                    self.ask(Name(token.value), 0);
                }
                token
            }
            _ => self.expand_next(),
        };
    }

    /// Tokens of the line that were read ahead and come next, if no macro is being replaced.
    fn ahead(&self) -> &[Token] {
        if self.contexts.is_empty() { &self.buffer[self.raw_at as usize..self.raw_end as usize] } else { &[] }
    }

    fn binary(&mut self, eval: &mut Eval, least: u8) -> Outcome {
        let mut left = self.unary(eval)?;
        loop {
            let operator = eval.token;
            let level = precedence(operator.kind);
            if level < least || level == 0 {
                return Ok(left);
            }
            self.advance(eval);
            if operator.kind == Tok::Question {
                left = self.conditional(eval, left)?;
                continue;
            }
            if eval.token.kind == Tok::Newline {
                let text = format!("operator '{}' has no right operand", operator.kind.text());
                self.error_at(operator.pos, operator.expansion, &text);
                return Err(Failed);
            }
            let decided = match operator.kind {
                Tok::AmpAmp => left.bits == 0,
                Tok::PipePipe => left.bits != 0,
                _ => false,
            };
            eval.skip += u32::from(decided);
            let right = if precedence(eval.token.kind) > 0 && !is_unary(eval.token.kind) {
                let text = format!("operator '{}' has no right operand", operator.kind.text());
                self.error_at(eval.token.pos, eval.token.expansion, &text);
                Err(Failed)
            } else {
                self.binary(eval, level + 1)
            };
            eval.skip -= u32::from(decided);
            let right = right?;
            left = self.apply(eval, &operator, left, right)?;
        }
    }

    fn conditional(&mut self, eval: &mut Eval, condition: Value) -> Outcome {
        self.enter(eval)?;
        let first = condition.bits != 0;
        eval.skip += u32::from(!first);
        let yes = self.binary(eval, 1);
        eval.skip -= u32::from(!first);
        let yes = yes?;
        if eval.token.kind != Tok::Colon {
            if eval.token.kind == Tok::Newline || eval.token.kind == Tok::RParen {
                self.error_at(eval.token.pos, 0, "'?' without following ':'");
            } else {
                let _: Option<()> = self.missing_operator(eval);
            }
            return Err(Failed);
        }
        self.advance(eval);
        eval.skip += u32::from(first);
        let no = self.binary(eval, 2);
        eval.skip -= u32::from(first);
        let no = no?;
        eval.depth -= 1;
        let unsigned = yes.unsigned || no.unsigned;
        Ok(Value { unsigned, ..if first { yes } else { no } })
    }

    fn enter(&mut self, eval: &mut Eval) -> Result<(), Failed> {
        eval.depth += 1;
        if eval.depth > MAX_NESTING {
            self.error_at(eval.token.pos, 0, "expression in #if is nested too deeply");
            return Err(Failed);
        }
        Ok(())
    }

    fn unary(&mut self, eval: &mut Eval) -> Outcome {
        let token = eval.token;
        match token.kind {
            Tok::Plus | Tok::Minus | Tok::Bang | Tok::Tilde => {
                self.enter(eval)?;
                self.advance(eval);
                if eval.token.kind == Tok::Newline {
                    let text = format!("operator '{}' has no right operand", token.kind.text());
                    self.error_at(token.pos, token.expansion, &text);
                    return Err(Failed);
                }
                let value = self.unary(eval)?;
                eval.depth -= 1;
                Ok(match token.kind {
                    Tok::Minus => {
                        if !value.unsigned && value.bits == 1 << 63 && eval.skip == 0 {
                            self.pedwarn_at(
                                "",
                                token.pos,
                                token.expansion,
                                "integer overflow in preprocessor expression",
                            );
                        }
                        Value { bits: value.bits.wrapping_neg(), ..value }
                    }
                    Tok::Tilde => Value { bits: !value.bits, ..value },
                    Tok::Bang => Value::truth(value.bits == 0),
                    _ => value,
                })
            }
            Tok::LParen => {
                self.enter(eval)?;
                self.advance(eval);
                let value = self.binary(eval, 1)?;
                if eval.token.kind != Tok::RParen {
                    if eval.token.kind == Tok::Newline {
                        self.error_at(eval.token.pos, 0, "missing ')' in expression");
                    } else {
                        let _: Option<()> = self.missing_operator(eval);
                    }
                    return Err(Failed);
                }
                eval.depth -= 1;
                self.advance(eval);
                Ok(value)
            }
            Tok::Number => {
                let value = self.number_value(&token)?;
                self.advance(eval);
                Ok(value)
            }
            Tok::Char => {
                let value = self.char_value(&token);
                self.advance(eval);
                Ok(value)
            }
            kind if kind.is_name() => {
                let value = self.name_value(&token, eval.skip == 0)?;
                self.advance(eval);
                Ok(value)
            }
            _ => self.no_operand(eval),
        }
    }

    #[cold]
    fn no_operand(&mut self, eval: &Eval) -> Outcome {
        let token = eval.token;
        let text = match token.kind {
            Tok::Newline => "#if with no expression".to_string(),
            Tok::RParen => "missing expression between '(' and ')'".to_string(),
            kind if precedence(kind) > 0 => format!("operator '{}' has no left operand", kind.text()),
            Tok::Colon => " ':' without preceding '?'".to_string(),
            _ => format!("token \"{}\" is not valid in preprocessor expressions", self.spelled(&token)),
        };
        self.error_at(token.pos, token.expansion, &text);
        Err(Failed)
    }

    /// An identifier that is left after replacement: `defined`, or 0 (6.10.1p4).
    fn name_value(&mut self, token: &Token, evaluated: bool) -> Outcome {
        let name = Name(token.value);
        if name == self.builtin.defined {
            return self.defined(token);
        }
        if self.options.standard.year >= 2023 {
            match self.names.text(name) {
                b"true" => return Ok(Value::signed(1)),
                b"false" => return Ok(Value::signed(0)),
                _ => {}
            }
        }
        if evaluated && self.is_on(crate::warnings::Warning::Undef) {
            let text = format!("\"{}\" is not defined, evaluates to 0", self.names.display(name));
            self.warn_at("undef", token.pos, token.expansion, &text);
        }
        // `__has_x(…)` of a compiler that has no such thing: the message says what is wrong.
        if self.peek_is_lparen() {
            let text = "missing binary operator before token \"(\"";
            self.error_at(self.here(), token.expansion, text);
            return Err(Failed);
        }
        Ok(Value::signed(0))
    }

    /// Is the next token `(`? It is put back.
    fn peek_is_lparen(&mut self) -> bool {
        if let Some(next) = self.ahead().first() {
            return next.kind == Tok::LParen;
        }
        let token = self.read_raw(self.files.len());
        let is = token.kind == Tok::LParen;
        if !matches!(token.kind, Tok::Eof | Tok::Newline) {
            self.push_back(token);
        }
        is
    }

    /// `defined X`, `defined ( X )`.
    fn defined(&mut self, token: &Token) -> Outcome {
        let plain = match self.ahead() {
            [name, ..] if name.kind.is_name() => Some((Name(name.value), 1)),
            [open, name, close, ..] if open.kind == Tok::LParen && name.kind.is_name() && close.kind == Tok::RParen => {
                Some((Name(name.value), 3))
            }
            _ => None,
        };
        if let Some((name, n_tokens)) = plain {
            self.raw_at += n_tokens;
            return Ok(Value::truth(self.is_defined(name)));
        }
        let n_files = self.files.len();
        let mut name = self.read_raw(n_files);
        let paren = name.kind == Tok::LParen;
        if paren {
            name = self.read_raw(n_files);
        }
        if !name.kind.is_name() {
            self.error_at(name.pos, name.expansion, "operator \"defined\" requires an identifier");
            if !matches!(name.kind, Tok::Newline | Tok::Eof) {
                self.push_back(name);
            }
            return Err(Failed);
        }
        if paren {
            let close = self.read_raw(n_files);
            if close.kind != Tok::RParen {
                self.error_at(close.pos, close.expansion, "missing ')' after \"defined\"");
                return Err(Failed);
            }
        }
        let _ = token;
        Ok(Value::truth(self.is_defined(Name(name.value))))
    }

    /// `__has_include(…)`, `__has_attribute(…)` and so on; `None` after an error.
    pub(super) fn has_feature(&mut self, which: Builtin, token: &Token) -> Option<u32> {
        let word = self.spelled(token);
        if !self.in_if && matches!(which, Builtin::HasInclude | Builtin::HasIncludeNext) {
            let text = format!("\"{word}\" used outside of preprocessing directive");
            self.error_at(token.pos, token.expansion, &text);
            return Some(0);
        }
        let n_files = self.files.len();
        let open = self.read_raw(n_files);
        if open.kind != Tok::LParen {
            let text = format!("missing '(' before \"{word}\" operand");
            self.error_at(open.pos, open.expansion, &text);
            if !matches!(open.kind, Tok::Newline | Tok::Eof) {
                self.push_back(open);
            }
            return Some(0);
        }
        let answer = match which {
            Builtin::HasInclude | Builtin::HasIncludeNext => {
                let raw = if self.contexts.is_empty() { self.raw_header_name() } else { None };
                let header = match raw {
                    Some(header) => Some(header),
                    None => {
                        let first = self.expand_next();
                        self.computed_header(first, &word)
                    }
                };
                u32::from(header.is_some_and(|h| self.header_exists(&h, which == Builtin::HasIncludeNext)))
            }
            Builtin::HasStandardAttribute => self.standard_attribute(),
            _ => u32::from(self.feature_operand(which)),
        };
        let mut depth = 0;
        loop {
            let close = self.read_raw(n_files);
            match close.kind {
                Tok::RParen if depth == 0 => break,
                Tok::RParen => depth -= 1,
                Tok::LParen => depth += 1,
                Tok::Newline | Tok::Eof => {
                    let text = format!("missing ')' after \"{word}\" operand");
                    self.error_at(close.pos, close.expansion, &text);
                    break;
                }
                _ => {}
            }
        }
        Some(answer)
    }

    fn feature_operand(&mut self, which: Builtin) -> bool {
        let n_files = self.files.len();
        let name = self.read_raw(n_files);
        if !name.kind.is_name() {
            if !matches!(name.kind, Tok::Newline | Tok::Eof) {
                self.push_back(name);
            }
            return false;
        }
        let spelling = self.spelled(&name);
        let plain = spelling.strip_prefix("__").and_then(|s| s.strip_suffix("__")).unwrap_or(&spelling);
        let features = &self.options.features;
        match which {
            Builtin::HasAttribute => (features.attribute)(plain),
            Builtin::HasFunction => {
                (features.builtin)(&spelling)
                    || crate::builtins::machine(self.options.machine_builtins, &spelling).is_some()
            }
            Builtin::HasFeature => (features.feature)(plain),
            _ => false,
        }
    }

    /// The operand of `__has_c_attribute`: the date of a standard attribute, 1 for one of GNU's that is known, else 0.
    fn standard_attribute(&mut self) -> u32 {
        let n_files = self.files.len();
        let name = self.read_raw(n_files);
        if !name.kind.is_name() {
            if !matches!(name.kind, Tok::Newline | Tok::Eof) {
                self.push_back(name);
            }
            return 0;
        }
        let bare = |text: &str| text.strip_prefix("__").and_then(|s| s.strip_suffix("__")).unwrap_or(text).to_string();
        let first = bare(&self.spelled(&name));
        let mut next = self.read_raw(n_files);
        if next.kind == Tok::Colon {
            next = self.read_raw(n_files);
        }
        if !matches!(next.kind, Tok::ColonColon | Tok::Colon) {
            self.push_back(next);
            return crate::attributes::standard_date(&first);
        }
        let second = self.read_raw(n_files);
        if !second.kind.is_name() {
            self.push_back(second);
            return 0;
        }
        let known = (self.options.features.attribute)(&bare(&self.spelled(&second)));
        u32::from(known && first == "gnu")
    }

    fn number_value(&mut self, token: &Token) -> Outcome {
        // Nearly all are a few decimal digits.
        if let Some(bits) = short_decimal(self.spelling(token)) {
            return Ok(Value { bits, unsigned: false });
        }
        let text = self.spelled(token);
        match parse_number(&text) {
            Ok((bits, unsigned, too_large)) => {
                if too_large {
                    self.pedwarn_at("", token.pos, token.expansion, "integer constant is too large for its type");
                } else if !unsigned && bits > i64::MAX as u64 && !text.starts_with('0') {
                    let message = "integer constant is so large that it is unsigned";
                    self.warn_at("", token.pos, token.expansion, message);
                }
                Ok(Value { bits, unsigned: unsigned || bits > i64::MAX as u64 })
            }
            Err(message) => {
                self.error_at(token.pos, token.expansion, &message);
                Err(Failed)
            }
        }
    }

    /// The value of a character constant (6.4.4.4): plain ones as `int`, `char` signed unless options say no.
    fn char_value(&mut self, token: &Token) -> Value {
        let spelling = self.spelling(token).to_vec();
        let quote = spelling.iter().position(|&b| b == b'\'').unwrap_or(0);
        let wide = quote > 0;
        let inner = spelling.get(quote + 1..spelling.len().saturating_sub(1)).unwrap_or(&[]);
        let mut value: u32 = 0;
        let mut n_chars = 0;
        let mut at = 0;
        while at < inner.len() {
            let (c, len) = if wide { wide_char(&inner[at..]) } else { one_char(&inner[at..]) };
            at += len.max(1);
            n_chars += 1;
            value = if wide { c } else { value << 8 | (c & 0xff) };
        }
        if n_chars == 0 {
            self.error_at(token.pos, token.expansion, "empty character constant");
            return Value::signed(0);
        }
        if n_chars > 1 {
            let flag = if wide { "" } else { "multichar" };
            let text = match (wide, n_chars) {
                (true, _) | (_, 5..) => "character constant too long for its type",
                _ => "multi-character character constant",
            };
            self.warn_at(if text.ends_with("type") { "" } else { flag }, token.pos, token.expansion, text);
        }
        match (wide, n_chars) {
            (true, _) if spelling[0] == b'L' => Value::signed(i64::from(value as i32)),
            (true, _) => Value { bits: u64::from(value), unsigned: true },
            (false, 1) if !self.options.unsigned_char => Value::signed(i64::from(value as u8 as i8)),
            (false, _) => Value::signed(i64::from(value as i32)),
        }
    }

    fn apply(&mut self, eval: &Eval, operator: &Token, a: Value, b: Value) -> Outcome {
        let unsigned = a.unsigned || b.unsigned;
        let (x, y) = (a.bits, b.bits);
        let (sx, sy) = (x as i64, y as i64);
        let value = |bits: u64| Value { bits, unsigned };
        let checked = |result: (i64, bool)| (result.0 as u64, result.1 && !unsigned);
        let (bits, overflow) = match operator.kind {
            Tok::Star => checked(sx.overflowing_mul(sy)),
            Tok::Plus => checked(sx.overflowing_add(sy)),
            Tok::Minus => checked(sx.overflowing_sub(sy)),
            Tok::Slash | Tok::Percent => {
                if y == 0 {
                    if eval.skip > 0 {
                        return Ok(value(0));
                    }
                    self.error_at(operator.pos, operator.expansion, "division by zero in #if");
                    return Err(Failed);
                }
                match (operator.kind, unsigned) {
                    (Tok::Slash, true) => (x / y, false),
                    (Tok::Slash, false) => checked(sx.overflowing_div(sy)),
                    (_, true) => (x % y, false),
                    (_, false) => (sx.wrapping_rem(sy) as u64, false),
                }
            }
            Tok::Shl | Tok::Shr => {
                let left = (operator.kind == Tok::Shl) == (b.unsigned || sy >= 0);
                let by = if b.unsigned || sy >= 0 { y } else { y.wrapping_neg() };
                return Ok(shift(a, by, left));
            }
            Tok::Lt | Tok::Gt | Tok::Le | Tok::Ge => {
                let order = if unsigned { x.cmp(&y) } else { sx.cmp(&sy) };
                return Ok(Value::truth(match operator.kind {
                    Tok::Lt => order.is_lt(),
                    Tok::Gt => order.is_gt(),
                    Tok::Le => order.is_le(),
                    _ => order.is_ge(),
                }));
            }
            Tok::EqEq => return Ok(Value::truth(x == y)),
            Tok::Ne => return Ok(Value::truth(x != y)),
            Tok::Amp => (x & y, false),
            Tok::Caret => (x ^ y, false),
            Tok::Pipe => (x | y, false),
            Tok::AmpAmp => return Ok(Value::truth(x != 0 && y != 0)),
            Tok::PipePipe => return Ok(Value::truth(x != 0 || y != 0)),
            _ => {
                if self.options.pedantic && (self.options.standard.year < 1999 || eval.skip == 0) {
                    self.pedwarn_at("", operator.pos, operator.expansion, "comma operator in operand of #if");
                }
                return Ok(b);
            }
        };
        if overflow && eval.skip == 0 {
            self.pedwarn_at("", operator.pos, operator.expansion, "integer overflow in preprocessor expression");
        }
        Ok(value(bits))
    }
}

fn shift(a: Value, by: u64, left: bool) -> Value {
    let negative = !a.unsigned && (a.bits as i64) < 0;
    let bits = match (by >= 64, left) {
        (true, true) => 0,
        (true, false) => {
            if negative {
                u64::MAX
            } else {
                0
            }
        }
        (false, true) => a.bits << by,
        (false, false) if negative => ((a.bits as i64) >> by) as u64,
        (false, false) => a.bits >> by,
    };
    Value { bits, ..a }
}

/// The value of a decimal constant of less than 18 digits, perhaps with an `L` behind it.
fn short_decimal(text: &[u8]) -> Option<u64> {
    let digits = text.strip_suffix(b"L").unwrap_or(text);
    if digits.is_empty() || digits.len() > 17 || digits.len() > 1 && digits[0] == b'0' {
        return None;
    }
    digits.iter().try_fold(0u64, |value, &byte| byte.is_ascii_digit().then(|| value * 10 + u64::from(byte - b'0')))
}

/// Value, `u` suffix, and whether it does not fit, of an integer constant; the message for anything else.
fn parse_number(text: &str) -> Result<(u64, bool, bool), String> {
    let lower = text.to_ascii_lowercase();
    let (radix, digits) = match lower.as_bytes() {
        [b'0', b'x', ..] => (16, &lower[2..]),
        [b'0', b'b', ..] => (2, &lower[2..]),
        [b'0', _, ..] => (8, &lower[1..]),
        _ => (10, &lower[..]),
    };
    let floating =
        digits.contains('.') || (radix == 16 && digits.contains('p')) || (radix != 16 && digits.contains('e'));
    if floating {
        return Err("floating constant in preprocessor expression".to_string());
    }
    let mut value: u64 = 0;
    let mut too_large = false;
    let mut n_digits = 0;
    let bytes = digits.as_bytes();
    while let Some(&byte) = bytes.get(n_digits) {
        let Some(digit) = char::from(byte).to_digit(16).filter(|d| *d < radix || (radix == 8 && *d < 10)) else {
            if byte == b'\'' && n_digits > 0 {
                n_digits += 1;
                continue;
            }
            break;
        };
        if digit >= radix {
            return Err(format!("invalid digit \"{digit}\" in octal constant"));
        }
        too_large |= value.leading_zeros() == 0 && radix == 2 || value.checked_mul(u64::from(radix)).is_none();
        let (scaled, over) = value.overflowing_mul(u64::from(radix));
        let (sum, over_sum) = scaled.overflowing_add(u64::from(digit));
        too_large |= over | over_sum;
        value = sum;
        n_digits += 1;
    }
    let suffix = &digits[n_digits..];
    if n_digits == 0 && radix != 8 {
        return Err(format!("invalid suffix \"{}\" on integer constant", &text[1..]));
    }
    let valid = matches!(suffix, "" | "u" | "l" | "ul" | "lu" | "ll" | "ull" | "llu" | "z" | "uz" | "zu");
    if !valid {
        if matches!(suffix, "i" | "j") {
            return Err("imaginary number in preprocessor expression".to_string());
        }
        let original = &text[text.len() - suffix.len()..];
        return Err(format!("invalid suffix \"{original}\" on integer constant"));
    }
    Ok((value, suffix.contains('u'), too_large))
}

/// The first character of a plain constant's inside, and its length.
fn one_char(text: &[u8]) -> (u32, usize) {
    if text[0] != b'\\' || text.len() < 2 {
        return (u32::from(text[0]), 1);
    }
    let simple = |value: u8| (u32::from(value), 2);
    match text[1] {
        b'n' => simple(b'\n'),
        b't' => simple(b'\t'),
        b'r' => simple(b'\r'),
        b'a' => simple(7),
        b'b' => simple(8),
        b'f' => simple(12),
        b'v' => simple(11),
        b'e' | b'E' => simple(27),
        b'x' => {
            let n = text[2..].iter().take_while(|b| b.is_ascii_hexdigit()).count();
            let value =
                text[2..2 + n].iter().fold(0u32, |v, &b| v.wrapping_shl(4) | char::from(b).to_digit(16).unwrap_or(0));
            (value, 2 + n)
        }
        b'0'..=b'7' => {
            let n = text[1..].iter().take(3).take_while(|b| (b'0'..=b'7').contains(b)).count();
            (text[1..1 + n].iter().fold(0, |v, &b| v << 3 | u32::from(b - b'0')), 1 + n)
        }
        b'u' | b'U' => crate::lex::ucn(text, 0).map_or((u32::from(text[1]), 2), |(c, len)| (c as u32, len)),
        other => simple(other),
    }
}

/// As [`one_char`] for `L`, `u`, `U`: UTF-8 is decoded.
fn wide_char(text: &[u8]) -> (u32, usize) {
    if text[0] < 0x80 {
        return one_char(text);
    }
    let len = match text[0] {
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0.. => 4,
        _ => 1,
    };
    match text.get(..len).and_then(|t| std::str::from_utf8(t).ok()).and_then(|s| s.chars().next()) {
        Some(c) => (c as u32, len),
        None => (u32::from(text[0]), 1),
    }
}
