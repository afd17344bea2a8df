//! What options ask of a statement beyond its usual encoding, when its row is chosen: notes of what was used, checks, other
//! prefixes. Only with such an option anything of this is run.

use crate::choose::{Choice, Wish};
use crate::features::Feature as F;
use crate::isa::{self, Class, Place, Set, Space};
use crate::operand::{Byte, Mem, NO_INDEX, NONE, Operand, Stmt, Word};
use crate::options::{self, Bits};
use crate::regs::{NAMES, RBX, RDI, RSI};
use crate::rows::{Row, kind};
use asm::{Emit, Note};

/// `GNU_PROPERTY_X86_FEATURE_2_USED` (x86-64 psABI, "Linux extensions").
mod used {
    pub const X86: u32 = 1;
    pub const X87: u32 = 2;
    pub const MMX: u32 = 4;
    pub const XMM: u32 = 8;
    pub const YMM: u32 = 16;
    pub const ZMM: u32 = 32;
    pub const FXSR: u32 = 64;
    pub const XSAVE: u32 = 128;
    pub const XSAVEOPT: u32 = 256;
    pub const XSAVEC: u32 = 512;
    pub const TMM: u32 = 1024;
    pub const MASK: u32 = 2048;
}

/// `GNU_PROPERTY_X86_ISA_1_USED`
mod level {
    pub const BASELINE: u32 = 1;
    pub const V2: u32 = 2;
    pub const V3: u32 = 4;
    pub const V4: u32 = 8;
}

/// Adds what an instruction uses to what was used.
fn mark_used(choice: &Choice, stmt: &Stmt, emit: &mut Emit) {
    let row = choice.row;
    let ops = &row.ops[..usize::from(row.n_ops)];
    let is_needed = |features: &[F]| row.needs.iter().any(|need| features.contains(need));
    let has = |class: Class| ops.iter().any(|op| op.class == class);
    let mut seen = 0;
    let mut mark = |is_so: bool, bits: u32| {
        if is_so {
            seen |= bits;
        }
    };
    let opcode = (row.enc.map, row.enc.opcode);
    let is_legacy = row.enc.space == Space::Legacy;
    mark(is_needed(&[F::AmxTile, F::AmxInt8, F::AmxBf16, F::AmxFp16]), used::TMM);
    mark(is_needed(&[F::X87, F::X687, F::Fisttp]) || row.set == Set::Base && opcode == (0, 0x9b), used::X87);
    // `cvtpi2pd` from memory is SSE2's own.
    let is_own = opcode == (1, 0x2a) && row.enc.prefix == isa::P66 && stmt.n_mems != 0;
    mark(has(Class::Mmx) && !is_own || is_legacy && matches!(opcode, (1, 0x77 | 0x0e)), used::MMX);
    let is_vector = has(Class::Vec) || stmt.mems[0].vector != 0;
    let is_control = opcode == (1, 0xae) && matches!(row.set, Set::Sse | Set::Avx);
    mark(is_vector || is_control || is_needed(&[F::Kl, F::Widekl]), used::XMM);
    // Where each length has a form of its own, only that counts.
    let is_split = stmt.mems[0].vector != 0 || row.set == Set::F16c;
    let at_least = |bit: u8, bytes: u8| row.enc.lengths & bit != 0 && (!is_split || choice.length >= bytes);
    let is_zeroing = row.enc.space == Space::Vex && opcode == (1, 0x77);
    mark(is_zeroing, used::XMM | used::YMM);
    mark(is_vector && at_least(isa::L256, 32), used::YMM);
    mark(is_vector && at_least(isa::L512, 64), used::YMM | used::ZMM);
    mark(has(Class::Mask) || stmt.mask != 0, used::MASK);
    mark(row.set == Set::Fxsr, used::FXSR);
    mark(row.set == Set::Xsave, used::XSAVE);
    mark(row.set == Set::Xsaveopt, used::XSAVEOPT);
    mark(row.set == Set::Xsavec, used::XSAVEC);
    let before = emit.keep.words[options::USED];
    let mut levels = 0;
    let exchanges = row.set == Set::Base && opcode == (1, 0xc7);
    if seen | before as u32 != 0 || is_needed(&[F::Cmov, F::Syscall]) || exchanges || is_needed(&[F::Cx16]) {
        levels |= level::BASELINE;
    }
    let flags = row.set == Set::Base && matches!(opcode, (0, 0x9e | 0x9f));
    if is_needed(&[F::Sse3, F::Ssse3, F::Sse41, F::Sse42, F::Cx16, F::Popcnt]) || flags {
        levels |= level::V2;
    }
    let of_avx = [F::Avx, F::Avx2, F::F16c, F::Fma, F::Vaes, F::Vpclmulqdq];
    let newer = [F::AvxVnni, F::AvxIfma, F::AvxVnniInt8, F::AvxNeConvert, F::Cmpccxadd];
    let scalar = [F::Lzcnt, F::Bmi, F::Bmi2, F::Movbe, F::Xsave, F::Xsaveopt, F::Xsavec, F::Xsaves];
    let only_here = [F::Avx512er, F::Avx512pf, F::Avx5124fmaps, F::Avx5124vnniw];
    let is_avx512 =
        row.enc.space == Space::Evex || row.needs.iter().any(|need| (F::Avx512f..=F::Avx512fp16).contains(need));
    if is_avx512 && !is_needed(&only_here) {
        levels |= level::V4;
    }
    if !is_avx512 && (is_needed(&of_avx) || is_needed(&newer) || is_needed(&scalar)) {
        levels |= level::V3;
    }
    emit.keep.words[options::USED] = before | u64::from(seen) | u64::from(levels) << 32;
}

/// The section `.note.gnu.property`, if it is asked for.
pub fn note(keep: &asm::Keep) -> Option<Note> {
    if !options::bits(keep).has(options::USED_NOTE) {
        return None;
    }
    let word = keep.words[options::USED];
    let mut bytes = Vec::new();
    for number in [4, 32, 5] {
        bytes.extend(u32::to_le_bytes(number));
    }
    bytes.extend(b"GNU\0");
    for (kind, value) in [(0xc001_0002, (word >> 32) as u32), (0xc001_0001, word as u32 | used::X86)] {
        for number in [kind, 4, value, 0] {
            bytes.extend(u32::to_le_bytes(number));
        }
    }
    Some(Note { name: b".note.gnu.property", bytes, align: 8 })
}

/// The prefix of the segment that strings are stored in.
const ES: u8 = 0x26;

/// What is said of operands that should differ, or of sets that should not be used.
fn say(level: u32, text: &str, emit: &mut Emit) -> Result<(), String> {
    match level {
        0 => Ok(()),
        1 => {
            emit.warn(text.into());
            Ok(())
        }
        _ => Err(text.into()),
    }
}

/// `-msse-check`
fn check_sse(choice: &Choice, stmt: &Stmt, bits: Bits, emit: &mut Emit) -> Result<(), String> {
    let row = choice.row;
    let name = crate::rows::name_of(row);
    let has_vectors = row.ops[..usize::from(row.n_ops)].iter().any(|op| op.class == Class::Vec)
        && stmt.ops.iter().all(|op| op.kind != kind::MMX);
    if bits.has(options::SSE_CHECK) && crate::rows::is_sse(row.set) && row.enc.space == Space::Legacy && has_vectors {
        return say(bits.get(options::SSE_CHECK), &format!("SSE instruction ‘{name}’ is used"), emit);
    }
    Ok(())
}

/// Looks at a choice before it is written. True when something else was written in its place.
#[cold]
#[inline(never)]
pub fn look(choice: &Choice, stmt: &mut Stmt, wish: &Wish, emit: &mut Emit) -> Result<bool, String> {
    let (row, bits) = (choice.row, wish.bits);
    if bits.has(options::SSE_CHECK) {
        check_sse(choice, stmt, bits, emit)?;
    }
    if bits.has(options::USED_NOTE) {
        mark_used(choice, stmt, emit);
    }
    if bits.has(options::OMIT_LOCK) {
        stmt.prefixes.lock = false;
    }
    if bits.has(options::ADD_BND) && row.flags & isa::BND != 0 {
        (stmt.prefixes.repeat, stmt.prefixes.word) = (0xf2, Word::Bnd);
    }
    if bits.get(options::ISA64) == options::INTEL64 && choice.size == 2 && row.flags & isa::BND != 0 && wish.code == 8 {
        return Err(format!("invalid instruction suffix for ‘{}’", crate::rows::name_of(row)));
    }
    let is_fence = row.enc.space == Space::Legacy
        && (row.enc.map, row.enc.opcode) == (1, 0xae)
        && matches!(row.enc.modrm, isa::ModRm::Exact(0xe8 | 0xf0 | 0xf8));
    if bits.has(options::FENCE_AS_ADD) && is_fence {
        // lock addl $0, (%rsp)
        emit.code.put(0x2404_83f0, 5);
        return Ok(true);
    }
    Ok(false)
}

/// Whether the prefixes that the text names suit the instruction.
#[cold]
#[inline(never)]
pub fn check_prefixes(choice: &Choice, stmt: &Stmt) -> Result<(), String> {
    let row = choice.row;
    let given = &stmt.prefixes;
    let name = crate::rows::name_of(row);
    let has = |flag: u32| row.flags & flag != 0;
    let to_memory = stmt.ops[0].kind == kind::MEM;
    let is_exchange = row.set == Set::Base && row.enc.map == 0 && matches!(row.enc.opcode, 0x86 | 0x87);
    if given.lock && !(has(isa::LOCK) && (to_memory || is_exchange && stmt.n_mems != 0)) {
        return Err("expecting lockable instruction after ‘lock’".into());
    }
    if given.no_track && !has(isa::NOTRACK) {
        return Err("expecting indirect branch instruction after ‘notrack’".into());
    }
    let is_vector = row.enc.space != Space::Legacy
        || row.ops[..usize::from(row.n_ops)].iter().any(|op| matches!(op.class, Class::Vec | Class::Mmx));
    if given.data && is_vector {
        return Err(format!("data size prefix invalid with ‘{name}’"));
    }
    let repeats = has(isa::REP | isa::REPE | isa::REPEATED | isa::REPEATABLE);
    match (given.repeat, given.word) {
        (0, _) => Ok(()),
        (_, Word::Bnd) if !has(isa::BND) => Err("expecting valid branch instruction after ‘bnd’".into()),
        (_, Word::Bnd) => Ok(()),
        (byte, Word::Repeat) if !repeats => {
            let word = if byte == 0xf3 { "rep" } else { "repne" };
            Err(format!("invalid instruction ‘{name}’ after ‘{word}’"))
        }
        (_, Word::Repeat) => Ok(()),
        (byte, Word::Hle) => {
            let word = if byte == 0xf3 { "xrelease" } else { "xacquire" };
            let is_store =
                row.set == Set::Base && row.enc.map == 0 && matches!(row.enc.opcode, 0x88 | 0x89 | 0xc6 | 0xc7);
            match () {
                () if is_exchange && stmt.n_mems != 0 => Ok(()),
                () if name == "mov" && byte == 0xf2 => Err(format!("instruction ‘{name}’ after ‘{word}’ not allowed")),
                () if name == "mov" && !(is_store && to_memory) => {
                    Err(format!("memory destination needed for instruction ‘{name}’ after ‘{word}’"))
                }
                () if name == "mov" => Ok(()),
                () if !has(isa::LOCK) || name == "cmpxchg16b" => {
                    Err(format!("invalid instruction ‘{name}’ after ‘{word}’"))
                }
                () if !given.lock => Err(format!("missing ‘lock’ with ‘{word}’")),
                () => Ok(()),
            }
        }
    }
}

/// Addresses of string instructions are implied: what the text says of them may only tell their width and, of one of them, the
/// segment. Other registers are told of, as GNU as does.
#[cold]
fn check_string(row: &Row, stmt: &Stmt, wish: &Wish, emit: &mut Emit) -> Result<(), String> {
    let name = crate::rows::name_of(row);
    let sign = if wish.intel { "" } else { "%" };
    for (at, (op, operand)) in row.ops.iter().zip(&stmt.ops[..stmt.n]).enumerate() {
        let wanted = match op.place {
            Place::StrDst => RDI,
            Place::StrSrc => RSI,
            Place::Xlat => RBX,
            _ => continue,
        };
        let mem = stmt.mem(operand);
        let is_same = (mem.base, mem.index) == (wanted, NONE) && mem.disp.constant() == Some(0) && !mem.has_disp;
        if !is_same {
            let width = if mem.address == 0 { wish.code } else { mem.address };
            let shown = NAMES[usize::from(width.trailing_zeros() as u8) & 3][usize::from(wanted)];
            let [open, close] = if wish.intel { ['[', ']'] } else { ['(', ')'] };
            emit.warn(format!("an address is not valid here (expected ‘{open}{sign}{shown}{close}’)"));
        }
        if (mem.base, mem.index) == (NONE, NONE) {
            return Err(format!("operand size mismatch for ‘{name}’"));
        }
        if op.place == Place::StrDst && !matches!(mem.segment, 0 | ES) {
            let number = match (wish.intel, stmt.rare.is_completed) {
                (_, true) => 1,
                (true, false) => at + 1,
                (false, false) => stmt.n - at,
            };
            return Err(format!("‘{name}’ operand {number} must use ‘{sign}es’ segment"));
        }
    }
    Ok(())
}

/// Registers that only code of 64 bits has. (The control registers above 7 AMD's processors have elsewhere, too.)
#[cold]
pub fn check_narrow(stmt: &Stmt) -> Result<(), String> {
    let is_wide = |op: &&Operand| {
        let is_register = op.kind & (kind::MEM | kind::IMM | kind::VSIB | kind::ABSENT) == 0;
        is_register && (op.kind == kind::R64 || op.byte == Byte::Low || op.number >= 8 && op.class != Class::Cr)
    };
    let is_far = |mem: &Mem| {
        let above = |number: u8| number != NONE && number != NO_INDEX && number >= 8;
        mem.address == 8 || above(mem.base) || above(mem.index)
    };
    let found = stmt.ops[..stmt.n].iter().find(is_wide);
    if let Some(op) = found {
        let size = match op.kind {
            kind::R8 => 0,
            kind::R16 => 1,
            kind::R32 => 2,
            _ => 3,
        };
        let name = match op.class {
            Class::Gpr => NAMES[size].get(usize::from(op.number)).copied().unwrap_or("rip"),
            _ => return Err(format!("register number {} cannot be used here", op.number)),
        };
        return Err(format!("register ‘%{name}’ cannot be used here"));
    }
    if stmt.mems[..usize::from(stmt.n_mems)].iter().any(is_far) {
        return Err("an address cannot have such registers here".into());
    }
    Ok(())
}

/// Vector registers of gathers must all differ (SDM, volume 2, "VGATHERDPS"), those of some products, too. Far pointers of 80 bits
/// only Intel has.
pub fn check_operands(choice: &Choice, stmt: &Stmt, wish: &Wish, emit: &mut Emit) -> Result<(), String> {
    let row = choice.row;
    let level = match wish.bits.get(options::OPERAND_CHECK) {
        0 => 1,
        1 => 0,
        _ => 2,
    };
    if row.traits & crate::rows::IMPLIED != 0 {
        return check_string(row, stmt, wish, emit);
    }
    let mem = &stmt.mems[0];
    if row.ops.iter().any(|op| op.place == Place::Vsib) {
        let mut registers = [mem.index, u8::MAX, u8::MAX];
        for (spot, operand) in registers[1..].iter_mut().zip(stmt.ops.iter().filter(|op| op.kind & kind::VEC != 0)) {
            *spot = operand.number;
        }
        let [index, a, b] = registers;
        if row.enc.space == Space::Vex && (index == a || index == b || a == b) {
            return say(level, "mask, index, and destination registers should be distinct", emit);
        }
        if row.enc.space == Space::Evex && index == a && row.ops[0].place == Place::Reg {
            return say(level, "index and destination registers should be distinct", emit);
        }
    }
    let is_half = row.enc.space == Space::Vex && matches!((row.enc.map, row.enc.opcode), (3, 0x48 | 0x49));
    if is_half && stmt.rare.half_imm == 0 {
        return Err(format!("number of operands mismatch for ‘{}’", crate::rows::name_of(row)));
    }
    let is_far = row.ops[..usize::from(row.n_ops)].iter().any(|op| op.mem == isa::Width::Far);
    if is_far && choice.size == 8 && wish.bits.get(options::ISA64) != options::INTEL64 {
        return Err(format!("operand size mismatch for ‘{}’", crate::rows::name_of(row)));
    }
    // To 16 bits Intel extends 16, AMD cuts 32.
    if row.set == Set::Base && (row.enc.map, row.enc.opcode, choice.size) == (0, 0x63, 2) {
        let is_intel = wish.bits.get(options::ISA64) == options::INTEL64;
        let source = (stmt.ops[1].kind, stmt.ops[1].size);
        let is_wide = matches!(source, (kind::R32, _) | (_, 4));
        let is_narrow = matches!(source, (kind::R16, _) | (_, 2));
        if is_wide && is_intel || is_narrow && !is_intel {
            return Err("operand size mismatch for ‘movsxd’".into());
        }
    }
    if row.set == Set::Avx512Fp16
        && row.enc.map == 6
        && stmt.ops[1..3].iter().any(|op| op.kind & kind::VEC != 0 && op.number == stmt.ops[0].number)
    {
        return say(2, "destination and source registers must be distinct", emit);
    }
    if row.set == Set::AmxInt8 || row.set == Set::AmxBf16 || row.set == Set::AmxFp16 {
        let [a, b, c] = [0, 1, 2].map(|at: usize| stmt.ops[at].number);
        if a == b || b == c || a == c {
            return say(2, "all tmm registers must be distinct", emit);
        }
    }
    Ok(())
}
