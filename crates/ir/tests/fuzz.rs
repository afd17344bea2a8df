//! The parser takes any bytes: an error, or a unit that verifier, printer and replay can be given.

mod common;

use common::everything;
use ir::record::{Recorder, replay};
use ir::text::{parse, print};
use ir::verify::verify;

/// A small generator for the fuzz test; its quality does not matter.
fn next(state: &mut u64) -> usize {
    *state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    (*state >> 33) as usize
}

const N_INPUTS: usize = 4000;

#[test]
fn mutated_text_is_an_error_or_a_unit_that_can_be_used() {
    let text = print(&everything()).into_bytes();
    let words: Vec<&[u8]> = text.split(|b| b.is_ascii_whitespace()).collect();
    let mut state = 1;
    let mut n_parsed = 0;
    for _ in 0..N_INPUTS {
        let mut mutant = text.clone();
        for _ in 0..=next(&mut state) % 3 {
            let at = next(&mut state) % mutant.len();
            let end = (at + next(&mut state) % 12).min(mutant.len());
            match next(&mut state) % 4 {
                0 => mutant[at] = next(&mut state) as u8,
                1 => drop(mutant.drain(at..end)),
                2 => {
                    // Another word of the same text, where a word stands.
                    let word = words[next(&mut state) % words.len()];
                    let start = mutant[..at].iter().rposition(|b| b.is_ascii_whitespace()).map_or(0, |p| p + 1);
                    let len = mutant[start..].iter().position(|b| b.is_ascii_whitespace()).unwrap_or(0);
                    drop(mutant.splice(start..start + len, word.iter().copied()));
                }
                _ => drop(mutant.splice(at..at, *b"4294967294")),
            }
        }
        if let Ok(unit) = parse(&mutant) {
            n_parsed += 1;
            let module = unit.module();
            for func in unit.functions() {
                let _ = verify(&module, func);
            }
            let again = print(&unit);
            assert_eq!(parse(again.as_bytes()).as_ref(), Ok(&unit));
            replay(&unit, &mut Recorder::new());
        }
    }
    // Mutants that mean something reach what is behind the parser.
    assert!(n_parsed > N_INPUTS / 40, "{n_parsed}");
    println!("figure: inputs {N_INPUTS}");
}
