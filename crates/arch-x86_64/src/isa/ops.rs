//! Operands by the names of the SDM's opcode maps (volume 2, appendix A.2): a capital letter for the place, small ones for
//! the width. `E` general register or memory in ModRM.rm, `G` general register in ModRM.reg, `V` `W` `H` `L` `U` the same with
//! vector registers (reg, rm, vvvv, immediate, rm without memory), `M` memory, `I` immediate, `J` relative, `Z` register in the
//! opcode, `A` accumulator, `B` general register in vvvv, `X` `Y` string operands, `O` absolute address; `P` `Q` `N` MMX, `K…` masks.
//! Behind an underscore stands the width of memory where it differs from the register's.
#![allow(non_upper_case_globals)]

use super::{Class, Op, Place, Width};

const fn op(place: Place, class: Class, reg: Width, mem: Width) -> Op {
    Op { place, class, reg, mem }
}

pub const Ab: Op = op(Place::Acc, Class::Gpr, Width::B1, Width::None);
pub const Av: Op = op(Place::Acc, Class::Gpr, Width::V, Width::None);
pub const Aw: Op = op(Place::Acc, Class::Gpr, Width::B2, Width::None);
pub const CL: Op = op(Place::Cl, Class::Gpr, Width::B1, Width::None);
pub const DX: Op = op(Place::Dx, Class::Gpr, Width::B2, Width::None);
pub const FS: Op = op(Place::Fs, Class::Seg, Width::B2, Width::None);
pub const GS: Op = op(Place::Gs, Class::Seg, Width::B2, Width::None);
pub const Ib: Op = op(Place::Imm, Class::Imm, Width::B1, Width::None);
pub const Id: Op = op(Place::Imm, Class::Imm, Width::B4, Width::None);
pub const Iv: Op = op(Place::Imm, Class::Imm, Width::V, Width::None);
pub const Iw: Op = op(Place::Imm, Class::Imm, Width::B2, Width::None);
pub const Iz: Op = op(Place::Imm, Class::Imm, Width::Z, Width::None);
pub const sIb: Op = op(Place::ImmSx, Class::Imm, Width::B1, Width::None);
pub const Ldq: Op = op(Place::Is4, Class::Vec, Width::B16, Width::None);
pub const Lx: Op = op(Place::Is4, Class::Vec, Width::X, Width::None);
pub const I4: Op = op(Place::Imm4, Class::Imm, Width::None, Width::None);
pub const DIdq: Op = op(Place::MaskDst, Class::Mem, Width::None, Width::B16);
pub const DIq: Op = op(Place::MaskDst, Class::Mem, Width::None, Width::B8);
pub const Ob: Op = op(Place::Moffs, Class::Mem, Width::None, Width::B1);
pub const Ov: Op = op(Place::Moffs, Class::Mem, Width::None, Width::V);
pub const ONE: Op = op(Place::One, Class::Imm, Width::None, Width::None);
pub const Zb: Op = op(Place::Opcode, Class::Gpr, Width::B1, Width::None);
pub const Zv: Op = op(Place::Opcode, Class::Gpr, Width::V, Width::None);
pub const STi: Op = op(Place::Opcode, Class::St, Width::B10, Width::None);
pub const Bnd: Op = op(Place::Reg, Class::Bound, Width::B8, Width::None);
pub const Cq: Op = op(Place::Reg, Class::Cr, Width::B8, Width::None);
pub const Dq: Op = op(Place::Reg, Class::Dr, Width::B8, Width::None);
pub const Ga: Op = op(Place::Reg, Class::Gpr, Width::Address, Width::None);
pub const Gb: Op = op(Place::Reg, Class::Gpr, Width::B1, Width::None);
pub const Gd: Op = op(Place::Reg, Class::Gpr, Width::B4, Width::None);
pub const Gq: Op = op(Place::Reg, Class::Gpr, Width::B8, Width::None);
pub const Gv: Op = op(Place::Reg, Class::Gpr, Width::V, Width::None);
pub const Gy: Op = op(Place::Reg, Class::Gpr, Width::Y, Width::None);
pub const Kg: Op = op(Place::Reg, Class::Mask, Width::B8, Width::None);
pub const KP: Op = op(Place::Reg, Class::MaskPair, Width::B8, Width::None);
pub const P: Op = op(Place::Reg, Class::Mmx, Width::B8, Width::None);
pub const S: Op = op(Place::Reg, Class::Seg, Width::B2, Width::None);
pub const T: Op = op(Place::Reg, Class::Tile, Width::B8, Width::None);
pub const Vdq: Op = op(Place::Reg, Class::Vec, Width::B16, Width::None);
pub const Vh: Op = op(Place::Reg, Class::Vec, Width::H, Width::None);
pub const Voq: Op = op(Place::Reg, Class::Vec, Width::B64, Width::None);
pub const Vqq: Op = op(Place::Reg, Class::Vec, Width::B32, Width::None);
pub const Vx: Op = op(Place::Reg, Class::Vec, Width::X, Width::None);
pub const Jb: Op = op(Place::Rel, Class::Imm, Width::B1, Width::None);
pub const Jd: Op = op(Place::Rel, Class::Imm, Width::B4, Width::None);
pub const BndEdq: Op = op(Place::Rm, Class::Bound, Width::B8, Width::B16);
pub const Eb: Op = op(Place::Rm, Class::Gpr, Width::B1, Width::B1);
pub const Ed: Op = op(Place::Rm, Class::Gpr, Width::B4, Width::B4);
pub const Eq: Op = op(Place::Rm, Class::Gpr, Width::B8, Width::B8);
pub const Ev: Op = op(Place::Rm, Class::Gpr, Width::V, Width::V);
pub const Ev_w: Op = op(Place::Rm, Class::Gpr, Width::V, Width::B2);
pub const Ew: Op = op(Place::Rm, Class::Gpr, Width::B2, Width::B2);
pub const Ey: Op = op(Place::Rm, Class::Gpr, Width::Y, Width::Y);
pub const Ey_b: Op = op(Place::Rm, Class::Gpr, Width::Y, Width::B1);
pub const Ey_d: Op = op(Place::Rm, Class::Gpr, Width::Y, Width::B4);
pub const Ey_w: Op = op(Place::Rm, Class::Gpr, Width::Y, Width::B2);
pub const Ez: Op = op(Place::Rm, Class::Gpr, Width::Z, Width::Z);
pub const KEb: Op = op(Place::Rm, Class::Mask, Width::B8, Width::B1);
pub const KEd: Op = op(Place::Rm, Class::Mask, Width::B8, Width::B4);
pub const KEq: Op = op(Place::Rm, Class::Mask, Width::B8, Width::B8);
pub const KEw: Op = op(Place::Rm, Class::Mask, Width::B8, Width::B2);
pub const Qd: Op = op(Place::Rm, Class::Mmx, Width::B8, Width::B4);
pub const Qq: Op = op(Place::Rm, Class::Mmx, Width::B8, Width::B8);
pub const Wdq: Op = op(Place::Rm, Class::Vec, Width::B16, Width::B16);
pub const Wdq_b: Op = op(Place::Rm, Class::Vec, Width::B16, Width::B1);
pub const Wdq_d: Op = op(Place::Rm, Class::Vec, Width::B16, Width::B4);
pub const Wdq_e: Op = op(Place::Rm, Class::Vec, Width::B16, Width::E);
pub const Wdq_f: Op = op(Place::Rm, Class::Vec, Width::B16, Width::Q);
pub const Wdq_h: Op = op(Place::Rm, Class::Vec, Width::B16, Width::H);
pub const Wdq_q: Op = op(Place::Rm, Class::Vec, Width::B16, Width::B8);
pub const Wdq_w: Op = op(Place::Rm, Class::Vec, Width::B16, Width::B2);
pub const Wh: Op = op(Place::Rm, Class::Vec, Width::H, Width::H);
pub const Wqq: Op = op(Place::Rm, Class::Vec, Width::B32, Width::B32);
pub const Wx: Op = op(Place::Rm, Class::Vec, Width::X, Width::X);
pub const M: Op = op(Place::RmMem, Class::Mem, Width::None, Width::None);
pub const Mb: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B1);
pub const Md: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B4);
pub const Mdq: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B16);
pub const Moq: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B64);
pub const Mp: Op = op(Place::RmMem, Class::Mem, Width::None, Width::Far);
pub const Mq: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B8);
pub const Mqq: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B32);
pub const Mt: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B10);
pub const Mv: Op = op(Place::RmMem, Class::Mem, Width::None, Width::V);
pub const Mw: Op = op(Place::RmMem, Class::Mem, Width::None, Width::B2);
pub const Mx: Op = op(Place::RmMem, Class::Mem, Width::None, Width::X);
pub const My: Op = op(Place::RmMem, Class::Mem, Width::None, Width::Y);
pub const Rd: Op = op(Place::RmReg, Class::Gpr, Width::B4, Width::None);
pub const Ra: Op = op(Place::RmReg, Class::Gpr, Width::Address, Width::None);
pub const Rq: Op = op(Place::RmReg, Class::Gpr, Width::B8, Width::None);
pub const Rv: Op = op(Place::RmReg, Class::Gpr, Width::V, Width::None);
pub const Ry: Op = op(Place::RmReg, Class::Gpr, Width::Y, Width::None);
pub const KR: Op = op(Place::RmReg, Class::Mask, Width::B8, Width::None);
pub const N: Op = op(Place::RmReg, Class::Mmx, Width::B8, Width::None);
pub const TR: Op = op(Place::RmReg, Class::Tile, Width::B8, Width::None);
pub const Udq: Op = op(Place::RmReg, Class::Vec, Width::B16, Width::None);
pub const Uqq: Op = op(Place::RmReg, Class::Vec, Width::B32, Width::None);
pub const Ux: Op = op(Place::RmReg, Class::Vec, Width::X, Width::None);
pub const ST0: Op = op(Place::St0, Class::St, Width::B10, Width::None);
pub const Yb: Op = op(Place::StrDst, Class::Mem, Width::None, Width::B1);
pub const Yv: Op = op(Place::StrDst, Class::Mem, Width::None, Width::V);
pub const Xb: Op = op(Place::StrSrc, Class::Mem, Width::None, Width::B1);
pub const Xv: Op = op(Place::StrSrc, Class::Mem, Width::None, Width::V);
pub const MVdq_q: Op = op(Place::Vsib, Class::Vec, Width::B16, Width::B8);
pub const MVh_q: Op = op(Place::Vsib, Class::Vec, Width::H, Width::B8);
pub const MVx_d: Op = op(Place::Vsib, Class::Vec, Width::X, Width::B4);
pub const MVx_q: Op = op(Place::Vsib, Class::Vec, Width::X, Width::B8);
pub const By: Op = op(Place::Vvvv, Class::Gpr, Width::Y, Width::None);
pub const KH: Op = op(Place::Vvvv, Class::Mask, Width::B8, Width::None);
pub const TH: Op = op(Place::Vvvv, Class::Tile, Width::B8, Width::None);
pub const Hdq: Op = op(Place::Vvvv, Class::Vec, Width::B16, Width::None);
pub const Hoq: Op = op(Place::Vvvv, Class::Vec, Width::B64, Width::None);
pub const Hqq: Op = op(Place::Vvvv, Class::Vec, Width::B32, Width::None);
pub const Hx: Op = op(Place::Vvvv, Class::Vec, Width::X, Width::None);
pub const XLb: Op = op(Place::Xlat, Class::Mem, Width::None, Width::B1);
