//! The rows of [`crate::isa`] as the assembler looks for them: by name, with what their operands may be gathered in one
//! word. Made by the compiler: no work is left for the first statement of a unit.

use crate::features::Feature;
use crate::isa::{self, Class, Encoding, Insn, Op, Place, Set, Sizes, Space, Width};
use crate::mnemonics::{ALIASES, How};

/// Kinds of operands, one bit each: what a statement has and what rows take are compared by them.
pub mod kind {
    /// No operand stands here.
    pub const ABSENT: u16 = 1;
    pub const R8: u16 = 1 << 1;
    pub const R16: u16 = 1 << 2;
    pub const R32: u16 = 1 << 3;
    pub const R64: u16 = 1 << 4;
    pub const XMM: u16 = 1 << 5;
    pub const YMM: u16 = 1 << 6;
    pub const ZMM: u16 = 1 << 7;
    pub const MEM: u16 = 1 << 8;
    pub const IMM: u16 = 1 << 9;
    pub const ST: u16 = 1 << 10;
    pub const MMX: u16 = 1 << 11;
    pub const SEG: u16 = 1 << 12;
    pub const K: u16 = 1 << 13;
    /// Control, debug, bound and tile registers, told apart by their class; `rip` and the index that is none.
    pub const OTHER: u16 = 1 << 14;
    /// Memory with a vector of indexes.
    pub const VSIB: u16 = 1 << 15;
    pub const GPR: u16 = R8 | R16 | R32 | R64;
    pub const VEC: u16 = XMM | YMM | ZMM;
}
use kind::{ABSENT, IMM, K, MEM, MMX, OTHER, R8, R16, R32, R64, SEG, ST, VSIB, XMM, YMM, ZMM};

/// Operands of a row at most.
pub const MAX_OPS: usize = 4;

/// What a letter behind the name says.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Suffix {
    /// There is none.
    No,
    /// The operand size.
    Size,
    /// Only this one.
    Only(u8),
    /// `x`, `y`, `z`: the vector length, which only memory would tell.
    Length,
}

/// A row, as it is matched and encoded.
#[derive(Clone, Copy)]
pub struct Row {
    /// For each operand 16 bits of [`kind`].
    pub sig: u64,
    /// The same at one operand size (2, 4, 8 bytes), or at one vector length where there are some (16, 32, 64).
    pub at: [u64; 3],
    /// Operands, a bit each, of which their kind does not say all.
    pub careful: u8,
    /// The next row of the same name, from 1.
    pub next: u16,
    /// Its place in the table of instructions.
    pub source: u16,
    pub n_ops: u8,
    pub suffix: Suffix,
    pub set: Set,
    /// What a processor must have for it.
    pub needs: [Feature; 2],
    /// Of this module.
    pub traits: u8,
    pub flags: u32,
    pub ops: [Op; MAX_OPS],
    pub enc: Encoding,
}

/// [`Row::traits`]: a later row takes a byte in place of the whole immediate.
pub const SHORTER_LATER: u8 = 1;
/// Works on bytes, and a later row on words: memory without a size means the later one.
pub const BYTES: u8 = 2;
/// All operands may be left out.
pub const IMPLIED: u8 = 4;
/// The encoding is only used when the text asks for a VEX prefix.
pub const ASKED_VEX: u8 = 8;
/// Has an operand that is relative to the next instruction.
pub const BRANCH: u8 = 16;
/// Registers of 64 bits need no prefix: the upper half is cleared anyway.
pub const NO_REX_W: u8 = 32;
/// What its operands are together is checked.
pub const CHECKED: u8 = 64;
/// In Intel's syntax its memory must say its size.
pub const TOLD: u8 = 128;

const N: usize = isa::base::BASE.len()
    + isa::system::SYSTEM.len()
    + isa::x87::X87.len()
    + isa::sse::SSE.len()
    + isa::vex::VEX.len()
    + isa::evex::EVEX.len()
    + isa::amd::AMD.len();

const fn at(mut idx: usize) -> &'static Insn {
    let mut table = 0;
    while idx >= isa::TABLES[table].len() {
        idx -= isa::TABLES[table].len();
        table += 1;
    }
    &isa::TABLES[table][idx]
}

const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut idx = 0;
    while idx < a.len() {
        if a[idx] != b[idx] {
            return false;
        }
        idx += 1;
    }
    true
}

const fn is(insn: &Insn, name: &str) -> bool {
    same(insn.name.as_bytes(), name.as_bytes())
}

/// One step of a name's hash.
#[inline(always)]
pub const fn hash_byte(hash: u32, byte: u8) -> u32 {
    (hash.rotate_left(5) ^ byte as u32).wrapping_mul(0x9e37_79b1)
}

const fn hash(name: &[u8]) -> u32 {
    let (mut hash, mut idx) = (0, 0);
    while idx < name.len() {
        hash = hash_byte(hash, name[idx]);
        idx += 1;
    }
    hash
}

const SLOT_BITS: u32 = 13;
const N_SLOTS: usize = 1 << SLOT_BITS;

const fn slot_of(hash: u32) -> usize {
    (hash >> (32 - SLOT_BITS)) as usize
}

/// Bytes of a width.
#[inline]
pub const fn bytes(width: Width, size: u8, length: u8) -> u8 {
    match width {
        Width::None | Width::Address => 0,
        Width::B1 => 1,
        Width::B2 => 2,
        Width::B4 => 4,
        Width::B8 => 8,
        Width::B10 => 10,
        Width::B16 => 16,
        Width::B32 => 32,
        Width::B64 => 64,
        Width::V => size,
        Width::Z if size > 4 => 4,
        Width::Z => size,
        Width::Y => {
            if size == 8 {
                8
            } else {
                4
            }
        }
        Width::Far => size + 2,
        Width::X => length,
        Width::H => length / 2,
        Width::Q => length / 4,
        Width::E => length / 8,
    }
}

/// Kinds that an operand of the row takes at these sizes.
pub const fn kinds_at(op: &Op, size: u8, length: u8) -> u16 {
    let register = match op.class {
        Class::Gpr => match bytes(op.reg, size, length) {
            1 => kind::R8,
            2 => kind::R16,
            4 => kind::R32,
            8 => kind::R64,
            _ => kind::R16 | kind::R32 | kind::R64,
        },
        Class::Vec => match bytes(op.reg, size, length) {
            64 => kind::ZMM,
            32 => kind::YMM,
            _ => kind::XMM,
        },
        // Of others the signature says all.
        _ => return u16::MAX,
    };
    match op.place {
        Place::Rm => register | kind::MEM,
        Place::Vsib => kind::VSIB,
        _ => register,
    }
}

/// Kinds of a general register of that width, over all operand sizes of the row.
const fn gpr_kinds(width: Width, enc: &Encoding, flags: u32) -> u16 {
    let by_size = match enc.sizes {
        Sizes::Of(mask) => {
            (if mask & 1 != 0 { R16 } else { 0 })
                | (if mask & 2 != 0 { R32 } else { 0 })
                | (if mask & 4 != 0 { R64 } else { 0 })
        }
        _ => R32 | R64,
    };
    let kinds = match width {
        Width::B1 => R8,
        Width::B2 => R16,
        Width::B4 => R32,
        Width::B8 => R64,
        Width::V | Width::Far => by_size,
        Width::Z => by_size & (R16 | R32) | R32,
        Width::Y => R32 | R64,
        Width::Address => R16 | R32 | R64,
        _ => 0,
    };
    // What has 64 bits by itself has 32 in code of 32 bits.
    if flags & (isa::DEF64 | isa::FORCE64) != 0 && kinds & R64 != 0 { kinds | R32 } else { kinds }
}

const fn vec_kinds(width: Width, lengths: u8) -> u16 {
    let all = (if lengths & isa::L128 != 0 { XMM } else { 0 })
        | (if lengths & isa::L256 != 0 { YMM } else { 0 })
        | (if lengths & isa::L512 != 0 { ZMM } else { 0 });
    match width {
        Width::B16 | Width::Q | Width::E => XMM,
        Width::B32 => YMM,
        Width::B64 => ZMM,
        Width::X => all,
        // At least 16 bytes.
        Width::H => XMM | (if lengths & isa::L512 != 0 { YMM } else { 0 }),
        _ => 0,
    }
}

const fn kinds(op: Op, insn: &Insn) -> u16 {
    match op.place {
        Place::RmMem | Place::Moffs | Place::StrSrc | Place::StrDst | Place::Xlat | Place::Rel => return MEM,
        Place::Vsib => return VSIB,
        Place::Cl => return R8,
        Place::Dx => return R16,
        _ => {}
    }
    let register = match op.class {
        Class::Gpr => gpr_kinds(op.reg, &insn.enc, insn.flags),
        Class::Vec => vec_kinds(op.reg, insn.enc.lengths),
        Class::Seg => SEG,
        Class::St => ST,
        Class::Mmx => MMX,
        Class::Mask | Class::MaskPair => K,
        Class::Imm => IMM,
        Class::Cr | Class::Dr | Class::Tile | Class::Bound => OTHER,
        Class::Mem => MEM,
    };
    if matches!(op.place, Place::Rm) { register | MEM } else { register }
}

/// `call` and `jmp` through a register or memory.
pub(crate) const fn is_near_indirect(enc: &Encoding) -> bool {
    enc.map == 0 && enc.opcode == 0xff && matches!(enc.modrm, isa::ModRm::Digit(2 | 4))
}

/// Whether more than its kind is asked of an operand.
const fn is_careful(op: &Op) -> bool {
    matches!(op.place, Place::Acc | Place::Cl | Place::Dx | Place::Fs | Place::Gs | Place::St0)
        || matches!(op.place, Place::Imm | Place::ImmSx | Place::One | Place::Vsib | Place::Moffs | Place::Rel)
        || matches!(op.class, Class::Cr | Class::Dr | Class::Tile | Class::Bound | Class::MaskPair)
        || matches!(op.reg, Width::Address)
}

/// A register that is as wide as the code's addresses, whatever the prefixes say.
pub const fn is_forced(op: &Op, flags: u32) -> bool {
    flags & isa::FORCE64 != 0 && matches!(op.class, Class::Gpr) && matches!(op.reg, Width::B8)
}

const NO_OP: Op = Op { place: Place::Imm, class: Class::Imm, reg: Width::None, mem: Width::None };

/// What letters AT&T's names take; the rest of this is in the manual of the assembler, not of the processor.
const fn suffix(insn: &Insn, row: &Row) -> Suffix {
    let name = insn.name.as_bytes();
    let integer = name.len() > 1 && name[0] == b'f' && name[1] == b'i';
    if name[0] == b'f' && insn.ops.len() == 1 && matches!(insn.ops[0].place, Place::RmMem) {
        return match insn.ops[0].mem {
            Width::B2 if integer => Suffix::Only(b's'),
            Width::B2 => Suffix::Only(b'w'),
            Width::B4 if integer => Suffix::Only(b'l'),
            Width::B4 => Suffix::Only(b's'),
            Width::B8 if integer => Suffix::Only(b'q'),
            Width::B8 => Suffix::Only(b'l'),
            Width::None if matches!(insn.enc.sizes, Sizes::Of(_)) => Suffix::Size,
            _ => Suffix::No,
        };
    }
    if !matches!(insn.enc.space, Space::Legacy) {
        let mut idx = 0;
        let (mut by_w, mut length, mut told) = (false, false, false);
        while idx < insn.ops.len() {
            let op = insn.ops[idx];
            by_w |= matches!(op.class, Class::Gpr) && matches!(op.reg, Width::Y);
            length |= matches!(op.place, Place::Rm) && matches!(op.mem, Width::X);
            told |= matches!(op.reg, Width::X) && !matches!(op.place, Place::Rm);
            idx += 1;
        }
        let general = matches!(insn.set, Set::Bmi1 | Set::Bmi2 | Set::Tbm);
        // `vcvtsi2sdq`, `mulxq`, `vcvtpd2psy`
        return if by_w && (general || row.sig & VEC_IN_SIG != 0) {
            Suffix::Size
        } else if length && !told {
            Suffix::Length
        } else {
            Suffix::No
        };
    }
    if is(insn, "movzx") || is(insn, "movsx") {
        return Suffix::Only(if matches!(insn.ops[1].mem, Width::B1) { b'b' } else { b'w' });
    }
    let mut idx = 0;
    let mut bytes = false;
    while idx < insn.ops.len() {
        let op = insn.ops[idx];
        let general =
            matches!(op.class, Class::Gpr) || matches!(op.place, Place::StrSrc | Place::StrDst | Place::Moffs);
        if general && matches!(op.reg, Width::V | Width::Y | Width::Z) && !is(insn, "crc32")
            || matches!(op.mem, Width::V | Width::Far)
        {
            return if matches!(insn.enc.sizes, Sizes::Ignored) { Suffix::No } else { Suffix::Size };
        }
        bytes |=
            general && matches!(op.mem, Width::B1) || matches!(op.class, Class::Gpr) && matches!(op.reg, Width::B1);
        idx += 1;
    }
    let plain = row.sig & everywhere(kind::VEC | MMX | ST | K) == 0;
    match insn.enc.sizes {
        Sizes::Of(_) | Sizes::ByW if !bytes && matches!(insn.set, Set::Base | Set::Sep) => Suffix::Size,
        _ if bytes => Suffix::Only(b'b'),
        _ if plain && row.sig & everywhere(R64) != 0 => Suffix::Only(b'q'),
        _ if plain && row.sig & everywhere(R32) != 0 => Suffix::Only(b'l'),
        _ if insn.ops.len() == 2 && (row.sig & OTHER_IN_SIG != 0) => Suffix::Only(b'q'),
        _ if matches!(insn.ops, [Op { mem: Width::B10, .. }]) => Suffix::Only(b'q'),
        // `lldtw`
        _ if matches!(insn.ops, [Op { reg: Width::B2, mem: Width::B2, .. }]) => Suffix::Only(b'w'),
        _ => Suffix::No,
    }
}

const fn everywhere(kinds: u16) -> u64 {
    kinds as u64 * 0x0001_0001_0001_0001
}
const VEC_IN_SIG: u64 = everywhere(kind::VEC);
const OTHER_IN_SIG: u64 = everywhere(OTHER);

const fn compile(insn: &'static Insn) -> Row {
    let mut row = Row {
        sig: 0,
        at: [0; 3],
        careful: 0,
        next: 0,
        source: 0,
        n_ops: 0,
        suffix: Suffix::No,
        set: insn.set,
        needs: crate::features::needs(insn),
        traits: 0,
        flags: insn.flags,
        ops: [NO_OP; MAX_OPS],
        enc: insn.enc,
    };
    let mut idx = 0;
    while idx < insn.ops.len() {
        let op = insn.ops[idx];
        // Text never names the memory that masked stores imply; a number beside a register is taken before.
        if !matches!(op.place, Place::MaskDst | Place::Imm4) {
            row.ops[row.n_ops as usize] = op;
            let all = kinds(op, insn);
            row.sig |= (all as u64) << (16 * row.n_ops as u32);
            let mut step = 0;
            while step < 3 {
                let (size, length) = if insn.enc.lengths == 0 { (2 << step, 16) } else { (4, 16 << step) };
                row.at[step] |= ((kinds_at(&op, size, length) & all) as u64) << (16 * row.n_ops as u32);
                step += 1;
            }
            if is_forced(&op, insn.flags) {
                // In code of 32 bits it has 32.
                let both = ((R32 | R64) as u64) << (16 * row.n_ops as u32);
                row.at = [row.at[0] | both, row.at[1] | both, row.at[2] | both];
            }
            if is_careful(&op) || is_forced(&op, insn.flags) || is_near_indirect(&insn.enc) {
                row.careful |= 1 << row.n_ops;
            }
            row.n_ops += 1;
        }
        if matches!(op.place, Place::StrSrc | Place::StrDst | Place::Xlat) {
            row.traits |= IMPLIED | CHECKED;
        }
        let product = matches!(insn.set, Set::Avx512Fp16)
            && insn.enc.map == 6
            && matches!(insn.enc.opcode, 0x56 | 0x57 | 0xd6 | 0xd7);
        if product
            || is(insn, "movsxd")
            || is(insn, "crc32")
            || matches!(op.mem, Width::Far)
            || matches!(op.place, Place::Vsib | Place::Imm4)
            || matches!(insn.set, Set::AmxInt8 | Set::AmxBf16 | Set::AmxFp16)
        {
            row.traits |= CHECKED;
        }
        if matches!(op.place, Place::Rel) {
            row.traits |= BRANCH;
        }
        idx += 1;
    }
    let mut idx = row.n_ops as u32;
    while idx < MAX_OPS as u32 {
        let absent = (ABSENT as u64) << (16 * idx);
        row.sig |= absent;
        row.at = [row.at[0] | absent, row.at[1] | absent, row.at[2] | absent];
        idx += 1;
    }
    row.suffix = suffix(insn, &row);
    let is_vex = matches!(insn.enc.space, Space::Vex);
    if is_vex && (matches!(insn.set, Set::AvxVnni | Set::AvxIfma) || is(insn, "vcvtneps2bf16")) {
        row.traits |= ASKED_VEX;
    }
    if is(insn, "crc32") || is(insn, "movzx") || is(insn, "movsx") || converts_integer(insn) {
        row.traits |= TOLD;
    }
    if takes_no_rex_w(insn) {
        row.traits |= NO_REX_W;
    }
    row
}

/// `cvtsi2sd`, `vcvtusi2ss` and the like.
const fn converts_integer(insn: &Insn) -> bool {
    let name = insn.name.as_bytes();
    let mut at = 0;
    while at + 4 <= name.len() {
        if name[at] == b's' && name[at + 1] == b'i' && name[at + 2] == b'2' && name[at + 3] == b's' {
            return true;
        }
        at += 1;
    }
    false
}

/// Results that a register of 32 bits holds whole.
const fn takes_no_rex_w(insn: &Insn) -> bool {
    let bare = match insn.name.as_bytes() {
        [b'v', rest @ ..] => rest,
        name => name,
    };
    same(bare, b"movmskps")
        || same(bare, b"movmskpd")
        || same(bare, b"pmovmskb")
        || same(bare, b"pextrb")
        || same(bare, b"pextrw")
        || same(bare, b"pinsrb")
        || same(bare, b"pinsrw")
        || same(bare, b"extractps")
        || same(bare, b"sldt")
        || same(bare, b"str")
        || same(bare, b"mov") && (matches!(insn.ops[0].class, Class::Seg) || matches!(insn.ops[1].class, Class::Seg))
}

/// Of equal encodings GNU as takes this one before those with lower opcodes: counts of one, absolute addresses, `xchg` with the accumulator,
/// `movq` between memory and vectors, sums of products with the memory last, the x87's environment of 32 bits.
const fn goes_first(insn: &Insn) -> bool {
    let mut idx = 0;
    while idx < insn.ops.len() {
        if matches!(insn.ops[idx].place, Place::One | Place::Moffs) {
            return true;
        }
        idx += 1;
    }
    let enc = &insn.enc;
    let is_movq = (is(insn, "movq") || is(insn, "vmovq")) && !matches!(enc.space, Space::Evex);
    is(insn, "xchg") && matches!(enc.opcode, 0x90)
        || is_movq && matches!((enc.opcode, enc.prefix), (0x7e, isa::PF3) | (0xd6 | 0x6f | 0x7f, _))
        || matches!(insn.set, Set::Fma4) && matches!(enc.sizes, Sizes::W1)
        || matches!(insn.set, Set::X87) && matches!(enc.sizes, isa::D32)
}

/// Slots by the hash of a name: 0 for none, a row from 1, or behind the rows an alias.
struct Made {
    rows: [Row; N],
    slots: [u16; N_SLOTS],
}

const fn spelling(found: u16) -> &'static [u8] {
    let idx = found as usize - 1;
    if idx < N { at(idx).name.as_bytes() } else { ALIASES[idx - N].name.as_bytes() }
}

const fn find(slots: &[u16; N_SLOTS], name: &[u8]) -> usize {
    let mut slot = slot_of(hash(name));
    while slots[slot] != 0 && !same(spelling(slots[slot]), name) {
        slot = (slot + 1) % N_SLOTS;
    }
    slot
}

const fn takes_short(row: &Row) -> bool {
    let mut idx = 0;
    while idx < row.n_ops as usize {
        if matches!(row.ops[idx].place, Place::ImmSx) {
            return true;
        }
        idx += 1;
    }
    false
}

const fn takes_words(row: &Row) -> bool {
    let mut idx = 0;
    while idx < row.n_ops as usize {
        if matches!(row.ops[idx].reg, Width::V) || matches!(row.ops[idx].mem, Width::V) {
            return true;
        }
        idx += 1;
    }
    false
}

#[allow(long_running_const_eval)]
static MADE: Made = {
    let mut made = Made { rows: [compile(at(0)); N], slots: [0; N_SLOTS] };
    let mut idx = 0;
    while idx < N {
        let insn = at(idx);
        made.rows[idx] = compile(insn);
        if !insn.has(isa::DECODE_ONLY) {
            let slot = find(&made.slots, insn.name.as_bytes());
            if made.slots[slot] == 0 {
                made.slots[slot] = idx as u16 + 1;
            } else {
                let (short, words) = (takes_short(&made.rows[idx]), takes_words(&made.rows[idx]));
                let mut last = made.slots[slot] as usize - 1;
                if goes_first(insn) && !goes_first(at(last)) {
                    made.rows[idx].next = made.slots[slot];
                    made.slots[slot] = idx as u16 + 1;
                    idx += 1;
                    continue;
                }
                loop {
                    if short {
                        made.rows[last].traits |= SHORTER_LATER;
                    }
                    let (before, after) = (made.rows[last].suffix, made.rows[idx].suffix);
                    // GNU as takes the integers of 16 bits where nothing is said.
                    let is_integer = matches!((before, after), (Suffix::Only(b'l' | b'q'), Suffix::Only(b's')));
                    if words && matches!(before, Suffix::Only(b'b')) || is_integer {
                        made.rows[last].traits |= BYTES;
                    }
                    if made.rows[last].next == 0
                        || goes_first(insn) && !goes_first(at(made.rows[last].next as usize - 1))
                    {
                        break;
                    }
                    last = made.rows[last].next as usize - 1;
                }
                made.rows[idx].next = made.rows[last].next;
                made.rows[last].next = idx as u16 + 1;
            }
        }
        idx += 1;
    }
    made
};

/// The same with the rows of a name side by side, by which slots count them.
#[allow(long_running_const_eval)]
static SORTED: Made = {
    let mut sorted = Made { rows: MADE.rows, slots: MADE.slots };
    let (mut n, mut slot) = (0, 0);
    while slot < N_SLOTS {
        let mut number = MADE.slots[slot];
        if number != 0 {
            sorted.slots[slot] = n as u16 + 1;
        }
        while number != 0 {
            let row = MADE.rows[number as usize - 1];
            sorted.rows[n] = row;
            sorted.rows[n].source = number - 1;
            n += 1;
            if row.next != 0 {
                sorted.rows[n - 1].next = n as u16 + 1;
            }
            number = row.next;
        }
        slot += 1;
    }
    sorted
};

/// For each alias the first row of what it stands for, from 1; 0 for a prefix.
static ALIAS_ROWS: [u16; ALIASES.len()] = {
    let mut rows = [0; ALIASES.len()];
    let mut idx = 0;
    while idx < ALIASES.len() {
        if !matches!(ALIASES[idx].how, How::Prefix(_)) {
            rows[idx] = SORTED.slots[find(&MADE.slots, ALIASES[idx].of.as_bytes())];
            assert!(rows[idx] != 0, "an alias of nothing");
        }
        idx += 1;
    }
    rows
};

/// Slots of rows and of aliases, which come instead of the rows of the same name.
struct Slots {
    numbers: [u16; N_SLOTS],
    /// Names are compared only where these are equal.
    hashes: [u32; N_SLOTS],
}

#[allow(long_running_const_eval)]
static SLOTS: Slots = {
    let mut slots = Slots { numbers: SORTED.slots, hashes: [0; N_SLOTS] };
    let mut by_name = MADE.slots;
    let mut idx = 0;
    while idx < ALIASES.len() {
        let slot = find(&by_name, ALIASES[idx].name.as_bytes());
        by_name[slot] = (N + idx) as u16 + 1;
        slots.numbers[slot] = by_name[slot];
        idx += 1;
    }
    let mut slot = 0;
    while slot < N_SLOTS {
        if by_name[slot] != 0 {
            slots.hashes[slot] = hash(spelling(by_name[slot]));
        }
        slot += 1;
    }
    slots
};

/// Names by the number of the row or alias, from 0.
static NAMES: [&[u8]; N + ALIASES.len()] = {
    let mut names: [&[u8]; N + ALIASES.len()] = [b""; N + ALIASES.len()];
    let mut idx = 0;
    while idx < names.len() {
        names[idx] =
            if idx < N { at(SORTED.rows[idx].source as usize).name.as_bytes() } else { spelling(idx as u16 + 1) };
        idx += 1;
    }
    names
};

/// What a name stands for.
#[derive(Clone, Copy)]
pub struct Found {
    /// The first row, from 1; 0 for a prefix.
    pub first: u16,
    pub how: How,
}

/// Looks a name (in small letters) with its hash up.
#[inline]
pub fn lookup(name: &[u8], hash: u32) -> Option<Found> {
    let mut slot = slot_of(hash);
    loop {
        let found = SLOTS.numbers[slot];
        if found == 0 {
            return None;
        }
        let idx = found as usize - 1;
        if SLOTS.hashes[slot] == hash && NAMES[idx] == name {
            return Some(match ALIASES.get(idx.wrapping_sub(N)) {
                Some(alias) => Found { first: ALIAS_ROWS[idx - N], how: alias.how },
                None => Found { first: found, how: How::Same },
            });
        }
        slot = (slot + 1) % N_SLOTS;
    }
}

/// The same by name alone.
pub fn named(name: &[u8]) -> Option<Found> {
    lookup(name, hash(name))
}

/// The row of a number from 1.
#[inline]
pub fn row(number: u16) -> Option<&'static Row> {
    SORTED.rows.get((number as usize).wrapping_sub(1))
}

/// The rows of a name from that of a number on, and others behind them: [`Row::next`] is 0 at the last one.
#[inline]
pub fn rows_from(number: u16) -> &'static [Row] {
    SORTED.rows.get((number as usize).wrapping_sub(1)..).unwrap_or(&[])
}

/// Name of a row in Intel's syntax.
pub fn row_name(number: u16) -> &'static str {
    row(number).map_or("", |row| at(row.source as usize).name)
}

/// Name of a row in Intel's syntax.
pub fn name_of(row: &Row) -> &'static str {
    at(row.source as usize).name
}

/// Vectors of 128 bits without VEX, but for AMD's.
pub fn is_sse(set: Set) -> bool {
    let base = matches!(set, Set::Sse | Set::Sse2 | Set::Sse3 | Set::Ssse3 | Set::Sse41 | Set::Sse42);
    base || matches!(set, Set::Aes | Set::Pclmulqdq | Set::Sha | Set::Gfni)
}
