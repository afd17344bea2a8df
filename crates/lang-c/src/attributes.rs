//! GNU attributes as facts: one row a name, collected into one flat value per declaration.
//!
//! A row says what an attribute does to [`Attributes`]; those that only tune optimisation or warnings are rows that do
//! nothing. What is not in the table gets `-Wattributes`.

use crate::ast::Visibility;
use base::Name;
use base::ids::Id;

/// What an attribute's arguments are and what it sets.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Kind {
    /// Sets a flag; arguments, if any, are skipped.
    Flag(u32),
    /// A hint: without effect here, and none is missed.
    Ignored,
    /// Skipped too, but what it asks for does not happen: `__has_attribute` says no.
    Skipped,
    /// `aligned`, `aligned(n)`.
    Aligned,
    /// `section("name")`.
    Section,
    Alias,
    Ifunc,
    Symver,
    Visibility,
    /// `constructor`, `constructor(priority)`.
    Constructor,
    Destructor,
    Cleanup,
    Mode,
    VectorSize,
    /// `format(printf, 1, 2)`.
    Format,
    /// `nonnull`, `nonnull(1, 2)`.
    Nonnull,
    /// Known and needed, but not there yet: an error.
    Unsupported,
}

/// `format(kind, number, first)`: how the string in argument `number` (from 1) is to be read; the arguments that it asks for
/// begin at `first`, 0 for a `va_list`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Format {
    pub kind: FormatKind,
    pub number: u8,
    pub first: u8,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FormatKind {
    Printf,
    Scanf,
    Strftime,
    Strfmon,
}

/// Flags of [`Attributes`].
pub mod flag {
    pub const PACKED: u32 = 1;
    pub const WEAK: u32 = 1 << 1;
    pub const NORETURN: u32 = 1 << 2;
    pub const UNUSED: u32 = 1 << 3;
    pub const USED: u32 = 1 << 4;
    pub const RETURNS_TWICE: u32 = 1 << 5;
    pub const GNU_INLINE: u32 = 1 << 6;
    pub const ALWAYS_INLINE: u32 = 1 << 7;
    pub const NOINLINE: u32 = 1 << 8;
    pub const TRANSPARENT_UNION: u32 = 1 << 9;
    pub const COMMON: u32 = 1 << 10;
    pub const NO_COMMON: u32 = 1 << 11;
    pub const DEPRECATED: u32 = 1 << 12;
    pub const WARN_UNUSED_RESULT: u32 = 1 << 13;
    pub const FALLTHROUGH: u32 = 1 << 14;
    pub const WEAKREF: u32 = 1 << 15;
}

/// Everything attributes said about one declaration or type.
#[derive(Clone, Copy, Debug)]
pub struct Attributes {
    pub flags: u32,
    /// In bytes; 0 for none.
    pub align: u32,
    pub section: Name,
    pub alias: Name,
    pub ifunc: Name,
    /// Names with versions, separated by commas.
    pub symver: Name,
    pub visibility: Option<Visibility>,
    pub constructor: Option<u16>,
    pub destructor: Option<u16>,
    /// The cleanup function.
    pub cleanup: Name,
    /// The machine mode's name.
    pub mode: Name,
    /// In bytes; 0 for none.
    pub vector_size: u32,
    pub format: Option<Format>,
    /// `nonnull`: bit n for parameter n (from 0).
    pub nonnull: u64,
}

impl Attributes {
    pub const NONE: Attributes = Attributes {
        flags: 0,
        align: 0,
        section: <Name as Id>::NONE,
        alias: <Name as Id>::NONE,
        ifunc: <Name as Id>::NONE,
        symver: <Name as Id>::NONE,
        visibility: None,
        constructor: None,
        destructor: None,
        cleanup: <Name as Id>::NONE,
        mode: <Name as Id>::NONE,
        vector_size: 0,
        format: None,
        nonnull: 0,
    };

    pub fn has(&self, flag: u32) -> bool {
        self.flags & flag != 0
    }

    /// Adds what `other` says.
    pub fn merge(&mut self, other: &Attributes) {
        self.flags |= other.flags;
        self.align = self.align.max(other.align);
        let take = |mine: &mut Name, theirs: Name| {
            if theirs.some().is_some() {
                *mine = theirs;
            }
        };
        take(&mut self.section, other.section);
        take(&mut self.alias, other.alias);
        take(&mut self.ifunc, other.ifunc);
        take(&mut self.symver, other.symver);
        take(&mut self.cleanup, other.cleanup);
        take(&mut self.mode, other.mode);
        self.visibility = other.visibility.or(self.visibility);
        self.constructor = other.constructor.or(self.constructor);
        self.destructor = other.destructor.or(self.destructor);
        self.vector_size = self.vector_size.max(other.vector_size);
        self.format = other.format.or(self.format);
        self.nonnull |= other.nonnull;
    }
}

/// The kind of an attribute by its name without surrounding underscores.
pub fn find(name: &[u8]) -> Option<Kind> {
    let row = ATTRIBUTES.binary_search_by(|row| row.0.as_bytes().cmp(name)).ok()?;
    Some(ATTRIBUTES[row].1)
}

/// The flags that an attribute of the standard sets (C23 6.7.13.2 and further); `None`: there is none of this name.
pub fn standard(name: &[u8]) -> Option<u32> {
    Some(match name {
        b"deprecated" => flag::DEPRECATED,
        b"nodiscard" => flag::WARN_UNUSED_RESULT,
        b"maybe_unused" => flag::UNUSED,
        b"fallthrough" => flag::FALLTHROUGH,
        b"noreturn" | b"_Noreturn" => flag::NORETURN,
        b"unsequenced" | b"reproducible" => 0,
        _ => return None,
    })
}

/// What `__has_c_attribute` answers for an attribute without a prefix, a date as in the standard.
pub fn standard_date(name: &str) -> u32 {
    match name {
        "fallthrough" | "deprecated" | "nodiscard" | "maybe_unused" | "noreturn" | "_Noreturn" => 202_311,
        _ => 0,
    }
}

/// What `__has_attribute` answers.
pub fn is_implemented(name: &str) -> bool {
    !matches!(find(name.as_bytes()), None | Some(Kind::Skipped | Kind::Unsupported))
}

/// Names without `__`, sorted.
pub static ATTRIBUTES: &[(&str, Kind)] = &[
    ("access", Kind::Ignored),
    ("alias", Kind::Alias),
    ("aligned", Kind::Aligned),
    ("alloc_align", Kind::Ignored),
    ("alloc_size", Kind::Ignored),
    ("always_inline", Kind::Flag(flag::ALWAYS_INLINE)),
    ("artificial", Kind::Ignored),
    ("assume_aligned", Kind::Ignored),
    ("cleanup", Kind::Cleanup),
    ("cold", Kind::Ignored),
    ("common", Kind::Flag(flag::COMMON)),
    ("const", Kind::Ignored),
    ("constructor", Kind::Constructor),
    ("copy", Kind::Skipped),
    ("deprecated", Kind::Flag(flag::DEPRECATED)),
    ("designated_init", Kind::Ignored),
    ("destructor", Kind::Destructor),
    ("error", Kind::Skipped),
    ("externally_visible", Kind::Flag(flag::USED)),
    ("fallthrough", Kind::Flag(flag::FALLTHROUGH)),
    ("fd_arg", Kind::Ignored),
    ("flatten", Kind::Ignored),
    ("format", Kind::Format),
    ("format_arg", Kind::Ignored),
    ("gcc_struct", Kind::Ignored),
    ("gnu_inline", Kind::Flag(flag::GNU_INLINE)),
    ("hot", Kind::Ignored),
    ("ifunc", Kind::Ifunc),
    ("interrupt", Kind::Unsupported),
    ("leaf", Kind::Ignored),
    ("malloc", Kind::Ignored),
    ("may_alias", Kind::Ignored),
    ("mode", Kind::Mode),
    ("ms_abi", Kind::Unsupported),
    ("ms_struct", Kind::Unsupported),
    ("naked", Kind::Unsupported),
    ("no_icf", Kind::Ignored),
    ("no_instrument_function", Kind::Ignored),
    ("no_profile_instrument_function", Kind::Ignored),
    ("no_reorder", Kind::Ignored),
    ("no_sanitize", Kind::Ignored),
    ("no_sanitize_address", Kind::Ignored),
    ("no_sanitize_thread", Kind::Ignored),
    ("no_sanitize_undefined", Kind::Ignored),
    ("no_split_stack", Kind::Ignored),
    ("no_stack_protector", Kind::Ignored),
    ("noclone", Kind::Ignored),
    ("nocommon", Kind::Flag(flag::NO_COMMON)),
    ("noinline", Kind::Flag(flag::NOINLINE)),
    ("noipa", Kind::Flag(flag::NOINLINE)),
    ("nonnull", Kind::Nonnull),
    ("nonstring", Kind::Ignored),
    ("noplt", Kind::Ignored),
    ("noreturn", Kind::Flag(flag::NORETURN)),
    ("nothrow", Kind::Ignored),
    ("optimize", Kind::Skipped),
    ("packed", Kind::Flag(flag::PACKED)),
    ("pure", Kind::Ignored),
    ("returns_nonnull", Kind::Ignored),
    ("returns_twice", Kind::Flag(flag::RETURNS_TWICE)),
    ("scalar_storage_order", Kind::Unsupported),
    ("section", Kind::Section),
    ("sentinel", Kind::Ignored),
    ("simd", Kind::Skipped),
    ("stack_protect", Kind::Skipped),
    ("symver", Kind::Symver),
    ("sysv_abi", Kind::Ignored),
    ("tainted_args", Kind::Ignored),
    ("target", Kind::Skipped),
    ("target_clones", Kind::Skipped),
    ("tls_model", Kind::Ignored),
    ("transparent_union", Kind::Flag(flag::TRANSPARENT_UNION)),
    ("unavailable", Kind::Skipped),
    ("unused", Kind::Flag(flag::UNUSED)),
    ("used", Kind::Flag(flag::USED)),
    ("vector_size", Kind::VectorSize),
    ("visibility", Kind::Visibility),
    ("warn_if_not_aligned", Kind::Ignored),
    ("warn_unused_result", Kind::Flag(flag::WARN_UNUSED_RESULT)),
    ("warning", Kind::Skipped),
    ("weak", Kind::Flag(flag::WEAK)),
    ("weakref", Kind::Flag(flag::WEAKREF)),
    ("zero_call_used_regs", Kind::Skipped),
];

#[cfg(test)]
mod tests {
    #[test]
    fn the_table_is_sorted_and_found() {
        assert!(super::ATTRIBUTES.windows(2).all(|w| w[0].0 < w[1].0));
        for row in super::ATTRIBUTES {
            assert_eq!(super::find(row.0.as_bytes()), Some(row.1));
        }
    }
}
