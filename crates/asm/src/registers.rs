//! Symbols that stand for registers (`state = %rdi`), and registers that conditions compare (`.if \base == %rsp`), as
//! hand-written cryptography and the Linux kernel have them. GNU as keeps such symbols in a section of their own (its
//! manual, "Setting Symbols", says nothing of it).
//!
//! They are few and rare: a statement that may mention one is read from a copy in which the register stands, so that
//! neither operands nor expressions have to know them.

use crate::cursor::{Cursor, begins_name, is_name};
use crate::syntax::Syntax;

/// The names that stand for registers.
#[derive(Default)]
pub(crate) struct Registers {
    list: Vec<Named>,
}

/// A name and its register, with its sign.
struct Named {
    name: Box<[u8]>,
    register: Box<[u8]>,
}

impl Registers {
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    fn find(&self, name: &[u8]) -> Option<&[u8]> {
        self.list.iter().find(|known| *known.name == *name).map(|known| &*known.register)
    }

    /// Reads a value that is a register, or a name for one, to the statement's end; what it is stands for `name` from
    /// here on. False when it is something else: then `name` is an ordinary symbol again. `is_naked` says that registers stand
    /// without their sign.
    pub fn set(&mut self, name: &[u8], line: &mut Cursor, syntax: &dyn Syntax, is_naked: bool) -> bool {
        let mut ahead = *line;
        let mut word = ahead;
        let register = match ahead.peek() {
            b'%' => {
                ahead.bump();
                literal(&mut ahead, syntax)
            }
            _ if is_naked && word.word().is_some_and(|word| syntax.is_register(word)) => literal(&mut ahead, syntax),
            _ if self.is_empty() => return false,
            _ => ahead.word().and_then(|word| self.find(word)).map(Box::from),
        };
        let register = register.filter(|_| ahead.is_end());
        self.list.retain(|known| *known.name != *name);
        let Some(register) = register else { return false };
        self.list.push(Named { name: name.into(), register });
        *line = ahead;
        true
    }

    /// The text with registers in place of their names; `None` when it mentions none.
    pub fn replaced(&self, text: &[u8]) -> Option<Vec<u8>> {
        let mut out = Vec::new();
        let (mut at, mut copied, mut quoted) = (0, 0, false);
        while let Some(&byte) = text.get(at) {
            quoted ^= byte == b'"';
            if quoted || !is_name(byte) {
                at += 1;
                continue;
            }
            let len = text[at..].iter().position(|&byte| !is_name(byte)).unwrap_or(text.len() - at);
            let is_symbol = begins_name(byte) && !matches!(text[..at].last(), Some(b'%' | b'@'));
            if is_symbol && let Some(register) = self.find(&text[at..at + len]) {
                out.extend_from_slice(&text[copied..at]);
                out.extend_from_slice(register);
                copied = at + len;
            }
            at += len;
        }
        out.extend_from_slice(&text[copied..]);
        (copied != 0).then_some(out)
    }
}

/// `rdi`, `st(1)`, given its sign.
fn literal(line: &mut Cursor, syntax: &dyn Syntax) -> Option<Box<[u8]>> {
    let name = line.word().filter(|name| syntax.is_register(name))?;
    let mut text = [b"%", name].concat();
    if line.eat(b'(') {
        let number = line.number()?;
        text.extend_from_slice(format!("({number})").as_bytes());
        line.expect(b')').ok()?;
    }
    Some(text.into())
}

/// A condition's text with a number for each register, by which only the same registers are equal; `None` when it has none.
pub(crate) fn numbered(text: &[u8], syntax: &dyn Syntax) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let (mut at, mut copied) = (0, 0);
    while let Some(&byte) = text.get(at) {
        at += 1;
        // `a %b` is a remainder.
        let is_operand = !text[..at - 1].trim_ascii_end().last().is_some_and(|&byte| is_name(byte) || byte == b')');
        let len = text[at..].iter().position(|&byte| !is_name(byte)).unwrap_or(text.len() - at);
        let name = &text[at..at + len];
        if byte != b'%' || !is_operand || len > 7 || !syntax.is_register(name) {
            continue;
        }
        let number = name.iter().fold(0, |number, &byte| number << 8 | u64::from(byte.to_ascii_lowercase()));
        out.extend_from_slice(&text[copied..at - 1]);
        out.extend_from_slice(number.to_string().as_bytes());
        at += len;
        copied = at;
    }
    out.extend_from_slice(&text[copied..]);
    (copied != 0).then_some(out)
}
