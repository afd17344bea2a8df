#[path = "../tests/common/mod.rs"]
mod common;
use lang_c::pp::Pp;
use lang_c::token::Tok;
fn main() {
    let files = common::Files { text: None };
    let mut kept: Option<lang_c::pp::reuse::Kept> = None;
    for f in std::env::args().skip(1) {
        let o = common::options(&f);
        let mut pp = match kept.take().filter(|k| k.fits(&o)) {
            Some(k) => Pp::go_on(k, o, &files),
            None => Pp::new_session(o, &files),
        };
        eprintln!("UNIT {f}");
        while pp.next().kind != Tok::Eof {}
        let (k, map, _) = pp.into_kept();
        kept = k;
        if let Some(k) = &mut kept {
            k.give_back(map);
            eprintln!("{:?}", k.counters());
        }
    }
}
