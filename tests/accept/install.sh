# kit install makes links, the name under which kit is called selects the tool; kit doctor tells what was found.
. "$ROOT/tests/accept/common.sh"; need_cc; need install; need doctor
check install $KIT install --prefix "$PWD/p"; for n in kit kit-cc kit-ld ld.kit kit-ar kit-nm; do [ -x p/bin/$n ] && ok || no "bin/$n"; done
check 'kit-cc' p/bin/kit-cc need.c -o x; same runs hello "$(./x)"; p/bin/kit-ld --version > last.out; says 'kit-ld is ld' 'GNU ld'; p/bin/ld.kit --version > last.out; says 'ld.kit is ld' 'GNU ld'
check doctor $KIT doctor; says 'start files' 'crt1\.o'; says 'headers' '/usr/include'; says 'libc' 'libc\.so'; says 'loader' 'ld-linux'
finish
