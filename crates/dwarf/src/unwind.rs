//! Unwinding by call frame information, one frame at a time, over memory that someone else can read: a faulting
//! process, a core file, an emulator.
//!
//! The tables come from images that may be damaged and the memory from a process that surely is: every step is checked
//! and may end the walk, none can fail worse (DWARF 5, 6.4; the `.eh_frame` dialect as the LSB describes it).

use gimli::{BaseAddresses, CfaRule, EhFrame, EhFrameHdr, LittleEndian, RegisterRule, UnwindContext, UnwindSection};

type Slice<'a> = gimli::EndianSlice<'a, LittleEndian>;

/// Registers by DWARF number; what is not known is `None`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Registers {
    values: [Option<u64>; Registers::COUNT],
}

impl Registers {
    /// DWARF numbers below this are kept.
    pub const COUNT: usize = 32;

    pub fn get(&self, reg: u16) -> Option<u64> {
        self.values.get(usize::from(reg)).copied().flatten()
    }

    pub fn set(&mut self, reg: u16, value: Option<u64>) {
        if let Some(slot) = self.values.get_mut(usize::from(reg)) {
            *slot = value;
        }
    }
}

/// Frame tables of one loaded image.
#[derive(Clone, Copy, Debug)]
pub struct FrameTables<'a> {
    /// What was added to the image's addresses when it was loaded.
    pub bias: u64,
    /// The section and its address before loading.
    pub eh_frame: &'a [u8],
    pub eh_frame_address: u64,
    /// The search table, when there is one.
    pub eh_frame_hdr: Option<(&'a [u8], u64)>,
}

/// What the unwinder must know of the architecture.
#[derive(Clone, Copy, Debug)]
pub struct FrameRegs {
    /// DWARF numbers of the stack pointer, of the frame pointer and of the column that holds the return address.
    pub stack_pointer: u16,
    pub frame_pointer: u16,
    pub return_address: u16,
}

/// Reads eight bytes of the process.
pub type ReadWord<'m> = dyn FnMut(u64) -> Option<u64> + 'm;

/// A function that the tables describe.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Described {
    /// It is what a signal's handler returns to: its caller was interrupted at its address, not calling.
    pub interrupts: bool,
}

/// What the tables know of the function at `pc`; `None` when they know nothing. `is_call` as in [`step`].
pub fn describe(tables: &FrameTables<'_>, pc: u64, is_call: bool) -> Option<Described> {
    let at = pc.wrapping_sub(tables.bias).wrapping_sub(u64::from(is_call));
    let section = EhFrame::new(tables.eh_frame, LittleEndian);
    let bases = BaseAddresses::default().set_eh_frame(tables.eh_frame_address);
    let fde = find(tables, &section, bases, at)?;
    Some(Described { interrupts: fde.is_signal_trampoline() })
}

/// The caller's registers. `pc` is where the frame stands; `is_call` says that it is a return address, so that the call
/// lies before it. `None` at the outermost frame and where nothing is known.
pub fn step(
    tables: &FrameTables<'_>,
    regs: &Registers,
    arch: &FrameRegs,
    pc: u64,
    is_call: bool,
    read: &mut ReadWord<'_>,
) -> Option<Registers> {
    let at = pc.wrapping_sub(tables.bias).wrapping_sub(u64::from(is_call));
    let section = EhFrame::new(tables.eh_frame, LittleEndian);
    let bases = BaseAddresses::default().set_eh_frame(tables.eh_frame_address);
    let fde = find(tables, &section, bases.clone(), at)?;
    let mut context = UnwindContext::new();
    let row = fde.unwind_info_for_address(&section, &bases, &mut context, at).ok()?;
    let eval = |expression: gimli::UnwindExpression<usize>, initial: Option<u64>, read: &mut ReadWord<'_>| {
        let expression = expression.get(&section).ok()?;
        evaluate(expression, fde.cie().encoding(), regs, initial, read)
    };
    let cfa = match row.cfa() {
        CfaRule::RegisterAndOffset { register, offset } => regs.get(register.0)?.wrapping_add_signed(*offset),
        CfaRule::Expression(expression) => eval(*expression, None, read)?,
    };
    let mut out = *regs;
    // Rules are relative to the frame address; registers without one keep their value.
    for &(register, ref rule) in row.registers() {
        let value = match rule {
            RegisterRule::Undefined => None,
            RegisterRule::SameValue => regs.get(register.0),
            RegisterRule::Offset(offset) => read(cfa.wrapping_add_signed(*offset)),
            RegisterRule::ValOffset(offset) => Some(cfa.wrapping_add_signed(*offset)),
            RegisterRule::Register(other) => regs.get(other.0),
            RegisterRule::Expression(e) => eval(*e, Some(cfa), read).and_then(&mut *read),
            RegisterRule::ValExpression(e) => eval(*e, Some(cfa), read),
            RegisterRule::Constant(value) => Some(*value),
            _ => return None,
        };
        out.set(register.0, value);
    }
    out.set(arch.stack_pointer, Some(cfa));
    // The outermost frame says that it has no caller.
    out.get(arch.return_address).filter(|&caller| caller != 0)?;
    Some(out)
}

fn find<'a>(
    tables: &FrameTables<'a>,
    section: &EhFrame<Slice<'a>>,
    bases: BaseAddresses,
    at: u64,
) -> Option<gimli::FrameDescriptionEntry<Slice<'a>>> {
    if let Some((bytes, address)) = tables.eh_frame_hdr {
        let bases = bases.clone().set_eh_frame_hdr(address);
        let header = EhFrameHdr::new(bytes, LittleEndian).parse(&bases, 8);
        if let Ok(header) = header
            && let Some(table) = header.table()
        {
            return table.fde_for_address(section, &bases, at, EhFrame::cie_from_offset).ok();
        }
    }
    section.fde_for_address(&bases, at, EhFrame::cie_from_offset).ok()
}

fn evaluate(
    expression: gimli::Expression<Slice<'_>>,
    encoding: gimli::Encoding,
    regs: &Registers,
    initial: Option<u64>,
    read: &mut ReadWord<'_>,
) -> Option<u64> {
    use gimli::EvaluationResult as Need;
    let mut eval = expression.evaluation(encoding);
    // An expression that loops must end.
    eval.set_max_iterations(1000);
    if let Some(value) = initial {
        eval.set_initial_value(value);
    }
    let mut need = eval.evaluate().ok()?;
    loop {
        need = match need {
            Need::Complete => break,
            Need::RequiresRegister { register, .. } => {
                eval.resume_with_register(gimli::Value::Generic(regs.get(register.0)?)).ok()?
            }
            Need::RequiresMemory { address, size, .. } => {
                let word = read(address)?;
                let mask = if size >= 8 { u64::MAX } else { (1 << (8 * u32::from(size))) - 1 };
                eval.resume_with_memory(gimli::Value::Generic(word & mask)).ok()?
            }
            _ => return None,
        };
    }
    match eval.as_result().last()?.location {
        gimli::Location::Address { address } => Some(address),
        gimli::Location::Value { value } => value.to_u64(u64::MAX).ok(),
        _ => None,
    }
}
