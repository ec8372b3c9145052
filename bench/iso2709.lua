-- Reads and writes ISO 2709 in the plainest Lua, for checking what the tools wrote. It shares nothing with the program that
-- is measured, expects well-formed input and stops at anything else.

local iso2709 = {}

local FIELD_END, RECORD_END = "\30", "\29"
local CHUNK = 1 << 20

-- leader and fields {tag, content without its terminator}, in directory order
function iso2709.parse(bytes)
  assert(#bytes == tonumber(bytes:sub(1, 5)) and bytes:sub(-1) == RECORD_END, "a record's length is wrong")
  local base = assert(tonumber(bytes:sub(13, 17)), "a base address is no number")
  local fields = {}
  for at = 25, base - 1, 12 do
    local tag, len, start = bytes:match("^(...)(%d%d%d%d)(%d%d%d%d%d)", at)
    local first = base + 1 + assert(tonumber(start), "a directory entry is broken")
    local last = first + tonumber(len) - 1
    assert(bytes:sub(last, last) == FIELD_END, "a field does not end")
    fields[#fields + 1] = { tag = tag, content = bytes:sub(first, last - 1) }
  end
  return { leader = bytes:sub(1, 24), fields = fields }
end

function iso2709.build(record)
  local directory, body, at = {}, {}, 0
  for i, field in ipairs(record.fields) do
    body[i] = field.content .. FIELD_END
    directory[i] = ("%s%04d%05d"):format(field.tag, #body[i], at)
    at = at + #body[i]
  end
  local base = 24 + 12 * #directory + 1
  local leader = record.leader
  return table.concat {
    ("%05d"):format(base + at + 1), leader:sub(6, 12), ("%05d"):format(base), leader:sub(18),
    table.concat(directory), FIELD_END, table.concat(body), RECORD_END,
  }
end

-- iterator over the records' bytes
function iso2709.records(path)
  local file = assert(io.open(path, "rb"))
  local buffer, at = "", 1
  return function()
    while true do
      local last = buffer:find(RECORD_END, at, true)
      if last then
        local first = at
        at = last + 1
        return buffer:sub(first, last)
      end
      local more = file:read(CHUNK)
      if not more then
        assert(at > #buffer, path .. " ends inside a record")
        file:close()
        return nil
      end
      buffer, at = buffer:sub(at) .. more, 1
    end
  end
end

function iso2709.subfields(content, wanted)
  local found = {}
  for code, value in content:gmatch("\31(.)([^\31]*)") do
    if not wanted or code == wanted then found[#found + 1] = value end
  end
  return found
end

return iso2709
