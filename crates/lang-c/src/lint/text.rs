//! What a lexer passes over: comments that open another one or go on behind their line, trigraphs that are none.
//!
//! The texts are read once more at the end of the unit, so that the lexer need not ask at every comment.

use crate::parse::{Loc, Parser};
use crate::warnings::Warning;
use base::Pos;

/// Something found at an offset.
enum Found {
    OpenWithin,
    SeveralLines,
    Trigraph(u8),
}

impl Parser<'_> {
    /// All files that are the user's, each once.
    #[cold]
    #[inline(never)]
    pub(crate) fn lint_text(&mut self) {
        let wanted = [Warning::Comment, Warning::Trigraphs];
        if !wanted.iter().any(|&warning| self.pp.is_on(warning)) {
            return;
        }
        let mut names: Vec<String> = Vec::new();
        for idx in 0..self.pp.entered.len() {
            let file = self.pp.entered[idx];
            let start = self.pp.map.start(file);
            let name = self.pp.map.name(file).to_string();
            // Texts of the compiler's own have names in angle brackets.
            if self.pp.map.is_system(start) || name.starts_with('<') || names.contains(&name) {
                continue;
            }
            names.push(name);
            let trigraphs = !self.pp.options().trigraphs_on();
            let line_comments = self.pp.options().line_comments();
            for (at, what) in scan(self.pp.map.text(file), line_comments, trigraphs) {
                let loc = Loc::at(Pos(start.0 + at as u32));
                match what {
                    Found::OpenWithin => self.lint(Warning::Comment, loc, "\"/*\" within comment"),
                    Found::SeveralLines => self.lint(Warning::Comment, loc, "multi-line comment"),
                    Found::Trigraph(last) => {
                        let text = format!("trigraph ??{} ignored, use -trigraphs to enable", last as char);
                        self.lint(Warning::Trigraphs, loc, &text);
                    }
                }
            }
        }
    }
}

fn scan(text: &[u8], line_comments: bool, trigraphs: bool) -> Vec<(usize, Found)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < text.len() {
        match text[at] {
            b'/' if text.get(at + 1) == Some(&b'*') => {
                at += 2;
                while at < text.len() && !text[at..].starts_with(b"*/") {
                    // `/*/` ends the comment.
                    if text[at..].starts_with(b"/*") && text.get(at + 2) != Some(&b'/') {
                        found.push((at, Found::OpenWithin));
                    }
                    at += 1;
                }
                at += 2;
            }
            b'/' if line_comments && text.get(at + 1) == Some(&b'/') => {
                let start = at;
                let mut several = false;
                while at < text.len() && text[at] != b'\n' {
                    if text[at] == b'\\' && text[at + 1..].trim_ascii_start().len() < text.len() - at - 1 {
                        let blanks = text[at + 1..].iter().take_while(|b| matches!(b, b' ' | b'\t' | b'\r')).count();
                        if text.get(at + 1 + blanks) == Some(&b'\n') {
                            several = true;
                            at += 1 + blanks;
                        }
                    }
                    at += 1;
                }
                if several {
                    found.push((start, Found::SeveralLines));
                }
            }
            quote @ (b'"' | b'\'') => {
                at += 1;
                while at < text.len() && text[at] != quote && text[at] != b'\n' {
                    if trigraphs {
                        trigraph(text, at, &mut found);
                    }
                    at += if text[at] == b'\\' { 2 } else { 1 };
                }
                at += 1;
            }
            _ => {
                if trigraphs {
                    trigraph(text, at, &mut found);
                }
                at += 1;
            }
        }
    }
    found
}

fn trigraph(text: &[u8], at: usize, found: &mut Vec<(usize, Found)>) {
    if let [b'?', b'?', last @ (b'=' | b'/' | b'\'' | b'(' | b')' | b'!' | b'<' | b'>' | b'-'), ..] = text[at..] {
        found.push((at, Found::Trigraph(last)));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn comments_are_read_as_the_lexer_reads_them() {
        let count = |text: &str| super::scan(text.as_bytes(), true, true).len();
        assert_eq!(count("/* a /* b */ \"/* c\" // d /* e\n"), 1);
        assert_eq!(count("// a \\\n b\n"), 1);
        assert_eq!(count("/*/ a */ x ??= y \"??/\""), 2);
        assert_eq!(count("// ??= /*\n/**/"), 0);
    }
}
