# zstd: libraries, program and tests by make, its assembly by the assembler; the seeded fuzzer, round trips over levels.
both zstd
zstd_build() { take zstd; make -s -C lib CC="$1" lib; make -s -C programs CC="$1" zstd; make -s -C tests CC="$1" fuzzer invalidDictionaries poolTests datagen; }
zstd_check() { local l; cd tests; ./fuzzer -i40 -s5 --no-big-tests 2>&1 | tr '\r' '\n' | tee /dev/stderr | grep -o '[0-9]* fuzzer tests completed' && ./invalidDictionaries 1>&2 && ./poolTests 1>&2 && echo 'dictionaries, pools: ok' && ./datagen -g3M > data &&
  for l in 1 3 9 19 '19 --long'; do ../programs/zstd -q -$l -T2 -c data > z && ../programs/zstd -q --long=31 -dc z | cmp - data && sha256sum < z | cut -c1-12 || return 1; done; }
