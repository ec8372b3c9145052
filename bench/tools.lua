-- The tools that are compared, and how each does each job. A tool answers {argv, compare = check function, result = path} for a
-- job, or nil and why not. `make bench-peers` puts what does not come from Debian below build/peers.

local check = require "check"
local data = require "data"

local tools = { mrrc = "build/mrrc" }

local PEERS = "build/peers/"
local PYTHON = PEERS .. "venv/bin/python"
local UNABLE = "does no such job"

tools.FILTER = [[(rec:get("245$a") or ""):find("history", 1, true)]]

-- in the order of the tables; `compare` says how an output is held against the oracle's
tools.jobs = {
  { name = "count", compare = check.bytes, about = "number of records" },
  { name = "filter", compare = check.marc, about = "245$a contains a word" },
  { name = "edit", compare = check.marc, about = "9XX dropped, 856$u prefixed, a field added" },
  { name = "csv", compare = check.csv, about = "five columns of each record" },
  { name = "subjects", compare = check.counts, about = "how often each 650$a occurs" },
  { name = "cpu", compare = check.bytes, about = "a hash in the script's language, byte by byte" },
}
for _, job in ipairs(tools.jobs) do tools.jobs[job.name] = job end

local function shell(command) return (os.execute(command .. " >/dev/null 2>&1")) end

-- ---- this program ----

local MRRC = {
  count = function(set) return { "count", "-q", set.path }, "stdout" end,
  filter = function(set, out)
    return { "run", "-q", "--no-fsync", "-t", "marc", "-o", out, "--filter", tools.FILTER, set.path }
  end,
  edit = function(set, out)
    return { "run", "-q", "--no-fsync", "-t", "marc", "-o", out, "bench/scripts/edit.lua", set.path }
  end,
  csv = function(set, out) return { "run", "-q", "bench/scripts/csv.lua", "-a", "file=" .. out, set.path } end,
  subjects = function(set) return { "run", "-q", "bench/scripts/subjects.lua", set.path }, "stdout" end,
  cpu = function(set) return { "run", "-q", "bench/scripts/cpu.lua", set.path }, "stdout" end,
}

-- a side for measure.lua; `more` are further options
function tools.mrrc_side(job, set, name, more)
  local out = data.scratch(name .. "-" .. job)
  local words, where = MRRC[job](set, out)
  local argv = { tools.mrrc, table.unpack(words) }
  table.move(more, 1, #more, #argv + 1, argv)
  return { name = name, argv = argv, output = where and out, result = out, compare = tools.jobs[job].compare }
end

-- ---- the others ----

local function script_tool(command, only)
  return function(job, set, out)
    local argv = { table.unpack(command) }
    table.move({ job, set.path, out }, 1, 3, #argv + 1, argv)
    return { argv = argv, compare = (only or {})[job] or tools.jobs[job].compare }
  end
end

-- yaz-marcdump cannot choose or change: for `filter` it copies everything, for `count` it reads and says nothing
local function yaz(job, set, out)
  if job == "count" then
    return { argv = { "yaz-marcdump", "-n", set.path }, compare = function() return "reads only" end }
  elseif job == "filter" then
    return {
      argv = { "yaz-marcdump", "-o", "marc", set.path }, output = out,
      compare = function(path) return check.bytes(path, set.path) and "copies all" or nil, "the copy differs" end,
    }
  end
  return nil, UNABLE
end

local function marc21_rs(job, set, out)
  local program = PEERS .. "bin/marc21"
  local words = ({
    count = { "count", set.path },
    filter = { "filter", '245/*.a =? "history"', set.path, "-o", out },
    csv = { "select", "--merge", "--separator", "; ", "-H", "id,title,author,year,subjects",
      "001, 245/*.a, 100/*.a, 008[7:11], 650/*.a", set.path, "-o", out },
    subjects = { "frequency", "650/*.a", set.path, "-o", out },
  })[job]
  if not words then return nil, UNABLE end
  return { argv = { program, table.unpack(words) }, output = job == "count" and out, compare = tools.jobs[job].compare }
end

local function marctools(job, set, out)
  if job ~= "count" then return nil, UNABLE end
  return { argv = { PEERS .. "bin/marccount", set.path }, output = out, compare = tools.jobs.count.compare }
end

local function python_has(package, version)
  return shell(([[%s -c 'import importlib.metadata as m, sys; sys.exit(not m.version("%s").startswith("%s"))']])
    :format(PYTHON, package, version))
end

tools.peers = {
  { name = "yaz-marcdump", id = "yaz", job = yaz, there = function() return shell("command -v yaz-marcdump") end,
    how = "Debian: yaz" },
  { name = "MARC::Record", id = "marc-record", job = script_tool { "perl", "bench/peers/marc_record.pl" },
    there = function() return shell("perl -MMARC::Batch -e 1") end, how = "Debian: libmarc-record-perl" },
  { name = "pymarc 5.4", id = "pymarc", job = script_tool { PYTHON, "bench/peers/python_jobs.py", "pymarc" },
    there = function() return python_has("pymarc", "5.4") end, how = "make bench-peers" },
  { name = "Python mrrc 0.9.2", id = "mrrc-python", job = script_tool { PYTHON, "bench/peers/python_jobs.py", "mrrc" },
    there = function() return python_has("mrrc", "0.9.2") end, how = "make bench-peers" },
  { name = "marc21-rs", id = "marc21-rs", job = marc21_rs, there = function() return data.exists(PEERS .. "bin/marc21") end,
    how = "make bench-peers" },
  { name = "marctools", id = "marctools", job = marctools, there = function() return data.exists(PEERS .. "bin/marccount") end,
    how = "make bench-peers" },
}

-- Looks once which are there; the others get .why.
function tools.look()
  for _, peer in ipairs(tools.peers) do
    tools.peers[peer.id] = peer
    if not peer.there() then
      peer.why = (data.read(PEERS .. peer.id .. ".why") or "not installed (" .. peer.how .. ")"):gsub("%s+$", "")
    end
  end
end

-- a side for measure.lua, or nil and why not
function tools.peer_side(id, job, set)
  local peer = tools.peers[id]
  if peer.why then return nil, peer.why end
  local out = data.scratch(id .. "-" .. job)
  local side, why = peer.job(job, set, out)
  if not side then return nil, why end
  side.name, side.result = peer.name, out
  return side
end

-- Gives a side the check of its output against the oracle; the level it found is side.level.
function tools.checked(side, job, set)
  local wanted = data.answer(set, job)
  os.remove(side.result) -- an old output must not be taken for this one
  side.check = function()
    local level, why = side.compare(side.result, wanted)
    if not level then error(("%s, %s: wrong output: %s"):format(side.name, job, why), 0) end
    side.level = level
  end
  return side
end

return tools
