//! The macro tables of one target, for tests and the bench: what the host hands to [`lang_c::options::Options`].

use lang_c::options::MacroTable;

/// All tables of that target, most general first.
pub fn tables() -> Vec<MacroTable> {
    use lang_c::pp::predefined::{ELF_LINUX, GNU_LIBRARY, IEEE_FLOATS, LONG_DOUBLE_X87, LP64};
    vec![LP64, IEEE_FLOATS, LONG_DOUBLE_X87, ELF_LINUX, GNU_LIBRARY, arch_x86_64::macros::MACROS]
}
