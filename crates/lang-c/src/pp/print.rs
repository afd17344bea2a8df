//! The output of `-E`, in the shape of gcc's: line markers, one output line for a source line, `-P`, `-dD`, `-dM`.
//!
//! Tokens that stood apart stand apart again. Where two come together that did not in the source (around macros), a
//! blank goes between them if without it they would be read as something else; the test is a table of first bytes,
//! never too few, sometimes one too many, as in gcc.

use super::define::MacroKind;
use super::{Event, Pp};
use crate::token::{Tok, Token, TokenFlags};
use base::{FileId, Pos};

/// What `-E` shall print.
#[derive(Clone, Copy, Debug, Default)]
pub struct PrintOptions {
    /// `-P`: no line markers.
    pub no_markers: bool,
    /// `-dD`: definitions as well, in their places.
    pub definitions: bool,
    /// `-dM`: definitions only, those in force at the end.
    pub macros_only: bool,
}

/// Names in markers that everybody knows for no file's.
const MARKS: [&str; 3] = ["<built-in>", "<command-line>", "<stdin>"];
/// Empty lines that stand for skipped ones; more become a marker.
const MAX_EMPTY_LINES: u32 = 8;

struct Printer {
    out: Vec<u8>,
    options: PrintOptions,
    /// File and line that the next byte put out belongs to.
    file: Option<FileId>,
    line: u32,
    /// Something stands on the current output line.
    started: bool,
    last: Option<Token>,
    last_spelling: Vec<u8>,
}

/// Preprocesses everything and returns the text. The preprocessor must have been made with
/// [`print_mode`](crate::options::Options::print_mode).
pub fn print(pp: &mut Pp<'_>, options: PrintOptions) -> Vec<u8> {
    let mut printer = Printer {
        out: Vec::new(),
        options,
        file: None,
        line: 1,
        started: false,
        last: None,
        last_spelling: Vec::new(),
    };
    let quiet = options.macros_only;
    if !quiet && !options.no_markers {
        let main = super::builtin::quoted(&pp.options().file);
        printer
            .out
            .extend_from_slice(format!("# 0 \"{main}\"\n# 0 \"<built-in>\"\n# 0 \"<command-line>\"\n").as_bytes());
    }
    if options.definitions && !quiet {
        printer.predefined(pp);
    }
    loop {
        let token = pp.next();
        let events = std::mem::take(&mut pp.events);
        if !quiet {
            for event in events {
                printer.event(pp, event);
            }
        }
        if token.kind == Tok::Eof {
            break;
        }
        if !quiet {
            printer.token(pp, &token);
        }
    }
    if printer.started {
        printer.out.push(b'\n');
    }
    if quiet {
        printer.all_macros(pp);
    }
    printer.out
}

impl Printer {
    fn end_line(&mut self) {
        if self.started {
            self.out.push(b'\n');
            self.line = self.line.wrapping_add(1);
            self.started = false;
        }
        self.last = None;
    }

    /// `# line "file" flags`.
    fn marker(&mut self, pp: &Pp<'_>, pos: Pos, flag: &str) {
        self.end_line();
        self.file = pp.map.file_of(pos);
        let Some(place) = pp.map.place(pos) else { return };
        self.line = place.line;
        if self.options.no_markers {
            return;
        }
        let system = if pp.map.is_system(pos) { " 3 4" } else { "" };
        // Who makes rules of markers takes a name that is no file's for one, but for gcc's own.
        let file = if place.file.starts_with('<') && !MARKS.contains(&place.file) { MARKS[0] } else { place.file };
        // gcc numbers the start of the main file 1 as well.
        let text = format!("# {} \"{}\"{flag}{system}\n", place.line, super::builtin::quoted(file));
        self.out.extend_from_slice(text.as_bytes());
    }

    /// Goes to the line of `pos` in the output.
    fn go_to(&mut self, pp: &Pp<'_>, pos: Pos) {
        let Some(place) = pp.map.place(pos) else { return };
        let same_file = pp.map.file_of(pos) == self.file;
        if same_file && place.line == self.line && !self.started {
            return;
        }
        if same_file && place.line >= self.line && place.line - self.line <= MAX_EMPTY_LINES {
            self.end_line();
            if self.options.no_markers {
                self.line = place.line;
            }
            while self.line < place.line {
                self.out.push(b'\n');
                self.line = self.line.wrapping_add(1);
            }
            return;
        }
        self.marker(pp, pos, "");
    }

    fn event(&mut self, pp: &mut Pp<'_>, event: Event) {
        match event {
            Event::Enter(pos) => {
                let first = self.file.is_none();
                self.marker(pp, pos, if first { "" } else { " 1" });
            }
            Event::Return(pos) => self.marker(pp, pos, " 2"),
            Event::Line(pos) => {
                self.end_line();
                self.marker(pp, pos, "");
            }
            Event::Text(pos, text) => {
                self.go_to(pp, pos);
                self.line_of_text(text.as_bytes());
            }
            Event::Define(mac, pos) => {
                if self.options.definitions {
                    let mut text = b"#define ".to_vec();
                    pp.definition_text(mac, &mut text);
                    self.go_to(pp, pos);
                    self.line_of_text(&text);
                }
            }
            Event::Undef(name, pos) => {
                if self.options.definitions {
                    let text = [b"#undef ", pp.names.text(name)].concat();
                    self.go_to(pp, pos);
                    self.line_of_text(&text);
                }
            }
        }
    }

    fn line_of_text(&mut self, text: &[u8]) {
        self.end_line();
        self.out.extend_from_slice(text);
        self.out.push(b'\n');
        self.line = self.line.wrapping_add(1);
    }

    fn token(&mut self, pp: &Pp<'_>, token: &Token) {
        if token.kind == Tok::Pragma {
            self.pragma(pp, token);
            return;
        }
        if token.flags.has(TokenFlags::LINE_START) {
            let pos = pp.user_pos(token.pos, token.expansion);
            self.go_to(pp, pos);
            self.indent(pp, pos, token);
        } else if self.must_part(pp, token) {
            self.out.push(b' ');
        }
        let spelling = pp.spelling(token);
        self.out.extend_from_slice(spelling);
        self.started = true;
        self.last = Some(*token);
        self.last_spelling.clear();
        self.last_spelling.extend_from_slice(spelling);
    }

    /// The first token of a line goes to the column it had.
    fn indent(&mut self, pp: &Pp<'_>, pos: Pos, token: &Token) {
        if !token.flags.has(TokenFlags::SPACE) {
            // A `#` at the start of a line must not become a directive.
            if token.kind == Tok::Hash {
                self.out.push(b' ');
            }
            return;
        }
        let column = pp.map.line_column(pos).map_or(1, |c| c.2);
        self.out.extend(std::iter::repeat_n(b' ', column.saturating_sub(1).clamp(1, 256) as usize));
    }

    fn pragma(&mut self, pp: &Pp<'_>, token: &Token) {
        let mut text = b"#pragma".to_vec();
        for (idx, part) in pp.pragma_tokens(token).iter().enumerate() {
            if idx == 0 || part.flags.has(TokenFlags::SPACE) {
                text.push(b' ');
            }
            text.extend_from_slice(pp.spelling(part));
        }
        self.end_line();
        self.line_of_text(&text);
        // What follows on the same source line is on another one here.
        self.file = None;
        let pos = pp.user_pos(token.pos, token.expansion);
        if !self.options.no_markers {
            self.marker(pp, pos, "");
        } else {
            self.file = pp.map.file_of(pos);
        }
    }

    /// Must a blank stand between the last token and this one?
    fn must_part(&self, pp: &Pp<'_>, token: &Token) -> bool {
        if token.flags.has(TokenFlags::SPACE) {
            return true;
        }
        let Some(last) = self.last else { return false };
        // As they stood in one file, or in one body: they were told apart there.
        if last.expansion == token.expansion
            && !last.flags.has(TokenFlags::UNCLEAN)
            && !token.flags.has(TokenFlags::UNCLEAN)
            && last.pos.offset(self.last_spelling.len() as u32) == token.pos
        {
            return false;
        }
        would_join(last.kind, &self.last_spelling, token.kind, pp.spelling(token))
    }

    /// `-dD`: what is defined before the first line.
    fn predefined(&mut self, pp: &mut Pp<'_>) {
        for idx in 1..pp.macros.len() as u32 {
            let mac = pp.macros[idx as usize];
            if mac.kind == MacroKind::Lazy && pp.macro_of(mac.name) == idx {
                let mut text = b"#define ".to_vec();
                pp.definition_text(idx, &mut text);
                text.push(b'\n');
                self.out.extend_from_slice(&text);
            }
        }
    }

    /// `-dM`: what is defined at the end, in order of definition.
    fn all_macros(&mut self, pp: &mut Pp<'_>) {
        for idx in 1..pp.macros.len() as u32 {
            let mac = pp.macros[idx as usize];
            let shown = matches!(mac.kind, MacroKind::Object | MacroKind::Function | MacroKind::Lazy);
            if shown && pp.macro_of(mac.name) == idx {
                self.out.extend_from_slice(b"#define ");
                let mut text = Vec::new();
                pp.definition_text(idx, &mut text);
                self.out.extend_from_slice(&text);
                self.out.push(b'\n');
            }
        }
    }
}

/// Would the two spellings, written together, be read as other tokens? Errs on the side of yes.
fn would_join(left: Tok, left_text: &[u8], right: Tok, right_text: &[u8]) -> bool {
    let Some(&first) = right_text.first() else { return false };
    let wordy = |kind: Tok| kind.is_name() || kind == Tok::Number;
    if wordy(left) && (wordy(right) || first.is_ascii_digit()) {
        return true;
    }
    match left {
        Tok::Number => matches!(first, b'.' | b'+' | b'-' | b'\'') || right == Tok::Char,
        kind if kind.is_name() => matches!(right, Tok::Str | Tok::Char),
        Tok::Str | Tok::Char => wordy(right),
        Tok::Other => matches!(first, b'u' | b'U' | b'"' | b'\''),
        Tok::Dot => matches!(first, b'.' | b'0'..=b'9'),
        Tok::Plus => matches!(first, b'+' | b'='),
        Tok::Minus => matches!(first, b'-' | b'=' | b'>'),
        Tok::Slash => matches!(first, b'/' | b'*' | b'='),
        Tok::Lt => matches!(first, b'<' | b'=' | b':' | b'%'),
        Tok::Gt => matches!(first, b'>' | b'='),
        Tok::Shl | Tok::Shr | Tok::Star | Tok::Bang | Tok::Eq | Tok::Caret => first == b'=',
        Tok::Percent => matches!(first, b'=' | b':' | b'>'),
        Tok::Amp => matches!(first, b'&' | b'='),
        Tok::Pipe => matches!(first, b'|' | b'='),
        Tok::Colon => matches!(first, b':' | b'>'),
        Tok::Hash => matches!(first, b'#' | b'%'),
        _ => left_text == b"%:" && first == b'%',
    }
}
