//! Constant expressions over the checked tree (6.6): integers, floating values, and addresses of objects with static
//! storage plus an offset. The parser asks it whether an initialiser is constant, lowering what its bytes are.

pub mod float;

use crate::ast::{Ast, FloatBits, NodeId, NodeOp};
use crate::types::{Basic, DeclId, FieldId, LabelId, QualTy, StrId, TypeData, Types};

/// What an address constant is relative to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Base {
    /// An absolute address.
    Null,
    Decl(DeclId),
    Str(StrId),
    Label(LabelId),
}

/// The value of a constant expression.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Const {
    /// An integer, or an absolute address, as its type holds it.
    Int(i128),
    Float(FloatBits),
    /// Real and imaginary part.
    Complex(FloatBits, FloatBits),
    /// The same of integers.
    ComplexInt(i128, i128),
    /// Bytes from a base.
    Address {
        base: Base,
        offset: i64,
    },
    /// The distance between two labels of one function.
    LabelDifference {
        to: LabelId,
        from: LabelId,
        addend: i64,
    },
}

/// Nesting at which evaluation gives up (the parser's own limits lie below, chains of operators may be longer).
const MAX_DEPTH: u32 = 2000;

/// The value of rvalue `node`; `None` when it is not constant.
pub fn evaluate(ast: &Ast, types: &Types, node: NodeId) -> Option<Const> {
    rvalue(ast, types, node, MAX_DEPTH)
}

/// The place of lvalue `node`, if it is one with static storage.
pub fn place(ast: &Ast, types: &Types, node: NodeId) -> Option<(Base, i64)> {
    lvalue(ast, types, node, MAX_DEPTH)
}

fn lvalue(ast: &Ast, types: &Types, id: NodeId, depth: u32) -> Option<(Base, i64)> {
    let depth = depth.checked_sub(1)?;
    let node = &ast.nodes[id];
    match node.op {
        NodeOp::Decl => Some((Base::Decl(DeclId(node.a)), 0)),
        NodeOp::Str => Some((Base::Str(StrId(node.a)), 0)),
        NodeOp::Deref => match rvalue(ast, types, NodeId(node.a), depth)? {
            Const::Int(value) => Some((Base::Null, value as i64)),
            Const::Address { base, offset } => Some((base, offset)),
            _ => None,
        },
        NodeOp::Member => {
            let (base, offset) = lvalue(ast, types, NodeId(node.a), depth)?;
            let field = &types.fields[FieldId(node.b)];
            if field.is_variable() {
                return None;
            }
            Some((base, offset.wrapping_add(field.offset as i64)))
        }
        NodeOp::ComplexPart => {
            let (base, offset) = lvalue(ast, types, NodeId(node.a), depth)?;
            let part = types.size(node.ty)?;
            Some((base, offset.wrapping_add(if node.aux == 0 { 0 } else { part as i64 })))
        }
        _ => None,
    }
}

fn address(place: Option<(Base, i64)>) -> Option<Const> {
    match place? {
        (Base::Null, offset) => Some(Const::Int(i128::from(offset as u64))),
        (base, offset) => Some(Const::Address { base, offset }),
    }
}

fn rvalue(ast: &Ast, types: &Types, id: NodeId, depth: u32) -> Option<Const> {
    let depth = depth.checked_sub(1)?;
    let node = &ast.nodes[id];
    let a = NodeId(node.a);
    match node.op {
        NodeOp::IntConst => Some(Const::Int(int_of(types, node.ty, node.int_value()))),
        NodeOp::WideConst => Some(Const::Int(ast.wides[node.a as usize] as i128)),
        NodeOp::FloatConst => Some(Const::Float(ast.floats[node.a as usize])),
        NodeOp::LabelAddr => Some(Const::Address { base: Base::Label(LabelId(node.a)), offset: 0 }),
        NodeOp::Decay | NodeOp::FunctionDecay | NodeOp::AddrOf => address(lvalue(ast, types, a, depth)),
        NodeOp::PtrAdd | NodeOp::PtrSub => {
            let base = rvalue(ast, types, a, depth)?;
            let Const::Int(index) = rvalue(ast, types, NodeId(node.b), depth)? else { return None };
            let size = types.pointee(node.ty).and_then(|t| types.size(t))?;
            let bytes = (index as i64).wrapping_mul(size as i64);
            let bytes = if node.op == NodeOp::PtrSub { bytes.wrapping_neg() } else { bytes };
            moved(types, base, bytes)
        }
        NodeOp::PtrCast | NodeOp::NopCast => rvalue(ast, types, a, depth),
        NodeOp::IntToPtr => match rvalue(ast, types, a, depth)? {
            Const::Int(value) => Some(Const::Int(pointer_value(types, value))),
            other => Some(other),
        },
        NodeOp::PtrToInt | NodeOp::IntCast => {
            let value = rvalue(ast, types, a, depth)?;
            let basic = types.integer(node.ty)?;
            match value {
                Const::Int(value) => Some(Const::Int(types.wrap(basic, value))),
                // An address survives only in an integer that holds it whole.
                Const::Address { .. } | Const::LabelDifference { .. } => (types.bits(basic)
                    >= types.layout.pointer.size as u32 * 8
                    || matches!(value, Const::LabelDifference { .. }))
                .then_some(value),
                _ => None,
            }
        }
        NodeOp::BoolCast => match rvalue(ast, types, a, depth)? {
            Const::Int(value) => Some(Const::Int(i128::from(value != 0))),
            Const::Float(bits) => {
                let format = float::format(types, types.arith(ast.nodes[a].ty)?);
                Some(Const::Int(i128::from(!float::is_zero(bits, format))))
            }
            Const::Address { .. } => Some(Const::Int(1)),
            _ => None,
        },
        NodeOp::FloatCast => {
            let Const::Float(bits) = rvalue(ast, types, a, depth)? else { return None };
            let from = float::format(types, types.arith(ast.nodes[a].ty)?);
            let to = float::format(types, types.arith(node.ty)?);
            Some(Const::Float(float::convert(bits, from, to)))
        }
        NodeOp::ComplexMake => match (rvalue(ast, types, a, depth)?, rvalue(ast, types, NodeId(node.b), depth)?) {
            (Const::Float(re), Const::Float(im)) => Some(Const::Complex(re, im)),
            (Const::Int(re), Const::Int(im)) => Some(Const::ComplexInt(re, im)),
            _ => None,
        },
        NodeOp::ComplexCast => complex_cast(ast, types, id, depth),
        NodeOp::ComplexPartRvalue => match rvalue(ast, types, a, depth)? {
            Const::Complex(re, im) => Some(Const::Float(if node.aux == 0 { re } else { im })),
            Const::ComplexInt(re, im) => Some(Const::Int(if node.aux == 0 { re } else { im })),
            _ => None,
        },
        NodeOp::Neg => match rvalue(ast, types, a, depth)? {
            Const::Complex(re, im) => {
                let format = float::format(types, types.arith(node.ty)?);
                Some(Const::Complex(float::negate(re, format), float::negate(im, format)))
            }
            Const::ComplexInt(re, im) => complex_int(types, node.ty, re.wrapping_neg(), im.wrapping_neg()),
            _ => None,
        },
        NodeOp::Mul => product(ast, types, id, depth),
        NodeOp::Add | NodeOp::Sub => sum(ast, types, id, depth),
        NodeOp::PtrDiff => {
            let (x, y) = (rvalue(ast, types, a, depth)?, rvalue(ast, types, NodeId(node.b), depth)?);
            let size = types.pointee(ast.nodes[a].ty).and_then(|t| types.size(t)).filter(|&s| s > 0)? as i64;
            match (x, y) {
                (Const::Address { base: b, offset: o }, Const::Address { base: c, offset: p }) if b == c => {
                    Some(Const::Int(i128::from(o.wrapping_sub(p) / size)))
                }
                (
                    Const::Address { base: Base::Label(to), offset: o },
                    Const::Address { base: Base::Label(from), offset: p },
                ) if size == 1 => Some(Const::LabelDifference { to, from, addend: o.wrapping_sub(p) }),
                _ => None,
            }
        }
        NodeOp::Cond => {
            let Const::Int(condition) = rvalue(ast, types, a, depth)? else { return None };
            let arm = if condition != 0 { node.b } else { node.c };
            if arm == u32::MAX { None } else { rvalue(ast, types, NodeId(arm), depth) }
        }
        NodeOp::Eq | NodeOp::Ne => {
            let (x, y) = (rvalue(ast, types, a, depth)?, rvalue(ast, types, NodeId(node.b), depth)?);
            let equal = match (x, y) {
                (Const::Int(x), Const::Int(y)) => x == y,
                // No object lies at the null pointer.
                (Const::Address { offset: 0, .. }, Const::Int(0))
                | (Const::Int(0), Const::Address { offset: 0, .. }) => false,
                (Const::Address { base: b, offset: o }, Const::Address { base: c, offset: p }) if b == c => o == p,
                _ => return None,
            };
            Some(Const::Int(i128::from(equal == (node.op == NodeOp::Eq))))
        }
        // A static compound literal is an aggregate's value: its initialiser is taken by the parser.
        _ => None,
    }
}

/// An address plus or minus an integer, computed as integers.
fn sum(ast: &Ast, types: &Types, id: NodeId, depth: u32) -> Option<Const> {
    let node = &ast.nodes[id];
    let (x, y) = (rvalue(ast, types, NodeId(node.a), depth)?, rvalue(ast, types, NodeId(node.b), depth)?);
    let minus = node.op == NodeOp::Sub;
    match (x, y) {
        (Const::Int(x), Const::Int(y)) => {
            let basic = types.integer(node.ty)?;
            let value = if minus { x.wrapping_sub(y) } else { x.wrapping_add(y) };
            Some(Const::Int(types.wrap(basic, value)))
        }
        (base, Const::Int(n)) if !matches!(base, Const::Float(_) | Const::Complex(..) | Const::ComplexInt(..)) => {
            moved(types, base, if minus { (n as i64).wrapping_neg() } else { n as i64 })
        }
        (Const::Int(n), base @ Const::Address { .. }) if !minus => moved(types, base, n as i64),
        (
            Const::Address { base: Base::Label(to), offset: o },
            Const::Address { base: Base::Label(from), offset: p },
        ) if minus => Some(Const::LabelDifference { to, from, addend: o.wrapping_sub(p) }),
        (Const::Address { base: b, offset: o }, Const::Address { base: c, offset: p }) if minus && b == c => {
            Some(Const::Int(i128::from(o.wrapping_sub(p))))
        }
        (Const::ComplexInt(a, b), Const::ComplexInt(c, d)) => {
            let sign = if minus { -1 } else { 1 };
            complex_int(types, node.ty, a.wrapping_add(c.wrapping_mul(sign)), b.wrapping_add(d.wrapping_mul(sign)))
        }
        (Const::Complex(a, b), Const::Complex(c, d)) => {
            let format = float::format(types, types.arith(node.ty)?);
            let op = if minus { float::FloatOp::Sub } else { float::FloatOp::Add };
            Some(Const::Complex(float::binary(op, a, c, format), float::binary(op, b, d, format)))
        }
        _ => None,
    }
}

/// A product of complex constants; everything else is folded where it is built.
fn product(ast: &Ast, types: &Types, id: NodeId, depth: u32) -> Option<Const> {
    let node = &ast.nodes[id];
    let (a, b, c, d) = match (rvalue(ast, types, NodeId(node.a), depth)?, rvalue(ast, types, NodeId(node.b), depth)?) {
        (Const::Complex(a, b), Const::Complex(c, d)) => (a, b, c, d),
        (Const::ComplexInt(a, b), Const::ComplexInt(c, d)) => {
            let (rr, ii, ri, ir) = (a.wrapping_mul(c), b.wrapping_mul(d), a.wrapping_mul(d), b.wrapping_mul(c));
            return complex_int(types, node.ty, rr.wrapping_sub(ii), ri.wrapping_add(ir));
        }
        _ => return None,
    };
    let format = float::format(types, types.arith(node.ty)?);
    let op = |op, x, y| float::binary(op, x, y, format);
    use float::FloatOp::{Add, Mul, Sub};
    let re = op(Sub, op(Mul, a, c), op(Mul, b, d));
    let im = op(Add, op(Mul, a, d), op(Mul, b, c));
    Some(Const::Complex(re, im))
}

fn complex_cast(ast: &Ast, types: &Types, id: NodeId, depth: u32) -> Option<Const> {
    let node = &ast.nodes[id];
    let a = NodeId(node.a);
    let value = rvalue(ast, types, a, depth)?;
    let to = types.arith(node.ty)?;
    let from = types.arith(ast.nodes[a].ty)?;
    match value {
        Const::ComplexInt(re, _) if to.is_integer() => return Some(Const::Int(types.wrap(to, re))),
        Const::ComplexInt(re, im) if to.is_complex_int() => return complex_int(types, node.ty, re, im),
        Const::Int(re) if to.is_complex_int() => return complex_int(types, node.ty, re, 0),
        Const::ComplexInt(re, im) => {
            let format = float::format(types, to);
            let part = |value| float::from_int(value, types.is_signed(from.real_part()), format);
            return Some(if to.is_complex() { Const::Complex(part(re), part(im)) } else { Const::Float(part(re)) });
        }
        _ if to.is_complex_int() || to.is_integer() => return None,
        _ => {}
    }
    let to_format = float::format(types, to);
    let part = |bits: FloatBits| float::convert(bits, float::format(types, from), to_format);
    match (value, to.is_complex()) {
        (Const::Complex(re, im), true) => Some(Const::Complex(part(re), part(im))),
        (Const::Complex(re, _), false) if to.is_float() => Some(Const::Float(part(re))),
        (Const::Float(bits), true) => Some(Const::Complex(part(bits), float::from_bits(0))),
        (Const::Int(value), true) => {
            Some(Const::Complex(float::from_int(value, types.is_signed(from), to_format), float::from_bits(0)))
        }
        _ => None,
    }
}

fn moved(types: &Types, base: Const, bytes: i64) -> Option<Const> {
    match base {
        Const::Int(value) => Some(Const::Int(pointer_value(types, value.wrapping_add(i128::from(bytes))))),
        Const::Address { base, offset } => Some(Const::Address { base, offset: offset.wrapping_add(bytes) }),
        Const::LabelDifference { to, from, addend } => {
            Some(Const::LabelDifference { to, from, addend: addend.wrapping_add(bytes) })
        }
        Const::Float(_) | Const::Complex(..) | Const::ComplexInt(..) => None,
    }
}

/// A complex integer as type `ty` holds it.
fn complex_int(types: &Types, ty: QualTy, re: i128, im: i128) -> Option<Const> {
    let part = types.arith(ty)?.real_part();
    Some(Const::ComplexInt(types.wrap(part, re), types.wrap(part, im)))
}

/// An integer as a pointer holds it.
fn pointer_value(types: &Types, value: i128) -> i128 {
    let bits = u32::from(types.layout.pointer.size) * 8;
    value & ((1 << bits) - 1)
}

/// The 64 bits of a constant node as its type means them.
pub(crate) fn int_of(types: &Types, ty: QualTy, bits: i64) -> i128 {
    match types.get(ty) {
        TypeData::Pointer(_) => i128::from(bits as u64),
        _ => {
            let basic = types.integer(ty).unwrap_or(Basic::Long);
            if types.is_signed(basic) { i128::from(bits) } else { i128::from(bits as u64) }
        }
    }
}
