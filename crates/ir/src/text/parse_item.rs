//! Parsing of what stands outside functions.

use super::lex::Token;
use super::parse::{Parsed, Parser};
use super::print::{ENCODINGS, KINDS, LINKAGES, OPTION_FLAGS, QUALIFIERS, VISIBILITIES};
use crate::Slot;
use crate::debug::{DebugType, GlobalVar, Member, TypeData};
use crate::module::{
    AtomicOrder, DataDef, DataReloc, MemDesc, PicLevel, SectionName, Symbol, SymbolDecl, UnitOptions, Visibility,
};
use crate::record::{Change, Event, in_range};
use crate::types::{Ext, Layout, Leaf, Param, Signature, Ty};
use base::ids::Id;

impl Parser<'_> {
    pub(super) fn item(&mut self) -> Parsed<()> {
        let Token::Word(word) = self.lexer.token else { return self.expected("an item") };
        let event = matches!(word, "func" | "data" | "common" | "assembly" | "finish");
        if event {
            self.check_changes()?;
        }
        match word {
            "unit" => self.unit_options()?,
            "section" => self.section()?,
            "symbol" => self.new_symbol()?,
            "redeclare" => self.redeclare()?,
            "layout" => self.layout()?,
            "sig" => self.new_sig()?,
            "mem" => self.mem()?,
            "wide" => self.wide()?,
            "debug_unit" => self.debug_unit()?,
            "type" => self.new_type()?,
            "retype" => self.retype()?,
            "global" => self.global()?,
            "used" => self.used()?,
            "func" => self.func()?,
            "data" => self.data()?,
            "common" => self.common()?,
            "assembly" => {
                self.lexer.advance()?;
                let pos = self.pos()?;
                let text = self.strings()?;
                self.unit.events.push(Event::Assembly(text, pos));
            }
            "finish" => {
                self.lexer.advance()?;
                self.unit.events.push(Event::Finish);
            }
            _ => return self.expected("an item"),
        }
        if event {
            self.n_checked = self.unit.events.len();
        }
        Ok(())
    }

    /// Every id that the changes since the last event refer to exists by now.
    pub(super) fn check_changes(&mut self) -> Parsed<()> {
        for event in &self.unit.events[self.n_checked..] {
            if let Event::Change(change) = event
                && let Some(missing) = self.dangling(change)
            {
                return self.error(format!("{missing} is not made until here"));
            }
        }
        self.n_checked = self.unit.events.len();
        Ok(())
    }

    /// An id in `change` that does not exist.
    fn dangling(&self, change: &Change) -> Option<String> {
        let type_ok = |ty: DebugType| ty.is_none() || in_range(ty, self.module.debug.types.len());
        let bad = |ty: &DebugType| (!type_ok(*ty)).then(|| format!("{ty:?}"));
        let data = match change {
            Change::Symbol(decl) | Change::Redeclare(_, decl) => {
                let target = decl.alias.filter(|&alias| !in_range(alias, self.module.symbols.len()));
                return target.map(|target| format!("{target:?}"));
            }
            Change::Global(var) => return bad(&var.ty),
            Change::Used(ty) => return bad(ty),
            Change::Type(data) | Change::Retype(_, data) => data,
            _ => return None,
        };
        match data {
            TypeData::Base { .. } | TypeData::Enum { .. } => None,
            TypeData::Pointer(ty) | TypeData::Qualified(_, ty) => bad(ty),
            TypeData::Typedef { ty, .. }
            | TypeData::Array { element: ty, .. }
            | TypeData::Vector { element: ty, .. } => bad(ty),
            TypeData::VariableArray { element, .. } => bad(element),
            TypeData::Record { members, .. } => members.iter().flatten().find_map(|member| bad(&member.ty)),
            TypeData::Function { ret, params, .. } => bad(ret).or_else(|| params.iter().find_map(bad)),
        }
    }

    fn unit_options(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let mut options = UnitOptions { file_name: self.text()?, ..UnitOptions::default() };
        let levels = [(PicLevel::None, "fixed"), (PicLevel::Pie, "pie"), (PicLevel::Pic, "pic")];
        options.pic = self.choice("`fixed`, `pie` or `pic`", &levels)?;
        self.word("opt")?;
        options.opt_level = self.u8()?;
        'flags: loop {
            for (name, field) in OPTION_FLAGS {
                if self.eat_word(name)? {
                    *field(&mut options) = true;
                    continue 'flags;
                }
            }
            break;
        }
        if self.eat_word("asm_syntax")? {
            options.asm_syntax = self.u8()?;
        }
        self.push_change(Change::Options(options));
        Ok(())
    }

    fn section(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        self.new_id("sec", self.module.sections.len())?;
        let name = self.string()?;
        self.push_change(Change::Section(name.into()));
        Ok(())
    }

    fn new_symbol(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        self.new_id("g", self.module.symbols.len())?;
        let decl = self.decl()?;
        self.latest.insert(decl.name.clone(), self.module.symbols.next_id());
        self.push_change(Change::Symbol(decl));
        Ok(())
    }

    fn redeclare(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let symbol = self.symbol()?;
        let decl = self.decl()?;
        if decl.name != self.module.symbols[symbol].name {
            return self.error(format!("{symbol:?} has another name"));
        }
        self.push_change(Change::Redeclare(symbol, decl));
        Ok(())
    }

    fn decl(&mut self) -> Parsed<SymbolDecl> {
        let name = self.string()?.into();
        let kind = self.choice("a kind of symbol", &KINDS)?;
        let linkage = self.choice("a linkage", &LINKAGES)?;
        let visibility = self.eat_choice(&VISIBILITIES)?.unwrap_or(Visibility::Default);
        let defined = self.eat_word("defined")?;
        let mut section = SectionName::NONE;
        if self.eat_word("in")? {
            section = SectionName(self.known_id("sec", self.module.sections.len())?);
        }
        let alias = if self.eat_word("alias")? { Some(Symbol(self.id("g")?)) } else { None };
        Ok(SymbolDecl { name, kind, linkage, visibility, defined, section, alias })
    }

    fn layout(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let next = self.module.layouts().next_id();
        self.new_id("layout", next.index())?;
        let size = self.keyed_u64("size")?;
        let align = self.keyed_align()?;
        let mut leaves = Vec::new();
        self.comma_list(b'(', b')', |p| {
            let (offset, ty) = (p.u32()?, p.ty()?);
            leaves.push(Leaf { offset, ty });
            Ok(())
        })?;
        let complete = !self.eat_word("incomplete")?;
        let unaligned = self.eat_word("unaligned")?;
        let complex = self.eat_word("complex")?;
        let layout = Layout { size, align, leaves, complete, unaligned, complex };
        self.push_change(Change::Layout(layout));
        if self.module.layouts().next_id() == next { self.error("there is an equal layout") } else { Ok(()) }
    }

    fn param(&mut self) -> Parsed<Param> {
        if self.peek_id("layout").is_some() {
            return self.layout_id().map(Param::Aggregate);
        }
        let ty = self.ty()?;
        let ext = self.eat_choice(&[(Ext::Sign, "sext"), (Ext::Zero, "zext")])?.unwrap_or(Ext::None);
        Ok(Param::Scalar { ty, ext })
    }

    fn new_sig(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let next = self.module.sigs().next_id();
        self.new_id("sig", next.index())?;
        let mut params = Vec::new();
        self.comma_list(b'(', b')', |p| {
            let param = p.param()?;
            if matches!(param, Param::Scalar { ty: Ty::Void, .. }) {
                return p.error("a parameter cannot be void");
            }
            params.push(param);
            Ok(())
        })?;
        if self.lexer.token != Token::Arrow {
            return self.expected("`->`");
        }
        self.lexer.advance()?;
        let ret = self.param()?;
        let variadic = self.eat_word("variadic")?;
        let unprototyped = self.eat_word("unprototyped")?;
        self.push_change(Change::Sig(Signature { ret, params, variadic, unprototyped }));
        if self.module.sigs().next_id() == next { self.error("there is an equal signature") } else { Ok(()) }
    }

    fn mem(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let next = self.module.mems().len();
        self.new_id("m", next)?;
        self.word("align_log2")?;
        let align_log2 = self.number(0, 31)? as u8;
        let volatile = self.eat_word("volatile")?;
        let order = if self.eat_word("order")? { self.order()? } else { AtomicOrder::None };
        let alias_root = if self.eat_word("root")? { self.u32()? } else { 0 };
        if next > usize::from(u16::MAX) {
            return self.error("too many memory descriptions");
        }
        self.push_change(Change::Mem(MemDesc { align_log2, volatile, order, alias_root }));
        if self.module.mems().len() == next { self.error("there is an equal memory description") } else { Ok(()) }
    }

    pub(super) fn order(&mut self) -> Parsed<AtomicOrder> {
        self.choice("a memory order", &AtomicOrder::ALL.map(|order| (order, order.name())))
    }

    fn wide(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        self.new_id("w", self.module.wide.len())?;
        let text = self.raw_number()?;
        let bits = text.strip_prefix("0x").filter(|digits| digits.bytes().all(|b| b.is_ascii_hexdigit()));
        let Some(bits) = bits.and_then(|digits| u128::from_str_radix(digits, 16).ok()) else {
            return self.error("expected at most 32 hexadecimal digits");
        };
        self.lexer.advance()?;
        self.push_change(Change::Wide(bits.to_le_bytes()));
        Ok(())
    }

    fn debug_unit(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let (directory, producer) = (self.text()?, self.text()?);
        self.push_change(Change::DebugUnit(directory, producer));
        Ok(())
    }

    fn new_type(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        self.new_id("dt", self.module.debug.types.len())?;
        let data = self.debug_type()?;
        self.push_change(Change::Type(data));
        Ok(())
    }

    fn retype(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let ty = DebugType(self.known_id("dt", self.module.debug.types.len())?);
        let data = self.debug_type()?;
        self.push_change(Change::Retype(ty, data));
        Ok(())
    }

    fn debug_type(&mut self) -> Parsed<TypeData> {
        if let Some(qualifier) = self.eat_choice(&QUALIFIERS)? {
            return Ok(TypeData::Qualified(qualifier, self.type_ref()?));
        }
        Ok(match self.any_word("a kind of type")? {
            "base" => {
                let name = self.text()?.into();
                TypeData::Base { name, size: self.u32()?, encoding: self.choice("an encoding", &ENCODINGS)? }
            }
            "pointer" => TypeData::Pointer(self.type_ref()?),
            "typedef" => TypeData::Typedef { name: self.text()?.into(), ty: self.type_ref()?, pos: self.pos()? },
            "array" => {
                let element = self.type_ref()?;
                if self.eat_word("length")? {
                    return Ok(TypeData::VariableArray { element, length: Slot(self.u32()?) });
                }
                let count = if self.eat_word("count")? { Some(self.u64()?) } else { None };
                TypeData::Array { element, count, size: self.keyed_u64("size")? }
            }
            "vector" => TypeData::Vector { element: self.type_ref()?, count: self.keyed_u64("count")? },
            kind @ ("struct" | "union") => {
                let name = self.text()?.into();
                let size = self.keyed_u64("size")?;
                let align = self.keyed_u32("align")?;
                let pos = self.pos()?;
                let members = if self.at_mark(b'{') { Some(self.members()?) } else { None };
                TypeData::Record { name, union: kind == "union", size, align, members, pos }
            }
            "enum" => {
                let name = self.text()?.into();
                let size = self.keyed_u32("size")?;
                let signed = self.eat_word("signed")?;
                let pos = self.pos()?;
                let mut items = None;
                if self.eat_mark(b'{')? {
                    let list = items.insert(Vec::new());
                    while !self.eat_mark(b'}')? {
                        list.push((self.text()?.into(), self.i64()?));
                    }
                }
                TypeData::Enum { name, size, signed, items, pos }
            }
            "function" => {
                let ret = self.type_ref()?;
                let mut params = Vec::new();
                self.mark(b'(')?;
                while !self.eat_mark(b')')? {
                    params.push(self.type_ref()?);
                }
                let variadic = self.eat_word("variadic")?;
                TypeData::Function { ret, params, variadic, prototyped: self.eat_word("prototyped")? }
            }
            other => return self.error(format!("`{other}` is not a kind of type")),
        })
    }

    fn members(&mut self) -> Parsed<Vec<Member>> {
        self.mark(b'{')?;
        let mut members = Vec::new();
        while !self.eat_mark(b'}')? {
            let name = self.text()?.into();
            let ty = self.type_ref()?;
            let offset = self.keyed_u64("at")?;
            let (mut bit_size, mut bit_offset) = (0, 0);
            if self.eat_word("bits")? {
                bit_size = self.u32()?;
                bit_offset = self.keyed_u64("from")?;
            }
            members.push(Member { name, ty, offset, bit_size, bit_offset, pos: self.pos()? });
        }
        Ok(members)
    }

    fn global(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let name = self.text()?.into();
        let ty = self.type_ref()?;
        let symbol = self.symbol()?;
        let external = self.eat_word("external")?;
        let tls = self.eat_word("tls")?;
        let pos = self.pos()?;
        self.push_change(Change::Global(GlobalVar { name, ty, symbol, external, tls, pos }));
        Ok(())
    }

    fn used(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let ty = self.type_ref()?;
        self.push_change(Change::Used(ty));
        Ok(())
    }

    fn data(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let symbol = self.symbol()?;
        let size = self.keyed_u64("size")?;
        let align = self.keyed_align()?;
        let read_only = self.eat_word("read_only")?;
        let merge = if self.eat_word("merge")? { self.u8()? } else { 0 };
        self.mark(b'{')?;
        let bytes = self.strings()?;
        if bytes.len() as u64 > size {
            return self.error("there are more bytes than the size says");
        }
        let mut relocs: Vec<DataReloc> = Vec::new();
        while self.eat_word("at")? {
            let offset = self.u64()?;
            self.mark(b':')?;
            let target = self.symbol()?;
            self.word("addend")?;
            let addend = self.i64()?;
            self.word("size")?;
            let width = self.u8()?;
            let base = if self.eat_word("minus")? { self.symbol()? } else { Symbol::NONE };
            let end = offset.checked_add(u64::from(width)).filter(|&end| end <= size);
            if !matches!(width, 4 | 8) || end.is_none() || relocs.last().is_some_and(|last| last.offset > offset) {
                return self.error("an address must be 4 or 8 bytes, within the data, in order of offset");
            }
            relocs.push(DataReloc { offset, target, addend, size: width, base });
        }
        self.mark(b'}')?;
        self.unit.events.push(Event::Data(DataDef { symbol, align, size, bytes, relocs, read_only, merge }));
        Ok(())
    }

    fn common(&mut self) -> Parsed<()> {
        self.lexer.advance()?;
        let symbol = self.symbol()?;
        let size = self.keyed_u64("size")?;
        let align = self.keyed_align()?;
        self.unit.events.push(Event::Common { symbol, size, align });
        Ok(())
    }
}
