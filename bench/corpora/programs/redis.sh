# redis with its jemalloc, Lua and hiredis: make; it starts, answers, saves and loads; some of its own tests.
both redis
redis_build() { take redis; chmod +x runtest deps/jemalloc/configure src/mkreleasehdr.sh 2> /dev/null; make -s CC="$1"; }
redis_check() { local p=$((20000 + $$ % 10000)) cli n
  redis_serve() { src/redis-server --port 0 --unixsocket "$PWD/s" --save '' --dir "$PWD" --daemonize yes --pidfile "$PWD/pid" --logfile "$PWD/server.log" 1>&2; for n in $(seq 100); do src/redis-cli -s s ping 2> /dev/null | grep -q PONG && return; sleep 0.1; done; return 1; }
  cli='src/redis-cli -s s'
  redis_serve && $cli set a 41 && $cli incr a && $cli rpush l 3 1 2 && $cli sort l && $cli eval 'local s = 0 for i = 1, 1000 do s = s + i * redis.call("get", "a") end return cjson.encode({s, struct.pack(">I2", 7):byte(2)})' 0 &&
    $cli zadd z 1.5 x 2.25 y && $cli zrange z 0 -1 withscores && $cli hset h f v && $cli setbit b 7 1 && $cli pfadd p a b c && $cli pfcount p && $cli geoadd g 13.361389 38.115556 P 15.087269 37.502669 C && $cli geodist g P C &&
    $cli info memory | grep -o 'mem_allocator:[a-z]*' && src/redis-benchmark -s s -n 2000 -q -t set,get,lpush 1>&2 && $cli save && $cli shutdown nosave 2> /dev/null; redis_serve && $cli get a && $cli dbsize | grep -E '^[0-9]' && $cli shutdown nosave 2> /dev/null
  ./runtest --clients 2 --baseport $p --single unit/type/hash --single unit/type/string --single unit/scripting --single unit/sort --single unit/type/incr 2>&1 | tee /dev/stderr | grep -o 'All tests passed without errors'; }
