//! Macros and repetition (gas manual, 7.69 `.macro`, 7.86 `.rept`, 7.55 `.irp`, 7.4 `.altmacro`): directives that take the lines
//! behind them, and what those lines become.

use crate::cursor::{self, Cursor, Stop, begins_name, is_name};
use crate::directive::number;
use crate::symbols::{Loc, Severity};
use crate::unit::{Assembler, Flow, Text, ended};
use base::hash::QuickMap;
use std::sync::Arc;

/// A directive that has to do with the text it stands in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Block {
    Macro,
    Repeat,
    Each,
    EachLetter,
    /// `.exitm`
    Leave,
    /// `.end`
    Stop,
    Abort,
    Include,
    IncludeBytes,
    File,
    Line,
}

/// What may be left out of a call.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Need {
    Optional,
    Required,
    /// Takes the rest of the line.
    Rest,
}

#[derive(Debug)]
struct Parameter {
    name: Vec<u8>,
    need: Need,
    default: Vec<u8>,
}

#[derive(Debug)]
pub(crate) struct Macro {
    name: String,
    parameters: Vec<Parameter>,
    body: Vec<u8>,
    /// Of the body's first line.
    loc: Loc,
}

/// The macros of a unit.
#[derive(Default)]
pub(crate) struct Macros {
    /// By name in small letters.
    by_name: QuickMap<Vec<u8>, Arc<Macro>>,
    /// Calls so far: `\@`.
    n_calls: u32,
    /// Names of `LOCAL` so far.
    n_locals: u32,
    depth: u32,
    pub alternate: bool,
    /// Bytes that expansions made: a few lines must not ask for gigabytes.
    n_bytes: usize,
}

impl Macros {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.by_name.is_empty()
    }

    pub fn find(&self, name: &[u8]) -> Option<Arc<Macro>> {
        if self.by_name.is_empty() {
            return None;
        }
        match self.by_name.get(name) {
            Some(found) => Some(found.clone()),
            None => self.by_name.get(&name.to_ascii_lowercase()).cloned(),
        }
    }

    pub fn remove(&mut self, name: &[u8]) -> bool {
        self.by_name.remove(&name.to_ascii_lowercase()).is_some()
    }
}

/// Calls within calls.
const MAX_DEPTH: u32 = 100;
const MAX_BYTES: usize = 1 << 28;

impl Assembler {
    pub(crate) fn block(&mut self, block: Block, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        match block {
            Block::Macro => self.define_macro(line, text),
            Block::Repeat => self.repeat(line, text),
            Block::Each => self.each(line, text, false),
            Block::EachLetter => self.each(line, text, true),
            Block::Leave => {
                line.finish();
                if self.macros.depth == 0 {
                    self.tables.warn("ignoring macro exit outside a macro definition.");
                    return Ok(Flow::Next);
                }
                Ok(Flow::LeaveMacro)
            }
            Block::Stop => Ok(Flow::Stop),
            Block::Abort => {
                self.error(".abort detected.  Abandoning ship.".into());
                Ok(Flow::Stop)
            }
            Block::Include => self.include(line, text),
            Block::IncludeBytes => self.include_bytes(line, text),
            Block::File | Block::Line => {
                self.flush_view();
                if block == Block::File {
                    self.file_directive(line, text)?
                } else {
                    self.line_directive(line, text)?
                }
                ended(line)
            }
        }
    }

    fn file_name_of(line: &mut Cursor) -> Result<String, String> {
        let name = line.string()?;
        String::from_utf8(name).map_err(|_| "the name of a file is no text".into())
    }

    /// Ends the text: to go on would be to come here again from each of the texts that came here.
    fn too_deep(&mut self, what: &str) -> Result<Flow, String> {
        self.error(what.into());
        Ok(Flow::Stop)
    }

    fn include(&mut self, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        let name = Self::file_name_of(line)?;
        ended(line)?;
        if self.macros.depth >= MAX_DEPTH {
            return self.too_deep("files are included too deeply");
        }
        let bytes = self.open(&name, text)?;
        let shown = self.files.opened.last().cloned().unwrap_or(name);
        let loc = Loc { file: self.files.number(&shown), line: 1 };
        self.macros.depth += 1;
        let origin = self.lines.origin;
        self.lines.origin = origin.of_file();
        let listed = self.recorder.as_mut().map(|recorder| recorder.file(&shown, &bytes));
        let source = text.source;
        let flow = self.text(&mut Text { bytes: &bytes, at: 0, loc, n_lines: 0, source, is_macro: false, listed });
        self.lines.origin = origin;
        self.macros.depth -= 1;
        Ok(if flow == Flow::Stop { flow } else { Flow::Next })
    }

    /// `.incbin "FILE"[, SKIP[, COUNT]]`
    fn include_bytes(&mut self, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        let name = Self::file_name_of(line)?;
        let skip = if line.eat(b',') && line.peek() != b',' { number(self, line)? } else { 0 };
        let count = if line.eat(b',') { Some(number(self, line)?) } else { None };
        ended(line)?;
        let bytes = self.open(&name, text)?;
        let rest = usize::try_from(skip).ok().and_then(|skip| bytes.get(skip..));
        let rest = rest.ok_or_else(|| format!("skip ({skip}) or count (0) invalid for file size ({})", bytes.len()))?;
        let taken = match count {
            None | Some(0) => rest,
            Some(count) => usize::try_from(count)
                .ok()
                .and_then(|count| rest.get(..count))
                .ok_or_else(|| format!("skip ({skip}) or count ({count}) invalid for file size ({})", bytes.len()))?,
        };
        self.put_bytes(taken)?;
        Ok(Flow::Next)
    }

    /// The lines up to the end of the block: their bytes, and where the first of them stands.
    fn collect<'t>(&mut self, text: &mut Text<'t>, is_macro: bool) -> Option<(&'t [u8], Loc)> {
        let (comment, line_comments) = (self.syntax.comment(), self.syntax.line_comments());
        let start = text.at;
        let mut loc = text.loc;
        loc.line = loc.line.wrapping_add(text.n_lines);
        let first = loc;
        let mut depth = 1;
        let mut fresh = true;
        while text.at < text.bytes.len() {
            let at = text.at;
            let found = cursor::statement(text.bytes, at, text.bytes.len(), comment, line_comments, fresh);
            if is_macro && fresh && text.bytes[at] == b'#' && self.is_file && self.marker(text, at) {
                text.n_lines = 0;
            }
            fresh = found.stop == Stop::Line;
            text.at = found.next;
            text.n_lines += found.n_lines + u32::from(found.stop == Stop::Line);
            let mut line = Cursor::within(text.bytes, at, found.end);
            let mut word = line.run(is_name);
            // A label may stand before.
            let mut begin = at;
            while line.peek() == b':' && !word.is_empty() {
                line.bump();
                begin = line.place().1;
                word = line.run(is_name);
            }
            let word = word.strip_prefix(b".").unwrap_or(if self.macros.alternate { word } else { b"" });
            let lower = word.to_ascii_lowercase();
            let (begins, ends) = if is_macro {
                (lower == b"macro", lower == b"endm")
            } else {
                let begins: [&[u8]; 6] = [b"rept", b"rep", b"irp", b"irpc", b"irep", b"irepc"];
                (begins.contains(&&*lower), lower == b"endr")
            };
            depth += i32::from(begins) - i32::from(ends);
            if depth == 0 {
                // Labels before the end belong to what ends.
                return Some((&text.bytes[start..begin], first));
            }
        }
        None
    }

    fn define_macro(&mut self, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        let defined_at = text.loc;
        // A label names the macro, and everything behind the word is a parameter.
        let label = self.line_label.take();
        let header = self.macro_header(line, label.map(|label| self.tables.spelling(label).to_vec()));
        if let Some(label) = label {
            self.tables.sym(label).place = crate::symbols::Place::Value(crate::Expr::number(0));
        }
        let Some((body, loc)) = self.collect(text, true) else {
            return Err("unexpected end of file in macro definition".to_string());
        };
        let (name, parameters) = header?;
        if let Some(own) = name.strip_prefix('.').filter(|_| crate::directive::find(name.as_bytes()).is_some()) {
            self.tables.warn(format!("attempt to redefine pseudo-op `.{own}' ignored"));
            return Ok(Flow::Next);
        }
        let key = name.to_ascii_lowercase().into_bytes();
        if self.macros.by_name.contains_key(&key) {
            self.tables.loc = defined_at;
            return Err(format!("Macro `{name}' was already defined"));
        }
        let found = Macro { name, parameters, body: body.to_vec(), loc };
        self.memo.forget();
        self.macros.by_name.insert(key, Arc::new(found));
        Ok(Flow::Next)
    }

    fn macro_header(&mut self, line: &mut Cursor, label: Option<Vec<u8>>) -> Result<(String, Vec<Parameter>), String> {
        let name = match &label {
            Some(label) => label,
            None => line.run(|b| is_name(b) || b == b'@'),
        };
        if name.is_empty() {
            return Err("Missing macro name".into());
        }
        let name = String::from_utf8_lossy(name).into_owned();
        let in_parentheses = line.eat(b'(');
        let mut parameters: Vec<Parameter> = Vec::new();
        if line.eat(b',') && line.is_end() {
            return Err(format!("bad parameter list for macro `{name}'"));
        }
        while !(line.is_end() || in_parentheses && line.peek() == b')') {
            line.eat(b'\\');
            let own = line.run(is_name);
            if own.is_empty() {
                return Err(format!("bad parameter list for macro `{name}'"));
            }
            if parameters.last().is_some_and(|last| last.need == Need::Rest) {
                return Err(format!("`{}' is not the last parameter of macro `{name}'", String::from_utf8_lossy(own)));
            }
            let mut parameter = Parameter { name: own.to_vec(), need: Need::Optional, default: Vec::new() };
            if parameters.iter().any(|known| known.name == own) {
                let own = String::from_utf8_lossy(own);
                return Err(format!("A parameter named `{own}' already exists for macro `{name}'"));
            }
            if line.eat(b':') {
                let need = line.run(is_name);
                parameter.need = match need {
                    b"req" => Need::Required,
                    b"vararg" => Need::Rest,
                    _ => {
                        let (need, own) = (String::from_utf8_lossy(need), String::from_utf8_lossy(own));
                        return Err(format!(
                            "`{need}' is not a valid parameter qualifier for `{own}' in macro `{name}'"
                        ));
                    }
                };
            }
            if line.eat(b'=') {
                let (_, at, end) = line.place();
                let given = tidy(line.rest());
                let mut at_given = 0;
                parameter.default = self.argument(&given, &mut at_given)?;
                // The blanks that tidying left out stand in the text.
                let used = untidied(line.rest(), at_given);
                line.skip(used.min(end - at));
            }
            parameters.push(parameter);
            if line.eat(b',') && line.is_end() {
                return Err(format!("bad parameter list for macro `{name}'"));
            }
        }
        Ok((name, parameters))
    }

    /// Takes one argument at `at`: up to a comma or blank, strings without their quotes.
    fn argument(&mut self, text: &[u8], at: &mut usize) -> Result<Vec<u8>, String> {
        let alternate = self.macros.alternate;
        let mut out = Vec::new();
        match text.get(*at).copied() {
            Some(b'%') if alternate => {
                let rest = &text[*at + 1..];
                let mut line = Cursor::new(rest);
                let value = number(self, &mut line)?;
                *at = text.len() - line.rest().len();
                out.extend_from_slice(value.to_string().as_bytes());
            }
            Some(open @ b'"') | Some(open @ (b'<' | b'\'')) if open == b'"' || alternate => {
                let keeps = alternate && open != b'<';
                if keeps {
                    out.push(b'"');
                }
                quoted(text, at, &mut out, alternate);
                if keeps {
                    out.push(b'"');
                }
            }
            _ => {
                let mut depth = 0u32;
                while let Some(&byte) = text.get(*at) {
                    if byte == b',' || depth == 0 && matches!(byte, b' ' | b'\t') || alternate && byte == b'<' {
                        break;
                    }
                    match byte {
                        b'"' | b'\'' => {
                            out.push(byte);
                            *at += 1;
                            while let Some(&inner) = text.get(*at).filter(|&&inner| inner != byte) {
                                out.push(inner);
                                *at += 1;
                            }
                        }
                        b'(' | b'[' => depth += 1,
                        b')' | b']' => depth = depth.saturating_sub(1),
                        _ => {}
                    }
                    if let Some(&byte) = text.get(*at) {
                        out.push(byte);
                        *at += 1;
                    }
                }
            }
        }
        Ok(out)
    }

    /// Calls a macro with the rest of its line.
    pub(crate) fn call(&mut self, called: Arc<Macro>, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        let given = tidy(line.rest());
        line.finish();
        let values = self.arguments(&called, &given)?;
        let number = self.macros.n_calls;
        self.macros.n_calls += 1;
        if self.macros.depth >= MAX_DEPTH {
            return self.too_deep("macros nested too deeply");
        }
        let names: Vec<&[u8]> = called.parameters.iter().map(|parameter| &*parameter.name).collect();
        let body = self.expand(&called.body, &names, &values, Some((number, called.loc)))?;
        self.tables.calls.push(text.loc);
        self.macros.depth += 1;
        let conditions = self.conditions.len();
        let origin = self.lines.origin;
        self.lines.origin = origin.of_call(text.loc);
        let loc = called.loc;
        let flow = self.text(&mut Text {
            bytes: &body,
            at: 0,
            loc,
            n_lines: 0,
            source: text.source,
            is_macro: true,
            listed: None,
        });
        self.lines.origin = origin;
        if flow == Flow::LeaveMacro {
            self.conditions.truncate(conditions);
        } else if self.conditions.len() > conditions && flow == Flow::Next {
            let loc = self.tables.loc;
            self.conditions.truncate(conditions);
            self.tables.say(Severity::Warning, loc, "end of macro inside conditional".into());
        }
        self.macros.depth -= 1;
        self.tables.calls.pop();
        self.tables.loc = text.loc;
        Ok(if flow == Flow::LeaveMacro { Flow::Next } else { flow })
    }

    fn arguments(&mut self, called: &Macro, given: &[u8]) -> Result<Vec<Vec<u8>>, String> {
        let parameters = &called.parameters;
        let mut values: Vec<Option<Vec<u8>>> = parameters.iter().map(|_| None).collect();
        let (mut at, mut next) = (0, 0);
        let mut by_name = false;
        while at < given.len() {
            while given.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
                at += 1;
            }
            if at >= given.len() {
                break;
            }
            let word = given[at..].iter().position(|&b| !is_name(b)).unwrap_or(given.len() - at);
            let name = &given[at..at + word];
            let is_keyword = word != 0
                && given.get(at + word) == Some(&b'=')
                && given.get(at + word + 1) != Some(&b'=')
                && (parameters.iter().any(|parameter| parameter.name == name) || by_name);
            if is_keyword {
                let Some(idx) = parameters.iter().position(|parameter| parameter.name == name) else {
                    let (own, name) = (&called.name, String::from_utf8_lossy(name));
                    return Err(format!("Parameter named `{name}' does not exist for macro `{own}'"));
                };
                by_name = true;
                at += word + 1;
                let value = if parameters[idx].need == Need::Rest {
                    let rest = given[at..].to_vec();
                    at = given.len();
                    rest
                } else {
                    self.argument(given, &mut at)?
                };
                values[idx] = Some(value);
            } else {
                if by_name {
                    return Err("can't mix positional and keyword arguments".into());
                }
                let Some(parameter) = parameters.get(next) else { return Err("too many positional arguments".into()) };
                let value = if parameter.need == Need::Rest {
                    let rest = given[at..].to_vec();
                    at = given.len();
                    rest
                } else {
                    self.argument(given, &mut at)?
                };
                values[next] = Some(value).filter(|value| !value.is_empty());
                next += 1;
            }
            let before = at;
            while given.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
                at += 1;
            }
            if given.get(at) == Some(&b',') {
                at += 1;
            } else if at == before && at < given.len() && given[at] != b'<' {
                // What is no argument ends them.
                return Err("missing `)'".into());
            }
        }
        let mut out = Vec::with_capacity(values.len());
        for (value, parameter) in values.into_iter().zip(parameters) {
            match value {
                Some(value) => out.push(value),
                None if parameter.need == Need::Required => {
                    let (name, own) = (String::from_utf8_lossy(&parameter.name), &called.name);
                    self.error(format!("Missing value for required parameter `{name}' of macro `{own}'"));
                    out.push(Vec::new());
                }
                None => out.push(parameter.default.clone()),
            }
        }
        Ok(out)
    }

    /// The body with values in place of names.
    fn expand(
        &mut self,
        body: &[u8],
        names: &[&[u8]],
        values: &[Vec<u8>],
        call: Option<(u32, Loc)>,
    ) -> Result<Vec<u8>, String> {
        let number = call.map(|call| call.0);
        let alternate = self.macros.alternate;
        let mut out = Vec::with_capacity(body.len() + 64);
        let mut locals: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        let value = |name: &[u8], locals: &[(Vec<u8>, Vec<u8>)]| {
            let found = names.iter().position(|known| *known == name).map(|at| values[at].clone());
            found.or_else(|| locals.iter().find(|local| local.0 == name).map(|local| local.1.clone()))
        };
        let name_at = |at: usize| {
            let rest = body.get(at..).unwrap_or(&[]);
            if !rest.first().is_some_and(|&b| begins_name(b)) {
                return &rest[..0];
            }
            &rest[..rest.iter().position(|&b| !is_name(b)).unwrap_or(rest.len())]
        };
        let mut at = 0;
        let mut in_string = false;
        while at < body.len() {
            let byte = body[at];
            match byte {
                b'\\' => match body.get(at + 1) {
                    Some(b'(') => {
                        let rest = &body[at + 2..];
                        let len = rest.iter().position(|&b| b == b')').unwrap_or(rest.len());
                        out.extend_from_slice(&rest[..len]);
                        at = (at + 3 + len).min(body.len());
                        continue;
                    }
                    Some(b'@') if number.is_some() => {
                        out.extend_from_slice(number.unwrap_or(0).to_string().as_bytes());
                        at += 2;
                        continue;
                    }
                    Some(b'&') => {
                        out.push(b'&');
                        at += 2;
                        continue;
                    }
                    _ => {
                        let blanks = blanks_at(&body[at + 1..]);
                        let blanks = if blanks != 0 && is_operand(&body[..at]) { blanks } else { 0 };
                        let name = name_at(at + 1 + blanks);
                        // The longest name that is a parameter's: names may hold points.
                        match value(name, &locals).map(|value| (value, name.len())).or_else(|| {
                            let short = name.iter().position(|&b| b == b'.').filter(|&len| len != 0)?;
                            Some((value(&name[..short], &locals)?, short))
                        }) {
                            Some((value, len)) => {
                                out.extend_from_slice(&value);
                                at += 1 + blanks + len;
                                if alternate && body.get(at) == Some(&b'&') {
                                    at += 1;
                                }
                            }
                            None => {
                                out.push(b'\\');
                                at += 1;
                                if body.get(at) == Some(&b'\\') || body.get(at) == Some(&b'"') {
                                    out.push(body[at]);
                                    at += 1;
                                }
                            }
                        }
                        continue;
                    }
                },
                b'"' if alternate => in_string = !in_string,
                b'\n' => in_string = false,
                b'&' => {
                    let name = name_at(at + 1);
                    if let Some(value) = value(name, &locals) {
                        out.extend_from_slice(&value);
                        at += 1 + name.len();
                        if body.get(at) == Some(&b'&') {
                            at += 1;
                        }
                        continue;
                    }
                }
                _ if alternate && begins_name(byte) => {
                    let name = name_at(at);
                    let before = at.checked_sub(1).map_or(b'\n', |before| body[before]);
                    at += name.len();
                    let is_first = out.iter().rev().take_while(|&&b| b != b'\n').all(|b| b.is_ascii_whitespace());
                    if is_first && name.eq_ignore_ascii_case(b"local") && number.is_some() {
                        let rest = &body[at..];
                        let len = rest.iter().position(|&b| b == b'\n').unwrap_or(rest.len());
                        for own in rest[..len].split(|&b| b == b',' || b.is_ascii_whitespace()) {
                            if !own.is_empty() {
                                if value(own, &locals).is_some() {
                                    let (shown, loc) =
                                        (String::from_utf8_lossy(own), call.map_or(self.tables.loc, |call| call.1));
                                    let line = body[..at].iter().filter(|&&b| b == b'\n').count() as u32;
                                    let text =
                                        format!("`{shown}' was already used as parameter (or another local) name");
                                    self.tables.say(
                                        Severity::Error,
                                        Loc { line: loc.line.wrapping_add(line), ..loc },
                                        text,
                                    );
                                    continue;
                                }
                                let made = format!(".LL{:04x}", self.macros.n_locals).into_bytes();
                                self.macros.n_locals += 1;
                                locals.push((own.to_vec(), made));
                            }
                        }
                        at += len;
                        continue;
                    }
                    match value(name, &locals) {
                        Some(value) if !in_string && !is_name(before) => {
                            out.extend_from_slice(&value);
                            if body.get(at) == Some(&b'&') {
                                at += 1;
                            }
                        }
                        _ => out.extend_from_slice(name),
                    }
                    continue;
                }
                _ if is_name(byte) => {
                    // A whole word at once.
                    let len = body[at..].iter().position(|&b| !is_name(b)).unwrap_or(body.len() - at);
                    out.extend_from_slice(&body[at..at + len]);
                    at += len;
                    continue;
                }
                _ => {}
            }
            out.push(byte);
            at += 1;
        }
        self.macros.n_bytes += out.len();
        if self.macros.n_bytes > MAX_BYTES {
            return Err("macros make too much text".into());
        }
        Ok(out)
    }

    /// Assembles a body again; false when nothing more is to be.
    fn again(&mut self, body: &[u8], mut loc: Loc, text: &mut Text) -> Flow {
        self.macros.depth += 1;
        let conditions = self.conditions.len();
        let origin = self.lines.origin;
        self.lines.origin = origin.of_repeat(&mut loc);
        let Text { source, is_macro, .. } = *text;
        let flow = self.text(&mut Text { bytes: body, at: 0, loc, n_lines: 0, source, is_macro, listed: None });
        self.lines.origin = origin;
        if flow == Flow::LeaveMacro {
            self.conditions.truncate(conditions);
        }
        self.macros.depth -= 1;
        flow
    }

    fn repeat(&mut self, line: &mut Cursor, text: &mut Text) -> Result<Flow, String> {
        let count = number(self, line);
        let Some((body, loc)) = self.collect(text, false) else { return Err("rept without endr".into()) };
        let count = count?;
        ended(line)?;
        if count < 0 {
            self.error("negative count for REPT - ignored".into());
        }
        if self.macros.depth >= MAX_DEPTH {
            return self.too_deep("macros nested too deeply");
        }
        for _ in 0..count.max(0) {
            self.macros.n_bytes += body.len().max(1);
            if self.macros.n_bytes > MAX_BYTES {
                return Err("macros make too much text".into());
            }
            match self.again(body, loc, text) {
                Flow::Next => {}
                Flow::LeaveMacro => break,
                Flow::Stop => return Ok(Flow::Stop),
            }
        }
        self.tables.loc = text.loc;
        Ok(Flow::Next)
    }

    /// `.irp NAME, VALUES…` and, letter by letter, `.irpc NAME, TEXT`
    fn each(&mut self, line: &mut Cursor, text: &mut Text, letters: bool) -> Result<Flow, String> {
        let name = line.run(is_name).to_vec();
        line.eat(b',');
        let given = tidy(line.rest());
        line.finish();
        let Some((body, loc)) = self.collect(text, false) else {
            return Err(if letters { "irpc without endr" } else { "irp without endr" }.into());
        };
        if name.is_empty() {
            return Err("missing model parameter".into());
        }
        if self.macros.depth >= MAX_DEPTH {
            return self.too_deep("macros nested too deeply");
        }
        let mut values = Vec::new();
        if letters {
            let plain = match given.strip_prefix(b"\"") {
                Some(inner) => inner.strip_suffix(b"\"").unwrap_or(inner),
                None => &given[..],
            };
            values.extend(plain.iter().map(|&byte| vec![byte]));
        } else {
            let mut at = 0;
            while at < given.len() {
                let before = at;
                values.push(self.argument(&given, &mut at)?);
                while given.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
                    at += 1;
                }
                if given.get(at) == Some(&b',') {
                    at += 1;
                    while given.get(at).is_some_and(|b| matches!(b, b' ' | b'\t')) {
                        at += 1;
                    }
                    if at == given.len() {
                        values.push(Vec::new());
                    }
                } else if at == before {
                    return Err("missing `)'".into());
                }
            }
        }
        if values.is_empty() {
            // Once, with nothing.
            values.push(Vec::new());
        }
        for value in values {
            let expanded = self.expand(body, &[&name], &[value], None)?;
            match self.again(&expanded, loc, text) {
                Flow::Next => {}
                Flow::LeaveMacro => break,
                Flow::Stop => return Ok(Flow::Stop),
            }
        }
        self.tables.loc = text.loc;
        Ok(Flow::Next)
    }
}

/// A string's inside: a quote that is doubled or, between angles, behind `!` is itself.
fn quoted(text: &[u8], at: &mut usize, out: &mut Vec<u8>, alternate: bool) {
    let Some(&open) = text.get(*at) else { return };
    *at += 1;
    if open == b'<' {
        let mut depth = 1;
        while let Some(&byte) = text.get(*at) {
            *at += 1;
            match byte {
                b'!' if *at < text.len() => {
                    out.push(text[*at]);
                    *at += 1;
                    continue;
                }
                b'<' => depth += 1,
                b'>' => {
                    depth -= 1;
                    if depth == 0 {
                        return;
                    }
                }
                _ => {}
            }
            out.push(byte);
        }
        return;
    }
    while let Some(&byte) = text.get(*at) {
        *at += 1;
        if byte == b'\\' && *at < text.len() {
            out.push(byte);
            out.push(text[*at]);
            *at += 1;
            continue;
        }
        if alternate && byte == b'!' && *at < text.len() {
            out.push(text[*at]);
            *at += 1;
            continue;
        }
        if byte == open {
            if text.get(*at) != Some(&open) {
                return;
            }
            *at += 1;
        }
        out.push(byte);
    }
}

fn blanks_at(text: &[u8]) -> usize {
    text.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count()
}

/// Whether a line goes on behind `text` with operands: there GNU as drops blanks that part no words before it looks for names
/// (`call \ callee`, as the C preprocessor writes what a macro of its own gets), but neither in a name nor in a string.
fn is_operand(text: &[u8]) -> bool {
    let line = text.rsplit(|&byte| byte == b'\n').next().unwrap_or(text).trim_ascii_start();
    let n_quotes =
        line.iter().enumerate().filter(|&(at, &byte)| byte == b'"' && (at == 0 || line[at - 1] != b'\\')).count();
    n_quotes % 2 == 0 && line.iter().any(|byte| matches!(byte, b' ' | b'\t'))
}

/// Part of a word, or of what an operand begins with: blanks beside other bytes mean nothing.
fn keeps_blank(byte: u8) -> bool {
    is_name(byte)
        || matches!(
            byte,
            b'*' | b'%' | b'-' | b'(' | b'[' | b'{' | b'}' | b'"' | b'\'' | b'\\' | b'<' | b'>' | b')' | b'@'
        )
}

/// The arguments of a call without the blanks that mean nothing.
fn tidy(text: &[u8]) -> Vec<u8> {
    let text = text.trim_ascii();
    let mut out = Vec::with_capacity(text.len());
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        match byte {
            b' ' | b'\t' | b'\r' => {
                while text.get(at).is_some_and(|b| matches!(b, b' ' | b'\t' | b'\r')) {
                    at += 1;
                }
                let before = out.last().copied().unwrap_or(b',');
                let next = text.get(at).copied().unwrap_or(b',');
                if keeps_blank(before)
                    && keeps_blank(next)
                    && !matches!(before, b'*' | b'%' | b'-' | b'(' | b'[' | b'{')
                {
                    out.push(b' ');
                }
            }
            b'"' => {
                out.push(byte);
                at += 1;
                while let Some(&inner) = text.get(at) {
                    out.push(inner);
                    at += 1;
                    if inner == b'\\' && at < text.len() {
                        out.push(text[at]);
                        at += 1;
                    } else if inner == b'"' {
                        break;
                    }
                }
            }
            _ => {
                out.push(byte);
                at += 1;
            }
        }
    }
    out
}

/// How many bytes of `text` the first `n` of its tidied form stand for.
fn untidied(text: &[u8], n: usize) -> usize {
    (0..=text.len()).find(|&len| tidy(&text[..len]).len() >= n).unwrap_or(text.len())
}
