-- The world of a script: locked globals, ordered pairs, print and random numbers that do not depend on threads, modules.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local ONE = marc.write { { "001", "one" }, { "245", "10", "a", "Title" } }

local function printed(body, words)
  local result = lua.run("return { each = function(rec) " .. body .. " end }", ONE, words)
  assert.equal("", result.status == 0 and "" or result.err)
  return result.out
end

local function refused(body, ...)
  local result = lua.run("return {\n  each = function(rec)\n    " .. body .. " end }", ONE)
  assert.equal(3, result.status)
  for _, words in ipairs { ... } do lua.has(result.err, words) end
  assert.truthy(result.err:find("E701 script failed in each:\n  [^\n]-%.lua:3: "), result.err)
end

describe("a global that was not declared", function()
  it("is an error with its line when it is read", function() refused("print(titel)", "global 'titel' is not declared") end)

  it("comes with a suggestion when it is near a known one", function()
    refused("pirnt(rec.id)", "global 'pirnt' is not declared", "did you mean print?")
  end)

  it("is an error with its line when it is written", function()
    refused("count = 1", "assignment to the undeclared global 'count': write local count")
  end)

  it("that is named as a hook belongs into the table", function()
    local result = lua.run("function filter(rec) return true end", ONE)
    assert.equal(2, result.status)
    lua.has(result.err, "'filter' belongs into the table that the script returns")
  end)

  it("is an error at load time, too", function()
    local result = lua.run("local a = 1\nb = 2\nreturn { each = function() end }", ONE)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("%.lua:2: assignment to the undeclared global 'b'"), result.err)
  end)

  it("is an error through _G", function() refused("_G.count = 1", "undeclared global 'count'") end)

  it("is an error in code on the command line", function()
    local result = lua.code({ "--each", "seen = rec.id" }, ONE)
    assert.equal(3, result.status)
    lua.has(result.err, "--each:1: assignment to the undeclared global 'seen'")
  end)

  it("can be declared with rawset, which is for those who mean it", function()
    assert.equal("7\n", printed "rawset(_G, 'count', 7) print(count)")
  end)
end)

describe("the libraries of Lua", function()
  it("are there, but for what would make results differ", function()
    assert.equal("table\ttable\ttable\ttable\tfunction\tfunction\n",
      printed "print(type(string), type(table), type(utf8), type(coroutine), type(io.open), type(os.time))")
  end)

  it("have no os.exit, which says what to do instead", function()
    refused("os.exit(1)", "os.exit is not available in a script", "mrrc.drop")
  end)

  it("have no os.setlocale", function() refused("os.setlocale('')", "os.setlocale is not available in a script") end)

  it("have no math.randomseed, which names --seed", function()
    refused("math.randomseed(1)", "math.randomseed is not available in a script", "--seed")
  end)
end)

describe("pairs", function()
  it("visits 1..n, then other numbers, then strings in byte order", function()
    assert.equal("1 2 3 -1 0.5 9 B a ab b ö \n", printed [[
      local t = { ["ö"] = 1, b = 1, a = 1, ab = 1, B = 1, [9] = 1, [-1] = 1, [0.5] = 1, "x", "y", "z" }
      for k in pairs(t) do io.write(tostring(k), " ") end print()]])
  end)

  it("gives the values, too", function() assert.equal("a\t1\nb\t2\n", printed "for k, v in pairs { b = 2, a = 1 } do print(k, v) end") end)

  it("may clear fields in the loop", function()
    assert.equal("2\n", printed [[local t, n = { a = 1, b = 2, c = 3 }, 0
      for k in pairs(t) do n = n + 1 t[k] = nil t.b = nil end print(n)]])
  end)

  it("respects __pairs", function()
    assert.equal("only\t1\n", printed [[local t = setmetatable({ a = 1 }, { __pairs = function() return function(_, k)
      if not k then return "only", 1 end end end }) for k, v in pairs(t) do print(k, v) end]])
  end)

  it("respects __pairs of a protected metatable", function()
    assert.equal("only\t1\n", printed [[local t = setmetatable({ a = 1 }, { __metatable = false, __pairs = function()
      return function(_, k) if not k then return "only", 1 end end end }) for k, v in pairs(t) do print(k, v) end]])
  end)

  it("of nil is an error with its line", function() refused("for k in pairs(nil) do end", "nil") end)

  it("is Lua's own as rawpairs", function()
    assert.equal("6\n", printed "local n = 0 for k, v in rawpairs { 1, 2, a = 3 } do n = n + v end print(n)")
  end)

  it("gives the same order in every state #threads", function()
    local result = lua.run([[return { each = function(rec)
      local t = {} for i = 1, 40 do t["k" .. (i * 7919 % 1009)] = true end
      for k in pairs(t) do io.write(k, " ") end print()
    end }]], marc.books(20), { "-j", "4", "--batch-size", "1" })
    assert.equal(0, result.status)
    local first = result.out:match("^[^\n]+\n")
    assert.is_true(first:rep(20) == result.out)
  end)
end)

describe("print and io.write", function()
  it("go to standard output when no records go there", function()
    local result = lua.code({ "--each", "print(rec.id, 1, nil, true)" }, ONE)
    assert.equal("one\t1\tnil\ttrue\n", result.out)
    assert.equal("", result.err)
  end)

  it("go to standard error when records go to standard output", function()
    local result = lua.code({ "--filter", "print(rec.id) return true" }, ONE)
    assert.equal(ONE, result.out)
    assert.equal("one\n", result.err)
  end)

  it("go to standard output when the records go to a file", function()
    local out = mrrc.folder() .. "/o.mrc"
    local result = lua.code({ "--filter", "print(rec.id) return true", "-o", out }, ONE)
    assert.equal("one\n", result.out)
    assert.equal(ONE, mrrc.read(out))
  end)

  it("write numbers and strings one behind the other", function()
    assert.equal("a1 2.5\n", printed "io.write('a', 1, ' ', 2.5, '\\n')")
  end)

  it("can be chained", function() assert.equal("abc\n", printed "io.write('a'):write('b'):write('c\\n')") end)

  it("work as io.stdout:write", function() assert.equal("x\n", printed "io.stdout:write('x', '\\n')") end)

  it("refuse what is no text, with the line", function() refused("io.write({})", "string expected") end)

  it("respect __tostring in print", function()
    assert.equal("me\n", printed "print(setmetatable({}, { __tostring = function() return 'me' end }))")
  end)

  it("are joined by mrrc.out with printf", function()
    assert.equal("007|x\n", printed "mrrc.out:printf('%03d', 7):write('|') mrrc.out:print('x')")
  end)

  it("keep zero bytes and everything else", function() assert.equal("a\0b\255\n", printed "print('a\\0b\\xff')") end)

  it("come in record order for every number of threads #threads", function()
    local input = mrrc.file(marc.books(300), ".mrc")
    local function with(threads, batch)
      return mrrc.ok { "run", "--each", "print(rec.id) if #rec.id % 2 == 1 then io.write(rec:get '245a', '\\n') end", input,
        "-j", threads, "--batch-size", batch }.out
    end
    local one = with("1", "1000")
    assert.equal("b000001\n", one:sub(1, 8))
    assert.is_true(one == with("5", "1"))
    assert.is_true(one == with("3", "20"))
  end)

  it("at load time and in init are shown once, not once per thread", function()
    local result = lua.run("print 'loading' return { init = function() print 'init' end, each = function() end }",
      marc.books(40), { "-j", "4", "--batch-size", "1" })
    assert.equal("loading\ninit\n", result.out)
  end)
end)

describe("math.random", function()
  local function numbers(words)
    local result = lua.run("return { each = function() print(math.random(1000000), math.random()) end }", marc.books(60), words)
    assert.equal(0, result.status)
    return result.out
  end

  it("gives the same numbers in every run", function() assert.equal(numbers {}, numbers {}) end)

  it("gives the same numbers for every number of threads #threads", function()
    local one = numbers { "-j", "1" }
    assert.is_true(one == numbers { "-j", "4", "--batch-size", "1" })
    assert.is_true(one == numbers { "-j", "2", "--batch-size", "7" })
  end)

  it("gives other numbers for every record", function()
    local seen, count = {}, 0
    for line in numbers({}):gmatch("[^\n]+") do
      assert.is_nil(seen[line])
      seen[line], count = true, count + 1
    end
    assert.equal(60, count)
  end)

  it("gives other numbers for another --seed", function()
    assert.are_not.equal(numbers {}, numbers { "--seed", "1" })
    assert.equal(numbers { "--seed", "1" }, numbers { "--seed", "1" })
  end)

  it("keeps to its bounds", function()
    assert.equal("true\n", printed [[local fine = true
      for _ = 1, 2000 do
        local a, b, c, d = math.random(), math.random(6), math.random(-3, 3), math.random(5, 5)
        fine = fine and a >= 0 and a < 1 and b >= 1 and b <= 6 and c >= -3 and c <= 3 and d == 5
      end
      print(fine)]])
  end)

  it("reaches every value in its bounds", function()
    assert.equal("6\n", printed [[local seen, n = {}, 0
      for _ = 1, 500 do local r = math.random(6) if not seen[r] then seen[r], n = true, n + 1 end end print(n)]])
  end)

  it("takes the whole range of integers", function()
    assert.equal("integer\tinteger\n", printed
      "print(math.type(math.random(0)), math.type(math.random(math.mininteger, math.maxinteger)))")
  end)

  it("refuses an empty interval with the line", function() refused("math.random(2, 1)", "interval is empty") end)
end)

describe("modules", function()
  local function project(files)
    local folder = mrrc.folder()
    for name, text in pairs(files) do
      local file = assert(io.open(folder .. "/" .. name, "w"))
      file:write(text)
      file:close()
    end
    return folder
  end

  it("beside the script are found", function()
    local folder = project {
      ["helper.lua"] = "return { shout = function(s) return s:upper() end }",
      ["main.lua"] = "local helper = require 'helper' return { each = function(rec) print(helper.shout(rec.id)) end }",
    }
    assert.equal("ONE\n", mrrc.ok { "run", folder .. "/main.lua", "-", stdin = ONE }.out)
  end)

  it("beside the script are found from another folder, and before all others", function()
    local folder = project { ["string2.lua"] = "return 'mine'", ["main.lua"] = "print((require 'string2')) return { each = function() end }" }
    local other = project { ["string2.lua"] = "return 'not mine'" }
    local result = mrrc.ok { "run", folder .. "/main.lua", "-", stdin = ONE, cwd = other, env = { LUA_PATH = other .. "/?.lua;;" } }
    assert.equal("mine\n", result.out)
  end)

  it("may be folders with an init.lua", function()
    local folder = project { ["main.lua"] = "print(require('kit').name) return { each = function() end }" }
    os.execute("mkdir '" .. folder .. "/kit'")
    local file = assert(io.open(folder .. "/kit/init.lua", "w"))
    file:write "return { name = 'kit' }"
    file:close()
    assert.equal("kit\n", mrrc.ok { "run", folder .. "/main.lua", "-", stdin = ONE }.out)
  end)

  it("see mrrc and may declare results", function()
    local folder = project {
      ["counts.lua"] = "local mrrc = require 'mrrc' return mrrc.counter 'c'",
      ["main.lua"] = "local c = require 'counts' return { each = function(rec) c:add(rec.id) end, finish = function(agg) print(agg.c:get 'one') end }",
    }
    assert.equal("1\n", mrrc.ok { "run", folder .. "/main.lua", "-", stdin = ONE }.out)
  end)

  it("of other people may use globals of their own", function()
    local folder = project {
      ["sloppy.lua"] = "leaked = 1 return leaked + 1",
      ["main.lua"] = "print((require 'sloppy')) return { each = function() end }",
    }
    assert.equal("2\n", mrrc.ok { "run", folder .. "/main.lua", "-", stdin = ONE }.out)
  end)

  it("that are missing are an error of loading", function()
    local result = lua.run("local x = require 'no.such.module' return { each = function() end }", ONE)
    assert.equal(2, result.status)
    lua.has(result.err, "module 'no.such.module' not found")
  end)

  it("require 'mrrc' is the table that is there already", function()
    assert.equal("true\n", printed "print(require 'mrrc' == mrrc)")
  end)

  it("given with -l are globals in code on the command line", function()
    local folder = project { ["helper.lua"] = "return { shout = function(s) return s:upper() end }" }
    assert.equal("ONE\n", mrrc.ok { "run", "--lua-path", folder .. "/?.lua", "-l", "helper", "--each",
      "print(helper.shout(rec.id))", "-", stdin = ONE }.out)
  end)

  it("given with -l are globals in script files, too", function()
    local folder = project { ["helper.lua"] = "return 'here'" }
    assert.equal("here\n", lua.run("return { each = function() print(helper) end }", ONE,
      { "-l", "helper", "--lua-path", folder .. "/?.lua" }).out)
  end)

  it("in folders are given with -l under their last name", function()
    local folder = project {}
    os.execute("mkdir '" .. folder .. "/kit'")
    local file = assert(io.open(folder .. "/kit/tool.lua", "w"))
    file:write "return 'tool'"
    file:close()
    assert.equal("tool\n", mrrc.ok { "run", "--lua-path", folder .. "/?.lua", "-l", "kit.tool", "--each", "print(tool)", "-",
      stdin = ONE }.out)
  end)

  it("given with -l that are missing are an error of loading", function()
    local result = lua.code({ "-l", "nosuchmodule", "--each", "print(1)" }, ONE)
    assert.equal(2, result.status)
    lua.has(result.err, "nosuchmodule")
  end)
end)
