-- mrrc.mrk: records from text in the mnemonic form.
local lua = require "spec.support.script"

local BOOK = { { "001", "x1" }, { "245", "10", "a", "Price {5$} of \\ things", "b", "more" }, { "650", " 0", "a", "" } }

local function shows(code) return lua.seen(code, BOOK) end
-- %q writes a line end as a backslash and a line end; the message names one line of code
local function fails(text) return lua.fails("mrrc.mrk(" .. ("%q"):format(text):gsub("\\\n", "\\n") .. ")", BOOK) end

describe("mrrc.mrk", function()
  it("gives an array of records", function()
    assert.equal("2\ta1\tb1", shows [[local t = mrrc.mrk "=001  a1\n\n=001  b1\n" print(#t, t[1].id, t[2].id)]])
  end)
  it("reads what tostring writes, whatever stands in it", function()
    assert.equal("true", shows "print(mrrc.mrk(tostring(rec))[1] == rec)")
  end)
  it("reads several of them", function() assert.equal("3", shows "print(#mrrc.mrk(tostring(rec):rep(3)))") end)
  it("begins a record at a leader, too", function() assert.equal("2", shows [[print(#mrrc.mrk "=LDR  00000nam a2200000 a 4500\n=001  a\n=LDR  00000nam a2200000 a 4500\n=001  b")]]) end)
  it("takes the leader but for its lengths, which are computed", function()
    assert.equal("00026cas a2200025 i 4500", shows [[print(mrrc.record(mrrc.mrk("=LDR  99999cas\\a2299999\\i\\4500")[1]:table()):raw():sub(1, 24))]])
  end)
  it("gives a default leader", function() assert.equal("n\ta\tm", shows [[local l = mrrc.mrk("=001  a")[1].leader print(l.status, l.type, l.level)]]) end)
  it("reads blanks in control fields and indicators", function()
    assert.equal("a b|  | 1", shows [[local r = mrrc.mrk "=003  a\\b\n=650  \\\\$ax\n=651  #1$ay"[1] local f, g = r:field "650", r:field "651"
      print(r:get "003" .. "|" .. f.ind1 .. f.ind2 .. "|" .. g.ind1 .. g.ind2)]])
  end)
  it("reads the mnemonics", function() assert.equal([[a$b{c}d\e]], shows [[print(mrrc.mrk "=500  ##$aa{dollar}b{lcub}c{rcub}d{bsol}e"[1]:get "500$a")]]) end)
  it("takes UTF-8, blanks in front of lines, and CRLF", function()
    assert.equal("été|x", shows [[local r = mrrc.mrk "\r\n  =001  x\r\n\t=245  00$aété\r\n"[1] print(r:get "245$a" .. "|" .. r.id)]])
  end)
  it("gives records that a transform may return", function()
    local all = lua.records("return function(rec) return mrrc.mrk '=001  new\\n=245  00$aT' end", require("spec.support.iso2709").write(BOOK))
    assert.equal("new", all[1][1][2])
    assert.equal("T", all[1][2][4])
  end)
  it("gives no records for no text, and nil for nil", function() assert.equal("0\tnil", shows [[print(#mrrc.mrk "\n \n", mrrc.mrk(nil))]]) end)
end)

describe("wrong mrk names line and column:", function()
  it("a line without =", function() assert.equal("mrk line 2, column 1: a line begins with = and a tag", fails "=001  x\nfoo\n") end)
  it("a bad tag", function() lua.has(fails "=2 5  10$ax", "mrk line 1, column 2: a tag of three letters or digits") end)
  it("a tag cut short", function() lua.has(fails "=24", "mrk line 1, column 2: a tag of three letters or digits") end)
  it("one blank behind the tag", function() lua.has(fails "=245 10$ax", "mrk line 1, column 6: two blanks expected") end)
  it("one indicator", function() lua.has(fails "=245  1$ax", "mrk line 1, column 8: two indicators expected") end)
  it("no subfield", function() lua.has(fails "=245  10text", "mrk line 1, column 9: a subfield expected") end)
  it("a $ without a code", function() lua.has(fails "=245  10$aété$", "mrk line 1, column 15: a subfield code expected") end)
  it("an unknown mnemonic", function() lua.has(fails "=001  x\n\n=245  10$acaf{eacute}", "mrk line 3, column 14: unknown mnemonic") end)
  it("a delimiter", function() lua.has(fails "=245  10$aa\31b", "mrk line 1, column 12: a delimiter of ISO 2709") end)
  it("a leader of another length", function() lua.has(fails "=LDR  00000nam", "mrk line 1, column 7: a leader of 24 characters expected") end)
end)
