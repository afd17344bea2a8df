//! Which sections go: what the user named, debug information, groups whose members are all gone; and whose relocations.

use super::{File, Result, Role, Section, refuse, shown};
use crate::defs::{REL_SIZE, RELA_SIZE, SHF_GROUP};
use crate::raw::u32_at;
use obj::copy::{Discard, Plan, Strip};
use std::borrow::Cow;

/// Clears `keep` of what goes.
pub(super) fn select(file: &mut File<'_>, plan: &Plan) -> Result<()> {
    for at in 0..file.sections.len() {
        let section = &file.sections[at];
        if section.keep && section.group.is_none() && is_stripped(section, plan)? {
            file.sections[at].keep = false;
        }
    }
    for at in 0..file.sections.len() {
        if file.sections[at].keep && group_is_stripped(file, at, plan)? {
            file.sections[at].keep = false;
        }
    }
    leave_groups(file);
    Ok(())
}

/// True when a section that is no group goes.
fn is_stripped(section: &Section<'_>, plan: &Plan) -> Result<bool> {
    let name = &*section.old_name;
    let edits = &plan.sections;
    if edits.keep.has(name) {
        return Ok(false);
    }
    let removed = edits.remove.has(name);
    let wanted = edits.only.has(name);
    if removed && wanted {
        return refuse(format!("section {} matches both remove and copy options", shown(name)));
    }
    if removed && edits.update.iter().any(|(updated, _)| updated == name) {
        return refuse(format!("section {} matches both update and remove options", shown(name)));
    }
    if removed || (!edits.only.is_empty() && !wanted) {
        return Ok(true);
    }
    let is_dwo = name.len() > 4 && name.ends_with(b".dwo");
    if plan.strip == Strip::NonDwo {
        return Ok(!is_dwo);
    }
    Ok(section.is_debug()
        && match plan.strip {
            Strip::Debug | Strip::Unneeded | Strip::All => true,
            Strip::Dwo => is_dwo || plan.discard == Discard::All,
            Strip::Nothing | Strip::NonDebug | Strip::NonDwo => plan.discard == Discard::All,
        })
}

/// A group goes with its signature, and when all its members do.
fn group_is_stripped(file: &File<'_>, at: usize, plan: &Plan) -> Result<bool> {
    let section = &file.sections[at];
    let Some(group) = &section.group else { return Ok(false) };
    if is_stripped(section, plan)? {
        return Ok(true);
    }
    let Some(signature) = group.signature else { return Ok(true) };
    let name = &*file.symbols[signature].name;
    let stripped = plan.strip == Strip::All && !plan.symbols.keep.has(name, plan.wildcard);
    if stripped || plan.symbols.strip.has(name, plan.wildcard) {
        return Ok(true);
    }
    let is_kept = |&member: &u32| matches!(file.roles[member as usize], Role::Section(at) if file.sections[at].keep);
    Ok(!group.members.iter().any(is_kept))
}

/// Members of groups that are gone are ordinary sections.
fn leave_groups(file: &mut File<'_>) {
    let mut members = vec![false; file.sections.len()];
    for section in file.sections.iter().filter(|section| section.keep) {
        for &member in section.group.iter().flat_map(|group| &group.members) {
            if let Role::Section(at) = file.roles[member as usize] {
                members[at] = true;
            }
        }
    }
    if file.linked {
        return;
    }
    for (section, _) in file.sections.iter_mut().zip(members).filter(|(_, member)| !member) {
        section.header.flags &= !SHF_GROUP;
        if let Some(relocs) = &mut section.relocs {
            relocs.in_group = false;
        }
    }
}

/// Takes the relocations away that do not go along. The symbols are decided by then: without a symbol table only what
/// refers to a symbol that the user keeps has a meaning.
pub(super) fn drop_relocs(file: &mut File<'_>, plan: &Plan) {
    let symbols = &file.symbols;
    let named = |entry: &[u8]| {
        let symbol = symbols.get(u32_at(entry, 12) as usize);
        symbol.is_some_and(|symbol| plan.symbols.keep.has(&symbol.name, plan.wildcard))
    };
    for section in &mut file.sections {
        let dropped = plan.strip == Strip::NonDwo || plan.sections.remove_relocs.has(&section.old_name);
        let Some(relocs) = &mut section.relocs else { continue };
        if plan.strip == Strip::All && !dropped {
            let size = if relocs.rela { RELA_SIZE } else { REL_SIZE };
            let kept: Vec<u8> =
                relocs.data.chunks_exact(size).filter(|entry| named(entry)).flatten().copied().collect();
            relocs.data = Cow::Owned(kept);
        }
        if dropped || (plan.strip == Strip::All && relocs.data.is_empty()) {
            section.relocs = None;
        }
    }
}
