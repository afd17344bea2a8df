//! Instructions as rows: mnemonic, operands, encoding, and what they ask of registers. Intel SDM, volume 2.
//!
//! A row is a family over operand sizes: `size` of the machine instruction (0 to 3: 1, 2, 4, 8 bytes) picks the opcode's
//! `w` bit, the 0x66 prefix or `REX.W`. Where two encodings are equal the row has the one that GNU as picks.

use crate::regs::{RAX, RCX, RDX};
use codegen::machine::Constraints;

/// Which operand of [`codegen::machine::MInst`] goes into which field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Shape {
    /// rm: `dst` (or `a` without one), reg: `b`.
    MR,
    /// reg: `dst` (or `a` without one), rm: `b`.
    RM,
    /// reg: `dst` (or `a` without one), rm: memory.
    RMem,
    /// rm: memory, reg: `b`.
    MemR,
    /// rm: memory, reg: `dst` (exchanges).
    MemD,
    /// rm: `dst` (or `a` without one), reg: the row's digit.
    M,
    /// rm: `b`, reg: the row's digit (`mul`).
    MB,
    /// rm: `dst`, reg: the further register in `mem.base` (`shld`).
    MX,
    /// rm and reg: `dst` (clearing a register).
    DD,
    /// rm: memory, reg: the row's digit.
    Mem,
    /// `dst` (or `a` without one) in the opcode.
    O,
    /// No operand in fields.
    Z,
    /// No operand; the digit is a second opcode byte.
    ZZ,
    /// Several instructions, written by hand.
    Sequence,
}

/// Immediates.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Imm {
    No,
    /// One byte, sign-extended.
    Byte,
    /// As wide as the operand, at most 4 bytes, sign-extended.
    Full,
    Eight,
    /// 4 bytes that refer to the symbol of `mem`.
    Symbol,
}

/// One row.
#[derive(Clone, Copy)]
pub struct InsnRow {
    /// AT&T mnemonic, without the size's letter unless [`PLAIN`].
    pub mnemonic: &'static str,
    /// Sizes it exists in: bit n for size n.
    pub sizes: u8,
    pub shape: Shape,
    /// Mandatory prefix or `lock`, 0 for none.
    pub prefix: u8,
    /// 0: one-byte opcodes, 1: after 0x0f, 2: after 0x0f38, 3: after 0x0f3a.
    pub map: u8,
    pub opcode: u8,
    pub digit: u8,
    pub imm: Imm,
    pub cons: Constraints,
    pub flags: u16,
}

/// The opcode's lowest bit says "not one byte": given set.
pub const W: u16 = 1;
/// With `rax` there is an encoding without ModRM.
pub const ACC: u16 = 2;
/// A shift by one has its own opcode.
pub const ONE: u16 = 4;
/// The condition `aux` is part of the opcode.
pub const CC: u16 = 8;
/// The rm operand is a byte, a word, a doubleword.
pub const BYTE_RM: u16 = 16;
pub const WORD_RM: u16 = 32;
pub const DWORD_RM: u16 = 64;
/// No size letter in the mnemonic.
pub const PLAIN: u16 = 128;
/// Register operands are SSE registers: both, the first written in Intel's order, the second.
pub const XX: u16 = 256 | PLAIN;
pub const XI: u16 = 512;
pub const IX: u16 = 1024;
/// Shifts by `cl`.
pub const BY_CL: u16 = 2048;
/// `movd` at 4 bytes, `movq` at 8.
pub const DQ: u16 = 4096;

const BYTE: u8 = 1;
const WORD: u8 = 0b1110;
const DWORD: u8 = 0b100;
const QWORD: u8 = 0b1000;
const DQWORD: u8 = 0b1100;
const ALL: u8 = 0b1111;
/// No operand size: 4 bytes stands for none.
const PLAIN32: u8 = 0b100;
/// The operand has 8 bytes without `REX.W`.
const PLAIN64: u8 = 0b10000;
/// The size that stands for [`PLAIN64`].
pub const SIZE_PLAIN64: u8 = 4;

const NONE: Constraints = Constraints::NONE;
const TIED: Constraints = Constraints::TIED;
/// Counts live in `cl`.
const SHIFT: Constraints = Constraints { b: RCX, ..TIED };
/// `rdx:rax = rax * b`, of which the high half counts.
const MUL_HIGH: Constraints = Constraints { a: RAX, dst: RDX, clobbers: 1 << RAX, ..NONE };
const QUOTIENT: Constraints = Constraints { a: RAX, dst: RAX, clobbers: 1 << RDX, ..NONE };
const REMAINDER: Constraints = Constraints { a: RAX, dst: RDX, clobbers: 1 << RAX, ..NONE };
const CMPXCHG: Constraints = Constraints { a: RAX, dst: RAX, ..NONE };
const RMW: Constraints = Constraints { dst: RAX, clobbers: 1 << RCX, ..NONE };

macro_rules! insns {
    ($($name:ident: $mnemonic:literal $sizes:ident $shape:ident $prefix:literal $map:literal $opcode:literal
       $digit:literal $imm:ident $cons:ident, $flags:expr;)+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Row { $($name),+ }
        $(
            #[doc = concat!("Row of `", $mnemonic, "`.")]
            pub const $name: u16 = Row::$name as u16;
        )+
        /// Every row; indexed by [`codegen::machine::MInst::form`].
        pub static INSNS: &[InsnRow] = &[$(InsnRow {
            mnemonic: $mnemonic,
            sizes: $sizes,
            shape: Shape::$shape,
            prefix: $prefix,
            map: $map,
            opcode: $opcode,
            digit: $digit,
            imm: Imm::$imm,
            cons: $cons,
            flags: $flags,
        }),+];
    };
}

// Columns: mnemonic, sizes, shape, prefix, map, opcode, digit, immediate, constraints, flags.
insns! {
    // Arithmetic, one family of eight after the other: `ADD_RR + n` is the n-th operation.
    ADD_RR: "add" ALL MR 0x00 0 0x01 0x00 No TIED, W;
    OR_RR: "or" ALL MR 0x00 0 0x09 0x00 No TIED, W;
    ADC_RR: "adc" ALL MR 0x00 0 0x11 0x00 No TIED, W;
    SBB_RR: "sbb" ALL MR 0x00 0 0x19 0x00 No TIED, W;
    AND_RR: "and" ALL MR 0x00 0 0x21 0x00 No TIED, W;
    SUB_RR: "sub" ALL MR 0x00 0 0x29 0x00 No TIED, W;
    XOR_RR: "xor" ALL MR 0x00 0 0x31 0x00 No TIED, W;
    CMP_RR: "cmp" ALL MR 0x00 0 0x39 0x00 No NONE, W;
    ADD_RM: "add" ALL RMem 0x00 0 0x03 0x00 No TIED, W;
    OR_RM: "or" ALL RMem 0x00 0 0x0b 0x00 No TIED, W;
    ADC_RM: "adc" ALL RMem 0x00 0 0x13 0x00 No TIED, W;
    SBB_RM: "sbb" ALL RMem 0x00 0 0x1b 0x00 No TIED, W;
    AND_RM: "and" ALL RMem 0x00 0 0x23 0x00 No TIED, W;
    SUB_RM: "sub" ALL RMem 0x00 0 0x2b 0x00 No TIED, W;
    XOR_RM: "xor" ALL RMem 0x00 0 0x33 0x00 No TIED, W;
    CMP_RM: "cmp" ALL RMem 0x00 0 0x3b 0x00 No NONE, W;
    ADD_MR: "add" ALL MemR 0x00 0 0x01 0x00 No NONE, W;
    OR_MR: "or" ALL MemR 0x00 0 0x09 0x00 No NONE, W;
    ADC_MR: "adc" ALL MemR 0x00 0 0x11 0x00 No NONE, W;
    SBB_MR: "sbb" ALL MemR 0x00 0 0x19 0x00 No NONE, W;
    AND_MR: "and" ALL MemR 0x00 0 0x21 0x00 No NONE, W;
    SUB_MR: "sub" ALL MemR 0x00 0 0x29 0x00 No NONE, W;
    XOR_MR: "xor" ALL MemR 0x00 0 0x31 0x00 No NONE, W;
    CMP_MR: "cmp" ALL MemR 0x00 0 0x39 0x00 No NONE, W;
    ADD_RI8: "add" WORD M 0x00 0 0x83 0x00 Byte TIED, 0;
    OR_RI8: "or" WORD M 0x00 0 0x83 0x01 Byte TIED, 0;
    ADC_RI8: "adc" WORD M 0x00 0 0x83 0x02 Byte TIED, 0;
    SBB_RI8: "sbb" WORD M 0x00 0 0x83 0x03 Byte TIED, 0;
    AND_RI8: "and" WORD M 0x00 0 0x83 0x04 Byte TIED, 0;
    SUB_RI8: "sub" WORD M 0x00 0 0x83 0x05 Byte TIED, 0;
    XOR_RI8: "xor" WORD M 0x00 0 0x83 0x06 Byte TIED, 0;
    CMP_RI8: "cmp" WORD M 0x00 0 0x83 0x07 Byte NONE, 0;
    ADD_RI: "add" ALL M 0x00 0 0x81 0x00 Full TIED, W | ACC;
    OR_RI: "or" ALL M 0x00 0 0x81 0x01 Full TIED, W | ACC;
    ADC_RI: "adc" ALL M 0x00 0 0x81 0x02 Full TIED, W | ACC;
    SBB_RI: "sbb" ALL M 0x00 0 0x81 0x03 Full TIED, W | ACC;
    AND_RI: "and" ALL M 0x00 0 0x81 0x04 Full TIED, W | ACC;
    SUB_RI: "sub" ALL M 0x00 0 0x81 0x05 Full TIED, W | ACC;
    XOR_RI: "xor" ALL M 0x00 0 0x81 0x06 Full TIED, W | ACC;
    CMP_RI: "cmp" ALL M 0x00 0 0x81 0x07 Full NONE, W | ACC;
    ADD_MI8: "add" WORD Mem 0x00 0 0x83 0x00 Byte NONE, 0;
    OR_MI8: "or" WORD Mem 0x00 0 0x83 0x01 Byte NONE, 0;
    ADC_MI8: "adc" WORD Mem 0x00 0 0x83 0x02 Byte NONE, 0;
    SBB_MI8: "sbb" WORD Mem 0x00 0 0x83 0x03 Byte NONE, 0;
    AND_MI8: "and" WORD Mem 0x00 0 0x83 0x04 Byte NONE, 0;
    SUB_MI8: "sub" WORD Mem 0x00 0 0x83 0x05 Byte NONE, 0;
    XOR_MI8: "xor" WORD Mem 0x00 0 0x83 0x06 Byte NONE, 0;
    CMP_MI8: "cmp" WORD Mem 0x00 0 0x83 0x07 Byte NONE, 0;
    ADD_MI: "add" ALL Mem 0x00 0 0x81 0x00 Full NONE, W;
    OR_MI: "or" ALL Mem 0x00 0 0x81 0x01 Full NONE, W;
    ADC_MI: "adc" ALL Mem 0x00 0 0x81 0x02 Full NONE, W;
    SBB_MI: "sbb" ALL Mem 0x00 0 0x81 0x03 Full NONE, W;
    AND_MI: "and" ALL Mem 0x00 0 0x81 0x04 Full NONE, W;
    SUB_MI: "sub" ALL Mem 0x00 0 0x81 0x05 Full NONE, W;
    XOR_MI: "xor" ALL Mem 0x00 0 0x81 0x06 Full NONE, W;
    CMP_MI: "cmp" ALL Mem 0x00 0 0x81 0x07 Full NONE, W;
    // Moves and addresses.
    MOV_RR: "mov" ALL MR 0x00 0 0x89 0x00 No NONE, W;
    MOV_RM: "mov" ALL RMem 0x00 0 0x8b 0x00 No NONE, W;
    MOV_MR: "mov" ALL MemR 0x00 0 0x89 0x00 No NONE, W;
    MOV_MI: "mov" ALL Mem 0x00 0 0xc7 0x00 Full NONE, W;
    MOV_RI: "mov" DWORD O 0x00 0 0xb8 0x00 Full NONE, 0;
    MOV_RI_SX: "mov" QWORD M 0x00 0 0xc7 0x00 Full NONE, 0;
    MOV_RI64: "movabs" QWORD O 0x00 0 0xb8 0x00 Eight NONE, PLAIN;
    MOV_RSYM: "mov" DWORD O 0x00 0 0xb8 0x00 Symbol NONE, 0;
    LEA: "lea" DQWORD RMem 0x00 0 0x8d 0x00 No NONE, 0;
    MOVZX8_RR: "movzb" DQWORD RM 0x00 1 0xb6 0x00 No NONE, BYTE_RM;
    MOVZX8_RM: "movzb" DQWORD RMem 0x00 1 0xb6 0x00 No NONE, BYTE_RM;
    MOVZX16_RR: "movzw" DQWORD RM 0x00 1 0xb7 0x00 No NONE, WORD_RM;
    MOVZX16_RM: "movzw" DQWORD RMem 0x00 1 0xb7 0x00 No NONE, WORD_RM;
    MOVSX8_RR: "movsb" DQWORD RM 0x00 1 0xbe 0x00 No NONE, BYTE_RM;
    MOVSX8_RM: "movsb" DQWORD RMem 0x00 1 0xbe 0x00 No NONE, BYTE_RM;
    MOVSX16_RR: "movsw" DQWORD RM 0x00 1 0xbf 0x00 No NONE, WORD_RM;
    MOVSX16_RM: "movsw" DQWORD RMem 0x00 1 0xbf 0x00 No NONE, WORD_RM;
    MOVSXD_RR: "movsl" QWORD RM 0x00 0 0x63 0x00 No NONE, DWORD_RM;
    MOVSXD_RM: "movsl" QWORD RMem 0x00 0 0x63 0x00 No NONE, DWORD_RM;
    // More integer operations.
    TEST_RR: "test" ALL MR 0x00 0 0x85 0x00 No NONE, W;
    TEST_RI: "test" ALL M 0x00 0 0xf7 0x00 Full NONE, W | ACC;
    TEST_MI: "test" ALL Mem 0x00 0 0xf7 0x00 Full NONE, W;
    IMUL_RR: "imul" WORD RM 0x00 1 0xaf 0x00 No TIED, 0;
    IMUL_RM: "imul" WORD RMem 0x00 1 0xaf 0x00 No TIED, 0;
    IMUL_RRI8: "imul" WORD RM 0x00 0 0x6b 0x00 Byte NONE, 0;
    IMUL_RRI: "imul" WORD RM 0x00 0 0x69 0x00 Full NONE, 0;
    IMUL_RMI8: "imul" WORD RMem 0x00 0 0x6b 0x00 Byte NONE, 0;
    IMUL_RMI: "imul" WORD RMem 0x00 0 0x69 0x00 Full NONE, 0;
    NOT: "not" ALL M 0x00 0 0xf7 0x02 No TIED, W;
    NEG: "neg" ALL M 0x00 0 0xf7 0x03 No TIED, W;
    MULH: "mul" DQWORD MB 0x00 0 0xf7 0x04 No MUL_HIGH, W;
    IMULH: "imul" DQWORD MB 0x00 0 0xf7 0x05 No MUL_HIGH, W;
    ROL_RI: "rol" ALL M 0x00 0 0xc1 0x00 Byte TIED, W | ONE;
    ROL_RC: "rol" ALL M 0x00 0 0xd3 0x00 No SHIFT, W | BY_CL;
    ROR_RI: "ror" ALL M 0x00 0 0xc1 0x01 Byte TIED, W | ONE;
    ROR_RC: "ror" ALL M 0x00 0 0xd3 0x01 No SHIFT, W | BY_CL;
    SHL_RI: "shl" ALL M 0x00 0 0xc1 0x04 Byte TIED, W | ONE;
    SHL_RC: "shl" ALL M 0x00 0 0xd3 0x04 No SHIFT, W | BY_CL;
    SHR_RI: "shr" ALL M 0x00 0 0xc1 0x05 Byte TIED, W | ONE;
    SHR_RC: "shr" ALL M 0x00 0 0xd3 0x05 No SHIFT, W | BY_CL;
    SAR_RI: "sar" ALL M 0x00 0 0xc1 0x07 Byte TIED, W | ONE;
    SAR_RC: "sar" ALL M 0x00 0 0xd3 0x07 No SHIFT, W | BY_CL;
    SHLD_RRC: "shld" DQWORD MX 0x00 1 0xa5 0x00 No SHIFT, BY_CL;
    SHRD_RRC: "shrd" DQWORD MX 0x00 1 0xad 0x00 No SHIFT, BY_CL;
    BSF_RR: "bsf" WORD RM 0x00 1 0xbc 0x00 No NONE, 0;
    BSR_RR: "bsr" WORD RM 0x00 1 0xbd 0x00 No NONE, 0;
    BSWAP: "bswap" DQWORD O 0x00 1 0xc8 0x00 No TIED, 0;
    SETCC: "set" BYTE M 0x00 1 0x90 0x00 No NONE, CC | PLAIN;
    CMOV_RR: "cmov" WORD RM 0x00 1 0x40 0x00 No TIED, CC;
    // Stack, control, atomics.
    PUSH_R: "push" PLAIN64 O 0x00 0 0x50 0x00 No NONE, 0;
    POP_R: "pop" PLAIN64 O 0x00 0 0x58 0x00 No NONE, 0;
    LEAVE: "leave" PLAIN32 Z 0x00 0 0xc9 0x00 No NONE, PLAIN;
    RET: "ret" PLAIN32 Z 0x00 0 0xc3 0x00 No NONE, PLAIN;
    NOP: "nop" PLAIN32 Z 0x00 0 0x90 0x00 No NONE, PLAIN;
    UD2: "ud2" PLAIN32 Z 0x00 1 0x0b 0x00 No NONE, PLAIN;
    CALL: "call" PLAIN32 Z 0x00 0 0xe8 0x00 Symbol NONE, PLAIN;
    CALL_R: "call *" PLAIN64 M 0x00 0 0xff 0x02 No NONE, PLAIN;
    CALL_M: "call *" PLAIN32 Mem 0x00 0 0xff 0x02 No NONE, PLAIN;
    JMP_R: "jmp *" PLAIN64 M 0x00 0 0xff 0x04 No NONE, PLAIN;
    XCHG_MR: "xchg" ALL MemD 0x00 0 0x87 0x00 No TIED, W;
    LOCK_XADD: "lock xadd" ALL MemD 0xf0 1 0xc1 0x00 No TIED, W;
    LOCK_CMPXCHG: "lock cmpxchg" ALL MemR 0xf0 1 0xb1 0x00 No CMPXCHG, W;
    MFENCE: "mfence" PLAIN32 ZZ 0x00 1 0xae 0xf0 No NONE, PLAIN;
    PREFETCHT0: "prefetcht0" PLAIN32 Mem 0x00 1 0x18 0x01 No NONE, PLAIN;
    // SSE. Scalars of 4 and 8 bytes stand beside each other: `+ 1` is the double.
    ADDSS_RR: "addss" PLAIN32 RM 0xf3 1 0x58 0x00 No TIED, XX;
    ADDSD_RR: "addsd" PLAIN32 RM 0xf2 1 0x58 0x00 No TIED, XX;
    ADDSS_RM: "addss" PLAIN32 RMem 0xf3 1 0x58 0x00 No TIED, XX;
    ADDSD_RM: "addsd" PLAIN32 RMem 0xf2 1 0x58 0x00 No TIED, XX;
    MULSS_RR: "mulss" PLAIN32 RM 0xf3 1 0x59 0x00 No TIED, XX;
    MULSD_RR: "mulsd" PLAIN32 RM 0xf2 1 0x59 0x00 No TIED, XX;
    MULSS_RM: "mulss" PLAIN32 RMem 0xf3 1 0x59 0x00 No TIED, XX;
    MULSD_RM: "mulsd" PLAIN32 RMem 0xf2 1 0x59 0x00 No TIED, XX;
    SUBSS_RR: "subss" PLAIN32 RM 0xf3 1 0x5c 0x00 No TIED, XX;
    SUBSD_RR: "subsd" PLAIN32 RM 0xf2 1 0x5c 0x00 No TIED, XX;
    SUBSS_RM: "subss" PLAIN32 RMem 0xf3 1 0x5c 0x00 No TIED, XX;
    SUBSD_RM: "subsd" PLAIN32 RMem 0xf2 1 0x5c 0x00 No TIED, XX;
    DIVSS_RR: "divss" PLAIN32 RM 0xf3 1 0x5e 0x00 No TIED, XX;
    DIVSD_RR: "divsd" PLAIN32 RM 0xf2 1 0x5e 0x00 No TIED, XX;
    DIVSS_RM: "divss" PLAIN32 RMem 0xf3 1 0x5e 0x00 No TIED, XX;
    DIVSD_RM: "divsd" PLAIN32 RMem 0xf2 1 0x5e 0x00 No TIED, XX;
    SQRTSS_RR: "sqrtss" PLAIN32 RM 0xf3 1 0x51 0x00 No NONE, XX;
    SQRTSD_RR: "sqrtsd" PLAIN32 RM 0xf2 1 0x51 0x00 No NONE, XX;
    SQRTSS_RM: "sqrtss" PLAIN32 RMem 0xf3 1 0x51 0x00 No NONE, XX;
    SQRTSD_RM: "sqrtsd" PLAIN32 RMem 0xf2 1 0x51 0x00 No NONE, XX;
    UCOMISS_RR: "ucomiss" PLAIN32 RM 0x00 1 0x2e 0x00 No NONE, XX;
    UCOMISD_RR: "ucomisd" PLAIN32 RM 0x66 1 0x2e 0x00 No NONE, XX;
    UCOMISS_RM: "ucomiss" PLAIN32 RMem 0x00 1 0x2e 0x00 No NONE, XX;
    UCOMISD_RM: "ucomisd" PLAIN32 RMem 0x66 1 0x2e 0x00 No NONE, XX;
    MOVSS_RM: "movss" PLAIN32 RMem 0xf3 1 0x10 0x00 No NONE, XX;
    MOVSD_RM: "movsd" PLAIN32 RMem 0xf2 1 0x10 0x00 No NONE, XX;
    MOVSS_MR: "movss" PLAIN32 MemR 0xf3 1 0x11 0x00 No NONE, XX;
    MOVSD_MR: "movsd" PLAIN32 MemR 0xf2 1 0x11 0x00 No NONE, XX;
    MOVAPS_RR: "movaps" PLAIN32 RM 0x00 1 0x28 0x00 No NONE, XX;
    MOVAPS_RM: "movaps" PLAIN32 RMem 0x00 1 0x28 0x00 No NONE, XX;
    MOVAPS_MR: "movaps" PLAIN32 MemR 0x00 1 0x29 0x00 No NONE, XX;
    MOVUPS_RM: "movups" PLAIN32 RMem 0x00 1 0x10 0x00 No NONE, XX;
    MOVUPS_MR: "movups" PLAIN32 MemR 0x00 1 0x11 0x00 No NONE, XX;
    CVTSS2SD_RR: "cvtss2sd" PLAIN32 RM 0xf3 1 0x5a 0x00 No NONE, XX;
    CVTSS2SD_RM: "cvtss2sd" PLAIN32 RMem 0xf3 1 0x5a 0x00 No NONE, XX;
    CVTSD2SS_RR: "cvtsd2ss" PLAIN32 RM 0xf2 1 0x5a 0x00 No NONE, XX;
    CVTSD2SS_RM: "cvtsd2ss" PLAIN32 RMem 0xf2 1 0x5a 0x00 No NONE, XX;
    CVTSI2SS_RR: "cvtsi2ss" DQWORD RM 0xf3 1 0x2a 0x00 No NONE, XI;
    CVTSI2SD_RR: "cvtsi2sd" DQWORD RM 0xf2 1 0x2a 0x00 No NONE, XI;
    CVTSI2SS_RM: "cvtsi2ss" DQWORD RMem 0xf3 1 0x2a 0x00 No NONE, XI;
    CVTSI2SD_RM: "cvtsi2sd" DQWORD RMem 0xf2 1 0x2a 0x00 No NONE, XI;
    CVTTSS2SI_RR: "cvttss2si" DQWORD RM 0xf3 1 0x2c 0x00 No NONE, IX | PLAIN;
    CVTTSD2SI_RR: "cvttsd2si" DQWORD RM 0xf2 1 0x2c 0x00 No NONE, IX | PLAIN;
    CVTTSS2SI_RM: "cvttss2si" DQWORD RMem 0xf3 1 0x2c 0x00 No NONE, IX | PLAIN;
    CVTTSD2SI_RM: "cvttsd2si" DQWORD RMem 0xf2 1 0x2c 0x00 No NONE, IX | PLAIN;
    MOVD_XR: "mov" DQWORD RM 0x66 1 0x6e 0x00 No NONE, XI | DQ;
    MOVD_RX: "mov" DQWORD MR 0x66 1 0x7e 0x00 No NONE, XI | DQ;
    ANDPS_RR: "andps" PLAIN32 RM 0x00 1 0x54 0x00 No TIED, XX;
    ANDNPS_RR: "andnps" PLAIN32 RM 0x00 1 0x55 0x00 No TIED, XX;
    ORPS_RR: "orps" PLAIN32 RM 0x00 1 0x56 0x00 No TIED, XX;
    XORPS_RR: "xorps" PLAIN32 RM 0x00 1 0x57 0x00 No TIED, XX;
    ANDPS_RM: "andps" PLAIN32 RMem 0x00 1 0x54 0x00 No TIED, XX;
    ANDNPS_RM: "andnps" PLAIN32 RMem 0x00 1 0x55 0x00 No TIED, XX;
    ORPS_RM: "orps" PLAIN32 RMem 0x00 1 0x56 0x00 No TIED, XX;
    XORPS_RM: "xorps" PLAIN32 RMem 0x00 1 0x57 0x00 No TIED, XX;
    XORPS_ZERO: "xorps" PLAIN32 DD 0x00 1 0x57 0x00 No NONE, XX;
    // x87.
    FLD80: "fldt" PLAIN32 Mem 0x00 0 0xdb 0x05 No NONE, PLAIN;
    FSTP80: "fstpt" PLAIN32 Mem 0x00 0 0xdb 0x07 No NONE, PLAIN;
    FLD32: "flds" PLAIN32 Mem 0x00 0 0xd9 0x00 No NONE, PLAIN;
    FLD64: "fldl" PLAIN32 Mem 0x00 0 0xdd 0x00 No NONE, PLAIN;
    FSTP32: "fstps" PLAIN32 Mem 0x00 0 0xd9 0x03 No NONE, PLAIN;
    FSTP64: "fstpl" PLAIN32 Mem 0x00 0 0xdd 0x03 No NONE, PLAIN;
    FILD16: "filds" PLAIN32 Mem 0x00 0 0xdf 0x00 No NONE, PLAIN;
    FILD32: "fildl" PLAIN32 Mem 0x00 0 0xdb 0x00 No NONE, PLAIN;
    FILD64: "fildll" PLAIN32 Mem 0x00 0 0xdf 0x05 No NONE, PLAIN;
    FISTP16: "fistps" PLAIN32 Mem 0x00 0 0xdf 0x03 No NONE, PLAIN;
    FISTP32: "fistpl" PLAIN32 Mem 0x00 0 0xdb 0x03 No NONE, PLAIN;
    FISTP64: "fistpll" PLAIN32 Mem 0x00 0 0xdf 0x07 No NONE, PLAIN;
    FADD32: "fadds" PLAIN32 Mem 0x00 0 0xd8 0x00 No NONE, PLAIN;
    FNSTCW: "fnstcw" PLAIN32 Mem 0x00 0 0xd9 0x07 No NONE, PLAIN;
    FLDCW: "fldcw" PLAIN32 Mem 0x00 0 0xd9 0x05 No NONE, PLAIN;
    FADDP: "faddp" PLAIN32 ZZ 0x00 0 0xde 0xc1 No NONE, PLAIN;
    FMULP: "fmulp" PLAIN32 ZZ 0x00 0 0xde 0xc9 No NONE, PLAIN;
    FSUBP: "fsubrp" PLAIN32 ZZ 0x00 0 0xde 0xe9 No NONE, PLAIN;
    FDIVP: "fdivrp" PLAIN32 ZZ 0x00 0 0xde 0xf9 No NONE, PLAIN;
    FCHS: "fchs" PLAIN32 ZZ 0x00 0 0xd9 0xe0 No NONE, PLAIN;
    FABS: "fabs" PLAIN32 ZZ 0x00 0 0xd9 0xe1 No NONE, PLAIN;
    FSQRT: "fsqrt" PLAIN32 ZZ 0x00 0 0xd9 0xfa No NONE, PLAIN;
    FUCOMIP: "fucomip" PLAIN32 ZZ 0x00 0 0xdf 0xe9 No NONE, PLAIN;
    FSTP_ST0: "fstp %st(0)" PLAIN32 ZZ 0x00 0 0xdd 0xd8 No NONE, PLAIN;
    FXCH: "fxch" PLAIN32 ZZ 0x00 0 0xd9 0xc9 No NONE, PLAIN;
    // Sequences that allocation must see as one: operands in given registers, or a loop.
    SDIV: "idiv" ALL Sequence 0x00 0 0xf7 0x07 No QUOTIENT, W;
    SREM: "idiv" ALL Sequence 0x00 0 0xf7 0x07 No REMAINDER, W;
    UDIV: "div" ALL Sequence 0x00 0 0xf7 0x06 No QUOTIENT, W;
    UREM: "div" ALL Sequence 0x00 0 0xf7 0x06 No REMAINDER, W;
    RMW_LOOP: "lock cmpxchg" ALL Sequence 0x00 0 0x00 0x00 No RMW, W;
    SAVE_XMMS: "movaps" PLAIN32 Sequence 0x00 0 0x00 0x00 No NONE, 0;
    ASM: "asm" PLAIN32 Sequence 0x00 0 0x00 0x00 No NONE, 0;
    CALL_TLS_GD: "call" PLAIN32 Sequence 0x00 0 0x00 0x00 No NONE, 0;
}
