# cJSON: by CMake, static and shared, its own tests by ctest.
both cjson
cjson_build() { cmake -S "$S/cjson" -B . -DCMAKE_C_COMPILER="$1" -DBUILD_SHARED_AND_STATIC_LIBS=ON -DENABLE_CJSON_UTILS=ON; cmake --build .; }
cjson_check() { ctest 1>&2 && ctest | grep -o '[0-9]*% tests passed, .*' && ls libcjson*.so* | sort; }
