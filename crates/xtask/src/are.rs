//! Tcl's advanced regular expressions, as far as test suites of binutils write them (re_syntax(n)): a parser into a tree
//! and a matcher that goes back. Matching is on bytes; only whether an expression matches is asked, never where, so that
//! the order of alternatives does not matter.

/// A parsed expression.
pub struct Regex {
    root: Node,
}

enum Node {
    /// One byte of a set.
    Set(Box<[bool; 256]>),
    Sequence(Vec<Node>),
    Either(Vec<Node>),
    /// A node `least` to `most` times.
    Repeat(Box<Node>, u32, u32),
    /// A group that can be referred to, by its number.
    Group(usize, Box<Node>),
    Back(usize),
    Start,
    End,
    /// `\m`, `\M`, `\y`, `\Y`: start of a word, end, either, neither.
    Word(u8),
}

/// More than a line of a test can need; an expression that does is taken not to match.
const MOST_STEPS: u64 = 20_000_000;
const MANY: u32 = u32::MAX;

impl Regex {
    pub fn parse(text: &[u8]) -> Result<Regex, String> {
        let mut parser = Parser { text, at: 0, groups: 0 };
        let root = parser.either()?;
        if parser.at < text.len() {
            return Err(format!("an expression has a `)` too many: {}", String::from_utf8_lossy(text)));
        }
        Ok(Regex { root })
    }

    /// Whether the expression matches somewhere in the text.
    pub fn is_found(&self, text: &[u8]) -> bool {
        (0..=text.len()).any(|from| self.matches_from(text, from))
    }

    fn matches_from(&self, text: &[u8], from: usize) -> bool {
        let mut matcher = Matcher { text, groups: Vec::new(), steps: 0 };
        matcher.node(&self.root, from, &mut |_, _| true)
    }
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    groups: usize,
}

impl Parser<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn ahead(&self, text: &[u8]) -> bool {
        self.text[self.at.min(self.text.len())..].starts_with(text)
    }

    fn either(&mut self) -> Result<Node, String> {
        let mut branches = vec![self.sequence()?];
        while self.peek() == Some(b'|') {
            self.at += 1;
            branches.push(self.sequence()?);
        }
        Ok(if branches.len() == 1 { branches.remove(0) } else { Node::Either(branches) })
    }

    fn sequence(&mut self) -> Result<Node, String> {
        let mut nodes = Vec::new();
        while let Some(byte) = self.peek() {
            if byte == b'|' || byte == b')' {
                break;
            }
            let atom = self.atom()?;
            nodes.push(self.repeated(atom)?);
        }
        Ok(Node::Sequence(nodes))
    }

    fn repeated(&mut self, mut atom: Node) -> Result<Node, String> {
        loop {
            let (least, most) = match self.peek() {
                Some(b'*') => (0, MANY),
                Some(b'+') => (1, MANY),
                Some(b'?') => (0, 1),
                Some(b'{') if self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit) => {
                    self.at += 1;
                    let least = self.number();
                    let most = if self.peek() == Some(b',') {
                        self.at += 1;
                        if self.peek().is_some_and(|byte| byte.is_ascii_digit()) { self.number() } else { MANY }
                    } else {
                        least
                    };
                    if self.peek() != Some(b'}') {
                        return Err("a bound has no `}`".to_owned());
                    }
                    (least, most)
                }
                _ => return Ok(atom),
            };
            self.at += 1;
            // Greedy or not is about where a match ends, which nobody asks.
            if self.peek() == Some(b'?') {
                self.at += 1;
            }
            atom = Node::Repeat(Box::new(atom), least, most);
        }
    }

    fn number(&mut self) -> u32 {
        let mut number = 0u32;
        while let Some(digit) = self.peek().filter(u8::is_ascii_digit) {
            number = number.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
            self.at += 1;
        }
        number
    }

    fn atom(&mut self) -> Result<Node, String> {
        let byte = self.text[self.at];
        self.at += 1;
        Ok(match byte {
            b'.' => Node::Set(Box::new([true; 256])),
            b'^' => Node::Start,
            b'$' => Node::End,
            b'(' => self.group()?,
            b'[' if self.ahead(b"[:<:]]") || self.ahead(b"[:>:]]") => {
                let start = self.text[self.at + 2] == b'<';
                self.at += 6;
                Node::Word(if start { b'm' } else { b'M' })
            }
            b'[' => self.set()?,
            b'\\' => self.escape()?,
            byte => one(byte),
        })
    }

    fn group(&mut self) -> Result<Node, String> {
        let number = if self.ahead(b"?:") {
            self.at += 2;
            None
        } else {
            self.groups += 1;
            Some(self.groups)
        };
        let inner = self.either()?;
        if self.peek() != Some(b')') {
            return Err("a group has no `)`".to_owned());
        }
        self.at += 1;
        Ok(match number {
            Some(number) => Node::Group(number, Box::new(inner)),
            None => inner,
        })
    }

    /// Behind a backslash, outside of brackets.
    fn escape(&mut self) -> Result<Node, String> {
        let Some(byte) = self.peek() else { return Ok(one(b'\\')) };
        self.at += 1;
        Ok(match byte {
            b'd' | b's' | b'w' => class_of(&[byte], false),
            b'D' | b'S' | b'W' => class_of(&[byte.to_ascii_lowercase()], true),
            b'm' | b'M' | b'y' | b'Y' => Node::Word(byte),
            b'A' => Node::Start,
            b'Z' => Node::End,
            b'1'..=b'9' => Node::Back(usize::from(byte - b'0')),
            _ => one(self.character(byte)),
        })
    }

    /// The byte that an escape stands for.
    fn character(&mut self, byte: u8) -> u8 {
        match byte {
            b'a' => 7,
            b'b' => 8,
            b'e' => 27,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'v' => 11,
            b'B' => b'\\',
            b'0' => 0,
            b'x' => {
                let mut value = 0u8;
                while let Some(digit) = self.peek().and_then(|byte| (byte as char).to_digit(16)) {
                    value = value << 4 | digit as u8;
                    self.at += 1;
                }
                value
            }
            byte => byte,
        }
    }

    /// Behind an opening bracket.
    fn set(&mut self) -> Result<Node, String> {
        let negated = self.peek() == Some(b'^');
        self.at += usize::from(negated);
        let mut set = Box::new([false; 256]);
        let mut first = true;
        loop {
            let byte = self.peek().ok_or("a set has no `]`")?;
            self.at += 1;
            if byte == b']' && !first {
                break;
            }
            first = false;
            if byte == b'[' && matches!(self.peek(), Some(b':' | b'.' | b'=')) {
                let kind = self.text[self.at];
                let rest = &self.text[self.at + 1..];
                let end = rest.windows(2).position(|w| w == [kind, b']']).ok_or("a class has no end")?;
                let name = &rest[..end];
                self.at += end + 3;
                if kind == b':' {
                    add_class(&mut set, name)?;
                } else if let [byte] = name {
                    set[usize::from(*byte)] = true;
                }
                continue;
            }
            let low = match byte {
                b'\\' => {
                    let escaped = self.peek().ok_or("a set has no `]`")?;
                    self.at += 1;
                    if matches!(escaped, b'd' | b's' | b'w') {
                        add_class(&mut set, &[escaped])?;
                        continue;
                    }
                    self.character(escaped)
                }
                byte => byte,
            };
            let is_range = self.peek() == Some(b'-') && self.text.get(self.at + 1).is_some_and(|byte| *byte != b']');
            if !is_range {
                set[usize::from(low)] = true;
                continue;
            }
            self.at += 1;
            let mut high = self.text[self.at];
            self.at += 1;
            if high == b'\\' {
                let escaped = self.peek().ok_or("a set has no `]`")?;
                self.at += 1;
                high = self.character(escaped);
            }
            set[usize::from(low)..=usize::from(high.max(low))].fill(true);
        }
        if negated {
            set.iter_mut().for_each(|member| *member = !*member);
        }
        Ok(Node::Set(set))
    }
}

fn one(byte: u8) -> Node {
    let mut set = Box::new([false; 256]);
    set[usize::from(byte)] = true;
    Node::Set(set)
}

fn class_of(name: &[u8], negated: bool) -> Node {
    let mut set = Box::new([false; 256]);
    add_class(&mut set, name).expect("a class that there is");
    if negated {
        set.iter_mut().for_each(|member| *member = !*member);
    }
    Node::Set(set)
}

fn add_class(set: &mut [bool; 256], name: &[u8]) -> Result<(), String> {
    let is: fn(&u8) -> bool = match name {
        b"alnum" => u8::is_ascii_alphanumeric,
        b"alpha" => u8::is_ascii_alphabetic,
        b"digit" | b"d" => u8::is_ascii_digit,
        b"xdigit" => u8::is_ascii_hexdigit,
        b"upper" => u8::is_ascii_uppercase,
        b"lower" => u8::is_ascii_lowercase,
        b"punct" => u8::is_ascii_punctuation,
        b"cntrl" => u8::is_ascii_control,
        b"graph" => u8::is_ascii_graphic,
        b"print" => |byte| byte.is_ascii_graphic() || *byte == b' ',
        b"blank" => |byte| matches!(byte, b' ' | b'\t'),
        b"space" | b"s" => |byte| matches!(byte, b' ' | 9..=13),
        b"w" => is_word,
        _ => return Err(format!("no class is called {}", String::from_utf8_lossy(name))),
    };
    (0..=255u8).filter(is).for_each(|byte| set[usize::from(byte)] = true);
    Ok(())
}

fn is_word(byte: &u8) -> bool {
    byte.is_ascii_alphanumeric() || *byte == b'_'
}

struct Matcher<'a> {
    text: &'a [u8],
    /// Where groups matched, by number; the last match of each.
    groups: Vec<Option<(usize, usize)>>,
    steps: u64,
}

type Next<'n> = &'n mut dyn FnMut(&mut Matcher<'_>, usize) -> bool;

impl Matcher<'_> {
    /// Whether a node matches at a place and what follows it then does.
    fn node(&mut self, node: &Node, at: usize, next: Next<'_>) -> bool {
        self.steps += 1;
        if self.steps > MOST_STEPS {
            return false;
        }
        match node {
            Node::Set(set) => self.text.get(at).is_some_and(|byte| set[usize::from(*byte)]) && next(self, at + 1),
            Node::Sequence(nodes) => self.sequence(nodes, at, next),
            Node::Either(branches) => branches.iter().any(|branch| self.node(branch, at, next)),
            Node::Repeat(inner, least, most) => match &**inner {
                Node::Set(set) => self.run(set, *least, *most, at, next),
                inner => self.repeat(inner, *least, *most, at, next),
            },
            Node::Group(number, inner) => {
                let number = *number;
                self.node(inner, at, &mut |matcher, end| {
                    if matcher.groups.len() <= number {
                        matcher.groups.resize(number + 1, None);
                    }
                    let before = matcher.groups[number].replace((at, end));
                    if next(matcher, end) {
                        return true;
                    }
                    matcher.groups[number] = before;
                    false
                })
            }
            Node::Back(number) => {
                let Some((from, to)) = self.groups.get(*number).copied().flatten() else { return false };
                let length = to - from;
                let equal = self.text.get(at..at + length).is_some_and(|piece| *piece == self.text[from..to]);
                equal && next(self, at + length)
            }
            Node::Start => at == 0 && next(self, at),
            Node::End => at == self.text.len() && next(self, at),
            Node::Word(kind) => {
                let before = at > 0 && is_word(&self.text[at - 1]);
                let behind = self.text.get(at).is_some_and(is_word);
                let holds = match kind {
                    b'm' => !before && behind,
                    b'M' => before && !behind,
                    b'y' => before != behind,
                    _ => before == behind,
                };
                holds && next(self, at)
            }
        }
    }

    fn sequence(&mut self, nodes: &[Node], at: usize, next: Next<'_>) -> bool {
        match nodes {
            [] => next(self, at),
            [last] => self.node(last, at, next),
            [first, rest @ ..] => self.node(first, at, &mut |matcher, at| matcher.sequence(rest, at, next)),
        }
    }

    /// Bytes of one set: by far the most frequent repetition, without recursion.
    fn run(&mut self, set: &[bool; 256], least: u32, most: u32, at: usize, next: Next<'_>) -> bool {
        let longest = self.text[at..].iter().take(most as usize).take_while(|byte| set[usize::from(**byte)]).count();
        for length in (least as usize..=longest).rev() {
            self.steps += 1;
            if next(self, at + length) {
                return true;
            }
        }
        false
    }

    fn repeat(&mut self, inner: &Node, least: u32, most: u32, at: usize, next: Next<'_>) -> bool {
        if most > 0 {
            let more = if most == MANY { MANY } else { most - 1 };
            let found = self.node(inner, at, &mut |matcher, end| {
                // A round that took nothing would go on for ever.
                (end > at || least > 0) && matcher.repeat(inner, least.saturating_sub(1), more, end, next)
            });
            if found {
                return true;
            }
        }
        least == 0 && next(self, at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(regex: &str, text: &str) -> bool {
        Regex::parse(format!("^(?:{regex})$").as_bytes()).expect("parses").is_found(text.as_bytes())
    }

    #[test]
    fn lines_of_dumps_match() {
        assert!(whole(
            "[ \t]*[0-9a-f]+:\t48 0f c7 08[ \t]+cmpxchg16b \\(%rax\\)",
            "   0:\t48 0f c7 08  \tcmpxchg16b (%rax)"
        ));
        assert!(whole(".*: +file format elf64-x86-64", "tmpdir/a.o:     file format elf64-x86-64"));
        assert!(whole("0+ <(foo|bar)>:", "0000 <bar>:") && !whole("0+ <(foo|bar)>:", "0000 <baz>:"));
        assert!(whole("a{2,3}b{2}", "aaabb") && !whole("a{2,3}b{2}", "abb"));
        assert!(whole("{x", "{x") && whole("[]a]+", "]a") && whole("[^]a]", "b") && whole("[a\\]]+", "a]"));
        assert!(whole("[[:xdigit:]]+\\s\\S+", "0aF x") && whole("(a|b)\\1", "aa") && !whole("(a|b)\\1", "ab"));
        assert!(whole("(..)? x", "ab x") && whole("(a*)*b", "aaab") && whole("(|a)b", "b") && whole("a.?", "a"));
        assert!(whole("\\mab\\M c", "ab c") && whole("x\\x41\\.", "xA.") && whole("[+-]?0x[0-9a-f-]+", "-0x1f"));
    }

    #[test]
    fn a_match_may_stand_anywhere() {
        let regex = Regex::parse(b"^12|b+c").expect("parses");
        assert!(regex.is_found(b"xbbcx") && regex.is_found(b"123") && !regex.is_found(b"x12"));
    }

    #[test]
    fn what_is_wrong_is_said_and_nothing_runs_for_ever() {
        for wrong in ["(a", "a)", "[a", "[[:foo:]]", "a{2"] {
            assert!(Regex::parse(wrong.as_bytes()).is_err(), "{wrong}");
        }
        assert!(!whole("(a*)*(a*)*(a*)*c", &"a".repeat(60)));
    }
}
