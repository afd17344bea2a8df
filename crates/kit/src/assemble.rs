//! Assembly text to an object: what `kit as` does, and `kit cc` for `.s` and `.S`.

use crate::copy::{Compression, Input, Output, Plan, Request, copy_file};
use crate::plugins::TargetRow;
use asm::{Assembler, Severity};
use base::io::InputSource;
use obj::build::ObjectBuilder;
use obj::{SectionFlags, SectionKind};

pub use asm::{AsmOptions, ListingOptions, Multibyte};

/// One run of the assembler: its files are one text.
pub struct AssembleRequest<'r> {
    pub target: &'static TargetRow,
    pub options: AsmOptions,
    /// Sections of debug information become smaller (`--compress-debug-sections`).
    pub compress: bool,
    /// Names for messages, and contents.
    pub files: Vec<(String, &'r [u8])>,
}

/// What came of it.
pub struct Assembled {
    /// Missing when there were errors.
    pub object: Option<Vec<u8>>,
    /// What is wrong, as GNU as words it, for standard error.
    pub report: String,
    /// What `.print` says, for standard output.
    pub printed: String,
    pub n_errors: usize,
    pub n_warnings: usize,
    /// Files that the text named, in order.
    pub opened: Vec<String>,
    /// What [`AsmOptions::listing`] asked for.
    pub listing: Vec<u8>,
}

/// Assembles to an object.
pub fn assemble(request: &AssembleRequest, source: &dyn InputSource) -> Assembled {
    let (target, options) = (request.target, &request.options);
    let mut asm = Assembler::for_files(target.select.syntax, options.clone());
    for (name, text) in &request.files {
        asm.assemble(name, text, source);
    }
    let mut builder = ObjectBuilder::new();
    let is_right = !asm.has_errors() || options.always_output;
    if is_right {
        asm.finish_files(&mut builder, target.arch);
    }
    if options.listing.is_some() {
        asm.read_listed_sources(source);
        asm.write_listing(is_right.then_some(&mut builder));
    }
    // Of wrong text, too: what is wrong with its fields is to be told at once. A listing shows what was known before.
    if !is_right {
        asm.finish_files(&mut builder, target.arch);
    }
    let first = request.files.first().map_or("", |file| file.0.as_str());
    let mut out = report(&asm, first, options);
    out.opened = asm.opened_files().to_vec();
    out.listing = asm.listing().to_vec();
    if out.n_errors == 0 || options.always_output {
        if let Some(executable) = options.executable_stack {
            let flags = if executable { SectionFlags::EXEC } else { SectionFlags::NONE };
            let name = b".note.GNU-stack";
            let spec = obj::build::SectionSpec {
                kind: SectionKind::Progbits,
                ..obj::build::SectionSpec::progbits(name, flags)
            };
            if !asm.has_section(name) {
                builder.section(spec, 0);
            }
        }
        let write = if asm.has_atoms() { target.write_object } else { target.write_plain };
        let mut object = write(&builder.finish(), target.arch);
        if request.compress {
            match compressed(&object) {
                Ok(smaller) => object = smaller,
                Err(text) => {
                    out.report.push_str(&format!("{first}: Error: {text}\n"));
                    out.n_errors += 1;
                    return out;
                }
            }
        }
        out.object = Some(object);
    }
    out
}

fn compressed(object: &[u8]) -> Result<Vec<u8>, String> {
    let plan = Plan { compression: Compression::Zlib, ..Plan::default() };
    let request = Request { plan, input: Input::Recognized, output: Output::Same };
    Ok(copy_file(object, &request)?.bytes)
}

/// The messages as text: `file:line: Error: …`, and the macros that led there.
fn report(asm: &Assembler, first: &str, options: &AsmOptions) -> Assembled {
    let mut out = Assembled {
        object: None,
        report: String::new(),
        printed: String::new(),
        n_errors: 0,
        n_warnings: 0,
        opened: Vec::new(),
        listing: Vec::new(),
    };
    for message in asm.messages() {
        let name = asm.file_name(message.loc.file);
        let word = match message.severity {
            Severity::Info if message.calls.is_empty() && !message.text.starts_with("here is") => {
                out.printed.push_str(&message.text);
                out.printed.push('\n');
                continue;
            }
            Severity::Info => "Info",
            Severity::Warning if options.no_warnings => continue,
            Severity::Warning => {
                out.n_warnings += 1;
                "Warning"
            }
            Severity::Error => {
                out.n_errors += 1;
                "Error"
            }
        };
        if out.report.is_empty() {
            out.report.push_str(&format!("{}: Assembler messages:\n", if name.is_empty() { first } else { name }));
        }
        if message.loc.line == 0 {
            out.report.push_str(&format!("{name}: {word}: {}\n", message.text));
            continue;
        }
        let gap = if word == "Info" { "  " } else { " " };
        out.report.push_str(&format!("{name}:{}:{gap}{word}: {}\n", message.loc.line, message.text));
        for (depth, call) in message.calls.iter().enumerate() {
            let (name, blanks) = (asm.file_name(call.file), " ".repeat(depth + 2));
            out.report.push_str(&format!("{name}:{}:{blanks}Info: macro invoked from here\n", call.line));
        }
    }
    if options.fatal_warnings && out.n_errors == 0 && out.n_warnings != 0 {
        let plural = if out.n_warnings == 1 { "" } else { "s" };
        out.report
            .push_str(&format!("{first}: Error: {} warning{plural}, treating warnings as errors\n", out.n_warnings));
        out.n_errors += 1;
    }
    out
}
