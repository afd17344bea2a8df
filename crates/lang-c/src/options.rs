//! What the user of the C front end decides before the first byte is read. Everything the environment could know (time,
//! directories, the target's facts) comes in here; the library asks nobody.

/// A dialect: `-std=`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Standard {
    /// Year of the standard: 1989, 1994 (`iso9899:199409`), 1999, 2011, 2017, 2023.
    pub year: u16,
    /// With GNU extensions (`gnu17` rather than `c17`).
    pub gnu: bool,
}

/// Spellings of `-std=` and what they mean. `gnu17` is the default, as in gcc.
pub const STANDARDS: &[(&str, Standard)] = &[
    ("c89", iso(1989)),
    ("c90", iso(1989)),
    ("ansi", iso(1989)),
    ("iso9899:1990", iso(1989)),
    ("iso9899:199409", iso(1994)),
    ("c99", iso(1999)),
    ("c9x", iso(1999)),
    ("iso9899:1999", iso(1999)),
    ("c11", iso(2011)),
    ("c1x", iso(2011)),
    ("iso9899:2011", iso(2011)),
    ("c17", iso(2017)),
    ("c18", iso(2017)),
    ("iso9899:2017", iso(2017)),
    ("iso9899:2018", iso(2017)),
    ("c23", iso(2023)),
    ("c2x", iso(2023)),
    ("gnu89", gnu(1989)),
    ("gnu90", gnu(1989)),
    ("gnu99", gnu(1999)),
    ("gnu9x", gnu(1999)),
    ("gnu11", gnu(2011)),
    ("gnu1x", gnu(2011)),
    ("gnu17", gnu(2017)),
    ("gnu18", gnu(2017)),
    ("gnu23", gnu(2023)),
    ("gnu2x", gnu(2023)),
];

const fn iso(year: u16) -> Standard {
    Standard { year, gnu: false }
}

const fn gnu(year: u16) -> Standard {
    Standard { year, gnu: true }
}

impl Standard {
    /// The dialect named by `-std=name`.
    pub fn parse(name: &str) -> Option<Standard> {
        STANDARDS.iter().find(|row| row.0 == name).map(|row| row.1)
    }

    /// The value of `__STDC_VERSION__`; C89 has none.
    pub fn stdc_version(self) -> Option<&'static str> {
        match self.year {
            1989 => None,
            1994 => Some("199409L"),
            1999 => Some("199901L"),
            2011 => Some("201112L"),
            2017 => Some("201710L"),
            _ => Some("202311L"),
        }
    }
}

/// A moment for `__DATE__`, `__TIME__`: broken down by whoever knows the time zone.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct BuildTime {
    pub year: u16,
    /// 1 to 12.
    pub month: u8,
    /// 1 to 31.
    pub day: u8,
    pub hour: u8,
    pub minute: u8,
    pub second: u8,
}

impl BuildTime {
    /// The moment `seconds` after the epoch, in UTC (as `SOURCE_DATE_EPOCH` asks for). Civil-from-days after
    /// the proleptic Gregorian calendar.
    pub fn utc(seconds: u64) -> BuildTime {
        let days = seconds / 86_400;
        let rest = seconds % 86_400;
        // Days since 0000-03-01, in eras of 400 years.
        let z = days + 719_468;
        let era = z / 146_097;
        let doe = z % 146_097;
        let yoe = (doe - doe / 1_460 + doe / 36_524 - doe / 146_096) / 365;
        let doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
        let mp = (5 * doy + 2) / 153;
        let month = if mp < 10 { mp + 3 } else { mp - 9 };
        let year = yoe + era * 400 + u64::from(month <= 2);
        BuildTime {
            year: year.min(u64::from(u16::MAX)) as u16,
            month: month as u8,
            day: (doy - (153 * mp + 2) / 5 + 1) as u8,
            hour: (rest / 3600) as u8,
            minute: (rest / 60 % 60) as u8,
            second: (rest % 60) as u8,
        }
    }
}

/// `-D` and `-U`, in the order of the command line.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum MacroOption {
    /// `NAME`, `NAME=BODY`, `NAME(params)=BODY`.
    Define(String),
    Undef(String),
}

/// What becomes of one kind of warning.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Ignored,
    Warning,
    Error,
}

/// A table of predefined macros: name (with parameters, if any) and body.
pub type MacroTable = &'static [(&'static str, &'static str)];

/// All options of the C front end that concern text.
#[derive(Clone, PartialEq, Debug)]
pub struct Options {
    /// The main file, as the user named it.
    pub file: String,
    pub standard: Standard,
    /// `-trigraphs`; `None`: as the standard says (on for `c99`, off for `gnu99`).
    pub trigraphs: Option<bool>,
    /// What `__GNUC__`, `__GNUC_MINOR__`, `__GNUC_PATCHLEVEL__` say; `None` defines none of them.
    pub gnuc: Option<(u32, u32, u32)>,
    /// kit's own version, for `__VERSION__` and `__KIT__`.
    pub version: &'static str,
    /// 0 to 3.
    pub optimize: u8,
    pub optimize_size: bool,
    /// 0, 1 (`-fpic`), 2 (`-fPIC`).
    pub pic: u8,
    /// 0, 1 (`-fpie`), 2 (`-fPIE`).
    pub pie: u8,
    /// False with `-ffreestanding`.
    pub hosted: bool,
    /// `inline` has GNU's older meaning whatever the standard (`-fgnu89-inline`).
    pub gnu89_inline: bool,
    /// Plain `char` is unsigned.
    pub unsigned_char: bool,
    /// `-pthread`: `_REENTRANT`.
    pub pthread: bool,
    /// `-undef`: no system or target macros.
    pub undef: bool,
    /// The facts of the target, most general first.
    pub target_macros: Vec<MacroTable>,
    /// `-iquote`.
    pub quote_dirs: Vec<String>,
    /// `-I`.
    pub include_dirs: Vec<String>,
    /// `-isystem` and then the target's own directories.
    pub system_dirs: Vec<String>,
    /// `-idirafter`.
    pub after_dirs: Vec<String>,
    pub macros: Vec<MacroOption>,
    /// The C library has a `stdc-predef.h`, which is included before everything else, as by gcc.
    pub predef_header: bool,
    /// `-include`.
    pub includes: Vec<String>,
    /// `-imacros`.
    pub imacros: Vec<String>,
    /// For `__DATE__` and `__TIME__`; `None` gives gcc's `"??? ?? ????"`.
    pub time: Option<BuildTime>,
    /// `-W…`, `-Wno-…`, `-Werror=…`.
    pub warnings: crate::warnings::Settings,
    /// `-w`.
    pub no_warnings: bool,
    /// `-Werror`.
    pub werror: bool,
    /// `-Wsystem-headers`.
    pub system_header_warnings: bool,
    /// `-pedantic`.
    pub pedantic: bool,
    /// `-pedantic-errors`.
    pub pedantic_errors: bool,
    /// Missing headers are dependencies, not errors (`-MG`).
    pub missing_headers_ok: bool,
    /// The text is assembler (`.S`): unknown directives are none of ours.
    pub assembler: bool,
    /// Keep everything that `-E` prints: pragmas as written, events (see `pp::print`).
    pub print_mode: bool,
    /// Builtin functions that only the target's architecture has, ordered by name.
    pub machine_builtins: &'static [target::MachineBuiltin],
    /// How programs ask what the processor under them can do.
    pub processor: Option<&'static target::ProcessorTests>,
    /// Names for which `__has_attribute`, `__has_builtin` and so on answer with yes.
    pub features: Features,
}

/// What the compiler behind the preprocessor can do, asked for by `__has_attribute(x)` and its like.
#[derive(Clone, Copy, Debug)]
pub struct Features {
    /// Of a GNU attribute's name without underscores around it.
    pub attribute: fn(&str) -> bool,
    pub builtin: fn(&str) -> bool,
    /// `__has_feature` and `__has_extension`, in clang's words.
    pub feature: fn(&str) -> bool,
}

/// By address: what differs may answer alike, which nobody relies on.
impl PartialEq for Features {
    fn eq(&self, other: &Features) -> bool {
        let alike = |a: fn(&str) -> bool, b: fn(&str) -> bool| std::ptr::fn_addr_eq(a, b);
        alike(self.attribute, other.attribute)
            && alike(self.builtin, other.builtin)
            && alike(self.feature, other.feature)
    }
}

impl Features {
    /// A preprocessor alone: no to everything.
    pub const NONE: Features = Features { attribute: |_| false, builtin: |_| false, feature: |_| false };

    /// What this front end does.
    pub const KIT: Features = Features {
        attribute: crate::attributes::is_implemented,
        builtin: crate::builtins::is_implemented,
        feature: |name| LANGUAGE_FEATURES.contains(&name),
    };
}

/// What of C11 there is, by the names that clang gave the parts.
static LANGUAGE_FEATURES: &[&str] =
    &["c_alignas", "c_alignof", "c_atomic", "c_generic_selections", "c_static_assert", "c_thread_local"];

impl Default for Options {
    fn default() -> Options {
        Options {
            file: String::new(),
            standard: gnu(2017),
            trigraphs: None,
            gnuc: Some((4, 2, 1)),
            version: env!("CARGO_PKG_VERSION"),
            optimize: 0,
            optimize_size: false,
            pic: 0,
            pie: 0,
            hosted: true,
            gnu89_inline: false,
            unsigned_char: false,
            pthread: false,
            undef: false,
            target_macros: Vec::new(),
            quote_dirs: Vec::new(),
            include_dirs: Vec::new(),
            system_dirs: Vec::new(),
            after_dirs: Vec::new(),
            macros: Vec::new(),
            predef_header: false,
            includes: Vec::new(),
            imacros: Vec::new(),
            time: None,
            warnings: crate::warnings::Settings::default(),
            no_warnings: false,
            werror: false,
            system_header_warnings: false,
            pedantic: false,
            pedantic_errors: false,
            missing_headers_ok: false,
            assembler: false,
            print_mode: false,
            machine_builtins: &[],
            processor: None,
            features: Features::NONE,
        }
    }
}

impl Options {
    /// Options for one file, everything else by default.
    pub fn new(file: impl Into<String>) -> Options {
        Options { file: file.into(), ..Options::default() }
    }

    pub(crate) fn trigraphs_on(&self) -> bool {
        self.trigraphs.unwrap_or(!self.standard.gnu && self.standard.year < 2023)
    }

    /// Does `inline` mean what it did before C99?
    pub(crate) fn gnu_inline(&self) -> bool {
        self.gnu89_inline || self.standard.year < 1999
    }

    pub(crate) fn line_comments(&self) -> bool {
        self.standard.gnu || self.standard.year >= 1999
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_broken_down() {
        let leap = BuildTime::utc(951_782_400 + 3_723);
        assert_eq!((leap.year, leap.month, leap.day, leap.hour, leap.minute, leap.second), (2000, 2, 29, 1, 2, 3));
        let epoch = BuildTime::utc(0);
        assert_eq!((epoch.year, epoch.month, epoch.day), (1970, 1, 1));
    }
}
