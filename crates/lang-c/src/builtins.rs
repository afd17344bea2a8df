//! Builtin functions, one row each: name, type, and what a call becomes.
//!
//! A call of a builtin is a [`NodeOp::Builtin`](crate::ast::NodeOp::Builtin) node whose `aux` is the row's [`Builtin`] as a number
//! and whose `b` is the list of arguments, converted to the row's parameter types. Rows that are mere other names of a
//! library function ([`How::Library`]) are called like it. Constant results are folded by the checker where it can
//! (`__builtin_constant_p` always); what reaches lowering is computed.

/// Types in rows, as C spells them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum BTy {
    Void,
    Int,
    UInt,
    Long,
    ULong,
    LLong,
    ULLong,
    Short16,
    UShort16,
    /// `uint32_t`, `uint64_t`
    U32,
    U64,
    U128,
    SizeT,
    Char,
    Bool,
    Float,
    Double,
    LongDouble,
    /// `void *`, `const void *`, `const volatile void *`
    Ptr,
    CPtr,
    CVPtr,
    /// `char *`, `const char *`
    Str,
    CStr,
    /// The `va_list` as it is passed: its address.
    VaList,
    /// Any type: checked by hand; as a result: found by hand.
    Any,
}

/// What a call becomes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// Operations: see `lower/builtin.rs`.
    Ops,
    /// A call of the library function of this name.
    Library(&'static str),
    /// Folded by the checker; never reaches lowering.
    Folded,
}

/// A row.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    pub name: &'static str,
    pub builtin: Builtin,
    pub how: How,
    pub ret: BTy,
    pub params: &'static [BTy],
    /// More arguments, of any type, may follow.
    pub variadic: bool,
}

macro_rules! builtins {
    (@dots) => { false };
    (@dots more) => { true };
    ($($variant:ident $name:literal $how:expr, $ret:ident ($($param:ident),* $(; $dots:ident)?);)+) => {
        /// Every builtin; the number is its row's index in [`ROWS`].
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
        #[repr(u16)]
        pub enum Builtin { $($variant,)+ }

        /// One row per builtin, in the order of [`Builtin`].
        pub static ROWS: &[Row] = &[$(Row {
            name: $name,
            builtin: Builtin::$variant,
            how: $how,
            ret: BTy::$ret,
            params: &[$(BTy::$param),*],
            variadic: builtins!(@dots $($dots)?),
        },)+];
    };
}

use How::{Folded, Library, Ops};

builtins! {
    // Variable arguments (C11 7.16). `va_arg` is a keyword of its own.
    VaStart "__builtin_va_start" Ops, Void (VaList; more);
    VaEnd "__builtin_va_end" Ops, Void (VaList);
    VaCopy "__builtin_va_copy" Ops, Void (VaList, VaList);

    // Told to the compiler.
    Expect "__builtin_expect" Ops, Long (Long, Long);
    ExpectWithProbability "__builtin_expect_with_probability" Ops, Long (Long, Long, Double);
    Unreachable "__builtin_unreachable" Ops, Void ();
    Trap "__builtin_trap" Ops, Void ();
    Prefetch "__builtin_prefetch" Ops, Void (CPtr; more);
    AssumeAligned "__builtin_assume_aligned" Ops, Ptr (CPtr, SizeT; more);
    ConstantP "__builtin_constant_p" Folded, Int (Any);
    ObjectSize "__builtin_object_size" Ops, SizeT (CPtr, Int);
    DynamicObjectSize "__builtin_dynamic_object_size" Ops, SizeT (CPtr, Int);
    ClassifyType "__builtin_classify_type" Folded, Int (Any);

    // The stack.
    Alloca "__builtin_alloca" Ops, Ptr (SizeT);
    AllocaWithAlign "__builtin_alloca_with_align" Ops, Ptr (SizeT, SizeT);
    FrameAddress "__builtin_frame_address" Ops, Ptr (UInt);
    ReturnAddress "__builtin_return_address" Ops, Ptr (UInt);
    ExtractReturnAddress "__builtin_extract_return_addr" Ops, Ptr (Ptr);

    // Bits.
    Clz "__builtin_clz" Ops, Int (UInt);
    Clzl "__builtin_clzl" Ops, Int (ULong);
    Clzll "__builtin_clzll" Ops, Int (ULLong);
    Ctz "__builtin_ctz" Ops, Int (UInt);
    Ctzl "__builtin_ctzl" Ops, Int (ULong);
    Ctzll "__builtin_ctzll" Ops, Int (ULLong);
    Ffs "__builtin_ffs" Ops, Int (Int);
    Ffsl "__builtin_ffsl" Ops, Int (Long);
    Ffsll "__builtin_ffsll" Ops, Int (LLong);
    Clrsb "__builtin_clrsb" Ops, Int (Int);
    Clrsbl "__builtin_clrsbl" Ops, Int (Long);
    Clrsbll "__builtin_clrsbll" Ops, Int (LLong);
    Popcount "__builtin_popcount" Ops, Int (UInt);
    Popcountl "__builtin_popcountl" Ops, Int (ULong);
    Popcountll "__builtin_popcountll" Ops, Int (ULLong);
    Parity "__builtin_parity" Ops, Int (UInt);
    Parityl "__builtin_parityl" Ops, Int (ULong);
    Parityll "__builtin_parityll" Ops, Int (ULLong);
    Bswap16 "__builtin_bswap16" Ops, UShort16 (UShort16);
    Bswap32 "__builtin_bswap32" Ops, U32 (U32);
    Bswap64 "__builtin_bswap64" Ops, U64 (U64);
    Bswap128 "__builtin_bswap128" Ops, U128 (U128);

    // Arithmetic with a look at overflow. The last argument of the first three is a pointer to the result, of any integer
    // type; operands keep their own types.
    AddOverflow "__builtin_add_overflow" Ops, Bool (Any, Any, Any);
    SubOverflow "__builtin_sub_overflow" Ops, Bool (Any, Any, Any);
    MulOverflow "__builtin_mul_overflow" Ops, Bool (Any, Any, Any);
    SaddOverflow "__builtin_sadd_overflow" Ops, Bool (Int, Int, Any);
    SaddlOverflow "__builtin_saddl_overflow" Ops, Bool (Long, Long, Any);
    SaddllOverflow "__builtin_saddll_overflow" Ops, Bool (LLong, LLong, Any);
    UaddOverflow "__builtin_uadd_overflow" Ops, Bool (UInt, UInt, Any);
    UaddlOverflow "__builtin_uaddl_overflow" Ops, Bool (ULong, ULong, Any);
    UaddllOverflow "__builtin_uaddll_overflow" Ops, Bool (ULLong, ULLong, Any);
    SsubOverflow "__builtin_ssub_overflow" Ops, Bool (Int, Int, Any);
    SsublOverflow "__builtin_ssubl_overflow" Ops, Bool (Long, Long, Any);
    SsubllOverflow "__builtin_ssubll_overflow" Ops, Bool (LLong, LLong, Any);
    UsubOverflow "__builtin_usub_overflow" Ops, Bool (UInt, UInt, Any);
    UsublOverflow "__builtin_usubl_overflow" Ops, Bool (ULong, ULong, Any);
    UsubllOverflow "__builtin_usubll_overflow" Ops, Bool (ULLong, ULLong, Any);
    SmulOverflow "__builtin_smul_overflow" Ops, Bool (Int, Int, Any);
    SmullOverflow "__builtin_smull_overflow" Ops, Bool (Long, Long, Any);
    SmulllOverflow "__builtin_smulll_overflow" Ops, Bool (LLong, LLong, Any);
    UmulOverflow "__builtin_umul_overflow" Ops, Bool (UInt, UInt, Any);
    UmullOverflow "__builtin_umull_overflow" Ops, Bool (ULong, ULong, Any);
    UmulllOverflow "__builtin_umulll_overflow" Ops, Bool (ULLong, ULLong, Any);

    // Floating point. Constants are folded; `isnan` and its like take any real floating type.
    Inf "__builtin_inf" Folded, Double ();
    Inff "__builtin_inff" Folded, Float ();
    Infl "__builtin_infl" Folded, LongDouble ();
    HugeVal "__builtin_huge_val" Folded, Double ();
    HugeValf "__builtin_huge_valf" Folded, Float ();
    HugeVall "__builtin_huge_vall" Folded, LongDouble ();
    Nan "__builtin_nan" Folded, Double (CStr);
    Nanf "__builtin_nanf" Folded, Float (CStr);
    Nanl "__builtin_nanl" Folded, LongDouble (CStr);
    Nans "__builtin_nans" Folded, Double (CStr);
    Nansf "__builtin_nansf" Folded, Float (CStr);
    Nansl "__builtin_nansl" Folded, LongDouble (CStr);
    IsNan "__builtin_isnan" Ops, Int (Any);
    IsInf "__builtin_isinf" Ops, Int (Any);
    IsInfSign "__builtin_isinf_sign" Ops, Int (Any);
    IsFinite "__builtin_isfinite" Ops, Int (Any);
    IsNormal "__builtin_isnormal" Ops, Int (Any);
    FpClassify "__builtin_fpclassify" Ops, Int (Int, Int, Int, Int, Int, Any);
    SignbitAny "__builtin_signbit" Ops, Int (Any);
    Signbitf "__builtin_signbitf" Ops, Int (Float);
    Signbitl "__builtin_signbitl" Ops, Int (LongDouble);
    IsGreater "__builtin_isgreater" Ops, Int (Any, Any);
    IsGreaterEqual "__builtin_isgreaterequal" Ops, Int (Any, Any);
    IsLess "__builtin_isless" Ops, Int (Any, Any);
    IsLessEqual "__builtin_islessequal" Ops, Int (Any, Any);
    IsLessGreater "__builtin_islessgreater" Ops, Int (Any, Any);
    IsUnordered "__builtin_isunordered" Ops, Int (Any, Any);
    Fabs "__builtin_fabs" Ops, Double (Double);
    Fabsf "__builtin_fabsf" Ops, Float (Float);
    Fabsl "__builtin_fabsl" Ops, LongDouble (LongDouble);
    Copysign "__builtin_copysign" Ops, Double (Double, Double);
    Copysignf "__builtin_copysignf" Ops, Float (Float, Float);
    Copysignl "__builtin_copysignl" Ops, LongDouble (LongDouble, LongDouble);
    Sqrt "__builtin_sqrt" Library("sqrt"), Double (Double);
    Sqrtf "__builtin_sqrtf" Library("sqrtf"), Float (Float);
    Floor "__builtin_floor" Library("floor"), Double (Double);
    Ceil "__builtin_ceil" Library("ceil"), Double (Double);
    Pow "__builtin_pow" Library("pow"), Double (Double, Double);
    Powf "__builtin_powf" Library("powf"), Float (Float, Float);
    Fmax "__builtin_fmax" Library("fmax"), Double (Double, Double);
    Fmin "__builtin_fmin" Library("fmin"), Double (Double, Double);
    Sin "__builtin_sin" Library("sin"), Double (Double);
    Cos "__builtin_cos" Library("cos"), Double (Double);
    Exp "__builtin_exp" Library("exp"), Double (Double);
    Log "__builtin_log" Library("log"), Double (Double);
    Fmod "__builtin_fmod" Library("fmod"), Double (Double, Double);

    // Library functions under their builtin names.
    Memcpy "__builtin_memcpy" Library("memcpy"), Ptr (Ptr, CPtr, SizeT);
    Memmove "__builtin_memmove" Library("memmove"), Ptr (Ptr, CPtr, SizeT);
    Mempcpy "__builtin_mempcpy" Library("mempcpy"), Ptr (Ptr, CPtr, SizeT);
    Memset "__builtin_memset" Library("memset"), Ptr (Ptr, Int, SizeT);
    Memcmp "__builtin_memcmp" Library("memcmp"), Int (CPtr, CPtr, SizeT);
    Memchr "__builtin_memchr" Library("memchr"), Ptr (CPtr, Int, SizeT);
    Bzero "__builtin_bzero" Library("bzero"), Void (Ptr, SizeT);
    Bcopy "__builtin_bcopy" Library("bcopy"), Void (CPtr, Ptr, SizeT);
    Bcmp "__builtin_bcmp" Library("bcmp"), Int (CPtr, CPtr, SizeT);
    Strlen "__builtin_strlen" Library("strlen"), SizeT (CStr);
    Strcpy "__builtin_strcpy" Library("strcpy"), Str (Str, CStr);
    Stpcpy "__builtin_stpcpy" Library("stpcpy"), Str (Str, CStr);
    Strncpy "__builtin_strncpy" Library("strncpy"), Str (Str, CStr, SizeT);
    Strcat "__builtin_strcat" Library("strcat"), Str (Str, CStr);
    Strncat "__builtin_strncat" Library("strncat"), Str (Str, CStr, SizeT);
    Strcmp "__builtin_strcmp" Library("strcmp"), Int (CStr, CStr);
    Strncmp "__builtin_strncmp" Library("strncmp"), Int (CStr, CStr, SizeT);
    Strchr "__builtin_strchr" Library("strchr"), Str (CStr, Int);
    Strrchr "__builtin_strrchr" Library("strrchr"), Str (CStr, Int);
    Strstr "__builtin_strstr" Library("strstr"), Str (CStr, CStr);
    Strpbrk "__builtin_strpbrk" Library("strpbrk"), Str (CStr, CStr);
    Strspn "__builtin_strspn" Library("strspn"), SizeT (CStr, CStr);
    Strcspn "__builtin_strcspn" Library("strcspn"), SizeT (CStr, CStr);
    Strdup "__builtin_strdup" Library("strdup"), Str (CStr);
    Malloc "__builtin_malloc" Library("malloc"), Ptr (SizeT);
    Calloc "__builtin_calloc" Library("calloc"), Ptr (SizeT, SizeT);
    Realloc "__builtin_realloc" Library("realloc"), Ptr (Ptr, SizeT);
    Free "__builtin_free" Library("free"), Void (Ptr);
    Abort "__builtin_abort" Library("abort"), Void ();
    Exit "__builtin_exit" Library("exit"), Void (Int);
    Abs "__builtin_abs" Library("abs"), Int (Int);
    Labs "__builtin_labs" Library("labs"), Long (Long);
    Llabs "__builtin_llabs" Library("llabs"), LLong (LLong);
    Printf "__builtin_printf" Library("printf"), Int (CStr; more);
    Sprintf "__builtin_sprintf" Library("sprintf"), Int (Str, CStr; more);
    Snprintf "__builtin_snprintf" Library("snprintf"), Int (Str, SizeT, CStr; more);
    Vprintf "__builtin_vprintf" Library("vprintf"), Int (CStr, VaList);
    Vsprintf "__builtin_vsprintf" Library("vsprintf"), Int (Str, CStr, VaList);
    Vsnprintf "__builtin_vsnprintf" Library("vsnprintf"), Int (Str, SizeT, CStr, VaList);
    Puts "__builtin_puts" Library("puts"), Int (CStr);
    Putchar "__builtin_putchar" Library("putchar"), Int (Int);
    Setjmp "__builtin_setjmp" Library("_setjmp"), Int (Ptr);
    MemcpyChk "__builtin___memcpy_chk" Library("__memcpy_chk"), Ptr (Ptr, CPtr, SizeT, SizeT);
    MemmoveChk "__builtin___memmove_chk" Library("__memmove_chk"), Ptr (Ptr, CPtr, SizeT, SizeT);
    MemsetChk "__builtin___memset_chk" Library("__memset_chk"), Ptr (Ptr, Int, SizeT, SizeT);
    StrcpyChk "__builtin___strcpy_chk" Library("__strcpy_chk"), Str (Str, CStr, SizeT);
    StrcatChk "__builtin___strcat_chk" Library("__strcat_chk"), Str (Str, CStr, SizeT);

    // Atomics, of every integer and pointer type of 1, 2, 4 or 8 bytes. `_n` forms take and give values, the plain ones
    // go through addresses. Orders are constants or not: what is not known counts as the strictest.
    AtomicLoadN "__atomic_load_n" Ops, Any (Any, Int);
    AtomicLoad "__atomic_load" Ops, Void (Any, Any, Int);
    AtomicStoreN "__atomic_store_n" Ops, Void (Any, Any, Int);
    AtomicStore "__atomic_store" Ops, Void (Any, Any, Int);
    AtomicExchangeN "__atomic_exchange_n" Ops, Any (Any, Any, Int);
    AtomicExchange "__atomic_exchange" Ops, Void (Any, Any, Any, Int);
    AtomicCompareExchangeN "__atomic_compare_exchange_n" Ops, Bool (Any, Any, Any, Bool, Int, Int);
    AtomicCompareExchange "__atomic_compare_exchange" Ops, Bool (Any, Any, Any, Bool, Int, Int);
    AtomicFetchAdd "__atomic_fetch_add" Ops, Any (Any, Any, Int);
    AtomicFetchSub "__atomic_fetch_sub" Ops, Any (Any, Any, Int);
    AtomicFetchAnd "__atomic_fetch_and" Ops, Any (Any, Any, Int);
    AtomicFetchOr "__atomic_fetch_or" Ops, Any (Any, Any, Int);
    AtomicFetchXor "__atomic_fetch_xor" Ops, Any (Any, Any, Int);
    AtomicFetchNand "__atomic_fetch_nand" Ops, Any (Any, Any, Int);
    AtomicAddFetch "__atomic_add_fetch" Ops, Any (Any, Any, Int);
    AtomicSubFetch "__atomic_sub_fetch" Ops, Any (Any, Any, Int);
    AtomicAndFetch "__atomic_and_fetch" Ops, Any (Any, Any, Int);
    AtomicOrFetch "__atomic_or_fetch" Ops, Any (Any, Any, Int);
    AtomicXorFetch "__atomic_xor_fetch" Ops, Any (Any, Any, Int);
    AtomicNandFetch "__atomic_nand_fetch" Ops, Any (Any, Any, Int);
    AtomicTestAndSet "__atomic_test_and_set" Ops, Bool (Ptr, Int);
    AtomicClear "__atomic_clear" Ops, Void (Ptr, Int);
    AtomicThreadFence "__atomic_thread_fence" Ops, Void (Int);
    AtomicSignalFence "__atomic_signal_fence" Ops, Void (Int);
    AtomicAlwaysLockFree "__atomic_always_lock_free" Folded, Bool (SizeT, CVPtr);
    AtomicIsLockFree "__atomic_is_lock_free" Ops, Bool (SizeT, CVPtr);
    SyncFetchAdd "__sync_fetch_and_add" Ops, Any (Any, Any; more);
    SyncFetchSub "__sync_fetch_and_sub" Ops, Any (Any, Any; more);
    SyncFetchAnd "__sync_fetch_and_and" Ops, Any (Any, Any; more);
    SyncFetchOr "__sync_fetch_and_or" Ops, Any (Any, Any; more);
    SyncFetchXor "__sync_fetch_and_xor" Ops, Any (Any, Any; more);
    SyncFetchNand "__sync_fetch_and_nand" Ops, Any (Any, Any; more);
    SyncAddFetch "__sync_add_and_fetch" Ops, Any (Any, Any; more);
    SyncSubFetch "__sync_sub_and_fetch" Ops, Any (Any, Any; more);
    SyncAndFetch "__sync_and_and_fetch" Ops, Any (Any, Any; more);
    SyncOrFetch "__sync_or_and_fetch" Ops, Any (Any, Any; more);
    SyncXorFetch "__sync_xor_and_fetch" Ops, Any (Any, Any; more);
    SyncNandFetch "__sync_nand_and_fetch" Ops, Any (Any, Any; more);
    SyncBoolCompareAndSwap "__sync_bool_compare_and_swap" Ops, Bool (Any, Any, Any; more);
    SyncValCompareAndSwap "__sync_val_compare_and_swap" Ops, Any (Any, Any, Any; more);
    SyncLockTestAndSet "__sync_lock_test_and_set" Ops, Any (Any, Any; more);
    SyncLockRelease "__sync_lock_release" Ops, Void (Any; more);
    SyncSynchronize "__sync_synchronize" Ops, Void (; more);
}

impl Builtin {
    /// The builtin of a node's `aux`.
    pub fn from_aux(aux: u16) -> Option<Builtin> {
        ROWS.get(usize::from(aux)).map(|row| row.builtin)
    }

    pub fn row(self) -> &'static Row {
        &ROWS[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_stand_in_the_order_of_the_builtins_and_names_are_unique() {
        for (idx, row) in ROWS.iter().enumerate() {
            assert_eq!(row.builtin as usize, idx, "{}", row.name);
            assert_eq!(ROWS.iter().filter(|other| other.name == row.name).count(), 1, "{}", row.name);
        }
    }
}
