//! The System V calling convention (psABI x86-64, 3.2): which registers and stack bytes arguments and results travel in.

use crate::regs::{INT_ARGS, N_FLOAT_ARGS, RAX, RDX, XMM0};
use codegen::machine::PReg;
use ir::types::{Layout, Param};
use ir::{Module, Ty};

/// What an eightbyte of an aggregate is passed as.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Part {
    Int,
    Sse,
}

/// How an aggregate travels (psABI 3.2.3, "Classification").
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Passing {
    /// Nothing at all: empty structures.
    Nothing,
    Memory,
    /// One or two eightbytes.
    Parts([Part; 2], u8),
    /// 16 bytes in one SSE register: vectors and `_Float128`, alone or as the only member.
    Wide,
    /// Only as a result: a lone `long double` comes back in `st(0)`.
    X87,
    /// Only as a result: a `long double _Complex` comes back in `st(0)` and `st(1)` (class COMPLEX_X87).
    X87Pair,
}

/// Class of an aggregate as a result. As an argument those of x87 are memory: see [`as_argument`].
pub fn classify(layout: &Layout) -> Passing {
    if layout.size == 0 {
        return Passing::Nothing;
    }
    if layout.complex && layout.leaves.first().is_some_and(|leaf| leaf.ty == Ty::F80) {
        return Passing::X87Pair;
    }
    if layout.size > 16 || layout.unaligned || !layout.complete {
        return Passing::Memory;
    }
    let n = layout.size.div_ceil(8) as u8;
    let mut classes = [Class::None; 2];
    for leaf in &layout.leaves {
        let at = (leaf.offset / 8).min(1) as usize;
        let (class, next) = match leaf.ty {
            Ty::F80 => (Class::X87, Some(Class::X87Up)),
            Ty::F16 | Ty::F32 | Ty::F64 => (Class::Sse, None),
            Ty::F128 | Ty::V128 => (Class::Sse, Some(Class::SseUp)),
            Ty::I128 => (Class::Int, Some(Class::Int)),
            _ => (Class::Int, None),
        };
        classes[at] = merge(classes[at], class);
        if let Some(next) = next {
            classes[1] = merge(classes[1], next);
        }
    }
    // Padding before a leaf is passed as SSE.
    let part = |class: Class| if class == Class::Int { Part::Int } else { Part::Sse };
    match classes {
        [Class::X87, Class::X87Up] => Passing::X87,
        [Class::Sse, Class::SseUp] => Passing::Wide,
        // What was merged with half of a `long double`, and its second half without the first.
        [first, second] if [first, second].iter().any(|c| matches!(c, Class::Memory | Class::X87 | Class::X87Up)) => {
            Passing::Memory
        }
        // A last eightbyte of padding alone, which only a wide alignment makes, travels nowhere.
        [first, Class::None] => Passing::Parts([part(first), Part::Sse], 1),
        [first, second] => Passing::Parts([part(first), part(second)], n),
    }
}

/// The classes of psABI 3.2.3 while leaves are merged.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Class {
    /// No leaf yet.
    None,
    Int,
    Sse,
    SseUp,
    X87,
    X87Up,
    Memory,
}

/// The class of an eightbyte that also holds something of class `class` (psABI 3.2.3, rule 4). The order in which a
/// union's members are merged counts: what has become memory stays so.
fn merge(known: Class, class: Class) -> Class {
    use Class::{Int, Memory, None, Sse, X87, X87Up};
    match (known, class) {
        (None, class) => class,
        (known, class) if known == class => class,
        (Memory, _) => Memory,
        (Int, _) | (_, Int) => Int,
        (X87 | X87Up, _) | (_, X87 | X87Up) => Memory,
        _ => Sse,
    }
}

pub fn as_argument(layout: &Layout) -> Passing {
    match classify(layout) {
        Passing::X87 | Passing::X87Pair => Passing::Memory,
        other => other,
    }
}

/// Where one argument goes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Place {
    Nothing,
    /// Up to two registers.
    Regs([PReg; 2], u8),
    /// All 16 bytes of an SSE register.
    Wide(PReg),
    /// Bytes above the first stack argument.
    Stack(u32),
}

/// Hands out registers and stack in order of the arguments.
#[derive(Clone, Copy, Default, Debug)]
pub struct Assigner {
    pub n_int: usize,
    pub n_float: usize,
    /// Stack bytes used.
    pub stack: u32,
}

impl Assigner {
    fn stack(&mut self, size: u32, align: u32) -> Place {
        let at = self.stack.next_multiple_of(align.max(8));
        self.stack = at + size.next_multiple_of(8);
        Place::Stack(at)
    }

    /// A scalar.
    #[inline]
    pub fn scalar(&mut self, ty: Ty) -> Place {
        match ty {
            Ty::F32 | Ty::F64 if self.n_float < N_FLOAT_ARGS => {
                self.n_float += 1;
                Place::Regs([XMM0 + self.n_float as PReg - 1, 0], 1)
            }
            Ty::F32 | Ty::F64 => self.stack(8, 8),
            Ty::I128 if self.n_int + 2 <= INT_ARGS.len() => {
                self.n_int += 2;
                Place::Regs([INT_ARGS[self.n_int - 2], INT_ARGS[self.n_int - 1]], 2)
            }
            Ty::F128 | Ty::V128 => self.wide(16),
            Ty::I128 | Ty::F80 => self.stack(16, 16),
            _ if self.n_int < INT_ARGS.len() => {
                self.n_int += 1;
                Place::Regs([INT_ARGS[self.n_int - 1], 0], 1)
            }
            _ => self.stack(8, 8),
        }
    }

    /// 16 bytes in an SSE register, or on the stack.
    fn wide(&mut self, align: u32) -> Place {
        if self.n_float < N_FLOAT_ARGS {
            self.n_float += 1;
            return Place::Wide(XMM0 + self.n_float as PReg - 1);
        }
        self.stack(16, align)
    }

    /// An aggregate.
    pub fn aggregate(&mut self, layout: &Layout) -> Place {
        match as_argument(layout) {
            Passing::Nothing => Place::Nothing,
            Passing::Memory | Passing::X87 | Passing::X87Pair => self.stack(layout.size as u32, layout.align),
            Passing::Wide => self.wide(layout.align),
            Passing::Parts(parts, n) => {
                let parts = &parts[..n as usize];
                let n_int = parts.iter().filter(|&&part| part == Part::Int).count();
                let n_float = parts.len() - n_int;
                if self.n_int + n_int > INT_ARGS.len() || self.n_float + n_float > N_FLOAT_ARGS {
                    return self.stack(layout.size as u32, layout.align);
                }
                let mut regs = [0; 2];
                for (reg, &part) in regs.iter_mut().zip(parts) {
                    *reg = match part {
                        Part::Int => {
                            self.n_int += 1;
                            INT_ARGS[self.n_int - 1]
                        }
                        Part::Sse => {
                            self.n_float += 1;
                            XMM0 + self.n_float as PReg - 1
                        }
                    };
                }
                Place::Regs(regs, n)
            }
        }
    }

    pub fn param(&mut self, module: &Module, param: Param) -> Place {
        match param {
            Param::Scalar { ty, .. } => self.scalar(ty),
            Param::Aggregate(layout) => self.aggregate(module.layout(layout)),
        }
    }
}

/// Bytes from a complex number's real part to its imaginary one, which comes back in `st(1)`.
pub const SECOND_X87: i32 = 16;

/// Registers of a result in parts.
pub fn result_regs(parts: [Part; 2], n: u8) -> [PReg; 2] {
    let (mut ints, mut floats) = ([RAX, RDX].into_iter(), [XMM0, XMM0 + 1].into_iter());
    let mut regs = [0; 2];
    for (reg, part) in regs.iter_mut().zip(parts).take(n as usize) {
        let next = match part {
            Part::Int => ints.next(),
            Part::Sse => floats.next(),
        };
        *reg = next.expect("two parts at most");
    }
    regs
}

/// Bytes of the register save area of a variadic function (psABI, figure 3.33).
pub const SAVE_AREA: u32 = 176;
/// End of the general registers in it.
pub const SAVE_INTS: u32 = 48;
/// Fields of `va_list` (psABI, figure 3.34).
pub const VA_GP_OFFSET: i32 = 0;
pub const VA_FP_OFFSET: i32 = 4;
pub const VA_OVERFLOW: i32 = 8;
pub const VA_SAVE_AREA: i32 = 16;

#[cfg(test)]
mod tests {
    use super::*;
    use ir::types::Leaf;

    fn layout(size: u64, leaves: &[(u32, Ty)]) -> Layout {
        let leaves = leaves.iter().map(|&(offset, ty)| Leaf { offset, ty }).collect();
        Layout { size, align: 8, leaves, complete: true, unaligned: false, complex: false }
    }

    #[test]
    fn aggregates_are_classified_by_eightbyte() {
        use Part::{Int, Sse};
        let check = |size, leaves: &[(u32, Ty)], want| assert_eq!(classify(&layout(size, leaves)), want);
        check(8, &[(0, Ty::F32), (4, Ty::I32)], Passing::Parts([Int, Sse], 1));
        check(16, &[(0, Ty::F64), (8, Ty::Ptr)], Passing::Parts([Sse, Int], 2));
        check(16, &[(0, Ty::F80)], Passing::X87);
        check(32, &[(0, Ty::F80), (16, Ty::F80)], Passing::Memory);
        let number = Layout { complex: true, ..layout(32, &[(0, Ty::F80), (16, Ty::F80)]) };
        assert_eq!((classify(&number), as_argument(&number)), (Passing::X87Pair, Passing::Memory));
        check(16, &[(0, Ty::F80), (0, Ty::I32)], Passing::Memory);
        check(16, &[(0, Ty::F80), (0, Ty::I32), (8, Ty::I8)], Passing::Parts([Int, Int], 2));
        check(16, &[(0, Ty::F80), (0, Ty::I32), (8, Ty::F32)], Passing::Memory);
        check(16, &[(0, Ty::I128)], Passing::Parts([Int, Int], 2));
        check(24, &[(0, Ty::F64)], Passing::Memory);
        // A union's members in order: an integer saves what comes after it, not what came before.
        check(16, &[(0, Ty::F64), (0, Ty::F80), (0, Ty::I64), (8, Ty::I64)], Passing::Memory);
        check(16, &[(0, Ty::I64), (8, Ty::I64), (0, Ty::F64), (0, Ty::F80)], Passing::Parts([Int, Int], 2));
        check(16, &[(0, Ty::F80), (0, Ty::F64), (8, Ty::I32), (0, Ty::I64)], Passing::Memory);
        check(16, &[(0, Ty::I8)], Passing::Parts([Int, Sse], 1));
        check(16, &[(0, Ty::V128)], Passing::Wide);
        check(16, &[(0, Ty::F128)], Passing::Wide);
        check(16, &[(0, Ty::I64), (0, Ty::V128)], Passing::Parts([Int, Sse], 2));
        check(16, &[(0, Ty::V128), (8, Ty::F64)], Passing::Parts([Sse, Sse], 2));
        check(32, &[(0, Ty::V128), (16, Ty::V128)], Passing::Memory);
        check(0, &[], Passing::Nothing);
    }
}
