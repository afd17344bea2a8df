//! The intermediate representation: functions as flat data between every front end and every consumer.
//!
//! Values are single-assignment and are named by the instruction that makes them; variables of the source are *slots*;
//! block parameters exist only where an expression joins (`?:`, `&&`, `||`). Aggregates live in memory. Every operation
//! is total or traps by definition. Signatures carry layouts, `va_*` are operations: how values travel in registers is
//! decided in code generation. Control flow is flat.
//!
//! Reading order: [`types`] (value types, layouts, signatures), [`module`] (symbols, data, interned tables), [`func`]
//! (instructions, blocks, slots), [`ops`] (every operation), [`builder`] (the public way to make functions), [`debug`]
//! (types, scopes, variables for debuggers), [`sink`] (who takes functions), [`record`] (a whole unit as data), [`text`]
//! (printed and parsed), [`verify`] (what a function must obey), [`interp`] (execution without machine code).
#![forbid(unsafe_code)]

pub mod builder;
pub mod debug;
pub mod func;
pub mod interp;
pub mod module;
pub mod ops;
pub mod record;
pub mod sink;
pub mod text;
pub mod types;
pub mod verify;

pub use builder::Builder;
pub use func::{Block, Func, Inst, Slot, Value};
pub use module::{DataDef, MemId, Module, Symbol};
pub use ops::{Cond, FCond, Op};
pub use record::{Recorder, Unit, replay};
pub use sink::FunctionSink;
pub use types::{LayoutId, SigId, Ty};
