-- The limits on memory: of one Lua state, and of the whole program on a file of any size.
local json = require "spec.support.json"
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local SOME = marc.books(12)
local GLUTTON = [[
  if rec.source.number % 4 == 0 then
    local all = {}
    for i = 1, 1e9 do all[i] = ("x"):rep(1000) .. i end
  end
]]
local TOO_MUCH = "the script used more memory than it may (--lua-mem)"

local function run(body, ...)
  return mrrc.run { "run", "-e", body, "--lua-mem", "8M", stdin = SOME, ... }
end

describe("--lua-mem", function()
  it("stops a script that takes more, with 3, the record and what was written before it", function()
    local result = run(GLUTTON)
    assert.equal(3, result.status)
    assert.equal(marc.books(3), result.out)
    lua.has(result.err, "record 4 at byte ")
    lua.has(result.err, "(001 b000004)")
    lua.has(result.err, TOO_MUCH)
  end)

  for what, body in pairs {
    ["one long text"] = [[local s = ("x"):rep(1 << 30)]],
    ["texts joined over and over"] = [[local s = "x" while true do s = s .. s end]],
    ["tables in tables"] = [[local t = {} while true do t = { t, t } end]],
    ["table.concat"] = [[local t = {} for i = 1, 1000 do t[i] = ("x"):rep(5000) end
      local s = {} while true do s[#s + 1] = table.concat(t) end]],
    ["deep recursion"] = [[local function f(n) return 1 + f(n + 1) end f(1)]],
    ["records made anew"] = [[local t = {} while true do t[#t + 1] = mrrc.record { { "001", "x" }, { "245", "10", "a", ("x"):rep(5000) } } end]],
    ["an edit that grows"] = [[local e = rec:edit() while true do e:add("500", "  ", "a", ("x"):rep(9000)) end]],
  } do
    it("bounds " .. what, function()
      local result = run(body)
      assert.equal(3, result.status)
      assert.equal("", result.out)
      assert.truthy(result.err:find(TOO_MUCH, 1, true) or result.err:find("stack overflow", 1, true), result.err)
    end)
  end

  it("cannot be got round by catching the error", function()
    local result = run [[while true do pcall(string.rep, "x", 1 << 30) local t = {} for i = 1, 1e9 do t[i] = {} end end]]
    assert.equal(3, result.status)
    lua.has(result.err, TOO_MUCH)
  end)

  it("lets a script go on that gives back what it takes", function()
    local result = run [[for i = 1, 200 do local s = ("x"):rep(1000000) end]]
    assert.equal(0, result.status)
    assert.equal(SOME, result.out)
  end)

  it("stops a script that takes too much while it loads, with 2", function()
    local result = mrrc.run { "run", mrrc.script "local all = {} for i = 1, 1e9 do all[i] = {} end return function() end",
      "--lua-mem", "8M", "fixtures/books.mrc" }
    assert.equal(2, result.status)
    lua.has(result.err, TOO_MUCH)
  end)

  it("stops a finish that takes too much, with 3", function()
    local result = mrrc.run { "run", mrrc.script [[return { each = function() end,
      finish = function() local all = {} for i = 1, 1e9 do all[i] = {} end end }]], "--lua-mem", "8M", "fixtures/books.mrc" }
    assert.equal(3, result.status)
    lua.has(result.err, TOO_MUCH)
  end)

  for _, bad in ipairs { "0", "1K", "many", "-5M", "", "8X", "99999999999T" } do
    it("refuses the size '" .. bad .. "'", function()
      local result = mrrc.run { "run", "--filter", "true", "--lua-mem=" .. bad, "fixtures/books.mrc" }
      assert.equal(2, result.status)
      lua.has(result.err, "--lua-mem " .. bad)
    end)
  end

  it("takes sizes in bytes, K, M and G", function()
    for _, size in ipairs { "8000000", "8000K", "8M", "1G" } do
      assert.equal(SOME, mrrc.ok({ "run", "--filter", "true", "--lua-mem", size, stdin = SOME }).out)
    end
  end)
end)

describe("--on-script-error with a script that takes too much memory", function()
  it("skip leaves those records out and goes on with a new state", function()
    local result = run(GLUTTON, "--on-script-error", "skip")
    assert.equal(1, result.status)
    assert.equal("b000001 b000002 b000003 b000005 b000006 b000007 b000009 b000010 b000011", lua.ids(result.out))
    lua.has(result.err, "2 more script errors of the kinds above")
  end)

  it("reject keeps the bytes of those records", function()
    local reject, errors = mrrc.file "", mrrc.file ""
    local result = run(GLUTTON, "--on-script-error", "reject", "--reject", reject, "--errors", errors)
    assert.equal(1, result.status)
    local all = marc.split(SOME)
    assert.equal(all[4] .. all[8] .. all[12], mrrc.read(reject))
    local lines = json.lines(mrrc.read(errors))
    assert.equal(3, #lines)
    for i, line in ipairs(lines) do
      assert.same({ "script", 4 * i, "rejected", TOO_MUCH }, { line.class, line.record, line.action, line.message })
    end
  end)

  it("runs init again in the new state", function()
    local script = mrrc.script("local ready = false\nreturn { init = function() ready = true end, transform = function(rec)\n" ..
      "if not ready then return mrrc.drop end\n" .. GLUTTON .. "end }")
    local result = mrrc.run { "run", script, "--lua-mem", "8M", "--on-script-error", "skip", "-j", "1", stdin = SOME, "-" }
    assert.equal(9, #marc.read(result.out))
  end)

  it("keeps the counts of the records that went well, and of no other", function()
    local script = mrrc.script("local n = mrrc.counter 'n'\nreturn { transform = function(rec)\nn:add 'all'\n" .. GLUTTON ..
      "end, finish = function(agg, out) out:write(agg.n:get 'all') end }")
    local result = mrrc.run { "run", script, "--lua-mem", "8M", "--on-script-error", "skip", "-o", "/dev/null", stdin = SOME, "-" }
    assert.equal("9", result.out)
  end)

  it("is the same for every number of threads", function()
    local first = run(GLUTTON, "--on-script-error", "skip", "-j", "1")
    for _, threads in ipairs { "2", "5" } do
      local other = run(GLUTTON, "--on-script-error", "skip", "-j", threads, "--batch-size", "1")
      assert.equal(first.out, other.out)
      assert.equal(first.err, other.err)
    end
  end)
end)

describe("the memory of a run", function()
  -- a sanitizer takes memory of its own
  local sanitised = mrrc.program:find "/[at]san/" ~= nil

  local function peak(records, script, ...)
    local input, stats = mrrc.file(marc.books(100):rep(records // 100)), mrrc.file ""
    local result = mrrc.ok { "run", mrrc.script(script), "-j", "8", "-q", "-o", "/dev/null", "--stats", stats, input, ... }
    local read = json.read(mrrc.read(stats))
    assert.equal(records, read.records.read)
    return read.rss_kb, result
  end

  it("stays under 64 MB for 100,000 records at -j8", function()
    if sanitised then pending "a sanitizer takes memory of its own" return end
    local folder = mrrc.folder()
    local kb = peak(100000, [[
      local n = mrrc.counter "n"
      local t = mrrc.table { name = "t", columns = { "id" }, path = "]] .. folder .. [[/t.csv" }
      return function(rec)
        n:add(rec:get "852b")
        t:row { id = rec.id }
        return rec:edit():add("999", "  ", "a", rec:get "245a")
      end]])
    assert.is_true(kb > 1000 and kb < 64 * 1024, kb .. " kB")
    local _, rows = mrrc.read(folder .. "/t.csv"):gsub("\n", "")
    assert.equal(100001, rows)
  end)

  it("does not grow with the file", function()
    if sanitised then pending "a sanitizer takes memory of its own" return end
    local script = [[return function(rec) return rec:edit():add("999", "  ", "a", rec:get "245a") end]]
    local small, large = peak(10000, script), peak(100000, script)
    assert.is_true(large < small + 8 * 1024, ("%d kB for 10,000 records, %d kB for 100,000"):format(small, large))
  end)

  it("does not grow with a script that prints", function()
    if sanitised then pending "a sanitizer takes memory of its own" return end
    local kb, result = peak(100000, [[return { each = function(rec) print(rec.id, ("x"):rep(100)) end }]])
    assert.is_true(kb < 64 * 1024, kb .. " kB")
    local _, lines = result.out:gsub("\n", "")
    assert.equal(100000, lines)
  end)
end)
