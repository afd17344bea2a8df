//! Calls: null where none may be, sizes of pointers where objects were meant, arguments in the wrong order, formats.

use super::Object;
use crate::ast::NodeId;
use crate::attributes::{Format, FormatKind};
use crate::parse::{Loc, Parser};
use crate::types::{Basic, DeclId};
use crate::warnings::Warning;

/// A call as it was written.
pub(crate) struct CallFacts {
    pub decl: DeclId,
    /// Of the callee.
    pub loc: Loc,
    /// Arguments in [`Parser::words`], converted.
    pub from: usize,
}

/// Library functions that gcc knows without being told: name, format, pointers that must not be null (bit n: parameter n).
static LIBRARY: &[(&str, Option<Format>, u64)] = &[
    ("asprintf", printf(2, 3), 0b11),
    ("dprintf", printf(2, 3), 0b10),
    ("fprintf", printf(2, 3), 0b11),
    ("fputs", None, 0b11),
    ("fscanf", scanf(2, 3), 0b11),
    ("fwrite", None, 0b1001),
    ("memcmp", None, 0b11),
    ("memcpy", None, 0b11),
    ("memmove", None, 0b11),
    ("memset", None, 0b1),
    ("printf", printf(1, 2), 0b1),
    ("puts", None, 0b1),
    ("scanf", scanf(1, 2), 0b1),
    ("snprintf", printf(3, 4), 0b100),
    ("sprintf", printf(2, 3), 0b11),
    ("sscanf", scanf(2, 3), 0b11),
    ("strcat", None, 0b11),
    ("strchr", None, 0b1),
    ("strcmp", None, 0b11),
    ("strcpy", None, 0b11),
    ("strdup", None, 0b1),
    ("strftime", Some(Format { kind: FormatKind::Strftime, number: 3, first: 0 }), 0b100),
    ("strlen", None, 0b1),
    ("strncat", None, 0b11),
    ("strncmp", None, 0b11),
    ("strncpy", None, 0b11),
    ("strrchr", None, 0b1),
    ("strstr", None, 0b11),
    ("vasprintf", printf(2, 0), 0b11),
    ("vfprintf", printf(2, 0), 0b11),
    ("vfscanf", scanf(2, 0), 0b11),
    ("vprintf", printf(1, 0), 0b1),
    ("vscanf", scanf(1, 0), 0b1),
    ("vsnprintf", printf(3, 0), 0b100),
    ("vsprintf", printf(2, 0), 0b11),
    ("vsscanf", scanf(2, 0), 0b11),
];

const fn printf(number: u8, first: u8) -> Option<Format> {
    Some(Format { kind: FormatKind::Printf, number, first })
}

const fn scanf(number: u8, first: u8) -> Option<Format> {
    Some(Format { kind: FormatKind::Scanf, number, first })
}

/// Where the arguments of a library function's format begin (from 1).
pub(crate) fn library_first(name: &str) -> u8 {
    let row = LIBRARY.binary_search_by(|row| row.0.cmp(name)).ok();
    row.and_then(|row| LIBRARY[row].1).map_or(1, |format| format.first)
}

/// Functions that take a size last of what they write to (and read from).
static MEMORY: &[(&str, usize, Option<usize>, usize)] = &[
    ("memset", 0, None, 2),
    ("memcpy", 0, Some(1), 2),
    ("memmove", 0, Some(1), 2),
    ("memcmp", 0, Some(1), 2),
    ("strncpy", 0, Some(1), 2),
    ("strncat", 0, Some(1), 2),
    ("strncmp", 0, Some(1), 2),
    ("snprintf", 0, None, 1),
    ("vsnprintf", 0, None, 1),
    ("bzero", 0, None, 1),
];

impl Parser<'_> {
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_call(&mut self, call: &CallFacts) {
        let data = &self.unit.decls[call.decl];
        let (mut format, mut nonnull, pos) = (data.format, data.nonnull, data.pos);
        let global = data.linkage == crate::ast::Linkage::External;
        let name = self.text(data.name);
        let plain = name.strip_prefix("__builtin_").unwrap_or(&name).to_string();
        let mut built_in = false;
        if global && let Ok(row) = LIBRARY.binary_search_by(|row| row.0.cmp(&plain)) {
            format = format.or(LIBRARY[row].1);
            built_in = LIBRARY[row].2 & !nonnull != 0;
            nonnull |= LIBRARY[row].2;
        }
        if self.unevaluated == 0 && nonnull != 0 {
            self.lint_nonnull(call, nonnull, &name, built_in, pos);
        }
        if let Some(format) = format {
            self.lint_format(call, format);
        }
        if !global {
            return;
        }
        if plain == "memset" {
            self.lint_memset(call);
        }
        if let Some(row) = MEMORY.iter().find(|row| row.0 == plain) {
            self.lint_memory(call, row, &name);
        }
        if matches!(plain.as_str(), "abs" | "labs" | "llabs" | "fabs" | "fabsf" | "fabsl") {
            self.lint_absolute(call, &plain);
        }
    }

    /// Argument `number` (from 0).
    fn call_argument(&self, call: &CallFacts, number: usize) -> Option<NodeId> {
        self.words.get(call.from + number).map(|&word| NodeId(word))
    }

    fn lint_nonnull(&mut self, call: &CallFacts, nonnull: u64, name: &str, built_in: bool, pos: base::Pos) {
        let n_args = (self.words.len() - call.from).min(64);
        for number in 0..n_args {
            let Some(argument) = self.call_argument(call, number) else { return };
            let null = nonnull >> number & 1 != 0
                && self.types.is_pointer(self.ty(argument))
                && self.op(argument) == crate::ast::NodeOp::IntConst
                && self.ast.nodes[argument].int_value() == 0;
            if !null {
                continue;
            }
            let loc = self.loc_of(argument);
            let text = format!("argument {} null where non-null expected", number + 1);
            let (place, note) = if built_in || pos.is_none() {
                (loc.pos, format!("in a call to built-in function ‘{name}’"))
            } else {
                (pos, format!("in a call to function ‘{name}’ declared ‘nonnull’"))
            };
            self.lint_note(Warning::Nonnull, loc, &text, place, &note);
        }
    }

    fn lint_memset(&mut self, call: &CallFacts) {
        let (Some(value), Some(size)) = (self.call_argument(call, 1), self.call_argument(call, 2)) else { return };
        if self.is_literal_zero(size) && !self.is_literal_zero(value) {
            let text = "‘memset’ used with constant zero length parameter; this could be due to transposed parameters";
            self.lint(Warning::MemsetTransposedArgs, call.loc, text);
        }
    }

    /// A zero that was written as one: `0`, `0L`, `'\\0'`.
    fn is_literal_zero(&self, node: NodeId) -> bool {
        let text = self.pp.map.bytes(self.ast.nodes[node].pos, 2);
        self.int_value(node) == Some(0) && matches!(text, [b'0' | b'\'', ..] | [b'L' | b'u' | b'U', b'\''])
    }

    /// `memset (p, 0, sizeof p)`.
    fn lint_memory(&mut self, call: &CallFacts, row: &(&str, usize, Option<usize>, usize), name: &str) {
        if !self.pp.is_on(Warning::SizeofPointerMemaccess) {
            return;
        }
        let Some(size) = self.call_argument(call, row.3) else { return };
        let Some(of) = self.sizeofs.iter().rev().find(|of| of.node == size).copied() else { return };
        let Some(element) = self.types.pointee(of.ty) else { return };
        if of.is_type || of.pointee {
            return;
        }
        let Some(object) = of.object else { return };
        let sides = [(Some(row.1), "destination"), (row.2, "source")];
        for (number, word) in sides {
            let Some(argument) = number.and_then(|number| self.call_argument(call, number)) else { continue };
            if self.object_of(self.bare(argument)) != Some(object) || !self.is_plain_load(argument) {
                continue;
            }
            let word = if matches!(row.0, "memcmp" | "strncmp") {
                if number == Some(0) { "first source" } else { "second source" }
            } else {
                word
            };
            let advice = if self.types.size(element) == Some(1) || self.types.is_void(element) {
                "provide an explicit length"
            } else {
                "dereference it"
            };
            let text = format!(
                "argument to ‘sizeof’ in ‘{name}’ call is the same expression as the {word}; did you mean to {advice}?"
            );
            return self.lint(Warning::SizeofPointerMemaccess, Loc::at(of.pos), &text);
        }
    }

    fn is_plain_load(&self, node: NodeId) -> bool {
        use crate::ast::NodeOp;
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::PtrCast | NodeOp::NopCast => self.is_plain_load(NodeId(data.a)),
            NodeOp::Load => matches!(self.object_of(NodeId(data.a)), Some(Object::Local(_) | Object::Decl(_))),
            _ => false,
        }
    }

    /// `abs (d)` of a double, `fabs (i)` of an integer.
    fn lint_absolute(&mut self, call: &CallFacts, name: &str) {
        let Some(argument) = self.call_argument(call, 0) else { return };
        if self.words.len() != call.from + 1 || self.int_value(argument).is_some() {
            return;
        }
        let before = self.bare_once(argument);
        let (from, to) = (self.ty(before), self.ty(argument));
        let (Some(source), Some(target)) = (self.types.arith(from), self.types.arith(to)) else { return };
        if source == target {
            return;
        }
        let shown = self.quoted(self.types.unqualified(from));
        let integer = matches!(name, "abs" | "labs" | "llabs");
        let text = if integer && source.is_float() {
            format!("using integer absolute value function ‘{name}’ when argument is of floating-point type {shown}")
        } else if integer && !self.types.is_signed(source) && self.types.bits(source) >= self.types.bits(Basic::Int) {
            format!("taking the absolute value of unsigned type {shown} has no effect")
        } else if integer && self.types.bits(source) > self.types.bits(target) {
            format!(
                "absolute value function ‘{name}’ given an argument of type {shown} but has parameter of type {} which may cause truncation of value",
                self.quoted(to)
            )
        } else if !integer && source.is_integer() {
            format!("using floating-point absolute value function ‘{name}’ when argument is of integer type {shown}")
        } else if !integer && self.types.size(from) > self.types.size(to) {
            format!(
                "absolute value function ‘{name}’ given an argument of type {shown} but has parameter of type {} which may cause truncation of value",
                self.quoted(to)
            )
        } else {
            return;
        };
        self.lint(Warning::AbsoluteValue, call.loc, &text);
    }

    /// Below the last conversion.
    fn bare_once(&self, node: NodeId) -> NodeId {
        use crate::ast::NodeOp;
        let data = &self.ast.nodes[node];
        match data.op {
            NodeOp::IntCast | NodeOp::FloatToInt | NodeOp::IntToFloat | NodeOp::FloatCast => NodeId(data.a),
            _ => node,
        }
    }

    /// The pointer or arithmetic type of an argument as messages name it.
    pub(crate) fn shown_argument(&self, node: NodeId) -> String {
        self.quoted(self.types.unqualified(self.ty(node)))
    }
}
