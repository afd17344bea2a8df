# An output that is one of the inputs, under any name, is refused, and the input stays.
. "$ROOT/tests/accept/common.sh"; need_cc
put() { printf '#include "h.h"\nint main(void) { return 0; }\n' > x.c; echo 'int h;' > h.h; cp x.c keep.c; cp h.h keep.h; rm -f x.o l.* ; gcc -c x.c -o x.o; cp x.o keep.o; cp x.c x.i; ln -s x.c l.c; ln -s x.o l.o; ln x.c l.h.c; }
# kept LABEL COMMAND...: fails with the words, and nothing is another than it was
kept() { local l=$1; shift; put; fails "$l" "$@"; says "$l" 'is the same as output file'; cmp -s x.c keep.c || no "$l: x.c is lost"; cmp -s x.o keep.o || no "$l: x.o is lost"; cmp -s h.h keep.h || no "$l: h.h is lost"; [ -L l.c ] || no "$l: l.c is lost"; }
for o in '' -c -E; do kept "$o" $CC $o x.c -o x.c; kept "$o ./" $CC $o x.c -o ./x.c; kept "$o link" $CC $o x.c -o l.c; kept "$o from link" $CC $o l.c -o x.c; done
kept 'an object' $CC x.o -o x.o; kept 'an object by a link' $CC x.o -o l.o; kept 'shared' $CC -shared x.o -o x.o; kept 'second of two' $CC x.c x.o -o x.o; kept 'default name' $CC -x c -c x.o
[ "$CC" = gcc ] && finish
kept 'hard link' $CC x.c -o l.h.c; kept '-MF' $CC -MD -MF x.c -c x.c; kept '-MF header' $CC -MD -MF h.h -c x.c; kept '-M -o' $CC -M x.c -o x.c; kept '-M -MF' $CC -MM -MF h.h x.c
kept 'ld -r' $KIT ld -r x.o -o x.o; kept ld $KIT ld x.o -o l.o; kept '-Map' $KIT ld -Map=x.o -r x.o -o y.o
kept build-exe $KIT build-exe x.c -o x.c; kept 'build-exe, kept objects' $KIT build-exe --incremental x.c -o x.c; kept cpp $KIT cpp x.c x.c; kept 'cpp -o' $KIT cpp x.c -o l.c
put; ar rc a.a x.o; cp a.a b.a; kept 'ar r' $KIT ar r a.a a.a; cmp -s a.a b.a || no 'a.a is lost'
mkdir -p in; cp x.o in/a.a; $KIT ar rc a.a in/a.a; cp a.a b.a; kept 'ar x' $KIT ar x a.a a.a; cmp -s a.a b.a || no 'a.a is lost by x'
put; cd in; printf 'int f(void) { return 1; }\n' > f.c; $CC -c f.c; ar rc libf.a f.o; cp libf.a k.a; fails '-l' $CC -L. -Wl,--whole-archive -lf -shared -o libf.a; cmp -s libf.a k.a || no 'libf.a is lost'
check '/dev/null twice' $CC -x c -c /dev/null -o /dev/null; [ -c /dev/null ] || no '/dev/null is no device any more'
finish
