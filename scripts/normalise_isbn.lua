-- normalise_isbn.lua: bring 020 $a into one form: thirteen digits, no hyphens, qualifiers in $q.
--
--   mrrc run scripts/normalise_isbn.lua books.mrc -o books-isbn.mrc
--
--   020 ## $a 0-13-110362-8 (pbk.) :  becomes  020 ## $a 9780131103627 $q pbk.
--
-- A number whose check digit is wrong stays as it is: a person has to look at it.
-- To learn: walking the fields of an edit with e:fields, changing one through its view, plain Lua string work, and a
-- counter whose result is the same for any number of threads.

local numbers = mrrc.counter("numbers")

-- ISBN-10: weights 10 to 1, modulus 11, X is ten
local function valid10(digits)
  local sum = 0
  for i = 1, 10 do
    local c = digits:sub(i, i)
    sum = sum + (11 - i) * (c == "X" and 10 or tonumber(c))
  end
  return sum % 11 == 0
end

-- EAN-13: weights 1 and 3 in turn, modulus 10; of its first twelve digits
local function check13(digits)
  local sum = 0
  for i = 1, 12 do sum = sum + tonumber(digits:sub(i, i)) * (i % 2 == 1 and 1 or 3) end
  return tostring((10 - sum % 10) % 10)
end

-- thirteen digits, or nil when this is no valid ISBN
local function to13(text)
  local digits = text:gsub("[%s-]", ""):upper()
  if digits:find("^%d%d%d%d%d%d%d%d%d[%dX]$") then
    if not valid10(digits) then return nil end
    local body = "978" .. digits:sub(1, 9)
    return body .. check13(body)
  end
  if digits:find("^97[89]%d%d%d%d%d%d%d%d%d%d$") and digits:sub(13) == check13(digits) then return digits end
  return nil
end

-- "0-13-110362-8 (pbk.) (v. 1) :" -> "9780131103627", {"pbk.", "v. 1"}
local function parse(text)
  local number, rest = text:match("^%s*([%dXx%s-]+)(.*)$")
  local isbn = number and to13(number)
  if not isbn then return nil end
  local qualifiers = {}
  for qualifier in rest:gmatch("%(%s*(.-)%s*%)") do qualifiers[#qualifiers + 1] = qualifier end
  return isbn, qualifiers
end

local function position_of(field, code)
  local n = 0
  for found in field:subfields() do
    n = n + 1
    if found == code then return n end
  end
end

local function normalise(field)
  local text = field:get("a")
  if not text then return end -- only $z, a cancelled number
  local isbn, qualifiers = parse(text)
  if not isbn then return numbers:add("invalid") end
  if isbn == text then return numbers:add("right already") end
  numbers:add("normalised")
  local after = position_of(field, "a") + 1
  field:set("a", isbn)
  for i = #qualifiers, 1, -1 do field:insert(after, "q", qualifiers[i]) end
end

return {
  api = 1,
  name = "normalise_isbn",
  summary = "ISBNs in 020 $a: thirteen digits, qualifiers to $q",
  needs = { "020" },

  transform = function(rec)
    local e = rec:edit()
    for field in e:fields("020") do normalise(field) end
    return e
  end,

  finish = function(agg, out)
    for _, kind in ipairs { "normalised", "right already", "invalid" } do
      out:printf("%-14s %6d\n", kind, agg.numbers:get(kind))
    end
  end,
}
