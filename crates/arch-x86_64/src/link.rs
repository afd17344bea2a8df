//! The link facet of x86-64: rewrites of instructions whose target turned out to be near (psABI appendix B.2, "Optimize
//! GOTPCRELX Relocations") or thread-local in this program (psABI 11.1, "TLS transitions"; E. Drepper, "ELF Handling For
//! Thread-Local Storage", 5).
//!
//! A rewrite is a row: what fills the field afterwards, where the field moved, and a function on bytes. Matching looks at
//! the same bytes once in `scan`; writing checks them again, so that a wrong choice is an error and not wrong code.

use crate::plt::PLT;
use crate::relocs::{
    R_X86_64_32S, R_X86_64_DTPOFF32, R_X86_64_DTPOFF64, R_X86_64_GOTPC32_TLSDESC, R_X86_64_GOTPCRELX,
    R_X86_64_GOTTPOFF, R_X86_64_NONE, R_X86_64_PC32, R_X86_64_REX_GOTPCRELX, R_X86_64_TLSDESC_CALL, R_X86_64_TLSGD,
    R_X86_64_TLSLD, R_X86_64_TPOFF32, R_X86_64_TPOFF64,
};
use link::facets::{ArchLink, Rewrite, RewriteId, TlsModel, Transition};
use target::RelocKind;

/// The row for `link`.
pub static ARCH_LINK: ArchLink = ArchLink {
    arch: &crate::ARCH,
    plt: PLT,
    tls: TlsModel::BlockBelow,
    local_exec: &[(R_X86_64_DTPOFF32, R_X86_64_TPOFF32), (R_X86_64_DTPOFF64, R_X86_64_TPOFF64)],
    relax,
    rewrites: REWRITES,
    fill_code,
    // psABI 5.1.2: GNU_PROPERTY_X86_UINT32_AND_LO.., _OR_LO.., _OR_AND_LO...
    properties_and: &[(0xc000_0002, 0xc000_7fff)],
    properties_or: &[(0xc000_8000, 0xc000_ffff)],
    properties_or_and: &[(0xc001_0000, 0xc001_7fff)],
    // GNU_PROPERTY_X86_FEATURE_1_IBT: the PLT's entries do not begin with `endbr64`.
    plt_breaks: &[(0xc000_0002, 1)],
};

/// Declares the rows and their ids together, so that they cannot drift apart.
macro_rules! rewrites {
    ($($id:ident: $name:literal $kind:ident $offset:literal $addend:literal $drops_next:literal $write:expr;)+) => {
        #[allow(non_camel_case_types, clippy::upper_case_acronyms)]
        #[repr(u16)]
        enum Row { $($id),+ }
        $(const $id: RewriteId = RewriteId(Row::$id as u16);)+
        static REWRITES: &[Rewrite] = &[$(Rewrite {
            name: $name,
            kind: $kind,
            offset: $offset,
            addend: $addend,
            drops_next: $drops_next,
            write: $write,
        }),+];
    };
}

// Columns: id, name, row that fills the field, its move, change of addend, whether the next relocation goes, writer.
rewrites! {
    MOV_LEA:       "mov GOT -> lea"            R_X86_64_PC32      0  0 false |b, o| replace(b, o, 2, &[(0, 0x8b, 0x8d)]);
    CALL_DIRECT:   "call *GOT -> call"         R_X86_64_PC32      0  0 false |b, o| put(b, o, 2, &[0xff, 0x15], &[0x67, 0xe8]);
    JMP_DIRECT:    "jmp *GOT -> jmp; nop"      R_X86_64_PC32     -1  0 false jmp_direct;
    MOV_IMM:       "mov GOT -> mov $"          R_X86_64_32S       0  4 false mov_immediate;
    TEST_IMM:      "test GOT -> test $"        R_X86_64_32S       0  4 false test_immediate;
    BINOP_IMM:     "op GOT -> op $"            R_X86_64_32S       0  4 false binop_immediate;
    GD_LE:         "GD -> LE"                  R_X86_64_TPOFF32   8  4 true  |b, o| general_dynamic(b, o, &GD_LE_CODE);
    GD_IE:         "GD -> IE"                  R_X86_64_GOTTPOFF  8  0 true  |b, o| general_dynamic(b, o, &GD_IE_CODE);
    LD_LE:         "LD -> LE"                  R_X86_64_NONE      0  0 true  local_dynamic;
    IE_LE_MOV:     "mov IE -> mov $"           R_X86_64_TPOFF32   0  4 false mov_immediate;
    IE_LE_ADD:     "add IE -> add $"           R_X86_64_TPOFF32   0  4 false add_immediate;
    DESC_LE:       "TLSDESC lea -> mov $"      R_X86_64_TPOFF32   0  4 false descriptor_immediate;
    DESC_IE:       "TLSDESC lea -> mov IE"     R_X86_64_GOTTPOFF  0  0 false |b, o| replace(b, o, 2, &[(0, 0x8d, 0x8b)]);
    DESC_CALL:     "TLSDESC call -> nop"       R_X86_64_NONE      0  0 false |b, o| put(b, o + 2, 2, &[0xff, 0x10], &[0x66, 0x90]);
}

/// The bytes from `back` before `offset`, if they are there.
fn before(bytes: &[u8], offset: usize, back: usize) -> Option<&[u8]> {
    bytes.get(offset.checked_sub(back)?..offset)
}

/// A ModRM byte that means a RIP-relative operand.
fn is_rip_relative(modrm: u8) -> bool {
    modrm & 0xc7 == 0x05
}

/// Chooses the rewrite of the instruction around the field at `offset`.
fn relax(kind: RelocKind, bytes: &[u8], offset: usize, transition: Transition) -> Option<RewriteId> {
    bytes.get(offset..offset + if kind == R_X86_64_TLSDESC_CALL { 2 } else { 4 })?;
    match transition {
        Transition::GotToRelative => got_to_relative(kind, bytes, offset),
        Transition::GotToAbsolute => got_to_absolute(kind, bytes, offset),
        Transition::GdToLe | Transition::GdToIe if kind == R_X86_64_TLSGD => {
            general_dynamic_length(bytes, offset)?;
            Some(if transition == Transition::GdToLe { GD_LE } else { GD_IE })
        }
        Transition::LdToLe if kind == R_X86_64_TLSLD => {
            local_dynamic_length(bytes, offset)?;
            Some(LD_LE)
        }
        Transition::IeToLe if kind == R_X86_64_GOTTPOFF => match *before(bytes, offset, 3)? {
            [0x48 | 0x4c, 0x8b, modrm] if is_rip_relative(modrm) => Some(IE_LE_MOV),
            [0x48 | 0x4c, 0x03, modrm] if is_rip_relative(modrm) => Some(IE_LE_ADD),
            _ => None,
        },
        Transition::DescToLe | Transition::DescToIe if kind == R_X86_64_GOTPC32_TLSDESC => {
            match *before(bytes, offset, 3)? {
                [0x48 | 0x4c, 0x8d, modrm] if is_rip_relative(modrm) => {
                    Some(if transition == Transition::DescToLe { DESC_LE } else { DESC_IE })
                }
                _ => None,
            }
        }
        Transition::DescToLe | Transition::DescToIe if kind == R_X86_64_TLSDESC_CALL => {
            (bytes.get(offset..offset + 2)? == [0xff, 0x10]).then_some(DESC_CALL)
        }
        Transition::GdToLe
        | Transition::GdToIe
        | Transition::LdToLe
        | Transition::IeToLe
        | Transition::DescToLe
        | Transition::DescToIe => None,
    }
}

fn got_to_relative(kind: RelocKind, bytes: &[u8], offset: usize) -> Option<RewriteId> {
    match (kind, before(bytes, offset, 2)?) {
        (R_X86_64_GOTPCRELX | R_X86_64_REX_GOTPCRELX, &[0x8b, modrm]) if is_rip_relative(modrm) => Some(MOV_LEA),
        (R_X86_64_GOTPCRELX, [0xff, 0x15]) => Some(CALL_DIRECT),
        (R_X86_64_GOTPCRELX, [0xff, 0x25]) => Some(JMP_DIRECT),
        _ => None,
    }
}

fn got_to_absolute(kind: RelocKind, bytes: &[u8], offset: usize) -> Option<RewriteId> {
    // The operand's register moves to another field of ModRM, so its REX bit moves, too: only forms with a REX prefix.
    if kind != R_X86_64_REX_GOTPCRELX {
        return None;
    }
    match *before(bytes, offset, 3)? {
        [rex, op, modrm] if rex & 0xf0 == 0x40 && is_rip_relative(modrm) => match op {
            0x8b => Some(MOV_IMM),
            0x85 => Some(TEST_IMM),
            0x03 | 0x0b | 0x13 | 0x1b | 0x23 | 0x2b | 0x33 | 0x3b => Some(BINOP_IMM),
            _ => None,
        },
        _ => None,
    }
}

/// Replaces single bytes of the `back` before the field: (index, was, becomes).
fn replace(bytes: &mut [u8], offset: usize, back: usize, changes: &[(usize, u8, u8)]) -> bool {
    let Some(start) = offset.checked_sub(back) else { return false };
    for &(index, was, becomes) in changes {
        match bytes.get_mut(start + index) {
            Some(byte) if *byte == was => *byte = becomes,
            _ => return false,
        }
    }
    true
}

/// Replaces the `back` bytes before `offset`.
fn put(bytes: &mut [u8], offset: usize, back: usize, was: &[u8], becomes: &[u8]) -> bool {
    let Some(start) = offset.checked_sub(back) else { return false };
    match bytes.get_mut(start..start + was.len()) {
        Some(at) if at == was => at.copy_from_slice(becomes),
        _ => return false,
    }
    true
}

/// `ff 25 rel32` becomes `e9 rel32 90`.
fn jmp_direct(bytes: &mut [u8], offset: usize) -> bool {
    if !put(bytes, offset, 2, &[0xff, 0x25], &[0xe9, 0]) || bytes.len() < offset + 4 {
        return false;
    }
    bytes[offset + 3] = 0x90;
    true
}

/// REX and ModRM of an instruction whose register operand moves from `reg` to `rm`.
fn register_to_rm(rex: u8, modrm: u8, extension: u8) -> (u8, u8) {
    ((rex & !0x05) | ((rex & 4) >> 2), 0xc0 | extension << 3 | (modrm >> 3 & 7))
}

fn with_immediate(bytes: &mut [u8], offset: usize, was: &[u8], opcode: u8, extension: u8) -> bool {
    let Some([rex, op, modrm]) = offset.checked_sub(3).and_then(|at| bytes.get_mut(at..offset)) else { return false };
    if !was.contains(op) || *rex & 0xf0 != 0x40 || !is_rip_relative(*modrm) {
        return false;
    }
    *op = opcode;
    (*rex, *modrm) = register_to_rm(*rex, *modrm, extension);
    true
}

/// `mov x(%rip), %reg` becomes `mov $imm32, %reg` (`c7 /0`).
fn mov_immediate(bytes: &mut [u8], offset: usize) -> bool {
    with_immediate(bytes, offset, &[0x8b], 0xc7, 0)
}

/// `add x(%rip), %reg` becomes `add $imm32, %reg` (`81 /0`).
fn add_immediate(bytes: &mut [u8], offset: usize) -> bool {
    with_immediate(bytes, offset, &[0x03], 0x81, 0)
}

/// `test %reg, x(%rip)` becomes `test $imm32, %reg` (`f7 /0`).
fn test_immediate(bytes: &mut [u8], offset: usize) -> bool {
    with_immediate(bytes, offset, &[0x85], 0xf7, 0)
}

/// `op x(%rip), %reg` becomes `op $imm32, %reg` (`81 /n`, where `n` is the operation's number in its opcode).
fn binop_immediate(bytes: &mut [u8], offset: usize) -> bool {
    let Some(op) = offset.checked_sub(2).and_then(|at| bytes.get(at)).copied() else { return false };
    with_immediate(bytes, offset, &[0x03, 0x0b, 0x13, 0x1b, 0x23, 0x2b, 0x33, 0x3b], 0x81, op >> 3 & 7)
}

/// `lea x@tlsdesc(%rip), %reg` becomes `mov $imm32, %reg`.
fn descriptor_immediate(bytes: &mut [u8], offset: usize) -> bool {
    with_immediate(bytes, offset, &[0x8d], 0xc7, 0)
}

/// `mov %fs:0, %rax; lea x@tpoff(%rax), %rax`
const GD_LE_CODE: [u8; 16] = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x8d, 0x80, 0, 0, 0, 0];
/// `mov %fs:0, %rax; add x@gottpoff(%rip), %rax`
const GD_IE_CODE: [u8; 16] = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0, 0x48, 0x03, 0x05, 0, 0, 0, 0];

/// `data16 lea x@tlsgd(%rip), %rdi` with a 4-byte field at `offset`, then one of the two 8-byte calls of
/// `__tls_get_addr`.
fn general_dynamic_length(bytes: &[u8], offset: usize) -> Option<usize> {
    let lea = before(bytes, offset, 4)?;
    let call = bytes.get(offset + 4..offset + 8)?;
    bytes.get(offset + 8..offset + 12)?;
    let is_call = matches!(call, [0x66, 0x66, 0x48, 0xe8] | [0x66, 0x48, 0xff, 0x15] | [0x66, 0x48, 0x67, 0xe8]);
    (lea == [0x66, 0x48, 0x8d, 0x3d] && is_call).then_some(16)
}

fn general_dynamic(bytes: &mut [u8], offset: usize, code: &[u8; 16]) -> bool {
    if general_dynamic_length(bytes, offset).is_none() {
        return false;
    }
    bytes[offset - 4..offset + 12].copy_from_slice(code);
    true
}

/// `lea x@tlsld(%rip), %rdi` with the field at `offset`, then a call: 12 or 13 bytes in all.
fn local_dynamic_length(bytes: &[u8], offset: usize) -> Option<usize> {
    if before(bytes, offset, 3)? != [0x48, 0x8d, 0x3d] {
        return None;
    }
    let len = match bytes.get(offset + 4..)? {
        [0xe8, ..] => 12,
        [0xff, 0x15, ..] | [0x67, 0xe8, ..] => 13,
        _ => return None,
    };
    bytes.get(offset - 3..offset - 3 + len)?;
    Some(len)
}

/// `data16…; mov %fs:0, %rax`, as long as what it replaces.
fn local_dynamic(bytes: &mut [u8], offset: usize) -> bool {
    let Some(len) = local_dynamic_length(bytes, offset) else { return false };
    const CODE: [u8; 9] = [0x64, 0x48, 0x8b, 0x04, 0x25, 0, 0, 0, 0];
    let out = &mut bytes[offset - 3..offset - 3 + len];
    let prefixes = len - CODE.len();
    out[..prefixes].fill(0x66);
    out[prefixes..].copy_from_slice(&CODE);
    true
}

/// Gaps between pieces of code are filled with the recommended long no-ops (AMD64 manual, "NOP").
fn fill_code(gap: &mut [u8]) {
    crate::nops::fill_usual(gap);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Checks that `kind` before the field at `offset` becomes `want` under `transition`.
    fn check(kind: RelocKind, transition: Transition, offset: usize, was: &[u8], want: &[u8]) {
        let mut bytes = was.to_vec();
        let id = relax(kind, &bytes, offset, transition).expect("a rewrite is found");
        assert!((REWRITES[id.0 as usize].write)(&mut bytes, offset));
        assert_eq!(bytes, want, "{}", REWRITES[id.0 as usize].name);
    }

    #[test]
    fn loads_through_the_got_become_direct() {
        use Transition::{GotToAbsolute, GotToRelative};
        check(R_X86_64_REX_GOTPCRELX, GotToRelative, 3, b"\x4c\x8b\x05\0\0\0\0", b"\x4c\x8d\x05\0\0\0\0");
        check(R_X86_64_GOTPCRELX, GotToRelative, 2, b"\xff\x15\0\0\0\0", b"\x67\xe8\0\0\0\0");
        check(R_X86_64_GOTPCRELX, GotToRelative, 2, b"\xff\x25\0\0\0\0", b"\xe9\0\0\0\0\x90");
        check(R_X86_64_REX_GOTPCRELX, GotToAbsolute, 3, b"\x4c\x3b\x05\0\0\0\0", b"\x49\x81\xf8\0\0\0\0");
        check(R_X86_64_REX_GOTPCRELX, GotToAbsolute, 3, b"\x48\x85\x0d\0\0\0\0", b"\x48\xf7\xc1\0\0\0\0");
        assert_eq!(relax(R_X86_64_GOTPCRELX, b"\xff\x35\0\0\0\0", 2, GotToRelative), None);
        assert_eq!(relax(R_X86_64_GOTPCRELX, b"\xff\x15\0", 2, GotToRelative), None);
        assert_eq!(relax(R_X86_64_GOTPCRELX, b"\0\0\0\0", 0, GotToRelative), None);
    }

    #[test]
    fn thread_local_access_becomes_simpler() {
        use Transition::{DescToIe, DescToLe, GdToIe, GdToLe, IeToLe, LdToLe};
        let gd = b"\x66\x48\x8d\x3d\0\0\0\0\x66\x66\x48\xe8\0\0\0\0";
        check(R_X86_64_TLSGD, GdToLe, 4, gd, &GD_LE_CODE);
        check(R_X86_64_TLSGD, GdToIe, 4, gd, &GD_IE_CODE);
        let ld = b"\x48\x8d\x3d\0\0\0\0\xe8\0\0\0\0";
        check(R_X86_64_TLSLD, LdToLe, 3, ld, b"\x66\x66\x66\x64\x48\x8b\x04\x25\0\0\0\0");
        check(R_X86_64_GOTTPOFF, IeToLe, 3, b"\x4c\x8b\x25\0\0\0\0", b"\x49\xc7\xc4\0\0\0\0");
        check(R_X86_64_GOTTPOFF, IeToLe, 3, b"\x48\x03\x05\0\0\0\0", b"\x48\x81\xc0\0\0\0\0");
        check(R_X86_64_GOTPC32_TLSDESC, DescToLe, 3, b"\x48\x8d\x05\0\0\0\0", b"\x48\xc7\xc0\0\0\0\0");
        check(R_X86_64_GOTPC32_TLSDESC, DescToIe, 3, b"\x48\x8d\x05\0\0\0\0", b"\x48\x8b\x05\0\0\0\0");
        check(R_X86_64_TLSDESC_CALL, DescToLe, 0, b"\xff\x10", b"\x66\x90");
    }

    #[test]
    fn gaps_are_filled_completely() {
        for len in 0..40 {
            let mut gap = vec![0xcc; len];
            fill_code(&mut gap);
            assert!(!gap.contains(&0xcc));
        }
    }
}
