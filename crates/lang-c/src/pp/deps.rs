//! Make rules: `-M`, `-MM`, `-MD`, `-MMD` with `-MT`, `-MQ`, `-MP`, as gcc writes them.

/// One file that was read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Dependency {
    /// The path under which it was opened.
    pub path: String,
    /// Found in a system directory: left out by `-MM`.
    pub system: bool,
}

/// What a rule shall look like.
#[derive(Clone, Debug, Default)]
pub struct RuleOptions {
    /// Targets, already quoted (`-MT` as written, `-MQ` through [`quote`]).
    pub targets: Vec<String>,
    /// Leave out system headers (`-MM`, `-MMD`).
    pub user_only: bool,
    /// An empty rule for each header (`-MP`).
    pub phony: bool,
}

/// The widest line before a dependency goes onto the next.
const WIDTH: usize = 72;

/// A name with what make would read as its own escaped: blanks, `#`, `$`, as gcc does it.
pub fn quote(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut n_backslashes = 0;
    for c in name.chars() {
        match c {
            '\\' => n_backslashes += 1,
            ' ' | '\t' => {
                // Backslashes before a blank must be doubled, and one more quotes the blank.
                out.extend(std::iter::repeat_n('\\', n_backslashes + 1));
                n_backslashes = 0;
            }
            '$' => {
                out.push('$');
                n_backslashes = 0;
            }
            '#' => {
                out.push('\\');
                n_backslashes = 0;
            }
            _ => n_backslashes = 0,
        }
        out.push(c);
    }
    out
}

/// The target that gcc assumes for a source file: its base name with `.o`.
pub fn default_target(source: &str) -> String {
    let base = source.rsplit('/').next().unwrap_or(source);
    let stem = base.rsplit_once('.').map_or(base, |(stem, _)| stem);
    format!("{}.o", quote(stem))
}

/// A path as rules name it: make takes `./a` and `a` for two files, so gcc leaves `./` in front out.
fn plain(path: &str) -> &str {
    let mut path = path;
    while let Some(rest) = path.strip_prefix("./") {
        path = rest.trim_start_matches('/');
    }
    path
}

/// The rule that makes `options.targets` depend on `files`, the main file first.
pub fn make_rule(files: &[Dependency], options: &RuleOptions) -> String {
    let mut out = String::new();
    let mut column = 0;
    let mut put = |out: &mut String, word: &str, first: bool| {
        if !first {
            if column + 1 + word.len() > WIDTH {
                out.push_str(" \\\n ");
                column = 1;
            } else {
                out.push(' ');
                column += 1;
            }
        }
        out.push_str(word);
        column += word.len();
    };
    for (idx, target) in options.targets.iter().enumerate() {
        put(&mut out, plain(target), idx == 0);
    }
    out.push(':');
    for (idx, file) in files.iter().enumerate() {
        if idx == 0 || !(options.user_only && file.system) {
            put(&mut out, &quote(plain(&file.path)), false);
        }
    }
    out.push('\n');
    if options.phony {
        for file in files.iter().skip(1).filter(|f| !(options.user_only && f.system)) {
            out.push_str(&quote(plain(&file.path)));
            out.push_str(":\n");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dep(path: &str, system: bool) -> Dependency {
        Dependency { path: path.into(), system }
    }

    #[test]
    fn rules_wrap_and_quote() {
        let files = [dep("a b.c", false), dep("/usr/include/stdio.h", true), dep("x#$.h", false)];
        let options = RuleOptions { targets: vec![default_target("dir/a b.c")], user_only: true, phony: true };
        assert_eq!(make_rule(&files, &options), "a\\ b.o: a\\ b.c x\\#$$.h\nx\\#$$.h:\n");
        let dots = [dep(".//./a.c", false), dep("././h.h", false), dep("../h.h", false)];
        let options = RuleOptions { targets: vec!["./a.o".into()], ..RuleOptions::default() };
        assert_eq!(make_rule(&dots, &options), "a.o: a.c h.h ../h.h\n");
        let many: Vec<Dependency> = (0..20).map(|n| dep(&format!("header{n}.h"), false)).collect();
        let rule = make_rule(&many, &RuleOptions { targets: vec!["t".into()], ..RuleOptions::default() });
        assert!(rule.lines().all(|l| l.len() <= WIDTH + 2), "{rule}");
        assert_eq!(rule.matches(".h").count(), 20);
    }
}
