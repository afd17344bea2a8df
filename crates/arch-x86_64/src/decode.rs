//! Bytes to instructions: the prefixes, the row of [`isa`](crate::isa), the fields (SDM, volume 2, chapter 2).
//!
//! Rows are found through an index by map and opcode that is made from the table at first use; the few candidates of an
//! opcode are told apart by mask and value over a packed key (mandatory prefix, `W`, kind of ModRM, digit). Which prefixes
//! an instruction has no use for, and how much of what is no instruction is skipped, follows GNU objdump, whose text the
//! printers write: such bytes appear in padding, in data between functions, and in what assemblers pad calls with.

use crate::isa::{self, Class, Encoding, Insn, ModRm, Op, Place, Prefix, Sizes, Space, Width};
use crate::prefixes::{self, NOT, Prefixes};
use std::sync::LazyLock;

/// Longest instruction that processors take.
pub(crate) const MAX_LEN: usize = 15;

pub(crate) const REX_W: u8 = 8;
pub(crate) const REX_R: u8 = 4;
pub(crate) const REX_X: u8 = 2;
pub(crate) const REX_B: u8 = 1;

/// What stands at the place.
pub(crate) enum Outcome {
    Insn,
    /// So many prefixes that no instruction takes; they are one line by themselves.
    Prefixes,
    /// `fwait`, perhaps after prefixes.
    Wait,
    /// No instruction; shown with its prefixes or without.
    Bad {
        prefixes: bool,
    },
    /// The bytes end within the instruction.
    Truncated,
}

/// An instruction and its fields.
pub(crate) struct Inst {
    pub(crate) meta: &'static Meta,
    pub(crate) prefixes: Prefixes,
    /// Bytes; of what is no instruction, too.
    pub(crate) len: u8,
    /// Operand size: 2, 4, 8.
    pub(crate) size: u8,
    /// `W` of REX, VEX or EVEX.
    pub(crate) w: bool,
    /// Vector length: 0 for 16 bytes, 1 for 32, 2 for 64; EVEX's field as it is where it rounds.
    pub(crate) length: u8,
    pub(crate) opcode: u8,
    pub(crate) mode: u8,
    /// Registers with the bits of the prefixes: ModRM.reg, ModRM.rm or the opcode's, vvvv.
    pub(crate) reg: u8,
    pub(crate) rm: u8,
    pub(crate) vvvv: u8,
    pub(crate) has_sib: bool,
    pub(crate) sib: u8,
    /// Index register of the SIB byte, with its bits; of vectors up to 31.
    pub(crate) index: u8,
    /// The base register's low bits say that there is none.
    pub(crate) no_base: bool,
    pub(crate) rip: bool,
    /// There is no SIB byte where one must be: no memory.
    pub(crate) no_sib: bool,
    pub(crate) disp: i64,
    pub(crate) disp_at: u8,
    pub(crate) disp_len: u8,
    /// Immediates, offsets and absolute addresses in the order of the row's operands, extended by their signs.
    pub(crate) imm: [i64; 2],
    pub(crate) imm_at: [u8; 2],
    pub(crate) imm_len: [u8; 2],
    // EVEX:
    pub(crate) mask: u8,
    pub(crate) zero: bool,
    pub(crate) broadcast: bool,
    /// What `L'L` says where a register form has `b`.
    pub(crate) rounding: u8,
    intel: bool,
    after_evex: bool,
    /// What is no instruction has had an address relative to it.
    pub(crate) remarks: bool,
}

/// A kind of immediate field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Field {
    None,
    /// Bytes.
    Fixed(u8),
    /// The operand size, at most 4.
    Z,
    /// The operand size.
    V,
    /// 8 bytes, or 4 with an address-size prefix.
    Address,
    /// Of near branches: 4, or 2 with an operand-size prefix.
    Branch,
}

/// What the decoder and the printers need of a row, worked out once.
pub(crate) struct Meta {
    pub(crate) row: &'static Insn,
    fields: [Field; 2],
    modrm: bool,
    /// ModRM.mod counts as 3 whatever it is.
    any_mode: bool,
    /// Of legacy rows: `REX.W` and the operand-size prefix make a difference.
    uses_w: bool,
    uses_data: bool,
    /// Even beside `W`.
    data_anyway: bool,
    /// GNU looks for a mandatory prefix: the operand-size prefix is one where nothing repeats.
    looks_for_prefix: bool,
    /// One far pointer is the operand: `W` means nothing.
    far: bool,
    /// Opcodes that are reserved but for hints to fetch code: mandatory prefixes are looked for, whatever comes of it.
    pub(crate) hint_of_code: bool,
    /// A part of a vector register goes to 32 bits of a general one, whatever `W` says.
    pub(crate) part: bool,
    /// REX.R makes a difference; REX.B of a register form.
    uses_r: bool,
    uses_b: bool,
    /// Memory must have a SIB byte.
    sib: bool,
    /// Vector lengths as bits, all for rows that ignore them.
    lengths: u8,
    pub(crate) names: crate::print_names::Shown,
}

/// A candidate of an opcode.
struct Slot {
    mask: u16,
    value: u16,
    row: u16,
}

// The key.
const KEY_PREFIX: u16 = 3;
const KEY_W: u16 = 1 << 2;
const KEY_MOD3: u16 = 1 << 3;
const KEY_REG: u32 = 4;
const KEY_RM: u32 = 7;
const KEY_DATA: u16 = 1 << 10;
/// Of 0x90: the prefixes make it an exchange.
const KEY_EXCHANGE: u16 = 1 << 11;
/// The memory is relative to the instruction.
const KEY_RELATIVE: u16 = 1 << 12;

#[derive(Clone, Copy, Default)]
struct Span {
    start: u16,
    len: u16,
    modrm: bool,
    legacy: bool,
}

pub(crate) struct Index {
    spans: Vec<Span>,
    slots: Vec<Slot>,
    pub(crate) metas: Vec<Meta>,
}

/// Holes among x87's opcodes: what follows belongs to them, memory is shown.
static BAD_FLOAT: Insn = isa::row(
    "(bad)",
    &[isa::ops::M],
    isa::leg(Prefix::Any, 0, 0xd8, ModRm::Reg, Sizes::Ignored),
    isa::Set::X87,
    isa::DECODE_ONLY,
);
static BAD_FLOAT_REGISTER: Insn = Insn { ops: &[], ..BAD_FLOAT };

/// Maps of all spaces, counted through: legacy 0 to 4, VEX 1 to 10, EVEX 1 to 6.
const MAPS: usize = 5 + 10 + 6;

fn map_index(space: Space, map: u8) -> usize {
    match space {
        Space::Legacy => usize::from(map),
        Space::Vex => 4 + usize::from(map),
        Space::Evex => 14 + usize::from(map),
    }
}

pub(crate) static INDEX: LazyLock<Index> = LazyLock::new(Index::new);

impl Index {
    fn new() -> Index {
        let metas: Vec<Meta> = isa::insns().map(|(_, row)| Meta::new(row)).collect();
        let mut by_opcode: Vec<Vec<u16>> = vec![Vec::new(); MAPS * 256];
        for (at, meta) in metas.iter().enumerate() {
            if meta.row.has(isa::ENCODE_ONLY) {
                continue;
            }
            let enc = &meta.row.enc;
            let span = match enc.modrm {
                ModRm::InOpcode => 8,
                _ => 1,
            };
            for opcode in usize::from(enc.opcode)..usize::from(enc.opcode) + span {
                if let Some(rows) = by_opcode.get_mut(map_index(enc.space, enc.map) * 256 + opcode) {
                    rows.push(at as u16);
                }
            }
        }
        let mut index = Index { spans: Vec::with_capacity(by_opcode.len()), slots: Vec::new(), metas: Vec::new() };
        for (at, rows) in by_opcode.iter_mut().enumerate() {
            // What says more about itself comes first; of equal ones the table's order holds.
            let mut slots: Vec<Slot> = rows.iter().map(|&row| slot(&metas[usize::from(row)], row)).collect();
            slots.sort_by_key(|slot| std::cmp::Reverse(slot.mask.count_ones()));
            let modrm = rows.iter().any(|&row| metas[usize::from(row)].modrm);
            index.spans.push(Span {
                start: index.slots.len() as u16,
                len: slots.len() as u16,
                modrm,
                legacy: at < 5 * 256,
            });
            index.slots.append(&mut slots);
        }
        index.metas = metas;
        index.metas.push(Meta::new(&BAD_FLOAT));
        index.metas.push(Meta::new(&BAD_FLOAT_REGISTER));
        index
    }

    fn span(&self, map: usize, opcode: u8) -> Span {
        self.spans.get(map * 256 + usize::from(opcode)).copied().unwrap_or_default()
    }

    fn find(&self, span: Span, key: u16, length: u8) -> Option<&Meta> {
        let slots = self.slots.get(usize::from(span.start)..usize::from(span.start) + usize::from(span.len))?;
        slots.iter().filter(|slot| key & slot.mask == slot.value).find_map(|slot| {
            let meta = self.metas.get(usize::from(slot.row))?;
            (meta.lengths >> length & 1 != 0).then_some(meta)
        })
    }
}

fn slot(meta: &Meta, row: u16) -> Slot {
    let enc = &meta.row.enc;
    let (mut mask, mut value) = match enc.prefix {
        Prefix::Any => (0, 0),
        Prefix::No => (KEY_PREFIX, 0),
        Prefix::P66 => (KEY_PREFIX, 1),
        Prefix::F3 => (KEY_PREFIX, 2),
        Prefix::F2 => (KEY_PREFIX, 3),
    };
    let mut set = |bits: u16, to: u16| {
        mask |= bits;
        value |= to;
    };
    match enc.sizes {
        Sizes::W0 => set(KEY_W, 0),
        Sizes::W1 => set(KEY_W, KEY_W),
        Sizes::Of(4) if !meta.row.has(isa::DEF64 | isa::FORCE64) => set(KEY_W, KEY_W),
        Sizes::Of(1) => set(KEY_DATA, KEY_DATA),
        _ => {}
    }
    let digit = |digit: u8| (7 << KEY_REG, u16::from(digit) << KEY_REG);
    let (mask_mode, to) = mode_key(meta);
    set(mask_mode, to);
    if matches!(meta.row.name, "movbe" | "rdrand" | "rdseed") {
        // Repeats make nothing of them, or something else.
        set(2, 0);
    }
    if meta.row.name == "tilezero" {
        set(KEY_MOD3 | 7 << KEY_RM, KEY_MOD3);
    }
    if meta.row.name.starts_with("prefetchit") {
        set(KEY_RELATIVE, KEY_RELATIVE);
    }
    match enc.modrm {
        ModRm::Digit(reg) => {
            let (bits, to) = digit(reg);
            set(bits, to);
        }
        ModRm::Exact(byte) => {
            set(
                KEY_MOD3 | 7 << KEY_REG | 7 << KEY_RM,
                KEY_MOD3 | u16::from(byte >> 3 & 7) << KEY_REG | u16::from(byte & 7) << KEY_RM,
            );
        }
        ModRm::Second(byte) => set(KEY_MOD3 | 7 << KEY_REG, KEY_MOD3 | u16::from(byte >> 3 & 7) << KEY_REG),
        ModRm::InOpcode if enc.opcode == 0x90 && enc.map == 0 => {}
        ModRm::None if meta.row.name == "nop" => set(KEY_EXCHANGE, 0),
        ModRm::None | ModRm::Reg | ModRm::InOpcode => {}
    }
    Slot { mask, value, row }
}

/// Whether ModRM.rm must be memory or must not, as the operands have it.
fn mode_key(meta: &Meta) -> (u16, u16) {
    if meta.any_mode {
        return (0, 0);
    }
    let has = |place: Place| meta.row.ops.iter().any(|op| op.place == place);
    if has(Place::RmMem) || has(Place::Vsib) || meta.row.has(isa::MEMORY) {
        (KEY_MOD3, 0)
    } else if has(Place::RmReg) {
        (KEY_MOD3, KEY_MOD3)
    } else {
        (0, 0)
    }
}

impl Meta {
    fn new(row: &'static Insn) -> Meta {
        let enc = &row.enc;
        let ops = row.ops;
        let in_modrm = |op: &Op| matches!(op.place, Place::Reg | Place::Rm | Place::RmReg | Place::RmMem | Place::Vsib);
        let modrm = !matches!(enc.modrm, ModRm::None | ModRm::InOpcode) || ops.iter().any(in_modrm);
        let mut fields = [Field::None; 2];
        let found = ops.iter().filter_map(field).zip(&mut fields);
        found.for_each(|(kind, field)| *field = kind);
        let sized = |op: &Op| [op.reg, op.mem].iter().any(|width| matches!(width, Width::V | Width::Z | Width::Far));
        // `call` and `jmp` to a far pointer have no use for it either, as GNU has it.
        let far = ops.len() == 1 && ops[0].mem == Width::Far;
        let part = ops.iter().any(|op| op.place == Place::Rm && op.reg == Width::Y && op.mem != Width::Y)
            || row.name.ends_with("pextrw");
        let stack = row.has(isa::DEF64 | isa::FORCE64) || far;
        let (of, sizes) = match enc.sizes {
            Sizes::Of(sizes) => (sizes.count_ones() > 1, sizes),
            _ => (false, 0),
        };
        let no_size = matches!(row.name, "nop") && !modrm;
        let uses_w = match enc.sizes {
            _ if no_size || part => false,
            Sizes::ByW => true,
            Sizes::Of(4) => !stack,
            _ => !stack && (of && sizes & 4 != 0),
        };
        let uses_data = matches!(enc.sizes, Sizes::Of(1)) || of || ops.iter().any(sized) || row.name == "fldenv";
        let branch = ops.iter().any(|op| op.place == Place::Rel && op.reg == Width::B4);
        Meta {
            row,
            fields,
            modrm,
            any_mode: enc.map == 1 && enc.space == Space::Legacy && enc.opcode & 0xfc == 0x20,
            uses_w,
            far,
            part,
            hint_of_code: row.name == "reservednop" && enc.opcode == 0x18,
            data_anyway: far || enc.sizes == Sizes::Of(1),
            looks_for_prefix: enc.map == 1 && matches!(enc.opcode, 0x1c | 0x1e | 0xbc | 0xbd)
                || matches!(row.name, "movbe" | "rdrand" | "rdseed"),
            uses_data: uses_data || branch,
            uses_r: row.name != "reservednop"
                && ops.iter().any(|op| op.place == Place::Reg && !matches!(op.class, Class::Mmx | Class::Seg)),
            uses_b: ops.iter().any(|op| {
                matches!(op.place, Place::Rm | Place::RmReg | Place::Opcode)
                    && !matches!(op.class, Class::Mmx | Class::St)
            }),
            lengths: match enc.lengths {
                // XOP ignores no length.
                isa::LIG if enc.map >= 8 => isa::L128,
                isa::LIG => 7,
                lengths => lengths,
            },
            sib: row.has(isa::SIB) || ops.iter().any(|op| op.place == Place::Vsib),
            names: crate::print_names::Shown::new(row),
        }
    }
}

fn field(op: &Op) -> Option<Field> {
    Some(match (op.place, op.reg) {
        (Place::Imm, Width::Z) => Field::Z,
        (Place::Imm, Width::V) => Field::V,
        (Place::Imm, Width::B2) => Field::Fixed(2),
        (Place::Imm, Width::B4) => Field::Fixed(4),
        (Place::Rel, Width::B4) => Field::Branch,
        (Place::Imm | Place::ImmSx | Place::Is4 | Place::Rel, _) => Field::Fixed(1),
        (Place::Moffs, _) => Field::Address,
        _ => return None,
    })
}

/// Reads forwards and knows when the bytes are over.
struct Bytes<'c> {
    code: &'c [u8],
    at: usize,
}

impl Bytes<'_> {
    fn peek(&self) -> Option<u8> {
        self.code.get(self.at).copied()
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    /// A number of 1, 2, 4 or 8 bytes, extended by its sign.
    fn number(&mut self, len: u8) -> Option<i64> {
        let bytes = self.code.get(self.at..self.at + usize::from(len))?;
        self.at += usize::from(len);
        Some(match *bytes {
            [a] => i64::from(a as i8),
            [a, b] => i64::from(i16::from_le_bytes([a, b])),
            [a, b, c, d] => i64::from(i32::from_le_bytes([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => i64::from_le_bytes([a, b, c, d, e, f, g, h]),
            _ => return None,
        })
    }
}

impl Inst {
    pub(crate) fn new(index: &'static Index) -> Option<Inst> {
        Some(Inst {
            meta: index.metas.first()?,
            prefixes: Prefixes::NONE,
            len: 1,
            size: 4,
            w: false,
            length: 0,
            opcode: 0,
            mode: 0,
            reg: 0,
            rm: 0,
            vvvv: 0,
            has_sib: false,
            sib: 0,
            index: 0,
            no_base: false,
            rip: false,
            no_sib: false,
            disp: 0,
            disp_at: 0,
            disp_len: 0,
            imm: [0; 2],
            imm_at: [0; 2],
            imm_len: [0; 2],
            mask: 0,
            zero: false,
            broadcast: false,
            rounding: 0,
            intel: false,
            after_evex: false,
            remarks: false,
        })
    }

    /// Decodes what stands at the start of `code`.
    /// Some prefixes mean something in one of the syntaxes only.
    pub(crate) fn decode(&mut self, index: &'static Index, code: &[u8], intel: bool) -> Outcome {
        self.intel = intel;
        let mut bytes = Bytes { code, at: 0 };
        match self.parse(index, &mut bytes) {
            Some(outcome) => outcome,
            None => {
                self.len = 1;
                Outcome::Truncated
            }
        }
    }

    /// `None` when the bytes are over.
    fn parse(&mut self, index: &'static Index, bytes: &mut Bytes<'_>) -> Option<Outcome> {
        if !self.read_prefixes(bytes)? {
            self.len = self.prefixes.count;
            return Some(Outcome::Prefixes);
        }
        let first = bytes.peek()?;
        if self.prefixes.wait && !(0xd8..=0xdf).contains(&first) {
            // Prefixes before it, and itself.
            self.prefixes.count = self.prefixes.wait_at;
            self.len = self.prefixes.count + 1;
            return Some(Outcome::Wait);
        }
        bytes.at += 1;
        let bad = |inst: &mut Inst, at: usize, prefixes: bool| {
            inst.len = at as u8;
            Some(Outcome::Bad { prefixes })
        };
        let mut evex = false;
        let mut space = Space::Legacy;
        let map;
        let pp;
        match first {
            // 0x8f is `pop` where the map would be 0 to 7.
            0xc4 | 0xc5 | 0x8f if first != 0x8f || *bytes.code.get(bytes.at)? & 8 != 0 => {
                space = Space::Vex;
                let mut one = bytes.code.get(bytes.at).copied()?;
                let mut two = one;
                if first != 0xc5 {
                    two = *bytes.code.get(bytes.at + 1)?;
                    bytes.code.get(bytes.at + 2)?;
                    map = one & 31;
                    if !if first == 0xc4 { 1..=3 } else { 8..=10 }.contains(&map) {
                        self.lose_rex(one);
                        return bad(self, bytes.at, true);
                    }
                    bytes.at += 2;
                    self.w = two & 0x80 != 0;
                } else {
                    bytes.code.get(bytes.at + 1)?;
                    map = 1;
                    one |= 0x60;
                    bytes.at += 1;
                }
                // The bits stand inverted.
                self.extend(!one >> 5 & 7);
                self.vvvv = !two >> 3 & 15;
                self.length = two >> 2 & 1;
                pp = two & 3;
            }
            0x62 => {
                space = Space::Evex;
                evex = true;
                let &[one, two, three] = bytes.code.get(bytes.at..bytes.at + 3)?.first_chunk::<3>()?;
                bytes.code.get(bytes.at + 3)?;
                map = one & 15;
                if !matches!(map, 1 | 2 | 3 | 5 | 6) {
                    self.lose_rex(one);
                    return bad(self, bytes.at, true);
                }
                if two & 4 == 0 {
                    if two & 0x80 == 0 {
                        self.lose_rex(one);
                    }
                    return bad(self, bytes.at + 1, true);
                }
                bytes.at += 3;
                self.extend(!one >> 5 & 7);
                self.reg |= !one & 0x10;
                self.index |= (!three & 8) << 1;
                self.w = two & 0x80 != 0;
                self.vvvv = (!two >> 3 & 15) | (!three & 8) << 1;
                pp = two & 3;
                self.rounding = three >> 5 & 3;
                self.length = self.rounding;
                self.broadcast = three & 0x10 != 0;
                self.mask = three & 7;
                self.zero = three & 0x80 != 0;
            }
            _ => {
                self.w = self.prefixes.rex & REX_W != 0;
                self.extend(self.prefixes.rex & 7);
                pp = self.legacy_prefix();
                if first == 0x0f {
                    let second = bytes.next()?;
                    map = match second {
                        0x38 => 2,
                        0x3a => 3,
                        _ => 1,
                    };
                    if map == 1 {
                        bytes.at -= 1;
                    }
                } else {
                    map = 0;
                    bytes.at -= 1;
                }
            }
        }
        if space == Space::Legacy && map == 1 && bytes.peek()? == 0x0f {
            return self.three_d_now(index, bytes);
        }
        // VEX has 1 for 0x66 as well, but 2 for 0xf3 and 3 for 0xf2, as the key.
        let opcode = bytes.next()?;
        self.opcode = opcode;
        let after_opcode = bytes.at;
        let span = index.span(map_index(space, map), opcode);
        let mut modrm = 0;
        if span.modrm || space != Space::Legacy && !(space == Space::Vex && map == 1 && opcode == 0x77) {
            modrm = bytes.peek()?;
        }
        if evex {
            if modrm >= 0xc0 && self.broadcast {
                self.length = 2;
            } else if self.length == 3 {
                self.after_evex = true;
                let shown = !(self.zero && self.mask == 0) && self.vvvv & 15 == 0;
                return bad(self, after_opcode, shown);
            }
        }
        self.mode = modrm >> 6;
        let exchange = self.prefixes.has_data() || self.prefixes.rex & REX_B != 0;
        let relative = modrm & 0xc7 == 5;
        let flags = [
            (self.w, KEY_W),
            (modrm >= 0xc0, KEY_MOD3),
            (self.prefixes.has_data(), KEY_DATA),
            (exchange, KEY_EXCHANGE),
            (relative, KEY_RELATIVE),
        ];
        let flags = flags.iter().fold(0, |key, &(holds, bit)| key | if holds { bit } else { 0 });
        let fields = flags | u16::from(modrm >> 3 & 7) << KEY_REG | u16::from(modrm & 7) << KEY_RM;
        let key = move |pp: u8| fields | u16::from(pp);
        let mut found = index.find(span, key(pp), self.length);
        if found.is_none() && space == Space::Legacy && map == 0 && (0xd8..=0xdf).contains(&opcode) {
            let at = index.metas.len() - if modrm >= 0xc0 { 1 } else { 2 };
            found = index.metas.get(at);
        }
        let Some(meta) = found else {
            let zero = self.zero && self.mask == 0;
            let shown = !zero && self.vvvv & 15 == 0 && self.wrong_prefix(index, span, map, key, pp);
            self.after_evex = evex;
            return bad(self, after_opcode, shown);
        };
        self.meta = meta;
        self.fields(meta, modrm, bytes)?;
        let uses_vvvv = meta.row.ops.iter().any(|op| op.place == Place::Vvvv);
        if space != Space::Legacy && (!uses_vvvv && self.vvvv & 15 != 0 || self.zero && self.mask == 0) {
            return bad(self, after_opcode, false);
        }
        self.settle(meta, pp, space);
        if bytes.at > MAX_LEN {
            return bad(self, MAX_LEN, true);
        }
        self.len = bytes.at as u8;
        Some(Outcome::Insn)
    }

    /// Nothing stands at an opcode under the mandatory prefix at hand. False when that prefix alone is wrong: then nothing but
    /// `(bad)` is shown. Where repeats make other instructions it is part of the opcode, and not shown.
    fn wrong_prefix(&mut self, index: &'static Index, span: Span, map: u8, key: impl Fn(u8) -> u16, pp: u8) -> bool {
        let slots = index.slots.get(usize::from(span.start)..usize::from(span.start) + usize::from(span.len));
        // Though no repeat makes anything of these, it is looked for (after 0x0f).
        let legacy_table = span.legacy && map == 1 && matches!(self.opcode, 0x2e | 0x2f | 0x60..=0x62 | 0xe7 | 0xf7);
        let repeats =
            legacy_table || slots.unwrap_or_default().iter().any(|slot| slot.mask & 3 == 3 && slot.value & 2 != 0);
        let other = (0..4).any(|pp| index.find(span, key(pp), self.length).is_some());
        if repeats && self.prefixes.count != 0 && span.legacy {
            match pp {
                1 => self.prefixes.drop(self.prefixes.data),
                2 => self.prefixes.drop(self.prefixes.repz),
                3 => self.prefixes.drop(self.prefixes.repnz),
                _ => {}
            }
        }
        repeats || !other
    }

    /// 3DNow!: the opcode is behind the operands.
    fn three_d_now(&mut self, index: &'static Index, bytes: &mut Bytes<'_>) -> Option<Outcome> {
        let start = bytes.at - 1;
        bytes.at += 1;
        self.opcode = 0x0f;
        let modrm = bytes.peek()?;
        self.mode = modrm >> 6;
        // All of them have the same operands.
        let any = index.find(index.span(map_index(Space::Legacy, 4), 0x0c), 0, 0)?;
        self.fields(any, modrm, bytes)?;
        let opcode = bytes.next()?;
        let Some(meta) = index.find(index.span(map_index(Space::Legacy, 4), opcode), 0, 0) else {
            // What the operands took of the prefixes is gone; they are vectors for GNU then.
            if self.prefixes.has_data() {
                self.prefixes.drop(self.prefixes.data);
                self.prefixes.use_rex(REX_R);
                if self.mode == 3 {
                    self.prefixes.use_rex(REX_B);
                }
            }
            self.settle(any, 0, Space::Legacy);
            self.remarks = self.rip && self.mode != 3;
            self.len = start as u8 + 1;
            return Some(Outcome::Bad { prefixes: true });
        };
        self.meta = meta;
        self.settle(meta, 0, Space::Legacy);
        if bytes.at > MAX_LEN {
            self.len = MAX_LEN as u8;
            return Some(Outcome::Bad { prefixes: true });
        }
        self.len = bytes.at as u8;
        Some(Outcome::Insn)
    }

    /// A REX prefix before a broken VEX or EVEX: not shown where the latter's own bits are all clear.
    fn lose_rex(&mut self, bits: u8) {
        if !bits >> 5 & 7 == 0 {
            self.prefixes.drop(self.prefixes.rex_at);
        }
    }

    /// What is no instruction had EVEX' fields all the same.
    pub(crate) fn has_mask_of_nothing(&self) -> bool {
        self.after_evex
    }

    /// The high bits of the registers, in REX' order.
    fn extend(&mut self, rxb: u8) {
        self.reg = (rxb & REX_R) << 1;
        self.index = (rxb & REX_X) << 2;
        self.rm = (rxb & REX_B) << 3;
    }

    /// Reads prefixes. False when they are one line by themselves.
    fn read_prefixes(&mut self, bytes: &mut Bytes<'_>) -> Option<bool> {
        loop {
            let byte = bytes.peek()?;
            let at = self.prefixes.count;
            let mut rex = 0;
            let prefixes = &mut self.prefixes;
            match byte {
                0x40..=0x4f => {
                    rex = byte;
                    prefixes.rex_at = at;
                }
                0xf3 => prefixes.repz = at,
                0xf2 => prefixes.repnz = at,
                0xf0 => prefixes.lock = at,
                0x2e => {
                    prefixes.cs = true;
                    prefixes.seg = at;
                }
                0x3e => {
                    prefixes.ds = true;
                    prefixes.seg = at;
                }
                0x36 | 0x26 => prefixes.seg = at,
                0x64 | 0x65 => {
                    prefixes.seg = at;
                    prefixes.segment = byte;
                }
                0x66 => prefixes.data = at,
                0x67 => prefixes.addr = at,
                0x9b => {
                    if prefixes.rex != 0 {
                        return Some(false);
                    }
                    let first = at == 0 && !prefixes.wait;
                    prefixes.wait = true;
                    prefixes.wait_at = at;
                    bytes.at += 1;
                    if !first {
                        return Some(true);
                    }
                    continue;
                }
                _ => return Some(true),
            }
            if prefixes.rex != 0 || bytes.at >= MAX_LEN - 1 {
                return Some(false);
            }
            prefixes.all[usize::from(at)] = byte;
            prefixes.count += 1;
            prefixes.rex = rex;
            bytes.at += 1;
        }
    }

    /// The mandatory prefix that counts, as VEX's `pp`: the last of the repeats, else 0x66.
    fn legacy_prefix(&self) -> u8 {
        let prefixes = &self.prefixes;
        match (prefixes.repz, prefixes.repnz) {
            (NOT, NOT) => u8::from(prefixes.has_data()),
            (_, NOT) => 2,
            (NOT, _) => 3,
            (z, nz) => 2 + u8::from(z < nz),
        }
    }

    /// Everything behind the opcode, and the operand size.
    fn fields(&mut self, meta: &Meta, modrm: u8, bytes: &mut Bytes<'_>) -> Option<()> {
        let row = meta.row;
        self.size = operand_size(row, self.w && !meta.far, self.prefixes.has_data());
        if meta.modrm {
            bytes.at += 1;
            self.reg |= modrm >> 3 & 7;
            self.rm |= modrm & 7;
            if meta.any_mode {
                self.mode = 3;
            }
            if self.mode == 3 {
                // Of vectors the index' bit is the register's fifth.
                if row.enc.space == Space::Evex {
                    self.rm |= (self.index & 8) << 1;
                }
            } else if meta.sib && modrm & 7 != 4 {
                self.no_sib = true;
            } else {
                self.memory(&row.enc, modrm, bytes)?;
            }
        } else if let ModRm::InOpcode = row.enc.modrm {
            self.rm |= self.opcode & 7;
        }
        for (at, field) in meta.fields.iter().enumerate() {
            let len = match *field {
                Field::None => break,
                Field::Fixed(len) => len,
                Field::Z => self.size.min(4),
                Field::V => self.size,
                Field::Branch if self.prefixes.has_data() && !self.w => 2,
                Field::Branch => 4,
                Field::Address if self.prefixes.has_addr() => 4,
                Field::Address => 8,
            };
            self.imm_at[at] = bytes.at as u8;
            self.imm_len[at] = len;
            self.imm[at] = bytes.number(len)?;
        }
        Some(())
    }

    /// SIB and displacement.
    fn memory(&mut self, enc: &Encoding, modrm: u8, bytes: &mut Bytes<'_>) -> Option<()> {
        let mut base = modrm & 7;
        if base == 4 {
            self.has_sib = true;
            self.sib = bytes.next()?;
            self.index |= self.sib >> 3 & 7;
            base = self.sib & 7;
            self.rm = self.rm & 0x18 | base;
        }
        let len = match self.mode {
            0 if base == 5 => {
                self.no_base = true;
                self.rip = !self.has_sib;
                4
            }
            0 => 0,
            1 => 1,
            _ => 4,
        };
        if len != 0 {
            self.disp_at = bytes.at as u8;
            self.disp_len = len;
            self.disp = bytes.number(len)?;
            if len == 1 && enc.space == Space::Evex {
                let unit = if self.broadcast { enc.broadcast } else { self.width(enc.scale) };
                self.disp *= i64::from(unit.max(1));
            }
        }
        Some(())
    }

    /// Addresses have 32 bits. MPX' have 64 always.
    pub(crate) fn short_addresses(&self) -> bool {
        self.prefixes.has_addr() && self.meta.row.set != isa::Set::Mpx
    }

    /// Bytes of a width.
    pub(crate) fn width(&self, width: Width) -> u8 {
        let vector = 16u8 << self.length.min(2);
        match width {
            Width::None => 0,
            Width::B1 => 1,
            Width::B2 => 2,
            Width::B4 => 4,
            Width::B8 => 8,
            Width::B10 => 10,
            Width::B16 => 16,
            Width::B32 => 32,
            Width::B64 => 64,
            Width::V => self.size,
            Width::Z => self.size.min(4),
            Width::Y => 4 + 4 * u8::from(self.w),
            Width::Address => 8 - 4 * u8::from(self.prefixes.has_addr()),
            Width::Far => self.size + 2,
            Width::X => vector,
            Width::H => vector / 2,
            Width::Q => vector / 4,
            Width::E => vector / 8,
        }
    }

    /// Drops the prefixes that are part of the instruction, and names those that it reads otherwise.
    fn settle(&mut self, meta: &Meta, pp: u8, space: Space) {
        let row = meta.row;
        let memory = meta.modrm && self.mode != 3;
        if self.prefixes.count == 0 {
            return;
        }
        let (size_w, w) = (meta.uses_w, self.w);
        let byte_reg = self.names_low_byte(row);
        let prefixes = &mut self.prefixes;
        if space == Space::Legacy {
            if row.enc.prefix != Prefix::Any {
                match pp {
                    1 => prefixes.drop(prefixes.data),
                    2 => prefixes.drop(prefixes.repz),
                    3 => prefixes.drop(prefixes.repnz),
                    _ => {}
                }
            }
            // A selector in memory has one size.
            let selector = memory && row.ops.iter().all(|op| op.mem == Width::B2 || op.class == Class::Seg);
            let size_w = size_w && !selector;
            let pointer = self.intel && row.ops.iter().any(|op| op.mem == Width::Far);
            let fetches = meta.hint_of_code && memory && self.reg & 6 == 6;
            let repeats = prefixes.repz != NOT || prefixes.repnz != NOT;
            // 0xf2 is ignored at two opcodes, so that the other is looked at.
            let ignores = self.opcode == 0x90 && row.enc.map == 0 || self.opcode == 0x1e && row.name == "reservednop";
            let by_prefix = (meta.looks_for_prefix || fetches) && !repeats || ignores && pp != 2;
            // Beside a repeat that is ignored it is shown, and counts all the same.
            let ignored =
                row.name == "reservednop" && (self.opcode == 0x1c && repeats || self.opcode == 0x1e && pp == 2);
            // A register that is extended has its size in any case, so that the prefix is used up.
            let extends = row.name == "movsxd" && (!memory || self.intel);
            if meta.uses_data && (!w || meta.data_anyway || pointer || extends) && !selector && !ignored || by_prefix {
                prefixes.drop(prefixes.data);
            }
            if fetches {
                prefixes.drop(match (prefixes.repz, prefixes.repnz) {
                    (NOT, last) | (last, NOT) => last,
                    (z, nz) => z.max(nz),
                });
            }
            if prefixes.rex != 0 {
                if size_w {
                    prefixes.use_rex(REX_W);
                }
                if meta.uses_r {
                    prefixes.use_rex(REX_R);
                }
                if meta.uses_b || memory {
                    prefixes.use_rex(REX_B);
                }
                if self.has_sib {
                    prefixes.use_rex(REX_X);
                }
                if byte_reg {
                    prefixes.use_rex(0);
                }
                if prefixes.rex == prefixes.rex_used {
                    prefixes.drop(prefixes.rex_at);
                }
            }
        }
        let string = row.ops.iter().any(|op| matches!(op.place, Place::StrSrc | Place::Xlat));
        let string_dst = row.ops.iter().any(|op| op.place == Place::StrDst);
        let offset = row.ops.iter().any(|op| op.place == Place::Moffs);
        if string || (memory || offset) && prefixes.segment != 0 {
            prefixes.drop(prefixes.seg);
        }
        let counts =
            !self.intel && ["loop", "monitor"].iter().any(|name| row.name.starts_with(name)) || row.name == "jrcxz";
        let address = row.ops.iter().any(|op| op.reg == Width::Address);
        let memory = memory && row.set != isa::Set::Mpx;
        if memory && !self.no_sib || string || string_dst || counts || address {
            prefixes.drop(prefixes.addr);
        }
        self.rename(row, memory);
    }

    /// A byte register that only a REX prefix names is among the operands.
    fn names_low_byte(&self, row: &Insn) -> bool {
        row.ops.iter().any(|op| {
            op.class == Class::Gpr
                && op.reg == Width::B1
                && match op.place {
                    Place::Reg => self.reg & 4 != 0,
                    Place::Rm | Place::RmReg => self.mode == 3 && self.rm & 4 != 0,
                    Place::Opcode => self.rm & 4 != 0,
                    _ => false,
                }
        })
    }

    /// Repeat and segment prefixes that mean something else here.
    fn rename(&mut self, row: &Insn, memory: bool) {
        let prefixes = &mut self.prefixes;
        if row.has(isa::REP) {
            prefixes.show(prefixes.repz, prefixes::SHOW_REP);
        }
        if row.has(isa::BND) {
            prefixes.show(prefixes.repnz, prefixes::SHOW_BND);
        }
        if row.has(isa::NOTRACK) && prefixes.ds && !prefixes.has_data() {
            prefixes.show(prefixes.seg, prefixes::SHOW_NOTRACK);
        }
        if row.has(isa::HINT) && prefixes.ds != prefixes.cs && !self.intel {
            prefixes.drop(prefixes.seg);
        }
        let last_release = prefixes.repz != NOT && (prefixes.repnz == NOT || prefixes.repz > prefixes.repnz);
        let wide = row.name == "cmpxchg16b";
        if memory && row.has(isa::LOCK) && !wide && (prefixes.has_lock() || row.name == "xchg") {
            prefixes.show(prefixes.repz, prefixes::SHOW_XRELEASE);
            prefixes.show(prefixes.repnz, prefixes::SHOW_XACQUIRE);
        } else if memory && last_release && row.name == "mov" && matches!(row.enc.opcode, 0x88 | 0x89 | 0xc6 | 0xc7) {
            prefixes.show(prefixes.repz, prefixes::SHOW_XRELEASE);
        }
    }
}

/// The operand size of a row.
fn operand_size(row: &Insn, w: bool, data: bool) -> u8 {
    if row.has(isa::FORCE64) {
        return 8;
    }
    if row.has(isa::DEF64) {
        return if data && !w { 2 } else { 8 };
    }
    match row.enc.sizes {
        Sizes::Of(1) => 2,
        Sizes::Of(sizes) if w && sizes & 4 != 0 => 8,
        Sizes::ByW | Sizes::W1 if w => 8,
        _ if data && !w => 2,
        _ => 4,
    }
}
