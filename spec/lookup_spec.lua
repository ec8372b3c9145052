-- mrrc.lookup: a table in a file, found by a column.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local BOOK = marc.write { { "001", "x1" }, { "852", "  ", "b", "MAIN" } }

local function run(bytes, code, options)
  local path = mrrc.file(bytes, ".csv")
  local text = ("local t = mrrc.lookup{path = %q, key = 'code', %s}\nreturn { each = function(rec) %s end }"):format(path, options or "", code)
  return lua.run(text, BOOK), path
end

local function shows(bytes, code, options)
  local result = run(bytes, code, options)
  assert.equal(0, result.status, result.err)
  return (result.out:gsub("\n$", ""))
end

local function refused(bytes, options)
  local result, path = run(bytes, "", options)
  assert.equal(2, result.status, result.err)
  return (result.err:gsub(path:gsub("%p", "%%%0"), "FILE"))
end

local BRANCHES = "code,name,town\nMAIN,Main library,Leeds\nSCI,\"Science, the \"\"new\"\" one\",York\n"

describe("mrrc.lookup", function()
  it("gives a column", function() assert.equal("Main library\tnil", shows(BRANCHES, "print(t:get(rec:get '852$b'), t:get 'X')", "value = 'name'")) end)
  it("reads quotes as RFC 4180 says", function() assert.equal('Science, the "new" one', shows(BRANCHES, "print(t:get 'SCI')", "value = 'name'")) end)
  it("reads line ends within quotes, and both kinds outside", function()
    assert.equal("a\nb|c|3", shows('code,name\r\n1,"a\nb"\r\n\r\n2,c\n3,', "print(t:get '1' .. '|' .. t:get '2' .. '|' .. t:count())", "value = 'name'"))
  end)
  it("skips a byte order mark", function() assert.equal("b", shows("\239\187\191code,v\na,b\n", "print(t:get 'a')", "value = 'v'")) end)
  it("takes another separator", function() assert.equal("b", shows("code\tv\na\tb\n", "print(t:get 'a')", "value = 'v', sep = '\\t'")) end)
  it("gives rows without value", function()
    assert.equal("Main library, Leeds code name town", shows(BRANCHES, "local r = t:get 'MAIN' local n = {} for k in pairs(r) do n[#n + 1] = k end "
      .. "print(r.name .. ', ' .. r.town .. ' ' .. table.concat(n, ' '))"))
  end)
  it("gives rows that cannot be written and know their columns", function()
    local out = shows(BRANCHES, "local r = t:get 'MAIN' print(pcall(function() r.name = 'x' end)) print(pcall(function() return r.nam end)) print(r.name)")
    lua.has(out, "rows of a lookup are read only")
    lua.has(out, "the row has no column 'nam'")
    lua.has(out, "\nMain library")
  end)
  it("folds keys when told", function() assert.equal("1\t1", shows("code,v\nÉcole,1\n", "print(t:get 'ÉCOLE', t:get 'e\204\129cole')", "value = 'v', fold = true")) end)
  it("does not fold unless told", function() assert.equal("nil", shows("code,v\nA,1\n", "print(t:get 'a')", "value = 'v'")) end)
  it("takes numbers as keys, and nil for nil", function() assert.equal("x\tnil", shows("code,v\n7,x\n", "print(t:get(7), t:get(nil))", "value = 'v'")) end)
  it("gives arrays with multi, a new one each time", function()
    assert.equal("1,2 1,2 nil", shows("code,v\na,1\nb,9\na,2\n", "local l = t:get 'a' l[3] = 'x' print(table.concat({ l[1], l[2] }, ',') .. ' ' .. "
      .. "table.concat(t:get 'a', ',') .. ' ' .. tostring(t:get 'c'))", "value = 'v', multi = true"))
  end)
  it("is the same in every thread", function()
    local path, input = mrrc.file(BRANCHES, ".csv"), {}
    for i = 1, 300 do input[i] = marc.write { { "001", tostring(i) }, { "852", "  ", "b", i % 2 == 0 and "MAIN" or "SCI" } } end
    local text = ("local t = mrrc.lookup{path = %q, key = 'code', value = 'town'}\nreturn { each = function(rec) print(t:get(rec:get '852$b')) end }"):format(path)
    local one, four = lua.run(text, table.concat(input), { "-j", "1" }), lua.run(text, table.concat(input), { "-j", "4", "--batch-size", "7" })
    assert.equal(one.out, four.out)
    assert.equal(("York\nLeeds\n"):rep(150), one.out)
  end)
end)

describe("a lookup that cannot be right is refused when the script loads:", function()
  it("a key twice, with both lines", function()
    lua.has(refused('code,v\na,1\nb,"2\n2"\na,3\n', "value = 'v'"), "mrrc.lookup: FILE: the key 'a' stands in line 2 and in line 5; multi = true allows that")
  end)
  it("a key twice after folding", function() lua.has(refused("code,v\na,1\nA,3\n", "value = 'v', fold = true"), "'A' stands in line 2 and in line 3") end)
  it("a row of another length", function() lua.has(refused("code,v\na,1\nb\n"), "line 3 has 1 cells, the header has 2") end)
  it("a quote without an end, with the line it begins in", function() lua.has(refused('code,v\na,1\nb,"2\n\n'), "FILE: line 3: the quote has no end") end)
  it("text behind a quote", function() lua.has(refused('code,v\na,"1"2\n'), "line 2: text behind the closing quote") end)
  it("an unknown column", function() lua.has(refused(BRANCHES, "value = 'nam'"), "FILE has no column 'nam'; it has: code, name, town") end)
  it("a column twice", function() lua.has(refused("code,v,v\n"), "has two columns 'v'") end)
  it("an empty file", function() lua.has(refused(""), "has no column 'code'") end)
  it("a file that is not there", function()
    local result = lua.run("mrrc.lookup{path = '/nonexistent/x.csv', key = 'a'} return function() end", BOOK)
    assert.equal(2, result.status)
    lua.has(result.err, "/nonexistent/x.csv: No such file or directory")
  end)
  it("an unknown option", function() lua.has(refused(BRANCHES, "keys = 'x'"), "mrrc.lookup has no option 'keys'") end)
  it("an option of the wrong type", function() lua.has(refused(BRANCHES, "fold = 1"), "fold must be a boolean, not a number") end)
  it("a separator of two characters", function() lua.has(refused(BRANCHES, "sep = ';;'"), "sep must be one ASCII character") end)
end)
