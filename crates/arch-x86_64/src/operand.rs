//! Registers by their names, operands, and the statement that is gathered before a row is looked for.

use crate::isa::Class;
use crate::regs::{NAMES, RIP};
use crate::rows::kind;
use asm::Expr;

/// A register as the source names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Named {
    /// Of [`kind`].
    pub kind: u16,
    pub class: Class,
    /// The hardware's number; `rip` and the index that is none ([`NO_INDEX`]) have their own.
    pub number: u8,
    /// Byte registers: one that REX excludes (`ah`), or one that needs it (`sil`).
    pub byte: Byte,
}

/// What a byte register asks of the prefix.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Byte {
    Any,
    /// `ah` to `bh`: numbers 4 to 7 without REX.
    High,
    /// `spl` to `dil`: numbers 4 to 7 with REX.
    Low,
}

/// `riz` and `eiz`.
pub const NO_INDEX: u8 = 33;

/// Segment registers by their numbers, and their prefixes.
static SEGMENTS: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];
pub static OVERRIDES: [u8; 6] = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];

const N_NAMES: usize = 1024;

const fn pack(name: &[u8]) -> u64 {
    let (mut word, mut idx) = (0, 0);
    while idx < name.len() {
        word |= (name[idx] as u64) << (8 * idx as u32);
        idx += 1;
    }
    word
}

#[inline(always)]
const fn slot(word: u64) -> usize {
    (word.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 54) as usize
}

const NOBODY: Named = Named { kind: 0, class: Class::Gpr, number: 0, byte: Byte::Any };

struct Table {
    words: [u64; N_NAMES],
    named: [Named; N_NAMES],
}

const fn add(mut table: Table, word: u64, named: Named) -> Table {
    let mut at = slot(word);
    while table.words[at] != 0 {
        at = (at + 1) % N_NAMES;
    }
    table.words[at] = word;
    table.named[at] = named;
    table
}

/// `stem` with a number from 0 behind it, `n` of them.
const fn numbered(mut table: Table, stem: &[u8], n: u8, kind: u16, class: Class) -> Table {
    let mut number = 0;
    while number < n {
        let shift = 8 * stem.len() as u32;
        let digits = if number < 10 {
            (b'0' + number) as u64
        } else {
            (b'0' + number / 10) as u64 | ((b'0' + number % 10) as u64) << 8
        };
        table = add(table, pack(stem) | digits << shift, Named { kind, class, number, byte: Byte::Any });
        number += 1;
    }
    table
}

static REGISTERS: Table = {
    let mut table = Table { words: [0; N_NAMES], named: [NOBODY; N_NAMES] };
    let mut size = 0;
    while size < 4 {
        let mut number = 0;
        while number < 16 {
            let byte = if size == 0 && number >= 4 && number < 8 { Byte::Low } else { Byte::Any };
            let named = Named { kind: kind::R8 << size, class: Class::Gpr, number, byte };
            table = add(table, pack(NAMES[size as usize][number as usize].as_bytes()), named);
            number += 1;
        }
        size += 1;
    }
    let mut number = 0;
    while number < 4 {
        let name = [b"acdb"[number as usize], b'h'];
        let named = Named { kind: kind::R8, class: Class::Gpr, number: number + 4, byte: Byte::High };
        table = add(table, pack(&name), named);
        number += 1;
    }
    // With REX, as GNU as names them.
    let mut number = 0;
    while number < 4 {
        let name = [b"acdb"[number as usize], b'x', b'l'];
        let named = Named { kind: kind::R8, class: Class::Gpr, number, byte: Byte::Low };
        table = add(table, pack(&name), named);
        number += 1;
    }
    let mut number = 0;
    while number < 6 {
        let named = Named { kind: kind::SEG, class: Class::Seg, number, byte: Byte::Any };
        table = add(table, pack(SEGMENTS[number as usize].as_bytes()), named);
        number += 1;
    }
    table = numbered(table, b"xmm", 32, kind::XMM, Class::Vec);
    table = numbered(table, b"ymm", 32, kind::YMM, Class::Vec);
    table = numbered(table, b"zmm", 32, kind::ZMM, Class::Vec);
    table = numbered(table, b"mm", 8, kind::MMX, Class::Mmx);
    table = numbered(table, b"k", 8, kind::K, Class::Mask);
    table = numbered(table, b"cr", 16, kind::OTHER, Class::Cr);
    table = numbered(table, b"dr", 16, kind::OTHER, Class::Dr);
    table = numbered(table, b"db", 16, kind::OTHER, Class::Dr);
    table = numbered(table, b"bnd", 4, kind::OTHER, Class::Bound);
    table = numbered(table, b"tmm", 8, kind::OTHER, Class::Tile);
    table = add(table, pack(b"st"), Named { kind: kind::ST, class: Class::St, number: 0, byte: Byte::Any });
    table = add(table, pack(b"rip"), Named { kind: kind::OTHER, class: Class::Gpr, number: RIP, byte: Byte::Any });
    table =
        add(table, pack(b"eip"), Named { kind: kind::OTHER, class: Class::Gpr, number: RIP | EIGHT, byte: Byte::Any });
    table = add(table, pack(b"riz"), Named { kind: kind::OTHER, class: Class::Gpr, number: NO_INDEX, byte: Byte::Any });
    add(table, pack(b"eiz"), Named { kind: kind::OTHER, class: Class::Gpr, number: NO_INDEX | EIGHT, byte: Byte::Any })
};

/// Added to the numbers of `rip` and `riz` for those of 32 bits.
pub const EIGHT: u8 = 0x40;

/// The register of that name, without `%`; capital letters count as small ones.
#[inline]
pub fn register(name: &[u8]) -> Option<Named> {
    if name.len() > 5 || name.len() < 2 {
        return None;
    }
    let mut word = 0;
    for (idx, byte) in name.iter().enumerate() {
        word |= u64::from(byte.to_ascii_lowercase()) << (8 * idx);
    }
    find(word)
}

#[inline]
fn find(word: u64) -> Option<Named> {
    let mut at = slot(word) % N_NAMES;
    loop {
        match REGISTERS.words[at] {
            0 => return None,
            known if known == word => return Some(REGISTERS.named[at]),
            _ => at = (at + 1) % N_NAMES,
        }
    }
}

/// Letters in small ones, and digits; 0 for the rest.
pub static SMALL: [u8; 256] = {
    let mut small = [0; 256];
    let mut byte = 0;
    while byte < 128 {
        if (byte as u8).is_ascii_alphanumeric() {
            small[byte] = (byte as u8).to_ascii_lowercase();
        }
        byte += 1;
    }
    small
};

/// The register whose name `text` begins with, and the length of the name: letters and digits.
#[inline]
pub fn leading(text: &[u8]) -> (Option<Named>, usize) {
    let (mut word, mut len) = (0u64, 0);
    for &byte in text {
        let small = SMALL[usize::from(byte)];
        if small == 0 {
            break;
        }
        word |= u64::from(small).wrapping_shl(8 * len as u32);
        len += 1;
    }
    if len == 0 || len > 5 { (None, len) } else { (find(word), len) }
}

/// No register.
pub const NONE: u8 = 0xff;

/// A memory operand.
#[derive(Clone, Copy, Debug)]
pub struct Mem {
    /// Numbers of general registers, [`RIP`], [`NONE`].
    pub base: u8,
    /// Also [`NO_INDEX`], or a vector register.
    pub index: u8,
    /// Logarithm of the scale.
    pub scale: u8,
    /// Prefix of the segment, 0 for none.
    pub segment: u8,
    /// Bytes of the registers; 0 for none.
    pub address: u8,
    /// A displacement was written.
    pub has_disp: bool,
    /// The kind of the vector register that is the index.
    pub vector: u16,
    pub disp: Expr,
}

impl Mem {
    #[inline]
    pub fn is_plain_but_segment(&self) -> bool {
        self.base == NONE && self.index == NONE
    }

    /// Only an expression: what branches go to.
    #[inline]
    pub fn is_plain(&self) -> bool {
        self.base == NONE && self.index == NONE && self.segment == 0
    }
}

/// An operand of a statement.
#[derive(Clone, Copy, Debug)]
pub struct Operand {
    pub kind: u16,
    pub class: Class,
    pub number: u8,
    pub byte: Byte,
    /// Bytes of memory, as Intel's syntax says them; 0 for unsaid.
    pub size: u8,
    /// Of [`Stmt::mems`] or [`Stmt::imms`].
    pub at: u8,
}

impl Operand {
    pub const NONE: Operand =
        Operand { kind: kind::ABSENT, class: Class::Imm, number: 0, byte: Byte::Any, size: 0, at: 0 };

    #[inline]
    pub fn register(named: Named) -> Operand {
        Operand { kind: named.kind, class: named.class, number: named.number, byte: named.byte, size: 0, at: 0 }
    }
}

/// Rounding, as a statement asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Rounding {
    No,
    /// `{sae}`
    Sae,
    /// `{rn-sae}` and the like, by their number.
    To(u8),
}

/// What a statement asks of the encoding by words in braces.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Asked {
    /// 0: any; 2, 3: VEX of so many bytes; 1: VEX; 4: EVEX.
    pub space: u8,
    /// 0: any; 1: one byte; 4: four bytes.
    pub disp: u8,
    pub rex: bool,
    /// 0: any; 1: `{load}`; 2: `{store}`; 3: the one that is not usual.
    pub direction: u8,
    /// `{nooptimize}`
    pub as_is: bool,
}

/// [`Stmt::broadcast`]
pub const ANY_NUMBER: u8 = 0xff;

pub const MAX_OPERANDS: usize = 5;

/// What few statements have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Rare {
    /// The number in the lower half of the byte whose upper half names a register, and 1 more; 0 for none.
    pub half_imm: u8,
    /// AT&T: `(%dx)`, which only names a port.
    pub is_port: bool,
    /// Operands that the text left out were added.
    pub is_completed: bool,
    /// Its name was one without VEX, whose REX prefix becomes a part of that.
    pub keeps_rex: bool,
}

/// A statement, its operands in Intel's order.
#[derive(Clone, Copy)]
pub struct Stmt {
    pub ops: [Operand; MAX_OPERANDS],
    pub n: usize,
    /// Kinds of the first four operands, 16 bits each.
    pub have: u64,
    pub mems: [Mem; 2],
    pub n_mems: u8,
    pub imms: [Expr; 2],
    pub n_imms: u8,
    /// Bytes of the last general register beyond bytes, 0 for none: the operand size is tried first.
    pub word: u8,
    /// Memory says its size or is broadcast.
    pub told_memory: bool,
    /// An immediate with a modifier that has 64 bits.
    pub is_wide: bool,
    /// One that may have.
    pub may_be_wide: bool,
    /// The name held the immediate (`vcmpeqps`).
    pub is_predicate: bool,
    pub rare: Rare,
    /// AT&T: an operand has a `*`.
    pub star: bool,
    /// An address without registers is memory, not a place to go to.
    pub indirect: bool,
    /// Intel: what says how a branch goes.
    pub distance: Distance,
    // EVEX:
    /// Number of the mask register.
    pub mask: u8,
    pub zeroing: bool,
    /// Operands behind which a mask, zeroing and a broadcast stood, in the text's order.
    pub decorated: [u8; 3],
    /// `{1to…}`: the number; [`ANY_NUMBER`] for as many as there are, 0 for none.
    pub broadcast: u8,
    pub rounding: Rounding,
    /// Operands or decorations that only EVEX encodes.
    pub needs_evex: bool,
    pub asked: Asked,
    pub prefixes: Prefixes,
}

/// Intel's words for branches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Distance {
    No,
    Short,
    Near,
    Far,
}

/// What the bytes 0xf2 and 0xf3 are called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    Repeat,
    /// `xacquire`, `xrelease`
    Hle,
    Bnd,
}

/// Prefixes that a statement names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Prefixes {
    pub lock: bool,
    /// 0xf2, 0xf3 or 0.
    pub repeat: u8,
    /// What word asked for that.
    pub word: Word,
    /// `notrack`: the segment's prefix says so.
    pub no_track: bool,
    pub segment: u8,
    pub data: bool,
    pub address: bool,
    pub rex: u8,
    pub wait: bool,
}

impl Prefixes {
    /// Some prefix says the operand size.
    #[inline]
    pub fn says_size(&self) -> bool {
        self.data || self.rex & 8 != 0
    }
}

const NO_MEM: Mem =
    Mem { base: NONE, index: NONE, scale: 0, segment: 0, address: 0, has_disp: false, vector: 0, disp: Expr::ZERO };

impl Mem {
    pub const NOWHERE: Mem = NO_MEM;
}

impl Stmt {
    pub const EMPTY: Stmt = Stmt {
        ops: [Operand::NONE; MAX_OPERANDS],
        n: 0,
        have: 0,
        mems: [NO_MEM; 2],
        n_mems: 0,
        imms: [Expr::ZERO; 2],
        n_imms: 0,
        word: 0,
        told_memory: false,
        is_wide: false,
        is_predicate: false,
        rare: Rare { half_imm: 0, is_port: false, is_completed: false, keeps_rex: false },
        may_be_wide: false,
        star: false,
        indirect: false,
        distance: Distance::No,
        mask: 0,
        zeroing: false,
        decorated: [0; 3],
        broadcast: 0,
        rounding: Rounding::No,
        needs_evex: false,
        asked: Asked { space: 0, disp: 0, rex: false, direction: 0, as_is: false },
        prefixes: Prefixes {
            lock: false,
            repeat: 0,
            word: Word::Repeat,
            no_track: false,
            segment: 0,
            data: false,
            address: false,
            rex: 0,
            wait: false,
        },
    };

    /// Adds an operand behind the others.
    pub fn push(&mut self, operand: Operand) -> Result<(), String> {
        let spot = self.ops.get_mut(self.n).ok_or("too many operands")?;
        *spot = operand;
        self.n += 1;
        if operand.kind & (kind::R16 | kind::R32 | kind::R64) != 0 {
            self.word = (operand.kind >> 1) as u8;
        }
        self.needs_evex |= operand.kind & kind::VEC != 0 && operand.number >= 16 || operand.kind == kind::ZMM;
        Ok(())
    }

    pub fn push_imm(&mut self, value: Expr) -> Result<(), String> {
        let at = self.n_imms;
        *self.imms.get_mut(usize::from(at)).ok_or("too many immediate operands")? = value;
        self.n_imms += 1;
        self.push(Operand { kind: kind::IMM, at, ..Operand::NONE })
    }

    pub fn push_mem(&mut self, mem: Mem, size: u8) -> Result<(), String> {
        let at = self.n_mems;
        *self.mems.get_mut(usize::from(at)).ok_or("too many memory references")? = mem;
        self.n_mems += 1;
        let is_vector = mem.vector != 0;
        self.told_memory |= size != 0;
        self.needs_evex |= is_vector && (mem.index >= 16 || mem.vector == kind::ZMM);
        self.push(Operand { kind: if is_vector { kind::VSIB } else { kind::MEM }, at, size, ..Operand::NONE })
    }

    pub fn mem(&self, operand: &Operand) -> &Mem {
        &self.mems[usize::from(operand.at) & 1]
    }

    pub fn imm(&self, operand: &Operand) -> &Expr {
        &self.imms[usize::from(operand.at) & 1]
    }

    /// AT&T's order becomes Intel's: all operands the other way round, but for `enter`.
    pub fn reverse(&mut self) {
        if self.n_imms == 2 && self.n == 2 {
            return;
        }
        self.ops[..self.n].reverse();
    }

    /// Gathers [`Stmt::have`].
    #[inline]
    pub fn gather(&mut self) {
        let kind = |at: usize| u64::from(self.ops[at].kind);
        // With a fifth operand no row fits.
        self.have = kind(0) | kind(1) << 16 | kind(2) << 32 | kind(3) << 48 | kind(4) >> 1;
    }
}
