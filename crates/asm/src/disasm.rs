//! The facet by which an architecture turns bytes back into text. `objdump -d`, `cc -S` and the debugger read code through it.
//!
//! The decoder knows instructions, its caller knows places: symbols, relocations, labels. So the text of an operand that
//! holds a place is asked of [`Names`]: `objdump` answers with a comment's text beside the number, `cc -S` with the symbol
//! instead of it.

/// How text looks.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Style {
    /// Index of [`Disassembler::syntaxes`].
    pub syntax: u8,
    /// Mnemonics carry the letter of the operands' size even where a register tells it (`-M suffix`).
    pub always_suffix: bool,
    /// The text is to be assembled again: nothing is written that is only a remark, and of what the assembler would encode
    /// otherwise the first byte alone is told, as [`Flow::Bad`].
    pub reassemble: bool,
}

/// A field of the instruction at hand whose value may stand for a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Of the field, from the start of the instruction, in bytes.
    pub at: u8,
    /// Bytes of the field.
    pub len: u8,
    /// What the field holds, sign-extended.
    pub value: i64,
    /// The address that is meant: of a field relative to the next instruction, or an absolute one.
    pub address: u64,
    pub role: Role,
}

/// What an instruction does with a place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Role {
    /// Goes there: jumps and calls.
    Branch,
    /// Memory relative to the instruction.
    Relative,
    /// Displacement of a memory operand that has registers, or an address by itself.
    Displacement,
    Immediate,
}

/// Knows the names of places. Each answer is text appended to `out`.
pub trait Names {
    /// The text of the operand in place of the number; false when the number is to stand there.
    fn operand(&mut self, place: &Place, out: &mut Vec<u8>) -> bool;

    /// The text of an address: the number and what is known of it (`401136 <main+0x6>`).
    fn remark(&mut self, address: u64, out: &mut Vec<u8>);
}

/// What was decoded.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Decoded {
    /// Bytes; at least 1, also for what is no instruction.
    pub len: u8,
    pub flow: Flow,
    /// Where a branch goes, or the memory relative to the instruction.
    pub target: Option<u64>,
}

/// Where control goes from an instruction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Flow {
    Next,
    /// To the target, and perhaps on.
    Branch,
    Call,
    /// Not on: jumps, returns, traps.
    Stop,
    /// No instruction that this kit knows.
    Bad,
}

/// What an architecture says to those who read code.
pub trait Disassembler: Sync {
    /// Names of its syntaxes as `-M` takes them; the first is the usual one.
    fn syntaxes(&self) -> &'static [&'static str];

    /// Decodes the first instruction of `code` (not empty), which stands at `address`, and appends its text to `out`, as GNU
    /// objdump writes it: mnemonic, blanks, operands, without a line end.
    fn instruction(&self, code: &[u8], address: u64, style: Style, names: &mut dyn Names, out: &mut Vec<u8>)
    -> Decoded;

    /// The same without text: for finding boundaries, labels, gaps.
    fn measure(&self, code: &[u8], address: u64) -> Decoded;

    /// Most bytes that are shown on one line of raw bytes, as GNU objdump does.
    fn bytes_per_line(&self) -> usize;
}
