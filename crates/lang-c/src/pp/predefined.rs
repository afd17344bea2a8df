//! Predefined macros as tables (C11 6.10.8; names and values as gcc's `-dM -E` prints them).
//!
//! What follows from options is computed in [`rows`]. What follows from the target is given by the host as a list of
//! tables, for most of which the parts here will do: a target is its own few rows plus one data model, one set of
//! floating-point formats and one platform. The decimal floating types that gcc announces are not kit's: no rows.

use crate::options::{MacroTable, Options};
use std::borrow::Cow;

/// A row: the name, with parameters if it is function-like, and the body.
pub type Row = (&'static str, Cow<'static, str>);

/// The rows for `options`, later ones standing over earlier ones.
pub(super) fn rows(options: &Options) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::with_capacity(512);
    let mut fixed = |name: &'static str, body: &'static str| rows.push((name, Cow::Borrowed(body)));
    fixed("__STDC__", "1");
    fixed("__STDC_HOSTED__", if options.hosted { "1" } else { "0" });
    if let Some(version) = options.standard.stdc_version() {
        fixed("__STDC_VERSION__", version);
    }
    if !options.standard.gnu && options.standard.year < 2023 {
        fixed("__STRICT_ANSI__", "1");
    }
    fixed(if options.gnu_inline() { "__GNUC_GNU_INLINE__" } else { "__GNUC_STDC_INLINE__" }, "1");
    fixed("__KIT__", "1");
    if options.optimize > 0 {
        fixed("__OPTIMIZE__", "1");
    }
    if options.optimize_size {
        fixed("__OPTIMIZE_SIZE__", "1");
    }
    if options.optimize == 0 {
        fixed("__NO_INLINE__", "1");
    }
    for (names, level) in
        [(["__PIC__", "__pic__"], options.pic.max(options.pie)), (["__PIE__", "__pie__"], options.pie)]
    {
        let body = match level {
            0 => continue,
            1 => "1",
            _ => "2",
        };
        fixed(names[0], body);
        fixed(names[1], body);
    }
    if options.unsigned_char {
        fixed("__CHAR_UNSIGNED__", "1");
    }
    if options.pthread {
        fixed("_REENTRANT", "1");
    }
    if let Some((major, minor, patch)) = options.gnuc {
        rows.push(("__GNUC__", Cow::Owned(major.to_string())));
        rows.push(("__GNUC_MINOR__", Cow::Owned(minor.to_string())));
        rows.push(("__GNUC_PATCHLEVEL__", Cow::Owned(patch.to_string())));
        rows.push(("__VERSION__", Cow::Owned(format!("\"{major}.{minor}.{patch} kit {}\"", options.version))));
    } else {
        rows.push(("__VERSION__", Cow::Owned(format!("\"kit {}\"", options.version))));
    }
    rows.extend(GENERIC.iter().map(|&(name, body)| (name, Cow::Borrowed(body))));
    if !options.undef {
        for table in &options.target_macros {
            let strict = !options.standard.gnu;
            let rest = table.iter().filter(|row| !(strict && is_user_name(row.0)));
            rows.extend(rest.map(|&(name, body)| (name, Cow::Borrowed(body))));
        }
    }
    rows
}

/// `linux`, `unix`: names of the user's that only the GNU dialects take.
fn is_user_name(name: &str) -> bool {
    !name.starts_with('_')
}

/// The same for every target.
pub static GENERIC: MacroTable = &[
    ("__STDC_UTF_16__", "1"),
    ("__STDC_UTF_32__", "1"),
    ("__ORDER_LITTLE_ENDIAN__", "1234"),
    ("__ORDER_BIG_ENDIAN__", "4321"),
    ("__ORDER_PDP_ENDIAN__", "3412"),
    ("__CHAR_BIT__", "8"),
    ("__ATOMIC_RELAXED", "0"),
    ("__ATOMIC_SEQ_CST", "5"),
    ("__ATOMIC_ACQUIRE", "2"),
    ("__ATOMIC_RELEASE", "3"),
    ("__ATOMIC_ACQ_REL", "4"),
    ("__ATOMIC_CONSUME", "1"),
    ("__FINITE_MATH_ONLY__", "0"),
    ("__USER_LABEL_PREFIX__", ""),
    ("__REGISTER_PREFIX__", ""),
    ("__PRAGMA_REDEFINE_EXTNAME", "1"),
    ("__GNUC_EXECUTION_CHARSET_NAME", "\"UTF-8\""),
    ("__GNUC_WIDE_EXECUTION_CHARSET_NAME", "\"UTF-32LE\""),
    ("__GXX_ABI_VERSION", "1017"),
    ("__HAVE_SPECULATION_SAFE_VALUE", "1"),
];

/// The data model with 32-bit `int` and 64-bit `long` and pointers, little-endian, `wchar_t` a signed 32-bit `int`.
pub static LP64: MacroTable = &[
    ("_LP64", "1"),
    ("__BYTE_ORDER__", "__ORDER_LITTLE_ENDIAN__"),
    ("__CHAR16_TYPE__", "short unsigned int"),
    ("__CHAR32_TYPE__", "unsigned int"),
    ("__FLOAT_WORD_ORDER__", "__ORDER_LITTLE_ENDIAN__"),
    ("__GCC_ATOMIC_BOOL_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_CHAR16_T_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_CHAR32_T_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_CHAR_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_INT_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_LLONG_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_LONG_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_POINTER_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_SHORT_LOCK_FREE", "2"),
    ("__GCC_ATOMIC_TEST_AND_SET_TRUEVAL", "1"),
    ("__GCC_ATOMIC_WCHAR_T_LOCK_FREE", "2"),
    ("__INT16_C(c)", "c"),
    ("__INT16_MAX__", "0x7fff"),
    ("__INT16_TYPE__", "short int"),
    ("__INT32_C(c)", "c"),
    ("__INT32_MAX__", "0x7fffffff"),
    ("__INT32_TYPE__", "int"),
    ("__INT64_C(c)", "c ## L"),
    ("__INT64_MAX__", "0x7fffffffffffffffL"),
    ("__INT64_TYPE__", "long int"),
    ("__INT8_C(c)", "c"),
    ("__INT8_MAX__", "0x7f"),
    ("__INT8_TYPE__", "signed char"),
    ("__INTMAX_C(c)", "c ## L"),
    ("__INTMAX_MAX__", "0x7fffffffffffffffL"),
    ("__INTMAX_TYPE__", "long int"),
    ("__INTMAX_WIDTH__", "64"),
    ("__INTPTR_MAX__", "0x7fffffffffffffffL"),
    ("__INTPTR_TYPE__", "long int"),
    ("__INTPTR_WIDTH__", "64"),
    ("__INT_FAST16_MAX__", "0x7fffffffffffffffL"),
    ("__INT_FAST16_TYPE__", "long int"),
    ("__INT_FAST16_WIDTH__", "64"),
    ("__INT_FAST32_MAX__", "0x7fffffffffffffffL"),
    ("__INT_FAST32_TYPE__", "long int"),
    ("__INT_FAST32_WIDTH__", "64"),
    ("__INT_FAST64_MAX__", "0x7fffffffffffffffL"),
    ("__INT_FAST64_TYPE__", "long int"),
    ("__INT_FAST64_WIDTH__", "64"),
    ("__INT_FAST8_MAX__", "0x7f"),
    ("__INT_FAST8_TYPE__", "signed char"),
    ("__INT_FAST8_WIDTH__", "8"),
    ("__INT_LEAST16_MAX__", "0x7fff"),
    ("__INT_LEAST16_TYPE__", "short int"),
    ("__INT_LEAST16_WIDTH__", "16"),
    ("__INT_LEAST32_MAX__", "0x7fffffff"),
    ("__INT_LEAST32_TYPE__", "int"),
    ("__INT_LEAST32_WIDTH__", "32"),
    ("__INT_LEAST64_MAX__", "0x7fffffffffffffffL"),
    ("__INT_LEAST64_TYPE__", "long int"),
    ("__INT_LEAST64_WIDTH__", "64"),
    ("__INT_LEAST8_MAX__", "0x7f"),
    ("__INT_LEAST8_TYPE__", "signed char"),
    ("__INT_LEAST8_WIDTH__", "8"),
    ("__INT_MAX__", "0x7fffffff"),
    ("__INT_WIDTH__", "32"),
    ("__LONG_LONG_MAX__", "0x7fffffffffffffffLL"),
    ("__LONG_LONG_WIDTH__", "64"),
    ("__LONG_MAX__", "0x7fffffffffffffffL"),
    ("__LONG_WIDTH__", "64"),
    ("__LP64__", "1"),
    ("__PTRDIFF_MAX__", "0x7fffffffffffffffL"),
    ("__PTRDIFF_TYPE__", "long int"),
    ("__PTRDIFF_WIDTH__", "64"),
    ("__SCHAR_MAX__", "0x7f"),
    ("__SCHAR_WIDTH__", "8"),
    ("__SHRT_MAX__", "0x7fff"),
    ("__SHRT_WIDTH__", "16"),
    ("__SIG_ATOMIC_MAX__", "0x7fffffff"),
    ("__SIG_ATOMIC_MIN__", "(-__SIG_ATOMIC_MAX__ - 1)"),
    ("__SIG_ATOMIC_TYPE__", "int"),
    ("__SIG_ATOMIC_WIDTH__", "32"),
    ("__SIZEOF_DOUBLE__", "8"),
    ("__SIZEOF_FLOAT__", "4"),
    ("__SIZEOF_INT128__", "16"),
    ("__SIZEOF_INT__", "4"),
    ("__SIZEOF_LONG_LONG__", "8"),
    ("__SIZEOF_LONG__", "8"),
    ("__SIZEOF_POINTER__", "8"),
    ("__SIZEOF_PTRDIFF_T__", "8"),
    ("__SIZEOF_SHORT__", "2"),
    ("__SIZEOF_SIZE_T__", "8"),
    ("__SIZEOF_WCHAR_T__", "4"),
    ("__SIZEOF_WINT_T__", "4"),
    ("__SIZE_MAX__", "0xffffffffffffffffUL"),
    ("__SIZE_TYPE__", "long unsigned int"),
    ("__SIZE_WIDTH__", "64"),
    ("__UINT16_C(c)", "c"),
    ("__UINT16_MAX__", "0xffff"),
    ("__UINT16_TYPE__", "short unsigned int"),
    ("__UINT32_C(c)", "c ## U"),
    ("__UINT32_MAX__", "0xffffffffU"),
    ("__UINT32_TYPE__", "unsigned int"),
    ("__UINT64_C(c)", "c ## UL"),
    ("__UINT64_MAX__", "0xffffffffffffffffUL"),
    ("__UINT64_TYPE__", "long unsigned int"),
    ("__UINT8_C(c)", "c"),
    ("__UINT8_MAX__", "0xff"),
    ("__UINT8_TYPE__", "unsigned char"),
    ("__UINTMAX_C(c)", "c ## UL"),
    ("__UINTMAX_MAX__", "0xffffffffffffffffUL"),
    ("__UINTMAX_TYPE__", "long unsigned int"),
    ("__UINTPTR_MAX__", "0xffffffffffffffffUL"),
    ("__UINTPTR_TYPE__", "long unsigned int"),
    ("__UINT_FAST16_MAX__", "0xffffffffffffffffUL"),
    ("__UINT_FAST16_TYPE__", "long unsigned int"),
    ("__UINT_FAST32_MAX__", "0xffffffffffffffffUL"),
    ("__UINT_FAST32_TYPE__", "long unsigned int"),
    ("__UINT_FAST64_MAX__", "0xffffffffffffffffUL"),
    ("__UINT_FAST64_TYPE__", "long unsigned int"),
    ("__UINT_FAST8_MAX__", "0xff"),
    ("__UINT_FAST8_TYPE__", "unsigned char"),
    ("__UINT_LEAST16_MAX__", "0xffff"),
    ("__UINT_LEAST16_TYPE__", "short unsigned int"),
    ("__UINT_LEAST32_MAX__", "0xffffffffU"),
    ("__UINT_LEAST32_TYPE__", "unsigned int"),
    ("__UINT_LEAST64_MAX__", "0xffffffffffffffffUL"),
    ("__UINT_LEAST64_TYPE__", "long unsigned int"),
    ("__UINT_LEAST8_MAX__", "0xff"),
    ("__UINT_LEAST8_TYPE__", "unsigned char"),
    ("__WCHAR_MAX__", "0x7fffffff"),
    ("__WCHAR_MIN__", "(-__WCHAR_MAX__ - 1)"),
    ("__WCHAR_TYPE__", "int"),
    ("__WCHAR_WIDTH__", "32"),
    ("__WINT_MAX__", "0xffffffffU"),
    ("__WINT_MIN__", "0U"),
    ("__WINT_TYPE__", "unsigned int"),
    ("__WINT_WIDTH__", "32"),
];

/// `float`, `double` and the interchange formats of IEEE 754.
pub static IEEE_FLOATS: MacroTable = &[
    ("__DBL_DECIMAL_DIG__", "17"),
    ("__DBL_DENORM_MIN__", "((double)4.94065645841246544176568792868221372e-324L)"),
    ("__DBL_DIG__", "15"),
    ("__DBL_EPSILON__", "((double)2.22044604925031308084726333618164062e-16L)"),
    ("__DBL_HAS_DENORM__", "1"),
    ("__DBL_HAS_INFINITY__", "1"),
    ("__DBL_HAS_QUIET_NAN__", "1"),
    ("__DBL_IS_IEC_60559__", "2"),
    ("__DBL_MANT_DIG__", "53"),
    ("__DBL_MAX_10_EXP__", "308"),
    ("__DBL_MAX_EXP__", "1024"),
    ("__DBL_MAX__", "((double)1.79769313486231570814527423731704357e+308L)"),
    ("__DBL_MIN_10_EXP__", "(-307)"),
    ("__DBL_MIN_EXP__", "(-1021)"),
    ("__DBL_MIN__", "((double)2.22507385850720138309023271733240406e-308L)"),
    ("__DBL_NORM_MAX__", "((double)1.79769313486231570814527423731704357e+308L)"),
    ("__FLT_DECIMAL_DIG__", "9"),
    ("__FLT_DENORM_MIN__", "1.40129846432481707092372958328991613e-45F"),
    ("__FLT_DIG__", "6"),
    ("__FLT_EPSILON__", "1.19209289550781250000000000000000000e-7F"),
    ("__FLT_EVAL_METHOD_TS_18661_3__", "0"),
    ("__FLT_EVAL_METHOD__", "0"),
    ("__FLT_HAS_DENORM__", "1"),
    ("__FLT_HAS_INFINITY__", "1"),
    ("__FLT_HAS_QUIET_NAN__", "1"),
    ("__FLT_IS_IEC_60559__", "2"),
    ("__FLT_MANT_DIG__", "24"),
    ("__FLT_MAX_10_EXP__", "38"),
    ("__FLT_MAX_EXP__", "128"),
    ("__FLT_MAX__", "3.40282346638528859811704183484516925e+38F"),
    ("__FLT_MIN_10_EXP__", "(-37)"),
    ("__FLT_MIN_EXP__", "(-125)"),
    ("__FLT_MIN__", "1.17549435082228750796873653722224568e-38F"),
    ("__FLT_NORM_MAX__", "3.40282346638528859811704183484516925e+38F"),
    ("__FLT_RADIX__", "2"),
    ("__FLT128_DECIMAL_DIG__", "36"),
    ("__FLT128_DENORM_MIN__", "6.47517511943802511092443895822764655e-4966F128"),
    ("__FLT128_DIG__", "33"),
    ("__FLT128_EPSILON__", "1.92592994438723585305597794258492732e-34F128"),
    ("__FLT128_HAS_DENORM__", "1"),
    ("__FLT128_HAS_INFINITY__", "1"),
    ("__FLT128_HAS_QUIET_NAN__", "1"),
    ("__FLT128_IS_IEC_60559__", "2"),
    ("__FLT128_MANT_DIG__", "113"),
    ("__FLT128_MAX_10_EXP__", "4932"),
    ("__FLT128_MAX_EXP__", "16384"),
    ("__FLT128_MAX__", "1.18973149535723176508575932662800702e+4932F128"),
    ("__FLT128_MIN_10_EXP__", "(-4931)"),
    ("__FLT128_MIN_EXP__", "(-16381)"),
    ("__FLT128_MIN__", "3.36210314311209350626267781732175260e-4932F128"),
    ("__FLT128_NORM_MAX__", "1.18973149535723176508575932662800702e+4932F128"),
    ("__FLT16_DECIMAL_DIG__", "5"),
    ("__FLT16_DENORM_MIN__", "5.96046447753906250000000000000000000e-8F16"),
    ("__FLT16_DIG__", "3"),
    ("__FLT16_EPSILON__", "9.76562500000000000000000000000000000e-4F16"),
    ("__FLT16_HAS_DENORM__", "1"),
    ("__FLT16_HAS_INFINITY__", "1"),
    ("__FLT16_HAS_QUIET_NAN__", "1"),
    ("__FLT16_IS_IEC_60559__", "2"),
    ("__FLT16_MANT_DIG__", "11"),
    ("__FLT16_MAX_10_EXP__", "4"),
    ("__FLT16_MAX_EXP__", "16"),
    ("__FLT16_MAX__", "6.55040000000000000000000000000000000e+4F16"),
    ("__FLT16_MIN_10_EXP__", "(-4)"),
    ("__FLT16_MIN_EXP__", "(-13)"),
    ("__FLT16_MIN__", "6.10351562500000000000000000000000000e-5F16"),
    ("__FLT16_NORM_MAX__", "6.55040000000000000000000000000000000e+4F16"),
    ("__FLT32X_DECIMAL_DIG__", "17"),
    ("__FLT32X_DENORM_MIN__", "4.94065645841246544176568792868221372e-324F32x"),
    ("__FLT32X_DIG__", "15"),
    ("__FLT32X_EPSILON__", "2.22044604925031308084726333618164062e-16F32x"),
    ("__FLT32X_HAS_DENORM__", "1"),
    ("__FLT32X_HAS_INFINITY__", "1"),
    ("__FLT32X_HAS_QUIET_NAN__", "1"),
    ("__FLT32X_IS_IEC_60559__", "2"),
    ("__FLT32X_MANT_DIG__", "53"),
    ("__FLT32X_MAX_10_EXP__", "308"),
    ("__FLT32X_MAX_EXP__", "1024"),
    ("__FLT32X_MAX__", "1.79769313486231570814527423731704357e+308F32x"),
    ("__FLT32X_MIN_10_EXP__", "(-307)"),
    ("__FLT32X_MIN_EXP__", "(-1021)"),
    ("__FLT32X_MIN__", "2.22507385850720138309023271733240406e-308F32x"),
    ("__FLT32X_NORM_MAX__", "1.79769313486231570814527423731704357e+308F32x"),
    ("__FLT32_DECIMAL_DIG__", "9"),
    ("__FLT32_DENORM_MIN__", "1.40129846432481707092372958328991613e-45F32"),
    ("__FLT32_DIG__", "6"),
    ("__FLT32_EPSILON__", "1.19209289550781250000000000000000000e-7F32"),
    ("__FLT32_HAS_DENORM__", "1"),
    ("__FLT32_HAS_INFINITY__", "1"),
    ("__FLT32_HAS_QUIET_NAN__", "1"),
    ("__FLT32_IS_IEC_60559__", "2"),
    ("__FLT32_MANT_DIG__", "24"),
    ("__FLT32_MAX_10_EXP__", "38"),
    ("__FLT32_MAX_EXP__", "128"),
    ("__FLT32_MAX__", "3.40282346638528859811704183484516925e+38F32"),
    ("__FLT32_MIN_10_EXP__", "(-37)"),
    ("__FLT32_MIN_EXP__", "(-125)"),
    ("__FLT32_MIN__", "1.17549435082228750796873653722224568e-38F32"),
    ("__FLT32_NORM_MAX__", "3.40282346638528859811704183484516925e+38F32"),
    ("__FLT64_DECIMAL_DIG__", "17"),
    ("__FLT64_DENORM_MIN__", "4.94065645841246544176568792868221372e-324F64"),
    ("__FLT64_DIG__", "15"),
    ("__FLT64_EPSILON__", "2.22044604925031308084726333618164062e-16F64"),
    ("__FLT64_HAS_DENORM__", "1"),
    ("__FLT64_HAS_INFINITY__", "1"),
    ("__FLT64_HAS_QUIET_NAN__", "1"),
    ("__FLT64_IS_IEC_60559__", "2"),
    ("__FLT64_MANT_DIG__", "53"),
    ("__FLT64_MAX_10_EXP__", "308"),
    ("__FLT64_MAX_EXP__", "1024"),
    ("__FLT64_MAX__", "1.79769313486231570814527423731704357e+308F64"),
    ("__FLT64_MIN_10_EXP__", "(-307)"),
    ("__FLT64_MIN_EXP__", "(-1021)"),
    ("__FLT64_MIN__", "2.22507385850720138309023271733240406e-308F64"),
    ("__FLT64_NORM_MAX__", "1.79769313486231570814527423731704357e+308F64"),
    ("__GCC_IEC_559", "2"),
    ("__GCC_IEC_559_COMPLEX", "2"),
];

/// `long double` with 64 bits of mantissa in 16 bytes.
pub static LONG_DOUBLE_X87: MacroTable = &[
    ("__FLT64X_DECIMAL_DIG__", "21"),
    ("__FLT64X_DENORM_MIN__", "3.64519953188247460252840593361941982e-4951F64x"),
    ("__FLT64X_DIG__", "18"),
    ("__FLT64X_EPSILON__", "1.08420217248550443400745280086994171e-19F64x"),
    ("__FLT64X_HAS_DENORM__", "1"),
    ("__FLT64X_HAS_INFINITY__", "1"),
    ("__FLT64X_HAS_QUIET_NAN__", "1"),
    ("__FLT64X_IS_IEC_60559__", "2"),
    ("__FLT64X_MANT_DIG__", "64"),
    ("__FLT64X_MAX_10_EXP__", "4932"),
    ("__FLT64X_MAX_EXP__", "16384"),
    ("__FLT64X_MAX__", "1.18973149535723176502126385303097021e+4932F64x"),
    ("__FLT64X_MIN_10_EXP__", "(-4931)"),
    ("__FLT64X_MIN_EXP__", "(-16381)"),
    ("__FLT64X_MIN__", "3.36210314311209350626267781732175260e-4932F64x"),
    ("__FLT64X_NORM_MAX__", "1.18973149535723176502126385303097021e+4932F64x"),
    ("__LDBL_DECIMAL_DIG__", "21"),
    ("__LDBL_DENORM_MIN__", "3.64519953188247460252840593361941982e-4951L"),
    ("__LDBL_DIG__", "18"),
    ("__LDBL_EPSILON__", "1.08420217248550443400745280086994171e-19L"),
    ("__LDBL_HAS_DENORM__", "1"),
    ("__LDBL_HAS_INFINITY__", "1"),
    ("__LDBL_HAS_QUIET_NAN__", "1"),
    ("__LDBL_IS_IEC_60559__", "2"),
    ("__LDBL_MANT_DIG__", "64"),
    ("__LDBL_MAX_10_EXP__", "4932"),
    ("__LDBL_MAX_EXP__", "16384"),
    ("__LDBL_MAX__", "1.18973149535723176502126385303097021e+4932L"),
    ("__LDBL_MIN_10_EXP__", "(-4931)"),
    ("__LDBL_MIN_EXP__", "(-16381)"),
    ("__LDBL_MIN__", "3.36210314311209350626267781732175260e-4932L"),
    ("__LDBL_NORM_MAX__", "1.18973149535723176502126385303097021e+4932L"),
    ("__DECIMAL_DIG__", "21"),
    ("__SIZEOF_LONG_DOUBLE__", "16"),
    ("__SIZEOF_FLOAT80__", "16"),
    ("__SIZEOF_FLOAT128__", "16"),
];

/// Linux with ELF, whatever the C library is.
pub static ELF_LINUX: MacroTable = &[
    ("__ELF__", "1"),
    ("__linux", "1"),
    ("__linux__", "1"),
    ("linux", "1"),
    ("__unix", "1"),
    ("__unix__", "1"),
    ("unix", "1"),
];

/// What the GNU C library adds, by itself and by its `stdc-predef.h`.
pub static GNU_LIBRARY: MacroTable = &[
    ("__gnu_linux__", "1"),
    ("__STDC_IEC_559__", "1"),
    ("__STDC_IEC_559_COMPLEX__", "1"),
    ("__STDC_IEC_60559_BFP__", "201404L"),
    ("__STDC_IEC_60559_COMPLEX__", "201404L"),
    ("__STDC_ISO_10646__", "201706L"),
    ("_STDC_PREDEF_H", "1"),
];
