//! Call frame information from neutral unwind rows: `.eh_frame` (LSB core, "Exception Frames") and `.debug_frame`
//! (DWARF 5, 6.4). One CIE per section, one FDE per function.

use crate::bytes::SectionBytes;
use crate::consts::{
    DW_CFA_advance_loc, DW_CFA_advance_loc1, DW_CFA_advance_loc2, DW_CFA_advance_loc4, DW_CFA_def_cfa,
    DW_CFA_def_cfa_offset, DW_CFA_def_cfa_offset_sf, DW_CFA_def_cfa_register, DW_CFA_def_cfa_sf, DW_CFA_nop,
    DW_CFA_offset, DW_CFA_offset_extended, DW_CFA_offset_extended_sf, DW_CFA_remember_state, DW_CFA_restore,
    DW_CFA_restore_extended, DW_CFA_restore_state, DW_CFA_same_value, DW_CFA_undefined, DW_EH_PE_pcrel_sdata4,
};
use base::Id;
use mc::rows::{FuncRows, UnwindOp, UnwindRow};
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{AtomId, GroupId, RelocTarget, SectionFlags, SectionId, SectionKind};
use target::Arch;

/// Which section is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FrameKind {
    /// Loaded: unwinding at run time, debuggers too.
    EhFrame,
    /// Not loaded: for debuggers, where run-time tables are switched off.
    DebugFrame,
}

/// Writes the frame section of one object, function by function.
pub struct FrameWriter {
    arch: &'static Arch,
    kind: FrameKind,
    section: SectionId,
    atom: AtomId,
    out: SectionBytes,
    /// Where the entry written last begins.
    last: u32,
}

impl FrameWriter {
    /// Begins the section. `initial` are the rules at a function's first instruction.
    pub fn new(builder: &mut ObjectBuilder, arch: &'static Arch, kind: FrameKind, initial: &[UnwindOp]) -> FrameWriter {
        let spec = match kind {
            FrameKind::EhFrame => SectionSpec {
                name: b".eh_frame",
                kind: SectionKind::Unwind,
                flags: SectionFlags::ALLOC,
                entry_size: 0,
                group: GroupId::NONE,
            },
            FrameKind::DebugFrame => SectionSpec::progbits(b".debug_frame", SectionFlags::NONE),
        };
        let section = builder.section(spec, 0);
        let atom = builder.begin_atom(section, 8);
        let mut writer = FrameWriter { arch, kind, section, atom, out: SectionBytes::default(), last: 0 };
        writer.cie(initial);
        writer
    }

    /// The FDE of a function. Its rows are in order of offset.
    pub fn function(&mut self, rows: &FuncRows) {
        self.entry(rows.atom, 0, u64::from(rows.size), &rows.unwind);
    }

    /// The FDE of `size` bytes of code at `offset` of `code`.
    pub fn entry(&mut self, code: AtomId, offset: i64, size: u64, rows: &[UnwindRow]) {
        let start = self.begin();
        let common = self.arch.common;
        match self.kind {
            FrameKind::EhFrame => {
                // Distance back to the CIE, which begins the section.
                self.out.u32(start + 4);
                self.out.reloc(4, common.pc32, RelocTarget::atom(code), offset);
                self.out.u32(u32::try_from(size).expect("a function below 4 GiB"));
                self.out.uleb(0);
            }
            FrameKind::DebugFrame => {
                self.out.reloc(4, common.abs32, RelocTarget::atom(self.atom), 0);
                self.out.reloc(8, common.abs64, RelocTarget::atom(code), offset);
                self.out.u64(size);
            }
        }
        let mut at = 0;
        for row in rows {
            let bytes = row.offset.saturating_sub(at);
            at = row.offset;
            if bytes != 0 {
                self.advance(bytes);
            }
            match self.short_op(row.op) {
                Some(bytes) => self.out.bytes.extend_from_slice(&bytes),
                None => self.op(row.op),
            }
        }
        self.end(start);
    }

    /// Puts the section into the object.
    pub fn finish(mut self, builder: &mut ObjectBuilder) {
        self.pad(u32::from(self.arch.layout.pointer.size));
        builder.buffer(self.section).extend_from_slice(&self.out.bytes);
        builder.finish_atom(self.section);
        self.out.add_relocs(builder, self.atom);
    }

    fn cie(&mut self, initial: &[UnwindOp]) {
        let start = self.begin();
        match self.kind {
            FrameKind::EhFrame => {
                self.out.u32(0);
                self.out.u8(1);
                self.out.string("zR");
            }
            FrameKind::DebugFrame => {
                self.out.u32(u32::MAX);
                // Version 1, as GNU as writes it: the later ones only add the sizes of addresses.
                self.out.u8(1);
                self.out.string("");
            }
        }
        self.out.uleb(u64::from(self.arch.code_align));
        self.out.sleb(i64::from(self.arch.data_align));
        self.out.uleb(u64::from(self.arch.return_address_reg));
        if self.kind == FrameKind::EhFrame {
            self.out.uleb(1);
            self.out.u8(DW_EH_PE_pcrel_sdata4);
        }
        for &op in initial {
            self.op(op);
        }
        self.end(start);
    }

    /// Reserves the length field; returns where it stands.
    fn begin(&mut self) -> u32 {
        let start = self.out.len();
        self.out.u32(0);
        start
    }

    /// Ends the entry that begins at `start`. Entries are padded as GNU as pads them: those of `.eh_frame` to 4 bytes and
    /// the last to a whole word, those of `.debug_frame` all to whole words.
    fn end(&mut self, start: u32) {
        self.last = start;
        self.pad(match self.kind {
            FrameKind::EhFrame => 4,
            FrameKind::DebugFrame => u32::from(self.arch.layout.pointer.size),
        });
    }

    /// Pads the last entry and fills in its length.
    fn pad(&mut self, align: u32) {
        while !self.out.len().is_multiple_of(align) {
            self.out.u8(DW_CFA_nop);
        }
        self.out.set_u32(self.last, self.out.len() - self.last - 4);
    }

    fn advance(&mut self, bytes: u32) {
        let delta = bytes / u32::from(self.arch.code_align);
        if delta == 0 {
        } else if delta < 64 {
            self.out.u8(DW_CFA_advance_loc | delta as u8);
        } else if let Ok(delta) = u8::try_from(delta) {
            self.out.u8(DW_CFA_advance_loc1);
            self.out.u8(delta);
        } else if let Ok(delta) = u16::try_from(delta) {
            self.out.u8(DW_CFA_advance_loc2);
            self.out.u16(delta);
        } else {
            self.out.u8(DW_CFA_advance_loc4);
            self.out.u32(delta);
        }
    }

    /// What most rows are: a register saved near by.
    #[inline(always)]
    fn short_op(&self, op: UnwindOp) -> Option<[u8; 2]> {
        let UnwindOp::Offset { reg: reg @ 0..64, offset } = op else { return None };
        let factored = u8::try_from(factored(offset, self.arch)).ok()?;
        (factored < 128).then_some([DW_CFA_offset | reg, factored])
    }

    #[inline(never)]
    fn op(&mut self, op: UnwindOp) {
        let out = &mut self.out;
        match op {
            UnwindOp::DefCfa { reg, offset } => match u64::try_from(offset) {
                Ok(offset) => {
                    out.u8(DW_CFA_def_cfa);
                    out.uleb(u64::from(reg));
                    out.uleb(offset);
                }
                Err(_) => {
                    out.u8(DW_CFA_def_cfa_sf);
                    out.uleb(u64::from(reg));
                    out.sleb(factored(offset, self.arch));
                }
            },
            UnwindOp::DefCfaRegister { reg } => {
                out.u8(DW_CFA_def_cfa_register);
                out.uleb(u64::from(reg));
            }
            UnwindOp::DefCfaOffset { offset } => match u64::try_from(offset) {
                Ok(offset) => {
                    out.u8(DW_CFA_def_cfa_offset);
                    out.uleb(offset);
                }
                Err(_) => {
                    out.u8(DW_CFA_def_cfa_offset_sf);
                    out.sleb(factored(offset, self.arch));
                }
            },
            UnwindOp::Offset { reg, offset } => {
                let factored = factored(offset, self.arch);
                match u64::try_from(factored) {
                    Ok(factored) if reg < 64 => {
                        out.u8(DW_CFA_offset | reg);
                        out.uleb(factored);
                    }
                    Ok(factored) => {
                        out.u8(DW_CFA_offset_extended);
                        out.uleb(u64::from(reg));
                        out.uleb(factored);
                    }
                    Err(_) => {
                        out.u8(DW_CFA_offset_extended_sf);
                        out.uleb(u64::from(reg));
                        out.sleb(factored);
                    }
                }
            }
            UnwindOp::Restore { reg } if reg < 64 => out.u8(DW_CFA_restore | reg),
            UnwindOp::Restore { reg } => register(out, DW_CFA_restore_extended, reg),
            UnwindOp::SameValue { reg } => register(out, DW_CFA_same_value, reg),
            UnwindOp::Undefined { reg } => register(out, DW_CFA_undefined, reg),
            UnwindOp::RememberState => out.u8(DW_CFA_remember_state),
            UnwindOp::RestoreState => out.u8(DW_CFA_restore_state),
        }
    }
}

fn register(out: &mut SectionBytes, opcode: u8, reg: u8) {
    out.u8(opcode);
    out.uleb(u64::from(reg));
}

/// An offset in units of the data alignment factor.
fn factored(offset: i32, arch: &Arch) -> i64 {
    let unit = i32::from(arch.data_align);
    assert!(offset % unit == 0, "a saved register at an offset that is no multiple of the data alignment");
    i64::from(offset / unit)
}
