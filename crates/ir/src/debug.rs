//! The debug model: types, scopes and variables, neutral of language and of debug format. Only made with `-g`.
//!
//! Front ends describe; code generation answers with a place per slot and a code range per scope; `dwarf` writes.

use crate::func::Slot;
use crate::module::Symbol;
use base::ids::IdVec;
use base::{Pos, define_id};

define_id! {
    /// A type for debuggers.
    pub struct DebugType; "dt"
    /// A lexical scope of one function; scope 0 is the function's body.
    pub struct Scope; "sc"
}

/// How a base type's bytes are read (DW_ATE).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Encoding {
    Bool,
    Signed,
    Unsigned,
    SignedChar,
    UnsignedChar,
    Float,
    ComplexFloat,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub enum Qualifier {
    Const,
    Volatile,
    Restrict,
    Atomic,
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Member {
    /// Empty for an anonymous member.
    pub name: Box<str>,
    pub ty: DebugType,
    /// Byte offset; for a bit-field of the structure's start, with `bit_offset` counted from there.
    pub offset: u64,
    /// Bits of a bit-field, else 0.
    pub bit_size: u32,
    /// First bit of a bit-field, counted from the structure's start in storage order (DW_AT_data_bit_offset).
    pub bit_offset: u64,
    pub pos: Pos,
}

/// A type. `DebugType::NONE` stands for `void`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum TypeData {
    Base {
        name: Box<str>,
        size: u32,
        encoding: Encoding,
    },
    Pointer(DebugType),
    Qualified(Qualifier, DebugType),
    Typedef {
        name: Box<str>,
        ty: DebugType,
        pos: Pos,
    },
    /// One dimension; `count` is `None` for an incomplete array.
    Array {
        element: DebugType,
        count: Option<u64>,
        size: u64,
    },
    /// A vector of the machine or of GNU C, which is a value and no array.
    Vector {
        element: DebugType,
        count: u64,
    },
    /// One dimension of variable length: a slot of the function that has variables of this type holds the number of
    /// elements.
    VariableArray {
        element: DebugType,
        length: Slot,
    },
    /// A structure or union. `members` is `None` while incomplete.
    Record {
        name: Box<str>,
        union: bool,
        size: u64,
        align: u32,
        members: Option<Vec<Member>>,
        pos: Pos,
    },
    Enum {
        name: Box<str>,
        size: u32,
        signed: bool,
        items: Option<Vec<(Box<str>, i64)>>,
        pos: Pos,
    },
    Function {
        ret: DebugType,
        params: Vec<DebugType>,
        variadic: bool,
        prototyped: bool,
    },
}

/// A variable with static storage, for the unit.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GlobalVar {
    pub name: Box<str>,
    pub ty: DebugType,
    pub symbol: Symbol,
    pub external: bool,
    pub tls: bool,
    pub pos: Pos,
}

/// What the whole unit says to debuggers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct DebugInfo {
    pub types: IdVec<DebugType, TypeData>,
    pub globals: Vec<GlobalVar>,
    /// Types that the program uses though no variable may have them, such as the enumerations of constants.
    pub used: Vec<DebugType>,
    /// Compilation directory and producer, given by the host.
    pub directory: String,
    pub producer: String,
}

/// A lexical scope.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScopeData {
    /// [`Scope::NONE`](base::Id::NONE) for the body.
    pub parent: Scope,
    /// Instructions it covers, as indices of [`crate::Func::insts`].
    pub first: u32,
    pub end: u32,
}

/// Where the front end keeps a variable.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum VarHome {
    /// In a slot for its whole scope.
    Slot(Slot),
    /// In a slot that holds several variables, at a byte offset.
    Within(Slot, u32),
    /// At the address that a pointer slot holds (variable-length arrays).
    Indirect(Slot),
    /// Static storage (a `static` local).
    Static(Symbol),
    /// The same, of each thread.
    ThreadLocal(Symbol),
}

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct LocalVar {
    pub name: Box<str>,
    pub ty: DebugType,
    pub scope: Scope,
    pub home: VarHome,
    /// Is a parameter; parameters come first and in order.
    pub param: bool,
    pub pos: Pos,
}

/// What one function says to debuggers.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct FuncDebug {
    pub name: Box<str>,
    /// A [`TypeData::Function`].
    pub ty: DebugType,
    pub external: bool,
    /// Place of its declarator, and of the braces that open and end its body.
    pub pos: Pos,
    pub open: Pos,
    pub end: Pos,
    pub scopes: IdVec<Scope, ScopeData>,
    pub vars: Vec<LocalVar>,
}
