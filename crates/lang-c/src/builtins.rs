//! Builtin functions as a table: name, how a call is checked, and what node it becomes.
//!
//! Three kinds: those that are calls of a library function under another name, those that are an operation of
//! [`Builtin`] over converted arguments, and those whose checking is code (`check/builtin.rs`).

use crate::parse::{Meaning, Parser, Space};
use crate::types::{Basic, FieldData, FieldSpec, FunctionShape, QualTy, Quals, RecordData, RecordOptions, Types};
use base::ids::Id;
use base::{Name, Pos};

/// What a [`NodeOp::Builtin`](crate::ast::NodeOp::Builtin) node does: its `aux`. Operand widths follow from the arguments' types.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
#[repr(u16)]
pub enum Builtin {
    /// Counts and swaps of an unsigned argument of 32 or 64 bits (16 for the swap too); results are `int`, of the swap the
    /// argument's type.
    Clz,
    Ctz,
    Popcount,
    Parity,
    /// Of a signed argument: 1 + index of the lowest set bit, 0 for 0.
    Ffs,
    /// Redundant sign bits.
    Clrsb,
    Bswap,
    /// Of an integer or floating argument of the node's type.
    Abs,
    /// Two arguments of the node's floating type.
    CopySign,
    /// Tests of one floating argument: an `int`. `IsInfSign` gives -1, 0 or 1.
    IsNan,
    IsInf,
    IsInfSign,
    IsFinite,
    IsNormal,
    /// Nonzero when the sign bit is set.
    SignBit,
    /// Quiet comparisons of two floating arguments of one type: an `int`.
    IsGreater,
    IsGreaterEqual,
    IsLess,
    IsLessEqual,
    IsLessGreater,
    IsUnordered,
    Unreachable,
    Trap,
    /// Size in bytes, as `size_t`; alignment in bytes as a constant second argument, when there is one.
    Alloca,
    /// Level, a constant.
    FrameAddress,
    DwarfCfa,
    ReturnAddress,
    /// Address and constants.
    Prefetch,
    /// Address of the `va_list`.
    VaStart,
    VaEnd,
    /// Addresses of destination and source.
    VaCopy,
    /// `(a, b, result)`: integers of any type, pointer to any integer type; infinite precision, then cut; a `_Bool`.
    AddOverflow,
    SubOverflow,
    MulOverflow,
    /// `(pointer, order)`: orders are `int` rvalues, C11's numbers; usually constants.
    AtomicLoad,
    /// `(pointer, value, order)`; the value has the type pointed to.
    AtomicStore,
    AtomicExchange,
    /// `(pointer, pointer to expected, desired, success order, failure order)`: a `_Bool`.
    AtomicCompareExchange,
    /// `(pointer, value, order)`: the old value.
    AtomicFetchAdd,
    AtomicFetchSub,
    AtomicFetchAnd,
    AtomicFetchOr,
    AtomicFetchXor,
    AtomicFetchNand,
    /// The same: the new value.
    AtomicAddFetch,
    AtomicSubFetch,
    AtomicAndFetch,
    AtomicOrFetch,
    AtomicXorFetch,
    AtomicNandFetch,
    /// `(pointer, old, new)`: whether it was exchanged; the value found.
    SyncBoolCompareAndSwap,
    SyncValCompareAndSwap,
    /// `(pointer, order)` on a byte.
    AtomicTestAndSet,
    AtomicClear,
    /// `(order)`.
    ThreadFence,
    SignalFence,
    /// Of vectors: `(a, mask)` or `(a, b, mask)` with run-time indices; `(a, b, index…)` with constant ones, -1 for any;
    /// element by element to the node's type.
    Shuffle,
    ShuffleVector,
    ConvertVector,
    /// `(buffer)` of five words: 0, then 1 when [`Builtin::LongJump`] with it comes back.
    SetJump,
    LongJump,
    /// The address itself: it is not encoded in any way.
    ExtractReturn,
    StackSave,
    StackRestore,
    /// One of the target's own: its number is the node's `c`.
    Machine,
    /// `__builtin_setjmp`-like ones are refused by the checker; this one ends the list.
    Count,
}

impl Builtin {
    /// Every operation, in order.
    pub const ALL: &[Builtin] = &[
        Builtin::Clz,
        Builtin::Ctz,
        Builtin::Popcount,
        Builtin::Parity,
        Builtin::Ffs,
        Builtin::Clrsb,
        Builtin::Bswap,
        Builtin::Abs,
        Builtin::CopySign,
        Builtin::IsNan,
        Builtin::IsInf,
        Builtin::IsInfSign,
        Builtin::IsFinite,
        Builtin::IsNormal,
        Builtin::SignBit,
        Builtin::IsGreater,
        Builtin::IsGreaterEqual,
        Builtin::IsLess,
        Builtin::IsLessEqual,
        Builtin::IsLessGreater,
        Builtin::IsUnordered,
        Builtin::Unreachable,
        Builtin::Trap,
        Builtin::Alloca,
        Builtin::FrameAddress,
        Builtin::DwarfCfa,
        Builtin::ReturnAddress,
        Builtin::Prefetch,
        Builtin::VaStart,
        Builtin::VaEnd,
        Builtin::VaCopy,
        Builtin::AddOverflow,
        Builtin::SubOverflow,
        Builtin::MulOverflow,
        Builtin::AtomicLoad,
        Builtin::AtomicStore,
        Builtin::AtomicExchange,
        Builtin::AtomicCompareExchange,
        Builtin::AtomicFetchAdd,
        Builtin::AtomicFetchSub,
        Builtin::AtomicFetchAnd,
        Builtin::AtomicFetchOr,
        Builtin::AtomicFetchXor,
        Builtin::AtomicFetchNand,
        Builtin::AtomicAddFetch,
        Builtin::AtomicSubFetch,
        Builtin::AtomicAndFetch,
        Builtin::AtomicOrFetch,
        Builtin::AtomicXorFetch,
        Builtin::AtomicNandFetch,
        Builtin::SyncBoolCompareAndSwap,
        Builtin::SyncValCompareAndSwap,
        Builtin::AtomicTestAndSet,
        Builtin::AtomicClear,
        Builtin::ThreadFence,
        Builtin::SignalFence,
        Builtin::Shuffle,
        Builtin::ShuffleVector,
        Builtin::ConvertVector,
        Builtin::SetJump,
        Builtin::LongJump,
        Builtin::ExtractReturn,
        Builtin::StackSave,
        Builtin::StackRestore,
        Builtin::Machine,
    ];

    /// The operation of a node's `aux`.
    #[inline]
    pub fn from_aux(aux: u16) -> Option<Builtin> {
        Builtin::ALL.get(usize::from(aux)).copied()
    }
}

/// How a builtin is called.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum How {
    /// A call of this library function, with its signature.
    Library(&'static str, &'static str),
    /// An operation on arguments converted to a signature.
    Op(Builtin, &'static str),
    Special(Special),
}

/// Builtins with rules of their own.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Special {
    Expect,
    ConstantP,
    ClassifyType,
    ObjectSize,
    AssumeAligned,
    VaStart,
    VaEnd,
    VaCopy,
    /// Of any floating type.
    FloatTest(Builtin),
    FloatCompare(Builtin),
    /// `inf`, `huge_val`: the type.
    Infinity(Basic),
    Nan(Basic, bool),
    Overflow(Builtin),
    /// The same with a value whose type counts instead of a place for the result: only the answer.
    OverflowP(Builtin),
    /// The same with types given: (unsigned, size of `long`s).
    FixedOverflow(Builtin, Basic),
    /// `__sync_fetch_and_add` and its like.
    Sync(Builtin),
    SyncCompare(Builtin),
    LockTestAndSet,
    LockRelease,
    Synchronize,
    AtomicLoadN,
    AtomicLoad,
    AtomicStoreN,
    AtomicStore,
    AtomicExchangeN,
    AtomicExchange,
    AtomicCompareN,
    AtomicCompare,
    AtomicFetch(Builtin),
    AtomicLockFree,
    Complex,
    /// The conjugate, of this type.
    Conjugate(Basic),
    /// `__builtin_LINE ()` and such.
    Line,
    File,
    FunctionName,
    HasAttribute,
    /// One of several functions, by the types of the arguments.
    TypeGeneric,
    /// The value itself: nothing here speculates more than the machine does.
    SafeValue,
    FpClassify,
    SetJump,
    Shuffle,
    ShuffleVector,
    /// The variable arguments of a function that is inlined, or how many they are.
    VaArgPack,
    /// What the processor that the program runs on can do, and which one it is.
    ProcessorInit,
    ProcessorSupports,
    ProcessorIs,
    Unsupported,
}

/// One row.
pub(crate) struct Row {
    pub name: &'static str,
    pub how: How,
}

const fn lib(name: &'static str, target: &'static str, signature: &'static str) -> Row {
    Row { name, how: How::Library(target, signature) }
}

const fn op(name: &'static str, builtin: Builtin, signature: &'static str) -> Row {
    Row { name, how: How::Op(builtin, signature) }
}

const fn special(name: &'static str, special: Special) -> Row {
    Row { name, how: How::Special(special) }
}

macro_rules! library {
    ($($name:literal $signature:literal $header:literal,)+) => {
        /// Library functions known without a declaration: name, signature, header. `__builtin_` in front of the name
        /// calls the same function.
        pub(crate) static LIBRARY: &[(&str, &str, &str)] = &[$(($name, $signature, $header),)+];
        static LIBRARY_ROWS: &[Row] = &[$(lib(concat!("__builtin_", $name), $name, $signature),)+];
    };
}

// Signatures: result, then parameters. v void, b _Bool, i int, u unsigned, l long, m unsigned long, L long long,
// M unsigned long long, z size_t, f float, d double, D long double, p void *, c const void *, s char *, S const char *,
// h uint16_t, w uint32_t, q uint64_t, V va_list, F FILE * (as void *), . variadic; of a target's own builtins also n, an int
// constant of 8 bits, and vectors of 16 bytes: A char, B short, C int, E long long, G float, H double.
library! {
    "abort" "v" "<stdlib.h>", "acos" "dd" "<math.h>", "asin" "dd" "<math.h>", "atan" "dd" "<math.h>",
    "atan2" "ddd" "<math.h>", "atoi" "iS" "<stdlib.h>", "atol" "lS" "<stdlib.h>", "bcmp" "iccz" "<strings.h>",
    "bcopy" "vcpz" "<strings.h>",
    "bzero" "vpz" "<strings.h>", "calloc" "pzz" "<stdlib.h>", "cbrt" "dd" "<math.h>", "ceil" "dd" "<math.h>",
    "ceilf" "ff" "<math.h>", "ceill" "DD" "<math.h>", "cos" "dd" "<math.h>", "cosf" "ff" "<math.h>", "cosh" "dd" "<math.h>",
    "cosl" "DD" "<math.h>", "exit" "vi" "<stdlib.h>", "exp" "dd" "<math.h>", "exp2" "dd" "<math.h>", "expf" "ff" "<math.h>",
    "expl" "DD" "<math.h>", "expm1" "dd" "<math.h>", "floor" "dd" "<math.h>", "floorf" "ff" "<math.h>",
    "floorl" "DD" "<math.h>", "fma" "dddd" "<math.h>", "fmax" "ddd" "<math.h>", "fmin" "ddd" "<math.h>", "fmod" "ddd" "<math.h>",
    "fmodf" "fff" "<math.h>", "fmodl" "DDD" "<math.h>", "fprintf" "iFS." "<stdio.h>", "fputc" "iiF" "<stdio.h>",
    "fputs" "iSF" "<stdio.h>", "free" "vp" "<stdlib.h>", "frexp" "ddp" "<math.h>", "fscanf" "iFS." "<stdio.h>",
    "fwrite" "zczzF" "<stdio.h>", "getenv" "sS" "<stdlib.h>", "hypot" "ddd" "<math.h>", "index" "sSi" "<strings.h>",
    "isalnum" "ii" "<ctype.h>", "isalpha" "ii" "<ctype.h>", "isdigit" "ii" "<ctype.h>", "islower" "ii" "<ctype.h>",
    "isprint" "ii" "<ctype.h>", "isspace" "ii" "<ctype.h>", "isupper" "ii" "<ctype.h>", "isxdigit" "ii" "<ctype.h>",
    "ldexp" "ddi" "<math.h>", "ldexpf" "ffi" "<math.h>", "ldexpl" "DDi" "<math.h>", "log" "dd" "<math.h>", "log10" "dd" "<math.h>",
    "log2" "dd" "<math.h>", "logf" "ff" "<math.h>", "logl" "DD" "<math.h>", "lrint" "ld" "<math.h>", "lround" "ld" "<math.h>",
    "malloc" "pz" "<stdlib.h>", "memchr" "pciz" "<string.h>", "memcmp" "iccz" "<string.h>", "memcpy" "ppcz" "<string.h>",
    "memmove" "ppcz" "<string.h>", "mempcpy" "ppcz" "<string.h>", "memset" "ppiz" "<string.h>", "modf" "ddp" "<math.h>",
    "nearbyint" "dd" "<math.h>", "pow" "ddd" "<math.h>", "powf" "fff" "<math.h>", "powl" "DDD" "<math.h>",
    "printf" "iS." "<stdio.h>", "putchar" "ii" "<stdio.h>", "puts" "iS" "<stdio.h>", "qsort" "vpzzp" "<stdlib.h>",
    "realloc" "ppz" "<stdlib.h>", "rindex" "sSi" "<strings.h>", "rint" "dd" "<math.h>", "round" "dd" "<math.h>",
    "roundf" "ff" "<math.h>", "scanf" "iS." "<stdio.h>", "sin" "dd" "<math.h>", "sinf" "ff" "<math.h>", "sinh" "dd" "<math.h>",
    "sinl" "DD" "<math.h>", "snprintf" "iszS." "<stdio.h>", "sprintf" "isS." "<stdio.h>", "sqrt" "dd" "<math.h>",
    "sqrtf" "ff" "<math.h>", "sqrtl" "DD" "<math.h>", "sscanf" "iSS." "<stdio.h>", "stpcpy" "ssS" "<string.h>",
    "stpncpy" "ssSz" "<string.h>", "strcasecmp" "iSS" "<strings.h>", "strcat" "ssS" "<string.h>", "strchr" "sSi" "<string.h>",
    "strcmp" "iSS" "<string.h>", "strcpy" "ssS" "<string.h>", "strcspn" "zSS" "<string.h>", "strdup" "sS" "<string.h>",
    "strlen" "zS" "<string.h>", "strncasecmp" "iSSz" "<strings.h>", "strncat" "ssSz" "<string.h>", "strncmp" "iSSz" "<string.h>",
    "strncpy" "ssSz" "<string.h>", "strndup" "sSz" "<string.h>", "strnlen" "zSz" "<string.h>", "strpbrk" "sSS" "<string.h>",
    "strrchr" "sSi" "<string.h>", "strspn" "zSS" "<string.h>", "strstr" "sSS" "<string.h>", "strtol" "lSpi" "<stdlib.h>",
    "tan" "dd" "<math.h>", "tanf" "ff" "<math.h>", "tanh" "dd" "<math.h>", "tanl" "DD" "<math.h>", "tolower" "ii" "<ctype.h>",
    "toupper" "ii" "<ctype.h>", "trunc" "dd" "<math.h>", "truncf" "ff" "<math.h>", "truncl" "DD" "<math.h>",
    "vfprintf" "iFSV" "<stdio.h>", "vprintf" "iSV" "<stdio.h>", "vsnprintf" "iszSV" "<stdio.h>", "vsprintf" "isSV" "<stdio.h>",
    "_exit" "vi" "<unistd.h>", "__memcpy_chk" "ppczz" "<string.h>", "__memset_chk" "ppizz" "<string.h>",
    "__memmove_chk" "ppczz" "<string.h>", "__strcpy_chk" "ssSz" "<string.h>", "__strcat_chk" "ssSz" "<string.h>",
    "__strncpy_chk" "ssSzz" "<string.h>", "__sprintf_chk" "isizS." "<stdio.h>", "__snprintf_chk" "iszizS." "<stdio.h>",
    "__vsnprintf_chk" "iszizSV" "<stdio.h>", "__vsprintf_chk" "isizSV" "<stdio.h>", "__stpcpy_chk" "ssSz" "<string.h>",
    "__strncat_chk" "ssSzz" "<string.h>", "__mempcpy_chk" "ppczz" "<string.h>",
}

use Builtin as B;
use Special as S;

/// Builtins that are not library functions.
static ROWS: &[Row] = &[
    op("__builtin_clz", B::Clz, "iu"),
    op("__builtin_clzl", B::Clz, "im"),
    op("__builtin_clzll", B::Clz, "iM"),
    op("__builtin_ctz", B::Ctz, "iu"),
    op("__builtin_ctzl", B::Ctz, "im"),
    op("__builtin_ctzll", B::Ctz, "iM"),
    op("__builtin_popcount", B::Popcount, "iu"),
    op("__builtin_popcountl", B::Popcount, "im"),
    op("__builtin_popcountll", B::Popcount, "iM"),
    op("__builtin_parity", B::Parity, "iu"),
    op("__builtin_parityl", B::Parity, "im"),
    op("__builtin_parityll", B::Parity, "iM"),
    op("__builtin_ffs", B::Ffs, "ii"),
    op("__builtin_ffsl", B::Ffs, "il"),
    op("__builtin_ffsll", B::Ffs, "iL"),
    op("__builtin_clrsb", B::Clrsb, "ii"),
    op("__builtin_clrsbl", B::Clrsb, "il"),
    op("__builtin_clrsbll", B::Clrsb, "iL"),
    op("__builtin_bswap16", B::Bswap, "hh"),
    op("__builtin_bswap32", B::Bswap, "ww"),
    op("__builtin_bswap64", B::Bswap, "qq"),
    op("__builtin_abs", B::Abs, "ii"),
    op("__builtin_labs", B::Abs, "ll"),
    op("__builtin_llabs", B::Abs, "LL"),
    op("__builtin_fabs", B::Abs, "dd"),
    op("__builtin_fabsf", B::Abs, "ff"),
    op("__builtin_fabsl", B::Abs, "DD"),
    op("__builtin_copysign", B::CopySign, "ddd"),
    op("__builtin_copysignf", B::CopySign, "fff"),
    lib("__builtin_copysignl", "copysignl", "DDD"),
    op("__builtin_unreachable", B::Unreachable, "v"),
    op("__builtin_trap", B::Trap, "v"),
    op("__builtin_alloca", B::Alloca, "pz"),
    op("__builtin_alloca_with_align", B::Alloca, "pzz"),
    op("alloca", B::Alloca, "pz"),
    op("__builtin_frame_address", B::FrameAddress, "pu"),
    op("__builtin_dwarf_cfa", B::DwarfCfa, "p"),
    op("__builtin_return_address", B::ReturnAddress, "pu"),
    op("__builtin_prefetch", B::Prefetch, "vc."),
    special("__builtin_expect", S::Expect),
    special("__builtin_expect_with_probability", S::Expect),
    special("__builtin_constant_p", S::ConstantP),
    special("__builtin_classify_type", S::ClassifyType),
    special("__builtin_object_size", S::ObjectSize),
    special("__builtin_dynamic_object_size", S::ObjectSize),
    special("__builtin_assume_aligned", S::AssumeAligned),
    special("__builtin_va_start", S::VaStart),
    special("__builtin_va_end", S::VaEnd),
    special("__builtin_va_copy", S::VaCopy),
    special("__builtin_isnan", S::FloatTest(B::IsNan)),
    special("__builtin_isnanf", S::FloatTest(B::IsNan)),
    special("__builtin_isnanl", S::FloatTest(B::IsNan)),
    special("__builtin_isinf", S::FloatTest(B::IsInf)),
    special("__builtin_isinff", S::FloatTest(B::IsInf)),
    special("__builtin_isinfl", S::FloatTest(B::IsInf)),
    special("__builtin_isinf_sign", S::FloatTest(B::IsInfSign)),
    special("__builtin_isfinite", S::FloatTest(B::IsFinite)),
    special("__builtin_finite", S::FloatTest(B::IsFinite)),
    special("__builtin_isnormal", S::FloatTest(B::IsNormal)),
    special("__builtin_signbit", S::FloatTest(B::SignBit)),
    special("__builtin_signbitf", S::FloatTest(B::SignBit)),
    special("__builtin_signbitl", S::FloatTest(B::SignBit)),
    special("__builtin_isgreater", S::FloatCompare(B::IsGreater)),
    special("__builtin_isgreaterequal", S::FloatCompare(B::IsGreaterEqual)),
    special("__builtin_isless", S::FloatCompare(B::IsLess)),
    special("__builtin_islessequal", S::FloatCompare(B::IsLessEqual)),
    special("__builtin_islessgreater", S::FloatCompare(B::IsLessGreater)),
    special("__builtin_isunordered", S::FloatCompare(B::IsUnordered)),
    special("__builtin_inf", S::Infinity(Basic::Double)),
    special("__builtin_inff", S::Infinity(Basic::Float)),
    special("__builtin_infl", S::Infinity(Basic::LongDouble)),
    special("__builtin_huge_val", S::Infinity(Basic::Double)),
    special("__builtin_huge_valf", S::Infinity(Basic::Float)),
    special("__builtin_huge_vall", S::Infinity(Basic::LongDouble)),
    special("__builtin_huge_valf128", S::Infinity(Basic::Float128)),
    special("__builtin_inff128", S::Infinity(Basic::Float128)),
    special("__builtin_nan", S::Nan(Basic::Double, false)),
    special("__builtin_nanf", S::Nan(Basic::Float, false)),
    special("__builtin_nanl", S::Nan(Basic::LongDouble, false)),
    special("__builtin_nanf128", S::Nan(Basic::Float128, false)),
    special("__builtin_nans", S::Nan(Basic::Double, true)),
    special("__builtin_nansf", S::Nan(Basic::Float, true)),
    special("__builtin_nansl", S::Nan(Basic::LongDouble, true)),
    special("__builtin_nansf128", S::Nan(Basic::Float128, true)),
    special("__builtin_add_overflow", S::Overflow(B::AddOverflow)),
    special("__builtin_sub_overflow", S::Overflow(B::SubOverflow)),
    special("__builtin_mul_overflow", S::Overflow(B::MulOverflow)),
    special("__builtin_add_overflow_p", S::OverflowP(B::AddOverflow)),
    special("__builtin_sub_overflow_p", S::OverflowP(B::SubOverflow)),
    special("__builtin_mul_overflow_p", S::OverflowP(B::MulOverflow)),
    special("__builtin_sadd_overflow", S::FixedOverflow(B::AddOverflow, Basic::Int)),
    special("__builtin_saddl_overflow", S::FixedOverflow(B::AddOverflow, Basic::Long)),
    special("__builtin_saddll_overflow", S::FixedOverflow(B::AddOverflow, Basic::LLong)),
    special("__builtin_uadd_overflow", S::FixedOverflow(B::AddOverflow, Basic::UInt)),
    special("__builtin_uaddl_overflow", S::FixedOverflow(B::AddOverflow, Basic::ULong)),
    special("__builtin_uaddll_overflow", S::FixedOverflow(B::AddOverflow, Basic::ULLong)),
    special("__builtin_ssub_overflow", S::FixedOverflow(B::SubOverflow, Basic::Int)),
    special("__builtin_ssubl_overflow", S::FixedOverflow(B::SubOverflow, Basic::Long)),
    special("__builtin_ssubll_overflow", S::FixedOverflow(B::SubOverflow, Basic::LLong)),
    special("__builtin_usub_overflow", S::FixedOverflow(B::SubOverflow, Basic::UInt)),
    special("__builtin_usubl_overflow", S::FixedOverflow(B::SubOverflow, Basic::ULong)),
    special("__builtin_usubll_overflow", S::FixedOverflow(B::SubOverflow, Basic::ULLong)),
    special("__builtin_smul_overflow", S::FixedOverflow(B::MulOverflow, Basic::Int)),
    special("__builtin_smull_overflow", S::FixedOverflow(B::MulOverflow, Basic::Long)),
    special("__builtin_smulll_overflow", S::FixedOverflow(B::MulOverflow, Basic::LLong)),
    special("__builtin_umul_overflow", S::FixedOverflow(B::MulOverflow, Basic::UInt)),
    special("__builtin_umull_overflow", S::FixedOverflow(B::MulOverflow, Basic::ULong)),
    special("__builtin_umulll_overflow", S::FixedOverflow(B::MulOverflow, Basic::ULLong)),
    special("__sync_fetch_and_add", S::Sync(B::AtomicFetchAdd)),
    special("__sync_fetch_and_sub", S::Sync(B::AtomicFetchSub)),
    special("__sync_fetch_and_or", S::Sync(B::AtomicFetchOr)),
    special("__sync_fetch_and_and", S::Sync(B::AtomicFetchAnd)),
    special("__sync_fetch_and_xor", S::Sync(B::AtomicFetchXor)),
    special("__sync_fetch_and_nand", S::Sync(B::AtomicFetchNand)),
    special("__sync_add_and_fetch", S::Sync(B::AtomicAddFetch)),
    special("__sync_sub_and_fetch", S::Sync(B::AtomicSubFetch)),
    special("__sync_or_and_fetch", S::Sync(B::AtomicOrFetch)),
    special("__sync_and_and_fetch", S::Sync(B::AtomicAndFetch)),
    special("__sync_xor_and_fetch", S::Sync(B::AtomicXorFetch)),
    special("__sync_nand_and_fetch", S::Sync(B::AtomicNandFetch)),
    special("__sync_bool_compare_and_swap", S::SyncCompare(B::SyncBoolCompareAndSwap)),
    special("__sync_val_compare_and_swap", S::SyncCompare(B::SyncValCompareAndSwap)),
    special("__sync_lock_test_and_set", S::LockTestAndSet),
    special("__sync_lock_release", S::LockRelease),
    special("__sync_synchronize", S::Synchronize),
    special("__atomic_load_n", S::AtomicLoadN),
    special("__atomic_load", S::AtomicLoad),
    special("__atomic_store_n", S::AtomicStoreN),
    special("__atomic_store", S::AtomicStore),
    special("__atomic_exchange_n", S::AtomicExchangeN),
    special("__atomic_exchange", S::AtomicExchange),
    special("__atomic_compare_exchange_n", S::AtomicCompareN),
    special("__atomic_compare_exchange", S::AtomicCompare),
    special("__atomic_fetch_add", S::AtomicFetch(B::AtomicFetchAdd)),
    special("__atomic_fetch_sub", S::AtomicFetch(B::AtomicFetchSub)),
    special("__atomic_fetch_and", S::AtomicFetch(B::AtomicFetchAnd)),
    special("__atomic_fetch_or", S::AtomicFetch(B::AtomicFetchOr)),
    special("__atomic_fetch_xor", S::AtomicFetch(B::AtomicFetchXor)),
    special("__atomic_fetch_nand", S::AtomicFetch(B::AtomicFetchNand)),
    special("__atomic_add_fetch", S::AtomicFetch(B::AtomicAddFetch)),
    special("__atomic_sub_fetch", S::AtomicFetch(B::AtomicSubFetch)),
    special("__atomic_and_fetch", S::AtomicFetch(B::AtomicAndFetch)),
    special("__atomic_or_fetch", S::AtomicFetch(B::AtomicOrFetch)),
    special("__atomic_xor_fetch", S::AtomicFetch(B::AtomicXorFetch)),
    special("__atomic_nand_fetch", S::AtomicFetch(B::AtomicNandFetch)),
    special("__atomic_is_lock_free", S::AtomicLockFree),
    special("__atomic_always_lock_free", S::AtomicLockFree),
    op("__atomic_test_and_set", B::AtomicTestAndSet, "bpi"),
    op("__atomic_clear", B::AtomicClear, "vpi"),
    op("__atomic_thread_fence", B::ThreadFence, "vi"),
    op("__atomic_signal_fence", B::SignalFence, "vi"),
    special("__builtin_complex", S::Complex),
    special("__builtin_conj", S::Conjugate(Basic::ComplexDouble)),
    special("__builtin_conjf", S::Conjugate(Basic::ComplexFloat)),
    special("__builtin_conjl", S::Conjugate(Basic::ComplexLongDouble)),
    special("__builtin_LINE", S::Line),
    special("__builtin_FILE", S::File),
    special("__builtin_FUNCTION", S::FunctionName),
    special("__builtin_cpu_init", S::ProcessorInit),
    special("__builtin_cpu_supports", S::ProcessorSupports),
    special("__builtin_cpu_is", S::ProcessorIs),
    special("__builtin_has_attribute", S::HasAttribute),
    special("__builtin_shuffle", S::Shuffle),
    special("__builtin_shufflevector", S::ShuffleVector),
    special("__builtin_speculation_safe_value", S::SafeValue),
    special("__builtin_fpclassify", S::FpClassify),
    op("__builtin_stack_save", B::StackSave, "p"),
    op("__builtin_stack_restore", B::StackRestore, "vp"),
    special("__builtin_setjmp", S::SetJump),
    op("__builtin_longjmp", B::LongJump, "vpi"),
    op("__builtin_extract_return_addr", B::ExtractReturn, "pp"),
    op("__builtin_frob_return_addr", B::ExtractReturn, "pp"),
    special("__builtin_apply", S::Unsupported),
    special("__builtin_apply_args", S::Unsupported),
    special("__builtin_return", S::Unsupported),
    special("__builtin_va_arg_pack", S::VaArgPack),
    special("__builtin_va_arg_pack_len", S::VaArgPack),
    special("__builtin_eh_return", S::Unsupported),
    special("__builtin_unwind_init", S::Unsupported),
    special("__builtin_tgmath", S::TypeGeneric),
];

/// The row with this number, as bound to a name.
pub(crate) fn row(number: u32) -> &'static Row {
    let number = number as usize;
    match ROWS.get(number) {
        Some(row) => row,
        None => &LIBRARY_ROWS[number - ROWS.len()],
    }
}

/// What `__has_builtin` answers.
pub fn is_implemented(name: &str) -> bool {
    // These are words of the grammar.
    static WORDS: &[&str] = &[
        "__builtin_choose_expr",
        "__builtin_convertvector",
        "__builtin_offsetof",
        "__builtin_types_compatible_p",
        "__builtin_va_arg",
    ];
    let mut rows = ROWS.iter().chain(LIBRARY_ROWS);
    WORDS.contains(&name) || rows.any(|row| row.name == name && row.how != How::Special(Special::Unsupported))
}

/// The number of the target's builtin of this name.
pub(crate) fn machine(table: &[target::MachineBuiltin], name: &str) -> Option<u32> {
    table.binary_search_by(|row| row.name.cmp(name)).ok().map(|at| at as u32)
}

/// The number of the builtin that is spelled so. Only reserved names: `alloca` must be declared like any other function.
///
/// Programs use few of them, and each is looked for once: see [`Parser::meaning_of`].
pub(crate) fn find(spelling: &[u8]) -> Option<u32> {
    let begins = spelling.starts_with(b"__builtin_") || spelling.starts_with(b"__sync_");
    if !begins && !spelling.starts_with(b"__atomic_") {
        return None;
    }
    let found = ROWS.iter().chain(LIBRARY_ROWS).position(|row| row.name.as_bytes() == spelling)?;
    Some(found as u32)
}

/// The spellings of the builtins.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    ROWS.iter().chain(LIBRARY_ROWS).map(|row| row.name)
}

/// The number of `alloca`.
static ALLOCA: u32 = {
    let mut number = 0;
    while !matches!(ROWS[number].how, How::Op(Builtin::Alloca, _)) || ROWS[number].name.as_bytes()[0] == b'_' {
        number += 1;
    }
    number as u32
};

/// Binds `__builtin_va_list`, the one type among the builtins.
pub(crate) fn declare(parser: &mut Parser<'_>) {
    parser.alloca = (parser.pp.names.intern(b"alloca"), ALLOCA);
    let list = va_list(&mut parser.types, parser.pp.names.intern(b"__va_list_tag"));
    let name = parser.pp.names.intern(b"__builtin_va_list");
    let id = parser.types.typedef(name, list, 0);
    parser.va_list = QualTy::plain(id);
    parser.types.typedef_pos.push((id, Pos::NONE));
    parser.bind(Space::Ordinary, name, Meaning::Typedef, id.0);
}

/// `va_list` by the target's facts: an opaque record, an array of one of it, or a pointer.
fn va_list(types: &mut Types, tag: Name) -> QualTy {
    let layout = types.layout.va_list;
    if !layout.is_array && layout.size <= types.layout.pointer.size {
        return types.pointer(Basic::Char.qual());
    }
    let id = types.records.push(RecordData {
        tag,
        union: false,
        complete: false,
        flexible: false,
        packed: false,
        has_const: false,
        variable: false,
        transparent: false,
        ty: crate::types::TyId(0),
        fields: 0..0,
        size: 0,
        align: 1,
        pos: Pos::NONE,
    });
    let ty = types.add(crate::types::TypeData::Record(id));
    types.records[id].ty = ty;
    let word = types.unsigned_of_size(layout.align);
    let member = types.array(word.qual(), u64::from(layout.size / layout.align.max(1)));
    let field = FieldData {
        name: Name::NONE,
        ty: member,
        offset: 0,
        width: FieldData::NOT_A_BIT_FIELD,
        bit: 0,
        pos: Pos::NONE,
    };
    types.complete_record(id, &[FieldSpec { field, align: 0, packed: false }], RecordOptions::default());
    let record = QualTy::plain(ty);
    if layout.is_array { types.array(record, 1) } else { record }
}

/// The type that a signature's character stands for.
pub(crate) fn signature_type(types: &mut Types, letter: u8, va_list: QualTy) -> QualTy {
    match letter {
        b'b' => Basic::Bool.qual(),
        b'i' => Basic::Int.qual(),
        b'u' => Basic::UInt.qual(),
        b'l' => Basic::Long.qual(),
        b'm' => Basic::ULong.qual(),
        b'L' => Basic::LLong.qual(),
        b'M' => Basic::ULLong.qual(),
        b'z' => types.size_ty(),
        b'f' => Basic::Float.qual(),
        b'd' => Basic::Double.qual(),
        b'D' => Basic::LongDouble.qual(),
        b'h' => types.unsigned_of_size(2).qual(),
        b'w' => types.unsigned_of_size(4).qual(),
        b'q' => types.unsigned_of_size(8).qual(),
        b'Q' => Basic::UInt128.qual(),
        b'n' => Basic::Int.qual(),
        b'A' => vector(types, Basic::Char),
        b'B' => vector(types, Basic::Short),
        b'C' => vector(types, Basic::Int),
        b'E' => vector(types, Basic::LLong),
        b'G' => vector(types, Basic::Float),
        b'H' => vector(types, Basic::Double),
        b'p' | b'F' => types.pointer(Basic::Void.qual()),
        b'c' => types.pointer(Basic::Void.qual().with(Quals::CONST)),
        b's' => types.pointer(Basic::Char.qual()),
        b'S' => types.pointer(Basic::Char.qual().with(Quals::CONST)),
        b'V' => match types.get(va_list) {
            crate::types::TypeData::Array { element, .. } => types.pointer(element),
            _ => va_list,
        },
        _ => Basic::Void.qual(),
    }
}

/// A vector of 16 bytes.
fn vector(types: &mut Types, element: Basic) -> QualTy {
    let n = 16 / types.basic_size(element) as u32;
    let element = element.qual().ty();
    QualTy::plain(types.add(crate::types::TypeData::Vector { element, n }))
}

/// The function type of a signature.
pub(crate) fn signature(types: &mut Types, signature: &str, va_list: QualTy) -> QualTy {
    let bytes = signature.as_bytes();
    let ret = signature_type(types, bytes[0], va_list);
    let mut params = Vec::new();
    let mut shape = FunctionShape::Prototype;
    for &letter in &bytes[1..] {
        if letter == b'.' {
            shape = FunctionShape::Variadic;
        } else {
            params.push(signature_type(types, letter, va_list));
        }
    }
    types.function(ret, &params, shape)
}
