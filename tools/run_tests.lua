-- Runs the C test programs, the fuzz replays and the Lua specs, and adds them up.
-- Run: lua5.4 tools/run_tests.lua [--c PROGRAM]… [--fuzz PROGRAM]… [--specs PATH]… [--tags TAGS] [--mrrc PROGRAM]
--
-- A C test counts as many tests as cmocka says, a fuzz target is one, a spec counts its `it`s. What ends without a
-- summary (a crash, a time-out, a broken spec file) is one failure: silence never passes. Failures are printed in full,
-- the last line is "N passed, N failed", and the status is 1 when a test failed or none ran.

local TIMEOUT = tonumber(os.getenv("TEST_TIMEOUT")) or 1800 -- seconds for each program, all specs together
-- A sanitizer's own status must not look like one of the program's: specs expect 1.
local ENVIRONMENT = table.concat({
  "ASAN_OPTIONS=exitcode=99:detect_leaks=1:detect_stack_use_after_return=1:$ASAN_OPTIONS",
  "UBSAN_OPTIONS=exitcode=99:print_stacktrace=1:$UBSAN_OPTIONS",
  "LSAN_OPTIONS=exitcode=99:$LSAN_OPTIONS",
  "TSAN_OPTIONS=exitcode=99:halt_on_error=1:$TSAN_OPTIONS",
}, " ")

local passed, failed, skipped = 0, 0, 0

local function quote(s) return "'" .. s:gsub("'", "'\\''") .. "'" end

local function arguments()
  local given = { c = {}, fuzz = {}, specs = {}, tags = {}, mrrc = {} }
  for i = 1, #arg, 2 do
    local list = given[arg[i]:match("^%-%-(%l+)$") or ""]
    if not list or not arg[i + 1] then
      io.stderr:write("run_tests: cannot read '", arg[i], "'\n")
      os.exit(2)
    end
    list[#list + 1] = arg[i + 1]
  end
  return given
end

-- output (both streams), exit status, seconds
local function run(command)
  local began = os.time()
  local pipe = assert(io.popen(("%s timeout -k 10 %d %s 2>&1 </dev/null"):format(ENVIRONMENT, TIMEOUT, command)))
  local text = pipe:read("a")
  local _, how, status = pipe:close()
  if how == "signal" then status = 128 + status end
  return text, status, os.time() - began
end

local function report(name, good, bad, seconds, details, skips)
  passed, failed, skipped = passed + good, failed + bad, skipped + (skips or 0)
  print(("%-6s %-40s %4d passed%s%s%s"):format(bad == 0 and "ok" or "FAILED", name, good,
    bad > 0 and (", %d failed"):format(bad) or "", (skips or 0) > 0 and (", %d pending"):format(skips) or "",
    seconds > 1 and (" (%d s)"):format(seconds) or ""))
  if bad > 0 then io.write(details, details:sub(-1) == "\n" and "" or "\n") end
  io.stdout:flush()
end

local function ended_badly(status)
  if status == 124 or status == 137 then return ("timed out after %d s\n"):format(TIMEOUT) end
  if status > 128 then return ("ended by signal %d\n"):format(status - 128) end
  return ("ended with status %d and no summary\n"):format(status)
end

local function base(path) return path:match("[^/]+$") end

local function run_c_test(program)
  local text, status, seconds = run("./" .. program)
  -- one summary per group of tests
  local good, bad, skips = 0, 0, 0
  for n in text:gmatch("%[  PASSED  %] (%d+) test") do good = good + n end
  for n in text:gmatch("%[  FAILED  %] (%d+) test") do bad = bad + n end
  for n in text:gmatch("%[  SKIPPED %] (%d+) test") do skips = skips + n end
  if good + bad + skips == 0 or (status ~= 0 and bad == 0) then
    text, bad = text .. base(program) .. " " .. ended_badly(status), bad + 1
  end
  report(base(program), good, bad, seconds, text, skips)
end

local function run_fuzz_replay(program)
  local name = base(program)
  local corpus = "spec/fuzz/corpus/" .. name:gsub("^fuzz_", "")
  local text, status, seconds = run(("sh -c %s"):format(quote(("exec ./%s %s/*"):format(program, corpus))))
  if status ~= 0 then text = text .. name .. " " .. ended_badly(status) end
  report(name, status == 0 and 1 or 0, status == 0 and 0 or 1, seconds, text)
end

-- TAP: "ok 1 - name", "ok 2 - # SKIP name", "not ok 3 - name" and its "# " lines
local function read_tap(text)
  local good, bad, skips, plan, details, in_failure = 0, 0, 0, nil, {}, false
  for line in text:gmatch("[^\n]+") do
    if line:find("^not ok ") then
      bad, in_failure = bad + 1, true
    elseif line:find("^ok %d+ %- # SKIP") then
      skips, in_failure = skips + 1, false
    elseif line:find("^ok ") then
      good, in_failure = good + 1, false
    elseif line:find("^1%.%.%d+$") then
      plan = tonumber(line:match("%d+$"))
    elseif not line:find("^#") then
      in_failure = true -- what a spec printed, or why busted did not start
    end
    if in_failure then details[#details + 1] = line end
  end
  return good, bad, skips, plan, table.concat(details, "\n") .. "\n"
end

local function run_specs(paths, tags, mrrc)
  local words = { "env", mrrc and "MRRC=" .. quote(mrrc) or "", "lua5.4 \"$(command -v busted)\" -o TAP" }
  for _, tag in ipairs(tags) do words[#words + 1] = "--tags=" .. quote(tag) end
  for _, path in ipairs(paths) do words[#words + 1] = quote(path) end
  local text, status, seconds = run(("sh -c %s"):format(quote("exec " .. table.concat(words, " "))))
  local good, bad, skips, plan, details = read_tap(text)
  if plan == nil or plan ~= good + bad + skips or (status ~= 0 and bad == 0) then
    details, bad = text .. "busted " .. ended_badly(status), bad + 1
  end
  if good + bad + skips > 0 then
    report("Lua specs" .. (#tags > 0 and " #" .. table.concat(tags, " #") or ""), good, bad, seconds, details, skips)
  end
end

local given = arguments()
for _, program in ipairs(given.c) do run_c_test(program) end
for _, program in ipairs(given.fuzz) do run_fuzz_replay(program) end
if #given.specs > 0 then run_specs(given.specs, given.tags, given.mrrc[1]) end
if skipped > 0 then print(skipped .. " pending") end
print(("%d passed, %d failed"):format(passed, failed))
os.exit(failed == 0 and passed > 0)
