//! Every row of the table of instructions over all kinds of operands, written in AT&T's and in Intel's syntax: the same bytes
//! as GNU as makes of it. What that does not know (instructions that are younger) it says itself.

mod common;

use arch_x86_64::isa::{self, Class, Insn, Op, Place, Sizes, Space, Width};
use obj::SymId;
use std::collections::{HashMap, HashSet};
use std::fmt::Write;

/// The bytes of one line.
fn code(head: &str, line: &str) -> Result<Vec<u8>, String> {
    let object = common::assemble(&format!("{head}{line}\n"))?;
    let section = object.sections.iter().find(|section| *section.name == *b".text");
    Ok(section.map_or_else(Vec::new, |section| section.data.to_vec()))
}

/// An operand in both syntaxes. Memory in Intel's is without its size.
type Text = [String; 2];

/// General registers by the logarithm of their bytes.
const GENERAL: [&[&str]; 4] = [
    &["al", "bl", "ah", "sil", "r9b", "r12b", "cl", "bh"],
    &["ax", "cx", "sp", "bp", "r8w", "r13w"],
    &["eax", "ecx", "esp", "ebp", "r8d", "r15d"],
    &["rax", "rcx", "rsp", "rbp", "r8", "r13"],
];

/// Addresses; in Intel's syntax with brackets, or behind a segment.
const ADDRESSES: &[(&str, &str)] = &[
    ("(%rax)", "[rax]"),
    ("(%rsp)", "[rsp]"),
    ("(%rbp)", "[rbp]"),
    ("(%r12)", "[r12]"),
    ("(%r13)", "[r13]"),
    ("64(%rsp)", "[rsp+64]"),
    ("-128(%rdi)", "-128[rdi]"),
    ("127(%r15)", "[127+r15]"),
    ("128(%r8)", "[r8+0x80]"),
    ("4096(%rdx)", "[rdx+1000h]"),
    ("-1024(%rsi)", "[rsi-1024]"),
    ("508(%rbx)", "[rbx][508]"),
    ("(%rax,%rcx,4)", "[rax+rcx*4]"),
    ("1(%r13,%r12,8)", "[r13+8*r12+1]"),
    ("-64(%rbp,%r9)", "[rbp+r9-64]"),
    ("0x12345(,%rbx,2)", "0x12345[rbx*2]"),
    ("%fs:0x28", "fs:0x28"),
    ("%gs:8(%rax)", "gs:[rax+8]"),
    ("(%ecx)", "[ecx]"),
    ("256(%r10d,%eax,2)", "[r10d+eax*2+256]"),
    ("16(%rip)", "[rip+16]"),
    ("(%rax,%riz)", "[rax+riz]"),
];

fn both(att: impl Into<String>, intel: impl Into<String>) -> Text {
    [att.into(), intel.into()]
}

fn registers(names: impl IntoIterator<Item = String>) -> Vec<Text> {
    names.into_iter().map(|name| both(format!("%{name}"), name)).collect()
}

fn numbered(stem: &str, numbers: &[u8]) -> Vec<Text> {
    registers(numbers.iter().map(|number| format!("{stem}{number}")))
}

fn bytes(width: Width, size: u8, length: u8) -> u8 {
    match width {
        Width::None => 0,
        Width::B1 => 1,
        Width::B2 => 2,
        Width::B4 => 4,
        Width::B8 | Width::Address => 8,
        Width::B10 => 10,
        Width::B16 => 16,
        Width::B32 => 32,
        Width::B64 => 64,
        Width::V => size,
        Width::Z => size.min(4),
        Width::Y => size.max(4),
        Width::Far => size + 2,
        Width::X => length,
        Width::H => length / 2,
        Width::Q => length / 4,
        Width::E => length / 8,
    }
}

/// A row at one operand size and vector length.
#[derive(Clone, Copy)]
struct Form<'a> {
    insn: &'a Insn,
    size: u8,
    length: u8,
}

impl Form<'_> {
    fn vector(&self, width: Width) -> Vec<Text> {
        let stem = match bytes(width, self.size, self.length) {
            64 => "zmm",
            32 => "ymm",
            _ => "xmm",
        };
        let evex = self.insn.enc.space == Space::Evex;
        numbered(stem, if evex { &[16, 3, 31, 8, 21, 15] } else { &[0, 7, 8, 15, 3] })
    }

    fn immediates(&self, op: &Op) -> Vec<Text> {
        let wide = op.place == Place::ImmSx || op.reg != Width::B1;
        let list: &[i64] = match (op.place, bytes(op.reg, self.size, self.length)) {
            (Place::One, _) => &[1],
            (Place::ImmSx, _) => &[1, 5, -128, 127],
            (_, 1) if wide => &[1],
            (_, 1) => &[2, 0, 127, 255, 100],
            (_, 2) => &[16, 300, 0x1234, 0x8000, -300],
            (_, 8) => &[0x1234_5678_9abc_def0, -0x1234_5678_9abc],
            _ if self.size == 8 => &[300, 0x1234_5678, -0x8000_0000, 1],
            _ => &[300, 0x1234_5678, 0xffff_0000, -300, 3],
        };
        list.iter().map(|value| both(format!("${value}"), value.to_string())).collect()
    }

    fn addresses(&self) -> Vec<Text> {
        ADDRESSES.iter().map(|address| both(address.0, address.1)).collect()
    }

    /// Texts of an operand: registers and numbers, memory.
    fn texts(&self, op: &Op) -> (Vec<Text>, Vec<Text>) {
        let of_class = || match op.class {
            Class::Gpr => {
                let log = bytes(op.reg, self.size, self.length).trailing_zeros() as usize;
                registers(GENERAL[log.min(3)].iter().map(|name| name.to_string()))
            }
            Class::Seg => registers(["ds", "es", "fs", "gs"].map(String::from)),
            Class::Cr => numbered("cr", &[0, 3, 8]),
            Class::Dr => numbered("dr", &[0, 7]),
            Class::St => (0..8).map(|n| both(format!("%st({n})"), format!("st({n})"))).collect(),
            Class::Mmx => numbered("mm", &[0, 3, 7]),
            Class::Vec => self.vector(op.reg),
            Class::Mask => numbered("k", &[1, 0, 7]),
            Class::MaskPair => numbered("k", &[2, 0, 6]),
            Class::Tile => numbered("tmm", &[1, 2, 7]),
            Class::Bound => numbered("bnd", &[0, 3]),
            Class::Imm => self.immediates(op),
            Class::Mem => Vec::new(),
        };
        let acc = ["al", "ax", "eax", "rax"][bytes(op.reg, self.size, 0).max(1).trailing_zeros() as usize & 3];
        match op.place {
            Place::Rm => (of_class(), self.addresses()),
            Place::RmMem => (Vec::new(), self.addresses()),
            Place::Vsib => {
                let index = self.vector(op.reg);
                let list = index.iter().enumerate().map(|(at, text)| {
                    let (att, intel) =
                        [("8(%r9,X,2)", "[r9+X*2+8]"), ("-64(%rax,X)", "[rax+X*1-64]"), ("(,X,4)", "[X*4]")][at % 3];
                    both(att.replace('X', &text[0]), intel.replace('X', &text[1]))
                });
                (Vec::new(), list.collect())
            }
            Place::Acc => (registers([acc.to_string()]), Vec::new()),
            Place::Cl => (registers(["cl".to_string()]), Vec::new()),
            Place::Dx => (vec![if op.reg == Width::B2 { both("%dx", "dx") } else { both("(%dx)", "dx") }], Vec::new()),
            Place::Fs => (registers(["fs".to_string()]), Vec::new()),
            Place::Gs => (registers(["gs".to_string()]), Vec::new()),
            Place::St0 => (vec![both("%st", "st")], Vec::new()),
            Place::StrSrc => {
                (Vec::new(), vec![both("(%rsi)", "[rsi]"), both("%fs:(%rsi)", "fs:[rsi]"), both("(%esi)", "[esi]")])
            }
            Place::StrDst => (Vec::new(), vec![both("%es:(%rdi)", "es:[rdi]")]),
            Place::Xlat => (Vec::new(), vec![both("(%rbx)", "[rbx]"), both("%gs:(%rbx)", "gs:[rbx]")]),
            Place::Moffs => (Vec::new(), vec![both("0x123456789abcdef0", "ds:0x123456789abcdef0")]),
            _ => (of_class(), Vec::new()),
        }
    }

    /// Intel's word for memory of an operand.
    fn pointer(&self, op: &Op) -> &'static str {
        match bytes(op.mem, self.size, self.length) {
            1 => "BYTE PTR ",
            2 => "WORD PTR ",
            4 => "DWORD PTR ",
            6 => "FWORD PTR ",
            8 => "QWORD PTR ",
            10 => "TBYTE PTR ",
            16 => "XMMWORD PTR ",
            32 => "YMMWORD PTR ",
            64 => "ZMMWORD PTR ",
            _ => "",
        }
    }

    /// Names in both syntaxes; AT&T's with the letter of the size.
    fn names(&self) -> Text {
        let insn = self.insn;
        let letter = |size: u8| ["b", "w", "l", "q"][size.trailing_zeros() as usize & 3];
        let sized = matches!(insn.enc.sizes, Sizes::Of(_));
        let word = if sized { letter(self.size) } else { "" };
        let op = |at: usize| insn.ops.get(at).copied();
        let of_bytes = insn.enc.space == Space::Legacy
            && matches!(insn.set, isa::Set::Base)
            && insn.ops.iter().any(|op| matches!(op.reg, Width::B1) && op.class == Class::Gpr || op.mem == Width::B1);
        let base = insn.name;
        let x87 = match op(0).filter(|op| op.place == Place::RmMem && base.starts_with('f')).map(|op| op.mem) {
            Some(Width::B2) if base.starts_with("fi") => "s",
            Some(Width::B4) => {
                if base.starts_with("fi") {
                    "l"
                } else {
                    "s"
                }
            }
            Some(Width::B8) => {
                if base.starts_with("fi") {
                    "ll"
                } else {
                    "l"
                }
            }
            Some(Width::B10) if !base.starts_with("fb") => "t",
            _ => "",
        };
        let gpr_word = insn.ops.iter().any(|op| {
            (op.class == Class::Gpr || matches!(op.place, Place::StrSrc | Place::StrDst))
                && matches!(op.reg, Width::V | Width::Z)
                || op.mem == Width::V
        });
        match (base, self.size) {
            ("movzx", _) => both(format!("movz{}{word}", letter(bytes(insn.ops[1].mem, 4, 0))), base),
            ("movsx", _) => both(format!("movs{}{word}", letter(bytes(insn.ops[1].mem, 4, 0))), base),
            ("movsxd", _) => both(if self.size == 8 { "movslq" } else { "movsxd" }, base),
            ("cbw", 2) => both("cbtw", "cbw"),
            ("cbw", 4) => both("cwtl", "cwde"),
            ("cbw", _) => both("cltq", "cdqe"),
            ("cwd", 2) => both("cwtd", "cwd"),
            ("cwd", 4) => both("cltd", "cdq"),
            ("cwd", _) => both("cqto", "cqo"),
            ("retf", _) => {
                both(format!("lret{word}"), if self.size == 4 { "retf".into() } else { format!("retf{word}") })
            }
            ("call" | "jmp", _) if op(0).is_some_and(|op| op.mem == Width::Far) => {
                both(format!("l{base}{word} *"), base)
            }
            ("call" | "jmp", _) => both(format!("{base} *"), base),
            ("mov", _)
                if op(0).is_some_and(|op| op.place == Place::Moffs)
                    || op(1).is_some_and(|op| op.place == Place::Moffs) =>
            {
                both("movabs", "movabs")
            }
            ("mov", 8) if op(1).is_some_and(|op| op.reg == Width::V && op.place == Place::Imm) => {
                both("movabs", "movabs")
            }
            ("crc32", _) => both(format!("crc32{}", if insn.ops[1].reg == Width::B1 { "b" } else { word }), base),
            ("fsub" | "fdiv" | "fsubp" | "fdivp", _) if op(0).is_some_and(|op| op.place == Place::Opcode) => {
                let pops = base.ends_with('p');
                both(format!("{}r{}", base.trim_end_matches('p'), if pops { "p" } else { "" }), base)
            }
            ("fsubr" | "fdivr" | "fsubrp" | "fdivrp", _) if op(0).is_some_and(|op| op.place == Place::Opcode) => {
                both(base.replacen('r', "", 1), base)
            }
            ("iret" | "ret" | "leave" | "pushf" | "popf", _) if word == "w" || base == "iret" && word == "q" => {
                both(format!("{base}{word}"), format!("{base}{word}"))
            }
            ("push", _) if word == "w" => both("pushw", "pushw"),
            ("sysret" | "sysexit", 8) => both(format!("{base}q"), format!("{base}q")),
            (
                "cvtsi2sd" | "cvtsi2ss" | "vcvtsi2sd" | "vcvtsi2ss" | "vcvtusi2sd" | "vcvtusi2ss" | "vcvtsi2sh"
                | "vcvtusi2sh",
                _,
            ) => both(format!("{base}{}", letter(self.size)), base),
            _ if !x87.is_empty() => both(format!("{base}{x87}"), base),
            _ if of_bytes && !base.starts_with("set") => both(format!("{base}b"), base),
            _ if sized && gpr_word && insn.enc.space == Space::Legacy && !matches!(base, "call" | "jmp") => {
                both(format!("{base}{word}"), base)
            }
            _ => both(base, base),
        }
    }

    /// All texts of the form: lines in AT&T's syntax, lines in Intel's.
    fn lines(&self, out: &mut [Vec<String>; 2]) {
        let names = self.names();
        let ops: Vec<&Op> = self.insn.ops.iter().filter(|op| op.place != Place::MaskDst).collect();
        let texts: Vec<_> = ops.iter().map(|op| self.texts(op)).collect();
        let with_memory = texts.iter().any(|text| !text.1.is_empty());
        let only_memory = texts.iter().any(|text| text.0.is_empty() && !text.1.is_empty());
        for memory in [false, true] {
            if memory && !with_memory || !memory && only_memory {
                continue;
            }
            let of = |at: usize| if memory && !texts[at].1.is_empty() { &texts[at].1 } else { &texts[at].0 };
            let rounds = (0..texts.len()).map(|at| of(at).len()).max().unwrap_or(1);
            for round in 0..rounds * if memory { 1 } else { 2 } {
                let chosen: Vec<&Text> =
                    (0..texts.len()).map(|at| &of(at)[(round + at * (1 + round / rounds)) % of(at).len()]).collect();
                let decorations = if memory { self.in_memory(round) } else { self.in_registers(round) };
                for decoration in decorations {
                    self.line(&names, &ops, &chosen, memory, &decoration, out);
                }
            }
        }
    }

    fn masks(&self, round: usize, memory_first: bool) -> Vec<String> {
        let mut list = Vec::new();
        if !self.insn.has(isa::KREQ) {
            list.push(String::new());
        }
        if self.insn.has(isa::MASK) {
            let number = 1 + round % 7;
            list.push(format!("{{%k{number}}}"));
            if self.insn.has(isa::ZERO) && !memory_first {
                list.push(format!("{{%k{number}}}{{z}}"));
            }
        }
        list
    }

    fn in_memory(&self, round: usize) -> Vec<Decoration> {
        let first = self.insn.ops.first().is_some_and(|op| matches!(op.place, Place::Rm | Place::RmMem | Place::Vsib));
        let mut list = Vec::new();
        for mask in self.masks(round, first) {
            list.push(Decoration { mask: mask.clone(), ..Decoration::default() });
            let element = self.insn.enc.broadcast;
            if element != 0 {
                let op = self.insn.ops.iter().find(|op| op.place == Place::Rm).expect("what is broadcast is in memory");
                let n = bytes(op.mem, self.size, self.length).checked_div(element).unwrap_or(0);
                list.push(Decoration { mask, broadcast: n, rounding: "" });
            }
        }
        list
    }

    fn in_registers(&self, round: usize) -> Vec<Decoration> {
        let mut list: Vec<_> =
            self.masks(round, false).into_iter().map(|mask| Decoration { mask, ..Decoration::default() }).collect();
        let full = self.insn.enc.lengths == 0 || self.length == 64;
        let roundings: &[&str] = match self.insn {
            insn if insn.has(isa::RC) && full => &["{rn-sae}", "{rd-sae}", "{ru-sae}", "{rz-sae}"],
            insn if insn.has(isa::SAE) && full => &["{sae}"],
            _ => &[],
        };
        for (at, rounding) in roundings.iter().enumerate() {
            let mask = self.masks(round + at, false).pop().unwrap_or_default();
            list.push(Decoration { mask, broadcast: 0, rounding });
        }
        list
    }

    fn line(
        &self,
        names: &Text,
        ops: &[&Op],
        chosen: &[&Text],
        memory: bool,
        decoration: &Decoration,
        out: &mut [Vec<String>; 2],
    ) {
        let mut operands: [Vec<String>; 2] = [Vec::new(), Vec::new()];
        for (at, (op, text)) in ops.iter().zip(chosen).enumerate() {
            let is_memory = memory && !text[0].starts_with(['$']) && !self.texts(op).1.is_empty();
            let (mut att, mut intel) = (text[0].clone(), text[1].clone());
            if is_memory {
                let pointer = if decoration.broadcast != 0 {
                    ["", "", "WORD PTR ", "", "DWORD PTR ", "", "", "", "QWORD PTR "][self.insn.enc.broadcast as usize]
                } else {
                    self.pointer(op)
                };
                intel = format!("{pointer}{intel}");
                if decoration.broadcast != 0 {
                    let text = format!("{{1to{}}}", decoration.broadcast);
                    att += &text;
                    intel += &text;
                }
            }
            if at == 0 {
                att += &decoration.mask;
                intel += &decoration.mask.replace('%', "");
            }
            operands[0].push(att);
            operands[1].push(intel);
        }
        operands[0].reverse();
        let imms = operands[0].iter().filter(|text| text.starts_with('$')).count();
        if imms == 2 && operands[0].len() == 2 {
            // `enter`
            operands[0].reverse();
        }
        if !decoration.rounding.is_empty() {
            let has_imm = usize::from(imms == 1);
            operands[0].insert(has_imm, decoration.rounding.to_string());
            let at = operands[1].len() - has_imm;
            operands[1].insert(at, decoration.rounding.to_string());
        }
        for (syntax, operands) in operands.iter().enumerate() {
            let mut name = names[syntax].clone();
            let starred = name.ends_with('*');
            if starred {
                name.pop();
            }
            let length = self.insn.enc.space != Space::Legacy
                && syntax == 0
                && memory
                && decoration.broadcast == 0
                && ops.iter().any(|op| op.place == Place::Rm && op.mem == Width::X)
                && !ops.iter().any(|op| op.place != Place::Rm && op.reg == Width::X)
                && !ops.iter().any(|op| op.reg == Width::H && self.length == 64)
                && self.insn.enc.lengths.count_ones() > 1;
            if length {
                name += ["", "x", "y", "", "z"][usize::from(self.length / 16)];
            }
            let star = if starred { "*" } else { "" };
            out[syntax].push(format!("{name} {star}{}", operands.join(", ")));
        }
    }
}

#[derive(Default)]
struct Decoration {
    mask: String,
    broadcast: u8,
    rounding: &'static str,
}

/// What GNU as makes of each line; `None` where it refuses it.
fn gnu(name: &str, head: &str, lines: &[String]) -> Vec<Option<Vec<u8>>> {
    let dir = common::scratch(name);
    let mut refused: HashSet<usize> = HashSet::new();
    loop {
        let mut text = format!("{head}\n.text\n");
        let first = text.lines().count();
        let mut at_line = HashMap::new();
        let mut number = first;
        for (idx, line) in lines.iter().enumerate().filter(|(idx, _)| !refused.contains(idx)) {
            _ = write!(text, "L_{idx}: {line}\nE_{idx}:\n");
            number += 1;
            at_line.insert(number, idx);
            number += 1;
        }
        std::fs::write(dir.join("all.s"), text).expect("writable");
        let done = std::process::Command::new("as")
            .args(["--64", "-W", "-o", "all.o", "all.s"])
            .current_dir(&dir)
            .output()
            .expect("GNU as");
        let messages = String::from_utf8_lossy(&done.stderr);
        let before = refused.len();
        for line in messages.lines().filter(|line| line.contains("Error")) {
            let number = line.split(':').nth(1).and_then(|number| number.parse::<usize>().ok());
            refused.extend(number.and_then(|number| at_line.get(&number)));
        }
        if done.status.success() {
            break;
        }
        assert!(refused.len() > before, "{messages}");
    }
    let bytes = std::fs::read(dir.join("all.o")).expect("made");
    let object = fmt_elf::read::read_object(&bytes, &arch_x86_64::ARCH).expect("an object");
    let text = object.sections.iter().find(|section| *section.name == *b".text").expect("text");
    let mut places: HashMap<String, usize> = HashMap::new();
    for (at, symbol) in object.symbols.iter().enumerate() {
        let name = object.symbol_name(SymId(at as u32));
        places.insert(String::from_utf8_lossy(name).into_owned(), symbol.value as usize);
    }
    std::fs::remove_dir_all(&dir).expect("removable");
    let of = |idx: usize| {
        let (start, end) = (places[&format!("L_{idx}")], places[&format!("E_{idx}")]);
        text.data[start..end].to_vec()
    };
    (0..lines.len()).map(|idx| (!refused.contains(&idx)).then(|| of(idx))).collect()
}

fn forms(insn: &Insn) -> Vec<Form<'_>> {
    let sizes: &[u8] = match insn.enc.sizes {
        Sizes::Of(mask) => [&[][..], &[2], &[4], &[2, 4], &[8], &[2, 8], &[4, 8], &[2, 4, 8]][usize::from(mask & 7)],
        Sizes::ByW => &[4, 8],
        _ => &[4],
    };
    let lengths: Vec<u8> = match insn.enc.lengths {
        0 => vec![16],
        mask => [16, 32, 64].into_iter().filter(|length| mask & (length / 16) != 0).collect(),
    };
    let all = sizes.iter().flat_map(|&size| lengths.iter().map(move |&length| Form { insn, size, length }));
    all.collect()
}

#[test]
fn every_row_is_encoded_as_gnu_as_does() {
    let mut lines: [Vec<String>; 2] = [Vec::new(), Vec::new()];
    let mut of_row: Vec<(usize, [usize; 2])> = Vec::new();
    for (id, insn) in isa::insns() {
        let branch = insn.ops.iter().any(|op| op.place == Place::Rel);
        if insn.has(isa::DECODE_ONLY) || insn.name == "reservednop" || branch {
            continue;
        }
        of_row.push((usize::from(id.0), [lines[0].len(), lines[1].len()]));
        for form in forms(insn) {
            form.lines(&mut lines);
        }
    }
    let heads = [".allow_index_reg\n", ".allow_index_reg\n.intel_syntax noprefix\n"];
    let mut wrong = Vec::new();
    let mut lax = Vec::new();
    let mut known = HashSet::new();
    let mut n_forms = 0;
    for (syntax, head) in heads.into_iter().enumerate() {
        let mut seen = HashSet::new();
        let theirs = gnu(["isa-att", "isa-intel"][syntax], head, &lines[syntax]);
        for (idx, (line, theirs)) in lines[syntax].iter().zip(&theirs).enumerate() {
            let row = of_row[of_row.partition_point(|row| row.1[syntax] <= idx) - 1].0;
            if theirs.is_some() {
                known.insert(row);
            }
            if !seen.insert(line) {
                continue;
            }
            let ours = code(head, line);
            match (theirs, ours) {
                (Some(theirs), ours) if ours.as_deref() != Ok(theirs) => {
                    wrong.push(format!("{line}: {ours:02x?}, as: {theirs:02x?}"))
                }
                (None, Ok(ours)) => lax.push((row, format!("{line}: {ours:02x?}"))),
                _ => {}
            }
        }
        n_forms += theirs.iter().flatten().count();
    }
    lax.retain(|entry| known.contains(&entry.0));
    println!("figure: rows {}", of_row.len());
    println!("figure: rows that GNU as knows {}", known.len());
    println!("figure: forms {n_forms}");
    println!("figure: forms taken beyond GNU as {}", lax.len());
    println!("figure: different {}", wrong.len());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(100)].join("\n"));
}
