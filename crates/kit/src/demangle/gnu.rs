//! From the words of `cpp_demangle` to those of GNU binutils: one small change after the other, each on the whole text.
//!
//! Both write the same tree; where they differ (the names of what compilers make themselves, the types of literals, empty
//! packs) the text alone tells enough. What it does not tell stays as it is.

/// How `cpp_demangle` begins a name that compilers made, how that ends, and GNU's words for it.
static SPECIAL: &[(&str, &str, &str)] = &[
    ("{vtable(", ")}", "vtable for "),
    ("{vtt(", ")}", "VTT for "),
    ("{tls_init(", ")}", "TLS init function for "),
    ("{tls_wrapper(", ")}", "TLS wrapper function for "),
];

/// Types of literals, and the letters that GNU puts behind the number instead.
static LITERALS: &[(&str, &str)] = &[
    ("(unsigned int)", "u"),
    ("(unsigned long)", "ul"),
    ("(long)", "l"),
    ("(int)", ""),
    ("(unsigned long long)", "ull"),
    ("(long long)", "ll"),
];

/// What empty packs leave behind.
static EMPTY_PACKS: &[(&str, &str)] = &[
    (", >", ">"),
    (", )", ")"),
    (">(&&)", ">()"),
    (">(&)", ">()"),
    (">( const&)", ">()"),
    (", &&)", ")"),
    (", &)", ")"),
    (",  const&)", ")"),
];

/// What the short names of the standard library stand for.
static STANDARD: &[(&str, &str)] = &[
    ("std::string", "std::basic_string<char, std::char_traits<char>, std::allocator<char> >"),
    ("std::istream", "std::basic_istream<char, std::char_traits<char> >"),
    ("std::ostream", "std::basic_ostream<char, std::char_traits<char> >"),
    ("std::iostream", "std::basic_iostream<char, std::char_traits<char> >"),
];

/// The text in GNU's words.
pub(super) fn wording(name: &[u8], text: String, verbose: bool) -> String {
    let mut text = special(name, text);
    if name.starts_with(b"_ZZ") {
        text = without_result(text);
    } else if name.starts_with(b"_ZGVZ")
        && let Some(rest) = text.strip_prefix(GUARD)
    {
        text = format!("{GUARD}{}", without_result(rest.to_string()));
    }
    if text.contains("&::") || text.contains(" const::") {
        text = qualifiers_last(&text);
    }
    if let Some((index, sign)) = pack_of_references(name) {
        text = pack(text, index, sign);
    }
    for (empty, plain) in EMPTY_PACKS {
        if text.contains(empty) {
            text = text.replace(empty, plain);
        }
    }
    if LITERALS.iter().any(|(kind, _)| text.contains(kind)) {
        text = literals(&text);
    }
    if text.contains('<') && text.contains('(') {
        text = arguments(&text);
    }
    if text.contains("std::") {
        text = standard(name, &text, verbose);
    }
    text
}

fn special(name: &[u8], text: String) -> String {
    for (front, back, words) in SPECIAL {
        if let Some(inner) = text.strip_prefix(front).and_then(|rest| rest.strip_suffix(back)) {
            return format!("{words}{inner}");
        }
    }
    if let Some(rest) = text.strip_prefix("{virtual override thunk(").and_then(|rest| rest.strip_suffix(")}")) {
        let words = match name.get(..4) {
            Some(b"_ZTv") => "virtual thunk to ",
            Some(b"_ZTc") => "covariant return thunk to ",
            _ => "non-virtual thunk to ",
        };
        // In front stand one or two offsets.
        let mut target = rest;
        while let Some(inner) = target.strip_prefix('{') {
            let Some((_, behind)) = inner.split_once("}, ") else { break };
            target = behind;
        }
        return format!("{words}{target}");
    }
    // What is in what, the other way round.
    if let Some((outer, inner)) = text.strip_prefix("construction vtable for ").and_then(|rest| rest.split_once("-in-"))
    {
        return format!("construction vtable for {inner}-in-{outer}");
    }
    text
}

/// What stands in front of the name of a guard.
const GUARD: &str = "guard variable for ";

/// The function that something local belongs to is shown without the type of its value.
fn without_result(text: String) -> String {
    let mut depth = 0i32;
    let mut start = 0;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'(' if depth == 0 => break,
            // From here on blanks belong to the name.
            b'o' if depth == 0 && text[at..].starts_with("operator") && (at == start || text[..at].ends_with("::")) => {
                break;
            }
            b'<' | b'{' | b'[' | b'(' => depth += 1,
            b'>' | b'}' | b']' | b')' => depth -= 1,
            b' ' if depth == 0 => start = at + 1,
            _ => {}
        }
    }
    text[start..].to_string()
}

/// If the last parameters are a pack of references: the number of the template's parameter, and the sign.
fn pack_of_references(name: &[u8]) -> Option<(usize, &'static str)> {
    let front = name.strip_suffix(b"_")?;
    let digits = front.iter().rev().take_while(|byte| byte.is_ascii_digit() || byte.is_ascii_uppercase()).count();
    // Base 36 cannot be told from the letters in front: the last `T` begins the number.
    let at = front.len() - digits;
    let number = at + front[at..].iter().rposition(|&byte| byte == b'T')?;
    let index = match &front[number + 1..] {
        [] => 0,
        text => usize::from_str_radix(std::str::from_utf8(text).ok()?, 36).ok()?.checked_add(1)?,
    };
    let signs: [(&[u8], &str); 4] = [(b"DpO", "&&"), (b"DpR", "&"), (b"DpRK", " const&"), (b"DpOK", " const&&")];
    signs.into_iter().find(|(mark, _)| front[..number].ends_with(mark)).map(|(_, sign)| (index, sign))
}

/// The signs of a pack's parameters are put where they belong: behind each.
fn pack(text: String, index: usize, sign: &str) -> String {
    let whole = text.strip_suffix(" const").unwrap_or(&text);
    let Some(open) = last_group(whole) else { return text };
    let name = &text[..open];
    let Some(start) = template_start(name) else { return text };
    let arguments = split(&name[start + 1..name.len() - 1]);
    let mut parameters: Vec<String> = split(&whole[open + 1..whole.len() - 1]).into_iter().map(String::from).collect();
    let n_pack = arguments.len().saturating_sub(index);
    let Some(first) = parameters.len().checked_sub(n_pack).filter(|_| n_pack > 0) else { return text };
    for (parameter, argument) in parameters[first..].iter_mut().zip(&arguments[index..]) {
        *parameter = reference(argument, sign);
    }
    format!("{name}({}){}", parameters.join(", "), &text[whole.len()..])
}

/// The reference type `sign` to `argument`. A reference to a reference is the weaker one.
fn reference(argument: &str, sign: &str) -> String {
    // Before the end of its list a blank keeps two `>` apart.
    let argument = argument.trim_end();
    if argument.contains("(&) [") || argument.contains("(&)(") || argument.ends_with([')', ']']) {
        return argument.to_string();
    }
    match argument.strip_suffix("&&") {
        Some(_) if sign.ends_with("&&") => argument.to_string(),
        Some(plain) => format!("{plain}&"),
        None if argument.ends_with('&') => argument.to_string(),
        None if argument.ends_with(" const") => format!("{argument}{}", sign.trim_start_matches(" const")),
        None => format!("{argument}{sign}"),
    }
}

/// Where the arguments of the template begin that `name` ends with.
fn template_start(name: &str) -> Option<usize> {
    let mut depth = 0i32;
    for (at, byte) in name.bytes().enumerate().rev() {
        match byte {
            b'>' if !name[..at].ends_with('-') => depth += 1,
            b')' | b'}' | b']' => depth += 1,
            b'<' | b'(' | b'{' | b'[' => {
                depth -= 1;
                if depth == 0 {
                    return (byte == b'<').then_some(at);
                }
            }
            _ => {}
        }
        if depth == 0 {
            return None;
        }
    }
    None
}

/// The arguments of a list.
fn split(list: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut rest = list;
    while !rest.is_empty() {
        let len = argument_len(rest);
        parts.push(&rest[..len]);
        match rest[len..].strip_prefix(", ") {
            Some(more) => rest = more,
            None => break,
        }
    }
    parts
}

fn literals(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('(') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let literal = LITERALS.iter().find_map(|(kind, letters)| {
            let value = tail.strip_prefix(kind)?;
            let sign = usize::from(value.starts_with('-'));
            let digits = value[sign..].bytes().take_while(u8::is_ascii_digit).count();
            (digits > 0).then(|| (&value[..sign + digits], *letters, &value[sign + digits..]))
        });
        rest = match literal {
            Some((number, letters, behind)) => {
                out.push_str(number);
                out.push_str(letters);
                behind
            }
            None => {
                out.push('(');
                &tail[1..]
            }
        };
    }
    out.push_str(rest);
    out
}

/// True for what may stand at the end of a type or a name.
fn ends_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'>' | b'*' | b'&' | b'}' | b']')
}

/// Goes through the arguments of templates: a function type has a blank before its parameters, and the address of a
/// function is shown in parentheses or, where its name says enough, without its parameters.
fn arguments(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let rest = &text[at..];
        let len = opening(rest);
        out.push_str(&rest[..len]);
        at += len;
        if at < bytes.len() && (out.ends_with('<') || out.ends_with(", ")) {
            let end = at + argument_len(&text[at..]);
            let argument = &text[at..end];
            if bytes[at] == b'&' && bytes.get(at + 1) != Some(&b'(') && inside(&out) {
                out.push_str(&address(argument));
                at = end;
            } else if let Some(parameters) = function_type(argument).filter(|_| inside(&out)) {
                out.push_str(&arguments(&argument[..parameters]));
                out.push(' ');
                out.push_str(&arguments(&argument[parameters..]));
                at = end;
            }
        }
    }
    out
}

/// Bytes up to and with the next beginning of an argument.
fn opening(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] == b'<' && !text[..at].ends_with("operator") && !text[..at].ends_with("operator<") {
            return at + 1;
        }
        if text[at..].starts_with(", ") {
            return at + 2;
        }
        at += 1;
    }
    bytes.len()
}

/// True when what was written last stands in the arguments of a template, not in the parameters of a function.
fn inside(written: &str) -> bool {
    let mut depth = 0i32;
    for (at, byte) in written.bytes().enumerate().rev() {
        match byte {
            b'>' if !written[..at].ends_with('-') && !written[..at].ends_with("operator") => depth += 1,
            b')' | b'}' | b']' => depth += 1,
            b'<' if !written[..at].ends_with("operator") => {
                if depth == 0 {
                    return true;
                }
                depth -= 1;
            }
            b'(' | b'{' | b'[' => {
                if depth == 0 {
                    return false;
                }
                depth -= 1;
            }
            _ => {}
        }
    }
    false
}

/// Bytes up to the end of the argument that `text` begins with.
fn argument_len(text: &str) -> usize {
    let mut depth = 0i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'<' | b'>' if text[..at].ends_with("operator") || text[..at].ends_with("operator<") => {}
            b'>' if text[..at].ends_with('-') => {}
            b'<' | b'(' | b'{' | b'[' => depth += 1,
            b'>' | b')' | b'}' | b']' => {
                if depth == 0 {
                    return at;
                }
                depth -= 1;
            }
            b',' if depth == 0 => return at,
            _ => {}
        }
    }
    text.len()
}

/// Where the parameters begin, if the argument is a function type.
fn function_type(argument: &str) -> Option<usize> {
    if argument.starts_with("decltype") || argument.starts_with(['(', '{']) {
        return None;
    }
    let qualifiers = [" const", " volatile", "&", "&&", " &", " &&", " noexcept"];
    let mut whole = argument;
    while let Some(shorter) = qualifiers.iter().find_map(|word| whole.strip_suffix(word)) {
        whole = shorter;
    }
    let open = last_group(whole)?;
    let before = *argument.as_bytes().get(open.checked_sub(1)?)?;
    ends_name(before).then_some(open)
}

/// Where the group of parentheses begins that `text` ends with.
fn last_group(text: &str) -> Option<usize> {
    if !text.ends_with(')') {
        return None;
    }
    let mut depth = 0i32;
    for (at, byte) in text.bytes().enumerate().rev() {
        match byte {
            b')' => depth += 1,
            b'(' => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// The address of a function or an object, `&` in front.
fn address(argument: &str) -> String {
    let name = &argument[1..];
    let plain = name.strip_suffix(" const").unwrap_or(name);
    let Some(open) = last_group(plain) else { return format!("&{}", arguments(name)) };
    if name[..open].ends_with('>') || !name[..open].contains("::") {
        return format!("&({})", arguments(name));
    }
    format!("&{}", arguments(&name[..open]))
}

/// What stands behind a type but before the rest of its name (`A&::B`) goes to the end of the name.
fn qualifiers_last(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("::") {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let mut moved = String::new();
        while let Some(word) = ["&&", "&", " const"].into_iter().find(|word| out.ends_with(word)) {
            let shorter = out.len() - word.len();
            // Of a function it says how it is called, and may have names in it.
            if out[..shorter].ends_with([')', '(', ' ', '<']) {
                break;
            }
            out.truncate(shorter);
            moved.insert_str(0, word);
        }
        let len = 2 + if moved.is_empty() { 0 } else { name_len(&rest[2..]) };
        out.push_str(&rest[..len]);
        out.push_str(&moved);
        rest = &rest[len..];
    }
    out.push_str(rest);
    out
}

/// Bytes of the qualified name that `text` begins with.
fn name_len(text: &str) -> usize {
    let mut depth = 0i32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'<' | b'(' | b'{' | b'[' if depth > 0 || byte == b'<' || byte == b'{' => depth += 1,
            b'>' | b')' | b'}' | b']' if depth > 0 => depth -= 1,
            _ if depth > 0 || byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b':' | b'~' | 0x80..) => {}
            _ => return at,
        }
    }
    text.len()
}

/// The short names of the standard library. Constructors and destructors are called by the long ones.
fn standard(name: &[u8], text: &str, verbose: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("std::") {
        out.push_str(&rest[..at]);
        let tail = &rest[at..];
        let whole = !out.ends_with("::") && !out.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
        let found = STANDARD.iter().filter(|_| whole).find_map(|(short, long)| {
            let behind = tail.strip_prefix(short)?;
            let own = &short["std::".len()..];
            let member = ["::", "::~"].into_iter().find_map(|front| {
                let behind = behind.strip_prefix(front)?.strip_prefix(own)?;
                behind.starts_with(['(', '<']).then_some((front, behind))
            });
            if let Some((front, behind)) = member {
                let class = long.split('<').next().unwrap_or(long);
                return Some((format!("{long}{front}{}", &class["std::".len()..]), behind));
            }
            let ends = verbose && !behind.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            ends.then(|| ((*long).to_string(), behind))
        });
        let null =
            tail.strip_prefix("std::nullptr_t").filter(|_| whole).map(|behind| ("decltype(nullptr)".into(), behind));
        rest = match found.or(null) {
            Some((long, behind)) => {
                out.push_str(&long);
                if behind.starts_with('>') && long.ends_with('>') {
                    out.push(' ');
                }
                behind
            }
            None => {
                out.push_str("std::");
                &tail["std::".len()..]
            }
        };
    }
    out.push_str(rest);
    if verbose { out } else { shortened(name, out) }
}

/// Streams by their short names, but for constructors and destructors.
fn shortened(name: &[u8], mut text: String) -> String {
    for (short, long) in &STANDARD[1..] {
        let class = long.split('<').next().unwrap_or(long).trim_start_matches("std::");
        // A template's result may be one without being called so.
        if name.windows(class.len()).any(|part| part == class.as_bytes()) {
            continue;
        }
        let mut from = 0;
        while let Some(at) = text[from..].find(long).map(|at| from + at) {
            let behind = &text[at + long.len()..];
            let own = ["::~", "::"].iter().any(|front| {
                behind
                    .strip_prefix(front)
                    .and_then(|rest| rest.strip_prefix(class))
                    .is_some_and(|rest| rest.starts_with(['(', '<']))
            });
            if own {
                from = at + long.len();
                continue;
            }
            // The blank kept two `>` apart, of which one goes.
            let blank = usize::from(behind.starts_with(" >"));
            text.replace_range(at..at + long.len() + blank, short);
            from = at + short.len();
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use crate::demangle::{Parts, Style, demangle, demangle_parts, demangle_type};

    #[test]
    fn names_read_as_gnu_writes_them() {
        let cases = [
            ("_Z1fv", "f()"),
            ("_ZTV1A", "vtable for A"),
            ("_ZTT1A", "VTT for A"),
            ("_ZThn16_N1A1fEv", "non-virtual thunk to A::f()"),
            ("_ZTv0_n24_N1A1fEv", "virtual thunk to A::f()"),
            ("_ZTC1A0_1B", "construction vtable for B-in-A"),
            ("_Z1fI1AILj4ELm5ELin1EEEvv", "void f<A<4u, 5ul, -1> >()"),
            ("_Z1f1AI1BJEE", "f(A<B>)"),
            ("_Z1fSt8functionIFbRKiEE", "f(std::function<bool (int const&)>)"),
            ("_Z1fILb1EEvT_", "_Z1fILb1EEvT_"),
            ("_Z1fIJiRKcdEEvDpOT_", "void f<int, char const&, double>(int&&, char const&, double&&)"),
            ("_Z1fIcJidEEvT_DpRKT0_", "void f<char, int, double>(char, int const&, double const&)"),
            ("_Z1fIcJEEvT_DpOT0_", "void f<char>(char)"),
            (
                "_ZNSsC1ERKSs",
                "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(std::string const&)",
            ),
            ("_ZNSs6appendERKSs", "std::string::append(std::string const&)"),
        ];
        for (name, wanted) in cases {
            let text = demangle(name.as_bytes(), Style::Auto);
            if name == wanted {
                continue;
            }
            assert_eq!(text.as_deref(), Some(wanted), "{name}");
        }
        let verbose = Parts { verbose: true, ..Parts::default() };
        let text = demangle_parts(b"_Z1fSt6vectorISsE", Style::Cpp, verbose);
        let string = "std::basic_string<char, std::char_traits<char>, std::allocator<char> >";
        assert_eq!(text, Some(format!("f(std::vector<{string} >)")));
        assert_eq!(demangle_type(b"PKc").as_deref(), Some("char const*"));
        assert_eq!(demangle(b"main", Style::Auto), None);
        assert_eq!(demangle(b"_ZN3foo17h05af221e174051e9E", Style::Auto).as_deref(), Some("foo"));
    }

    #[test]
    fn damaged_names_do_no_harm() {
        let whole = b"_ZN5clang12ast_matchers7dynamic8internal25variadicMatcherDescriptorINS0_8internal15BindableMatcherI\
            NS_12TemplateNameEEENS4_7MatcherIS6_EEXadL_ZNS4_18makeAllOfCompositeIS6_EENS5_IT_EEN4llvm8ArrayRefIPKNS8_ISB_E\
            EEEEEEENS1_14VariantMatcherENSD_9StringRefENS1_11SourceRangeENSE_INS1_11ParserValueEEEPNS1_11DiagnosticsE";
        let mut state = 7u64;
        for _ in 0..20_000 {
            let mut name = whole.to_vec();
            for _ in 0..3 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
                let at = 2 + (state >> 33) as usize % (name.len() - 2);
                name[at] = whole[2 + (state >> 13) as usize % (whole.len() - 2)];
            }
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            name.truncate(2 + (state >> 33) as usize % name.len());
            let _ = demangle(&name, Style::Auto);
        }
    }
}
