//! Target triples: `x86_64-linux-gnu`, `x86_64-unknown-linux-musl`. Only taken apart here; what a component means is
//! the business of the plug-in list.

/// The components of a triple, the vendor dropped.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Triple {
    pub arch: String,
    pub os: String,
    pub env: String,
}

impl Triple {
    /// Takes `arch[-vendor]-os[-env]` apart. `None` when there are fewer than two or more than four components.
    pub fn parse(text: &str) -> Option<Triple> {
        let parts: Vec<&str> = text.split('-').collect();
        let (arch, os, env) = match parts[..] {
            [arch, os] => (arch, os, ""),
            [arch, a, b] if is_vendor(a) => (arch, b, ""),
            [arch, os, env] => (arch, os, env),
            [arch, _, os, env] => (arch, os, env),
            _ => return None,
        };
        Some(Triple { arch: arch.into(), os: os.into(), env: env.into() })
    }
}

fn is_vendor(part: &str) -> bool {
    matches!(part, "unknown" | "pc" | "apple" | "none")
}

impl std::fmt::Display for Triple {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.arch, self.os)?;
        if self.env.is_empty() { Ok(()) } else { write!(f, "-{}", self.env) }
    }
}
