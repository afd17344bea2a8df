//! `.if` and its like (gas manual, 7.49): which statements count.

use crate::cursor::Cursor;
use crate::directive::{self, Action, Outcome, number};
use crate::registers;
use crate::symbols::{Loc, Place, Severity, WEAKREF};
use crate::unit::Assembler;

/// An open `.if`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Condition {
    pub loc: Loc,
    /// Statements are passed over now.
    ignoring: bool,
    /// No branch of it counts: it stands in what is passed over, or one was taken.
    done: bool,
    had_else: bool,
}

/// Comparisons with zero.
pub(crate) const EQ: u32 = 0;
pub(crate) const NE: u32 = 1;
pub(crate) const GE: u32 = 2;
pub(crate) const GT: u32 = 3;
pub(crate) const LE: u32 = 4;
pub(crate) const LT: u32 = 5;

impl Assembler {
    #[inline]
    pub(crate) fn is_skipping(&self) -> bool {
        self.conditions.last().is_some_and(|condition| condition.ignoring)
    }

    /// A statement that does not count; conditions within it do.
    pub(crate) fn skipped(&mut self, line: &mut Cursor) {
        let len = line.name_len();
        let (text, at, _) = line.place();
        if len < 2 || text[at] != b'.' {
            return;
        }
        let name = text[at..at + len].to_ascii_lowercase();
        line.skip(len);
        let Some(Action::Plain(run, number)) = directive::find(&name) else { return };
        match &name[1..] {
            b"else" | b"elsec" | b"elseif" | b"endif" | b"endc" => {
                if let Err(message) = run(self, line, number) {
                    self.error(message);
                }
            }
            name if name.starts_with(b"if") => {
                let loc = self.tables.loc;
                self.conditions.push(Condition { loc, ignoring: true, done: true, had_else: false });
            }
            _ => {}
        }
    }

    fn condition(&mut self, holds: bool) {
        let loc = self.tables.loc;
        self.conditions.push(Condition { loc, ignoring: !holds, done: holds, had_else: false });
    }

    /// Conditions opened in a text end with it.
    pub(crate) fn close_conditions(&mut self, before: usize) {
        while self.conditions.len() > before {
            if let Some(condition) = self.conditions.pop() {
                // Of no line.
                let loc = Loc { line: 0, ..self.tables.loc };
                self.tables.say(Severity::Error, loc, "end of file inside conditional".into());
                self.tables.say(
                    Severity::Error,
                    condition.loc,
                    "here is the start of the unterminated conditional".into(),
                );
            }
        }
    }
}

/// The number of a condition, in which registers may be compared.
fn condition_value(asm: &mut Assembler, line: &mut Cursor) -> Result<i64, String> {
    let named = if asm.registers.is_empty() { None } else { asm.registers.replaced(line.rest()) };
    let text = named.as_deref().unwrap_or(line.rest());
    let numbered = if text.contains(&b'%') { registers::numbered(text, asm.syntax) } else { None };
    match numbered {
        Some(text) => {
            line.finish();
            let mut own = Cursor::new(&text);
            let value = number(asm, &mut own)?;
            if own.is_end() {
                Ok(value)
            } else {
                Err(format!("junk at end of line, first unrecognized character is `{}'", char::from(own.peek())))
            }
        }
        None => number(asm, line),
    }
}

pub(crate) fn if_number(asm: &mut Assembler, line: &mut Cursor, what: u32) -> Outcome {
    let value = match condition_value(asm, line) {
        Ok(value) => value,
        Err(message) => {
            line.finish();
            asm.condition(false);
            return Err(match &*message {
                "expected absolute expression" => "non-constant expression in \".if\" statement".into(),
                _ => message,
            });
        }
    };
    let holds = match what {
        EQ => value == 0,
        NE => value != 0,
        GE => value >= 0,
        GT => value > 0,
        LE => value <= 0,
        _ => value < 0,
    };
    asm.condition(holds);
    Ok(())
}

/// `.ifdef`: a name that only was mentioned is not defined.
pub(crate) fn if_defined(asm: &mut Assembler, line: &mut Cursor, wanted: u32) -> Outcome {
    let Some(name) = line.word() else {
        asm.condition(false);
        return Err("invalid identifier for \".ifdef\"".into());
    };
    let is_defined = name == b"."
        || asm.tables.find(name).is_some_and(|symbol| {
            let sym = asm.tables.sym(symbol);
            sym.place != Place::Undefined || sym.flags & WEAKREF != 0
        });
    asm.condition(is_defined == (wanted == 1));
    Ok(())
}

pub(crate) fn if_blank(asm: &mut Assembler, line: &mut Cursor, wanted: u32) -> Outcome {
    let is_blank = line.is_end();
    line.finish();
    asm.condition(is_blank == (wanted == 1));
    Ok(())
}

/// `.ifc A, B`: texts, in single quotes or not.
pub(crate) fn if_same(asm: &mut Assembler, line: &mut Cursor, wanted: u32) -> Outcome {
    let first = plain_text(line, true);
    let has_comma = line.eat(b',');
    let second = plain_text(line, false);
    if !has_comma {
        asm.condition(false);
        return Err("bad format for ifc or ifnc".into());
    }
    asm.condition((first == second) == (wanted == 1));
    Ok(())
}

fn plain_text(line: &mut Cursor, first: bool) -> Vec<u8> {
    if line.peek() != b'\'' {
        let rest = line.rest();
        let len = rest.iter().position(|&b| first && b == b',').unwrap_or(rest.len());
        line.skip(len);
        return rest[..len].trim_ascii_end().to_vec();
    }
    let mut text = Vec::new();
    let rest = line.rest();
    let mut at = 1;
    while let Some(&byte) = rest.get(at) {
        at += 1;
        if byte == b'\'' {
            if rest.get(at) != Some(&b'\'') {
                break;
            }
            at += 1;
        }
        text.push(byte);
    }
    line.skip(at);
    text
}

/// `.ifeqs "A", "B"`
pub(crate) fn if_same_string(asm: &mut Assembler, line: &mut Cursor, wanted: u32) -> Outcome {
    let texts = line.string().and_then(|first| {
        if !line.eat(b',') {
            return Err(".ifeqs syntax error".into());
        }
        Ok((first, line.string()?))
    });
    match texts {
        Ok((first, second)) => {
            asm.condition((first == second) == (wanted == 1));
            Ok(())
        }
        Err(message) => {
            line.finish();
            asm.condition(false);
            Err(message)
        }
    }
}

pub(crate) fn otherwise(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    let Some(condition) = asm.conditions.last_mut() else { return Err("\".else\" without matching \".if\"".into()) };
    if condition.had_else {
        return Err("duplicate .else".into());
    }
    condition.had_else = true;
    condition.ignoring = condition.done;
    Ok(())
}

pub(crate) fn else_if(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    let Some(condition) = asm.conditions.last().copied() else {
        line.finish();
        return Err("\".elseif\" without matching \".if\"".into());
    };
    if condition.had_else {
        line.finish();
        return Err(".elseif after .else".into());
    }
    let mut holds = false;
    if condition.done {
        line.finish();
    } else {
        holds = condition_value(asm, line)? != 0;
    }
    if let Some(condition) = asm.conditions.last_mut() {
        condition.ignoring = !holds;
        condition.done |= holds;
    }
    Ok(())
}

pub(crate) fn end_if(asm: &mut Assembler, line: &mut Cursor, _: u32) -> Outcome {
    line.finish();
    match asm.conditions.pop() {
        Some(_) => Ok(()),
        None => Err("\".endif\" without \".if\"".into()),
    }
}
