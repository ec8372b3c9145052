-- Turns Lua modules into C arrays, so that the program carries its own library and finds it wherever it is installed.
-- Run: lua5.4 tools/embed.lua OUT.c lua/mrrc/a.lua lua/mrrc/b/c.lua …
-- Each file becomes an entry {name, bytes, len} of embedded_files (src/script/embedded.h); a file that does not compile
-- stops the build here, with its line, instead of the user's first require.

local function module_name(path)
  local name = assert(path:match("^lua/(.+)%.lua$"), "not below lua/: " .. path)
  return (name:gsub("/init$", ""):gsub("/", "."))
end

local function read(path)
  local file = assert(io.open(path, "rb"))
  local text = file:read("a")
  file:close()
  assert(load(text, "@" .. path, "t"))
  return text
end

local function array(text)
  local lines = {}
  for at = 1, #text, 16 do
    lines[#lines + 1] = "\t" .. text:sub(at, at + 15):gsub(".", function(c) return c:byte() .. "," end)
  end
  return table.concat(lines, "\n")
end

local out, modules = arg[1], {}
for i = 2, #arg do
  modules[#modules + 1] = { name = module_name(arg[i]), text = read(arg[i]) }
end
table.sort(modules, function(a, b) return a.name < b.name end)

local c = { "/* Made by tools/embed.lua from lua/mrrc. */", '#include "script/embedded.h"', "" }
local rows = {}
for i, m in ipairs(modules) do
  -- a C array may not be empty: one NUL more than len says
  c[#c + 1] = ("static const unsigned char file_%d[] = {\n%s\n\t0\n};"):format(i, array(m.text))
  rows[#rows + 1] = ('\t{"%s", file_%d, %d},'):format(m.name, i, #m.text)
end
c[#c + 1] = "\nconst struct embedded_file embedded_files[] = {"
c[#c + 1] = table.concat(rows, "\n")
c[#c + 1] = "\t{NULL, NULL, 0}\n};"
c[#c + 1] = ("const size_t embedded_count = %d;\n"):format(#modules)

local file = assert(io.open(out, "wb"))
assert(file:write(table.concat(c, "\n")))
assert(file:close())
