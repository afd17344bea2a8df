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
}

const fn set(
    name: &'static str,
    reason: &'static str,
    cases: &'static [&'static str],
    instructions: &'static [&'static str],
) -> Set {
    Set { name, reason, cases, instructions }
}

// One row a line: this is read as a table.
#[rustfmt::skip]
pub static SETS: &[Set] = &[
    set("XOP", "only on AMD's processors of 2011 to 2017", &["*xop*", "*vpcmov*", "x86-64-arch-2-bdver*"], &["vfrcz*", "vpcmov", "vpcom[bwdq]", "vpcomu[bwdq]", "vpcomlt*", "vpcomle*", "vpcomgt*", "vpcomge*", "vpcomeq*", "vpcomneq*", "vpcomfalse*", "vpcomtrue*", "vphaddb?", "vphaddu*", "vphaddwq", "vphadddq", "vphaddwd", "vphsubbw", "vphsubwd", "vphsubdq", "vpmacs*", "vpmadcs*", "vpperm", "vprotb", "vprotw", "vprotd", "vprotq", "vpsha?", "vpshl[bwdq]", "vpermil2p?"]),
    set("FMA4", "only on AMD's processors of 2011 to 2017", &["*fma4*", "*vfmaddps"], &["vfmaddp?", "vfmadds?", "vfmsubp?", "vfmsubs?", "vfnmaddp?", "vfnmadds?", "vfnmsubp?", "vfnmsubs?", "vfmaddsubp?", "vfmsubaddp?"]),
    set("TBM", "only on AMD's processors of 2012 to 2017", &["*tbm*"], &["blcfill", "blci", "blcic", "blcmsk", "blcs", "blsfill", "blsic", "t1mskc", "tzmsk"]),
    set("LWP", "only on AMD's processors of 2011 to 2017", &["*lwp*"], &["llwpcb", "slwpcb", "lwpval", "lwpins"]),
    set("3DNow!", "gone since 2010", &["*3dnow*", "x86-64-amdfam10*"], &["pf*", "pi2f?", "femms", "pavgusb", "pmulhrw", "pswapd"]),
    set("MPX", "gone from processors, kernel and compilers", &["*mpx*"], &["bndmk", "bndcl", "bndcu", "bndcn", "bndmov", "bndldx", "bndstx"]),
    set("AMX", "matrix tiles: no use in libc, perlasm, kernel assembly", &["*amx*", "*AMX*"], &["ldtilecfg", "sttilecfg", "tile*", "tdp*", "tcmm*"]),
    set("Key Locker", "no use in libc or perlasm", &["*keylocker*", "*KEYLOCKER*", "*key-locker*"], &["aes*kl", "loadiwkey", "encodekey*"]),
    set("UINTR", "user interrupts: no use yet", &["*uintr*", "*UINTR*"], &["clui", "stui", "testui", "uiret", "senduipi"]),
    set("TDX, SEAM", "firmware's", &["*tdx*", "*TDX*", "*seam*"], &["tdcall", "seamcall", "seamret", "seamops"]),
    set("VIA PadLock", "VIA's processors", &["*padlock*"], &["xstore*", "xcrypt*", "xsha*", "montmul"]),
    set("AVX-512 ER, PF, 4FMAPS, 4VNNIW", "only on Xeon Phi", &["*avx512er*", "*avx512pf*", "*4fmaps*", "*4vnniw*", "*v4fmaddps*", "*AVX512ER*", "*AVX512PF*", "*avx512_4*"], &["vexp2p?", "vrcp28*", "vrsqrt28*", "vgatherpf*", "vscatterpf*", "v4f*", "vp4dp*"]),
    set("AVX-512 FP16, BF16, VP2INTERSECT", "half precision and intersection: no use in libc or perlasm", &["*fp16*", "*bf16*", "*vp2intersect*", "*FP16*", "*BF16*"], &["vadd[ps]h", "vsub[ps]h", "vmul[ps]h", "vdiv[ps]h", "vmax[ps]h", "vmin[ps]h", "vsqrt[ps]h", "vcmp*[ps]h", "vcomish", "vucomish", "vf*[ps]h", "vfpclassph?", "vget*[ps]h", "vreduce[ps]h", "vrndscale[ps]h", "vscalef[ps]h", "vrcp[ps]h", "vrsqrt[ps]h", "vmovsh", "vmovw", "vcvtpd2ph*", "vcvtps2phx", "vcvtdq2ph*", "vcvtqq2ph*", "vcvtu*2ph*", "vcvtw2ph", "vcvtph2[dquw]*", "vcvtph2pd", "vcvtph2psx", "vcvttph2*", "vcvts[dsi]*2sh*", "vcvtusi2sh*", "vcvtsh2*", "vcvttsh2*", "v*bf16*", "vp2intersect*"]),
    set("extensions of 2022 and later", "AVX-VNNI, AVX-IFMA, AVX-NE-CONVERT, RAO-INT, CMPccXADD, MSRLIST, PREFETCHI, APX…", &["*avx-vnni*", "*avx_vnni*", "*avxvnni*", "*AVXVNNI*", "*avx-ifma*", "*avx-ne-convert*", "*rao-int*", "*raoint*", "*cmpccxadd*", "*msrlist*", "*wrmsrns*", "*prefetchi*", "*apx*", "*hreset*", "*HRESET*", "*vnni-int8*"], &["cmp*xadd", "aadd", "aand", "axor", "aor", "rdmsrlist", "wrmsrlist", "wrmsrns", "prefetchit?", "hreset", "vbcstne*", "vcvtnee*", "vcvtneo*", "vcvtneps*"]),
    set("16- and 32-bit code", "kit's target is the 64-bit mode", &["i386/ilp32/*", "i386/iamcu*", "*code16*"], &[]),
    set("other tables of branches and loads", "gas's own mitigation passes (-malign-branch=, -mlfence-*): code is changed behind the author's back", &["*align-branch*", "*lfence-load*", "*lfence-indbr*", "*lfence-ret*", "*lfence-byte*"], &[]),
    set("listings", "gas's -a: pages of text for people", &["*/list-?", "i386/list-?"], &[]),
];

/// The set to which a case belongs.
pub fn case(name: &str) -> Option<&'static Set> {
    SETS.iter().find(|set| set.cases.iter().any(|glob| matches(glob, name)))
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
        assert_eq!(case("i386/x86-64-xop").map(|set| set.name), Some("XOP"));
        assert!(case("i386/x86-64-avx2").is_none() && case("i386/x86-64-avx512f").is_none());
        assert_eq!(instruction("vfmaddpd %xmm1,%xmm2,%xmm3,%xmm4"), Some("FMA4"));
        assert_eq!(instruction("vpshld %xmm1,%xmm2,%xmm3"), Some("XOP"));
        for covered in [
            "vfmadd132pd %xmm1,%xmm2,%xmm3",
            "vpshldw $1,%xmm1,%xmm2,%xmm3",
            "lock xadd %eax,(%rbx)",
            "vpcompressb %zmm1,%zmm2",
            "vpcmpb $1,%zmm1,%zmm2,%k1",
        ] {
            assert!(instruction(covered).is_none(), "{covered}");
        }
        for covered in [
            "vphaddd",
            "vphaddw",
            "vphsubw",
            "vprotd",
            "vprolvd",
            "vpcompressd",
            "vpcompressq",
            "vpshufb",
            "vcvtph2ps",
            "vcvtps2ph",
        ] {
            let set = instruction(covered);
            assert!(set.is_none() || covered == "vprotd", "{covered}: {set:?}");
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
