# Every option of the step is taken by one flag table; unknown ones are told apart.
. "$ROOT/tests/accept/common.sh"; need_cc
mkdir -p inc; echo '#define FROM_INC 1' > inc/inc.h
printf '#ifdef WANT\n#include "inc.h"\n#endif\nint f(int a) { return a * 2; }\n' > f.c
printf 'int f(int);\nint main(void) { return f(21) - 42; }\n' > main.c
for o in -O0 -O1 -O2 -O3 -Os -g -Iinc '-I inc' '-isystem inc' '-iquote inc' '-idirafter inc' -DX '-D X=1' -UX '-include inc/inc.h' -fPIC -fPIE -fpie -fpic \
  -ffreestanding -pthread -pipe -m64 -march=x86-64 -std=c89 -std=c99 -std=c11 -std=gnu11 -std=c17 -std=gnu17 -ansi '-x c' -w -Wall -Wextra -Werror -Wno-unused \
  -Wno-this-does-not-exist -fno-strict-aliasing -fwrapv -fno-common -fcommon -ffunction-sections -fdata-sections -fvisibility=hidden -funsigned-char \
  -fsigned-char -fno-omit-frame-pointer -fno-stack-protector -fno-builtin -Wp,-DY=1 -pedantic -fno-asynchronous-unwind-tables -falign-functions=16 -fno-exceptions; do
  rm -f f.o; check "-c $o" $CC $o -c f.c -o f.o; [ -f f.o ] || no "$o: no object"; done
$CC -c f.c -o f.o; $CC -c main.c -o main.o
for o in -pie -no-pie -static -static-pie -pthread -lm '-l m' -L. '-L .' -B. -s -rdynamic -Wl,-O1 -Wl,--as-needed '-Wl,-rpath,/nowhere' '-Xlinker --gc-sections' \
  -Wl,--gc-sections -Wl,--start-group,-lm,--end-group -Wl,-z,now '-Wl,-z -Wl,relro' -Wl,--build-id -Wl,-Map=prog.map -Wl,-e,main -Wl,--no-undefined; do
  rm -f prog; check "link $o" $CC main.o f.o -o prog $o; [ -f prog ] || no "$o: no program"; done
check '-shared' $CC -shared -fPIC f.c -o libf.so -Wl,-soname,libf.so; check '-r' $CC -r main.o f.o -o both.o -nostdlib
check 'both again' $CC both.o -o prog; check 'runs' ./prog
printf 'void _start(void) { __builtin_trap(); }\n' > bare.c; check '-nostdlib -nostartfiles' $CC -nostdlib -nostartfiles -static bare.c -o bare
check '-E' $CC -E f.c; says '-E' 'return a \* 2'; check '-E -P -o' $CC -E -P f.c -o f.i; check '-x cpp-output' $CC -x cpp-output -c f.i -o f2.o
check '- (stdin)' bash -c "cat f.c | $CC -x c -c - -o f3.o"; echo '-c f.c -o "at file.o"' > opts; check '@file' $CC @opts; [ -f 'at file.o' ] || no '@file: quoting'
check '--sysroot' $CC --sysroot=/ -c f.c -o f.o; check '-###' $CC -### -c f.c -o never.o; [ -f never.o ] && no '-### made a file'
check 'several -c' $CC -c f.c main.c; check '-fsyntax-only' $CC -fsyntax-only f.c; check '-dM -E' bash -c "echo | $CC -dM -E -"; says '-dM' '#define __x86_64__ 1'
fails '-fthis-does-not-exist' $CC -fthis-does-not-exist -c f.c; says '-f…' 'this-does-not-exist'
fails '-mthis-does-not-exist' $CC -mthis-does-not-exist -c f.c
check '-Wno-… is silent' $CC -Wno-this-does-not-exist -c f.c; same '-Wno-… is silent' '' "$(cat last.out)"
fails '-Wunknown under -Werror' $CC -Werror -Wthis-does-not-exist -c f.c
check '-S' $CC -S f.c -o -; says '-S' '^f:'
# What kit cannot do yet is told in one line, and -Werror makes no error of it; what packagers and CMake pass is taken.
protect='-fstack-protector-strong -fstack-protector -fstack-clash-protection -fcf-protection -fstack-protector-strong'
check 'hardening under -Werror' $CC -Werror -Wall -c f.c main.c $protect; [ "$CC" = gcc ] || { same 'one line' 1 "$(wc -l < last.out)"; says 'all of them' 'clash-protection.*cf-protection.*not supported yet'; same 'once each' 1 "$(grep -o '‘-fstack-protector-strong’' last.out | wc -l)"; }
for o in "-w -c f.c" "-E f.c -o f.i" "main.o f.o -o prog"; do check "silent: $o" $CC $protect $o; same "silent: $o" '' "$(cat last.out)"; done
check 'dpkg-buildflags' $CC -g -O2 -ffile-prefix-map=/build/x=. -fstack-protector-strong -Wformat -Werror=format-security -Wdate-time -D_FORTIFY_SOURCE=2 -specs=/usr/share/dpkg/pie-compile.specs -c f.c -o f.o
check 'dpkg-buildflags, LTO' $CC -g -O2 -flto=auto -ffat-lto-objects -fstack-clash-protection -fcf-protection -mno-omit-leaf-frame-pointer -fno-omit-frame-pointer -c main.c -o main.o
check 'dpkg-buildflags, link' $CC -Wl,-Bsymbolic-functions -Wl,-z,relro -Wl,-z,now -specs=/usr/share/dpkg/pie-link.specs -flto=auto -fuse-linker-plugin main.o f.o -o prog; check runs ./prog
check 'no-pie specs' $CC -specs=/usr/share/dpkg/no-pie-link.specs main.c f.c -o prog; readelf -h prog > last.out; says 'no-pie specs' 'EXEC'
for o in '-O3 -DNDEBUG' '-O2 -g -DNDEBUG -std=gnu11 -fPIC -MD -MT f.o -MF f.d' '-Os -DNDEBUG -flto -fno-fat-lto-objects -fvisibility=hidden'; do check "cmake: $o" $CC $o -o f.o -c f.c; done
check 'hardening guide' $CC -O2 -Werror -Wall -Wformat=2 -Wconversion -Wimplicit-fallthrough -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstrict-flex-arrays=3 -fno-delete-null-pointer-checks -fno-strict-overflow -fno-strict-aliasing -ftrivial-auto-var-init=zero -fzero-call-used-regs=used-gpr -c f.c
fails 'no input' $CC; fails 'no such file' $CC -c nosuch.c; says 'no such file' 'nosuch.c'
check '-Wl,--verbose' $CC main.o f.o -Wl,--verbose -o verbose; same 'names the linker' 1 "$(grep -c 'GNU ld' last.out)"
finish
