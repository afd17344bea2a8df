//! What `-march=` and `.arch` name: sets of instructions by GNU as's names, what they need and bring, and the processors that
//! have them (gas manual, 9.16.1; the closures are those of GNU as 2.40, found by asking it).

use crate::isa::{Class, Insn, Set, Space};
use crate::options;
use asm::Keep;

/// A set of features, a bit each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mask(pub [u64; 2]);

impl Mask {
    pub const NONE: Mask = Mask([0; 2]);

    pub fn has(self, feature: Feature) -> bool {
        let at = feature as usize;
        self.0[at / 64] >> (at % 64) & 1 != 0
    }

    fn with(mut self, feature: Feature) -> Mask {
        let at = feature as usize;
        self.0[at / 64] |= 1 << (at % 64);
        self
    }

    fn or(self, other: Mask) -> Mask {
        Mask([self.0[0] | other.0[0], self.0[1] | other.0[1]])
    }

    fn without(self, other: Mask) -> Mask {
        Mask([self.0[0] & !other.0[0], self.0[1] & !other.0[1]])
    }
}

macro_rules! features {
    ($($id:ident $name:literal [$($needs:ident)*] [$($brings:ident)*],)*) => {
        /// What can be there or not.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
        #[repr(u8)]
        pub enum Feature {
            /// Of every processor.
            Always,
            $($id,)*
        }

        /// The feature, its name (empty where only processors have it), what it cannot be without, what it brings beside that.
        #[rustfmt::skip]
        static FEATURES: &[(Feature, &str, &[Feature], &[Feature])] = &[
            $((Feature::$id, $name, &[$(Feature::$needs),*], &[$(Feature::$brings),*]),)*
        ];
    };
}

features! {
    X87 "387" [] [], X687 "687" [X87] [], Fisttp "" [X687] [], Cmov "cmov" [] [], Fxsr "fxsr" [] [], Nop "nop" [] [], Clflush "clflush" [] [],
    Syscall "syscall" [] [], Mmx "mmx" [] [], D3now "3dnow" [Mmx] [Prfchw], D3nowa "3dnowa" [D3now] [], Sse "sse" [Fxsr] [],
    Sse2 "sse2" [Sse] [], Sse3 "sse3" [Sse2] [], Ssse3 "ssse3" [Sse3] [], Sse41 "sse4.1" [Ssse3] [], Sse42 "sse4.2" [Sse41] [Popcnt],
    Sse4a "sse4a" [Sse3] [], Aes "aes" [Sse2] [], Pclmul "pclmul" [Sse2] [], Gfni "gfni" [Sse2] [], Sha "sha" [Sse2] [], Kl "kl" [Sse2] [],
    Widekl "widekl" [Kl] [], Xsave "xsave" [] [], Xsaveopt "xsaveopt" [Xsave] [], Xsavec "xsavec" [Xsave] [], Xsaves "xsaves" [Xsavec] [],
    Avx "avx" [Xsave] [Sse42], Avx2 "avx2" [Avx] [], F16c "f16c" [Avx] [], Fma "fma" [Avx] [], Fma4 "fma4" [Avx] [], Xop "xop" [Fma4] [Sse4a],
    Avx512f "avx512f" [Avx2] [], Avx512cd "avx512cd" [Avx512f] [], Avx512er "avx512er" [Avx512f] [], Avx512pf "avx512pf" [Avx512f] [],
    Avx512dq "avx512dq" [Avx512f] [], Avx512bw "avx512bw" [Avx512f] [], Avx512vl "avx512vl" [Avx512f] [F16c Fma],
    Avx512ifma "avx512ifma" [Avx512f] [], Avx512vbmi "avx512vbmi" [Avx512bw] [], Avx5124fmaps "avx512_4fmaps" [Avx512f] [],
    Avx5124vnniw "avx512_4vnniw" [Avx512f] [], Avx512vpopcntdq "avx512_vpopcntdq" [Avx512f] [], Avx512vbmi2 "avx512_vbmi2" [Avx512bw] [],
    Avx512vnni "avx512_vnni" [Avx512f] [], Avx512bitalg "avx512_bitalg" [Avx512bw] [], Avx512bf16 "avx512_bf16" [Avx512bw] [],
    Avx512vp2intersect "avx512_vp2intersect" [Avx512f] [], Avx512fp16 "avx512_fp16" [Avx512bw] [], AvxVnni "avx_vnni" [Avx2] [],
    AvxIfma "avx_ifma" [Avx2] [], AvxVnniInt8 "avx_vnni_int8" [Avx2] [], AvxNeConvert "avx_ne_convert" [Avx2] [], Vaes "vaes" [Avx2] [],
    Vpclmulqdq "vpclmulqdq" [Avx2] [], Vmx "vmx" [] [], Vmfunc "vmfunc" [Vmx] [], Ept "ept" [Vmx] [], Smx "smx" [] [], Fsgsbase "fsgsbase" [] [],
    Rdrnd "rdrnd" [] [], Bmi "bmi" [] [], Bmi2 "bmi2" [] [], Tbm "tbm" [] [], Lwp "lwp" [Xsave] [], Movbe "movbe" [] [], Cx16 "cx16" [] [],
    Lzcnt "lzcnt" [] [], Popcnt "popcnt" [] [], Hle "hle" [] [], Rtm "rtm" [] [], Invpcid "invpcid" [] [], Rdtscp "rdtscp" [] [],
    Padlock "padlock" [] [], Svme "svme" [] [], Adx "adx" [] [], Rdseed "rdseed" [] [], Prfchw "prfchw" [] [], Smap "smap" [] [],
    Mpx "mpx" [Xsave] [], Clflushopt "clflushopt" [] [], Prefetchwt1 "prefetchwt1" [] [], Se1 "se1" [] [], Clwb "clwb" [] [],
    Clzero "clzero" [] [], Mwaitx "mwaitx" [] [], Ospke "ospke" [Xsave] [], Rdpid "rdpid" [] [], Ptwrite "ptwrite" [] [], Ibt "ibt" [] [],
    Shstk "shstk" [] [], Wbnoinvd "wbnoinvd" [] [], Pconfig "pconfig" [] [], Waitpkg "waitpkg" [] [], Cldemote "cldemote" [] [],
    AmxTile "amx_tile" [Xsave] [], AmxInt8 "amx_int8" [AmxTile] [], AmxBf16 "amx_bf16" [AmxTile] [], AmxFp16 "amx_fp16" [AmxTile] [],
    Movdiri "movdiri" [] [], Movdir64b "movdir64b" [] [], Tdx "tdx" [] [], Enqcmd "enqcmd" [] [], Serialize "serialize" [] [],
    Rdpru "rdpru" [] [], Mcommit "mcommit" [] [], SevEs "sev_es" [Svme] [], Snp "" [SevEs] [], Rmpquery "rmpquery" [Snp] [], Invlpgb "" [] [],
    Tsxldtrk "tsxldtrk" [Rtm] [], Uintr "uintr" [] [], Hreset "hreset" [] [], Prefetchi "prefetchi" [] [], Cmpccxadd "cmpccxadd" [] [],
    Wrmsrns "wrmsrns" [] [], Msrlist "msrlist" [] [], RaoInt "rao_int" [] [],
}

use Feature as F;

/// Names of several features, or second names: what they add, what their `no` takes away.
static GROUPS: &[(&str, &[Feature], &[Feature])] = &[
    ("sse4", &[F::Sse42], &[F::Sse41]),
    ("abm", &[F::Lzcnt, F::Popcnt], &[F::Lzcnt, F::Popcnt]),
    ("tsx", &[F::Hle, F::Rtm], &[F::Hle, F::Rtm]),
    ("clmul", &[F::Pclmul], &[F::Pclmul]),
    ("pacifica", &[F::Svme], &[F::Svme]),
    ("8087", &[F::X87], &[F::X87]),
    ("287", &[F::X87], &[F::X87]),
    ("87", &[], &[F::X87]),
];

/// A processor, what it has beyond the one that it is built on, and what it has not of that.
struct Cpu {
    name: &'static str,
    on: &'static str,
    more: &'static [Feature],
    less: &'static [Feature],
    /// Has code of 64 bits.
    wide: bool,
}

const fn cpu(name: &'static str, on: &'static str, more: &'static [Feature], less: &'static [Feature]) -> Cpu {
    Cpu { name, on, more, less, wide: true }
}

const fn narrow(name: &'static str, on: &'static str, more: &'static [Feature]) -> Cpu {
    Cpu { name, on, more, less: &[], wide: false }
}

#[rustfmt::skip]
static CPUS: &[Cpu] = &[
    cpu("generic64", "", &[F::X687, F::Cmov, F::Fxsr, F::Nop, F::Clflush, F::Syscall, F::Mmx, F::Sse2], &[]),
    cpu("nocona", "generic64", &[F::Fisttp, F::Sse3, F::Cx16], &[]),
    cpu("core2", "nocona", &[F::Ssse3], &[]),
    cpu("corei7", "core2", &[F::Sse42, F::Rdtscp], &[]),
    cpu("k8", "generic64", &[F::D3nowa, F::Rdtscp], &[F::Clflush, F::Cmov]),
    cpu("opteron", "k8", &[], &[]),
    cpu("amdfam10", "k8", &[F::Fisttp, F::Sse4a, F::Lzcnt, F::Popcnt], &[]),
    cpu("bdver1", "nocona", &[F::Aes, F::Pclmul, F::Xop, F::Lwp, F::Lzcnt, F::Prfchw, F::Rdtscp, F::Svme], &[]),
    cpu("bdver2", "bdver1", &[F::Bmi, F::F16c, F::Fma, F::Tbm], &[]),
    cpu("bdver3", "bdver2", &[F::Fsgsbase, F::Xsaveopt], &[]),
    cpu("bdver4", "bdver3", &[F::Avx2, F::Bmi2, F::Movbe, F::Mwaitx, F::Rdrnd], &[]),
    cpu("znver1", "bdver4", &[F::Adx, F::Clflushopt, F::Clzero, F::Rdseed, F::Sha, F::Smap, F::Xsaves], &[F::Fma4, F::Lwp, F::Tbm]),
    cpu("znver2", "znver1", &[F::Clwb, F::Mcommit, F::Rdpid, F::Rdpru, F::Wbnoinvd], &[]),
    cpu("znver3", "znver2", &[F::Invlpgb, F::Invpcid, F::Ospke, F::Snp, F::Vaes, F::Vpclmulqdq], &[]),
    cpu("znver4", "znver3", &[F::Avx512bf16, F::Avx512bitalg, F::Avx512vbmi, F::Avx512vbmi2, F::Avx512vnni, F::Avx512vpopcntdq, F::Avx512cd,
        F::Avx512dq, F::Avx512ifma, F::Avx512vl, F::Gfni, F::Rmpquery], &[]),
    cpu("btver1", "nocona", &[F::Ssse3, F::Sse4a, F::Lzcnt, F::Popcnt, F::Prfchw, F::Rdtscp, F::Svme], &[]),
    cpu("btver2", "btver1", &[F::Aes, F::Avx, F::Bmi, F::F16c, F::Movbe, F::Pclmul, F::Xsaveopt], &[]),
    narrow("generic32", "", &[]),
    narrow("i386", "", &[]),
    narrow("i486", "", &[]),
    narrow("iamcu", "", &[]),
    narrow("i586", "", &[F::X87]),
    narrow("pentium", "i586", &[]),
    narrow("k6", "i586", &[F::Mmx, F::Syscall]),
    narrow("k6_2", "k6", &[F::D3now]),
    narrow("athlon", "k6_2", &[F::X687, F::Nop, F::D3nowa]),
    narrow("i686", "", &[F::X687, F::Cmov, F::Fxsr]),
    narrow("pentiumpro", "i686", &[F::Nop]),
    narrow("pentiumii", "pentiumpro", &[F::Mmx]),
    narrow("pentiumiii", "pentiumii", &[F::Sse]),
    narrow("pentium4", "pentiumiii", &[F::Sse2, F::Clflush]),
    narrow("prescott", "pentium4", &[F::Sse3, F::Fisttp, F::Cx16]),
    narrow("core", "prescott", &[]),
];

/// With all that these need and bring.
fn closure(features: &[Feature]) -> Mask {
    let mut mask = Mask::NONE;
    let mut waiting = features.to_vec();
    while let Some(feature) = waiting.pop() {
        if mask.has(feature) {
            continue;
        }
        mask = mask.with(feature);
        for row in FEATURES.iter().filter(|row| row.0 == feature) {
            waiting.extend(row.2.iter().chain(row.3));
        }
    }
    mask
}

/// With all that cannot be without these.
fn dependents(features: &[Feature]) -> Mask {
    let mut mask = features.iter().fold(Mask::NONE, |mask, &feature| mask.with(feature));
    loop {
        let before = mask;
        for row in FEATURES {
            if row.2.iter().any(|&needed| mask.has(needed)) {
                mask = mask.with(row.0);
            }
        }
        if mask == before {
            return mask;
        }
    }
}

fn all() -> Mask {
    FEATURES.iter().fold(Mask::NONE, |mask, row| mask.with(row.0))
}

fn of_cpu(cpu: &Cpu) -> Mask {
    let base = CPUS.iter().find(|other| other.name == cpu.on).map_or(Mask::NONE, of_cpu);
    base.or(closure(cpu.more)).without(dependents(cpu.less))
}

/// What a name adds, or what its `no` takes away.
fn named(name: &str, is_off: bool) -> Option<Mask> {
    if let Some(row) = GROUPS.iter().find(|row| row.0 == name) {
        return Some(if is_off { dependents(row.2) } else { closure(row.1) });
    }
    let row = FEATURES.iter().find(|row| !row.1.is_empty() && row.1 == name)?;
    Some(if is_off { dependents(&[row.0]) } else { closure(&[row.0]) })
}

/// One extension, `avx2` or `noavx2`, in small letters.
fn extend(name: &str, keep: &mut Keep, mode: &mut u32) -> bool {
    let off = options::off(keep);
    if let Some(more) = named(name, false).filter(|_| name != "87") {
        options::set_off(keep, mode, off.without(more));
        if more.has(F::Avx512vl) {
            options::set(keep, mode, options::NAMED_VL, 1);
        }
        return true;
    }
    let Some(less) = name.strip_prefix("no").and_then(|name| named(name, true)) else { return false };
    options::set_off(keep, mode, off.or(less));
    if less.has(F::Avx512vl) {
        options::set(keep, mode, options::NAMED_VL, 0);
    }
    true
}

fn choose_cpu(name: &str, keep: &mut Keep, mode: &mut u32) -> Result<(), String> {
    if name == "default" {
        options::set_off(keep, mode, Mask::NONE);
        options::set(keep, mode, options::NAMED_CPU, 0);
        return Ok(());
    }
    let Some(at) = CPUS.iter().position(|cpu| cpu.name == name) else {
        return Err(format!("no such architecture: ‘{name}’"));
    };
    options::set_off(keep, mode, all().without(of_cpu(&CPUS[at])));
    options::set(keep, mode, options::NAMED_CPU, 1);
    options::set(keep, mode, options::NAMED_VL, u32::from(of_cpu(&CPUS[at]).has(F::Avx512vl)));
    keep.words[options::CPU] = at as u64 + 1;
    Ok(())
}

/// `-march=cpu+set+set`
pub fn march(value: &str, keep: &mut Keep, mode: &mut u32) -> Result<(), String> {
    let mut parts = value.split('+');
    let first = parts.next().unwrap_or_default();
    if !first.is_empty() {
        if CPUS.iter().any(|cpu| cpu.name == first && !cpu.wide) {
            return Err(format!("64bit mode not supported on ‘{first}’."));
        }
        choose_cpu(first, keep, mode)?;
    } else if value.is_empty() {
        return Err("invalid -march= option: ‘’".into());
    }
    for part in parts {
        if !extend(part.trim_start_matches('.'), keep, mode) {
            return Err(format!("invalid -march= option: ‘{value}’"));
        }
    }
    Ok(())
}

/// `-mtune=cpu`: which processor gaps are filled for.
pub fn tune(value: &str, keep: &mut Keep) -> Result<(), String> {
    let at = CPUS.iter().position(|cpu| cpu.name == value);
    let at = at.ok_or_else(|| format!("invalid -mtune= option: ‘{value}’"))?;
    keep.words[options::TUNE] = at as u64 + 1;
    Ok(())
}

/// Of these GNU as takes no long forms of `nop` where code is only tuned for them.
static OLD: &[&str] =
    &["generic32", "i386", "i486", "iamcu", "i586", "pentium", "i686", "pentiumpro", "pentiumii", "pentiumiii"];

/// Whether code is tuned for a processor without the long forms of `nop`; `None` where nothing says for which one it is.
pub fn is_tuned_old(keep: &Keep) -> Option<bool> {
    let named = if options::bits(keep).has(options::NAMED_CPU) { keep.words[options::CPU] } else { 0 };
    let at = match keep.words[options::TUNE] {
        0 => named,
        tuned => tuned,
    };
    Some(OLD.contains(&CPUS.get((at as usize).wrapping_sub(1))?.name))
}

/// Code is tuned for the processor that has the long forms of `nop` whatever is taken away from it.
pub fn has_long_nops_always(keep: &Keep) -> bool {
    let is_named = options::bits(keep).has(options::NAMED_CPU);
    let at = match keep.words[options::TUNE] {
        0 => keep.words[options::CPU],
        tuned => tuned,
    };
    is_named && CPUS.get((at as usize).wrapping_sub(1)).is_some_and(|cpu| cpu.name == "generic64")
}

/// `.arch NAME`: a processor, `.set`, `push`, `pop`; what follows behind a comma was for jumps of 16 bits.
pub fn arch(name: &str, keep: &mut Keep, mode: &mut u32) -> Result<(), String> {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        "push" => {
            let words = keep.words;
            keep.stack.push(words);
            return Ok(());
        }
        "pop" => {
            let words = keep.stack.pop().ok_or(".arch stack is empty")?;
            for at in [options::OFF, options::OFF + 1, options::CPU] {
                keep.words[at] = words[at];
            }
            let mask = options::off(keep);
            options::set_off(keep, mode, mask);
            let named = options::Bits(words[options::BITS] as u32).get(options::NAMED_CPU);
            options::set(keep, mode, options::NAMED_CPU, named);
            return Ok(());
        }
        _ => {}
    }
    match name.strip_prefix('.') {
        Some(set) if extend(set, keep, mode) => Ok(()),
        Some(_) => Err(format!("no such architecture: ‘{name}’")),
        None => choose_cpu(&name, keep, mode),
    }
}

/// The processor that is named, for messages.
pub fn shown(keep: &Keep) -> &'static str {
    let at = keep.words[options::CPU] as usize;
    CPUS.get(at.wrapping_sub(1))
        .filter(|_| options::bits(keep).has(options::NAMED_CPU))
        .map_or("x86_64", |cpu| cpu.name)
}

/// What an instruction needs: of its set, and of its registers or its encoding.
pub const fn needs(insn: &Insn) -> [Feature; 2] {
    let is_evex = matches!(insn.enc.space, Space::Evex);
    let second = match insn.enc.space {
        Space::Evex => F::Avx512f,
        Space::Vex if matches!(insn.set, Set::AvxAes | Set::AvxGfni | Set::AvxPclmulqdq) => F::Avx,
        _ => {
            let mut found = F::Always;
            let mut at = 0;
            while at < insn.ops.len() {
                if matches!(insn.ops[at].class, Class::Mmx) {
                    found = F::Mmx;
                }
                at += 1;
            }
            found
        }
    };
    [of_set(insn, is_evex), second]
}

const fn is(insn: &Insn, name: &str) -> bool {
    let (a, b) = (insn.name.as_bytes(), name.as_bytes());
    if a.len() < b.len() {
        return false;
    }
    let mut at = 0;
    while at < b.len() {
        if a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    a.len() == b.len()
}

const fn begins(insn: &Insn, start: &str) -> bool {
    let (a, b) = (insn.name.as_bytes(), start.as_bytes());
    let mut at = 0;
    while at < b.len() {
        if at >= a.len() || a[at] != b[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// The feature of a set; those whose members GNU as tells apart by name.
const fn of_set(insn: &Insn, is_evex: bool) -> Feature {
    match insn.set {
        Set::Base if begins(insn, "cmov") => F::Cmov,
        Set::Base if is(insn, "cmpxchg16b") => F::Cx16,
        Set::Base if is(insn, "syscall") || is(insn, "sysret") => F::Syscall,
        Set::Base if is(insn, "nop") && insn.enc.map == 1 => F::Nop,
        Set::Base | Set::Sep | Set::Lkgs | Set::Fred | Set::Pcommit => F::Always,
        Set::AmxComplex | Set::AvxSha512 | Set::AvxSm3 | Set::AvxSm4 | Set::AvxVnniInt16 => F::Always,
        Set::X87 if begins(insn, "fcmov") || begins(insn, "fcomi") || begins(insn, "fucomi") => F::X687,
        Set::X87 => F::X87,
        Set::Mmx => F::Mmx,
        Set::D3now
            if is(insn, "pf2iw")
                || is(insn, "pfnacc")
                || is(insn, "pfpnacc")
                || is(insn, "pi2fw")
                || is(insn, "pswapd") =>
        {
            F::D3nowa
        }
        Set::D3now => F::D3now,
        Set::Prefetchw => F::Prfchw,
        Set::Lwp => F::Lwp,
        Set::Tbm => F::Tbm,
        Set::Xop => F::Xop,
        Set::Sse => F::Sse,
        Set::Sse2 => F::Sse2,
        Set::Sse3 if begins(insn, "fisttp") => F::Fisttp,
        Set::Sse3 | Set::Monitor => F::Sse3,
        Set::Ssse3 => F::Ssse3,
        Set::Sse41 => F::Sse41,
        Set::Sse42 => F::Sse42,
        Set::Sse4a => F::Sse4a,
        Set::Adx => F::Adx,
        Set::Aes | Set::AvxAes => F::Aes,
        Set::Vaes => F::Vaes,
        Set::Pclmulqdq | Set::AvxPclmulqdq => F::Pclmul,
        Set::Vpclmulqdq => F::Vpclmulqdq,
        Set::Gfni | Set::AvxGfni => F::Gfni,
        Set::AmxBf16 => F::AmxBf16,
        Set::AmxFp16 => F::AmxFp16,
        Set::AmxInt8 => F::AmxInt8,
        Set::AmxTile => F::AmxTile,
        Set::Avx => F::Avx,
        Set::Avx2 => F::Avx2,
        Set::F16c if is_evex => F::Avx512f,
        Set::F16c => F::F16c,
        Set::Fma if is_evex => F::Avx512f,
        Set::Fma => F::Fma,
        Set::Fma4 => F::Fma4,
        Set::Avx512Bf16 => F::Avx512bf16,
        Set::Avx512Bitalg => F::Avx512bitalg,
        Set::Avx512Fp16 => F::Avx512fp16,
        Set::Avx512Ifma => F::Avx512ifma,
        Set::Avx512Vbmi => F::Avx512vbmi,
        Set::Avx512Vbmi2 => F::Avx512vbmi2,
        Set::Avx512Vnni => F::Avx512vnni,
        Set::Avx512Vp2intersect => F::Avx512vp2intersect,
        Set::Avx512Vpopcntdq => F::Avx512vpopcntdq,
        Set::Avx512bw => F::Avx512bw,
        Set::Avx512cd => F::Avx512cd,
        Set::Avx512dq => F::Avx512dq,
        Set::Avx512f => F::Avx512f,
        Set::AvxIfma => F::AvxIfma,
        Set::AvxNeConvert => F::AvxNeConvert,
        Set::AvxVnni => F::AvxVnni,
        Set::AvxVnniInt8 => F::AvxVnniInt8,
        Set::Bmi1 => F::Bmi,
        Set::Bmi2 => F::Bmi2,
        Set::CetIbt => F::Ibt,
        Set::CetSs => F::Shstk,
        Set::Cldemote => F::Cldemote,
        Set::Clflushopt => F::Clflushopt,
        Set::Clfsh => F::Clflush,
        Set::Clwb => F::Clwb,
        Set::Clzero => F::Clzero,
        Set::Cmpccxadd => F::Cmpccxadd,
        Set::Enqcmd => F::Enqcmd,
        Set::Fsgsbase => F::Fsgsbase,
        Set::Fxsr => F::Fxsr,
        Set::Hreset => F::Hreset,
        Set::Invlpgb => F::Invlpgb,
        Set::Invpcid => F::Invpcid,
        Set::Kl => F::Kl,
        Set::WideKl => F::Widekl,
        Set::Lzcnt => F::Lzcnt,
        Set::Mcommit => F::Mcommit,
        Set::Monitorx => F::Mwaitx,
        Set::Movbe => F::Movbe,
        Set::Movdir64b => F::Movdir64b,
        Set::Movdiri => F::Movdiri,
        Set::Mpx => F::Mpx,
        Set::Msrlist => F::Msrlist,
        Set::Pconfig => F::Pconfig,
        Set::Pku => F::Ospke,
        Set::Popcnt => F::Popcnt,
        Set::Prefetchiti => F::Prefetchi,
        Set::Prefetchwt1 => F::Prefetchwt1,
        Set::Ptwrite => F::Ptwrite,
        Set::RaoInt => F::RaoInt,
        Set::Rdpid => F::Rdpid,
        Set::Rdpru => F::Rdpru,
        Set::Rdrand => F::Rdrnd,
        Set::Rdseed => F::Rdseed,
        Set::Rdtscp => F::Rdtscp,
        Set::Rmpquery => F::Rmpquery,
        Set::Rtm => F::Rtm,
        Set::Serialize => F::Serialize,
        Set::SevEs => F::SevEs,
        Set::SevSnp => F::Snp,
        Set::Sgx1 => F::Se1,
        Set::Sha => F::Sha,
        Set::Smap => F::Smap,
        Set::Smx => F::Smx,
        Set::Svm => F::Svme,
        Set::Tdx => F::Tdx,
        Set::Tsxldtrk => F::Tsxldtrk,
        Set::Uintr => F::Uintr,
        Set::Vmx if is(insn, "vmfunc") => F::Vmfunc,
        Set::Vmx if is(insn, "invept") || is(insn, "invvpid") => F::Ept,
        Set::Vmx => F::Vmx,
        Set::Waitpkg => F::Waitpkg,
        Set::Wbnoinvd => F::Wbnoinvd,
        Set::Wrmsrns => F::Wrmsrns,
        Set::Xsave => F::Xsave,
        Set::Xsavec => F::Xsavec,
        Set::Xsaveopt => F::Xsaveopt,
        Set::Xsaves => F::Xsaves,
        Set::Padlock => F::Padlock,
        Set::Avx512er => F::Avx512er,
        Set::Avx512pf => F::Avx512pf,
        Set::Avx5124fmaps => F::Avx5124fmaps,
        Set::Avx5124vnniw => F::Avx5124vnniw,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_in_their_places_and_close() {
        assert!(FEATURES.iter().enumerate().all(|(at, row)| row.0 as usize == at + 1) && FEATURES.len() < 127);
        let avx2 = closure(&[F::Avx2]);
        assert!(avx2.has(F::Avx) && avx2.has(F::Sse42) && avx2.has(F::Xsave) && !avx2.has(F::Fma));
        let off = dependents(&[F::Xsave]);
        assert!(off.has(F::Avx512vl) && off.has(F::Mpx) && !off.has(F::Sse42));
        assert!(dependents(&[F::Sse]).has(F::Aes) && !dependents(&[F::Sse]).has(F::Avx));
    }

    #[test]
    fn processors_have_what_they_are_built_on() {
        let of = |name: &str| CPUS.iter().find(|cpu| cpu.name == name).map(of_cpu).expect("a processor");
        assert!(of("k8").has(F::D3nowa) && !of("k8").has(F::Cmov) && !of("k8").has(F::Sse3));
        assert!(of("znver1").has(F::Sse4a) && !of("znver1").has(F::Xop) && !of("znver1").has(F::Avx512f));
        assert!(of("znver4").has(F::Avx512vbmi2) && of("corei7").has(F::Popcnt) && !of("corei7").has(F::Avx));
    }

    #[test]
    fn what_is_put_aside_comes_back() {
        let (mut keep, mut mode) = (Keep::default(), 0);
        for name in ["generic64", ".avx", "push", ".noavx"] {
            arch(name, &mut keep, &mut mode).expect("known");
        }
        assert!(options::off(&keep).has(F::Avx) && shown(&keep) == "generic64");
        arch("pop", &mut keep, &mut mode).expect("known");
        assert!(!options::off(&keep).has(F::Avx) && options::off(&keep).has(F::Avx2));
        assert!(arch("pop", &mut keep, &mut mode).is_err() && arch("i386x", &mut keep, &mut mode).is_err());
        arch("default", &mut keep, &mut mode).expect("known");
        assert_eq!(mode, 0);
    }
}
