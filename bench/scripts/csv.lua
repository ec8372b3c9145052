-- luacheck: read globals mrrc
-- The bench's extract job: a table of five columns.
local rows = mrrc.table {
  name = "rows",
  path = "{args.file}",
  columns = { "id", "title", "author", "year", "subjects" },
}

return {
  api = 1,
  options = { file = { help = "the table's file", type = "string", default = "rows.csv" } },
  each = function(rec)
    rows:row {
      id = rec:get("001"),
      title = rec:get("245$a"),
      author = rec:get("100$a"),
      year = rec:get("008/07-10"),
      subjects = rec:all("650$a"),
    }
  end,
}
