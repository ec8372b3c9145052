-- Measures build/mrrc: the gates, then tables, then one file with all of it and the machine. Status 1 when a gate fails.
-- Run from the top of the project: lua5.4 bench/bench.lua [--quick] [--pairs N] [--only NAME]… (make bench BENCH_ARGS=…)

package.path = "bench/?.lua;" .. package.path

local check = require "check"
local data = require "data"
local machine = require "machine"
local report = require "report"
local tools = require "tools"
local gates = require "gates"
local tables = require "tables"

local USAGE = [[
usage: lua5.4 bench/bench.lua [OPTIONS]
  --quick        5 pairs, at most 100,000 records; the result goes into build/bench
  --pairs N      pairs of each comparison (15)
  --only NAME    this part alone; may be given more than once
  --mrrc FILE    the program to measure (build/mrrc)
  --results FILE where the result is written (bench/results/COMMIT.md)
parts: ]]

local function parts()
  local names = {}
  for _, list in ipairs { gates, tables } do
    for _, part in ipairs(list) do names[#names + 1] = part.name end
  end
  return names
end

local function usage(message)
  io.stderr:write("bench: ", message, "\n", USAGE, table.concat(parts(), " "), "\n")
  os.exit(2)
end

local function options()
  local given = { only = {} }
  local at = 1
  local function value(name)
    at = at + 1
    return arg[at] or usage(name .. " needs a value")
  end
  local known = {}
  for _, name in ipairs(parts()) do known[name] = true end
  while arg[at] do
    local word = arg[at]
    if word == "--quick" then
      given.quick = true
    elseif word == "--pairs" then
      given.pairs = math.tointeger(tonumber(value(word)))
      if not given.pairs or given.pairs < 1 then usage("--pairs takes a number above 0") end
    elseif word == "--only" then
      local name = value(word)
      if not known[name] then usage("there is no part '" .. name .. "'") end
      given.only[name], given.some = true, true
    elseif word == "--mrrc" then
      tools.mrrc = value(word)
    elseif word == "--results" then
      given.results = value(word)
    else
      usage("cannot read '" .. word .. "'")
    end
    at = at + 1
  end
  return given
end

-- what the parts are run with
local function context(given)
  local cpus = machine.cpus()
  return {
    quick = given.quick,
    pairs = given.pairs or (given.quick and 5 or 15),
    one = tostring(cpus[1]),
    two = cpus[2] and ("%d,%d"):format(cpus[1], cpus[2]),
    plain = 100000,
    slow = given.quick and 10000 or 100000, -- where a peer takes a minute for 100,000
    scaling = { cpu = given.quick and 10000 or 100000, edit = given.quick and 100000 or 200000 },
    big = given.quick and 100000 or 1000000,
    sweep = given.quick and 10000 or 100000,
    table = given.quick and 10000 or 100000,
    budget = given.quick and 10 or 40,
  }
end

local function run(list, given, ctx)
  for _, part in ipairs(list) do
    if not given.some or given.only[part.name] then
      if part.two and not ctx.two then
        report.not_measured(part.name, "needs two CPUs")
      else
        local ran, why = pcall(part.run, ctx)
        if not ran then report.failed(part.name, tostring(why)) end
        data.sweep()
      end
    end
  end
end

local function how(given, ctx)
  local words = {
    "Every comparison: one warm-up each, whose output is checked, then",
    ("%d interleaved rounds; ratio of the least wall times."):format(ctx.pairs),
  }
  if given.quick then words[#words + 1] = "--quick: smaller files and fewer rounds than the gates ask for." end
  if given.some then words[#words + 1] = "Only a part of the bench was run." end
  return table.concat(words, " ")
end

local given = options()
if not data.exists(tools.mrrc) then usage(tools.mrrc .. " is not there; make builds it") end
data.lua = arg[-1]
data.prepare()
report.prove_that_gates_fail()
check.prove_that_differences_show(data.scratch)
tools.mrrc = data.copy(tools.mrrc, "mrrc")
tools.look()
local described = machine.describe()
for _, line in ipairs(described) do print(("%-18s %s"):format(line[1], line[2])) end
local ctx = context(given)
print(how(given, ctx) .. "\n")
run(gates, given, ctx)
run(tables, given, ctx)
described[#described + 1] = { "load at the end", machine.load() }
local path = given.results
  or (given.quick or given.some) and data.folder .. "/results.md"
  or ("bench/results/%s.md"):format(machine.commit())
os.execute("mkdir -p bench/results")
report.write(path, described, how(given, ctx))
print(report.totals() .. "; written to " .. path)
os.exit(report.nothing_failed() and 0 or 1)
