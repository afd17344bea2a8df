# What build systems find out about a compiler by trying it: 39 behaviours, then a project for each of the build systems that
# people use, which all must take the path they take for gcc: static and shared libraries with versioned names, tests, install.
. "$ROOT/tests/accept/common.sh"; need_cc; set +o pipefail # `grep -q` leaves early
# behaviour LABEL SCRIPT [later]: `later` ones belong to a later step and may fail.
n=0 n_later=0; behaviour() { if (eval "$2") > last.out 2>&1; then n=$((n+1)); elif [ -n "${3:-}" ]; then n_later=$((n_later+1)); else no "$1: $(head -c 200 last.out | tr '\n' ' ')"; fi; }
printf '#include "h.h"\nint main(void) { return X; }\n' > a.c; echo '#define X 0' > h.h; echo 'int f(void) { return 1; }' > f.c; echo 'V1 { global: f; local: *; };' > v.map
behaviour 'macros of standard input' 'echo | $CC -E -dM - | grep -q "define __GNUC__ "'
behaviour '-cpp' 'echo | $CC -cpp -x c -E -dM - | grep -q __STDC_VERSION__'
behaviour '-x c -' 'echo "int x;" | $CC -x c - -c -o x.o && test -s x.o'
behaviour '-MD -MP -MF -MT' '$CC -MD -MP -MF d.d -MT foo.o -c a.c -o a.o && grep -q "^foo.o:.*h.h" d.d && grep -q "^h.h:" d.d'
behaviour '-MMD' 'rm -f a.d; $CC -MMD -c a.c -o a.o && grep -q h.h a.d'
behaviour '-MQ' '$CC -MD -MQ "a\$b" -MF q.d -c a.c -o a.o && grep -qF "a\$\$b:" q.d'
behaviour '-Wp,-MD,file' '$CC -Wp,-MD,w.d -c a.c -o a.o && grep -q h.h w.d'
behaviour '-M -MG' 'echo "#include \"gen.h\"" | $CC -x c -M -MG - | grep -q gen.h'
behaviour '@file' 'echo "-c a.c -o r.o" > rsp && $CC @rsp && test -f r.o'
behaviour '-###' '$CC -### -c a.c -o never.o 2>&1 | grep -q . && test ! -e never.o'
behaviour '-save-temps' '$CC -save-temps -c a.c -o s.o && ls *.i *.s' later
behaviour '-S -o -' '$CC -S a.c -o - | grep -q main' later
behaviour '-E -P -o /dev/stdout' '$CC -E -P a.c -o /dev/stdout | grep -q main'
behaviour 'unknown -Wno- is silent' '$CC -Wno-foo-bar -c a.c -o a.o 2> e && test ! -s e'
behaviour 'unknown -W with -Werror' '! $CC -Wfoo-bar -Werror -c a.c -o a.o'
behaviour 'unknown -f' '! $CC -ffoo-bar -c a.c -o a.o'
behaviour '-march=native' '$CC -march=native -c a.c -o a.o'
behaviour 'soname' '$CC -shared -fPIC -Wl,-soname,libf.so.1 f.c -o libf.so && readelf -d libf.so | grep -q "SONAME.*libf.so.1"'
behaviour 'version script' '$CC -shared -fPIC -Wl,--version-script=v.map f.c -o libv.so && readelf --dyn-syms -W libv.so | grep -q "f@@V1"'
behaviour 'rpath, relro, now' '$CC a.c "-Wl,-rpath,\$ORIGIN" -Wl,-z,relro,-z,now -o a && readelf -d a | grep -q "ORIGIN" && readelf -d a | grep -q NOW'
behaviour '--as-needed -E --gc-sections' '$CC a.c -Wl,--as-needed -Wl,-E -Wl,--gc-sections -lm -o a && ! readelf -d a | grep -q libm && readelf --dyn-syms -W a | grep -q main'
behaviour '-Wl,--version' '$CC -Wl,--version 2>&1 | grep -qE "GNU (ld|gold)|LLD|mold"'
behaviour '-r -nostdlib' '$CC -c a.c -o a.o && $CC -r -nostdlib a.o -o rr.o && readelf -h rr.o | grep -q REL'
behaviour '-no-pie, -pie' '$CC a.c -no-pie -o a && readelf -h a | grep -q EXEC && $CC -fPIE -pie a.c -o a && readelf -h a | grep -q DYN'
behaviour '-flto in two steps with ar' '$CC -O2 -flto -c f.c -o f.o && rm -f l.a && ar rcs l.a f.o && echo "int f(void); int main(void) { return f() - 1; }" > m.c && $CC -O2 -flto m.c l.a -o m && ./m'
behaviour '-fdiagnostics-color=always' '$CC -fdiagnostics-color=always -c a.c -o a.o'
behaviour 'diagnostics for machines' 'echo "int x = ;" > e.c; ($CC -fdiagnostics-format=sarif-stderr -c e.c || $CC -fdiagnostics-format=json -c e.c || $CC -fdiagnostics-format=sarif -c e.c) 2>&1 | grep -q "^ *[[{]"'
behaviour '-gsplit-dwarf' '$CC -g -gsplit-dwarf -c a.c -o a.o'
behaviour '-ffile-prefix-map' '$CC -g -ffile-prefix-map=$PWD=. -c a.c -o a.o && ! strings a.o | grep -q "$PWD"'
behaviour 'SOURCE_DATE_EPOCH' 'echo "char *d = __DATE__;" > d.c; SOURCE_DATE_EPOCH=0 $CC -c d.c -o d.o && strings d.o | grep -q "Jan  1 1970"'
behaviour '-include and its kin' '$CC -include h.h -imacros h.h -isystem . -iquote . -idirafter . -c a.c -o a.o'
behaviour '-print-prog-name=as' 'test -n "$($CC -print-prog-name=as)"'
behaviour 'standards' 'for s in c89 gnu89 c90 iso9899:1990 c99 gnu99 iso9899:1999 c11 gnu11 c17 c18 gnu17 c2x gnu2x; do $CC -std=$s -c a.c -o a.o || exit 1; done'
behaviour '-fsyntax-only' 'rm -f a.out; $CC -fsyntax-only a.c && test ! -f a.out'
behaviour '-pipe -pthread -rdynamic -s' '$CC -pipe -pthread -rdynamic -s a.c -o a && ./a'
behaviour 'a failed link leaves nothing' 'echo "int g(void); int main(void) { return g(); }" > u.c; ! $CC u.c -o uu && test ! -f uu'
behaviour 'several -c' 'rm -f a.o f.o; $CC -c a.c f.c && test -f a.o -a -f f.o'
behaviour '.S with -D' 'printf "#ifdef Q\n.globl q\nq: ret\n#endif\n" > q.S; $CC -DQ -c q.S -o q.o && nm q.o | grep -q "T q"'
behaviour '--target=aarch64-linux-gnu' 'echo "int f(int x) { return x; }" > n.c; $CC --target=aarch64-linux-gnu -c n.c -o n.o && readelf -h n.o | grep -q AArch64' later
echo "figure: behaviours $n"; same 'behaviours are 39 with those of later steps' 39 $((n + n_later + bad))

# Build systems want a compiler of one word.
for t in autoconf automake libtoolize cmake meson ninja pkg-config; do command -v $t > /dev/null || missing "$t"; done
case $CC in "$KIT cc") check "install" $KIT install --prefix "$PWD/kit"; cc=$PWD/kit/bin/kit-cc;; *) cc=$(command -v $CC);; esac
mkdir project; cat > project/lib.c <<'C'
#include "lib.h"
#ifdef HAVE_CONFIG_H
#include <config.h>
#endif
#include <math.h>
static int hidden_count;
int lib_count(void) { return ++hidden_count; }
double lib_root(double x) { return sqrt(x); }
#ifdef USE_THREADS
#include <pthread.h>
static _Thread_local int per_thread;
static void *run(void *p) { per_thread += *(int *)p; *(int *)p = per_thread; return p; }
int lib_thread(int n) { pthread_t t; per_thread = 7; pthread_create(&t, 0, run, &n); pthread_join(t, 0); return n; }
#endif
C
cat > project/lib.h <<'C'
int lib_count(void); double lib_root(double); int lib_thread(int);
C
cat > project/main.c <<'C'
#include "lib.h"
#include <stdio.h>
int main(void) { lib_count(); printf("%d %g %d\n", lib_count(), lib_root(2.25), lib_thread(40)); return 0; }
C
# shared LABEL FILE SONAME: a library with that name which exports lib_count and not hidden_count
shared() { [ -f "$2" ] || { no "$1: no $2"; return; }; same "$1: soname" "$3" "$(readelf -dW "$2" | sed -n 's/.*SONAME.*\[\(.*\)\].*/\1/p')"; nm -D "$2" > last.out; says "$1: exports" ' T lib_count'; if grep -q hidden_count last.out; then no "$1: exports hidden_count"; else ok; fi; }

# --- autoconf, automake, libtool
cp -a project auto; cat > auto/configure.ac <<'A'
AC_INIT([sample],[1.2])
AC_CONFIG_AUX_DIR([aux])
AC_CONFIG_MACRO_DIRS([m4])
AM_INIT_AUTOMAKE([foreign subdir-objects])
AC_CONFIG_HEADERS([config.h])
AC_PROG_CC
AM_PROG_AR
LT_INIT
AC_USE_SYSTEM_EXTENSIONS
AC_SYS_LARGEFILE
AC_C_CONST
AC_C_INLINE
AC_C_RESTRICT
AC_C_VOLATILE
AC_C_TYPEOF
AC_C_BIGENDIAN
AC_C_CHAR_UNSIGNED
AC_C_FLEXIBLE_ARRAY_MEMBER
AC_C_VARARRAYS
AC_C__GENERIC
AC_FUNC_ALLOCA
AC_FUNC_MMAP
AC_TYPE_SIZE_T
AC_TYPE_INT64_T
AC_TYPE_UINTPTR_T
AC_TYPE_LONG_DOUBLE_WIDER
AC_CHECK_SIZEOF([long double])
AC_CHECK_ALIGNOF([double])
AC_CHECK_HEADERS([stdatomic.h threads.h sys/mman.h nosuch.h])
AC_CHECK_FUNCS([clock_gettime strlcpy_nosuch mmap])
AC_CHECK_MEMBERS([struct stat.st_blksize, struct stat.st_nosuch])
AC_CHECK_DECLS([INT_MAX, NO_SUCH_THING], [], [], [[#include <limits.h>]])
AC_SEARCH_LIBS([sqrt], [m])
AC_SEARCH_LIBS([pthread_create], [pthread])
AC_CONFIG_FILES([Makefile])
AC_OUTPUT
A
cat > auto/Makefile.am <<'A'
ACLOCAL_AMFLAGS = -I m4
lib_LTLIBRARIES = libsample.la
libsample_la_SOURCES = lib.c lib.h
libsample_la_CPPFLAGS = -DUSE_THREADS
libsample_la_LDFLAGS = -version-info 5:1:3 -export-symbols-regex '^lib_' -no-undefined
bin_PROGRAMS = sample
sample_SOURCES = main.c
sample_LDADD = libsample.la
check_PROGRAMS = check_static
check_static_SOURCES = main.c
check_static_LDADD = libsample.la
check_static_LDFLAGS = -static
TESTS = sample check_static
A
mkdir auto/m4; (cd auto; autoreconf -fi) > auto.log 2>&1 || no "autoreconf: $(tail -1 auto.log)"
for side in gcc cc; do c=gcc; [ $side = cc ] && c=$cc; mkdir auto-$side; (cd auto-$side; ../auto/configure CC="$c" --prefix="$PWD/inst" --disable-dependency-tracking) > auto-$side.log 2>&1 || no "configure by $side: $(tail -2 auto-$side.log | tr '\n' ' ')"; done
# The answers are gcc's, but for what names the compiler itself.
answers() { grep -E '^(ac_cv|lt_cv|am_cv)_' auto-$1/config.log | grep -v -E '^(ac_cv_env|ac_cv_path_ac_pt|ac_cv_prog_ac_ct|lt_cv_path_LD|lt_cv_path_NM|lt_cv_sys_lib_(dlsearch|search)_path|ac_cv_prog_CPP|lt_cv_sys_global_symbol)' | sed "s,$cc,CC,g; s,='*gcc'*\$,=CC," | sort; }
answers gcc > auto-gcc.txt; answers cc > auto-cc.txt; check 'configure finds what it finds with gcc' diff auto-gcc.txt auto-cc.txt; same 'answers' 1 "$([ "$(wc -l < auto-cc.txt)" -gt 80 ] && echo 1)"
diff <(sed "s,$cc,CC,g" auto-gcc/config.h) auto-cc/config.h > last.out; same 'config.h' '' "$(cat last.out)"
for v in build_libtool_libs build_old_libs pic_flag link_static_flag archive_cmds no_undefined_flag export_dynamic_flag_spec whole_archive_flag_spec hardcode_libdir_flag_spec compiler_c_o allow_undefined_flag with_gnu_ld soname_spec version_type; do
  same "libtool's $v" "$(grep "^$v=" auto-gcc/libtool | head -1)" "$(grep "^$v=" auto-cc/libtool | head -1)"; done
check 'make' make -s -C auto-cc; check 'make check' make -s -C auto-cc check; check 'make install' make -s -C auto-cc install; shared libtool auto-cc/inst/lib/libsample.so.2.3.1 libsample.so.2
[ -f auto-cc/inst/lib/libsample.a ] || no 'no static library'; same 'installed program' '2 1.5 40' "$(auto-cc/inst/bin/sample)"; same 'dependency tracking' 'gcc3' "$(cd auto && rm -rf ../auto-d && mkdir ../auto-d && cd ../auto-d && ../auto/configure CC="$cc" > c.log 2>&1; sed -n 's/^checking dependency style of .*\.\.\. //p' c.log)"

# --- CMake
cp -a project cm; cat > cm/CMakeLists.txt <<'A'
cmake_minimum_required(VERSION 3.18)
project(sample VERSION 1.2.3 LANGUAGES C ASM)
set(CMAKE_C_STANDARD 11)
include(CheckCCompilerFlag)
include(CheckFunctionExists)
include(CheckIncludeFile)
include(CheckTypeSize)
include(CheckSymbolExists)
include(CheckIPOSupported)
include(CheckPIESupported)
include(GNUInstallDirs)
include(TestBigEndian)
check_c_compiler_flag(-Wall HAVE_WALL)
check_c_compiler_flag(-fno-such-flag HAVE_NO_SUCH_FLAG)
check_function_exists(clock_gettime HAVE_CLOCK_GETTIME)
check_function_exists(no_such_function HAVE_NO_SUCH_FUNCTION)
check_include_file(stdatomic.h HAVE_STDATOMIC_H)
check_type_size("long double" SIZEOF_LONG_DOUBLE)
check_symbol_exists(O_CLOEXEC fcntl.h HAVE_O_CLOEXEC)
test_big_endian(IS_BIG_ENDIAN)
check_ipo_supported(RESULT IPO LANGUAGES C)
check_pie_supported(LANGUAGES C)
find_package(Threads REQUIRED)
add_library(sample SHARED lib.c)
set_target_properties(sample PROPERTIES VERSION 1.2.3 SOVERSION 1 C_VISIBILITY_PRESET default INTERPROCEDURAL_OPTIMIZATION ON)
add_library(sample_static STATIC lib.c)
set_target_properties(sample_static PROPERTIES OUTPUT_NAME sample POSITION_INDEPENDENT_CODE ON)
foreach(l sample sample_static)
  target_compile_definitions(${l} PRIVATE USE_THREADS)
  target_compile_features(${l} PUBLIC c_std_11)
  target_link_libraries(${l} PUBLIC Threads::Threads m)
endforeach()
add_executable(prog main.c)
target_link_libraries(prog sample)
add_executable(prog_static main.c extra.S)
target_link_libraries(prog_static sample_static)
target_precompile_headers(prog_static PRIVATE <stdio.h>)
install(TARGETS sample sample_static prog)
set_target_properties(prog PROPERTIES INSTALL_RPATH "$ORIGIN/../lib")
enable_testing()
add_test(NAME shared COMMAND prog)
add_test(NAME static COMMAND prog_static)
file(WRITE ${CMAKE_BINARY_DIR}/found "${CMAKE_C_COMPILER_ID} ${CMAKE_C_SIMULATE_ID} ${CMAKE_SIZEOF_VOID_P} ${CMAKE_C_BYTE_ORDER} ${HAVE_WALL}/${HAVE_NO_SUCH_FLAG}/${HAVE_CLOCK_GETTIME}/${HAVE_NO_SUCH_FUNCTION}/${HAVE_STDATOMIC_H}/${SIZEOF_LONG_DOUBLE}/${HAVE_O_CLOEXEC}/${IS_BIG_ENDIAN} ${IPO} ${CMAKE_C_LINK_PIE_SUPPORTED} ${CMAKE_C_LIBRARY_ARCHITECTURE}\n${CMAKE_C_COMPILE_FEATURES}\n${CMAKE_C_IMPLICIT_LINK_LIBRARIES}\n")
A
printf '\t.section .note.GNU-stack,"",@progbits\n' > cm/extra.S
for side in gcc cc; do c=$(command -v gcc); [ $side = cc ] && c=$cc; check "cmake by $side" cmake -S cm -B cm-$side -G Ninja -DCMAKE_C_COMPILER="$c" -DCMAKE_BUILD_TYPE=Release -DCMAKE_INSTALL_LIBDIR=lib -DCMAKE_INSTALL_PREFIX="$PWD/cm-$side/inst"; done
same "CMake finds what it finds with gcc" "$(head -2 cm-gcc/found)" "$(head -2 cm-cc/found)"; same 'the C library is found' c "$(tail -1 cm-cc/found | tr ';' '\n' | grep -x c)"
check 'ninja' cmake --build cm-cc; check ctest ctest --test-dir cm-cc; check 'install' cmake --install cm-cc; shared CMake cm-cc/inst/lib/libsample.so.1.2.3 libsample.so.1; same 'installed program' '2 1.5 40' "$(cm-cc/inst/bin/prog)"
check 'cmake with makefiles and CC=' env CC="$cc" cmake -S cm -B cm-make -G 'Unix Makefiles' -DCMAKE_BUILD_TYPE=Debug; check make make -s -C cm-make; check ctest ctest --test-dir cm-make

# --- Meson
cp -a project me; cat > me/meson.build <<'A'
project('sample', 'c', version: '1.2.3', default_options: ['c_std=gnu11', 'b_lto=true', 'b_pie=true', 'warning_level=3', 'buildtype=debugoptimized'])
cc = meson.get_compiler('c')
m = cc.find_library('m')
threads = dependency('threads')
found = ' '.join([cc.get_id(), cc.get_linker_id(), cc.get_argument_syntax(), cc.sizeof('long double').to_string(), cc.has_function('clock_gettime').to_string(), cc.has_function('no_such_function').to_string(), cc.has_header('stdatomic.h').to_string(),
  cc.has_argument('-Wlogical-op').to_string(), cc.has_argument('-fno-such').to_string(), cc.has_link_argument('-Wl,--no-such-option').to_string(), cc.has_link_argument('-Wl,-z,now').to_string(), cc.has_multi_arguments('-Wall', '-fPIC').to_string(),
  cc.has_function_attribute('visibility').to_string(), cc.has_member('struct stat', 'st_mtim', prefix: '#include <sys/stat.h>').to_string(), cc.compiles('int f(void) { return _Generic(1, int: 1); }').to_string(), cc.get_define('__SIZEOF_LONG__'), cc.alignment('double').to_string(), cc.symbols_have_underscore_prefix().to_string()])
summary('found', found)
cc.run('#include <stdio.h>\nint main(void) { printf("x"); return 0; }').stdout() == 'x' or error('run')
lib = both_libraries('sample', 'lib.c', version: '1.2.3', soversion: '1', c_args: '-DUSE_THREADS', dependencies: [m, threads], gnu_symbol_visibility: 'default', install: true)
prog = executable('prog', 'main.c', link_with: lib.get_shared_lib(), install: true, install_rpath: '$ORIGIN/../lib')
prog_static = executable('prog_static', 'main.c', link_with: lib.get_static_lib(), dependencies: [m, threads], c_pch: 'pch/prog.h')
test('shared', prog)
test('static', prog_static)
import('pkgconfig').generate(lib.get_shared_lib(), name: 'sample', description: 'sample')
A
sed -i "s/^cc.run(.*/r = cc.run('''#include <stdio.h>\nint main(void) { printf(\"x\"); return 0; }''')\nif r.stdout() != 'x'\n  error('run')\nendif/" me/meson.build; mkdir me/pch; echo '#include <stdio.h>' > me/pch/prog.h
for side in gcc cc; do c=gcc; [ $side = cc ] && c=$cc; check "meson by $side" env CC="$c" meson setup me-$side me --prefix="$PWD/me-$side/inst" --libdir=lib; grep -E '^ +found' last.out > me-$side.txt; done
check 'Meson finds what it finds with gcc' diff me-gcc.txt me-cc.txt; grep -q 'found *: gcc' me-cc.txt || no "Meson's compiler is $(cat me-cc.txt)"
check ninja ninja -C me-cc; check 'meson test' meson test -C me-cc; check 'install' meson install -C me-cc; shared Meson me-cc/inst/lib/libsample.so.1.2.3 libsample.so.1; same 'installed program' '2 1.5 40' "$(me-cc/inst/bin/prog)"
check 'pkg-config' env PKG_CONFIG_PATH=me-cc/inst/lib/pkgconfig pkg-config --cflags --libs sample; check 'by pkg-config' $CC project/main.c $(cat last.out) -o by-pc -Wl,-rpath,$PWD/me-cc/inst/lib; same 'runs' '2 1.5 40' "$(./by-pc)"
fails '-Werror= of no warning' $CC -Werror=no-such-warning -c project/main.c -o w.o
finish
