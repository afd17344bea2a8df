//! Structures, unions (6.7.2.1) and enumerations (6.7.2.2).

use super::specifiers::Specifiers;
use super::{EnumConst, Loc, Meaning, Parser, Space};
use crate::attributes::{Attributes, flag};
use crate::token::Tok;
use crate::types::{
    ArrayLen, Basic, EnumData, EnumId, FieldData, FieldId, FieldSpec, QualTy, Quals, RecordData, RecordId,
    RecordOptions, TypeData,
};
use base::ids::Id;
use base::{Name, Pos};

impl Parser<'_> {
    /// `struct` or `union`. Also tells whether a tag was declared or the members given.
    pub(super) fn record_specifier(&mut self) -> (QualTy, bool) {
        let union = self.at(Tok::KwUnion);
        let loc = self.loc();
        self.bump();
        let mut attributes = Attributes::NONE;
        self.attributes(&mut attributes);
        let mut tag = Name::NONE;
        let tag_loc = self.loc();
        if self.at(Tok::Identifier) {
            tag = Name(self.tok.value);
            // Attributes from here on belong to the declaration (`struct s __attribute__((aligned (16))) x;`).
            self.bump();
        }
        if self.at(Tok::LBrace) {
            let ty = self.define_record(tag, tag_loc, union, attributes);
            return (ty, true);
        }
        if tag.is_none() {
            self.missing("expected identifier or ‘{’");
            let _ = loc;
            return (Basic::Error.qual(), true);
        }
        // `struct s;` declares a new tag in this scope (6.7.2.3p7).
        let fresh = self.at(Tok::Semi);
        (self.record_tag(tag, tag_loc, union, fresh).1, fresh)
    }

    /// The record that a tag names here, declared when there is none. `fresh`: only this scope counts.
    fn record_tag(&mut self, tag: Name, loc: Loc, union: bool, fresh: bool) -> (RecordId, QualTy) {
        let cell = self.lookup(Space::Tag, tag);
        if cell.meaning != Meaning::Nothing && (!fresh || cell.depth == self.depth) {
            if cell.meaning == Meaning::Record {
                let id = RecordId(cell.value);
                if self.types.records[id].union == union {
                    return (id, self.types.record_ty(id));
                }
            }
            self.wrong_tag(tag, loc, cell);
            let (id, ty) = self.new_record(Name::NONE, union, loc);
            return (id, ty);
        }
        let (id, ty) = self.new_record(tag, union, loc);
        self.bind(Space::Tag, tag, Meaning::Record, id.0);
        (id, ty)
    }

    #[cold]
    fn wrong_tag(&mut self, tag: Name, loc: Loc, cell: super::Cell) {
        let text = format!("‘{}’ defined as wrong kind of tag", self.text(tag));
        let pos = match cell.meaning {
            Meaning::Record => self.types.records[RecordId(cell.value)].pos,
            _ => self.types.enums[EnumId(cell.value)].pos,
        };
        self.error_note(loc, &text, pos, "originally defined here");
    }

    pub(crate) fn new_record(&mut self, tag: Name, union: bool, loc: Loc) -> (RecordId, QualTy) {
        let id = self.types.records.push(RecordData {
            tag,
            union,
            complete: false,
            flexible: false,
            packed: false,
            has_const: false,
            variable: false,
            transparent: false,
            fields: 0..0,
            size: 0,
            align: 1,
            ty: crate::types::TyId(0),
            pos: loc.pos,
        });
        let ty = self.types.add(TypeData::Record(id));
        self.types.records[id].ty = ty;
        (id, QualTy::plain(ty))
    }

    fn define_record(&mut self, tag: Name, loc: Loc, union: bool, mut attributes: Attributes) -> QualTy {
        let (id, ty) = if tag.is_none() {
            self.new_record(tag, union, loc)
        } else {
            let cell = self.lookup(Space::Tag, tag);
            if self.is_here(cell)
                && cell.meaning == Meaning::Record
                && self.types.records[RecordId(cell.value)].complete
            {
                let word = if union { "union" } else { "struct" };
                let text = format!("redefinition of ‘{word} {}’", self.text(tag));
                let pos = self.types.records[RecordId(cell.value)].pos;
                self.error_note(loc, &text, pos, "originally defined here");
                self.new_record(Name::NONE, union, loc)
            } else {
                let found = self.record_tag(tag, loc, union, true);
                self.save_record(found.0);
                self.types.records[found.0].pos = loc.pos;
                found
            }
        };
        self.bump();
        let pack = self.pack;
        let first = self.field_specs.len();
        if self.enter() {
            self.members(first, id);
            self.leave();
        }
        if !self.expect(Tok::RBrace) {
            self.skip_to_end_of_nesting();
            self.recovering = true;
            self.eat(Tok::RBrace);
        }
        // Of the alignments of a record the last one counts, of those of an object the strictest.
        let before = std::mem::take(&mut attributes.align);
        self.attributes(&mut attributes);
        if attributes.align == 0 {
            attributes.align = before;
        }
        let options = RecordOptions { packed: attributes.has(flag::PACKED), align: attributes.align, pack };
        let specs: Vec<FieldSpec> = self.field_specs.drain(first..).collect();
        self.check_members(&specs, union);
        if !self.types.complete_record(id, &specs, options) {
            let text = format!("size of type {} is too large", self.quoted(ty));
            self.error(loc, &text);
        }
        if self.types.records[id].variable {
            self.check_variable_places(id, options);
        }
        if attributes.has(flag::TRANSPARENT_UNION) {
            self.types.records[id].transparent = true;
        }
        ty
    }

    /// Where a bit-field begins behind a member of variable size depends on where the member before it ends, which only
    /// `packed` and a neighbour of variable size make plain.
    #[cold]
    fn check_variable_places(&mut self, id: RecordId, options: RecordOptions) {
        let fields = self.types.records[id].fields.clone();
        if options.packed {
            return;
        }
        for at in fields.start + 1..fields.end {
            let (field, before) = (self.types.fields[FieldId(at)], self.types.fields[FieldId(at - 1)]);
            let plain = before.is_bit_field() || self.types.is_vla(before.ty);
            if field.is_variable() && field.is_bit_field() && !plain {
                let text = "bit-fields between members behind one of variable size are not supported yet";
                self.error(Loc::at(field.pos), text);
            }
        }
    }

    /// Member declarations up to the closing brace.
    fn members(&mut self, first: usize, _id: RecordId) {
        loop {
            match self.tok.kind {
                Tok::RBrace | Tok::Eof => return,
                Tok::Semi => {
                    self.bump();
                    continue;
                }
                Tok::KwStaticAssert => {
                    self.static_assert();
                    continue;
                }
                Tok::KwExtension => {
                    self.bump();
                    continue;
                }
                _ => {}
            }
            let before = self.tok.pos;
            self.member_declaration(first);
            if self.recovering {
                self.recovering = false;
                self.skip_to_end_of_nesting();
                if self.tok.pos == before && !matches!(self.tok.kind, Tok::RBrace | Tok::Semi) {
                    self.bump();
                }
                if self.at(Tok::RParen) || self.at(Tok::RBracket) {
                    self.bump();
                }
            }
        }
    }

    fn member_declaration(&mut self, first: usize) {
        if !self.at_type() && !matches!(self.tok.kind, Tok::KwAlignas | Tok::LBracket) {
            if self.at(Tok::Identifier) {
                self.report_unknown_type();
                self.recovering = true;
                return;
            }
            return self.missing("expected specifier-qualifier-list");
        }
        let mut alignas = 0;
        let mut specs = Specifiers::none(self.loc());
        self.specifiers(false, &mut specs);
        // `_Alignas` may stand among the specifiers of a member.
        while self.at(Tok::KwAlignas) {
            self.alignas(&mut specs);
            alignas = specs.alignas;
            if self.at_type() {
                specs = Specifiers::none(self.loc());
                self.specifiers(false, &mut specs);
            }
        }
        if self.at(Tok::Semi) {
            self.anonymous_member(&specs, alignas, first);
            self.bump();
            return;
        }
        loop {
            let loc = self.loc();
            let (mut ty, mut name, mut name_loc) = (specs.ty, Name::NONE, loc);
            let mut attributes = specs.attributes;
            if !self.at(Tok::Colon) {
                (ty, name, name_loc) = self.declarator_type_attributed(specs.ty, &mut attributes);
                if self.recovering {
                    return;
                }
            }
            let mut width = FieldData::NOT_A_BIT_FIELD;
            if self.eat(Tok::Colon) {
                width = self.bit_width(ty, name, name_loc);
            }
            self.attributes(&mut attributes);
            if attributes.mode.some().is_some() || attributes.vector_size != 0 {
                ty = self.machine_type(ty, &attributes, loc);
            }
            let field = FieldData { name, ty, offset: 0, width, bit: 0, pos: name_loc.pos };
            let align = attributes.align.max(alignas);
            self.add_member(FieldSpec { field, align, packed: attributes.has(flag::PACKED) }, name_loc, first);
            if !self.eat(Tok::Comma) {
                break;
            }
            self.attributes(&mut attributes);
            if self.at(Tok::RBrace) {
                return self.missing("expected identifier or ‘(’");
            }
        }
        if self.at(Tok::RBrace) {
            let loc = self.loc();
            return self.warn("", loc, "no semicolon at end of struct or union");
        }
        if !self.at(Tok::Semi) {
            return self.missing("expected ‘:’, ‘,’, ‘;’, ‘}’ or ‘__attribute__’");
        }
        self.bump();
    }

    /// `struct { … };` within a record, or a declaration that declares nothing.
    fn anonymous_member(&mut self, specs: &Specifiers, alignas: u32, first: usize) {
        if let TypeData::Record(inner) = self.types.get(specs.ty)
            && self.types.records[inner].tag.is_none()
        {
            let field = FieldData {
                name: Name::NONE,
                ty: specs.ty,
                offset: 0,
                width: FieldData::NOT_A_BIT_FIELD,
                bit: 0,
                pos: specs.loc.pos,
            };
            let align = specs.attributes.align.max(alignas);
            let spec = FieldSpec { field, align, packed: specs.attributes.has(flag::PACKED) };
            return self.add_member(spec, specs.loc, first);
        }
        if !specs.declares_tag {
            let loc = self.loc();
            self.warn("", loc, "declaration does not declare anything");
        }
    }

    fn add_member(&mut self, spec: FieldSpec, loc: Loc, first: usize) {
        let mut spec = spec;
        let ty = spec.field.ty;
        let name = spec.field.name;
        if self.types.is_function(ty) {
            let text = format!("field ‘{}’ declared as a function", self.text(name));
            self.error(loc, &text);
            spec.field.ty = Basic::Error.qual();
        } else if self.types.is_variably_modified(ty) && self.function.is_none() {
            let text = format!("variably modified ‘{}’ at file scope", self.text(name));
            self.error(loc, &text);
            spec.field.ty = Basic::Error.qual();
        } else if self.types.is_void(ty) {
            let text = format!("variable or field ‘{}’ declared void", self.text(name));
            self.error(loc, &text);
            spec.field.ty = Basic::Error.qual();
        } else if self.types.size(ty).is_none()
            && !self.types.is_vla(ty)
            && !matches!(self.types.get(ty), TypeData::Array { len: ArrayLen::Incomplete, .. })
        {
            let text = format!("field ‘{}’ has incomplete type", self.text(name));
            self.error(loc, &text);
            spec.field.ty = Basic::Error.qual();
        }
        if let Some(n) = name.some()
            && self.field_specs.len() - first < 64
        {
            let clash = self.field_specs[first..].iter().find(|s| s.field.name == n).map(|s| s.field.pos);
            if let Some(pos) = clash {
                let text = format!("duplicate member ‘{}’", self.text(n));
                self.error_note(loc, &text, pos, "previously declared here");
            }
        }
        self.field_specs.push(spec);
    }

    /// Checks that need all members: flexible arrays stand last.
    fn check_members(&mut self, specs: &[FieldSpec], union: bool) {
        for (idx, spec) in specs.iter().enumerate() {
            if let TypeData::Array { len: ArrayLen::Incomplete, .. } = self.types.get(spec.field.ty) {
                let loc = Loc::at(spec.field.pos);
                if union {
                    self.error(loc, "flexible array member in union");
                } else if idx + 1 != specs.len() {
                    self.error(loc, "flexible array member not at end of struct");
                } else if idx == 0 {
                    self.error(loc, "flexible array member in a struct with no named members");
                }
            }
        }
        // Many members: look for duplicates by sorting, as comparing each with each would be quadratic.
        if specs.len() >= 64 {
            let mut named: Vec<(Name, Pos)> =
                specs.iter().filter(|s| s.field.name.some().is_some()).map(|s| (s.field.name, s.field.pos)).collect();
            named.sort_by_key(|n| (n.0, n.1));
            for pair in named.windows(2) {
                if pair[0].0 == pair[1].0 {
                    let text = format!("duplicate member ‘{}’", self.text(pair[1].0));
                    self.error(Loc::at(pair[1].1), &text);
                }
            }
        }
    }

    fn bit_width(&mut self, ty: QualTy, name: Name, loc: Loc) -> u8 {
        let width = self.constant_expression_or("bit-field width not an integer constant", name);
        let shown = if name.is_none() { "<anonymous>".to_string() } else { self.text(name) };
        let Some(basic) = self.types.integer(ty) else {
            if !self.types.is_error(ty) {
                self.error(loc, &format!("bit-field ‘{shown}’ has invalid type"));
            }
            return FieldData::NOT_A_BIT_FIELD;
        };
        match width {
            None => 1,
            Some(w) if w < 0 => {
                self.error(loc, &format!("negative width in bit-field ‘{shown}’"));
                1
            }
            Some(0) if name.some().is_some() => {
                self.error(loc, &format!("zero width for bit-field ‘{shown}’"));
                1
            }
            Some(w) if w > i128::from(self.types.bits(basic)) => {
                self.error(loc, &format!("width of ‘{shown}’ exceeds its type"));
                1
            }
            Some(w) => w as u8,
        }
    }

    /// `enum`.
    pub(super) fn enum_specifier(&mut self) -> QualTy {
        self.bump();
        let mut attributes = Attributes::NONE;
        self.attributes(&mut attributes);
        let mut tag = Name::NONE;
        let loc = self.loc();
        if self.at(Tok::Identifier) {
            tag = Name(self.tok.value);
            self.bump();
        }
        let fixed = self.underlying_type();
        if !self.at(Tok::LBrace) {
            if tag.is_none() {
                self.missing("expected identifier or ‘{’");
                return Basic::Error.qual();
            }
            let cell = self.lookup(Space::Tag, tag);
            match cell.meaning {
                Meaning::Enum if fixed.is_some() && !self.is_here(cell) => {}
                Meaning::Enum => return self.types.enum_ty(EnumId(cell.value)),
                Meaning::Nothing => {}
                _ => {
                    self.wrong_tag(tag, loc, cell);
                    return Basic::Error.qual();
                }
            }
            // GNU: an enumeration may be named before it is defined.
            let id = self.new_enum(tag, loc);
            if let Some(basic) = fixed {
                // `enum e : type;` is complete.
                self.types.enums[id].underlying = basic.id();
                self.types.enums[id].complete = true;
            }
            return self.types.enum_ty(id);
        }
        let mut id = None;
        if tag.some().is_some() {
            let cell = self.lookup(Space::Tag, tag);
            if self.is_here(cell) {
                match cell.meaning {
                    Meaning::Enum
                        if !self.types.enums[EnumId(cell.value)].complete
                            || fixed.is_some() && self.types.enums[EnumId(cell.value)].n == 0 =>
                    {
                        id = Some(EnumId(cell.value));
                        self.save_enum(EnumId(cell.value));
                    }
                    Meaning::Enum => {
                        let text = format!("redeclaration of ‘enum {}’", self.text(tag));
                        let pos = self.types.enums[EnumId(cell.value)].pos;
                        self.error_note(loc, &text, pos, "originally defined here");
                        tag = Name::NONE;
                    }
                    _ => {
                        self.wrong_tag(tag, loc, cell);
                        tag = Name::NONE;
                    }
                }
            }
        }
        let id = match id {
            Some(id) => id,
            None => self.new_enum(tag, loc),
        };
        self.bump();
        self.enumerators(id, &mut attributes, fixed);
        self.types.enum_ty(id)
    }

    /// `: type` behind `enum` and its tag (C23 6.7.2.2; gcc takes it in every dialect). A bit-field's width is none.
    fn underlying_type(&mut self) -> Option<Basic> {
        if !self.at(Tok::Colon) {
            return None;
        }
        let next = self.peek();
        if !self.starts_type(next.kind, next.value) {
            return None;
        }
        self.bump();
        let loc = self.loc();
        let mut specs = Specifiers::none(self.loc());
        self.specifiers(false, &mut specs);
        let ty = specs.ty;
        let basic = self.types.integer(ty).filter(|_| !matches!(self.types.get(ty), TypeData::Enum(_)));
        if basic.is_none() && !self.types.is_error(ty) {
            self.error(loc, "invalid ‘enum’ underlying type");
        }
        basic
    }

    fn new_enum(&mut self, tag: Name, loc: Loc) -> EnumId {
        let underlying = Basic::UInt.id();
        let id = self.types.enums.push(EnumData {
            tag,
            complete: false,
            underlying,
            first: 0,
            n: 0,
            ty: crate::types::TyId(0),
            pos: loc.pos,
            used: false,
        });
        let ty = self.types.add(TypeData::Enum(id));
        self.types.enums[id].ty = ty;
        if tag.some().is_some() {
            self.bind(Space::Tag, tag, Meaning::Enum, id.0);
        }
        id
    }

    fn enumerators(&mut self, id: EnumId, attributes: &mut Attributes, fixed: Option<Basic>) {
        let first = self.types.enumerators.len();
        let first_const = self.enum_consts.len();
        let (mut next, mut lowest, mut highest) = (0i128, 0i128, 0i128);
        if self.at(Tok::RBrace) {
            let loc = self.loc();
            self.error(loc, "empty enum is invalid");
        }
        while !matches!(self.tok.kind, Tok::RBrace | Tok::Eof) {
            if !self.at(Tok::Identifier) {
                self.missing("expected identifier");
                break;
            }
            let name = Name(self.tok.value);
            let loc = self.loc();
            self.bump();
            let mut ignored = Attributes::NONE;
            self.attributes(&mut ignored);
            if self.eat(Tok::Eq)
                && let Some(value) = self.constant_expression_or("enumerator value is not an integer constant", name)
            {
                next = value;
            }
            lowest = lowest.min(next);
            highest = highest.max(next);
            self.check_redeclared_enumerator(name, loc);
            let ty = if i128::from(next as i32) == next { Basic::Int } else { Basic::Long };
            self.enum_consts.push(EnumConst { value: next, ty: ty.qual(), of: id, pos: loc.pos });
            self.bind(Space::Ordinary, name, Meaning::EnumConst, self.enum_consts.len() as u32 - 1);
            self.types.enumerators.push((name, next as i64));
            next = next.wrapping_add(1);
            if !self.eat(Tok::Comma) {
                break;
            }
        }
        if !self.at(Tok::RBrace) && !self.recovering {
            self.missing("expected ‘,’ or ‘}’");
        }
        if self.recovering {
            self.skip_to_end_of_nesting();
        }
        self.eat(Tok::RBrace);
        self.attributes(attributes);
        let fits = |bits: u32, signed: bool| {
            if signed {
                lowest >= -(1 << (bits - 1)) && highest < 1 << (bits - 1)
            } else {
                lowest >= 0 && highest < 1 << bits
            }
        };
        let short = self.options.short_enums || attributes.has(flag::PACKED);
        let candidates: &[u32] = if short { &[8, 16, 32, 64] } else { &[32, 64] };
        let signed = lowest < 0;
        let bits = candidates.iter().copied().find(|&b| fits(b, signed)).unwrap_or(64);
        let size = (bits / 8) as u8;
        let basic = if signed { self.types.signed_of_size(size) } else { self.types.unsigned_of_size(size) };
        // Constants that do not fit an int have the enumeration's type (GNU).
        let wide = bits > 32;
        for idx in first_const..self.enum_consts.len() {
            let value = self.enum_consts[idx].value;
            if i128::from(value as i32) != value {
                let ty = if wide { basic } else { Basic::UInt };
                self.enum_consts[idx].ty = ty.qual();
            }
        }
        let basic = fixed.unwrap_or(basic);
        if let Some(basic) = fixed {
            for idx in first_const..self.enum_consts.len() {
                let constant = self.enum_consts[idx];
                if self.types.wrap(basic, constant.value) != constant.value {
                    self.error(Loc::at(constant.pos), "enumerator value outside the range of underlying type");
                }
                self.enum_consts[idx].ty = self.types.enum_ty(id);
            }
        }
        let data = &mut self.types.enums[id];
        data.first = first as u32;
        data.n = (self.types.enumerators.len() - first) as u32;
        data.underlying = basic.id();
        data.complete = true;
    }

    fn check_redeclared_enumerator(&mut self, name: Name, loc: Loc) {
        let cell = self.lookup(Space::Ordinary, name);
        if !self.is_here(cell) || cell.meaning == Meaning::Builtin {
            return;
        }
        let text = match cell.meaning {
            Meaning::EnumConst => format!("redeclaration of enumerator ‘{}’", self.text(name)),
            _ => format!("‘{}’ redeclared as different kind of symbol", self.text(name)),
        };
        let pos = self.place_of_meaning(cell);
        let note = self.previous_note(name, cell);
        self.error_note(loc, &text, pos, &note);
    }

    /// Qualifiers of the record apply to its members.
    pub(crate) fn member_type(&mut self, record: QualTy, member: QualTy) -> QualTy {
        let quals = self.types.canon(record).quals();
        let quals = Quals(quals.0 & (Quals::CONST.0 | Quals::VOLATILE.0));
        self.types.qualify(member, quals)
    }
}
