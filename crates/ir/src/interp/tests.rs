//! Roots and conversions, compared with the machine's.

use super::Word;
use super::float::{convert, to_int, unary};
use crate::Op;
use crate::types::Ty;

#[test]
fn roots_are_rounded_as_machines_round() {
    // A type of more than twice the digits rounds as if at once (Figueroa): compare with the machine's roots.
    for bits in [0x3f80_0001u32, 0x4000_0000, 0x0000_0001, 0x7f7f_ffff, 0x3eaa_aaab, 0x4110_0000] {
        let x = f32::from_bits(bits);
        for ty in [Ty::F80, Ty::F128] {
            let wide = convert(Ty::F32, ty, Word::new(bits.into()));
            let root = unary(Op::Fsqrt, ty, wide);
            let narrow = convert(ty, Ty::F32, root);
            assert_eq!(narrow.lo as u32, x.sqrt().to_bits(), "{x} {ty:?}");
        }
        let f64_bits = f64::from(x).sqrt().to_bits();
        let quad = convert(Ty::F32, Ty::F128, Word::new(bits.into()));
        let root = unary(Op::Fsqrt, Ty::F128, quad);
        assert_eq!(convert(Ty::F128, Ty::F64, root).lo, f64_bits);
    }
    assert_eq!(to_int(Op::FptoS, Ty::F64, Ty::I32, Word::new(1e10f64.to_bits())).lo, 1 << 31);
    assert_eq!(to_int(Op::FptoU, Ty::F64, Ty::I64, Word::new(1e19f64.to_bits())).lo, 10u64.pow(19));
}
