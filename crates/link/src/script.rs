//! The small languages of linking: input scripts (what `libc.so` is made of), version scripts and dynamic lists.
//!
//! Syntax as GNU ld's manual has it ("Scripts", "VERSION"). A script that lays out sections is not of this kind and is
//! refused by name.

/// What an input script asks for, in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum ScriptInput {
    /// A path or `-lname`, and whether it stood in `AS_NEEDED`.
    File {
        name: String,
        as_needed: bool,
    },
    GroupStart,
    GroupEnd,
    SearchDir(String),
    /// A symbol to start from (`EXTERN`).
    Extern(String),
}

/// Splits script text into words, punctuation and quoted names; comments disappear.
struct Tokens<'t> {
    text: &'t [u8],
    at: usize,
}

impl<'t> Tokens<'t> {
    fn new(text: &'t [u8]) -> Tokens<'t> {
        Tokens { text, at: 0 }
    }

    fn skip_blank(&mut self) {
        loop {
            while self.text.get(self.at).is_some_and(|b| b.is_ascii_whitespace() || *b == 0) {
                self.at += 1;
            }
            let rest = &self.text[self.at..];
            if rest.starts_with(b"/*") {
                let end = rest.windows(2).skip(2).position(|w| w == b"*/").map_or(rest.len(), |p| p + 4);
                self.at += end;
            } else if rest.starts_with(b"#") {
                self.at += rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
            } else {
                return;
            }
        }
    }

    fn line(&self) -> usize {
        1 + self.text[..self.at].iter().filter(|&&b| b == b'\n').count()
    }
}

impl<'t> Iterator for Tokens<'t> {
    type Item = (&'t [u8], bool);

    /// The next token and whether it was quoted.
    fn next(&mut self) -> Option<(&'t [u8], bool)> {
        self.skip_blank();
        let rest = &self.text[self.at..];
        match *rest.first()? {
            b'"' => {
                let len = rest[1..].iter().position(|&b| b == b'"').unwrap_or(rest.len() - 1);
                self.at += (len + 2).min(rest.len());
                Some((&rest[1..1 + len], true))
            }
            b'(' | b')' | b'{' | b'}' | b';' | b',' => {
                self.at += 1;
                Some((&rest[..1], false))
            }
            _ => {
                // `::` belongs to C++ names, a single `:` ends a label.
                let mut len = 1;
                while len < rest.len() {
                    let byte = rest[len];
                    if byte.is_ascii_whitespace() || matches!(byte, b'(' | b')' | b'{' | b'}' | b';' | b',' | b'"') {
                        break;
                    }
                    len += 1;
                }
                self.at += len;
                Some((&rest[..len], false))
            }
        }
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Reads an input script. The error says what is not understood, with its line.
pub(crate) fn parse_inputs(bytes: &[u8]) -> Result<Vec<ScriptInput>, String> {
    let mut tokens = Tokens::new(bytes);
    let mut out = Vec::new();
    while let Some((word, _)) = tokens.next() {
        match word {
            b";" => {}
            b"OUTPUT_FORMAT" | b"OUTPUT_ARCH" | b"TARGET" => {
                parenthesized(&mut tokens)?;
            }
            b"SEARCH_DIR" => {
                out.extend(parenthesized(&mut tokens)?.into_iter().map(ScriptInput::SearchDir));
            }
            b"EXTERN" => out.extend(parenthesized(&mut tokens)?.into_iter().map(ScriptInput::Extern)),
            b"INPUT" => file_list(&mut tokens, &mut out)?,
            b"GROUP" => {
                out.push(ScriptInput::GroupStart);
                file_list(&mut tokens, &mut out)?;
                out.push(ScriptInput::GroupEnd);
            }
            other => {
                let line = tokens.line();
                return Err(format!("{line}: not an object, archive or input script (`{}`)", shorten(other)));
            }
        }
    }
    Ok(out)
}

fn shorten(word: &[u8]) -> String {
    word.iter().take(24).flat_map(|b| std::ascii::escape_default(*b)).map(char::from).collect()
}

fn parenthesized(tokens: &mut Tokens<'_>) -> Result<Vec<String>, String> {
    let line = tokens.line();
    if tokens.next().map(|t| t.0) != Some(b"(") {
        return Err(format!("{line}: `(` expected"));
    }
    let mut words = Vec::new();
    for (word, _) in tokens {
        match word {
            b")" => return Ok(words),
            b"," => {}
            word => words.push(text(word)),
        }
    }
    Err(format!("{line}: `)` missing"))
}

fn file_list(tokens: &mut Tokens<'_>, out: &mut Vec<ScriptInput>) -> Result<(), String> {
    let line = tokens.line();
    if tokens.next().map(|t| t.0) != Some(b"(") {
        return Err(format!("{line}: `(` expected"));
    }
    while let Some((word, quoted)) = tokens.next() {
        match word {
            b")" if !quoted => return Ok(()),
            b"," if !quoted => {}
            b"AS_NEEDED" if !quoted => {
                let names = parenthesized(tokens)?;
                out.extend(names.into_iter().map(|name| ScriptInput::File { name, as_needed: true }));
            }
            word => out.push(ScriptInput::File { name: text(word), as_needed: false }),
        }
    }
    Err(format!("{line}: `)` missing"))
}

/// One pattern of a version script or dynamic list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Pattern {
    pub text: Vec<u8>,
    /// Matches the demangled name (`extern "C++"`).
    pub cpp: bool,
    /// Contains wildcards.
    pub glob: bool,
}

impl Pattern {
    fn new(word: &[u8], quoted: bool, cpp: bool) -> Pattern {
        let glob = !quoted && word.iter().any(|b| matches!(b, b'*' | b'?' | b'['));
        Pattern { text: word.to_vec(), cpp, glob }
    }

    pub fn matches(&self, name: &[u8]) -> bool {
        if self.glob { glob(&self.text, name) } else { self.text == name }
    }
}

/// One node of a version script.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct VersionNode {
    /// Empty for the anonymous node.
    pub name: Vec<u8>,
    pub globals: Vec<Pattern>,
    pub locals: Vec<Pattern>,
    /// Nodes it depends on.
    pub parents: Vec<Vec<u8>>,
}

/// Reads a version script (or a dynamic list, which is one anonymous node).
pub fn parse_versions(bytes: &[u8]) -> Result<Vec<VersionNode>, String> {
    let mut tokens = Tokens::new(bytes);
    let mut nodes = Vec::new();
    while let Some((word, _)) = tokens.next() {
        let mut node = VersionNode::default();
        match word {
            b";" => continue,
            b"{" => {}
            b"VERSION" => {
                // A linker-script wrapper: `VERSION { … }`.
                if tokens.next().map(|t| t.0) != Some(b"{") {
                    return Err(format!("{}: `{{` expected", tokens.line()));
                }
                continue;
            }
            b"}" => continue,
            name => {
                node.name = name.to_vec();
                if tokens.next().map(|t| t.0) != Some(b"{") {
                    return Err(format!("{}: `{{` expected after `{}`", tokens.line(), shorten(name)));
                }
            }
        }
        version_body(&mut tokens, &mut node, false)?;
        for (word, _) in tokens.by_ref() {
            match word {
                b";" => break,
                parent => node.parents.push(parent.to_vec()),
            }
        }
        nodes.push(node);
    }
    Ok(nodes)
}

fn version_body(tokens: &mut Tokens<'_>, node: &mut VersionNode, cpp: bool) -> Result<(), String> {
    let mut local = false;
    while let Some((word, quoted)) = tokens.next() {
        match word {
            b"}" if !quoted => return Ok(()),
            b";" if !quoted => {}
            b"extern" if !quoted => {
                let language = tokens.next().map(|t| t.0).unwrap_or_default();
                if tokens.next().map(|t| t.0) != Some(b"{") {
                    return Err(format!("{}: `{{` expected after `extern`", tokens.line()));
                }
                let mut inner = VersionNode::default();
                version_body(tokens, &mut inner, language == b"C++")?;
                if local {
                    node.locals.append(&mut inner.globals);
                } else {
                    node.globals.append(&mut inner.globals);
                }
            }
            word => {
                // Labels may touch what follows: `global:foo`.
                let mut word = word;
                if !quoted {
                    for (label, is_local) in [(&b"global:"[..], false), (b"local:", true)] {
                        if let Some(rest) = word.strip_prefix(label) {
                            local = is_local;
                            word = rest;
                        }
                    }
                    if word == b"global" || word == b"local" {
                        local = word == b"local";
                        let save = tokens.at;
                        match tokens.next() {
                            Some((b":", _)) => continue,
                            _ => tokens.at = save,
                        }
                    }
                }
                if word.is_empty() {
                    continue;
                }
                let pattern = Pattern::new(word, quoted, cpp);
                if local { node.locals.push(pattern) } else { node.globals.push(pattern) }
            }
        }
    }
    Err(format!("{}: `}}` missing", tokens.line()))
}

/// Shell-style matching with `*`, `?`, `[set]` and `\`; linear but for one backtrack point.
pub fn glob(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    loop {
        if p < pattern.len() && pattern[p] == b'*' {
            back = Some((p, n));
            p += 1;
            continue;
        }
        if n == name.len() {
            if p == pattern.len() {
                return true;
            }
        } else if let Some(len) = match_one(&pattern[p.min(pattern.len())..], name[n]) {
            p += len;
            n += 1;
            continue;
        }
        match back {
            Some((star, from)) if from < name.len() => {
                back = Some((star, from + 1));
                p = star + 1;
                n = from + 1;
            }
            _ => return false,
        }
    }
}

/// Length of the pattern element that matches `byte`.
fn match_one(pattern: &[u8], byte: u8) -> Option<usize> {
    match *pattern.first()? {
        b'?' => Some(1),
        b'\\' if pattern.len() > 1 => (pattern[1] == byte).then_some(2),
        b'[' => {
            let close = 2 + pattern.get(2..)?.iter().position(|&b| b == b']')?;
            let mut set = &pattern[1..close];
            let negated = matches!(set.first(), Some(b'!' | b'^'));
            if negated {
                set = &set[1..];
            }
            let mut found = false;
            let mut i = 0;
            while i < set.len() {
                if i + 2 < set.len() && set[i + 1] == b'-' {
                    found |= (set[i]..=set[i + 2]).contains(&byte);
                    i += 3;
                } else {
                    found |= set[i] == byte;
                    i += 1;
                }
            }
            (found != negated).then_some(close + 1)
        }
        literal => (literal == byte).then_some(1),
    }
}

#[cfg(test)]
mod tests {
    use super::{ScriptInput, glob, parse_inputs, parse_versions};

    #[test]
    fn globs_match_as_a_shell_does() {
        for (pattern, name, want) in [
            ("*", "", true),
            ("a*b*c", "axxbyyc", true),
            ("a*b*c", "axxbyy", false),
            ("[a-c]?", "bz", true),
            ("[!a-c]?", "bz", false),
            ("foo", "foobar", false),
            ("*foo", "xfoofoo", true),
        ] {
            assert_eq!(glob(pattern.as_bytes(), name.as_bytes()), want, "{pattern} {name}");
        }
    }

    #[test]
    fn libc_so_is_understood() {
        let text = b"/* GNU ld script */\nOUTPUT_FORMAT(elf64-x86-64)\nGROUP ( /lib/libc.so.6 /usr/lib/libc_nonshared.a  AS_NEEDED ( /lib/ld.so ) )\n";
        let inputs = parse_inputs(text).unwrap();
        assert_eq!(inputs.len(), 5);
        assert_eq!(inputs[3], ScriptInput::File { name: "/lib/ld.so".into(), as_needed: true });
        assert!(parse_inputs(b"SECTIONS { }").is_err());
        assert!(parse_inputs(b"GROUP ( a").is_err());
    }

    #[test]
    fn version_scripts_have_nodes_patterns_and_parents() {
        let nodes = parse_versions(
            b"V1 { global: foo; bar*; extern \"C++\" { \"ns::f()\"; ns::*; }; local: *; };\nV2 { global: baz; } V1;",
        )
        .unwrap();
        assert_eq!(nodes.len(), 2);
        assert_eq!(nodes[0].globals.len(), 4);
        assert!(nodes[0].globals[2].cpp && !nodes[0].globals[2].glob);
        assert_eq!(nodes[0].locals.len(), 1);
        assert_eq!(nodes[1].parents, [b"V1".to_vec()]);
        assert!(parse_versions(b"V1 { a;").is_err());
    }
}
