-- run.lua: the prelude of every script state: turns the user's pieces (a script file, -e, --filter and
-- --each texts) into one table of hooks, and makes the world they see the same for every thread count.
--
-- Called once per state with (mrrc, program); returns { where, filter, transform, each, on_error, finish,
-- init, ctx, out, usage }. What it refuses, it refuses with a sentence that says what to write instead.

local mrrc, program = ...
local host = mrrc.host
mrrc.host = nil

-- a script may change these tables, and the prelude goes on working: no method of a string is called below
local byte, format, lower, match, sub = string.byte, string.format, string.lower, string.match, string.sub
local concat, sort, min = table.concat, table.sort, math.min
local math_type, tointeger = math.type, math.tointeger
local error, ipairs, load, next, rawget, rawset, require = error, ipairs, load, next, rawget, rawset, require
local setmetatable, tonumber, tostring, type = setmetatable, tonumber, tostring, type

local HOOKS = { "init", "filter", "transform", "each", "on_error", "finish" }
local KNOWN = {
  api = "number", name = "string", summary = "string", options = "table", needs = "table", where = "string",
  init = "function", filter = "function", transform = "function", each = "function", on_error = "function",
  finish = "function",
}

-- ---------------------------------------------------------------- suggestions

-- Edits (insert, delete, replace, swap of neighbours) between two short words.
local function distance(a, b)
  local prev2, prev = nil, {}
  for j = 0, #b do prev[j] = j end
  for i = 1, #a do
    local row = { [0] = i }
    for j = 1, #b do
      local cost = byte(a, i) == byte(b, j) and 0 or 1
      local best = min(prev[j] + 1, row[j - 1] + 1, prev[j - 1] + cost)
      if prev2 and j > 1 and byte(a, i) == byte(b, j - 1) and byte(a, i - 1) == byte(b, j) then
        best = min(best, prev2[j - 2] + 1)
      end
      row[j] = best
    end
    prev2, prev = prev, row
  end
  return prev[#b]
end

local function suggestion(word, words)
  local best, least = nil, 3
  if #word > 64 then return "" end
  for _, candidate in ipairs(words) do
    local d = distance(word, candidate)
    if d < least and d < #candidate then best, least = candidate, d end
  end
  return best and (": did you mean " .. best .. "?") or ""
end

local function sorted_keys(t)
  local keys = {}
  for k in next, t do
    if type(k) == "string" then keys[#keys + 1] = k end
  end
  sort(keys)
  return keys
end

-- ---------------------------------------------------------------- a world without hash order, clocks and exits

local rawpairs = pairs
local metatable = debug.getmetatable -- a protected one, too

local function before(a, b)
  if type(a) == type(b) and (type(a) == "number" or type(a) == "string") then return a < b end
  local rank = { number = 1, string = 2, boolean = 3 }
  local ra, rb = rank[type(a)] or 4, rank[type(b)] or 4
  if ra ~= rb then return ra < rb end
  return type(a) == "boolean" and a == false and b == true
end

-- pairs in a fixed order: 1..n, other numbers, strings in byte order, then the rest.
local function pairs_in_order(t)
  local meta = metatable(t)
  if type(t) ~= "table" or (type(meta) == "table" and meta.__pairs) then return rawpairs(t) end
  local n, keys = 0, {}
  while rawget(t, n + 1) ~= nil do n = n + 1 end
  for k in next, t do
    if not (math_type(k) == "integer" and k >= 1 and k <= n) then keys[#keys + 1] = k end
  end
  sort(keys, before)
  local i = 0
  return function()
    while true do
      i = i + 1
      local key = i
      if i > n then key = keys[i - n] end
      if key == nil then return nil end
      local value = rawget(t, key)
      if value ~= nil then return key, value end
    end
  end, t, nil
end

local function refuse(what, advice)
  return function() error(what .. " is not available in a script: " .. advice, 2) end
end

local out = {
  write = function(self, ...) host.write(...) return self end,
  print = function(_, ...) host.print(...) end,
  printf = function(self, ...) host.write(format(...)) return self end,
}

local function make_world()
  print = host.print
  io.write = function(...) host.write(...) return io.stdout end
  io.stdout = { write = out.write, flush = function() end, setvbuf = function() return true end,
    close = refuse("closing io.stdout", "it belongs to mrrc") }
  io.output = function() return io.stdout end
  math.random = host.random
  math.randomseed = refuse("math.randomseed", "numbers are seeded per record; choose another seed with --seed")
  os.exit = refuse("os.exit", "return mrrc.drop, use rec:reject(reason), or raise an error")
  os.setlocale = refuse("os.setlocale", "the result must not depend on the locale")
  _G.rawpairs = rawpairs
  _G.pairs = pairs_in_order
  _G.mrrc = mrrc
  mrrc.out = out
  package.loaded.mrrc = mrrc
  package.loaded["_G"] = _G
  local path = package.path
  if program.lua_path then path = program.lua_path .. ";" .. path end
  if program.folder then path = program.folder .. "/?.lua;" .. program.folder .. "/?/init.lua;" .. path end
  package.path = path
  load(host.embedded("mrrc.library"), "=mrrc.library", "t")(mrrc, host, program, pairs_in_order)
end

-- The globals of the script's own chunks: what Lua and mrrc have, and nothing that appears by a slip.
local function locked_globals()
  local env = {}
  for k, v in next, _G do env[k] = v end
  env._G = env
  return setmetatable(env, {
    __index = function(_, name)
      error(format("global '%s' is not declared%s", tostring(name), suggestion(tostring(name), sorted_keys(_G))), 2)
    end,
    __newindex = function(_, name)
      if KNOWN[name] == "function" then
        error(format("'%s' belongs into the table that the script returns: return { %s = function(…) … end }",
          name, name), 2)
      end
      error(format("assignment to the undeclared global '%s': write local %s = …", tostring(name), tostring(name)), 2)
    end,
    __metatable = false,
  })
end

-- ---------------------------------------------------------------- loading

local function compile(text, chunkname, env)
  local chunk, message = load(text, chunkname, "t", env)
  if not chunk then error(message, 0) end
  return chunk
end

local function load_file(piece, env)
  local text = piece.text
  if sub(text, 1, 1) == "\27" then error(piece.name .. ": compiled Lua is refused; give the source", 0) end
  if text:find("^%d%d%d%d%d") and text:find("\30", 1, true) then
    error(piece.name .. ": these are MARC records; the script comes first: mrrc run SCRIPT " .. piece.name, 0)
  end
  if sub(text, 1, 3) == "\239\187\191" then text = sub(text, 4) end
  if sub(text, 1, 1) == "#" then text = "--" .. text end
  local script = compile(text, "@" .. piece.name, env)()
  if type(script) == "function" then script = { transform = script } end
  if type(script) ~= "table" then
    error(format("%s: a script returns a table of hooks or a transform function, this one returned %s", piece.name,
      script == nil and "nothing" or "a " .. type(script)), 0)
  end
  return script
end

-- -e, --filter and --each: an expression is returned, anything else is a body; the record is rec.
local function load_text(piece, env)
  local name = "=" .. piece.name
  if piece.kind == "filter" and program.thread == 1 and piece.text:find("^%s*%d%d%d[/%s]") then
    io.stderr:write("mrrc: --filter takes Lua, not a path: write rec:has('856') or ",
      "rec:get('008/35-37') == 'eng'\n")
  end
  local expression = load("return function(rec) return " .. piece.text .. "\nend", name, "t", env)
  if not expression and piece.kind == "filter" and load("return function(rec) " .. piece.text .. "\nend", name, "t", env)
    and not piece.text:find("%f[%w_]return%f[^%w_]") then
    error("--filter: this code returns nothing, so it would drop every record; write return", 0)
  end
  local maker = expression or compile("return function(rec) " .. piece.text .. "\nend", name, env)
  return { [piece.kind] = maker() }
end

local function check_table(script, name)
  for _, key in ipairs(sorted_keys(script)) do
    local want = KNOWN[key]
    if not want then
      error(format("%s: unknown key '%s' in the script's table%s", name, key, suggestion(key, sorted_keys(KNOWN))), 0)
    end
    if type(script[key]) ~= want then
      error(format("%s: '%s' must be a %s, not a %s", name, key, want, type(script[key])), 0)
    end
  end
  for key in next, script do
    if type(key) ~= "string" then
      error(format("%s: the script's table has the key [%s]; keys are names of hooks", name, tostring(key)), 0)
    end
  end
  if script.api and script.api ~= 1 then
    error(format("%s: api = %s, but this mrrc knows api = 1", name, tostring(script.api)), 0)
  end
end

local function merge(into, from, name)
  for _, key in ipairs(sorted_keys(from)) do
    if into[key] ~= nil then error(format("%s: there are two of '%s'; give one", name, key), 0) end
    into[key] = from[key]
  end
end

local function has_hook(script)
  for _, hook in ipairs(HOOKS) do
    if hook ~= "init" and script[hook] then return true end
  end
  return false
end

-- ---------------------------------------------------------------- -a NAME=VALUE

local CONVERT = {
  string = function(v) return v end,
  number = function(v) return tonumber(v) end,
  integer = function(v) return tointeger(tonumber(v)) end,
  boolean = function(v)
    local known = { ["true"] = true, yes = true, on = true, ["1"] = true,
      ["false"] = false, no = false, off = false, ["0"] = false }
    return known[lower(v)]
  end,
}

local function check_options(options)
  for _, name in ipairs(sorted_keys(options)) do
    local option = options[name]
    if type(option) ~= "table" then error(format("option '%s' must be a table {help=, default=, type=}", name), 0) end
    if option.type ~= nil and not CONVERT[option.type] then
      error(format("option '%s': type must be string, number, integer or boolean", name), 0)
    end
  end
end

local function read_args(options)
  local args = {}
  for _, name in ipairs(options and sorted_keys(options) or {}) do args[name] = options[name].default end
  for _, pair in ipairs(program.args) do
    local name, text = pair[1], pair[2]
    local option = options and options[name]
    if options and not option then
      error(format("-a %s: the script has no such option%s", name, suggestion(name, sorted_keys(options))), 0)
    end
    local value = CONVERT[option and option.type or "string"](text)
    if value == nil then error(format("-a %s=%s: not a valid %s", name, text, option.type), 0) end
    args[name] = value
  end
  for _, name in ipairs(options and sorted_keys(options) or {}) do
    if options[name].required and args[name] == nil then error(format("the script needs -a %s=…", name), 0) end
  end
  return setmetatable({}, {
    __index = function(_, name)
      if options and not options[name] then
        error(format("args has no '%s'%s", tostring(name), suggestion(tostring(name), sorted_keys(options))), 2)
      end
      return args[name]
    end,
    __newindex = function() error("args are read only", 2) end,
    __pairs = function() return pairs_in_order(args) end,
    __metatable = false,
  })
end

local function usage(script, name)
  local lines = { format("%s%s", script.name or name or "script", script.summary and ": " .. script.summary or "") }
  local options = script.options or {}
  local names = sorted_keys(options)
  if #names > 0 then lines[#lines + 1] = "options (-a NAME=VALUE):" end
  for _, option in ipairs(names) do
    local o = options[option]
    local default = o.default ~= nil and format(" (default %s)", tostring(o.default))
      or o.required and " (required)" or ""
    lines[#lines + 1] = format("  %-16s %s%s", option, o.help or "", default)
  end
  return concat(lines, "\n") .. "\n"
end

-- ---------------------------------------------------------------- main

make_world()
-- arguments are known before the chunk runs, so that one-liners and table paths can use them
local raw_args = {}
for _, pair in ipairs(program.args) do raw_args[pair[1]] = pair[2] end
mrrc.args = raw_args

local env = locked_globals()
for _, module in ipairs(program.modules) do rawset(env, match(module, "[^.]+$"), require(module)) end

local script, label = {}, nil
for _, piece in ipairs(program.pieces) do
  local part
  if piece.kind == "file" then
    part, label = load_file(piece, env), piece.name
    check_table(part, piece.name)
  else
    part = load_text(piece, env)
  end
  merge(script, part, piece.name)
end
label = label or "the command line"
if script.where and not has_hook(script) then script.filter = function() return true end end
if not has_hook(script) then
  error(format("%s: no hook: a script has at least one of filter, transform, each, on_error, finish", label), 0)
end
if script.options then check_options(script.options) end
local usage_text = usage(script, label)
local args = program.describe and {} or read_args(script.options)
mrrc.args = args

return {
  where = script.where, init = script.init, filter = script.filter, transform = script.transform,
  each = script.each, on_error = script.on_error, finish = script.finish,
  ctx = { args = args, thread = program.thread, threads = program.threads, part = 1, parts = 1, now = program.now },
  out = out, usage = usage_text, args = args,
}
