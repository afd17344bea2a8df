//! The tables of a unit: symbols, local labels, modifiers, expressions that are not sums, fields that are settled at the end,
//! and what is wrong.

use crate::expr::{Expr, Node};
use crate::syntax::Syntax;
use base::hash::QuickMap;
use base::{Id, Names};
use mc::buffer::Mark;
use mc::{CodeBuffer, Label};
use obj::{AtomId, Binding, SymId, SymbolKind, Visibility};
use std::num::NonZero;
use target::RelocKind;

/// A symbol of assembly text; local labels (`1:`) and places (`.`) are nameless ones.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct SymRef(NonZero<u32>);

impl SymRef {
    pub(crate) fn new(idx: usize) -> SymRef {
        let number = u32::try_from(idx + 1).ok().and_then(NonZero::new);
        SymRef(number.expect("fewer than 2^32 symbols"))
    }

    #[inline]
    pub(crate) fn index(self) -> usize {
        self.0.get() as usize - 1
    }

    /// As a branch names its target.
    pub(crate) fn number(self) -> u32 {
        self.0.get()
    }

    pub(crate) fn of_number(number: u32) -> Option<SymRef> {
        NonZero::new(number).map(SymRef)
    }
}

/// Where something stands in what was read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Loc {
    /// Index of [`Tables::files`]; in text that C holds, of no meaning.
    pub file: u32,
    /// From 1; in text that C holds, from 0.
    pub line: u32,
}

/// How bad it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Severity {
    Error,
    Warning,
    /// `.print`, and what belongs to a message before it.
    Info,
}

/// Something that the user is to know.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    pub severity: Severity,
    pub loc: Loc,
    pub text: String,
    /// The macro calls that led there, the innermost first.
    pub calls: Vec<Loc>,
}

/// Where a symbol is.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub(crate) enum Place {
    #[default]
    Undefined,
    /// In code under construction: a piece, and where in it.
    At(u32, Mark),
    /// A label of the function at hand, which code generation binds.
    Home(Label),
    Placed(AtomId, u32),
    /// `.set`.
    Value(Expr),
    /// An operation that is no sum: index of [`Tables::nodes`].
    Node(u32),
    Common {
        size: u64,
        align: u32,
    },
    /// Known to the caller by another way.
    Object(SymId),
}

/// What is rarely said of a symbol.
#[derive(Clone, Debug, Default)]
pub(crate) struct Extra {
    pub size: Option<Expr>,
    /// `.symver`: names with versions, as they were said.
    pub versions: Vec<Box<[u8]>>,
    /// The symbols of these, in the same order.
    pub aliases: Vec<SymRef>,
    pub own_name: crate::versions::OwnName,
    /// `.eqv`: what the name is read as wherever it is used.
    pub text: Option<Box<[u8]>>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Sym {
    /// `Name::NONE` for nameless ones.
    pub name: base::Name,
    pub place: Place,
    pub binding: Option<Binding>,
    pub visibility: Option<Visibility>,
    pub kind: Option<SymbolKind>,
    pub flags: u8,
    /// Is among [`Tables::turns`].
    pub had_turn: bool,
    /// Index of [`Tables::extras`] and 1 more; 0 for none.
    pub extra: u32,
    /// Label of the function at hand that branches know it by, and 1 more; 0 for none.
    pub home: u32,
    pub loc: Loc,
    /// In the finished object.
    pub object: SymId,
}

/// Said by `.eqv` or `==`: may not be set anew.
pub(crate) const FINAL: u8 = 1;
/// A field refers to it: a relocation may need it.
pub(crate) const USED: u8 = 2;
/// Begins as what only the assembler sees does (`.L`).
pub(crate) const PRIVATE: u8 = 4;
/// Said to be `.weakref` of another.
pub(crate) const WEAKREF: u8 = 8;
/// Its name is that of a version of another.
pub(crate) const VERSION: u8 = 16;
/// Its own name is not to be in the object: a version stands for it.
pub(crate) const REMOVED: u8 = 32;
/// Names a group.
pub(crate) const SIGNATURE: u8 = 64;
/// A relocation refers to it.
pub(crate) const NEEDED: u8 = 128;

/// What a field holds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Field {
    /// As an instruction asks for it.
    Kind(RelocKind),
    /// The same; what the assembler itself stores may be cut.
    Wrapped(RelocKind),
    /// Data of so many bytes: address, distance or number.
    Data(u8),
    /// The same with a sign.
    Signed(u8),
    /// The relocation, whatever the value.
    Always(RelocKind),
}

/// A field whose value depends on places.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Fixup<P> {
    pub at: P,
    pub field: Field,
    pub expr: Expr,
    pub loc: Loc,
}

impl<P> Fixup<P> {
    /// The same at another place.
    pub fn moved<Q>(self, at: Q) -> Fixup<Q> {
        Fixup { at, field: self.field, expr: self.expr, loc: self.loc }
    }
}

/// A local label: its last definition, and the next one if something refers to it.
#[derive(Clone, Copy, Default)]
struct LocalLabel {
    last: Option<SymRef>,
    next: Option<SymRef>,
}

/// What statements share, beside the code.
#[derive(Default)]
pub struct Tables {
    pub(crate) syms: Vec<Sym>,
    pub(crate) names: Names,
    pub(crate) extras: Vec<Extra>,
    locals: QuickMap<u32, LocalLabel>,
    /// `1$:`, since the last ordinary label.
    pub(crate) dollars: QuickMap<u32, SymRef>,
    pub(crate) modifiers: Vec<String>,
    pub(crate) nodes: Vec<Node>,
    /// Names that went from one symbol to another, in order: each symbol of the object stands where its name was first.
    pub(crate) replaced: Vec<(SymRef, SymRef)>,
    /// Private symbols that had their turn, and the number of symbols there were then.
    pub(crate) turns: Vec<(SymRef, u32)>,
    /// Of sections' pieces.
    pub(crate) fixups: Vec<Fixup<(u32, Mark)>>,
    /// Of the function at hand.
    pub(crate) home_fixups: Vec<Fixup<Mark>>,
    pub(crate) placed_fixups: Vec<Fixup<(AtomId, u32)>>,
    /// Symbols that the function at hand defines or goes to.
    pub(crate) home_syms: Vec<SymRef>,
    /// The piece that is written.
    pub(crate) piece: u32,
    pub(crate) loc: Loc,
    /// Nothing since it was set depended on symbols or places, or was told.
    pub(crate) is_plain: bool,
    /// Of the macros at hand, the outermost first.
    pub(crate) calls: Vec<Loc>,
    pub(crate) messages: Vec<Message>,
    pub(crate) syntax: Option<&'static dyn Syntax>,
    /// Some words are operators or numbers in the architecture's state, which is kept here for that.
    pub(crate) has_words: bool,
    pub(crate) mode: u32,
    /// `-L`.
    pub(crate) keep_locals: bool,
    /// `--multibyte-handling=warn-sym-only`
    pub(crate) warns_of_names: bool,
    /// `.eqv` within `.eqv` that is read now.
    pub(crate) n_texts: u32,
}

/// The piece of the function at hand.
pub(crate) const HOME: u32 = 0;

impl Tables {
    pub(crate) fn new(syntax: &'static dyn Syntax) -> Tables {
        Tables { syntax: Some(syntax), ..Tables::default() }
    }

    #[inline]
    pub(crate) fn sym(&mut self, symbol: SymRef) -> &mut Sym {
        &mut self.syms[symbol.index()]
    }

    pub(crate) fn new_sym(&mut self, name: base::Name) -> SymRef {
        let symbol = SymRef::new(self.syms.len());
        self.syms.push(Sym {
            name,
            place: Place::Undefined,
            binding: None,
            visibility: None,
            kind: None,
            flags: 0,
            had_turn: false,
            extra: 0,
            home: 0,
            loc: self.loc,
            object: SymId::NONE,
        });
        symbol
    }

    pub(crate) fn nameless(&mut self, place: Place) -> SymRef {
        let symbol = self.new_sym(base::Name::NONE);
        self.sym(symbol).place = place;
        symbol
    }

    /// The spelling of a symbol; empty for nameless ones.
    pub(crate) fn spelling(&self, symbol: SymRef) -> &[u8] {
        match self.syms[symbol.index()].name.some() {
            Some(name) => self.names.text(name),
            None => b"",
        }
    }

    pub(crate) fn shown(&self, symbol: SymRef) -> String {
        match self.spelling(symbol) {
            b"" => "a local label".into(),
            name => String::from_utf8_lossy(name).into_owned(),
        }
    }

    /// The symbol of that name.
    pub(crate) fn named(&mut self, name: &[u8]) -> SymRef {
        let id = self.names.intern(name);
        let tag = self.names.tag(id);
        self.symbol_of(id, tag)
    }

    /// The symbol `text[at..at + len]`; `text` may go on behind it.
    #[inline]
    pub(crate) fn named_at(&mut self, text: &[u8], at: usize, len: usize) -> SymRef {
        let (id, tag) = if at + base::names::SHORT <= text.len() {
            self.names.intern_at(text, at, len)
        } else {
            let id = self.names.intern(&text[at..at + len]);
            (id, self.names.tag(id))
        };
        self.symbol_of(id, tag)
    }

    #[inline]
    fn symbol_of(&mut self, id: base::Name, tag: u32) -> SymRef {
        match SymRef::of_number(tag) {
            Some(symbol) => symbol,
            None => self.first_of(id),
        }
    }

    #[cold]
    fn first_of(&mut self, id: base::Name) -> SymRef {
        let symbol = self.new_sym(id);
        let name = self.names.text(id);
        let is_odd = self.warns_of_names && !name.is_ascii();
        if name.starts_with(b".L") {
            self.sym(symbol).flags |= PRIVATE;
        }
        if is_odd {
            let shown = String::from_utf8_lossy(self.names.text(id)).into_owned();
            self.warn(format!("symbol '{shown}' contains multibyte characters"));
        }
        self.names.set_tag(id, symbol.number());
        symbol
    }

    /// The symbol of that name if there is one.
    pub(crate) fn find(&self, name: &[u8]) -> Option<SymRef> {
        SymRef::of_number(self.names.tag(self.names.find(name)?))
    }

    /// From here on the name of `old` means a new symbol, which is otherwise as the old one was. What was said of the old one so
    /// far keeps meaning what it means now.
    pub(crate) fn replace(&mut self, old: SymRef) -> SymRef {
        let made = *self.sym(old);
        let symbol = SymRef::new(self.syms.len());
        self.syms.push(made);
        let before = self.sym(old);
        before.name = base::Name::NONE;
        before.extra = 0;
        before.binding = None;
        self.sym(symbol).had_turn = false;
        self.take_turn(symbol);
        self.replaced.push((old, symbol));
        if let Some(name) = made.name.some() {
            self.names.set_tag(name, symbol.number());
        }
        symbol
    }

    /// A directive says something of a symbol: if that is private, this is its turn in the object's table, should it come to
    /// stand there. GNU as makes whole symbols of private ones so late.
    #[inline]
    pub(crate) fn take_turn(&mut self, symbol: SymRef) {
        let turn = self.syms.len() as u32;
        let sym = &mut self.syms[symbol.index()];
        if sym.flags & PRIVATE != 0 && !sym.had_turn {
            sym.had_turn = true;
            self.turns.push((symbol, turn));
        }
    }

    pub(crate) fn extra(&mut self, symbol: SymRef) -> &mut Extra {
        let at = &mut self.syms[symbol.index()].extra;
        if *at == 0 {
            self.extras.push(Extra::default());
            *at = self.extras.len() as u32;
        }
        &mut self.extras[*at as usize - 1]
    }

    pub(crate) fn extra_of(&self, symbol: SymRef) -> Option<&Extra> {
        self.extras.get((self.syms[symbol.index()].extra as usize).wrapping_sub(1))
    }

    /// What an expression that names the symbol means by it.
    #[inline]
    pub(crate) fn value_of(&mut self, symbol: SymRef) -> Expr {
        let sym = self.sym(symbol);
        sym.flags |= USED;
        match sym.place {
            // A number now; what depends on places may still be looked at by its name.
            Place::Value(expr) if expr.constant().is_some() => expr,
            _ => Expr::symbol(symbol),
        }
    }

    pub(crate) fn forward(&mut self, number: u32) -> SymRef {
        if let Some(next) = self.locals.entry(number).or_default().next {
            return next;
        }
        let symbol = self.nameless(Place::Undefined);
        self.locals.entry(number).or_default().next = Some(symbol);
        symbol
    }

    pub(crate) fn backward(&mut self, number: u32) -> Result<SymRef, String> {
        let last = self.locals.get(&number).and_then(|local| local.last);
        last.ok_or_else(|| format!("backward ref to unknown label \"{number}:\""))
    }

    pub(crate) fn dollar(&mut self, number: u32) -> SymRef {
        if let Some(&symbol) = self.dollars.get(&number) {
            return symbol;
        }
        let symbol = self.nameless(Place::Undefined);
        self.dollars.insert(number, symbol);
        symbol
    }

    pub(crate) fn modifier(&mut self, name: &[u8]) -> Result<u8, String> {
        let same = |known: &String| known.as_bytes().eq_ignore_ascii_case(name);
        if let Some(at) = self.modifiers.iter().position(same) {
            return Ok(at as u8 + 1);
        }
        if self.modifiers.len() >= 200 {
            return Err("too many kinds of modifiers".into());
        }
        let name = String::from_utf8_lossy(name).to_ascii_lowercase();
        let brought = self.syntax.and_then(|syntax| syntax.brings(&name));
        self.modifiers.push(name);
        let number = self.modifiers.len() as u8;
        if let Some(brought) = brought {
            self.named(brought);
        }
        Ok(number)
    }

    pub(crate) fn modifier_name(&self, expr: &Expr) -> &str {
        match expr.modifier {
            0 => "",
            at => &self.modifiers[at as usize - 1],
        }
    }

    /// A nameless symbol for the current place.
    pub(crate) fn here(&mut self, code: &CodeBuffer) -> SymRef {
        let symbol = self.nameless(Place::At(self.piece, code.mark()));
        if self.piece == HOME {
            self.home_syms.push(symbol);
        }
        symbol
    }

    /// Defines `symbol` at the current place.
    pub(crate) fn define(&mut self, symbol: SymRef, code: &mut CodeBuffer) -> Result<(), String> {
        let (piece, loc) = (self.piece, self.loc);
        let place = Place::At(piece, code.mark());
        let sym = self.sym(symbol);
        if sym.place != Place::Undefined && sym.place != place {
            return Err(format!("symbol `{}' is already defined", self.shown(symbol)));
        }
        let home = sym.home;
        (sym.place, sym.loc) = (place, loc);
        if piece == HOME {
            if home != 0 {
                code.bind(Label(home - 1));
            }
            self.home_syms.push(symbol);
        }
        Ok(())
    }

    pub(crate) fn define_local(&mut self, number: u32, code: &mut CodeBuffer) -> Result<(), String> {
        let symbol = self.forward(number);
        self.locals.insert(number, LocalLabel { last: Some(symbol), next: None });
        self.define(symbol, code)
    }

    /// The label by which branches of the function at hand know `symbol`.
    pub(crate) fn home_label(&mut self, symbol: SymRef, code: &mut CodeBuffer) -> Label {
        let Sym { place, home, .. } = *self.sym(symbol);
        match place {
            Place::Home(label) => return label,
            Place::At(HOME, mark) if home == 0 => {
                let label = code.new_label_at(mark);
                self.sym(symbol).home = label.0 + 1;
                return label;
            }
            _ => {}
        }
        if home != 0 {
            return Label(home - 1);
        }
        let label = code.new_label();
        self.sym(symbol).home = label.0 + 1;
        self.home_syms.push(symbol);
        label
    }

    /// Bytes from one label to another, if no branch between them can change that.
    pub(crate) fn distance(&self, code: &CodeBuffer, from: SymRef, to: SymRef) -> Option<i64> {
        let place = |symbol: SymRef| match self.syms[symbol.index()].place {
            Place::At(piece, mark) => Some((piece, mark)),
            _ => None,
        };
        let ((piece, from), (other, to)) = (place(from)?, place(to)?);
        match piece == other {
            true if piece == self.piece => code.distance(from, to),
            // Data in another section: `mask_end-mask(%rax)`.
            true => from.plain_distance(to),
            false => None,
        }
    }

    #[inline]
    pub(crate) fn fixup(&mut self, at: Mark, field: Field, expr: Expr) {
        let loc = self.loc;
        self.is_plain = false;
        if self.piece == HOME {
            self.home_fixups.push(Fixup { at, field, expr, loc });
        } else {
            self.fixups.push(Fixup { at: (self.piece, at), field, expr, loc });
        }
    }

    pub(crate) fn say(&mut self, severity: Severity, loc: Loc, text: String) {
        self.is_plain = false;
        let calls = self.calls.iter().rev().copied().collect();
        self.messages.push(Message { severity, loc, text, calls });
    }

    pub(crate) fn warn(&mut self, text: impl Into<String>) {
        let loc = self.loc;
        self.say(Severity::Warning, loc, text.into());
    }
}
