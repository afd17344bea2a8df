//! Lengths: subsections follow each other, branches learn where they go, and every place of every section is decided as GNU as
//! decides it (decision 0049). The code of a function that holds assembly is settled here too.

use super::MAX_CHAIN;
use super::value::Base;
use crate::data::{Ask, encode_leb128};
use crate::expr::Expr;
use crate::section_directive::{ABSOLUTE, settle_absolute};
use crate::symbols::{Field, Fixup, HOME, Loc, PRIVATE, Place, Severity, SymRef, USED, WEAKREF};
use crate::syntax::MODIFIED;
use crate::unit::Assembler;
use base::Id;
use mc::CodeBuffer;
use mc::buffer::Mark;
use mc::relax::{Fill, Spot, SpotKind};
use obj::{Binding, SectionFlags, SymbolKind, Visibility};

/// Beyond a label, in bytes: farther places are no places of a piece.
const MAX_OFFSET: u64 = 1 << 30;

/// Passes over spots whose lengths depend on each other.
const MAX_ROUNDS: u32 = 200;

impl Assembler {
    /// Beyond this point every place of every section is known.
    pub(super) fn settle(&mut self) {
        let (mode, syntax) = (self.mode, self.syntax);
        if syntax.changes_nops(mode, &self.keep) {
            for piece in &mut self.pieces {
                piece.code.restyle(|style| syntax.final_nop_style(style, mode, &self.keep));
            }
        }
        let is_absolute = |section: &crate::sections::Section| *section.name == *ABSOLUTE;
        let of_numbers = self.sections.iter().filter(|section| is_absolute(section));
        let pieces: Vec<u32> = of_numbers.flat_map(|section| section.pieces.iter().map(|piece| piece.1)).collect();
        if !pieces.is_empty() {
            pieces.iter().for_each(|&piece| self.aim(piece));
            self.relax(pieces);
            settle_absolute(self);
        }
        self.fill_entries();
        self.chain_subsections();
        if self.has_atoms() {
            self.cut();
        }
        let others = (0..self.sections.len()).filter(|&at| !is_absolute(&self.sections[at]));
        let pieces: Vec<u32> = others.map(|at| self.first_piece(at)).collect();
        pieces.iter().for_each(|&piece| self.aim(piece));
        self.relax(pieces);
    }

    pub(crate) fn first_piece(&self, section: usize) -> u32 {
        self.sections[section].pieces[0].1
    }

    /// Sections of entries of one size go on to a multiple of the power of two in that size, each subsection for itself. That
    /// asks for no alignment.
    fn fill_entries(&mut self) {
        if !self.is_file || self.has_atoms() {
            return;
        }
        for section in &self.sections {
            let has_entries = section.flags.has(SectionFlags::MERGE) || section.flags.has(SectionFlags::STRINGS);
            let log = section.entry_size.trailing_zeros();
            if !has_entries || section.entry_size == 0 || log == 0 || log > 31 {
                continue;
            }
            for &(_, piece) in &section.pieces {
                let code = &mut self.pieces[piece as usize].code;
                if !code.is_empty() {
                    let kind = SpotKind::Align { align: 1 << log, max: u32::MAX };
                    code.spot(Spot { kind, fill: Fill::Pattern([0; 8], 1), len: 0, want: 0 });
                }
            }
        }
    }

    /// Subsections follow each other by number.
    fn chain_subsections(&mut self) {
        if self.sections.iter().all(|section| section.pieces.len() == 1) {
            return;
        }
        let mut moved: Vec<Option<(u32, Mark)>> = vec![None; self.pieces.len()];
        let mut numbers = vec![(0, 0); self.pieces.len()];
        for (at, section) in self.sections.iter().enumerate() {
            for &(number, piece) in &section.pieces {
                numbers[piece as usize] = (at as u32, number);
            }
        }
        self.lines.order(|piece| numbers[piece as usize]);
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
        if let Some(recorder) = &mut self.recorder {
            recorder.rebase(rebase);
        }
    }

    /// Where a branch of `piece` to `number` goes, if that is certain.
    fn goal(&self, (piece, from): (u32, Mark), number: u32, is_jump: bool, is_short: bool) -> Option<Mark> {
        let mut symbol = SymRef::of_number(number & !MODIFIED)?;
        let mut sym = &self.tables.syms[symbol.index()];
        // What is bound to it is bound to what `.weakref` names.
        if sym.flags & WEAKREF != 0
            && let Place::Value(Expr { plus: Some(of), minus: None, offset: 0, .. }) = sym.place
        {
            (symbol, sym) = (of, &self.tables.syms[of.index()]);
        }
        // Of a call beyond a symbol that symbol's counts.
        let of = match sym.place {
            Place::Value(Expr { plus: Some(of), .. }) if !is_jump && sym.name.is_none() => {
                &self.tables.syms[of.index()]
            }
            _ => sym,
        };
        let may_change = match of.binding {
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
                // So far no branch reaches; the relocation tells.
                Place::At(..) if offset.unsigned_abs() > MAX_OFFSET => return None,
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
    pub(super) fn aim(&mut self, piece: u32) {
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
            let mut expr = Expr { offset: reloc.addend, ..Expr::symbol(symbol) };
            // A place beyond a symbol is a nameless one of this statement.
            let sym = self.tables.syms[symbol.index()];
            let loc = if sym.name.is_none() { sym.loc } else { self.tables.loc };
            let is_beyond = sym.name.is_none() && far.target & MODIFIED == 0;
            let kind = match sym.place {
                Place::Value(of @ Expr { plus: Some(_), .. }) if is_beyond => {
                    expr = Expr { offset: of.offset.wrapping_add(reloc.addend), ..of };
                    reloc.beyond
                }
                _ => reloc.kind,
            };
            self.tables.fixups.push(Fixup { at: (piece, at), field: Field::Kind(kind), expr, loc });
        }
        self.pieces[piece as usize].code = code;
    }

    /// Decides what only depends on places of its own piece; true when something changed.
    fn settle_branches(&mut self, pieces: &[u32]) -> bool {
        let mut changed = false;
        for &piece in pieces {
            for _ in 0..100_000 {
                if !self.pieces[piece as usize].code.settle() {
                    break;
                }
                changed = true;
            }
        }
        changed
    }

    /// Decides every length.
    pub(super) fn relax(&mut self, pieces: Vec<u32>) {
        let mut is_settled = self.asked.is_empty();
        // They come first, when nothing elsewhere has a place.
        let are_numbers = pieces.first().is_some_and(|&piece| self.is_absolute(piece));
        for round in 0..MAX_ROUNDS {
            let changed = self.settle_branches(&pieces);
            if self.asked.is_empty() {
                break;
            }
            if !are_numbers {
                self.number_views();
            }
            let asks = self.ask_again(&pieces, round);
            if !asks && !changed {
                is_settled = true;
                break;
            }
        }
        if !is_settled {
            self.error("sizes that depend on each other do not settle".into());
        }
        if !are_numbers {
            self.number_views();
            self.check_views();
        }
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
                Ask::Nops(_) => (value.clamp(0, 1 << 30), None),
                Ask::Times(size) => (value.clamp(0, 1 << 30).saturating_mul(i64::from(size)).min(1 << 30), None),
                Ask::Org => (value.clamp(0, i64::from(u32::MAX / 2)), None),
                Ask::Unsigned | Ask::Signed => {
                    let (bytes, len) = encode_leb128(value, what == Ask::Signed);
                    (len as i64, Some((bytes, len)))
                }
                Ask::Advance => {
                    let (bytes, len) = crate::frame_text::encode_advance(value);
                    (len as i64, Some((bytes, len)))
                }
            };
            let spot = self.pieces[piece as usize].code.spot_mut(spot);
            let mut want = want as u32;
            if let Some((mut bytes, len)) = bytes {
                // What goes back and forth stays long, with bytes that say nothing.
                if round > 20 && (want as usize) < spot.len as usize {
                    let n = (spot.len as usize).min(15);
                    // Behind an advance stand instructions that do nothing.
                    if what != Ask::Advance {
                        let (more, end) = if what == Ask::Signed && value < 0 { (0xff, 0x7f) } else { (0x80, 0) };
                        bytes[len - 1] |= 0x80;
                        bytes[len..n].fill(more);
                        bytes[n - 1] = end;
                    }
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
    pub(super) fn asked_value(&self, at: usize) -> Option<i64> {
        let asked = &self.asked[at];
        let value = self.resolve(asked.expr, None, 0).ok()?;
        match (asked.what, value.base, value.minus) {
            (_, Base::Nothing, Base::Nothing) => Some(value.offset),
            (Ask::Org, Base::Piece(piece), Base::Nothing) if piece == asked.piece => Some(value.offset),
            _ => None,
        }
    }

    /// Tells of lengths that cannot be.
    fn check_asked(&mut self, pieces: &[u32]) {
        let n_messages = self.tables.messages.len();
        self.tell_of_asked(pieces);
        if self.tables.messages.len() != n_messages {
            self.settle_branches(pieces);
        }
    }

    fn tell_of_asked(&mut self, pieces: &[u32]) {
        for at in 0..self.asked.len() {
            let (piece, what, loc) = (self.asked[at].piece, self.asked[at].what, self.asked[at].loc);
            if !pieces.contains(&piece) {
                continue;
            }
            let (severity, text) = match (self.asked_value(at), what) {
                (None, Ask::Times(_)) if self.is_absolute(piece) => {
                    (Severity::Error, "space allocation too complex in absolute section")
                }
                (None, Ask::Times(_) | Ask::Nops(_)) => (Severity::Error, ".space specifies non-absolute value"),
                (None, Ask::Org) => (Severity::Error, "only constant offsets supported in absolute section"),
                (None, Ask::Advance) => (Severity::Error, "a frame advances by what is not a number"),
                (None, _) => (Severity::Error, "leb128 operand is an undefined symbol or not a number"),
                (Some(value), Ask::Times(_) | Ask::Nops(_)) if value < 0 => {
                    (Severity::Warning, ".space, .nops or .fill with negative value, ignored")
                }
                (Some(value), Ask::Times(_) | Ask::Nops(_) | Ask::Org)
                    if value > 1 << 28 && !self.pieces[piece as usize].is_nobits =>
                {
                    // None are made: nobody waits for what is thrown away.
                    let spot = self.asked[at].spot;
                    self.pieces[piece as usize].code.spot_mut(spot).want = 0;
                    (Severity::Error, "too many bytes are asked for")
                }
                _ => continue,
            };
            self.tables.say(severity, loc, text.into());
        }
        self.check_nops(pieces);
        for &piece in pieces {
            let code = &self.pieces[piece as usize].code;
            if code.has_huge_spots()
                && let Some(asked) = self.asked.iter().find(|asked| asked.piece == piece && asked.what == Ask::Org)
            {
                let text = "a section is too large for ‘.org’".to_string();
                self.tables.say(Severity::Error, asked.loc, text);
            } else if let Some(spot) = code.backward() {
                let asked = self.asked.iter().find(|asked| asked.piece == piece && asked.spot == spot);
                let loc = asked.map_or(self.tables.loc, |asked| asked.loc);
                self.tables.say(Severity::Error, loc, "attempt to move .org backwards".into());
            }
        }
    }

    /// No instruction that does nothing is longer than the architecture has them.
    fn check_nops(&mut self, pieces: &[u32]) {
        for at in 0..self.asked.len() {
            let (piece, spot, loc) = (self.asked[at].piece, self.asked[at].spot, self.asked[at].loc);
            let Ask::Nops(control) = self.asked[at].what else { continue };
            if !pieces.contains(&piece) {
                continue;
            }
            let Fill::Code(_, style) = self.pieces[piece as usize].code.spot_mut(spot).fill else { continue };
            let longest = self.syntax.longest_nop(style);
            if control > longest {
                let text = format!("invalid single nop size: {control} (expect within [0, {longest}])");
                self.tables.say(Severity::Error, loc, text);
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
}
