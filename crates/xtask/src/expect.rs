//! Which tests a `.exp` script of the binutils testsuite runs for x86-64 GNU/Linux: a reader of as much Tcl as these scripts
//! use (commands, braces, quotes, variables, `if`, `switch`, `set`). Procedures are not entered; what is not known and
//! decides whether tests run is an error, so that no test is lost in silence.

use crate::outside;
use std::collections::BTreeMap;

const TARGET: &str = "x86_64-pc-linux-gnu";

/// One test that a script asks for: the procedure and its arguments, and what `$ASFLAGS` is there.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Call {
    pub procedure: String,
    pub args: Vec<String>,
    pub asflags: String,
    /// The script says that the test fails on this target.
    pub xfail: bool,
}

/// What is asked in brackets in conditions, and the answer for this target.
static ANSWERS: &[(&str, bool)] = &[
    ("is_elf_format", true),
    ("gas_64_check", true),
    ("gas_32_check", true),
    ("gas_bfd64_check", true),
    ("gas_x86_64_check", true),
    ("gas_x86_32_check", true),
    ("gas_x32_check", true),
    ("supports_gnu_unique", true),
    ("supports_gnu_osabi", true),
    ("is_elf_unused_section_symbols", false),
    ("is_pecoff_format", false),
    ("is_aout_format", false),
    ("is_xcoff_format", false),
    ("is_som_format", false),
    // `[string match "" [lindex [gas_run ../all/excl.s …] 0]]`: whether `!` begins no comment.
    ("string", true),
];

/// The tests of a script. `$srcdir/$subdir` in it is `folder`.
pub fn calls(script: &str, folder: &str) -> Result<Vec<Call>, String> {
    let (srcdir, subdir) = folder.rsplit_once('/').unwrap_or(("", folder));
    let mut variables = BTreeMap::new();
    for (name, value) in [("ASFLAGS", ""), ("target_triplet", TARGET), ("srcdir", srcdir), ("subdir", subdir)] {
        variables.insert(name.to_owned(), value.to_owned());
    }
    let mut walk = Walk { variables, calls: Vec::new(), xfail: false };
    walk.script(script)?;
    Ok(walk.calls)
}

/// Whether the target is one of a list as in `#target:`: triplet globs and questions in brackets.
pub fn is_target(list: &str) -> bool {
    list.split_whitespace().any(one_target)
}

fn one_target(word: &str) -> bool {
    match word.strip_prefix('!') {
        Some(rest) => !one_target(rest),
        None => match word.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(question) => ANSWERS.iter().any(|(name, answer)| *name == question && *answer),
            None => outside::matches(word, TARGET),
        },
    }
}

struct Walk {
    variables: BTreeMap<String, String>,
    calls: Vec<Call>,
    xfail: bool,
}

/// A word as written; braced words are taken as they are.
enum Word {
    Braced(String),
    Open(String),
}

impl Word {
    fn raw(&self) -> &str {
        match self {
            Word::Braced(text) | Word::Open(text) => text,
        }
    }
}

impl Walk {
    fn script(&mut self, text: &str) -> Result<(), String> {
        for command in commands(text)? {
            self.command(&command)?;
        }
        Ok(())
    }

    fn value(&self, word: &Word) -> String {
        match word {
            Word::Braced(text) => text.clone(),
            Word::Open(text) => self.substituted(text),
        }
    }

    /// A text with its variables and escapes replaced; `[list …]` of it is a list already.
    fn substituted(&self, text: &str) -> String {
        let mut out = String::new();
        let mut chars = text.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some((_, 'n')) => out.push('\n'),
                    Some((_, 't')) => out.push('\t'),
                    Some((_, c)) => out.push(c),
                    None => {}
                },
                '$' => {
                    let rest = &text[at + 1..];
                    let (name, skip) = match rest.strip_prefix('{').and_then(|rest| rest.split_once('}')) {
                        Some((name, _)) => (name, name.len() + 2),
                        None => {
                            let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
                            (&rest[..end], end)
                        }
                    };
                    out.push_str(self.variables.get(name).map_or("", String::as_str));
                    for _ in 0..skip {
                        chars.next();
                    }
                }
                c => out.push(c),
            }
        }
        out
    }

    fn command(&mut self, words: &[Word]) -> Result<(), String> {
        let name = words[0].raw().to_owned();
        let args = &words[1..];
        match name.as_str() {
            "if" => self.branch(args)?,
            "switch" => self.switch(args)?,
            "set" if args.len() == 2 => {
                let (name, value) = (self.value(&args[0]), self.value(&args[1]));
                self.variables.insert(name, value);
            }
            "setup_xfail" => {
                let list: Vec<String> = args.iter().map(|arg| self.value(arg)).collect();
                self.xfail |= is_target(&list.join(" "));
            }
            "run_dump_test"
            | "run_list_test"
            | "run_list_test_stdin"
            | "run_elf_list_test"
            | "run_error_test"
            | "gas_test"
            | "gas_test_error"
            | "do_930509a"
            | "do_comment"
            | "test_cond"
            | "general_info_section"
            | "dg-runtest" => {
                let asflags = self.variables.get("ASFLAGS").cloned().unwrap_or_default().trim().to_owned();
                let args = args.iter().map(|arg| self.value(arg)).collect();
                let xfail = std::mem::take(&mut self.xfail);
                self.calls.push(Call { procedure: name, args, asflags, xfail });
            }
            // `foreach t [lsort [glob *.d]] { run_dump_test $t }`: all of the folder.
            "foreach" if args.last().is_some_and(|body| body.raw().contains("run_dump_test")) => {
                let asflags = self.variables.get("ASFLAGS").cloned().unwrap_or_default().trim().to_owned();
                self.calls.push(Call { procedure: "all".to_owned(), args: Vec::new(), asflags, xfail: false });
            }
            // What defines, speaks, or is about other hosts.
            "proc" | "global" | "load_lib" | "remote_download" | "dg-init" | "dg-finish" | "fail" | "pass"
            | "verbose" | "send_log" | "return" | "catch" | "foreach" => {}
            other => return Err(format!("the script's command {other} is not known")),
        }
        Ok(())
    }

    fn branch(&mut self, args: &[Word]) -> Result<(), String> {
        let mut at = 0;
        loop {
            let condition = args.get(at).ok_or("an `if` has no condition")?;
            at += 1;
            if args.get(at).is_some_and(|word| word.raw() == "then") {
                at += 1;
            }
            let body = args.get(at).ok_or("an `if` has no body")?;
            at += 1;
            if self.holds(condition.raw())? {
                return self.script(body.raw());
            }
            match args.get(at).map(Word::raw) {
                Some("elseif") => at += 1,
                Some("else") => {
                    let body = args.get(at + 1).ok_or("an `else` has no body")?;
                    return self.script(body.raw());
                }
                _ => return Ok(()),
            }
        }
    }

    fn switch(&mut self, args: &[Word]) -> Result<(), String> {
        let body = args.last().ok_or("a `switch` without a body")?.raw();
        let value = args.len().checked_sub(2).map(|at| self.value(&args[at])).unwrap_or_default();
        let words: Vec<Word> = commands(body)?.into_iter().flatten().collect();
        let mut taken = false;
        for pair in words.chunks(2) {
            let [pattern, body] = pair else { continue };
            taken |= pattern.raw() == "default" || outside::matches(pattern.raw(), &value);
            if taken && body.raw() != "-" {
                return self.script(body.raw());
            }
        }
        Ok(())
    }

    /// Whether a condition holds: `!`, `&&`, `||`, parentheses, and questions in brackets.
    fn holds(&self, text: &str) -> Result<bool, String> {
        let mut condition = Condition { text: text.trim().as_bytes(), at: 0 };
        let holds = condition.either()?;
        condition.space();
        if condition.at < condition.text.len() {
            return Err(format!("the condition {text} is not understood"));
        }
        Ok(holds)
    }
}

struct Condition<'a> {
    text: &'a [u8],
    at: usize,
}

impl Condition<'_> {
    fn space(&mut self) {
        while self.text.get(self.at).is_some_and(|byte| byte.is_ascii_whitespace() || *byte == b'\\') {
            self.at += 1;
        }
    }

    fn take(&mut self, what: &[u8]) -> bool {
        self.space();
        let found = self.text[self.at..].starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    fn either(&mut self) -> Result<bool, String> {
        let mut value = self.both()?;
        while self.take(b"||") {
            value |= self.both()?;
        }
        Ok(value)
    }

    fn both(&mut self) -> Result<bool, String> {
        let mut value = self.single()?;
        while self.take(b"&&") {
            value &= self.single()?;
        }
        Ok(value)
    }

    fn single(&mut self) -> Result<bool, String> {
        if self.take(b"!") {
            return Ok(!self.single()?);
        }
        if self.take(b"(") {
            let value = self.either()?;
            return if self.take(b")") { Ok(value) } else { Err("a condition has no `)`".to_owned()) };
        }
        if !self.take(b"[") {
            return Err(format!("the condition {} is not understood", String::from_utf8_lossy(self.text)));
        }
        let start = self.at;
        let mut depth = 1;
        while depth > 0 {
            // A set of characters in a glob is quoted with a backslash.
            match self.text.get(self.at) {
                Some(b'\\') => self.at += 1,
                Some(b'[') => depth += 1,
                Some(b']') => depth -= 1,
                Some(_) => {}
                None => return Err("a question has no `]`".to_owned()),
            }
            self.at += 1;
        }
        let question = String::from_utf8_lossy(&self.text[start..self.at - 1]).replace('\\', "");
        let mut words = question.split_whitespace();
        let (name, rest) = (words.next().unwrap_or_default(), question.split_whitespace().nth(1).unwrap_or_default());
        match name {
            "istarget" | "ishost" => Ok(outside::matches(rest.trim_matches('"'), TARGET)),
            "expr" => Condition { text: question[4..].trim().as_bytes(), at: 0 }.either(),
            name => ANSWERS
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, answer)| *answer)
                .ok_or_else(|| format!("the script's question [{name}] is not known")),
        }
    }
}

/// Splits a script into its commands and these into words.
fn commands(text: &str) -> Result<Vec<Vec<Word>>, String> {
    let bytes = text.as_bytes();
    let (mut list, mut words): (Vec<Vec<Word>>, Vec<Word>) = (Vec::new(), Vec::new());
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\n' | b';' => {
                if !words.is_empty() {
                    list.push(std::mem::take(&mut words));
                }
                at += 1;
            }
            b'\\' if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            byte if byte.is_ascii_whitespace() => at += 1,
            b'#' if words.is_empty() => {
                while at < bytes.len() && bytes[at] != b'\n' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
            }
            b'{' => {
                let end = closing(bytes, at, b'{', b'}')?;
                words.push(Word::Braced(text[at + 1..end].to_owned()));
                at = end + 1;
            }
            b'"' => {
                let start = at + 1;
                at = start;
                while at < bytes.len() && bytes[at] != b'"' {
                    at += if bytes[at] == b'\\' { 2 } else { 1 };
                }
                if at >= bytes.len() {
                    return Err("a quoted word has no end".to_owned());
                }
                words.push(Word::Open(text[start..at].to_owned()));
                at += 1;
            }
            _ => {
                let start = at;
                while at < bytes.len() && !bytes[at].is_ascii_whitespace() && bytes[at] != b';' {
                    at = match bytes[at] {
                        b'[' => closing(bytes, at, b'[', b']')? + 1,
                        b'\\' if bytes.get(at + 1) == Some(&b'\n') => break,
                        b'\\' => at + 2,
                        _ => at + 1,
                    };
                }
                words.push(Word::Open(text[start..at.min(bytes.len())].to_owned()));
            }
        }
    }
    if !words.is_empty() {
        list.push(words);
    }
    Ok(list)
}

/// Where what is opened at `at` is closed.
fn closing(bytes: &[u8], at: usize, open: u8, close: u8) -> Result<usize, String> {
    let mut depth = 0;
    let mut here = at;
    while here < bytes.len() {
        match bytes[here] {
            b'\\' => here += 1,
            byte if byte == open => depth += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Ok(here);
                }
            }
            _ => {}
        }
        here += 1;
    }
    Err(format!("a `{}` is not closed", open as char))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_say_which_tests_run() {
        let script = "# comment\nproc f { } {\n run_dump_test no\n}\n\
            if { ![istarget \"i*86-*-*\"] && ![istarget \"x86_64-*-*\"] } then {\n return\n}\n\
            if [gas_64_check] then {\n set old \"$ASFLAGS\"\n set ASFLAGS \"$ASFLAGS --64\"\n run_dump_test \"a\"\n\
            if { [istarget \"*-*-*cygwin*\"] || [istarget \"*-*-mingw*\"] } then { run_dump_test w } else { run_list_test b \"-al\" }\n\
            set ASFLAGS \"$old\"\n}\n\
            switch -glob $target_triplet {\n m68* -\n z80* { }\n default {\n run_dump_test c [list [list as \"x\"]]\n }\n}\n\
            setup_xfail \"x86_64-*-*\"\nrun_dump_test d\nrun_dump_test e\n";
        let calls = calls(script, "/s/gas/i386").expect("reads");
        let got: Vec<(&str, &str, bool)> =
            calls.iter().map(|call| (call.args[0].as_str(), call.asflags.as_str(), call.xfail)).collect();
        assert_eq!(
            got,
            [("a", "--64", false), ("b", "--64", false), ("c", "", false), ("d", "", true), ("e", "", false)]
        );
        assert!(super::calls("if [unheard_of] { run_dump_test x }", "/s/x").is_err());
    }

    #[test]
    fn lists_of_targets_are_asked() {
        assert!(is_target("i?86-*-* x86_64-*-*") && !is_target("*-*-darwin* nds32*-*-*"));
        assert!(
            !is_target("![supports_gnu_osabi]") && is_target("[supports_gnu_osabi]") && !is_target("[is_som_format]")
        );
    }
}
