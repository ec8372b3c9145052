-- Declared results: what hooks add, what finish reads, the files they become, and that threads change nothing.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local function book(id, ...) return marc.write { { "001", id }, { "245", "10", "a", "Title of " .. id }, ... } end

local THREE = book("one", { "650", " 0", "a", "x" }) .. book("two", { "650", " 0", "a", "y" }, { "650", " 0", "a", "x" }) .. book("three")

-- declare; hook works on rec; finish has agg and out
local function run(declare, hook, finish, words, input)
  return lua.run(("%s\nreturn { each = function(rec) %s end, finish = function(agg, out, ctx) %s end }"):format(declare, hook, finish),
    input or THREE, words)
end

local function printed(declare, hook, finish)
  local result = run(declare, hook, finish)
  assert.equal("", result.status == 0 and "" or result.err)
  return (result.out:gsub("\n$", ""))
end

local function stopped(status, words, declare, hook, finish)
  local result = run(declare, hook or "", finish or "")
  assert.equal(status, result.status)
  lua.has(result.err, words)
end

local COUNTER, SUM = "local c = mrrc.counter 'c'", "local s = mrrc.sum 's'"

describe("a counter", function()
  it("counts keys", function()
    assert.equal("2\t1\t0", printed(COUNTER, "for v in rec:values '650$a' do c:add(v) end", "print(agg.c:get 'x', agg.c:get 'y', agg.c:get 'z')"))
  end)
  it("adds n at once", function() assert.equal("15", printed(COUNTER, "c:addn(5, 'k')", "print(agg.c:get 'k')")) end)
  it("has a total", function() assert.equal("3", printed(COUNTER, "c:add(rec.id)", "print(agg.c:total())")) end)
  it("adds nothing for nil", function() assert.equal("0", printed(COUNTER, "c:add(nil) c:addn(nil, 'k') c:addn(2, nil)", "print(agg.c:total())")) end)
  it("gives rows sorted by key", function()
    assert.equal("one 1\nthree 1\ntwo 1", printed(COUNTER, "c:add(rec.id)", "for _, r in ipairs(agg.c:rows()) do print(r[1] .. ' ' .. r[2]) end"))
  end)
  it("gives the top by count, then key", function()
    assert.equal("b 6\na 3\nc 3", printed(COUNTER, "c:add 'c' c:addn(2, 'b') c:add 'a' c:addn(0, 'z')",
      "for _, r in ipairs(agg.c:top(3)) do print(r.key .. ' ' .. r.count) end"))
  end)
  it("takes numbers as keys, and 2.0 is 2", function() assert.equal("6", printed(COUNTER, "c:add(2) c:add(2.0)", "print(agg.c:get '2')")) end)
  it("takes any bytes as key", function() assert.equal("3", printed(COUNTER, "c:add 'a\\0\\255'", "print(agg.c:get 'a\\0\\255')")) end)
  it("refuses a table as key", function() stopped(3, "string, number or nil", COUNTER, "c:add {}") end)
  it("refuses a fraction as number", function() stopped(3, "a counter counts in integers", COUNTER, "c:addn(1.5, 'k')") end)
  it("refuses addn with its arguments the wrong way round", function() stopped(3, "the number comes first: addn(n, key)", COUNTER, "c:addn('k', 2)") end)
end)

describe("a sum", function()
  it("has n, sum, min, max and mean", function()
    assert.equal("3\t11\t3\t5\t3.6666666666667", printed(SUM, "s:add(#rec.id)", "print(agg.s.n, agg.s.sum, agg.s.min, agg.s.max, agg.s.mean)"))
  end)
  it("of integers is an integer", function() assert.equal("integer", printed(SUM, "s:add(1)", "print(math.type(agg.s.sum))")) end)
  it("of floats is exact, whatever the order", function()
    assert.equal("2.0", printed(SUM, "if rec.id == 'one' then s:add(1e100) s:add(1.0) s:add(-1e100) s:add(1.0) end", "print(agg.s.sum)"))
  end)
  it("adds nothing for nil", function() assert.equal("0", printed(SUM, "s:add(rec:number '999')", "print(agg.s.n)")) end)
  it("of nothing has no mean", function() assert.equal("0\tnil\tnil\tnil", printed(SUM, "", "print(agg.s.n, agg.s.min, agg.s.max, agg.s.mean)")) end)
  it("refuses text and says what makes a number of it", function() stopped(3, "tonumber and rec:number make one", SUM, "s:add(rec.id)") end)
end)

describe("a table", function()
  local folder

  local function file(name) return mrrc.read(folder .. "/" .. name) end

  local function table_of(options, hook, name, finish)
    folder = mrrc.folder()
    local result = run(("local t = mrrc.table { name = 't', %s }"):format((options:gsub("DIR", folder))), hook, finish or "")
    assert.equal("", result.status == 0 and "" or result.err)
    return file(name)
  end

  local columns = "columns = { 'id', 'title' }, "

  it("is CSV with a header and CRLF or LF line ends throughout", function()
    local text = table_of(columns .. "path = 'DIR/t.csv'", "t:row { id = rec.id, title = rec:get '245$a' }", "t.csv")
    assert.equal("id,title\none,Title of one\ntwo,Title of two\nthree,Title of three\n", (text:gsub("\r\n", "\n")))
    local _, crlf = text:gsub("\r\n", "")
    assert.is_true(crlf == 0 or crlf == 4)
  end)
  it("quotes what CSV needs quoted", function()
    local text = table_of(columns .. "path = 'DIR/t.csv'", "if rec.id == 'one' then t:row { id = 'a,b', title = 'say \"x\"' } end", "t.csv")
    assert.equal('id,title\n"a,b","say ""x"""\n', (text:gsub("\r\n", "\n")))
  end)
  it("is TSV by suffix, in which tabs and line ends become blanks", function()
    assert.equal("id\ttitle\na b\tc d\n", table_of(columns .. "path = 'DIR/t.tsv'", "if rec.id == 'one' then t:row { id = 'a\\tb', title = 'c\\nd' } end", "t.tsv"))
  end)
  it("is JSON lines by suffix", function()
    assert.equal('{"id":"one","title":["a","b"]}\n', (table_of(columns .. "path = 'DIR/t.jsonl'",
      "if rec.id == 'one' then t:row { id = rec.id, title = { 'a', 'b' } } end", "t.jsonl"):gsub(": ", ":"):gsub(", ", ",")))
  end)
  it("is what format says, whatever the suffix", function()
    assert.equal("id\ttitle\n", table_of(columns .. "path = 'DIR/t.txt', format = 'tsv'", "", "t.txt"))
  end)
  it("has an empty cell for nil, null in JSON", function()
    assert.equal("id,title\n,x\n", (table_of(columns .. "path = 'DIR/t.csv'", "if rec.id == 'one' then t:row { title = 'x' } end", "t.csv"):gsub("\r", "")))
    lua.has(table_of(columns .. "path = 'DIR/t.jsonl'", "if rec.id == 'one' then t:row { title = 'x' } end", "t.jsonl"), "null")
  end)
  it("joins an array with list", function()
    assert.equal("id,title\none,a; b\n", (table_of(columns .. "path = 'DIR/t.csv'", "if rec.id == 'one' then t:row { id = rec.id, title = { 'a', 'b' } } end", "t.csv"):gsub("\r", "")))
    assert.equal("id,title\none,a|b\n", (table_of(columns .. "list = '|', path = 'DIR/t.csv'", "if rec.id == 'one' then t:row { id = rec.id, title = { 'a', 'b' } } end", "t.csv"):gsub("\r", "")))
  end)
  it("takes another delimiter", function() assert.equal("id;title\n", (table_of(columns .. "delimiter = ';', path = 'DIR/t.csv'", "", "t.csv"):gsub("\r", ""))) end)
  it("begins with a byte order mark when told", function() assert.equal("\239\187\191id,title", table_of(columns .. "bom = true, path = 'DIR/t.csv'", "", "t.csv"):sub(1, 11)) end)
  it("without rows is a header", function() assert.equal("id,title\n", (table_of(columns .. "path = 'DIR/t.csv'", "", "t.csv"):gsub("\r", ""))) end)
  it("counts its rows", function()
    folder = mrrc.folder()
    assert.equal("3", printed("local t = mrrc.table { name = 't', columns = { 'id' }, path = '" .. folder .. "/t.csv' }", "t:row { id = rec.id }", "print(agg.t:count())"))
  end)
  it("keeps numbers and booleans", function()
    assert.equal('{"id":1.5,"title":true}\n', (table_of(columns .. "path = 'DIR/t.jsonl'", "if rec.id == 'one' then t:row { id = 1.5, title = true } end", "t.jsonl"):gsub(": ", ":"):gsub(", ", ",")))
  end)
  it("refuses an unknown column with a suggestion and the line", function()
    stopped(3, "no column 'titel' (did you mean 'title'?)", "local t = mrrc.table { name = 't', columns = { 'id', 'title' }, path = '/tmp/unused.csv' }", "t:row { titel = 1 }")
  end)
  it("refuses a cell that is a record", function()
    stopped(3, "column 'id' cannot hold a record", "local t = mrrc.table { name = 't', columns = { 'id' }, path = '/tmp/unused.csv' }", "t:row { id = rec }")
  end)
  it("refuses a row without names", function()
    stopped(3, "a row names its columns", "local t = mrrc.table { name = 't', columns = { 'id' }, path = '/tmp/unused.csv' }", "t:row { 'x' }")
  end)
  it("refuses unknown options with a suggestion", function() stopped(2, "did you mean 'columns'?", "mrrc.table { name = 't', colums = { 'a' } }") end)
  it("refuses no columns and the same column twice", function()
    stopped(2, "columns must be an array", "mrrc.table { name = 't' }")
    stopped(2, "must not name a column twice", "mrrc.table { name = 't', columns = { 'a', 'a' } }")
  end)
  it("refuses an unknown format", function() stopped(2, 'format is "csv", "tsv" or "jsonl"', "mrrc.table { name = 't', columns = { 'a' }, format = 'xlsx' }") end)
  it("fills -a NAME into its path", function()
    local at = mrrc.folder()
    local result = run("local t = mrrc.table { name = 't', columns = { 'id' }, path = '{args.dir}/{args.name}.csv' }", "t:row { id = rec.id }", "",
      { "-a", "dir=" .. at, "-a", "name=out" })
    assert.equal(0, result.status, result.err)
    assert.same({ "out.csv" }, mrrc.list(at))
  end)
end)

describe("an output", function()
  it("writes records to its file, in record order", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/o.mrc' }", "if rec.id ~= 'two' then o:write(rec) end", "print(agg.o:count())")
    assert.equal("2\n", result.out)
    assert.equal("one three", lua.ids(mrrc.read(at .. "/o.mrc")))
  end)
  it("writes untouched records byte for byte", function()
    local at, books = mrrc.folder(), mrrc.read("fixtures/books.mrc")
    run("local o = mrrc.output { name = 'o', path = '" .. at .. "/o.mrc' }", "o:write(rec)", "", nil, books)
    assert.equal(books, mrrc.read(at .. "/o.mrc"))
  end)
  it("makes a file for every key", function()
    local at = mrrc.folder()
    run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc' }", "o:write(rec, rec:get('650$a', 'none'))", "")
    assert.same({ "none.mrc", "x.mrc", "y.mrc" }, mrrc.list(at))
    assert.equal("two", lua.ids(mrrc.read(at .. "/y.mrc")))
  end)
  it("makes keys safe for file names", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc' }",
      "o:write(rec, ({ one = '../a/b', two = '.hidden', three = 'tab\\there' })[rec.id])", "")
    assert.equal(0, result.status, result.err)
    local names = mrrc.list(at)
    assert.equal(3, #names)
    for _, name in ipairs(names) do assert.truthy(name:find("^_") or name:find("^tab_here"), name) end
  end)
  it("has the key _none for no key", function()
    local at = mrrc.folder()
    run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc' }", "o:write(rec, nil)", "")
    assert.same({ "_none.mrc" }, mrrc.list(at))
  end)
  it("refuses two keys that give one name", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc' }", "o:write(rec, rec.id == 'one' and 'a/b' or 'a_b')", "")
    assert.equal(3, result.status)
    lua.has(result.err, "two keys or two declarations give one file name")
    assert.same({}, mrrc.list(at))
  end)
  it("takes an edit, which is then settled", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/o.mrc' }", "o:write(rec:edit():set('001', rec.id .. '+'))", "")
    assert.equal(0, result.status, result.err)
    assert.equal("one+ two+ three+", lua.ids(mrrc.read(at .. "/o.mrc")))
  end)
  it("adds nothing for nil", function()
    local at = mrrc.folder()
    assert.equal("0", printed("local o = mrrc.output { name = 'o', path = '" .. at .. "/o.mrc' }", "o:write(nil)", "print(agg.o:count())"))
  end)
  it("writes more files than may be open", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc', max_open = 3 }", "o:write(rec, tonumber(rec.id:sub(2)) % 20)", "",
      nil, marc.books(200))
    assert.equal(0, result.status, result.err)
    assert.equal(20, #mrrc.list(at))
    assert.equal(10, #marc.read(mrrc.read(at .. "/7.mrc")))
  end)
  it("leaves no file when the run is stopped", function()
    local at = mrrc.folder()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. at .. "/{key}.mrc' }", "o:write(rec, rec.id) if rec.id == 'three' then error 'no' end", "")
    assert.equal(3, result.status)
    assert.same({}, mrrc.list(at))
  end)
  it("refuses a folder that does not exist with status 4", function()
    local result = run("local o = mrrc.output { name = 'o', path = '" .. mrrc.folder() .. "/no/o.mrc' }", "o:write(rec)", "")
    assert.equal(4, result.status)
    lua.has(result.err, "No such file")
  end)
  it("refuses to write over an input", function()
    local input = mrrc.file(THREE, ".mrc")
    local script = mrrc.script("local o = mrrc.output { name = 'o', path = '" .. input .. "' } return { each = function(rec) o:write(rec) end }")
    local result = mrrc.run { "run", script, input }
    assert.truthy(result.status == 2 or result.status == 3)
    lua.has(result.err, "input")
    assert.equal(THREE, mrrc.read(input))
  end)
  it("refuses a key without {key} in its path", function()
    stopped(3, "there is no {key} in its path", "local o = mrrc.output { name = 'o', path = '/tmp/unused.mrc' }", "o:write(rec, 'k')")
  end)
  it("refuses what is no record", function() stopped(3, "record expected", "local o = mrrc.output { name = 'o', path = '/tmp/unused.mrc' }", "o:write('x')") end)
  it("refuses to have no path", function() stopped(2, "path is missing", "mrrc.output { name = 'o' }") end)
  it("refuses other braces in its path", function() stopped(2, "takes {key}, {part}, {parts} and {args.NAME} in braces", "mrrc.output { name = 'o', path = 'x{id}' }") end)
  it("refuses an argument that was not given", function() stopped(2, "{args.dir}", "mrrc.output { name = 'o', path = '{args.dir}/x' }", nil) end)
end)

describe("a reducer", function()
  local LONGEST = [[local r = mrrc.reducer { name = "r", init = function() return { n = 0, words = {} } end,
    add = function(acc, v) acc.n = acc.n + 1 acc.words[#acc.words + 1] = v return acc end,
    merge = function(a, b) a.n = a.n + b.n for _, w in ipairs(b.words) do a.words[#a.words + 1] = w end return a end }]]

  it("adds and merges with the script's functions, in record order", function()
    assert.equal("3\tone two three", printed(LONGEST, "r:add(rec.id)", "local v = agg.r:value() print(v.n, table.concat(v.words, ' '))"))
  end)
  it("merges batches in order for every number of threads #threads", function()
    local function with(...)
      local result = run(LONGEST, "r:add(rec.id)", "local v = agg.r:value() print(v.n, table.concat(v.words, ' '))", { ... }, marc.books(120))
      assert.equal(0, result.status, result.err)
      return result.out
    end
    local one = with("-j", "1")
    assert.equal("120\tb000001 b000002 ", one:sub(1, 20))
    assert.is_true(one == with("-j", "4", "--batch-size", "7"))
  end)
  it("is its fresh accumulator when nothing was added", function() assert.equal("0", printed(LONGEST, "", "print(agg.r:value().n)")) end)
  it("adds nothing for nil", function() assert.equal("0", printed(LONGEST, "r:add(nil)", "print(agg.r:value().n)")) end)
  it("refuses a value that cannot travel between states", function()
    stopped(3, "reducer 'r'", [[local r = mrrc.reducer { name = "r", init = function() return {} end, add = function(a, v) a[1] = v return a end,
      merge = function(a) return a end }]], "r:add(print)")
  end)
  it("refuses to lack a function", function() stopped(2, "merge must be a function", "mrrc.reducer { name = 'r', init = function() return 0 end, add = function(a) return a end }") end)
  it("tells where its add failed", function()
    local result = run("local r = mrrc.reducer { name = 'r', init = function() return 0 end,\n add = function(a, v) return a + v end, merge = function(a, b) return a + b end }",
      "r:add('word')", "")
    assert.equal(3, result.status)
    lua.has(result.err, ".lua:2: ")
  end)
end)

describe("declarations", function()
  it("need a name", function() stopped(2, "a result needs a name", "mrrc.counter ''") end)
  it("need a name that is free", function() stopped(2, "there is a counter named 'c' already", COUNTER .. " mrrc.sum 'c'") end)
  it("belong at the top of the script", function() stopped(3, "declare results at the top of the script", "", "mrrc.counter 'late'") end)
  it("cannot be assigned to", function() stopped(3, "a result has no fields to set", COUNTER, "c.x = 1") end)
  it("suggest the right method", function() stopped(3, "did you mean 'add'?", COUNTER, "c:ad('k')") end)
  it("say that finish reads, hooks add", function()
    stopped(3, "works in finish, on agg.NAME", COUNTER, "c:total()")
    stopped(3, "in finish results are only read", COUNTER, "", "c:add('k')")
    stopped(3, "in finish results are only read", COUNTER, "", "agg.c:add('k')")
  end)
  it("are refused while the script loads", function() stopped(2, "the script is still loading", COUNTER .. " c:add('k')") end)
  it("show themselves with tostring", function() assert.equal("counter 'c'", printed(COUNTER, "if rec.id == 'one' then print(c) end", "")) end)
end)

describe("finish", function()
  it("asks for a result by name, and a wrong one suggests", function()
    stopped(3, "no result named 'cc' was declared (did you mean 'c'?)", COUNTER, "", "print(agg.cc)")
  end)
  it("cannot write results", function() stopped(3, "results are only read in finish", COUNTER, "", "agg.other = 1") end)
  it("writes with out, printf and print where print goes", function()
    assert.equal("a  7\nb", printed(COUNTER, "", "out:write('a'):printf('%3d\\n', 7) print('b')"))
  end)
  it("writes to standard error when records go to standard output", function()
    local result = lua.run("return { filter = function() return true end, finish = function(agg, out) out:write('end\\n') end }", THREE)
    assert.equal(THREE, result.out)
    assert.equal("end\n", result.err)
  end)
end)

describe("--agg-out", function()
  it("saves every result as JSON", function()
    local out = mrrc.folder() .. "/agg.json"
    local result = run([[local c, s = mrrc.counter "c", mrrc.sum "s"
      local r = mrrc.reducer { name = "r", init = function() return { n = 0 } end, add = function(a, v) a.n = a.n + v return a end, merge = function(a, b) a.n = a.n + b.n return a end }
      local t = mrrc.table { name = "t", columns = { "id" } } ]], "c:add(rec.id) s:add(2) r:add(1) ", "", { "--agg-out", out })
    assert.equal(0, result.status, result.err)
    local text = mrrc.read(out):gsub("%s+", "")
    for _, part in ipairs { '"c":{"kind":"counter","total":3,"rows":[', '{"key":"one","count":1}', '"s":{"kind":"sum","n":3,"sum":6,"min":2,"max":2,"mean":2',
      '"r":{"kind":"reducer","value":{"n":3}}', '"t":{"kind":"table","count":0}' } do
      lua.has(text, part)
    end
  end)
  it("is an empty object without declarations", function()
    local out = mrrc.folder() .. "/agg.json"
    lua.run("return { each = function() end }", THREE, { "--agg-out", out })
    assert.equal("{}", (mrrc.read(out):gsub("%s+", "")))
  end)
  it("leaves no file when the run is stopped", function()
    local out = mrrc.folder() .. "/agg.json"
    assert.equal(3, run(COUNTER, "error 'no'", "", { "--agg-out", out }).status)
    assert.is_false(mrrc.exists(out))
  end)
  it("may not be an input", function()
    local input = mrrc.file(THREE, ".mrc")
    local result = mrrc.run { "run", "--each", "local x = rec.id", "--agg-out", input, input }
    assert.equal(2, result.status)
    assert.equal(THREE, mrrc.read(input))
  end)
end)

describe("results", function()
  it("are the same for every number of threads and size of batches #threads", function()
    local input = mrrc.file(marc.books(300), ".mrc")
    local script = mrrc.script [[
      local c, s = mrrc.counter "c", mrrc.sum "s"
      local t = mrrc.table { name = "t", columns = { "id", "title" }, path = "{args.dir}/t.csv" }
      local o = mrrc.output { name = "o", path = "{args.dir}/{key}.mrc" }
      return {
        each = function(rec)
          c:add(rec:get "650$a") s:add(1 / #rec:get "245$a") s:add(rec:number "008/07-10")
          t:row { id = rec.id, title = rec:get "245$a" } o:write(rec, rec:get "852$b")
        end,
        finish = function(agg)
          for _, r in ipairs(agg.c:top(5)) do print(r.key, r.count) end
          print(("%a"):format(agg.s.sum), agg.s.n, agg.s.min, agg.s.max, agg.t:count(), agg.o:count())
        end,
      }]]
    local function with(threads, batch)
      local dir = mrrc.folder()
      local result = mrrc.ok { "run", script, input, "-j", threads, "--batch-size", batch, "-a", "dir=" .. dir, "--agg-out", dir .. "/agg.json" }
      local all = { result.out, result.err }
      for _, name in ipairs(mrrc.list(dir)) do all[#all + 1] = name .. "\0" .. mrrc.read(dir .. "/" .. name) end
      return table.concat(all, "\0")
    end
    local one = with("1", "1000")
    assert.is_true(#one > 60000)
    for _, shape in ipairs { { "1", "1" }, { "2", "7" }, { "6", "1" }, { "3", "60" } } do
      assert.is_true(one == with(shape[1], shape[2]), table.concat(shape, " "))
    end
  end)
end)
