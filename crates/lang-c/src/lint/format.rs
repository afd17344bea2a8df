//! `printf` and `scanf` formats against the arguments they ask for (C11 7.21.6.1, 7.21.6.2, POSIX's and GNU's additions), and
//! the attribute `format`. Types are rows; the walk over the format is one function for each family.

use super::call::CallFacts;
use crate::ast::{NodeId, NodeOp};
use crate::attributes::{Format, FormatKind};
use crate::literals;
use crate::parse::{Loc, Parser};
use crate::types::{Basic, QualTy, Quals, StrId, TypeData};
use crate::warnings::Warning;
use base::Pos;

/// A length modifier.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Length {
    None,
    Hh,
    H,
    L,
    Ll,
    /// `L`
    LongDouble,
    J,
    Z,
    T,
}

/// What a directive takes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Want {
    Int(Basic),
    Float(Basic),
    /// `char *` and, for `scanf`, room for it.
    Chars,
    WideChars,
    /// `void *`
    Address,
    /// Where a count or a result is stored.
    Pointer(Basic),
    /// `void **`
    AddressPointer,
    /// `char **`: allocated by `m`.
    CharsPointer,
}

/// One directive: offsets in the string's bytes.
struct Directive {
    start: usize,
    /// Behind the conversion character.
    end: usize,
    length: Length,
    conversion: u8,
}

/// What has been read of a call's arguments.
struct Arguments {
    /// Next one, from 0 in the call.
    next: usize,
    /// A directive named its argument: `%2$d`.
    numbered: bool,
    highest: usize,
}

impl Parser<'_> {
    /// A call of a function whose argument `format.number` is a format.
    pub(crate) fn lint_format(&mut self, call: &CallFacts, format: Format) {
        if !self.pp.is_on(Warning::Format) && !self.pp.is_on(Warning::FormatSecurity) {
            return;
        }
        let number = usize::from(format.number) - 1;
        let Some(&word) = self.words.get(call.from + number) else { return };
        let argument = NodeId(word);
        let n_args = self.words.len() - call.from;
        let Some((string, offset)) = self.format_string(argument) else {
            return self.lint_no_literal(format, argument, n_args);
        };
        let data = &self.unit.strings[string];
        if data.char_size != 1 {
            let loc = self.loc_of(argument);
            return self.lint(Warning::Format, loc, "format is a wide character string");
        }
        let bytes: Vec<u8> = data.bytes.get(offset..).unwrap_or_default().to_vec();
        let text = &bytes[..bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len())];
        let node = self.bare(argument);
        let loc = self.loc_of(node);
        if text.is_empty() {
            if format.kind == FormatKind::Printf {
                self.lint(Warning::FormatZeroLength, loc, "zero-length gnu_printf format string");
            }
        } else if text.len() + 1 < bytes.len() {
            let at = self.format_place(string, offset + text.len(), loc);
            self.lint(Warning::FormatContainsNul, at, "embedded ‘\\0’ in format");
        }
        let first = usize::from(format.first);
        let mut arguments =
            Arguments { next: first.saturating_sub(1), numbered: false, highest: first.saturating_sub(1) };
        let checked = first != 0;
        let limit = if checked { n_args } else { 0 };
        let complete = match format.kind {
            FormatKind::Printf => self.printf_directives(call, text, (string, offset, loc), &mut arguments, limit),
            FormatKind::Scanf => self.scanf_directives(call, text, (string, offset, loc), &mut arguments, limit),
            FormatKind::Strftime | FormatKind::Strfmon => return,
        };
        let used = if arguments.numbered { arguments.highest } else { arguments.next };
        if checked && complete && used < n_args {
            let what = if arguments.numbered {
                "unused arguments in ‘$’-style format"
            } else {
                "too many arguments for format"
            };
            self.lint(Warning::FormatExtraArgs, loc, what);
        }
    }

    fn lint_no_literal(&mut self, format: Format, argument: NodeId, n_args: usize) {
        let loc = self.loc_of(argument);
        if self.op(self.bare(argument)) == NodeOp::IntConst || format.kind == FormatKind::Strftime {
            return;
        }
        // Both arms of a condition may be literals.
        let bare = self.bare(argument);
        if self.op(bare) == NodeOp::Cond {
            return;
        }
        // The format of a function that passes its own on is checked where that is called.
        if format.first == 0 && self.is_own_format(bare) {
            return;
        }
        let none = format.first != 0 && n_args < usize::from(format.first);
        if none {
            self.lint(Warning::FormatSecurity, loc, "format not a string literal and no format arguments");
        } else {
            self.lint(Warning::FormatNonliteral, loc, "format not a string literal, argument types not checked");
        }
    }

    fn is_own_format(&self, node: NodeId) -> bool {
        let Some(super::Object::Local(local)) = self.object_of(node) else { return false };
        let Some(function) = &self.function else { return false };
        self.unit.decls[function.decl].format.is_some() && self.ast.locals[local].param
    }

    /// The literal that a format argument is, and the offset that was added to it.
    fn format_string(&self, argument: NodeId) -> Option<(StrId, usize)> {
        let mut node = argument;
        let mut offset = 0;
        loop {
            let data = &self.ast.nodes[node];
            match data.op {
                NodeOp::Str => return Some((StrId(data.a), offset)),
                NodeOp::Decay | NodeOp::PtrCast | NodeOp::NopCast => node = NodeId(data.a),
                NodeOp::PtrAdd => {
                    offset += usize::try_from(self.int_value(NodeId(data.b))?).ok()?;
                    node = NodeId(data.a);
                }
                _ => return None,
            }
        }
    }

    /// Where byte `offset` of a literal stands in the source; `whole` when that is not plain.
    fn format_place(&self, string: StrId, offset: usize, whole: Loc) -> Loc {
        let Some((_, token)) = self.string_pieces.iter().rev().find(|piece| piece.0 == string) else { return whole };
        if token.aux == 0 || token.expansion != 0 {
            return whole;
        }
        let spelling = self.pp.spelling(token);
        if spelling.first() != Some(&b'"') {
            return whole;
        }
        let mut at = 1;
        let mut done = 0;
        while done < offset && at < spelling.len() {
            let step = escape_len(&spelling[at..]);
            let mut out = Vec::new();
            let mut problem = None;
            literals::encode(&spelling[at..at + step], 1, &mut out, &mut problem);
            done += out.len().max(1);
            at += step;
        }
        Loc::at(token.pos.offset(at as u32))
    }

    /// True: all of the format was understood.
    fn printf_directives(
        &mut self,
        call: &CallFacts,
        text: &[u8],
        place: (StrId, usize, Loc),
        arguments: &mut Arguments,
        limit: usize,
    ) -> bool {
        let mut at = 0;
        while let Some(percent) = text[at..].iter().position(|byte| *byte == b'%') {
            let start = at + percent;
            at = start + 1;
            let numbered = number_and(text, at, b'$');
            if let Some((number, end)) = numbered {
                at = end;
                arguments.numbered = true;
                arguments.next = usize::from(self.first_argument(call)) + number.max(1) - 1;
            }
            while at < text.len() && b"-+ #0'I".contains(&text[at]) {
                at += 1;
            }
            // Width and precision.
            for dot in [false, true] {
                if dot {
                    if text.get(at) != Some(&b'.') {
                        break;
                    }
                    at += 1;
                }
                if text.get(at) == Some(&b'*') {
                    at += 1;
                    let saved = arguments.next;
                    if let Some((number, end)) = number_and(text, at, b'$') {
                        at = end;
                        arguments.next = usize::from(self.first_argument(call)) + number.max(1) - 1;
                    }
                    let what = if dot { "field precision specifier ‘.*’" } else { "field width specifier ‘*’" };
                    let loc = self.format_place(place.0, place.1 + at - 1, place.2);
                    self.check_star(call, what, loc, arguments, limit);
                    if arguments.numbered {
                        arguments.next = saved;
                    }
                } else {
                    while text.get(at).is_some_and(u8::is_ascii_digit) {
                        at += 1;
                    }
                }
            }
            let Some((length, conversion, end)) = self.conversion(text, at, start, place) else { return false };
            at = end;
            let directive = Directive { start, end: at, length, conversion };
            if conversion == b'%' {
                continue;
            }
            if conversion == b'm' {
                continue;
            }
            let Some(want) = printf_want(length, conversion) else {
                return self.unknown_conversion(conversion, place, at - 1);
            };
            self.check_directive(call, text, &directive, want, place, arguments, limit);
        }
        true
    }

    fn scanf_directives(
        &mut self,
        call: &CallFacts,
        text: &[u8],
        place: (StrId, usize, Loc),
        arguments: &mut Arguments,
        limit: usize,
    ) -> bool {
        let mut at = 0;
        while let Some(percent) = text[at..].iter().position(|byte| *byte == b'%') {
            let start = at + percent;
            at = start + 1;
            if let Some((number, end)) = number_and(text, at, b'$') {
                at = end;
                arguments.numbered = true;
                arguments.next = usize::from(self.first_argument(call)) + number.max(1) - 1;
            }
            let (mut dropped, mut allocated) = (false, false);
            loop {
                match text.get(at) {
                    Some(b'*') => dropped = true,
                    Some(b'm') => allocated = true,
                    Some(b'\'' | b'I') => {}
                    _ => break,
                }
                at += 1;
            }
            while text.get(at).is_some_and(u8::is_ascii_digit) {
                at += 1;
            }
            if text.get(at) == Some(&b'm') {
                allocated = true;
                at += 1;
            }
            let Some((length, conversion, end)) = self.conversion(text, at, start, place) else { return false };
            at = end;
            if conversion == b'[' {
                let set = usize::from(text.get(at) == Some(&b'^'));
                let from = at + set + 1;
                match text.get(from..).and_then(|rest| rest.iter().position(|byte| *byte == b']')) {
                    Some(close) => at = from + close + 1,
                    None => {
                        self.lint(Warning::Format, place.2, "no closing ‘]’ for ‘%[’ format");
                        return false;
                    }
                }
            }
            if conversion == b'%' {
                continue;
            }
            let Some(want) = scanf_want(length, conversion, allocated) else {
                return self.unknown_conversion(conversion, place, at - 1);
            };
            if dropped {
                continue;
            }
            let directive = Directive { start, end: at, length, conversion };
            self.check_directive(call, text, &directive, want, place, arguments, limit);
        }
        true
    }

    /// The number (from 0) of the first argument that a format asks for.
    fn first_argument(&self, call: &CallFacts) -> u8 {
        let name = &self.unit.decls[call.decl];
        name.format
            .map_or_else(|| super::call::library_first(&self.text(name.name)), |format| format.first)
            .saturating_sub(1)
    }

    /// The length modifier at `at`, the conversion behind it, and where that ends, of the directive that begins at `start`.
    fn conversion(
        &mut self,
        text: &[u8],
        at: usize,
        start: usize,
        place: (StrId, usize, Loc),
    ) -> Option<(Length, u8, usize)> {
        let (length, at) = length_modifier(text, at);
        if let Some(&conversion) = text.get(at) {
            return Some((length, conversion, at + 1));
        }
        let loc = self.format_place(place.0, place.1 + start, place.2);
        self.lint(Warning::Format, loc, "spurious trailing ‘%’ in format");
        None
    }

    fn unknown_conversion(&mut self, conversion: u8, place: (StrId, usize, Loc), at: usize) -> bool {
        let loc = self.format_place(place.0, place.1 + at, place.2);
        let text = if conversion.is_ascii_graphic() {
            format!("unknown conversion type character ‘{}’ in format", conversion as char)
        } else {
            format!("unknown conversion type character 0x{conversion:x} in format")
        };
        self.lint(Warning::Format, loc, &text);
        false
    }

    fn check_star(&mut self, call: &CallFacts, what: &str, loc: Loc, arguments: &mut Arguments, limit: usize) {
        let number = arguments.next;
        arguments.next += 1;
        arguments.highest = arguments.highest.max(arguments.next);
        if limit == 0 {
            return;
        }
        if number >= limit {
            let text = format!("{what} expects a matching ‘int’ argument");
            return self.lint(Warning::Format, loc, &text);
        }
        let argument = NodeId(self.words[call.from + number]);
        let basic = self.types.integer(self.ty(argument));
        if !matches!(basic, Some(Basic::Int | Basic::UInt | Basic::Error)) {
            let shown = self.shown_argument(argument);
            let text = format!("{what} expects argument of type ‘int’, but argument {} has type {shown}", number + 1);
            self.lint(Warning::Format, loc, &text);
        }
    }

    #[expect(clippy::too_many_arguments, reason = "what a directive is checked against")]
    fn check_directive(
        &mut self,
        call: &CallFacts,
        text: &[u8],
        directive: &Directive,
        want: Want,
        place: (StrId, usize, Loc),
        arguments: &mut Arguments,
        limit: usize,
    ) {
        let number = arguments.next;
        arguments.next += 1;
        arguments.highest = arguments.highest.max(arguments.next);
        if limit == 0 {
            return;
        }
        let loc = self.format_place(place.0, place.1 + directive.end - 1, place.2);
        let spelled = String::from_utf8_lossy(&text[directive.start..directive.end]).into_owned();
        let wanted = wanted_name(want, directive);
        if number >= limit {
            let text = format!("format ‘{spelled}’ expects a matching {wanted} argument");
            return self.lint(Warning::Format, loc, &text);
        }
        let argument = NodeId(self.words[call.from + number]);
        let ty = self.ty(argument);
        if self.types.is_error(ty) || self.satisfies(ty, want, argument) {
            return self.check_stored(ty, want, number);
        }
        let shown = self.shown_argument(argument);
        let text = format!(
            "format ‘{spelled}’ expects argument of type {wanted}, but argument {} has type {shown}",
            number + 1
        );
        let range = self.range_of(argument);
        self.lint_with(Warning::Format, loc, &text, |diag| match range {
            Some(range) => diag.range(range),
            None => diag,
        });
    }

    /// What is written through must not be constant.
    fn check_stored(&mut self, ty: QualTy, want: Want, number: usize) {
        let writes = matches!(want, Want::Pointer(_) | Want::AddressPointer | Want::CharsPointer);
        if writes
            && let Some(to) = self.types.pointee(ty)
            && self.types.quals(to).has(Quals::CONST)
        {
            let loc = self.line_start(self.tok.pos);
            let text = format!("writing into constant object (argument {})", number + 1);
            self.lint(Warning::Format, loc, &text);
        }
    }

    fn satisfies(&self, ty: QualTy, want: Want, argument: NodeId) -> bool {
        let pointee = self.types.pointee(ty);
        let same_int = |have: Basic, want: Basic| {
            have == want
                || have.unsigned() == want.unsigned()
                    && (!self.pp.is_on(Warning::FormatSignedness) || self.is_nonnegative(argument, 0))
        };
        match want {
            Want::Int(want) => {
                let promoted = self.promoted_basic(want);
                self.types.integer(ty).is_some_and(|have| same_int(self.promoted_basic(have), promoted))
            }
            Want::Float(want) => self.types.arith(ty) == Some(want),
            Want::Address => pointee.is_some() || self.is_null_constant(argument),
            Want::Chars => pointee.is_some_and(|to| self.is_character(to)),
            Want::WideChars => {
                pointee.is_some_and(|to| self.types.integer(to).is_some_and(|basic| basic.unsigned() == Basic::UInt))
            }
            Want::Pointer(want) => pointee.is_some_and(|to| {
                self.types.arith(to).is_some_and(|have| {
                    if want.is_integer() {
                        have.is_integer() && (same_int(have, want) || is_char(have) && is_char(want))
                    } else {
                        have == want
                    }
                })
            }),
            Want::AddressPointer => pointee.is_some_and(|to| self.types.is_pointer(to)),
            Want::CharsPointer => pointee.and_then(|to| self.types.pointee(to)).is_some_and(|to| self.is_character(to)),
        }
    }

    fn is_character(&self, ty: QualTy) -> bool {
        self.types.integer(ty).is_some_and(is_char) && !matches!(self.types.get(ty), TypeData::Enum(_))
    }

    /// The text of an argument, as far as it is plain.
    pub(crate) fn range_of(&self, node: NodeId) -> Option<base::Span> {
        let start = self.start_of(node);
        if start.expansion != 0 || start.pos == Pos::NONE {
            return None;
        }
        let text = self.pp.map.bytes(start.pos, 200);
        let end = expression_end(text);
        Some(base::Span::new(start.pos, start.pos.offset(end as u32)))
    }
}

fn is_char(basic: Basic) -> bool {
    matches!(basic, Basic::Char | Basic::SChar | Basic::UChar)
}

/// Length of the expression that a text begins with: to a `,`, `)`, `;` or the line's end outside of brackets.
fn expression_end(text: &[u8]) -> usize {
    let (mut open, mut at) = (0u32, 0);
    while at < text.len() {
        match text[at] {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' if open == 0 => break,
            b')' | b']' | b'}' => open -= 1,
            b',' | b';' if open == 0 => break,
            b'\n' => break,
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < text.len() && text[at] != quote && text[at] != b'\n' {
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
            }
            _ => {}
        }
        at += 1;
    }
    let end = at.min(text.len());
    text[..end].trim_ascii_end().len()
}

/// Bytes of the escape sequence, or plain character, that a literal's text begins with.
fn escape_len(text: &[u8]) -> usize {
    match text {
        [b'\\', b'x', rest @ ..] => 2 + rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count(),
        [b'\\', b'u', ..] => 6.min(text.len()),
        [b'\\', b'U', ..] => 10.min(text.len()),
        [b'\\', b'0'..=b'7', rest @ ..] => {
            2 + rest.iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count()
        }
        [b'\\', _, ..] => 2,
        _ => 1,
    }
}

/// `12$`
fn number_and(text: &[u8], at: usize, sign: u8) -> Option<(usize, usize)> {
    let digits = text.get(at..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if digits == 0 || digits > 3 || text.get(at + digits) != Some(&sign) {
        return None;
    }
    let number = std::str::from_utf8(&text[at..at + digits]).ok()?.parse().ok()?;
    Some((number, at + digits + 1))
}

fn length_modifier(text: &[u8], at: usize) -> (Length, usize) {
    match (text.get(at), text.get(at + 1)) {
        (Some(b'h'), Some(b'h')) => (Length::Hh, at + 2),
        (Some(b'h'), _) => (Length::H, at + 1),
        (Some(b'l'), Some(b'l')) => (Length::Ll, at + 2),
        (Some(b'l'), _) => (Length::L, at + 1),
        (Some(b'q'), _) => (Length::Ll, at + 1),
        (Some(b'L'), _) => (Length::LongDouble, at + 1),
        (Some(b'j'), _) => (Length::J, at + 1),
        (Some(b'z' | b'Z'), _) => (Length::Z, at + 1),
        (Some(b't'), _) => (Length::T, at + 1),
        _ => (Length::None, at),
    }
}

/// The integer of a length, signed.
fn integer_of(length: Length) -> Option<Basic> {
    Some(match length {
        Length::None => Basic::Int,
        Length::Hh => Basic::SChar,
        Length::H => Basic::Short,
        Length::L => Basic::Long,
        Length::Ll => Basic::LLong,
        Length::J | Length::Z | Length::T => Basic::Long,
        Length::LongDouble => return None,
    })
}

fn printf_want(length: Length, conversion: u8) -> Option<Want> {
    Some(match (conversion, length) {
        (b'd' | b'i', _) => Want::Int(integer_of(length)?),
        (b'o' | b'u' | b'x' | b'X', _) => Want::Int(integer_of(length)?.unsigned()),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A', Length::LongDouble) => Want::Float(Basic::LongDouble),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A', _) => Want::Float(Basic::Double),
        (b'c', Length::L) => Want::Int(Basic::UInt),
        (b'C', _) => Want::Int(Basic::UInt),
        (b'c', _) => Want::Int(Basic::Int),
        (b's', Length::L) | (b'S', _) => Want::WideChars,
        (b's', _) => Want::Chars,
        (b'p', _) => Want::Address,
        (b'n', _) => Want::Pointer(integer_of(length)?),
        _ => return None,
    })
}

fn scanf_want(length: Length, conversion: u8, allocated: bool) -> Option<Want> {
    Some(match (conversion, length) {
        (b'd' | b'i' | b'n', _) => Want::Pointer(integer_of(length)?),
        (b'o' | b'u' | b'x' | b'X', _) => Want::Pointer(integer_of(length)?.unsigned()),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A', Length::None) => Want::Pointer(Basic::Float),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A', Length::L) => Want::Pointer(Basic::Double),
        (b'e' | b'E' | b'f' | b'F' | b'g' | b'G' | b'a' | b'A', Length::LongDouble) => Want::Pointer(Basic::LongDouble),
        (b'c' | b's' | b'[', Length::L) | (b'C' | b'S', _) => Want::WideChars,
        (b'c' | b's' | b'[', _) if allocated => Want::CharsPointer,
        (b'c' | b's' | b'[', _) => Want::Pointer(Basic::Char),
        (b'p', _) => Want::AddressPointer,
        _ => return None,
    })
}

/// What a directive expects, as gcc names it.
fn wanted_name(want: Want, directive: &Directive) -> String {
    let basic = |basic: Basic| match basic {
        Basic::SChar => "signed char",
        Basic::UChar => "unsigned char",
        Basic::Char => "char",
        Basic::Short => "short int",
        Basic::UShort => "short unsigned int",
        Basic::Int => "int",
        Basic::UInt => "unsigned int",
        Basic::Long => "long int",
        Basic::ULong => "long unsigned int",
        Basic::LLong => "long long int",
        Basic::ULLong => "long long unsigned int",
        Basic::Float => "float",
        Basic::Double => "double",
        _ => "long double",
    };
    let unsigned = matches!(directive.conversion, b'o' | b'u' | b'x' | b'X');
    let named = match (directive.length, unsigned) {
        (Length::J, false) => Some(("intmax_t", Some("long int"))),
        (Length::J, true) => Some(("uintmax_t", Some("long unsigned int"))),
        (Length::Z, false) => Some(("signed size_t", None)),
        (Length::Z, true) => Some(("size_t", None)),
        (Length::T, false) => Some(("ptrdiff_t", None)),
        (Length::T, true) => Some(("unsigned ptrdiff_t", None)),
        _ => None,
    };
    match want {
        Want::Int(_) | Want::Pointer(_) if named.is_some() => {
            let (name, _) = named.unwrap_or_default();
            let star = if matches!(want, Want::Pointer(_)) { " *" } else { "" };
            format!("‘{name}{star}’")
        }
        Want::Int(Basic::SChar | Basic::UChar | Basic::Short | Basic::UShort) => "‘int’".into(),
        Want::Int(Basic::UInt) if matches!(directive.conversion, b'c' | b'C') => "‘wint_t’".into(),
        Want::Int(want) | Want::Float(want) => format!("‘{}’", basic(want)),
        Want::Chars => "‘char *’".into(),
        Want::WideChars => "‘wchar_t *’".into(),
        Want::Address => "‘void *’".into(),
        Want::Pointer(want) => format!("‘{} *’", basic(want)),
        Want::AddressPointer => "‘void **’".into(),
        Want::CharsPointer => "‘char **’".into(),
    }
}
