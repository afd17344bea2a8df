-- A walk through SQLite's shell: types, joins, windows, recursion, triggers, indexes, JSON, dates, plans, integrity.
-- What it prints is compared with a build by gcc.
.mode list
CREATE TABLE t(a INTEGER PRIMARY KEY, b REAL, c TEXT, d BLOB);
INSERT INTO t SELECT value, value * 1.5 - 7, 'row ' || (value * 7919 % 1000), zeroblob(value % 5) FROM generate_series(1, 2000);
SELECT count(*), sum(a), round(avg(b), 6), min(c), max(c), total(length(d)) FROM t;
SELECT typeof(a), typeof(b), typeof(c), typeof(d), typeof(NULL) FROM t LIMIT 1;
CREATE INDEX i1 ON t(c, b DESC); CREATE UNIQUE INDEX i2 ON t(a, c) WHERE a % 2 = 0; ANALYZE;
EXPLAIN QUERY PLAN SELECT * FROM t WHERE c = 'row 5' ORDER BY b DESC;
SELECT a, b FROM t WHERE c BETWEEN 'row 10' AND 'row 11' ORDER BY c, b DESC LIMIT 5;
SELECT x.a, y.a FROM t x JOIN t y ON x.c = y.c AND x.a < y.a WHERE x.a < 30 ORDER BY 1, 2 LIMIT 8;
SELECT a % 7 AS k, count(*), group_concat(a, '+') FROM t WHERE a < 40 GROUP BY k HAVING count(*) > 4 ORDER BY k DESC;
SELECT a, sum(a) OVER (ORDER BY a ROWS 2 PRECEDING), rank() OVER (PARTITION BY a % 3 ORDER BY b DESC), lag(a, 2, -1) OVER (ORDER BY a), ntile(4) OVER (ORDER BY a) FROM t WHERE a <= 12 ORDER BY a;
WITH RECURSIVE f(i, x, y) AS (SELECT 1, 0, 1 UNION ALL SELECT i + 1, y, x + y FROM f WHERE i < 90) SELECT max(x) FROM f;
WITH RECURSIVE m(cx, cy, x, y, n) AS (SELECT -2.0 + 0.2 * (value % 16), -1.0 + 0.25 * (value / 16), 0.0, 0.0, 0 FROM generate_series(0, 143)
  UNION ALL SELECT cx, cy, x * x - y * y + cx, 2 * x * y + cy, n + 1 FROM m WHERE x * x + y * y < 4 AND n < 28) SELECT sum(n), max(n) FROM m;
CREATE TABLE log(what, n); CREATE TRIGGER tr AFTER UPDATE OF b ON t WHEN new.b <> old.b BEGIN INSERT INTO log VALUES ('upd', new.a); END;
BEGIN; UPDATE t SET b = b + 1 WHERE a % 100 = 0; SAVEPOINT s; DELETE FROM t WHERE a > 1000; ROLLBACK TO s; COMMIT; SELECT count(*), sum(n) FROM log; SELECT count(*) FROM t;
INSERT INTO t(a, c) VALUES (1, 'conflict') ON CONFLICT(a) DO UPDATE SET c = excluded.c || '!' RETURNING a, c;
INSERT INTO t(a) VALUES (1);
SELECT 1/0, 5/2, -5/2, 5%3, -5%3, 5.0/2, 1<<62, ~5, 9223372036854775807 + 1, -9223372036854775808, 'abc' < 'abd', NULL IS NULL, 3 BETWEEN 1 AND 4;
SELECT 0.1 + 0.2, 1e308 * 10, round(2.5), round(-2.567, 2), abs(-7), CAST('12abc' AS INTEGER), CAST(3.99 AS INTEGER), 1e15, 1e16, 123456789012345678;
SELECT sqrt(2), sin(1), exp(1), ln(10), pow(2, 0.5), pi(), ceil(1.2), floor(-1.2), mod(7, 3), atan2(1, 2);
SELECT printf('%5d|%-8s|%08.3f|%x|%e|%q|%Q|%,d', 42, 'left', 3.14159, 255, 12345.678, 'it''s', 'it''s', 1234567), hex('kit'), quote(x'00ff'), char(72, 8364), unicode('€');
SELECT upper('abc'), substr('hello', -3, 2), replace('banana', 'an', 'AN'), instr('hello', 'll'), trim('  x '), ltrim('xxy', 'x'), 'a' || 1 || NULL, coalesce(NULL, 2), nullif(1, 1), iif(1, 'y', 'n');
SELECT 'Straße' LIKE 'STRASSE', 'abc' LIKE 'A_C', 'abc' GLOB 'a*', 'x%y' LIKE 'x\%y' ESCAPE '\', length('€'), length(CAST('€' AS BLOB));
SELECT date('2024-02-28', '+2 days'), julianday('2000-01-01'), strftime('%Y-%j %H:%M:%S %w', 86400 * 365, 'unixepoch'), unixepoch('2001-09-09 01:46:40'), time('12:00', '-90 minutes');
SELECT json_extract('{"a":[1,2,{"b":3.5e2}]}', '$.a[2].b'), json_array(1, 'x', NULL), json_object('k', json('[1]')), json_type('{"a":null}', '$.a'), json_set('{"a":1}', '$.b', 2), json_valid('{bad');
SELECT key, value, type FROM json_each('{"x":1,"y":[2],"z":"s"}'); SELECT json_group_array(a) FROM t WHERE a < 6;
CREATE VIEW v AS SELECT a, c FROM t WHERE a < 5 UNION ALL SELECT 0, 'zero' EXCEPT SELECT 3, c FROM t ORDER BY 1; SELECT * FROM v;
CREATE TABLE p(id INTEGER PRIMARY KEY, up INTEGER REFERENCES p(id) ON DELETE CASCADE, CHECK (id > 0)) STRICT;
CREATE TABLE g(x INTEGER, y INTEGER GENERATED ALWAYS AS (x * x) STORED, z AS (x + y)); INSERT INTO g(x) VALUES (3), (4); SELECT * FROM g;
CREATE TABLE w(k TEXT PRIMARY KEY, v) WITHOUT ROWID; INSERT INTO w VALUES ('b', 2), ('a', 1), ('c', 3); SELECT group_concat(k || v) FROM w; INSERT INTO w VALUES ('a', 9);
ALTER TABLE w ADD COLUMN extra DEFAULT 'e'; ALTER TABLE w RENAME COLUMN v TO val; SELECT * FROM w WHERE val > 1; SELECT sql FROM sqlite_master WHERE name = 'w';
PRAGMA foreign_keys = ON; CREATE TABLE q(id INTEGER PRIMARY KEY, r REFERENCES g2(x)); SELECT nosuch FROM t; SELEC 1;
CREATE TABLE big(x TEXT); INSERT INTO big SELECT hex(randomblob(8)) || value FROM generate_series(1, 5000); SELECT count(DISTINCT x), count(*) FROM big; DELETE FROM big WHERE rowid % 3 = 0; VACUUM; SELECT count(*) FROM big;
WITH n(a, b) AS (VALUES (1, 'one'), (2, 'two')) SELECT * FROM n LEFT JOIN (SELECT 2 AS a, 'zwei' AS de) USING (a) FULL JOIN (SELECT 3 AS a, 'trois' AS fr) USING (a);
.mode box
SELECT a, b, c FROM t WHERE a IN (1, 2, 3);
.mode csv
SELECT a, c, 'with "quotes", and, commas' FROM t LIMIT 3;
.mode insert tab
SELECT a, b, c, d FROM t LIMIT 3;
.mode list
PRAGMA integrity_check; PRAGMA page_count;
.dump w
SELECT sqlite_version();
