//! AT&T syntax for the assembler: operands, and the choice of a row for a statement. Encodings come from the rows
//! ([`crate::insns`], [`crate::insns_more`]) by the encoder that selection uses; what has no row (branches, ports, segment
//! registers, x87 registers) is in `syntax_special`.
//!
//! Of equal encodings the first row that fits is taken, in the order of the tables, which have the one that GNU as
//! picks first.

use crate::encode::{self, BRANCHES, CALL, JCC, JMP, NO_MEM, Rm, imm_len};
use crate::insns::{
    self, BY_CL, BYTE_RM, CC, DQ, DWORD_RM, INSNS, IX, Imm, InsnRow, PLAIN, SIZE_PLAIN64, Shape, WORD_RM, XI, XX,
};
use crate::insns_more::MORE;
use crate::regs::{NAMES, RCX, RIP, RSP, XMM0};
use crate::relocs;
use crate::syntax_special as special;
use asm::{Cursor, Emit, Expr, FarBranch, Syntax};
use codegen::machine::{Assigned, Constraints, MInst, PReg, Reg};
use mc::buffer::{BranchRow, Filler};
use obj::{RelocTarget, SymId};
use std::collections::HashMap;
use std::sync::LazyLock;
use target::RelocKind;

/// The facet.
pub struct AttSyntax;

/// Names of conditions, by what an opcode holds.
#[rustfmt::skip]
pub(crate) static CONDITIONS: &[(&str, u8)] = &[
    ("o", 0), ("no", 1), ("b", 2), ("c", 2), ("nae", 2), ("ae", 3), ("nb", 3), ("nc", 3), ("e", 4), ("z", 4), ("ne", 5), ("nz", 5),
    ("be", 6), ("na", 6), ("a", 7), ("nbe", 7), ("s", 8), ("ns", 9), ("p", 10), ("pe", 10), ("np", 11), ("po", 11),
    ("l", 12), ("nge", 12), ("ge", 13), ("nl", 13), ("le", 14), ("ng", 14), ("g", 15), ("nle", 15),
];

pub(crate) fn condition(name: &str) -> Option<u8> {
    CONDITIONS.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// A kind of register.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Bank {
    /// General, with the logarithm of its bytes.
    Int(u8),
    Xmm,
    Stack,
    Mmx,
    Segment,
    Control,
    Debug,
    Rip,
}

/// A register as the source names it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Named {
    pub bank: Bank,
    /// As the encoder knows it: general registers 0 to 15 (`ah` to `bh`: 36 to 39), SSE registers 16 to 31, others from 0.
    pub number: PReg,
}

static SEGMENTS: [&str; 6] = ["es", "cs", "ss", "ds", "fs", "gs"];
/// Segment override prefixes, in the same order.
static OVERRIDES: [u8; 6] = [0x26, 0x2e, 0x36, 0x3e, 0x64, 0x65];

/// The register of that name, without `%`.
pub(crate) fn register(name: &str) -> Option<Named> {
    let named = |bank, number| Some(Named { bank, number });
    for (size, names) in NAMES.iter().enumerate() {
        if let Some(number) = names.iter().position(|known| *known == name) {
            return named(Bank::Int(size as u8), number as PReg);
        }
    }
    if let Some(number) = ["ah", "ch", "dh", "bh"].iter().position(|known| *known == name) {
        return named(Bank::Int(0), 36 + number as PReg);
    }
    if let Some(number) = SEGMENTS.iter().position(|known| *known == name) {
        return named(Bank::Segment, number as PReg);
    }
    let numbered = |prefix: &str, n: u8| {
        let digits = name.strip_prefix(prefix)?;
        digits.parse::<u8>().ok().filter(|&number| number < n && (digits == "0" || !digits.starts_with('0')))
    };
    if let Some(number) = numbered("xmm", 16) {
        return named(Bank::Xmm, XMM0 + number);
    }
    if let Some(number) = numbered("mm", 8) {
        return named(Bank::Mmx, number);
    }
    if let Some(number) = numbered("cr", 16) {
        return named(Bank::Control, number);
    }
    if let Some(number) = numbered("db", 8).or_else(|| numbered("dr", 8)) {
        return named(Bank::Debug, number);
    }
    match name {
        "st" => named(Bank::Stack, 0),
        "rip" => named(Bank::Rip, RIP),
        _ => None,
    }
}

/// A memory operand.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Mem {
    base: Option<PReg>,
    index: Option<PReg>,
    scale: u8,
    pub disp: Expr,
    segment: Option<PReg>,
    short_address: bool,
}

impl Mem {
    /// Only an expression: what branches go to.
    pub fn is_plain(&self) -> bool {
        self.base.is_none() && self.index.is_none() && self.segment.is_none()
    }
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Operand {
    Reg(Named),
    Mem(Mem),
    Imm(Expr),
}

/// The operands of a statement, in its order.
pub(crate) struct Operands {
    pub list: Vec<Operand>,
    /// The first one has a `*`.
    pub star: bool,
}

impl Operands {
    pub fn parse(line: &mut Cursor, emit: &mut Emit) -> Result<Operands, String> {
        let mut operands = Operands { list: Vec::new(), star: false };
        if line.is_end() {
            return Ok(operands);
        }
        loop {
            if line.eat(b'*') {
                operands.star = true;
            }
            operands.list.push(operand(line, emit)?);
            if !line.eat(b',') {
                return Ok(operands);
            }
        }
    }
}

fn register_operand(line: &mut Cursor) -> Result<Named, String> {
    line.expect(b'%')?;
    let name = String::from_utf8_lossy(line.run(|b| b.is_ascii_alphanumeric())).to_ascii_lowercase();
    let mut found = register(&name).ok_or_else(|| format!("bad register name ‘%{name}’"))?;
    if found.bank == Bank::Stack && line.peek() == b'(' {
        line.bump();
        let number = line.number().filter(|&number| number < 8).ok_or("bad register name ‘%st(…)’")?;
        line.expect(b')')?;
        found.number = number as PReg;
    }
    Ok(found)
}

fn operand(line: &mut Cursor, emit: &mut Emit) -> Result<Operand, String> {
    match line.peek() {
        b'$' => {
            line.bump();
            Ok(Operand::Imm(emit.expr(line)?))
        }
        b'%' => {
            let named = register_operand(line)?;
            if named.bank == Bank::Segment && line.eat(b':') {
                return Ok(Operand::Mem(memory(line, emit, Some(named.number))?));
            }
            Ok(Operand::Reg(named))
        }
        _ => Ok(Operand::Mem(memory(line, emit, None)?)),
    }
}

/// `displacement(base, index, scale)`
fn memory(line: &mut Cursor, emit: &mut Emit, segment: Option<PReg>) -> Result<Mem, String> {
    let begins = |line: &Cursor| line.peek() == b'(' && matches!(line.peek_second(), b'%' | b',' | b' ');
    let disp = if begins(line) { Expr::number(0) } else { emit.expr(line)? };
    let mut mem = Mem { base: None, index: None, scale: 0, disp, segment, short_address: false };
    if !line.eat(b'(') {
        return Ok(mem);
    }
    let mut part = |line: &mut Cursor, base: bool| -> Result<PReg, String> {
        let named = register_operand(line)?;
        match named.bank {
            Bank::Int(3) => Ok(named.number),
            Bank::Int(2) => {
                mem.short_address = true;
                Ok(named.number)
            }
            Bank::Rip if base => Ok(RIP),
            _ => Err("an address needs 64-bit registers".into()),
        }
    };
    let mut base = None;
    let (mut index, mut scale) = (None, 0);
    if line.peek() == b'%' {
        base = Some(part(line, true)?);
    }
    if line.eat(b',') {
        if line.peek() == b'%' {
            index = Some(part(line, false)?);
        }
        if line.eat(b',') || index.is_none() {
            let factor = emit.expr(line)?.constant();
            scale = match factor {
                Some(factor @ (1 | 2 | 4 | 8)) => factor.trailing_zeros() as u8,
                _ => return Err("the scale of an address is 1, 2, 4 or 8".into()),
            };
        }
    }
    line.expect(b')')?;
    (mem.base, mem.index, mem.scale) = (base, index, scale);
    if mem.index == Some(RSP) || mem.base == Some(RIP) && mem.index.is_some() {
        return Err("this register cannot be an index".into());
    }
    Ok(mem)
}

/// Prefixes of one statement.
#[derive(Clone, Copy, Default)]
pub(crate) struct Prefixes {
    /// `lock`, `rep`, `repne`.
    pub repeat: u8,
    pub data16: bool,
    pub segment: u8,
    pub rex: u8,
}

static PREFIXES: &[(&str, u8)] = &[
    ("lock", 0xf0),
    ("rep", 0xf3),
    ("repe", 0xf3),
    ("repz", 0xf3),
    ("repne", 0xf2),
    ("repnz", 0xf2),
    ("xacquire", 0xf2),
    ("xrelease", 0xf3),
    ("bnd", 0xf2),
    ("notrack", 0x3e),
    ("data16", 0x66),
    ("addr32", 0x67),
    ("rex64", 0x48),
    ("rex.w", 0x48),
    ("es", 0x26),
    ("cs", 0x2e),
    ("ss", 0x36),
    ("ds", 0x3e),
    ("fs", 0x64),
    ("gs", 0x65),
];

/// Rows by mnemonic without what sizes and conditions add.
static INDEX: LazyLock<HashMap<&'static str, Vec<&'static InsnRow>>> = LazyLock::new(|| {
    let mut index: HashMap<&str, Vec<&InsnRow>> = HashMap::new();
    let usable = |row: &&InsnRow| !matches!(row.shape, Shape::Sequence | Shape::DD) && row.imm != Imm::Symbol;
    for row in INSNS.iter().chain(MORE).filter(usable) {
        index.entry(row.mnemonic).or_default().push(row);
    }
    index
});

/// A row that a mnemonic may mean, with the sizes it leaves open and its condition.
#[derive(Clone, Copy)]
pub(crate) struct Candidate {
    pub row: &'static InsnRow,
    /// Bit for each size.
    pub sizes: u8,
    pub cc: u8,
}

fn suffix_size(letter: u8) -> Option<u8> {
    b"bwlq".iter().position(|&known| known == letter).map(|at| at as u8)
}

/// All rows that `mnemonic` may mean, in the order of preference.
pub(crate) fn candidates(mnemonic: &str) -> Vec<Candidate> {
    let mut found = Vec::new();
    let mut add = |name: &str, size: Option<u8>, cc: Option<u8>, dq: Option<u8>| {
        for &row in INDEX.get(name).into_iter().flatten() {
            let is = |flag: u16| row.flags & flag == flag;
            if is(CC) != cc.is_some() || is(DQ) != dq.is_some() || size.is_some() && is(PLAIN) {
                continue;
            }
            let sizes = match size.or(dq) {
                // Operations on the stack have eight bytes by themselves.
                Some(3) if row.sizes & 1 << SIZE_PLAIN64 != 0 => 1 << SIZE_PLAIN64,
                Some(size) => row.sizes & 1 << size,
                None => row.sizes,
            };
            if sizes != 0 {
                found.push(Candidate { row, sizes, cc: cc.unwrap_or(0) });
            }
        }
    };
    add(mnemonic, None, None, None);
    let last = mnemonic.as_bytes().last().copied().unwrap_or(0);
    let (short, size) = match suffix_size(last) {
        Some(size) if mnemonic.is_ascii() => (&mnemonic[..mnemonic.len() - 1], Some(size)),
        _ => (mnemonic, None),
    };
    if size.is_some() {
        add(short, size, None, None);
    }
    if mnemonic == "movd" || mnemonic == "movq" {
        add("mov", None, None, Some(if mnemonic == "movd" { 2 } else { 3 }));
    }
    for base in ["set", "cmov"] {
        if let Some(cc) = mnemonic.strip_prefix(base).and_then(condition) {
            add(base, None, Some(cc), None);
        }
        if let (Some(cc), Some(_)) = (short.strip_prefix(base).and_then(condition), size) {
            add(base, size, Some(cc), None);
        }
    }
    found
}

/// What goes into which field.
struct Fields {
    reg: PReg,
    rm: Rm,
    mem: Option<Mem>,
    imm: Option<Expr>,
    size: u8,
}

/// Sizes that a register operand has in a field.
fn bank_fits(named: Named, is_xmm: bool, size: u8) -> bool {
    match named.bank {
        Bank::Xmm => is_xmm,
        Bank::Int(have) => !is_xmm && have == if size == SIZE_PLAIN64 { 3 } else { size },
        _ => false,
    }
}

/// Whether `row` takes the operands at `size`.
fn fields(row: &InsnRow, size: u8, operands: &[Operand]) -> Option<Fields> {
    let is = |flag: u16| row.flags & flag == flag;
    let (reg_xmm, rm_xmm) = (is(XX) || is(XI), is(XX) || is(IX));
    let rm_size = match row.flags & (BYTE_RM | WORD_RM | DWORD_RM) {
        BYTE_RM => 0,
        WORD_RM => 1,
        DWORD_RM => 2,
        _ => size,
    };
    let mut rest = operands;
    let mut imm = None;
    match row.imm {
        Imm::No | Imm::Symbol => {
            if is(BY_CL) {
                let (Operand::Reg(Named { bank: Bank::Int(0), number: RCX }), tail) = rest.split_first()? else {
                    return None;
                };
                rest = tail;
            }
        }
        _ => {
            // Shifts without a count are by one.
            if is(insns::ONE) && rest.len() == 1 {
                imm = Some(Expr::number(1));
            } else {
                let (Operand::Imm(value), tail) = rest.split_first()? else { return None };
                if !immediate_fits(row, size, value) {
                    return None;
                }
                imm = Some(*value);
                rest = tail;
            }
        }
    }
    let reg = |operand: &Operand| match operand {
        Operand::Reg(named) if bank_fits(*named, reg_xmm, size) => Some(named.number),
        _ => None,
    };
    let rm_reg = |operand: &Operand| match operand {
        Operand::Reg(named) if bank_fits(*named, rm_xmm, rm_size) => Some(named.number),
        _ => None,
    };
    let in_memory = |operand: &Operand| match operand {
        Operand::Mem(mem) => Some(*mem),
        _ => None,
    };
    let made = |reg: PReg, rm: Rm, mem: Option<Mem>| Some(Fields { reg, rm, mem, imm, size });
    let either = |reg: PReg, operand: &Operand| match rm_reg(operand) {
        Some(rm) => made(reg, Rm::Reg(rm), None),
        None => made(reg, Rm::Mem, Some(in_memory(operand)?)),
    };
    match (row.shape, rest) {
        (Shape::MR, [b, dst]) => made(reg(b)?, Rm::Reg(rm_reg(dst)?), None),
        // `imul $3, %eax` has one register twice.
        (Shape::RM, [both]) if row.mnemonic == "imul" && row.imm != Imm::No => {
            made(reg(both)?, Rm::Reg(rm_reg(both)?), None)
        }
        (Shape::RM, [b, dst]) => made(reg(dst)?, Rm::Reg(rm_reg(b)?), None),
        (Shape::RMem | Shape::MemD, [mem, dst]) => made(reg(dst)?, Rm::Mem, Some(in_memory(mem)?)),
        (Shape::MemR, [b, mem]) => made(reg(b)?, Rm::Mem, Some(in_memory(mem)?)),
        (Shape::M | Shape::MB, [rm]) => made(row.digit, Rm::Reg(rm_reg(rm)?), None),
        (Shape::MX, [b, dst]) => made(reg(b)?, Rm::Reg(rm_reg(dst)?), None),
        (Shape::Mem, [mem]) => made(row.digit, Rm::Mem, Some(in_memory(mem)?)),
        (Shape::O, [dst]) => made(0, Rm::Reg(rm_reg(dst)?), None),
        (Shape::Z | Shape::ZZ, []) => made(0, Rm::None, None),
        (Shape::RE, [b, dst]) => either(reg(dst)?, b),
        (Shape::ER, [b, dst]) => either(reg(b)?, dst),
        (Shape::E, [rm]) => either(row.digit, rm),
        _ => None,
    }
}

fn immediate_fits(row: &InsnRow, size: u8, value: &Expr) -> bool {
    let Some(value) = value.constant() else { return matches!(row.imm, Imm::Full | Imm::Eight) };
    let signed = |bits: u32| value >> (bits - 1) == 0 || value >> (bits - 1) == -1;
    let either = |bits: u32| signed(bits) || value >> bits == 0;
    match row.imm {
        // Of the operand's size, from a byte by its sign: only where the operation has such a form.
        Imm::Byte if row.opcode == 0x83 || row.opcode == 0x6b || row.opcode == 0x6a => match size {
            1 => either(16) && (value as i16 as i8 as i64) == value as i16 as i64,
            2 if row.opcode != 0x6a => either(32) && (value as i32 as i8 as i64) == value as i32 as i64,
            _ => signed(8),
        },
        Imm::Byte => either(8),
        Imm::Word => either(16),
        Imm::Full if row.opcode == 0x68 => signed(32),
        Imm::Full => match size {
            0 => either(8),
            1 => either(16),
            2 => either(32),
            _ => signed(32),
        },
        Imm::Eight => true,
        Imm::No | Imm::Symbol => false,
    }
}

/// The kind for an absolute field by its size.
fn absolute(bytes: u32, signed: bool) -> RelocKind {
    match bytes {
        1 => relocs::R_X86_64_8,
        2 => relocs::R_X86_64_16,
        4 if signed => relocs::R_X86_64_32S,
        4 => relocs::R_X86_64_32,
        _ => relocs::R_X86_64_64,
    }
}

/// Modifiers and their kinds: in a field relative to the next instruction, in an absolute one of four bytes.
static MODIFIERS: &[(&str, Option<RelocKind>, Option<RelocKind>)] = &[
    ("", Some(relocs::R_X86_64_PC32), Some(relocs::R_X86_64_32S)),
    ("gotpcrel", Some(relocs::R_X86_64_GOTPCREL), Some(relocs::R_X86_64_GOTPCREL)),
    ("plt", Some(relocs::R_X86_64_PLT32), Some(relocs::R_X86_64_PLT32)),
    ("gottpoff", Some(relocs::R_X86_64_GOTTPOFF), None),
    ("tlsgd", Some(relocs::R_X86_64_TLSGD), None),
    ("tlsld", Some(relocs::R_X86_64_TLSLD), None),
    ("tlsdesc", Some(relocs::R_X86_64_GOTPC32_TLSDESC), None),
    ("tpoff", None, Some(relocs::R_X86_64_TPOFF32)),
    ("dtpoff", None, Some(relocs::R_X86_64_DTPOFF32)),
    ("got", None, Some(relocs::R_X86_64_GOT32)),
];

fn modified(modifier: &str, relative: bool) -> Result<RelocKind, String> {
    let row = MODIFIERS.iter().find(|row| row.0 == modifier);
    let kind = row.and_then(|row| if relative { row.1 } else { row.2 });
    kind.ok_or_else(|| format!("‘@{modifier}’ is not known here"))
}

const NO_CONSTRAINTS: &Constraints = &Constraints::NONE;

/// Writes an instruction whose fields are settled.
fn put(candidate: Candidate, fields: &Fields, prefixes: Prefixes, emit: &mut Emit) -> Result<(), String> {
    let (row, cc) = (&mut { *candidate.row }, candidate.cc);
    let mut mem = NO_MEM;
    let mut regs = Assigned::default();
    let mut disp = None;
    let segment = fields.mem.and_then(|mem| mem.segment).map_or(prefixes.segment, |at| OVERRIDES[at as usize]);
    if segment != 0 {
        emit.code.put(u64::from(segment), 1);
    }
    if let Some(of) = fields.mem {
        if of.short_address {
            emit.code.put(0x67, 1);
        }
        if let Some(base) = of.base {
            (mem.base, regs.base) = (Reg::phys(base), base);
        }
        if let Some(index) = of.index {
            (mem.index, regs.index, mem.scale) = (Reg::phys(index), index, of.scale);
        }
        let relative = of.base == Some(RIP);
        match of.disp.constant() {
            Some(value) if !relative => {
                mem.disp = i32::try_from(value)
                    .or_else(|_| u32::try_from(value).map(|value| value as i32))
                    .map_err(|_| format!("displacement {value:#x} does not fit 32 bits"))?;
            }
            _ => {
                mem.kind = modified(emit.modifier(&of.disp), relative)?;
                mem.target = RelocTarget::symbol(SymId(0));
                disp = Some(of.disp);
            }
        }
    }
    if prefixes.repeat != 0 {
        if row.prefix != 0 && row.prefix != 0x66 {
            return Err("this instruction takes no such prefix".into());
        }
        if row.prefix == 0x66 {
            emit.code.put(0x66, 1);
        }
        row.prefix = prefixes.repeat;
    }
    if prefixes.data16 {
        emit.code.put(0x66, 1);
    }
    let constant = fields.imm.and_then(|imm| imm.constant());
    if row.flags & insns::ONE != 0 && constant == Some(1) {
        (row.opcode, row.imm) = (row.opcode | 0x10, Imm::No);
    }
    // The encoder knows 4 as the size of what has eight bytes by itself.
    let inst = MInst {
        form: 0,
        size: fields.size,
        aux: cc,
        cons: NO_CONSTRAINTS,
        dst: Reg::NONE,
        a: Reg::NONE,
        b: Reg::NONE,
        mem,
        imm: constant.unwrap_or(0),
    };
    let n_relocs = emit.code.relocs.len();
    encode::write(emit.code, row, &inst, fields.reg, fields.rm, &regs);
    let imm_bytes = imm_len(row, &inst);
    if let Some(disp) = disp {
        let reloc = emit.code.relocs.pop().filter(|_| emit.code.relocs.len() == n_relocs);
        let reloc = reloc.ok_or("this address cannot be relocated")?;
        match disp.constant() {
            Some(value) => {
                let value = i32::try_from(value).map_err(|_| "a displacement does not fit 32 bits")?;
                let at = emit.code.len() - imm_bytes as usize - 4;
                for (idx, byte) in value.to_le_bytes().into_iter().enumerate() {
                    emit.code.patch(at + idx, byte);
                }
            }
            None => emit.fixup(reloc.at, reloc.kind, &disp, reloc.addend),
        }
    }
    if let (Some(imm), None) = (fields.imm, constant) {
        let kind = match emit.modifier(&imm) {
            "" => absolute(imm_bytes, fields.size == 3 || row.opcode == 0x68),
            modifier => modified(modifier, false)?,
        };
        let at = emit.code.mark_back(imm_bytes as usize);
        emit.fixup(at, kind, &imm, 0);
    }
    Ok(())
}

/// Finds the row for `operands` and writes it.
pub(crate) fn by_rows(
    mnemonic: &str,
    operands: &Operands,
    prefixes: Prefixes,
    emit: &mut Emit,
) -> Result<bool, String> {
    let starred;
    let name = if operands.star {
        starred = format!("{} *", mnemonic.strip_suffix('q').filter(|_| mnemonic.len() > 4).unwrap_or(mnemonic));
        &starred
    } else {
        mnemonic
    };
    let all = candidates(name);
    let has_register = operands.list.iter().any(|operand| matches!(operand, Operand::Reg(_)));
    // Without a suffix and a register to go by, GNU as takes four bytes.
    for candidate in &all {
        let sizes = [2, 3, 1, 0, SIZE_PLAIN64];
        for size in sizes.into_iter().filter(|&size| candidate.sizes & 1 << size != 0) {
            let ambiguous = candidate.sizes.count_ones() > 1
                && !has_register
                && candidate.row.flags & PLAIN == 0
                && !operands.list.is_empty();
            if ambiguous && size != 2 {
                continue;
            }
            if let Some(fields) = fields(candidate.row, size, &operands.list) {
                put(*candidate, &fields, prefixes, emit)?;
                return Ok(true);
            }
        }
    }
    if all.is_empty() { Ok(false) } else { Err(format!("operands do not suit ‘{mnemonic}’")) }
}

/// Nothing but prefixes: they stand before the next statement's instruction.
fn put_prefixes(prefixes: Prefixes, emit: &mut Emit) {
    if prefixes.segment != 0 {
        emit.code.put(u64::from(prefixes.segment), 1);
    }
    if prefixes.data16 {
        emit.code.put(0x66, 1);
    }
    if prefixes.repeat != 0 {
        emit.code.put(u64::from(prefixes.repeat), 1);
    }
    if prefixes.rex != 0 {
        emit.code.put(u64::from(prefixes.rex), 1);
    }
}

impl Syntax for AttSyntax {
    fn branches(&self) -> &'static [BranchRow] {
        BRANCHES
    }

    fn comment(&self) -> u8 {
        b'#'
    }

    fn instruction(&self, line: &mut Cursor<'_>, emit: &mut Emit<'_>) -> Result<(), String> {
        let mut prefixes = Prefixes::default();
        let mnemonic = loop {
            let word = line.run(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_'));
            let word = String::from_utf8_lossy(word).to_ascii_lowercase();
            if word.is_empty() {
                return Err(format!("expected an instruction before ‘{}’", line.shown()));
            }
            let Some(&(_, byte)) = PREFIXES.iter().find(|row| row.0 == word) else { break word };
            line.eat(b',');
            match byte {
                0xf0 | 0xf2 | 0xf3 => prefixes.repeat = byte,
                0x66 => prefixes.data16 = true,
                0x48 => prefixes.rex = byte,
                _ => prefixes.segment = byte,
            }
            if line.is_end() {
                put_prefixes(prefixes, emit);
                return Ok(());
            }
        };
        if prefixes.rex != 0 {
            put_prefixes(std::mem::take(&mut prefixes), emit);
        }
        // Of its two sizes the prefix says the one that the row does not.
        prefixes.data16 |= mnemonic == "crc32w";
        let operands = Operands::parse(line, emit)?;
        if special::instruction(&mnemonic, &operands, prefixes, emit)? {
            return Ok(());
        }
        if by_rows(&mnemonic, &operands, prefixes, emit)? {
            return Ok(());
        }
        Err(format!("no such instruction: ‘{mnemonic}’"))
    }

    fn nops(&self) -> Filler {
        special::fill_with_nops
    }

    fn data_reloc(&self, size: u8, relative: bool) -> Option<RelocKind> {
        Some(match (size, relative) {
            (1, false) => relocs::R_X86_64_8,
            (2, false) => relocs::R_X86_64_16,
            (4, false) => relocs::R_X86_64_32,
            (8, false) => relocs::R_X86_64_64,
            (1, true) => relocs::R_X86_64_PC8,
            (2, true) => relocs::R_X86_64_PC16,
            (4, true) => relocs::R_X86_64_PC32,
            (8, true) => relocs::R_X86_64_PC64,
            _ => return None,
        })
    }

    fn modified_reloc(&self, modifier: &str, size: u8) -> Option<RelocKind> {
        Some(match (modifier, size) {
            ("plt", 4) => relocs::R_X86_64_PLT32,
            ("gotpcrel", 4) => relocs::R_X86_64_GOTPCREL,
            ("got", 4) => relocs::R_X86_64_GOT32,
            ("gotoff", 8) => relocs::R_X86_64_GOTOFF64,
            ("tpoff", 4) => relocs::R_X86_64_TPOFF32,
            ("tpoff", 8) => relocs::R_X86_64_TPOFF64,
            ("dtpoff", 4) => relocs::R_X86_64_DTPOFF32,
            ("dtpoff", 8) => relocs::R_X86_64_DTPOFF64,
            ("size", 4) => relocs::R_X86_64_SIZE32,
            ("size", 8) => relocs::R_X86_64_SIZE64,
            _ => return None,
        })
    }

    fn far_branch(&self, row: u8) -> Option<FarBranch> {
        let offset = match row {
            JMP | CALL => 1,
            JCC => 2,
            _ => return None,
        };
        Some(FarBranch { kind: relocs::R_X86_64_PLT32, offset, addend: -4 })
    }

    fn dwarf_register(&self, name: &[u8]) -> Option<u8> {
        let name = std::str::from_utf8(name).ok()?;
        crate::DWARF_REGS.iter().position(|known| !known.is_empty() && *known == name).map(|at| at as u8)
    }

    fn initial_cfa(&self) -> (u8, i32) {
        (7, 8)
    }

    fn initial_unwind(&self) -> &'static [mc::rows::UnwindOp] {
        crate::unwind::INITIAL
    }

    fn line_comments(&self) -> &'static [u8] {
        b"#/"
    }

    fn brings(&self, modifier: &str) -> Option<&'static [u8]> {
        let needs_table = !matches!(modifier, "plt" | "size");
        needs_table.then_some(b"_GLOBAL_OFFSET_TABLE_")
    }

    fn named_reloc(&self, name: &[u8], kind: RelocKind) -> RelocKind {
        match kind {
            _ if name != b"_GLOBAL_OFFSET_TABLE_" => kind,
            relocs::R_X86_64_PC32 | relocs::R_X86_64_32 => relocs::R_X86_64_GOTPC32,
            relocs::R_X86_64_PC64 | relocs::R_X86_64_64 => relocs::R_X86_64_GOTPC64,
            _ => kind,
        }
    }
}
