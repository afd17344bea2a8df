//! Lengths in code that assembly text wrote: branches whose targets are known by other names than labels, alignments with a
//! limit, `.org`, and spots whose length depends on expressions.
//!
//! The result is to be GNU as's, also where alignments make more than one result consistent, so the way there is the
//! same (`relax_segment` in its `write.c`): everything short at first, then passes in order of address, in which what was
//! not reached yet counts as moved by as much as the current place, unless an alignment lies between.

use crate::buffer::{CHUNK, CodeBuffer, Flex, Mark, RESERVED, SPOT, copy_chunks};
use std::ops::Range;

/// What stands in a gap: the filler is given the bytes of the whole gap and how they are to be filled: the low four bits are the most
/// bytes of one instruction, 0 for as many as there are; the others are the architecture's own, 0 for what is usual.
pub type Filler = fn(&mut [u8], u8);

/// What a spot of no certain length is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpotKind {
    /// Has its length.
    Fixed,
    /// Reaches the next multiple of `align`, a power of two, unless that takes more than `max` bytes.
    Align { align: u32, max: u32 },
    /// Reaches the offset that its owner asks for.
    Org,
    /// As long as its owner asks for.
    Asked,
}

/// What is written into a spot.
#[derive(Clone, Copy, Debug)]
pub enum Fill {
    /// The first bytes, as many as the second says, again and again.
    Pattern([u8; 8], u8),
    /// Instructions that do nothing, and what the filler is told.
    Code(Filler, u8),
    /// Bytes known at the end.
    Bytes([u8; 16]),
}

/// A spot that takes no bytes of the buffer until its length is settled.
#[derive(Clone, Copy, Debug)]
pub struct Spot {
    pub kind: SpotKind,
    pub fill: Fill,
    /// In bytes, as far as is known.
    pub len: u32,
    /// Length or offset that the owner asks for.
    pub want: u32,
}

/// A branch that leaves the code: its field is to be relocated.
#[derive(Clone, Copy, Debug)]
pub struct FarBranch {
    /// Start of the instruction, which has the long form.
    pub at: Mark,
    pub row: u8,
    pub target: u32,
}

/// Flexible places that are looked at together or not at all.
const BLOCK: usize = 16;

impl CodeBuffer {
    /// A spot at the current place; its number.
    pub fn spot(&mut self, spot: Spot) -> u32 {
        let target = self.spots.len() as u32;
        self.spots.push(spot);
        self.flex.push(Flex { at: self.pos, target, row: SPOT, aux: 0, long_len: 0, len: 0 });
        target
    }

    /// A spot that takes `more` bytes beyond its length, which only the wide places tell of. They are to be a multiple of every
    /// alignment of the code.
    pub fn huge_spot(&mut self, spot: Spot, more: u64) {
        let sum = self.beyond(self.flex.len() as u32).wrapping_add(more);
        self.huge.push((self.flex.len() as u32, sum));
        self.spot(spot);
    }

    /// Bytes before a flexible place that only the wide places tell of.
    fn beyond(&self, n_flex: u32) -> u64 {
        if self.huge.is_empty() {
            return 0;
        }
        let at = self.huge.partition_point(|huge| huge.0 < n_flex);
        at.checked_sub(1).map_or(0, |last| self.huge[last].1)
    }

    pub fn has_huge_spots(&self) -> bool {
        !self.huge.is_empty()
    }

    /// [`CodeBuffer::place`] where spots may be [huge](CodeBuffer::huge_spot).
    #[inline]
    pub fn wide_place(&self, mark: Mark) -> u64 {
        u64::from(self.place(mark)).wrapping_add(self.beyond(mark.n_flex))
    }

    /// [`CodeBuffer::settled_len`] where spots may be [huge](CodeBuffer::huge_spot).
    pub fn wide_len(&self) -> u64 {
        u64::from(self.settled_len()).wrapping_add(self.beyond(u32::MAX))
    }

    pub fn spot_mut(&mut self, spot: u32) -> &mut Spot {
        self.is_calm = false;
        &mut self.spots[spot as usize]
    }

    /// Changes what fillers are told.
    pub fn restyle(&mut self, style: impl Fn(u8) -> u8) {
        for spot in &mut self.spots {
            if let Fill::Code(_, told) = &mut spot.fill {
                *told = style(*told);
            }
        }
    }

    /// Some branch since `start` has more than one form.
    pub fn relaxes_since(&self, start: Mark) -> bool {
        let rows = self.branch_rows;
        let relaxes = |row: &crate::buffer::BranchRow| row.long_len != row.short_len;
        self.flex[start.n_flex as usize..].iter().any(|flex| rows.get(flex.row as usize).is_some_and(relaxes))
    }

    /// The place `len` bytes before the end, which were written since the last branch or spot.
    pub fn mark_back(&self, len: usize) -> Mark {
        Mark { offset: self.pos.wrapping_sub(len as u32), n_flex: self.flex.len() as u32 }
    }

    /// Bytes from one place to another, when everything between them has its length.
    pub fn distance(&self, from: Mark, to: Mark) -> Option<i64> {
        let plain = i64::from(to.offset) - i64::from(from.offset);
        if from.n_flex == to.n_flex {
            return Some(plain);
        }
        let (low, high) = (from.n_flex.min(to.n_flex), from.n_flex.max(to.n_flex));
        let mut between = self.beyond(high).wrapping_sub(self.beyond(low)) as i64;
        for flex in &self.flex[low as usize..high as usize] {
            match self.spots.get(flex.target as usize) {
                Some(spot) if flex.row == SPOT && spot.kind == SpotKind::Fixed => {
                    between = between.wrapping_add(i64::from(spot.len));
                }
                _ => return None,
            }
        }
        Some(if from.n_flex < to.n_flex { plain.wrapping_add(between) } else { plain.wrapping_sub(between) })
    }

    /// Appends what `other` holds; where its beginning is now.
    pub fn append(&mut self, other: &CodeBuffer) -> Mark {
        let base = self.mark();
        self.put_bytes(&other.bytes[..other.pos as usize]);
        let (n_fixed, n_spots) = (self.fixed.len() as u32, self.spots.len() as u32);
        self.flex.extend(other.flex.iter().map(|flex| Flex {
            at: flex.at + base.offset,
            target: match flex.row {
                RESERVED => flex.target + n_fixed,
                SPOT => flex.target + n_spots,
                _ => flex.target,
            },
            ..*flex
        }));
        self.fixed.extend_from_slice(&other.fixed);
        self.spots.extend_from_slice(&other.spots);
        let beyond = self.beyond(u32::MAX);
        self.huge.extend(other.huge.iter().map(|huge| (huge.0 + base.n_flex, huge.1.wrapping_add(beyond))));
        base
    }

    /// Looks up where each branch goes. Those whose goal is `None` get their long form with a displacement of 0, and are told.
    pub fn aim(&mut self, mut goal: impl FnMut(u32, u8, Mark) -> Option<Mark>) -> Vec<FarBranch> {
        let mut far = Vec::new();
        let mut goals = vec![Mark::default(); self.flex.len()];
        for (idx, flex) in self.flex.iter_mut().enumerate() {
            if matches!(flex.row, RESERVED | SPOT) {
                continue;
            }
            let at = Mark { offset: flex.at, n_flex: idx as u32 };
            if let Some(mark) = goal(flex.target, flex.row, at) {
                goals[idx] = mark;
                continue;
            }
            far.push(FarBranch {
                at: Mark { offset: flex.at, n_flex: idx as u32 },
                row: flex.row,
                target: flex.target,
            });
            let mut bytes = [0; 16];
            let word = (self.branch_rows[flex.row as usize].word)(flex.long_len as u8, flex.aux, 0);
            bytes[..8].copy_from_slice(&word.to_le_bytes());
            self.fixed.push(bytes);
            *flex = Flex { target: self.fixed.len() as u32 - 1, row: RESERVED, len: flex.long_len, ..*flex };
        }
        self.settled = Some(goals);
        self.restless.clear();
        self.is_calm = false;
        self.measure();
        self.survey();
        far
    }

    /// `by` bytes into the branch that begins at `at`, whose form is settled.
    pub fn mark_after(&self, at: Mark, by: u32) -> Mark {
        Mark { offset: at.offset + by, ..at }
    }

    /// First lengths: branches short, alignments by the addresses that this gives.
    fn measure(&mut self) {
        let CodeBuffer { flex, spots, saved, .. } = self;
        saved.clear();
        saved.reserve(flex.len() + 1);
        let mut sum = 0u32;
        for flex in flex.iter() {
            saved.push(sum);
            let mut len = u32::from(flex.len);
            if flex.row == SPOT {
                let spot = &mut spots[flex.target as usize];
                if let SpotKind::Align { align, max } = spot.kind {
                    spot.len = gap(flex.at.wrapping_sub(sum), align, max);
                }
                len = spot.len;
            }
            sum = sum.wrapping_add(u32::from(flex.long_len)).wrapping_sub(len);
        }
        saved.push(sum);
    }

    /// What passes ask of the places: the alignments before each, the grids of each block.
    fn survey(&mut self) {
        let CodeBuffer { flex, spots, regions, grids, .. } = self;
        regions.clear();
        grids.clear();
        grids.resize(flex.len().div_ceil(BLOCK), 0);
        self.has_askers = spots.iter().any(|spot| matches!(spot.kind, SpotKind::Org | SpotKind::Asked));
        if spots.is_empty() {
            return;
        }
        let mut region = 0u32;
        regions.reserve(flex.len() + 1);
        for (idx, flex) in flex.iter().enumerate() {
            regions.push(region);
            let grid = match (flex.row, spots.get(flex.target as usize)) {
                (SPOT, Some(Spot { kind: SpotKind::Align { align, .. }, .. })) => align.wrapping_sub(1),
                (SPOT, Some(Spot { kind: SpotKind::Org, .. })) => u32::MAX,
                _ => continue,
            };
            region += 1;
            grids[idx / BLOCK] |= grid;
        }
        regions.push(region);
    }

    /// One pass over everything flexible; true when some length changed. After [`CodeBuffer::aim`]. Where nothing near changed
    /// in the pass before or before in this one, nothing is looked at; what seems settled is looked at in full.
    pub fn settle(&mut self) -> bool {
        if self.is_calm {
            return false;
        }
        if self.has_askers {
            self.restless.clear();
        }
        let is_full = self.restless.is_empty();
        let mut changed = self.pass();
        if !changed && !is_full {
            self.restless.clear();
            changed = self.pass();
        }
        self.is_calm = !changed;
        changed
    }

    /// A branch that stays short goes to a place near it, and its displacement is another than in the pass before only if some
    /// length between the two changed, then or in this pass. A block in whose neighbourhood none did is moved as a whole,
    /// if its alignments are the same there.
    fn pass(&mut self) -> bool {
        if self.settled.is_none() {
            return false;
        }
        let n_flex = self.flex.len();
        let n_blocks = n_flex.div_ceil(BLOCK);
        let before = std::mem::replace(&mut self.restless, vec![false; n_blocks.max(1)]);
        let (mut stretch, mut stretched) = (0i32, false);
        for block in 0..n_blocks {
            let places = block * BLOCK..((block + 1) * BLOCK).min(n_flex);
            let is_quiet = before.get(block) == Some(&false) && !self.restless[block];
            if !is_quiet || stretch as u32 & self.grids[block] != 0 {
                let growth = self.pass_block(block, places, stretch);
                stretched |= growth.is_some();
                stretch = growth.unwrap_or(stretch);
            } else if stretch != 0 {
                self.saved[places].iter_mut().for_each(|saved| *saved = saved.wrapping_sub(stretch as u32));
            }
        }
        if let Some(last) = self.saved.last_mut() {
            *last = last.wrapping_sub(stretch as u32);
        }
        stretched
    }

    /// Looks at the places of a block, which were moved by `stretch`; by how much those behind it are, if a length changed.
    fn pass_block(&mut self, block: usize, places: Range<usize>, mut stretch: i32) -> Option<i32> {
        let CodeBuffer { flex, spots, saved, settled, branch_rows, regions, .. } = self;
        let goals = settled.as_deref()?;
        let (mut stretched, mut is_open) = (false, false);
        for (here, flex) in (places.start..).zip(&mut flex[places]) {
            let own = saved[here].wrapping_sub(stretch as u32);
            saved[here] = own;
            let address = flex.at.wrapping_sub(own);
            let growth = if flex.row < SPOT {
                if flex.len == flex.long_len {
                    continue;
                }
                let row = &branch_rows[flex.row as usize];
                let goal = goals[here];
                let reaches = |by: i32| row.short_range.0 <= by && by <= row.short_range.1;
                let target = goal.offset.wrapping_sub(saved[goal.n_flex as usize]);
                let displacement = target.wrapping_sub(address.wrapping_add(u32::from(flex.len))) as i32;
                // What lies ahead was not moved yet.
                let is_ahead = stretch != 0 && goal.n_flex as usize > here;
                if reaches(displacement.wrapping_add(if is_ahead { stretch } else { 0 })) {
                    continue;
                }
                if is_ahead && stretch > 0 && !regions.is_empty() && regions[goal.n_flex as usize] != regions[here] {
                    // The alignment between may give way; if it does not, the next pass is to see that.
                    if reaches(displacement) || (target.wrapping_sub(address) as i32) < 0 {
                        is_open = true;
                        continue;
                    }
                }
                flex.len = u16::from(row.long_len);
                i32::from(row.long_len) - i32::from(row.short_len)
            } else if flex.row == RESERVED {
                continue;
            } else {
                let spot = &mut spots[flex.target as usize];
                let len = match spot.kind {
                    SpotKind::Fixed => continue,
                    SpotKind::Align { align, max } => gap(address, align, max),
                    SpotKind::Org => spot.want.saturating_sub(address),
                    SpotKind::Asked => spot.want,
                };
                let growth = len.wrapping_sub(spot.len) as i32;
                spot.len = len;
                growth
            };
            stretched |= growth != 0;
            stretch = stretch.wrapping_add(growth);
        }
        if is_open {
            self.restless[block] = true;
        }
        if stretched {
            self.disturb(block);
        }
        stretched.then_some(stretch)
    }

    /// Marks the blocks from which short branches may reach across what changed in `block`.
    fn disturb(&mut self, block: usize) {
        let (flex, near) = (&self.flex, self.near);
        let (mut first, mut end) = (block, block + 1);
        let least = flex[block * BLOCK].at.saturating_sub(near);
        while first > 0 && flex[first * BLOCK - 1].at >= least {
            first -= 1;
        }
        let most = flex[(end * BLOCK).min(flex.len()) - 1].at.saturating_add(near);
        while end < self.restless.len() && flex[end * BLOCK].at <= most {
            end += 1;
        }
        self.restless[first..end].fill(true);
    }

    /// Size of the code with the lengths as they are, in bytes.
    pub fn settled_len(&self) -> u32 {
        self.pos.wrapping_sub(self.saved.last().copied().unwrap_or(0))
    }

    /// Two places between which there may be nothing but a spot: the first right before one, the second right behind
    /// something flexible, or both the same.
    pub fn may_be_same(&self, first: Mark, second: Mark) -> bool {
        let is_before = |flex: &Flex| flex.row == SPOT && flex.at == first.offset;
        let is_behind = |flex: &Flex| flex.at + u32::from(flex.long_len) == second.offset;
        first == second
            || first.n_flex < second.n_flex
                && self.flex.get(first.n_flex as usize).is_some_and(is_before)
                && self.flex.get((second.n_flex as usize).wrapping_sub(1)).is_some_and(is_behind)
    }

    /// The bytes from `start` on, if there is nothing flexible among them.
    pub fn since(&self, start: Mark) -> Option<&[u8]> {
        let is_plain = start.n_flex as usize == self.flex.len();
        self.bytes.get(start.offset as usize..self.pos as usize).filter(|_| is_plain)
    }

    /// The first bytes are these.
    pub fn begins_with(&self, bytes: &[u8]) -> bool {
        self.bytes[..self.pos as usize].starts_with(bytes)
    }

    pub fn n_spots(&self) -> u32 {
        self.spots.len() as u32
    }

    /// Places as they would be if nothing more came and every branch were short: enough for what is measured in another piece.
    pub fn measure_now(&mut self) {
        if self.settled.is_none() {
            self.measure();
        }
    }

    /// Takes back [`CodeBuffer::measure_now`].
    pub fn unsettle(&mut self) {
        self.saved.clear();
    }

    /// What holds no branch has its lengths at once: more may be appended.
    pub fn settle_if_new(&mut self) {
        if self.settled.is_none() {
            self.aim(|_, _, _| None);
        }
    }

    /// Everything that was written, with room for what is flexible.
    pub fn written(&self) -> &[u8] {
        &self.bytes[..self.pos as usize]
    }

    /// Takes back the last `n` bytes, behind which nothing flexible or labelled stands.
    pub fn take_back(&mut self, n: u32) {
        self.pos -= n;
    }

    /// Changes bytes that begin `back` before the end.
    pub fn patch_back(&mut self, back: u32, bytes: &[u8]) {
        let at = (self.pos - back) as usize;
        self.bytes[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// A place of code that was [appended](CodeBuffer::append).
    pub fn rebased(base: Mark, mark: Mark) -> Mark {
        Mark { offset: base.offset + mark.offset, n_flex: base.n_flex + mark.n_flex }
    }

    /// A place some bytes further.
    pub fn shifted(mark: Mark, by: i64) -> Mark {
        Mark { offset: mark.offset.wrapping_add(by as u32), ..mark }
    }

    /// The first `.org` that would go back: where it stands.
    pub fn backward(&self) -> Option<u32> {
        let goes_back = |(idx, flex): &(usize, &Flex)| {
            let spot = (flex.row == SPOT).then(|| self.spots[flex.target as usize]);
            let address = flex.at.wrapping_sub(self.saved[*idx]);
            spot.is_some_and(|spot| spot.kind == SpotKind::Org && spot.want < address)
        };
        self.flex.iter().enumerate().find(goes_back).map(|(_, flex)| flex.target)
    }

    /// Branches of the settled code that do not reach where they go, even in their long form: the branch, the displacement.
    pub fn unreached(&self) -> Vec<(Mark, i64)> {
        let Some(goals) = &self.settled else { return Vec::new() };
        let mut found = Vec::new();
        for (idx, flex) in self.flex.iter().enumerate() {
            if matches!(flex.row, RESERVED | SPOT) {
                continue;
            }
            let row = &self.branch_rows[flex.row as usize];
            if row.long_len > row.short_len || row.short_range == (i32::MIN, i32::MAX) {
                continue;
            }
            let displacement = self.goal_distance(flex, idx, goals[idx]);
            if !(row.short_range.0..=row.short_range.1).contains(&displacement) {
                found.push((Mark { offset: flex.at, n_flex: idx as u32 }, i64::from(displacement)));
            }
        }
        found
    }

    fn goal_distance(&self, flex: &Flex, idx: usize, goal: Mark) -> i32 {
        let end = flex.at.wrapping_sub(self.saved[idx]).wrapping_add(u32::from(flex.len));
        self.place(goal).wrapping_sub(end) as i32
    }

    /// As [`CodeBuffer::finish`], for lengths that were settled.
    pub(crate) fn finish_settled(&mut self, out: &mut Vec<u8>) -> u32 {
        let start = out.len();
        let total = self.settled_len() as usize;
        while self.bytes.len() < self.pos as usize + CHUNK {
            self.grow();
        }
        out.resize(start + total + CHUNK, 0);
        let goals = self.settled.as_deref().unwrap_or(&[]);
        let spot = &mut out[start..];
        let (mut from, mut to) = (0, 0);
        for (idx, flex) in self.flex.iter().enumerate() {
            let at = flex.at as usize;
            to = copy_chunks(&self.bytes, from..at, spot, to);
            from = at + usize::from(flex.long_len);
            let len = usize::from(flex.len);
            match flex.row {
                RESERVED => spot[to..to + len].copy_from_slice(&self.fixed[flex.target as usize][..len]),
                SPOT => {
                    let kind = &self.spots[flex.target as usize];
                    let len = kind.len as usize;
                    fill(&mut spot[to..to + len], kind.fill);
                    to += len;
                    continue;
                }
                row => {
                    let displacement = self.goal_distance(flex, idx, goals[idx]);
                    let word = (self.branch_rows[row as usize].word)(flex.len as u8, flex.aux, displacement);
                    spot[to..to + 8].copy_from_slice(&word.to_le_bytes());
                }
            }
            to += len;
        }
        to = copy_chunks(&self.bytes, from..self.pos as usize, spot, to);
        debug_assert_eq!(to, total);
        out.truncate(start + total);
        total as u32
    }
}

/// Bytes from `address` to the next multiple of `align`.
fn gap(address: u32, align: u32, max: u32) -> u32 {
    let len = address.wrapping_neg() & (align - 1);
    if len <= max { len } else { 0 }
}

fn fill(spot: &mut [u8], fill: Fill) {
    match fill {
        Fill::Pattern([byte, ..], 0 | 1) => spot.fill(byte),
        Fill::Pattern(pattern, n) => {
            for chunk in spot.chunks_mut(usize::from(n.min(8))) {
                chunk.copy_from_slice(&pattern[..chunk.len()]);
            }
        }
        Fill::Code(filler, style) => filler(spot, style),
        Fill::Bytes(bytes) => {
            let len = spot.len().min(16);
            spot[..len].copy_from_slice(&bytes[..len]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::buffer::BranchRow;

    fn word(len: u8, aux: u8, displacement: i32) -> u64 {
        u64::from(if len == 2 { 1 } else { 2 } | aux) | u64::from(displacement as u32) << 8
    }

    static ROWS: &[BranchRow] = &[BranchRow { short_len: 2, long_len: 5, short_range: (-128, 127), word }];

    fn pattern(byte: u8) -> Fill {
        Fill::Pattern([byte; 8], 1)
    }

    #[test]
    fn lengths_settle_around_alignments() {
        let mut code = CodeBuffer::empty(ROWS);
        code.branch(0, 0, crate::Label(0));
        code.put_bytes(&[0x90; 100]);
        code.spot(Spot { kind: SpotKind::Align { align: 64, max: 63 }, fill: pattern(7), len: 0, want: 0 });
        let goal = code.mark();
        code.put(0x55, 1);
        let spot = code.spot(Spot { kind: SpotKind::Asked, fill: pattern(9), len: 0, want: 3 });
        code.put(0x66, 1);
        let far = code.aim(|_, _, _| Some(goal));
        assert!(far.is_empty());
        while code.settle() {}
        assert_eq!(code.spot_mut(spot).len, 3);
        let mut out = Vec::new();
        assert_eq!(code.finish(&mut out), 128 + 5);
        assert_eq!(out[..3], [1, 126, 0x90]);
        assert_eq!(out[101..103], [0x90, 7]);
        assert_eq!(out[127..], [7, 0x55, 9, 9, 9, 0x66]);
        assert_eq!(code.place(goal), 128);
    }

    #[test]
    fn looking_only_at_what_may_change_gives_what_looking_at_everything_gives() {
        let mut state = 1u64;
        let mut random = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        for round in 0..200u64 {
            let n_places = 50 + random(2000) as usize;
            let reach = 1 + random(40) as usize;
            let (mut code, mut whole) = (CodeBuffer::empty(ROWS), CodeBuffer::empty(ROWS));
            let mut marks = Vec::new();
            for place in 0..n_places {
                marks.push(code.mark());
                let gap = random(16);
                let align = 1 << random(6);
                let goal = (place + random(2 * reach as u64) as usize).saturating_sub(reach).min(n_places - 1);
                let is_align = random(8) < round % 8;
                for code in [&mut code, &mut whole] {
                    code.put_bytes(&[0x90; 16][..gap as usize]);
                    if is_align {
                        let kind = SpotKind::Align { align, max: (align - 1).min(10 + gap as u32) };
                        code.spot(Spot { kind, fill: pattern(7), len: 0, want: 0 });
                    } else {
                        code.branch(0, 0, crate::Label(goal as u32));
                    }
                }
            }
            let mut out = [Vec::new(), Vec::new()];
            for code in [&mut code, &mut whole] {
                assert!(code.aim(|goal, _, _| Some(marks[goal as usize])).is_empty());
            }
            while code.settle() {}
            while whole.pass() {
                whole.restless.clear();
            }
            code.finish(&mut out[0]);
            whole.finish(&mut out[1]);
            assert_eq!(out[0], out[1], "round {round}");
        }
    }

    #[test]
    fn what_has_no_bytes_may_be_longer_than_a_length_can_say() {
        let spot = |len| Spot { kind: SpotKind::Fixed, fill: pattern(0), len, want: 0 };
        let (mut code, mut other) = (CodeBuffer::empty(ROWS), CodeBuffer::empty(ROWS));
        let first = code.mark();
        code.huge_spot(spot(5), 1 << 40);
        let second = code.mark();
        other.spot(spot(2));
        other.huge_spot(spot(0), 1 << 41);
        let inner = other.mark();
        let base = code.append(&other);
        let last = CodeBuffer::rebased(base, inner);
        assert!(code.aim(|_, _, _| None).is_empty());
        assert_eq!([first, second, last].map(|mark| code.wide_place(mark)), [0, (1 << 40) + 5, (3 << 40) + 7]);
        assert_eq!((code.wide_len(), code.distance(second, last)), ((3 << 40) + 7, Some((1 << 41) + 2)));
    }

    #[test]
    fn a_distance_is_known_across_what_has_its_length() {
        let mut code = CodeBuffer::empty(ROWS);
        let first = code.mark();
        code.put(0, 4);
        code.spot(Spot { kind: SpotKind::Fixed, fill: pattern(0), len: 1000, want: 0 });
        let second = code.mark();
        code.branch(0, 0, crate::Label(0));
        let third = code.mark();
        assert_eq!(code.distance(first, second), Some(1004));
        assert_eq!(code.distance(second, first), Some(-1004));
        assert_eq!(code.distance(first, third), None);
        let far = code.aim(|_, _, _| None);
        assert_eq!((far.len(), code.settled_len()), (1, 1009));
    }
}
