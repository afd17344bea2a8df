//! Which symbols go along, under which name and binding, and in which order.
//!
//! The rules are GNU objcopy's. Binding and definedness decide together: an undefined symbol counts as neither global nor
//! local there, so that it goes with `--strip-unneeded` unless a relocation names it.

use super::{File, Place, Relocs, Result, Symbol, refuse, shown};
use crate::defs::{
    REL_SIZE, RELA_SIZE, SHN_ABS, SHN_COMMON, SHN_X86_64_LCOMMON, STB_GLOBAL, STB_GNU_UNIQUE, STB_LOCAL, STB_WEAK,
    STT_COMMON, STT_FILE, STT_FUNC, STT_GNU_IFUNC, STT_NOTYPE, STT_OBJECT, STT_SECTION, STV_HIDDEN, STV_INTERNAL,
};
use crate::raw::{err, u32_at};
use obj::ReadErrorKind;
use obj::copy::{AddBinding, AddKind, AddSymbol, Discard, Plan, Strip};
use std::borrow::Cow;

impl Symbol<'_> {
    fn is_common(&self) -> bool {
        matches!(self.place, Place::Reserved(SHN_COMMON | SHN_X86_64_LCOMMON))
    }

    fn is_undefined(&self) -> bool {
        self.place == Place::Undefined
    }

    /// Defined, and strong or unique.
    fn is_strong(&self) -> bool {
        matches!(self.binding, STB_GLOBAL | STB_GNU_UNIQUE) && !self.is_undefined() && !self.is_common()
    }

    /// Stands behind the local ones.
    pub fn is_global(&self) -> bool {
        self.binding != STB_LOCAL || self.is_undefined() || self.is_common()
    }
}

/// Decides about every symbol, and adds those of the plan.
pub(super) fn choose<'a>(file: &mut File<'a>, plan: &Plan) -> Result<()> {
    mark_used(file, plan)?;
    let mut symbols = std::mem::take(&mut file.symbols);
    for symbol in symbols.iter_mut().skip(1) {
        rename(symbol, plan);
        symbol.keep = is_kept(file, symbol, plan) && !is_in_dropped_section(file, symbol, plan);
        if symbol.keep {
            rebind(symbol, plan);
        }
    }
    file.symbols = symbols;
    add(file, plan)
}

/// Marks what relocations and groups that go along refer to.
fn mark_used(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    let File { sections, symbols, .. } = file;
    for section in sections.iter().filter(|section| section.keep) {
        if let Some(signature) = section.group.as_ref().and_then(|group| group.signature) {
            symbols[signature].used = true;
        }
        let Some(relocs) = &section.relocs else { continue };
        for (n, entry) in entries(relocs).enumerate() {
            match symbols.get_mut(u32_at(entry, 12) as usize) {
                Some(symbol) => symbol.used |= plan.strip != Strip::All,
                None if u32_at(entry, 12) == 0 => {}
                None => {
                    let at = section.header.offset + n as u64;
                    return Err(err::<()>(ReadErrorKind::Reloc, at).unwrap_err().into());
                }
            }
        }
    }
    Ok(())
}

/// The relocations of a section, one record each.
pub(super) fn entries<'r>(relocs: &'r Relocs<'_>) -> std::slice::ChunksExact<'r, u8> {
    relocs.data.chunks_exact(if relocs.rela { RELA_SIZE } else { REL_SIZE })
}

fn rename(symbol: &mut Symbol<'_>, plan: &Plan) {
    if let Some(new) = plan.symbols.redefine.get(&*symbol.name) {
        symbol.name = Cow::Owned(new.clone());
    }
    if !plan.symbols.prefix.is_empty() && symbol.kind != STT_SECTION {
        symbol.name = Cow::Owned([&plan.symbols.prefix[..], &symbol.name].concat());
    }
}

fn is_kept(file: &mut File<'_>, symbol: &Symbol<'_>, plan: &Plan) -> bool {
    let edits = &plan.symbols;
    let wild = plan.wildcard;
    // The symbol of a section answers to the section's name.
    let name = match symbol.place {
        Place::Section(at) if symbol.kind == STT_SECTION && symbol.name.is_empty() => file.sections[at].name.clone(),
        _ => symbol.name.clone(),
    };
    let global = symbol.is_strong() || symbol.binding == STB_WEAK;
    let mut keep = if plan.strip == Strip::All {
        false
    } else if symbol.used || (!file.linked && (global || symbol.is_common())) {
        true
    } else if global || symbol.is_undefined() || symbol.is_common() {
        plan.strip != Strip::Unneeded
    } else if matches!(symbol.kind, STT_SECTION | STT_FILE) {
        !matches!(plan.strip, Strip::Debug | Strip::Unneeded)
    } else {
        plan.strip != Strip::Unneeded
            && match plan.discard {
                Discard::Nothing => true,
                Discard::Labels => !is_label(&symbol.name),
                Discard::All => false,
            }
    };
    if keep && edits.strip.has(&name, wild) {
        if symbol.used {
            let name = shown(&name);
            file.complaints.push(format!("not stripping symbol ‘{name}’ because it is named in a relocation"));
        } else {
            keep = false;
        }
    }
    if keep && !symbol.used && edits.strip_unneeded.has(&name, wild) {
        keep = false;
    }
    keep || (edits.keep_files && symbol.kind == STT_FILE)
        || (edits.keep_sections && symbol.kind == STT_SECTION)
        || edits.keep.has(&name, wild)
}

/// Made by a compiler: `.L1`, `..x`, `_.L_x`.
fn is_label(name: &[u8]) -> bool {
    name.starts_with(b".L") || name.starts_with(b"..") || name.starts_with(b"_.L_")
}

fn is_in_dropped_section(file: &File<'_>, symbol: &Symbol<'_>, plan: &Plan) -> bool {
    match symbol.place {
        Place::Section(at) => !file.sections[at].keep,
        // Names of tables that are made anew; they go along while there is one.
        Place::Table(_) => plan.strip == Strip::All,
        // Where only some sections are copied, what is in none of them goes.
        Place::Undefined => outside(plan, b"*UND*"),
        Place::Reserved(SHN_ABS) => outside(plan, b"*ABS*"),
        Place::Reserved(SHN_COMMON) => outside(plan, b"*COM*"),
        Place::Reserved(_) => false,
    }
}

/// BFD has sections of these names for what is in none, and asks the user's rules about them as well.
fn outside(plan: &Plan, name: &[u8]) -> bool {
    let edits = &plan.sections;
    if edits.keep.has(name) {
        return false;
    }
    plan.strip == Strip::NonDwo || edits.remove.has(name) || (!edits.only.is_empty() && !edits.only.has(name))
}

fn rebind(symbol: &mut Symbol<'_>, plan: &Plan) {
    let edits = &plan.symbols;
    let wild = plan.wildcard;
    let undefined = symbol.is_undefined();
    let was = (symbol.is_strong(), symbol.binding);
    let is_plain = !matches!(symbol.kind, STT_SECTION | STT_FILE);
    if (was.0 || (undefined && was.1 == STB_GLOBAL)) && (edits.weaken_all || edits.weaken.has(&symbol.name, wild)) {
        symbol.binding = STB_WEAK;
    }
    let hidden = matches!(symbol.other & 3, STV_HIDDEN | STV_INTERNAL);
    if !undefined
        && ((was.0 && was.1 == STB_GLOBAL) || was.1 == STB_WEAK)
        && (edits.localize.has(&symbol.name, wild)
            || (!edits.keep_global.is_empty() && !edits.keep_global.has(&symbol.name, wild))
            || (edits.localize_hidden && hidden))
    {
        symbol.binding = STB_LOCAL;
    }
    if !undefined && was.1 == STB_LOCAL && is_plain && edits.globalize.has(&symbol.name, wild) {
        symbol.binding = STB_GLOBAL;
    }
    if symbol.is_common()
        && let Some(said) = edits.common_type
    {
        symbol.kind = if said { STT_COMMON } else { STT_OBJECT };
    }
    // A local symbol that is nowhere is nothing; as an undefined one it has a meaning.
    if undefined && symbol.binding == STB_LOCAL && is_plain {
        symbol.binding = STB_GLOBAL;
    }
}

fn add(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    if plan.symbols.add.is_empty() {
        return Ok(());
    }
    if file.symbols.is_empty() {
        file.symbols.push(null());
    }
    for wanted in plan.symbols.add.iter().filter(|wanted| wanted.before.is_none()) {
        let symbol = made(file, wanted)?;
        file.symbols.push(symbol);
    }
    // Behind all others in the model, so that the numbers that relocations have stay right; `write` reads the order
    // from the place of each.
    for wanted in plan.symbols.add.iter() {
        let Some(before) = &wanted.before else { continue };
        if !file.symbols.iter().any(|symbol| *symbol.name == **before) {
            return refuse(format!("‘before={}’ not found", shown(before)));
        }
        let symbol = made(file, wanted)?;
        file.symbols.push(symbol);
    }
    Ok(())
}

fn null<'a>() -> Symbol<'a> {
    Symbol {
        name: Cow::Borrowed(&[]),
        binding: STB_LOCAL,
        kind: STT_NOTYPE,
        other: 0,
        place: Place::Undefined,
        value: 0,
        size: 0,
        used: false,
        keep: false,
        out: 0,
    }
}

fn made<'a>(file: &File<'_>, wanted: &AddSymbol) -> Result<Symbol<'a>> {
    let mut value = wanted.value;
    let place = match &wanted.section {
        None => Place::Reserved(SHN_ABS),
        Some(name) => {
            let at = file.sections.iter().position(|section| section.keep && *section.name == **name);
            let Some(at) = at else { return refuse(format!("section {} not found", shown(name))) };
            if file.linked {
                value = value.wrapping_add(file.sections[at].header.addr);
            }
            Place::Section(at)
        }
    };
    let kind = match wanted.kind {
        AddKind::None => STT_NOTYPE,
        AddKind::Function => STT_FUNC,
        AddKind::Object => STT_OBJECT,
        AddKind::File => STT_FILE,
        AddKind::Section => STT_SECTION,
        AddKind::IndirectFunction => STT_GNU_IFUNC,
    };
    let binding = match wanted.binding {
        AddBinding::Local => STB_LOCAL,
        AddBinding::Global => STB_GLOBAL,
        AddBinding::Weak => STB_WEAK,
        AddBinding::Unique => STB_GNU_UNIQUE,
    };
    Ok(Symbol { name: Cow::Owned(wanted.name.clone()), binding, kind, place, value, keep: true, ..null() })
}

/// The symbols that go along, in the order of the output: local ones, then the others. An added one may have to stand
/// before another.
pub(super) fn ordered(file: &File<'_>, plan: &Plan) -> Vec<usize> {
    let mut order: Vec<usize> = (1..file.symbols.len()).filter(|&at| file.symbols[at].keep).collect();
    let n_before = plan.symbols.add.iter().filter(|wanted| wanted.before.is_some()).count();
    let first = file.symbols.len() - n_before;
    let befores = plan.symbols.add.iter().filter_map(|wanted| wanted.before.as_ref());
    for (at, before) in (first..file.symbols.len()).zip(befores) {
        order.retain(|&other| other != at);
        let place = order.iter().position(|&other| *file.symbols[other].name == **before);
        order.insert(place.unwrap_or(order.len()), at);
    }
    let (globals, mut locals): (Vec<usize>, Vec<usize>) =
        order.into_iter().partition(|&at| file.symbols[at].is_global());
    locals.extend(globals);
    locals
}
