-- ISO 2709 in plain Lua, for test input and for looking at output: shares nothing with the program it tests.
-- local marc = require "spec.support.iso2709"
--
--   A record is {leader = "…", {"001", "x1"}, {"245", "10", "a", "Title /", "c", "Author."}, …}; the leader may be left out.
--
--   marc.write(record, …) -> bytes                  lengths, base address and directory computed
--   marc.write_broken(record, {length = "99999"})   with parts of the frame replaced: length, base (text of five digits each),
--                                                   map (leader 20-23), directory (function: text -> text), terminator (text)
--   marc.read(bytes) -> {record, …}                 raises on anything that is not exactly right, so specs need not look
--   marc.split(bytes) -> {bytes, …}                 by leader length alone
--   marc.get(record, "245", "a") -> first value     without code: a control field's text; marc.all(…) -> every value
--   marc.tags(record) -> "001 245 650 650"          marc.indicators(record, "245") -> "10"
--   marc.books(n) -> bytes                          n different small books, for runs over many batches

local M = {}

M.LEADER = "00000nam a2200000 a 4500"

local SF, FT, RT = "\31", "\30", "\29" -- subfield delimiter, field terminator, record terminator

local function content_of(field)
  if #field == 2 then return field[2] .. FT end
  assert(#field[2] == 2 and #field % 2 == 0, "a data field is {tag, two indicators, code, value, …}")
  local parts = { field[2] }
  for i = 3, #field, 2 do parts[#parts + 1] = SF .. field[i] .. field[i + 1] end
  return table.concat(parts) .. FT
end

-- MARC 21: Leader/00-04 record length, /12-16 base address, /20-23 entry map; a directory entry is 3 + 4 + 5 characters
function M.write_broken(record, broken)
  local leader = record.leader or M.LEADER
  assert(#leader == 24, "a leader has 24 characters")
  local directory, contents, at = {}, {}, 0
  for _, field in ipairs(record) do
    local content = content_of(field)
    assert(#content <= 9999 and at <= 99999, "field too long for ISO 2709")
    directory[#directory + 1] = ("%s%04d%05d"):format(field[1], #content, at)
    contents[#contents + 1] = content
    at = at + #content
  end
  local entries = table.concat(directory)
  if broken.directory then entries = broken.directory(entries) end
  local base = 24 + #entries + 1
  local length = base + at + 1
  assert(length <= 99999, "record too long for ISO 2709")
  return table.concat {
    broken.length or ("%05d"):format(length), leader:sub(6, 12), broken.base or ("%05d"):format(base), leader:sub(18, 20),
    broken.map or leader:sub(21), entries, FT, table.concat(contents), broken.terminator or RT,
  }
end

function M.write(...)
  local all = {}
  for i, record in ipairs { ... } do all[i] = M.write_broken(record, {}) end
  return table.concat(all)
end

function M.split(bytes)
  local records, at = {}, 1
  while at <= #bytes do
    local length = assert(tonumber(bytes:match("^%d%d%d%d%d", at)), ("no record length at offset %d"):format(at - 1))
    assert(length >= 26 and at + length - 1 <= #bytes, ("record at offset %d is cut short"):format(at - 1))
    records[#records + 1] = bytes:sub(at, at + length - 1)
    at = at + length
  end
  return records
end

local function read_field(tag, content)
  assert(content:sub(-1) == FT, "field " .. tag .. " has no terminator")
  content = content:sub(1, -2)
  assert(not content:find("[\29\30]"), "a terminator inside of field " .. tag)
  if tag:sub(1, 2) == "00" then return { tag, content } end
  local field, rest = { tag, content:sub(1, 2) }, content:sub(3)
  assert(#content >= 2 and (rest == "" or rest:sub(1, 1) == SF), "field " .. tag .. " is ill-formed")
  for code, value in rest:gmatch("\31(.)([^\31]*)") do
    field[#field + 1], field[#field + 2] = code, value
  end
  return field
end

local function read_one(bytes)
  local record = { leader = bytes:sub(1, 24) }
  local base = assert(tonumber(bytes:sub(13, 17)), "no base address")
  assert(bytes:sub(-1) == RT, "no record terminator")
  assert(bytes:sub(base, base) == FT, "no terminator before the base address")
  assert((base - 25) % 12 == 0, "the directory is no multiple of 12")
  local used = 0
  for at = 25, base - 12, 12 do
    local tag, length, start = bytes:match("^(...)(%d%d%d%d)(%d%d%d%d%d)", at)
    assert(tag, "ill-formed directory entry")
    record[#record + 1] = read_field(tag, bytes:sub(base + 1 + start, base + start + length))
    used = used + length
  end
  assert(base + used + 1 == #bytes, "bytes that no directory entry names")
  return record
end

function M.read(bytes)
  local records = {}
  for i, one in ipairs(M.split(bytes)) do
    local fine, record = pcall(read_one, one)
    if not fine then error(("record %d: %s"):format(i, record), 2) end
    records[i] = record
  end
  return records
end

function M.all(record, tag, code)
  local values = {}
  for _, field in ipairs(record) do
    if field[1] == tag then
      if not code then values[#values + 1] = field[2] end
      for i = 3, code and #field or 0, 2 do
        if field[i] == code then values[#values + 1] = field[i + 1] end
      end
    end
  end
  return values
end

function M.get(record, tag, code) return M.all(record, tag, code)[1] end

function M.tags(record)
  local tags = {}
  for i, field in ipairs(record) do tags[i] = field[1] end
  return table.concat(tags, " ")
end

function M.indicators(record, tag)
  for _, field in ipairs(record) do
    if field[1] == tag and #field > 2 then return field[2] end
  end
end

-- MARC 21 008 for books: /07-10 year, /35-37 language
function M.field008(year, language)
  return ("240101s%4s    xx            000 0 %3s d"):format(year, language)
end

function M.books(n)
  local all, languages = {}, { "eng", "ger", "fre", "swe" }
  for i = 1, n do
    all[i] = M.write {
      { "001", ("b%06d"):format(i) },
      { "008", M.field008(tostring(1950 + i * 7 % 75), languages[i % 4 + 1]) },
      { "100", "1 ", "a", ("Author %d, Näme,"):format(i % 50), "e", "author." },
      { "245", "10", "a", ("Title %d"):format(i) .. (" of words"):rep(i % 9) .. " /", "c", ("Author %d."):format(i % 50) },
      { "650", " 0", "a", ("Subject %d"):format(i % 17), "x", "History." },
      { "852", "  ", "b", ("branch%d"):format(i % 3) },
    }
  end
  return table.concat(all)
end

return M
