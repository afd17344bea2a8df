//! The decoder and the printers: every row of the table, and hostile bytes. What other decoders say stands in `oracles`.

#[path = "oracles/strings.rs"]
mod strings;

use arch_x86_64::DISASSEMBLER;
use arch_x86_64::isa::{self, Insn, ModRm, Place as At, Prefix, Sizes, Space};
use asm::disasm::{Flow, Names, Place, Style};
use strings::Random;

/// Addresses as bare numbers.
struct Plain;

impl Names for Plain {
    fn operand(&mut self, _: &Place, _: &mut Vec<u8>) -> bool {
        false
    }

    fn remark(&mut self, address: u64, out: &mut Vec<u8>) {
        out.extend_from_slice(format!("{address:#x}").as_bytes());
    }
}

fn text(code: &[u8], address: u64, syntax: u8) -> (String, usize, Flow) {
    let mut out = Vec::new();
    let decoded = DISASSEMBLER.instruction(code, address, Style { syntax, ..Style::default() }, &mut Plain, &mut out);
    let measured = DISASSEMBLER.measure(code, address);
    assert_eq!((measured.len, measured.flow), (decoded.len, decoded.flow), "{code:02x?}");
    (String::from_utf8(out).unwrap(), usize::from(decoded.len), decoded.flow)
}

/// Bytes of an instruction of a row: the smallest vector length, register forms where there are any.
fn bytes_of(row: &Insn) -> Vec<u8> {
    let enc = &row.enc;
    let has = |place: At| row.ops.iter().any(|op| op.place == place);
    let stack = row.has(isa::DEF64 | isa::FORCE64);
    let w = match enc.sizes {
        Sizes::W1 => true,
        Sizes::Of(4) => !stack,
        _ => false,
    };
    let pp = match enc.prefix {
        Prefix::Any | Prefix::No => 0,
        Prefix::P66 => 1,
        Prefix::F3 => 2,
        Prefix::F2 => 3,
    };
    let length = if enc.lengths == isa::LIG { 0 } else { enc.lengths.trailing_zeros() as u8 };
    let vvvv: u8 = if has(At::Vvvv) { 0b1001 } else { 0b1111 };
    let mut bytes = Vec::new();
    match enc.space {
        Space::Legacy => {
            if enc.sizes == Sizes::Of(1) {
                bytes.push(0x66);
            }
            bytes.extend([0x66u8, 0xf3, 0xf2].get(usize::from(pp).wrapping_sub(1)));
            if w {
                bytes.push(0x48);
            }
            let escape: &[u8] = [&[][..], &[0x0f], &[0x0f, 0x38], &[0x0f, 0x3a], &[0x0f, 0x0f]][usize::from(enc.map)];
            bytes.extend_from_slice(escape);
        }
        Space::Vex => {
            let first = if enc.map < 8 { 0xc4 } else { 0x8f };
            bytes.extend([first, 0xe0 | enc.map, u8::from(w) << 7 | vvvv << 3 | length << 2 | pp]);
        }
        Space::Evex => {
            let mask = u8::from(row.has(isa::KREQ));
            bytes.extend([0x62, 0xf0 | enc.map, u8::from(w) << 7 | vvvv << 3 | 4 | pp, length << 5 | 8 | mask]);
        }
    }
    let now = enc.space == Space::Legacy && enc.map == 4;
    if !now {
        bytes.push(enc.opcode + u8::from(enc.modrm == ModRm::InOpcode));
    }
    let memory = has(At::RmMem) || has(At::Vsib) || row.has(isa::MEMORY | isa::SIB);
    let in_modrm = memory || has(At::Reg) || has(At::Rm) || has(At::RmReg);
    let mut reg = 1;
    match enc.modrm {
        ModRm::Exact(byte) => bytes.push(byte),
        ModRm::Second(byte) => bytes.push(byte + 1),
        ModRm::InOpcode => {}
        ModRm::None if !in_modrm => {}
        ModRm::Digit(_) | ModRm::Reg | ModRm::None => {
            if let ModRm::Digit(digit) = enc.modrm {
                reg = digit;
            }
            if row.name.starts_with("prefetchit") {
                bytes.push(reg << 3 | 5);
            } else if memory {
                // Base 2, index 3, by 4.
                bytes.extend([reg << 3 | 4, 0x80 | 3 << 3 | 2]);
            } else {
                bytes.push(0xc0 | reg << 3 | if row.name == "tilezero" { 0 } else { 2 });
            }
        }
    }
    if now {
        bytes.push(enc.opcode);
    }
    bytes.extend([0x11; 9]);
    bytes
}

#[test]
fn every_row_is_decoded_and_printed() {
    let mut wrong = Vec::new();
    let mut count = 0;
    for (_, row) in isa::insns().filter(|(_, row)| !row.has(isa::ENCODE_ONLY)) {
        let bytes = bytes_of(row);
        count += 1;
        for syntax in 0..3 {
            let (text, len, flow) = text(&bytes, 0x1000, syntax);
            let known = match row.name {
                "wait" => "fwait",
                "reservednop" => "nop",
                name => name,
            };
            // Sizes, conditions and AT&T's ways change the end of a name.
            let word = text
                .trim_start_matches("{vex} ")
                .trim_start_matches("{evex} ")
                .split(' ')
                .find(|word| !word.starts_with("data16"));
            let same = word.is_some_and(|word| word.as_bytes().first() == known.as_bytes().first())
                || ["lcall", "ljmp", "lret"].iter().any(|name| word == Some(name));
            if flow == Flow::Bad || !same || len >= bytes.len() || text.contains("(bad)") {
                wrong.push(format!("{} {:?} {bytes:02x?}: {text} ({len})", row.name, row.enc));
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {count}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(count > 2300);
}

#[test]
fn any_bytes_are_decoded_within_their_bounds() {
    let mut random = Random::new(7, 0);
    let mut code = Vec::new();
    for _ in 0..100_000 {
        random.string(&mut code);
        code.truncate(1 + random.below(code.len()));
        for syntax in 0..3 {
            let (text, len, _) = text(&code, 0xffff_ffff_ffff_fff0, syntax);
            assert!((1..=code.len()).contains(&len) && !text.is_empty(), "{code:02x?}: {text:?} {len}");
        }
    }
}
