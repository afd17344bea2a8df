//! The option engine: one table per gcc-style tool, from which parsing, `--help` and the man page come.
//!
//! gcc-style options do not fit a general command-line library: `-Idir`, `-I dir`, `-Wl,a,b`, `-std=c11`, `-f[no-]name`, last
//! one wins, and the order among inputs matters. A row says how its argument is attached; the tool's own code says
//! what it means, by matching on the row's action without a wildcard.

pub mod as_;
pub mod build_exe;
pub mod cc;
pub mod ld;

/// How an option takes its argument.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Form {
    /// None.
    Exact,
    /// Behind the spelling, never empty unless the spelling ends in `=`: `-std=c11`.
    Joined,
    /// Behind the spelling, may be empty: `-O`, `-O2`.
    OptionalJoined,
    /// The next argument: `-include file`.
    Separate,
    /// Either way: `-Idir`, `-I dir`.
    JoinedOrSeparate,
    /// Joined with `=` or the next argument: `--sysroot=dir`, `--sysroot dir`.
    EqualsOrSeparate,
}

/// One option. `A` is the tool's action type.
pub struct Row<A: 'static> {
    pub spelling: &'static str,
    pub form: Form,
    /// Name of the argument in help texts; empty without one.
    pub metavar: &'static str,
    pub action: A,
    /// Heading under which help shows it; rows of one group stand together.
    pub group: &'static str,
    /// One sentence without a full stop. Empty rows (spelling variants) are left out of help.
    pub help: &'static str,
}

/// An option of the table found on a command line.
#[derive(Debug)]
pub struct Found<'a, A: 'static> {
    pub row: &'static Row<A>,
    /// The argument as spelled; empty for [`Form::Exact`].
    pub arg: &'a str,
    /// The option as spelled, for messages.
    pub text: &'a str,
}

impl<A> std::fmt::Debug for Row<A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.spelling)
    }
}

/// What one command-line word turned out to be.
pub enum Word<'a, A: 'static> {
    Option(Found<'a, A>),
    /// Not an option: an input.
    Operand(&'a str),
    /// Starts with `-` and is in no row.
    Unknown(&'a str),
    /// Its argument is missing.
    MissingArgument(&'a str),
}

/// Takes the word at `*at`, and the next one when it is its argument.
pub fn next_word<'a, A>(table: &'static [Row<A>], args: &'a [String], at: &mut usize) -> Word<'a, A> {
    let text = args[*at].as_str();
    *at += 1;
    if !text.starts_with('-') || text == "-" {
        return Word::Operand(text);
    }
    let Some((row, rest)) = find(table, text) else { return Word::Unknown(text) };
    let arg = match row.form {
        Form::Exact => "",
        Form::Joined | Form::OptionalJoined => rest,
        Form::EqualsOrSeparate if !rest.is_empty() => &rest[1..],
        Form::JoinedOrSeparate if !rest.is_empty() => rest,
        Form::Separate | Form::JoinedOrSeparate | Form::EqualsOrSeparate => match args.get(*at) {
            Some(arg) => {
                *at += 1;
                arg
            }
            None => return Word::MissingArgument(text),
        },
    };
    Word::Option(Found { row, arg, text })
}

/// The longest row that fits, and what follows its spelling. `--name` matches rows spelled `-name` only when the table
/// has it so.
fn find<'a, A>(table: &'static [Row<A>], text: &'a str) -> Option<(&'static Row<A>, &'a str)> {
    let mut best: Option<(&'static Row<A>, &'a str)> = None;
    for row in table {
        let Some(rest) = text.strip_prefix(row.spelling) else { continue };
        let fits = match row.form {
            Form::Exact | Form::Separate => rest.is_empty(),
            Form::Joined => !rest.is_empty() || row.spelling.ends_with('='),
            Form::OptionalJoined | Form::JoinedOrSeparate => true,
            Form::EqualsOrSeparate => rest.is_empty() || rest.starts_with('='),
        };
        if fits && best.is_none_or(|(b, _)| row.spelling.len() > b.spelling.len()) {
            best = Some((row, rest));
        }
    }
    best
}

/// The spelling with its argument, as help shows it.
pub fn usage<A>(row: &Row<A>) -> String {
    match row.form {
        Form::Exact => row.spelling.to_string(),
        Form::Joined => format!("{}<{}>", row.spelling, row.metavar),
        Form::OptionalJoined => format!("{}[{}]", row.spelling, row.metavar),
        Form::Separate | Form::JoinedOrSeparate => format!("{} <{}>", row.spelling, row.metavar),
        Form::EqualsOrSeparate => format!("{}=<{}>", row.spelling, row.metavar),
    }
}

/// The options part of `--help`.
pub fn help<A>(table: &[Row<A>]) -> String {
    let mut out = String::new();
    let mut group = "";
    for row in table.iter().filter(|row| !row.help.is_empty()) {
        if row.group != group {
            group = row.group;
            out.push_str(&format!("\n{group}:\n"));
        }
        let usage = usage(row);
        if usage.len() > 26 {
            out.push_str(&format!("  {usage}\n  {:26}  {}\n", "", row.help));
        } else {
            out.push_str(&format!("  {usage:26}  {}\n", row.help));
        }
    }
    out
}

/// The OPTIONS section of a man page (man(7) source).
pub fn man<A>(table: &[Row<A>]) -> String {
    let escape = |text: &str| text.replace('\\', "\\e").replace('-', "\\-");
    let mut out = String::from(".SH OPTIONS\n");
    let mut group = "";
    for row in table.iter().filter(|row| !row.help.is_empty()) {
        if row.group != group {
            group = row.group;
            out.push_str(&format!(".SS {group}\n"));
        }
        out.push_str(&format!(".TP\n.B {}\n{}.\n", escape(&usage(row)), escape(row.help)));
    }
    out
}

/// Expands `@file` arguments: words separated by white space, quoted by `'` or `"`, escaped by `\` (gcc's rules).
/// A file that cannot be read stays an argument, as with gcc.
pub fn expand_response_files(args: Vec<String>) -> Vec<String> {
    let mut out = Vec::with_capacity(args.len());
    // Response files may name others; a cycle must end.
    let mut budget = 2000;
    let mut stack: Vec<String> = args.into_iter().rev().collect();
    while let Some(arg) = stack.pop() {
        match arg.strip_prefix('@') {
            Some(path) if budget > 0 => match std::fs::read_to_string(path) {
                Ok(text) => {
                    budget -= 1;
                    stack.extend(split_words(&text).into_iter().rev());
                }
                Err(_) => out.push(arg),
            },
            _ => out.push(arg),
        }
    }
    out
}

fn split_words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (_, '\\') => word.get_or_insert_default().extend(chars.next()),
            (Some(q), c) if c == q => quote = None,
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    static TABLE: &[Row<u8>] = &[
        Row { spelling: "-I", form: Form::JoinedOrSeparate, metavar: "dir", action: 1, group: "G", help: "h" },
        Row { spelling: "-include", form: Form::Separate, metavar: "f", action: 2, group: "G", help: "h" },
        Row { spelling: "-O", form: Form::OptionalJoined, metavar: "n", action: 3, group: "G", help: "h" },
        Row { spelling: "--sysroot", form: Form::EqualsOrSeparate, metavar: "d", action: 4, group: "G", help: "h" },
    ];

    fn parse(args: &[&str]) -> Vec<String> {
        let args: Vec<String> = args.iter().map(|a| a.to_string()).collect();
        let mut at = 0;
        let mut out = Vec::new();
        while at < args.len() {
            out.push(match next_word(TABLE, &args, &mut at) {
                Word::Option(found) => format!("{}:{}", found.row.action, found.arg),
                Word::Operand(text) => text.to_string(),
                Word::Unknown(text) => format!("?{text}"),
                Word::MissingArgument(text) => format!("!{text}"),
            });
        }
        out
    }

    #[test]
    fn arguments_attach_as_their_rows_say() {
        let words =
            parse(&["-Ia", "-I", "b", "-include", "c", "-O", "-O2", "--sysroot=/x", "--sysroot", "y", "-", "-Z"]);
        assert_eq!(words, ["1:a", "1:b", "2:c", "3:", "3:2", "4:/x", "4:y", "-", "?-Z"]);
        assert_eq!(parse(&["-include"]), ["!-include"]);
    }

    #[test]
    fn response_files_split_like_a_shell() {
        assert_eq!(split_words("-c 'a b'.c \"q\\\"\"\n\\ x ''"), ["-c", "a b.c", "q\"", " x", ""]);
    }
}
