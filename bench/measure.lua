-- Runs programs by bench/clock.c and keeps what they took. Sides that are compared run in turn, round after round, every other
-- round the other way round, so that a busy moment or a warming machine meets all of them; what counts is each side's minimum.
--
-- A side: {name, argv, cpus = "0" or "0,1", output = path for its standard output, piped, slow = seconds, rounds = N,
--          after = function(result): called after each run, check = function(result): called once, before any time counts}

local measure = {}

local CLOCK = "build/bench/clock"
local ERRORS = "build/bench/stderr.txt"
local LEAST_ROUNDS = 3

function measure.quote(text) return "'" .. text:gsub("'", "'\\''") .. "'" end

local function flags(side)
  local list = { CLOCK, "-e", ERRORS }
  local function add(flag, value)
    list[#list + 1] = flag
    list[#list + 1] = value
  end
  if side.cpus then add("-c", side.cpus) end
  if side.output then add("-o", side.output) end
  if side.piped then add("-p") end
  if side.slow then add("-s", tostring(side.slow)) end
  add("--")
  table.move(side.argv, 1, #side.argv, #list + 1, list)
  for i, word in ipairs(list) do list[i] = measure.quote(word) end
  return table.concat(list, " ")
end

local function complaint(side, status)
  local file = io.open(ERRORS, "r")
  local text = file and file:read(300) or ""
  if file then file:close() end
  return ("%s: status %s: %s"):format(table.concat(side.argv, " "):sub(1, 160), status, text)
end

-- one run; a program that fails is an error here, never a fast run
function measure.once(side)
  local pipe = assert(io.popen(flags(side), "r"))
  local text = pipe:read("a")
  pipe:close()
  local result = { hash = text:match('"hash":"(%x+)"') }
  for key, value in text:gmatch('"([%w_]+)":([%d.]+)') do result[key] = tonumber(value) end
  if result.status ~= 0 then error(complaint(side, result.status or "unknown"), 0) end
  result.cpu = result.user + result.system
  if side.after then side.after(result) end
  return result
end

local function sorted(runs, key)
  local values = {}
  for i, run in ipairs(runs) do values[i] = run[key] end
  table.sort(values)
  return values
end

function measure.least(runs, key) return sorted(runs, key)[1] end

function measure.most(runs, key)
  local values = sorted(runs, key)
  return values[#values]
end

function measure.median(runs, key)
  local values = sorted(runs, key)
  local middle = (#values + 1) // 2
  return #values % 2 == 1 and values[middle] or (values[middle] + values[middle + 1]) / 2
end

local function wants_more(side, runs, round, budget)
  if round > (side.rounds or round) then return false end
  if not budget or #runs < LEAST_ROUNDS then return true end
  local spent = 0
  for _, run in ipairs(runs) do spent = spent + run.wall end
  return spent < budget
end

-- The first run of a side: warms the caches and is checked, not counted.
function measure.warm(side)
  if side.warm then return end
  local result = measure.once(side)
  if side.check then side.check(result) end
  side.warm = true
end

-- Warms all sides, then measures them; returns {[side.name] = list of results}.
-- `budget`: seconds after which a side that has had three rounds stops.
function measure.interleave(sides, rounds, budget)
  local all = {}
  for _, side in ipairs(sides) do
    all[side.name] = {}
    measure.warm(side)
  end
  for round = 1, rounds do
    local from, to, step = 1, #sides, 1
    if round % 2 == 0 then from, to, step = #sides, 1, -1 end
    for i = from, to, step do
      local runs = all[sides[i].name]
      if wants_more(sides[i], runs, round, budget) then runs[#runs + 1] = measure.once(sides[i]) end
    end
  end
  return all
end

return measure
