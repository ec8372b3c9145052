-- What the figures were measured on: machine, compiler, commit, and how busy it was.

local machine = {}

local function line(command)
  local pipe = io.popen(command .. " 2>/dev/null")
  local text = pipe and pipe:read("l") or nil
  if pipe then pipe:close() end
  return text and text ~= "" and text or nil
end

local function find(path, pattern)
  local file = io.open(path, "r")
  local text = file and file:read("a") or ""
  if file then file:close() end
  return text:match(pattern)
end

-- the CPUs this process may use, as numbers
function machine.cpus()
  local cpus = {}
  for first, last in find("/proc/self/status", "Cpus_allowed_list:%s*([%d,%-]+)"):gmatch("(%d+)%-?(%d*)") do
    for cpu = tonumber(first), tonumber(last) or tonumber(first) do cpus[#cpus + 1] = cpu end
  end
  return cpus
end

function machine.load() return find("/proc/loadavg", "^([%d.]+ [%d.]+ [%d.]+)") or "unknown" end

function machine.commit() return line("git describe --always --dirty=-changed --abbrev=10") or "unknown" end

function machine.describe()
  local memory = tonumber(find("/proc/meminfo", "MemTotal:%s*(%d+)") or 0) // (1024 * 1024)
  return {
    { "commit", machine.commit() },
    { "date", os.date("!%Y-%m-%d %H:%M UTC") },
    { "processor", ("%s, %d CPUs"):format(find("/proc/cpuinfo", "model name%s*:%s*([^\n]+)") or "unknown", #machine.cpus()) },
    { "memory", memory .. " GB" },
    { "system", line("uname -sr") or "unknown" },
    { "compiler", line("cc --version") or "unknown" },
    { "load at the start", machine.load() },
  }
end

return machine
