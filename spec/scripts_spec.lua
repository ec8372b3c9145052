-- The ready scripts: each does what its first lines promise, on small records made here and on the fixtures.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local BOOKS, VENDOR = "fixtures/books.mrc", "fixtures/vendor_load.mrc"

-- scripts/NAME.lua over records; options are a list of NAME=VALUE
local function run(name, input, options, more)
  local words = { "run", "scripts/" .. name .. ".lua", stdin = input }
  for _, option in ipairs(options or {}) do
    words[#words + 1] = "-a"
    words[#words + 1] = option
  end
  for _, word in ipairs(more or {}) do words[#words + 1] = word end
  words[#words + 1] = "-"
  return mrrc.run(words)
end

local function transformed(name, record, options)
  local result = run(name, marc.write(record), options)
  assert.equal("", result.status == 0 and "" or result.err)
  return marc.read(result.out)[1]
end

local function ids(bytes)
  local found = {}
  for i, record in ipairs(marc.read(bytes)) do found[i] = marc.get(record, "001") end
  return table.concat(found, " ")
end

local function book(fields)
  local record = {
    leader = fields.leader,
    { "001", fields.id or "x1" },
    { "008", marc.field008(fields.year or "2010", fields.language or "eng") },
  }
  for _, field in ipairs(fields) do record[#record + 1] = field end
  return record
end

-- status is that of the script's run, output and errors do not depend on threads or the size of batches
local function same_for_any_threads(name, file, options)
  local words = { "run", "scripts/" .. name .. ".lua" }
  for _, option in ipairs(options or {}) do
    words[#words + 1] = "-a"
    words[#words + 1] = option
  end
  local function with(threads, batch)
    local all = { "-j", threads, "--batch-size", batch, file }
    return mrrc.run(table.move(all, 1, #all, #words + 1, { table.unpack(words) }))
  end
  local one = with("1", "1000")
  for _, shape in ipairs { { "2", "1" }, { "5", "3" } } do
    local other = with(shape[1], shape[2])
    assert.equal(one.out, other.out)
    assert.equal(one.status, other.status)
  end
  return one
end

describe("scripts", function()
  it("show their name, summary and options when asked for help", function()
    for _, file in ipairs(mrrc.list("scripts")) do
      local result = mrrc.ok { "run", "scripts/" .. file, "--help" }
      assert.truthy(result.out:find(file:gsub("%.lua$", "") .. ": %w"), file .. " says: " .. result.out)
    end
  end)

  it("begin with their name, a command line and what to learn", function()
    local files = mrrc.list("scripts")
    assert.is_true(#files >= 8)
    for _, file in ipairs(files) do
      local text = mrrc.read("scripts/" .. file)
      assert.equal("-- " .. file .. ": ", text:sub(1, #file + 5))
      assert.truthy(text:find("\n--   mrrc run scripts/" .. file, 1, true), file .. " has no command line")
      assert.truthy(text:find("To learn:", 1, true), file .. " has no lesson")
    end
  end)

  it("give the same output for any number of threads and size of batches #threads", function()
    local input = mrrc.file(marc.books(200), ".mrc")
    for _, name in ipairs { "english_after", "strip_local_proxy", "normalise_isbn", "count_subjects",
      "fix_245_indicators", "vendor_check", "decades", "gmd_to_rda" } do
      local result = same_for_any_threads(name, input)
      assert.is_true(#result.out > 0 or name == "gmd_to_rda", name)
      assert.equal(name == "vendor_check" and 1 or 0, result.status, name .. ": " .. result.err)
    end
  end)
end)

describe("english_after", function()
  local input = marc.write(
    book { id = "old", year = "2000" }, book { id = "new", year = "2001" },
    book { id = "german", year = "2010", language = "ger" }, book { id = "unsure", year = "20uu" },
    book { id = "serial", leader = "00000nas a2200000 a 4500" }, book { id = "map", leader = "00000nem a2200000 a 4500" },
    book { id = "newest", year = "2024" })

  it("keeps English monographs published after 2000", function()
    local result = run("english_after", input)
    assert.equal(0, result.status)
    assert.equal("new newest", ids(result.out))
  end)

  it("takes another year as an option", function()
    assert.equal("newest", ids(run("english_after", input, { "year=2023" }).out))
  end)

  it("refuses a year that is no number", function()
    local result = run("english_after", input, { "year=soon" })
    assert.equal(2, result.status)
    assert.truthy(result.err:find("year=soon", 1, true))
  end)

  it("keeps records of the sample books, each byte for byte", function()
    local all = {}
    for _, bytes in ipairs(marc.split(mrrc.read(BOOKS))) do all[bytes] = true end
    local result = mrrc.ok { "run", "scripts/english_after.lua", BOOKS }
    local kept = marc.split(result.out)
    assert.is_true(#kept > 0)
    for _, bytes in ipairs(kept) do assert.is_true(all[bytes]) end
  end)
end)

describe("strip_local_proxy", function()
  local record = book {
    { "245", "10", "a", "Title" }, { "856", "40", "u", "https://a.example/1", "3", "Text", "u", "ftp://b.example/2" },
    { "901", "  ", "a", "local" }, { "999", "  ", "a", "local too" },
  }

  it("drops 9XX and puts the proxy before each web address", function()
    local got = transformed("strip_local_proxy", record, { "proxy=https://p.example/?u=" })
    assert.equal("001 008 245 856", marc.tags(got))
    assert.same({ "https://p.example/?u=https://a.example/1", "ftp://b.example/2" }, marc.all(got, "856", "u"))
    assert.equal("Text", marc.get(got, "856", "3"))
  end)

  it("changes nothing the second time", function()
    local once = run("strip_local_proxy", marc.write(record)).out
    assert.equal(once, run("strip_local_proxy", once).out)
  end)

  it("strips every record of the vendor's load", function()
    local result = mrrc.run { "run", "scripts/strip_local_proxy.lua", VENDOR }
    local records = marc.read(result.out)
    assert.is_true(#records > 0)
    for _, got in ipairs(records) do
      assert.falsy((" " .. marc.tags(got)):find(" 9"))
      for _, url in ipairs(marc.all(got, "856", "u")) do
        assert.truthy(not url:find("^https?://") or url:find("^https://proxy%.example%.edu/login%?url="), url)
      end
    end
  end)
end)

describe("normalise_isbn", function()
  local function isbn(...)
    local got = transformed("normalise_isbn", book { { "020", "  ", ... } })
    return { table.unpack(got[3], 3) }
  end

  it("makes thirteen digits of ten", function()
    assert.same({ "a", "9780131103627" }, isbn("a", "0-13-110362-8"))
  end)

  it("takes an X as check digit, in either case", function()
    assert.same({ "a", "9780804429573" }, isbn("a", "0-8044-2957-X"))
    assert.same({ "a", "9780804429573" }, isbn("a", "080442957x"))
  end)

  it("moves qualifiers to $q behind the number, in their order", function()
    assert.same({ "a", "9780131103627", "q", "pbk.", "q", "v. 1", "c", "$20" },
      isbn("a", "0-13-110362-8 (pbk.) (v. 1) :", "c", "$20"))
  end)

  it("takes the hyphens out of thirteen digits", function()
    assert.same({ "a", "9780131103627" }, isbn("a", "978-0-13-110362-7"))
  end)

  it("leaves a wrong number for a person to look at", function()
    assert.same({ "a", "0-13-110362-9 (pbk.)" }, isbn("a", "0-13-110362-9 (pbk.)"))
    assert.same({ "a", "9780131103628" }, isbn("a", "9780131103628"))
  end)

  it("leaves a cancelled number in $z alone", function()
    assert.same({ "z", "0-13-110362-8" }, isbn("z", "0-13-110362-8"))
  end)

  it("counts what it did", function()
    local result = run("normalise_isbn", marc.write(book {
      { "020", "  ", "a", "0131103628" }, { "020", "  ", "a", "9780131103627" }, { "020", "  ", "a", "123" },
    }))
    assert.equal("normalised          1\nright already       1\ninvalid             1\n", result.err)
  end)
end)

describe("split_by_branch", function()
  local function copies(id, ...)
    local fields = { id = id }
    for _, branch in ipairs { ... } do fields[#fields + 1] = { "852", "  ", "b", branch } end
    return book(fields)
  end

  it("writes each record once to the file of each of its branches", function()
    local folder = mrrc.folder()
    local input = marc.write(copies("1", "north", "south"), copies("2", "south", "south"), copies("3"))
    local result = run("split_by_branch", input, { "dir=" .. folder })
    assert.equal("", result.status == 0 and "" or result.err)
    assert.same({ "no-branch.mrc", "north.mrc", "south.mrc" }, mrrc.list(folder))
    assert.equal("1", ids(mrrc.read(folder .. "/north.mrc")))
    assert.equal("1 2", ids(mrrc.read(folder .. "/south.mrc")))
    assert.equal("3", ids(mrrc.read(folder .. "/no-branch.mrc")))
  end)

  it("makes a safe file name of any branch", function()
    local folder = mrrc.folder()
    run("split_by_branch", marc.write(copies("1", "../up"), copies("2", "a/b")), { "dir=" .. folder })
    assert.equal(2, #mrrc.list(folder))
    for _, name in ipairs(mrrc.list(folder)) do assert.falsy(name:find("^%.")) end
  end)

  it("says how many went where", function()
    local result = run("split_by_branch", marc.write(copies("1", "north"), copies("2", "north")),
      { "dir=" .. mrrc.folder() })
    assert.equal(("%-20s %6d\n"):format("north", 2), result.out)
  end)
end)

describe("count_subjects", function()
  local input = marc.write(
    book { { "650", " 0", "a", "Cats." }, { "650", " 0", "a", "Dogs", "z", "Germany", "x", "History." } },
    book { { "650", " 0", "a", "Cats" }, { "650", " 0", "a", "Ants" } })

  it("prints headings with their divisions, the most frequent first, then by name", function()
    local result = run("count_subjects", input)
    assert.equal(0, result.status)
    assert.equal("4 headings in all\n      2  Cats\n      1  Ants\n      1  Dogs -- Germany -- History\n", result.out)
  end)

  it("prints as many as asked for", function()
    assert.equal("4 headings in all\n      2  Cats\n", run("count_subjects", input, { "n=1" }).out)
  end)
end)

describe("titles_to_csv", function()
  local input = marc.write(book {
    id = "1", year = "1999", { "020", "  ", "a", "111" }, { "020", "  ", "a", "222" },
    { "100", "1 ", "a", "Müller, Eva," }, { "245", "10", "a", 'The "big" book :', "b", "a story /", "c", "Eva Müller." },
  }, book { id = "2", year = "19uu" })

  local function table_of(suffix)
    local file = mrrc.folder() .. "/titles" .. suffix
    local result = run("titles_to_csv", input, { "file=" .. file })
    assert.equal("", result.status == 0 and "" or result.err)
    assert.equal("2 rows\n", result.out)
    return mrrc.read(file)
  end

  it("writes a header and quoted cells", function()
    local lines = {}
    for line in table_of(".csv"):gmatch("[^\r\n]+") do lines[#lines + 1] = line end
    assert.equal("\239\187\191id,title,author,year,language,isbn,subjects", lines[1])
    assert.equal('1,"The ""big"" book : a story","Müller, Eva",1999,eng,111; 222,', lines[2])
    assert.equal("2,,,,eng,,", lines[3])
  end)

  it("writes JSON lines when the file is called so", function()
    local first = table_of(".jsonl"):match("[^\n]+")
    assert.truthy(first:find('"title":"The \\"big\\" book : a story"', 1, true), first)
    assert.truthy(first:find('"isbn":["111","222"]', 1, true), first)
  end)
end)

describe("fix_245_indicators", function()
  local function indicators(title, fields)
    fields = fields or {}
    fields[#fields + 1] = { "245", fields.now or "99", "a", title }
    return marc.indicators(transformed("fix_245_indicators", book(fields)), "245")
  end

  it("sets the first by the main entry", function()
    assert.equal("00", indicators("Cats"))
    assert.equal("10", indicators("Cats", { { "100", "1 ", "a", "Poe" } }))
    assert.equal("10", indicators("Cats", { { "110", "2 ", "a", "Firm" } }))
  end)

  it("sets the second by the article of the record's language", function()
    assert.equal("04", indicators("The cats"))
    assert.equal("02", indicators("A cat"))
    assert.equal("00", indicators("Theory of cats"))
    assert.equal("04", indicators("Die Katzen", { language = "ger" }))
    assert.equal("00", indicators("Die hard"))
  end)

  it("counts characters, not bytes", function()
    assert.equal("02", indicators("L’été", { language = "fre" }))
    assert.equal("02", indicators("L'été", { language = "fre" }))
  end)

  it("knows that not every A is an article", function()
    assert.equal("00", indicators("A is for apple"))
  end)

  it("leaves the second alone in a language it has no articles of", function()
    assert.equal("03", indicators("Az ember", { now = "13", language = "hun" }))
  end)

  it("gives right records back byte for byte, and counts the wrong ones", function()
    local right = marc.write(book { id = "right", { "245", "04", "a", "The cats" } })
    local wrong = marc.write(book { id = "wrong", { "245", "00", "a", "The cats" } })
    local result = run("fix_245_indicators", right .. wrong)
    assert.equal(right, marc.split(result.out)[1])
    assert.equal("1 records had wrong indicators in 245\n", result.err)
  end)
end)

describe("fix_245_indicators on the sample books", function()
  it("corrects 245 and touches nothing else", function()
    local before = marc.read(mrrc.read(BOOKS))
    local after = marc.read(mrrc.ok { "run", "scripts/fix_245_indicators.lua", BOOKS }.out)
    local changed = 0
    assert.equal(#before, #after)
    for i, record in ipairs(after) do
      for k, field in ipairs(record) do
        local old = before[i][k]
        if field[1] == "245" and field[2] ~= old[2] then
          changed = changed + 1
          old[2] = field[2]
        end
        assert.same(old, field)
      end
    end
    assert.is_true(changed > 0)
  end)
end)

describe("vendor_check", function()
  local function good(id)
    return book { id = id, { "020", "  ", "a", "9780131103627 (pbk.)" }, { "245", "00", "a", "T" },
      { "856", "40", "u", "https://a.example" } }
  end

  it("accepts a load without problems", function()
    local result = run("vendor_check", marc.write(good("1"), good("2")))
    assert.equal("2 records, 0 failed (0.0 %): accepted\n", result.out)
    assert.equal(0, result.status)
  end)

  it("names the problems of each record and refuses with status 1", function()
    local result = run("vendor_check", marc.write(good("1"),
      { { "001", "2" }, { "008", "short" }, { "020", "  ", "a", "9780131103628" }, { "245", "00", "b", "no a" } }))
    assert.equal(1, result.status)
    for _, words in ipairs { "008 is not forty characters long", "no title (245 $a)", "no link (856 $u)",
      "wrong ISBN (020 $a): 9780131103628" } do
      assert.truthy(result.out:find("2\t" .. words, 1, true), words .. " is not in: " .. result.out)
    end
    assert.truthy(result.out:find("2 records, 1 failed (50.0 %): refused\n", 1, true))
  end)

  it("allows the percentage that was agreed", function()
    local result = run("vendor_check", marc.write(good("1"), book {}), { "max=50" })
    assert.equal(0, result.status)
  end)

  it("refuses an empty load", function()
    assert.equal(1, run("vendor_check", "").status)
  end)

  it("finds problems in the vendor's sample load", function()
    local result = mrrc.run { "run", "scripts/vendor_check.lua", VENDOR }
    assert.equal(1, result.status)
    assert.truthy(result.out:find("refused\n$"))
  end)
end)

describe("decades", function()
  it("counts decades and finds the oldest publication", function()
    local result = run("decades", marc.write(
      book { year = "1999", { "245", "00", "a", "Late" } }, book { year = "1991", { "245", "00", "a", "Early" } },
      book { year = "2001", { "245", "00", "a", "New" } }, book { year = "19uu" }))
    assert.equal(0, result.status)
    local lines = {}
    for line in result.out:gmatch("[^\n]+") do lines[#lines + 1] = line:gsub("%s+", " ") end
    assert.equal("1990s 2 " .. ("#"):rep(20), lines[1])
    assert.equal("2000s 1 " .. ("#"):rep(10), lines[2])
    assert.equal("unknown 1 " .. ("#"):rep(10), lines[3])
    assert.equal("1991 to 2001, mean 1997.0; oldest: Early", lines[4])
  end)

  it("finds the same oldest publication for any threads #threads", function()
    local result = same_for_any_threads("decades", mrrc.file(marc.books(300), ".mrc"))
    assert.truthy(result.out:find("oldest: Title %d+"))
  end)
end)

describe("gmd_to_rda", function()
  it("replaces 245 $h by 336, 337 and 338 and keeps the punctuation", function()
    local got = transformed("gmd_to_rda", book {
      { "245", "10", "a", "Title", "h", "[electronic resource] /", "c", "Author." }, { "650", " 0", "a", "Cats" },
    })
    assert.equal("001 008 245 336 337 338 650", marc.tags(got))
    assert.same({ "245", "10", "a", "Title /", "c", "Author." }, got[3])
    assert.same({ "336", "  ", "a", "text", "b", "txt", "2", "rdacontent" }, got[4])
    assert.equal("cr", marc.get(got, "338", "b"))
  end)

  it("passes a designation it does not know, and says so", function()
    local input = marc.write(book { { "245", "00", "a", "Title", "h", "[realia]" } })
    local result = run("gmd_to_rda", input)
    assert.equal(input, result.out)
    assert.truthy(result.err:find("not in the table: [realia] (1)\n", 1, true))
  end)

  it("passes what has a 33X already", function()
    local input = marc.write(book {
      { "245", "00", "a", "Title", "h", "[map]" }, { "336", "  ", "a", "cartographic image" },
    })
    assert.equal(input, run("gmd_to_rda", input).out)
  end)
end)
