-- The readers that know MARC (title, author, isbns …), the elements of 006-008 by name, and what the leader may hold.
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local BOOK = {
  leader = "00000cam a2200000 i 4500",
  { "001", "x1" }, { "006", "m     o  d        " }, { "007", "cr |n|||||||||" }, { "007", "sd fsngnnmmned" },
  { "008", "240105s2011    enkab  j b    001 1 engxd" },
  { "010", "  ", "a", "   85-2 //r86" },
  { "020", "  ", "a", "0-13-110362-8 (pbk.) :", "c", "$20" }, { "020", "  ", "a", "0131103629" },
  { "020", "  ", "a", "9780306406157" },
  { "022", "0 ", "a", "0028-0836", "l", "0028-0837" }, { "022", "  ", "a", "00280836" },
  { "024", "7 ", "a", "0000-0000", "2", "issn-l" },
  { "041", "1 ", "a", "engfre", "a", "GER", "h", "lat" },
  { "086", "1 ", "a", "CA1" }, { "086", "0 ", "a", "I 19.14/2:R 24" },
  { "100", "1 ", "6", "880-01", "a", "Harrow, Miriam J.,", "d", "1951-", "e", "author." },
  { "240", "10", "a", "Tidal margin.", "l", "French" },
  { "245", "14", "a", "The tidal margin :", "b", "life between land and sea /", "c", "Miriam J. Harrow ; drawings by E. Larkspur, Jr." },
  { "264", " 4", "a", "Nowhere :", "b", "Nobody,", "c", "©1066" },
  { "264", " 1", "a", "London ;", "a", "New York :", "b", "Wren & Daughter,", "c", "[2011]" },
  { "260", "  ", "a", "Old :", "b", "Older,", "c", "1999." },
  { "300", "  ", "a", "xii, 300 pages :", "b", "ill. ;", "c", "24 cm." },
  { "490", "1 ", "a", "Shore books ;", "v", "12" },
  { "500", "  ", "a", "Includes index. " }, { "520", "  ", "3", "Part 1", "a", "Of shores.", "5", "DLC" },
  { "600", "10", "a", "Larkspur, Edwin,", "d", "1900-1980", "x", "Travel", "z", "Wales.", "0", "(x)1" },
  { "611", "20", "a", "Congress", "e", "Section.", "j", "host" },
  { "650", " 0", "a", "Tide pools", "z", "New England." }, { "652", "  ", "a", "Gone" },
  { "653", "  ", "a", "shores", "a", "sea /" }, { "655", " 7", "a", "Field guides.", "2", "lcgft" },
  { "690", "  ", "a", "Local", "v", "Maps" },
  { "700", "1 ", "a", "Larkspur, Edwin,", "e", "illustrator." },
  { "700", "12", "a", "Larkspur, Edwin.", "t", "Maps.", "n", "No. 2." },
  { "711", "2 ", "a", "Congress", "e", "Section", "n", "(2nd :", "d", "1990 :", "c", "Paris)" },
  { "776", "08", "i", "Online version:", "a", "Harrow.", "t", "Tidal margin.", "w", "(OCoLC)1" },
  { "830", " 0", "a", "Shore books", "x", "1234-5678", "v", "12." },
  { "852", "  ", "a", "DLC", "b", "MAIN", "c", "Stacks", "h", "QH1" }, { "852", "  ", "b", "SCI", "p", "317" },
  { "880", "1 ", "6", "100-01", "a", "other script" },
}

local function with(record, ...)
  local copy = { leader = record.leader }
  for i, field in ipairs(record) do copy[i] = field end
  for _, field in ipairs { ... } do copy[#copy + 1] = field end
  return copy
end

local function record(...) return { leader = BOOK.leader, { "001", "x" }, ... } end

-- what rec:CALL gives, arrays joined by |
local function gives(call, from)
  return lua.seen(("local v = rec:%s print(type(v) == 'table' and '[' .. table.concat(v, '|') .. ']' or v)"):format(call), from or BOOK)
end

local function check(cases, from)
  for _, case in ipairs(cases) do assert.equal(case[2], gives(case[1], from), case[1]) end
end

describe("titles", function()
  it("title is $a $b without the punctuation at the end", function()
    check { { "title()", "The tidal margin : life between land and sea" } }
  end)
  it("raw is as it is stored", function()
    check { { "title{raw = true}", "The tidal margin : life between land and sea /" }, { "title{raw = false}", "The tidal margin : life between land and sea" } }
  end)
  it("title_full takes the parts along", function()
    check({ { "title_full()", "Works. Part 2, Letters" }, { "title()", "Works" } },
      record { "245", "10", "a", "Works.", "n", "Part 2,", "p", "Letters /", "c", "x." })
  end)
  it("responsibility keeps the full stop of an abbreviation", function()
    check { { "responsibility()", "Miriam J. Harrow ; drawings by E. Larkspur, Jr." } }
  end)
  it("uniform_title is 130, else 240", function()
    check { { "uniform_title()", "Tidal margin. French" } }
    check({ { "uniform_title()", "Bible" } }, with(BOOK, { "130", "0 ", "a", "Bible." }))
  end)
  it("series has statement and tracing, in record order", function() check { { "series()", "[Shore books ; 12|Shore books 12]" } } end)
end)

describe("cleaning", function()
  local function title(text) return gives("title()", record { "245", "10", "a", text }) end
  for given, wanted in pairs {
    ["Title /"] = "Title", ["Title : "] = "Title", ["Title ;,"] = "Title", ["Title ="] = "Title", ["Title. --"] = "Title. --",
    ["Sentence."] = "Sentence", ["in 1998."] = "in 1998", ["24 cm."] = "24 cm", ["C++"] = "C++", ["a=b"] = "a=b", ["disc +"] = "disc",
    ["J."] = "J.", ["New York, N.Y."] = "New York, N.Y.", ["Smith, Inc."] = "Smith, Inc.", ["etc."] = "etc.", ["wait ..."] = "wait ...",
    ["[Oxford :"] = "Oxford", ["1998]"] = "1998", ["[1998]."] = "[1998]", [".NET"] = ".NET", ["/ by her"] = "by her", ["Été."] = "Été",
    ["Ça."] = "Ça.", ["1951-."] = "1951-",
  } do
    it(("makes '%s' '%s'"):format(given, wanted), function() assert.equal(wanted, title(given)) end)
  end
  it("gives nil for what is punctuation alone", function() assert.equal("nil", title(" / ")) end)
  it("keeps it for raw", function() assert.equal(" / ", gives("title{raw = true}", record { "245", "10", "a", " / " })) end)
end)

describe("names", function()
  it("author is the name of 100 with its dates, without the relator", function() check { { "author()", "Harrow, Miriam J., 1951-" } } end)
  it("author is 110, else 111, without a 100", function()
    check({ { "author()", "Body. Unit" } }, record({ "111", "2 ", "a", "Meeting" }, { "110", "2 ", "a", "Body.", "b", "Unit." }))
    check({ { "author()", "Meeting (1990)" } }, record { "111", "2 ", "a", "Meeting", "d", "(1990)." })
  end)
  it("authors are 1XX and 7XX, each once, without their titles", function()
    check { { "authors()", "[Harrow, Miriam J., 1951-|Larkspur, Edwin|Congress Section (2nd : 1990 : Paris)]" } }
  end)
  it("added_entries keep titles", function()
    check { { "added_entries()", "[Larkspur, Edwin|Larkspur, Edwin. Maps. No. 2|Congress Section (2nd : 1990 : Paris)|Harrow. Tidal margin]" } }
  end)
end)

describe("publication", function()
  it("is of 264 with second indicator 1", function()
    check { { "publisher()", "Wren & Daughter" }, { "place()", "London ; New York" }, { "publication_date()", "[2011]" } }
  end)
  it("is of 260 without one", function()
    check({ { "publisher()", "Older" }, { "publication_date()", "1999" } },
      record({ "264", " 4", "c", "©1066" }, { "260", "  ", "b", "Older,", "c", "1999." }))
  end)
  it("pubyear is an integer of 008", function()
    assert.equal("2011\tinteger", lua.seen("local y = rec:pubyear() print(y, math.type(y))", BOOK))
  end)
  it("pubyear is of the date when 008 has none", function()
    local unknown = { "008", "240105n19uu    enk           000 0 eng d" }
    for date, year in pairs { ["c1998, 1999."] = "1998", ["[19--?]"] = "nil", ["20111"] = "nil", ["0000"] = "nil", ["5 12 2004"] = "2004" } do
      check({ { "pubyear()", year } }, record(unknown, { "264", " 1", "c", date }))
    end
  end)
  it("pubyear survives a short and a torn 008", function()
    check({ { "pubyear()", "nil" } }, record { "008", "240105s" })
    check({ { "pubyear()", "nil" } }, record { "008", "240105s20é\195" })
  end)
end)

describe("numbers", function()
  it("isbns are ISBN-13 of the valid ones", function()
    check { { "isbns()", "[9780131103627|9780306406157]" }, { "isbn()", "9780131103627" } }
  end)
  it("isbns name a book once that has its number in both forms", function()
    check({ { "isbns()", "[9780131103627]" } }, record({ "020", "  ", "a", "0131103628" }, { "020", "  ", "a", "9780131103627" }))
  end)
  it("isbns raw are what stands there", function()
    check { { "isbns{raw = true}", "[0-13-110362-8 (pbk.) :|0131103629|9780306406157]" } }
  end)
  for text, number in pairs {
    ["ISBN 080442957X"] = "9780804429573", ["080442957x"] = "9780804429573", ["0 8044 2957 X (v. 1)"] = "9780804429573", ["979-10-90636-07-1"] = "9791090636071",
    ["9790260000438"] = "nil", ["X80442957X"] = "nil", ["080442957"] = "nil", ["97801311036270"] = "nil", [""] = "nil", ["(pbk.) 0131103628"] = "nil",
    ["9770131103628"] = "nil",
  } do
    it(("isbn of '%s' is %s"):format(text, number), function() check({ { "isbn()", number } }, record { "020", "  ", "a", text }) end)
  end
  it("issn has its hyphen and is valid", function()
    check { { "issn()", "0028-0836" } }
    check({ { "issn()", "nil" }, { "issn{raw = true}", "0028-0837" } }, record { "022", "  ", "a", "0028-0837" })
    check({ { "issn()", "2434-561X" } }, record { "022", "  ", "a", "ISSN 2434561x (online)" })
  end)
  it("issnl is 022 $l, never 024", function()
    check { { "issnl()", "nil" }, { "issnl{raw = true}", "0028-0837" } }
    check({ { "issnl()", "0028-0836" } }, record { "022", "  ", "l", "0028-0836" })
    check({ { "issnl{raw = true}", "nil" } }, record { "024", "7 ", "a", "0028-0836" })
  end)
  for text, number in pairs {
    ["   85-2 //r86"] = "85000002", ["n78-890351 "] = "n78890351", ["  2001000002"] = "2001000002", ["75-425165//r75"] = "75425165", [" 79139101 /AC/r932"] = "79139101",
    ["85-"] = "nil", ["85-1234567"] = "nil", ["85-12a"] = "nil", ["  "] = "nil",
  } do
    it(("lccn of '%s' is %s"):format(text, number), function() check({ { "lccn()", number } }, record { "010", "  ", "a", text }) end)
  end
  it("sudoc leaves the classification of Canada out", function() check { { "sudoc()", "I 19.14/2:R 24" } } end)
end)

describe("languages", function()
  it("language is of 008", function() check { { "language()", "eng" } } end)
  it("languages are of 041 too, each once, run-together codes apart", function()
    check { { "languages()", "[eng|fre|ger]" }, { "languages{raw = true}", "[eng|engfre|GER]" } }
  end)
  it("language is nil when 008 says nothing", function()
    for _, code in ipairs { "   ", "|||", "e g" } do
      check({ { "language()", "nil" } }, record { "008", marc.field008("2001", code) })
    end
  end)
  it("codes of another list stay whole", function()
    check({ { "languages()", "[en-GB1|eng]" } }, record({ "041", "07", "a", "en-GB1", "2", "x" }, { "041", "  ", "a", "eng" }))
  end)
end)

describe("subjects and others", function()
  it("subjects show subdivisions, and each uncontrolled term by itself", function()
    check { { "subjects()", "[Larkspur, Edwin, 1900-1980 -- Travel -- Wales|Congress Section|Tide pools -- New England|shores|sea|Local -- Maps]" } }
  end)
  it("raw subjects are joined by blanks alone", function()
    check({ { "subjects{raw = true}", "[Tide pools New England.]" } }, record { "650", " 0", "a", "Tide pools", "z", "New England." })
  end)
  it("genres are 655", function() check { { "genres()", "[Field guides]" } } end)
  it("notes keep their full stop", function() check { { "notes()", "[Includes index.|Part 1 Of shores.]" } } end)
  it("physical is 300", function() check { { "physical()", "[xii, 300 pages : ill. ; 24 cm]" } } end)
  it("location is where, not the call number", function() check { { "location()", "[DLC MAIN Stacks|SCI]" }, { "locations()", "[DLC MAIN Stacks|SCI]" } } end)
  it("what is missing is nil or an empty table", function()
    for _, name in ipairs { "title", "author", "publisher", "pubyear", "isbn", "issn", "lccn", "sudoc", "language", "heading" } do
      check({ { name .. "()", "nil" } }, record())
    end
    for _, name in ipairs { "authors", "series", "isbns", "languages", "subjects", "genres", "notes", "physical", "items", "see_from" } do
      check({ { name .. "()", "[]" } }, record())
    end
  end)
end)

describe("kinds of material", function()
  for six_seven, names in pairs {
    am = "is_book", tm = "is_book is_manuscript", as = "is_serial", ai = "is_integrating", aa = "is_component", cm = "is_music is_score",
    dm = "is_manuscript is_music is_score", jm = "is_music is_sound", im = "is_sound", gm = "is_audiovisual", em = "is_map",
    km = "is_graphic", mm = "is_computer_file", om = "is_kit", pc = "is_collection is_mixed", rm = "is_object", zs = "", xm = "",
  } do
    it(("LDR/06-07 %s is '%s'"):format(six_seven, names), function()
      local all = "is_book is_serial is_integrating is_component is_collection is_manuscript is_music is_score is_sound is_map is_audiovisual "
        .. "is_graphic is_computer_file is_kit is_mixed is_object"
      assert.equal(names, lua.seen(([[local t = {}
        for name in ("%s"):gmatch("%%S+") do if rec[name](rec) then t[#t + 1] = name end end
        print(table.concat(t, " "))]]):format(all), { leader = "00000n" .. six_seven .. " a2200000 a 4500", { "001", "x" } }))
    end)
  end
end)

local AUTHORITY = {
  leader = "00000nz  a2200000n  4500",
  { "001", "a1" }, { "008", "751201n| azannaabn          |n aaa     d" },
  { "100", "1 ", "a", "Harrow, Miriam J.,", "d", "1951-", "x", "Travel" }, { "400", "1 ", "w", "nne", "a", "Harrow, M.", "q", "(Miriam)." },
  { "440", " 0", "a", "See from" }, { "500", "1 ", "i", "Pseudonym:", "a", "Tide, E.", "w", "r" }, { "551", "  ", "a", "Wales", "z", "Gwent." },
  { "670", "  ", "a", "Her book:", "b", "t.p. (Miriam J. Harrow)" }, { "010", "  ", "a", "n 78890351" },
}

describe("authority records", function()
  it("have a heading, references and notes", function()
    check({ { "heading()", "Harrow, Miriam J., 1951- -- Travel" }, { "heading_tag()", "100" }, { "see_from()", "[Harrow, M. (Miriam)|See from]" },
      { "see_also()", "[Tide, E.|Wales -- Gwent]" }, { "notes()", "[Her book: t.p. (Miriam J. Harrow)]" }, { "lccn()", "n78890351" } }, AUTHORITY)
  end)
  it("say what they are in words, raw in codes", function()
    check({ { "record_kind()", "established heading" }, { "establishment_level()", "fully established" }, { "record_kind{raw = true}", "a" } }, AUTHORITY)
  end)
  it("have nothing that bibliographic fields with their tags would give", function()
    check({ { "author()", "nil" }, { "authors()", "[]" }, { "series()", "[]" }, { "language()", "nil" }, { "pubyear()", "nil" }, { "subjects()", "[]" } }, AUTHORITY)
  end)
  it("are all that has headings", function()
    check { { "heading()", "nil" }, { "heading_tag()", "nil" }, { "see_also()", "[]" }, { "record_kind()", "nil" }, { "establishment_level()", "nil" } }
  end)
end)

local HOLDINGS = {
  leader = "00000ny  a22000003n 4500",
  { "001", "h1" }, { "008", "9905014p    8   1001aueng0990501" }, { "852", "8 ", "b", "MAIN", "c", "Serials" },
  { "853", "20", "8", "1", "a", "v.", "b", "no.", "i", "(year)", "j", "(month)" }, { "854", "  ", "8", "1", "a", "suppl." },
  { "863", "40", "8", "1.1", "a", "1-12", "i", "1990-2001" }, { "863", "40", "8", "1.2", "a", "13", "b", "3", "i", "2002", "j", "05" },
  { "863", "  ", "8", "2.1", "a", "7" }, { "863", "  ", "i", "2004" }, { "864", "  ", "8", "1.1", "a", "2" }, { "863", "  ", "8", "1.3", "x", "note" },
  { "866", " 0", "a", "v.1-12 (1990-2001).", "z", "bound" }, { "876", "  ", "8", "1.1", "a", "77", "p", "3170" },
}

describe("holdings records", function()
  it("have locations, captions, textual holdings and items", function()
    check({ { "locations()", "[MAIN Serials]" }, { "captions()", "[v. no. (year) (month)|suppl.]" }, { "textual()", "[v.1-12 (1990-2001).]" },
      { "items()", "[77 3170]" }, { "language()", "eng" } }, HOLDINGS)
  end)
  it("show enumeration with the captions that $8 links", function()
    check({ { "enumeration()", "[v.1-12 (1990-2001)|v.13:no.3 (2002:05)|7|2004|suppl.2]" } }, HOLDINGS)
  end)
  it("show it raw as it stands", function()
    check({ { "enumeration{raw = true}", "[1-12 1990-2001|13 3 2002 05|7|2004|2]" } }, HOLDINGS)
  end)
end)

describe("edits", function()
  it("answer every reader with their own changes", function()
    local body = [[local e = rec:edit():set("245$a", "New"):remove("245$b"):remove("020"):set("LDR/06", "c"):set("008/22", "e")
      print(e:title(), #e:isbns(), e:is_book(), e:is_music(), e:pubyear(), e:fixed("008", "audience"), e.leader:meaning("type"))
      e:discard()]]
    assert.equal("New\t0\tfalse\ttrue\t2011\te\tnotated music", lua.seen(body, BOOK))
  end)
end)

describe("a reader called wrongly", function()
  it("names the option that exists", function() lua.has(lua.fails("rec:title{row = true}", BOOK), "unknown option key 'row' (did you mean 'raw'?)") end)
  it("wants a table", function() lua.has(lua.fails("rec:title(true)", BOOK), "table {raw = true} expected, got boolean") end)
  it("wants true or false", function() lua.has(lua.fails("rec:title{raw = 1}", BOOK), "raw is true or false") end)
  it("wants a record", function() lua.has(lua.fails("rec.title()", BOOK), "record expected, got no value") end)
  it("is suggested for a slip", function()
    for slip, name in pairs { titel = "title", is_bok = "is_book", subject = "subjects", fixd = "fixed" } do
      lua.has(lua.fails("rec:" .. slip .. "()", BOOK), ("unknown record key '%s' (did you mean '%s'?)"):format(slip, name))
    end
  end)
  it("cannot be overwritten", function() lua.has(lua.fails("rec.title = 'x'", BOOK), "record key 'title' cannot be assigned") end)
end)

describe("rec:fixed", function()
  it("gives elements of 008 by name", function()
    check { { "fixed('008', 'date_type')", "s" }, { "fixed('008', 'date1')", "2011" }, { "fixed('008', 'place')", "enk" },
      { "fixed('008', 'illustrations')", "ab  " }, { "fixed('008', 'audience')", "j" }, { "fixed('008', 'literary_form')", "1" },
      { "fixed('008', 'source')", "d" } }
  end)
  it("is nil for an element of other materials", function() check { { "fixed('008', 'frequency')", "nil" }, { "meaning('008', 'frequency')", "nil" } } end)
  it("finds the same name elsewhere in other materials", function()
    local f008 = { "008", "240105c20119999enkmr p      f0   a0engxd" }
    check({ { "fixed('008', 'frequency')", "m" }, { "meaning('008', 'frequency')", "monthly" }, { "fixed('008', 'conference')", "0" } },
      { leader = "00000cas a2200000 i 4500", f008 })
    check({ { "fixed('008', 'form')", "0" }, { "fixed('008', 'technique')", "0" } }, { leader = "00000cgm a2200000 i 4500", f008 })
  end)
  it("gives elements of 006 of the material that it names itself", function()
    check { { "fixed('006', 'form_of_material')", "m" }, { "fixed('006', 'form')", "o" }, { "fixed('006', 'file_type')", "d" },
      { "meaning('006', 'file_type')", "document" }, { "fixed('006', 'illustrations')", "nil" } }
  end)
  it("gives elements of the first 007 that has them", function()
    check { { "fixed('007', 'category')", "c" }, { "meaning('007', 'designation')", "remote" }, { "meaning('007', 'speed')", "1.4 m/s" },
      { "meaning('007', 'channels')", "stereophonic" }, { "fixed('007', 'film_base')", "nil" } }
  end)
  it("gives what exists of a field that is cut short", function()
    check({ { "fixed('008', 'date1')", "20" }, { "fixed('008', 'place')", "nil" } }, record { "008", "240105s20" })
  end)
  it("counts characters, as paths do", function()
    check({ { "fixed('008', 'date1')", "2011" }, { "fixed('008', 'place')", "énk" } }, record { "008", "24010és2011    énk" })
  end)
  it("is nil without the field, and for a kind of record without a table", function()
    check({ { "fixed('008', 'date1')", "nil" }, { "fixed('006', 'form')", "nil" } }, record())
    check({ { "fixed('008', 'date_entered')", "nil" } }, { leader = "00000nqn a2200000   4500", { "008", "240105" } })
  end)
  it("knows authority, holdings and classification records", function()
    check({ { "fixed('008', 'record_kind')", "a" }, { "meaning('008', 'rules')", "other" } }, AUTHORITY)
    check({ { "meaning('008', 'receipt_status')", "currently received" }, { "meaning('008', 'acquisition_method')", "purchase" } }, HOLDINGS)
    check({ { "meaning('008', 'record_kind')", "table record" } }, { leader = "00000nw  a2200000n  4500", { "008", "240105baaaaaab" } })
  end)
  it("raises on a name that no material has, with a suggestion", function()
    lua.has(lua.fails("rec:fixed('008', 'audiance')", BOOK), "unknown 008 key 'audiance' (did you mean 'audience'?)")
    lua.has(lua.fails("rec:fixed('007', 'audience')", BOOK), "unknown 007 key 'audience'")
    lua.has(lua.fails("rec:fixed('006', 'date1')", BOOK), "unknown 006 key 'date1'")
  end)
  it("raises on other fields", function() lua.has(lua.fails("rec:fixed('005', 'date')", BOOK), '"006", "007" or "008" expected') end)
end)

describe("rec:meaning", function()
  it("says what codes mean, several joined, blanks that fill up left out", function()
    check { { "meaning('008', 'illustrations')", "illustrations; maps" }, { "meaning('008', 'index')", "index present" }, { "meaning('008', 'modified')", "missing characters" } }
  end)
  it("says what a blank means where it stands first", function()
    check({ { "meaning('008', 'illustrations')", "no illustrations" }, { "meaning('008', 'biography')", "no biographical material" } }, record { "008", marc.field008("2001", "eng") })
  end)
  it("is nil for unknown codes and for elements without a list", function()
    check { { "meaning('008', 'place')", "nil" }, { "meaning('008', 'date1')", "nil" } }
    check({ { "meaning('008', 'audience')", "nil" } }, record { "008", "240105s2011    enkab  9 b    001 1 engxd" })
  end)
end)

describe("rec.leader", function()
  local function shows(expression, from) return lua.seen("print(" .. expression .. ")", from or BOOK) end
  it("meaning says what a position holds, by number or name", function()
    assert.equal("corrected or revised\tlanguage material\tmonograph\tUnicode", shows "rec.leader:meaning(5), rec.leader:meaning('type'), rec.leader:meaning(7), rec.leader:meaning(9)")
  end)
  it("meaning is of this kind of record", function()
    assert.equal("complete authority record\tnil", shows("rec.leader:meaning(17), rec.leader:meaning(18)", { leader = "00000nz  a2200000nx 4500", { "001", "x" } }))
    assert.equal("holdings level 3", shows("rec.leader:meaning('encoding_level')", HOLDINGS))
  end)
  it("meaning is nil where nothing is listed", function() assert.equal("nil\tnil", shows "rec.leader:meaning(0), rec.leader:meaning('base')") end)
  it("values lists what is allowed", function()
    assert.equal("acdnp\tc\tcorrected or revised", lua.seen([[local all = {}
      for i, v in ipairs(rec.leader:values "status") do all[i] = v.value end
      print(table.concat(all), rec.leader:values(5)[2].value, rec.leader:values(5)[2].meaning)]], BOOK))
    assert.equal("7\tnil", shows("#rec.leader:values(5), rec.leader:values(2)", AUTHORITY))
  end)
  it("valid judges one position or all of them", function()
    assert.equal("true\ttrue\ttrue", shows "rec.leader:valid(), rec.leader:valid(5), rec.leader:valid(0)")
    local bad = { leader = "00000xam a2200000 i 4500", { "001", "x" } }
    assert.equal("false\tfalse\ttrue", shows("rec.leader:valid(), rec.leader:valid('status'), rec.leader:valid('type')", bad))
  end)
  it("raises on what is no position", function()
    lua.has(lua.fails("rec.leader:meaning(24)", BOOK), "leader positions are 0 to 23")
    lua.has(lua.fails("rec.leader:meaning('tpye')", BOOK), "unknown leader key 'tpye' (did you mean 'type'?)")
    lua.has(lua.fails("rec.leader:values()", BOOK), "string expected, got no value")
    lua.has(lua.fails("rec.leader.meanign = 1", BOOK), "changed through an edit")
  end)
end)
