//! Names that are in no row: AT&T's, conditions' other names, what implies a size or a prefix, and names that hold an
//! immediate (`cmpltps`).

/// How a name differs from the rows it stands for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    Same,
    /// The operand size is implied, in bytes.
    Size(u8),
    /// The memory (or the register in its place) has so many bytes; what follows is the size of the other one.
    Source(u8),
    /// The full addresses and immediates of `movabs`.
    Absolute,
    /// A far pointer.
    Far,
    /// `wait` stands before it.
    Wait,
    /// The count register has so many bytes.
    Count(u8),
    /// A byte before the instruction.
    Prefix(Prefix),
}

/// Words that stand for prefixes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Prefix {
    Lock,
    /// 0xf2 or 0xf3.
    Repeat(u8),
    Segment(u8),
    Data,
    Address,
    Rex(u8),
    Wait,
    /// `xacquire` and `xrelease`, by their bytes.
    Hle(u8),
    Bnd,
    NoTrack,
}

/// A name and what it stands for.
pub struct Alias {
    pub name: &'static str,
    pub of: &'static str,
    pub how: How,
}

const fn same(name: &'static str, of: &'static str) -> Alias {
    Alias { name, of, how: How::Same }
}
const fn with(name: &'static str, of: &'static str, how: How) -> Alias {
    Alias { name, of, how }
}
const fn prefix(name: &'static str, prefix: Prefix) -> Alias {
    Alias { name, of: "", how: How::Prefix(prefix) }
}

macro_rules! aliases {
    (conditions [$($before:literal),*], $($rest:expr),* $(,)?) => {
        /// In no order that matters.
        #[rustfmt::skip]
        pub static ALIASES: &[Alias] = &[
            $(
                same(concat!($before, "c"), concat!($before, "b")), same(concat!($before, "nae"), concat!($before, "b")),
                same(concat!($before, "nc"), concat!($before, "ae")), same(concat!($before, "nb"), concat!($before, "ae")),
                same(concat!($before, "z"), concat!($before, "e")), same(concat!($before, "nz"), concat!($before, "ne")),
                same(concat!($before, "na"), concat!($before, "be")), same(concat!($before, "nbe"), concat!($before, "a")),
                same(concat!($before, "pe"), concat!($before, "p")), same(concat!($before, "po"), concat!($before, "np")),
                same(concat!($before, "nge"), concat!($before, "l")), same(concat!($before, "nl"), concat!($before, "ge")),
                same(concat!($before, "ng"), concat!($before, "le")), same(concat!($before, "nle"), concat!($before, "g")),
            )*
            $($rest),*
        ];
    };
}

aliases! {
    conditions ["j", "set", "cmov"],
    same("fcmovnae", "fcmovb"), same("fcmovna", "fcmovbe"), same("fcmovae", "fcmovnb"), same("fcmova", "fcmovnbe"),
    same("fcompi", "fcomip"), same("fucompi", "fucomip"),
    same("cmpcxadd", "cmpbxadd"), same("cmpnaexadd", "cmpbxadd"), same("cmpaexadd", "cmpnbxadd"),
    same("cmpncxadd", "cmpnbxadd"), same("cmpexadd", "cmpzxadd"), same("cmpnexadd", "cmpnzxadd"),
    same("cmpnaxadd", "cmpbexadd"), same("cmpaxadd", "cmpnbexadd"), same("cmppexadd", "cmppxadd"),
    same("cmppoxadd", "cmpnpxadd"), same("cmpngexadd", "cmplxadd"), same("cmpgexadd", "cmpnlxadd"),
    same("cmpngxadd", "cmplexadd"), same("cmpgxadd", "cmpnlexadd"),
    same("sal", "shl"),
    same("loopz", "loope"), same("loopnz", "loopne"),
    with("jecxz", "jrcxz", How::Count(4)), with("jcxz", "jrcxz", How::Count(2)),
    with("loopl", "loop", How::Count(4)), with("loopel", "loope", How::Count(4)), with("loopzl", "loope", How::Count(4)),
    with("loopnel", "loopne", How::Count(4)), with("loopnzl", "loopne", How::Count(4)),
    same("loopq", "loop"), same("loopeq", "loope"), same("loopzq", "loope"), same("loopneq", "loopne"),
    same("loopnzq", "loopne"),
    same("pcmpestriq", "pcmpestri64"), same("pcmpestrmq", "pcmpestrm64"), same("pcmpestril", "pcmpestri"),
    same("pcmpestrml", "pcmpestrm"), same("vpcmpestriq", "vpcmpestri64"), same("vpcmpestrmq", "vpcmpestrm64"),
    same("vpcmpestril", "vpcmpestri"), same("vpcmpestrml", "vpcmpestrm"), same("cmpxchg8bq", "cmpxchg8b"),
    same("xlatb", "xlat"), same("ud2a", "ud2"), same("ud2b", "ud1"), same("retn", "ret"),
    same("xstore", "xstore-rng"), same("xstorerng", "xstore-rng"), same("xcryptecb", "xcrypt-ecb"), same("xcryptcbc", "xcrypt-cbc"),
    same("xcryptctr", "xcrypt-ctr"), same("xcryptcfb", "xcrypt-cfb"), same("xcryptofb", "xcrypt-ofb"),
    same("smov", "movs"), same("ssto", "stos"), same("slod", "lods"), same("scmp", "cmps"), same("ssca", "scas"),
    with("movabs", "mov", How::Absolute),
    with("cbw", "cbw", How::Size(2)), with("cbtw", "cbw", How::Size(2)),
    with("cwde", "cbw", How::Size(4)), with("cwtl", "cbw", How::Size(4)),
    with("cdqe", "cbw", How::Size(8)), with("cltq", "cbw", How::Size(8)),
    with("cwd", "cwd", How::Size(2)), with("cwtd", "cwd", How::Size(2)),
    with("cdq", "cwd", How::Size(4)), with("cltd", "cwd", How::Size(4)),
    with("cqo", "cwd", How::Size(8)), with("cqto", "cwd", How::Size(8)),
    with("movsb", "movsx", How::Source(1)), with("movsw", "movsx", How::Source(2)), with("movsl", "movsxd", How::Source(4)),
    with("movsxl", "movsxd", How::Source(4)),
    with("movzb", "movzx", How::Source(1)), with("movzw", "movzx", How::Source(2)),
    with("fildll", "fild", How::Source(8)), with("fistpll", "fistp", How::Source(8)),
    with("fisttpll", "fisttp", How::Source(8)), with("fldt", "fld", How::Source(10)), with("fstpt", "fstp", How::Source(10)),
    with("lcall", "call", How::Far), with("ljmp", "jmp", How::Far), same("lret", "retf"),
    same("fwait", "wait"), prefix("wait", Prefix::Wait),
    with("finit", "fninit", How::Wait), with("fclex", "fnclex", How::Wait), with("fstcw", "fnstcw", How::Wait),
    with("fstsw", "fnstsw", How::Wait), with("fstenv", "fnstenv", How::Wait), with("fsave", "fnsave", How::Wait),
    with("feni", "fneni", How::Wait), with("fdisi", "fndisi", How::Wait), with("fsetpm", "fnsetpm", How::Wait),
    same("fxsaveq", "fxsave64"), same("fxrstorq", "fxrstor64"), same("xsaveq", "xsave64"), same("xrstorq", "xrstor64"),
    same("xsaveoptq", "xsaveopt64"),
    prefix("lock", Prefix::Lock),
    prefix("rep", Prefix::Repeat(0xf3)), prefix("repe", Prefix::Repeat(0xf3)), prefix("repz", Prefix::Repeat(0xf3)),
    prefix("repne", Prefix::Repeat(0xf2)), prefix("repnz", Prefix::Repeat(0xf2)),
    prefix("xacquire", Prefix::Hle(0xf2)), prefix("xrelease", Prefix::Hle(0xf3)), prefix("bnd", Prefix::Bnd),
    prefix("notrack", Prefix::NoTrack), prefix("ht", Prefix::Segment(0x3e)), prefix("hnt", Prefix::Segment(0x2e)),
    prefix("es", Prefix::Segment(0x26)), prefix("cs", Prefix::Segment(0x2e)), prefix("ss", Prefix::Segment(0x36)),
    prefix("ds", Prefix::Segment(0x3e)), prefix("fs", Prefix::Segment(0x64)), prefix("gs", Prefix::Segment(0x65)),
    prefix("data16", Prefix::Data), prefix("data32", Prefix::Data), prefix("addr32", Prefix::Address),
    prefix("addr16", Prefix::Address), prefix("word", Prefix::Data), prefix("aword", Prefix::Address),
    prefix("adword", Prefix::Address), prefix("dword", Prefix::Data),
    prefix("rex", Prefix::Rex(0x40)), prefix("rexz", Prefix::Rex(0x41)), prefix("rexy", Prefix::Rex(0x42)),
    prefix("rexyz", Prefix::Rex(0x43)), prefix("rexx", Prefix::Rex(0x44)), prefix("rexxz", Prefix::Rex(0x45)),
    prefix("rexxy", Prefix::Rex(0x46)), prefix("rexxyz", Prefix::Rex(0x47)), prefix("rex64", Prefix::Rex(0x48)),
    prefix("rex64z", Prefix::Rex(0x49)), prefix("rex64y", Prefix::Rex(0x4a)), prefix("rex64yz", Prefix::Rex(0x4b)),
    prefix("rex64x", Prefix::Rex(0x4c)), prefix("rex64xz", Prefix::Rex(0x4d)), prefix("rex64xy", Prefix::Rex(0x4e)),
    prefix("rex64xyz", Prefix::Rex(0x4f)),
    prefix("rex.b", Prefix::Rex(0x41)), prefix("rex.x", Prefix::Rex(0x42)), prefix("rex.xb", Prefix::Rex(0x43)),
    prefix("rex.r", Prefix::Rex(0x44)), prefix("rex.rb", Prefix::Rex(0x45)), prefix("rex.rx", Prefix::Rex(0x46)),
    prefix("rex.rxb", Prefix::Rex(0x47)), prefix("rex.w", Prefix::Rex(0x48)), prefix("rex.wb", Prefix::Rex(0x49)),
    prefix("rex.wx", Prefix::Rex(0x4a)), prefix("rex.wxb", Prefix::Rex(0x4b)), prefix("rex.wr", Prefix::Rex(0x4c)),
    prefix("rex.wrb", Prefix::Rex(0x4d)), prefix("rex.wrx", Prefix::Rex(0x4e)), prefix("rex.wrxb", Prefix::Rex(0x4f)),
}

/// Where the first name's operands do not fit, the second one's may: it has the same meaning at another size.
pub static SECOND: &[(&str, &str)] = &[("movsx", "movsxd")];

/// Names of conditions, by what an opcode holds.
#[rustfmt::skip]
static CONDITIONS: &[(&str, u8)] = &[
    ("o", 0), ("no", 1), ("b", 2), ("c", 2), ("nae", 2), ("ae", 3), ("nb", 3), ("nc", 3), ("e", 4), ("z", 4), ("ne", 5), ("nz", 5),
    ("be", 6), ("na", 6), ("a", 7), ("nbe", 7), ("s", 8), ("ns", 9), ("p", 10), ("pe", 10), ("np", 11), ("po", 11),
    ("l", 12), ("nge", 12), ("ge", 13), ("nl", 13), ("le", 14), ("ng", 14), ("g", 15), ("nle", 15),
];

pub(crate) fn condition(name: &str) -> Option<u8> {
    CONDITIONS.iter().find(|row| row.0 == name).map(|row| row.1)
}

/// Predicates of comparisons, by what the immediate holds (SDM, volume 2, "CMPPS", "VCMPPS").
#[rustfmt::skip]
static PREDICATES: [&[u8]; 32] = [
    b"eq", b"lt", b"le", b"unord", b"neq", b"nlt", b"nle", b"ord", b"eq_uq", b"nge", b"ngt", b"false", b"neq_oq", b"ge", b"gt",
    b"true", b"eq_os", b"lt_oq", b"le_oq", b"unord_s", b"neq_us", b"nlt_uq", b"nle_uq", b"ord_s", b"eq_us", b"nge_uq",
    b"ngt_uq", b"false_os", b"neq_os", b"ge_oq", b"gt_oq", b"true_us",
];
/// Second names of some of them.
#[rustfmt::skip]
static MORE_PREDICATES: [(&[u8], u8); 16] = [
    (b"eq_oq", 0), (b"lt_os", 1), (b"le_os", 2), (b"unord_q", 3), (b"neq_uq", 4), (b"nlt_us", 5), (b"nle_us", 6), (b"ord_q", 7),
    (b"nge_us", 9), (b"ngt_us", 10), (b"false_oq", 11), (b"ge_os", 13), (b"gt_os", 14), (b"true_uq", 15), (b"", 0), (b"", 0),
];
/// Of comparisons of integers.
static INTEGER_PREDICATES: [&[u8]; 8] = [b"eq", b"lt", b"le", b"", b"neq", b"nlt", b"nle", b""];
/// Of AMD's (APM, volume 4, "VPCOMB").
static AMD_PREDICATES: [&[u8]; 8] = [b"lt", b"le", b"gt", b"ge", b"eq", b"neq", b"false", b"true"];
static HALVES: [(&[u8], u8); 4] = [(b"lql", 0), (b"hql", 1), (b"lqh", 0x10), (b"hqh", 0x11)];

/// A name that holds an immediate: the plain name written to `plain`, its length, the immediate.
pub fn pseudo(name: &[u8], plain: &mut [u8; 16]) -> Option<(usize, u8)> {
    let mut make = |parts: [&[u8]; 2], imm: u8| {
        let mut len = 0;
        for part in parts {
            plain.get_mut(len..len + part.len())?.copy_from_slice(part);
            len += part.len();
        }
        Some((len, imm))
    };
    let is_vex = name.first() == Some(&b'v');
    let bare = if is_vex { &name[1..] } else { name };
    let named = |stem: &'static [u8], vex: &'static [u8]| if is_vex { vex } else { stem };
    if let Some(rest) = bare.strip_prefix(b"cmp") {
        let (predicate, kind) = rest.split_at_checked(rest.len().checked_sub(2)?)?;
        let known = match kind {
            b"ps" | b"pd" | b"ss" | b"sd" => true,
            b"ph" | b"sh" => is_vex,
            _ => false,
        };
        let limit = if is_vex { 32 } else { 8 };
        let found = PREDICATES[..limit].iter().position(|known| *known == predicate).map(|at| at as u8);
        let more =
            || MORE_PREDICATES.iter().find(|row| is_vex && !row.0.is_empty() && row.0 == predicate).map(|row| row.1);
        return make([named(b"cmp", b"vcmp"), kind], found.or_else(more).filter(|_| known)?);
    }
    if let Some(rest) = bare.strip_prefix(b"pcom").filter(|_| is_vex) {
        let unsigned = rest.len() > 3 && rest[rest.len() - 2] == b'u';
        let (predicate, kind) = rest.split_at_checked(rest.len().checked_sub(1 + usize::from(unsigned))?)?;
        let imm = AMD_PREDICATES.iter().position(|known| *known == predicate)?;
        return make([b"vpcom", kind], imm as u8);
    }
    if let Some(rest) = bare.strip_prefix(b"pcmp").filter(|_| is_vex) {
        let unsigned = rest.len() > 3 && rest[rest.len() - 2] == b'u';
        let (predicate, kind) = rest.split_at_checked(rest.len().checked_sub(1 + usize::from(unsigned))?)?;
        if !matches!(kind, b"b" | b"w" | b"d" | b"q" | b"ub" | b"uw" | b"ud" | b"uq") || predicate.is_empty() {
            return None;
        }
        let imm = INTEGER_PREDICATES.iter().position(|known| *known == predicate)?;
        return make([b"vpcmp", kind], imm as u8);
    }
    let rest = bare.strip_prefix(b"pclmul")?;
    let &(_, imm) = HALVES.iter().find(|row| rest.strip_prefix(row.0) == Some(b"qdq"))?;
    make([named(b"pclmulqdq", b"vpclmulqdq"), b""], imm)
}
