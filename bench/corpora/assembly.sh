#!/bin/bash
# Write the text that a project gives its assembler: what its generators and gcc's preprocessor make, one .s a file.
#   assembly.sh PROJECT SOURCE-DIR OUTPUT-DIR
# The compiler of a build here is a script that keeps what .s and .S files come to and compiles by gcc.
set -eu -o pipefail
project=$1 S=$(cd "$2" && pwd) OUT=$(cd "$3" && pwd)
export LC_ALL=C
W=$(mktemp -d); trap 'rm -rf "$W"' EXIT; cd "$W"
take() { cp -a "$S/." .; }

# keeper: makes $W/cc. A file is named after its path in the build; comments and line markers of no source are left out.
keeper() { cat > "$W/cc" <<'END'
#!/bin/bash
keep=''; flags=(); skip=''
for w; do
  case $skip$w in
    *.s|*.S) keep=$w;;
    -o) skip=1; continue;;
    -[DUI]*|-include|-isystem|-imacros|-m*|-f*|-std=*|-nostdinc) flags+=("$w");;
    *) case $prev in -include|-isystem|-imacros|-I|-D|-U) flags+=("$w");; esac;;
  esac
  prev=$w skip=''
done
if [ -n "$keep" ]; then
  n=$(realpath --relative-to="$KEEP_ROOT" "$keep"); n=${n//\//_}; n=${n%.*}
  gcc "${flags[@]}" -P -E -x assembler-with-cpp "$keep" > "$KEEP_OUT/$n.s" 2> /dev/null || rm -f "$KEEP_OUT/$n.s"
  case $keep in *.s) cp "$keep" "$KEEP_OUT/$n.s";; esac
fi
exec gcc "$@"
END
  chmod +x "$W/cc"; export KEEP_ROOT=$W KEEP_OUT=$OUT; }

openssl() { # perlasm: what the generators write for an assembler as new as GNU's 2.40
  local f
  for f in $(cd "$S" && find crypto engines -name '*x86_64*.pl' ! -name '*xlate*' | sort); do
    (cd "$S" && CC=gcc perl "$f" elf "$OUT/$(basename "$f" .pl).s"); done; }

musl() { # its files of x86_64
  local f
  for f in $(cd "$S" && find src crt ldso -path '*x86_64*' -name '*.[sS]' | sort); do
    case $f in
      *.s) cp "$S/$f" "$OUT/$(echo "${f%.*}" | tr / _).s";;
      *) gcc -P -E -x assembler-with-cpp -I"$S/src/internal" -I"$S/arch/x86_64" "$S/$f" > "$OUT/$(echo "${f%.*}" | tr / _).s";;
    esac; done; }

libffi() { take; keeper; ./configure CC="$W/cc" > configure.log 2>&1; make -s -j2 > make.log 2>&1 || true; }

gmp() { # every processor's directory: m4 with the configuration of a build
  local d f n o op ops
  # Debian's tarball is without the manual, and configure wants its makefile.
  take; mkdir -p doc; touch doc/Makefile.in; ./configure --disable-static --host=x86_64-linux-gnu > configure.log 2>&1
  for f in $(find mpn/x86_64 -name '*.asm' | sort); do
    n=$(echo "${f%.asm}" | tr / _)
    # A file with several entry points is made for each by the name of what it is built for.
    ops=$(sed -n 's/^[ \t]*MULFUNC_PROLOGUE(\(.*\))/\1/p' "$f" | sed 's/dnl.*//' | tr ' ' '\n' | sort -u | grep . || true)
    for op in ${ops:--}; do
      o=$n; d=''
      [ "$op" = - ] || { op=${op#mpn_}; o=$n-$op; d=-DOPERATION_$op; }
      (cd mpn && m4 $d -DPIC -I.. "../$f" > "$OUT/$o.s" 2> /dev/null) || rm -f "$OUT/$o.s"; done; done; }

"$project"
