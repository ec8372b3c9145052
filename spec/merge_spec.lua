-- mrrc merge: results of runs over parts become those of one run over all, exactly.
local mrrc = require "spec.support.mrrc"
local json = require "spec.support.json"
local lua = require "spec.support.script"

local BOOKS = "fixtures/books.mrc"

local ALL = mrrc.script [[
  local c, k, s, st, se, di = mrrc.counter "c", mrrc.topk("k", 2), mrrc.sum "s", mrrc.stats "st", mrrc.set "se", mrrc.distinct "di"
  local hi, ints = mrrc.histogram { name = "hi", edges = { 1980, 2000.5 } }, mrrc.sum "ints"
  return { each = function(rec)
    local year = rec:number "008/07-10"
    c:add(rec:get "008/35-37") c:add("\255" .. rec.id) c:add("\254" .. rec.id) c:add "a\0b" k:add(rec:get "008/35-37")
    s:add(year / 7) s:add(year * 1e300) s:add(-year * 1e300) st:add(year) st:add(year / 3) ints:add(year)
    se:add(rec:get "008/35-37") se:add "\200" di:add(rec.id) di:add(rec:get "008/35-37") hi:add(year)
  end }]]

local function save(script, ...)
  local path = mrrc.folder() .. "/agg.json"
  mrrc.ok { "run", script, BOOKS, "-q", "--agg-out", path, ... }
  return path
end

local function text(words) return mrrc.file(words, ".json") end

local function refused(status, words, ...)
  local result = mrrc.run { "merge", ... }
  assert.equal(status, result.status)
  assert.equal("", result.out)
  lua.has(result.err, words)
end

local function declared(code) return save(mrrc.script(code .. " return { each = function(rec) end }")) end

describe("mrrc merge", function()
  local whole, one, two, three = save(ALL), save(ALL, "--limit", "7"), save(ALL, "--skip", "7", "--limit", "9"), save(ALL, "--skip", "16")

  it("gives the very file of one run over all, in every order", function()
    local wanted = mrrc.read(whole)
    assert.equal(wanted, mrrc.ok { "merge", one, two, three }.out)
    assert.equal(wanted, mrrc.ok { "merge", three, one, two }.out)
    assert.equal(wanted, mrrc.ok { "merge", mrrc.file(mrrc.ok { "merge", two, three }.out), one }.out)
  end)
  it("of one file is that file", function() assert.equal(mrrc.read(whole), mrrc.ok { "merge", whole }.out) end)
  it("writes to a file, which may be one of those it reads", function()
    local path = mrrc.file(mrrc.read(one))
    assert.equal("", mrrc.ok { "merge", path, two, three, "-o", path }.out)
    assert.equal(mrrc.read(whole), mrrc.read(path))
  end)
  it("reads standard input for -", function()
    assert.equal(mrrc.read(whole), mrrc.ok { "merge", one, "-", three, stdin = mrrc.read(two) }.out)
  end)
  it("adds the counts of tables and outputs", function()
    local at = mrrc.folder()
    local script = mrrc.script(([[
      local t, o = mrrc.table { name = "t", columns = { "id" }, path = "%s/t.csv" }, mrrc.output { name = "o", path = "%s/o.mrc" }
      return { each = function(rec) t:row { id = rec.id } o:write(rec) o:write(rec) end }]]):format(at, at))
    local all = json.read(mrrc.ok { "merge", save(script, "--limit", "3"), save(script, "--skip", "3") }.out)
    assert.same({ t = { kind = "table", count = 25 }, o = { kind = "output", count = 50 } }, all)
  end)
  it("keeps what JSON numbers cannot say", function()
    local function special(value)
      return save(mrrc.script("local s, t = mrrc.sum 's', mrrc.stats 't' return { each = function(rec) s:add(" .. value .. ") t:add(" .. value .. ") end }"), "--limit", "1")
    end
    local huge, tiny, zero, max = special "math.huge", special "-math.huge", special "-0.0", special "math.maxinteger"
    local all = json.read(mrrc.ok { "merge", max, max }.out)
    assert.same({ "0xFFFFFFFFFFFFFFFE", true, "9223372036854775807" }, { all.s.exact.sum, all.s.exact.integers, all.s.exact.max })
    assert.equal(0, json.read(mrrc.ok { "merge", max, max }.out).t.sd)
    all = json.read(mrrc.ok { "merge", huge, max }.out)
    assert.same({ json.null, "inf", "inf", "9223372036854775807" }, { all.s.sum, all.s.exact.sum, all.s.exact.max, all.s.exact.min })
    assert.equal("nan", json.read(mrrc.ok { "merge", huge, tiny }.out).s.exact.sum)
    assert.equal("-0x0p+0", json.read(mrrc.ok { "merge", zero, max }.out).s.exact.min)
  end)

  it("refuses reducers, and results that belong to one run", function()
    refused(3, "'r': results of the kind reducer cannot be merged here: its merge function is in the script", one,
      declared "mrrc.reducer { name = 'r', init = function() return 0 end, add = math.max, merge = math.max }")
    refused(3, "'f': results of the kind first cannot be merged here", declared "mrrc.first('f', 3)")
    refused(3, "'s': results of the kind sample cannot be merged here", declared "mrrc.sample('s', 3)")
    refused(3, "'i': results of the kind issues cannot be merged here", declared "mrrc.issues 'i'")
  end)
  it("refuses files that do not belong together and says what differs", function()
    local a = declared "mrrc.counter 'a'"
    refused(3, "result 1 is sum 'a', in " .. a .. " it is counter 'a'", a, declared "mrrc.sum 'a'")
    refused(3, "result 1 is counter 'b', in " .. a .. " it is counter 'a'", a, declared "mrrc.counter 'b'")
    refused(3, "has no counter 'a' that " .. a .. " has", a, text "{}")
    refused(3, "has a counter 'b' that " .. a .. " has not", a, declared "mrrc.counter 'a' mrrc.counter 'b'")
    refused(3, "topk 't' has other limits than in", declared "mrrc.topk('t', 2)", declared "mrrc.topk('t', 3)")
    refused(3, "histogram 'h' has other limits than in", declared "mrrc.histogram { name = 'h', edges = { 1 } }", declared "mrrc.histogram { name = 'h', edges = { 2 } }")
  end)
  it("refuses what --agg-out did not write", function()
    refused(3, "line 1", text "")
    refused(3, "line 2", text '{"a":\n')
    refused(3, "results are an object", text "[]")
    for _, one_result in ipairs { "7", "{}", '{"kind": "count"}', '{"kind": 3}' } do
      refused(3, "'x' is no result as --agg-out writes them", text('{"x": ' .. one_result .. "}"))
    end
    for kind, rests in pairs {
      counter = { "", '"rows": 1', '"rows": [1]', '"rows": [{"key": "a"}]', '"rows": [{"key": 1, "count": 1}]', '"rows": [{"key": "a", "hex": "0", "count": 1}]',
        '"rows": [{"key": "a", "hex": "xy", "count": 1}]', '"rows": [{"key": "a", "count": 1.5}]' },
      topk = { "", '"n": -1, "rows": [], "rest": []', '"n": 1, "rows": []' },
      sum = { '"n": 1', '"n": 0, "exact": {"integers": true, "sum": "1"}', '"n": 0, "exact": {"integers": true, "sum": "0x"}',
        '"n": 0, "exact": {"integers": true, "sum": "0x1p-7"}', '"n": 0, "exact": {"integers": 1, "sum": "0x1"}',
        '"n": 1, "exact": {"integers": true, "sum": "0x1"}', '"n": 1, "exact": {"integers": true, "sum": "0x1", "min": "x", "max": "1"}',
        '"n": 0, "exact": {"integers": true, "sum": "0x' .. ("F"):rep(2000) .. '"}' },
      stats = { '"n": 0, "exact": {"integers": true, "sum": "0x0"}' },
      set = { "", '"values": ["a"]' },
      distinct = { "", '"hashes": ["abc"]', '"hashes": [1]' },
      histogram = { "", '"rows": [{"count": 1}]', '"rows": [{"to": 2, "count": 1}, {"to": 1, "count": 1}, {"count": 1}]', '"rows": [{"to": 2, "count": -1}, {"count": 1}]' },
      table = { "", '"count": -1' },
    } do
      for _, rest in ipairs(rests) do
        refused(3, ("'x' is no %s as --agg-out writes it"):format(kind), text(('{"x": {"kind": "%s"%s%s}}'):format(kind, rest == "" and "" or ", ", rest)))
      end
    end
  end)
  it("refuses counts beyond what an integer holds", function()
    local much = text '{"c": {"kind": "counter", "total": 1, "rows": [{"key": "a", "count": 9223372036854775807}]}}'
    refused(3, "together the counts are beyond 2^63", much, much)
  end)
  it("names a file that is not there, or that cannot be written", function()
    refused(4, "nowhere.json: No such file or directory", one, "nowhere.json")
    refused(4, "nowhere/x.json: No such file or directory", one, "-o", "nowhere/x.json")
  end)
  it("wants files", function() refused(2, "which files?") end)
  it("leaves the output as it was when it fails", function()
    local path = mrrc.file "before"
    refused(3, "line 1", one, text "x", "-o", path)
    assert.equal("before", mrrc.read(path))
  end)
end)
