//! Two sessions in two threads do not know of each other: same names, different code, at the same time.

use kit::session::Session;

fn run(factor: i32) -> i32 {
    let mut last = 0;
    for round in 0..20 {
        let mut session = Session::new();
        session.add_header("factor.h", &format!("#define FACTOR {}\n", factor + round));
        let source = "#include \"factor.h\"\nstatic int calls; int f(int x) { calls++; return x * FACTOR + calls; }";
        session.add_c("f.c", source).expect("the source is right");
        let code = session.link().expect("nothing is undefined");
        let f = code.lookup("f").expect("f is defined");
        // SAFETY: the C source gives `f` this type, and `code` outlives the calls.
        let f: extern "C" fn(i32) -> i32 = unsafe { std::mem::transmute(f) };
        assert_eq!(f(10), 10 * (factor + round) + 1);
        assert_eq!(f(10), 10 * (factor + round) + 2);
        last = f(0);
    }
    last
}

#[test]
fn two_sessions_work_side_by_side() {
    let threads = [1, 1000].map(|factor| std::thread::spawn(move || run(factor)));
    for thread in threads {
        assert_eq!(thread.join().expect("no session panics"), 3);
    }
}

#[test]
fn wrong_source_and_missing_symbols_are_told() {
    let mut session = Session::new();
    let error = session.add_c("bad.c", "int f(void) { return nothing; }").expect_err("nothing is declared");
    assert!(
        error.to_string().starts_with("bad.c:1:22: error:") || error.to_string().contains("\nbad.c:1:22: error:"),
        "{error}"
    );
    session.add_c("calls.c", "int absent(void); int f(void) { return absent(); }").expect("the source is right");
    let error = session.link().err().expect("absent is defined nowhere");
    assert!(error.to_string().contains("absent"), "{error}");
}
