-- `where`: which records the hooks see, and what becomes of the others.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local function book(id, language, ...) return marc.write { { "001", id }, { "008", marc.field008("2001", language) }, ... } end

local INPUT = book("e1", "eng", { "856", "40", "u", "http://a.example" }) .. book("g1", "ger") .. book("e2", "eng")
local ENGLISH = [[where = '008/35-37 == "eng"', ]]

local function run(text, words)
  local result = lua.run("return { " .. text .. " }", INPUT, words)
  assert.equal("", result.status == 0 and "" or result.err)
  return result
end

describe("records that where leaves out", function()
  it("are dropped when there is a filter", function()
    assert.equal("e1 e2", lua.ids(run(ENGLISH .. "filter = function() return true end").out))
  end)

  it("pass unchanged when there is a transform alone", function()
    local result = run(ENGLISH .. "transform = function(rec) return rec:edit():set('001', rec.id .. '+') end")
    assert.equal("e1+ g1 e2+", lua.ids(result.out))
    assert.equal(book("g1", "ger"), marc.split(result.out)[2])
  end)

  it("are dropped when there are a filter and a transform", function()
    local result = run(ENGLISH .. [[filter = function() return true end,
      transform = function(rec) return rec:edit():set('001', rec.id .. '+') end]])
    assert.equal("e1+ e2+", lua.ids(result.out))
  end)

  it("are not seen by the filter", function()
    assert.equal("e1\ne2\n", run(ENGLISH .. "filter = function(rec) print(rec.id) return true end").err)
  end)

  it("are not seen by the transform", function()
    lua.has(run(ENGLISH .. "transform = function(rec) print(rec.id) return rec:edit():remove '008' end").err, "e1\ne2\n")
  end)

  it("are not seen by each alone", function()
    local result = run(ENGLISH .. "each = function(rec) print(rec.id) end")
    assert.equal("e1\ne2\n", result.out)
  end)

  it("are not seen by each beside a transform that lets them pass", function()
    local result = run(ENGLISH .. "transform = function(rec) return rec:edit():remove '856' end, each = function(rec) print(rec.id) end")
    assert.equal("e1 g1 e2", lua.ids(result.out))
    assert.equal("e1\ne2\n", result.err)
  end)

  it("are not counted by finish", function()
    local result = lua.run("local c = mrrc.counter 'c' return { " .. ENGLISH ..
      "each = function() c:add 'k' end, finish = function(agg) print(agg.c:total()) end }", INPUT)
    assert.equal("2\n", result.out)
  end)

  it("may be all: then finish runs all the same", function()
    assert.equal("0\n", lua.run([[local c = mrrc.counter 'c'
      return { where = '999', each = function() c:add 'k' end, finish = function(agg) print(agg.c:total()) end }]], INPUT).out)
  end)

  it("may be all: a filter then warns", function()
    local result = run "where = '999', filter = function() return true end"
    assert.equal("", result.out)
    lua.has(result.err, "dropped every record")
  end)
end)

describe("where", function()
  it("may be a bare path", function()
    assert.equal("e1", lua.ids(run("where = [[ 856$u ]], filter = function() return true end").out))
  end)

  it("may combine conditions", function()
    assert.equal("e2", lua.ids(run [[where = '008/35-37 == "eng" and not 856$u', filter = function() return true end]].out))
  end)

  it("gives what rec:match gives", function()
    for _, expression in ipairs { [[856$u =~ /example/]], [[#856 > 0]], [[008/35-37 in ["ger", "fre"] ]], [[001 =^ "e"]], [[not 856]] } do
      local by_where = run(("where = [=[%s]=], filter = function() return true end"):format(expression))
      local by_match = run(("filter = function(rec) return rec:match([=[%s]=]) end"):format(expression))
      assert.equal(by_match.out, by_where.out, expression)
      assert.is_true(#by_where.out > 0 and #by_where.out < #INPUT, expression)
    end
  end)

  it("alone is a filter", function()
    local result = lua.run("return { where = '856' }", INPUT)
    assert.equal(0, result.status)
    assert.equal("e1", lua.ids(result.out))
  end)

  it("that is wrong stops the run before any record, with column and caret", function()
    local result = lua.run("return { where = '245$', filter = function() return true end }", INPUT)
    assert.equal(2, result.status)
    assert.equal("", result.out)
    assert.truthy(result.err:find("%(column %d+%)\n  245%$\n +%^\n"), result.err)
    lua.has(result.err, "where")
  end)

  it("that compares with a bare word says to quote it", function()
    local result = lua.run("return { where = '008/35-37 == eng', filter = function() return true end }", INPUT)
    assert.equal(2, result.status)
    lua.has(result.err, '"eng"')
  end)

  it("that is no string is refused", function()
    local result = lua.run("return { where = function() return true end, filter = function() return true end }", INPUT)
    assert.equal(2, result.status)
    lua.has(result.err, "'where' must be a string, not a function")
  end)

  it("takes whole books in the same way for every number of threads #threads", function()
    local input = mrrc.file(marc.books(200), ".mrc")
    local script = mrrc.script [[return { where = '008/35-37 == "ger"', transform = function(rec) return rec:edit():remove "100" end }]]
    local one = mrrc.ok { "run", script, "-j", "1", input }
    local four = mrrc.ok { "run", script, "-j", "4", "--batch-size", "3", input }
    assert.is_true(one.out == four.out)
    for _, record in ipairs(marc.read(one.out)) do
      assert.equal(marc.get(record, "008"):sub(36, 38) == "ger", marc.get(record, "100", "a") == nil)
    end
  end)
end)
