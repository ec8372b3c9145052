-- The files of the bench, all below build/bench: the helper programs, the generated records, and the oracle's answers. Each is
-- made once; when a source of the bench changes, all are made again.

local measure = require "measure"

-- `lua` is the interpreter that runs the bench
local data = { folder = "build/bench", lua = "lua5.4" }

local SOURCES = { "generate.c", "clock.c", "iso2709.lua", "oracle.lua" }
local LARGE = { name = "large", count = 1000, arguments = "1000 large" }

local function run(command)
  if not os.execute(command) then error("failed: " .. command, 0) end
end

local function read(path)
  local file = io.open(path, "rb")
  local text = file and file:read("a")
  if file then file:close() end
  return text
end

local function exists(path)
  local file = io.open(path, "rb")
  if file then file:close() end
  return file ~= nil
end

-- `make` writes to PATH.part, which becomes PATH when it is whole
local function once(path, make)
  if exists(path) then return path end
  run(make:gsub("OUT", function() return measure.quote(path .. ".part") end))
  assert(os.rename(path .. ".part", path))
  return path
end

local function compile(name)
  once(data.folder .. "/" .. name, ("cc -O2 -std=c11 -D_GNU_SOURCE -o OUT bench/%s.c"):format(name))
end

function data.prepare()
  run("mkdir -p " .. data.folder)
  local sources = ""
  for _, name in ipairs(SOURCES) do sources = sources .. assert(read("bench/" .. name), name .. " is not there") end
  local stamp = data.folder .. "/sources.txt"
  if read(stamp) ~= sources then
    run(("rm -rf %s && mkdir -p %s"):format(data.folder, data.folder))
    local file = assert(io.open(stamp, "wb"))
    file:write(sources)
    file:close()
  end
  compile("generate")
  compile("clock")
end

-- a set of records: {name, count, path}; `what` is a number of records, or "large" for 1,000 of about 10 kB
function data.records(what)
  local set = what == "large" and LARGE or { name = tostring(what), count = what, arguments = tostring(what) }
  set.path = once(("%s/%s.mrc"):format(data.folder, set.name), data.folder .. "/generate " .. set.arguments .. " >OUT")
  return set
end

-- the path of what JOB must give for these records
function data.answer(set, job)
  return once(("%s/%s.%s.answer"):format(data.folder, set.name, job),
    ("%s bench/oracle.lua %s %s OUT"):format(data.lua, job, set.path))
end

-- a copy that nobody rebuilds in the middle of a run
function data.copy(path, name)
  local copy = data.folder .. "/" .. name
  run(("cp -fL %s %s"):format(measure.quote(path), copy))
  return copy
end

-- Outputs go to memory where there is some: the kernel's writing to the disk is nobody's speed, and takes a CPU of two.
local function has_memory()
  local f = io.open("/dev/shm/mrrc-bench.try", "w")
  if not f then return false end
  f:close()
  return os.remove("/dev/shm/mrrc-bench.try")
end
data.outputs = has_memory() and "/dev/shm/mrrc-bench.out" or data.folder .. "/out"

-- what the parts wrote, once they are done with it
function data.sweep() run(("rm -f %s.*"):format(data.outputs)) end

function data.scratch(name) return ("%s.%s"):format(data.outputs, name:gsub("[^%w]+", "-")) end

data.read = read
data.exists = exists

return data
