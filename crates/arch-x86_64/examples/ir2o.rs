//! IR text on standard input to an object: `ir2o [--spill] out.o`. For looking at code while working on selection.

#[path = "../tests/common/mod.rs"]
#[allow(dead_code)]
mod common;

use std::io::Read;

fn main() {
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).expect("readable");
    let args: Vec<String> = std::env::args().skip(1).collect();
    let spill = args.iter().any(|arg| arg == "--spill");
    let out = args.iter().find(|arg| !arg.starts_with("--")).expect("an output file");
    match common::compile(&text, spill) {
        Ok(bytes) => std::fs::write(out, bytes).expect("writable"),
        Err(error) => panic!("{error}"),
    }
}
