-- What a script reads of a record: values by path, properties, forms of the whole, and how long it may hold one.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local BOOK = {
  leader = "00000cam a2200000Ii 4500",
  { "001", "x1" }, { "008", marc.field008("2001", "eng") },
  { "020", "  ", "a", "0131103628" }, { "020", "  ", "a", "0131103709" },
  { "245", "10", "a", "Title :", "b", "rest /", "c", "someone." },
  { "650", " 0", "a", "History", "x", "Sources" }, { "650", " 7", "a", "Geschichte", "2", "gnd" },
  { "999", "  ", "n", "42", "n", "x", "d", "12.5" },
}

-- what print(EXPRESSION) printed
local function shows(expression) return lua.seen("print(" .. expression .. ")", BOOK) end

local function fails(body, record) return lua.fails(body, record or BOOK) end

describe("rec:get", function()
  it("gives the first value", function() assert.equal("0131103628", shows "rec:get '020$a'") end)
  it("gives nil when there is none", function() assert.equal("nil", shows "rec:get '100$a'") end)
  it("gives the default when there is none", function() assert.equal("none", shows "rec:get('100$a', 'none')") end)
  it("gives any value as default", function() assert.equal("false", shows "rec:get('100$a', false)") end)
  it("gives the value and not the default when there is one", function() assert.equal("Title :", shows "rec:get('245$a', 'x')") end)
  it("gives an empty value, which is one", function()
    assert.equal("[]", lua.seen("print('[' .. rec:get('500$a', 'default') .. ']')", { { "001", "x" }, { "500", "  ", "a", "" } }))
  end)
  it("gives a control field's text", function() assert.equal("x1", shows "rec:get '001'") end)
  it("gives all subfields of a whole field joined by a blank", function()
    assert.equal("Title : rest / someone.", shows "rec:get '245'")
  end)
  it("gives characters", function() assert.equal("eng\t2001", shows "rec:get '008/35-37', rec:get '008/07-10'") end)
  it("gives indicators", function() assert.equal("1\t0", shows "rec:get '245^1', rec:get '245^2'") end)
  it("gives the leader's characters", function() assert.equal("c\ta", shows "rec:get 'LDR/05', rec:get 'ldr.type'") end)
  it("gives text as it is stored, byte for byte", function()
    assert.equal("e\204\129\t\195\169\t\255", lua.seen("print(rec:get '500$a', rec:get '500$b', rec:get '500$c')",
      { { "001", "x" }, { "500", "  ", "a", "e\204\129", "b", "\195\169", "c", "\255" } }))
  end)
end)

describe("rec:all", function()
  it("gives one item per value", function()
    assert.equal("0131103628,0131103709", shows "table.concat(rec:all '020$a', ',')")
  end)
  it("gives an empty table when there is none", function() assert.equal("table\t0", shows "type(rec:all '100'), #rec:all '100'") end)
  it("gives subfields in the order of the record", function()
    assert.equal("Title :,rest /,someone.", shows "table.concat(rec:all '245$c$b$a', ',')")
  end)
  it("with a separator gives one string per field", function()
    assert.equal("History--Sources,Geschichte", shows "table.concat(rec:all('650$a$x', '--'), ',')")
  end)
  it("takes nothing but text as separator", function() lua.has(fails "rec:all('650', 1)", "string expected") end)
end)

describe("rec:values", function()
  it("walks the values", function()
    assert.equal("History\nSources\nGeschichte", lua.seen("for v in rec:values '650$a$x' do print(v) end", BOOK))
  end)
  it("with a separator walks one string per field", function()
    assert.equal("History Sources\nGeschichte", lua.seen("for v in rec:values('650$a$x', ' ') do print(v) end", BOOK))
  end)
  it("ends at once when there is none", function() assert.equal("end", lua.seen("for _ in rec:values '100' do print(1) end print('end')", BOOK)) end)
  it("stays at its end", function()
    assert.equal("x1\nnil\nnil", lua.seen("local f = rec:values '001' print(f()) print(f()) print(f())", BOOK))
  end)
  it("may be nested over one record", function()
    assert.equal("4", lua.seen("local n = 0 for _ in rec:values '020$a' do for _ in rec:values '020$a' do n = n + 1 end end print(n)", BOOK))
  end)
end)

describe("rec:text", function()
  it("joins subfields by a blank and fields by a semicolon", function()
    assert.equal("History Sources; Geschichte", shows "rec:text '650$a$x'")
  end)
  it("takes other separators", function() assert.equal("History--Sources|Geschichte", shows "rec:text('650$a$x', '--', '|')") end)
  it("gives nil when there is none", function() assert.equal("nil", shows "rec:text '100$a'") end)
end)

describe("rec:has, rec:count and rec:number", function()
  it("has says true or false", function() assert.equal("true\tfalse", shows "rec:has '245$a', rec:has '245$z'") end)
  it("count is the number of values", function() assert.equal("3\t2\t0", shows "rec:count '650$a$x', rec:count '650', rec:count '100'") end)
  it("count is #rec:all", function()
    assert.equal("true", lua.seen([[local same = true
      for _, p in ipairs { "...", "245", "650$a$x", "650|*0|", "008/00-05", "LDR/06", "020$a[0]", "100" } do
        same = same and rec:count(p) == #rec:all(p) end print(same)]], BOOK))
  end)
  it("number is an integer or a float", function() assert.equal("42\tinteger\t12.5", shows "rec:number '999$n', math.type(rec:number '999$n'), rec:number '999$d'") end)
  it("number reads characters of a control field", function() assert.equal("2001", shows "rec:number '008/07-10'") end)
  it("number is nil for what is none and for what is missing", function()
    assert.equal("nil\tnil", shows "rec:number '245$a', rec:number '100$a'")
  end)
  it("number is nil for Lua's other spellings of numbers", function()
    for _, text in ipairs { "0x10", "1e5", "inf", "nan", "19uu", "1.", ".5", "+1", "1 2", "" } do
      assert.equal("nil", lua.seen("print(rec:number '500$a')", { { "001", "x" }, { "500", "  ", "a", text } }), text)
    end
  end)
  it("number takes a sign and blanks around", function()
    assert.equal("-7", lua.seen("print(rec:number '500$a')", { { "001", "x" }, { "500", "  ", "a", " -7 " } }))
  end)
end)

describe("rec:match", function()
  it("says whether an expression holds", function()
    assert.equal("true\tfalse", shows [[rec:match '008/35-37 == "eng" and 650$2 == "gnd"', rec:match '#020 > 2']])
  end)
  it("takes bindings", function() assert.equal("true\tfalse", shows [[rec:match('001 == :id', { id = "x1" }), rec:match('001 == :id', { id = "y" })]]) end)
  it("wants every binding", function() lua.has(fails "rec:match('001 == :id', {})", "no string for :id") end)
  it("raises on a wrong expression with column and caret", function()
    local message = fails "rec:match '245$a =='"
    lua.has(message, "expression: ")
    assert.truthy(message:find("%(column %d+%)\n  245%$a ==\n +%^"), message)
  end)
end)

describe("a wrong path", function()
  it("raises with column and caret, at the script's line", function()
    local message = fails "rec:get '245$'"
    assert.truthy(message:find("^path: .+%(column %d+%)\n  245%$\n +%^"), message)
  end)
  it("is not a number", function() lua.has(fails "rec:get(245)", "path expected, got number") end)
  it("is not nil", function() lua.has(fails "rec:get()", "got n") end)
  it("with a TAB says how to write it", function() lua.has(fails [==[rec:get "008/18{LDR/6=\t}"]==], "write the text between [=[ and ]=]") end)
  it("raises each time, not only the first", function()
    assert.equal("false\tfalse", shows "(pcall(rec.get, rec, '245$')), (pcall(rec.get, rec, '245$'))")
  end)
  it("beyond a thousand different ones is warned of once and read all the same", function()
    local result = lua.code({ "--each", "for i = 1, 1500 do assert(rec:get('0' .. '01' .. '/0-' .. i) == rec.id) end" },
      marc.write { { "001", "x1" } })
    assert.equal(0, result.status, result.err)
    local _, count = result.err:gsub("more than 1,000 different paths", "")
    assert.equal(1, count)
  end)
end)

describe("properties", function()
  it("id is the 001", function() assert.equal("x1", shows "rec.id") end)
  it("id is nil without one", function() assert.equal("nil", lua.seen("print(rec.id)", { { "245", "10", "a", "T" } })) end)
  it("type and level are of the leader", function() assert.equal("a\tm", shows "rec.type, rec.level") end)
  it("encoding is that of the leader", function() assert.equal("utf-8", shows "rec.encoding") end)
  it("encoding is marc-8 for the sample in MARC-8", function()
    assert.truthy(mrrc.ok { "run", "--each", "print(rec.encoding)", "fixtures/marc8.mrc" }.out:find("^marc%-8\n"))
  end)
  it("kind tells the five formats", function()
    for type, kind in pairs { a = "bibliographic", z = "authority", u = "holdings", y = "holdings", w = "classification", q = "community" } do
      assert.equal(kind, lua.seen("print(rec.kind)", { leader = "00000n" .. type .. "m a2200000 a 4500", { "001", "x" } }), type)
    end
  end)
  it("errors is empty for a good record", function() assert.equal("0", shows "#rec.errors") end)
  it("errors tells what was repaired", function()
    local bytes = marc.write_broken({ { "001", "x" }, { "245", "10", "a", "T" } }, { base = "00000" })
    local result = lua.code({ "--each", "for _, e in ipairs(rec.errors) do print(e.code, e.severity, e.message) end" }, bytes)
    assert.truthy(result.out:find("^E003\t%a\tbase address of data is wrong\n"), result.out)
  end)
  it("source says file, number, index, offset, length and encoding", function()
    local one, two = marc.write { { "001", "a" } }, marc.write { { "001", "bb" } }
    local first, second = mrrc.file(one .. two, ".mrc"), mrrc.file(two .. one, ".mrc")
    local result = mrrc.ok { "run", "--each", [[local s = rec.source
      print(s.file, s.number, s.index, s.offset, s.length, s.encoding)]], first, second }
    assert.equal(table.concat({
      ("%s\t1\t1\t0\t%d\tutf-8\n"):format(first, #one), ("%s\t2\t2\t%d\t%d\tutf-8\n"):format(first, #one, #two),
      ("%s\t1\t3\t0\t%d\tutf-8\n"):format(second, #two), ("%s\t2\t4\t%d\t%d\tutf-8\n"):format(second, #two, #one),
    }), result.out)
  end)
  it("source counts no bytes between records as records", function()
    local one = marc.write { { "001", "a" } }
    assert.equal("1 0\n2 " .. #one + 2 .. "\n", lua.code({ "--each", "print(rec.source.number .. ' ' .. rec.source.offset)" },
      one .. "\r\n" .. one).out)
  end)
  it("that do not exist are an error with a suggestion", function()
    lua.has(fails "print(rec.sorce)", "unknown record key 'sorce' (did you mean 'source'?)")
  end)
  it("that are like no other are an error without one", function()
    assert.equal("unknown record key 'colour'", fails "print(rec.colour)")
  end)
  it("cannot be assigned, which points to edit", function()
    lua.has(fails "rec.id = 'y'", "record key 'id' cannot be assigned")
    lua.has(fails "rec.id = 'y'", "rec:edit()")
  end)
  it("of an edit say where they are", function()
    lua.has(fails 'rec:remove("9..")', "a record does not change; local e = rec:edit(), then e:remove(…) and return e")
  end)

  it("that do not exist cannot be assigned either", function() lua.has(fails "rec.sorce = 1", "did you mean 'source'?") end)
  it("cannot be numbers", function() lua.has(fails "print(rec[1])", "unknown record key '1'") end)
  it("cannot be reached through the metatable", function() assert.equal("false", shows "getmetatable(rec)") end)
end)

describe("the leader", function()
  it("reads by name", function()
    assert.equal("c a m\t \ta\tI\ti\t ", shows [[rec.leader.status .. " " .. rec.leader.type .. " " .. rec.leader.level,
      rec.leader.control, rec.leader.encoding, rec.leader.encoding_level, rec.leader.form, rec.leader.multipart]])
  end)
  it("has numbers where there are numbers", function()
    local length = #marc.write(BOOK)
    assert.equal(length .. "\t" .. 24 + #BOOK * 12 + 1, shows "rec.leader.length, rec.leader.base")
  end)
  it("reads by position from 0", function() assert.equal("c\ta\t0", shows "rec.leader[5], rec.leader[9], rec.leader[23]") end)
  it("has no position 24", function() lua.has(fails "print(rec.leader[24])", "leader positions are 0 to 23") end)
  it("is text for tostring", function()
    assert.equal(marc.write(BOOK):sub(1, 24), shows "tostring(rec.leader)")
  end)
  it("has no other names, and suggests", function() lua.has(fails "print(rec.leader.staus)", "did you mean 'status'?") end)
  it("cannot be assigned, which says how", function() lua.has(fails "rec.leader.status = 'd'", 'e:set("LDR/05", value)') end)
  it("compares", function() assert.equal("true", shows "rec.leader == rec:keep().leader") end)
end)

describe("a record as a whole", function()
  it("raw is its bytes", function() assert.equal(marc.write(BOOK), lua.seen("io.write(rec:raw())", BOOK)) end)
  it("to marc is ISO 2709", function()
    local got = marc.read(lua.seen("io.write(rec:to 'marc')", BOOK))
    assert.same({ "245", "10", "a", "Title :", "b", "rest /", "c", "someone." }, got[1][5])
  end)
  it("to mrk is text, a field a line", function()
    local text = lua.seen("io.write(rec:to 'mrk')", BOOK)
    lua.has(text, "\n=245  10$aTitle :$brest /$csomeone.\n")
    lua.has(text, "\n=650  \\0$aHistory$xSources\n")
    lua.has(text, "=LDR  ")
  end)
  it("tostring is mrk", function() assert.equal("true", shows "tostring(rec) == rec:to 'mrk'") end)
  it("to something else is an error with a suggestion", function() lua.has(fails "rec:to 'mrc'", "did you mean") end)
  it("table is plain and complete", function()
    assert.equal("245 10 a Title : b rest / c someone.\n8\t24\t001\tx1", lua.seen([[local t = rec:table()
      print(table.concat(t[5], " ")) print(#t, #t.leader, t[1][1], t[1][2])]], BOOK))
  end)
  it("table is what mrrc.record takes", function() assert.equal("true", shows "mrrc.record(rec:table()) == rec") end)
  it("equals another with the same fields, whatever the lengths in the leader", function()
    local a = marc.write_broken({ { "001", "x" }, { "245", "10", "a", "T" } }, {})
    local result = lua.code({ "--each", [[
      local other = mrrc.record { leader = "99999nam a2299999 a 4500", { "001", "x" }, { "245", "10", "a", "T" } }
      print(rec == other)]] }, a)
    assert.equal("true\n", result.out)
  end)
  it("does not equal one with another indicator, order, leader or field", function()
    for _, other in ipairs {
      '{ leader = tostring(rec.leader), { "001", "x" }, { "245", "00", "a", "T" } }',
      '{ leader = tostring(rec.leader), { "245", "10", "a", "T" }, { "001", "x" } }',
      '{ leader = "00000cam a2200000 a 4500", { "001", "x" }, { "245", "10", "a", "T" } }',
      '{ leader = tostring(rec.leader), { "001", "x" } }',
    } do
      assert.equal("false", lua.seen("print(rec == mrrc.record " .. other .. ")", { { "001", "x" }, { "245", "10", "a", "T" } }), other)
    end
  end)
end)

describe("rec:linked", function()
  local record = {
    { "001", "x" }, { "245", "10", "6", "880-01", "a", "Tokyo" }, { "260", "  ", "6", "880-01", "a", "Elsewhere" },
    { "700", "1 ", "6", "880-00", "a", "Unlinked" },
    { "880", "10", "6", "245-01/$1", "a", "東京" }, { "880", "  ", "6", "260-01/$1", "a", "他" }, { "880", "1 ", "6", "700-00/$1", "a", "無" },
  }
  it("finds the 880 by tag and occurrence", function()
    assert.equal("東京", lua.seen("for _, f in ipairs(rec:linked(rec:field '245')) do print(f:get 'a') end", record))
  end)
  it("finds the field that an 880 belongs to", function()
    assert.equal("Elsewhere", lua.seen("print(rec:linked(rec:field('880[1]'))[1]:get 'a')", record))
  end)
  it("takes occurrence 00 for unlinked", function() assert.equal("0", lua.seen("print(#rec:linked(rec:field '700'))", record)) end)
  it("is empty without $6", function() assert.equal("0", shows "#rec:linked(rec:field '245')") end)
end)

describe("rec:linked_pairs", function()
  it("walks a field and the one linked to it", function()
    local record = {
      { "001", "x" }, { "245", "10", "6", "880-01", "a", "Tokyo" }, { "500", "  ", "a", "alone" },
      { "880", "10", "6", "245-01/$1", "a", "東京" },
    }
    assert.equal("Tokyo\t東京", lua.seen("for f, g in rec:linked_pairs '...' do if f.tag ~= '880' then print(f:get 'a', g:get 'a') end end",
      record))
    assert.equal("東京\tTokyo", lua.seen("for f, g in rec:linked_pairs '880' do print(f:get 'a', g:get 'a') end", record))
  end)
  it("leaves out pairs of an edit of which one was dropped meanwhile", function()
    local record = {
      { "001", "x" }, { "700", "1 ", "6", "880-01", "a", "A" }, { "700", "1 ", "6", "880-02", "a", "B" },
      { "880", "1 ", "6", "700-01", "a", "a" }, { "880", "1 ", "6", "700-02", "a", "b" },
    }
    assert.equal("001 700 700 880", marc.tags(lua.edited([[local e, n = rec:edit(), 0
      for f, g in e:linked_pairs "700" do n = n + 1 if n == 1 then e:remove("880[1]") end end
      assert(n == 1) return e]], record)))
  end)
end)

describe("a record after its hook", function()
  local TWO = marc.write({ { "001", "one" } }, { { "001", "two" } })

  local function late(use)
    return lua.run("local old\nreturn { each = function(rec) if old then " .. use .. " end old = old or rec end }", TWO, { "-j", "1" })
  end

  it("raises and says how to keep it", function()
    local result = late "print(old:get '001')"
    assert.equal(3, result.status)
    assert.truthy(result.err:find(".lua:2: record used after its hook; keep it with rec:keep()", 1, true), result.err)
  end)
  it("raises for properties, comparison, tostring and edit, too", function()
    for _, use in ipairs { "print(old.id)", "print(old == rec)", "print(tostring(old))", "old:edit()", "print(old.leader.status)",
      "for f in old:fields() do end", "print(old:raw())", "old:match '001'", "old:keep()" } do
      if use:find("leader") then use = "local l = old.leader print(l)" end
      local result = late(use)
      assert.equal(3, result.status, use)
      lua.has(result.err, "used after its hook")
    end
  end)
  it("raises for a leader taken before", function()
    local result = lua.run("local l\nreturn { each = function(rec) if l then print(l.status) end l = l or rec.leader end }", TWO, { "-j", "1" })
    assert.equal(3, result.status)
    lua.has(result.err, "used after its hook")
  end)
  it("raises for an iterator taken before", function()
    for _, iterator in ipairs { "rec:values '001'", "rec:fields()", "rec:values('001', ' ')" } do
      local result = lua.run("local f\nreturn { each = function(rec) if f then print(f()) end f = f or " .. iterator .. " end }", TWO, { "-j", "1" })
      assert.equal(3, result.status, iterator)
      lua.has(result.err, "used after its hook")
    end
  end)
  it("raises in another hook of the next record, whatever the size of batches", function()
    for _, size in ipairs { "1", "2", "100" } do
      local result = lua.run("local old\nreturn { filter = function(rec) if old then print(old.id) end old = old or rec return true end }",
        TWO, { "-j", "1", "--batch-size", size })
      assert.equal(3, result.status)
    end
  end)
  it("is good between the hooks of one record", function()
    local result = lua.run("local old\nreturn { filter = function(rec) old = rec return true end, each = function() print(old.id) end }", TWO)
    assert.equal(0, result.status)
    assert.equal("one\ntwo\n", result.err)
  end)
  it("that was kept lives on", function()
    local result = lua.run([[local old
      return { each = function(rec) if old then collectgarbage() print(old.id, old:get "001", old.leader.type) end old = rec:keep() end }]],
      marc.write({ { "001", "one" } }, { { "001", "two" } }, { { "001", "three" } }), { "-j", "1", "--batch-size", "1" })
    assert.equal("one\tone\ta\ntwo\ttwo\ta\n", result.out)
  end)
  it("that was kept has fields that live on", function()
    local result = lua.run([[local old
      return { each = function(rec) if old then collectgarbage() print(old:get "a") end
        old = old or rec:keep():field "245" end }]],
      marc.write({ { "001", "one" }, { "245", "10", "a", "T" } }, { { "001", "two" } }), { "-j", "1", "--batch-size", "1" })
    assert.equal("T\n", result.out)
  end)
  it("that was kept equals the original", function() assert.equal("true", shows "rec:keep() == rec") end)
  it("that was kept is its own when kept again", function()
    assert.equal("true", lua.seen("local k = rec:keep() print(rawequal(k, k:keep()))", BOOK))
  end)
end)

describe("methods", function()
  it("called with a dot say what is wrong", function() lua.has(fails "rec.get('245')", "record expected") end)
  it("refuse what is no record", function()
    assert.equal("false\tfalse", shows "pcall(rec.get, {}, '001') and true or false, pcall(rec.get, io.stdin, '001') and true or false")
  end)
end)
