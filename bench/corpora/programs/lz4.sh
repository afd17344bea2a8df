# lz4: libraries, program and test programs by make; round trips and the seeded fuzzers.
both lz4
lz4_build() { take lz4; make -s CC="$1" lib lz4; make -s -C tests CC="$1" fuzzer frametest checkFrame roundTripTest datagen decompress-partial; }
lz4_check() { make -s -C tests CC="$1" test-lz4-essentials test-decompress-partial 1>&2 && echo 'essentials and partial: ok' && cd tests &&
  ./fuzzer -i60 -s1 -T0s 1>&2 && echo 'fuzzer: ok' && ./frametest -i60 -s1 -T0s 1>&2 && echo 'frametest: ok' && ./datagen -g2M > data && ./roundTripTest data 1>&2 && ../lz4 -9 -c data | sha256sum; }
