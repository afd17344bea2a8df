//! The end of a unit: lengths are settled, sections of assembly text become atoms, its symbols symbols of the object, and fields
//! bytes or relocations. Where a field's value is certain it is stored, as GNU as does; else it is left to the linker.
//!
//! Long because the steps share what is known of places until the last of them is taken.

use crate::data::{Ask, encode_leb128};
use crate::expr::{Expr, Op};
use crate::section_directive::{ABSOLUTE, settle_absolute};
use crate::sections::{NOWHERE, Wanted};
use crate::symbols::{
    Field, Fixup, HOME, Loc, NEEDED, PRIVATE, Place, REMOVED, SIGNATURE, Severity, SymRef, USED, VERSION, WEAKREF,
};
use crate::syntax::MODIFIED;
use crate::unit::{AsmError, Assembler};
use base::{Id, Pos};
use mc::CodeBuffer;
use mc::buffer::Mark;
use mc::relax::Fill;
use mc::rows::UnwindRow;
use obj::build::{ObjectBuilder, SectionSpec};
use obj::{
    AtomId, Binding, GroupId, RelocTarget, SectionFlags, SectionId, SectionKind, SymId, SymbolDef, SymbolKind,
    Visibility,
};
use target::{Arch, Formula, RelocKind};

/// The object that text is assembled into, and the symbols that something else put there.
pub trait Host {
    fn builder(&mut self) -> &mut ObjectBuilder;

    /// The symbol of that name, if the unit declares or defines one.
    fn symbol(&mut self, name: &[u8]) -> Option<SymId>;
}

/// The object of files: nothing else is in it.
struct Alone<'b>(&'b mut ObjectBuilder);

impl Host for Alone<'_> {
    fn builder(&mut self) -> &mut ObjectBuilder {
        self.0
    }

    fn symbol(&mut self, _: &[u8]) -> Option<SymId> {
        None
    }
}

/// A function between `.cfi_startproc` and `.cfi_endproc`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct AsmFrame {
    pub atom: AtomId,
    /// In the atom, in bytes.
    pub offset: u32,
    pub size: u32,
    /// Offsets count from the function's start.
    pub unwind: Vec<UnwindRow>,
}

/// `.set` of `.set` of …: more is a circle.
const MAX_CHAIN: u32 = 100;
/// Passes over spots whose lengths depend on each other.
const MAX_ROUNDS: u32 = 200;

/// What a value counts from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Base {
    Nothing,
    /// The beginning of a section's code, by its first piece.
    Piece(u32),
    Atom(AtomId),
    /// Not known here.
    Symbol(SymRef),
}

/// A value as far as it is known: what it counts from, minus what else, and a number.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Value {
    pub base: Base,
    pub minus: Base,
    pub offset: i64,
}

impl Value {
    const fn number(offset: i64) -> Value {
        Value { base: Base::Nothing, minus: Base::Nothing, offset }
    }

    pub(crate) fn constant(&self) -> Option<i64> {
        (self.base == Base::Nothing && self.minus == Base::Nothing).then_some(self.offset)
    }

    /// The sum, if it is one.
    fn plus(self, other: Value) -> Option<Value> {
        let (mut a, mut b) = ([self.base, other.base], [self.minus, other.minus]);
        for plus in &mut a {
            for minus in &mut b {
                if *plus == *minus && *plus != Base::Nothing {
                    (*plus, *minus) = (Base::Nothing, Base::Nothing);
                }
            }
        }
        let one = |pair: [Base; 2]| match pair {
            [base, Base::Nothing] | [Base::Nothing, base] => Some(base),
            _ => None,
        };
        Some(Value { base: one(a)?, minus: one(b)?, offset: self.offset.wrapping_add(other.offset) })
    }

    fn negative(self) -> Value {
        Value { base: self.minus, minus: self.base, offset: self.offset.wrapping_neg() }
    }
}

type Outcome<T> = Result<T, String>;

/// What a relocation refers to, until symbols have their numbers.
#[derive(Clone, Copy, Debug)]
enum Target {
    Place(AtomId),
    Symbol(SymRef),
    /// Address 0.
    Nothing,
}

/// A relocation under construction.
struct Pending {
    atom: AtomId,
    offset: u32,
    kind: RelocKind,
    target: Target,
    addend: i64,
}

/// Where the pieces went.
#[derive(Default)]
struct Layout {
    /// Atom of each piece; none for those that were empty, or appended to another.
    atoms: Vec<Option<AtomId>>,
    /// Atoms of the pieces that have several, by where they begin.
    cut: Vec<Vec<(u32, AtomId)>>,
}

impl Assembler {
    /// Ends the unit of a compiler. Everything that is wrong is told.
    pub fn finish(&mut self, host: &mut dyn Host, arch: &'static Arch, frames: &mut Vec<AsmFrame>) -> Vec<AsmError> {
        let first = self.tables.messages.len();
        self.close_procs();
        self.settle();
        let layout = self.place_sections(host, arch);
        let place = |asm: &Assembler, piece: u32, mark| {
            let atom = layout.atoms[piece as usize].unwrap_or(AtomId(0));
            (atom, asm.pieces[piece as usize].code.place(mark))
        };
        if !self.tables.messages[first..].iter().any(|message| message.severity == Severity::Error)
            && let Err((loc, text)) = self.neutral_frames(frames, place)
        {
            self.tables.say(Severity::Error, loc, text);
        }
        self.resolve_all(host, arch, &layout);
        let messages = self.tables.messages.split_off(first);
        let errors = messages.into_iter().filter(|message| message.severity == Severity::Error);
        errors.map(|error| AsmError { pos: Pos(error.loc.file), line: error.loc.line, message: error.text }).collect()
    }

    /// Ends the unit that files were assembled for. What is wrong is among [`Assembler::messages`].
    pub fn finish_files(&mut self, builder: &mut ObjectBuilder, arch: &'static Arch) {
        self.close_procs();
        self.write_note();
        self.settle();
        // Beyond every line: what stands at a boundary begins an atom.
        self.tables.loc.line = u32::MAX;
        if let Err(text) = self.write_lines(arch) {
            self.error(text);
        }
        if let Err(text) = self.write_frames(arch) {
            self.error(text);
        }
        for name in std::mem::take(&mut self.lines.file_symbols) {
            let file = builder.add_symbol(&name, Binding::Local, SymbolKind::File);
            builder.symbol_mut(file).def = SymbolDef::Absolute;
        }
        let host = &mut Alone(builder);
        let layout = self.place_sections(host, arch);
        self.resolve_all(host, arch, &layout);
    }

    /// The section that the architecture makes of what it saw.
    fn write_note(&mut self) {
        let Some(note) = self.syntax.note(&self.keep) else { return };
        let wanted = Wanted { flags: SectionFlags::ALLOC, ..Wanted::plain(note.name) };
        let section = self.section(&wanted, false) as usize;
        self.sections[section].align = self.sections[section].align.max(note.align);
        let piece = self.first_piece(section) as usize;
        for byte in note.bytes {
            self.pieces[piece].code.put(u64::from(byte), 1);
        }
    }

    /// Beyond this point every place of every section is known.
    fn settle(&mut self) {
        settle_absolute(self);
        self.chain_subsections();
        if self.has_atoms() {
            self.cut();
        }
        for at in 0..self.sections.len() {
            let piece = self.first_piece(at);
            self.aim(piece);
        }
        self.relax((0..self.sections.len()).map(|at| self.first_piece(at)).collect());
    }

    pub(crate) fn first_piece(&self, section: usize) -> u32 {
        self.sections[section].pieces[0].1
    }

    /// Subsections follow each other by number.
    fn chain_subsections(&mut self) {
        if self.sections.iter().all(|section| section.pieces.len() == 1) {
            return;
        }
        let mut moved: Vec<Option<(u32, Mark)>> = vec![None; self.pieces.len()];
        for section in &mut self.sections {
            section.pieces.sort_by_key(|entry| entry.0);
            let first = section.pieces[0].1;
            for &(_, piece) in &section.pieces[1..] {
                let other = std::mem::replace(&mut self.pieces[piece as usize].code, CodeBuffer::empty(&[]));
                let base = self.pieces[first as usize].code.append(&other);
                let n_spots = self.pieces[first as usize].code.n_spots() - other.n_spots();
                for asked in self.asked.iter_mut().filter(|asked| asked.piece == piece) {
                    asked.spot += n_spots;
                }
                moved[piece as usize] = Some((first, base));
            }
            // The section's symbol stands for its beginning, wherever that was first.
            self.tables.syms[section.symbol.index()].place = Place::At(first, Mark::default());
            section.pieces.truncate(1);
        }
        let rebase = |piece: &mut u32, mark: &mut Mark| {
            if let Some((first, base)) = moved[*piece as usize] {
                (*piece, *mark) = (first, CodeBuffer::rebased(base, *mark));
            }
        };
        for sym in &mut self.tables.syms {
            if let Place::At(piece, mark) = &mut sym.place {
                rebase(piece, mark);
            }
        }
        for fixup in &mut self.tables.fixups {
            rebase(&mut fixup.at.0, &mut fixup.at.1);
        }
        for asked in &mut self.asked {
            rebase(&mut asked.piece, &mut Mark::default());
        }
        for reloc in &mut self.relocs {
            rebase(&mut reloc.piece, &mut Mark::default());
        }
        self.cfi.rebase(rebase);
        self.lines.rebase(rebase);
    }

    /// Where a branch of `piece` to `number` goes, if that is certain.
    fn goal(&self, (piece, from): (u32, Mark), number: u32, is_jump: bool, is_short: bool) -> Option<Mark> {
        let symbol = SymRef::of_number(number & !MODIFIED)?;
        let sym = &self.tables.syms[symbol.index()];
        let may_change = match sym.binding {
            None | Some(Binding::Local) => false,
            // Jumps to what other modules may replace are bound, unless the text says where they may go through.
            Some(Binding::Global) if is_jump => {
                (self.options.shared || number & MODIFIED != 0)
                    && sym.visibility.is_none_or(|visibility| visibility == Visibility::Default)
            }
            Some(_) => true,
        };
        if (may_change || sym.kind == Some(SymbolKind::IFunc)) && !is_short {
            return None;
        }
        // Where atoms are told, names stay.
        let is_cut = !self.cuts.is_empty();
        if is_cut && !is_jump && !is_short && !sym.name.is_none() && sym.flags & PRIVATE == 0 {
            return None;
        }
        let (mut symbol, mut offset) = (symbol, 0i64);
        for _ in 0..MAX_CHAIN {
            match self.tables.syms[symbol.index()].place {
                Place::At(of, mark) if of == piece => {
                    let line = self.tables.syms[symbol.index()].loc.line;
                    let same = !is_cut || self.cut_of(of, mark, line) == self.cut_of(of, from, u32::MAX);
                    return same.then(|| CodeBuffer::shifted(mark, offset));
                }
                Place::Value(Expr { plus: Some(next), minus: None, offset: more, .. }) => {
                    (symbol, offset) = (next, offset.wrapping_add(more));
                }
                _ => return None,
            }
        }
        None
    }

    /// Finds out where the branches of a piece go; those that leave it become fields.
    fn aim(&mut self, piece: u32) {
        let mut code = std::mem::replace(&mut self.pieces[piece as usize].code, CodeBuffer::empty(&[]));
        let rows = self.syntax.branches();
        let far = code.aim(|target, row, at| {
            let kind = &rows[row as usize];
            let is_short = self.syntax.far_branch(row).is_none();
            self.goal((piece, at), target, kind.long_len != kind.short_len, is_short)
        });
        for far in far {
            let Some(reloc) = self.syntax.far_branch(far.row) else {
                let text = "a short branch leaves its section".to_string();
                self.tables.say(Severity::Error, self.tables.loc, text);
                continue;
            };
            let at = code.mark_after(far.at, reloc.offset);
            let Some(symbol) = SymRef::of_number(far.target & !MODIFIED) else { continue };
            self.tables.sym(symbol).flags |= USED;
            let expr = Expr { offset: reloc.addend, ..Expr::symbol(symbol) };
            let loc = self.tables.loc;
            self.tables.fixups.push(Fixup { at: (piece, at), field: Field::Kind(reloc.kind), expr, loc });
        }
        self.pieces[piece as usize].code = code;
    }

    /// Decides every length.
    fn relax(&mut self, pieces: Vec<u32>) {
        let mut is_settled = self.asked.is_empty();
        for round in 0..MAX_ROUNDS {
            let mut changed = false;
            for &piece in &pieces {
                for _ in 0..100_000 {
                    if !self.pieces[piece as usize].code.settle() {
                        break;
                    }
                    changed = true;
                }
            }
            if self.asked.is_empty() {
                break;
            }
            self.number_views();
            let asks = self.ask_again(&pieces, round);
            if !asks && !changed {
                is_settled = true;
                break;
            }
        }
        if !is_settled {
            self.error("sizes that depend on each other do not settle".into());
        }
        self.number_views();
        self.check_asked(&pieces);
    }

    /// Evaluates what lengths depend on; true when one is to change.
    fn ask_again(&mut self, pieces: &[u32], round: u32) -> bool {
        let mut changed = false;
        for at in 0..self.asked.len() {
            let asked = &self.asked[at];
            if !pieces.contains(&asked.piece) {
                continue;
            }
            let (piece, spot, what) = (asked.piece, asked.spot, asked.what);
            let value = self.asked_value(at).unwrap_or(0);
            let (want, bytes) = match what {
                Ask::Times(size) => (value.clamp(0, 1 << 30).saturating_mul(i64::from(size)).min(1 << 30), None),
                Ask::Org => (value.clamp(0, i64::from(u32::MAX / 2)), None),
                Ask::Unsigned | Ask::Signed => {
                    let (bytes, len) = encode_leb128(value, what == Ask::Signed);
                    (len as i64, Some((bytes, len)))
                }
            };
            let spot = self.pieces[piece as usize].code.spot_mut(spot);
            let mut want = want as u32;
            if let Some((mut bytes, len)) = bytes {
                // What goes back and forth stays long, with bytes that say nothing.
                if round > 20 && (want as usize) < spot.len as usize {
                    let n = (spot.len as usize).min(15);
                    let (more, end) = if what == Ask::Signed && value < 0 { (0xff, 0x7f) } else { (0x80, 0) };
                    bytes[len - 1] |= 0x80;
                    bytes[len..n].fill(more);
                    bytes[n - 1] = end;
                    want = n as u32;
                }
                spot.fill = Fill::Bytes(bytes);
            }
            changed |= spot.want != want;
            spot.want = want;
        }
        changed
    }

    /// The value that a length depends on: a number, or for `.org` an offset in its section.
    fn asked_value(&self, at: usize) -> Option<i64> {
        let asked = &self.asked[at];
        let value = self.resolve(asked.expr, None, 0).ok()?;
        match (asked.what, value.base, value.minus) {
            (_, Base::Nothing, Base::Nothing) => Some(value.offset),
            (Ask::Org, Base::Piece(piece), Base::Nothing) if piece == asked.piece => Some(value.offset),
            _ => None,
        }
    }

    fn check_asked(&mut self, pieces: &[u32]) {
        for at in 0..self.asked.len() {
            let (piece, what, loc) = (self.asked[at].piece, self.asked[at].what, self.asked[at].loc);
            if !pieces.contains(&piece) {
                continue;
            }
            let (severity, text) = match (self.asked_value(at), what) {
                (None, Ask::Times(_)) => (Severity::Error, ".space specifies non-absolute value"),
                (None, Ask::Org) => (Severity::Error, "only constant offsets supported in absolute section"),
                (None, _) => (Severity::Error, "leb128 operand is an undefined symbol or not a number"),
                (Some(value), Ask::Times(_)) if value < 0 => {
                    (Severity::Warning, ".space or .fill with negative value, ignored")
                }
                (Some(value), Ask::Times(_) | Ask::Org)
                    if value > 1 << 28 && !self.pieces[piece as usize].is_nobits =>
                {
                    (Severity::Error, "too many bytes are asked for")
                }
                _ => continue,
            };
            self.tables.say(severity, loc, text.into());
        }
        for &piece in pieces {
            if self.pieces[piece as usize].code.backward().is_some() {
                let asked = self.asked.iter().find(|asked| asked.piece == piece && asked.what == Ask::Org);
                let loc = asked.map_or(self.tables.loc, |asked| asked.loc);
                self.tables.say(Severity::Error, loc, "attempt to move .org backwards".into());
            }
        }
    }

    /// Settles the code of the function at hand, which code generation finishes.
    pub(crate) fn settle_home(&mut self, code: &mut CodeBuffer) -> Result<(), (Loc, String)> {
        let first = self.tables.messages.len();
        let tables = &self.tables;
        let mut by_label = Vec::new();
        for &symbol in &tables.home_syms {
            let sym = &tables.syms[symbol.index()];
            if sym.home != 0 {
                by_label.push((sym.home - 1, symbol));
            }
        }
        by_label.sort_unstable_by_key(|entry| entry.0);
        let of_label = |label: u32| {
            let at = by_label.binary_search_by_key(&label, |entry| entry.0).ok()?;
            Some(by_label[at].1)
        };
        let is_far = |label: u32| {
            of_label(label).is_some_and(|symbol| {
                matches!(tables.syms[symbol.index()].binding, Some(Binding::Global | Binding::Weak))
            })
        };
        let marks: Vec<Option<Mark>> = code.label_marks().collect();
        let far = code.aim(|label, _, _| marks.get(label as usize).copied().flatten().filter(|_| !is_far(label)));
        let far: Vec<_> = far.into_iter().map(|far| (far, of_label(far.target))).collect();
        let loc = self.tables.loc;
        for (far, symbol) in far {
            let symbol = symbol.ok_or_else(|| (loc, "a branch goes to a label that is nowhere".to_string()))?;
            let reloc = self
                .syntax
                .far_branch(far.row)
                .ok_or_else(|| (loc, "a short branch leaves its section".to_string()))?;
            let at = code.mark_after(far.at, reloc.offset);
            let expr = Expr { offset: reloc.addend, ..Expr::symbol(symbol) };
            self.tables.home_fixups.push(Fixup { at, field: Field::Kind(reloc.kind), expr, loc });
        }
        std::mem::swap(&mut self.pieces[HOME as usize].code, code);
        self.settle_pending_sections();
        self.relax(vec![HOME]);
        self.asked.retain(|asked| asked.piece != HOME);
        self.unsettle_pending_sections();
        std::mem::swap(&mut self.pieces[HOME as usize].code, code);
        if let Some(message) = self.tables.messages[first..].iter().find(|message| message.severity == Severity::Error)
        {
            return Err((message.loc, message.text.clone()));
        }
        match code.unreached().first() {
            None => Ok(()),
            Some(_) => Err((loc, "a short branch does not reach its label".into())),
        }
    }

    /// What the function at hand measures in other sections: their lengths as they are now.
    fn settle_pending_sections(&mut self) {
        if self.asked.iter().any(|asked| asked.piece == HOME) {
            for piece in 1..self.pieces.len() {
                self.pieces[piece].code.measure_now();
            }
        }
    }

    fn unsettle_pending_sections(&mut self) {
        for piece in 1..self.pieces.len() {
            self.pieces[piece].code.unsettle();
        }
    }

    /// What a symbol stands for.
    fn term(&self, symbol: SymRef, host: Option<&dyn Fn(SymRef) -> Option<Value>>, depth: u32) -> Outcome<Value> {
        if depth > MAX_CHAIN {
            return Err("symbol definition loop encountered".into());
        }
        let at = |base, offset| Ok(Value { base, minus: Base::Nothing, offset });
        match self.tables.syms[symbol.index()].place {
            Place::At(piece, mark) => at(Base::Piece(piece), i64::from(self.pieces[piece as usize].code.place(mark))),
            Place::Placed(atom, offset) => at(Base::Atom(atom), i64::from(offset)),
            Place::Value(expr) => self.resolve(expr, host, depth + 1),
            Place::Node(node) => {
                let node = self.tables.nodes[node as usize];
                let left = self.resolve(node.left, host, depth + 1)?;
                let right = self.resolve(node.right, host, depth + 1)?;
                self.operate(node.op, left, right)
            }
            Place::Home(_) => Err("a label stands in a function that was not made".into()),
            Place::Undefined | Place::Common { .. } | Place::Object(_) => match host.and_then(|host| host(symbol)) {
                Some(value) => Ok(value),
                None => at(Base::Symbol(symbol), 0),
            },
        }
    }

    fn operate(&self, op: Op, left: Value, right: Value) -> Outcome<Value> {
        let sum = match op {
            Op::Add => left.plus(right),
            Op::Subtract => left.plus(right.negative()),
            Op::Negative => Some(left.negative()),
            // Places of one section compare as their offsets do.
            Op::Equal | Op::Unequal | Op::Less | Op::LessOrEqual | Op::Greater | Op::GreaterOrEqual
                if left.base == right.base && left.minus == right.minus =>
            {
                crate::expr::calculate(op, left.offset, right.offset).map(Value::number)
            }
            _ => {
                let both = left.constant().zip(right.constant());
                both.and_then(|(a, b)| crate::expr::calculate(op, a, b)).map(Value::number)
            }
        };
        sum.ok_or_else(|| match right.constant() {
            Some(0) if matches!(op, Op::Divide | Op::Modulus) => "division by zero".to_string(),
            _ => "invalid operands in an expression".to_string(),
        })
    }

    /// What an expression stands for.
    pub(crate) fn resolve(
        &self,
        expr: Expr,
        host: Option<&dyn Fn(SymRef) -> Option<Value>>,
        depth: u32,
    ) -> Outcome<Value> {
        let mut sum = Value::number(expr.offset);
        let complex = || "an expression is too complex".to_string();
        if let Some(plus) = expr.plus {
            sum = sum.plus(self.term(plus, host, depth)?).ok_or_else(complex)?;
        }
        if let Some(minus) = expr.minus {
            sum = sum.plus(self.term(minus, host, depth)?.negative()).ok_or_else(complex)?;
        }
        Ok(sum)
    }

    /// Makes a section of the object for every section.
    fn place_sections(&mut self, host: &mut dyn Host, arch: &Arch) -> Layout {
        let mut layout = Layout { atoms: vec![None; self.pieces.len()], cut: Vec::new() };
        let mut ids: Vec<Option<SectionId>> = Vec::new();
        for at in 0..self.sections.len() {
            let piece = self.first_piece(at) as usize;
            let section = &self.sections[at];
            let is_empty = self.pieces[piece].code.settled_len() == 0;
            let is_left_out = *section.name == *ABSOLUTE
                || *section.name == *crate::atoms::NAME && self.has_atoms()
                || !self.is_file && is_empty && section.name.starts_with(b".") && !self.has_labels(piece as u32);
            if is_left_out {
                ids.push(None);
                continue;
            }
            let group = match section.group {
                Some(signature) => self.group(at, signature, host),
                None => GroupId::NONE,
            };
            let section = &self.sections[at];
            let (flags, entry_size, kind) = (section.flags, section.entry_size, section.kind);
            let is_array = matches!(kind, SectionKind::InitArray | SectionKind::FiniArray | SectionKind::PreinitArray);
            let entry_size = if is_array && self.is_file && entry_size == 0 {
                u64::from(arch.layout.pointer.size)
            } else {
                entry_size
            };
            let spec = SectionSpec { name: &section.name, kind, flags, entry_size, group };
            let mut pad = [0];
            if flags.has(SectionFlags::EXEC) {
                (self.syntax.nops())(&mut pad, 0);
            }
            let builder = host.builder();
            let id = if self.is_file { builder.new_section(spec, pad[0]) } else { builder.section(spec, pad[0]) };
            ids.push(Some(id));
            if self.cuts.get(piece).is_some_and(|cuts| !cuts.is_empty()) {
                layout.cut.resize(self.pieces.len(), Vec::new());
                match self.place_cut(host.builder(), piece as u32, (id, kind)) {
                    Ok(made) => {
                        layout.atoms[piece] = made.first().map(|first| first.1);
                        layout.cut[piece] = made;
                    }
                    Err(text) => self.error(text),
                }
                continue;
            }
            let section = &self.sections[at];
            let code = &mut self.pieces[piece].code;
            let atom = if kind == SectionKind::Nobits {
                builder.add_zero_atom(id, section.align, u64::from(code.settled_len()))
            } else {
                let atom = builder.begin_atom(id, section.align);
                code.finish(builder.buffer(id));
                builder.finish_atom(id);
                atom
            };
            layout.atoms[piece] = Some(atom);
            let unreached = self.pieces[piece].code.unreached();
            for (_, displacement) in unreached {
                let text = format!("value of {displacement} too large for field of 1 byte");
                self.error(text);
            }
        }
        for (at, section) in self.sections.iter().enumerate() {
            let Some(link) = section.link else { continue };
            let found = match self.tables.syms[link.index()].place {
                Place::At(piece, _) => Some(self.pieces[piece as usize].section as usize),
                _ => None,
            };
            match (ids[at], found.and_then(|found| ids[found])) {
                (Some(id), Some(to)) => host.builder().set_link_order(id, to),
                _ => {
                    let text = format!("undefined linked-to symbol `{}'", self.tables.shown(link));
                    self.tables.messages.push(crate::symbols::Message {
                        severity: Severity::Error,
                        loc: self.tables.loc,
                        text,
                        calls: Vec::new(),
                    });
                }
            }
        }
        layout
    }

    fn has_labels(&self, piece: u32) -> bool {
        let section = self.pieces[piece as usize].section;
        let own = self.sections.get(section as usize).map(|section| section.symbol);
        self.tables
            .syms
            .iter()
            .enumerate()
            .any(|(idx, sym)| matches!(sym.place, Place::At(of, _) if of == piece) && Some(SymRef::new(idx)) != own)
    }

    /// The group of a section: made with the first section of its signature.
    fn group(&mut self, at: usize, signature: SymRef, host: &mut dyn Host) -> GroupId {
        if let Some(known) = self.groups.iter().find(|known| known.0 == signature) {
            return known.1;
        }
        let comdat = self.sections[at..].iter().any(|section| section.group == Some(signature) && section.comdat);
        self.tables.sym(signature).flags |= SIGNATURE;
        let id = self.object(signature, host);
        let group = host.builder().add_group(id, comdat);
        self.groups.push((signature, group));
        group
    }

    /// Symbols and fields, when every section has its atom.
    fn resolve_all(&mut self, host: &mut dyn Host, arch: &'static Arch, layout: &Layout) {
        let mut pending = Vec::new();
        let placed = std::mem::take(&mut self.tables.placed_fixups);
        for fixup in &placed {
            if let Err(message) = self.fix(fixup, None, host, arch, layout, &mut pending) {
                self.tables.say(Severity::Error, fixup.loc, message);
            }
        }
        let fixups = std::mem::take(&mut self.tables.fixups);
        pending.reserve(fixups.len());
        for fixup in &fixups {
            let (piece, mark) = fixup.at;
            let Some((atom, start)) = self.atom_at(layout, piece, mark, u32::MAX) else { continue };
            let at = self.pieces[piece as usize].code.place(mark) - start;
            let moved = fixup.moved((atom, at));
            if let Err(message) = self.fix(&moved, Some(piece), host, arch, layout, &mut pending) {
                self.tables.say(Severity::Error, fixup.loc, message);
            }
        }
        self.fix_relocs(host, arch, layout, &mut pending);
        for idx in 0..self.tables.syms.len() {
            let symbol = SymRef::new(idx);
            if let Err(message) = self.symbol(symbol, host, layout) {
                let loc = self.tables.sym(symbol).loc;
                self.tables.say(Severity::Error, loc, message);
            }
        }
        let mut nothing = None;
        for reloc in pending {
            let target = match reloc.target {
                Target::Place(atom) => RelocTarget::atom(atom),
                Target::Symbol(symbol) => RelocTarget::symbol(self.object(symbol, host)),
                Target::Nothing => RelocTarget::symbol(
                    *nothing.get_or_insert_with(|| host.builder().add_symbol(b"", Binding::Local, SymbolKind::None)),
                ),
            };
            host.builder().add_reloc(reloc.atom, reloc.offset, reloc.kind, target, reloc.addend);
        }
    }

    /// The atom that a place of a piece lies in, and where in the piece it begins. The line tells at boundaries.
    fn atom_at(&self, layout: &Layout, piece: u32, mark: Mark, line: u32) -> Option<(AtomId, u32)> {
        match layout.cut.get(piece as usize) {
            Some(cut) if !cut.is_empty() => {
                let &(start, atom) = cut.get(self.cut_of(piece, mark, line))?;
                Some((atom, start))
            }
            _ => Some((layout.atoms[piece as usize]?, 0)),
        }
    }

    /// The atom of what an expression adds to, and where in its piece that begins.
    fn atom_of(&self, layout: &Layout, piece: u32, symbol: Option<SymRef>) -> Option<(AtomId, u32)> {
        if layout.cut.is_empty() {
            return Some((layout.atoms[piece as usize]?, 0));
        }
        let mut symbol = symbol;
        for _ in 0..MAX_CHAIN {
            let Some(at) = symbol else { break };
            let sym = &self.tables.syms[at.index()];
            match sym.place {
                Place::At(of, mark) if of == piece => return self.atom_at(layout, piece, mark, sym.loc.line),
                Place::Value(expr) => symbol = expr.plus,
                _ => break,
            }
        }
        self.atom_at(layout, piece, Mark::default(), u32::MAX)
    }

    /// The symbol of the object for `symbol`.
    fn object(&mut self, symbol: SymRef, host: &mut dyn Host) -> SymId {
        let sym = *self.tables.sym(symbol);
        if !sym.object.is_none() {
            return sym.object;
        }
        let name = self.tables.spelling(symbol);
        let known = match sym.place {
            Place::Object(known) => Some(known),
            _ if name.is_empty() => None,
            _ => host.symbol(name),
        };
        let id = known.unwrap_or_else(|| {
            let defined = !matches!(sym.place, Place::Undefined | Place::Common { .. });
            let binding = sym.binding.unwrap_or(if defined { Binding::Local } else { Binding::Global });
            host.builder().add_symbol(name, binding, SymbolKind::None)
        });
        self.tables.sym(symbol).object = id;
        id
    }

    /// What C knows of a symbol that text does not define.
    fn of_host(&mut self, symbol: SymRef, host: &mut dyn Host) -> Option<Value> {
        let known = match self.tables.sym(symbol).place {
            Place::Object(known) => known,
            _ => host.symbol(self.tables.spelling(symbol))?,
        };
        let made = host.builder().symbol(known);
        match made.def {
            SymbolDef::Atom(atom) => {
                Some(Value { base: Base::Atom(atom), minus: Base::Nothing, offset: made.value as i64 })
            }
            _ => None,
        }
    }

    /// The same as [`Assembler::resolve`], with what C defines.
    fn resolve_with(&mut self, expr: Expr, host: &mut dyn Host) -> Outcome<Value> {
        if self.is_file {
            return self.resolve(expr, None, 0);
        }
        let mut value = self.resolve(expr, None, 0)?;
        if let Base::Symbol(symbol) = value.base
            && let Some(known) = self.of_host(symbol, host)
        {
            value.base = Base::Nothing;
            value = value.plus(known).ok_or("an expression is too complex")?;
        }
        if let Base::Symbol(symbol) = value.minus
            && let Some(known) = self.of_host(symbol, host)
        {
            value.minus = Base::Nothing;
            value = value.plus(known.negative()).ok_or("an expression is too complex")?;
        }
        Ok(value)
    }

    /// Gives the object what the text says of a named symbol.
    fn symbol(&mut self, symbol: SymRef, host: &mut dyn Host, layout: &Layout) -> Outcome<()> {
        let sym = *self.tables.sym(symbol);
        let has_flag = |flag: u8| sym.flags & flag != 0;
        if sym.name.is_none() || matches!(sym.place, Place::Object(_) | Place::Home(_) | Place::Node(_)) {
            return Ok(());
        }
        if sym.kind == Some(SymbolKind::Section) && sym.binding == Some(Binding::Local) {
            return Ok(());
        }
        let is_defined = !matches!(sym.place, Place::Undefined);
        let is_external = matches!(sym.binding, Some(Binding::Global | Binding::Weak | Binding::Unique));
        let is_needed = has_flag(NEEDED) || has_flag(SIGNATURE);
        if has_flag(WEAKREF) || has_flag(REMOVED) && !has_flag(VERSION) {
            return Ok(());
        }
        if has_flag(PRIVATE) && is_defined && !is_needed && !is_external && !self.tables.keep_locals {
            return Ok(());
        }
        if !is_defined {
            let is_weak = sym.binding == Some(Binding::Weak);
            let is_renamed = self.renamed(symbol) != symbol;
            let is_wanted = if self.is_file {
                // Text with atoms is a compiler's, whose objects have only what they use.
                !is_renamed && (is_needed || !is_weak && !self.has_atoms())
            } else {
                let declared = sym.binding.is_some()
                    || sym.visibility.is_some()
                    || sym.kind.is_some()
                    || self.tables.extra_of(symbol).is_some_and(|extra| extra.size.is_some());
                let is_known = is_weak || is_needed || host.symbol(self.tables.spelling(symbol)).is_some();
                declared && is_known
            };
            if !is_wanted {
                return Ok(());
            }
        }
        let size = match self.tables.extra_of(symbol).and_then(|extra| extra.size) {
            Some(size) => match self.resolve_with(size, host)?.constant() {
                Some(size) => Some(size),
                None => {
                    let name = self.tables.shown(symbol);
                    return Err(format!(".size expression for {name} does not evaluate to a constant"));
                }
            },
            None => None,
        };
        let def = match sym.place {
            Place::Value(expr) => {
                let value = self.resolve_with(expr, host)?;
                match (value.base, value.minus) {
                    (Base::Nothing, Base::Nothing) => Some((SymbolDef::Absolute, value.offset as u64)),
                    (Base::Piece(piece), Base::Nothing) => match self.atom_of(layout, piece, expr.plus) {
                        Some((atom, start)) => {
                            Some((SymbolDef::Atom(atom), value.offset.wrapping_sub(i64::from(start)) as u64))
                        }
                        None => return Ok(()),
                    },
                    (Base::Atom(atom), Base::Nothing) => Some((SymbolDef::Atom(atom), value.offset as u64)),
                    (Base::Symbol(to), Base::Nothing) if value.offset == 0 && has_flag(VERSION) => {
                        return self.versioned(symbol, to, host);
                    }
                    // What is equal to a symbol of elsewhere is that symbol.
                    (Base::Symbol(_), Base::Nothing) => return Ok(()),
                    _ => {
                        let name = self.tables.shown(symbol);
                        return Err(format!("can't resolve the value of `{name}'"));
                    }
                }
            }
            Place::At(piece, mark) => {
                let Some((atom, start)) = self.atom_at(layout, piece, mark, sym.loc.line) else { return Ok(()) };
                Some((SymbolDef::Atom(atom), u64::from(self.pieces[piece as usize].code.place(mark) - start)))
            }
            Place::Placed(atom, at) => Some((SymbolDef::Atom(atom), u64::from(at))),
            Place::Common { align, .. } => Some((SymbolDef::Common, u64::from(align))),
            _ => None,
        };
        let is_number = matches!(def, Some((SymbolDef::Absolute, _)));
        if self.options.strip_local_absolute && is_number && !is_external && !is_needed {
            return Ok(());
        }
        let id = self.object(symbol, host);
        let before = *host.builder().symbol(id);
        if is_defined && before.def != SymbolDef::Undefined {
            // A definition in C comes later and wins over `.set`.
            if matches!(sym.place, Place::Value(_)) {
                return Ok(());
            }
            return Err(format!("symbol `{}' is already defined", self.tables.shown(symbol)));
        }
        // What a version stands for says what it is.
        let source = match sym.place {
            Place::Value(Expr { plus: Some(of), minus: None, offset: 0, .. }) => Some(of),
            _ => None,
        };
        let said = if has_flag(VERSION) { source.map(|of| *self.tables.sym(of)) } else { None };
        let kind = sym.kind.or(said.and_then(|said| said.kind)).or_else(|| {
            // An alias of what C defines.
            let of = source.filter(|_| !self.is_file)?;
            let known = host.symbol(self.tables.spelling(of))?;
            Some(host.builder().symbol(known).kind)
        });
        let alias_size = source.and_then(|of| {
            if self.is_file && !has_flag(VERSION) {
                return None;
            }
            let own = self.tables.extra_of(of).and_then(|extra| extra.size);
            match own {
                Some(size) => self.resolve(size, None, 0).ok()?.constant(),
                None => host.symbol(self.tables.spelling(of)).map(|known| host.builder().symbol(known).size as i64),
            }
        });
        let version_of = source.filter(|_| has_flag(VERSION) && !self.is_file).and_then(|of| {
            let known = host.symbol(self.tables.spelling(of))?;
            Some(*host.builder().symbol(known))
        });
        let is_signature = has_flag(SIGNATURE) && !is_defined && !has_flag(NEEDED) && sym.binding.is_none();
        let made = host.builder().symbol_mut(id);
        if let Some((def, value)) = def {
            (made.def, made.value) = (def, value);
        }
        if is_signature && self.is_file {
            // Local, in the group itself.
            (made.def, made.binding) = (SymbolDef::Absolute, Binding::Local);
            return Ok(());
        }
        if let Place::Common { size, .. } = sym.place {
            (made.size, made.kind) = (size, SymbolKind::Object);
        }
        if let Some(kind) = kind {
            made.kind = kind;
        }
        if let Some(size) = size.or(alias_size) {
            made.size = size as u64;
        }
        if let Some(visibility) = sym.visibility.or(said.and_then(|said| said.visibility)) {
            made.visibility = visibility;
        }
        let known_binding = version_of.map(|known| known.binding);
        if let Some(known) = version_of {
            made.visibility = known.visibility;
        }
        if let Some(binding) = sym.binding.or(said.and_then(|said| said.binding)).or(known_binding) {
            made.binding = binding;
        } else if is_defined && !matches!(sym.place, Place::Common { .. }) {
            made.binding = Binding::Local;
        }
        if let Some(binding) = self.weak_through_alias(symbol) {
            host.builder().symbol_mut(id).binding = binding;
        }
        self.tls_symbol(symbol, id, host);
        Ok(())
    }

    /// A symbol in a section of thread-local data is thread-local, whatever was said.
    fn tls_symbol(&mut self, symbol: SymRef, id: SymId, host: &mut dyn Host) {
        if let Place::At(piece, _) = self.tables.sym(symbol).place {
            let section = self.pieces[piece as usize].section as usize;
            let is_tls = self.sections.get(section).is_some_and(|section| section.flags.has(SectionFlags::TLS));
            let made = host.builder().symbol_mut(id);
            if is_tls && matches!(made.kind, SymbolKind::None | SymbolKind::Object) {
                made.kind = SymbolKind::Tls;
            }
        }
    }

    /// A symbol that is not defined and only `.weakref` refers to is weak.
    fn weak_through_alias(&self, symbol: SymRef) -> Option<Binding> {
        let sym = &self.tables.syms[symbol.index()];
        if sym.place != Place::Undefined || sym.flags & USED != 0 || sym.binding.is_some() {
            return None;
        }
        let is_alias = |alias: &crate::symbols::Sym| {
            alias.flags & WEAKREF != 0 && matches!(alias.place, Place::Value(expr) if expr.plus == Some(symbol))
        };
        self.tables.syms.iter().any(is_alias).then_some(Binding::Weak)
    }

    /// A version of what is not defined here takes its place.
    fn versioned(&mut self, symbol: SymRef, of: SymRef, host: &mut dyn Host) -> Outcome<()> {
        let name = self.tables.spelling(symbol).to_vec();
        if name.windows(2).any(|pair| pair == b"@@") && !name.windows(3).any(|three| three == b"@@@") {
            let shown = String::from_utf8_lossy(&name).into_owned();
            return Err(format!("invalid attempt to declare external version name as default in symbol `{shown}'"));
        }
        let id = self.object(symbol, host);
        let said = *self.tables.sym(of);
        let made = host.builder().symbol_mut(id);
        made.binding = said.binding.unwrap_or(Binding::Global);
        if let Some(kind) = said.kind {
            made.kind = kind;
        }
        Ok(())
    }

    /// Follows `.set` to the symbol that a relocation is to name.
    fn named_target(&self, mut expr: Expr) -> Expr {
        for _ in 0..MAX_CHAIN {
            let Some(plus) = expr.plus else { break };
            let sym = &self.tables.syms[plus.index()];
            let Place::Value(inner) = sym.place else { break };
            if expr.minus.is_some() && inner.minus.is_some() {
                break;
            }
            // Known by its own name, if it is a place here.
            let is_place = |value: Value| matches!(value.base, Base::Piece(_) | Base::Atom(_));
            if self.resolve(inner, None, 0).is_ok_and(is_place) {
                break;
            }
            expr = Expr {
                plus: inner.plus,
                minus: expr.minus.or(inner.minus),
                offset: expr.offset.wrapping_add(inner.offset),
                modifier: expr.modifier.max(inner.modifier),
            };
        }
        expr
    }

    /// A version that stands in place of a symbol's own name.
    fn renamed(&self, symbol: SymRef) -> SymRef {
        let sym = &self.tables.syms[symbol.index()];
        if sym.extra == 0 {
            return symbol;
        }
        let is_removed = sym.flags & REMOVED != 0 || sym.place == Place::Undefined;
        let version = self.tables.extra_of(symbol).and_then(|extra| extra.versions.first().copied());
        version.filter(|_| is_removed).unwrap_or(symbol)
    }

    fn fix(
        &mut self,
        fixup: &Fixup<(AtomId, u32)>,
        piece: Option<u32>,
        host: &mut dyn Host,
        arch: &'static Arch,
        layout: &Layout,
        pending: &mut Vec<Pending>,
    ) -> Outcome<()> {
        let (atom, at) = fixup.at;
        let expr = if fixup.expr.plus.is_some() { self.named_target(fixup.expr) } else { fixup.expr };
        let own = piece.map_or(Base::Atom(atom), Base::Piece);
        let mut value = self.resolve_with(expr, host)?;
        let mut kind = match fixup.field {
            Field::Kind(kind) | Field::Always(kind) => Some(kind),
            Field::Data(size) if expr.modifier != 0 => {
                let name = self.tables.modifier_name(&expr);
                let kind = self.syntax.modified_reloc(name, size);
                Some(kind.ok_or_else(|| format!("‘@{name}’ is not known here"))?)
            }
            Field::Data(_) => None,
        };
        if let Some(number) = value.constant().filter(|_| !matches!(fixup.field, Field::Always(_))) {
            return match (kind, fixup.field) {
                // What an entry of the table holds is the symbol's business.
                (Some(kind), _) if arch.reloc(kind).formula == Formula::GotPcRel && expr.plus.is_some() => {
                    let Some(symbol) = expr.plus else { return Ok(()) };
                    let own = self.resolve_with(Expr::symbol(symbol), host)?.offset;
                    self.tables.sym(symbol).flags |= NEEDED;
                    let addend = number.wrapping_sub(own);
                    pending.push(Pending { atom, offset: at, kind, target: Target::Symbol(symbol), addend });
                    Ok(())
                }
                (Some(kind), _) if is_relative(arch, kind) => {
                    pending.push(Pending { atom, offset: at, kind, target: Target::Nothing, addend: number });
                    Ok(())
                }
                (Some(kind), _) => store(atom, at, kind, number, host, arch),
                (None, Field::Data(size)) => self.store_data(atom, at, size, number, host),
                _ => unreachable!("such a field has a kind"),
            };
        }
        // A distance to the field itself is what the linker can express.
        let mut is_relative_data = false;
        if value.minus != Base::Nothing {
            let minus = expr.minus.and_then(|minus| self.term(minus, None, 0).ok());
            let same = value.minus == own || minus.is_some_and(|minus| minus.base == own);
            if !same || value.base == Base::Nothing || kind.is_some_and(|kind| !is_relative(arch, kind)) {
                return Err(self.unresolved(fixup.expr));
            }
            value.minus = Base::Nothing;
            let start = match piece {
                Some(piece) => layout.cut.get(piece as usize).and_then(|cut| cut.iter().find(|cut| cut.1 == atom)),
                None => None,
            };
            let start = start.map_or(0, |start| start.0);
            value.offset = value.offset.wrapping_add(i64::from(at) + i64::from(start));
            is_relative_data = true;
        }
        if kind.is_none()
            && let Field::Data(size) = fixup.field
        {
            kind = self.syntax.data_reloc(size, is_relative_data);
        }
        let Some(mut kind) = kind else { return Err("cannot represent relocation type for this size".into()) };
        let Some(symbol) = expr.plus.map(|plus| self.renamed(plus)) else {
            if value.base == Base::Nothing {
                pending.push(Pending { atom, offset: at, kind, target: Target::Nothing, addend: value.offset });
                return Ok(());
            }
            return Err(self.unresolved(fixup.expr));
        };
        let formula = arch.reloc(kind).formula;
        let sym = *self.tables.sym(symbol);
        let is_external = matches!(sym.binding, Some(Binding::Global | Binding::Weak | Binding::Unique))
            || !self.is_file && self.is_external_in_c(symbol, host);
        let is_name = !layout.cut.is_empty() && !sym.name.is_none() && sym.flags & PRIVATE == 0;
        let is_name = is_name && sym.kind != Some(SymbolKind::Section);
        let stays =
            is_external || is_name || sym.kind == Some(SymbolKind::IFunc) || matches!(fixup.field, Field::Always(_));
        let place = match value.base {
            Base::Piece(piece) => self
                .atom_of(layout, piece, Some(symbol))
                .map(|(found, start)| (found, value.offset.wrapping_sub(i64::from(start)))),
            Base::Atom(found) => Some((found, value.offset)),
            _ => None,
        };
        if let (Formula::Size, Some(_), false) = (formula, place, is_external)
            && let Some(size) = self.tables.extra_of(symbol).and_then(|extra| extra.size)
            && let Some(size) = self.resolve_with(size, host)?.constant()
        {
            return store(atom, at, kind, size.wrapping_add(expr.offset), host, arch);
        }
        let is_branch = matches!(formula, Formula::PcRel | Formula::PltPcRel);
        if let (Some((to, offset)), false) = (place, stays) {
            if to == atom && is_branch {
                return store(atom, at, kind, offset.wrapping_sub(i64::from(at)), host, arch);
            }
            // Text with atoms keeps the mark of a branch, as code generation writes it.
            if formula == Formula::PltPcRel && !self.has_atoms() {
                kind = arch.common.pc32;
            }
            let (merges, is_tls) = self.flags_of(value.base);
            let keeps_symbol = is_tls || merges && (is_branch || expr.offset != 0 || is_relative_data);
            let is_named = !sym.name.is_none() && !matches!(sym.kind, Some(SymbolKind::Section));
            if (is_branch || formula == Formula::Abs) && !(keeps_symbol && is_named) {
                pending.push(Pending { atom, offset: at, kind, target: Target::Place(to), addend: offset });
                return Ok(());
            }
        }
        let addend = match place {
            // The symbol is kept: what is beyond it is added.
            Some(_) => {
                let term = self.resolve_with(Expr::symbol(symbol), host)?;
                value.offset.wrapping_sub(term.offset)
            }
            None => value.offset,
        };
        if place.is_none() && !sym.name.is_none() {
            kind = self.syntax.named_reloc(self.tables.spelling(symbol), kind);
        }
        if sym.name.is_none() && sym.place != Place::Undefined && !matches!(sym.place, Place::Object(_)) {
            // A local label that only the linker can follow.
            if let Some((to, offset)) = place {
                let id = self.object(symbol, host);
                host.builder().define(id, to, offset.wrapping_sub(addend) as u64, 0);
            }
        } else if sym.name.is_none() && sym.place == Place::Undefined {
            return Err("a local label is not defined".into());
        }
        let target = match value.base {
            // Equal to a symbol of elsewhere.
            Base::Symbol(other) if place.is_none() => self.renamed(other),
            _ => symbol,
        };
        self.tables.sym(target).flags |= NEEDED;
        pending.push(Pending { atom, offset: at, kind, target: Target::Symbol(target), addend });
        Ok(())
    }

    /// C gave the symbol a binding that others see.
    fn is_external_in_c(&mut self, symbol: SymRef, host: &mut dyn Host) -> bool {
        if matches!(self.tables.sym(symbol).place, Place::At(..) | Place::Placed(..) | Place::Value(_)) {
            return false;
        }
        let id = self.object(symbol, host);
        host.builder().symbol(id).binding != Binding::Local || !self.tables.spelling(symbol).is_empty()
    }

    /// Whether a place lies in mergeable, in thread-local data.
    fn flags_of(&self, base: Base) -> (bool, bool) {
        let Base::Piece(piece) = base else { return (false, false) };
        let section = self.pieces[piece as usize].section;
        debug_assert_ne!(section, NOWHERE);
        match self.sections.get(section as usize) {
            Some(section) => (section.flags.has(SectionFlags::MERGE), false),
            None => (false, false),
        }
    }

    fn unresolved(&self, expr: Expr) -> String {
        let shown = |symbol: Option<SymRef>| match symbol {
            Some(symbol) if self.tables.syms[symbol.index()].name.is_none() => match self.term(symbol, None, 0) {
                Ok(Value { base: Base::Piece(piece), .. }) => {
                    let section = self.pieces[piece as usize].section as usize;
                    self.sections
                        .get(section)
                        .map_or(String::new(), |section| String::from_utf8_lossy(&section.name).into_owned())
                }
                _ => "0".into(),
            },
            Some(symbol) => self.tables.shown(symbol),
            None => "0".into(),
        };
        format!("can't resolve {} - {}", shown(expr.plus), shown(expr.minus))
    }

    fn store_data(&mut self, atom: AtomId, at: u32, size: u8, value: i64, host: &mut dyn Host) -> Outcome<()> {
        let n = usize::from(size);
        let fits = n >= 8 || value >> (8 * n) == 0 || value.wrapping_neg() >> (8 * n) == 0;
        if !fits {
            return Err(format!("value of {value} too large for field of {n} bytes at {at:#018x}"));
        }
        let bytes = host.builder().atom_bytes_mut(atom);
        match bytes.get_mut(at as usize..at as usize + n) {
            Some(field) => field.copy_from_slice(&value.to_le_bytes()[..n]),
            None => return Err(self.no_bytes()),
        }
        Ok(())
    }

    /// `.reloc`
    fn fix_relocs(&mut self, host: &mut dyn Host, arch: &'static Arch, layout: &Layout, pending: &mut Vec<Pending>) {
        for reloc in std::mem::take(&mut self.relocs) {
            let result = self.fix_reloc(&reloc, host, arch, layout, pending);
            if let Err(message) = result {
                self.tables.say(Severity::Error, reloc.loc, message);
            }
        }
    }

    fn fix_reloc(
        &mut self,
        reloc: &crate::misc::Reloc,
        host: &mut dyn Host,
        arch: &'static Arch,
        layout: &Layout,
        pending: &mut Vec<Pending>,
    ) -> Outcome<()> {
        // BFD's own names stand for data of that size.
        let by_bfd = match &*reloc.name {
            "BFD_RELOC_NONE" => Some(arch.common.none),
            "BFD_RELOC_8" => self.syntax.data_reloc(1, false),
            "BFD_RELOC_16" => self.syntax.data_reloc(2, false),
            "BFD_RELOC_32" => self.syntax.data_reloc(4, false),
            "BFD_RELOC_64" => self.syntax.data_reloc(8, false),
            _ => None,
        };
        let by_name = || {
            let at = arch.relocs.iter().position(|row| row.name.eq_ignore_ascii_case(&reloc.name))?;
            Some(RelocKind(at as u16))
        };
        let kind = by_bfd.or_else(by_name);
        let kind = kind.ok_or_else(|| format!("unrecognized reloc type: \"{}\"", reloc.name))?;
        let value = self.resolve_with(reloc.offset, host)?;
        let (piece, offset) = match (value.base, value.minus) {
            (Base::Nothing, Base::Nothing) => (reloc.piece, value.offset),
            (Base::Piece(piece), Base::Nothing) => (piece, value.offset),
            _ => return Err("<local label> not in any section".into()),
        };
        let (Some(atom), Ok(offset)) = (layout.atoms[piece as usize], u32::try_from(offset)) else {
            return Err("bad reloc offset".into());
        };
        let fixup = Fixup { at: (atom, offset), field: Field::Always(kind), expr: reloc.value, loc: reloc.loc };
        if reloc.value.constant().is_some() {
            let addend = reloc.value.offset;
            pending.push(Pending { atom, offset, kind, target: Target::Nothing, addend });
            return Ok(());
        }
        self.fix(&fixup, Some(piece), host, arch, layout, pending)
    }
}

fn is_relative(arch: &Arch, kind: RelocKind) -> bool {
    matches!(arch.reloc(kind).formula, Formula::PcRel | Formula::PltPcRel | Formula::GotPcRel | Formula::GotBasePcRel)
}

fn store(atom: AtomId, at: u32, kind: RelocKind, value: i64, host: &mut dyn Host, arch: &Arch) -> Outcome<()> {
    let row = arch.reloc(kind);
    if !row.range.fits(value) {
        return Err(format!("value of {value} too large for field of {} bytes at {at:#018x}", row.size));
    }
    let bytes = host.builder().atom_bytes_mut(atom);
    match bytes.get_mut(at as usize..at as usize + usize::from(row.size)) {
        Some(field) => (row.encode)(field, value as u64),
        None => return Err("a value in a section without bytes".into()),
    }
    Ok(())
}
