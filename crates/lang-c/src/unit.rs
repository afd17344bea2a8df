//! The loop over external declarations: one is parsed and checked, lowered, given to the sink, and dropped.
//!
//! After an error nothing more goes to the sink, but checking goes on, so that a run reports what it can.

use crate::lower::{LowerOptions, Lowering, Tree};
use crate::options::Options;
use crate::parse::{ParseOptions, Parser};
use crate::pp::Pp;
use crate::pp::deps::Dependency;
use crate::pp::reuse::{HeaderCounters, Kept};
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

/// What units that are compiled one after the other with the same options share: see [`crate::pp::reuse`]. The files that they
/// read must not change meanwhile.
#[derive(Default)]
pub struct Shared {
    kept: Option<Kept>,
}

impl Shared {
    /// Gives back the map of the last unit, when its diagnostics were shown. The next unit begins anew without it.
    pub fn give_back(&mut self, map: SourceMap) {
        if let Some(kept) = &mut self.kept {
            kept.give_back(map);
        }
    }

    /// What became of the headers of all units so far, `None` before the first and after one that could leave nothing.
    pub fn counters(&self) -> Option<HeaderCounters> {
        self.kept.as_ref().map(Kept::counters)
    }

    fn next<'a>(&mut self, options: Options, input: &'a dyn InputSource) -> Pp<'a> {
        match self.kept.take().filter(|kept| kept.fits(&options)) {
            Some(kept) => Pp::go_on(kept, options, input),
            None => Pp::new_session(options, input),
        }
    }
}

/// Compiles `options.text.file`. The sink is told that the unit is finished only when there was no error.
pub fn compile_unit(
    options: &CompileOptions,
    layout: &'static DataLayout,
    input: &dyn InputSource,
    sink: &mut dyn FunctionSink,
) -> UnitResult {
    compile_from(Pp::new(options.text.clone(), input), options, layout, sink).0
}

/// As [`compile_unit`], with the same result to the last byte, for one of several units.
pub fn compile_shared(
    options: &CompileOptions,
    layout: &'static DataLayout,
    input: &dyn InputSource,
    sink: &mut dyn FunctionSink,
    shared: &mut Shared,
) -> UnitResult {
    let pp = shared.next(options.text.clone(), input);
    let (result, kept) = compile_from(pp, options, layout, sink);
    shared.kept = kept;
    result
}

fn compile_from(
    pp: Pp<'_>,
    options: &CompileOptions,
    layout: &'static DataLayout,
    sink: &mut dyn FunctionSink,
) -> (UnitResult, Option<Kept>) {
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
    let (kept, map, diags) = parser.pp.into_kept();
    let counters = Counters { nodes, insts };
    (UnitResult { module: lowering.module, diags, map, dependencies, counters }, kept)
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
