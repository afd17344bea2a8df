//! What of x86-64 kit's assembler and disassembler do not cover, so that judges can tell "not ours" from "wrong". One row a
//! set of instructions, with the reason; a case or an instruction belongs to it by its name. A row is a decision about a
//! whole set: no failing case is ever listed by itself.

/// One set that is not covered.
pub struct Set {
    pub name: &'static str,
    /// Why it is not covered.
    pub reason: &'static str,
    /// Names of cases of the gas testsuite and of LLVM's, as globs.
    cases: &'static [&'static str],
    /// Mnemonics, as globs.
    instructions: &'static [&'static str],
    /// Options of as that ask for it.
    flags: &'static [&'static str],
}

const fn set(
    name: &'static str,
    reason: &'static str,
    cases: &'static [&'static str],
    instructions: &'static [&'static str],
    flags: &'static [&'static str],
) -> Set {
    Set { name, reason, cases, instructions, flags }
}

// One row a line: this is read as a table.
#[rustfmt::skip]
pub static SETS: &[Set] = &[
    set("APX", "no processor has it, and binutils 2.40 does not know it", &["*apx*"], &["push2*", "pop2*", "ccmp*", "ctest*", "cfcmov*", "jmpabs"], &[]),
    set("16- and 32-bit code", "kit's target is the 64-bit mode", &["i386/ilp32/*", "i386/iamcu*", "*code16*"], &[], &["--32", "--x32", "-march=iamcu", "-march=i386"]),
    set("other tables of branches and loads", "gas's own mitigation passes (-malign-branch=, -mlfence-*): code is changed behind the author's back", &["*align-branch*", "*lfence-load*", "*lfence-indbr*", "*lfence-ret*", "*lfence-byte*"], &[], &[]),
    set("listings", "gas's -a: pages of text for people", &["*/list-?", "i386/list-?"], &[], &[]),
];

/// The set to which a case belongs.
pub fn case(name: &str) -> Option<&'static Set> {
    SETS.iter().find(|set| set.cases.iter().any(|glob| matches(glob, name)))
}

/// The set that an option of as asks for.
pub fn flag(flag: &str) -> Option<&'static Set> {
    SETS.iter().find(|set| set.flags.contains(&flag))
}

/// Words before an instruction's operands that are not its mnemonic.
const PREFIXES: &[&str] = &[
    "lock", "rep", "repz", "repnz", "repe", "repne", "bnd", "notrack", "data16", "addr32", "cs", "ds", "es", "fs",
    "gs", "ss", "xacquire", "xrelease",
];

/// Whether a word is a prefix and no mnemonic.
pub fn is_prefix(word: &str) -> bool {
    PREFIXES.contains(&word) || word.starts_with("rex") || word.starts_with('{')
}

/// The name of the set to which a line of disassembly belongs.
pub fn instruction(text: &str) -> Option<&'static str> {
    let mnemonic = text.split_whitespace().find(|word| !is_prefix(word))?;
    let set = SETS.iter().find(|set| set.instructions.iter().any(|glob| matches(glob, mnemonic)));
    set.map(|set| set.name)
}

/// Whether a glob of `*`, `?` and `[abc]` matches a whole text.
pub fn matches(glob: &str, text: &str) -> bool {
    glob_bytes(glob.as_bytes(), text.as_bytes())
}

fn glob_bytes(glob: &[u8], text: &[u8]) -> bool {
    match glob.first() {
        None => text.is_empty(),
        Some(b'*') => (0..=text.len()).any(|skip| glob_bytes(&glob[1..], &text[skip..])),
        Some(b'[') if glob.contains(&b']') => {
            let end = glob.iter().position(|byte| *byte == b']').unwrap_or(glob.len());
            let set = &glob[1..end];
            let ranges = |byte: &u8| set.windows(3).any(|w| w[1] == b'-' && (w[0]..=w[2]).contains(byte));
            text.first().is_some_and(|byte| set.contains(byte) || ranges(byte))
                && glob_bytes(&glob[end + 1..], &text[1..])
        }
        Some(byte) => text.first().is_some_and(|t| *byte == b'?' || t == byte) && glob_bytes(&glob[1..], &text[1..]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_are_found_by_case_and_by_mnemonic() {
        assert_eq!(case("i386/list-1").map(|set| set.name), Some("listings"));
        assert!(case("i386/x86-64-avx2").is_none() && case("i386/x86-64-avx512er").is_none());
        assert!(instruction("push2 %rax,%rbx").is_some() && instruction("{nf} ccmpb %eax,%ebx").is_some());
        for covered in [
            "vrcp28pd %zmm1,%zmm2",
            "rep xcryptecb",
            "vrcp14pd %zmm1,%zmm2",
            "vfmaddpd %xmm1,%xmm2,%xmm3,%xmm4",
            "lock xadd %eax,(%rbx)",
            "vp4",
        ] {
            assert!(instruction(covered).is_none(), "{covered}");
        }
    }

    #[test]
    fn globs_match_whole_texts() {
        assert!(matches("x86_64-*-linux*", "x86_64-pc-linux-gnu") && !matches("x86", "x86-64"));
        assert!(matches("i[3-7]86-*", "i686-x") && matches("a[bc]", "ac") && !matches("a[bc]", "ad"));
    }

    #[test]
    fn every_set_has_its_reason() {
        assert!(
            SETS.iter().all(|set| !set.reason.is_empty() && (!set.cases.is_empty() || !set.instructions.is_empty()))
        );
    }
}
