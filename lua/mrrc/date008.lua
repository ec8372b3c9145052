-- date008.lua: mrrc.date008(text): the dates of field 008 (or of its first 15 characters), taken apart.
--
-- MARC 21, 008/00-05 date entered, 008/06 type of date, 008/07-10 and 008/11-14 the two dates. `first` and `last` are the
-- years that the dates allow: "19uu" is 1900 to 1999; of a serial that goes on (9999) there is no last.

local TYPES = {
  b = "no dates given; B.C. date involved", c = "continuing resource currently published",
  d = "continuing resource ceased publication", e = "detailed date", i = "inclusive dates of collection",
  k = "range of years of bulk of collection", m = "multiple dates", n = "dates unknown",
  p = "date of distribution and production", q = "questionable date", r = "reprint date and original date",
  s = "single known date", t = "publication date and copyright date", u = "continuing resource status unknown",
  ["|"] = "no attempt to code",
}

-- the type says that the second date ends what the first began
local RANGE = { c = true, d = true, i = true, k = true, m = true, q = true, u = true }

-- first and last year that four characters of digits and u allow
local function years(text)
  if not text:find("^%d[%du][%du][%du]$") then return nil end
  return math.tointeger(tonumber((text:gsub("u", "0")))), math.tointeger(tonumber((text:gsub("u", "9"))))
end

local function date008(text)
  if text == nil then return nil end
  if type(text) ~= "string" then error("mrrc.date008 takes the text of field 008", 2) end
  if #text < 15 then return nil end
  local kind, one, two = text:sub(7, 7), text:sub(8, 11), text:sub(12, 15)
  local first, last = years(one)
  if RANGE[kind] then
    local _, finish = years(two)
    last = finish
    if two == "9999" or two == "uuuu" then last = nil end
  end
  return { entered = text:sub(1, 6), type = kind, meaning = TYPES[kind], date1 = one, date2 = two, first = first, last = last }
end

return date008
