-- Checks the rules of src/ that a compiler does not know. Run: lua5.4 tools/layers.lua src
--
-- Errors: an #include that points upwards, a system header or a call outside of its place, a typedef of a struct.
-- Warnings, for a second look: long functions, files and lines.
-- Comments and strings are blanked first, so that prose may say malloc.

-- which folders a folder may include
local MAY = {
  base = "base",
  marc = "base marc",
  flow = "base flow",
  io = "base io",
  agg = "base agg",
  script = "base marc agg script",
  engine = "base marc flow io agg script engine",
  cli = "base marc flow io agg script engine cli",
}

-- system headers that belong to some folders
local HEADERS = {
  ["lua.h"] = "script", ["lauxlib.h"] = "script", ["lualib.h"] = "script",
  ["pthread.h"] = "flow", ["jansson.h"] = "agg", ["threads.h"] = "", ["setjmp.h"] = "",
}

-- calls, and the only places of each (patterns over paths)
local CALLS = {
  { "malloc calloc realloc free reallocarray strdup strndup asprintf vasprintf", "^src/base/alloc%.c$" },
  { "exit", "^src/cli/main%.c$" },
  -- engine: its reports to stderr; script.c: the last words of a Lua state whose panic function was called
  { "fopen fdopen printf fprintf fputs puts fwrite fread putchar", "^src/io/", "^src/engine/", "^src/cli/",
    "^src/script/script%.c$" },
  { "strcpy strcat sprintf vsprintf gets strtok atoi atol alloca longjmp" },
}

local LONG_FUNCTION, LONG_FILE, LONG_LINE = 70, 500, 110

local errors, warnings = 0, 0

local function complain(file, line, text)
  errors = errors + 1
  print(("%s:%d: error: %s"):format(file, line, text))
end

local function warn(file, line, text)
  warnings = warnings + 1
  print(("%s:%d: warning: %s"):format(file, line, text))
end

-- the text with comments, strings and characters blanked, lines kept
local function code_of(text)
  local out, at = {}, 1
  local function blank(s) return (s:gsub("[^\n]", " ")) end
  while true do
    local from = text:find("[/\"']", at)
    if not from then break end
    out[#out + 1] = text:sub(at, from - 1)
    local two, to = text:sub(from, from + 1), from
    if two == "/*" then
      to = select(2, text:find("*/", from + 2, true)) or #text
    elseif two == "//" then
      to = (text:find("\n", from, true) or #text + 1) - 1
    elseif text:sub(from, from) ~= "/" then
      local quote = text:sub(from, from)
      to = from + 1
      while to <= #text and text:sub(to, to) ~= quote do
        to = to + (text:sub(to, to) == "\\" and 2 or 1)
      end
    end
    local piece = text:sub(from, to)
    out[#out + 1] = piece == "/" and piece or blank(piece) -- a division stays
    at = to + 1
  end
  out[#out + 1] = text:sub(at)
  return table.concat(out)
end

local function lines_of(text)
  local lines = {}
  for line in (text:gsub("\n$", "") .. "\n"):gmatch("(.-)\n") do lines[#lines + 1] = line end
  return lines
end

local function has_word(list, word)
  return (" " .. list .. " "):find(" " .. word .. " ", 1, true) ~= nil
end

local function check_includes(file, layer, line, n)
  local ours, theirs = line:match('^%s*#%s*include%s+"(%w+)/'), line:match("^%s*#%s*include%s+<(.-)>")
  if ours and not has_word(MAY[layer], ours) then complain(file, n, layer .. "/ may not include " .. ours .. "/") end
  if line:match('^%s*#%s*include%s+".-%.c"') then complain(file, n, "a .c file is compiled, not included") end
  if theirs and HEADERS[theirs] and not has_word(HEADERS[theirs], layer) then
    local place = HEADERS[theirs] == "" and "no place here" or "its place in " .. HEADERS[theirs] .. "/ alone"
    complain(file, n, ("<%s> has %s"):format(theirs, place))
  end
end

local function allowed(file, rule)
  for i = 2, #rule do
    if file:find(rule[i]) then return true end
  end
  return false
end

local function check_calls(file, line, n)
  for _, rule in ipairs(CALLS) do
    for name in rule[1]:gmatch("%S+") do
      if not allowed(file, rule) and line:find("%f[%w_]" .. name .. "%s*%(") then
        complain(file, n, name .. "() is not allowed here")
      end
    end
  end
  if line:find("typedef%s+struct") then complain(file, n, "no typedef of a struct") end
end

-- kernel style: a function opens and closes with a brace in the first column
local function check_lengths(file, code, raw)
  local opened
  for n, line in ipairs(code) do
    if line:find("^{") then opened = n end
    if line:find("^}") and opened then
      if n - opened - 1 > LONG_FUNCTION then warn(file, opened, ("function of %d lines"):format(n - opened - 1)) end
      opened = nil
    end
  end
  if #raw > LONG_FILE then warn(file, #raw, ("file of %d lines"):format(#raw)) end
  local long, first = 0, nil
  for n, line in ipairs(raw) do
    local columns = 0
    for c in line:gmatch("[^\128-\191]") do columns = c == "\t" and columns + 8 - columns % 8 or columns + 1 end
    if columns > LONG_LINE then long, first = long + 1, first or n end
  end
  if long > 0 then warn(file, first, ("%d lines of more than %d columns"):format(long, LONG_LINE)) end
end

local function check(file)
  local layer = file:match("^src/(%w+)/")
  if not MAY[layer] then return complain(file, 1, "belongs to no layer") end
  local input = assert(io.open(file, "rb"))
  local text = input:read("a")
  input:close()
  local raw, code = lines_of(text), lines_of(code_of(text))
  for n, line in ipairs(raw) do check_includes(file, layer, line, n) end
  for n, line in ipairs(code) do check_calls(file, line, n) end
  check_lengths(file, code, raw)
end

local files = 0
for file in io.popen("find " .. (arg[1] or "src") .. " -name '*.[ch]' | sort"):lines() do
  files = files + 1
  check(file)
end
print(("layers: %d files, %d errors, %d warnings"):format(files, errors, warnings))
os.exit(errors == 0 and files > 0)
