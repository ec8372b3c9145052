-- Tables without a limit: every job with every tool, batch sizes, and the two kinds of crew.

local data = require "data"
local measure = require "measure"
local report = require "report"
local tools = require "tools"

local BATCHES = { 10, 25, 50, 100, 200, 500, 1000 }

local function seconds(value) return ("%.3f s"):format(value) end

local function rate(count, wall)
  local digits = ("%.0f"):format(count / wall)
  if #digits > 4 then digits = digits:sub(1, 3) .. ("0"):rep(#digits - 3) end
  local times
  repeat digits, times = digits:gsub("^(%d+)(%d%d%d)", "%1,%2") until times == 0
  return digits
end

-- ---- tools ----

local function sides_of(job, set, ctx, rows)
  local sides = { tools.mrrc_side(job, set, "mrrc -j1", { "-j1" }) }
  sides[1].cpus = ctx.one
  if ctx.two then
    sides[2] = tools.mrrc_side(job, set, "mrrc -j2", { "-j2" })
    sides[2].cpus = ctx.two
  end
  for _, peer in ipairs(tools.peers) do
    local side, why = tools.peer_side(peer.id, job, set)
    if side then
      side.cpus = ctx.one
      sides[#sides + 1] = side
    elseif not peer.why then
      rows[#rows + 1] = { job, peer.name, "not measured", "", "", "", "", why }
    end
  end
  return sides
end

-- leaves out what fails or writes something else, with the reason in the table
local function sound(sides, job, set, rows)
  local good = {}
  for _, side in ipairs(sides) do
    tools.checked(side, job, set)
    local ran, why = pcall(measure.warm, side)
    if ran then
      good[#good + 1] = side
    elseif side.name:find("^mrrc") then
      error(why, 0)
    else
      rows[#rows + 1] = { job, side.name, "not measured", "", "", "", "", tostring(why):gsub("%s+", " "):sub(1, 200) }
    end
  end
  return good
end

local function compare_job(job, set, ctx, rows, rates)
  local missing = {}
  local sides = sound(sides_of(job, set, ctx, missing), job, set, missing)
  local runs = measure.interleave(sides, ctx.pairs, ctx.budget)
  local ours = measure.least(runs["mrrc -j1"], "wall")
  for _, side in ipairs(sides) do
    local mine = runs[side.name]
    local wall = measure.least(mine, "wall")
    rates[job][side.name] = rate(set.count, wall)
    rows[#rows + 1] = {
      job, side.name, seconds(wall), rate(set.count, wall), ("%.2f"):format(wall / ours), seconds(measure.least(mine, "cpu")),
      tostring(#mine), side.level,
    }
  end
  table.move(missing, 1, #missing, #rows + 1, rows)
end

-- the same once more, small enough for a README
local function summary(ctx, set, jobs, rates)
  local names = { "mrrc -j1", ctx.two and "mrrc -j2" }
  for _, peer in ipairs(tools.peers) do
    if not peer.why then names[#names + 1] = peer.name end
  end
  local rows = {}
  for _, job in ipairs(jobs) do
    local row = { job }
    for _, name in ipairs(names) do row[#row + 1] = rates[job][name] or "-" end
    rows[#rows + 1] = row
  end
  report.table {
    title = ("Records a second, %d records of %.0f bytes"):format(set.count, #assert(data.read(set.path)) / set.count),
    text = "From the table above. A dash: the tool does no such job. yaz-marcdump cannot select: its filter is a copy.",
    head = { "job", table.unpack(names) }, rows = rows,
  }
end

local function compare_tools(ctx, set, jobs)
  local rows, rates = {}, {}
  for _, job in ipairs(jobs) do
    rates[job] = {}
    compare_job(job, set, ctx, rows, rates)
  end
  report.table {
    title = ("Jobs and tools, %d records, %.1f MB"):format(set.count, #assert(data.read(set.path)) / 1e6),
    text = "Best wall time; all on one CPU but mrrc -j2; interleaved; `x` is the time over that of mrrc -j1. The last column "
      .. "says how far the output equals the independent answer.",
    head = { "job", "tool", "time", "records/s", "x", "CPU time", "runs", "output" }, rows = rows,
  }
  summary(ctx, set, jobs, rates)
end

local function all_jobs(ctx)
  for _, peer in ipairs(tools.peers) do
    if peer.why then report.note(("%s: not measured: %s"):format(peer.name, peer.why)) end
  end
  local names = {}
  for i, job in ipairs(tools.jobs) do names[i] = job.name end
  compare_tools(ctx, data.records(ctx.table), names)
  compare_tools(ctx, data.records("large"), { "count", "filter", "edit" })
end

-- ---- how the engine is set ----

local function engine_table(ctx, title, text, settings, jobs)
  local set, rows = data.records(ctx.sweep), {}
  for _, job in ipairs(jobs) do
    local sides = {}
    for i, setting in ipairs(settings) do
      sides[i] = tools.checked(tools.mrrc_side(job, set, table.concat(setting, " "), setting), job, set)
      sides[i].cpus = ctx.two
    end
    local runs = measure.interleave(sides, ctx.pairs)
    for _, side in ipairs(sides) do
      local mine = runs[side.name]
      rows[#rows + 1] = {
        job, side.name, seconds(measure.least(mine, "wall")), seconds(measure.median(mine, "wall")),
        seconds(measure.least(mine, "cpu")), ("%.1f MB"):format(measure.most(mine, "rss_kb") / 1024),
      }
    end
  end
  report.table {
    title = title, text = text:format(set.count, ctx.pairs),
    head = { "job", "options", "least wall", "median wall", "least CPU", "peak memory" }, rows = rows,
  }
end

local function batch_sweep(ctx)
  local settings = {}
  for _, n in ipairs(BATCHES) do settings[#settings + 1] = { "-j2", "--batch-size", tostring(n) } end
  engine_table(ctx, "Batch sizes", "%d records, %d rounds, two workers on two CPUs, 1,000 records under way.", settings,
    { "filter", "edit" })
end

local function crews(ctx)
  local settings = {}
  for _, workers in ipairs { "-j2", "-j4" } do
    for _, crew in ipairs { "adaptive", "separate" } do settings[#settings + 1] = { workers, "--crew", crew } end
  end
  engine_table(ctx, "Crews: every worker parses and scripts, or does one of the two", "%d records, %d rounds, on two CPUs.",
    settings, { "filter", "edit", "csv", "cpu" })
end

return {
  { name = "tools", run = all_jobs },
  { name = "batch", run = batch_sweep, two = true },
  { name = "crew", run = crews, two = true },
}
