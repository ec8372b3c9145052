-- Reads JSON, strictly, for looking at what the program wrote. local json = require "spec.support.json"
--
--   json.read(text) -> value        raises on anything that is no JSON; null is json.null
--   json.lines(text) -> {value, …}  one value a line; the last line must be ended
local M = {}

M.null = setmetatable({}, { __tostring = function() return "null" end })

local ESCAPES = { b = "\b", f = "\f", n = "\n", r = "\r", t = "\t", ['"'] = '"', ["\\"] = "\\", ["/"] = "/" }
local read_value

local function fail(text, at, what) error(("%s at byte %d: %q"):format(what, at, text:sub(at, at + 30)), 0) end

local function blank(text, at) return text:match("^[ \t\r\n]*()", at) end

local function unicode(text, at)
  local high = tonumber(text:match("^%x%x%x%x", at) or fail(text, at, "four digits expected"), 16)
  if high < 0xD800 or high > 0xDFFF then return utf8.char(high), at + 4 end
  local low = tonumber(text:match("^\\u([dD][c-fC-F]%x%x)", at + 4) or fail(text, at, "half a surrogate"), 16)
  return utf8.char(0x10000 + (high - 0xD800) * 0x400 + low - 0xDC00), at + 10
end

local function read_string(text, at)
  local parts, from = {}, at + 1
  local stop
  while true do
    stop = text:find('["\\%c]', from) or fail(text, at, "string without an end")
    parts[#parts + 1] = text:sub(from, stop - 1)
    local c = text:sub(stop, stop)
    if c == '"' then break end
    if c ~= "\\" then fail(text, stop, "control character in a string") end
    local escape = text:sub(stop + 1, stop + 1)
    if escape == "u" then
      parts[#parts + 1], from = unicode(text, stop + 2)
    else
      parts[#parts + 1], from = ESCAPES[escape] or fail(text, stop, "unknown escape"), stop + 2
    end
  end
  local whole = table.concat(parts)
  if not utf8.len(whole) then fail(text, at, "string that is no UTF-8") end
  return whole, stop + 1
end

local function read_number(text, at)
  local whole = text:match("^%-?%d+", at) or fail(text, at, "value expected")
  if whole:find("^%-?0%d") then fail(text, at, "number with a leading zero") end
  local stop = at + #whole
  stop = text:match("^%.%d+()", stop) or stop
  stop = text:match("^[eE][+-]?%d+()", stop) or stop
  return tonumber(text:sub(at, stop - 1)), stop
end

-- items up to `close`; `item` reads one into `into` and returns the place behind it
local function read_row(text, at, close, into, item)
  at = blank(text, at + 1)
  if text:sub(at, at) == close then return into, at + 1 end
  while true do
    at = blank(text, item(into, at))
    local c = text:sub(at, at)
    if c == close then return into, at + 1 end
    if c ~= "," then fail(text, at, "comma expected") end
    at = blank(text, at + 1)
  end
end

local function read_array(text, at)
  return read_row(text, at, "]", {}, function(into, place)
    into[#into + 1], place = read_value(text, place)
    return place
  end)
end

local function read_object(text, at)
  return read_row(text, at, "}", {}, function(into, place)
    if text:sub(place, place) ~= '"' then fail(text, place, "key expected") end
    local key
    key, place = read_string(text, place)
    if into[key] ~= nil then fail(text, place, "key given twice") end
    place = blank(text, place)
    if text:sub(place, place) ~= ":" then fail(text, place, "colon expected") end
    into[key], place = read_value(text, blank(text, place + 1))
    return place
  end)
end

local WORDS = { ["true"] = true, ["false"] = false, null = M.null }

function read_value(text, at)
  local c = text:sub(at, at)
  if c == "{" then return read_object(text, at) end
  if c == "[" then return read_array(text, at) end
  if c == '"' then return read_string(text, at) end
  local word = text:match("^%l+", at)
  if word and WORDS[word] ~= nil then return WORDS[word], at + #word end
  return read_number(text, at)
end

function M.read(text)
  local value, at = read_value(text, blank(text, 1))
  if blank(text, at) <= #text then fail(text, at, "more than one value") end
  return value
end

function M.lines(text)
  local values = {}
  if text ~= "" and text:sub(-1) ~= "\n" then error("the last line has no end", 2) end
  for line in text:gmatch("(.-)\n") do values[#values + 1] = M.read(line) end
  return values
end

return M
