//! The checked tree of one external declaration: what the parser builds with the checker's help and `lower` turns into IR.
//!
//! Nodes are 24 bytes in one arena that is emptied, not freed, after every external declaration. Everything is explicit:
//! every conversion, every decay and every lvalue-to-rvalue load is a node, every node has its final type, constant
//! expressions are folded, member accesses carry fields, pointer arithmetic keeps element types. Lowering decides nothing
//! about meaning. Trees are built postfix: operands before operators.

use crate::types::{DeclId, LabelId, LocalId, QualTy, StrId};
use base::ids::IdVec;
use base::{Name, Pos, define_id};
use std::collections::HashMap;

define_id! {
    /// A node: expression or statement.
    pub struct NodeId; "n"
}

/// One node.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Node {
    pub op: NodeOp,
    pub aux: u16,
    /// Type of an expression (of an lvalue: of the object); `void` for statements.
    pub ty: QualTy,
    pub a: u32,
    pub b: u32,
    pub c: u32,
    /// Where the user sees it: the operator for binary expressions, else the first token.
    pub pos: Pos,
}

const _: () = assert!(size_of::<Node>() <= 28);

/// Node kinds. "List" operands are indices of [`Ast::lists`] where a count stands, then that many words.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
#[repr(u8)]
pub enum NodeOp {
    /// Something was wrong here and reported.
    Error,

    // Rvalues that are leaves.
    /// Integer or pointer constant: 64 bits in `a` (low) and `b`, sign- or zero-extended by its type.
    IntConst,
    /// 128-bit integer constant: number in [`Ast::wides`] in `a`.
    WideConst,
    /// Floating constant: number in [`Ast::floats`] in `a`.
    FloatConst,
    /// Address of label `a` (`&&l`).
    LabelAddr,

    // Lvalues and function designators.
    /// Local variable `a`.
    Local,
    /// Declared object or function `a` (a [`DeclId`]).
    Decl,
    /// String literal `a`: an array.
    Str,
    /// What pointer `a` points to (an object or a function).
    Deref,
    /// Member `b` (a [`FieldId`](crate::types::FieldId)) of record lvalue `a`.
    Member,
    /// The object that a compound literal makes: local `a` initialised by [`Init`] `b` each time it is evaluated.
    CompoundLocal,
    /// `__real__`, `__imag__` of a complex lvalue `a`; `aux` 0 or 1.
    ComplexPart,
    /// Member `b` of a record *rvalue* `a` (`f().x`): not assignable. No lvalue, but decays like one.
    MemberRvalue,
    /// The same of a complex rvalue `a`: a real rvalue.
    ComplexPartRvalue,
    /// Complex rvalue from real part `a` and imaginary part `b`, rvalues of the type of its parts.
    ComplexMake,

    // Conversions of `a` (an rvalue unless said otherwise) to the node's type.
    /// Value of lvalue `a`. Aggregates too: their rvalue is their place.
    Load,
    /// Array lvalue to pointer to its first element.
    Decay,
    /// Function designator to pointer.
    FunctionDecay,
    /// Address of lvalue or function `a` (`&`).
    AddrOf,
    /// Integer to integer, by the two types (also enum, `_Bool` to integer, `char`…).
    IntCast,
    /// To `_Bool`: compare with zero, from any scalar.
    BoolCast,
    IntToFloat,
    FloatToInt,
    FloatCast,
    PtrToInt,
    IntToPtr,
    /// Pointer to pointer: no code.
    PtrCast,
    /// To void: evaluated for its effects.
    VoidCast,
    /// To the same representation (qualifiers, compatible records).
    NopCast,
    /// Between complex types, and from and to real ones.
    ComplexCast,

    /// Scalar `a` in every element of the node's vector type.
    VectorSplat,
    /// The bytes of `a` as the node's type, of the same size: vector to vector, vector to integer, integer to vector.
    VectorCast,

    // Operators on rvalues. Both operands of arithmetic ones have the node's type.
    Neg,
    /// Of a complex value (GNU): the conjugate.
    BitNot,
    /// `!a`, an int.
    LogNot,
    Mul,
    Div,
    Rem,
    Add,
    Sub,
    /// The right operand of shifts has its own type.
    Shl,
    Shr,
    BitAnd,
    BitXor,
    BitOr,
    /// Pointer `a` plus integer `b` (any integer type) times the size of what the node's type points to.
    PtrAdd,
    PtrSub,
    /// Pointer `a` minus pointer `b` in elements of what `a` points to; the node's type is `ptrdiff_t`.
    PtrDiff,
    /// Compares: operands have one common type; the result is an int.
    Lt,
    Gt,
    Le,
    Ge,
    Eq,
    Ne,
    LogAnd,
    LogOr,
    /// `a ? b : c`; both arms have the node's type. `a ?: c` has `b` = NONE: the condition's value, converted by the
    /// node's type, is the result.
    Cond,
    Comma,

    // Effects.
    /// Lvalue `a` = rvalue `b`; the value is that of `a` after it.
    Assign,
    /// Lvalue `a` op= rvalue `b`: `aux` is the operator as a [`NodeOp`] number; `c` the number of the [`QualTy`] in [`Ast::types`] in
    /// which the operation is computed. For pointers the operator is PtrAdd or PtrSub.
    AssignOp,
    /// Of lvalue `a`; integers, floats and pointers.
    PreInc,
    PreDec,
    PostInc,
    PostDec,
    /// Calls function pointer or designator `a` (a [`NodeOp::Decl`] of a function stands here without decay) with list `b`.
    /// Arguments are converted to their parameters or promoted. An aggregate result's rvalue is its place.
    Call,
    /// Builtin `aux` (see `builtins.rs`) with the list of arguments at `b`.
    Builtin,
    /// `va_arg(a, type of the node)`: `a` is the rvalue that `va_list` decays or evaluates to: the address of the list.
    VaArg,
    /// `({ a })`: value of the last expression statement of block `a`.
    StmtExpr,
    /// Size in bytes of the variable type number `a` in [`Ast::types`], as `size_t`.
    SizeofVla,

    // Statements.
    /// List `a` of statements; a scope (see `b`: a scope number for debug information).
    Block,
    Empty,
    /// Expression `a`, its value dropped.
    ExprStmt,
    /// If `a` then `b` else `c` (or NONE).
    If,
    While,
    /// Body `a` while `b`.
    DoWhile,
    /// List `a`: init, condition, step (each or NONE), body.
    For,
    /// On `a` with body `b`; the cases stand in the body, `c` is the number of its [`SwitchData`].
    Switch,
    /// Case or default label of switch `a`, entry `b` of it; statement `c`.
    Case,
    Default,
    Goto,
    /// To address `a`.
    GotoComputed,
    /// Label `a` in front of statement `b`.
    Label,
    Break,
    Continue,
    /// Value `a` or NONE; converted to the function's result type.
    Return,
    /// Local `a` begins to live, initialised by [`Init`] `b` or NONE. Variable-length arrays are allocated here. Expression
    /// `c`, or NONE, is evaluated wherever control leaves its scope (`cleanup`).
    LocalDecl,
    /// A `typedef` or declaration with variable type number `a` of [`Ast::types`]: its sizes are evaluated here. Stands
    /// before the [`NodeOp::LocalDecl`] of a variable of such a type (also a pointer to one), at the start of the body for
    /// parameters, and as left operand of a [`NodeOp::Comma`] in `sizeof (int[n])`.
    VlaType,
    /// `asm`: number in [`Ast::asms`].
    Asm,
    /// `__attribute__((fallthrough))` and such: nothing.
    Attribute,
}

impl Node {
    /// The 64-bit value of an [`NodeOp::IntConst`].
    pub fn int_value(&self) -> i64 {
        (u64::from(self.a) | u64::from(self.b) << 32) as i64
    }
}

/// A floating constant: the value in the format of its type. `f80` in the first ten bytes, `f64` and `f32` in the low ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct FloatBits(pub [u8; 16]);

/// An initialiser, flattened: what is stored where. Everything not mentioned becomes zero.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// In [`Ast::init_items`], in evaluation order; later items override earlier ones at the same place. All items of
    /// one initialiser stand together.
    pub first: u32,
    pub n: u32,
    /// Size in bytes of the object, the flexible array member's elements included.
    pub size: u64,
    /// Some part may be left untouched by the items: the object is zeroed first.
    pub zero_first: bool,
}

/// One scalar, string or aggregate stored into an object under initialisation.
#[derive(Clone, Copy, Debug)]
pub struct InitItem {
    /// Byte offset in the object.
    pub offset: u64,
    /// Rvalue of the type to be stored; for a [`NodeOp::Str`] node: its bytes, cut or zero-filled to `size`.
    pub value: NodeId,
    /// Bytes.
    pub size: u64,
    /// Bit-field: first bit in the byte at `offset` and width; width 0 for none.
    pub bit: u8,
    pub width: u8,
}

impl InitItem {
    /// Where its last byte ends: a bit-field may have fewer bytes than its type.
    pub fn end(&self) -> u64 {
        let size = if self.width == 0 { self.size } else { (u64::from(self.bit) + u64::from(self.width)).div_ceil(8) };
        self.offset.saturating_add(size)
    }
}

/// A switch.
#[derive(Clone, Debug, Default)]
pub struct SwitchData {
    /// Low and high value of each case (equal but for GNU ranges), converted to the type of the controlling expression.
    pub cases: Vec<(i64, i64)>,
    pub has_default: bool,
}

/// One operand of an `asm`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AsmOperand {
    /// `[name]`, or [`Name::NONE`](base::Id::NONE).
    pub name: Name,
    pub constraint: StrId,
    /// An lvalue for outputs and for inputs whose constraint allows memory only, else an rvalue.
    pub node: NodeId,
}

/// An `asm` statement.
#[derive(Clone, Debug)]
pub struct AsmData {
    /// As written, `%`-escapes included.
    pub template: StrId,
    pub volatile: bool,
    /// False for `asm("…")` without colons: `%` means itself.
    pub extended: bool,
    pub outputs: Vec<AsmOperand>,
    pub inputs: Vec<AsmOperand>,
    pub clobbers: Vec<StrId>,
    /// Targets of `asm goto`.
    pub labels: Vec<LabelId>,
}

/// A variable of the function at hand.
#[derive(Clone, Copy, Debug)]
pub struct LocalData {
    pub name: Name,
    pub ty: QualTy,
    pub pos: Pos,
    pub param: bool,
    /// `&`, decay or member access was applied: it must have an address.
    pub address_taken: bool,
    /// From `_Alignas` and `aligned`, in bytes; 0 for the type's.
    pub align: u32,
    /// Number of the scope it is declared in (see [`ScopeInfo`]).
    pub scope: u32,
    /// Number of the function it belongs to: see [`Nested`].
    pub owner: u32,
    /// A nested function refers to it: it lives in its function's frame record.
    pub captured: bool,
    /// How often its name was met in expressions, evaluated or not.
    pub n_uses: u32,
    /// A parameter that was declared as an array.
    pub array_param: bool,
    /// `unused`, `cleanup`, or nothing a user wrote: never reported as unused.
    pub unused_is_fine: bool,
    /// `register … asm("name")`: where `asm` statements find it; else [`Name::NONE`](base::Id::NONE).
    pub register: Name,
}

/// A scope of the function at hand, for debug information. Scope 0 is the body.
#[derive(Clone, Copy, Debug)]
pub struct ScopeInfo {
    pub parent: u32,
    pub start: Pos,
    pub end: Pos,
}

/// A label.
#[derive(Clone, Copy, Debug)]
pub struct LabelData {
    pub name: Name,
    pub pos: Pos,
    pub defined: bool,
    /// `&&label` was seen.
    pub address_taken: bool,
    /// Number of the function it belongs to: see [`Nested`].
    pub owner: u32,
    /// A nested function goes there.
    pub nonlocal: bool,
    /// Something goes to it, or may.
    pub used: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Linkage {
    /// A `static` local: a symbol of its own, no linkage.
    None,
    Internal,
    External,
}

/// How far a declared thing is defined.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Definition {
    Declared,
    /// `int x;` at file level.
    Tentative,
    Defined,
}

/// Visibility asked for in the source or on the command line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Visibility {
    Default,
    Hidden,
    Protected,
    Internal,
}

/// A declared function or object with static storage. Attributes of redeclarations are merged.
#[derive(Clone, Debug)]
pub struct DeclData {
    pub name: Name,
    pub ty: QualTy,
    pub pos: Pos,
    pub linkage: Linkage,
    pub definition: Definition,
    pub is_function: bool,
    pub thread_local: bool,
    /// Referenced by something that is emitted: unused `static` functions and objects are not.
    pub used: bool,
    /// `inline` without `extern`, `gnu_inline`: whether an external definition is made is decided at the end of the unit.
    pub inline_only: bool,
    /// Declared `inline` somewhere: an internal one is only emitted when something refers to it.
    pub is_inline: bool,
    pub noreturn: bool,
    pub returns_twice: bool,
    pub weak: bool,
    pub visibility: Visibility,
    /// Said by an attribute or `#pragma GCC visibility`; else it is the command line's, which is for definitions only.
    pub visibility_given: bool,
    /// In bytes; 0 for the type's.
    pub align: u32,
    pub common: Option<bool>,
    pub constructor: Option<u16>,
    pub destructor: Option<u16>,
    /// `asm("name")`, `section("name")`, `alias("name")`; [`Name::NONE`](base::Id::NONE) for none.
    pub asm_name: Name,
    pub section: Name,
    pub alias: Name,
    pub attribute_used: bool,
    /// Arguments that must not be null, `unused-result` and so on are checked where the call is parsed; this one names
    /// what is said when it is used (`deprecated`).
    pub deprecated: bool,
    pub warn_unused_result: bool,
    /// `unused`: nothing is said when it is.
    pub unused_is_fine: bool,
    /// Its name was met, evaluated or not.
    pub mentioned: bool,
    /// `format(kind, number, first)`.
    pub format: Option<crate::attributes::Format>,
    /// `nonnull`: bit n for parameter n (from 0).
    pub nonnull: u64,
    pub always_inline: bool,
    /// `gnu_inline`: an `extern inline` definition is for inlining only.
    pub gnu_inline: bool,
    pub noinline: bool,
    /// Declared by a call of an undeclared function (C89 6.3.2.2).
    pub implicit: bool,
    /// A nested function: 1 more than the number of the function around it.
    pub nested: u32,
    /// The value of a `const` scalar whose initialiser was seen: other initialisers may use it (GNU).
    pub constant: Option<crate::consts::Const>,
    /// `ifunc("name")`: the function whose result is this one's address.
    pub ifunc: Name,
}

/// A string literal of the unit: bytes in its execution encoding, with the terminating zero.
#[derive(Clone, Debug)]
pub struct StrData {
    pub bytes: Box<[u8]>,
    /// Bytes of one character: 1, 2 or 4.
    pub char_size: u8,
}

/// The definition of one function, checked.
#[derive(Clone, Debug)]
pub struct FunctionDef {
    pub decl: DeclId,
    /// Parameters, in order; each is one of [`Ast::locals`] (unnamed ones too).
    pub params: Vec<LocalId>,
    /// A [`NodeOp::Block`].
    pub body: NodeId,
    pub end: Pos,
    /// A K&R definition has its promoted parameter types in its (unprototyped) function type: arguments arrive in those
    /// and are converted to the parameters' own types.
    pub old_style: bool,
    pub calls_returns_twice: bool,
    /// `main` (or any function) whose end is reached returns 0.
    pub implicit_zero: bool,
}

/// A function defined within another (GNU). Functions are numbered from 1 in the order in which their definitions begin; the
/// external one has number 0. All share the tables of the arena.
#[derive(Clone, Debug)]
pub struct Nested {
    pub number: u32,
    /// Number of the function around it.
    pub parent: u32,
    pub def: FunctionDef,
}

/// What the parser gives to lowering, one at a time; [`Ast::static_inits`] is to be lowered with each.
#[derive(Clone, Debug)]
pub enum External {
    Function(FunctionDef),
    /// Declarations only: what there is to emit stands in [`Ast::static_inits`].
    Declarations,
    /// File-level `asm`, and where it stands.
    Asm(Box<[u8]>, Pos),
}

/// The arena of one external declaration, and the per-function tables.
#[derive(Default)]
pub struct Ast {
    pub nodes: IdVec<NodeId, Node>,
    pub lists: Vec<u32>,
    pub floats: Vec<FloatBits>,
    pub wides: Vec<u128>,
    /// Types that nodes refer to by number: compound assignments, variable types.
    pub types: Vec<QualTy>,
    /// Length expressions of variable-length arrays: [`crate::types::ArrayLen::Variable`] indexes it. An rvalue of type `size_t`, evaluated
    /// once, at the declaration.
    pub vla_lens: Vec<NodeId>,
    /// Numbers of the functions that evaluate them.
    pub vla_owners: Vec<u32>,
    /// Nested functions, in the order in which they end.
    pub nested: Vec<Nested>,
    /// How many definitions of nested functions began.
    pub n_nested: u32,
    /// Outermost lengths of parameters declared as variable arrays, which are pointers: evaluated for their effects where
    /// the function begins.
    pub param_lens: Vec<(LocalId, NodeId)>,
    pub inits: Vec<Init>,
    pub init_items: Vec<InitItem>,
    pub switches: Vec<SwitchData>,
    pub asms: Vec<AsmData>,
    pub locals: IdVec<LocalId, LocalData>,
    pub labels: IdVec<LabelId, LabelData>,
    pub scopes: Vec<ScopeInfo>,
    /// Objects with static storage whose definition this external declaration completed (file-level objects with
    /// initialisers, `static` locals, file-level and static compound literals): the declaration and its number in
    /// `inits`, or `u32::MAX` for zero.
    pub static_inits: Vec<(DeclId, u32)>,
    /// Some local has a `cleanup`.
    pub has_cleanups: bool,
    /// Width in bits of integer rvalues that are computed in less than their type (see `check/narrow.rs`).
    pub narrow: HashMap<NodeId, u32>,
}

impl Ast {
    /// Empties the arena and keeps its memory.
    pub fn reset(&mut self) {
        self.nodes.clear();
        self.lists.clear();
        self.floats.clear();
        self.wides.clear();
        self.types.clear();
        self.vla_lens.clear();
        self.vla_owners.clear();
        self.nested.clear();
        self.n_nested = 0;
        self.param_lens.clear();
        self.inits.clear();
        self.init_items.clear();
        self.switches.clear();
        self.asms.clear();
        self.locals.clear();
        self.labels.clear();
        self.scopes.clear();
        self.static_inits.clear();
        self.has_cleanups = false;
        if !self.narrow.is_empty() {
            self.narrow.clear();
        }
    }

    /// The words of the list at `at`.
    pub fn list(&self, at: u32) -> &[u32] {
        let n = self.lists[at as usize] as usize;
        &self.lists[at as usize + 1..at as usize + 1 + n]
    }
}

/// Declared things and literals of the whole unit. Append-only.
#[derive(Default)]
pub struct UnitTables {
    pub decls: IdVec<DeclId, DeclData>,
    pub strings: IdVec<StrId, StrData>,
    /// `symver`: what is declared, and names with versions.
    pub symvers: Vec<(Name, Name)>,
}
