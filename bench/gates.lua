-- The figures this program is held to. Each gate runs its programs side by side, checks what they wrote, and only then looks at
-- the time. A gate that this machine cannot measure says so; it never passes.

local data = require "data"
local measure = require "measure"
local report = require "report"
local tools = require "tools"

local FEW = 5 -- rounds where CPU time or memory counts, not the wall clock
local MILLION = 1000000
local STARTING = 0.01 -- seconds of CPU time for loading and the first thread, which no worker accounts for

local function ms(seconds) return ("%.1f ms"):format(seconds * 1000) end

-- "mrrc 95.1 ms (median 99.0)"
local function took(name, runs)
  return ("%s %s (median %s)"):format(name, ms(measure.least(runs, "wall")), ms(measure.median(runs, "wall")))
end

local function read_stats(path)
  local text = assert(data.read(path), "the program wrote no statistics")
  local function number(key)
    local figure = tonumber(text:match('"' .. key .. '":([%d.]+)'))
    if not figure then error(key .. " is not in the statistics", 0) end
    return figure
  end
  local threads = { number("source_cpu"), number("sink_cpu") }
  for cpu in assert(text:match('"worker_cpu":%[([^%]]*)%]'), "no worker_cpu"):gmatch("[%d.]+") do
    threads[#threads + 1] = tonumber(cpu)
  end
  local total, busiest = 0, 0
  for _, cpu in ipairs(threads) do total, busiest = total + cpu, math.max(busiest, cpu) end
  return { read = number("read"), total = total, busiest = busiest }
end

-- adds thread CPU times to each result of a side
local function with_stats(side, records)
  local path = data.scratch("stats-" .. side.name)
  table.move({ "--stats", path }, 1, 2, #side.argv + 1, side.argv)
  side.after = function(result)
    local stats = read_stats(path)
    if stats.read ~= records then error(("%s read %d records of %d"):format(side.name, stats.read, records), 0) end
    if stats.total < 0.8 * result.cpu - STARTING then
      error(("%s: its threads took %s, the program %s"):format(side.name, ms(stats.total), ms(result.cpu)), 0)
    end
    result.threads_total, result.share, result.projected = stats.total, stats.busiest / stats.total, stats.total / stats.busiest
  end
  return side
end

local function mrrc(job, set, name, cpus, ...)
  local side = tools.checked(tools.mrrc_side(job, set, name, { ... }), job, set)
  side.cpus = cpus
  return side
end

local function peer(id, job, set, cpus)
  local side, why = tools.peer_side(id, job, set)
  if not side then return nil, why end
  side.cpus = cpus
  return tools.checked(side, job, set)
end

-- limit times faster than a peer
local function against(name, limit, job, id, workers, slow)
  return function(ctx)
    local cpus = workers == 1 and ctx.one or ctx.two
    if not cpus then return report.not_measured(name, "needs two CPUs") end
    local set = data.records(slow and ctx.slow or ctx.plain)
    local other, why = peer(id, job, set, cpus)
    if not other then return report.not_measured(name, why) end
    local ours = mrrc(job, set, "mrrc", cpus, "-j" .. workers)
    local runs = measure.interleave({ ours, other }, ctx.pairs)
    local mine, theirs = runs[ours.name], runs[other.name]
    report.gate {
      name = name, limit = limit, at_least = true, value = measure.least(theirs, "wall") / measure.least(mine, "wall"),
      detail = ("%d pairs, %d records: %s, %s; by CPU time %.1fx; outputs: %s, %s"):format(#mine, set.count, took("mrrc", mine),
        took(other.name, theirs), measure.least(theirs, "cpu") / measure.least(mine, "cpu"), ours.level, other.level),
    }
  end
end

-- one worker and two by the wall clock, and what the threads' CPU times say about two, four and eight
local function scaling(job, limit)
  local name = "two workers against one, " .. job
  return function(ctx)
    local set = data.records(ctx.scaling[job])
    local sides = { with_stats(mrrc(job, set, "j1", ctx.one, "-j1"), set.count) }
    for _, n in ipairs { 2, 4, 8 } do
      local side = with_stats(mrrc(job, set, "j" .. n, ctx.two, "-j" .. n), set.count)
      if n > 2 then side.rounds = math.min(FEW, ctx.pairs) end
      sides[#sides + 1] = side
    end
    local runs = measure.interleave(sides, ctx.pairs)
    local one, two = runs.j1, runs.j2
    if ctx.two then
      report.gate {
        name = name .. ", wall", limit = limit, at_least = true, value = measure.least(one, "wall") / measure.least(two, "wall"),
        detail = ("%d pairs, %d records: %s, %s"):format(#two, set.count, took("-j1 on one CPU", one), took("-j2", two)),
      }
    else
      report.not_measured(name .. ", wall", "needs two CPUs")
    end
    report.gate {
      name = name .. ", busiest thread's share", limit = 0.55, unit = "share", value = measure.median(two, "share"),
      detail = ("median of %d runs at -j2, thread CPU time"):format(#two),
    }
    report.gate {
      name = name .. ", thread CPU time", limit = 1.08,
      value = measure.least(two, "threads_total") / measure.least(one, "threads_total"),
      detail = ("-j1 %s, -j2 %s"):format(ms(measure.least(one, "threads_total")), ms(measure.least(two, "threads_total"))),
    }
    for _, gate in ipairs { { 4, 3.2 }, { 8, 6 } } do
      local many = runs["j" .. gate[1]]
      report.gate {
        name = ("%d workers projected, %s"):format(gate[1], job), limit = gate[2], at_least = true,
        value = measure.most(many, "projected"), -- with fewer CPUs than workers chance decides who takes the next batch
        detail = ("thread CPU time, total over busiest, best of %d runs (median %.2fx)"):format(#many,
          measure.median(many, "projected")),
      }
    end
  end
end

local function against_wc(ctx)
  local name = "filter, two CPUs, against wc -l (wall)"
  if not ctx.two then return report.not_measured(name, "needs two CPUs") end
  local set = data.records(ctx.big)
  local ours = mrrc("filter", set, "mrrc", ctx.two, "-j2")
  local wc = { name = "wc", argv = { "wc", "-l", set.path }, cpus = ctx.two, output = data.scratch("wc") }
  local runs = measure.interleave({ ours, wc }, ctx.pairs)
  report.gate {
    name = name, limit = 5, value = measure.least(runs.mrrc, "wall") / measure.least(runs.wc, "wall"),
    detail = ("%d pairs, %d records: %s, %s"):format(#runs.wc, set.count, took("mrrc", runs.mrrc), took("wc", runs.wc)),
  }
end

local function empty_each(ctx)
  local set = data.records(ctx.plain)
  local count = mrrc("count", set, "count", ctx.one, "-j1")
  local command = { tools.mrrc, "run", "-q", "-j1", "--each", "return", set.path }
  local each = with_stats({ name = "each", argv = command, cpus = ctx.one }, set.count)
  local runs = measure.interleave({ count, each }, ctx.pairs)
  report.gate {
    name = "an empty each against mrrc count", limit = 1.4,
    value = measure.least(runs.each, "wall") / measure.least(runs.count, "wall"),
    detail = ("%d pairs, %d records: %s, %s"):format(#runs.each, set.count, took("each", runs.each), took("count", runs.count)),
  }
end

-- ---- memory ----

-- the edit job at -j8 into a pipe, hashed; `slow` seconds of a reader that hardly reads
local function piped(set, slow)
  local answer = measure.once { name = "answer", argv = { "cat", data.answer(set, "edit") }, piped = true }
  return {
    name = ("%s%s"):format(set.name, slow and " slow" or ""), piped = true, slow = slow,
    argv = { tools.mrrc, "run", "-q", "-j8", "-t", "marc", "bench/scripts/edit.lua", set.path },
    after = function(result)
      if slow and result.wall < slow then error("the slow consumer was not slow", 0) end
      if result.bytes ~= answer.bytes or result.hash ~= answer.hash then
        error(("edit at -j8 into a pipe: wrong output: %d bytes instead of %d"):format(result.bytes, answer.bytes), 0)
      end
    end,
  }
end

local function memory(ctx)
  local names = {
    "peak memory, 1M records, -j8", "peak memory, 1M records, -j8, slow consumer", "growth of memory, 10k to 1M records",
  }
  if ctx.big < MILLION then
    for _, name in ipairs(names) do report.not_measured(name, "needs 1,000,000 records; not with --quick") end
    return
  end
  local big, small = data.records(ctx.big), data.records(10000)
  local free, slow, little = piped(big), piped(big, 8), piped(small)
  slow.rounds = 2
  local runs = measure.interleave({ free, slow, little }, FEW)
  for i, side in ipairs { free, slow } do
    report.gate {
      name = names[i], limit = 64, unit = "MB", value = measure.most(runs[side.name], "rss_kb") / 1024,
      detail = ("largest of %d runs of edit into a pipe, at least %.1f s each"):format(#runs[side.name],
        measure.least(runs[side.name], "wall")),
    }
  end
  local large, few = measure.median(runs[free.name], "rss_kb"), measure.median(runs[little.name], "rss_kb")
  report.gate {
    name = names[3], limit = 1.1, value = large / few,
    detail = ("medians of %d runs: %.1f MB, %.1f MB"):format(FEW, few / 1024, large / 1024),
  }
end

-- ---- starting ----

local function starting(ctx)
  local set = data.records(1)
  local sides = {
    { name = "lua", argv = { data.lua, "-v" } },
    { name = "version", argv = { tools.mrrc, "--version" } },
    mrrc("edit", set, "one record"),
  }
  local runs = measure.interleave(sides, math.max(ctx.pairs, 60))
  local base = measure.least(runs.lua, "wall")
  local limits = {
    { "version", "mrrc --version against lua5.4 -v", 3 },
    { "one record", "a one-record run against lua5.4 -v", 6 },
  }
  for _, gate in ipairs(limits) do
    local mine = runs[gate[1]]
    report.gate {
      name = gate[2], limit = gate[3], value = measure.least(mine, "wall") / base,
      detail = ("%d pairs: %s, %s"):format(#mine, took("mrrc", mine), took("lua5.4", runs.lua)),
    }
  end
end

-- in this order; --only takes the first word
return {
  { name = "yaz1", run = against("filter, one CPU, against yaz-marcdump copying", 7, "filter", "yaz", 1) },
  { name = "yaz2", run = against("filter, two CPUs, against yaz-marcdump copying", 12, "filter", "yaz", 2) },
  { name = "pymarc", run = against("filter, one CPU, against pymarc 5.4", 60, "filter", "pymarc", 1, true) },
  { name = "marc-record", run = against("edit, one CPU, against MARC::Record", 40, "edit", "marc-record", 1, true) },
  { name = "scale-cpu", run = scaling("cpu", 1.85) },
  { name = "scale-edit", run = scaling("edit", 1.75) },
  { name = "wc", run = against_wc },
  { name = "each", run = empty_each },
  { name = "memory", run = memory },
  { name = "start", run = starting },
}
