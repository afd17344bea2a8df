//! How the program `kit` is linked.
//!
//! Every command starts a new process, and a program at a fixed address starts without the thousands of relocations of
//! one that may lie anywhere: a fifth of the instructions of `kit --version`. Compilers are commonly built so.

use std::env;

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let target = |key: &str| env::var(format!("CARGO_CFG_TARGET_{key}")).unwrap_or_default();
    if target("OS") == "linux" && target("ENV") == "gnu" {
        println!("cargo:rustc-link-arg-bins=-no-pie");
    }
}
