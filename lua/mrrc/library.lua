-- library.lua: the helpers of the table mrrc that are written in Lua, and where require finds them.
--
-- Loaded once per state by the prelude with (mrrc, host, program, pairs in key order). Those with tables of data are
-- modules of their own, loaded when a script first asks for one: a state that does not need them does not pay for them.

local mrrc, host, program, pairs_in_order = ...

local MODULES = { country = true, date008 = true, lang = true, lookup = true, nonfiling = true }

-- for key, value in mrrc.sorted(t) do: as pairs in a script; nil is an empty table
function mrrc.sorted(t)
  if t ~= nil and type(t) ~= "table" then error("mrrc.sorted takes a table, not a " .. type(t), 2) end
  return pairs_in_order(t or {})
end

-- yyyymmddhhmmss.f of the run's one clock reading (MARC 21, field 005), in UTC
function mrrc.stamp005()
  return os.date("!%Y%m%d%H%M%S.0", program.now)
end

local function load_module(name)
  local source = host.embedded("mrrc." .. name)
  return load(source, "=mrrc." .. name, "t")(mrrc, host)
end

setmetatable(mrrc, {
  __index = function(_, name)
    if not MODULES[name] then return nil end
    local value = load_module(name)
    mrrc[name] = value
    return value
  end,
  __metatable = false,
})

-- require "mrrc.isbn" is mrrc.isbn
table.insert(package.searchers, 2, function(name)
  local helper = name:match("^mrrc%.(%w+)$")
  if not helper then return nil end
  if mrrc[helper] == nil then return ("\n\tno helper mrrc.%s"):format(helper) end
  return function() return mrrc[helper] end, "mrrc"
end)
