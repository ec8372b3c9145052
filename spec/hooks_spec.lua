-- The hooks of a script: which there are, in what order they see a record, and what an error of theirs says and does.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local function book(id, ...) return marc.write { { "001", id }, { "245", "10", "a", "Title of " .. id }, ... } end

local TWO = book("one") .. book("two")
local THREE = TWO .. book("three")

describe("a script", function()
  it("may be a function, which is its transform", function()
    local result = lua.run("return function(rec) if rec.id == 'one' then return mrrc.drop end end", TWO)
    assert.equal("two", lua.ids(result.out))
  end)

  it("may begin with a line for the shell", function()
    local result = lua.run("#!/usr/bin/env -S mrrc run\nreturn { filter = function(rec) return rec.id == 'two' end }", TWO)
    assert.equal("two", lua.ids(result.out))
  end)

  it("counts the line for the shell among its lines", function()
    local result = lua.run("#!/usr/bin/env mrrc\n\nreturn { each = function() error('here') end }", TWO)
    lua.has(result.err, ".lua:3: here")
  end)

  it("may begin with a byte order mark", function()
    assert.equal(0, lua.run("\239\187\191return { filter = function() return true end }", TWO).status)
  end)

  it("that returns nothing is refused", function()
    local result = lua.run("local x = 1", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "returns a table of hooks or a transform function, this one returned nothing")
  end)

  it("that returns something else is refused", function()
    local result = lua.run("return 'filter'", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "this one returned a string")
  end)

  it("without a hook is refused", function()
    local result = lua.run("return { name = 'idle', init = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "no hook")
  end)

  it("with a misspelt hook is refused with the right word", function()
    local result = lua.run("return { tranform = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "unknown key 'tranform'")
    lua.has(result.err, "did you mean transform?")
  end)

  it("with a key like no other is refused without a guess", function()
    local result = lua.run("return { colour = 'red', each = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "unknown key 'colour'")
    assert.falsy(result.err:find("did you mean", 1, true))
  end)

  it("with a list in place of names is refused", function()
    local result = lua.run("return { function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "the key [1]; keys are names of hooks")
  end)

  it("with a hook that is no function is refused", function()
    local result = lua.run("return { filter = true }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "'filter' must be a function, not a boolean")
  end)

  it("for another api is refused", function()
    local result = lua.run("return { api = 2, each = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "api = 2, but this mrrc knows api = 1")
  end)

  it("with an error of syntax is refused with its line", function()
    local result = lua.run("return {\n  filter = function(rec) retrun true end }", TWO)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("%.lua:2: "), result.err)
  end)

  it("that raises while it loads is refused with its line", function()
    local result = lua.run("\nerror('no lookup file')", TWO)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("%.lua:2: no lookup file"), result.err)
  end)

  it("that is a file of records is refused as such", function()
    local result = mrrc.run { "run", "fixtures/books.mrc" }
    assert.equal(2, result.status)
    lua.has(result.err, "fixtures/books.mrc: these are MARC records; the script comes first")
  end)

  it("of compiled Lua is refused", function()
    local result = lua.run(string.dump(load "return { each = function() end }"), TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "compiled Lua is refused")
  end)

  it("that does not exist is refused with its name", function()
    local result = mrrc.run { "run", "/nowhere/x.lua", "fixtures/books.mrc" }
    assert.equal(2, result.status)
    lua.has(result.err, "/nowhere/x.lua")
  end)

  it("that is a folder is refused", function()
    assert.equal(2, mrrc.run { "run", mrrc.folder(), "fixtures/books.mrc" }.status)
  end)

  it("may hint which fields it needs and gets complete output all the same", function()
    local result = lua.run("return { needs = { '245' }, transform = function(rec) end }", TWO)
    assert.equal(TWO, result.out)
  end)
end)

describe("code on the command line", function()
  it("-e is a transform whose expression is returned", function()
    assert.equal("two", lua.ids(lua.code({ "-e", "rec.id == 'one' and mrrc.drop or nil" }, TWO).out))
  end)

  it("-e may be a body", function()
    assert.equal("two", lua.ids(lua.code({ "-e", "if rec.id == 'one' then return mrrc.drop end" }, TWO).out))
  end)

  it("--filter keeps the records for which its expression is true", function()
    assert.equal("two", lua.ids(lua.code({ "--filter", "rec.id == 'two'" }, TWO).out))
  end)

  it("--each looks only", function()
    local result = lua.code({ "--each", "print(rec.id)" }, TWO)
    assert.equal("one\ntwo\n", result.out)
  end)

  it("--filter, -e and --each work together", function()
    local result = lua.code({ "--filter", "rec.id ~= 'two'", "-e", "rec:edit():set('245$a', 'New')", "--each",
      "print(rec.id, rec:get '245a')" }, THREE)
    assert.equal("one three", lua.ids(result.out))
    lua.has(result.err, "one\tNew\nthree\tNew\n")
  end)

  it("given twice for one hook is refused", function()
    local result = lua.code({ "--filter", "true", "--filter", "false" }, TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "there are two of 'filter'; give one")
  end)

  it("with an error of syntax is refused under the name of its option", function()
    local result = lua.code({ "-e", "rec:edit(" }, TWO)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("mrrc: %-e:%d+: "), result.err)
  end)

  it("is named by its option in errors", function()
    local result = lua.code({ "--each", "error 'no'" }, TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "--each:1: no")
  end)
end)

describe("the order of hooks", function()
  it("is filter, transform, each", function()
    local result = lua.run([[return {
      each = function(rec) print("each", rec.id) end,
      transform = function(rec) print("transform", rec.id) end,
      filter = function(rec) print("filter", rec.id) return rec.id ~= "one" end,
    }]], TWO)
    assert.equal("filter\tone\nfilter\ttwo\ntransform\ttwo\neach\ttwo\n", result.err:match("^(.-)mrrc:") or result.err)
  end)

  it("shows each what was written, not what came", function()
    local result = lua.run([[return {
      transform = function(rec) return rec:edit():set("245$a", "New") end,
      each = function(rec) print(rec:get("245$a")) end,
    }]], book "one")
    assert.equal("New\n", result.err)
  end)

  it("shows each every record of a list", function()
    local result = lua.run([[return {
      transform = function(rec) return { rec, rec:edit():set("001", rec.id .. "-copy") } end,
      each = function(rec) print(rec.id) end,
    }]], book "one")
    assert.equal("one\none-copy\n", result.err)
  end)

  it("does not show each what was dropped", function()
    local result = lua.run([[return {
      transform = function(rec) if rec.id == "one" then return mrrc.drop end end,
      each = function(rec) print(rec.id) end,
    }]], TWO)
    assert.equal("two\n", result.err)
  end)

  it("runs init once per state before the first record", function()
    local result = lua.run([[
      local n = 0
      return { init = function() n = n + 1 end, each = function(rec) print(rec.id, n) end }]], TWO, { "-j", "1" })
    assert.equal("one\t1\ntwo\t1\n", result.out)
  end)

  it("runs init again when a state is rebuilt", function()
    local result = lua.run([[
      local ready = false
      return {
        init = function() ready = true end,
        each = function(rec)
          if rec.id == "one" then local t = {} while true do t[#t + 1] = ("x"):rep(1000) .. #t end end
          print(rec.id, ready)
        end,
      }]], TWO, { "-j", "1", "--lua-mem", "16M", "--on-script-error", "skip" })
    assert.equal("two\ttrue\n", result.out)
    lua.has(result.err, "--lua-mem")
    assert.equal(1, result.status)
  end)

  it("runs finish once, in a state without init", function()
    local result = lua.run([[
      local ready = false
      return { init = function() ready = true end, each = function() end, finish = function() print("end", ready) end }]],
      marc.books(50), { "-j", "3", "--batch-size", "2" })
    assert.equal("end\tfalse\n", result.out)
  end)

  it("runs finish over no records at all", function()
    local result = lua.run("return { each = function() end, finish = function() print('end') end }", "")
    assert.equal("end\n", result.out)
    assert.equal(0, result.status)
  end)
end)

describe("what a hook is given", function()
  it("init gets args, thread, threads, part and the time", function()
    local result = lua.run([[return {
      options = { a = { default = "x" } },
      init = function(ctx) print(ctx.args.a, ctx.thread, ctx.threads, ctx.part, math.type(ctx.now)) end,
      each = function() end,
    }]], TWO, { "-j", "1" })
    assert.equal("x\t1\t1\t1\tinteger\n", result.out)
  end)

  it("finish gets the results, out and ctx", function()
    local result = lua.run([[
      local c = mrrc.counter "c"
      return { each = function() c:add "k" end,
        finish = function(agg, out, ctx) out:write(agg.c:get "k", " ", ctx.args.a, "\n") end }]], TWO, { "-a", "a=1" })
    assert.equal("2 1\n", result.out)
  end)

  it("the time is one reading for all threads", function()
    local result = lua.run([[
      local now
      return { init = function(ctx) now = ctx.now end, each = function() print(now) end }]],
      marc.books(40), { "-j", "3", "--batch-size", "1" })
    local first = result.out:match("^(%d+)\n")
    assert.equal((first .. "\n"):rep(40), result.out)
    assert.truthy(math.abs(os.time() - tonumber(first)) < 120)
  end)
end)

describe("what is written", function()
  it("by each alone is nothing", function()
    local result = lua.run("return { each = function(rec) return rec end }", TWO)
    assert.equal("", result.out)
    assert.equal(0, result.status)
  end)

  it("by finish alone is nothing", function()
    assert.equal("done\n", lua.run("return { finish = function() print 'done' end }", TWO).out)
  end)

  it("by a filter is every kept record byte for byte", function()
    local books = mrrc.read("fixtures/books.mrc")
    assert.equal(books, lua.run("return { filter = function() return 1 end }", books).out)
  end)

  it("by on_error alone is every readable record", function()
    local result = lua.run("return { on_error = function() end }", TWO)
    assert.equal(TWO, result.out)
  end)
end)

describe("a filter", function()
  it("drops for false and for nil", function()
    assert.equal("", lua.run("return { filter = function(rec) if rec.id == 'one' then return false end end }", TWO).out)
  end)

  it("that returns a record is an error that says where changes belong", function()
    local result = lua.run("return {\n filter = function(rec) return rec end }", TWO)
    assert.equal(3, result.status)
    assert.truthy(result.err:find("%.lua:2: filter returned a record or an edit"), result.err)
    lua.has(result.err, "transform")
  end)

  it("that returns an edit is an error too", function()
    assert.equal(3, lua.run("return { filter = function(rec) return rec:edit() end }", TWO).status)
  end)

  it("that drops everything is warned about and ends well", function()
    local result = lua.run("return { filter = function() return false end }", TWO)
    assert.equal(0, result.status)
    lua.has(result.err, "dropped every record")
  end)

  it("that drops everything is not warned about with --quiet", function()
    assert.equal("", lua.run("return { filter = function() return false end }", TWO, { "-q" }).err)
  end)
end)

describe("finish", function()
  it("that returns false makes the status 1", function()
    assert.equal(1, lua.run("return { finish = function() return false end }", TWO).status)
  end)

  it("that returns nil or true leaves the status 0", function()
    assert.equal(0, lua.run("return { finish = function() end }", TWO).status)
    assert.equal(0, lua.run("return { finish = function() return true end }", TWO).status)
  end)

  it("that raises stops the run with its line and leaves no output file", function()
    local out = mrrc.folder() .. "/out.mrc"
    local result = lua.run("return { filter = function() return true end,\n finish = function() error 'sums differ' end }", TWO,
      { "-o", out })
    assert.equal(3, result.status)
    assert.truthy(result.err:find("%.lua:2: sums differ"), result.err)
    lua.has(result.err, "stack traceback")
    assert.is_false(mrrc.exists(out))
  end)
end)

describe("an error in a hook", function()
  local input = mrrc.file(book("one") .. book("two"), ".mrc")
  local offset = #book("one")

  local function failing(hook)
    local script = mrrc.script(("return {\n  %s = function(rec)\n    if rec.id == 'two' then error('bad') end\n    %s\n  end }")
      :format(hook, hook == "filter" and "return true" or ""))
    return mrrc.run { "run", script, input }, script
  end

  for _, hook in ipairs { "filter", "transform", "each" } do
    it(("in %s says script:line, hook, file, number, byte offset and 001"):format(hook), function()
      local result, script = failing(hook)
      assert.equal(3, result.status)
      lua.has(result.err, ("%s: record 2 at byte %d (001 two): E701 script failed in %s:\n  %s:3: bad\n")
        :format(input, offset, hook, script))
    end)
  end

  it("comes with a traceback through the script's functions", function()
    local result = lua.run("local function clean() error 'deep' end\nreturn { each = function() clean() end }", TWO)
    lua.has(result.err, "stack traceback:")
    assert.truthy(result.err:find("in upvalue 'clean'", 1, true), result.err)
  end)

  it("writes on standard output what came before it", function()
    assert.equal("one", lua.ids((failing("filter")).out))
  end)

  it("leaves no output file", function()
    local out = mrrc.folder() .. "/out.mrc"
    assert.equal(3, mrrc.run { "run", "--filter", "error 'no'", input, "-o", out }.status)
    assert.is_false(mrrc.exists(out))
  end)

  it("leaves an older output file as it was", function()
    local out = mrrc.file("precious", ".mrc")
    mrrc.run { "run", "--filter", "error 'no'", input, "-o", out }
    assert.equal("precious", mrrc.read(out))
  end)

  it("that was raised without a line gets that of the innermost function", function()
    local result = lua.run("return {\n each = function()\n  error('no line', 0) end }", TWO)
    assert.truthy(result.err:find("%.lua:3: no line\n"), result.err)
  end)

  it("that was caught and raised again keeps its own line", function()
    local result = lua.run("local function f() error 'deep' end\nreturn { each = function()\n local _, e = pcall(f)\n error(e, 0) end }", TWO)
    assert.truthy(result.err:find("\n  [^\n:]+%.lua:1: deep\n"), result.err)
  end)

  it("that error() puts at its caller keeps that line", function()
    local result = lua.run("local function check() error('wrong', 2) end\nreturn { each = function()\n check() end }", TWO)
    assert.truthy(result.err:find("\n  [^\n:]+%.lua:3: wrong\n"), result.err)
  end)

  it("may be any value", function()
    for _, value in ipairs { "nil", "{}", "true", "print" } do
      local result = lua.code({ "--each", ("error(%s)"):format(value) }, TWO)
      assert.equal(3, result.status, value)
      lua.has(result.err, "error object is ")
    end
  end)

  it("may be a number, shown as text", function()
    local result = lua.code({ "--each", "error(42)" }, TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "--each:1: 42")
  end)

  it("may be endless recursion", function()
    local result = lua.run("local function f() return 1 + f() end\nreturn { each = f }", TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "stack overflow")
  end)

  it("may be too much memory, which names the option", function()
    local result = lua.code({ "--each", "local t = {} while true do t[#t + 1] = ('x'):rep(1000) .. #t end", "--lua-mem", "8M" }, TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "--lua-mem")
  end)

  it("goes to --errors as a JSON line of class script", function()
    local errors = mrrc.folder() .. "/errors.jsonl"
    mrrc.run { "run", "--each", "if rec.id == 'two' then error 'bad' end", "--errors", errors, input }
    local line = mrrc.read(errors)
    for _, part in ipairs { '"class":"script"', '"code":"E701"', '"record":2', '"offset":' .. offset, '"id":"two"',
      '"message":"--each:1: bad"', '"action":"stopped"' } do
      lua.has(line, part)
    end
  end)

  it("caught by pcall inside of the script is none", function()
    local result = lua.code({ "--each", "print(pcall(error, 'x'))" }, book "one")
    assert.equal(0, result.status)
    assert.equal("false\tx\n", result.out)
  end)
end)

describe("--on-script-error", function()
  local bad_two = "if rec.id == 'two' then error 'bad' end return true"

  it("fail is the default and stops at the first", function()
    local result = lua.code({ "--filter", bad_two }, THREE)
    assert.equal(3, result.status)
    assert.equal("one", lua.ids(result.out))
  end)

  it("skip goes on without the record and ends with 1", function()
    local result = lua.code({ "--filter", bad_two, "--on-script-error", "skip" }, THREE)
    assert.equal(1, result.status)
    assert.equal("one three", lua.ids(result.out))
  end)

  it("reject writes its bytes to the reject file", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    local result = lua.code({ "--filter", bad_two, "--on-script-error", "reject", "--reject", reject }, THREE)
    assert.equal(1, result.status)
    assert.equal("one three", lua.ids(result.out))
    assert.equal(book "two", mrrc.read(reject))
  end)

  it("skip writes nothing to the reject file", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    lua.code({ "--filter", bad_two, "--on-script-error", "skip", "--reject", reject }, THREE)
    assert.equal("", mrrc.read(reject))
  end)

  it("reject without a file is a slip", function()
    local result = lua.code({ "--filter", bad_two, "--on-script-error", "reject" }, THREE)
    assert.equal(2, result.status)
    lua.has(result.err, "--reject FILE")
  end)

  it("takes no other word", function()
    local result = lua.code({ "--filter", bad_two, "--on-script-error", "ignore" }, THREE)
    assert.equal(2, result.status)
    lua.has(result.err, "ignore")
  end)

  it("shows one traceback per message and counts the rest", function()
    local result = lua.code({ "--each", "error(#rec.id == 3 and 'short' or 'long')", "--on-script-error", "skip" },
      THREE .. TWO)
    local _, tracebacks = result.err:gsub("stack traceback", "")
    assert.equal(2, tracebacks)
    lua.has(result.err, "3 more script errors")
    lua.has(result.err, "5 failed in the script")
  end)

  it("takes back what the failing record printed, counted and wrote", function()
    local folder = mrrc.folder()
    local result = lua.run(([[
      local c, t = mrrc.counter "c", mrrc.table { name = "t", columns = { "id" }, path = "%s/t.csv" }
      local s, o = mrrc.sum "s", mrrc.output { name = "o", path = "%s/{key}.mrc" }
      local r = mrrc.reducer { name = "r", init = function() return 0 end, add = function(a, v) return a + v end,
        merge = function(a, b) return a + b end }
      return {
        transform = function(rec)
          print(rec.id) c:add(rec.id) t:row { id = rec.id } s:add(1) o:write(rec, "k") r:add(1)
          if rec.id == "two" then error "bad" end
        end,
        finish = function(agg, out) out:write(agg.c:total(), agg.t:count(), agg.s.n, agg.o:count(), agg.r:value(), "\n") end,
      }]]):format(folder, folder), THREE, { "--on-script-error", "skip" })
    assert.equal("one three", lua.ids(result.out))
    assert.equal("one three", lua.ids(mrrc.read(folder .. "/k.mrc")))
    assert.equal("id\none\nthree\n", (mrrc.read(folder .. "/t.csv"):gsub("\r", "")))
    lua.has("\n" .. result.err, "\none\n")
    lua.has(result.err, "\nthree\n")
    assert.falsy(result.err:find("\ntwo\n", 1, true))
    lua.has(result.err, "22222\n")
  end)

  it("takes back every record of a list when each fails on the last of them", function()
    local result = lua.run([[return {
      transform = function(rec) return { rec, rec:edit():set("001", "copy") } end,
      each = function(rec) if rec.id == "copy" then error "bad" end end,
    }]], book "one", { "--on-script-error", "skip" })
    assert.equal("", result.out)
  end)

  it("counts as written only what was", function()
    local result = lua.code({ "--filter", "true", "--each", "if rec.id == 'two' then error 'bad' end", "--on-script-error", "skip" },
      THREE)
    assert.equal("one three", lua.ids(result.out))
    lua.has(result.err, "3 records read, 2 written")
  end)

  it("gives the same output and first error for every number of threads #threads", function()
    local input = mrrc.file(marc.books(300), ".mrc")
    local script = mrrc.script [[return { transform = function(rec)
      if tonumber(rec.id:sub(2)) % 7 == 3 then error("seven " .. rec.id) end
      print(rec.id)
    end }]]
    local function with(threads, batch, action)
      local out = mrrc.folder() .. "/out.mrc"
      return mrrc.run { "run", script, "-j", threads, "--batch-size", batch, "--on-script-error", action, "-o", out, input },
        mrrc.read(out)
    end
    for _, action in ipairs { "fail", "skip" } do
      local one, records = with("1", "100", action)
      local five, same = with("5", "3", action)
      assert.is_true(one.out == five.out)
      assert.is_true(one.err == five.err)
      assert.is_true(records == same)
      assert.equal(action == "skip", records ~= nil)
      assert.equal(one.status, five.status)
    end
  end)
end)

describe("on_error", function()
  local damaged = marc.write_broken({ { "001", "bad" }, { "245", "10", "a", "Broken" } }, { base = "00000" })

  local function run(hook, words)
    return lua.run("return { on_error = " .. hook .. " }", TWO .. damaged .. book "three",
      words or { "--recovery", "strict", "--on-error", "skip" })
  end

  it("is called for a damaged record, in its place", function()
    local result = lua.run([[return {
      each = function(rec) print(rec.id) end, on_error = function(err) print("damaged", err.number) end }]],
      TWO .. damaged .. book "three", { "--recovery", "strict", "--on-error", "skip" })
    assert.equal("one\ntwo\ndamaged\t3\nthree\n", (result.err:gsub("mrrc: [^\n]*\n", "")))
  end)

  it("is told what is wrong and where", function()
    local input = mrrc.file(TWO .. damaged, ".mrc")
    local script = mrrc.script [[return { on_error = function(err)
      print(err.kind, err.code, err.number, err.index, err.offset, #err.raw, err.message, err.file)
    end }]]
    local result = mrrc.run { "run", script, "--recovery", "strict", "--on-error", "skip", input }
    lua.has(result.err, ("data\tE003\t3\t3\t%d\t%d\tbase address of data is wrong\t%s\n"):format(#TWO, #damaged, input))
  end)

  it("that returns nil leaves the record to the policy", function()
    local result = run("function() end")
    assert.equal("one two three", lua.ids(result.out))
    assert.equal(1, result.status)
  end)

  it("may return a record that is written in its place", function()
    local result = run("function(err) return mrrc.record { { '001', 'mended' } } end")
    assert.equal("one two mended three", lua.ids(result.out))
    assert.equal(0, result.status)
  end)

  it("may return an edit", function()
    local result = run("function(err) return mrrc.record { { '001', 'x' } }:edit():set('001', 'mended') end")
    assert.equal("one two mended three", lua.ids(result.out))
  end)

  it("that returns anything else is an error", function()
    local result = run("function() return 'skip' end")
    assert.equal(3, result.status)
    assert.truthy(result.err:find("%.lua:1: on_error returned string; return a record or nil"), result.err)
  end)

  it("that raises says that it was on_error", function()
    local result = run("function() error 'no' end")
    assert.equal(3, result.status)
    lua.has(result.err, "E701 script failed in on_error")
  end)

  it("is not called for a record that was repaired", function()
    local result = run("function() print('called') end", {})
    assert.falsy(result.err:find("called", 1, true))
    lua.has(result.err, "1 repaired")
  end)

  it("leaves the bytes of what it does not mend to the reject file", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    run("function() end", { "--recovery", "strict", "--reject", reject })
    assert.equal(damaged, mrrc.read(reject))
  end)

  it("keeps what it mends out of the reject file", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    run("function() return mrrc.record { { '001', 'm' } } end", { "--recovery", "strict", "--reject", reject })
    assert.equal("", mrrc.read(reject))
  end)
end)

describe("rec:reject", function()
  it("keeps the record out of the output and says why", function()
    local result = lua.code({ "-e", "if rec.id == 'two' then return rec:reject 'no price' end" }, THREE)
    assert.equal(1, result.status)
    assert.equal("one three", lua.ids(result.out))
    lua.has(result.err, ("record 2 at byte %d (001 two): E703 no price"):format(#book "one"))
  end)

  it("puts the record's bytes into --reject", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    lua.code({ "-e", "if rec.id == 'two' then return rec:reject 'no price' end", "--reject", reject }, THREE)
    assert.equal(book "two", mrrc.read(reject))
  end)

  it("wins over what the hook returns", function()
    local result = lua.code({ "-e", "rec:reject 'no' return rec" }, book "one")
    assert.equal("", result.out)
    assert.equal(1, result.status)
  end)

  it("returns mrrc.drop", function()
    local result = lua.code({ "--each", "assert(rec:reject('x') == mrrc.drop, 'something else')" }, book "one")
    assert.equal(1, result.status)
  end)

  it("works in a filter and in each", function()
    for _, hook in ipairs { "filter", "each" } do
      local result = lua.code({ "--" .. hook, "if rec.id == 'two' then rec:reject 'no' end return true" }, THREE)
      assert.equal(1, result.status, hook)
      lua.has(result.err, "(001 two): E703 no")
    end
  end)

  it("takes back what the record printed and counted", function()
    local result = lua.run([[
      local c = mrrc.counter "c"
      return { each = function(rec) print(rec.id) c:add(rec.id) if rec.id == "two" then rec:reject "no" end end,
        finish = function(agg) print(agg.c:total()) end }]], THREE)
    assert.equal("one\nthree\n2\n", result.out)
  end)

  it("keeps the other records of its list out, too", function()
    local result = lua.run([[return { transform = function(rec) return { rec, rec } end,
      each = function(rec) if rec.id == "two" then rec:reject "no" end end }]], TWO)
    assert.equal("one one", lua.ids(result.out))
  end)

  it("needs a reason", function()
    lua.has(lua.fails("rec:reject()", { { "001", "x" } }), "string expected")
  end)

  it("is refused for a record of an earlier hook", function()
    local result = lua.run([[
      local old
      return { each = function(rec) if old then old:reject "late" end old = rec:keep() end }]], TWO, { "-j", "1" })
    assert.equal(3, result.status)
    lua.has(result.err, "reject is for the record of the hook")
  end)

  it("goes to --errors with its reason", function()
    local errors = mrrc.folder() .. "/errors.jsonl"
    lua.code({ "--each", "if rec.id == 'two' then rec:reject 'no price' end", "--errors", errors }, THREE)
    lua.has(mrrc.read(errors), '"message":"no price"')
    lua.has(mrrc.read(errors), '"id":"two"')
  end)
end)

describe("mrrc.warn", function()
  it("says the text with the record's place and changes nothing else", function()
    local result = lua.code({ "-e", "if rec.id == 'two' then mrrc.warn 'no 245$c' end" }, THREE)
    assert.equal(0, result.status)
    assert.equal(THREE, result.out)
    lua.has(result.err, ("record 2 at byte %d (001 two): W700 no 245$c"):format(#book "one"))
    lua.has(result.err, "1 warnings of the script")
  end)

  it("wants text", function()
    lua.has(lua.fails("mrrc.warn(rec)", { { "001", "x" } }), "string expected")
  end)

  it("is for hooks that see a record", function()
    local result = lua.run("mrrc.warn 'x' return { each = function() end }", TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "call it in a hook")
  end)

  it("goes to --errors as a rule", function()
    local errors = mrrc.folder() .. "/errors.jsonl"
    lua.code({ "--each", "mrrc.warn 'w'", "--errors", errors }, book "one")
    lua.has(mrrc.read(errors), '"class":"rule"')
  end)
end)

describe("states", function()
  local count_loads = [[
    local f = io.open("%s", "a+") f:write "x" f:seek("set") local n = #f:read "a" f:close()
  ]]

  it("that declare different results are found out", function()
    local log = mrrc.file("")
    local result = lua.run(count_loads:format(log) .. [[
      mrrc.counter("c" .. n)
      return { each = function(rec) for i = 1, 20000 do local s = rec:get "245a" .. i end end, finish = function() end }]],
      marc.books(100), { "-j", "4", "--batch-size", "1" })
    assert.equal(3, result.status)
    lua.has(result.err, "declare the same")
  end)

  it("that declare more results for finish than before are found out", function()
    local log = mrrc.file("")
    local result = lua.run(count_loads:format(log) .. [[
      for i = 1, n * 40 do mrrc.counter("c" .. i) end
      return { each = function() end, finish = function(agg) print(agg.c80:total()) end }]], TWO, { "-j", "1" })
    assert.equal(3, result.status)
    lua.has(result.err, "declare the same")
  end)

  it("share no upvalues", function()
    local result = lua.run([[
      local n = 0
      local c = mrrc.counter "c"
      return { each = function() n = n + 1 c:add "k" end, finish = function(agg) print(n, agg.c:total()) end }]],
      marc.books(30), { "-j", "2", "--batch-size", "1" })
    assert.equal("0\t30\n", result.out)
  end)
end)

describe("--filter", function()
  it("says so when the code is a path, which Lua takes for a sum", function()
    local result = lua.code({ "--filter", '008/35-37 == "eng"' }, TWO)
    assert.equal(0, result.status)
    lua.has(result.err, "--filter takes Lua, not a path")
  end)
  it("is silent about code that does", function()
    local result = lua.code({ "--filter", "rec:has '001'" }, TWO)
    assert.equal("", result.err)
  end)
  it("refuses code that returns nothing", function()
    local result = lua.code({ "--filter", "local has = rec:has '001'" }, TWO)
    assert.equal(2, result.status)
    lua.has(result.err, "write return")
  end)
end)

describe("a traceback", function()
  it("ends with the script's own lines", function()
    local result = lua.code({ "-e", "rec:foo()" }, TWO)
    lua.has(result.err, "in function <-e:1>")
    assert.is_nil(result.err:find("[C]: in ?", 1, true))
  end)
end)
