//! The resolution policy: which of two claims to one global name wins. Pure: no tables, no inputs, no messages.
//!
//! Rules of the System V gABI ("Symbol Table", bindings) with the common-symbol and shared-library practice of GNU ld:
//! the first strong definition of a regular object wins and a second is an error; weak ones yield to strong and common
//! ones; tentative (common) definitions grow together; a shared library's definition only counts where no regular object
//! defines the name.

use crate::{Binding, Visibility};

/// What an input says about a name.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Refers to it.
    Undefined { weak: bool },
    /// Defined by a shared library.
    Shared,
    /// Tentatively defined: size and alignment in bytes.
    Common { size: u64, align: u64 },
    /// Defined by a regular object.
    Defined { weak: bool },
}

/// What becomes of a claim that meets an earlier one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome {
    /// The earlier claim stays.
    Keep,
    /// The new claim takes its place.
    Replace,
    /// The earlier tentative definition stays with this size and alignment.
    Grow { size: u64, align: u64 },
    /// Both are strong definitions.
    Duplicate,
}

/// Decides between an earlier claim and a new one.
pub fn decide(old: Claim, new: Claim) -> Outcome {
    use Claim::{Common, Defined, Shared, Undefined};
    match (old, new) {
        // A strong reference makes the name strongly wanted.
        (Undefined { weak: true }, Undefined { weak: false }) => Outcome::Replace,
        (_, Undefined { .. }) => Outcome::Keep,
        (Undefined { .. }, Shared | Common { .. } | Defined { .. }) => Outcome::Replace,
        (Shared, Common { .. } | Defined { .. }) => Outcome::Replace,
        (Shared | Common { .. } | Defined { .. }, Shared) => Outcome::Keep,
        (Common { size: a, align: p }, Common { size: b, align: q }) => {
            if b > a {
                Outcome::Replace
            } else {
                Outcome::Grow { size: a.max(b), align: p.max(q) }
            }
        }
        (Common { .. }, Defined { weak }) => {
            if weak {
                Outcome::Keep
            } else {
                Outcome::Replace
            }
        }
        (Defined { weak }, Common { .. }) => {
            if weak {
                Outcome::Replace
            } else {
                Outcome::Keep
            }
        }
        (Defined { weak: true }, Defined { weak: false }) => Outcome::Replace,
        (Defined { .. }, Defined { weak: true }) => Outcome::Keep,
        (Defined { weak: false }, Defined { weak: false }) => Outcome::Duplicate,
    }
}

/// The most constraining of two visibilities (gABI: "st_other"): any hides more than default, and of two others the
/// stricter counts.
pub fn merge_visibility(a: Visibility, b: Visibility) -> Visibility {
    a.max(b)
}

/// True for bindings whose absence is no error and whose definition yields.
pub fn is_weak(binding: Binding) -> bool {
    binding == Binding::Weak
}

#[cfg(test)]
mod tests {
    use super::{Claim, Outcome, decide};

    const UNDEF: Claim = Claim::Undefined { weak: false };
    const WEAK_UNDEF: Claim = Claim::Undefined { weak: true };
    const STRONG: Claim = Claim::Defined { weak: false };
    const WEAK: Claim = Claim::Defined { weak: true };
    const COMMON: Claim = Claim::Common { size: 4, align: 4 };

    /// Rows: earlier claim; columns: new claim, in the order of `ALL`. K keep, R replace, G grow, D duplicate.
    #[test]
    fn every_pair_is_decided_as_the_table_says() {
        const ALL: [Claim; 6] = [UNDEF, WEAK_UNDEF, Claim::Shared, COMMON, WEAK, STRONG];
        const TABLE: [&str; 6] = ["KKRRRR", "RKRRRR", "KKKRRR", "KKKGKR", "KKKRKR", "KKKKKD"];
        for (old, row) in ALL.iter().zip(TABLE) {
            for (new, want) in ALL.iter().zip(row.chars()) {
                let got = match decide(*old, *new) {
                    Outcome::Keep => 'K',
                    Outcome::Replace => 'R',
                    Outcome::Grow { .. } => 'G',
                    Outcome::Duplicate => 'D',
                };
                assert_eq!(got, want, "{old:?} then {new:?}");
            }
        }
    }

    #[test]
    fn tentative_definitions_take_the_largest_size_and_alignment() {
        let small = Claim::Common { size: 4, align: 16 };
        let large = Claim::Common { size: 8, align: 8 };
        assert_eq!(decide(large, small), Outcome::Grow { size: 8, align: 16 });
        assert_eq!(decide(small, large), Outcome::Replace);
    }
}
