//! How types relate: compatible types (6.2.7), composite types, qualification, and what the checker asks most.

use super::{ArrayLen, Basic, FieldId, FunctionShape, Kind, QualTy, Quals, Shape, TypeData, Types};

/// Types nest no deeper than this when they are compared; the parser's own limits lie below.
const MAX_DEPTH: u32 = 10_000;

impl Types {
    /// `ty` with more qualifiers; those of an array are its elements' (6.7.3p9).
    #[inline]
    pub fn qualify(&mut self, ty: QualTy, quals: Quals) -> QualTy {
        if quals == Quals::NONE {
            return ty;
        }
        if let TypeData::Array { element, len } = self.get(ty) {
            let element = self.qualify(element, quals);
            return QualTy::plain(self.add(TypeData::Array { element, len }));
        }
        ty.with(quals)
    }

    /// `ty` without qualifiers. Sugar that carries qualifiers is taken off.
    #[inline]
    pub fn unqualified(&self, ty: QualTy) -> QualTy {
        if self.kind(ty).qualified { QualTy::plain(self.rows[ty.ty()].canon.ty()) } else { QualTy::plain(ty.ty()) }
    }

    /// All qualifiers of `ty`; of an array, those of its elements.
    pub fn quals(&self, ty: QualTy) -> Quals {
        match self.kind(ty) {
            Kind { shape: Shape::Array, .. } => match self.get(ty) {
                TypeData::Array { element, .. } => self.quals(element),
                _ => Quals::NONE,
            },
            Kind { qualified: false, .. } => ty.quals(),
            _ => self.canon(ty).quals(),
        }
    }

    /// What a pointer type points to.
    #[inline]
    pub fn pointee(&self, ty: QualTy) -> Option<QualTy> {
        let row = &self.rows[ty.ty()];
        if row.kind.shape == Shape::Pointer { Some(row.pointee) } else { None }
    }

    #[inline]
    pub fn is_pointer(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Pointer
    }

    #[inline]
    pub fn is_void(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Void
    }

    #[inline]
    pub fn is_error(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Error
    }

    #[inline]
    pub fn is_function(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Function
    }

    #[inline]
    pub fn is_array(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Array
    }

    #[inline]
    pub fn is_record(&self, ty: QualTy) -> bool {
        self.kind(ty).shape == Shape::Record
    }

    /// Arithmetic or pointer.
    pub fn is_scalar(&self, ty: QualTy) -> bool {
        self.is_pointer(ty) || self.arith(ty).is_some()
    }

    /// Are both types the same, sugar and qualifiers on top aside?
    #[inline]
    pub fn same(&self, a: QualTy, b: QualTy) -> bool {
        a == b || self.deep(a).ty() == self.deep(b).ty()
    }

    /// Compatible types, qualifiers on top included (6.2.7, 6.7.3p10).
    pub fn compatible(&self, a: QualTy, b: QualTy) -> bool {
        self.compatible_within(a, b, MAX_DEPTH)
    }

    /// Compatible but for qualifiers on top.
    pub fn compatible_unqualified(&self, a: QualTy, b: QualTy) -> bool {
        self.same(a, b) || self.compatible_core(self.deep(a), self.deep(b), MAX_DEPTH)
    }

    fn compatible_within(&self, a: QualTy, b: QualTy, depth: u32) -> bool {
        let (a, b) = (self.deep(a), self.deep(b));
        a == b || (a.quals() == b.quals() && self.compatible_core(a, b, depth)) || self.is_error(a) || self.is_error(b)
    }

    fn compatible_core(&self, a: QualTy, b: QualTy, depth: u32) -> bool {
        if a.ty() == b.ty() {
            return true;
        }
        if depth == 0 {
            return false;
        }
        match (self.data[a.ty()], self.data[b.ty()]) {
            (TypeData::Basic(Basic::Error), _) | (_, TypeData::Basic(Basic::Error)) => true,
            (TypeData::Pointer(a), TypeData::Pointer(b)) => self.compatible_within(a, b, depth - 1),
            (TypeData::Array { element: a, len: n }, TypeData::Array { element: b, len: m }) => {
                let lens = match (self.array_len(n), self.array_len(m)) {
                    (Some(n), Some(m)) => n == m,
                    _ => true,
                };
                lens && self.compatible_within(a, b, depth - 1)
            }
            (TypeData::Enum(e), TypeData::Basic(other)) | (TypeData::Basic(other), TypeData::Enum(e)) => {
                self.underlying(e) == other
            }
            (TypeData::Function { .. }, TypeData::Function { .. }) => self.compatible_functions(a, b, depth),
            _ => false,
        }
    }

    fn compatible_functions(&self, a: QualTy, b: QualTy, depth: u32) -> bool {
        let (
            TypeData::Function { ret: ra, params: pa, n_params: na, shape: sa },
            TypeData::Function { ret: rb, params: pb, n_params: nb, shape: sb },
        ) = (self.data[a.ty()], self.data[b.ty()])
        else {
            return false;
        };
        if !self.compatible_within(QualTy::plain(ra.ty()), QualTy::plain(rb.ty()), depth - 1) {
            return false;
        }
        let (pa, pb) = (self.params(pa, na), self.params(pb, nb));
        match (sa, sb) {
            (FunctionShape::Unprototyped, FunctionShape::Unprototyped) => true,
            (FunctionShape::Unprototyped, _) => sb == FunctionShape::Prototype && self.default_promoted(pb, pa),
            (_, FunctionShape::Unprototyped) => sa == FunctionShape::Prototype && self.default_promoted(pa, pb),
            _ => {
                sa == sb
                    && pa.len() == pb.len()
                    && pa.iter().zip(pb).all(|(&a, &b)| {
                        let (a, b) = (self.deep(a), self.deep(b));
                        self.compatible_within(QualTy::plain(a.ty()), QualTy::plain(b.ty()), depth - 1)
                            || self.transparent_match(a, b)
                    })
            }
        }
    }

    /// A transparent union beside a type that one of its members has: it is passed as that (GNU).
    fn transparent_match(&self, a: QualTy, b: QualTy) -> bool {
        let takes = |union: QualTy, other: QualTy| match self.get(union) {
            TypeData::Record(id) if self.records[id].transparent => self.records[id]
                .fields
                .clone()
                .any(|at| self.compatible_unqualified(self.fields[FieldId(at)].ty, other)),
            _ => false,
        };
        takes(a, b) || takes(b, a)
    }

    /// A prototype agrees with `f()` when no parameter changes under the default promotions, and with a K&R definition
    /// when the promoted parameters are the same in number and type (6.7.6.3p15).
    fn default_promoted(&self, prototype: &[QualTy], old_style: &[QualTy]) -> bool {
        let stays = |&p: &QualTy| match self.arith(p) {
            Some(Basic::Float) => false,
            Some(b) if b.is_integer() && !matches!(self.get(p), TypeData::Enum(_)) => b.rank() >= Basic::Int.rank(),
            _ => true,
        };
        if old_style.is_empty() {
            return prototype.iter().all(stays);
        }
        prototype.len() == old_style.len()
            && prototype.iter().zip(old_style).all(|(&a, &b)| self.compatible_unqualified(a, b))
    }

    /// The composite of two compatible types (6.2.7p3): what both declarations say together.
    pub fn composite(&mut self, a: QualTy, b: QualTy) -> QualTy {
        if a == b || self.deep(a) == self.deep(b) {
            return a;
        }
        match (self.get(a), self.get(b)) {
            (TypeData::Pointer(x), TypeData::Pointer(y)) => {
                let to = self.composite(x, y);
                if to == x { a } else { self.pointer(to).with(self.canon(a).quals()) }
            }
            (TypeData::Array { element: x, len: n }, TypeData::Array { element: y, len: m }) => {
                let element = self.composite(x, y);
                let len = if self.array_len(n).is_none() && m != ArrayLen::Incomplete { m } else { n };
                if element == x && len == n { a } else { QualTy::plain(self.add(TypeData::Array { element, len })) }
            }
            (
                TypeData::Function { ret: ra, params: pa, n_params: na, shape: sa },
                TypeData::Function { ret: rb, params: pb, n_params: nb, shape: sb },
            ) => {
                if sa == FunctionShape::Unprototyped {
                    return if sb == FunctionShape::Unprototyped && na > 0 { a } else { b };
                }
                if sb == FunctionShape::Unprototyped || na != nb {
                    return a;
                }
                let ret = self.composite(ra, rb);
                let mut params = Vec::with_capacity(na as usize);
                for idx in 0..na as usize {
                    let (x, y) = (self.lists[pa as usize + idx], self.lists[pb as usize + idx]);
                    params.push(self.composite(x, y));
                }
                self.function(ret, &params, sa)
            }
            // A transparent union and what it may stand for: the latter says how it is passed.
            (TypeData::Record(id), TypeData::Pointer(_)) if self.records[id].transparent => b,
            _ => a,
        }
    }
}
