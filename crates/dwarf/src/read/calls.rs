//! The functions of a unit and what was inlined into them, as a table by address.

use super::entries::{Attr, Cursor, Plans, Role, Value, Values};
use super::units::{Header, Root};
use crate::symbolize::Sections;

/// No call.
pub(crate) const NONE: u32 = u32::MAX;

/// A function, or one inlined call of one.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Call {
    /// Its entry in `.debug_info`.
    pub entry: u64,
    /// The lowest address.
    pub low: u64,
    /// The call that an inlined one was made in.
    pub parent: u32,
    /// Where an inlined one was called.
    pub file: u32,
    pub line: u32,
    pub column: u32,
    pub inlined: bool,
}

/// All calls of a unit.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    /// In the order of their entries: callers before what was inlined into them.
    pub calls: Vec<Call>,
    /// From each of these addresses up to the next one the code is that of the call beside it.
    starts: Vec<u64>,
    owners: Vec<u32>,
}

struct Range {
    low: u64,
    high: u64,
    call: u32,
}

impl Calls {
    /// Walks all entries of a unit, once.
    pub fn read<'a>(header: &Header, root: &Root<'a>, plans: &Plans, sections: &Sections<'a>) -> Calls {
        let mut scan = Scan { calls: Vec::new(), ranges: Vec::new(), around: Vec::new(), current: NONE };
        let mut cursor = header.cursor(sections.info, header.entries);
        // What stands before damage counts.
        let _ = scan.walk(&mut cursor, header, root, plans, sections);
        let (starts, owners) = flatten(scan.ranges);
        Calls { calls: scan.calls, starts, owners }
    }

    /// Where, above `address`, the innermost call is another one.
    pub fn next_border(&self, address: u64) -> u64 {
        let at = self.starts.partition_point(|&start| start <= address);
        self.starts.get(at).copied().unwrap_or(u64::MAX)
    }

    /// The innermost call whose code `address` lies in.
    pub fn at(&self, address: u64) -> Option<u32> {
        let at = self.starts.partition_point(|&start| start <= address).checked_sub(1)?;
        Some(self.owners[at]).filter(|&call| call != NONE)
    }
}

struct Scan {
    calls: Vec<Call>,
    ranges: Vec<Range>,
    /// The call around each entry that is open, outermost first.
    around: Vec<u32>,
    current: u32,
}

impl Scan {
    fn walk<'a>(
        &mut self,
        cursor: &mut Cursor<'a>,
        header: &Header,
        root: &Root<'a>,
        plans: &Plans,
        sections: &Sections<'a>,
    ) -> Option<()> {
        let mut values = Values::default();
        loop {
            let entry = cursor.at as u64;
            let code = cursor.code()?;
            if code == 0 {
                self.current = self.around.pop()?;
                continue;
            }
            let plan = plans.get(code)?;
            let mut inside = self.current;
            match plan.role {
                Role::Other => cursor.pass(plan)?,
                Role::Jump => {
                    cursor.take(plan, &mut values)?;
                    if let Value::Entry(next) = values.get(Attr::Sibling)
                        && let Ok(next) = usize::try_from(next)
                        && next > cursor.at
                    {
                        cursor.at = next;
                        continue;
                    }
                }
                Role::Function | Role::Inlined => {
                    cursor.take(plan, &mut values)?;
                    let call = self.add(entry, plan.role == Role::Inlined, &values);
                    let (ranges, calls) = (&mut self.ranges, &mut self.calls);
                    root.ranges(&values, header, sections, &mut |low, high| {
                        let lowest = &mut calls[call as usize].low;
                        *lowest = low.min(*lowest);
                        ranges.push(Range { low, high, call });
                    });
                    inside = call;
                }
            }
            if plan.children {
                self.around.push(self.current);
                self.current = inside;
            }
        }
    }

    fn add(&mut self, entry: u64, inlined: bool, values: &Values<'_>) -> u32 {
        let number = |attr| values.get(attr).number().map_or(0, |value| value as u32);
        let parent = if inlined { self.current } else { NONE };
        let call = self.calls.len() as u32;
        self.calls.push(Call {
            entry,
            low: u64::MAX,
            parent,
            file: number(Attr::CallFile),
            line: number(Attr::CallLine),
            column: number(Attr::CallColumn),
            inlined,
        });
        call
    }
}

/// Ranges within ranges as one row of pieces: the address each begins at and its call.
fn flatten(mut ranges: Vec<Range>) -> (Vec<u64>, Vec<u32>) {
    ranges.sort_unstable_by(|a, b| (a.low, b.high, a.call).cmp(&(b.low, a.high, b.call)));
    let mut pieces =
        Pieces { starts: Vec::with_capacity(ranges.len() * 2), owners: Vec::with_capacity(ranges.len() * 2) };
    let mut open: Vec<Range> = Vec::new();
    for range in ranges {
        pieces.close(&mut open, range.low);
        pieces.begin(range.low, range.call);
        open.push(range);
    }
    pieces.close(&mut open, u64::MAX);
    (pieces.starts, pieces.owners)
}

struct Pieces {
    starts: Vec<u64>,
    owners: Vec<u32>,
}

impl Pieces {
    fn begin(&mut self, start: u64, owner: u32) {
        if self.starts.last() == Some(&start) {
            self.starts.pop();
            self.owners.pop();
        }
        if self.owners.last() != Some(&owner) {
            self.starts.push(start);
            self.owners.push(owner);
        }
    }

    /// Ends what ends at `address` or before.
    fn close(&mut self, open: &mut Vec<Range>, address: u64) {
        while let Some(end) = open.last().map(|range| range.high).filter(|&end| end <= address) {
            while open.last().is_some_and(|range| range.high <= end) {
                open.pop();
            }
            self.begin(end, open.last().map_or(NONE, |range| range.call));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_belong_to_the_innermost_range() {
        let range = |low, high, call| Range { low, high, call };
        // 1 in 0, 2 at its very end, 3 apart and 4 equal to it, 5 sticking out of 3.
        let all = vec![
            range(30, 40, 3),
            range(0, 20, 0),
            range(4, 8, 1),
            range(16, 20, 2),
            range(30, 40, 4),
            range(38, 44, 5),
        ];
        let (starts, owners) = flatten(all);
        assert_eq!(starts, [0, 4, 8, 16, 20, 30, 38, 44]);
        assert_eq!(owners, [0, 1, 0, 2, NONE, 4, 5, NONE]);
    }
}
