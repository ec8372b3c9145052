-- What specs need to drive the program. local mrrc = require "spec.support.mrrc"
--
--   mrrc.run{"count", "fixtures/books.mrc"}         -> {status = 0, out = "…", err = "…"}
--   mrrc.run{"run", mrrc.script "return {…}", "-", stdin = bytes, env = {NO_COLOR = "1"}, cwd = folder}
--   mrrc.ok{…}                                      the same, and the spec fails with stderr when the status is not 0
--   mrrc.pipe("head -c 100 x | MRRC count -")       a shell line with MRRC as the program; the status is the shell's
--   mrrc.file(bytes [, suffix]) -> path             a temporary file (mrrc.script is the same with suffix ".lua")
--   mrrc.folder() -> path                           a new temporary folder; all are removed when the specs end
--   mrrc.read(path) -> bytes or nil, message        mrrc.exists(path), mrrc.list(folder) -> sorted names
--   mrrc.data(name) -> path or nil                  a file below $MRRC_DATA or ../shared/data; call pending() when nil
--   mrrc.root, mrrc.program                         absolute paths
--
-- The program is $MRRC, build/mrrc unless told. Arguments need no quoting. A status above 128 is a signal; a run of more
-- than two minutes and any report of a sanitizer are errors, whatever the spec expects. Records are made and taken apart
-- by spec/support/iso2709.lua, which shares nothing with the program.

local M = {}

local TIMEOUT = 120
local SANITIZER = { "ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "WARNING: ThreadSanitizer", "runtime error: " }

local function quote(s) return "'" .. tostring(s):gsub("'", "'\\''") .. "'" end

local function first_line(command)
  local pipe = assert(io.popen(command))
  local line = pipe:read("l")
  pipe:close()
  return assert(line, command)
end

M.root = first_line("pwd -P")
M.program = os.getenv("MRRC") or "build/mrrc"
if M.program:sub(1, 1) ~= "/" then M.program = M.root .. "/" .. M.program end

-- ---- files ----

-- one folder for all that the specs of this process make, removed when Lua ends
local temporary, names = nil, 0

local function temporary_name(suffix)
  if not temporary then
    local path = first_line("mktemp -d ${TMPDIR:-/tmp}/mrrc-spec.XXXXXX")
    temporary = setmetatable({ path = path }, { __gc = function() os.execute("rm -rf " .. quote(path)) end })
  end
  names = names + 1
  return ("%s/%d%s"):format(temporary.path, names, suffix or "")
end

function M.read(path)
  local file, message = io.open(path, "rb")
  if not file then return nil, message end
  local bytes, why = file:read("a")
  file:close()
  return bytes, why
end

local function write(path, bytes)
  local file = assert(io.open(path, "wb"))
  assert(file:write(bytes))
  assert(file:close())
  return path
end

function M.file(bytes, suffix) return write(temporary_name(suffix), bytes) end

function M.script(text) return M.file(text, ".lua") end

function M.folder()
  local path = temporary_name()
  assert(os.execute("mkdir " .. quote(path)))
  return path
end

function M.exists(path) return (os.execute("test -e " .. quote(path))) == true end

function M.list(folder)
  local pipe, found = assert(io.popen("LC_ALL=C ls -A " .. quote(folder))), {}
  for name in pipe:lines() do found[#found + 1] = name end
  pipe:close()
  return found
end

function M.data(name)
  local path = (os.getenv("MRRC_DATA") or M.root .. "/../shared/data") .. "/" .. name
  return M.exists(path) and path or nil
end

-- ---- runs ----

local function settle(command, how, status, out, err, seconds)
  if how == "signal" then status = 128 + status end
  local result = { status = status, out = assert(M.read(out)), err = assert(M.read(err)) }
  os.remove(out)
  os.remove(err)
  if seconds >= TIMEOUT then error(("no end after %d s: %s"):format(TIMEOUT, command), 0) end
  for _, words in ipairs(SANITIZER) do
    if result.err:find(words, 1, true) then error(command .. "\n" .. result.err, 0) end
  end
  return result
end

local function execute(command, given)
  local out, err = temporary_name(".out"), temporary_name(".err")
  local input = given.stdin and M.file(given.stdin, ".in") or "/dev/null"
  local words = { "cd " .. quote(given.cwd or M.root) .. " && env" }
  local variables = {}
  for name in pairs(given.env or {}) do variables[#variables + 1] = name end
  table.sort(variables)
  for _, name in ipairs(variables) do words[#words + 1] = name .. "=" .. quote(given.env[name]) end
  words[#words + 1] = ("timeout -k 5 %d %s <%s >%s 2>%s"):format(TIMEOUT, command, input, out, err)
  local began = os.time()
  local _, how, status = os.execute(table.concat(words, " "))
  if given.stdin then os.remove(input) end
  return settle(command, how, status, out, err, os.time() - began)
end

function M.run(given)
  local words = { quote(M.program) }
  for _, word in ipairs(type(given[1]) == "table" and given[1] or given) do words[#words + 1] = quote(word) end
  return execute(table.concat(words, " "), given)
end

function M.ok(given)
  local result = M.run(given)
  if result.status ~= 0 then
    error(("status %d of mrrc %s\n%s"):format(result.status, table.concat(given, " "), result.err), 2)
  end
  return result
end

function M.pipe(line, given)
  local command = line:gsub("%f[%w_]MRRC%f[^%w_]", (quote(M.program):gsub("%%", "%%%%")))
  return execute("sh -c " .. quote(command), given or {})
end

return M
