//! What tests share. Nothing here ships.
//!
//! Reading order: [`rng`] (a seeded generator), [`tools`] (temporary directories, gcc), [`cases`] (test files with their
//! expectations inside), [`corpus`] (C programs of others, random ones), [`libc`] (a C library for the interpreter),
//! [`run`] (a program in the interpreter), [`mini`] (a second front end, which keeps the builder of the IR honest),
//! [`gen_ir`] (random functions).
#![forbid(unsafe_code)]

pub mod cases;
pub mod corpus;
pub mod gen_ir;
pub mod libc;
pub mod mini;
pub mod rng;
pub mod run;
pub mod tools;
