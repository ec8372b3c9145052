-- What a transform may return and what becomes of it; what an edited record looks like in the output.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local function book(id, ...) return marc.write { { "001", id }, { "245", "10", "a", "Title of " .. id }, ... } end

local TWO = book("one") .. book("two")
local ONE = { { "001", "one" }, { "245", "10", "a", "Title" } }

-- ids of what `-e body` makes of TWO
local function ids(body)
  local result = lua.code({ "-e", body }, TWO)
  assert.equal("", result.status == 0 and "" or result.err)
  return lua.ids(result.out)
end

describe("a transform that returns", function()
  it("nothing leaves the record as it is, byte for byte", function()
    local books = mrrc.read("fixtures/books.mrc")
    assert.equal(books, lua.code({ "-e", "local x = rec:get '245a'" }, books).out)
  end)

  it("nil leaves it too", function() assert.equal("one two", ids "return nil") end)

  it("the record leaves it, byte for byte", function()
    local books = mrrc.read("fixtures/books.mrc")
    assert.equal(books, lua.code({ "-e", "return rec" }, books).out)
  end)

  it("an unchanged edit leaves it, byte for byte", function()
    local books = mrrc.read("fixtures/books.mrc")
    assert.equal(books, lua.code({ "-e", "return rec:edit()" }, books).out)
  end)

  it("a changed edit writes that one", function() assert.equal("one+ two+", ids "rec:edit():set('001', rec.id .. '+')") end)

  it("the record of done() writes that one", function()
    assert.equal("one+ two+", ids "rec:edit():set('001', rec.id .. '+'):done()")
  end)

  it("a new record writes that one", function()
    assert.equal("new new", ids "return mrrc.record { { '001', 'new' } }")
  end)

  it("a kept record writes that one", function() assert.equal("one two", ids "rec:keep()") end)

  it("mrrc.drop writes nothing", function() assert.equal("two", ids "if rec.id == 'one' then return mrrc.drop end") end)

  it("an empty list writes nothing", function() assert.equal("two", ids "if rec.id == 'one' then return {} end") end)

  it("a list writes all of it in its order", function()
    assert.equal("one copy one two copy two", ids [[
      return { rec, rec:edit():set("001", "copy"), rec }]])
  end)

  it("a list of one edit writes one record", function()
    assert.equal("x x", ids "return { rec:edit():set('001', 'x') }")
  end)
end)

describe("a transform is an error when it returns", function()
  local function refused(body, words)
    local result = lua.code({ "-e", body }, TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "transform returned " .. words .. "; return nil (unchanged), a record or an edit, a list of them, or mrrc.drop")
    assert.truthy(result.err:find("\n  %-e:1: transform returned"), result.err)
    return result
  end

  it("false, which must not delete records", function()
    local result = refused("rec:has '9..' and rec:edit():remove '9..'", "false")
    assert.equal("", result.out)
  end)

  it("true", function() refused("true", "true") end)
  it("a string", function() refused("rec:get '245a'", "string") end)
  it("a number", function() refused("1", "number") end)
  it("a function", function() refused("print", "function") end)
  it("a field", function() refused("rec:field '245'", "userdata") end)
  it("a table with names", function() refused("{ record = rec }", "a table that is no list") end)
  it("a list with a gap", function() refused("{ rec, nil, rec }", "a list with nil in it at place 2") end)
  it("a list with something else in it", function() refused("{ rec, 'x' }", "a list with string in it at place 2") end)
  it("a list in a list", function() refused("{ { rec } }", "a list with table in it at place 1") end)

  it("an edit that was discarded", function()
    lua.has(lua.fails("local e = rec:edit() e:discard() return e", ONE), "transform returned an edit after done() or discard()")
  end)

  it("a record of an earlier hook", function()
    local result = lua.run("local old\nreturn function(rec) old = old or rec return old end", TWO, { "-j", "1" })
    assert.equal(3, result.status)
    lua.has(result.err, ".lua:2: transform returned a record used after its hook; keep it with rec:keep()")
  end)

  it("an edit whose record done() gave already", function()
    lua.has(lua.fails("local e = rec:edit() e:done() return e", ONE), "transform returned an edit after done() or discard()")
  end)
end)

describe("a changed edit that is forgotten", function()
  local FORGOTTEN = "a changed edit was forgotten: return it, write it to an output, or end it with done() or discard()"

  it("is an error with its script and line", function()
    lua.has(lua.fails("local e = rec:edit() e:remove '245'", ONE), FORGOTTEN)
  end)

  it("is an error in a filter, which is named", function()
    local result = lua.run("return {\n filter = function(rec) rec:edit():remove '245' return true end }", TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "script failed in filter")
    assert.truthy(result.err:find(".lua:2: " .. FORGOTTEN, 1, true), result.err)
  end)

  it("is an error in each, which is named", function()
    local result = lua.run("return {\n filter = function() return true end,\n each = function(rec) rec:edit():remove '245' end }", TWO)
    assert.equal(3, result.status)
    lua.has(result.err, "script failed in each")
    assert.truthy(result.err:find(".lua:3: " .. FORGOTTEN, 1, true), result.err)
  end)

  it("is an error when another one was returned", function()
    lua.has(lua.fails("local a, b = rec:edit(), rec:edit() a:remove '245' b:remove '245' return a", ONE), FORGOTTEN)
  end)

  it("is no error when it was discarded", function()
    assert.equal("one two", ids "local e = rec:edit() e:remove '245' e:discard()")
  end)

  it("is no error when done() made a record of it", function()
    assert.equal("one two", ids "local e = rec:edit() e:remove '245' e:done()")
  end)

  it("is no error when it was written to an output", function()
    local folder = mrrc.folder()
    local result = lua.run(([[
      local o = mrrc.output { name = "o", path = "%s/o.mrc" }
      return { transform = function(rec) local e = rec:edit() e:set("001", "e") o:write(e) end }]]):format(folder), TWO)
    assert.equal(0, result.status)
    assert.equal("one two", lua.ids(result.out))
    assert.equal("e e", lua.ids(mrrc.read(folder .. "/o.mrc")))
  end)

  it("is no error when it did not change", function()
    assert.equal("one two", ids "local e = rec:edit() e:remove '999'")
  end)

  it("is no error when its changes led back to nothing", function()
    local result = lua.code({ "-e", "local e = rec:edit() e:set('245$a', rec:get '245$a')" }, TWO)
    assert.equal(0, result.status, result.err)
  end)

  it("is no error in the same transform when the record is rejected", function()
    local result = lua.code({ "-e", "local e = rec:edit() e:remove '245' return rec:reject 'no'" }, TWO)
    assert.equal(1, result.status)
    assert.falsy(result.err:find("forgotten", 1, true))
  end)
end)

describe("at the end a warning", function()
  it("says that a transform dropped every record", function()
    local result = lua.code({ "-e", "mrrc.drop" }, TWO)
    assert.equal(0, result.status)
    lua.has(result.err, "the script dropped every record")
  end)

  it("says that a transform changed no record", function()
    local result = lua.code({ "-e", "rec:edit():remove '999'" }, TWO)
    assert.equal(0, result.status)
    lua.has(result.err, "the script changed no record")
  end)

  it("is silent when one record changed", function()
    assert.equal("", lua.code({ "-e", "rec.id == 'two' and rec:edit():remove '245' or nil" }, TWO).err)
  end)

  it("is silent when one record was replaced by another", function()
    assert.equal("", lua.code({ "-e", "return rec.id == 'two' and mrrc.record { { '001', 'x' } } or nil" }, TWO).err)
  end)

  it("is silent when there were no records", function()
    assert.equal("", lua.code({ "-e", "return nil" }, "").err)
  end)

  it("is silent for scripts that only look", function()
    assert.equal("", lua.code({ "--each", "local x = rec.id" }, TWO).err)
  end)

  it("is silent with --quiet", function()
    assert.equal("", lua.code({ "-q", "-e", "mrrc.drop" }, TWO).err)
  end)
end)

describe("an edited record", function()
  local record = {
    leader = "00000cam a2200000Ii 4500",
    { "001", "x1" }, { "008", marc.field008("2001", "eng") }, { "020", "  ", "a", "0131103628" },
    { "245", "10", "a", "Tïtle :", "b", "rest /", "c", "someone." }, { "650", " 0", "a", "One" }, { "650", " 0", "a", "Two" },
    { "999", "ff", "i", "local" },
  }

  it("has lengths and base address that fit", function()
    -- the reader raises on anything that is not exactly right
    local got = marc.read(lua.code({ "-e", "rec:edit():add('500', '  ', 'a', ('long '):rep(300))" }, marc.write(record)).out)
    assert.equal(("long "):rep(300), marc.get(got[1], "500", "a"))
  end)

  it("has the right lengths after a removal, too", function()
    assert.equal("001 008 020 245 650 650", marc.tags(lua.edited("rec:edit():remove '9..'", record)))
  end)

  it("keeps the leader but for lengths", function()
    local got = lua.edited("rec:edit():remove '999'", record)
    assert.equal(record.leader:sub(6, 12), got.leader:sub(6, 12))
    assert.equal(record.leader:sub(18), got.leader:sub(18))
  end)

  it("keeps every other field verbatim", function()
    local got = lua.edited("rec:edit():set('245$a', 'New')", record)
    for i, field in ipairs(record) do
      if field[1] ~= "245" then assert.same(field, got[i]) end
    end
    assert.same({ "245", "10", "a", "New", "b", "rest /", "c", "someone." }, got[4])
  end)

  it("keeps fields verbatim that are not well-formed", function()
    local odd = { { "001", "x" }, { "245", "10", "a", "T" }, { "500", "zz", "a", "", "a", " \7 ", "!", "\255\254" },
      { "5a0", "  ", "a", "letters" } }
    local got = lua.edited("rec:edit():set('245$a', 'New')", odd)
    assert.same(odd[3], got[3])
    assert.same(odd[4], got[4])
  end)

  it("keeps the bytes of every untouched field of the sample books", function()
    local books = mrrc.read("fixtures/books.mrc")
    local result = lua.code({ "-e", "rec:edit():add('599', '  ', 'a', 'new')" }, books)
    local before, after = marc.read(books), marc.read(result.out)
    assert.equal(#before, #after)
    for i, one in ipairs(after) do
      local rest = {}
      for _, field in ipairs(one) do
        if field[1] ~= "599" then rest[#rest + 1] = field end
      end
      before[i].leader = nil
      assert.same(before[i], rest)
    end
  end)

  it("is the same bytes as before when the change is undone", function()
    local bytes = marc.write(record)
    assert.equal(bytes, lua.code({ "-e", "rec:edit():add('599', '  ', 'a', 'x'):remove('599')" }, bytes).out)
  end)

  it("leaves the records beside it byte for byte", function()
    local books = marc.split(mrrc.read("fixtures/books.mrc"))
    local id = marc.get(marc.read(books[2])[1], "001")
    local result = lua.code({ "-e", ("rec.id == %q and rec:edit():remove '245' or nil"):format(id) }, table.concat(books))
    local after = marc.split(result.out)
    assert.equal(#books, #after)
    for i = 1, #books do assert.equal(i == 2, books[i] ~= after[i]) end
  end)

  it("too long for ISO 2709 is rejected, counted and never half written", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    local input = marc.write(record) .. book "two"
    local result = lua.code({ "-e", [[
      if rec.id == "x1" then
        local e = rec:edit()
        for i = 1, 12 do e:add("500", "  ", "a", ("x"):rep(9000)) end
        return e
      end]], "--reject", reject }, input)
    assert.equal(1, result.status)
    assert.equal("two", lua.ids(result.out))
    assert.equal(marc.write(record), mrrc.read(reject))
    lua.has(result.err, "(001 x1): E404")
  end)

  it("with a field too long for the directory is rejected", function()
    local result = lua.code({ "-e", "rec:edit():set('245$a', ('x'):rep(10000))" }, book "one")
    assert.equal(1, result.status)
    assert.equal("", result.out)
    lua.has(result.err, "E404")
    lua.has(result.err, "field 245")
  end)

  it("with a field of exactly 9,999 bytes is written", function()
    -- two indicators, delimiter, code, terminator
    local got = lua.edited("rec:edit():set('245$a', ('x'):rep(9999 - 5))", { { "001", "x" }, { "245", "10", "a", "T" } })
    assert.equal(9999 - 5, #marc.get(got, "245", "a"))
  end)

  it("of which two copies are too long is rejected once", function()
    local reject = mrrc.folder() .. "/reject.mrc"
    local result = lua.code({ "-e", [[
      local function long() return rec:edit():set("245$a", ("x"):rep(10000)) end
      return { long(), long() }]], "--reject", reject }, book "one")
    assert.equal(book "one", mrrc.read(reject))
    lua.has(result.err, "1 rejected")
  end)

  it("without any field left is not written as a broken record", function()
    local result = lua.code({ "-e", "rec:edit():remove '...'" }, book "one" .. book "two")
    marc.read(result.out)
    assert.truthy(result.status == 0 or result.err:find("E108", 1, true), result.err)
  end)
end)

describe("output", function()
  it("is the same for every number of threads and size of batches #threads", function()
    local input = mrrc.file(marc.books(400), ".mrc")
    local script = mrrc.script [[return {
      filter = function(rec) return rec:get("008/35-37") ~= "fre" end,
      transform = function(rec)
        local n = tonumber(rec.id:sub(2))
        if n % 11 == 0 then return mrrc.drop end
        if n % 5 == 0 then return { rec, rec:edit():set("001", rec.id .. "b") } end
        if n % 3 == 0 then return rec:edit():add("500", "  ", "a", tostring(math.random(1000))) end
        if n % 17 == 0 then rec:reject("seventeen") end
      end,
      each = function(rec) io.write(rec.id, " ") end,
    }]]
    local function with(threads, batch)
      local folder = mrrc.folder()
      local result = mrrc.run { "run", script, input, "-j", threads, "--batch-size", batch, "-o", folder .. "/o.mrc",
        "--reject", folder .. "/r.mrc" }
      assert.equal(1, result.status)
      return table.concat({ result.out, result.err, mrrc.read(folder .. "/o.mrc"), mrrc.read(folder .. "/r.mrc") }, "\0")
    end
    local one = with("1", "1000")
    assert.is_true(#one > 50000)
    for _, shape in ipairs { { "1", "1" }, { "2", "7" }, { "4", "1" }, { "8", "50" } } do
      assert.is_true(one == with(shape[1], shape[2]), table.concat(shape, " "))
    end
  end)
end)
