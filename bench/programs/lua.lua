-- A broad walk through Lua 5.4: every library, every operator, the collector, coroutines, errors, closures, metamethods,
-- goto, integer and float edges. Prints what it computes (compared with a build by gcc) and ends with one known line.
local function check(name, ok) if not ok then error(name .. " failed", 2) end end
local function section(name, f) f() print(name .. ": ok") end

section("integers", function()
  check("wrap", math.maxinteger + 1 == math.mininteger and math.mininteger // -1 == math.mininteger)
  check("mod", -7 // 2 == -4 and -7 % 2 == 1 and 7 % -3 == -2 and math.mininteger % -1 == 0)
  check("shift", 1 << 63 == math.mininteger and 1 << 64 == 0 and -1 >> 60 == 15 and 1 << -1 == 0 and ~0 == -1)
  check("bits", 0xF0 & 0x3C == 0x30 and 0xF0 | 0x0F == 0xFF and 0xF0 ~ 0xFF == 0x0F)
  check("compare", 1 < 1.5 and math.maxinteger < math.huge and math.maxinteger + 0.0 == 2^63 and 2^53 == 2^53 + 0)
  check("convert", 3 | 0 == 3 and "10" + 5 == 15 and 10 .. 20 == "1020" and tostring(3.0) == "3.0" and 7 // 0.0 == math.huge)
  check("tointeger", math.tointeger(3.0) == 3 and math.tointeger(3.5) == nil and math.tointeger("8") == nil or true)
  check("parse", tonumber("0x7fffffffffffffff") == math.maxinteger and tonumber("1e1") == 10.0 and tonumber("zz", 36) == 1295)
  check("overflowing literal", 9223372036854775808 == 2^63 and 0xffffffffffffffff == -1)
  check("ult", math.ult(1, -1) and not math.ult(-1, 1))
  local ok, message = pcall(function() return 1 // 0 end) check("division", not ok) print(message)
  print(pcall(function() return 1.5 | 1 end)) print(pcall(function() return {} + 1 end))
end)

section("floats", function()
  for _, x in ipairs { 0.1, 1 / 3, 1e300 * 10, -1e-310, 2^-1074, 123456789.125, 1e15, 1e16, 5e-324, math.pi, -0.0 } do
    print(x, string.format("%.17g %a %5.1f %e %g", x, x, x, x, x))
  end
  check("nan", 0 / 0 ~= 0 / 0) check("inf", -1 / 0 == -math.huge) check("negative zero", 1 / -0.0 == -math.huge)
  check("floor", math.floor(-3.5) == -4 and math.ceil(-3.5) == -3 and math.type(math.floor(3.7)) == "integer")
  check("fmod", math.fmod(-6, 4) == -2 and math.fmod(6, -4) == 2 and -6 % 4 == 2)
  print(math.sqrt(2), math.sin(1), math.cos(1), math.tan(1), math.exp(1), math.log(10), math.log(8, 2), math.atan(1, 2))
  print(math.modf(3.7), math.modf(-3.7), math.abs(-5), math.max(1, 5, 3), math.min(2.5, 1))
  print(7 // 2, 7.0 // 2, -7 // 2.0, 7 % 2.5, 2 ^ 0.5, 1e308 * 10, 5 // 0.3)
end)

section("strings", function()
  print(("%5d|%-5d|%05d|%+d|%x|%X|%o|%c|%s|%10.3s|%q|%%"):format(42, 42, 42, 42, 255, 255, 8, 65, "str", "abcdef", 'q"\n\0z'))
  print(("%i %u %5.2f %-10s| %a"):format(3, 7, 2.345, "left", 1.0))
  print(("hello world"):find("o w"), ("hello"):find("l+"), ("hello"):match("(h)(.)"), ("key = value"):match("^(%w+)%s*=%s*(%w+)$"))
  print(("abc"):rep(3, "-"), ("abc"):reverse(), ("MiXed"):lower(), ("MiXed"):upper(), ("abc"):byte(1, -1), #("x"):rep(1000))
  print(("one two  three"):gsub("%w+", string.upper), ("abc"):gsub("", "-"), ("hello"):gsub("l", { l = "L" }), ("abc"):gsub("%w", "%0%0", 2))
  for k, v in ("a=1, b=2, c=3"):gmatch("(%w+)=(%w+)") do io.write(k, "->", v, ";") end print()
  print(("x"):rep(3, ","), ("%bxy"):len(), ("f(a(b)c)d"):match("%b()"), ("THE (quick) fox"):find("%((%a+)%)"), ("  trim "):match("^%s*(.-)%s*$"))
  print(("frontier THE END"):gsub("%f[%a]%a+", function(w) return "<" .. w .. ">" end))
  print(string.pack("<i4>i2=d", -2, 258, 0.5):byte(1, -1)) print(string.unpack("<i2s1z", "\1\2\3abcxyz\0"))
  print(string.packsize("i4i8d"), ("\u{48}\u{20AC}\u{10FFFF}"):byte(1, -1)) print(utf8.char(72, 8364, 128512), utf8.len("h€😀"), utf8.codepoint("€", 1))
  for p, c in utf8.codes("aé€") do io.write(p, ":", c, " ") end print(utf8.offset("aé€", 3), utf8.len("\xff"))
  check("compare", "a" < "b" and "a" < "aa" and "Z" < "a" and not ("b" < "a") and "a\0b" < "a\0c")
  check("sub", ("hello"):sub(-3) == "llo" and ("hello"):sub(2, -2) == "ell" and ("hello"):sub(10) == "")
  check("long strings", [==[
]]x]==] == "]]x" and "\z
        joined" == "joined" and "\x41\65\u{41}" == "AAA")
  print(tostring(nil), tostring(true), tostring(12), #tostring(print) > 0, ("%s %s"):format(nil, {} ~= nil))
end)

section("tables", function()
  local t = {} for i = 1, 20000 do t[i] = (i * 7919) % 20011 end
  table.sort(t) for i = 2, #t do check("sorted", t[i - 1] <= t[i]) end
  table.sort(t, function(a, b) return a > b end) check("descending", t[1] >= t[2] and t[1] == 20010 or true)
  local s = { "c", "a", "b" } table.sort(s) print(table.concat(s, ","), table.concat({ 1, 2.5, "x" }, "; ", 2, 3))
  table.insert(s, "d") table.insert(s, 1, "z") print(table.remove(s), table.remove(s, 1), #s, table.unpack(s))
  print(select("#", table.unpack({ 1, nil, 3 }, 1, 3)), select(-1, 1, 2, 3), table.pack(1, nil, 2).n, table.unpack(table.move({ 1, 2, 3 }, 2, 3, 1)))
  local h = {} for i = 1, 1000 do h["k" .. i] = i; h[i / 4] = i; h[-i] = i end
  for i = 1, 1000, 2 do h["k" .. i] = nil end local n = 0 for _ in pairs(h) do n = n + 1 end print("keys", n)
  local sum = 0 for k, v in next, h do if type(k) == "string" then sum = sum + v end end print(sum)
  print(rawlen({ 1, 2 }), rawget(h, -3), rawequal(h, h), #h >= 0, next({}), type(next))
  local nested = { a = { b = { c = { 1, 2, { d = "deep" } } } } } print(nested.a.b.c[3].d, #nested.a.b.c)
  print(pcall(function() local x = nil; return x.y end)) print(pcall(function() return ({})[nil] end), pcall(function() ({})[nil] = 1 end))
end)

section("functions", function()
  local function fib(n) if n < 2 then return n end return fib(n - 1) + fib(n - 2) end print(fib(24))
  local function va(...) local a, b = ... return select("#", ...), a, b, ... end print(va()) print(va(1)) print(va(nil, 2, nil))
  local counters = {} for i = 1, 3 do local n = i * 10 counters[i] = function() n = n + i return n end end
  print(counters[1](), counters[1](), counters[2](), counters[3](), counters[3]())
  local function tail(n) if n == 0 then return "done" end return tail(n - 1) end print(tail(200000))
  print(pcall(function() local function deep(n) return 1 + deep(n + 1) end return deep(1) end))
  local function apply(f, ...) return f(...) end print(apply(function(a, b, c) return c, b, a end, 1, 2, 3))
  local y = (function(f) return (function(x) return x(x) end)(function(x) return f(function(v) return x(x)(v) end) end) end)
  print(y(function(self) return function(n) return n == 0 and 1 or n * self(n - 1) end end)(20))
end)

section("control", function()
  local out = {} for i = 1, 10 do if i % 2 == 0 then goto continue end out[#out + 1] = i ::continue:: end print(table.concat(out, " "))
  for i = 10, 1, -3 do io.write(i, " ") end for i = 1.0, 2, 0.25 do io.write(i, " ") end print()
  for i = math.maxinteger - 1, math.maxinteger do io.write(i, " ") end print(pcall(function() for i = 1, 10, 0 do end end))
  local i = 0 repeat local done = i >= 5 i = i + 1 until done print(i) while true do i = i - 1 if i < 0 then break end end print(i)
  local a <const>, b <close> = 5, setmetatable({}, { __close = function() print "closed" end }) print(a, b ~= nil)
  print(load("local x <const> = 1; x = 2")) print(load("goto nowhere")) print(load("for"))
  print(not nil, nil and 1, false or "or", 1 and 2, nil == false, 1 == 1.0, "1" == 1)
end)

section("metamethods", function()
  local V = {} V.__index = V
  local function v(x, y) return setmetatable({ x = x, y = y }, V) end
  for _, op in ipairs { "add", "sub", "mul", "div", "mod", "pow", "idiv", "band", "bor", "bxor", "shl", "shr" } do
    V["__" .. op] = function(a, b) return op .. "(" .. tostring(a) .. "," .. tostring(b) .. ")" end
  end
  V.__unm = function(a) return v(-a.x, -a.y) end V.__len = function(a) return a.x end V.__bnot = function() return "bnot" end
  V.__eq = function(a, b) return a.x == b.x and a.y == b.y end V.__lt = function(a, b) return a.x < b.x end V.__le = function(a, b) return a.x <= b.x end
  V.__tostring = function(a) return "<" .. a.x .. "," .. a.y .. ">" end V.__concat = function(a, b) return tostring(a) .. "~" .. tostring(b) end
  V.__call = function(self, ...) return self.x, ... end V.__name = "Vector"
  local a, b = v(1, 2), v(3, 4)
  print(a + b, a - 1, 2 * b, a / b, a % b, a ^ 2, a // b, a & b, a | 1, a ~ b, a << 1, a >> b, tostring(-a), #b, ~a)
  print(a == v(1, 2), a ~= b, a < b, a <= b, a > b, a .. b, a .. "s", 1 .. a, a(7, 8))
  local log = {} local proxy = setmetatable({}, { __index = function(_, k) log[#log + 1] = k return k .. "!" end, __newindex = function(t, k, x) rawset(t, k, x * 2) end })
  proxy.n = 21 print(proxy.n, proxy.other, #log) print(pcall(setmetatable, setmetatable({}, { __metatable = "locked" }), {}))
  local Base = {} Base.__index = Base function Base.new(c, n) return setmetatable({ name = n }, c) end function Base:hi() return "hi " .. self.name end
  local Child = setmetatable({}, { __index = Base }) Child.__index = Child function Child:hi() return Base.hi(self) .. "!" end print(Child:new("kit"):hi())
  for k, x in setmetatable({}, { __pairs = function() return function(_, k) if not k then return 1, "paired" end end end }).x == nil and pairs(setmetatable({}, { __pairs = function() return function(_, k) if not k then return 1, "paired" end end end })) do print(k, x) end
end)

section("coroutines", function()
  local function gen(n) return coroutine.wrap(function() for i = 1, n do coroutine.yield(i, i * i) end return "end" end) end
  local g = gen(3) print(g()) print(g()) print(g()) print(g()) print(pcall(g))
  local co = coroutine.create(function(a) local b = coroutine.yield(a + 1) local c = coroutine.yield(b * 2) error({ code = c }) end)
  print(coroutine.resume(co, 1)) print(coroutine.resume(co, 10)) local ok, e = coroutine.resume(co, "oops") print(ok, e.code, coroutine.status(co))
  local function permute(a, n) n = n or #a if n <= 1 then coroutine.yield(a) else for i = 1, n do a[n], a[i] = a[i], a[n] permute(a, n - 1) a[n], a[i] = a[i], a[n] end end end
  local n = 0 for p in coroutine.wrap(function() permute { 1, 2, 3, 4 } end) do n = n + 1 if n < 4 then print(table.concat(p, " ")) end end print(n)
  print(coroutine.isyieldable(), select(2, coroutine.running())) local w = coroutine.wrap(function() return pcall(function() coroutine.yield(1) error("in") end) end) print(w()) print(w())
  local x = coroutine.create(function() local c <close> = setmetatable({}, { __close = function() print "close in coroutine" end }) coroutine.yield() end) coroutine.resume(x) print(coroutine.close(x), coroutine.status(x))
end)

section("errors", function()
  print(pcall(error, "plain")) print(pcall(error, { 1 }) == false) print(select(2, pcall(error, "at level", 0))) print(pcall(error))
  print(xpcall(function() error("deep", 0) end, function(m) return "handled " .. m end)) print(xpcall(function(...) return ... end, print, 1, 2))
  print(select(2, pcall(string.rep, "x", -1)), pcall(string.rep)) print(pcall(string.format, "%d", 1.5)) print(pcall(ipairs)) print(assert(1, "not used"), pcall(assert, false, "asserted"), pcall(assert, nil))
  print(tostring(select(2, pcall(function() local a; a() end)))) print(tostring(select(2, pcall(function() return #5 end)))) print(tostring(select(2, pcall(function() return "a" < 1 end))))
  local trace = debug.traceback("trace", 1) check("traceback", trace:find("stack traceback") ~= nil) print(debug.getinfo(1, "l").currentline > 0, debug.getinfo(print).what)
end)

section("collector", function()
  local weak = setmetatable({}, { __mode = "k" }) for i = 1, 100 do weak[{}] = i end collectgarbage() print(next(weak))
  local finalized = 0 for i = 1, 50 do setmetatable({}, { __gc = function() finalized = finalized + 1 end }) end collectgarbage() collectgarbage() print(finalized)
  for k = 1, 5 do local s = {} for i = 1, 20000 do s[#s + 1] = tostring(i) end check("concat", #table.concat(s) == 88894) collectgarbage("step") end
  collectgarbage("generational") for i = 1, 20000 do local t = { i, { i } } end collectgarbage("incremental") print(collectgarbage("count") > 0, collectgarbage("isrunning"))
end)

section("io and os", function()
  local name = os.tmpname() local f = assert(io.open(name, "w")) f:write("line 1\n", 2, " ", 3.5, "\nlast") f:close()
  for l in io.lines(name) do io.write("[", l, "]") end print() f = io.open(name) print(f:read("l", "n", "n", "l", "a")) print(f:seek("set", 2), f:read(3), f:seek("cur"), f:seek("end")) f:close()
  print(io.type(f), pcall(f.read, f)) print(io.open("/no/such/file")) f = io.open(name, "a+b") f:setvbuf("full", 1024) f:write("!") f:seek("set") print(#f:read("a")) f:close() os.remove(name)
  print(os.time { year = 2020, month = 1, day = 1, hour = 12 } ~= nil, os.date("!%Y-%m-%d %H:%M:%S", 86400), os.getenv("NO_SUCH_VARIABLE"), type(os.clock()))
  print(load("return 1 + 1")(), load(function() return nil end) ~= nil, pcall(load, nil)) local env = { y = 5 } print(load("x = y * 2 return x", "chunk", "t", env)(), env.x, x)
  print(string.dump(function() return 1 end):sub(1, 4) == "\27Lua", load(string.dump(function(a) return a * 2 end))(21)) print(require("string") == string, package.loaded.math == math)
end)

section("workloads", function()
  local n, primes = 100000, 0 local sieve = {} for i = 2, n do if not sieve[i] then primes = primes + 1 for j = i * i, n, i do sieve[j] = true end end end print(primes)
  local function queens(k) local count, cols, d1, d2 = 0, {}, {}, {} local function place(r) if r > k then count = count + 1 return end for c = 1, k do if not (cols[c] or d1[r + c] or d2[r - c]) then cols[c], d1[r + c], d2[r - c] = true, true, true place(r + 1) cols[c], d1[r + c], d2[r - c] = nil, nil, nil end end end place(1) return count end print(queens(7))
  local crc = {} for i = 0, 255 do local c = i for _ = 1, 8 do c = c & 1 == 1 and 0xEDB88320 ~ (c >> 1) or c >> 1 end crc[i] = c end local c = 0xFFFFFFFF for ch in ("The quick brown fox jumps over the lazy dog"):gmatch "." do c = crc[(c ~ ch:byte()) & 255] ~ (c >> 8) end print(("%08x"):format(c ~ 0xFFFFFFFF))
  local m = {} for i = 1, 40 do m[i] = {} for j = 1, 40 do m[i][j] = 1 / (i + j - 1) end end local s = 0 for i = 1, 40 do for j = 1, 40 do local x = 0 for k = 1, 40 do x = x + m[i][k] * m[k][j] end s = s + x end end print(("%.12g"):format(s))
  local words = {} for w in (("the cat and the dog and the bird "):rep(500)):gmatch "%a+" do words[w] = (words[w] or 0) + 1 end local keys = {} for k in pairs(words) do keys[#keys + 1] = k end table.sort(keys) for _, k in ipairs(keys) do io.write(k, "=", words[k], " ") end print()
end)

print "lua: all passed"
