//! Literals as nodes (6.4.4, 6.4.5): spelling from the preprocessor, value from `literals`, messages from here.

use super::{Loc, Parser};
use crate::ast::{NodeId, NodeOp, StrData};
use crate::literals::{self, EscapeProblem, Number, Problem};
use crate::token::TokenFlags;
use crate::token::{Tok, Token};
use crate::types::{Basic, QualTy};
use crate::warnings::hook;

const INT: QualTy = Basic::Int.qual();

impl Parser<'_> {
    #[inline]
    pub(super) fn number(&mut self) -> NodeId {
        // Nearly all are a few digits, which the lexer knows.
        if self.tok.flags.has(TokenFlags::DECIMAL) {
            return self.short_int(self.tok.value);
        }
        match short_hexadecimal(self.pp.number_text(&self.tok)) {
            Some(value) => self.short_int(value),
            None => self.other_number(),
        }
    }

    /// A node for the number at hand, an `int` with any of our targets.
    #[inline(always)]
    fn short_int(&mut self, value: u32) -> NodeId {
        let pos = self.pos();
        self.bump();
        self.node(NodeOp::IntConst, INT, value, 0, 0, pos)
    }

    #[inline(never)]
    fn other_number(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        let token = self.tok;
        let old = self.pp.options().standard.year < 1999;
        let (number, problem) = literals::number(self.pp.spelling(&token), &self.types, old);
        if let Some(problem) = problem {
            self.report_number(&problem, loc);
        }
        self.bump();
        match number {
            // The value fits its type: nothing is to be wrapped.
            Some(Number::Int { value, basic, imaginary: false }) if basic.rank() < Basic::Int128.rank() => {
                self.node(NodeOp::IntConst, basic.qual(), value as u32, (value >> 32) as u32, 0, pos)
            }
            Some(Number::Int { value, basic, imaginary: false }) => self.int_node(i128::from(value), basic.qual(), pos),
            Some(Number::Float { bits, basic, imaginary: false }) => self.float_node(bits, basic.qual(), pos),
            Some(Number::Float { bits, basic, imaginary: true }) => {
                if basic == Basic::Float128 {
                    self.error(loc, "complex ‘_Float128’ is not supported yet");
                    return self.poison(pos);
                }
                let part = self.float_node(bits, basic.qual(), pos);
                let zero = self.zero_node(basic.qual(), pos);
                self.node2(NodeOp::ComplexMake, basic.complex().qual(), zero, part, pos)
            }
            Some(Number::Int { value, basic, imaginary: true }) => {
                let part = self.int_node(i128::from(value), basic.qual(), pos);
                let zero = self.int_node(0, basic.qual(), pos);
                self.node2(NodeOp::ComplexMake, basic.complex().qual(), zero, part, pos)
            }
            None => self.poison(pos),
        }
    }

    #[cold]
    pub(super) fn report_number(&mut self, problem: &Problem, loc: Loc) {
        match problem {
            Problem::BadSuffix(suffix, float) => {
                let kind = if *float { "floating" } else { "integer" };
                self.error(loc, &format!("invalid suffix \"{suffix}\" on {kind} constant"));
            }
            Problem::BadOctalDigit(digit) => {
                self.error(loc, &format!("invalid digit \"{digit}\" in octal constant"));
            }
            Problem::NoExponentDigits => self.error(loc, "exponent has no digits"),
            Problem::HexFloatNeedsExponent => self.error(loc, "hexadecimal floating constants require an exponent"),
            Problem::TooManyPoints => self.error(loc, "too many decimal points in number"),
            Problem::TooLarge => self.warn("", loc, "integer constant is too large for its type"),
            Problem::Unsigned => self.warn("", loc, "integer constant is so large that it is unsigned"),
            Problem::FloatOverflow => {
                if self.pp.options().pedantic {
                    self.warn("overflow", loc, "floating constant exceeds range of its type");
                }
            }
        }
    }

    #[inline(never)]
    pub(super) fn character(&mut self) -> NodeId {
        let (loc, pos) = (self.loc(), self.pos());
        let token = self.tok;
        let text = self.pp.spelling(&token);
        let (skip, char_size, wide) = literals::prefix(text, self.types.layout.wchar_size);
        let utf8_prefix = text.first() == Some(&b'u') && skip == 2;
        let mut body = &text[(skip + 1).min(text.len())..];
        if body.last() == Some(&b'\'') {
            body = &body[..body.len() - 1];
        }
        let mut out = Vec::with_capacity(8);
        let mut problem = None;
        literals::encode(body, char_size, &mut out, &mut problem);
        if let Some(problem) = problem {
            self.report_escape(problem, loc);
        }
        let n = out.len() / usize::from(char_size);
        self.bump();
        if skip == 0 {
            let mut value = 0i32;
            for &byte in &out {
                value = value << 8 | i32::from(byte);
            }
            if n == 1 && self.types.char_signed {
                value = i32::from(out[0] as i8);
            }
            if n > 4 {
                self.warn("", loc, "character constant too long for its type");
            } else if n > 1 {
                self.warn("multichar", loc, "multi-character character constant");
            }
            return self.int_node(i128::from(value), INT, pos);
        }
        if n > 1 {
            self.warn("", loc, "character constant too long for its type");
        }
        let mut word = [0u8; 4];
        let last = out.len() - (n.min(1) * usize::from(char_size));
        for (slot, &byte) in word.iter_mut().zip(&out[last..]) {
            *slot = byte;
        }
        let ty = if utf8_prefix { Basic::UChar.qual() } else { self.types.char_ty(char_size, wide) };
        self.int_node(i128::from(u32::from_le_bytes(word)), ty, pos)
    }

    #[cold]
    pub(super) fn report_escape(&mut self, problem: EscapeProblem, loc: Loc) {
        match problem {
            EscapeProblem::Unknown(byte) => {
                let text = format!("unknown escape sequence: ‘\\{}’", byte as char);
                self.warn("", loc, &text);
            }
            EscapeProblem::NoHexDigits => self.error(loc, "\\x used with no following hex digits"),
            EscapeProblem::OutOfRange => self.warn("", loc, "hex escape sequence out of range"),
            EscapeProblem::BadUniversal => self.error(loc, "incomplete or invalid universal character name"),
        }
    }

    /// Joins adjacent string literals into [`Parser::bytes`] with their terminating zero; (bytes per character, wide).
    pub(crate) fn string_bytes(&mut self) -> (u8, bool) {
        self.bytes.clear();
        let loc = self.loc();
        let token = self.tok;
        let wchar = self.types.layout.wchar_size;
        let text = self.pp.spelling(&token);
        // Nearly always one plain literal.
        let (mut char_size, mut wide) = (1u8, false);
        if text[0] == b'"' {
            let mut problem = None;
            let body = body_of(text, 0);
            if token.flags.has(TokenFlags::UNCLEAN) || body.contains(&b'\\') {
                literals::encode(body, 1, &mut self.bytes, &mut problem);
            } else {
                self.bytes.extend_from_slice(body);
            }
            if let Some(problem) = problem {
                self.report_escape(problem, loc);
            }
            self.bump();
            if !self.at(Tok::Str) {
                self.bytes.push(0);
                return (1, false);
            }
        }
        // More of them, or a prefix: the widest prefix decides, so look at all first.
        let mut tokens = vec![token];
        if text_starts_with_prefix(self.pp.spelling(&token)) {
            self.bump();
        }
        while self.at(Tok::Str) {
            tokens.push(self.tok);
            self.bump();
        }
        for token in &tokens {
            let (skip, size, is_wide) = literals::prefix(self.pp.spelling(token), wchar);
            if skip > 0 && size > 1 {
                char_size = size;
                wide = is_wide;
            }
        }
        self.bytes.clear();
        let mut out = std::mem::take(&mut self.bytes);
        for token in &tokens {
            let text = self.pp.spelling(token);
            let (skip, ..) = literals::prefix(text, wchar);
            let mut problem = None;
            literals::encode(body_of(text, skip), char_size, &mut out, &mut problem);
            if let Some(problem) = problem {
                self.report_escape(problem, Loc { pos: token.pos, expansion: token.expansion });
            }
        }
        out.extend_from_slice(&[0, 0, 0, 0][..usize::from(char_size)]);
        self.bytes = out;
        (char_size, wide)
    }

    /// A string literal: an array lvalue.
    #[inline(never)]
    pub(crate) fn string(&mut self) -> NodeId {
        let pos = self.pos();
        let first = self.tok;
        let (char_size, wide) = self.string_bytes();
        let n = (self.bytes.len() / usize::from(char_size)) as u64;
        let element = self.types.char_ty(char_size, wide);
        let ty = self.types.array(element, n);
        let bytes: Box<[u8]> = self.bytes.as_slice().into();
        let string = self.unit.strings.push(StrData { bytes, char_size });
        let node = self.node(NodeOp::Str, ty, string.0, 0, 0, pos);
        if self.hooked(hook::CALL) {
            // One that is joined of several is looked at only as a whole.
            let whole = self.previous().pos == first.pos;
            self.string_pieces.push((string, Token { aux: u16::from(whole), ..first }));
            self.spelled_at(node, Loc { pos: first.pos, expansion: first.expansion });
        }
        node
    }
}

/// The value of a hexadecimal constant of less than eight digits.
#[inline]
fn short_hexadecimal(text: &[u8]) -> Option<u32> {
    let [b'0', b'x' | b'X', digits @ ..] = text else { return None };
    if digits.is_empty() || digits.len() > 7 {
        return None;
    }
    let mut value = 0;
    for &byte in digits {
        value = value << 4 | (byte as char).to_digit(16)?;
    }
    Some(value)
}

fn text_starts_with_prefix(text: &[u8]) -> bool {
    text.first() != Some(&b'"')
}

/// The text between the quotes.
fn body_of(text: &[u8], skip: usize) -> &[u8] {
    let body = &text[(skip + 1).min(text.len())..];
    match body.split_last() {
        Some((b'"', inner)) => inner,
        _ => body,
    }
}
