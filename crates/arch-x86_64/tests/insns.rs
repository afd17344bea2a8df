//! Every row, at every size, over registers and addresses of all kinds, against GNU as: same bytes. Hand-written encoders
//! of moves are held against the rows.

mod common;

use arch_x86_64::encode::{self, BRANCHES, NO_MEM, at};
use arch_x86_64::insns::{self, INSNS, Imm, InsnRow, Shape};
use arch_x86_64::regs::{NAMES, RIP};
use codegen::machine::{Addr, MInst, Reg};
use mc::CodeBuffer;
use std::fmt::Write;

const CONDITIONS: [&str; 16] = ["o", "no", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"];

fn int_name(preg: u8, size: usize) -> String {
    format!("%{}", NAMES[size][preg as usize])
}

/// Registers that differ in how they are encoded.
const INTS: [u8; 8] = [0, 1, 4, 5, 6, 8, 12, 13];
const XMMS: [u8; 4] = [16, 23, 24, 31];

fn addresses() -> Vec<(Addr, String)> {
    let mut list = Vec::new();
    for base in [0, 4, 5, 7, 8, 12, 13] {
        for disp in [0, 1, -128, 127, 128, -129, 0x1234_5678] {
            let name = int_name(base, 3);
            list.push((at(base, disp), format!("{disp}({name})")));
        }
    }
    for (base, index, scale, disp) in [(0, 1, 0, 0), (5, 13, 3, 0), (4, 0, 2, 9), (13, 12, 1, 300), (8, 5, 0, -1)] {
        let mem = Addr { index: Reg::phys(index), scale, ..at(base, disp) };
        let text = format!("{disp}({},{},{})", int_name(base, 3), int_name(index, 3), 1 << scale);
        list.push((mem, text));
    }
    let mem = Addr { index: Reg::phys(9), scale: 3, disp: 64, ..NO_MEM };
    list.push((mem, "64(,%r9,8)".into()));
    list.push((Addr { disp: 0x40, ..NO_MEM }, "0x40".into()));
    list.push((Addr { flags: encode::FS, ..NO_MEM }, "%fs:0".into()));
    let _ = RIP;
    list
}

struct Checker {
    code: CodeBuffer,
    text: String,
    /// Offset of each instruction, and what it is.
    lines: Vec<(usize, String)>,
}

impl Checker {
    fn put(&mut self, inst: &MInst, text: String) {
        self.lines.push((self.code.len(), text.clone()));
        writeln!(self.text, "\t{text}").expect("a string");
        encode::put(&mut self.code, inst);
    }
}

fn letter(row: &InsnRow, size: u8) -> &'static str {
    if row.flags & insns::PLAIN != 0 { "" } else { ["b", "w", "l", "q", "q"][size as usize] }
}

/// Names a register by its number.
type Namer = Box<dyn Fn(u8) -> String>;

/// Names of the reg and rm registers of a row.
fn register_kinds(row: &InsnRow, size: u8) -> (Namer, Namer) {
    let size = if size == insns::SIZE_PLAIN64 { 3 } else { size as usize };
    let int = move |size: usize| -> Namer { Box::new(move |preg| int_name(preg, size)) };
    let xmm = || -> Namer { Box::new(|preg| format!("%xmm{}", preg - 16)) };
    let is = |flag: u16| row.flags & flag == flag;
    if is(insns::XX) {
        return (xmm(), xmm());
    }
    if is(insns::XI) {
        return (xmm(), int(size));
    }
    if is(insns::IX) {
        return (int(size), xmm());
    }
    let rm = match row.flags & (insns::BYTE_RM | insns::WORD_RM | insns::DWORD_RM) {
        insns::BYTE_RM => 0,
        insns::WORD_RM => 1,
        insns::DWORD_RM => 2,
        _ => size,
    };
    (int(size), int(rm))
}

fn is_xmm(name: &str) -> bool {
    name.contains("xmm")
}

fn registers(kind: &dyn Fn(u8) -> String) -> &'static [u8] {
    // The SSE namer takes numbers from 16 on.
    if std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| kind(16))).is_ok_and(|name| is_xmm(&name)) {
        &XMMS
    } else {
        &INTS
    }
}

fn immediates(row: &InsnRow, size: u8) -> Vec<i64> {
    match row.imm {
        Imm::No | Imm::Symbol => vec![0],
        Imm::Byte if row.flags & insns::ONE != 0 => vec![1, 5],
        Imm::Byte => vec![1, -5],
        // What fits a byte has a shorter row.
        Imm::Full if size == 0 => vec![1, -5],
        Imm::Full => vec![300, if size == 1 { 0x7ff0 } else { 0x1234_5678 }],
        Imm::Eight => vec![0x1234_5678_9abc_def0],
    }
}

fn check_row(checker: &mut Checker, form: u16, row: &InsnRow, size: u8, mems: &[(Addr, String)]) {
    let (reg_name, rm_name) = register_kinds(row, size);
    let (regs, rms) = (registers(&*reg_name), registers(&*rm_name));
    let cc = if row.flags & insns::CC != 0 { 4 } else { 0 };
    let mut mnemonic = row.mnemonic.to_string();
    if row.flags & insns::CC != 0 {
        mnemonic += CONDITIONS[cc as usize];
    }
    if row.flags & insns::DQ != 0 {
        mnemonic += if size == 3 { "q" } else { "d" };
    } else {
        mnemonic += letter(row, size);
    }
    let cl = if row.flags & insns::BY_CL != 0 { "%cl, " } else { "" };
    let base = MInst { form, size, aux: cc, ..select_inst(form) };
    for imm in immediates(row, size) {
        let imm_text = if row.imm == Imm::No { String::new() } else { format!("${imm}, ") };
        let phys = |preg: u8| Reg::phys(preg);
        match row.shape {
            Shape::MR | Shape::MX => {
                for &reg in regs {
                    for &rm in rms {
                        let inst = if row.shape == Shape::MX {
                            MInst { dst: phys(rm), mem: Addr { base: phys(reg), ..NO_MEM }, ..base }
                        } else {
                            // `movd` to a general register: the SSE register stands in the reg field.
                            MInst { dst: phys(rm), b: phys(reg), ..base }
                        };
                        checker.put(&inst, format!("{mnemonic} {cl}{}, {}", reg_name(reg), rm_name(rm)));
                    }
                }
            }
            Shape::RM => {
                for &reg in regs {
                    for &rm in rms {
                        let inst = MInst { dst: phys(reg), b: phys(rm), imm, ..base };
                        checker.put(&inst, format!("{mnemonic} {imm_text}{}, {}", rm_name(rm), reg_name(reg)));
                    }
                }
            }
            Shape::RMem | Shape::MemD => {
                for (mem, text) in mems {
                    for &reg in regs {
                        let inst = MInst { dst: phys(reg), mem: *mem, imm, ..base };
                        let text = if row.shape == Shape::RMem {
                            format!("{mnemonic} {imm_text}{text}, {}", reg_name(reg))
                        } else {
                            format!("{mnemonic} {}, {text}", reg_name(reg))
                        };
                        checker.put(&inst, text);
                    }
                }
            }
            Shape::MemR => {
                for (mem, text) in mems {
                    for &reg in regs {
                        let inst = MInst { b: phys(reg), mem: *mem, ..base };
                        checker.put(&inst, format!("{mnemonic} {}, {text}", reg_name(reg)));
                    }
                }
            }
            Shape::Mem => {
                for (mem, text) in mems {
                    checker.put(&MInst { mem: *mem, imm, ..base }, format!("{mnemonic} {imm_text}{text}"));
                }
            }
            Shape::M | Shape::O | Shape::MB | Shape::DD => {
                for &rm in rms {
                    let inst = if row.shape == Shape::MB {
                        MInst { b: phys(rm), imm, ..base }
                    } else {
                        MInst { dst: phys(rm), imm, ..base }
                    };
                    let name = rm_name(rm);
                    let twice = if row.shape == Shape::DD { format!("{name}, ") } else { String::new() };
                    checker.put(&inst, format!("{mnemonic} {cl}{imm_text}{twice}{name}").replace("* ", "*"));
                }
            }
            Shape::Z | Shape::ZZ => checker.put(&base, mnemonic.clone()),
            Shape::Sequence => {}
        }
    }
}

fn select_inst(form: u16) -> MInst {
    let cons = &INSNS[form as usize].cons;
    MInst { form, size: 0, aux: 0, cons, dst: Reg::NONE, a: Reg::NONE, b: Reg::NONE, mem: NO_MEM, imm: 0 }
}

#[test]
fn rows_are_encoded_as_the_system_assembler_does() {
    let mut checker = Checker { code: CodeBuffer::new(BRANCHES), text: String::new(), lines: Vec::new() };
    checker.code.reset(0);
    let mems = addresses();
    for (form, row) in INSNS.iter().enumerate() {
        if row.imm == Imm::Symbol || row.shape == Shape::Sequence {
            continue;
        }
        for size in 0..5 {
            if row.sizes & 1 << size != 0 {
                check_row(&mut checker, form as u16, row, size, &mems);
            }
        }
    }
    let dir = common::scratch("insns");
    std::fs::write(dir.join("a.s"), &checker.text).expect("writable");
    common::tool(&dir, "as", &["-o", "a.o", "a.s"]);
    common::tool(&dir, "objcopy", &["-O", "binary", "-j", ".text", "a.o", "a.bin"]);
    let theirs = std::fs::read(dir.join("a.bin")).expect("written");
    let mut ours = Vec::new();
    checker.code.finish(&mut ours);
    for (idx, (start, text)) in checker.lines.iter().enumerate() {
        let end = checker.lines.get(idx + 1).map_or(ours.len(), |(next, _)| *next);
        let bytes = &ours[*start..end];
        let same = theirs.get(*start..end) == Some(bytes);
        assert!(same, "{text}: ours {bytes:02x?}, as: {:02x?}", &theirs[*start..(end + 4).min(theirs.len())]);
    }
    assert_eq!(ours.len(), theirs.len());
    // Assembled from text, which the table of all instructions encodes.
    let object = common::assemble(&checker.text).expect("assembled");
    let text = object.sections.iter().find(|section| *section.name == *b".text").expect("code");
    for (idx, (start, line)) in checker.lines.iter().enumerate() {
        let end = checker.lines.get(idx + 1).map_or(ours.len(), |(next, _)| *next);
        assert_eq!(ours[*start..end], text.data[*start..end], "{line}");
    }
    assert!(checker.lines.len() > 5000, "only {} instructions were tried", checker.lines.len());
    std::fs::remove_dir_all(&dir).expect("removable");
}

#[test]
fn hand_written_moves_are_those_of_the_rows() {
    let bytes = |write: &dyn Fn(&mut CodeBuffer)| {
        let mut code = CodeBuffer::new(BRANCHES);
        code.reset(0);
        write(&mut code);
        let mut out = Vec::new();
        code.finish(&mut out);
        out
    };
    let load = [insns::MOV_RM, insns::MOV_RM, insns::MOVSS_RM, insns::MOVSD_RM, insns::MOVUPS_RM];
    let store = [insns::MOV_MR, insns::MOV_MR, insns::MOVSS_MR, insns::MOVSD_MR, insns::MOVUPS_MR];
    for class in 0..5u8 {
        let size = if class == encode::I64 { 3 } else { 2 };
        let (first, form) = if class < encode::F32 { (0, insns::MOV_RR) } else { (16, insns::MOVAPS_RR) };
        for a in first..first + 16 {
            for b in first..first + 16 {
                let row = encode::raw(form, size, Some(a), Some(b), NO_MEM, 0);
                assert_eq!(
                    bytes(&|code| encode::mov(code, class, a, b)),
                    bytes(&|code| encode::put(code, &row)),
                    "class {class}: {a} {b}"
                );
            }
            for offset in [-8, -128, -129, 16] {
                let mem = at(5, offset);
                let row = encode::raw(load[class as usize], size, Some(a), None, mem, 0);
                assert_eq!(
                    bytes(&|code| encode::reload(code, class, a, offset)),
                    bytes(&|code| encode::put(code, &row))
                );
                let row = encode::raw(store[class as usize], size, None, Some(a), mem, 0);
                assert_eq!(
                    bytes(&|code| encode::spill(code, class, offset, a)),
                    bytes(&|code| encode::put(code, &row))
                );
            }
        }
    }
}
