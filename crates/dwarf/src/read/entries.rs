//! Entries of `.debug_info` by plans: an abbreviation (DWARF 5, 7.5.3) is turned once into runs of bytes to pass over and
//! attributes to take, so that walking a unit costs a few instructions an entry.

use crate::form::{Class, Encoding, Layout, class, layout};
use base::bytes::{find_byte, get_u16, get_u32, get_u64, read_sleb128, read_uleb128};
use gimli::{DwAt, DwForm, DwTag};

/// The attributes that anybody asks for; each is a place in [`Values`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[repr(u8)]
pub(crate) enum Attr {
    LowPc,
    HighPc,
    Ranges,
    CallFile,
    CallLine,
    CallColumn,
    Sibling,
    Name,
    LinkageName,
    Origin,
    Specification,
    Lines,
    Directory,
    Language,
    AddrBase,
    StrOffsetsBase,
    RangesBase,
    DwoName,
    DwoId,
}

const N_ATTRS: usize = Attr::DwoId as usize + 1;

/// What the scan of a unit takes of a function; the rest is read when it is asked for.
const OF_CODE: &[Attr] = &[Attr::LowPc, Attr::HighPc, Attr::Ranges, Attr::CallFile, Attr::CallLine, Attr::CallColumn];

fn attr_of(name: DwAt) -> Option<Attr> {
    Some(match name {
        gimli::DW_AT_low_pc => Attr::LowPc,
        gimli::DW_AT_high_pc => Attr::HighPc,
        gimli::DW_AT_ranges => Attr::Ranges,
        gimli::DW_AT_call_file => Attr::CallFile,
        gimli::DW_AT_call_line => Attr::CallLine,
        gimli::DW_AT_call_column => Attr::CallColumn,
        gimli::DW_AT_sibling => Attr::Sibling,
        gimli::DW_AT_name => Attr::Name,
        gimli::DW_AT_linkage_name | gimli::DW_AT_MIPS_linkage_name => Attr::LinkageName,
        gimli::DW_AT_abstract_origin => Attr::Origin,
        gimli::DW_AT_specification => Attr::Specification,
        gimli::DW_AT_stmt_list => Attr::Lines,
        gimli::DW_AT_comp_dir => Attr::Directory,
        gimli::DW_AT_language => Attr::Language,
        gimli::DW_AT_addr_base | gimli::DW_AT_GNU_addr_base => Attr::AddrBase,
        gimli::DW_AT_str_offsets_base => Attr::StrOffsetsBase,
        gimli::DW_AT_rnglists_base | gimli::DW_AT_GNU_ranges_base => Attr::RangesBase,
        gimli::DW_AT_dwo_name | gimli::DW_AT_GNU_dwo_name => Attr::DwoName,
        gimli::DW_AT_GNU_dwo_id => Attr::DwoId,
        _ => return None,
    })
}

/// The value of an attribute, by what it means. Offsets are into the section named; those of entries are from the start
/// of `.debug_info`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) enum Value<'a> {
    #[default]
    None,
    Number(u64),
    Address(u64),
    AddressIndex(u64),
    Offset(u64),
    ListIndex(u64),
    Text(&'a [u8]),
    Str(u64),
    LineStr(u64),
    StrIndex(u64),
    /// In the supplementary file.
    SupStr(u64),
    Entry(u64),
    /// In the supplementary file.
    SupEntry(u64),
}

impl Value<'_> {
    pub fn number(self) -> Option<u64> {
        match self {
            Value::Number(value) | Value::Offset(value) => Some(value),
            _ => None,
        }
    }
}

/// The attributes of one entry that were taken.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Values<'a>([Value<'a>; N_ATTRS]);

impl<'a> Values<'a> {
    pub fn get(&self, attr: Attr) -> Value<'a> {
        self.0[attr as usize]
    }
}

/// One step of passing over an entry's attributes.
#[derive(Clone, Copy, Debug)]
enum Step {
    Skip(u32),
    /// Passes over a value whose size it says itself.
    Over(Layout),
    /// With the value of what stands in the abbreviation.
    Take(Attr, Layout, Class, i64),
}

/// What an entry is to the scan of a unit.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Role {
    /// Neither itself nor of a kind that matters; what is in it may.
    Other,
    /// Holds no code, and says where it ends.
    Jump,
    Function,
    Inlined,
}

/// How one abbreviation is read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub role: Role,
    pub children: bool,
    /// All attributes together, where that many bytes are all there is to them.
    fixed: Option<u32>,
    /// For the scan.
    scan: Box<[Step]>,
    /// With everything of [`Attr`]; only of functions and units.
    full: Box<[Step]>,
}

/// The abbreviations of a unit.
#[derive(Debug)]
pub(crate) struct Plans {
    /// By code from 1, as every producer numbers them, as far as they are without a gap.
    dense: Vec<Plan>,
    /// The others, sorted by code.
    sparse: Vec<(u64, Plan)>,
}

impl Plans {
    /// The table at `offset` of `.debug_abbrev`.
    pub fn read(section: &[u8], offset: u64, encoding: Encoding) -> Option<Plans> {
        let mut at = usize::try_from(offset).ok()?;
        let mut plans = Plans { dense: Vec::new(), sparse: Vec::new() };
        // One that is cut off ends there.
        while let Some((code, plan)) = read_abbreviation(section, &mut at, encoding, None) {
            match plan {
                Some(plan) if code == plans.dense.len() as u64 + 1 => plans.dense.push(plan),
                Some(plan) => plans.sparse.push((code, plan)),
                None => {}
            }
        }
        plans.sparse.sort_by_key(|(code, _)| *code);
        Some(plans)
    }

    /// Only that of `code`, for a look at a unit's first entry.
    pub fn read_one(section: &[u8], offset: u64, code: u64, encoding: Encoding) -> Option<Plan> {
        let mut at = usize::try_from(offset).ok()?;
        while let Some((found, plan)) = read_abbreviation(section, &mut at, encoding, Some(code)) {
            if found == code {
                return plan;
            }
        }
        None
    }

    #[inline]
    pub fn get(&self, code: u64) -> Option<&Plan> {
        if let Some(plan) = usize::try_from(code.wrapping_sub(1)).ok().and_then(|at| self.dense.get(at)) {
            return Some(plan);
        }
        let at = self.sparse.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        Some(&self.sparse[at].1)
    }
}

/// The next abbreviation and its code; no plan when it is not the `wanted` one, nothing at the end of the table.
fn read_abbreviation(
    section: &[u8],
    at: &mut usize,
    encoding: Encoding,
    wanted: Option<u64>,
) -> Option<(u64, Option<Plan>)> {
    let code = read_uleb128(section, at).filter(|&code| code != 0)?;
    let tag = DwTag(u16::try_from(read_uleb128(section, at)?).unwrap_or(u16::MAX));
    let children = *section.get(*at)? != 0;
    *at += 1;
    let mut attributes = Vec::new();
    loop {
        let name = read_uleb128(section, at)?;
        let form = read_uleb128(section, at)?;
        if name == 0 && form == 0 {
            break;
        }
        let form = DwForm(u16::try_from(form).unwrap_or(u16::MAX));
        let implicit = if form == gimli::DW_FORM_implicit_const { read_sleb128(section, at)? } else { 0 };
        attributes.push((attr_of(DwAt(u16::try_from(name).unwrap_or(u16::MAX))), form, implicit));
    }
    let wanted = wanted.is_none_or(|wanted| wanted == code);
    Some((code, if wanted { plan(tag, children, &attributes, encoding) } else { None }))
}

type Attribute = (Option<Attr>, DwForm, i64);

/// `None` for a form that nobody knows: what follows such an entry cannot be found.
fn plan(tag: DwTag, children: bool, attributes: &[Attribute], encoding: Encoding) -> Option<Plan> {
    let has = |attr: Attr| attributes.iter().any(|(found, ..)| *found == Some(attr));
    let has_code = has(Attr::LowPc) || has(Attr::Ranges);
    let role = match tag {
        gimli::DW_TAG_subprogram if has_code => Role::Function,
        gimli::DW_TAG_inlined_subroutine if has_code => Role::Inlined,
        gimli::DW_TAG_enumeration_type | gimli::DW_TAG_array_type | gimli::DW_TAG_subroutine_type
            if children && has(Attr::Sibling) =>
        {
            Role::Jump
        }
        _ => Role::Other,
    };
    let taken: &[Attr] = match role {
        Role::Other => &[],
        Role::Jump => &[Attr::Sibling],
        Role::Function | Role::Inlined => OF_CODE,
    };
    let scan = steps(attributes, encoding, &|attr| taken.contains(&attr))?;
    let full = match tag {
        gimli::DW_TAG_subprogram
        | gimli::DW_TAG_inlined_subroutine
        | gimli::DW_TAG_compile_unit
        | gimli::DW_TAG_partial_unit
        | gimli::DW_TAG_skeleton_unit => steps(attributes, encoding, &|_| true)?,
        _ => Box::default(),
    };
    let fixed = match *scan {
        [] => Some(0),
        [Step::Skip(n)] => Some(n),
        _ => None,
    };
    Some(Plan { role, children, fixed, scan, full })
}

fn steps(attributes: &[Attribute], encoding: Encoding, take: &dyn Fn(Attr) -> bool) -> Option<Box<[Step]>> {
    let mut steps: Vec<Step> = Vec::new();
    for &(attr, form, implicit) in attributes {
        let step = match attr.filter(|attr| take(*attr)) {
            Some(attr) => {
                let implied = if form == gimli::DW_FORM_implicit_const { implicit } else { 1 };
                Step::Take(attr, layout(form, encoding)?, class(form), implied)
            }
            None => step_over(form, encoding)?,
        };
        match (steps.last_mut(), step) {
            (_, Step::Skip(0)) => {}
            (Some(Step::Skip(sum)), Step::Skip(n)) => *sum = sum.checked_add(n)?,
            _ => steps.push(step),
        }
    }
    Some(steps.into_boxed_slice())
}

fn step_over(form: DwForm, encoding: Encoding) -> Option<Step> {
    Some(match layout(form, encoding)? {
        Layout::Implied => Step::Skip(0),
        Layout::Fixed(n) => Step::Skip(u32::from(n)),
        layout => Step::Over(layout),
    })
}

/// A place in `.debug_info`, with what values in it mean.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cursor<'a> {
    pub info: &'a [u8],
    pub at: usize,
    /// Where the unit begins: entries are named from there.
    pub unit: u64,
    pub encoding: Encoding,
}

impl<'a> Cursor<'a> {
    /// The code of the next entry; 0 ends the children of one.
    #[inline]
    pub fn code(&mut self) -> Option<u64> {
        let byte = *self.info.get(self.at)?;
        if byte < 0x80 {
            self.at += 1;
            return Some(u64::from(byte));
        }
        read_uleb128(self.info, &mut self.at)
    }

    /// Passes over the attributes of an entry of [`Role::Other`].
    #[inline]
    pub fn pass(&mut self, plan: &Plan) -> Option<()> {
        match plan.fixed {
            Some(n) => self.at = self.at.checked_add(n as usize)?,
            None => plan.scan.iter().try_for_each(|&step| self.step(step))?,
        }
        Some(())
    }

    /// Reads what the scan wants.
    pub fn take(&mut self, plan: &Plan, values: &mut Values<'a>) -> Option<()> {
        for &attr in OF_CODE {
            values.0[attr as usize] = Value::None;
        }
        values.0[Attr::Sibling as usize] = Value::None;
        self.run(&plan.scan, values)
    }

    /// Reads everything.
    pub fn take_all(&mut self, plan: &Plan) -> Option<Values<'a>> {
        let mut values = Values::default();
        self.run(&plan.full, &mut values)?;
        Some(values)
    }

    fn run(&mut self, steps: &[Step], values: &mut Values<'a>) -> Option<()> {
        for &step in steps {
            match step {
                Step::Take(attr, layout, class, implied) => {
                    let value = self.value(layout, class, implied)?;
                    // Of two the first counts, as two names of one attribute may both be there.
                    let slot = &mut values.0[attr as usize];
                    if *slot == Value::None {
                        *slot = value;
                    }
                }
                step => self.step(step)?,
            }
        }
        Some(())
    }

    #[inline]
    fn step(&mut self, step: Step) -> Option<()> {
        match step {
            Step::Skip(n) => self.skip(n as usize),
            Step::Over(layout) => self.pass_over(layout),
            Step::Take(..) => None,
        }
    }

    #[inline]
    fn skip(&mut self, n: usize) -> Option<()> {
        self.at = self.at.checked_add(n)?;
        Some(())
    }

    fn pass_over(&mut self, value: Layout) -> Option<()> {
        let skip = match value {
            Layout::Implied => 0,
            Layout::Fixed(n) => usize::from(n),
            Layout::Uleb | Layout::Sleb => {
                while *self.info.get(self.at)? >= 0x80 {
                    self.at += 1;
                }
                1
            }
            Layout::Text => find_byte(self.info.get(self.at..)?, 0)? + 1,
            Layout::Block(n) => usize::try_from(self.bytes(usize::from(n))?).ok()?,
            Layout::BlockUleb => usize::try_from(read_uleb128(self.info, &mut self.at)?).ok()?,
            Layout::Indirect => {
                let form = self.indirect()?;
                return self.pass_over(layout(form, self.encoding)?);
            }
        };
        self.skip(skip)
    }

    /// A form before its value; another one of that kind is not followed.
    fn indirect(&mut self) -> Option<DwForm> {
        let form = DwForm(u16::try_from(read_uleb128(self.info, &mut self.at)?).ok()?);
        (form != gimli::DW_FORM_indirect && form != gimli::DW_FORM_implicit_const).then_some(form)
    }

    fn bytes(&mut self, n: usize) -> Option<u64> {
        let value = match n {
            1 => u64::from(*self.info.get(self.at)?),
            2 => u64::from(get_u16(self.info, self.at)?),
            3 => u64::from(get_u16(self.info, self.at)?) | u64::from(*self.info.get(self.at + 2)?) << 16,
            4 => u64::from(get_u32(self.info, self.at)?),
            8 => get_u64(self.info, self.at)?,
            _ => return None,
        };
        self.at += n;
        Some(value)
    }

    fn value(&mut self, value: Layout, class: Class, implied: i64) -> Option<Value<'a>> {
        let number = match value {
            Layout::Implied => implied as u64,
            Layout::Fixed(n @ ..=8) => self.bytes(usize::from(n))?,
            Layout::Uleb => read_uleb128(self.info, &mut self.at)?,
            Layout::Sleb => read_sleb128(self.info, &mut self.at)? as u64,
            Layout::Text => {
                let text = self.info.get(self.at..)?;
                let text = &text[..find_byte(text, 0)?];
                self.at += text.len() + 1;
                return Some(Value::Text(text));
            }
            Layout::Indirect => {
                let form = self.indirect()?;
                return self.value(layout(form, self.encoding)?, self::class(form), 1);
            }
            other @ (Layout::Fixed(_) | Layout::Block(_) | Layout::BlockUleb) => {
                self.pass_over(other)?;
                return Some(Value::None);
            }
        };
        Some(match class {
            Class::Constant => Value::Number(number),
            Class::Address => Value::Address(number),
            Class::AddressIndex => Value::AddressIndex(number),
            Class::Offset => Value::Offset(number),
            Class::ListIndex => Value::ListIndex(number),
            Class::Str => Value::Str(number),
            Class::LineStr => Value::LineStr(number),
            Class::SupStr => Value::SupStr(number),
            Class::StrIndex => Value::StrIndex(number),
            Class::UnitEntry => Value::Entry(self.unit.wrapping_add(number)),
            Class::Entry => Value::Entry(number),
            Class::SupEntry => Value::SupEntry(number),
            Class::Other => Value::None,
        })
    }
}
