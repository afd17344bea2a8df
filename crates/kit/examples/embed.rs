//! A C string becomes a function of this program: compiled, linked and called in memory.

use kit::session::{Session, SessionError};

extern "C" fn twice(n: i32) -> i32 {
    2 * n
}

const SOURCE: &str = "
    int twice(int n);
    static int table[4] = { 1, 2, 3, 4 };
    int sum(int n) {
        int total = 0;
        for (int i = 0; i < n; i++)
            total += twice(table[i & 3]);
        return total;
    }";

fn main() -> Result<(), SessionError> {
    let mut session = Session::new();
    session.define("twice", twice as *const ());
    session.add_c("sum.c", SOURCE)?;
    let code = session.link()?;
    let sum = code.lookup("sum").expect("the source defines it");
    // SAFETY: the C source above gives `sum` this type, and `code` lives until the end.
    let sum: extern "C" fn(i32) -> i32 = unsafe { std::mem::transmute(sum) };
    println!("{}", sum(6));
    Ok(())
}
