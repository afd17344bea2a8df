//! Where the two other decoders disagree, and which of them is followed. Each reason is a row: the names that it is about, and why.
//!
//! How far a reason looks: where iced sees an instruction, kit must have its length, name and operands in AT&T's syntax; Intel's
//! text of the same bytes is then not looked at again. Where iced refuses the bytes, prefixes, name and length must be GNU's, but
//! operands may be anything, or kit says `(bad)`. `lkgs` is held by name alone: iced names its register otherwise.

use crate::iced::{self, Seen};

/// What is at hand: the bytes from the instruction on, and what GNU objdump and kit make of it, as length and text.
pub struct Case<'a> {
    pub code: &'a [u8],
    pub gnu: (usize, &'a str),
    pub ours: (usize, &'a str),
    pub att: bool,
}

/// A reason by which kit leaves GNU objdump 2.40 and says what iced says.
struct Follows {
    why: &'static str,
    /// Beginnings of kit's names; a dot at the end stands for the whole name.
    names: &'static [&'static str],
    /// What kit's text must have.
    with: &'static str,
}

const fn follows(why: &'static str, names: &'static [&'static str]) -> Follows {
    Follows { why, names, with: "" }
}

#[rustfmt::skip]
static AS_ICED: &[Follows] = &[
    follows("instructions that are younger than GNU 2.40", &[
        "vsm3", "vsm4", "vsha512", "vpdpw", "tcmm", "eretu.", "erets.", "lkgs.",
    ]),
    follows("pcommit, which GNU has given up", &["pcommit."]),
    follows("fences with any register in ModRM.rm, as processors take them; GNU knows 0 alone", &["mfence.", "sfence."]),
    follows("an operand-size or repeat prefix that processors ignore is (bad) for GNU, or takes an operand's size away", &[
        "wbinvd.", "vmmcall.", "bsf.", "bsr.", "wrgsbase.", "wrfsbase.", "rdgsbase.", "rdfsbase.", "movsxd.", "vmgexit.",
    ]),
    follows("3DNow! has no vector registers; GNU names them under an operand-size prefix", &["pf", "pi2f", "pswapd.", "pavgusb.", "pmulhrw."]),
    follows("moves between MMX and vectors have no operand size; GNU names vectors under its prefix", &["movdq2q.", "movq2dq."]),
    follows("immediates 2 and 3 of carryless products; GNU's names for them stand for 0x10 and 0x11", &["pclmulqdq.", "vpclmulqdq."]),
    follows("prefetches with a register are reserved nops", &["nop."]),
    Follows { why: "GNU forgets the segment of a branch that is not tracked", names: &["call.", "jmp."], with: "notrack" },
    follows("VEX.L means nothing to scalar moves; GNU names a register of 32 bytes", &["vmovss.", "vmovsd."]),
];

/// Instructions of sets that kit does not cover, by the beginnings of the names that GNU or iced gives them.
static OUTSIDE: &[&str] = &[
    "xcrypt",
    "xstore",
    "montmul",
    "xsha",
    "vpermil2",
    "vrcp28",
    "vrsqrt28",
    "vexp2",
    "vgatherpf",
    "vscatterpf",
    "v4f",
    "vp4d",
    "ud0",
    "pbndkb",
    "xbts",
    "ibts",
    "jmpe",
    "ccs_",
    "undoc",
];

/// Names for one thing: kit's and GNU's, iced's.
static NAMES: &[(&str, &str)] = &[
    ("cmpnlxadd", "cmpgexadd"),
    ("cmpnlexadd", "cmpgxadd"),
    ("cmpnbxadd", "cmpaexadd"),
    ("cmpnbexadd", "cmpaxadd"),
    ("cmpzxadd", "cmpexadd"),
    ("cmpnzxadd", "cmpnexadd"),
    ("movzww", "movzxw"),
    ("movsww", "movsxw"),
    ("xbeginw", "xbegin"),
    ("xstore-rng", "xstore"),
    ("xcrypt-ecb", "xcryptecb"),
    ("xcrypt-cbc", "xcryptcbc"),
    ("xcrypt-ctr", "xcryptctr"),
    ("xcrypt-cfb", "xcryptcfb"),
    ("xcrypt-ofb", "xcryptofb"),
    ("callw", "call"),
    ("jmpw", "jmp"),
    ("fnstenvs", "fnstenvw"),
    ("fldenvs", "fldenvw"),
    ("fnsaves", "fnsavew"),
    ("frstors", "frstorw"),
];

/// Letters that iced puts behind a name where GNU does not.
static LETTERS: &[&str] = &["b", "w", "l", "q", "s", "t", "ll", "x", "y", "z"];

fn begins(name: &str, list: &[&str]) -> bool {
    list.iter().any(|start| match start.strip_suffix('.') {
        Some(whole) => name == whole,
        None => name.starts_with(start),
    })
}

/// Prefixes and name of a line.
fn head(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let last = words.iter().position(|word| !iced::is_prefix(word)).unwrap_or(words.len());
    words[..words.len().min(last + 1)].join(" ")
}

/// No instruction at all.
fn is_bad(text: &str) -> bool {
    iced::parts(text).0 == "(bad)" || text.starts_with(".byte")
}

impl Case<'_> {
    pub fn kind(&self) -> String {
        let (a, b) = (head(self.gnu.1), head(self.ours.1));
        let what = match (a == b, self.gnu.0 == self.ours.0) {
            (_, false) => "length: ",
            (true, _) => "operands: ",
            _ => "",
        };
        if a == b { format!("{what}{a}") } else { format!("{what}{a} | {b}") }
    }

    pub fn line(&self, iced: &Seen) -> String {
        let ((len, theirs), (our_len, ours)) = (self.gnu, self.ours);
        let bytes: Vec<String> =
            self.code.iter().take(len.max(our_len) + 1).map(|byte| format!("{byte:02x}")).collect();
        let of_iced = match (iced.valid, iced.lenient) {
            (true, _) => format!("{} {}", iced.name, iced.operands),
            (_, true) => format!("refused {} {}", iced.name, iced.operands),
            _ => "none".to_owned(),
        };
        format!("[{len}|{our_len}|{}] {theirs} | {ours} | {of_iced} | {}", iced.len, bytes.join(" "))
    }
}

/// Why kit does not say what GNU objdump says.
pub fn of_gnu(case: &Case, iced: &Seen) -> Option<&'static str> {
    let ((len, theirs), (our_len, ours)) = (case.gnu, case.ours);
    let (their_name, our_name) = (iced::parts(theirs).0, iced::parts(ours).0);
    if begins(their_name, OUTSIDE) {
        return Some("an instruction of a set that is not covered");
    }
    if theirs.starts_with(".byte") && (is_bad(ours) || iced::is_prefix(our_name)) && case.code.len() < 15 {
        return Some("the bytes end within what is no instruction");
    }
    match (is_bad(theirs), is_bad(ours)) {
        _ if iced.valid => {}
        (true, true) if len == 15 || our_len == 15 => {
            return Some("both (bad), for its length beyond 15 bytes or for what stands there before");
        }
        (true, true) if len == our_len => return Some("both (bad), with other prefixes shown before it"),
        (false, true) => return Some("no processor takes it, GNU shows what it were without the wrong fields"),
        (false, false) if len == our_len && head(theirs) == head(ours) => {
            return Some("no processor takes it, and its wrong fields are shown otherwise");
        }
        _ => {}
    }
    // Kit must say what iced says for the rest. In Intel's syntax this was looked at in AT&T's.
    let follows = !case.att || !iced.valid || as_iced(case, iced).is_ok();
    let row = AS_ICED.iter().find(|row| begins(our_name, row.names) && ours.contains(row.with))?;
    (follows && iced.lenient && our_len == iced.len).then_some(row.why)
}

/// Whether name, length and operands are iced's.
fn as_iced(case: &Case, iced: &Seen) -> Result<(), String> {
    let (name, operands) = iced::parts(case.ours.1);
    let name = name.split('(').next().unwrap_or_default();
    if case.ours.0 != iced.len {
        return Err(format!("length: {name} | {}", iced.name));
    }
    let same = iced.name.strip_prefix(name).is_some_and(|letters| letters.is_empty() || LETTERS.contains(&letters))
        || NAMES
            .iter()
            .any(|(ours, theirs)| *ours == name && iced.name.strip_prefix(theirs).is_some_and(|rest| rest.len() < 2));
    if !same {
        return Err(format!("name: {name} | {}", iced.name));
    }
    // A segment means nothing to bounds, either.
    let no_segment = |text: &str| text.replace("%fs:", "").replace("%gs:", "");
    let wanted = iced.operands.as_str();
    let operands = operands.replace("%db", "%dr");
    let fits = match name {
        // One register of two stands in the manual.
        _ if name.starts_with("nop") => wanted.ends_with(&operands),
        // What the instruction implies.
        "monitor" | "monitorx" | "mwait" | "mwaitx" => wanted.is_empty(),
        // Stack registers that an instruction has if none is named.
        _ if name.starts_with('f') && wanted.is_empty() => matches!(&*operands, "" | "only)" | "%st,%st(1)" | "%st(1)"),
        "imul" if operands.split(',').count() == 3 && wanted.split(',').count() == 2 => {
            operands.rsplit_once(',').is_some_and(|(head, last)| head == wanted && wanted.ends_with(last))
        }
        // A segment means nothing to an address.
        "lea" | "bndcl" | "bndcu" | "bndcn" | "bndmk" => no_segment(&operands) == wanted,
        // MIB's index has no scale.
        "bndldx" | "bndstx" => ["1", "2", "4", "8"].iter().any(|n| operands.replace(&format!(",{n})"), ")") == wanted),
        "lkgs" => true,
        // A count of one is not said.
        _ => wanted == operands || wanted.strip_prefix("$0x1,") == Some(&operands),
    };
    if fits { Ok(()) } else { Err(format!("operands: {name}")) }
}

/// Parts of vectors go to or come from 32 bits: `W` makes no difference (SDM), but iced names 64.
static PARTS: &[&str] = &[
    "pextrb",
    "pextrw",
    "pinsrb",
    "pinsrw",
    "extractps",
    "vpextrb",
    "vpextrw",
    "vpinsrb",
    "vpinsrw",
    "vextractps",
    "pmovmskb",
    "vpmovmskb",
    "movmskps",
    "movmskpd",
    "vmovmskps",
    "vmovmskpd",
];

/// Whether kit says what iced says; if not, why.
pub fn of_iced(case: &Case, iced: &Seen) -> Result<Option<&'static str>, String> {
    let name = iced::parts(case.ours.1).0;
    let bad = is_bad(case.ours.1);
    let as_gnu = case.gnu == case.ours;
    if iced::is_prefix(name) {
        return Ok(Some("prefixes that no instruction takes, and fwait, are lines by themselves"));
    }
    match (bad, iced.valid) {
        (true, false) => return Ok(None),
        (true, true) if begins(&iced.name, OUTSIDE) => return Ok(Some("an instruction of a set that is not covered")),
        (true, true) if as_gnu && (0xd8..=0xdf).contains(&opcode(case.code)) => {
            return Ok(Some("undocumented second opcodes of x87 are (bad), as for GNU"));
        }
        (true, true) => return Err(format!("valid: {}", iced.name)),
        (false, false) if as_gnu => return Ok(Some("refused, but shown as GNU shows it")),
        (false, false) if of_gnu(case, iced).is_some() => {
            return Ok(Some("refused, but shown as GNU shows it; marked otherwise"));
        }
        (false, false) => return Err(format!("invalid: {name}")),
        (false, true) if as_gnu && name == "ud0" => {
            return Ok(Some("ud0 has operands for Intel and GNU, none for AMD"));
        }
        (false, true) => {}
    }
    let Err(what) = as_iced(case, iced) else { return Ok(None) };
    let operands = iced::parts(case.ours.1).1;
    let why = if !as_gnu {
        return Err(what);
    } else if PARTS.contains(&name) {
        "parts of vectors go to 32 bits"
    } else if matches!(name, "tpause" | "umwait") {
        "tpause and umwait with W: GNU names 64 bits"
    } else if name.starts_with("nop") && iced.name.starts_with("prefetchit") {
        "prefetchit* relative to the instruction alone, else a reserved nop (SDM)"
    } else if name == "nop" && iced.name == "xchgq" {
        "an exchange of rax with itself is a nop"
    } else if operands.contains("(bad)") && begins(name, &["k", "vpmovm2", "vpbroadcastm"]) {
        "masks beyond k7: processors ignore the bits, GNU shows (bad)"
    } else if case.ours.1.contains("rex.W") && begins(name, &["fnstenvs.", "fldenvs.", "fnsaves.", "frstors."]) {
        "x87's environment with both W and the operand-size prefix"
    } else if operands.contains("-bad}") {
        "EVEX.b in a register form that does not round"
    } else if iced.name == "fwait" && (0xd8..=0xdf).contains(&opcode(case.code)) {
        "fwait before an instruction of x87 is one line with it"
    } else if case.ours.1.contains("data16") && begins(name, &["j", "loop"]) {
        "short branches with an operand-size prefix: AMD cuts the address, GNU shows it whole"
    } else if begins(name, &["lfs.", "lgs.", "lss.", "ljmpw.", "lcallw."]) {
        "far pointers with W: AMD has none of 64 bits, GNU shows them"
    } else if iced.name.starts_with("vpcmpfalse") || iced.name.starts_with("vpcmptrue") {
        "comparisons of integers that are never or always true have no names"
    } else if name == "movsxd" && case.code.contains(&0x66) {
        "movsxd of 16 bits: of Intel's processors the source has 16, of AMD's, which GNU shows, 32"
    } else if name == "mov" && case.ours.1.contains("lock") {
        "lock makes cr8 of cr0 for AMD; GNU says so in code of 32 bits"
    } else if name == "xbeginw" {
        "xbegin with an operand-size prefix: GNU cuts the address as for branches"
    } else {
        return Err(what);
    };
    Ok(Some(why))
}

/// The byte behind the prefixes.
fn opcode(code: &[u8]) -> u8 {
    let is_prefix =
        |byte: &u8| matches!(byte, 0x40..=0x4f | 0x26 | 0x2e | 0x36 | 0x3e | 0x64..=0x67 | 0xf0 | 0xf2 | 0xf3 | 0x9b);
    code.iter().copied().find(|byte| !is_prefix(byte)).unwrap_or_default()
}
