//! `asm` statements (GNU): parsed whole into the tree; what of it can be compiled, lowering says.

use super::Parser;
use crate::ast::{AsmData, AsmOperand, NodeId, NodeOp, StrData};
use crate::token::Tok;
use crate::types::{Basic, Quals, StrId};
use base::Name;
use base::ids::Id;

impl Parser<'_> {
    /// `asm ("…");` at file level.
    pub(super) fn file_asm(&mut self) -> Option<Box<[u8]>> {
        self.bump();
        while matches!(self.tok.kind, Tok::KwVolatile | Tok::KwInline) {
            self.bump();
        }
        if !self.expect(Tok::LParen) || !self.at(Tok::Str) {
            self.missing("expected string literal");
            self.synchronize();
            return None;
        }
        self.string_bytes();
        self.bytes.pop();
        let text: Box<[u8]> = self.bytes.as_slice().into();
        self.expect(Tok::RParen);
        self.expect(Tok::Semi);
        if self.recovering {
            self.synchronize();
        }
        Some(text)
    }

    /// `asm [volatile] [goto] (template : outputs : inputs : clobbers : labels);`
    pub(super) fn asm_statement(&mut self) -> NodeId {
        let pos = self.pos();
        self.bump();
        let mut data = AsmData {
            template: StrId::NONE,
            volatile: false,
            extended: false,
            outputs: Vec::new(),
            inputs: Vec::new(),
            clobbers: Vec::new(),
            labels: Vec::new(),
        };
        loop {
            match self.tok.kind {
                Tok::KwVolatile => data.volatile = true,
                Tok::KwInline => {}
                Tok::KwGoto => data.volatile = true,
                _ => break,
            }
            self.bump();
        }
        self.expect(Tok::LParen);
        let Some(template) = self.asm_string() else { return self.poison(pos) };
        data.template = template;
        let mut section = 0;
        while !self.recovering && !matches!(self.tok.kind, Tok::RParen | Tok::Eof) {
            if self.eat(Tok::ColonColon) {
                section += 2;
            } else if self.expect(Tok::Colon) {
                section += 1;
            }
            data.extended = true;
            if matches!(self.tok.kind, Tok::Colon | Tok::ColonColon | Tok::RParen) {
                continue;
            }
            match section {
                1 => self.asm_operands(&mut data.outputs, true),
                2 => self.asm_operands(&mut data.inputs, false),
                3 => {
                    while let Some(clobber) = self.asm_string() {
                        data.clobbers.push(clobber);
                        if !self.eat(Tok::Comma) {
                            break;
                        }
                    }
                }
                4 => loop {
                    if !self.at(Tok::Identifier) {
                        self.missing("expected identifier");
                        break;
                    }
                    let label = self.label(Name(self.tok.value));
                    data.labels.push(label);
                    self.bump();
                    if !self.eat(Tok::Comma) {
                        break;
                    }
                },
                _ => self.missing("expected ‘)’"),
            }
        }
        data.volatile |= data.outputs.is_empty();
        self.expect(Tok::RParen);
        self.expect(Tok::Semi);
        self.ast.asms.push(data);
        let number = self.ast.asms.len() as u32 - 1;
        self.node(NodeOp::Asm, Basic::Void.qual(), number, 0, 0, pos)
    }

    fn asm_string(&mut self) -> Option<StrId> {
        if !self.at(Tok::Str) {
            self.missing("expected string literal");
            return None;
        }
        self.string_bytes();
        self.bytes.pop();
        let bytes: Box<[u8]> = self.bytes.as_slice().into();
        Some(self.unit.strings.push(StrData { bytes, char_size: 1 }))
    }

    fn asm_operands(&mut self, operands: &mut Vec<AsmOperand>, output: bool) {
        loop {
            let mut name = Name::NONE;
            if self.eat(Tok::LBracket) {
                if self.at(Tok::Identifier) {
                    name = Name(self.tok.value);
                    self.bump();
                }
                self.expect(Tok::RBracket);
            }
            let Some(constraint) = self.asm_string() else { return };
            self.expect(Tok::LParen);
            let loc = self.loc();
            let node = self.expression_any();
            self.check_constraint(constraint, output, node, loc);
            let text = &self.unit.strings[constraint].bytes;
            let in_memory = allows_memory(text) && (!allows_value(text) || self.types.is_record(self.ty(node)));
            let lvalue = self.is_lvalue(node);
            let node = if output || (in_memory && lvalue) {
                if !lvalue && !self.types.is_error(self.ty(node)) {
                    self.error(loc, "lvalue required in ‘asm’ statement");
                }
                if in_memory {
                    self.take_address(node);
                }
                node
            } else {
                self.rvalue(node)
            };
            self.expect(Tok::RParen);
            operands.push(AsmOperand { name, constraint, node });
            if !self.eat(Tok::Comma) {
                return;
            }
        }
    }

    /// What gcc says of constraints that stand on the wrong side.
    fn check_constraint(&mut self, constraint: StrId, output: bool, node: NodeId, loc: super::Loc) {
        let text = &self.unit.strings[constraint].bytes;
        let writes = |b: &&u8| matches!(b, b'=' | b'+');
        let message = match (output, text.first().filter(writes), text.iter().find(writes)) {
            (true, None, _) => "output operand constraint lacks ‘=’".to_string(),
            (false, _, Some(&letter)) => {
                format!("input operand constraint contains ‘{}’", char::from(letter))
            }
            _ => String::new(),
        };
        if !message.is_empty() {
            return self.error(loc, &message);
        }
        if output && self.ty(node).quals().has(Quals::CONST) && self.is_lvalue(node) {
            self.error(loc, "read-only location used as ‘asm’ output");
        }
    }
}

/// True for the letters that mean memory on every machine (gcc's manual, "Simple Constraints").
fn is_memory(letter: u8) -> bool {
    matches!(letter, b'm' | b'o' | b'V' | b'<' | b'>')
}

/// The operand may be in memory.
pub(crate) fn allows_memory(constraint: &[u8]) -> bool {
    constraint.iter().any(|&b| is_memory(b) || matches!(b, b'g' | b'X'))
}

/// The operand may be a value: in a register, a constant, or where another operand is.
pub(crate) fn allows_value(constraint: &[u8]) -> bool {
    constraint.iter().any(|&b| !is_memory(b) && !b"=+&%?!*#^,$ \t".contains(&b))
}
