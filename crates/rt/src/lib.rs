//! What a program needs from its compiler besides the libc: the freestanding headers of ISO C11 §4 paragraph 6, as data.
//!
//! The headers are embedded, so that `kit` is one file and finds them wherever it is put. They rest only on predefined
//! macros (`__SIZE_TYPE__`, `__LONG_MAX__`, `__FLT_MAX__`, …) and on builtins, and thus say nothing about any machine.
//! They answer the questions that a libc's headers put to the compiler's (`__need_size_t`, `__need___va_list`,
//! `_GCC_LIMITS_H_`); `tests/headers.rs` compares all of it with gcc's own.
#![forbid(unsafe_code)]

/// One header: the name between the angle brackets (behind an architecture's for its own) and its text.
#[derive(Clone, Copy, Debug)]
pub struct Header {
    pub name: &'static str,
    pub text: &'static [u8],
}

macro_rules! headers {
    ($($name:literal)+) => {
        /// Every header, ordered by name.
        pub static HEADERS: &[Header] = &[$(
            Header { name: $name, text: include_bytes!(concat!("../include/", $name)) },
        )+];
    };
}

headers! {
    "float.h" "iso646.h" "limits.h" "stdalign.h" "stdarg.h" "stdatomic.h" "stdbool.h" "stddef.h" "stdint.h"
    "stdnoreturn.h" "unwind.h" "varargs.h"
    "x86_64/cpuid.h" "x86_64/emmintrin.h" "x86_64/immintrin.h" "x86_64/mm_malloc.h" "x86_64/mmintrin.h"
    "x86_64/nmmintrin.h" "x86_64/pmmintrin.h" "x86_64/popcntintrin.h" "x86_64/smmintrin.h" "x86_64/tmmintrin.h" "x86_64/wmmintrin.h"
    "x86_64/x86gprintrin.h" "x86_64/x86intrin.h" "x86_64/xmmintrin.h"
}

/// The text of the header `name`, such as `stddef.h`; an architecture's own stand behind its name, `x86_64/emmintrin.h`.
pub fn header(name: &str) -> Option<&'static [u8]> {
    let at = HEADERS.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some(HEADERS[at].text)
}

macro_rules! sources {
    ($($name:literal)+) => {
        /// Every runtime unit, ordered by name: C that kit compiles in memory when a link needs it.
        pub static SOURCES: &[Header] = &[$(
            Header { name: $name, text: include_bytes!(concat!("../source/", $name)) },
        )+];
    };
}

sources! { "dso.c" "dso_shared.c" "fault.c" }

/// The text of the runtime unit `name`.
pub fn source(name: &str) -> Option<&'static [u8]> {
    let at = SOURCES.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some(SOURCES[at].text)
}
