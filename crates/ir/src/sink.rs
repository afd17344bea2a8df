//! Who takes functions: code generation, the interpreter, text, a recorder, other languages.

use crate::func::Func;
use crate::module::{DataDef, Module, Symbol};
use base::Pos;

/// Takes a unit piece by piece, in the order in which the front end finishes it.
///
/// A sink may not assume that everything a function refers to is defined yet, only that it is declared in `module`.
pub trait FunctionSink {
    /// A finished function. A sink may keep it and leave any other in its place: only the memory is used again.
    fn function(&mut self, module: &Module, func: &mut Func);

    /// A finished data object. The front end gives each symbol at most one.
    fn data(&mut self, module: &Module, data: DataDef);

    /// A tentative definition that became a common symbol: size and alignment in bytes.
    fn common(&mut self, module: &Module, symbol: Symbol, size: u64, align: u32);

    /// Assembly at file level, as text in the target's syntax, and where it stands.
    fn assembly(&mut self, module: &Module, text: &[u8], pos: Pos);

    /// No more is to come: symbols are final (undefined, aliases, weak references).
    fn finish(&mut self, module: &Module);
}
