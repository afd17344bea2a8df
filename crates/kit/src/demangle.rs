//! The names of C++ and Rust functions and objects as their sources spell them, from the names that linkers see.
//!
//! C++: Itanium C++ ABI, chapter 5 ("External Names"), by `cpp_demangle`. Rust: RFC 2603 and the older scheme that looks
//! like C++'s, by `rustc-demangle`. The text is that of GNU binutils (`c++filt`, `nm -C`), because scripts read it.

mod gnu;

use cpp_demangle::{DemangleOptions, ParseOptions, Symbol};

/// Whose names are looked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Style {
    /// Whatever the name says it is.
    #[default]
    Auto,
    Cpp,
    Rust,
}

impl Style {
    /// The style that `word` names as GNU binutils name them. `Some(None)` asks for names as they stand; `None`: there
    /// is no such style, or none that kit knows.
    pub fn parse(word: &str) -> Option<Option<Style>> {
        match word {
            "auto" => Some(Some(Style::Auto)),
            "gnu-v3" => Some(Some(Style::Cpp)),
            "rust" => Some(Some(Style::Rust)),
            "none" => Some(None),
            _ => None,
        }
    }
}

impl Style {
    /// [`demangle_symbol`] for this style, as listers take it.
    pub fn function(self) -> fn(&[u8]) -> Option<String> {
        match self {
            Style::Auto => |name| demangle_symbol(name, Style::Auto),
            Style::Cpp => |name| demangle_symbol(name, Style::Cpp),
            Style::Rust => |name| demangle_symbol(name, Style::Rust),
        }
    }
}

/// How much of a name is shown.
#[derive(Clone, Copy, Debug, Default)]
pub struct Parts {
    /// Without the parameters of functions.
    pub no_parameters: bool,
    /// All of it, as `c++filt` shows it and `nm -C` does not: what `std::string` stands for, the hashes of Rust's crates.
    pub verbose: bool,
}

/// Names longer than this stay as they are: their meaning can be exponentially longer.
const MAX_LEN: usize = 1 << 14;
/// Depth of what a name may nest.
const MAX_DEPTH: u32 = 256;

/// The name in its source, or `None` when it is an ordinary one.
pub fn demangle(name: &[u8], style: Style) -> Option<String> {
    demangle_parts(name, style, Parts::default())
}

/// [`demangle`] for a symbol's name: dots or dollar signs in front of it and a version behind it stay.
pub fn demangle_symbol(name: &[u8], style: Style) -> Option<String> {
    let front = name.iter().take_while(|byte| matches!(byte, b'.' | b'$')).count();
    let (dots, rest) = name.split_at(front);
    let end = rest.iter().position(|&byte| byte == b'@').unwrap_or(rest.len());
    let (mangled, version) = rest.split_at(end);
    let text = demangle(mangled, style)?;
    if dots.is_empty() && version.is_empty() {
        return Some(text);
    }
    Some(format!("{}{text}{}", String::from_utf8_lossy(dots), String::from_utf8_lossy(version)))
}

/// [`demangle`], with a choice of what is shown.
pub fn demangle_parts(name: &[u8], style: Style, parts: Parts) -> Option<String> {
    if name.len() > MAX_LEN || !(name.starts_with(b"_") || name.starts_with(b"R")) {
        return None;
    }
    if style != Style::Cpp
        && let Some(text) = rust(name, parts)
    {
        return Some(text);
    }
    if style == Style::Rust { None } else { cpp(name, parts) }
}

/// The type that `code` stands for in names of C++: `i` is `int`. `None` when it is none.
pub fn demangle_type(code: &[u8]) -> Option<String> {
    let mut name = b"_ZTI".to_vec();
    name.extend_from_slice(code);
    cpp(&name, Parts::default())?.strip_prefix("typeinfo for ").map(String::from)
}

fn rust(name: &[u8], parts: Parts) -> Option<String> {
    let mut name = std::str::from_utf8(name).ok()?;
    // What compilers put behind a name (`.0`, `.llvm.123`) GNU leaves out.
    if name.starts_with("_R") {
        name = name.split('.').next().unwrap_or_default();
    }
    while name.starts_with("_ZN")
        && !name.ends_with('E')
        && let Some((front, _)) = name.rsplit_once('.')
    {
        name = front;
    }
    if name.starts_with("_ZN") && !ends_with_hash(name) {
        return None;
    }
    let demangled = rustc_demangle::try_demangle(name).ok()?;
    Some(if parts.verbose { demangled.to_string() } else { format!("{demangled:#}") })
}

/// What tells names of Rust's older scheme from C++'s of the same shape: a last part `h` and 16 hexadecimal digits, of which at least
/// five differ (libiberty, `rust-demangle.c`).
fn ends_with_hash(name: &str) -> bool {
    const DIGITS: usize = 16;
    let hash = || {
        let front = name.strip_suffix('E')?;
        let (front, digits) = front.split_at_checked(front.len().checked_sub(DIGITS)?)?;
        front.ends_with("17h").then_some(digits)
    };
    let Some(digits) = hash() else { return false };
    let seen = digits.bytes().try_fold(0u16, |seen, digit| match digit {
        b'0'..=b'9' => Some(seen | 1 << (digit - b'0')),
        b'a'..=b'f' => Some(seen | 1 << (digit - b'a' + 10)),
        _ => None,
    });
    seen.is_some_and(|seen| seen.count_ones() >= 5)
}

fn cpp(name: &[u8], parts: Parts) -> Option<String> {
    if !name.starts_with(b"_Z") && !name.starts_with(b"___Z") && !name.starts_with(b"_GLOBAL_") {
        return None;
    }
    let options = ParseOptions::default().recursion_limit(MAX_DEPTH);
    let renamed;
    let (name, symbol) = match Symbol::new_with_options(name, &options) {
        Ok(symbol) => (name, symbol),
        Err(_) => {
            renamed = plain_constructors(name)?;
            (&renamed[..], Symbol::new_with_options(&renamed[..], &options).ok()?)
        }
    };
    let mut options = DemangleOptions::new().recursion_limit(MAX_DEPTH);
    if parts.no_parameters {
        options = options.no_params().no_return_type();
    }
    let text = symbol.demangle(&options).ok()?;
    let text = whole_constructor(name, &text, &options).unwrap_or(text);
    Some(gnu::wording(name, text, parts.verbose))
}

/// `cpp_demangle` takes the first parameter of a constructor that is a template for the type of its value, and leaves it
/// out. With one in front that is none all parameters are there.
fn whole_constructor(name: &[u8], text: &str, options: &DemangleOptions) -> Option<String> {
    let front = |text: &str| text.find('(').map(|at| text[..at].to_string());
    let start =
        name.windows(3).position(|three| three[0] == b'C' && matches!(three[1], b'1'..=b'5') && three[2] == b'I')?;
    let wanted = front(text)?;
    let ends = name[start..].windows(2).enumerate().filter(|(_, two)| *two == b"EE").map(|(at, _)| start + at + 2);
    // Few of the places where lists end are looked at: each costs a parse.
    for end in ends.take(16) {
        let candidate = [&name[..end], b"v", &name[end..]].concat();
        let parse = ParseOptions::default().recursion_limit(MAX_DEPTH);
        let whole = Symbol::new_with_options(&candidate[..], &parse).ok().and_then(|name| name.demangle(options).ok());
        if let Some(whole) = whole.filter(|whole| front(whole).as_ref() == Some(&wanted)) {
            return Some(whole);
        }
    }
    None
}

/// GNU's kinds of constructors and destructors that are none of the ABI's (4: unified, 5: the group of all) as its
/// complete ones, if the name has any.
fn plain_constructors(name: &[u8]) -> Option<Vec<u8>> {
    let mut renamed = name.to_vec();
    let mut any = false;
    for at in 1..name.len() {
        if matches!(name[at - 1], b'C' | b'D') && matches!(name[at], b'4' | b'5') {
            renamed[at] = b'1';
            any = true;
        }
    }
    any.then_some(renamed)
}
