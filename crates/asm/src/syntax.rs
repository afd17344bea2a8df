//! The facet by which an architecture parses and encodes instructions, and what it emits them through.

use crate::cursor::Cursor;
use crate::expr::{Expr, Op, Reader};
use crate::symbols::{Field, HOME, Place, Tables};
use mc::buffer::{BranchRow, Mark};
use mc::relax::Filler;
use mc::{CodeBuffer, Label};
use target::RelocKind;

/// What a word in an expression is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Word {
    /// Stands between two operands.
    Operator(Op),
    /// Stands before one.
    Not,
    /// Stands before one, which it leaves as it is.
    Nothing,
    Number(i64),
}

/// How the displacement of a branch that leaves its section is relocated.
#[derive(Clone, Copy, Debug)]
pub struct FarBranch {
    pub kind: RelocKind,
    /// The same for a place beyond a symbol, which nothing can stand for.
    pub beyond: RelocKind,
    /// Of the field in the branch's long form, in bytes.
    pub offset: u32,
    pub addend: i64,
}

/// What an architecture says to the assembler.
pub trait Syntax: Sync {
    /// Rows of the branches that [`Emit::branch`] names.
    fn branches(&self) -> &'static [BranchRow];

    /// Begins a comment.
    fn comment(&self) -> u8;

    /// Begin a comment that is all of its line.
    fn line_comments(&self) -> &'static [u8] {
        b""
    }

    /// One statement that is neither a label nor a directive, to its end. What is wrong is told in words.
    fn instruction(&self, line: &mut Cursor<'_>, emit: &mut Emit<'_>) -> Result<(), String>;

    /// A directive that only this architecture has (`.intel_syntax`, `.code32`), to its end; `None` for one it does not know.
    /// `name` begins with its point.
    fn directive(&self, name: &[u8], line: &mut Cursor<'_>, emit: &mut Emit<'_>) -> Option<Result<(), String>> {
        let _ = (name, line, emit);
        None
    }

    /// Fills a gap between instructions.
    fn nops(&self) -> Filler;

    /// What the filler is told of a gap that stands here beside the length of one instruction, in its upper four bits.
    fn nop_style(&self, keep: &Keep) -> u8 {
        let _ = keep;
        0
    }

    /// Whether the state at the end of the unit says more.
    fn changes_nops(&self, mode: u32, keep: &Keep) -> bool {
        let _ = (mode, keep);
        false
    }

    /// The style at the end of the unit, where that says more.
    fn final_nop_style(&self, style: u8, mode: u32, keep: &Keep) -> u8 {
        let _ = (mode, keep);
        style
    }

    /// Bytes of the longest instruction that fills gaps of that style.
    fn longest_nop(&self, style: u8) -> u8;

    /// Kind for a field of data of `size` bytes that holds an address, or the distance to one.
    fn data_reloc(&self, size: u8, relative: bool) -> Option<RelocKind>;

    /// The same for an address with a sign.
    fn signed_reloc(&self, size: u8) -> Option<RelocKind> {
        self.data_reloc(size, false)
    }

    /// Kind for `symbol@MODIFIER` in data of `size` bytes; the modifier in small letters.
    fn modified_reloc(&self, modifier: &str, size: u8) -> Option<RelocKind>;

    /// `None` when the branch has no form that reaches everywhere.
    fn far_branch(&self, row: u8) -> Option<FarBranch>;

    /// The symbol that `@MODIFIER`, in small letters, brings into the object (`_GLOBAL_OFFSET_TABLE_`).
    fn brings(&self, modifier: &str) -> Option<&'static [u8]> {
        let _ = modifier;
        None
    }

    /// The state in which text begins that is not in the usual syntax, 0, but in that one: an index of
    /// [`Disassembler::syntaxes`](crate::Disassembler::syntaxes).
    fn begin(&self, syntax: u8, mode: u32) -> u32 {
        let _ = syntax;
        mode
    }

    /// Takes a command-line option (`-msyntax=intel`) into the state at the start of a unit, [`Emit::mode`] and [`Emit::keep`];
    /// `None` for an option that the architecture does not know, words for one whose value is wrong.
    fn option(&self, option: &str, mode: &mut u32, keep: &mut Keep) -> Option<Result<(), String>> {
        let _ = (option, mode, keep);
        None
    }

    /// At the end of a unit of files: a section that the architecture makes of what it saw.
    fn note(&self, keep: &Keep) -> Option<Note> {
        let _ = keep;
        None
    }

    /// The kind in place of `kind` for a symbol that has a meaning by itself (`_GLOBAL_OFFSET_TABLE_`).
    fn named_reloc(&self, name: &[u8], kind: RelocKind) -> RelocKind {
        let _ = name;
        kind
    }

    /// Unwind rules at the start of a function.
    fn initial_unwind(&self) -> &'static [mc::rows::UnwindOp] {
        &[]
    }

    /// DWARF number of a register as the source names it.
    fn dwarf_register(&self, name: &[u8]) -> Option<u8>;

    /// Whether a name, without a sign, is a register's.
    fn is_register(&self, name: &[u8]) -> bool {
        self.dwarf_register(name).is_some()
    }

    /// Whether registers stand without a sign in this state.
    fn has_naked_registers(&self, mode: u32) -> bool {
        let _ = mode;
        false
    }

    /// A word that is an operator or a number in expressions in this state (`mod`, `dword`); in any case of letters.
    fn word(&self, name: &[u8], mode: u32) -> Option<Word> {
        let _ = (name, mode);
        None
    }

    /// Whether there are such words at all.
    fn has_words(&self, mode: u32) -> bool {
        let _ = mode;
        false
    }

    /// What the frame address is counted from at the start of a function: a register's DWARF number and bytes.
    fn initial_cfa(&self) -> (u8, i32);
}

/// What an architecture keeps from statement to statement beside [`Emit::mode`], in words of its own; all 0 at the start of a
/// unit but for what options say.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Keep {
    pub words: [u64; 8],
    /// Words that a directive put aside.
    pub stack: Vec<[u64; 8]>,
}

/// A section of notes.
pub struct Note {
    pub name: &'static [u8],
    pub bytes: Vec<u8>,
    /// In bytes.
    pub align: u32,
}

/// Set in the number of a branch's target: the text said `@PLT`, so that whatever may stand in between is to.
pub(crate) const MODIFIED: u32 = 1 << 31;

/// Where instructions go.
pub struct Emit<'a> {
    pub code: &'a mut CodeBuffer,
    /// What the architecture keeps from statement to statement (which syntax, which width of code); 0 at the start of a unit.
    pub mode: &'a mut u32,
    /// The same, where there is more to keep.
    pub keep: &'a mut Keep,
    pub(crate) tables: &'a mut Tables,
}

impl Emit<'_> {
    /// Reads an expression.
    #[inline]
    pub fn expr(&mut self, line: &mut Cursor<'_>) -> Result<Expr, String> {
        Reader { tables: self.tables, code: self.code }.expr(line)
    }

    /// Symbols so far.
    #[inline]
    pub fn n_symbols(&self) -> usize {
        self.tables.syms.len()
    }

    /// An operand began with the name of what `expr` counts from, which might have been a register's. If it was one of the first
    /// `known` symbols, GNU as takes a closer look at it, which gives private symbols their turn in the object's table.
    #[inline]
    pub fn looked_up(&mut self, expr: &Expr, known: usize) {
        if let Some(symbol) = expr.plus.filter(|symbol| symbol.index() < known) {
            self.tables.take_turn(symbol);
        }
    }

    /// The same statement may have another meaning next time: its bytes are not to be remembered.
    #[inline]
    pub fn only_once(&mut self) {
        self.tables.is_plain = false;
    }

    /// Whether what `expr` counts from is the symbol of that name.
    pub fn is_symbol(&self, expr: &Expr, name: &[u8]) -> bool {
        expr.plus.is_some_and(|symbol| self.tables.spelling(symbol) == name)
    }

    /// The modifier of an expression, in small letters; empty for none.
    pub fn modifier(&self, expr: &Expr) -> &str {
        self.tables.modifier_name(expr)
    }

    /// A branch to a symbol and a number of bytes further: to a place of this code, or else relocated.
    /// Where that is a number, the branch leaves the code.
    pub fn branch(&mut self, row: u8, aux: u8, to: &Expr) -> Result<(), String> {
        let symbol = match (to.plus, to.minus) {
            (Some(symbol), None) if to.offset == 0 => symbol,
            (_, None) => self.tables.nameless(Place::Value(Expr { modifier: 0, ..*to })),
            _ => return Err("a branch needs a symbol to go to".into()),
        };
        let label = if self.tables.piece == HOME {
            self.tables.home_label(symbol, self.code)
        } else {
            Label(symbol.number() | if to.modifier == 0 { 0 } else { MODIFIED })
        };
        self.code.branch(row, aux, label);
        Ok(())
    }

    /// The field at `at` is relocated by `kind` with the value of `expr` and `addend` more.
    #[inline]
    pub fn fixup(&mut self, at: Mark, kind: RelocKind, expr: &Expr, addend: i64) {
        let expr = Expr { offset: expr.offset.wrapping_add(addend), ..*expr };
        self.tables.fixup(at, Field::Kind(kind), expr);
    }

    /// The same for a field whose value may be cut where the assembler itself knows it.
    pub fn wrapped_fixup(&mut self, at: Mark, kind: RelocKind, expr: &Expr, addend: i64) {
        let expr = Expr { offset: expr.offset.wrapping_add(addend), ..*expr };
        self.tables.fixup(at, Field::Wrapped(kind), expr);
    }

    /// What is assembled stands in a file, not in the code of a function.
    pub fn is_file_text(&self) -> bool {
        self.tables.piece != HOME
    }

    /// The sum of two expressions, whatever they are.
    pub fn sum(&mut self, left: Expr, right: Expr) -> Result<Expr, String> {
        Reader { tables: self.tables, code: self.code }.apply(Op::Add, left, right)
    }

    /// Tells of something that is not wrong enough to stop.
    pub fn warn(&mut self, text: String) {
        self.tables.warn(text);
    }
}
