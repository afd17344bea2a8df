//! `kit help [tool]` and the man pages, both from the option tables.

use super::TOOLS;
use crate::flags;
use crate::host::{Failure, Shell};

/// The tool: an overview, or the help of one tool.
pub fn main(shell: &Shell, args: Vec<String>) -> Result<i32, Failure> {
    match args.first() {
        None => shell.print(super::usage().as_bytes()).map(|()| 0),
        Some(name) => match TOOLS.iter().find(|tool| tool.name == name) {
            Some(tool) => (tool.run)(&Shell::new(format!("kit {name}")), vec!["--help".into()]),
            None => Err(Failure::usage(format!("no tool ‘{name}’; ‘kit help’ lists them"))),
        },
    }
}

/// `(name, man(7) source)` of every page.
pub fn man_pages() -> Vec<(String, String)> {
    let mut tools = String::from(".SH TOOLS\n");
    for tool in TOOLS {
        tools.push_str(&format!(".TP\n.B kit {}\n{}.\n", tool.name, tool.summary));
    }
    let mut pages =
        vec![("kit".to_string(), page("kit", "a C toolchain in one program", "kit <tool> [arguments]", &tools))];
    for tool in TOOLS {
        let options = match tool.name {
            "cc" | "cpp" => flags::man(flags::cc::OPTIONS),
            "build-exe" => flags::man(flags::build_exe::OPTIONS),
            "ld" => flags::man(flags::ld::OPTIONS),
            _ => continue,
        };
        let name = format!("kit-{}", tool.name);
        pages
            .push((name.clone(), page(&name, tool.summary, &format!("kit {} [options] file...", tool.name), &options)));
    }
    pages
}

fn page(name: &str, summary: &str, usage: &str, body: &str) -> String {
    let upper = name.to_uppercase();
    let escape = |text: &str| text.replace('-', "\\-");
    format!(
        ".TH {upper} 1 \"\" \"kit {}\"\n.SH NAME\n{} \\- {}\n.SH SYNOPSIS\n.B {}\n{body}",
        kit::VERSION,
        escape(name),
        escape(summary),
        escape(usage)
    )
}
