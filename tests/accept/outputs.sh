# The world fails: clear messages, no partial file, an existing output never lost, devices never unlinked, EPIPE quiet.
. "$ROOT/tests/accept/common.sh"; need_cc
echo 'int main(void) { return 0; }' > ok.c; echo 'int main(void) { return x; }' > wrong.c
mkdir dir; fails 'directory as object' $CC -c ok.c -o dir; says 'says so' 'dir.*[Dd]irectory|[Dd]irectory.*dir'; fails 'directory as program' $CC ok.c -o dir; [ -d dir ] || no 'the directory is gone'
fails 'unwritable' $CC -c ok.c -o /proc/self/x.o; says 'names the file' '/proc/self/x.o'; fails 'missing folder' $CC ok.c -o no/such/prog; says 'names the folder' 'no/such'
for o in keep.o keep; do printf precious > $o; done
fails 'wrong source' $CC -c wrong.c -o keep.o; fails 'wrong source' $CC wrong.c -o keep; fails 'undefined' bash -c "echo 'int main(void){return nosuch();}' > u.c; $CC -w -std=gnu89 u.c -o keep"
# A wrong source never reaches its output; gcc deletes it, kit keeps it.
[ "$CC" = gcc ] || for o in keep.o keep; do same "$o is kept" precious "$(cat $o)"; done
fails 'full disk' bash -c "ulimit -f 1; trap '' XFSZ; $CC -g -static ok.c -o keep"; [ "$CC" = gcc ] || same 'kept on a full disk' precious "$(cat keep)"
check '-o /dev/null' $CC ok.c -o /dev/null; check '-c -o /dev/null' $CC -c ok.c -o /dev/null; [ -c /dev/null ] || no '/dev/null is no device any more'
check '-E -o /dev/stdout' bash -c "$CC -E ok.c -o /dev/stdout | grep -q main"
fails 'missing header' bash -c "echo '#include <nosuch.h>' > h.c; $CC -c h.c"; says 'names it' 'h\.c:1:.*nosuch\.h'
fails 'missing library' $CC ok.c -lnosuch -o p; says 'names it' 'nosuch'; fails 'missing object' $CC ok.c nosuch.o -o p; says 'names it' 'nosuch\.o'
yes 'int x;' | head -200000 > long.c; $CC -E long.c 2> err | head -1 > /dev/null; same 'EPIPE is quiet' '' "$(cat err)"
head -c 300 /dev/urandom > junk.o; fails 'junk object' $CC ok.c junk.o -o p; says 'names it' 'junk\.o'; printf '!<arch>\nthis is no member header' > bad.a; fails 'junk archive' $CC ok.c bad.a -o p
same 'nothing left behind' '' "$(ls -A | grep -E '^\..*kit|kit-[0-9]|tmp' )"
finish
