//! Rows of `bench/RESULTS.md` that judges make, where a figure takes too long for `cargo xtask accept`: a judge that is given
//! `--record` writes what it found, in the form and the order in which `bench/run` keeps the page.

use crate::util;
use std::fs;

/// A figure: its name, its value, what it counts, and the command that made it.
pub struct Row {
    pub name: &'static str,
    pub value: f64,
    pub what: String,
    pub made_by: String,
}

/// Puts rows into the page, in place of those of the same name.
pub fn record(rows: &[Row]) -> Result<(), String> {
    let path = util::root().join("bench/RESULTS.md");
    let page = fs::read_to_string(&path).map_err(|e| format!("{}: {e}", path.display()))?;
    let commit: String = util::commit().chars().take(7).collect();
    fs::write(&path, with_rows(&page, rows, &commit)).map_err(|e| format!("{}: {e}", path.display()))
}

fn with_rows(page: &str, rows: &[Row], commit: &str) -> String {
    let is_row = |line: &&str| line.starts_with("| `");
    let name = |line: &str| line.split('`').nth(1).unwrap_or_default().to_owned();
    let mut lines: Vec<String> = page.lines().filter(is_row).map(str::to_owned).collect();
    lines.retain(|line| rows.iter().all(|row| row.name != name(line)));
    for Row { name, value, what, made_by } in rows {
        lines.push(format!("| `{name}` | {value} | {what} | {made_by} | {commit} |"));
    }
    lines.sort_by_key(|line| name(line));
    let head: Vec<String> = page.lines().filter(|line| !is_row(line)).map(str::to_owned).collect();
    [head, lines].concat().join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_take_their_places() {
        let page = "# Figures\n\n| figure | value | what | made by | commit |\n|---|---:|---|---|---|\n\
                    | `a.x` | 1 | w | m | c |\n| `c.x` | 2 | w | m | c |\n";
        let row = |name, value| Row { name, value, what: "n".into(), made_by: "cmd".into() };
        let page = with_rows(page, &[row("b.x", 20_000.0), row("c.x", 0.5)], "abc");
        let rows: Vec<&str> = page.lines().skip(4).collect();
        assert_eq!(
            rows,
            ["| `a.x` | 1 | w | m | c |", "| `b.x` | 20000 | n | cmd | abc |", "| `c.x` | 0.5 | n | cmd | abc |"]
        );
        assert!(page.starts_with("# Figures\n\n| figure"));
    }
}
