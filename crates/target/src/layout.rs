//! Data layout: sizes and alignments of machine types, C-independent, and the C facts that only the platform decides.

/// Size and alignment in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScalarLayout {
    pub size: u8,
    pub align: u8,
}

/// How `long double` is represented.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FloatFormat {
    /// IEEE 754 binary64.
    Double,
    /// x87 80-bit extended, padded to the layout's size.
    Extended80,
    /// IEEE 754 binary128.
    Quad,
}

/// What `va_list` is in C.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct VaListLayout {
    pub size: u8,
    pub align: u8,
    /// `va_list` is an array of one structure, so that it decays when passed (SysV x86-64 3.5.7).
    pub is_array: bool,
}

/// Sizes and alignments of one platform.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct DataLayout {
    pub big_endian: bool,
    pub pointer: ScalarLayout,
    /// C `long`.
    pub long: ScalarLayout,
    /// i64, `long long`.
    pub int64: ScalarLayout,
    pub int128: ScalarLayout,
    pub double: ScalarLayout,
    pub long_double: ScalarLayout,
    pub long_double_format: FloatFormat,
    /// Plain `char` is signed.
    pub char_signed: bool,
    /// `wchar_t`: size in bytes and signedness.
    pub wchar_size: u8,
    pub wchar_signed: bool,
    pub va_list: VaListLayout,
    /// Alignment of the stack pointer at a call, in bytes.
    pub stack_align: u8,
    /// Largest alignment that any scalar needs (`__BIGGEST_ALIGNMENT__`, `max_align_t`).
    pub max_align: u8,
    /// Canonical frame address minus the address of a frame, in bytes.
    pub frame_to_cfa: u8,
}
