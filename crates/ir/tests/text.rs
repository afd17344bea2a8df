//! The text form is complete: what is printed is parsed to the same unit; errors have a place.

mod common;

use common::everything;
use ir::record::{Recorder, replay};
use ir::text::{TextSink, parse, print};
use ir::verify::verify;

#[test]
fn a_unit_with_everything_survives_text() {
    let unit = everything();
    let text = print(&unit);
    let parsed = parse(text.as_bytes()).unwrap_or_else(|e| panic!("{e}\n{text}"));
    assert_eq!(parsed, unit);
    assert_eq!(print(&parsed), text);
}

#[test]
fn replaying_gives_the_same_calls() {
    let unit = everything();
    let mut recorder = Recorder::new();
    let mut text = TextSink::new();
    replay(&unit, &mut recorder);
    replay(&unit, &mut text);
    assert_eq!(recorder.unit.module(), unit.module());
    assert_eq!(text.text(), print(&recorder.unit));
    assert_eq!(recorder.unit, unit);
}

#[test]
fn what_is_not_written_is_computed() {
    let text = "sig sig0 (i32) -> i32 symbol g0 \"f\" function global defined
        func @f sig0 { params value slot s0 4 align 4 i32
        b0: v0 = param.i32 0 set.i32 s0, v0 jump b1, ()
        b1: depth 1 v3 = get.i32 s0 branch.i32 v3, b1, b2
        b2: v5 = slot_addr.ptr s0, 0 ret.i32 v3 }";
    let unit = parse(text.as_bytes()).unwrap();
    let func = unit.functions().next().unwrap();
    assert_eq!(func.slots.as_slice()[0].weight, 1 + 8 + 1);
    assert!(func.slots.as_slice()[0].address_taken);
    assert_eq!(func.uses.first(func.insts.len()), [1, 0, 0, 2, 0, 0, 0]);
    assert_eq!(verify(&unit.module(), func), []);
}

#[test]
fn errors_have_a_place() {
    let error = |text: &str| parse(text.as_bytes()).unwrap_err().to_string();
    assert_eq!(error("finish\n  fnord"), "2:3: expected an item, found `fnord`");
    assert_eq!(error("sig sig1 () -> void"), "1:5: the next one made here is `sig0`");
    assert_eq!(error("symbol g0 \"x"), "1:11: this string does not end on its line");
    assert_eq!(error("common @x size 1 align 1"), "1:8: there is no symbol `x`");
    let head = "sig sig0 () -> void symbol g0 \"f\" function local func @f sig0 {\n";
    assert_eq!(error(&format!("{head}b0: v0 = iconst.i8 300")), "2:20: `300` does not fit: -128 to 255");
    assert_eq!(error(&format!("{head}b0: iconst.i8 3")), "2:5: `iconst.i8` makes a value: write `vN = ` in front");
    assert_eq!(error(&format!("{head}b0: jump b1, () }}")), "2:17: block b1 is not in this function");
    assert_eq!(error(&format!("{head}b0: ret.i32 v0")), "2:13: `v0` is not made yet: there are 0");
    assert_eq!(error("data g0"), "1:6: `g0` is not made yet: there are 0");
    assert_eq!(error("type dt0 pointer dt1 finish"), "1:22: dt1 is not made until here");
}
