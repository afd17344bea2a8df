//! A link of one object among placements that an earlier link left: just enough of [`Link`] for `scan` and `apply` to do
//! with a changed atom what they would do in a full link. There is no second set of rules.

use crate::facets::{ArchLink, Format};
use crate::files::{File, Files};
use crate::load::{ObjId, Place, SectionFate, SharedId, make_input};
use crate::place::{OutId, OutSection, Synth, SynthContent, TlsBlock};
use crate::slots::{Copied, LocalSlot, Owner, PltEntry, Slot};
use crate::state::{
    AtomFate, AtomRec, DefKind, IndexRec, LocalRec, NONE, ObjectRec, READ_ONLY_COPY, Region, SLOT_CANONICAL,
    SectionRec, SlotFields, State, SymbolRec, Unusable,
};
use crate::symbols::{Def, GlobalFlags, GlobalId, SynthId};
use crate::{FileKind, Link, Options, frames};
use base::ids::{Id, IdVec};
use base::io::FileBytes;
use obj::{AtomId, Object, RelocTargetKind, SectionFlags, SectionKind, SymId, Visibility};
use std::collections::HashMap;

/// The object of such a link.
pub(crate) const OBJECT: ObjId = ObjId(0);

/// A link of one object.
pub(crate) struct Restored<'a> {
    pub link: Link<'a>,
    /// Number in the state of each of its globals.
    pub numbers: IdVec<GlobalId, u32>,
}

/// A file list of one entry, for messages.
pub(crate) fn one_file(name: &str) -> Files {
    let bytes = FileBytes::from_vec(Vec::new());
    let file = File {
        name: name.into(),
        path: None,
        bytes,
        kind: FileKind::Object,
        object: None,
        from_search: false,
        thin: Vec::new(),
    };
    let mut files = Files::default();
    files.list.push(file);
    files
}

/// Parts that do not depend on the object.
pub(crate) struct Frame<'a> {
    pub options: &'a Options,
    pub format: &'a dyn Format,
    pub arch: &'static ArchLink,
    pub files: &'a Files,
}

/// Restores what the relocations of `atoms` and of the object's unwind records refer to.
pub(crate) fn restore<'a>(
    frame: &Frame<'a>,
    state: &State,
    record: &ObjectRec,
    atom_records: &[AtomRec],
    object: Object<'a>,
    atoms: &[AtomId],
    (order, ranks): (&[SymId], &IdVec<SymId, u32>),
) -> Result<Restored<'a>, Unusable> {
    let mut link = Link::new(frame.files, frame.options, frame.format, frame.arch, &[]);
    restore_tables(&mut link, state)?;
    let mut input = make_input(object, 0, None);
    for (atom, left) in input.object.atoms.ids().zip(atom_records) {
        let section = input.object.atoms[atom].section;
        let (fate, place) = match left.fate {
            AtomFate::PLACED | AtomFate::REVERSED => {
                let out = left.section;
                (SectionFate::Live, Place { section: out, offset: left.offset })
            }
            // Records are cut anew, which wants a section that is alive.
            AtomFate::FRAMES => (SectionFate::Live, Place { section: Place::CUT, offset: 0 }),
            AtomFate::READ => (SectionFate::Ignored, Place::dropped()),
            _ => (SectionFate::Discarded, Place::dropped()),
        };
        if place.section < Place::CUT && place.section as usize >= link.sections.len() {
            return Err(Unusable::Corrupt("section of an atom"));
        }
        input.fates[section] = fate;
        input.places[atom] = place;
    }
    for local in state.range::<LocalRec>(Region::Locals, record.locals)? {
        let slot = slot(&local.slot);
        let symbol = *order.get(local.symbol as usize).ok_or(Unusable::Corrupt("a symbol"))?;
        input.local_slots.push(LocalSlot { symbol, needs: 0, slot });
    }
    input.local_slots.sort_unstable_by_key(|local| local.symbol);
    let mut numbers = IdVec::new();
    let mut known: HashMap<u32, GlobalId> = HashMap::new();
    for sym in mentioned(&input.object, atoms) {
        let number: IndexRec = state.record(Region::Globals, u64::from(record.globals[0]) + u64::from(ranks[sym]))?;
        if number.value == NONE {
            continue;
        }
        let id = match known.get(&number.value) {
            Some(&id) => id,
            None => {
                let left: SymbolRec = state.record(Region::Symbols, u64::from(number.value))?;
                let id = add_global(&mut link, &left)?;
                numbers.push(number.value);
                known.insert(number.value, id);
                id
            }
        };
        input.globals[sym.index()] = id;
    }
    link.objects.push(input);
    let frames = frames::parse_object(&link, OBJECT).map_err(|_| Unusable::Corrupt("unwind records"))?;
    link.frames.sections.push(frames);
    Ok(Restored { link, numbers })
}

/// Symbols that relocations of `atoms` refer to, each once.
fn mentioned(object: &Object<'_>, atoms: &[AtomId]) -> Vec<SymId> {
    let relocs = atoms.iter().flat_map(|&atom| object.atom_relocs(atom));
    let symbols = relocs.filter_map(|reloc| match reloc.target.kind() {
        RelocTargetKind::Symbol(sym) => Some(sym),
        RelocTargetKind::Atom(_) => None,
    });
    let mut symbols: Vec<SymId> = symbols.collect();
    symbols.sort_unstable();
    symbols.dedup();
    symbols
}

fn add_global(link: &mut Link<'_>, left: &SymbolRec) -> Result<GlobalId, Unusable> {
    let id = link.globals.add_unnamed();
    let global = &mut link.globals[id];
    global.flags = GlobalFlags(left.flags);
    global.def = match left.def {
        DefKind::UNDEFINED => Def::Undefined,
        DefKind::SHARED => Def::Shared { lib: SharedId(0), sym: 0 },
        // Where it is defined no longer matters: it has a value.
        DefKind::OBJECT | DefKind::OTHER => Def::Absolute(left.value),
        DefKind::LEFT_OUT => return Err(Unusable::LeftOut),
        _ => return Err(Unusable::Corrupt("a symbol")),
    };
    global.visibility = match left.visibility {
        0 => Visibility::Default,
        1 => Visibility::Protected,
        2 => Visibility::Hidden,
        _ => Visibility::Internal,
    };
    link.values.push(left.value);
    *link.slots.slot_mut(id) = slot(&left.slot);
    Ok(id)
}

fn slot(fields: &SlotFields) -> Slot {
    let of = |idx: usize| Some(fields[idx]).filter(|&value| value != NONE);
    Slot {
        got: of(0),
        got_tp: of(1),
        tls_gd: of(2),
        tls_desc: of(3),
        plt: of(4),
        direct: of(5),
        copy: of(6).map(|copy| Copied { read_only: copy & READ_ONLY_COPY != 0, offset: copy & !READ_ONLY_COPY }),
        canonical: fields[7] & SLOT_CANONICAL != 0,
    }
}

/// No image reaches further; sums of such numbers do not overflow.
const MAX_ADDRESS: u64 = 1 << 60;

/// Sections, tables and the thread-local block as they were placed.
fn restore_tables(link: &mut Link<'_>, state: &State) -> Result<(), Unusable> {
    let header = &state.header;
    let n_sections = state.count(Region::Sections);
    let tables = header.tables.into_iter().filter(|&address| address != u64::MAX);
    let align = header.tls[4];
    if tables.chain(header.tls).any(|number| number > MAX_ADDRESS) || align != 0 && !align.is_power_of_two() {
        return Err(Unusable::Corrupt("tables"));
    }
    for left in state.records::<SectionRec>(Region::Sections, 0, n_sections)? {
        // No section is larger than the file unless it has no bytes there.
        let too_large = left.zero == 0 && left.size > header.output[2];
        if too_large || [left.address, left.file_offset, left.size].into_iter().any(|number| number > MAX_ADDRESS) {
            return Err(Unusable::Corrupt("a section"));
        }
        link.sections.push(OutSection {
            name: Vec::new(),
            kind: if left.zero != 0 { SectionKind::Nobits } else { SectionKind::Progbits },
            flags: SectionFlags(left.flags),
            rank: 0,
            relro: false,
            align: 1,
            entry_size: 0,
            members: Vec::new(),
            address: left.address,
            file_offset: left.file_offset,
            size: left.size,
            index: 0,
            in_image: true,
            listed: true,
            zero: left.zero != 0,
        });
    }
    // Tables are known by address: a section at 0 makes every offset one.
    let anchor = link.sections.push(OutSection {
        name: Vec::new(),
        kind: SectionKind::Progbits,
        flags: SectionFlags::NONE,
        rank: 0,
        relro: false,
        align: 1,
        entry_size: 0,
        members: Vec::new(),
        address: 0,
        file_offset: 0,
        size: 0,
        index: 0,
        in_image: false,
        listed: false,
        zero: true,
    });
    let table = |link: &mut Link<'_>, address: u64| -> Option<SynthId> {
        let place = Place { section: anchor.0, offset: address };
        let synth = Synth { content: SynthContent::Zero, size: 0, align: 1, place, section: anchor };
        (address != u64::MAX).then(|| link.synths.push(synth))
    };
    let [got, got_plt, plt, direct] = header.tables;
    link.slots.got = table(link, got);
    link.slots.got_plt = table(link, got_plt);
    link.slots.plt_synth = table(link, plt);
    link.slots.direct_synth = table(link, direct);
    link.slots.own_module = Some(header.own_module).filter(|&word| word != NONE);
    if header.lazy != 0 {
        // One entry that is bound lazily is what makes the PLT begin with a header.
        link.slots.plt.push(PltEntry { owner: Owner::Local(OBJECT, SymId(0)), indirect: false });
    }
    let [address, file_offset, file_size, size, align] = header.tls;
    link.tls = TlsBlock { address, file_offset, file_size, size, align };
    if header.frames_section != NONE {
        if u64::from(header.frames_section) >= n_sections {
            return Err(Unusable::Corrupt("section of unwind records"));
        }
        link.frames.out = Some(OutId(header.frames_section));
    }
    Ok(())
}
