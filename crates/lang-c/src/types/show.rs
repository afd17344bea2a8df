//! Types as messages name them, in gcc's words: `int (*)(const char *)`, `‘FILE *’ {aka ‘struct _IO_FILE *’}`.

use super::{ArrayLen, Basic, FunctionShape, QualTy, Quals, TypeData, Types};
use base::Names;
use base::ids::Id;
use std::fmt::Write;

/// Spellings of the basic types, in order of their ids.
static BASIC_NAMES: [&str; Basic::Count as usize] = [
    "<error>",
    "void",
    "_Bool",
    "char",
    "signed char",
    "unsigned char",
    "short int",
    "short unsigned int",
    "int",
    "unsigned int",
    "long int",
    "long unsigned int",
    "long long int",
    "long long unsigned int",
    "__int128",
    "__int128 unsigned",
    "float",
    "double",
    "long double",
    "_Float128",
    "_Complex float",
    "_Complex double",
    "_Complex long double",
    "_Complex _Float128",
    "_Complex char",
    "_Complex signed char",
    "_Complex unsigned char",
    "_Complex short int",
    "_Complex short unsigned int",
    "_Complex int",
    "_Complex unsigned int",
    "_Complex long int",
    "_Complex long unsigned int",
    "_Complex long long int",
    "_Complex long long unsigned int",
    "_Complex __int128",
    "_Complex __int128 unsigned",
];

impl Types {
    /// The type in quotes, with what its typedef names stand for.
    pub fn quoted(&self, names: &Names, ty: QualTy) -> String {
        let shown = self.show(names, ty);
        let deep = self.show(names, self.deep(ty));
        if shown == deep || deep.contains("<anonymous>") {
            format!("‘{shown}’")
        } else {
            format!("‘{shown}’ {{aka ‘{deep}’}}")
        }
    }

    /// The type as it would be written in a cast.
    pub fn show(&self, names: &Names, ty: QualTy) -> String {
        self.show_around(names, ty, String::new(), 0)
    }

    /// `inner` is the declarator so far.
    fn show_around(&self, names: &Names, ty: QualTy, inner: String, depth: u32) -> String {
        if depth > 64 {
            return "...".into();
        }
        match self.data[ty.ty()] {
            TypeData::Pointer(to) => {
                let mut text = format!("*{}{inner}", qualifiers(ty.quals(), !inner.is_empty()));
                if matches!(self.data[to.ty()], TypeData::Array { .. } | TypeData::Function { .. }) {
                    text = format!("({text})");
                }
                self.show_around(names, to, text, depth + 1)
            }
            TypeData::Array { element, len } => {
                let mut text = inner;
                let _ = match len {
                    ArrayLen::Fixed(n) => write!(text, "[{n}]"),
                    ArrayLen::Big(at) => write!(text, "[{}]", self.big_lens[at as usize]),
                    ArrayLen::Star => write!(text, "[*]"),
                    ArrayLen::Variable(_) => write!(text, "[<variable>]"),
                    ArrayLen::Incomplete => write!(text, "[]"),
                };
                self.show_around(names, element.with(ty.quals()), text, depth + 1)
            }
            TypeData::Function { ret, params, n_params, shape } => {
                let list = self.params(params, n_params);
                let mut text = inner;
                text.push('(');
                for (idx, &param) in list.iter().enumerate() {
                    if shape == FunctionShape::Unprototyped {
                        break;
                    }
                    if idx > 0 {
                        text.push_str(", ");
                    }
                    text.push_str(&self.show_around(names, param, String::new(), depth + 1));
                }
                match shape {
                    FunctionShape::Prototype if list.is_empty() => text.push_str("void"),
                    FunctionShape::Variadic => text.push_str(", ..."),
                    _ => {}
                }
                text.push(')');
                self.show_around(names, ret, text, depth + 1)
            }
            _ => {
                let mut text = qualifiers(ty.quals(), true);
                text.push_str(&self.base_name(names, ty));
                // gcc sets a blank before `*` and `(*`, none before a parameter list or brackets.
                if inner.starts_with('*') || inner.starts_with("(*") {
                    text.push(' ');
                }
                text.push_str(&inner);
                text
            }
        }
    }

    fn base_name(&self, names: &Names, ty: QualTy) -> String {
        let tagged = |word: &str, tag: base::Name| {
            if tag.is_none() { format!("{word} <anonymous>") } else { format!("{word} {}", names.display(tag)) }
        };
        match self.data[ty.ty()] {
            TypeData::Basic(basic) => BASIC_NAMES[basic as usize].into(),
            TypeData::Record(id) => {
                let record = &self.records[id];
                tagged(if record.union { "union" } else { "struct" }, record.tag)
            }
            TypeData::Enum(id) => tagged("enum", self.enums[id].tag),
            TypeData::Typedef { name, .. } => names.display(name).into_owned(),
            TypeData::Vector { element, n } => {
                let size = self.size(QualTy::plain(element)).unwrap_or(0) * u64::from(n);
                format!("__vector({n}) {} /* {size} bytes */", self.show(names, QualTy::plain(element)))
            }
            TypeData::Pointer(_) | TypeData::Array { .. } | TypeData::Function { .. } => {
                unreachable!("shown by the caller")
            }
        }
    }
}

fn qualifiers(quals: Quals, blank: bool) -> String {
    let mut text = String::new();
    let words = [
        (Quals::ATOMIC, "_Atomic"),
        (Quals::CONST, "const"),
        (Quals::VOLATILE, "volatile"),
        (Quals::RESTRICT, "restrict"),
    ];
    for (qual, word) in words {
        if quals.has(qual) {
            if blank {
                text.push_str(word);
                text.push(' ');
            } else {
                text.push(' ');
                text.push_str(word);
            }
        }
    }
    text
}
