-- titles_to_csv.lua: a table of titles for a spreadsheet.
--
--   mrrc run scripts/titles_to_csv.lua -a file=titles.csv books.mrc
--
-- To learn: a table is a declared result; its columns are fixed, a nil is an empty cell, a list is joined with "; ", and
-- quoting is not your business. The suffix picks the format (.csv, .tsv, .jsonl). rec:text joins a field's subfields; a
-- path that is not there is nil, never an error, so nothing has to be asked first. mrrc.args is what -a gave, known
-- already while the script loads.

local file = mrrc.args.file or "titles.csv"

local titles = mrrc.table {
  name = "titles",
  path = file,
  columns = { "id", "title", "author", "year", "language", "isbn", "subjects" },
  bom = file:find("%.csv$") ~= nil, -- spreadsheets take a CSV file without it for an older encoding
}

-- without the punctuation that separates areas of description (ISBD)
local function clean(text)
  return text and (text:gsub("%s*[/:;,=]%s*$", ""))
end

return {
  api = 1,
  name = "titles_to_csv",
  summary = "a table of identifiers, titles, authors, years and subjects",
  options = {
    file = { help = "the table's file", default = "titles.csv", type = "string" },
  },

  each = function(rec)
    titles:row {
      id = rec:get("001"),
      title = clean(rec:text("245$a$b$n$p")),
      author = clean(rec:get("100$a") or rec:get("110$a") or rec:get("111$a")),
      year = rec:number("008/07-10"),
      language = rec:get("008/35-37"),
      isbn = rec:all("020$a"),
      subjects = rec:all("650$a"),
    }
  end,

  finish = function(agg, out)
    out:printf("%d rows\n", agg.titles:count())
  end,
}
