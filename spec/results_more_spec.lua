-- Declared results beyond counting and adding: the spread of numbers, sets, samples, first values, issues; and that
-- threads and batches change nothing.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local json = require "spec.support.json"
local lua = require "spec.support.script"

local function book(id, ...) return marc.write { { "001", id }, { "245", "10", "a", "Title of " .. id }, ... } end

local THREE = book "one" .. book "two" .. book "three"

local function run(declare, hook, finish, words, input)
  return lua.run(("%s\nreturn { each = function(rec) %s end, finish = function(agg, out, ctx) %s end }"):format(declare, hook, finish),
    input or THREE, words)
end

local function printed(declare, hook, finish, words, input)
  local result = run(declare, hook, finish, words, input)
  assert.equal("", result.status == 0 and "" or result.err)
  return (result.out:gsub("\n$", ""))
end

local function stopped(status, words, declare, hook, finish)
  local result = run(declare, hook or "", finish or "")
  assert.equal(status, result.status)
  lua.has(result.err, words)
end

local function saved(declare, hook)
  local path = mrrc.folder() .. "/agg.json"
  local result = run(declare, hook, "", { "--agg-out", path })
  assert.equal(0, result.status, result.err)
  return json.read(mrrc.read(path))
end

local ONCE = "if rec.id == 'one' then %s end"

describe("stats", function()
  local STATS = "local s = mrrc.stats 's'"

  local function spread(numbers, what)
    return printed(STATS, ONCE:format("for _, v in ipairs {" .. numbers .. "} do s:add(v) end"), "print(" .. what .. ")")
  end

  it("have what a sum has", function()
    assert.equal("3\t11\t3\t5\t3.6666666666667", printed(STATS, "s:add(#rec.id)", "local s = agg.s print(s.n, s.sum, s.min, s.max, s.mean)"))
  end)
  it("have the sample standard deviation", function() -- sqrt(32 / 7)
    assert.equal("2.138089935299395", spread("2, 4, 4, 4, 5, 5, 7, 9", "('%.16g'):format(agg.s.sd)"))
  end)
  it("lose nothing when the numbers are large and close", function() -- sqrt(30), for which squares in doubles give 0 or NaN
    for _, shift in ipairs { "0", "1000000000", "1000000000000000", "1e15" } do
      assert.equal("5.477225575051661", spread(("%s + 4, %s + 7, %s + 13, %s + 16"):format(shift, shift, shift, shift), "('%.16g'):format(agg.s.sd)"))
    end
  end)
  it("take the largest and the smallest numbers", function()
    assert.equal("true\t0.0", spread("1e300, -1e300", "math.abs(agg.s.sd / 1e300 - math.sqrt(2)) < 1e-15, agg.s.sum"))
    assert.equal("true", spread("math.maxinteger, math.mininteger", "math.abs(agg.s.sd / 2^63 - math.sqrt(2)) < 1e-15"))
    assert.equal("true", spread("0x1p-1074, 0.0", "agg.s.sd == 0x1p-1074")) -- sqrt(1/2) of it, rounded
    assert.equal("true", spread("0x1p-1060, 0.0", "math.abs(agg.s.sd / 0x1p-1060 - math.sqrt(0.5)) < 1e-4"))
  end)
  it("of equal numbers have a deviation of 0", function() assert.equal("0.0", spread("0.1, 0.1, 0.1", "agg.s.sd")) end)
  it("of one number or none have no deviation", function()
    assert.equal("nil", spread("5", "agg.s.sd"))
    assert.equal("0\tnil\tnil", printed(STATS, "s:add(nil)", "print(agg.s.n, agg.s.mean, agg.s.sd)"))
  end)
  it("with an infinity have a deviation that is no number", function() assert.equal("true", spread("1, math.huge", "agg.s.sd ~= agg.s.sd")) end)
  it("refuse text", function() stopped(3, "stats:add wants a number, not a string", STATS, "s:add(rec.id)") end)
  it("know no other names", function() stopped(3, "unknown stats key 'se' (did you mean 'sd'?)", STATS, "", "return agg.s.se") end)
end)

describe("a set", function()
  local SET = "local s = mrrc.set 's'"

  it("keeps each value once, in byte order", function()
    assert.equal("4\t10 a b b2", printed(SET, "s:add 'b' s:add 'a' s:add(10) s:add(10.0) s:add 'b2' s:add(nil)", "print(agg.s:count(), table.concat(agg.s:values(), ' '))"))
  end)
  it("of nothing is empty", function() assert.equal("0\t0", printed(SET, "", "print(agg.s:count(), #agg.s:values())")) end)
  it("takes any bytes", function() assert.equal("true", printed(SET, "s:add '\\0\\255'", "print(agg.s:values()[1] == '\\0\\255')")) end)
  it("refuses a table", function() stopped(3, "string, number or nil", SET, "s:add {}") end)
end)

describe("distinct", function()
  local DISTINCT = "local d = mrrc.distinct 'd'"

  it("counts different values", function()
    assert.equal("3", printed(DISTINCT, "d:add 'b' d:add 'a' d:add(10) d:add(10.0) d:add(nil)", "print(agg.d:count())"))
  end)
  it("tells many values apart", function()
    assert.equal("20000", printed(DISTINCT, "for i = 1, 20000 do d:add(i) d:add(tostring(i)) end", "print(agg.d:count())"))
  end)
  it("has no values to give and says what has", function() stopped(3, "mrrc.set does", DISTINCT, "d:add 'x'", "agg.d:values()") end)
end)

describe("topk", function()
  local TOP = "local t = mrrc.topk('t', 2)"

  it("gives the n most frequent keys, equal ones in byte order", function()
    assert.equal("b 6\na 3", printed(TOP, "t:add 'c' t:add 'b' t:add 'b' t:add 'a' t:add(nil)", "for _, r in ipairs(agg.t:rows()) do print(r.key .. ' ' .. r.count) end"))
  end)
  it("is exact when a key is rare in every batch and frequent in all", function()
    local input = {}
    for i = 1, 300 do input[i] = book("r" .. i) end
    assert.equal("x 300", printed("local t = mrrc.topk('t', 1)", "for k = 1, 5 do local u = rec.id .. '-' .. k t:add(u) t:add(u) end t:add 'x'",
      "for _, r in ipairs(agg.t:rows()) do print(r.key .. ' ' .. r.count) end", { "--batch-size", "1" }, table.concat(input)))
  end)
  it("wants to know how many", function()
    for _, n in ipairs { "", ", 0", ", 1.5", ", '3'", ", -1", ", 1000001" } do
      stopped(2, "mrrc.topk t: how many? a whole number from 1 to 1000000", ("local t = mrrc.topk('t'%s)"):format(n))
    end
  end)
end)

describe("a histogram", function()
  local HISTOGRAM = "local h = mrrc.histogram { name = 'h', edges = { 0, 10, 20.5 } }"
  local ROWS = "for _, r in ipairs(agg.h:rows()) do print(r.from, r.to, r.count) end"

  it("counts numbers between edges; an edge belongs to the bin above", function()
    assert.equal("nil\t0\t2\n0\t10\t3\n10\t20.5\t2\n20.5\tnil\t3", printed(HISTOGRAM,
      ONCE:format "for _, v in ipairs { -1, -0.5, 0, -0.0, 9.999, 10, 20.4, 20.5, 21, math.huge } do h:add(v) end", ROWS))
  end)
  it("compares integers and floats exactly", function()
    assert.equal("1\t2", printed("local h = mrrc.histogram { name = 'h', edges = { 9007199254740993 } }",
      ONCE:format "h:add(2^53) h:add(9007199254740993) h:add(2^53 + 2)", "print(agg.h:rows()[1].count, agg.h:rows()[2].count)"))
  end)
  it("of nothing has rows of 0", function() assert.equal("nil\t0\t0\n0\t10\t0\n10\t20.5\t0\n20.5\tnil\t0", printed(HISTOGRAM, "h:add(nil)", ROWS)) end)
  it("refuses NaN and text", function()
    stopped(3, "a histogram has no place for NaN", HISTOGRAM, "h:add(0/0)")
    stopped(3, "histogram:add wants a number, not a string", HISTOGRAM, "h:add 'x'")
  end)
  it("refuses edges that are none", function()
    local cases = { ["nil"] = "must be an array", ["{}"] = "must be an array", ["{ 1, 'x' }"] = "array of finite numbers", ["{ 2, 1 }"] = "must ascend",
      ["{ 1, 1.0 }"] = "must ascend", ["{ math.huge }"] = "finite", ["{ 0/0 }"] = "finite", ["{ 0, -0.0 }"] = "must ascend" }
    for edges, words in pairs(cases) do stopped(2, words, ("mrrc.histogram { name = 'h', edges = %s }"):format(edges)) end
    stopped(2, "did you mean 'edges'?", "mrrc.histogram { name = 'h', edge = { 1 } }")
  end)
end)

describe("first", function()
  it("keeps the first n values in input order, with their types", function()
    assert.equal("one 3 3.0 true", printed("local f = mrrc.first('f', 4)", "f:add(rec.id) f:add(#rec.id) f:add(#rec.id / 1) f:add(true) f:add(nil)",
      "local t = {} for i, v in ipairs(agg.f:values()) do t[i] = tostring(v) end print(table.concat(t, ' '))"))
  end)
  it("keeps what there is when it is less", function() assert.equal("one two three", printed("local f = mrrc.first('f', 9)", "f:add(rec.id)", "print(table.concat(agg.f:values(), ' '))")) end)
  it("keeps a record as text, an edit as it is now", function()
    local text = printed("local f = mrrc.first('f', 2)", "f:add(rec) local e = rec:edit():add('500', '  ', 'a', 'Note.') f:add(e) e:discard()",
      "io.write(agg.f:values()[1], agg.f:values()[2])")
    lua.has(text, "=001  one\n=245  10$aTitle of one\n\n=LDR")
    lua.has(text, "=245  10$aTitle of one\n=500  \\\\$aNote.\n")
  end)
  it("refuses a table", function() stopped(3, "string, number, boolean, record or nil", "local f = mrrc.first('f', 2)", "f:add {}") end)
end)

describe("a sample", function()
  local SAMPLE, VALUES = "local s = mrrc.sample('s', 20)", "print(table.concat(agg.s:values(), ' '))"
  local input = {}
  for i = 1, 400 do input[i] = book(("r%03d"):format(i)) end
  input = table.concat(input)

  local function sample(words, hook) return printed(SAMPLE, hook or "s:add(rec.id)", VALUES, words, input) end

  it("has n different values of the input", function()
    local seen, count = {}, 0
    for id in sample {}:gmatch "%S+" do
      assert.is_nil(seen[id])
      assert.is_true(tonumber(id:match "^r(%d%d%d)$") <= 400)
      seen[id], count = true, count + 1
    end
    assert.equal(20, count)
  end)
  it("is another one for another --seed, and the same for the same", function()
    assert.equal(sample { "--seed", "7" }, sample { "--seed", "7" })
    assert.are_not.equal(sample { "--seed", "7" }, sample { "--seed", "8" })
  end)
  it("does not change when other results are added to", function()
    assert.equal(sample {}, printed(SAMPLE .. " local c = mrrc.counter 'c'", "c:add(rec.id) s:add(rec.id)", VALUES, {}, input))
  end)
  it("draws for every value of a record", function()
    local both = 0
    for _ in sample({}, "s:add(rec.id) s:add 'second'"):gmatch "second" do both = both + 1 end
    assert.is_true(both > 0 and both < 20)
  end)
  it("draws evenly", function() -- 200 samples of 20 out of 400: 10 for each; 40 are a chance of 10^-12
    local counts = {}
    for seed = 1, 200 do
      for id in sample { "--seed", tostring(seed) }:gmatch "%S+" do counts[id] = (counts[id] or 0) + 1 end
    end
    local most, seen = 0, 0
    for _, n in pairs(counts) do most, seen = math.max(most, n), seen + 1 end
    assert.is_true(most < 40 and seen > 390)
  end)
  it("of fewer values has them all", function() assert.equal(3, select(2, printed(SAMPLE, "s:add(rec.id)", VALUES):gsub("%S+", ""))) end)
end)

describe("issues", function()
  local ISSUES = "local i = mrrc.issues 'i'"

  it("are rows in record order that say where", function()
    assert.equal("error|1|0|one|245|short id\nwarning|1|0|one||odd\nerror|2|71|two|245|short id", printed(ISSUES,
      "i:add(rec, '245', #rec.id == 3 and 'short id' or nil) i:add(rec, nil, rec.id == 'one' and 'odd' or nil, 'warning')",
      "for _, r in ipairs(agg.i:rows()) do print(table.concat({ r.severity, r.record, r.offset, r.id, r.where, r.message }, '|')) end"))
  end)
  it("name the file", function()
    local path = mrrc.file(THREE, ".mrc")
    local result = mrrc.ok { "run", mrrc.script "local i = mrrc.issues 'i' return { each = function(rec) i:add(rec, 'x', 'y') end, finish = function(agg) print(agg.i:rows()[1].file) end }", path }
    assert.equal(path .. "\n", result.out)
  end)
  it("expect something and say whether it was so", function()
    assert.equal("true\nfalse\nfalse\n2\t2\t0", printed(ISSUES, "print(i:expect(rec, rec.id == 'one', '001', 'is one', 'info'))",
      "print(agg.i:count(), agg.i:count 'info', agg.i:count 'error')"))
  end)
  it("are summed up", function()
    assert.equal("5 errors, 1 warning\n      3  error    245: no date\n      2  error    short\n      1  warning  001: odd", printed(ISSUES,
      "i:add(rec, '245', 'no date') i:expect(rec, #rec.id > 3, nil, 'short') i:expect(rec, rec.id ~= 'two', '001', 'odd', 'warning')", "agg.i:summary(out)"))
  end)
  it("may be none", function() assert.equal("no issues\n0\t0", printed(ISSUES, "", "agg.i:summary(out) print(agg.i:count(), #agg.i:rows())")) end)
  it("of an edit belong to its record", function()
    assert.equal("2|71|two", printed(ISSUES, "if rec.id == 'two' then local e = rec:edit() i:add(e, 'x', 'y') e:discard() end",
      "local r = agg.i:rows()[1] print(r.record .. '|' .. r.offset .. '|' .. r.id)"))
  end)
  it("refuse an unknown severity, a missing record and a missing message", function()
    stopped(3, 'a severity is "error", "warning" or "info"', ISSUES, "i:add(rec, 'x', 'y', 'fatal')")
    stopped(3, "record", ISSUES, "i:add('x', 'y', 'z')")
    stopped(3, "string expected", ISSUES, "i:expect(rec, false, '245')")
  end)
  it("refuse a summary to nowhere", function() stopped(3, "summary writes to out", ISSUES, "", "agg.i:summary()") end)
end)

describe("a result", function()
  it("leaves no trace of a record that failed", function()
    local result = run([[
      local a, b, c, d, e, f, g, h, i = mrrc.stats "a", mrrc.set "b", mrrc.distinct "c", mrrc.topk("d", 9), mrrc.histogram { name = "e", edges = { 0 } },
        mrrc.sample("f", 9), mrrc.first("g", 9), mrrc.issues "h", mrrc.sum "i"]],
      "a:add(1) b:add(rec.id) c:add(rec.id) d:add(rec.id) e:add(1) f:add(rec.id) g:add(rec.id) h:add(rec, 'x', 'y') i:add(1) if rec.id == 'two' then error 'no' end",
      [[print(agg.a.n, agg.b:count(), agg.c:count(), #agg.d:rows(), agg.e:rows()[2].count, #agg.f:values(), table.concat(agg.g:values(), ","), agg.h:count(), agg.i.n)]],
      { "--on-script-error", "skip" })
    assert.equal("2 2 2 2 2 2 one,three 2 2\n", (result.out:gsub("\t", " ")))
  end)
  it("can be added to in hooks alone and read in finish alone", function()
    for kind, late in pairs { set = "values", distinct = "count", issues = "rows", stats = "sd" } do
      stopped(3, ("%s.%s works in finish"):format(kind, late), ("local x = mrrc.%s 'x'"):format(kind), "return x." .. late)
      stopped(3, ("%s:add works in the hooks"):format(kind), ("local x = mrrc.%s 'x'"):format(kind), "", "agg.x:add(1)")
    end
  end)
  it("is in --agg-out", function()
    local all = saved([[local a, e, f, g, h = mrrc.stats "a", mrrc.histogram { name = "e", edges = { 3.5 } }, mrrc.sample("f", 1), mrrc.first("g", 2), mrrc.issues "h"
      local b, c, d = mrrc.set "b", mrrc.distinct "c", mrrc.topk("d", 1)]],
      "a:add(#rec.id) e:add(#rec.id) f:add(rec.id) g:add(#rec.id) h:add(rec, '245', 'bad', 'info') b:add(#rec.id) c:add(#rec.id) d:add(#rec.id)")
    assert.same({ "stats", 3, 11, 3, 5 }, { all.a.kind, all.a.n, all.a.sum, all.a.min, all.a.max })
    assert.is_true(math.abs(all.a.sd - 1.1547005383792515) < 1e-15)
    assert.same({ { key = "3" }, { key = "5" } }, all.b.values)
    assert.same({ 2, 2 }, { all.c.count, #all.c.hashes })
    assert.same({ kind = "topk", n = 1, rows = { { key = "3", count = 2 } }, rest = { { key = "5", count = 1 } } }, all.d)
    assert.same({ { from = json.null, to = 3.5, count = 2 }, { from = 3.5, to = json.null, count = 1 } }, all.e.rows)
    assert.same({ "sample", 1 }, { all.f.kind, #all.f.values })
    assert.same({ kind = "first", n = 2, values = { 3, 3 } }, all.g)
    assert.same({ 0, 0, 3, 3 }, { all.h.errors, all.h.warnings, all.h.infos, #all.h.rows })
    assert.same("bad", all.h.rows[1].message)
  end)
end)

describe("threads and batches #threads", function()
  it("change no result, whatever the numbers", function()
    local script = mrrc.script [[
      local st, se, di, to = mrrc.stats "st", mrrc.set "se", mrrc.distinct "di", mrrc.topk("to", 3)
      local hi, sa, fi, is = mrrc.histogram { name = "hi", edges = { 30, 32.5 } }, mrrc.sample("sa", 7), mrrc.first("fi", 11), mrrc.issues "is"
      return {
        each = function(rec)
          st:add(#rec:raw() / 7) st:add(#rec.id) se:add(rec:get "852$b") di:add(rec:get "650$a") to:add(rec:get "650$a") hi:add(#rec:get "245$a")
          sa:add(rec) sa:add(rec.id) fi:add(rec.id) is:expect(rec, #rec.id > 4, "001", "short") if rec.source.index % 50 == 0 then is:add(rec, nil, "fifty", "info") end
        end,
        finish = function(agg, out) agg.is:summary(out) out:print(agg.st.sd, table.concat(agg.sa:values(), " ")) end,
      }]]
    local books, first = mrrc.file(marc.books(700), ".mrc"), nil
    for _, threads in ipairs { "1", "2", "5" } do
      for _, batch in ipairs { "1", "3", "1000" } do
        local path = mrrc.folder() .. "/agg.json"
        local result = mrrc.ok { "run", script, books, "fixtures/books.mrc", "-q", "-j", threads, "--batch-size", batch, "--agg-out", path }
        local all = result.out .. mrrc.read(path)
        first = first or all
        assert.is_true(all == first, ("-j %s --batch-size %s gives other results"):format(threads, batch))
      end
    end
    lua.has(first, "14 info")
  end)
end)
