-- mrrc.regex: PCRE2 behind the manners of Lua's string functions.
local lua = require "spec.support.script"

local BOOK = { { "001", "x1" }, { "245", "10", "a", "Café au lait :", "b", "cafés of Paris." } }

local function shows(code) return lua.seen(code, BOOK) end
local function fails(code) return lua.fails(code, BOOK) end

describe("mrrc.regex", function()
  it("tests, in UTF-8", function() assert.equal("true\tfalse", shows "print(mrrc.regex('^.{4}$'):test 'Café', mrrc.regex('^.{4}$'):test 'Cafés')") end)
  it("knows Unicode words and cases", function() assert.equal("Über", shows [[print(mrrc.regex("\\bÜ\\w+", "i"):match "das Über")]]) end)
  it("matches give captures, as string.match", function() assert.equal("2001\t05", shows [[print(mrrc.regex("(\\d{4})-(\\d\\d)"):match "on 2001-05-07")]]) end)
  it("matches give the whole match without captures", function() assert.equal("2001", shows [[print(mrrc.regex("\\d+"):match "on 2001-05-07")]]) end)
  it("matches may begin later, or from the end", function()
    assert.equal("05\t07", shows [[local re = mrrc.regex "\\d+" print(re:match("2001-05-07", 5), re:match("2001-05-07", -2))]])
  end)
  it("gives false for a group that took no part", function() assert.equal("false\tb", shows "print(mrrc.regex('(a)|(b)'):match 'b')") end)
  it("gives nil when nothing matches", function() assert.equal("nil\tnil", shows "print(mrrc.regex('x'):match 'b', mrrc.regex('x'):find 'b')") end)
  it("finds bytes from and to, as string.find, with captures", function() assert.equal("7\t9\tau", shows [[print(mrrc.regex("(au) "):find "Café au lait")]]) end)
  it("finds at the place that string.sub takes", function()
    assert.equal("é", shows [[local t = "Café" print(t:sub(mrrc.regex("é"):find(t)))]])
  end)
  it("is nil for nil, everywhere", function()
    assert.equal("nil\tnil\tnil\tnil\tnil", shows "local re = mrrc.regex 'x' print(mrrc.regex(nil), re:test(nil), re:match(nil), re:find(nil), (re:gsub(nil, 'y')))")
  end)
  it("takes the flags i m s x", function()
    assert.equal("true\ttrue\ttrue\ttrue", shows [[print(mrrc.regex("ABC", "i"):test "xabc", mrrc.regex("^b", "m"):test "a\nb", mrrc.regex("a.b", "s"):test "a\nb",
      mrrc.regex("a b # x", "x"):test "ab")]])
  end)
  it("shows its pattern", function() assert.equal("regex: a|b", shows "print(mrrc.regex 'a|b')") end)
  it("that was made before is the same one", function() assert.equal("true\tfalse", shows "print(mrrc.regex 'a' == mrrc.regex 'a', mrrc.regex 'a' == mrrc.regex('a', 'i'))") end)
  it("searches text that is no UTF-8 without a crash", function()
    assert.equal("true\tx?y\t1", shows [[local re = mrrc.regex "b" print(re:test "a\xff\xc3b", (mrrc.regex("y"):gsub("x?y", "%0")), (select(2, re:gsub("\xc3b\xe9", "c"))))]])
  end)
end)

describe("gsub of a regex", function()
  it("replaces every match and counts", function() assert.equal("b-b\t2", shows "print(mrrc.regex('a+'):gsub('aa-a', 'b'))") end)
  it("knows %0 to %9 and %%", function() assert.equal("[2001].05 100%\t1", shows [[print(mrrc.regex("(\\d{4})-(\\d\\d)"):gsub("2001-05", "[%1].%2 100%%"))]]) end)
  it("takes %1 for the whole match when there is no group", function() assert.equal("<a>b\t1", shows "print(mrrc.regex('a'):gsub('ab', '<%1>'))") end)
  it("takes a function", function() assert.equal("B-AA\t2", shows "print(mrrc.regex('\\\\w+'):gsub('b-aa', function(w) return w:upper() end))") end)
  it("keeps the match when the function gives nil or false", function() assert.equal("a b\t2", shows "print(mrrc.regex('\\\\w'):gsub('a b', function(w) return w == 'b' and nil end))") end)
  it("takes a table", function() assert.equal("one b\t2", shows "print(mrrc.regex('\\\\w'):gsub('a b', { a = 'one' }))") end)
  it("stops after n", function() assert.equal("bba\t2", shows "print(mrrc.regex('a'):gsub('aaa', 'b', 2))") end)
  it("treats empty matches as Lua does", function()
    for _, case in ipairs { { "x*", "abc" }, { "\\w*", "abc" }, { "b*", "abc" }, { "", "é" } } do
      local pattern, text = case[1], case[2]
      local plain = pattern:gsub("\\", "%%")
      if text == "abc" then
        assert.equal(text:gsub(plain, "-"), (shows(("io.write((mrrc.regex(%q):gsub(%q, '-')))"):format(pattern, text))))
      else
        assert.equal("-é-\t2", shows(("print(mrrc.regex(%q):gsub(%q, '-'))"):format(pattern, text)))
      end
    end
  end)
  it("may use itself in its function", function()
    assert.equal("[ab][cd]\t2", shows [[local re = mrrc.regex "(\\w)(\\w)" print(re:gsub("abcd", function(a, b) re:match("xy") return "[" .. a .. b .. "]" end))]])
  end)
  it("is what e:sub takes", function()
    local got = lua.edited("return rec:edit():sub('245$a', mrrc.regex('\\\\s*[:;/]$'), '')", BOOK)
    assert.equal("Café au lait", got[2][4])
  end)
  it("in e:sub reaches every value of the path", function()
    local got = lua.edited("return rec:edit():sub('245$a$b', mrrc.regex('caf(é)', 'i'), 'CAF%1')", BOOK)
    assert.equal("CAFé au lait :", got[2][4])
    assert.equal("CAFés of Paris.", got[2][6])
  end)
end)

describe("a wrong regex", function()
  it("is an error with its column and a caret", function()
    assert.equal("regex: missing closing parenthesis (column 4)\n  a(b\n     ^", fails "mrrc.regex 'a(b'")
  end)
  it("with an unknown flag is one", function() lua.has(fails "mrrc.regex('a', 'g')", "flags are i (any case), m, s and x") end)
  it("with a capture that is not there is one", function() lua.has(fails "mrrc.regex('(a)'):gsub('a', '%2')", "invalid capture index %2") end)
  it("with a lone % in the replacement is one", function() lua.has(fails "mrrc.regex('a'):gsub('a', '%')", "invalid use of '%'") end)
  it("with a replacement of another kind is one", function() lua.has(fails "mrrc.regex('a'):gsub('a', function() return {} end)", "invalid replacement value (a table)") end)
  it("that runs wild ends with an error instead of no", function()
    lua.has(fails "mrrc.regex('^(a+)+$'):test(('a'):rep(60) .. 'b')", "too many steps")
  end)
  it("called with a dot says what it wants", function() lua.has(fails "mrrc.regex('a').test('a')", "regex expected, got string") end)
end)
