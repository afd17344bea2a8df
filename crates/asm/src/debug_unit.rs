//! What debuggers are told of a unit that has rows of lines and no entries of its own: one compilation unit with its functions,
//! and the addresses that it covers, section by section and byte by byte as GNU as makes them (DWARF 5, 3.1.1, 6.1.2, 2.17.3;
//! DWARF 2 to 4 where the version says so).

use crate::data::encode_leb128;
use crate::directive::Outcome;
use crate::expr::Expr;
use crate::sections::{Told, Wanted};
use crate::symbols::{Place, SymRef, WEAKREF};
use crate::unit::Assembler;
use dwarf::abbrev::push_declaration;
use dwarf::consts::{
    DW_AT_comp_dir, DW_AT_external, DW_AT_high_pc, DW_AT_language, DW_AT_low_pc, DW_AT_name, DW_AT_producer,
    DW_AT_ranges, DW_AT_stmt_list, DW_AT_type, DW_FORM_addr, DW_FORM_data2, DW_FORM_data4, DW_FORM_flag,
    DW_FORM_flag_present, DW_FORM_ref_udata, DW_FORM_sec_offset, DW_FORM_strp, DW_FORM_udata, DW_LANG_Mips_Assembler,
    DW_RLE_end_of_list, DW_RLE_start_length, DW_TAG_compile_unit, DW_TAG_subprogram, DW_TAG_unspecified_type,
    DW_UT_compile,
};
use mc::buffer::Mark;
use obj::{Binding, SectionFlags, SymbolKind};
use target::Arch;

// Codes of the abbreviations.
const UNIT: u8 = 1;
const FUNCTION: u8 = 2;
const NO_TYPE: u8 = 3;

/// A section that rows lie in: what stands for its beginning, and its length in bytes.
#[derive(Clone, Copy)]
struct Covered {
    start: SymRef,
    len: u32,
}

/// A function that the text gives a size.
#[derive(Clone, Copy)]
struct Function {
    symbol: SymRef,
    size: u64,
    is_external: bool,
    /// Its name in the strings.
    name: u32,
}

/// How a function says that others see it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum External {
    /// None is seen.
    Unsaid,
    /// All are.
    Implied,
    /// Each says so.
    Said,
}

/// What the sections share.
struct Unit {
    version: u8,
    pointer: u8,
    covered: Vec<Covered>,
    functions: Vec<Function>,
    external: External,
    /// Name, directory and producer in the strings.
    strings: [u32; 3],
    /// Of the list of addresses in its section, if there are several sections.
    ranges: Option<(SymRef, u32)>,
}

impl Assembler {
    /// Something stands in a section of that name.
    pub(crate) fn has_bytes(&self, name: &[u8]) -> bool {
        self.by_name.get(name).is_some_and(|found| {
            found.iter().any(|&at| self.pieces[self.first_piece(at as usize) as usize].code.settled_len() != 0)
        })
    }

    /// Gives sections their turn among the symbols, before any is made: as GNU as comes to refer to them.
    pub(crate) fn name_unit_sections(&mut self, version: u8, has_ranges: bool) {
        let of_version = |new: &'static [u8], old: Option<&'static [u8]>| if version < 5 { old } else { Some(new) };
        let names = [
            Some(&b".debug_info"[..]),
            Some(b".debug_abbrev"),
            Some(b".debug_line"),
            of_version(b".debug_line_str", None),
            of_version(b".debug_rnglists", Some(b".debug_ranges")).filter(|_| has_ranges),
            Some(b".debug_str"),
        ];
        for name in names.into_iter().flatten() {
            self.tables.named(name);
        }
    }

    /// Writes everything but the lines, for the sections that `pieces` begin. Every piece has its final lengths.
    pub(crate) fn write_unit(&mut self, arch: &Arch, version: u8, pieces: &[u32]) -> Outcome {
        let pointer = arch.layout.pointer.size;
        let covered: Vec<Covered> = pieces
            .iter()
            .map(|&piece| {
                let start = self.tables.nameless(Place::At(piece, Mark::default()));
                Covered { start, len: self.pieces[piece as usize].code.settled_len() }
            })
            .collect();
        let functions = self.functions()?;
        let (n, n_external) = (functions.len(), functions.iter().filter(|function| function.is_external).count());
        let external = match n_external {
            0 => External::Unsaid,
            _ if n_external == n && version >= 4 => External::Implied,
            _ => External::Said,
        };
        // In the order in which the object has them.
        let sections = [&b".debug_info"[..], b".debug_abbrev", b".debug_aranges"];
        let [info, abbreviations, aranges] = sections.map(|name| self.debug_section(&Wanted::plain(name)));
        let flags = SectionFlags::MERGE.with(SectionFlags::STRINGS);
        let strings = self.debug_section(&Wanted::plain(b".debug_str"));
        let made = &mut self.sections[strings as usize];
        (made.flags, made.entry_size) = (made.flags.with(flags), 1);
        let mut unit = Unit { version, pointer, covered, functions, external, strings: [0; 3], ranges: None };
        self.write_aranges(aranges, self.sections[info as usize].symbol, &unit);
        if unit.covered.len() > 1 {
            unit.ranges = Some(if version < 5 { self.write_ranges(&unit) } else { self.write_range_lists(&unit) });
        }
        self.write_strings(strings, &mut unit);
        self.write_abbreviations(abbreviations, &unit);
        let symbols = [abbreviations, strings].map(|section| self.sections[section as usize].symbol);
        self.write_entries(info, symbols, &unit);
        Ok(())
    }

    /// A section that is written from here on.
    fn debug_section(&mut self, wanted: &Wanted<'_>) -> u32 {
        let section = self.section(wanted, Told::default());
        self.write_to(section);
        self.code().settle_if_new();
        section
    }

    fn write_to(&mut self, section: u32) {
        self.tables.piece = self.first_piece(section as usize);
    }

    /// Functions of which the text gives the size, in its order.
    fn functions(&self) -> Result<Vec<Function>, String> {
        let mut functions = Vec::new();
        for symbol in self.brought() {
            let sym = &self.tables.syms[symbol.index()];
            let is_function = matches!(sym.kind, Some(SymbolKind::Function | SymbolKind::IFunc));
            if !is_function || sym.flags & WEAKREF != 0 || !self.is_defined(symbol) {
                continue;
            }
            let Some(said) = self.size_of(symbol).filter(|said| said.constant() != Some(0)) else { continue };
            let Some(size) = self.resolve(said, None, 0)?.constant() else { continue };
            let is_external = sym.binding == Some(Binding::Global);
            functions.push(Function { symbol, size: size as u64, is_external, name: 0 });
        }
        Ok(functions)
    }

    /// A 4-byte offset of a place in another section.
    fn offset_field(&mut self, section: SymRef, offset: u32) {
        self.field(Expr { offset: i64::from(offset), ..Expr::symbol(section) }, 4);
    }

    /// The length that a table begins with, counted from behind itself.
    fn close_length(&mut self, start: u32) {
        let code = self.code();
        let end = code.settled_len();
        code.patch_back(end - start, &(end - start - 4).to_le_bytes());
    }

    /// `.debug_aranges`: an address and a length for each section (DWARF 5, 6.1.2).
    fn write_aranges(&mut self, section: u32, info: SymRef, unit: &Unit) {
        let pair = 2 * u32::from(unit.pointer);
        self.write_to(section);
        self.ask_alignment(pair);
        let start = self.code().settled_len();
        self.code().put(0, 4);
        self.code().put(2, 2);
        self.offset_field(info, 0);
        let code = self.code();
        code.put(u64::from(unit.pointer), 1);
        code.put(0, 1);
        while !(code.settled_len() - start).is_multiple_of(pair) {
            code.put(0, 1);
        }
        for covered in &unit.covered {
            self.field(Expr::symbol(covered.start), unit.pointer);
            self.code().put(u64::from(covered.len), usize::from(unit.pointer));
        }
        self.end_of_pairs(unit.pointer);
        self.close_length(start);
    }

    fn end_of_pairs(&mut self, pointer: u8) {
        for _ in 0..2 {
            self.code().put(0, usize::from(pointer));
        }
    }

    /// `.debug_ranges` (DWARF 4, 2.17.3): addresses as they are, because the base is 0.
    fn write_ranges(&mut self, unit: &Unit) -> (SymRef, u32) {
        let section = self.debug_section(&Wanted::plain(b".debug_ranges"));
        self.ask_alignment(2 * u32::from(unit.pointer));
        let start = self.code().settled_len();
        self.code().put(u64::MAX, usize::from(unit.pointer));
        self.code().put(0, usize::from(unit.pointer));
        for covered in &unit.covered {
            for offset in [0, i64::from(covered.len)] {
                self.field(Expr { offset, ..Expr::symbol(covered.start) }, unit.pointer);
            }
        }
        self.end_of_pairs(unit.pointer);
        (self.sections[section as usize].symbol, start)
    }

    /// `.debug_rnglists` (DWARF 5, 7.28).
    fn write_range_lists(&mut self, unit: &Unit) -> (SymRef, u32) {
        let section = self.debug_section(&Wanted::plain(b".debug_rnglists"));
        let start = self.code().settled_len();
        let code = self.code();
        code.put(0, 4);
        code.put(5, 2);
        code.put(u64::from(unit.pointer), 1);
        code.put(0, 1);
        // No list is found by its number.
        code.put(0, 4);
        let list = code.settled_len();
        for covered in &unit.covered {
            self.code().put(u64::from(DW_RLE_start_length), 1);
            self.field(Expr::symbol(covered.start), unit.pointer);
            self.uleb(u64::from(covered.len));
        }
        self.code().put(u64::from(DW_RLE_end_of_list), 1);
        self.close_length(start);
        (self.sections[section as usize].symbol, list)
    }

    /// `.debug_str`: of the unit, then of its functions.
    fn write_strings(&mut self, section: u32, unit: &mut Unit) {
        self.write_to(section);
        let own = [self.main_name(), self.mapped_directory(), self.options.producer.clone().into_bytes()];
        unit.strings = own.map(|text| self.string(&text));
        for function in &mut unit.functions {
            let name = self.tables.spelling(function.symbol).to_vec();
            function.name = self.string(&name);
        }
    }

    fn string(&mut self, text: &[u8]) -> u32 {
        let code = self.code();
        let at = code.settled_len();
        code.put_bytes(text);
        code.put(0, 1);
        at
    }

    fn write_abbreviations(&mut self, section: u32, unit: &Unit) {
        let is_old = unit.version < 4;
        let offset = if is_old { DW_FORM_data4 } else { DW_FORM_sec_offset };
        let end = (DW_AT_high_pc, if is_old { DW_FORM_addr } else { DW_FORM_udata });
        let mut attributes = vec![(DW_AT_stmt_list, offset)];
        match unit.ranges {
            None => attributes.extend([(DW_AT_low_pc, DW_FORM_addr), end]),
            Some(_) => attributes.push((DW_AT_ranges, offset)),
        }
        attributes.extend([DW_AT_name, DW_AT_comp_dir, DW_AT_producer].map(|attribute| (attribute, DW_FORM_strp)));
        attributes.push((DW_AT_language, DW_FORM_data2));
        let has_functions = !unit.functions.is_empty();
        let mut bytes = Vec::new();
        push_declaration(&mut bytes, u64::from(UNIT), DW_TAG_compile_unit, has_functions, &attributes);
        if has_functions {
            let mut attributes = vec![(DW_AT_name, DW_FORM_strp)];
            match unit.external {
                External::Unsaid => {}
                External::Implied => attributes.push((DW_AT_external, DW_FORM_flag_present)),
                External::Said => attributes.push((DW_AT_external, DW_FORM_flag)),
            }
            if unit.version > 2 {
                attributes.push((DW_AT_type, DW_FORM_ref_udata));
            }
            attributes.extend([(DW_AT_low_pc, DW_FORM_addr), end]);
            push_declaration(&mut bytes, u64::from(FUNCTION), DW_TAG_subprogram, false, &attributes);
            if unit.version > 2 {
                push_declaration(&mut bytes, u64::from(NO_TYPE), DW_TAG_unspecified_type, false, &[]);
            }
        }
        bytes.push(0);
        self.write_to(section);
        self.code().put_bytes(&bytes);
    }

    /// `.debug_info`
    fn write_entries(&mut self, section: u32, [abbreviations, strings]: [SymRef; 2], unit: &Unit) {
        let lines = self.section(&Wanted::plain(b".debug_line"), Told::default());
        let lines = self.sections[lines as usize].symbol;
        self.write_to(section);
        let start = self.code().settled_len();
        self.code().put(0, 4);
        self.code().put(u64::from(unit.version), 2);
        if unit.version < 5 {
            self.offset_field(abbreviations, 0);
            self.code().put(u64::from(unit.pointer), 1);
        } else {
            self.code().put(u64::from(DW_UT_compile), 1);
            self.code().put(u64::from(unit.pointer), 1);
            self.offset_field(abbreviations, 0);
        }
        self.code().put(u64::from(UNIT), 1);
        self.offset_field(lines, 0);
        match (unit.ranges, unit.covered.first()) {
            (Some((ranges, at)), _) => self.offset_field(ranges, at),
            (None, Some(covered)) => {
                self.field(Expr::symbol(covered.start), unit.pointer);
                self.end_address(covered.start, u64::from(covered.len), unit);
            }
            (None, None) => unreachable!("rows lie in a section"),
        }
        for string in unit.strings {
            self.offset_field(strings, string);
        }
        self.code().put(u64::from(DW_LANG_Mips_Assembler), 2);
        if !unit.functions.is_empty() {
            self.write_functions(start, strings, unit);
        }
        self.close_length(start);
    }

    /// `DW_AT_high_pc`
    fn end_address(&mut self, start: SymRef, size: u64, unit: &Unit) {
        if unit.version < 4 {
            self.field(Expr { offset: size as i64, ..Expr::symbol(start) }, unit.pointer);
        } else {
            self.uleb(size);
        }
    }

    /// Functions, and the type that nothing is known of, which stands behind them.
    fn write_functions(&mut self, start: u32, strings: SymRef, unit: &Unit) {
        let uleb_len = |value: u64| encode_leb128(value as i64, false).1 as u64;
        let own = |function: &Function| {
            let flag = u64::from(unit.external == External::Said);
            let pointer = u64::from(unit.pointer);
            1 + 4 + flag + pointer + if unit.version < 4 { pointer } else { uleb_len(function.size) }
        };
        let here = u64::from(self.code().settled_len() - start);
        let n = unit.functions.len() as u64;
        let fixed = here + unit.functions.iter().map(own).sum::<u64>();
        // The reference is as long as it must be, and moves what it refers to.
        let no_type = (1..).map(|len| (len, fixed + n * len)).find(|&(len, at)| uleb_len(at) <= len);
        let (len, no_type) = no_type.expect("a number has some length");
        debug_assert_eq!(uleb_len(no_type), len);
        for function in &unit.functions {
            self.code().put(u64::from(FUNCTION), 1);
            self.offset_field(strings, function.name);
            if unit.external == External::Said {
                self.code().put(u64::from(function.is_external), 1);
            }
            if unit.version > 2 {
                self.uleb(no_type);
            }
            self.field(Expr::symbol(function.symbol), unit.pointer);
            self.end_address(function.symbol, function.size, unit);
        }
        if unit.version > 2 {
            self.code().put(u64::from(NO_TYPE), 1);
        }
        self.code().put(0, 1);
    }
}
