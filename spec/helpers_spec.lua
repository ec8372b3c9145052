-- The helpers of the table mrrc: identifiers, text, dates, JSON and the rest. Regexes, lookups and mrk have specs of their own.
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local BOOK = { { "001", "x1" }, { "008", marc.field008("1998", "eng") }, { "245", "10", "a", "T" } }

local function shows(expression) return lua.seen("print(" .. expression .. ")", BOOK) end
local function fails(code) return lua.fails(code, BOOK) end

-- each row: expression, what print shows of it
local function examples(rows)
  for _, row in ipairs(rows) do
    it(row[1], function() assert.equal(row[2], shows(row[1])) end)
  end
end

describe("mrrc.isbn", function()
  examples {
    { "mrrc.isbn.parse '0-306-40615-2'", "9780306406157\tnil" },
    { "mrrc.isbn.parse '9780306406157 (pbk. : alk. paper) :'", "9780306406157\tpbk. : alk. paper" },
    { "mrrc.isbn.parse '0306406152 (v. 1) (hbk.)'", "9780306406157\tv. 1; hbk." },
    { "mrrc.isbn.parse '0306406152 (Penguin (UK)) :'", "9780306406157\tPenguin (UK)" },
    { "mrrc.isbn.parse '0306406152 (pbk.'", "9780306406157\tpbk." },
    { "mrrc.isbn.parse '0306406152 pbk. :'", "9780306406157\tpbk" },
    { "mrrc.isbn.parse '0306406152 ()'", "9780306406157\tnil" },
    { "mrrc.isbn.parse '0306406153'", "nil\twrong check digit" },
    { "mrrc.isbn.parse '12345'", "nil\twrong length" },
    { "mrrc.isbn.parse 'pbk.'", "nil\tno number" },
    { "mrrc.isbn.parse '4006381333931'", "nil\twrong prefix" },
    { "mrrc.isbn.valid '080442957X', mrrc.isbn.valid '0804429571', mrrc.isbn.valid ''", "true\tfalse\tfalse" },
    { "mrrc.isbn.to13 '0-8044-2957-x (v. 2)'", "9780804429573" },
    { "mrrc.isbn.to13 '0'", "nil\twrong length" },
    { "mrrc.isbn.to10 '978-0-8044-2957-3'", "080442957X" },
    { "mrrc.isbn.to10 '979-10-90636-07-1'", "nil\ta number that begins with 979 has no ten digits" },
    { "mrrc.isbn.parse(nil), mrrc.isbn.valid(nil), mrrc.isbn.to13(nil), mrrc.isbn.to10(nil)", "nil\tnil\tnil\tnil" },
  }
  it("refuses numbers, which lose zeros", function() lua.has(fails "mrrc.isbn.parse(306406152)", "string expected, got number") end)
end)

describe("mrrc.issn", function()
  examples {
    { "mrrc.issn.parse '0317-8471'", "0317-8471\tnil" },
    { "mrrc.issn.parse 'ISSN 2434561x (online) ='", "2434-561X\tonline" },
    { "mrrc.issn.parse '0317-8472'", "nil\twrong check digit" },
    { "mrrc.issn.valid '0378-5955', mrrc.issn.valid '0378-5956'", "true\tfalse" },
    { "mrrc.issn.parse(nil), mrrc.issn.valid(nil)", "nil\tnil" },
  }
end)

describe("mrrc.lccn, with the examples of the Library of Congress", function()
  examples {
    { "mrrc.lccn.parse 'n78-890351'", "n78890351" }, { "mrrc.lccn.parse 'n78-89035'", "n78089035" },
    { "mrrc.lccn.parse 'n 78890351 '", "n78890351" }, { "mrrc.lccn.parse ' 85000002 '", "85000002" },
    { "mrrc.lccn.parse '85-2 '", "85000002" }, { "mrrc.lccn.parse '2001-000002'", "2001000002" },
    { "mrrc.lccn.parse '75-425165//r75'", "75425165" }, { "mrrc.lccn.parse ' 79139101 /AC/r932'", "79139101" },
    { "mrrc.lccn.parse '85-12a'", "nil\twrong form" },
    { "mrrc.lccn.valid 'sn2006058112', mrrc.lccn.valid '123'", "true\tfalse" },
    { "mrrc.lccn.parse(nil), mrrc.lccn.valid(nil)", "nil\tnil" },
  }
end)

describe("text", function()
  examples {
    { "mrrc.nfc 'e\\u{301}' == '\\u{E9}', mrrc.nfd '\\u{E9}' == 'e\\u{301}', mrrc.nfc 'abc'", "true\ttrue\tabc" },
    { "mrrc.nfc '\\u{1E9B}\\u{323}' == '\\u{1E9B}\\u{323}', mrrc.nfd '\\u{1E9B}\\u{323}' == '\\u{17F}\\u{323}\\u{307}'", "true\ttrue" },
    { "mrrc.fold 'STRASSE' == mrrc.fold 'Straße', mrrc.fold 'E\\u{301}TE\\u{301}' == mrrc.fold 'été'", "true\ttrue" },
    { "mrrc.lower 'ÉCOLE ΑΒΓ', mrrc.upper 'école αβγ'", "école αβγ\tÉCOLE ΑΒΓ" },
    { "mrrc.nfc 'e\\u{301}\\xff\\xc3' == 'é\\xff\\xc3', mrrc.lower 'A\\xffB' == 'a\\xffb', mrrc.fold 'A\\xe2\\x82' == 'a\\xe2\\x82'", "true\ttrue\ttrue" },
    { "mrrc.slug 'Les Misérables, t. 1 : l’été'", "les-miserables-t-1-lete" },
    { "mrrc.slug \" The lamplighter's atlas / \"", "the-lamplighters-atlas" },
    { "mrrc.slug '江河与城市 / 2', mrrc.slug '한국', mrrc.slug '...'", "江河与城市-2\t한국\t" },
    { "mrrc.slug '\\xffa\\xfeb'", "a-b" },
    { "mrrc.trim 'The tidal margin :', mrrc.trim ' = Parallel /', mrrc.trim 'London,'", "The tidal margin\tParallel\tLondon" },
    { "mrrc.trim 'Seashore ecology.', mrrc.trim 'Wren & Co.', mrrc.trim 'Tolkien, J. R. R.,', mrrc.trim 'and so on ...'",
      "Seashore ecology\tWren & Co.\tTolkien, J. R. R.\tand so on ..." },
    { "table.concat(mrrc.split('a--b--', '--'), '|'), #mrrc.split('', ','), #mrrc.split('a.b', '.'), #mrrc.split('ab', '.')", "a|b|\t1\t2\t1" },
    { "mrrc.nfc(nil), mrrc.nfd(nil), mrrc.fold(nil), mrrc.lower(nil), mrrc.upper(nil), mrrc.slug(nil), mrrc.trim(nil), mrrc.split(nil, ',')",
      "nil\tnil\tnil\tnil\tnil\tnil\tnil\tnil" },
  }
  it("split refuses an empty separator", function() lua.has(fails "mrrc.split('a', '')", "at least one character") end)
end)

-- the examples of MARC 21 Bibliographic, field 245, and titles in other languages
describe("mrrc.nonfiling", function()
  examples {
    { "mrrc.nonfiling('The Year book of medicine.', 'eng')", "4" },
    { "mrrc.nonfiling('A report to the legislature', 'eng')", "2" },
    { "mrrc.nonfiling('The \"winter mind\" :', 'eng')", "5" },
    { "mrrc.nonfiling('The ... annual report to the Governor.', 'eng')", "8" },
    { "mrrc.nonfiling('[The Part of Pennsylvania that ... townships]', 'eng')", "5" },
    { "mrrc.nonfiling(\"L'enfant criminel.\", 'fre')", "2" },
    { "mrrc.nonfiling('L’été', 'fre'), mrrc.nonfiling('«Les mots»', 'fre')", "2\t5" },
    { "mrrc.nonfiling(\"'t Fonteintje\", 'dut'), mrrc.nonfiling('De avonden', 'dut')", "3\t3" },
    { "mrrc.nonfiling('Der Prozess', 'ger'), mrrc.nonfiling('DIE ZEIT', 'ger'), mrrc.nonfiling('Die', 'ger')", "4\t4\t0" },
    { "mrrc.nonfiling(\"Un'altra vita\", 'ita'), mrrc.nonfiling('al-Sijill', 'ara'), mrrc.nonfiling('Το κιβώτιο', 'gre')", "3\t3\t3" },
    { "mrrc.nonfiling('Los Angeles', 'eng'), mrrc.nonfiling('Los gatos', 'spa'), mrrc.nonfiling('A-1 diesel', 'eng')", "0\t4\t0" },
    { "mrrc.nonfiling('Theory', 'eng'), mrrc.nonfiling('', 'eng'), mrrc.nonfiling('The X', 'zxx')", "0\t0\t0" },
    { "mrrc.nonfiling(nil, 'eng'), mrrc.nonfiling('The X', nil)", "nil\tnil" },
  }
end)

describe("mrrc.date008", function()
  local function dates(text) return ("mrrc.json(mrrc.date008 %q)"):format(text) end
  examples {
    { dates "240105s1998    xxu", '{"date1":"1998","date2":"    ","entered":"240105","first":1998,"last":1998,"meaning":"single known date","type":"s"}' },
    { "mrrc.date008('240105s19uu    xxu').first, mrrc.date008('240105s19uu    xxu').last", "1900\t1999" },
    { "mrrc.date008('240105c19899999xxu').first, mrrc.date008('240105c19899999xxu').last", "1989\tnil" },
    { "mrrc.date008('240105q19501955xxu').last, mrrc.date008('240105t20112010xxu').last, mrrc.date008('240105nuuuuuuuuxxu').first", "1955\t2011\tnil" },
    { "mrrc.date008 'short', mrrc.date008(nil)", "nil\tnil" },
    { "mrrc.date008(rec:get '008').first", "1998" },
  }
end)

describe("code lists", function()
  examples {
    { "mrrc.lang 'eng', mrrc.lang 'ger', mrrc.lang 'zxx', mrrc.lang 'cnr', mrrc.lang 'aar', mrrc.lang 'zza'",
      "English\tGerman\tNo linguistic content\tMontenegrin\tAfar\tZaza" },
    { "mrrc.country 'enk', mrrc.country 'gw', mrrc.country 'gw ', mrrc.country 'nyu', mrrc.country 'aa', mrrc.country 'za'",
      "England\tGermany\tGermany\tNew York (State)\tAlbania\tZambia" },
    { "mrrc.country 'ch', mrrc.country 'iv', mrrc.lang 'gmh'", "China (Republic : 1949- )\tCôte d'Ivoire\tGerman, Middle High (ca. 1050-1500)" },
    { "mrrc.lang 'scr', mrrc.lang '   ', mrrc.lang(nil), mrrc.country 'uk ', mrrc.country '', mrrc.country(nil)", "nil\tnil\tnil\tnil\tnil\tnil" },
  }
end)

describe("mrrc.json", function()
  examples {
    { "mrrc.json { b = 1, a = { 1, 2.5, 'x\\n\"' }, c = true }", [[{"a":[1,2.5,"x\n\""],"b":1,"c":true}]] },
    { "mrrc.json 'é', mrrc.json(1e300), mrrc.json(0/0), mrrc.json {}, mrrc.json(false), mrrc.json(nil)", '"é"\t1e+300\tnull\t{}\tfalse\tnil' },
  }
  it("says what it cannot write, and where", function()
    lua.has(fails "mrrc.json { a = { print } }", "mrrc.json: value.a[1] is a function")
    lua.has(fails "local t = {} t.t = t mrrc.json(t)", "mrrc.json: ")
  end)
end)

describe("mrrc.sorted", function()
  it("visits 1 to n, numbers, strings in byte order", function()
    assert.equal("1=x 2=y -3=n A=1 a=2", lua.seen("local o = {} for k, v in mrrc.sorted { 'x', 'y', a = 2, A = 1, [-3] = 'n' } do o[#o + 1] = k .. '=' .. v end "
      .. "print(table.concat(o, ' '))", BOOK))
  end)
  it("visits nothing of nil", function() assert.equal("0", lua.seen("local n = 0 for _ in mrrc.sorted(nil) do n = n + 1 end print(n)", BOOK)) end)
  it("refuses what is no table", function() lua.has(fails "local f = mrrc.sorted 'x' return f", "takes a table, not a string") end)
end)

describe("mrrc.stamp005", function()
  it("is the moment at which the run began, in the form of 005", function()
    local text = "return { each = function() print(mrrc.stamp005()) end, finish = function(_, out, ctx) out:print(os.date('!%Y%m%d%H%M%S.0', ctx.now)) end }"
    local one, two = lua.run(text, marc.write(BOOK)).out:match "^(%d+%.0)\n(.-)\n$"
    assert.equal(16, #one)
    assert.equal(two, one)
  end)
end)

describe("mrrc.log", function()
  local input = marc.write { { "001", "a" } } .. marc.write { { "001", "b" } }
  it("says a line with the record's place, in record order, and is no fault", function()
    local result = lua.code({ "--each", "mrrc.log('id is ' .. rec.id .. '\\27[1m') print(rec.id)", "-j", "4" }, input)
    assert.equal(0, result.status)
    assert.equal("a\nb\n", result.out)
    local one, two = result.err:match "^([^\n]*)\n([^\n]*)\n"
    lua.has(one, "record 1 at byte 0 (001 a): id is a")
    lua.has(two, "(001 b): id is b")
    assert.is_nil(result.err:find("\27", 1, true))
    assert.is_nil(result.err:find("warning", 1, true))
  end)
  it("says nothing with --quiet", function() assert.equal("", lua.code({ "-q", "--each", "mrrc.log 'x'" }, input).err) end)
  it("wants a record", function()
    lua.has(lua.run("mrrc.log 'x' return function() end", input).err, "mrrc.log speaks of a record: call it in a hook")
  end)
end)

describe("require", function()
  examples {
    { "require 'mrrc.isbn' == mrrc.isbn, require 'mrrc.nonfiling' == mrrc.nonfiling, require 'mrrc.regex' == mrrc.regex", "true\ttrue\ttrue" },
  }
  it("of a helper that does not exist says so", function() lua.has(fails "require 'mrrc.nothing'", "no helper mrrc.nothing") end)
  it("gives nothing of the inside away", function() assert.equal("nil\tnil\tfalse", shows "mrrc.host, mrrc.library, getmetatable(mrrc)") end)
end)
