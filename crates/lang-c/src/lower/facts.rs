//! What lowering must know of a C type, one array read away: its IR type, size, alignment, signedness; and the interned
//! signature or layout that belongs to it. Memoised per [`TyId`]; types that are still incomplete are looked at again.

use crate::lower::Tree;
use crate::types::{ArrayLen, Basic, FunctionShape, QualTy, Quals, TyId, TypeData, Types};
use base::ids::Id;
use ir::module::{AtomicOrder, MemDesc, MemId, Module};
use ir::types::{Ext, Layout, LayoutId, Leaf, Param, SigId, Signature, Ty};
use target::FloatFormat;

/// More leaves than any ABI passes in registers are not listed (see [`Layout::leaves`]).
const MAX_LEAVES: usize = 64;

/// How values of a type travel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    Unknown,
    Void,
    /// A value of [`Fact::ty`].
    Scalar,
    /// Records, arrays, complex numbers: in memory, known by their address.
    Aggregate,
    /// An array whose size is computed at run time.
    Variable,
    Function,
}

/// What there is to know of a type.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fact {
    /// In bytes; 0 where there is none.
    pub size: u64,
    pub ty: Ty,
    pub kind: Kind,
    pub align_log2: u8,
    /// Of integers: widens with its sign.
    pub signed: bool,
    /// `_Bool`.
    pub boolean: bool,
    /// An atomic type (`_Atomic`) somewhere in its sugar.
    pub quals: Quals,
}

pub(crate) const UNKNOWN: Fact = Fact {
    size: 0,
    ty: Ty::Void,
    kind: Kind::Unknown,
    align_log2: 0,
    signed: false,
    boolean: false,
    quals: Quals::NONE,
};

impl Fact {
    pub fn is_scalar(&self) -> bool {
        self.kind == Kind::Scalar
    }

    pub fn is_aggregate(&self) -> bool {
        matches!(self.kind, Kind::Aggregate | Kind::Variable)
    }

    /// Its size is known when the program runs.
    pub fn is_variable(&self) -> bool {
        self.kind == Kind::Variable
    }

    pub fn align(&self) -> u32 {
        1 << self.align_log2
    }
}

/// The memo tables of a unit.
pub(crate) struct Facts {
    facts: Vec<Fact>,
    sigs: Vec<SigId>,
    layouts: Vec<LayoutId>,
    /// Plain and volatile accesses by alignment.
    mems: [[MemId; 16]; 2],
}

impl Facts {
    pub fn new(module: &mut Module) -> Facts {
        let mut mems = [[MemId(0); 16]; 2];
        for (volatile, row) in mems.iter_mut().enumerate() {
            for (align_log2, mem) in row.iter_mut().enumerate().take(6) {
                *mem = module.intern_mem(MemDesc {
                    align_log2: align_log2 as u8,
                    volatile: volatile == 1,
                    order: AtomicOrder::None,
                    alias_root: 0,
                });
            }
            let widest = row[5];
            row[6..].fill(widest);
        }
        Facts { facts: Vec::new(), sigs: Vec::new(), layouts: Vec::new(), mems }
    }

    /// The description of a plain access. Alignments beyond 32 bytes count as 32.
    #[inline]
    pub fn mem(&self, align_log2: u8, volatile: bool) -> MemId {
        self.mems[usize::from(volatile)][usize::from(align_log2.min(15))]
    }

    #[inline]
    pub fn fact(&mut self, types: &Types, ty: QualTy) -> Fact {
        match self.facts.get(ty.ty().index()) {
            Some(fact) if fact.kind != Kind::Unknown => *fact,
            _ => self.learn(types, ty),
        }
    }

    #[cold]
    fn learn(&mut self, types: &Types, ty: QualTy) -> Fact {
        let (mut fact, complete) = self.compute(types, ty);
        fact.quals = types.canon(QualTy::plain(ty.ty())).quals();
        if complete && matches!(fact.kind, Kind::Scalar | Kind::Aggregate) {
            // Sugar may carry an alignment of its own.
            fact.align_log2 = log2(u64::from(types.align(ty).max(1)));
        }
        if complete {
            let idx = ty.ty().index();
            if self.facts.len() <= idx {
                self.facts.resize(types.data.len().max(idx + 1), UNKNOWN);
            }
            self.facts[idx] = fact;
        }
        fact
    }

    /// The facts and whether they can still change.
    fn compute(&mut self, types: &Types, ty: QualTy) -> (Fact, bool) {
        let aggregate = |size: u64, align_log2: u8| Fact { size, kind: Kind::Aggregate, align_log2, ..UNKNOWN };
        match types.get(ty) {
            TypeData::Basic(basic) => (basic_fact(types, basic), true),
            TypeData::Pointer(_) => {
                let align_log2 = log2(u64::from(types.layout.pointer.align));
                let size = u64::from(types.layout.pointer.size);
                (Fact { size, ty: Ty::Ptr, kind: Kind::Scalar, align_log2, ..UNKNOWN }, true)
            }
            TypeData::Function { .. } => (Fact { size: 1, kind: Kind::Function, ..UNKNOWN }, true),
            TypeData::Enum(id) => {
                let data = types.enums[id];
                let underlying = if data.complete { data.underlying } else { Basic::UInt.id() };
                (self.compute(types, QualTy::plain(underlying)).0, data.complete)
            }
            TypeData::Record(id) => {
                let data = &types.records[id];
                if data.variable {
                    let align_log2 = log2(u64::from(data.align.max(1)));
                    return (Fact { kind: Kind::Variable, align_log2, ..UNKNOWN }, true);
                }
                (aggregate(data.size, log2(u64::from(data.align.max(1)))), data.complete)
            }
            TypeData::Array { element, len } => {
                let (of, complete) = self.compute(types, element);
                match len {
                    _ if of.kind == Kind::Variable => (Fact { kind: Kind::Variable, ..of }, complete),
                    ArrayLen::Variable(_) => (Fact { size: 0, ty: Ty::Void, kind: Kind::Variable, ..of }, complete),
                    ArrayLen::Fixed(n) => (aggregate(of.size.wrapping_mul(u64::from(n)), of.align_log2), complete),
                    ArrayLen::Big(at) => {
                        (aggregate(of.size.wrapping_mul(types.big_lens[at as usize]), of.align_log2), complete)
                    }
                    ArrayLen::Incomplete | ArrayLen::Star => (aggregate(0, of.align_log2), complete),
                }
            }
            TypeData::Vector { element, n } => {
                let of = self.compute(types, QualTy::plain(element)).0;
                let size = of.size * u64::from(n);
                (aggregate(size, log2(size.next_power_of_two())), true)
            }
            TypeData::Typedef { .. } => unreachable!("sugar is looked through"),
        }
    }

    /// The signature of a function type. Of an unprototyped one: without parameters.
    pub fn signature(&mut self, module: &mut Module, types: &Types, function: QualTy) -> SigId {
        let idx = types.canon(function).ty().index();
        if let Some(&sig) = self.sigs.get(idx)
            && !sig.is_none()
        {
            return sig;
        }
        let TypeData::Function { ret, params, n_params, shape } = types.get(function) else {
            unreachable!("a call of something that is no function");
        };
        let unprototyped = shape == FunctionShape::Unprototyped;
        let range = params as usize..params as usize + usize::from(if unprototyped { 0 } else { n_params });
        let params = types.lists[range].iter().map(|&ty| self.param(module, types, ty)).collect();
        let ret = self.param(module, types, ret);
        let variadic = shape == FunctionShape::Variadic;
        let sig = module.intern_sig(Signature { ret, params, variadic, unprototyped });
        if self.sigs.len() <= idx {
            self.sigs.resize(idx + 1, SigId::NONE);
        }
        self.sigs[idx] = sig;
        sig
    }

    /// How a parameter or result of type `ty` is described.
    pub fn param(&mut self, module: &mut Module, types: &Types, ty: QualTy) -> Param {
        let fact = self.fact(types, ty);
        match fact.kind {
            Kind::Aggregate => Param::Aggregate(self.layout(module, types, ty)),
            _ => Param::Scalar { ty: fact.ty, ext: extension(&fact) },
        }
    }

    /// The layout of an aggregate type.
    pub fn layout(&mut self, module: &mut Module, types: &Types, ty: QualTy) -> LayoutId {
        let idx = types.canon(ty).ty().index();
        if let Some(&layout) = self.layouts.get(idx)
            && !layout.is_none()
        {
            return layout;
        }
        let fact = self.fact(types, ty);
        let mut layout = Layout::new(fact.size, fact.align(), Vec::new());
        layout.complex = is_complex(types.get(ty));
        self.leaves(types, ty, 0, &mut layout);
        layout.leaves.dedup();
        let id = module.intern_layout(layout);
        if self.layouts.len() <= idx {
            self.layouts.resize(idx + 1, LayoutId::NONE);
        }
        self.layouts[idx] = id;
        id
    }

    fn leaves(&mut self, types: &Types, ty: QualTy, at: u64, out: &mut Layout) {
        if out.leaves.len() >= MAX_LEAVES {
            out.complete = false;
            return;
        }
        let fact = self.fact(types, ty);
        match types.get(ty) {
            TypeData::Record(id) => {
                let from = out.leaves.len();
                for field in types.records[id].fields.clone() {
                    let field = types.fields[crate::types::FieldId(field)];
                    if !field.is_bit_field() {
                        self.leaves(types, field.ty, at + field.offset, out);
                    } else if field.width == 0 {
                        // Gcc leaves them out of structures, but in a union they are integers to it.
                        if types.records[id].union && fact.size != 0 {
                            push_leaf(out, at, Ty::I8);
                        }
                    } else {
                        // Unnamed ones count, as with gcc. No wider than what it touches, wherever the record stands:
                        // the rest of its type may be another member's.
                        let first = (at + field.offset) * 8 + u64::from(field.bit);
                        let last = first + u64::from(field.width) - 1;
                        for word in first / 64..=last / 64 {
                            push_leaf(out, (word * 8).max(first / 8), Ty::I8);
                        }
                    }
                }
                // Members of a structure are one thing where it lies in a union: its integers come first, as they win
                // over what they share a register with. Where a `long double` is among them order counts.
                if !types.records[id].union && !out.leaves[from..].iter().any(|leaf| leaf.ty == Ty::F80) {
                    out.leaves[from..].sort_by_key(|leaf| (leaf.ty.is_float(), leaf.offset));
                }
            }
            TypeData::Array { element, .. } => {
                let of = self.fact(types, element).size;
                let n = fact.size.checked_div(of).unwrap_or(0);
                for idx in 0..n {
                    self.leaves(types, element, at + idx * of, out);
                    if !out.complete {
                        return;
                    }
                }
            }
            data if is_complex(data) => {
                let part = self.fact(types, QualTy::plain(complex_part(types.get(ty))));
                out.unaligned |= !at.is_multiple_of(part.size);
                push_leaf(out, at, part.ty);
                push_leaf(out, at + part.size, part.ty);
            }
            // A vector travels as a whole: of 16 bytes or several of them; of 8 as a floating number does; of less as an
            // integer. A lone floating element is no vector to any machine: gcc puts it in memory.
            TypeData::Vector { element, n } => {
                let float = self.fact(types, QualTy::plain(element)).ty.is_float();
                out.unaligned |= float && n == 1 && fact.size < 16;
                out.unaligned |= fact.size != 0 && !at.is_multiple_of(fact.size.min(16));
                match fact.size {
                    8 => push_leaf(out, at, Ty::F64),
                    size @ 0..16 => push_leaf(out, at, crate::lower::place::int_of_size(size as u32)),
                    size => {
                        for piece in 0..size / 16 {
                            push_leaf(out, at + 16 * piece, Ty::V128);
                        }
                    }
                }
            }
            _ => {
                // Whatever alignment a type's other names ask for.
                let canon = types.canon(ty);
                let natural = u64::from(self.fact(types, canon).align());
                out.unaligned |= !at.is_multiple_of(natural);
                push_leaf(out, at, fact.ty);
            }
        }
    }
}

fn push_leaf(out: &mut Layout, offset: u64, ty: Ty) {
    match u32::try_from(offset) {
        Ok(offset) if out.leaves.len() < MAX_LEAVES => out.leaves.push(Leaf { offset, ty }),
        _ => out.complete = false,
    }
}

/// How the ABI widens a small integer.
pub(crate) fn extension(fact: &Fact) -> Ext {
    match fact.ty {
        Ty::I8 | Ty::I16 | Ty::I32 if fact.signed => Ext::Sign,
        Ty::I8 | Ty::I16 | Ty::I32 => Ext::Zero,
        _ => Ext::None,
    }
}

pub(crate) fn is_complex(data: TypeData) -> bool {
    matches!(data, TypeData::Basic(basic) if basic.is_complex())
}

/// The real type of which a complex type has two.
pub(crate) fn complex_part(data: TypeData) -> TyId {
    match data {
        TypeData::Basic(basic) => basic.real_part().id(),
        _ => Basic::Double.id(),
    }
}

fn basic_fact(types: &Types, basic: Basic) -> Fact {
    let layout = types.layout;
    let of = |ty: Ty, size: u8, align: u8, signed: bool| Fact {
        size: u64::from(size),
        ty,
        kind: Kind::Scalar,
        align_log2: log2(u64::from(align)),
        signed,
        ..UNKNOWN
    };
    let sized = |size: u8| if size == 8 { Ty::I64 } else { Ty::I32 };
    let (long, wide, quad) = (layout.long, layout.int64, layout.int128);
    let extended = || {
        let ty = match layout.long_double_format {
            FloatFormat::Double => Ty::F64,
            FloatFormat::Extended80 => Ty::F80,
            FloatFormat::Quad => Ty::F128,
        };
        of(ty, layout.long_double.size, layout.long_double.align, false)
    };
    let complex = |part: Fact| Fact { size: part.size * 2, kind: Kind::Aggregate, ty: Ty::Void, ..part };
    let double = || of(Ty::F64, 8, layout.double.align, false);
    match basic {
        Basic::Error | Basic::Count => of(Ty::I32, 4, 4, true),
        Basic::Void => Fact { kind: Kind::Void, size: 1, ..UNKNOWN },
        Basic::Bool => Fact { boolean: true, ..of(Ty::I8, 1, 1, false) },
        Basic::Char => of(Ty::I8, 1, 1, types.char_signed),
        Basic::SChar => of(Ty::I8, 1, 1, true),
        Basic::UChar => of(Ty::I8, 1, 1, false),
        Basic::Short => of(Ty::I16, 2, 2, true),
        Basic::UShort => of(Ty::I16, 2, 2, false),
        Basic::Int => of(Ty::I32, 4, 4, true),
        Basic::UInt => of(Ty::I32, 4, 4, false),
        Basic::Long => of(sized(long.size), long.size, long.align, true),
        Basic::ULong => of(sized(long.size), long.size, long.align, false),
        Basic::LLong => of(Ty::I64, wide.size, wide.align, true),
        Basic::ULLong => of(Ty::I64, wide.size, wide.align, false),
        Basic::Int128 => of(Ty::I128, quad.size, quad.align, true),
        Basic::UInt128 => of(Ty::I128, quad.size, quad.align, false),
        Basic::Float => of(Ty::F32, 4, 4, false),
        Basic::Double => double(),
        Basic::LongDouble => extended(),
        Basic::Float128 => of(Ty::F128, 16, 16, false),
        Basic::ComplexFloat => complex(of(Ty::F32, 4, 4, false)),
        Basic::ComplexDouble => complex(double()),
        Basic::ComplexLongDouble => complex(extended()),
        // Of integers, and of `_Float128`.
        other => complex(basic_fact(types, other.real_part())),
    }
}

/// Binary logarithm of a power of two.
pub(crate) fn log2(power: u64) -> u8 {
    power.trailing_zeros() as u8
}

/// The type that pointer type `ty` points to.
pub(crate) fn pointee(tree: &Tree<'_>, ty: QualTy) -> QualTy {
    match tree.types.get(ty) {
        TypeData::Pointer(to) => to,
        TypeData::Array { element, .. } => element,
        _ => QualTy::plain(Basic::Char.id()),
    }
}
