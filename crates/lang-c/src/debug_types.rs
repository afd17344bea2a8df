//! What debuggers are told, with `-g`: C types in the neutral model of [`ir::debug`], memoised per type, and the scopes and
//! variables of functions. A record is entered before its members, so that it may refer to itself.

use crate::ast::{DeclData, FunctionDef, Linkage};
use crate::lower::{Home, Lower, State, Tree};
use crate::types::{ArrayLen, Basic, EnumId, FunctionShape, QualTy, Quals, RecordId, TypeData as CType};
use base::ids::{Id, IdVec};
use base::{Name, Pos};
use ir::debug::{
    DebugInfo, DebugType, Encoding, FuncDebug, GlobalVar, LocalVar, Member, Qualifier, Scope, ScopeData, TypeData,
    VarHome,
};
use ir::func::Slot;
use ir::module::{Module, Symbol};
use std::collections::HashMap;

/// Debug types by C type with its qualifiers. The second part says whether the type was complete when it was entered.
#[derive(Default)]
pub(crate) struct DebugTypes {
    known: HashMap<QualTy, (DebugType, bool)>,
    records: HashMap<RecordId, (DebugType, bool)>,
    enums: HashMap<EnumId, (DebugType, bool)>,
    /// Where the function at hand keeps the lengths of its arrays, by number of the length.
    lengths: Vec<Option<Slot>>,
}

/// Qualifiers from the outside in.
const QUALIFIERS: [(Quals, Qualifier); 4] = [
    (Quals::CONST, Qualifier::Const),
    (Quals::VOLATILE, Qualifier::Volatile),
    (Quals::RESTRICT, Qualifier::Restrict),
    (Quals::ATOMIC, Qualifier::Atomic),
];

/// Names of the basic types as debuggers expect them.
fn basic_name(basic: Basic) -> (&'static str, Encoding) {
    match basic {
        Basic::Bool => ("_Bool", Encoding::Bool),
        Basic::Char => ("char", Encoding::SignedChar),
        Basic::SChar => ("signed char", Encoding::SignedChar),
        Basic::UChar => ("unsigned char", Encoding::UnsignedChar),
        Basic::Short => ("short int", Encoding::Signed),
        Basic::UShort => ("short unsigned int", Encoding::Unsigned),
        Basic::UInt => ("unsigned int", Encoding::Unsigned),
        Basic::Long => ("long int", Encoding::Signed),
        Basic::ULong => ("long unsigned int", Encoding::Unsigned),
        Basic::LLong => ("long long int", Encoding::Signed),
        Basic::ULLong => ("long long unsigned int", Encoding::Unsigned),
        Basic::Int128 => ("__int128", Encoding::Signed),
        Basic::UInt128 => ("__int128 unsigned", Encoding::Unsigned),
        Basic::Float => ("float", Encoding::Float),
        Basic::Double => ("double", Encoding::Float),
        Basic::LongDouble => ("long double", Encoding::Float),
        Basic::Float128 => ("_Float128", Encoding::Float),
        Basic::ComplexFloat => ("complex float", Encoding::ComplexFloat),
        Basic::ComplexDouble => ("complex double", Encoding::ComplexFloat),
        Basic::ComplexLongDouble => ("complex long double", Encoding::ComplexFloat),
        Basic::ComplexFloat128 => ("complex _Float128", Encoding::ComplexFloat),
        // DWARF has no encoding for them; gcc's is of its own too.
        Basic::ComplexChar | Basic::ComplexSChar | Basic::ComplexUChar => ("complex char", Encoding::Unsigned),
        Basic::ComplexShort | Basic::ComplexUShort => ("complex short int", Encoding::Unsigned),
        Basic::ComplexInt | Basic::ComplexUInt => ("complex int", Encoding::Unsigned),
        Basic::ComplexLong | Basic::ComplexULong => ("complex long int", Encoding::Unsigned),
        Basic::ComplexLLong | Basic::ComplexULLong => ("complex long long int", Encoding::Unsigned),
        Basic::ComplexInt128 | Basic::ComplexUInt128 => ("complex __int128", Encoding::Unsigned),
        Basic::Error | Basic::Void | Basic::Int | Basic::Count => ("int", Encoding::Signed),
    }
}

fn text(tree: Tree<'_>, name: Name) -> Box<str> {
    if name.is_none() { "".into() } else { tree.names.display(name).into() }
}

impl State {
    /// The debug type of `ty`; [`DebugType::NONE`] for `void`.
    pub(crate) fn debug_type(&mut self, info: &mut DebugInfo, tree: Tree<'_>, ty: QualTy) -> DebugType {
        if let Some(&(known, complete)) = self.debug.known.get(&ty)
            && (complete || !is_complete(tree, ty))
        {
            return known;
        }
        let complete = is_complete(tree, ty);
        let made = self.make_debug_type(info, tree, ty);
        self.debug.known.insert(ty, (made, complete));
        made
    }

    fn make_debug_type(&mut self, info: &mut DebugInfo, tree: Tree<'_>, ty: QualTy) -> DebugType {
        if let Some(&(bit, qualifier)) = QUALIFIERS.iter().find(|(bit, _)| ty.quals().has(*bit)) {
            let rest = QualTy::new(ty.ty(), Quals(ty.quals().0 & !bit.0));
            let of = self.debug_type(info, tree, rest);
            return info.types.push(TypeData::Qualified(qualifier, of));
        }
        match tree.types.data[ty.ty()] {
            CType::Basic(Basic::Void) => DebugType::NONE,
            CType::Basic(basic) => {
                let (name, encoding) = basic_name(basic);
                let size = self.facts.fact(tree.types, ty).size as u32;
                let encoding = match basic {
                    Basic::Char if !tree.types.layout.char_signed => Encoding::UnsignedChar,
                    _ => encoding,
                };
                info.types.push(TypeData::Base { name: name.into(), size, encoding })
            }
            CType::Pointer(to) => {
                let to = self.debug_type(info, tree, to);
                info.types.push(TypeData::Pointer(to))
            }
            CType::Typedef { name, of, .. } => {
                // A record that refers to its own typedef finds it here.
                let name = text(tree, name);
                let pos = tree.types.typedef_place(ty.ty());
                let at = info.types.push(TypeData::Typedef { name, ty: DebugType::NONE, pos });
                self.debug.known.insert(ty, (at, is_complete(tree, ty)));
                let of = self.debug_type(info, tree, of);
                if let TypeData::Typedef { ty, .. } = &mut info.types[at] {
                    *ty = of;
                }
                at
            }
            CType::Array { element, len } => {
                let size = self.facts.fact(tree.types, ty).size;
                let element = self.debug_type(info, tree, element);
                if let ArrayLen::Variable(idx) = len
                    && let Some(&Some(length)) = self.debug.lengths.get(idx as usize)
                {
                    return info.types.push(TypeData::VariableArray { element, length });
                }
                let count = match len {
                    ArrayLen::Fixed(n) => Some(u64::from(n)),
                    ArrayLen::Big(at) => Some(tree.types.big_lens[at as usize]),
                    ArrayLen::Incomplete | ArrayLen::Variable(_) | ArrayLen::Star => None,
                };
                info.types.push(TypeData::Array { element, count, size })
            }
            CType::Vector { element, n } => {
                let element = self.debug_type(info, tree, QualTy::plain(element));
                info.types.push(TypeData::Vector { element, count: u64::from(n) })
            }
            CType::Function { ret, params, n_params, shape } => {
                let ret = self.debug_type(info, tree, ret);
                let range = params as usize..params as usize + usize::from(n_params);
                let params = tree.types.lists[range].iter().map(|&ty| self.debug_type(info, tree, ty)).collect();
                info.types.push(TypeData::Function {
                    ret,
                    params,
                    variadic: shape == FunctionShape::Variadic,
                    prototyped: shape != FunctionShape::Unprototyped,
                })
            }
            CType::Record(id) => self.debug_record(info, tree, id),
            CType::Enum(id) => self.debug_enum(info, tree, id),
        }
    }

    fn debug_record(&mut self, info: &mut DebugInfo, tree: Tree<'_>, id: RecordId) -> DebugType {
        let record = &tree.types.records[id];
        let mut data = TypeData::Record {
            name: text(tree, record.tag),
            union: record.union,
            size: record.size,
            align: record.align,
            members: None,
            pos: record.pos,
        };
        let at = match self.debug.records.get(&id) {
            Some(&(at, complete)) if complete || !record.complete => return at,
            Some(&(at, _)) => at,
            None => info.types.push(data.clone()),
        };
        self.debug.records.insert(id, (at, record.complete));
        if record.complete {
            let fields = record.fields.clone();
            let mut list = Vec::with_capacity(fields.len());
            for field in fields {
                let field = tree.types.fields[crate::types::FieldId(field)];
                if field.is_bit_field() && field.name.is_none() || field.is_variable() {
                    continue;
                }
                let ty = self.debug_type(info, tree, field.ty);
                let bits = if field.is_bit_field() { u32::from(field.width) } else { 0 };
                list.push(Member {
                    name: text(tree, field.name),
                    ty,
                    offset: field.offset,
                    bit_size: bits,
                    bit_offset: if bits == 0 { 0 } else { field.offset * 8 + u64::from(field.bit) },
                    pos: field.pos,
                });
            }
            if let TypeData::Record { members, .. } = &mut data {
                *members = Some(list);
            }
            info.types[at] = data;
        }
        at
    }

    fn debug_enum(&mut self, info: &mut DebugInfo, tree: Tree<'_>, id: EnumId) -> DebugType {
        let data = tree.types.enums[id];
        let made = |items| TypeData::Enum { name: text(tree, data.tag), size: 4, signed: false, items, pos: data.pos };
        let at = match self.debug.enums.get(&id) {
            Some(&(at, complete)) if complete || !data.complete => return at,
            Some(&(at, _)) => at,
            None => info.types.push(made(None)),
        };
        self.debug.enums.insert(id, (at, data.complete));
        if data.complete {
            let fact = self.facts.fact(tree.types, QualTy::plain(data.underlying));
            let range = data.first as usize..(data.first + data.n) as usize;
            let items = tree.types.enumerators[range].iter().map(|&(name, value)| (text(tree, name), value)).collect();
            info.types[at] = made(Some(items));
            if let TypeData::Enum { size, signed, .. } = &mut info.types[at] {
                *size = fact.size as u32;
                *signed = fact.signed;
            }
        }
        at
    }

    /// Tells debuggers of the enumerations whose constants the program names.
    pub(crate) fn describe_constants(&mut self, module: &mut Module, tree: Tree<'_>) {
        if describes_types(module) {
            for data in tree.types.enums.iter().filter(|data| data.used) {
                let ty = self.debug_type(&mut module.debug, tree, QualTy::plain(data.ty));
                module.debug.used.push(ty);
            }
        }
    }

    /// Tells debuggers of an object with static storage at file level.
    pub(crate) fn describe_global(
        &mut self,
        module: &mut Module,
        tree: Tree<'_>,
        id: crate::types::DeclId,
        symbol: Symbol,
    ) {
        let decl = &tree.unit.decls[id];
        if !describes_types(module) || decl.linkage == Linkage::None || decl.name.is_none() {
            return;
        }
        let ty = self.debug_type(&mut module.debug, tree, decl.ty);
        module.debug.globals.push(GlobalVar {
            name: text(tree, decl.name),
            ty,
            symbol,
            external: decl.linkage == Linkage::External,
            tls: decl.thread_local,
            pos: decl.pos,
        });
    }
}

/// `-g`, and more than functions and lines.
fn describes_types(module: &Module) -> bool {
    module.options.debug && !module.options.lines_only
}

/// Whether entering `ty` again could say more.
fn is_complete(tree: Tree<'_>, ty: QualTy) -> bool {
    match tree.types.get(ty) {
        CType::Record(id) => tree.types.records[id].complete,
        CType::Enum(id) => tree.types.enums[id].complete,
        // What a pointer or function refers to is completed in place.
        _ => true,
    }
}

impl<'a> Lower<'a> {
    /// Describes the function at hand: its type, scopes and variables.
    pub(crate) fn describe(&mut self, def: &FunctionDef) {
        let decl = &self.tree.unit.decls[def.decl];
        let full = describes_types(self.b.module);
        let ty = if full {
            self.st.debug.lengths.clone_from(&self.w.vla_lens);
            self.st.debug_type(&mut self.b.module.debug, self.tree, decl.ty)
        } else {
            DebugType::NONE
        };
        let mut debug = FuncDebug {
            name: text(self.tree, decl.name),
            ty,
            external: decl.linkage == Linkage::External,
            pos: decl.pos,
            open: self.tree.ast.nodes[def.body].pos,
            end: def.end,
            scopes: IdVec::new(),
            vars: Vec::new(),
        };
        let all = self.b.func.insts.len() as u32;
        let body = self.body_scope(def);
        for (idx, scope) in self.tree.ast.scopes.iter().enumerate().take_while(|_| full) {
            let (first, end) = if idx == 0 { (0, all) } else { self.w.scope_ranges[idx] };
            let parent = match idx {
                0 => Scope::NONE,
                _ if scope.parent == body => Scope(0),
                _ => Scope(scope.parent),
            };
            debug.scopes.push(ScopeData { parent, first, end: end.max(first) });
        }
        if debug.scopes.is_empty() {
            debug.scopes.push(ScopeData { parent: Scope::NONE, first: 0, end: all });
        }
        if full {
            self.describe_variables(def, decl, &mut debug);
        }
        self.b.func.debug = Some(Box::new(debug));
    }

    /// The scope that debuggers see as the function's first: of a nested function, one further in.
    fn body_scope(&self, def: &FunctionDef) -> u32 {
        if self.level.number == 0 { 0 } else { self.tree.ast.nodes[def.body].b }
    }

    fn describe_variables(&mut self, def: &FunctionDef, decl: &DeclData, debug: &mut FuncDebug) {
        let ast = self.tree.ast;
        let inner = self.body_scope(def) + 1..debug.scopes.len() as u32;
        for &param in &def.params {
            self.describe_local(param, true, &inner, debug);
        }
        for (local, data) in ast.locals.enumerated() {
            if !data.param {
                self.describe_local(local, false, &inner, debug);
            }
        }
        let n_params = debug.vars.iter().take_while(|var| var.param).count();
        // Static locals stand in the tables of the unit; which ones are this function's, the tree's list says.
        for &(id, _) in &ast.static_inits {
            let data = &self.tree.unit.decls[id];
            if data.linkage != Linkage::None || data.name.is_none() || data.pos < decl.pos {
                continue;
            }
            let symbol = self.st.symbol(self.b.module, self.tree, id);
            let ty = self.st.debug_type(&mut self.b.module.debug, self.tree, data.ty);
            let scope = innermost(ast, data.pos);
            let name = text(self.tree, data.name);
            let home = if data.thread_local { VarHome::ThreadLocal(symbol) } else { VarHome::Static(symbol) };
            debug.vars.push(LocalVar { name, ty, scope: Scope(scope), home, param: false, pos: data.pos });
        }
        // Debuggers list variables as they find them: in the order of their declarations.
        debug.vars[n_params..].sort_by_key(|var| var.pos);
    }

    /// `inner`: the scopes that are not the function's first.
    fn describe_local(
        &mut self,
        local: crate::types::LocalId,
        param: bool,
        inner: &std::ops::Range<u32>,
        debug: &mut FuncDebug,
    ) {
        let data = self.tree.ast.locals[local];
        if data.name.is_none() || data.owner != self.level.number {
            return;
        }
        let home = match self.w.homes[local.index()] {
            Home::None => return,
            Home::Record(offset) => match self.level.record() {
                Some(slot) if !self.fact(data.ty).is_variable() => VarHome::Within(slot, offset),
                _ => return,
            },
            Home::Slot(slot) => VarHome::Slot(slot),
            Home::Indirect(slot) => VarHome::Indirect(slot),
        };
        let ty = self.st.debug_type(&mut self.b.module.debug, self.tree, data.ty);
        let scope = Scope(if inner.contains(&data.scope) { data.scope } else { 0 });
        debug.vars.push(LocalVar { name: text(self.tree, data.name), ty, scope, home, param, pos: data.pos });
    }
}

/// The innermost scope around `pos`.
fn innermost(ast: &crate::ast::Ast, pos: Pos) -> u32 {
    let mut best = 0;
    for (idx, scope) in ast.scopes.iter().enumerate() {
        if scope.start <= pos && pos < scope.end && scope.start >= ast.scopes[best].start {
            best = idx;
        }
    }
    best as u32
}
