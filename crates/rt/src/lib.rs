//! What a program needs from its compiler besides the libc, as data: the freestanding headers of ISO C11 §4 paragraph 6, and
//! the C of the runtime library, which kit compiles when a link needs it.
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
    "float.h" "iso646.h" "kit/assert.h" "kit/backtrace.h" "limits.h" "stdalign.h" "stdarg.h" "stdatomic.h" "stdbool.h" "stddef.h" "stdint.h"
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

/// A unit of the runtime library: what it defines, and the definitions of macros that it is compiled with. Some sources are
/// several units, one for each type.
#[derive(Clone, Copy, Debug)]
pub struct Unit {
    /// Its name within the library.
    pub name: &'static str,
    /// The file in [`SOURCES`].
    pub source: &'static str,
    /// `NAME` or `NAME=TEXT`.
    pub macros: &'static [&'static str],
    /// What a link can need it for.
    pub symbols: &'static [&'static str],
}

macro_rules! units {
    ($($name:literal = $source:literal [$($macro:literal)*] : $($symbol:literal)+;)+) => {
        /// The runtime library: a unit is compiled when a link leaves one of its symbols undefined. Names and meanings are
        /// those of gcc's runtime library ("GCC Internals", chapter "The GCC low-level runtime library") and of libatomic.
        pub static UNITS: &[Unit] = &[$(
            Unit { name: $name, source: $source, macros: &[$($macro),*], symbols: &[$($symbol),+] },
        )+];
    };
}

units! {
    "divti.o" = "int128.c" ["DIVISION"]:
        "__divti3" "__modti3" "__udivti3" "__umodti3" "__divmodti4" "__udivmodti4";
    "intti.o" = "int128.c" ["ARITHMETIC"]:
        "__multi3" "__negti2" "__ashlti3" "__ashrti3" "__lshrti3" "__cmpti2" "__ucmpti2";
    "ovfti.o" = "int128.c" ["OVERFLOW"]:
        "__mulodi4" "__muloti4" "__addvsi3" "__addvdi3" "__addvti3" "__subvsi3" "__subvdi3" "__subvti3" "__mulvsi3"
        "__mulvdi3" "__mulvti3" "__negvsi2" "__negvdi2" "__negvti2" "__absvsi2" "__absvdi2" "__absvti2";
    "bits.o" = "int128.c" ["BITS"]:
        "__clzsi2" "__clzdi2" "__clzti2" "__ctzsi2" "__ctzdi2" "__ctzti2" "__ffssi2" "__ffsdi2" "__ffsti2"
        "__popcountsi2" "__popcountdi2" "__popcountti2" "__paritysi2" "__paritydi2" "__parityti2" "__clrsbsi2"
        "__clrsbdi2" "__clrsbti2" "__bswapsi2" "__bswapdi2" "__bswapti2";
    "fixsf.o" = "convert.c" [
        "FLOAT=float" "FIX(x)=__fixsf##x" "FIXUNS(x)=__fixunssf##x" "FLOATS(x)=__float##x##sf"
        "FLOATU(x)=__floatun##x##sf"
    ]:
        "__fixsfti" "__fixunssfdi" "__fixunssfti" "__floattisf" "__floatuntisf";
    "fixdf.o" = "convert.c" [
        "FLOAT=double" "FIX(x)=__fixdf##x" "FIXUNS(x)=__fixunsdf##x" "FLOATS(x)=__float##x##df"
        "FLOATU(x)=__floatun##x##df"
    ]:
        "__fixdfti" "__fixunsdfdi" "__fixunsdfti" "__floattidf" "__floatuntidf";
    "fixxf.o" = "convert.c" [
        "EXTENDED" "FLOAT=long double" "FIX(x)=__fixxf##x" "FIXUNS(x)=__fixunsxf##x" "FLOATS(x)=__float##x##xf"
        "FLOATU(x)=__floatun##x##xf"
    ]:
        "__fixxfti" "__fixunsxfdi" "__fixunsxfti" "__floattixf" "__floatuntixf";
    "mulsc.o" = "complex.c" ["FLOAT=float" "WIDE=double" "MUL=__mulsc3" "DIV=__divsc3"]:
        "__mulsc3" "__divsc3";
    "muldc.o" = "complex.c" [
        "FLOAT=double" "MUL=__muldc3" "DIV=__divdc3" "GREATEST=__DBL_MAX__" "LEAST=__DBL_MIN__"
        "STEP=__DBL_EPSILON__"
    ]:
        "__muldc3" "__divdc3";
    "mulxc.o" = "complex.c" [
        "FLOAT=long double" "MUL=__mulxc3" "DIV=__divxc3" "GREATEST=__LDBL_MAX__"
        "LEAST=__LDBL_MIN__" "STEP=__LDBL_EPSILON__"
    ]:
        "__mulxc3" "__divxc3";
    "addtf.o" = "quad.c" ["ADDITION"]:
        "__addtf3" "__subtf3";
    "multf.o" = "quad.c" ["PRODUCT"]:
        "__multf3";
    "divtf.o" = "quad.c" ["QUOTIENT"]:
        "__divtf3";
    "cmptf.o" = "quad.c" ["ORDER"]:
        "__negtf2" "__eqtf2" "__netf2" "__lttf2" "__letf2" "__gttf2" "__getf2" "__cmptf2" "__unordtf2";
    "extendtf.o" = "quad.c" ["EXTENSION"]:
        "__extendsftf2" "__extenddftf2";
    "trunctf.o" = "quad.c" ["CUT"]:
        "__trunctfsf2" "__trunctfdf2";
    "tfxf.o" = "quad.c" ["X87"]:
        "__extendxftf2" "__trunctfxf2";
    "fixtf.o" = "quad.c" ["FIX"]:
        "__fixtfsi" "__fixunstfsi" "__fixtfdi" "__fixunstfdi" "__fixtfti" "__fixunstfti";
    "floattf.o" = "quad.c" ["FLOAT"]:
        "__floatsitf" "__floatunsitf" "__floatditf" "__floatunditf" "__floattitf" "__floatuntitf";
    "multc.o" = "complex.c" [
        "PAIR" "FLOAT=_Float128" "MUL=__multc3" "DIV=__divtc3" "GREATEST=__FLT128_MAX__"
        "LEAST=__FLT128_MIN__" "STEP=__FLT128_EPSILON__"
    ]:
        "__multc3" "__divtc3";
    "powitf.o" = "powi.c" ["FLOAT=_Float128" "POWI=__powitf2"]:
        "__powitf2";
    "powisf.o" = "powi.c" ["FLOAT=float" "POWI=__powisf2"]:
        "__powisf2";
    "powidf.o" = "powi.c" ["FLOAT=double" "POWI=__powidf2"]:
        "__powidf2";
    "powixf.o" = "powi.c" ["FLOAT=long double" "POWI=__powixf2"]:
        "__powixf2";
    "exthf.o" = "half.c" ["EXTENSION"]:
        "__extendhfsf2" "__extendhfdf2" "__extendhfxf2" "__eqhf2" "__nehf2";
    "exthftf.o" = "half.c" ["EXTENSION_QUAD"]:
        "__extendhftf2";
    "trunchf.o" = "half.c" ["CUT"]:
        "__truncsfhf2" "__truncdfhf2" "__truncxfhf2" "__trunctfhf2";
    "fixhf.o" = "half.c" ["INTEGER"]:
        "__fixhfti" "__fixunshfti" "__floattihf" "__floatuntihf";
    "oldhf.o" = "half.c" ["OLD"]:
        "__gnu_f2h_ieee" "__gnu_h2f_ieee";
    "machine.o" = "machine.c" []:
        "__clear_cache" "__enable_execute_stack";
    "processor.o" = "processor.c" []:
        "__cpu_model" "__cpu_features2" "__cpu_indicator_init";
    "backtrace.o" = "backtrace.c" ["CAPTURE"]:
        "__kit_backtrace";
    "printbt.o" = "backtrace.c" ["PRINT"]:
        "__kit_print_backtrace" "__kit_backtrace_write";
    "assert.o" = "backtrace.c" ["ASSERT"]:
        "__kit_assert_fail";
    "atomic.o" = "atomic.c" []:
        "__atomic_load" "__atomic_store" "__atomic_exchange" "__atomic_compare_exchange" "__atomic_is_lock_free"
        "__atomic_load_1" "__atomic_load_2" "__atomic_load_4" "__atomic_load_8" "__atomic_load_16" "__atomic_store_1"
        "__atomic_store_2" "__atomic_store_4" "__atomic_store_8" "__atomic_store_16" "__atomic_exchange_1"
        "__atomic_exchange_2" "__atomic_exchange_4" "__atomic_exchange_8" "__atomic_exchange_16"
        "__atomic_compare_exchange_1" "__atomic_compare_exchange_2" "__atomic_compare_exchange_4"
        "__atomic_compare_exchange_8" "__atomic_compare_exchange_16" "__atomic_fetch_add_16" "__atomic_fetch_sub_16"
        "__atomic_fetch_and_16" "__atomic_fetch_or_16" "__atomic_fetch_xor_16" "__atomic_fetch_nand_16"
        "__atomic_add_fetch_16" "__atomic_sub_fetch_16" "__atomic_and_fetch_16" "__atomic_or_fetch_16"
        "__atomic_xor_fetch_16" "__atomic_nand_fetch_16" "__atomic_test_and_set_16" "__sync_val_compare_and_swap_16"
        "__sync_bool_compare_and_swap_16";
}

macro_rules! sources {
    ($($name:literal)+) => {
        /// Every runtime unit, ordered by name: C that kit compiles in memory when a link needs it.
        pub static SOURCES: &[Header] = &[$(
            Header { name: $name, text: include_bytes!(concat!("../source/", $name)) },
        )+];
    };
}

sources! { "atomic.c" "backtrace.c" "complex.c" "convert.c" "dso.c" "dso_shared.c" "fault.c" "half.c" "int128.c" "machine.c" "powi.c" "processor.c" "quad.c" }

/// The text of the runtime unit `name`.
pub fn source(name: &str) -> Option<&'static [u8]> {
    let at = SOURCES.binary_search_by(|row| row.name.cmp(name)).ok()?;
    Some(SOURCES[at].text)
}
