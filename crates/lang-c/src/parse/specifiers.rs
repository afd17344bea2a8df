//! Declaration specifiers (6.7.1 to 6.7.5) and type names (6.7.7).

use super::{Cell, Loc, Meaning, Parser, Space};
use crate::attributes::Attributes;
use crate::check::suggest;
use crate::check::vector::{is_vector_element, vector_mode};
use crate::token::Tok;
use crate::types::{Basic, QualTy, Quals, TyId, TypeData};
use base::ids::Id;
use base::{Name, Pos};

/// A storage class.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Storage {
    None,
    Typedef,
    Extern,
    Static,
    Auto,
    Register,
}

/// What declaration specifiers say.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Specifiers {
    pub ty: QualTy,
    pub storage: Storage,
    pub storage_loc: Loc,
    pub thread_local: bool,
    pub inline: bool,
    pub noreturn: bool,
    /// `_Alignas`, in bytes; 0 for none.
    pub alignas: u32,
    pub attributes: Attributes,
    pub loc: Loc,
    /// A tag was declared or an enumeration defined: a declaration without declarators means something.
    pub declares_tag: bool,
    /// No type specifier was there: `int` by default.
    pub implicit_int: bool,
    /// `__auto_type`.
    pub auto_type: bool,
}

impl Specifiers {
    /// None so far, before the token at `loc`.
    #[inline(always)]
    pub(crate) fn none(loc: Loc) -> Specifiers {
        Specifiers {
            ty: Basic::Int.qual(),
            storage: Storage::None,
            storage_loc: loc,
            thread_local: false,
            inline: false,
            noreturn: false,
            alignas: 0,
            attributes: Attributes::NONE,
            loc,
            declares_tag: false,
            implicit_int: false,
            auto_type: false,
        }
    }
}

/// Bits of the words that make up a basic type.
mod word {
    pub const VOID: u32 = 1;
    pub const BOOL: u32 = 1 << 1;
    pub const CHAR: u32 = 1 << 2;
    pub const SHORT: u32 = 1 << 3;
    pub const INT: u32 = 1 << 4;
    pub const LONG: u32 = 1 << 5;
    pub const LLONG: u32 = 1 << 6;
    pub const SIGNED: u32 = 1 << 7;
    pub const UNSIGNED: u32 = 1 << 8;
    pub const FLOAT: u32 = 1 << 9;
    pub const DOUBLE: u32 = 1 << 10;
    pub const COMPLEX: u32 = 1 << 11;
    pub const INT128: u32 = 1 << 12;
    pub const FLOAT128: u32 = 1 << 13;
}

impl Parser<'_> {
    /// Does the token at hand start a type name?
    #[inline]
    pub(crate) fn at_type(&self) -> bool {
        self.starts_type(self.tok.kind, self.tok.value)
    }

    #[inline]
    pub(crate) fn starts_type(&self, kind: Tok, value: u32) -> bool {
        match kind {
            Tok::Identifier => self.lookup(Space::Ordinary, Name(value)).meaning == Meaning::Typedef,
            _ => is_type_word(kind),
        }
    }

    /// Does the token at hand start a declaration?
    #[inline]
    pub(crate) fn at_declaration(&self) -> bool {
        match self.tok.kind {
            Tok::Identifier => self.lookup(Space::Ordinary, Name(self.tok.value)).meaning == Meaning::Typedef,
            Tok::KwTypedef
            | Tok::KwExtern
            | Tok::KwStatic
            | Tok::KwAuto
            | Tok::KwRegister
            | Tok::KwThreadLocal
            | Tok::KwInline
            | Tok::KwNoreturn
            | Tok::KwAlignas
            | Tok::KwAutoType
            // `[[…]]`: nothing else begins so.
            | Tok::LBracket
            | Tok::KwStaticAssert => true,
            kind => is_type_word(kind),
        }
    }

    /// Specifiers and qualifiers up to the declarator. `storage_ok`: storage classes may stand here. The caller makes
    /// `specs`, from [`Specifiers::none`]: a large result would be copied.
    pub(crate) fn specifiers(&mut self, storage_ok: bool, specs: &mut Specifiers) {
        let mut words = 0u32;
        let mut quals = Quals::NONE;
        // A whole type: a tag, a typedef name, typeof.
        let mut whole: Option<QualTy> = None;
        loop {
            let kind = self.tok.kind;
            match kind {
                Tok::Identifier => {
                    if words != 0 || whole.is_some() || specs.auto_type {
                        break;
                    }
                    let name = Name(self.tok.value);
                    let cell = self.lookup(Space::Ordinary, name);
                    if cell.meaning == Meaning::Typedef {
                        whole = Some(QualTy::plain(TyId(cell.value)));
                        if !self.local_typedefs.is_empty() {
                            self.local_typedefs.retain(|row| row.0 != TyId(cell.value));
                        }
                        self.bump();
                        continue;
                    }
                    if let Some(ty) = self.unknown_type_name(cell, storage_ok, specs) {
                        whole = Some(ty);
                        continue;
                    }
                    break;
                }
                Tok::KwConst => quals = quals.with(Quals::CONST),
                Tok::KwVolatile => quals = quals.with(Quals::VOLATILE),
                Tok::KwRestrict => quals = quals.with(Quals::RESTRICT),
                Tok::KwInt => self.word(&mut words, word::INT, whole),
                Tok::KwChar => self.word(&mut words, word::CHAR, whole),
                Tok::KwVoid => self.word(&mut words, word::VOID, whole),
                Tok::KwUnsigned => self.word(&mut words, word::UNSIGNED, whole),
                Tok::KwSigned => self.word(&mut words, word::SIGNED, whole),
                Tok::KwShort => self.word(&mut words, word::SHORT, whole),
                Tok::KwLong => {
                    if words & word::LLONG != 0 {
                        let loc = self.loc();
                        self.error(loc, "‘long long long’ is too long for GCC");
                    } else if words & word::LONG != 0 {
                        words = words & !word::LONG | word::LLONG;
                    } else {
                        self.word(&mut words, word::LONG, whole);
                    }
                }
                // `typedef float _Float32;` of headers that take the compiler for one without these keywords.
                Tok::KwFloat32 | Tok::KwFloat64 | Tok::KwFloat32x | Tok::KwFloat64x | Tok::KwFloat128
                    if words & !word::COMPLEX != 0 && specs.storage == Storage::Typedef =>
                {
                    specs.declares_tag = true;
                    specs.storage = Storage::Extern;
                }
                Tok::KwFloat | Tok::KwFloat32 => self.word(&mut words, word::FLOAT, whole),
                Tok::KwDouble | Tok::KwFloat64 | Tok::KwFloat32x => self.word(&mut words, word::DOUBLE, whole),
                Tok::KwFloat64x => self.word(&mut words, word::DOUBLE | word::LONG, whole),
                Tok::KwBool => self.word(&mut words, word::BOOL, whole),
                Tok::KwComplex => self.word(&mut words, word::COMPLEX, whole),
                Tok::KwInt128 => self.word(&mut words, word::INT128, whole),
                Tok::KwUInt128 => self.word(&mut words, word::INT128 | word::UNSIGNED, whole),
                Tok::KwFloat128 => self.word(&mut words, word::FLOAT128, whole),
                Tok::KwFloat16 | Tok::KwImaginary => {
                    let loc = self.loc();
                    let text = format!("‘{}’ is not supported yet", self.tok.kind.text());
                    self.error(loc, &text);
                    whole = Some(Basic::Error.qual());
                }
                Tok::KwStruct | Tok::KwUnion => {
                    self.no_second_type(words, whole);
                    let (ty, declares) = self.record_specifier();
                    whole = Some(ty);
                    specs.declares_tag |= declares;
                    continue;
                }
                Tok::KwEnum => {
                    self.no_second_type(words, whole);
                    whole = Some(self.enum_specifier());
                    specs.declares_tag = true;
                    continue;
                }
                Tok::KwTypeof => {
                    self.no_second_type(words, whole);
                    whole = Some(self.typeof_specifier());
                    continue;
                }
                Tok::KwAtomic => {
                    self.bump();
                    if self.at(Tok::LParen) && words == 0 && whole.is_none() {
                        self.bump();
                        let ty = self.type_name();
                        self.expect(Tok::RParen);
                        whole = Some(ty);
                    }
                    quals = quals.with(Quals::ATOMIC);
                    continue;
                }
                Tok::KwAttribute => {
                    self.attributes(&mut specs.attributes);
                    continue;
                }
                Tok::LBracket if self.peek().kind == Tok::LBracket => {
                    self.standard_attributes(&mut specs.attributes);
                    continue;
                }
                Tok::KwExtension => {}
                _ if storage_ok => {
                    if self.storage_word(kind, specs) {
                        continue;
                    }
                    break;
                }
                _ => break,
            }
            self.bump();
        }
        let mut ty = match whole {
            Some(ty) => ty,
            None if words == 0 => {
                specs.implicit_int = true;
                Basic::Int.qual()
            }
            None => self.basic_of(words, specs.loc).qual(),
        };
        if quals != Quals::NONE {
            ty = self.types.qualify(ty, quals);
        }
        specs.ty = ty;
        if specs.attributes.mode.some().is_some() || specs.attributes.vector_size != 0 {
            let attributes = specs.attributes;
            specs.ty = self.machine_type(specs.ty, &attributes, specs.loc);
            specs.attributes.mode = Name::NONE;
            specs.attributes.vector_size = 0;
        }
    }

    /// Storage classes and function specifiers. False: the token is none.
    fn storage_word(&mut self, kind: Tok, specs: &mut Specifiers) -> bool {
        let loc = self.loc();
        let storage = match kind {
            Tok::KwTypedef => Storage::Typedef,
            Tok::KwExtern => Storage::Extern,
            Tok::KwStatic => Storage::Static,
            Tok::KwAuto => Storage::Auto,
            Tok::KwRegister => Storage::Register,
            Tok::KwThreadLocal => {
                specs.thread_local = true;
                self.bump();
                return true;
            }
            Tok::KwInline => {
                specs.inline = true;
                self.bump();
                return true;
            }
            Tok::KwNoreturn => {
                specs.noreturn = true;
                self.bump();
                return true;
            }
            Tok::KwAlignas => {
                self.alignas(specs);
                return true;
            }
            Tok::KwAutoType => {
                specs.auto_type = true;
                self.bump();
                return true;
            }
            _ => return false,
        };
        if specs.storage == storage && storage != Storage::None {
            let text = format!("duplicate ‘{}’", kind.text());
            self.error(loc, &text);
        } else if specs.storage != Storage::None {
            self.error(loc, "multiple storage classes in declaration specifiers");
        }
        specs.storage = storage;
        specs.storage_loc = loc;
        self.bump();
        true
    }

    pub(super) fn alignas(&mut self, specs: &mut Specifiers) {
        let loc = self.loc();
        self.bump();
        if !self.expect(Tok::LParen) {
            return;
        }
        if self.at_type() {
            let (ty, align) = self.type_name_aligned();
            specs.alignas = specs.alignas.max(self.types.align(ty)).max(align);
        } else if let Some(value) = self.constant_expression("requested alignment is not an integer constant") {
            match value {
                0 => {}
                v if v > 0 && v & (v - 1) == 0 && v <= 1 << 28 => specs.alignas = specs.alignas.max(v as u32),
                _ => self.error(loc, "requested alignment is not a positive power of 2"),
            }
        }
        self.expect(Tok::RParen);
    }

    #[inline]
    fn word(&mut self, words: &mut u32, bit: u32, whole: Option<QualTy>) {
        if *words & bit != 0 || whole.is_some() {
            return self.bad_word(*words & bit != 0);
        }
        if *words != 0 {
            self.last_word = self.loc();
        }
        *words |= bit;
    }

    #[cold]
    fn bad_word(&mut self, duplicate: bool) {
        let loc = self.loc();
        // `struct s { … }` without its `;` in front of the next declaration.
        if !duplicate
            && self.tok.flags.has(crate::token::TokenFlags::LINE_START)
            && self.pp.map.bytes(self.previous().pos, 1) == b"}"
        {
            return self.missing("expected ‘;’, identifier or ‘(’");
        }
        let text = if duplicate {
            format!("duplicate ‘{}’", self.tok.kind.text())
        } else {
            "two or more data types in declaration specifiers".into()
        };
        self.error(loc, &text);
    }

    fn no_second_type(&mut self, words: u32, whole: Option<QualTy>) {
        if words != 0 || whole.is_some() {
            let loc = self.loc();
            self.error(loc, "two or more data types in declaration specifiers");
        }
    }

    fn basic_of(&mut self, words: u32, loc: Loc) -> Basic {
        use word::*;
        match words {
            VOID => Basic::Void,
            BOOL => Basic::Bool,
            CHAR => Basic::Char,
            w if w == CHAR | SIGNED => Basic::SChar,
            w if w == CHAR | UNSIGNED => Basic::UChar,
            FLOAT => Basic::Float,
            DOUBLE => Basic::Double,
            w if w == DOUBLE | LONG => Basic::LongDouble,
            FLOAT128 => Basic::Float128,
            w if w == FLOAT | COMPLEX => Basic::ComplexFloat,
            w if w == DOUBLE | COMPLEX || w == COMPLEX => Basic::ComplexDouble,
            w if w == DOUBLE | LONG | COMPLEX => Basic::ComplexLongDouble,
            w if w == FLOAT128 | COMPLEX => Basic::ComplexFloat128,
            INT128 => Basic::Int128,
            w if w == INT128 | SIGNED => Basic::Int128,
            w if w == INT128 | UNSIGNED => Basic::UInt128,
            w => match w & !INT & !SIGNED {
                0 => Basic::Int,
                SHORT => Basic::Short,
                LONG => Basic::Long,
                LLONG => Basic::LLong,
                UNSIGNED => Basic::UInt,
                w if w == SHORT | UNSIGNED && words & SIGNED == 0 => Basic::UShort,
                w if w == LONG | UNSIGNED && words & SIGNED == 0 => Basic::ULong,
                w if w == LLONG | UNSIGNED && words & SIGNED == 0 => Basic::ULLong,
                w => self.bad_words(w | words, loc),
            },
        }
    }

    #[cold]
    fn bad_words(&mut self, words: u32, loc: Loc) -> Basic {
        if words & word::COMPLEX != 0
            && words & (word::FLOAT | word::DOUBLE | word::FLOAT128 | word::BOOL | word::VOID) == 0
        {
            // GNU: of two integers.
            let part = self.basic_of(words & !word::COMPLEX, loc);
            return if part == Basic::Error { part } else { part.complex() };
        }
        if words & word::SIGNED != 0 && words & word::UNSIGNED != 0 {
            self.error(self.last_word, "both ‘signed’ and ‘unsigned’ in declaration specifiers");
        } else if words & word::LONG != 0 && words & word::SHORT != 0 {
            self.error(self.last_word, "both ‘long’ and ‘short’ in declaration specifiers");
        } else {
            self.error(self.last_word, "two or more data types in declaration specifiers");
        }
        Basic::Error
    }

    /// An identifier that is no type where a type must stand: `foo x;`. `None`: it is a declarator (implicit int).
    fn unknown_type_name(&mut self, cell: Cell, storage_ok: bool, specs: &Specifiers) -> Option<QualTy> {
        let next = self.peek();
        let looks_like_type = match next.kind {
            Tok::Identifier => true,
            Tok::Star => storage_ok && cell.meaning == Meaning::Nothing,
            kind => !storage_ok && (is_type_word(kind) || kind == Tok::Star),
        };
        let plain = specs.storage == Storage::None || next.kind == Tok::Identifier || next.kind == Tok::Star;
        if !looks_like_type || !plain {
            return None;
        }
        self.report_unknown_type();
        self.bump();
        Some(Basic::Error.qual())
    }

    #[cold]
    pub(super) fn report_unknown_type(&mut self) {
        let token = self.tok;
        let loc = self.loc();
        let name = Name(token.value);
        let mut text = format!("unknown type name ‘{}’", self.text(name));
        let tag = self.lookup(Space::Tag, name).meaning;
        let mut meant = None;
        match tag {
            Meaning::Record | Meaning::Enum => {
                let word = if tag == Meaning::Record { "struct" } else { "enum" };
                text.push_str(&format!("; use ‘{word}’ keyword to refer to the type"));
                let place = base::Span::at(loc.pos);
                return self.error_with(loc, &text, |diag| {
                    if loc.expansion == 0 { diag.fixit(place, format!("{word} ")) } else { diag }
                });
            }
            _ => {
                if let Some(header) = suggest::header_of(self.pp.names.text(name)) {
                    let note = suggest::header_note(&self.text(name), header);
                    let place = self.header_place(header, loc);
                    return self.error_note(loc, &text, place, &note);
                }
                if let Some(other) = self.similar_name(name, true) {
                    text.push_str(&format!("; did you mean ‘{other}’?"));
                    meant = Some(other);
                }
            }
        }
        self.error_with(loc, &text, |diag| crate::check::call::meant_instead(diag, loc, meant));
    }

    /// `typeof (expression)`, `typeof (type)`.
    fn typeof_specifier(&mut self) -> QualTy {
        self.bump();
        if !self.expect(Tok::LParen) || !self.enter() {
            return Basic::Error.qual();
        }
        let ty = if self.at_type() {
            self.type_name()
        } else {
            let before = self.ast.nodes.len();
            self.unevaluated += 1;
            let node = self.expression_any();
            self.unevaluated -= 1;
            let ty = self.ty(node);
            if !self.types.is_variably_modified(ty) {
                self.ast.nodes.truncate(before);
            }
            ty
        };
        self.leave();
        self.expect(Tok::RParen);
        ty
    }

    /// A type name (6.7.7): specifiers and an abstract declarator.
    pub(crate) fn type_name(&mut self) -> QualTy {
        self.type_name_aligned().0
    }

    /// A type name, and the alignment that an attribute in it asks for (0: none).
    pub(super) fn type_name_aligned(&mut self) -> (QualTy, u32) {
        if !self.at_type() {
            if self.at(Tok::Identifier) {
                self.report_unknown_type();
                self.bump();
                return (Basic::Error.qual(), 0);
            }
            self.missing("expected specifier-qualifier-list");
            return (Basic::Error.qual(), 0);
        }
        let loc = self.loc();
        let mut specs = Specifiers::none(self.loc());
        self.specifiers(false, &mut specs);
        let attributes = &specs.attributes;
        if attributes.mode.some().is_some() || attributes.vector_size != 0 {
            specs.ty = self.machine_type(specs.ty, &specs.attributes, loc);
        }
        if self.at(Tok::RParen) {
            return (specs.ty, specs.attributes.align);
        }
        let (ty, name, _) = self.declarator_type(specs.ty);
        if name.some().is_some() {
            let loc = self.loc();
            self.syntax_error(loc, "expected ‘)’ before identifier");
        }
        (ty, specs.attributes.align)
    }

    /// `mode(…)` and `vector_size(…)`.
    pub(super) fn machine_type(&mut self, ty: QualTy, attributes: &Attributes, loc: Loc) -> QualTy {
        let mut ty = ty;
        if let Some(mode) = attributes.mode.some() {
            let unsigned = self.types.integer(ty).is_some_and(|b| !self.types.is_signed(b));
            let text = String::from_utf8_lossy(self.pp.names.text(mode)).trim_matches('_').to_string();
            let pointer = self.types.layout.pointer.size;
            let basic = match text.as_str() {
                "QI" | "byte" => Some(Basic::SChar),
                "HI" => Some(Basic::Short),
                "SI" => Some(Basic::Int),
                "DI" => Some(self.types.signed_of_size(8)),
                "TI" => Some(Basic::Int128),
                "word" | "pointer" | "unwind_word" => Some(self.types.signed_of_size(pointer)),
                "SF" => Some(Basic::Float),
                "DF" => Some(Basic::Double),
                "XF" => Some(Basic::LongDouble),
                "TF" => Some(Basic::Float128),
                "SC" => Some(Basic::ComplexFloat),
                "DC" => Some(Basic::ComplexDouble),
                "XC" => Some(Basic::ComplexLongDouble),
                "TC" => Some(Basic::ComplexFloat128),
                "CQI" => Some(Basic::ComplexSChar),
                "CHI" => Some(Basic::ComplexShort),
                "CSI" => Some(Basic::ComplexInt),
                "CDI" => Some(self.types.signed_of_size(8).complex()),
                "CTI" => Some(Basic::ComplexInt128),
                _ => None,
            };
            if let Some((n, element)) = vector_mode(&text) {
                return self.vector_of_mode(ty, n, element, attributes, loc);
            }
            match basic {
                Some(basic) => {
                    let basic = if unsigned { basic.unsigned() } else { basic };
                    ty = basic.qual().with(ty.quals());
                }
                None => {
                    let text = format!("unknown machine mode ‘{text}’");
                    self.error(loc, &text);
                }
            }
        }
        if attributes.vector_size != 0 {
            ty = self.vector_within(ty, attributes.vector_size, loc);
        }
        ty
    }

    /// `vector_size` is for the innermost type: that which is pointed to, returned, or an array's element.
    fn vector_within(&mut self, ty: QualTy, bytes: u32, loc: Loc) -> QualTy {
        match self.types.get(ty) {
            TypeData::Pointer(to) => {
                let to = self.vector_within(to, bytes, loc);
                self.types.pointer(to).with(ty.quals())
            }
            TypeData::Array { element, len } => {
                let element = self.vector_within(element, bytes, loc);
                QualTy::plain(self.types.add(TypeData::Array { element, len }))
            }
            TypeData::Function { ret, params, n_params, shape } => {
                let ret = self.vector_within(ret, bytes, loc);
                let params = self.types.params(params, n_params).to_vec();
                self.types.function(ret, &params, shape)
            }
            _ => {
                let size = self.types.size(ty).unwrap_or(0).max(1) as u32;
                let n = bytes / size;
                if !self.types.arith(ty).is_some_and(is_vector_element) {
                    if !self.types.is_error(ty) {
                        self.error(loc, "invalid vector type for attribute ‘vector_size’");
                    }
                    return ty;
                }
                if n == 0 || !bytes.is_multiple_of(size) {
                    self.error(loc, "vector size not an integral multiple of component size");
                    return ty;
                }
                if !n.is_power_of_two() {
                    self.error(loc, "number of vector components not a power of two");
                    return ty;
                }
                let quals = self.types.quals(ty);
                self.vector_type(ty, n).with(quals)
            }
        }
    }

    /// `mode (V4SI)`.
    #[cold]
    fn vector_of_mode(&mut self, ty: QualTy, n: u32, element: &str, attributes: &Attributes, loc: Loc) -> QualTy {
        let mode = self.pp.names.intern(element.as_bytes());
        let element = self.machine_type(ty, &Attributes { mode, vector_size: 0, ..*attributes }, loc);
        let bytes = self.types.size(element).and_then(|size| u32::try_from(size * u64::from(n)).ok());
        self.vector_within(element, bytes.unwrap_or(0), loc)
    }

    /// A name in scope that the user may have meant; `types`: only typedef names.
    #[cold]
    pub(crate) fn similar_name(&self, name: Name, types: bool) -> Option<String> {
        let text = self.text(name);
        self.closest(&text, |cell| {
            if types {
                cell.meaning == Meaning::Typedef
            } else {
                !matches!(cell.meaning, Meaning::Nothing | Meaning::Typedef | Meaning::Poison)
            }
        })
    }

    fn closest(&self, text: &str, ok: impl Fn(Cell) -> bool) -> Option<String> {
        let mut best: Option<(usize, String)> = None;
        let mut consider = |other: &str| {
            let cutoff = crate::check::suggest::cutoff(text.len(), other.len());
            let distance = crate::check::suggest::distance(text, other, cutoff);
            if distance > 0 && distance <= cutoff && best.as_ref().is_none_or(|b| distance < b.0) {
                best = Some((distance, other.to_string()));
            }
        };
        if text.starts_with("__b") && ok(Cell { value: 0, depth: 0, meaning: Meaning::Builtin }) {
            crate::builtins::names().for_each(&mut consider);
        }
        for idx in 0..self.cells.len().min(self.pp.names.len()) {
            let cell = self.cells[idx][Space::Ordinary as usize];
            if cell.meaning == Meaning::Builtin || !ok(cell) {
                continue;
            }
            let other = self.pp.names.display(Name(idx as u32));
            if text.starts_with("__b") || !other.starts_with("__builtin") {
                consider(&other);
            }
        }
        best.map(|b| b.1)
    }

    /// Place of the declaration of a typedef name.
    pub(crate) fn typedef_place(&self, ty: TyId) -> Pos {
        self.types.typedef_place(ty)
    }
}

/// Keywords that can start a type name.
#[inline]
pub(super) fn is_type_word(kind: Tok) -> bool {
    matches!(
        kind,
        Tok::KwChar
            | Tok::KwConst
            | Tok::KwDouble
            | Tok::KwEnum
            | Tok::KwFloat
            | Tok::KwInt
            | Tok::KwLong
            | Tok::KwRestrict
            | Tok::KwShort
            | Tok::KwSigned
            | Tok::KwStruct
            | Tok::KwUnion
            | Tok::KwUnsigned
            | Tok::KwVoid
            | Tok::KwVolatile
            | Tok::KwAtomic
            | Tok::KwBool
            | Tok::KwComplex
            | Tok::KwImaginary
            | Tok::KwAttribute
            | Tok::KwTypeof
            | Tok::KwInt128
            | Tok::KwUInt128
            | Tok::KwFloat128
            | Tok::KwFloat16
            | Tok::KwFloat32
            | Tok::KwFloat64
            | Tok::KwFloat32x
            | Tok::KwFloat64x
    )
}
