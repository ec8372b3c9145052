-- What an ill-meant record, script or command line must not be able to do: take a neighbour along, bring the host down through
-- changed globals, write over the script, or lose what was asked for with status 0.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local function book(id, ...) return marc.write { { "001", id }, { "245", "10", "a", "Title of " .. id }, ... } end

-- many real records have a blank for the status (Leader/05)
local function blank_status(bytes) return bytes:sub(1, 5) .. " " .. bytes:sub(7) end

local TWO = book("one") .. book("two")
local GOOD = blank_status(book("good"))

describe("a good record with a blank status", function()
  local function good_of(bytes, mode)
    return mrrc.run { "run", "--recovery", mode, "--on-error", "skip", "--filter", "rec.id == 'good'", "-", stdin = bytes }.out
  end

  for _, mode in ipairs { "strict", "lenient", "permissive" } do
    it("survives a neighbour that breaks off in its directory, " .. mode, function()
      for cut = 26, 47 do assert.equal(GOOD, good_of(book("one") .. book("two"):sub(1, cut) .. GOOD, mode), "cut " .. cut) end
    end)

    it("survives a neighbour that lost its end, " .. mode, function()
      local torn = book("two", { "500", "  ", "a", "A note" }):gsub("A note\30\29$", "A no")
      assert.equal(GOOD .. GOOD, good_of(torn .. GOOD .. GOOD, mode))
    end)

    it("survives a byte that is no record before it, " .. mode, function()
      assert.equal(GOOD, good_of(book("one") .. "x" .. GOOD, mode))
    end)
  end
end)

describe("a script that changes Lua's own tables", function()
  it("does not break the host", function()
    local result = lua.run([[
      for _, name in ipairs { "string", "table", "math" } do
        for key in next, package.loaded[name] do package.loaded[name][key] = nil end
      end
      return {
        options = { n = { type = "integer", default = 1 } },
        transform = function(rec) return rec:edit():sub("245$a", "Title", "Name"):sort("245") end,
        each = function(rec)
          for key in pairs { b = 1, a = 2 } do print(rec.id, key) end
          mrrc.out:printf("%s\n", rec:get("245$a"))
        end,
      }]], TWO)
    assert.equal(0, result.status)
    assert.equal("one\ta\none\tb\nName of one\ntwo\ta\ntwo\tb\nName of two\n", result.err)
  end)

  it("gets the host's own words for a slip", function()
    local result = lua.run("table.sort, string.format = nil, nil\nreturn { tranform = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "unknown key 'tranform' in the script's table: did you mean transform?")
  end)

  it("may even change what all strings share", function()
    local result = lua.run([[
      getmetatable("").__index = function() error("asked") end
      return { each = function(rec) mrrc.out:printf("%s\n", rec.id) end }]], TWO)
    assert.equal("", result.err)
    assert.equal("one\ntwo\n", result.out)
  end)
end)

describe("an error that is a number", function()
  it("is told", function()
    lua.has(lua.run("return { each = function() error(42) end }", TWO).err, ".lua:1: 42")
  end)
end)

describe("the tag 000", function()
  it("which the reader calls malformed cannot be added", function()
    for _, call in ipairs { "rec:edit():add('000', 'x')", "mrrc.field('000', 'x')", "mrrc.record { { '000', 'x' } }" } do
      local result = lua.run("return { each = function(rec) " .. call .. " end }", TWO)
      assert.equal(3, result.status)
      lua.has(result.err, "tag expected: three letters or digits, not 000")
    end
  end)
end)

describe("an output that is the script", function()
  local IDENTITY = "return function(rec) return rec end"

  for _, option in ipairs { "-o", "--reject", "--errors", "--agg-out", "--stats" } do
    it("is refused for " .. option, function()
      local script = mrrc.script(IDENTITY)
      local result = mrrc.run { "run", script, "-", option, script, stdin = TWO }
      assert.equal(2, result.status)
      lua.has(result.err, script .. ": the output is the script")
      assert.equal(IDENTITY, mrrc.read(script))
    end)
  end

  it("is refused for a table that the script declares", function()
    local text = [[local t = mrrc.table { name = "t", columns = { "id" }, path = "{args.to}" }
      return { options = { to = {} }, each = function(rec) t:row { id = rec.id } end }]]
    local script = mrrc.script(text)
    local result = mrrc.run { "run", script, "-a", "to=" .. script, "-", stdin = TWO }
    assert.equal(3, result.status)
    lua.has(result.err, "the output of the script is the script itself")
    assert.equal(text, mrrc.read(script))
  end)
end)

describe("a closed standard stream", function()
  local function status_of(line) return mrrc.pipe(line, { stdin = TWO }).status end

  it("is an error when something was to be read from it or written to it", function()
    assert.equal(4, status_of "MRRC count - <&-")
    assert.equal(4, status_of "MRRC count - >&-")
    assert.equal(4, status_of "MRRC run --filter true - >&-")
    assert.equal(4, status_of "MRRC version >&-")
  end)

  it("is none when nothing was", function()
    local file, out = mrrc.file(TWO), mrrc.file("")
    assert.equal(0, status_of("MRRC run --filter true " .. file .. " -o " .. out .. " <&- >&- 2>&-"))
    assert.equal(TWO, mrrc.read(out))
  end)
end)
