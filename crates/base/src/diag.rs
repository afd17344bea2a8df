//! What is said to the user about their source, and how it looks.
//!
//! A diagnostic is a severity, a span, a text and notes; it is formatted only when it is reported, never on the good
//! path. First lines follow gcc's shape (`file:line:col: error: text [-Wflag]`), because editors and test suites parse
//! it. Sinks count, and decide nothing about meaning.

use crate::source::{Pos, SourceMap, Span};
use std::fmt::Write;

/// How bad it is. `Fatal` ends the compilation of this unit at once.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Hash)]
pub enum Severity {
    Note,
    Warning,
    Error,
    Fatal,
}

impl Severity {
    /// The word in the first line.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Warning => "warning",
            Severity::Error => "error",
            Severity::Fatal => "fatal error",
        }
    }
}

/// A replacement that would mend the source: the text of `span` becomes `text` (an empty span inserts).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FixIt {
    pub span: Span,
    pub text: String,
}

/// A place that explains a diagnostic: an earlier declaration, a macro expansion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    pub span: Span,
    pub text: String,
    /// What following the note would change.
    pub fixits: Vec<FixIt>,
}

/// One thing said to the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diag {
    pub severity: Severity,
    /// The caret stands at `span.lo`; the rest is underlined. [`Span::NONE`] for messages without a place.
    pub span: Span,
    /// Without severity, place or trailing newline. Names stand in ‘…’ as gcc quotes them.
    pub text: String,
    /// The `-W` option that governs a warning, without `-W` (`unused-variable`); empty for errors.
    pub flag: &'static str,
    /// A warning that `-Werror` or `-Werror=flag` made an error.
    pub promoted: bool,
    /// Further ranges to underline.
    pub ranges: Vec<Span>,
    pub notes: Vec<Note>,
    pub fixits: Vec<FixIt>,
}

impl Diag {
    pub fn new(severity: Severity, span: Span, text: impl Into<String>) -> Diag {
        Diag {
            severity,
            span,
            text: text.into(),
            flag: "",
            promoted: false,
            ranges: Vec::new(),
            notes: Vec::new(),
            fixits: Vec::new(),
        }
    }

    pub fn error(span: Span, text: impl Into<String>) -> Diag {
        Diag::new(Severity::Error, span, text)
    }

    pub fn warning(flag: &'static str, span: Span, text: impl Into<String>) -> Diag {
        Diag { flag, ..Diag::new(Severity::Warning, span, text) }
    }

    #[must_use]
    pub fn note(mut self, span: Span, text: impl Into<String>) -> Diag {
        self.notes.push(Note { span, text: text.into(), fixits: Vec::new() });
        self
    }

    /// A replacement that belongs to the last note.
    #[must_use]
    pub fn note_fixit(mut self, span: Span, text: impl Into<String>) -> Diag {
        if let Some(note) = self.notes.last_mut() {
            note.fixits.push(FixIt { span, text: text.into() });
        }
        self
    }

    #[must_use]
    pub fn range(mut self, span: Span) -> Diag {
        self.ranges.push(span);
        self
    }

    #[must_use]
    pub fn fixit(mut self, span: Span, text: impl Into<String>) -> Diag {
        self.fixits.push(FixIt { span, text: text.into() });
        self
    }
}

/// Collects diagnostics in order of appearance. One per compilation; the host renders or forwards them.
#[derive(Default, Debug)]
pub struct DiagSink {
    pub diags: Vec<Diag>,
    n_errors: u32,
    n_warnings: u32,
}

impl DiagSink {
    pub fn new() -> DiagSink {
        DiagSink::default()
    }

    pub fn report(&mut self, diag: Diag) {
        match diag.severity {
            Severity::Error | Severity::Fatal => self.n_errors += 1,
            Severity::Warning => self.n_warnings += 1,
            Severity::Note => {}
        }
        self.diags.push(diag);
    }

    pub fn n_errors(&self) -> u32 {
        self.n_errors
    }

    pub fn n_warnings(&self) -> u32 {
        self.n_warnings
    }

    pub fn has_errors(&self) -> bool {
        self.n_errors > 0
    }
}

/// How diagnostics are shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct RenderOptions {
    /// ANSI colours.
    pub color: bool,
    /// Leave out the quoted line and caret (`-fno-diagnostics-show-caret`).
    pub no_caret: bool,
    /// Write mends once more for programs (`-fdiagnostics-parseable-fixits`).
    pub parseable_fixits: bool,
}

/// Appends `diag` as text, with quoted line, caret, notes and the include stack of its place.
///
/// `program` stands in front of messages without a place (`kit cc: error: no input files`).
pub fn render(out: &mut String, map: &SourceMap, program: &str, diag: &Diag, options: RenderOptions) {
    render_include_stack(out, map, diag.span.lo);
    let suffix = match (diag.promoted, diag.flag) {
        (false, "") => String::new(),
        (true, "") => " [-Werror]".into(),
        (false, flag) => format!(" [-W{flag}]"),
        (true, flag) => format!(" [-Werror={flag}]"),
    };
    render_line(out, map, program, diag.severity, diag.span, &format!("{}{suffix}", diag.text), &diag.ranges, options);
    render_fixits(out, map, &diag.fixits, diag.span, options);
    for note in &diag.notes {
        render_line(out, map, program, Severity::Note, note.span, &note.text, &[], options);
        render_fixits(out, map, &note.fixits, note.span, options);
    }
}

fn render_include_stack(out: &mut String, map: &SourceMap, pos: Pos) {
    let mut from = map.file_of(pos).map_or(Pos::NONE, |f| map.included(f).from);
    let mut lead = "In file included from ";
    while let Some(place) = map.place(from) {
        let next = map.file_of(from).map_or(Pos::NONE, |f| map.included(f).from);
        let end = if map.place(next).is_some() { "," } else { ":" };
        let _ = writeln!(out, "{lead}{}:{}{end}", place.file, place.line);
        lead = "                 from ";
        from = next;
    }
}

fn render_line(
    out: &mut String,
    map: &SourceMap,
    program: &str,
    severity: Severity,
    span: Span,
    text: &str,
    ranges: &[Span],
    options: RenderOptions,
) {
    let (bold, color, reset) = match (options.color, severity) {
        (false, _) => ("", "", ""),
        (true, Severity::Note) => ("\x1b[1m", "\x1b[1;36m", "\x1b[0m"),
        (true, Severity::Warning) => ("\x1b[1m", "\x1b[1;35m", "\x1b[0m"),
        (true, _) => ("\x1b[1m", "\x1b[1;31m", "\x1b[0m"),
    };
    let Some(place) = map.place(span.lo) else {
        let _ = writeln!(out, "{bold}{program}: {reset}{color}{}: {reset}{text}", severity.word());
        return;
    };
    let _ = writeln!(
        out,
        "{bold}{}:{}:{}: {reset}{color}{}: {reset}{text}",
        place.file,
        place.line,
        display_column(map.line_text(span.lo), place.column),
        severity.word()
    );
    if !options.no_caret {
        render_caret(out, map, span, ranges, color, reset);
    }
}

/// The column that a terminal shows byte column `column` (from 1) of `line` in, as gcc counts it: tabs go on to the next
/// multiple of eight, a character of several bytes is one column wide.
pub fn display_column(line: &[u8], column: u32) -> u32 {
    let before = line.get(..column as usize - 1).unwrap_or(line);
    let beyond = column - 1 - before.len() as u32;
    let shown = before.iter().fold(0, |at, byte| match byte {
        b'\t' => at / TAB * TAB + TAB,
        0x80..=0xbf => at,
        _ => at + 1,
    });
    shown + beyond + 1
}

const TAB: u32 = 8;

/// The quoted line with `^~~~` under the span. Tabs are kept in the caret line so that columns agree.
fn render_caret(out: &mut String, map: &SourceMap, span: Span, ranges: &[Span], color: &str, reset: &str) {
    let Some((_, line, column)) = map.line_column(span.lo) else { return };
    let text = map.line_text(span.lo);
    if text.is_empty() {
        return;
    }
    let _ = writeln!(out, "{line:5} | {}", String::from_utf8_lossy(text));
    let line_start = span.lo.0 - (column - 1);
    let mut marks = vec![b' '; text.len() + 1];
    for range in ranges.iter().chain(std::iter::once(&span)) {
        let lo = range.lo.0.saturating_sub(line_start) as usize;
        let hi = (range.hi.0.saturating_sub(line_start) as usize).min(text.len());
        if range.lo.0 >= line_start && lo < hi {
            marks[lo..hi].fill(b'~');
        }
    }
    let caret = (column as usize - 1).min(text.len());
    marks[caret] = b'^';
    let mut shown = String::new();
    for (at, &mark) in marks.iter().enumerate() {
        match text.get(at) {
            // One mark for a multi-byte character.
            Some(&b) if b & 0xc0 == 0x80 => {}
            Some(b'\t') if mark == b' ' => shown.push('\t'),
            _ => shown.push(mark as char),
        }
    }
    let _ = writeln!(out, "      | {color}{}{reset}", shown.trim_end());
}

/// One line of what is to be put where, when all of it belongs to the line shown; then one line each for programs.
fn render_fixits(out: &mut String, map: &SourceMap, fixits: &[FixIt], shown: Span, options: RenderOptions) {
    let line = map.line_column(shown.lo).map(|(file, line, _)| (file, line));
    let mut columns = 0;
    for fixit in fixits {
        let Some((file, at, column)) = map.line_column(fixit.span.lo) else { continue };
        if options.no_caret || fixit.text.is_empty() || fixit.text.contains('\n') || Some((file, at)) != line {
            continue;
        }
        if columns == 0 {
            out.push_str("      | ");
        }
        let text = map.line_text(fixit.span.lo);
        for byte in text.iter().take(column as usize - 1).skip(columns).filter(|byte| *byte & 0xc0 != 0x80) {
            out.push(if *byte == b'\t' { '\t' } else { ' ' });
        }
        let color = if options.color { ("\x1b[32m", "\x1b[0m") } else { ("", "") };
        let _ = write!(out, "{}{}{}", color.0, fixit.text, color.1);
        columns = (column as usize - 1).max(columns) + fixit.text.len();
    }
    if columns > 0 {
        out.push('\n');
    }
    if options.parseable_fixits {
        for fixit in fixits {
            let (Some(lo), Some(hi)) = (map.place(fixit.span.lo), map.place(fixit.span.hi)) else { continue };
            let text: String = fixit.text.chars().flat_map(char::escape_default).collect();
            let _ = writeln!(
                out,
                "fix-it:\"{}\":{{{}:{}-{}:{}}}:\"{text}\"",
                lo.file, lo.line, lo.column, hi.line, hi.column
            );
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn columns_are_those_of_a_terminal() {
        let line = "\tab\té = x;".as_bytes();
        let shown: Vec<u32> = [1, 2, 4, 5, 7, 10].map(|column| super::display_column(line, column)).into();
        assert_eq!(shown, [1, 9, 11, 17, 18, 21]);
        assert_eq!(super::display_column(b"", 3), 3);
    }

    use super::*;
    use crate::source::Included;

    #[test]
    fn the_first_line_has_gccs_shape() {
        let mut map = SourceMap::new();
        let file =
            map.add("t.c".into(), b"int x = y;\n".to_vec(), Included { from: Pos::NONE, system: false }).unwrap();
        let at = map.start(file).offset(8);
        let diag = Diag::error(Span::new(at, at.offset(1)), "‘y’ undeclared");
        let mut out = String::new();
        render(&mut out, &map, "kit cc", &diag, RenderOptions::default());
        assert_eq!(out, "t.c:1:9: error: ‘y’ undeclared\n    1 | int x = y;\n      |         ^\n");
        out.clear();
        render(&mut out, &map, "kit cc", &Diag::error(Span::NONE, "no input files"), RenderOptions::default());
        assert_eq!(out, "kit cc: error: no input files\n");
    }
}
