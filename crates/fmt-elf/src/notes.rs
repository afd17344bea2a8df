//! What an object says of itself beside code and data: `.comment`, `.note.gnu.property`, `.note.GNU-stack`.
//! Linux extensions to the gABI ("GNU property notes"); x86-64 psABI 3.1.2 for the feature bits.

use base::Id;
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{GroupId, SectionFlags, SectionKind};

/// What is said. Honest: a feature is claimed only when all code of the object has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct Notes<'n> {
    /// Name and version of the compiler, for `.comment`.
    pub producer: Option<&'n str>,
    /// Code runs on the stack (trampolines): the process needs an executable one.
    pub executable_stack: bool,
    /// Property type and value of a set of features all code has, as (`GNU_PROPERTY_X86_FEATURE_1_AND`, bits).
    pub features: Option<(u32, u32)>,
}

const NT_GNU_PROPERTY_TYPE_0: u32 = 5;

/// Adds the sections, in the order in which gcc and GNU as write them.
pub fn add_notes(builder: &mut ObjectBuilder, notes: &Notes<'_>) {
    let group = GroupId::NONE;
    if let Some(producer) = notes.producer {
        let flags = SectionFlags::MERGE.with(SectionFlags::STRINGS);
        let spec = SectionSpec { name: b".comment", kind: SectionKind::Progbits, flags, entry_size: 1, group };
        let section = builder.section(spec, 0);
        // An empty string first, as GNU as has it.
        builder.add_atom(section, 1, format!("\0{producer}\0").as_bytes());
    }
    let flags = if notes.executable_stack { SectionFlags::EXEC } else { SectionFlags::NONE };
    builder.section(SectionSpec::progbits(b".note.GNU-stack", flags), 0);
    if let Some((property, bits)) = notes.features {
        let name = b".note.gnu.property";
        let spec = SectionSpec { name, kind: SectionKind::Note, flags: SectionFlags::ALLOC, entry_size: 0, group };
        let section = builder.section(spec, 0);
        let mut note = Vec::new();
        for word in [4, 16, NT_GNU_PROPERTY_TYPE_0] {
            note.extend_from_slice(&u32::to_le_bytes(word));
        }
        note.extend_from_slice(b"GNU\0");
        for word in [property, 4, bits, 0] {
            note.extend_from_slice(&word.to_le_bytes());
        }
        builder.add_atom(section, 8, &note);
    }
}
