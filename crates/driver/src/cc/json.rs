//! Diagnostics for machines, `-fdiagnostics-format=json`: gcc 12's shape (its manual, "Options to Control Diagnostic Messages
//! Formatting"), one array a source file on one line. Ends of ranges stand on the last character, columns count from 1.

use base::diag::{Diag, FixIt, Note, display_column};
use base::source::{Pos, Span};
use base::{DiagSink, SourceMap};
use std::fmt::Write;

/// Appends all of `diags`; an empty array when there are none.
pub fn render(out: &mut String, map: &SourceMap, diags: &DiagSink) {
    out.push('[');
    for (at, diag) in diags.diags.iter().enumerate() {
        out.push_str(if at == 0 { "" } else { ", " });
        diagnostic(out, map, diag);
    }
    out.push_str("]\n");
}

fn diagnostic(out: &mut String, map: &SourceMap, diag: &Diag) {
    let _ = write!(out, "{{\"kind\": {}, \"message\": {}", quoted(diag.severity.word()), quoted(&diag.text));
    if !diag.flag.is_empty() {
        let _ = write!(out, ", \"option\": {}", quoted(&format!("-W{}", diag.flag)));
    }
    out.push_str(", \"children\": [");
    for (at, Note { span, text, fixits: mends }) in diag.notes.iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(out, "{comma}{{\"kind\": \"note\", \"message\": {}, \"locations\": [", quoted(text));
        location(out, map, *span);
        out.push_str("], \"escape-source\": false");
        fixits(out, map, mends);
        out.push('}');
    }
    out.push_str("], \"column-origin\": 1, \"locations\": [");
    location(out, map, diag.span);
    for range in &diag.ranges {
        out.push_str(", ");
        location(out, map, *range);
    }
    out.push_str("], \"escape-source\": false");
    fixits(out, map, &diag.fixits);
    out.push('}');
}

/// The member `fixits`, if there are any.
fn fixits(out: &mut String, map: &SourceMap, fixits: &[FixIt]) {
    for (at, fixit) in fixits.iter().enumerate() {
        out.push_str(if at == 0 { ", \"fixits\": [{\"start\": " } else { ", {\"start\": " });
        place(out, map, fixit.span.lo);
        // Unlike a range's end this is the first place behind.
        out.push_str(", \"next\": ");
        place(out, map, fixit.span.hi);
        let _ = write!(out, ", \"string\": {}}}", quoted(&fixit.text));
    }
    out.push_str(if fixits.is_empty() { "" } else { "]" });
}

/// `{"caret": …, "finish": …}`; nothing for a message without a place.
fn location(out: &mut String, map: &SourceMap, span: Span) {
    if map.place(span.lo).is_none() {
        return;
    }
    out.push_str("{\"caret\": ");
    place(out, map, span.lo);
    if span.hi.0 > span.lo.0 + 1 {
        out.push_str(", \"finish\": ");
        place(out, map, Pos(span.hi.0 - 1));
    }
    out.push('}');
}

fn place(out: &mut String, map: &SourceMap, pos: Pos) {
    let Some(place) = map.place(pos) else { return out.push_str("{}") };
    let shown = display_column(map.line_text(pos), place.column);
    let _ = write!(
        out,
        "{{\"file\": {}, \"line\": {}, \"display-column\": {shown}, \"byte-column\": {}, \"column\": {shown}}}",
        quoted(place.file),
        place.line,
        place.column
    );
}

/// A JSON string (RFC 8259, section 7).
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c < ' ' => {
                let _ = write!(out, "\\u{:04x}", c as u32);
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::source::Included;

    #[test]
    fn one_array_of_gccs_objects() {
        let mut map = SourceMap::new();
        let file = map.add("t \"1\".c".into(), b"int x = yy;\n".to_vec(), Included { from: Pos::NONE, system: false });
        let at = map.start(file.unwrap()).offset(8);
        let mut sink = DiagSink::new();
        let mut out = String::new();
        render(&mut out, &map, &sink);
        assert_eq!(out, "[]\n");
        sink.report(Diag::warning("unused", Span::new(at, at.offset(2)), "‘yy’\n").fixit(Span::at(at), "z"));
        out.clear();
        render(&mut out, &map, &sink);
        let caret =
            "{\"file\": \"t \\\"1\\\".c\", \"line\": 1, \"display-column\": 9, \"byte-column\": 9, \"column\": 9}";
        let finish = caret.replace(": 9", ": 10");
        assert_eq!(
            out,
            format!(
                "[{{\"kind\": \"warning\", \"message\": \"‘yy’\\n\", \"option\": \"-Wunused\", \"children\": [], \
                 \"column-origin\": 1, \"locations\": [{{\"caret\": {caret}, \"finish\": {finish}}}], \
                 \"escape-source\": false, \"fixits\": [{{\"start\": {caret}, \"next\": {caret}, \"string\": \"z\"}}]}}]\n"
            )
        );
    }
}
