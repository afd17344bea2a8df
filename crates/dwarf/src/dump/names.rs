//! Numbers in words, as binutils write them: tags, attributes, forms (DWARF 5, 7.5), and what values of some attributes mean.

use gimli::{DwAt, DwForm, DwTag};

pub(super) fn tag(number: u64) -> String {
    let known = u16::try_from(number).ok().and_then(|number| DwTag(number).static_string());
    match known {
        // GNU's words are other ones here.
        _ if number == u64::from(gimli::DW_TAG_template_type_parameter.0) => "DW_TAG_template_type_param".into(),
        _ if number == u64::from(gimli::DW_TAG_template_value_parameter.0) => "DW_TAG_template_value_param".into(),
        Some(name) => name.into(),
        None if (0x4080..=0xffff).contains(&number) => format!("User TAG value: {number:#x}"),
        None => format!("Unknown TAG value: {number:#x}"),
    }
}

pub(super) fn attribute(number: u64) -> String {
    let known = u16::try_from(number).ok().and_then(|number| DwAt(number).static_string());
    match known {
        _ if number == 0 => "DW_AT value: 0".into(),
        Some(name) => name.into(),
        None if (0x2000..=0x3fff).contains(&number) => format!("User AT value: {number:#x}"),
        None => format!("Unknown AT value: {number:#x}"),
    }
}

pub(super) fn form(number: u64) -> String {
    let known = u16::try_from(number).ok().and_then(|number| DwForm(number).static_string());
    match known {
        _ if number == 0 => "DW_FORM value: 0".into(),
        Some(name) => name.into(),
        None => format!("Unknown FORM value: {number:#x}"),
    }
}

/// Values of one attribute: each number and what it means; then what any other one is.
struct Words {
    attribute: DwAt,
    known: &'static [(u64, &'static str)],
    other: &'static str,
}

static WORDS: &[Words] = &[
    Words {
        attribute: gimli::DW_AT_inline,
        known: &[
            (0, "(not inlined)"),
            (1, "(inlined)"),
            (2, "(declared as inline but ignored)"),
            (3, "(declared as inline and inlined)"),
        ],
        other: "",
    },
    Words { attribute: gimli::DW_AT_language, known: LANGUAGES, other: "" },
    Words { attribute: gimli::DW_AT_encoding, known: ENCODINGS, other: "(unknown type)" },
    Words {
        attribute: gimli::DW_AT_accessibility,
        known: &[(1, "(public)"), (2, "(protected)"), (3, "(private)")],
        other: "(unknown accessibility)",
    },
    Words {
        attribute: gimli::DW_AT_visibility,
        known: &[(1, "(local)"), (2, "(exported)"), (3, "(qualified)")],
        other: "(unknown visibility)",
    },
    Words {
        attribute: gimli::DW_AT_endianity,
        known: &[(0, "(default)"), (1, "(big)"), (2, "(little)")],
        other: "(unknown endianity)",
    },
    Words {
        attribute: gimli::DW_AT_virtuality,
        known: &[(0, "(none)"), (1, "(virtual)"), (2, "(pure_virtual)")],
        other: "(unknown virtuality)",
    },
    Words {
        attribute: gimli::DW_AT_identifier_case,
        known: &[(0, "(case_sensitive)"), (1, "(up_case)"), (2, "(down_case)"), (3, "(case_insensitive)")],
        other: "(unknown case)",
    },
    Words {
        attribute: gimli::DW_AT_calling_convention,
        known: &[(1, "(normal)"), (2, "(program)"), (3, "(nocall)"), (4, "(pass by ref)"), (5, "(pass by value)")],
        other: "(unknown convention)",
    },
    Words {
        attribute: gimli::DW_AT_ordering,
        known: &[(u64::MAX, "(undefined)"), (0, "(row major)"), (1, "(column major)")],
        other: "",
    },
    Words {
        attribute: gimli::DW_AT_decimal_sign,
        known: &[
            (1, "(unsigned)"),
            (2, "(leading overpunch)"),
            (3, "(trailing overpunch)"),
            (4, "(leading separate)"),
            (5, "(trailing separate)"),
        ],
        other: "(unrecognised)",
    },
    Words {
        attribute: gimli::DW_AT_defaulted,
        known: &[(0, "(no)"), (1, "(in class)"), (2, "(out of class)")],
        other: "(unrecognised)",
    },
];

static LANGUAGES: &[(u64, &str)] = &[
    (1, "(ANSI C)"),
    (2, "(non-ANSI C)"),
    (3, "(Ada)"),
    (4, "(C++)"),
    (5, "(Cobol 74)"),
    (6, "(Cobol 85)"),
    (7, "(FORTRAN 77)"),
    (8, "(Fortran 90)"),
    (9, "(ANSI Pascal)"),
    (10, "(Modula 2)"),
    (11, "(Java)"),
    (12, "(ANSI C99)"),
    (13, "(ADA 95)"),
    (14, "(Fortran 95)"),
    (15, "(PLI)"),
    (16, "(Objective C)"),
    (17, "(Objective C++)"),
    (18, "(Unified Parallel C)"),
    (19, "(D)"),
    (20, "(Python)"),
    (21, "(OpenCL)"),
    (22, "(Go)"),
    (23, "(Modula 3)"),
    (24, "(Haskell)"),
    (25, "(C++03)"),
    (26, "(C++11)"),
    (27, "(OCaml)"),
    (28, "(Rust)"),
    (29, "(C11)"),
    (30, "(Swift)"),
    (31, "(Julia)"),
    (32, "(Dylan)"),
    (33, "(C++14)"),
    (34, "(Fortran 03)"),
    (35, "(Fortran 08)"),
    (36, "(RenderScript)"),
    (0x8001, "(MIPS assembler)"),
    (0x8765, "(Unified Parallel C)"),
];

static ENCODINGS: &[(u64, &str)] = &[
    (0, "(void)"),
    (1, "(machine address)"),
    (2, "(boolean)"),
    (3, "(complex float)"),
    (4, "(float)"),
    (5, "(signed)"),
    (6, "(signed char)"),
    (7, "(unsigned)"),
    (8, "(unsigned char)"),
    (9, "(imaginary float)"),
    (10, "(packed_decimal)"),
    (11, "(numeric_string)"),
    (12, "(edited)"),
    (13, "(signed_fixed)"),
    (14, "(unsigned_fixed)"),
    (15, "(decimal float)"),
    (16, "(unicode string)"),
    (17, "(UCS)"),
    (18, "(ASCII)"),
];

/// What the value of an attribute means; nothing for one whose values are plain numbers.
pub(super) fn meaning(attribute: u64, value: u64) -> Option<String> {
    let words = WORDS.iter().find(|words| u64::from(words.attribute.0) == attribute)?;
    let known = words.known.iter().find(|(number, _)| *number == value);
    Some(match known {
        Some((_, word)) => (*word).into(),
        None if words.attribute == gimli::DW_AT_language && (0x8000..=0xffff).contains(&value) => {
            format!("(implementation defined: {value:#x})")
        }
        None if words.attribute == gimli::DW_AT_language => format!("(unknown: {value:#x})"),
        None if words.attribute == gimli::DW_AT_inline => {
            format!("  (Unknown inline attribute value: {value:#x})")
        }
        None if words.attribute == gimli::DW_AT_encoding && (0x80..=0xff).contains(&value) => {
            "(user defined type)".into()
        }
        None => words.other.into(),
    })
}
