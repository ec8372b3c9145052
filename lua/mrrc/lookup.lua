-- lookup.lua: mrrc.lookup{path =, key =, value =}: a table in a file (CSV or TSV by RFC 4180), by one of its columns.
--
-- Read when the script loads, one copy in each state. Whatever is wrong with the file is an error then, with its line, and
-- never a wrong answer later. Rows are given out as views that cannot be written.

local mrrc, host = ...

local KNOWN = { path = "string", key = "string", value = "string", sep = "string", fold = "boolean", multi = "boolean" }

local function check_options(o)
  if type(o) ~= "table" then error("mrrc.lookup takes a table {path =, key =, value =, …}", 3) end
  for name, value in pairs(o) do
    local want = KNOWN[name]
    if not want then error(("mrrc.lookup has no option '%s'"):format(tostring(name)), 3) end
    if type(value) ~= want then error(("mrrc.lookup: %s must be a %s, not a %s"):format(name, want, type(value)), 3) end
  end
  if not o.path or not o.key then error("mrrc.lookup needs path and key", 3) end
  if o.sep and (#o.sep ~= 1 or o.sep:find("[\"\r\n]")) then error("mrrc.lookup: sep must be one ASCII character", 3) end
end

local function read_file(path)
  local file, message = io.open(path, "rb")
  local text
  if file then
    text, message = file:read("a")
    file:close()
  end
  if not text then error("mrrc.lookup: " .. message, 4) end
  return (text:gsub("^\239\187\191", ""))
end

-- iterator over line number, cells; empty lines are left out
local function rows_of(path, text, sep)
  local at, line = 1, 1
  return function()
    while true do
      local began = line
      local ok, row, next_at, next_line = pcall(host.csv, text, sep, at, line)
      if not ok then error(("mrrc.lookup: %s: %s"):format(path, row), 0) end
      if row == nil then return nil end
      at, line = next_at, next_line
      if #row > 1 or row[1] ~= "" then return began, row end
    end
  end
end

local function columns_of(path, header)
  local columns = {}
  for i, name in ipairs(header or {}) do
    if columns[name] then error(("mrrc.lookup: %s has two columns '%s'"):format(path, name), 0) end
    columns[name] = i
  end
  return columns
end

local function column(path, columns, header, name)
  if columns[name] then return columns[name] end
  error(("mrrc.lookup: %s has no column '%s'; it has: %s"):format(path, name, table.concat(header or {}, ", ")), 0)
end

-- Rows as views: cells are found by the row, columns are shared by all.
local function row_maker(columns, header)
  local cells_of = setmetatable({}, { __mode = "k" })
  local meta = {
    __index = function(row, name)
      local i = columns[name]
      if not i then error(("the row has no column '%s'"):format(tostring(name)), 2) end
      return cells_of[row][i]
    end,
    __newindex = function() error("rows of a lookup are read only", 2) end,
    __pairs = function(row)
      local i = 0
      return function()
        i = i + 1
        if header[i] then return header[i], cells_of[row][i] end
      end
    end,
    __metatable = false,
  }
  return function(cells)
    local row = setmetatable({}, meta)
    cells_of[row] = cells
    return row
  end
end

local function load_map(o, text)
  local next_row = rows_of(o.path, text, o.sep or ",")
  local _, header = next_row()
  local columns = columns_of(o.path, header)
  local key_at = column(o.path, columns, header, o.key)
  local value_at = o.value and column(o.path, columns, header, o.value)
  local make_row = row_maker(columns, header)
  local map, first_line, count = {}, {}, 0
  for line, cells in next_row do
    if #cells ~= #header then
      error(("mrrc.lookup: %s: line %d has %d cells, the header has %d"):format(o.path, line, #cells, #header), 0)
    end
    local key = o.fold and mrrc.fold(cells[key_at]) or cells[key_at]
    local value = value_at and cells[value_at] or make_row(cells)
    count = count + 1
    if o.multi then
      local list = map[key] or {}
      list[#list + 1], map[key] = value, list
    elseif map[key] ~= nil then
      error(("mrrc.lookup: %s: the key '%s' stands in line %d and in line %d; multi = true allows that")
        :format(o.path, cells[key_at], first_line[key], line), 0)
    else
      map[key], first_line[key] = value, line
    end
  end
  return map, count
end

-- Arrays are handed out as copies: one record must not change what the next one finds.
local function make_methods(o, map, count)
  local function get(_, key)
    if key == nil then return nil end
    key = tostring(key)
    local found = map[o.fold and mrrc.fold(key) or key]
    if o.multi and found then return table.move(found, 1, #found, 1, {}) end
    return found
  end
  return { get = get, count = function() return count end }
end

return function(options)
  check_options(options)
  local ok, map, count = pcall(load_map, options, read_file(options.path))
  if not ok then error(map, 2) end
  return setmetatable({}, {
    __index = make_methods(options, map, count),
    __newindex = function() error("a lookup is read only", 2) end,
    __name = "lookup", __metatable = false,
  })
end
