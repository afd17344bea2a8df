//! Labels by name (C11 6.2.1p3: they belong to the function, whatever block they stand in; GNU's `__label__` and nested
//! functions give a name several).

use crate::parse::{Cell, Meaning, Parser, Space};
use crate::types::LabelId;
use base::{Name, Pos};

impl Parser<'_> {
    /// A label of the function by name, made when it is new.
    pub(crate) fn label(&mut self, name: Name) -> LabelId {
        let cell = self.lookup(Space::Label, name);
        if cell.meaning == Meaning::Label {
            return LabelId(cell.value);
        }
        self.function_label(name)
    }

    /// The same for a definition: a label of a function around this one is another one.
    pub(crate) fn own_label(&mut self, name: Name) -> LabelId {
        let cell = self.lookup(Space::Label, name);
        if cell.meaning == Meaning::Label && self.ast.labels[LabelId(cell.value)].owner == self.current {
            return LabelId(cell.value);
        }
        self.function_label(name)
    }

    pub(crate) fn new_label(&self, name: Name, pos: Pos) -> crate::ast::LabelData {
        let owner = self.current;
        crate::ast::LabelData { name, pos, defined: false, address_taken: false, owner, nonlocal: false, used: false }
    }

    fn function_label(&mut self, name: Name) -> LabelId {
        let pos = self.pos();
        let data = self.new_label(name, pos);
        let id = self.ast.labels.push(data);
        // Labels belong to the function, not to the block at hand: the cell is cleared when the function ends.
        let row = self.row(name);
        row[Space::Label as usize] = Cell { value: id.0, depth: 0, meaning: Meaning::Label };
        id
    }

    /// Gives a label's name back its meaning.
    pub(crate) fn show_label(&mut self, name: Name, id: LabelId) {
        self.row(name)[Space::Label as usize] = Cell { value: id.0, depth: 0, meaning: Meaning::Label };
    }

    /// Forgets a label's name at the end of its function.
    pub(crate) fn forget_label(&mut self, name: Name) {
        self.row(name)[Space::Label as usize] = Cell::NOTHING;
    }
}
