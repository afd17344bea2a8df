//! The loop over external declarations: one is parsed and checked, lowered, given to the sink, and dropped.
//!
//! After an error nothing more goes to the sink, but checking goes on, so that a run reports what it can.

use crate::lower::{LowerOptions, Lowering, Tree};
use crate::options::Options;
use crate::parse::{ParseOptions, Parser};
use crate::pp::Pp;
use crate::pp::deps::Dependency;
use base::io::InputSource;
use base::{Diag, DiagSink, SourceMap, Span};
use ir::FunctionSink;
use ir::module::{Module, UnitOptions};
use target::DataLayout;

/// Everything that a compilation is told.
#[derive(Clone, Debug)]
pub struct CompileOptions {
    /// What concerns text; `text.file` is the file to compile.
    pub text: Options,
    pub parse: ParseOptions,
    pub lower: LowerOptions,
    /// What functions carry into code generation.
    pub unit: UnitOptions,
    /// For debug information.
    pub directory: String,
    pub producer: String,
}

/// How much each phase had to do.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counters {
    /// Nodes of checked trees.
    pub nodes: u64,
    /// Instructions of the IR.
    pub insts: u64,
}

/// What became of a unit.
pub struct UnitResult {
    pub module: Module,
    pub diags: DiagSink,
    pub map: SourceMap,
    pub dependencies: Vec<Dependency>,
    pub counters: Counters,
}

/// Compiles `options.text.file`. The sink is told that the unit is finished only when there was no error.
pub fn compile_unit(
    options: &CompileOptions,
    layout: &'static DataLayout,
    input: &dyn InputSource,
    sink: &mut dyn FunctionSink,
) -> UnitResult {
    let pp = Pp::new(options.text.clone(), input);
    let mut parser = Parser::new(pp, layout, options.parse);
    let mut lowering = Lowering::new(options.unit.clone(), options.lower);
    lowering.module.debug.directory.clone_from(&options.directory);
    lowering.module.debug.producer.clone_from(&options.producer);
    while let Some(external) = parser.next_external() {
        if parser.pp.diags.has_errors() {
            continue;
        }
        lowering.external(tree(&parser), &external, sink);
        report(&mut parser, &mut lowering);
    }
    parser.finish();
    if !parser.pp.diags.has_errors() {
        lowering.finish(tree(&parser), sink);
        report(&mut parser, &mut lowering);
    }
    let dependencies = parser.pp.dependencies();
    let (insts, nodes) = lowering.counts();
    UnitResult {
        module: lowering.module,
        diags: parser.pp.diags,
        map: parser.pp.map,
        dependencies,
        counters: Counters { nodes, insts },
    }
}

fn tree<'p>(parser: &'p Parser<'_>) -> Tree<'p> {
    let machine = parser.pp.options().machine_builtins;
    Tree { ast: &parser.ast, types: &parser.types, unit: &parser.unit, names: &parser.pp.names, machine }
}

/// Passes on what lowering could not do.
fn report(parser: &mut Parser<'_>, lowering: &mut Lowering) {
    for (pos, text) in lowering.take_errors() {
        parser.pp.diags.report(Diag::error(Span::at(pos), text));
    }
}
