//! `.cfi_*` (gas manual, 7.12): unwind rules as text says them, and the frame sections they become, byte for byte as GNU as
//! makes them (LSB core, "Exception Frames"; DWARF 5, 6.4). A CIE serves every function whose rules begin as its own do.

use crate::cursor::Cursor;
use crate::data::encode_leb128;
use crate::directive::{Outcome, number, symbol};
use crate::expr::Expr;
use crate::finish::AsmFrame;
use crate::sections::{Told, Wanted};
use crate::symbols::{Field, HOME, Loc, Place, Severity};
use crate::unit::Assembler;
use mc::buffer::Mark;
use mc::rows::{UnwindOp, UnwindRow};
use obj::{AtomId, SectionFlags, SectionKind};
use target::Arch;

/// One rule.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CfiOp {
    proc: u32,
    kind: u32,
    at: Mark,
    reg: u32,
    /// Offset, or the second register, or an index of [`Cfi::extras`].
    value: i64,
    loc: Loc,
}

impl CfiOp {
    pub const DEF_CFA: u32 = 0;
    pub const DEF_CFA_REGISTER: u32 = 1;
    pub const DEF_CFA_OFFSET: u32 = 2;
    pub const ADJUST: u32 = 3;
    pub const OFFSET: u32 = 4;
    pub const REL_OFFSET: u32 = 5;
    pub const VAL_OFFSET: u32 = 6;
    pub const REGISTER: u32 = 7;
    pub const RESTORE: u32 = 8;
    pub const UNDEFINED: u32 = 9;
    pub const SAME_VALUE: u32 = 10;
    pub const REMEMBER: u32 = 11;
    pub const RESTORE_STATE: u32 = 12;
    pub const WINDOW_SAVE: u32 = 13;
    const ESCAPE: u32 = 14;
    const ENCODED: u32 = 15;
    const LABEL: u32 = 16;
    /// Says nothing but that time has passed.
    const NOTHING: u32 = 17;

    /// A CIE has only what comes before these.
    fn ends_cie(&self, start: Mark) -> bool {
        self.at != start || matches!(self.kind, CfiOp::REMEMBER | CfiOp::ESCAPE | CfiOp::ENCODED | CfiOp::LABEL)
    }
}

/// What a rule holds beside numbers.
#[derive(Clone, Debug)]
enum Extra {
    Bytes(Vec<u8>),
    Encoded(u8, Expr),
    Label(crate::symbols::SymRef),
}

/// A function between `.cfi_startproc` and `.cfi_endproc`.
#[derive(Clone, Debug)]
struct Proc {
    piece: u32,
    start: Mark,
    end: Option<Mark>,
    loc: Loc,
    /// Begins without the rules that every function begins with.
    simple: bool,
    return_column: Option<u32>,
    is_signal: bool,
    personality: Option<(u8, Expr)>,
    lsda: Option<(u8, Expr)>,
    cfa: (u32, i64),
    stack: Vec<(u32, i64)>,
    /// Which sections tell of it: what is loaded, what is not.
    sections: [bool; 2],
}

/// The unwind rules of a unit.
#[derive(Default)]
pub(crate) struct Cfi {
    procs: Vec<Proc>,
    ops: Vec<CfiOp>,
    extras: Vec<Extra>,
    /// `.cfi_sections` left out what is loaded.
    no_loaded: bool,
    /// `.cfi_sections` asked for what is not.
    unloaded: bool,
    /// Of the function at hand.
    inline: (u32, i64),
    inline_stack: Vec<(u32, i64)>,
}

impl Cfi {
    /// Places that moved with the code they are in.
    pub fn rebase(&mut self, rebase: impl Fn(&mut u32, &mut Mark)) {
        for op in &mut self.ops {
            rebase(&mut { self.procs[op.proc as usize].piece }, &mut op.at);
        }
        for proc in &mut self.procs {
            rebase(&mut { proc.piece }, &mut proc.start);
            if let Some(end) = &mut proc.end {
                rebase(&mut { proc.piece }, end);
            }
            rebase(&mut proc.piece, &mut Mark::default());
        }
    }

    pub fn begin_inline(&mut self, cfa: (u8, i32)) {
        self.inline = (u32::from(cfa.0), i64::from(cfa.1));
    }
}

/// `.cfi_sections .eh_frame, .debug_frame`
pub(crate) fn sections(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let (mut loaded, mut unloaded) = (false, false);
    while !line.is_end() {
        match line.word() {
            Some(b".eh_frame") => loaded = true,
            Some(b".debug_frame") => unloaded = true,
            Some(b".eh_frame_entry") => return Err("compact unwind tables are not supported".into()),
            _ => break,
        }
        line.eat(b',');
    }
    if asm.cfi.procs.is_empty() {
        (asm.cfi.no_loaded, asm.cfi.unloaded) = (!loaded, unloaded);
    } else {
        // What functions before were told in goes on.
        (asm.cfi.no_loaded, asm.cfi.unloaded) = (asm.cfi.no_loaded && !loaded, asm.cfi.unloaded || unloaded);
    }
    Ok(())
}

impl Assembler {
    fn open_proc(&mut self) -> Result<usize, String> {
        match self.pieces[self.tables.piece as usize].proc {
            0 => Err("CFI instruction used without previous .cfi_startproc".into()),
            open => Ok(open as usize - 1),
        }
    }
}

pub(crate) fn start(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let simple = match line.word() {
        None => false,
        Some(b"simple") => true,
        Some(_) => return Err("junk at end of line".into()),
    };
    let piece = asm.tables.piece;
    if piece == HOME {
        return Err("the function at hand has its own unwind rows".into());
    }
    if asm.pieces[piece as usize].proc != 0 {
        return Err("previous CFI entry not closed (missing .cfi_endproc)".into());
    }
    let initial = asm.syntax.initial_cfa();
    asm.cfi.procs.push(Proc {
        piece,
        start: asm.pieces[piece as usize].code.mark(),
        end: None,
        loc: asm.tables.loc,
        simple,
        return_column: None,
        is_signal: false,
        personality: None,
        lsda: None,
        cfa: if simple { (0, 0) } else { (u32::from(initial.0), i64::from(initial.1)) },
        stack: Vec::new(),
        sections: [!asm.cfi.no_loaded, asm.cfi.unloaded],
    });
    asm.pieces[piece as usize].proc = asm.cfi.procs.len() as u32;
    Ok(())
}

pub(crate) fn end(asm: &mut Assembler, _: &mut Cursor, _: u32) -> Outcome {
    if asm.tables.piece == HOME {
        return Err("the function at hand has its own unwind rows".into());
    }
    let piece = &mut asm.pieces[asm.tables.piece as usize];
    match piece.proc {
        0 => Err(".cfi_endproc without corresponding .cfi_startproc".into()),
        open => {
            piece.proc = 0;
            asm.cfi.procs[open as usize - 1].end = Some(piece.code.mark());
            Ok(())
        }
    }
}

fn register(asm: &mut Assembler, line: &mut Cursor) -> Result<u32, String> {
    if line.peek() == b'%' || line.peek().is_ascii_alphabetic() {
        let mut ahead = *line;
        ahead.eat(b'%');
        let name = ahead.run(|b| b.is_ascii_alphanumeric() || b == b'.');
        let lower;
        let name = if name.iter().any(u8::is_ascii_uppercase) {
            lower = name.to_ascii_lowercase();
            &lower[..]
        } else {
            name
        };
        if name == b"st" && ahead.peek() == b'(' {
            ahead.bump();
            let number = ahead.number().unwrap_or(8);
            ahead.expect(b')')?;
            let own = [b's', b't', b'0' + number.min(9) as u8];
            let found = asm.syntax.dwarf_register(&own);
            *line = ahead;
            return found.map(u32::from).ok_or_else(|| "bad register expression".into());
        }
        // The first one goes without its number, too.
        let name = if name == b"st" { b"st0" } else { name };
        if let Some(found) = asm.syntax.dwarf_register(name) {
            *line = ahead;
            return Ok(u32::from(found));
        }
        if line.peek() == b'%' {
            return Err("bad register expression".into());
        }
    }
    let value = number(asm, line)?;
    u32::try_from(value).map_err(|_| "bad register expression".into())
}

pub(crate) fn rule(asm: &mut Assembler, line: &mut Cursor, kind: u32) -> Outcome {
    let is_home = asm.tables.piece == HOME;
    let proc = if is_home { 0 } else { asm.open_proc()? };
    let takes_register = !matches!(kind, CfiOp::DEF_CFA_OFFSET | CfiOp::ADJUST | CfiOp::REMEMBER..=CfiOp::WINDOW_SAVE);
    let takes_value = matches!(kind, CfiOp::DEF_CFA | CfiOp::DEF_CFA_OFFSET..=CfiOp::REGISTER);
    loop {
        let reg = if takes_register { register(asm, line)? } else { 0 };
        if takes_register && takes_value && !line.eat(b',') {
            return Err("missing separator".into());
        }
        let value = match kind {
            CfiOp::REGISTER => i64::from(register(asm, line)?),
            _ if takes_value => number(asm, line)?,
            _ => 0,
        };
        add_rule(asm, is_home, proc, kind, reg, value)?;
        // Several registers at once.
        let several = matches!(kind, CfiOp::RESTORE | CfiOp::UNDEFINED | CfiOp::SAME_VALUE);
        if !several || !line.eat(b',') {
            return Ok(());
        }
    }
}

#[inline]
fn add_rule(asm: &mut Assembler, is_home: bool, proc: usize, mut kind: u32, reg: u32, mut value: i64) -> Outcome {
    let (cfa, stack) = if is_home {
        (&mut asm.cfi.inline, &mut asm.cfi.inline_stack)
    } else {
        let proc = &mut asm.cfi.procs[proc];
        (&mut proc.cfa, &mut proc.stack)
    };
    match kind {
        CfiOp::DEF_CFA => *cfa = (reg, value),
        CfiOp::DEF_CFA_REGISTER => cfa.0 = reg,
        CfiOp::DEF_CFA_OFFSET => cfa.1 = value,
        CfiOp::ADJUST => {
            cfa.1 = cfa.1.wrapping_add(value);
            (kind, value) = (CfiOp::DEF_CFA_OFFSET, cfa.1);
        }
        CfiOp::REL_OFFSET => (kind, value) = (CfiOp::OFFSET, value.wrapping_sub(cfa.1)),
        CfiOp::REMEMBER => stack.push(*cfa),
        CfiOp::RESTORE_STATE => {
            *cfa = stack.pop().ok_or("CFI state restore without previous remember")?;
        }
        _ => {}
    }
    if is_home {
        let op = neutral(kind, reg, value)?;
        asm.code().unwind(op);
        return Ok(());
    }
    let (at, loc) = (asm.code().mark(), asm.tables.loc);
    asm.cfi.ops.push(CfiOp { proc: proc as u32, kind, at, reg, value, loc });
    Ok(())
}

/// The rule as code generation knows rules.
fn neutral(kind: u32, reg: u32, value: i64) -> Result<UnwindOp, String> {
    let reg = u8::try_from(reg).map_err(|_| "no such register")?;
    let offset = i32::try_from(value).map_err(|_| "a number is too large")?;
    Ok(match kind {
        CfiOp::DEF_CFA => UnwindOp::DefCfa { reg, offset },
        CfiOp::DEF_CFA_REGISTER => UnwindOp::DefCfaRegister { reg },
        CfiOp::DEF_CFA_OFFSET => UnwindOp::DefCfaOffset { offset },
        CfiOp::OFFSET => UnwindOp::Offset { reg, offset },
        CfiOp::RESTORE => UnwindOp::Restore { reg },
        CfiOp::SAME_VALUE => UnwindOp::SameValue { reg },
        CfiOp::UNDEFINED => UnwindOp::Undefined { reg },
        CfiOp::REMEMBER => UnwindOp::RememberState,
        CfiOp::RESTORE_STATE => UnwindOp::RestoreState,
        _ => return Err("this unwind rule cannot stand in C".into()),
    })
}

pub(crate) fn return_column(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let proc = asm.open_proc()?;
    asm.cfi.procs[proc].return_column = Some(register(asm, line)?);
    only_advance(asm, proc);
    Ok(())
}

pub(crate) fn signal_frame(asm: &mut Assembler, _: &mut Cursor, _: u32) -> Outcome {
    let proc = asm.open_proc()?;
    asm.cfi.procs[proc].is_signal = true;
    only_advance(asm, proc);
    Ok(())
}

/// What is said of the whole function behind its start is a place in its rules, too, as GNU as has it.
fn only_advance(asm: &mut Assembler, proc: usize) {
    let at = asm.code().mark();
    let own = &asm.cfi.procs[proc];
    let last = asm.cfi.ops.iter().rev().find(|op| op.proc == proc as u32).map_or(own.start, |op| op.at);
    if at != last {
        let loc = asm.tables.loc;
        asm.cfi.ops.push(CfiOp { proc: proc as u32, kind: CfiOp::NOTHING, at, reg: 0, value: 0, loc });
    }
}

/// How an address is encoded (LSB core, "DWARF Exception Header Encoding"): none.
const OMIT: u8 = 0xff;
const PCREL: u8 = 0x10;
const SDATA4: u8 = 0x0b;

/// Bytes of an encoded address.
fn encoded_size(encoding: u8, pointer: u8) -> Result<u8, String> {
    match encoding & 7 {
        0 => Ok(pointer),
        2 => Ok(2),
        3 => Ok(4),
        4 => Ok(8),
        _ => Err("invalid or unsupported encoding in .cfi_personality".into()),
    }
}

fn encoding(asm: &mut Assembler, line: &mut Cursor) -> Result<u8, String> {
    let value = number(asm, line)?;
    let encoding = u8::try_from(value).map_err(|_| "invalid or unsupported encoding")?;
    if encoding != OMIT {
        encoded_size(encoding, 8)?;
        if !matches!(encoding & 0x70, 0 | PCREL) {
            return Err("invalid or unsupported encoding".into());
        }
    }
    Ok(encoding)
}

/// `.cfi_personality ENCODING[, SYMBOL]`, `.cfi_lsda ENCODING[, SYMBOL]`
pub(crate) fn personality(asm: &mut Assembler, line: &mut Cursor, lsda: u32) -> Outcome {
    let proc = asm.open_proc()?;
    let encoding = encoding(asm, line)?;
    let found = if encoding == OMIT {
        None
    } else {
        if !line.eat(b',') {
            return Err("wrong second argument to .cfi_personality".into());
        }
        Some((encoding, asm.expr(line)?))
    };
    let proc = &mut asm.cfi.procs[proc];
    if lsda == 1 {
        proc.lsda = found;
    } else {
        proc.personality = found;
    }
    Ok(())
}

pub(crate) fn escape(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let proc = asm.open_proc()?;
    let mut bytes = Vec::new();
    loop {
        bytes.push(number(asm, line)? as u8);
        if !line.eat(b',') {
            break;
        }
    }
    with_extra(asm, proc, CfiOp::ESCAPE, 0, Extra::Bytes(bytes));
    Ok(())
}

/// `.cfi_val_encoded_addr REGISTER, ENCODING, LABEL`
pub(crate) fn encoded(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let proc = asm.open_proc()?;
    let reg = register(asm, line)?;
    line.expect(b',')?;
    let encoding = encoding(asm, line)?;
    line.expect(b',')?;
    let value = asm.expr(line)?;
    with_extra(asm, proc, CfiOp::ENCODED, reg, Extra::Encoded(encoding, value));
    Ok(())
}

/// `.cfi_label NAME`: a symbol in the frame section.
pub(crate) fn label(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let proc = asm.open_proc()?;
    let symbol = symbol(asm, line)?;
    with_extra(asm, proc, CfiOp::LABEL, 0, Extra::Label(symbol));
    Ok(())
}

fn with_extra(asm: &mut Assembler, proc: usize, kind: u32, reg: u32, extra: Extra) {
    let at = asm.code().mark();
    asm.cfi.extras.push(extra);
    let value = asm.cfi.extras.len() as i64 - 1;
    let loc = asm.tables.loc;
    asm.cfi.ops.push(CfiOp { proc: proc as u32, kind, at, reg, value, loc });
}

pub(crate) fn compact(_: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    Err("compact unwind tables are not supported".into())
}

/// A CIE that was written.
struct Cie {
    start: u32,
    /// The rules it begins functions with.
    ops: Vec<CfiOp>,
    return_column: u32,
    is_signal: bool,
    personality: Option<(u8, Expr)>,
    lsda: Option<u8>,
}

impl Assembler {
    /// Functions that are still open at the end.
    pub(crate) fn close_procs(&mut self) {
        for at in 0..self.cfi.procs.len() {
            let proc = &mut self.cfi.procs[at];
            if proc.end.is_none() {
                proc.end = Some(proc.start);
                // In a file, of no line.
                let loc = if self.is_file { Loc { line: 0, ..self.tables.loc } } else { proc.loc };
                let text = "open CFI at the end of file; missing .cfi_endproc directive".into();
                self.tables.say(Severity::Error, loc, text);
            }
        }
    }

    /// The functions of text that C holds, for whoever writes the unit's frame section. `place` gives the atom and offset.
    pub(crate) fn neutral_frames(
        &mut self,
        frames: &mut Vec<AsmFrame>,
        place: impl Fn(&Assembler, u32, Mark) -> (AtomId, u32),
    ) -> Result<(), (Loc, String)> {
        for (idx, proc) in self.cfi.procs.iter().enumerate() {
            let (atom, offset) = place(self, proc.piece, proc.start);
            let (_, end) = place(self, proc.piece, proc.end.unwrap_or(proc.start));
            let mut unwind = Vec::new();
            if proc.simple || proc.personality.is_some() || proc.lsda.is_some() || proc.is_signal {
                return Err((proc.loc, "this kind of unwind entry cannot stand in C".into()));
            }
            for op in self.cfi.ops.iter().filter(|op| op.proc == idx as u32) {
                let (_, at) = place(self, proc.piece, op.at);
                let op = neutral(op.kind, op.reg, op.value).map_err(|message| (proc.loc, message))?;
                unwind.push(UnwindRow { offset: at.saturating_sub(offset), op });
            }
            frames.push(AsmFrame { atom, offset, size: end.saturating_sub(offset), unwind });
        }
        Ok(())
    }

    /// Writes the frame sections. Every piece but theirs has its final lengths.
    pub(crate) fn write_frames(&mut self, arch: &Arch) -> Outcome {
        if self.cfi.procs.is_empty() {
            return Ok(());
        }
        // Functions of several sections may be told at once.
        if !self.cfi.ops.is_sorted_by_key(|op| op.proc) {
            self.cfi.ops.sort_by_key(|op| op.proc);
        }
        let cfi = std::mem::take(&mut self.cfi);
        if cfi.procs.iter().any(|proc| proc.sections[0]) {
            let wanted =
                Wanted { kind: SectionKind::Unwind, flags: SectionFlags::ALLOC, ..Wanted::plain(b".eh_frame") };
            self.frame_section(&cfi, arch, wanted, true)?;
        }
        if cfi.procs.iter().any(|proc| proc.sections[1]) {
            let wanted = Wanted { flags: SectionFlags::NONE, ..Wanted::plain(b".debug_frame") };
            self.frame_section(&cfi, arch, wanted, false)?;
        }
        self.cfi = cfi;
        Ok(())
    }

    fn frame_section(&mut self, cfi: &Cfi, arch: &Arch, wanted: Wanted, loaded: bool) -> Outcome {
        let section = self.section(&wanted, Told::default());
        let piece = self.piece_of(section, 0);
        let align = u32::from(arch.layout.pointer.size);
        self.sections[section as usize].align = self.sections[section as usize].align.max(align);
        self.tables.piece = piece;
        self.code().settle_if_new();
        let mut cies: Vec<Cie> = Vec::new();
        let mut ops = &cfi.ops[..];
        let last = cfi.procs.iter().rposition(|proc| proc.sections[usize::from(!loaded)]);
        for (idx, proc) in cfi.procs.iter().enumerate() {
            let n_own = ops.iter().take_while(|op| op.proc == idx as u32).count();
            let (own, rest) = ops.split_at(n_own);
            ops = rest;
            if !proc.sections[usize::from(!loaded)] {
                continue;
            }
            self.tables.loc = proc.loc;
            let initial = if proc.simple { &[][..] } else { self.syntax.initial_unwind() };
            let mut all: Vec<CfiOp> = initial.iter().map(|&op| told(op, proc.start)).collect();
            all.extend_from_slice(own);
            let (cie, first) = self.cie_for(cfi, arch, proc, &all, &mut cies, loaded)?;
            let align = if !loaded || Some(idx) == last { align } else { 4 };
            self.fde(cfi, arch, proc, &all[first..], &cies[cie], align, (piece, loaded))?;
        }
        Ok(())
    }

    fn cie_for(
        &mut self,
        cfi: &Cfi,
        arch: &Arch,
        proc: &Proc,
        ops: &[CfiOp],
        cies: &mut Vec<Cie>,
        loaded: bool,
    ) -> Result<(usize, usize), String> {
        let return_column = proc.return_column.unwrap_or(u32::from(arch.return_address_reg));
        let fits = |cie: &Cie| {
            let n = cie.ops.len();
            cie.return_column == return_column
                && cie.is_signal == proc.is_signal
                && cie.personality == proc.personality
                && cie.lsda == proc.lsda.map(|lsda| lsda.0)
                && ops.len() >= n
                && cie
                    .ops
                    .iter()
                    .zip(ops)
                    .all(|(a, b)| (a.kind, a.reg, a.value) == (b.kind, b.reg, b.value) && !b.ends_cie(proc.start))
        };
        if let Some(at) = cies.iter().rposition(fits) {
            return Ok((at, cies[at].ops.len()));
        }
        let n = ops.iter().position(|op| op.ends_cie(proc.start)).unwrap_or(ops.len());
        let start = self.begin_entry();
        let version = self.options.cie_version.max(1);
        let code = self.code();
        code.put(if loaded { 0 } else { u64::from(u32::MAX) }, 4);
        code.put(u64::from(version), 1);
        if loaded {
            code.put_bytes(b"z");
            if proc.personality.is_some() {
                code.put_bytes(b"P");
            }
            if proc.lsda.is_some() {
                code.put_bytes(b"L");
            }
            code.put_bytes(b"R");
        }
        if proc.is_signal {
            code.put_bytes(b"S");
        }
        code.put(0, 1);
        if version >= 4 {
            // The size of an address; there are no segments.
            code.put(u64::from(arch.layout.pointer.size), 2);
        }
        self.leb(i64::from(arch.code_align), false);
        self.leb(i64::from(arch.data_align), true);
        if version == 1 {
            self.code().put(u64::from(return_column), 1);
        } else {
            self.leb(i64::from(return_column), false);
        }
        let pointer = arch.layout.pointer.size;
        if loaded {
            let mut size = 1 + i64::from(proc.lsda.is_some());
            if let Some((encoding, _)) = proc.personality {
                size += 1 + i64::from(encoded_size(encoding, pointer)?);
            }
            self.leb(size, false);
            if let Some((encoding, value)) = proc.personality {
                self.code().put(u64::from(encoding), 1);
                self.address(encoding, value, pointer)?;
            }
            if let Some((encoding, _)) = proc.lsda {
                self.code().put(u64::from(encoding), 1);
            }
            self.code().put(u64::from(PCREL | SDATA4), 1);
        }
        let mut at = proc.start;
        for op in &ops[..n] {
            self.op(cfi, arch, proc, op, &mut at)?;
        }
        self.end_entry(start, if loaded { 4 } else { u32::from(pointer) });
        cies.push(Cie {
            start,
            ops: ops[..n].to_vec(),
            return_column,
            is_signal: proc.is_signal,
            personality: proc.personality,
            lsda: proc.lsda.map(|lsda| lsda.0),
        });
        Ok((cies.len() - 1, n))
    }

    fn fde(
        &mut self,
        cfi: &Cfi,
        arch: &Arch,
        proc: &Proc,
        ops: &[CfiOp],
        cie: &Cie,
        align: u32,
        (piece, loaded): (u32, bool),
    ) -> Outcome {
        let start = self.begin_entry();
        let place = |asm: &Assembler, mark| asm.pieces[proc.piece as usize].code.place(mark);
        let size = place(self, proc.end.unwrap_or(proc.start)).wrapping_sub(place(self, proc.start));
        let function = self.tables.nameless(Place::At(proc.piece, proc.start));
        let pointer = arch.layout.pointer.size;
        if loaded {
            self.code().put(u64::from(start + 4 - cie.start), 4);
            self.address(PCREL | SDATA4, Expr::symbol(function), pointer)?;
            self.code().put(u64::from(size), 4);
            match proc.lsda {
                Some((encoding, value)) => {
                    self.leb(i64::from(encoded_size(encoding, pointer)?), false);
                    self.address(encoding, value, pointer)?;
                }
                None => self.leb(0, false),
            }
        } else {
            let section = self.pieces[piece as usize].section;
            let base = self.sections[section as usize].symbol;
            self.field(Expr { offset: i64::from(cie.start), ..Expr::symbol(base) }, 4);
            self.field(Expr::symbol(function), pointer);
            self.code().put(u64::from(size), usize::from(pointer));
        }
        let mut at = proc.start;
        for op in ops {
            self.op(cfi, arch, proc, op, &mut at)?;
        }
        self.end_entry(start, align);
        Ok(())
    }

    fn begin_entry(&mut self) -> u32 {
        let start = self.code().settled_len();
        self.code().put(0, 4);
        start
    }

    /// Fills the entry up with rules that say nothing, and writes its length.
    fn end_entry(&mut self, start: u32, align: u32) {
        let code = self.code();
        while !code.settled_len().is_multiple_of(align) {
            code.put(0, 1);
        }
        let len = code.settled_len() - start - 4;
        let end = code.settled_len();
        code.patch_back(end - start, &len.to_le_bytes());
    }

    fn leb(&mut self, value: i64, signed: bool) {
        let (bytes, len) = encode_leb128(value, signed);
        self.code().put_bytes(&bytes[..len]);
    }

    /// A field of `size` bytes.
    pub(crate) fn field(&mut self, value: Expr, size: u8) {
        let code = &mut self.pieces[self.tables.piece as usize].code;
        let at = code.mark();
        code.put(0, usize::from(size));
        self.tables.fixup(at, Field::Data(size), value);
    }

    fn address(&mut self, encoding: u8, value: Expr, pointer: u8) -> Outcome {
        let size = encoded_size(encoding, pointer)?;
        let mut value = value;
        if encoding & 0x70 == PCREL {
            let code = &self.pieces[self.tables.piece as usize].code;
            if value.minus.is_some() {
                return Err("a difference cannot stand here".into());
            }
            value.minus = Some(self.tables.here(code));
        }
        self.field(value, size);
        Ok(())
    }

    fn advance(&mut self, arch: &Arch, bytes: u32) {
        let delta = bytes / u32::from(arch.code_align).max(1);
        let code = self.code();
        match delta {
            0 => {}
            1..=0x3f => code.put(u64::from(0x40 | delta), 1),
            0x40..=0xff => code.put(0x02 | u64::from(delta) << 8, 2),
            0x100..=0xffff => code.put(0x03 | u64::from(delta) << 8, 3),
            _ => code.put(0x04 | u64::from(delta) << 8, 5),
        }
    }

    /// One rule (DWARF 5, 7.24).
    fn op(&mut self, cfi: &Cfi, arch: &Arch, proc: &Proc, op: &CfiOp, at: &mut Mark) -> Outcome {
        if op.at != *at {
            let code = &self.pieces[proc.piece as usize].code;
            let bytes = code.place(op.at).wrapping_sub(code.place(*at));
            *at = op.at;
            self.advance(arch, bytes);
        }
        let (reg, value) = (i64::from(op.reg), op.value);
        if matches!(op.kind, CfiOp::OFFSET | CfiOp::VAL_OFFSET) && value % i64::from(arch.data_align) != 0 {
            let text = format!("register save offset not a multiple of {}", arch.data_align.unsigned_abs());
            self.tables.say(Severity::Error, op.loc, text);
        }
        let scaled = value / i64::from(arch.data_align);
        let short = op.reg <= 0x3f;
        let mut put = |opcode: u32, operands: &[(i64, bool)]| {
            self.code().put(u64::from(opcode), 1);
            for &(value, signed) in operands {
                self.leb(value, signed);
            }
        };
        match op.kind {
            CfiOp::DEF_CFA if value < 0 => put(0x12, &[(reg, false), (scaled, true)]),
            CfiOp::DEF_CFA => put(0x0c, &[(reg, false), (value, false)]),
            CfiOp::DEF_CFA_REGISTER => put(0x0d, &[(reg, false)]),
            CfiOp::DEF_CFA_OFFSET if value < 0 => put(0x13, &[(scaled, true)]),
            CfiOp::DEF_CFA_OFFSET => put(0x0e, &[(value, false)]),
            CfiOp::OFFSET if scaled < 0 => put(0x11, &[(reg, false), (scaled, true)]),
            CfiOp::OFFSET if short => put(0x80 | op.reg, &[(scaled, false)]),
            CfiOp::OFFSET => put(0x05, &[(reg, false), (scaled, false)]),
            CfiOp::VAL_OFFSET if scaled < 0 => put(0x15, &[(reg, false), (scaled, true)]),
            CfiOp::VAL_OFFSET => put(0x14, &[(reg, false), (scaled, false)]),
            CfiOp::REGISTER => put(0x09, &[(reg, false), (value, false)]),
            CfiOp::RESTORE if short => put(0xc0 | op.reg, &[]),
            CfiOp::RESTORE => put(0x06, &[(reg, false)]),
            CfiOp::UNDEFINED => put(0x07, &[(reg, false)]),
            CfiOp::SAME_VALUE => put(0x08, &[(reg, false)]),
            CfiOp::REMEMBER => put(0x0a, &[]),
            CfiOp::RESTORE_STATE => put(0x0b, &[]),
            CfiOp::WINDOW_SAVE => put(0x2d, &[]),
            CfiOp::NOTHING => {}
            _ => match &cfi.extras[value as usize] {
                Extra::Bytes(bytes) => self.code().put_bytes(bytes),
                Extra::Label(symbol) => {
                    let code = &mut self.pieces[self.tables.piece as usize].code;
                    self.tables.define(*symbol, code)?;
                }
                &Extra::Encoded(encoding, value) => {
                    // A value expression: `DW_OP_addr`, or GNU's for any encoding.
                    let pointer = arch.layout.pointer.size;
                    let size = i64::from(encoded_size(encoding, pointer)?);
                    if encoding == 0 {
                        put(0x16, &[(reg, false), (1 + size, false)]);
                        self.code().put(0x03, 1);
                    } else {
                        put(0x16, &[(reg, false), (2 + size, false)]);
                        self.code().put(0xf1 | u64::from(encoding) << 8, 2);
                    }
                    self.address(encoding, value, pointer)?;
                }
            },
        }
        Ok(())
    }
}

/// A rule that every function begins with, as text would say it.
fn told(op: UnwindOp, at: Mark) -> CfiOp {
    let (kind, reg, value) = match op {
        UnwindOp::DefCfa { reg, offset } => (CfiOp::DEF_CFA, reg, offset),
        UnwindOp::DefCfaRegister { reg } => (CfiOp::DEF_CFA_REGISTER, reg, 0),
        UnwindOp::DefCfaOffset { offset } => (CfiOp::DEF_CFA_OFFSET, 0, offset),
        UnwindOp::Offset { reg, offset } => (CfiOp::OFFSET, reg, offset),
        UnwindOp::Restore { reg } => (CfiOp::RESTORE, reg, 0),
        UnwindOp::SameValue { reg } => (CfiOp::SAME_VALUE, reg, 0),
        UnwindOp::Undefined { reg } => (CfiOp::UNDEFINED, reg, 0),
        UnwindOp::RememberState => (CfiOp::REMEMBER, 0, 0),
        UnwindOp::RestoreState => (CfiOp::RESTORE_STATE, 0, 0),
    };
    CfiOp { proc: 0, kind, at, reg: u32::from(reg), value: i64::from(value), loc: Loc::default() }
}
