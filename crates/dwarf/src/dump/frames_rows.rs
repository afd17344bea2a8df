//! What call frame instructions amount to: for each address where registers were saved, as a table.

use super::frames::{Cie, Instruction};
use super::{Input, Output};

/// Where a register's old value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
enum Rule {
    #[default]
    Undefined,
    Same,
    Offset(i64),
    ValOffset(i64),
    Register(u64),
    Expression,
    ValExpression,
}

/// The state: a column for each register that is mentioned, by number.
#[derive(Clone, Default)]
pub(super) struct Columns {
    rules: Vec<(u64, Rule)>,
    cfa_register: u64,
    cfa_offset: i64,
    cfa_expression: bool,
}

/// Registers beyond are mistakes.
const MAX_COLUMNS: usize = 1024;

impl Columns {
    pub fn new() -> Columns {
        Columns::default()
    }

    /// Makes room for the register that an instruction is about.
    pub fn mention(&mut self, instruction: &Instruction<'_>) {
        let register = match *instruction {
            Instruction::Offset(_, register, _)
            | Instruction::ValOffset(_, register, _)
            | Instruction::Restore(_, register)
            | Instruction::Undefined(register)
            | Instruction::Same(register)
            | Instruction::Register(register, _)
            | Instruction::Expression(_, register, _) => register,
            _ => return,
        };
        if let Err(at) = self.rules.binary_search_by_key(&register, |(number, _)| *number)
            && self.rules.len() < MAX_COLUMNS
        {
            self.rules.insert(at, (register, Rule::Undefined));
        }
    }

    fn set(&mut self, register: u64, rule: Rule) {
        if let Ok(at) = self.rules.binary_search_by_key(&register, |(number, _)| *number) {
            self.rules[at].1 = rule;
        }
    }

    fn get(&self, register: u64) -> Rule {
        let at = self.rules.binary_search_by_key(&register, |(number, _)| *number);
        at.map_or(Rule::Undefined, |at| self.rules[at].1)
    }
}

/// Writes rows as instructions are told to it.
pub(super) struct Rows<'r, 'a> {
    input: &'r Input<'a>,
    pointer_size: u8,
    return_column: u64,
    initial: Option<&'r Columns>,
    pub location: u64,
    remembered: Vec<Columns>,
    headed: bool,
    /// Nothing but padding so far.
    idle: bool,
}

/// States that are remembered at a time, at most.
const MAX_REMEMBERED: usize = 1024;

impl<'r, 'a> Rows<'r, 'a> {
    pub fn new(input: &'r Input<'a>, cie: &Cie<'_>, initial: Option<&'r Columns>, location: u64) -> Rows<'r, 'a> {
        Rows {
            input,
            pointer_size: cie.pointer_size,
            return_column: cie.return_column,
            initial,
            location,
            remembered: Vec::new(),
            headed: false,
            idle: true,
        }
    }

    pub fn step(&mut self, instruction: &Instruction<'_>, columns: &mut Columns, out: &mut Output<'_>) {
        self.idle &= matches!(instruction, Instruction::Nop);
        match *instruction {
            Instruction::Advance(_, by) => {
                self.row(columns, out);
                self.location = self.location.wrapping_add(by);
            }
            Instruction::SetLocation(to) => {
                self.row(columns, out);
                self.location = to;
            }
            Instruction::Offset(_, register, offset) => columns.set(register, Rule::Offset(offset)),
            Instruction::ValOffset(_, register, offset) => columns.set(register, Rule::ValOffset(offset)),
            Instruction::Restore(_, register) => {
                let rule = self.initial.map_or(Rule::Undefined, |initial| initial.get(register));
                columns.set(register, rule);
            }
            Instruction::Undefined(register) => columns.set(register, Rule::Undefined),
            Instruction::Same(register) => columns.set(register, Rule::Same),
            Instruction::Register(register, other) => columns.set(register, Rule::Register(other)),
            Instruction::Expression(name, register, _) => {
                let is_value = name == "DW_CFA_val_expression";
                columns.set(register, if is_value { Rule::ValExpression } else { Rule::Expression });
            }
            Instruction::Remember => {
                if self.remembered.len() < MAX_REMEMBERED {
                    self.remembered.push(columns.clone());
                }
            }
            Instruction::RestoreState => match self.remembered.pop() {
                Some(state) => *columns = state,
                None => out.warn("Mismatched DW_CFA_restore_state"),
            },
            Instruction::DefCfa(_, register, offset) => {
                (columns.cfa_register, columns.cfa_offset, columns.cfa_expression) = (register, offset, false);
            }
            Instruction::DefCfaRegister(register) => {
                (columns.cfa_register, columns.cfa_expression) = (register, false);
            }
            Instruction::DefCfaOffset(_, offset) => columns.cfa_offset = offset,
            Instruction::DefCfaExpression(_) => columns.cfa_expression = true,
            Instruction::ArgsSize(_) | Instruction::WindowSave | Instruction::Nop => {}
        }
    }

    /// The last row, unless nothing was said.
    pub fn finish(&mut self, columns: &Columns, out: &mut Output<'_>) {
        if !self.idle {
            self.row(columns, out);
        }
    }

    fn row(&mut self, columns: &Columns, out: &mut Output<'_>) {
        if !self.headed {
            self.headed = true;
            out.put(format_args!("{:<width$} CFA      ", "   LOC", width = 2 * usize::from(self.pointer_size)));
            for &(register, _) in &columns.rules {
                let number;
                let name = match self.input.register_name(register) {
                    _ if register == self.return_column => "ra",
                    Some(name) => name,
                    None => {
                        number = format!("r{register}");
                        &number
                    }
                };
                out.put(format_args!("{name:<5} "));
            }
            out.bytes(b"\n");
        }
        out.digits(self.location, self.pointer_size);
        let cfa = match (columns.cfa_expression, self.input.register_name(columns.cfa_register)) {
            (true, _) => "exp".to_string(),
            (false, Some(name)) => format!("{name}{:+}", columns.cfa_offset),
            (false, None) => format!("r{}{:+}", columns.cfa_register, columns.cfa_offset),
        };
        out.put(format_args!(" {cfa:<8} "));
        for &(_, rule) in &columns.rules {
            let text = match rule {
                Rule::Undefined => "u".to_string(),
                Rule::Same => "s".to_string(),
                Rule::Offset(offset) => format!("c{offset:+}"),
                Rule::ValOffset(offset) => format!("v{offset:+}"),
                Rule::Register(register) => self.input.register(register),
                Rule::Expression => "exp".to_string(),
                Rule::ValExpression => "vexp".to_string(),
            };
            out.put(format_args!("{text:<5} "));
        }
        out.bytes(b"\n");
    }
}
