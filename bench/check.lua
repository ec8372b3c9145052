-- Compares what a tool wrote with the oracle's answer. Gives in one word how far they are equal, or nil and the first
-- difference; an empty or missing output is never equal to anything.

local iso2709 = require "iso2709"

local check = {}

local CHUNK = 1 << 20

local function open(path)
  local file, message = io.open(path, "rb")
  if not file then return nil, message end
  if not file:read(0) then
    file:close()
    return nil, path .. " is empty"
  end
  return file
end

local function same_bytes(a, b)
  while true do
    local x, y = a:read(CHUNK), b:read(CHUNK)
    if x ~= y then return false end
    if not x then return true end
  end
end

local function lines_sorted(list)
  table.sort(list)
  return table.concat(list, "\n")
end

-- a record as text, without the numbers that a writer counts; `loose` also forgets the order in it
local function essence(bytes, loose)
  local record = iso2709.parse(bytes)
  local fields = {}
  for i, field in ipairs(record.fields) do
    local content = field.content
    if loose and content:find("\31", 1, true) then
      local parts = {}
      for part in content:gmatch("\31[^\31]*") do parts[#parts + 1] = part end
      content = content:sub(1, 2) .. lines_sorted(parts)
    end
    fields[i] = field.tag .. content
  end
  local leader = record.leader:sub(6, 12) .. record.leader:sub(18)
  return leader .. (loose and lines_sorted(fields) or table.concat(fields, "\n"))
end

local function same_records(path, wanted, loose)
  local next_wanted, number = iso2709.records(wanted), 0
  for bytes in iso2709.records(path) do
    number = number + 1
    local other = next_wanted()
    if not other then return false, "more records than expected" end
    if bytes ~= other and essence(bytes, loose) ~= essence(other, loose) then
      return false, ("record %d of the output differs"):format(number)
    end
  end
  if next_wanted() then return false, ("only %d records"):format(number) end
  return true
end

local function bytes_equal(path, wanted)
  local a, why = open(path)
  if not a then return nil, why end
  local b, lacking = open(wanted)
  if not b then
    a:close()
    return nil, lacking
  end
  local same = same_bytes(a, b)
  a:close()
  b:close()
  return same, "bytes differ"
end

-- ISO 2709: "bytes", "records" or "but for order"
function check.marc(path, wanted)
  local same, why = bytes_equal(path, wanted)
  if same or same == nil then return same and "bytes" or nil, why end
  for _, level in ipairs { "records", "but for order" } do
    local ran, equal, difference = pcall(same_records, path, wanted, level ~= "records")
    if not ran then return nil, equal end
    if equal then return level end
    why = difference
  end
  return nil, why
end

-- a cell and the position after it
local function cell(text, at)
  if text:sub(at, at) ~= '"' then return text:match("^([^,\n]*)()", at) end
  local last = assert(text:find('"', at + 1, true), "a quoted cell does not end")
  while text:sub(last + 1, last + 1) == '"' do
    last = assert(text:find('"', last + 2, true), "a quoted cell does not end")
  end
  return (text:sub(at + 1, last - 1):gsub('""', '"')), last + 1
end

-- the rows of a CSV file, each as one string
local function read_rows(path)
  local file, message = open(path)
  if not file then return nil, message end
  local text = file:read("a"):gsub("^\xef\xbb\xbf", ""):gsub("\r\n", "\n")
  file:close()
  local rows, row, at = {}, {}, 1
  while at <= #text do
    local value, after = cell(text, at)
    row[#row + 1] = value
    if text:sub(after, after) ~= "," then
      rows[#rows + 1] = table.concat(row, "\31")
      row = {}
    end
    at = after + 1
  end
  return rows
end

-- CSV: "cells"; `sorted` when the order of the rows does not matter
local function tables(path, wanted, sorted)
  local a, why = read_rows(path)
  if not a then return nil, why end
  local b = assert(read_rows(wanted))
  if sorted then
    table.sort(a)
    table.sort(b)
  end
  for i = 1, math.max(#a, #b) do
    if a[i] ~= b[i] then return nil, ("row %d differs"):format(i) end
  end
  return "cells"
end

function check.csv(path, wanted) return tables(path, wanted, false) end

function check.counts(path, wanted) return tables(path, wanted, true) end

function check.bytes(path, wanted)
  local same, why = bytes_equal(path, wanted)
  return same and "bytes" or nil, why
end

-- A check that never finds a difference would be worth nothing: tried at the start of every run. `name_file` makes paths.
function check.prove_that_differences_show(name_file)
  local wanted, path = name_file("wanted"), name_file("written")
  local function compared(kind, a, b)
    for at, text in pairs { [wanted] = a, [path] = b } do
      local file = assert(io.open(at, "wb"))
      file:write(text)
      file:close()
    end
    return (check[kind](path, wanted))
  end
  local function record(...)
    local fields = {}
    for i, content in ipairs { ... } do fields[i] = { tag = "856", content = content } end
    return iso2709.build { leader = "00000nam a2200000 i 4500", fields = fields }
  end
  local one, two, turned = record("40\31ux\31zy"), record("40\31ux\31zz"), record("40\31zy\31ux")
  assert(compared("marc", one, one) == "bytes" and compared("marc", one, turned) == "but for order")
  assert(not compared("marc", one, two) and not compared("marc", one, one .. one) and not compared("marc", one .. one, one))
  assert(not compared("marc", one, one:sub(1, -2)) and not compared("marc", one, ""))
  assert(compared("csv", 'a,"b ""c"""\n', '"a","b ""c"""\r\n') == "cells" and not compared("csv", "a,b\n", "a,c\n"))
  assert(not compared("csv", "a\nb\n", "b\na\n") and compared("counts", "a,1\nb,2\n", "b,2\na,1\n") == "cells")
  assert(not compared("counts", "a,1\n", "a,1\nb,2\n") and not compared("csv", "a\n", ""))
  assert(compared("bytes", "1\n", "1\n") == "bytes" and not compared("bytes", "1\n", "2\n"))
  os.remove(path)
  assert(not check.bytes(path, wanted))
  os.remove(wanted)
end

return check
