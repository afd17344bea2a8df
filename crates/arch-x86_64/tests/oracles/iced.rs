//! iced-x86 as a second decoder: what it makes of the bytes, in words that can be compared with AT&T's text.

use iced_x86::{Decoder, DecoderOptions, Formatter, GasFormatter, Instruction};

/// What it sees at the start of some bytes.
#[derive(Default)]
pub struct Seen {
    /// An instruction that processors take.
    pub valid: bool,
    /// One but for what processors refuse: `lock` where it may not stand, reserved bits.
    pub lenient: bool,
    pub len: usize,
    /// In AT&T's way, with the letter of the size.
    pub name: String,
    pub operands: String,
}

pub struct Iced {
    formatter: GasFormatter,
    instruction: Instruction,
    text: String,
}

impl Iced {
    pub fn new() -> Iced {
        let mut formatter = GasFormatter::new();
        let options = formatter.options_mut();
        options.set_gas_show_mnemonic_size_suffix(true);
        options.set_always_show_scale(true);
        options.set_small_hex_numbers_in_decimal(false);
        options.set_rip_relative_addresses(true);
        options.set_uppercase_hex(false);
        options.set_space_after_operand_separator(false);
        options.set_show_zero_displacements(true);
        options.set_branch_leading_zeros(false);
        options.set_show_branch_size(false);
        Iced { formatter, instruction: Instruction::default(), text: String::new() }
    }

    fn decode(&mut self, code: &[u8], address: u64, options: u32) -> (bool, usize) {
        let code = &code[..code.len().min(15)];
        let mut decoder = Decoder::with_ip(
            64,
            code,
            address,
            options | DecoderOptions::MPX | DecoderOptions::PCOMMIT | DecoderOptions::AMD,
        );
        decoder.decode_out(&mut self.instruction);
        (!self.instruction.is_invalid(), self.instruction.len())
    }

    /// Bytes of the instruction at the start; none when there is none.
    pub fn length(&mut self, code: &[u8]) -> Option<usize> {
        let (valid, len) = self.decode(code, 0, DecoderOptions::NONE);
        valid.then_some(len)
    }

    pub fn see(&mut self, code: &[u8], address: u64) -> Seen {
        let (valid, mut len) = self.decode(code, address, DecoderOptions::NONE);
        let mut lenient = valid;
        if !valid {
            (lenient, len) = self.decode(code, address, DecoderOptions::NO_INVALID_CHECK);
        }
        let mut seen = Seen { valid, lenient, len, ..Seen::default() };
        if lenient {
            self.text.clear();
            self.formatter.format(&self.instruction, &mut self.text);
            let (name, operands) = parts(&self.text);
            (seen.name, seen.operands) = (name.replace("sal", "shl"), operands);
        }
        seen
    }
}

/// Words in front of a name.
pub fn is_prefix(word: &str) -> bool {
    const PREFIXES: &[&str] = &[
        "cs", "ds", "es", "ss", "fs", "gs", "data16", "addr32", "repz", "repnz", "rep", "repe", "repne", "lock", "bnd",
        "notrack", "xacquire", "xrelease", "{vex}", "{evex}", "fwait", "{vex2}", "{vex3}",
    ];
    PREFIXES.contains(&word) || word.starts_with("rex") && (word.len() == 3 || word.as_bytes()[3] == b'.')
}

/// Name and operands of a line, the latter without blanks and without an index that stands for none.
pub fn parts(text: &str) -> (&str, String) {
    let text = text.split("        # ").next().unwrap_or_default();
    let mut rest = text.trim_start();
    loop {
        let end = rest.find(' ').unwrap_or(rest.len());
        let word = &rest[..end];
        if !is_prefix(word) || end == rest.len() {
            let name = word.split(',').next().unwrap_or_default();
            return (name, operands(&rest[end..]));
        }
        rest = rest[end..].trim_start();
    }
}

fn operands(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| *c != ' ').collect();
    for index in ["%riz", "%eiz"] {
        while let Some(at) = text.find(index) {
            // With the comma before it and the scale behind it.
            text.replace_range(at - 1..at + index.len() + 2, "");
        }
    }
    // Memory of string instructions, in the segments that they have anyway; and ports.
    for (this, that) in [("%es:(%", "(%"), ("%ds:(%", "(%"), ("(%dx)", "%dx"), (",)", ")")] {
        text = text.replace(this, that);
    }
    text = text.replace("()", "");
    // An address alone is a number without a sign.
    match text.rfind("-0x").filter(|at| !text[*at..].contains('(')) {
        Some(at) => {
            let end = text[at + 3..].find([',', '{']).map_or(text.len(), |comma| at + 3 + comma);
            match u64::from_str_radix(&text[at + 3..end], 16) {
                Ok(value) => format!("{}{:#x}{}", &text[..at], value.wrapping_neg(), &text[end..]),
                Err(_) => text,
            }
        }
        None => text,
    }
}
