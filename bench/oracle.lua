-- The jobs of the bench once more, in plain Lua and without hurry: what every tool's output is compared with.
-- Run: lua5.4 bench/oracle.lua JOB INPUT OUTPUT, where JOB is count, filter, edit, csv, subjects or cpu
--
-- The jobs, exactly:
--   count     the number of records
--   filter    the records whose first 245$a contains "history"
--   edit      all 9XX dropped, every 856$u prefixed, a 999 added at the end
--   csv       a table: 001, first 245$a, first 100$a, 008/07-10, all 650$a
--   subjects  how often each 650$a occurs
--   cpu       for each record a hash (FNV-1a, 32 bits, 8 rounds) over the text of its 5XX and 6XX, in the language of the
--             script; the sum of them

package.path = (arg[0]:match("^(.*)/") or ".") .. "/?.lua;" .. package.path
local iso2709 = require "iso2709"

local PROXY = "https://proxy.example.org/login?url="
local jobs = {}

local function fields(record, pattern)
  local i = 0
  return function()
    repeat i = i + 1 until not record.fields[i] or record.fields[i].tag:find(pattern)
    return record.fields[i]
  end
end

local function first(record, tag, code)
  for field in fields(record, tag) do
    local value = iso2709.subfields(field.content, code)[1]
    if value then return value end
  end
end

local function all(record, tag, code)
  local values = {}
  for field in fields(record, tag) do
    for _, value in ipairs(iso2709.subfields(field.content, code)) do values[#values + 1] = value end
  end
  return values
end

local function cell(text)
  return text:find('[",\r\n]') and '"' .. text:gsub('"', '""') .. '"' or text
end

function jobs.count(records, out)
  local n = 0
  for _ in records do n = n + 1 end
  out:write(n, "\n")
end

function jobs.filter(records, out)
  for bytes in records do
    local title = first(iso2709.parse(bytes), "^245", "a")
    if title and title:find("history", 1, true) then out:write(bytes) end
  end
end

function jobs.edit(records, out)
  for bytes in records do
    local record = iso2709.parse(bytes)
    local kept = {}
    for field in fields(record, "^[^9]") do
      if field.tag == "856" then field.content = field.content:gsub("\31u", "\31u" .. PROXY:gsub("%%", "%%%%")) end
      kept[#kept + 1] = field
    end
    kept[#kept + 1] = { tag = "999", content = "  \31aloaded by the bench" }
    out:write(iso2709.build { leader = record.leader, fields = kept })
  end
end

function jobs.csv(records, out)
  out:write("id,title,author,year,subjects\n")
  for bytes in records do
    local record = iso2709.parse(bytes)
    out:write(table.concat({
      cell(fields(record, "^001")().content),
      cell(first(record, "^245", "a") or ""),
      cell(first(record, "^100", "a") or ""),
      cell(fields(record, "^008")().content:sub(8, 11)),
      cell(table.concat(all(record, "^650", "a"), "; ")),
    }, ","), "\n")
  end
end

function jobs.subjects(records, out)
  local counts, names = {}, {}
  for bytes in records do
    for _, heading in ipairs(all(iso2709.parse(bytes), "^650", "a")) do
      if not counts[heading] then names[#names + 1] = heading end
      counts[heading] = (counts[heading] or 0) + 1
    end
  end
  table.sort(names)
  for _, name in ipairs(names) do out:write(cell(name), ",", counts[name], "\n") end
end

function jobs.cpu(records, out)
  local sum, n = 0, 0
  for bytes in records do
    local hash = 2166136261
    for field in fields(iso2709.parse(bytes), "^[56]") do
      local text = table.concat(iso2709.subfields(field.content), " ")
      for _ = 1, 8 do
        for i = 1, #text do hash = ((hash ~ text:byte(i)) * 16777619) & 0xffffffff end
      end
    end
    sum, n = sum + hash, n + 1
  end
  out:write(n, " ", sum, "\n")
end

local job, input, output = arg[1], arg[2], arg[3]
if not jobs[job] or not output then
  io.stderr:write("usage: lua5.4 bench/oracle.lua count|filter|edit|csv|subjects|cpu INPUT OUTPUT\n")
  os.exit(2)
end
local out = assert(io.open(output, "wb"))
out:setvbuf("full", 1 << 20)
jobs[job](iso2709.records(input), out)
assert(out:close())
