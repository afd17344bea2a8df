#!/bin/bash
# A compiler that goes the long way: every C source becomes assembly (`CC -S`), this an object (`AS`), and that is linked by CC.
# Takes a compiler's command line and can stand wherever a compiler does; what is no compilation goes to CC as it is.
#   ROUND_TRIP_CC='kit cc' ROUND_TRIP_AS='kit as' round-trip.sh [option]... file...
: "${ROUND_TRIP_CC:?the compiler}" "${ROUND_TRIP_AS:?the assembler}"
all=("$@") flags=() sources=() mode=link out= deps= deps_file= deps_target=
direct() { exec $ROUND_TRIP_CC "${all[@]}"; }
while [ $# -gt 0 ]; do
  case $1 in
    -E|-S|-M|-MM|-fsyntax-only|-x|-x*|-|--version|--help|-v|-V|-###|-dump*|-print*|--print*|@*|-combine) direct;;
    -c) mode=compile;;
    -o) out=$2; shift;;
    -o?*) out=${1#-o};;
    -MD|-MMD) deps=1; flags+=("$1");;
    -MF) deps_file=$2; flags+=("$1" "$2"); shift;;
    -MT|-MQ) deps_target=1; flags+=("$1" "$2"); shift;;
    # Options whose value is the next word.
    -I|-D|-U|-include|-imacros|-isystem|-iquote|-idirafter|-isysroot|-iprefix|-iwithprefix|--param|-aux-info) flags+=("$1" "$2"); shift;;
    # What only a link reads.
    -L|-T|-u|-z|-l|-Xlinker) shift;;
    -l*|-L*|-Wl,*|-shared|-static|-static-pie|-pie|-rdynamic|-nostartfiles|-nodefaultlibs|-nostdlib|-s) ;;
    *.c) sources+=("$1");;
    -*) flags+=("$1");;
    *) ;;
  esac
  shift
done
[ ${#sources[@]} -gt 0 ] || direct
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT
# one SOURCE OBJECT: by way of assembly.
one() {
  local more=() s=$work/${2//\//-}.s
  if [ -n "$deps" ]; then
    [ -n "$deps_file" ] || more+=(-MF "${2%.o}.d")
    [ -n "$deps_target" ] || more+=(-MT "$2")
  fi
  $ROUND_TRIP_CC "${flags[@]}" "${more[@]}" -S "$1" -o "$s" && $ROUND_TRIP_AS "$s" -o "$2"
}
if [ $mode = compile ]; then
  for s in "${sources[@]}"; do
    o=${out:-$(basename "${s%.c}").o}
    one "$s" "$o" || exit 1
  done
  exit 0
fi
# A link: the sources' places are taken by their objects.
n=0 line=() skip=
for a in "${all[@]}"; do
  case $skip$a in
    -MD|-MMD) continue;;
    -MF|-MT|-MQ) skip=drop; continue;;
    drop*) skip=; continue;;
    -I|-D|-U|-include|-imacros|-isystem|-iquote|-idirafter|-L|-T|-u|-z|-l|-Xlinker|-o|--param) skip=keep; line+=("$a"); continue;;
    keep*) skip=; line+=("$a"); continue;;
    *.c) n=$((n+1)); o=$work/$n.o
      deps='' one "$a" "$o" || exit 1
      line+=("$o");;
    *) line+=("$a");;
  esac
done
$ROUND_TRIP_CC "${line[@]}"
