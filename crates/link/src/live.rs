//! Phase 3, live: which sections are in the output. Without `--gc-sections` all that nobody excluded; with it those that
//! are reached from the entry, the exports and what must be kept.
//!
//! An unwind record does not keep its function alive, the function keeps the record's language data and personality.

use crate::frames;
use crate::load::{ObjId, ObjectInput, SectionFate};
use crate::symbols::{Def, GlobalFlags, GlobalId};
use crate::{Link, Target, parallel};
use base::ids::Id;
use obj::{SectionFlags, SectionId, SectionKind, SymbolDef};

/// Gives every section its first fate; `merge` and `frames` refine the live ones.
pub(crate) fn mark(link: &mut Link<'_>) {
    let (options, format, threads) = (link.options, link.format, link.threads);
    let gc = options.gc_sections;
    parallel::for_each(threads, link.objects.as_mut_slice(), |input| {
        for (id, section) in input.object.sections.enumerated() {
            let fate = &mut input.fates[id];
            if *fate != SectionFate::Dead {
                continue;
            }
            if format.rule(section, options).drop {
                *fate = SectionFate::Ignored;
            } else if !gc || !section.flags.has(SectionFlags::ALLOC) {
                *fate = SectionFate::Live;
            }
        }
    });
    frames::parse(link);
    if gc {
        collect_garbage(link);
    }
}

fn ordered_sections(input: &ObjectInput<'_>) -> Vec<(SectionId, SectionId)> {
    let sections = input.object.sections.enumerated();
    let ordered = sections.filter(|(_, section)| section.flags.has(SectionFlags::LINK_ORDER));
    ordered.map(|(id, section)| (section.link_order, id)).collect()
}

struct Marker<'a, 'l> {
    link: &'l mut Link<'a>,
    work: Vec<(ObjId, SectionId)>,
    /// Per object: sections that are ordered after another and come with it, as (other, section).
    ordered: Vec<Vec<(SectionId, SectionId)>>,
}

fn collect_garbage(link: &mut Link<'_>) {
    let roots = root_symbols(link);
    let ordered = link.objects.iter().map(ordered_sections).collect();
    let mut marker = Marker { link, work: Vec::new(), ordered };
    for global in roots {
        marker.global(global);
    }
    marker.kept_sections();
    marker.run();
    if marker.link.options.print_gc_sections {
        report(marker.link);
    }
}

/// Names that something outside may use.
fn root_symbols(link: &Link<'_>) -> Vec<GlobalId> {
    let options = link.options;
    let wanted = |name: &str| link.globals.find_name(name.as_bytes());
    let mut roots: Vec<GlobalId> = link.entry.into_iter().collect();
    roots.extend(options.undefined.iter().chain(&link.files.externs).filter_map(|name| wanted(name)));
    roots.extend([&options.init, &options.fini].into_iter().filter_map(|name| wanted(name)));
    let exports = crate::exports::ExportRules::new(link);
    for (id, global) in link.globals.items.enumerated() {
        if exports.keeps(link, global) {
            roots.push(id);
        }
    }
    roots
}

impl Marker<'_, '_> {
    fn kept_sections(&mut self) {
        for obj in self.link.objects.ids() {
            let input = &self.link.objects[obj];
            for (id, section) in input.object.sections.enumerated() {
                if input.fates[id] != SectionFate::Dead {
                    continue;
                }
                let keep = match section.kind {
                    SectionKind::InitArray | SectionKind::FiniArray | SectionKind::PreinitArray => true,
                    // Frame records follow their functions; the section itself is always looked at.
                    SectionKind::Unwind => true,
                    SectionKind::Note => section.group.is_none(),
                    SectionKind::Progbits | SectionKind::Nobits | SectionKind::Other(_) => false,
                };
                if keep
                    || section.flags.has(SectionFlags::RETAIN)
                    || self.link.format.rule(section, self.link.options).keep
                {
                    self.work.push((obj, id));
                }
            }
        }
        // Debug and other unallocated sections are copied but keep nothing alive.
    }

    fn run(&mut self) {
        while let Some((obj, section)) = self.work.pop() {
            self.section(obj, section);
        }
    }

    fn section(&mut self, obj: ObjId, id: SectionId) {
        let input = &mut self.link.objects[obj];
        if input.fates[id] != SectionFate::Dead {
            return;
        }
        input.fates[id] = SectionFate::Live;
        let section = &input.object.sections[id];
        if let Some(group) = section.group.some() {
            self.work.extend(input.object.groups[group].sections.iter().map(|&other| (obj, other)));
        }
        if section.kind != SectionKind::Unwind {
            let atoms = section.atoms.start.0..section.atoms.end.0;
            for atom in atoms {
                self.relocs(obj, self.link.objects[obj].object.atoms[obj::AtomId(atom)].relocs.clone());
            }
        }
        // Sections that describe this one by order of link come with it.
        let with = self.ordered[obj.index()].iter().filter(|(other, _)| *other == id);
        self.work.extend(with.map(|&(_, section)| (obj, section)));
        for range in frames::relocs_of_section(self.link, obj, id) {
            self.relocs(obj, range);
        }
    }

    fn relocs(&mut self, obj: ObjId, range: std::ops::Range<u32>) {
        for idx in range {
            let target = self.link.objects[obj].object.relocs[idx as usize].target;
            match self.link.target(obj, target) {
                Target::Atom(atom) => {
                    let section = self.link.objects[obj].object.atoms[atom].section;
                    self.work.push((obj, section));
                }
                Target::Local(sym) => {
                    let input = &self.link.objects[obj];
                    if let SymbolDef::Atom(atom) = input.object.symbols[sym].def {
                        self.work.push((obj, input.object.atoms[atom].section));
                    }
                }
                Target::Global(global) => self.global(global),
            }
        }
    }

    fn global(&mut self, id: GlobalId) {
        if let Some((obj, atom, _)) = self.link.defining_atom(id) {
            let section = self.link.objects[obj].object.atoms[atom].section;
            self.work.push((obj, section));
            return;
        }
        let global = &mut self.link.globals[id];
        if global.def != Def::Undefined || global.is(GlobalFlags::REPORTED) {
            return;
        }
        let name = global.name;
        let suffix = name.strip_prefix(b"__start_").or_else(|| name.strip_prefix(b"__stop_"));
        let Some(suffix) = suffix.filter(|_| !self.link.options.z.start_stop_gc) else { return };
        global.flags.set(GlobalFlags::REPORTED);
        for (obj, input) in self.link.objects.enumerated() {
            for (section, entry) in input.object.sections.enumerated() {
                if *entry.name == *suffix {
                    self.work.push((obj, section));
                }
            }
        }
        self.link.globals[id].flags.clear(GlobalFlags::REPORTED);
    }
}

/// Says what was dropped, as `--print-gc-sections` does.
fn report(link: &mut Link<'_>) {
    let mut lines = Vec::new();
    for (obj, input) in link.objects.enumerated() {
        for (id, section) in input.object.sections.enumerated() {
            if input.fates[id] == SectionFate::Dead {
                let name = crate::error::show(&section.name);
                lines.push(format!("removing unused section '{name}' in file '{}'", link.object_name(obj)));
            }
        }
    }
    link.warnings.extend(lines);
}
