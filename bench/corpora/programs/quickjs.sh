# QuickJS: make, its interpreter, compiler and shared modules; its own tests and a compiled script.
both quickjs
quickjs_build() { take quickjs; make -s CC="$1" HOST_CC="$1" qjs qjsc libquickjs.a run-test262 examples/hello examples/test_fib examples/point.so tests/bjson.so CONFIG_SHARED_LIBS=y; }
quickjs_check() { make -s -j1 CC="$1" HOST_CC="$1" CONFIG_SHARED_LIBS=y test 1>&2 && echo 'tests: ok' && examples/hello && examples/test_fib && ./qjs -e 'let s = 0; for (let i = 1; i < 2e5; i++) s += Math.sin(i) / i; console.log(s, 2n ** 200n, [3, 1, 2].sort())'; }
