//! `.debug_info` and its companions for one unit, streamed: a function's entries are written when its code is finished;
//! types, which functions refer to, come last, and only those that something refers to (DWARF 5, chapters 3 to 5).
//!
//! Strings stand in the entries, references are within the unit and nothing is merged with other units, so that one
//! unit's sections can be regenerated whole while every other unit's bytes stay.

use crate::abbrev::{self, Abbrev};
use crate::bytes::SectionBytes;
use crate::consts::{
    DW_ATE_boolean, DW_ATE_complex_float, DW_ATE_float, DW_ATE_signed, DW_ATE_signed_char, DW_ATE_unsigned,
    DW_ATE_unsigned_char, DW_OP_addr, DW_OP_breg0, DW_OP_bregx, DW_OP_call_frame_cfa, DW_OP_const8u, DW_OP_deref,
    DW_OP_fbreg, DW_OP_form_tls_address, DW_OP_reg0, DW_OP_regx, DW_RLE_end_of_list, DW_RLE_start_length,
    DW_UT_compile,
};
use crate::line::LineWriter;
use base::bytes::push_sleb128;
use base::{Id, IdVec, Pos, SourceMap};
use ir::Symbol;
use ir::debug::{
    DebugInfo, DebugType, Encoding, FuncDebug, GlobalVar, LocalVar, Member, Qualifier, Scope, TypeData, VarHome,
};
use mc::rows::{FuncRows, Place};
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, RelocTarget, RelocTargetKind, SectionFlags, SectionId, SymId, SymbolDef};
use std::collections::HashMap;
use target::Arch;

/// What is known of a unit before its first function.
#[derive(Clone, Copy, Debug)]
pub struct UnitFacts<'f> {
    /// Name of the main source file as it was given.
    pub file_name: &'f str,
    /// Compilation directory: relative names are relative to it.
    pub directory: &'f str,
    /// The compiler and its version.
    pub producer: &'f str,
    /// A `DW_LANG` number, such as [`crate::consts::DW_LANG_C11`].
    pub language: u16,
}

/// Looks up the object's symbol for one of the module. Variables without one, or whose symbol is undefined when the unit
/// is finished, are left out: debug information must not make a program need what it does not use.
pub type ObjectSymbol<'s> = dyn Fn(Symbol) -> Option<SymId> + 's;

/// The debug sections of one unit under construction.
pub struct UnitWriter {
    arch: &'static Arch,
    info: SectionBytes,
    ranges: SectionBytes,
    lines: LineWriter,
    /// `.debug_info`, `.debug_abbrev`, `.debug_line`, `.debug_rnglists` and their atoms.
    sections: [(SectionId, AtomId); 4],
    /// Fields of `info` that refer to a type, to be filled when all types have their place.
    references: Vec<(u32, DebugType)>,
    /// Where each type stands in the unit, 0 while it has no place.
    types: IdVec<DebugType, u32>,
    /// Where the lengths of arrays of variable length are, in the functions that have them. Only ever looked up.
    lengths: HashMap<DebugType, Place>,
    /// Types that were referred to, in the order of first reference.
    wanted: Vec<DebugType>,
}

// Places in `UnitWriter::sections`.
const ABBREV: usize = 1;
const LINE: usize = 2;
const RANGES: usize = 3;

impl UnitWriter {
    pub fn new(builder: &mut ObjectBuilder, arch: &'static Arch, facts: &UnitFacts<'_>) -> UnitWriter {
        let names: [&[u8]; 4] = [b".debug_info", b".debug_abbrev", b".debug_line", b".debug_rnglists"];
        let sections = names.map(|name| {
            let section = builder.section(SectionSpec::progbits(name, SectionFlags::NONE), 0);
            (section, builder.begin_atom(section, 1))
        });
        let mut writer = UnitWriter {
            arch,
            info: SectionBytes::default(),
            ranges: SectionBytes::default(),
            lines: LineWriter::new(arch, facts.directory, facts.file_name),
            sections,
            references: Vec::new(),
            types: IdVec::new(),
            lengths: HashMap::new(),
            wanted: Vec::new(),
        };
        writer.header(facts);
        writer
    }

    /// A finished function: its entry with variables and scopes, its lines, its range.
    pub fn function(
        &mut self,
        sources: &SourceMap,
        info: &DebugInfo,
        debug: &FuncDebug,
        rows: &FuncRows,
        symbols: &ObjectSymbol<'_>,
    ) {
        self.lines.function(sources, rows);
        self.range(rows);
        let (ret, prototyped, variadic) = match info.types.get(debug.ty) {
            Some(TypeData::Function { ret, prototyped, variadic, .. }) => (*ret, *prototyped, *variadic),
            _ => (DebugType::NONE, false, false),
        };
        let alone = debug.vars.is_empty() && !variadic;
        self.begin(match (ret.is_none(), alone) {
            (false, false) => Abbrev::Function,
            (true, false) => Abbrev::FunctionVoid,
            (false, true) => Abbrev::FunctionAlone,
            (true, true) => Abbrev::FunctionVoidAlone,
        });
        self.info.u8(debug.external.into());
        self.info.string(&debug.name);
        self.position(sources, debug.pos);
        self.info.u8(prototyped.into());
        self.address(rows.atom, 0);
        self.info.u32(rows.size);
        self.info.uleb(1);
        self.info.u8(DW_OP_call_frame_cfa);
        if !ret.is_none() {
            self.reference(ret);
        }
        if alone {
            return;
        }
        for var in &debug.vars {
            self.note_lengths(info, rows, var.ty);
        }
        let scopes = ScopeTree::new(debug);
        self.scope(sources, debug, rows, &scopes, Scope::from_index(0), symbols);
        if variadic {
            self.begin(Abbrev::Variadic);
        }
        self.end_children();
    }

    /// The table of lines under construction.
    pub fn lines(&mut self) -> &mut LineWriter {
        &mut self.lines
    }

    /// The section of lines.
    pub fn line_section(&self) -> SectionId {
        self.sections[LINE].0
    }

    /// Globals and types; puts the sections into the object. The files of the table of lines: directory and name by number.
    pub fn finish(
        mut self,
        builder: &mut ObjectBuilder,
        sources: &SourceMap,
        info: &DebugInfo,
        symbols: &ObjectSymbol<'_>,
    ) -> Vec<(String, String)> {
        for global in &info.globals {
            let symbol = symbols(global.symbol);
            if let Some(symbol) = symbol.filter(|&symbol| builder.symbol(symbol).def != SymbolDef::Undefined) {
                self.global(sources, global, symbol);
            }
        }
        for &ty in &info.used {
            self.want(ty);
        }
        let mut next = 0;
        while let Some(&ty) = self.wanted.get(next) {
            next += 1;
            self.types[ty] = self.info.len();
            self.type_entry(sources, info, ty);
        }
        self.end_children();
        // A local that was said to be static and never was defined: its address stays 0.
        self.info.relocs.retain(|reloc| match reloc.target.kind() {
            RelocTargetKind::Symbol(symbol) => builder.symbol(symbol).def != SymbolDef::Undefined,
            RelocTargetKind::Atom(_) => true,
        });
        for (at, ty) in std::mem::take(&mut self.references) {
            self.info.set_u32(at, self.types[ty]);
        }
        self.info.set_u32(0, self.info.len() - 4);
        self.ranges.u8(DW_RLE_end_of_list);
        self.ranges.set_u32(0, self.ranges.len() - 4);
        let files = self.lines.files().map(|(directory, name)| (directory.to_string(), name.to_string())).collect();
        let abbrev = SectionBytes { bytes: abbrev::section(), relocs: Vec::new() };
        let contents = [self.info, abbrev, self.lines.finish(), self.ranges];
        for ((section, atom), content) in self.sections.into_iter().zip(contents) {
            builder.buffer(section).extend_from_slice(&content.bytes);
            builder.finish_atom(section);
            content.add_relocs(builder, atom);
        }
        files
    }

    fn header(&mut self, facts: &UnitFacts<'_>) {
        let pointer = self.arch.layout.pointer.size;
        self.info.u32(0);
        self.info.u16(5);
        self.info.u8(DW_UT_compile);
        self.info.u8(pointer);
        self.section_offset(ABBREV, 0);
        self.begin(Abbrev::Unit);
        self.info.string(facts.producer);
        self.info.u16(facts.language);
        self.info.string(facts.file_name);
        self.info.string(facts.directory);
        // The base of the ranges, each of which is given in full.
        self.info.u64(0);
        // One list, behind the header of its section.
        self.ranges.u32(0);
        self.ranges.u16(5);
        self.ranges.u8(pointer);
        self.ranges.u8(0);
        self.ranges.u32(0);
        self.section_offset(RANGES, i64::from(self.ranges.len()));
        self.section_offset(LINE, 0);
    }

    fn section_offset(&mut self, section: usize, offset: i64) {
        let target = RelocTarget::atom(self.sections[section].1);
        self.info.reloc(4, self.arch.common.abs32, target, offset);
    }

    fn range(&mut self, rows: &FuncRows) {
        let pointer = usize::from(self.arch.layout.pointer.size);
        self.ranges.u8(DW_RLE_start_length);
        self.ranges.reloc(pointer, self.arch.common.abs64, RelocTarget::atom(rows.atom), 0);
        self.ranges.uleb(u64::from(rows.size));
    }

    /// Variables and inner scopes of `scope`, without its own entry.
    fn scope(
        &mut self,
        sources: &SourceMap,
        debug: &FuncDebug,
        rows: &FuncRows,
        tree: &ScopeTree,
        scope: Scope,
        symbols: &ObjectSymbol<'_>,
    ) {
        for &var in tree.vars.get(scope).map_or(&[][..], |vars| vars) {
            self.local(sources, &debug.vars[var], rows, symbols);
        }
        for &inner in tree.children.get(scope).map_or(&[][..], |children| children) {
            let (start, end) = rows.scopes.get(inner.index()).copied().unwrap_or((0, 0));
            // A scope without variables of its own says nothing; its inner scopes may.
            let is_shown = start < end && !tree.vars[inner].is_empty();
            if is_shown {
                self.begin(Abbrev::Block);
                self.address(rows.atom, i64::from(start));
                self.info.u32(end - start);
            }
            self.scope(sources, debug, rows, tree, inner, symbols);
            if is_shown {
                self.end_children();
            }
        }
    }

    fn local(&mut self, sources: &SourceMap, var: &LocalVar, rows: &FuncRows, symbols: &ObjectSymbol<'_>) {
        let place = |slot: ir::Slot| rows.places.get(slot.index()).copied().unwrap_or(Place::Nowhere);
        let mut expression = Expression::default();
        match var.home {
            VarHome::Slot(slot) => match place(slot) {
                Place::Nowhere => {}
                Place::Reg(reg) => expression.register(reg),
                Place::Frame(offset) => expression.frame(offset),
            },
            VarHome::Within(slot, at) => match place(slot) {
                Place::Frame(offset) => expression.frame(offset + at as i32),
                Place::Nowhere | Place::Reg(_) => {}
            },
            VarHome::Indirect(slot) => expression.held_by(place(slot)),
            VarHome::Static(symbol) | VarHome::ThreadLocal(symbol) => {
                if let Some(symbol) = symbols(symbol) {
                    self.named(sources, Abbrev::Local, &var.name, var.pos, var.ty);
                    self.static_location(symbol, matches!(var.home, VarHome::ThreadLocal(_)));
                    return;
                }
            }
        }
        let nowhere = expression.bytes.is_empty();
        let abbrev = match (var.param, nowhere) {
            (true, false) => Abbrev::Parameter,
            (true, true) => Abbrev::ParameterNowhere,
            (false, false) => Abbrev::Local,
            (false, true) => Abbrev::LocalNowhere,
        };
        self.named(sources, abbrev, &var.name, var.pos, var.ty);
        if !nowhere {
            self.info.uleb(expression.bytes.len() as u64);
            self.info.bytes.extend_from_slice(&expression.bytes);
        }
    }

    fn global(&mut self, sources: &SourceMap, global: &GlobalVar, symbol: SymId) {
        self.named(sources, Abbrev::Global, &global.name, global.pos, global.ty);
        self.info.u8(global.external.into());
        self.static_location(symbol, global.tls);
    }

    fn static_location(&mut self, symbol: SymId, tls: bool) {
        let (size, target, common) = (8, RelocTarget::symbol(symbol), self.arch.common);
        self.info.uleb(9 + u64::from(tls));
        if tls {
            self.info.u8(DW_OP_const8u);
            self.info.reloc(size, common.dtpoff64, target, 0);
            self.info.u8(DW_OP_form_tls_address);
        } else {
            self.info.u8(DW_OP_addr);
            self.info.reloc(size, common.abs64, target, 0);
        }
    }

    /// The entry of a type. Types it refers to are wanted from here on.
    fn type_entry(&mut self, sources: &SourceMap, info: &DebugInfo, ty: DebugType) {
        match &info.types[ty] {
            TypeData::Base { name, size, encoding } => {
                self.begin(Abbrev::Base);
                self.info.string(name);
                self.info.uleb(u64::from(*size));
                self.info.u8(encoding_number(*encoding));
            }
            TypeData::Pointer(to) => {
                self.begin(if to.is_none() { Abbrev::PointerVoid } else { Abbrev::Pointer });
                self.info.u8(self.arch.layout.pointer.size);
                self.optional_reference(*to);
            }
            TypeData::Qualified(qualifier, of) => {
                self.begin(qualifier_abbrev(*qualifier, of.is_none()));
                self.optional_reference(*of);
            }
            TypeData::Typedef { name, ty, pos } => {
                self.begin(if ty.is_none() { Abbrev::TypedefVoid } else { Abbrev::Typedef });
                self.info.string(name);
                self.position(sources, *pos);
                self.optional_reference(*ty);
            }
            TypeData::Array { .. } | TypeData::VariableArray { .. } => self.array(info, ty),
            TypeData::Vector { element, count } => {
                self.begin(Abbrev::Vector);
                self.reference(*element);
                self.begin(Abbrev::Dimension);
                self.info.uleb(*count);
                self.end_children();
            }
            TypeData::Record { name, union, size, align, members, pos } => {
                let rows = match (union, members.is_none(), name.is_empty()) {
                    (false, true, _) => Abbrev::StructDeclared,
                    (false, false, true) => Abbrev::StructAnonymous,
                    (false, false, false) => Abbrev::Struct,
                    (true, true, _) => Abbrev::UnionDeclared,
                    (true, false, true) => Abbrev::UnionAnonymous,
                    (true, false, false) => Abbrev::Union,
                };
                self.begin(rows);
                if !name.is_empty() || members.is_none() {
                    self.info.string(name);
                }
                let Some(members) = members else { return };
                self.info.uleb(*size);
                self.info.uleb(u64::from(*align));
                self.position(sources, *pos);
                for member in members {
                    self.member(sources, member);
                }
                self.end_children();
            }
            TypeData::Enum { name, size, signed, items, pos } => {
                let Some(items) = items else {
                    self.begin(Abbrev::EnumDeclared);
                    self.info.string(name);
                    return;
                };
                self.begin(if name.is_empty() { Abbrev::EnumAnonymous } else { Abbrev::Enum });
                if !name.is_empty() {
                    self.info.string(name);
                }
                self.info.u8(if *signed { DW_ATE_signed } else { DW_ATE_unsigned });
                self.info.uleb(u64::from(*size));
                self.position(sources, *pos);
                for (name, value) in items {
                    self.begin(Abbrev::Enumerator);
                    self.info.string(name);
                    self.info.sleb(*value);
                }
                self.end_children();
            }
            TypeData::Function { ret, params, variadic, prototyped } => {
                let alone = params.is_empty() && !*variadic;
                self.begin(match (ret.is_none(), alone) {
                    (false, false) => Abbrev::FunctionType,
                    (true, false) => Abbrev::FunctionTypeVoid,
                    (false, true) => Abbrev::FunctionTypeAlone,
                    (true, true) => Abbrev::FunctionTypeVoidAlone,
                });
                self.info.u8((*prototyped).into());
                self.optional_reference(*ret);
                if alone {
                    return;
                }
                for &param in params {
                    self.begin(Abbrev::TypeOfParameter);
                    self.reference(param);
                }
                if *variadic {
                    self.begin(Abbrev::Variadic);
                }
                self.end_children();
            }
        }
    }

    /// An array with all its dimensions: arrays of arrays are one entry, as debuggers expect of C.
    fn array(&mut self, info: &DebugInfo, ty: DebugType) {
        let mut element = ty;
        while let Some(inner) = element_of(info, element) {
            element = inner;
        }
        self.begin(Abbrev::Array);
        self.reference(element);
        let mut dimension = ty;
        while let Some(inner) = element_of(info, dimension) {
            match (&info.types[dimension], self.lengths.get(&dimension)) {
                (TypeData::Array { count: Some(count), .. }, _) => {
                    self.begin(Abbrev::Dimension);
                    self.info.uleb(*count);
                }
                (TypeData::VariableArray { .. }, Some(&place)) if place != Place::Nowhere => {
                    let mut expression = Expression::default();
                    expression.held_by(place);
                    self.begin(Abbrev::DimensionVariable);
                    self.info.uleb(expression.bytes.len() as u64);
                    self.info.bytes.extend_from_slice(&expression.bytes);
                }
                _ => self.begin(Abbrev::DimensionUnknown),
            }
            dimension = inner;
        }
        self.end_children();
    }

    /// Keeps where the function at hand has the lengths of the arrays in type `ty`.
    fn note_lengths(&mut self, info: &DebugInfo, rows: &FuncRows, mut ty: DebugType) {
        // A type is no deeper than there are types.
        for _ in 0..info.types.len() {
            ty = match info.types.get(ty) {
                Some(&TypeData::VariableArray { element, length }) => {
                    let place = rows.places.get(length.index()).copied().unwrap_or(Place::Nowhere);
                    self.lengths.insert(ty, place);
                    element
                }
                Some(&TypeData::Array { element, .. }) => element,
                Some(&TypeData::Pointer(of) | &TypeData::Qualified(_, of) | &TypeData::Typedef { ty: of, .. }) => of,
                _ => return,
            };
        }
    }

    fn member(&mut self, sources: &SourceMap, member: &Member) {
        if member.bit_size != 0 {
            self.named(sources, Abbrev::BitField, &member.name, member.pos, member.ty);
            self.info.uleb(u64::from(member.bit_size));
            self.info.uleb(member.bit_offset);
        } else if member.name.is_empty() {
            self.begin(Abbrev::MemberAnonymous);
            self.reference(member.ty);
            self.info.uleb(member.offset);
        } else {
            self.named(sources, Abbrev::Member, &member.name, member.pos, member.ty);
            self.info.uleb(member.offset);
        }
    }

    /// Begins an entry with name, position and type.
    fn named(&mut self, sources: &SourceMap, abbrev: Abbrev, name: &str, pos: Pos, ty: DebugType) {
        self.begin(abbrev);
        self.info.string(name);
        self.position(sources, pos);
        self.reference(ty);
    }

    fn begin(&mut self, abbrev: Abbrev) {
        self.info.uleb(abbrev as u64);
    }

    fn end_children(&mut self) {
        self.info.u8(0);
    }

    fn position(&mut self, sources: &SourceMap, pos: Pos) {
        let (file, line, _) = self.lines.place(sources, pos).unwrap_or((1, 0, 0));
        self.info.uleb(u64::from(file));
        self.info.uleb(u64::from(line));
    }

    fn address(&mut self, atom: AtomId, offset: i64) {
        let size = usize::from(self.arch.layout.pointer.size);
        self.info.reloc(size, self.arch.common.abs64, RelocTarget::atom(atom), offset);
    }

    fn optional_reference(&mut self, ty: DebugType) {
        if !ty.is_none() {
            self.reference(ty);
        }
    }

    /// A reference to a type, which makes it wanted. Object and parameter types are never `void`.
    fn reference(&mut self, ty: DebugType) {
        self.want(ty);
        self.references.push((self.info.len(), ty));
        self.info.u32(0);
    }

    /// The type gets an entry.
    fn want(&mut self, ty: DebugType) {
        if self.types.len() <= ty.index() {
            self.types.resize(ty.index() + 1, 0);
        }
        if self.types[ty] == 0 {
            // Any place but none, until it is known.
            self.types[ty] = u32::MAX;
            self.wanted.push(ty);
        }
    }
}

/// The scopes of a function by parent, and the variables by scope.
struct ScopeTree {
    children: IdVec<Scope, Vec<Scope>>,
    vars: IdVec<Scope, Vec<usize>>,
}

impl ScopeTree {
    fn new(debug: &FuncDebug) -> ScopeTree {
        // A function without scopes still has a body.
        let n_scopes = debug.scopes.len().max(1);
        let mut tree = ScopeTree { children: IdVec::new(), vars: IdVec::new() };
        tree.children.resize(n_scopes, Vec::new());
        tree.vars.resize(n_scopes, Vec::new());
        for (id, scope) in debug.scopes.enumerated().skip(1) {
            // Parents stand before their children, so that there is no cycle.
            let parent = if scope.parent < id { scope.parent } else { Scope::from_index(0) };
            tree.children[parent].push(id);
        }
        for (idx, var) in debug.vars.iter().enumerate() {
            let scope = if var.scope.index() < n_scopes { var.scope } else { Scope::from_index(0) };
            tree.vars[scope].push(idx);
        }
        tree
    }
}

/// A location expression (DWARF 5, 2.5).
#[derive(Default)]
struct Expression {
    bytes: Vec<u8>,
}

impl Expression {
    fn register(&mut self, reg: u8) {
        if reg < 32 {
            self.bytes.push(DW_OP_reg0 + reg);
        } else {
            self.bytes.push(DW_OP_regx);
            base::bytes::push_uleb128(&mut self.bytes, u64::from(reg));
        }
    }

    /// In memory at the address that stands in `place`; as a value, that which stands there.
    fn held_by(&mut self, place: Place) {
        match place {
            Place::Nowhere => {}
            Place::Reg(reg) => self.at_register(reg),
            Place::Frame(offset) => {
                self.frame(offset);
                self.bytes.push(DW_OP_deref);
            }
        }
    }

    /// In memory where a register points.
    fn at_register(&mut self, reg: u8) {
        if reg < 32 {
            self.bytes.push(DW_OP_breg0 + reg);
        } else {
            self.bytes.push(DW_OP_bregx);
            base::bytes::push_uleb128(&mut self.bytes, u64::from(reg));
        }
        self.bytes.push(0);
    }

    /// In memory, relative to the frame base, which is the canonical frame address.
    fn frame(&mut self, offset: i32) {
        self.bytes.push(DW_OP_fbreg);
        push_sleb128(&mut self.bytes, i64::from(offset));
    }
}

/// The type of an array's elements; `None` of other types.
fn element_of(info: &DebugInfo, ty: DebugType) -> Option<DebugType> {
    match info.types.get(ty)? {
        TypeData::Array { element, .. } | TypeData::VariableArray { element, .. } => Some(*element),
        _ => None,
    }
}

fn encoding_number(encoding: Encoding) -> u8 {
    match encoding {
        Encoding::Bool => DW_ATE_boolean,
        Encoding::Signed => DW_ATE_signed,
        Encoding::Unsigned => DW_ATE_unsigned,
        Encoding::SignedChar => DW_ATE_signed_char,
        Encoding::UnsignedChar => DW_ATE_unsigned_char,
        Encoding::Float => DW_ATE_float,
        Encoding::ComplexFloat => DW_ATE_complex_float,
    }
}

fn qualifier_abbrev(qualifier: Qualifier, of_void: bool) -> Abbrev {
    match (qualifier, of_void) {
        (Qualifier::Const, false) => Abbrev::Const,
        (Qualifier::Const, true) => Abbrev::ConstVoid,
        (Qualifier::Volatile, false) => Abbrev::Volatile,
        (Qualifier::Volatile, true) => Abbrev::VolatileVoid,
        (Qualifier::Restrict, false) => Abbrev::Restrict,
        (Qualifier::Restrict, true) => unreachable!("only pointers can be restrict"),
        (Qualifier::Atomic, false) => Abbrev::Atomic,
        (Qualifier::Atomic, true) => Abbrev::AtomicVoid,
    }
}
