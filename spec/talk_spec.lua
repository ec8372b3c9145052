-- What the program says: counts, statistics, progress, summaries, help, colours, and how much of it when asked for more or less.
local json = require "spec.support.json"
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local BOOKS, DAMAGED = "fixtures/books.mrc", "fixtures/damaged.mrc"

local function stats_of(...)
  local path = mrrc.file ""
  local words = { ... }
  words[#words + 1], words[#words + 2] = "--stats", path
  local result = mrrc.run(words)
  return json.read(mrrc.read(path)), result
end

-- a terminal for what the line writes; line ends come as CR LF
local function terminal(line, env)
  -- where there are no pseudo terminals (a bare chroot), script is there but fails
  if not os.execute "script -qec true /dev/null >/dev/null 2>&1 </dev/null" then return nil end
  local variables = { MRRC = mrrc.program, TERM = "xterm" }
  for name, value in pairs(env or {}) do variables[name] = value end
  return mrrc.pipe("script -qec 'sh " .. mrrc.file(line, ".sh") .. "' /dev/null", { env = variables }).out
end

describe("--stats", function()
  it("counts records and bytes", function()
    local stats = stats_of("run", "-e", "if rec.source.number <= 5 then return mrrc.drop end return rec:edit():remove '650'", "-o",
      "/dev/null", BOOKS)
    local r = stats.records
    assert.same({ 25, 20, 5, 0, 0, 0 }, { r.read, r.written, r.dropped, r.repaired, r.rejected, r.failed })
    assert.is_true(r.changed > 0 and r.changed <= 20)
    assert.equal(#mrrc.read(BOOKS), stats.bytes_in)
    assert.is_true(stats.bytes_out > 0 and stats.bytes_out < stats.bytes_in)
  end)

  it("counts what was mended, lost and skipped", function()
    local stats = stats_of("count", DAMAGED, "fixtures/damage/R05.mrc", "fixtures/damage/R17.mrc")
    assert.same({ 5 + 3 + 3, 2, 1, 35, 5000 }, { stats.records.read, stats.records.repaired, stats.records.rejected,
      stats.records.garbage_bytes, stats.records.junk_bytes })
    assert.equal(3, stats.records.faults)
  end)

  it("counts script errors and warnings", function()
    local stats, result = stats_of("run", "-e", "mrrc.warn('odd') if rec.source.number == 2 then error 'no' end", "--on-script-error",
      "skip", "-o", "/dev/null", BOOKS)
    assert.equal(1, result.status)
    assert.equal(1, stats.records.failed)
    assert.is_true(stats.records.warnings >= 24)
  end)

  it("has every time, wait and size as a number", function()
    local stats = stats_of("run", "--filter", "true", "-o", "/dev/null", "-j", "3", BOOKS)
    for _, name in ipairs { "seconds", "source_cpu", "parse_cpu", "script_cpu", "sink_cpu", "source_wait", "worker_wait", "sink_wait",
      "batches", "batches_peak", "batch_total", "lua_peak_bytes", "rss_kb" } do
      assert.is_number(stats[name], name)
      assert.is_true(stats[name] >= 0, name)
    end
    assert.equal(3, stats.threads)
    assert.equal(3, #stats.worker_cpu)
    assert.is_true(stats.rss_kb > 100 and stats.lua_peak_bytes > 1000)
  end)

  it("has numbers with a point in every locale", function()
    local path = mrrc.file ""
    mrrc.ok { "count", "--stats", path, BOOKS, env = { LC_ALL = "de_DE.UTF-8" } }
    assert.is_number(json.read(mrrc.read(path)).seconds)
  end)

  it("- goes to standard error", function()
    local result = mrrc.ok { "count", "--stats", "-", BOOKS }
    assert.equal("25\n", result.out)
    assert.equal(25, json.read(result.err).records.read)
  end)

  it("is written when the run fails, too", function()
    local stats, result = stats_of("run", "-e", "error 'no'", "-o", "/dev/null", BOOKS)
    assert.equal(3, result.status)
    assert.equal(1, stats.records.failed)
  end)

  it("to a place that cannot be written is status 4", function()
    local path = mrrc.folder() .. "/none/x"
    local result = mrrc.run { "count", "--stats", path, BOOKS }
    assert.equal(4, result.status)
    lua.has(result.err, path)
  end)
end)

describe("the summary", function()
  it("says nothing when nothing happened", function() assert.equal("", mrrc.ok({ "run", "--filter", "true", BOOKS }).err) end)

  it("says what was read and written with --verbose", function()
    assert.equal("mrrc: 25 records read, 25 written\n", mrrc.ok({ "run", "--filter", "true", "--verbose", BOOKS }).err)
    assert.equal("mrrc: 25 records read\n", mrrc.ok({ "count", "--verbose", BOOKS }).err)
  end)

  it("says what was mended and lost, with the codes", function()
    lua.has(mrrc.run({ "count", DAMAGED }).err, "mrrc: 5 records read, 2 repaired (E008 1, E101 1), 1 rejected and skipped\n")
  end)

  it("and the lines of what was mended are gone with -q, not the losses", function()
    local err = mrrc.run({ "count", "-q", DAMAGED }).err
    lua.has(err, "E005")
    assert.is_nil(err:find("records read", 1, true))
    assert.is_nil(err:find("repaired", 1, true))
  end)

  it("warns of a script that drops every record, which is no failure", function()
    local result = mrrc.ok { "run", "--filter", "false", BOOKS }
    assert.equal("", result.out)
    lua.has(result.err, "the script dropped every record")
    assert.equal("", mrrc.ok({ "run", "--filter", "false", "-q", BOOKS }).err)
  end)

  it("warns of a transform that changes no record", function()
    lua.has(mrrc.ok({ "run", "-e", "rec:edit():remove '998'", BOOKS }).err, "the script changed no record")
    assert.equal("", mrrc.ok({ "run", "-e", "rec:edit():remove '998'", "-q", BOOKS }).err)
  end)

  it("tells each kind of script error once and counts the others", function()
    local result = mrrc.run { "run", "-e", "error('kind ' .. rec.source.number % 2)", "--on-script-error", "skip", "-q", BOOKS }
    assert.equal(1, result.status)
    local _, kinds = result.err:gsub("E701 script failed", "")
    assert.equal(2, kinds)
    lua.has(result.err, "23 more script errors of the kinds above")
  end)
end)

describe("--progress", function()
  local slow = [[(cat fixtures/books.mrc; sleep 0.6; cat fixtures/books.mrc) | "$MRRC" count %s -]]
  local function run(words)
    return mrrc.pipe("sh " .. mrrc.file(slow:format(words), ".sh"), { env = { MRRC = mrrc.program } })
  end

  it("always writes its line, over and over in one place, and clears it at the end", function()
    local result = run "--progress always"
    assert.equal("50\n", result.out)
    assert.truthy(result.err:find "^\r\27%[K%d+ records  %d+/s  [%d.]+ MB/s")
    assert.equal("\r\27[K", result.err:sub(-4))
    assert.is_nil(result.err:find("\n", 1, true))
  end)

  it("auto writes none where standard error is no terminal", function() assert.equal("", run("--progress auto").err) end)
  it("never writes none", function() assert.equal("", run("--progress never").err) end)
  it("is silenced by -q", function() assert.equal("", run("-q --progress always").err) end)

  it("auto writes one on a terminal", function()
    local text = terminal(slow:format "")
    if not text then pending "needs script(1) and pseudo terminals" return end
    lua.has(text, " records  ")
    assert.truthy(text:find "50\r\n")
  end)

  it("clears its line before another is written", function()
    local line = [[(cat fixtures/books.mrc; sleep 0.6; cat fixtures/damage/D03.mrc) | "$MRRC" count --progress always -]]
    local err = mrrc.pipe("sh " .. mrrc.file(line, ".sh"), { env = { MRRC = mrrc.program } }).err
    lua.has(err, "\r\27[Kmrrc: standard input: record 27 at byte ")
  end)

  it("with another word is refused", function()
    local result = mrrc.run { "count", "--progress", "sometimes", BOOKS }
    assert.equal(2, result.status)
    lua.has(result.err, "--progress sometimes: expected")
  end)
end)

describe("count", function()
  it("prints one number", function() assert.equal("25\n", mrrc.ok({ "count", BOOKS }).out) end)
  it("adds up its inputs", function() assert.equal("50\n", mrrc.ok({ "count", BOOKS, BOOKS }).out) end)

  it("counts the records that can be used", function()
    local result = mrrc.run { "count", DAMAGED }
    assert.same({ 1, "4\n" }, { result.status, result.out })
  end)

  it("--by-file has a line for each input and a total", function()
    local result = mrrc.run { "count", "--by-file", BOOKS, DAMAGED, BOOKS }
    assert.equal(("25\t%s\n4\t%s\n25\t%s\n54\ttotal\n"):format(BOOKS, DAMAGED, BOOKS), result.out)
  end)

  it("--by-file has no total for one input", function()
    assert.equal("25\t" .. BOOKS .. "\n", mrrc.ok({ "count", "--by-file", BOOKS }).out)
    assert.equal("25\t-\n", mrrc.ok({ "count", "--by-file", stdin = mrrc.read(BOOKS) }).out)
  end)

  it("--by-file counts an input without records", function()
    local empty = mrrc.file ""
    assert.equal(("0\t%s\n25\t%s\n25\ttotal\n"):format(empty, BOOKS), mrrc.ok({ "count", "--by-file", empty, BOOKS }).out)
  end)

  it("prints nothing when nothing could be read", function()
    assert.equal("", mrrc.run({ "count", "/nonexistent" }).out)
  end)
end)

describe("print", function()
  local record = { leader = "00000nam a2200000 a 4500", { "001", "x1" }, { "008", "a b" }, { "245", "1 ", "a", "Ti{tle} $5", "b", "Näh" } }

  it("shows records as mrk", function()
    local text = mrrc.ok({ "print", "-", stdin = marc.write(record) }).out
    assert.truthy(text:find "^=LDR  %d%d%d%d%dnam a22%d%d%d%d%d a 4500\n=001  x1\n=008  a\\b\n=245  1\\%$aTi")
    lua.has(text, "$bNäh\n")
    assert.equal("\n\n", text:sub(-2))
  end)

  it("keeps braces and dollar signs of the text apart from its own", function()
    lua.has(mrrc.ok({ "print", "-", stdin = marc.write(record) }).out, "$aTi{lcub}tle{rcub} {dollar}5$b")
  end)

  it("has no colours where there is no terminal", function() assert.is_nil(mrrc.ok({ "print", BOOKS }).out:find "\27") end)

  it("has colours with --color always, and the same text below them", function()
    local plain, colour = mrrc.ok({ "print", BOOKS }).out, mrrc.ok({ "print", "--color", "always", BOOKS }).out
    assert.truthy(colour:find "\27%[[%d;]+m")
    assert.equal(plain, (colour:gsub("\27%[[%d;]*m", "")))
  end)

  it("has colours on a terminal, but for NO_COLOR and --color never", function()
    local line = [["$MRRC" print %s --limit 1 fixtures/books.mrc]]
    local text = terminal(line:format "")
    if not text then pending "needs script(1) and pseudo terminals" return end
    assert.truthy(text:find "\27%[[%d;]+m")
    assert.is_nil(terminal(line:format "", { NO_COLOR = "1" }):find "\27")
    assert.truthy(terminal(line:format "", { NO_COLOR = "" }):find "\27")
    assert.is_nil(terminal(line:format "--color never"):find "\27")
    assert.truthy(terminal(line:format "--color always", { NO_COLOR = "1" }):find "\27")
  end)

  it("-o writes a file", function()
    local path = mrrc.folder() .. "/x.txt"
    assert.equal("", mrrc.ok({ "print", "-o", path, BOOKS }).out)
    assert.equal(mrrc.ok({ "print", BOOKS }).out, mrrc.read(path))
  end)

  it("is what run does on a terminal", function()
    local text = terminal [["$MRRC" run --filter true --color never --limit 1 fixtures/books.mrc]]
    if not text then pending "needs script(1) and pseudo terminals" return end
    assert.equal(mrrc.ok({ "print", "--limit", "1", BOOKS }).out, (text:gsub("\r\n", "\n")))
  end)
end)

describe("without input", function()
  it("on a terminal a command asks for it, with status 2", function()
    local text = terminal [["$MRRC" count </dev/tty; echo "status $?"]]
    if not text then pending "needs script(1) and pseudo terminals" return end
    lua.has(text, "no input: give a file, or records on standard input")
    lua.has(text, "status 2")
  end)
end)

describe("help", function()
  it("goes to standard output with status 0, in any spelling", function()
    local text = mrrc.ok({ "help" }).out
    assert.equal(text, mrrc.ok({ "--help" }).out)
    assert.equal(text, mrrc.ok({ "-h" }).out)
    assert.equal(text, mrrc.ok({ "help", "help" }).out)
    for _, command in ipairs { "run", "count", "print", "help", "version" } do lua.has(text, "\n  " .. command .. " ") end
    lua.has(text, "Exit status: ")
  end)

  it("of a command names its options, in any spelling", function()
    for _, command in ipairs { "run", "count", "print" } do
      local text = mrrc.ok({ "help", command }).out
      assert.equal(text, mrrc.ok({ command, "--help" }).out)
      assert.equal(text, mrrc.ok({ command, "-h" }).out)
      lua.has(text, "usage: mrrc " .. command)
      lua.has(text, "--on-error ACTION")
    end
  end)

  it("of a command leaves out what belongs to others", function()
    assert.is_nil(mrrc.ok({ "help", "count" }).out:find("--in-place", 1, true))
    assert.is_nil(mrrc.ok({ "help", "run" }).out:find("--by-file", 1, true))
  end)

  it("has no line of more than 110 characters", function()
    for _, command in ipairs { "", "run", "count", "print" } do
      for line in mrrc.ok({ "help", command ~= "" and command or nil }).out:gmatch "[^\n]*" do
        assert.is_true(#line <= 110, line)
      end
    end
  end)

  it("without a command goes to standard error with status 2", function()
    local result = mrrc.run {}
    assert.same({ 2, "" }, { result.status, result.out })
    assert.equal(mrrc.ok({ "help" }).out, result.err)
  end)

  it("of a script shows its summary and options, wherever the word stands", function()
    local script = mrrc.script [[return { name = "s", summary = "counts sheep", each = function() end,
      options = { sheep = { help = "how many", default = "7" } } }]]
    local text = mrrc.ok({ "run", script, "--help" }).out
    for _, words in ipairs { "counts sheep", "sheep", "how many", "7" } do lua.has(text, words) end
    assert.equal(text, mrrc.ok({ "run", "--help", script }).out)
  end)

  it("--version and version print one line", function()
    local text = mrrc.ok({ "--version" }).out
    assert.truthy(text:find "^mrrc %d+%.%d+%.%d+\n$")
    assert.equal(text, mrrc.ok({ "version" }).out)
  end)
end)

describe("a word that is unknown is refused with 2 and the right one:", function()
  local function says(message, ...)
    local result = mrrc.run { ... }
    assert.same({ 2, "" }, { result.status, result.out })
    lua.has(result.err, message)
  end

  it("a command", function()
    says("unknown command 'rnu': did you mean run?", "rnu")
    says("unknown command 'conut': did you mean count?", "conut", BOOKS)
    says("unknown command 'hlep': did you mean help?", "hlep")
    says("unknown command 'prnt': did you mean print?", "help", "prnt")
  end)

  it("a command like no other, without a guess", function()
    local result = mrrc.run { "frobnicate" }
    assert.equal(2, result.status)
    assert.is_nil(result.err:find("did you mean", 1, true))
  end)

  it("an option", function()
    says("unknown option '--limt': did you mean --limit?", "count", "--limt", "3", BOOKS)
    says("unknown option '--recover': did you mean --recovery?", "count", "--recover=strict", BOOKS)
    says("unknown option '-x'", "count", "-x", BOOKS)
  end)

  it("an option of another command", function() says("--in-place", "count", "--in-place", BOOKS) end)

  it("the value of an option", function()
    says("--recovery lax: expected", "count", "--recovery", "lax", BOOKS)
    says("--on-error ignore: expected", "count", "--on-error", "ignore", BOOKS)
    says("--crew none: expected adaptive or separate", "count", "--crew", "none", BOOKS)
    says("--threads 0: expected a whole number from 1", "count", "-j", "0", BOOKS)
    says("--color red: expected", "print", "--color", "red", BOOKS)
  end)

  it("the value of MRRC_NUM_THREADS", function()
    local result = mrrc.run { "count", BOOKS, env = { MRRC_NUM_THREADS = "many" } }
    assert.equal(2, result.status)
    lua.has(result.err, "MRRC_NUM_THREADS=many")
  end)
end)

describe("options", function()
  it("are refused without their value", function()
    for _, word in ipairs { "--limit", "-j", "--stats", "--errors" } do
      local result = mrrc.run { "count", BOOKS, word }
      assert.equal(2, result.status, word)
      lua.has(result.err, "a value is missing behind '" .. word .. "'")
    end
  end)

  it("that take no value are refused with one", function()
    local result = mrrc.run { "count", "--quiet=yes", BOOKS }
    assert.equal(2, result.status)
    lua.has(result.err, "--quiet")
  end)

  it("may stand behind the files, be joined to their values, and be gathered", function()
    assert.equal("3\n", mrrc.ok({ "count", BOOKS, "--limit=3" }).out)
    assert.equal("3\n", mrrc.ok({ "count", "-qj2", BOOKS, "--limit", "3" }).out)
  end)

  it("end at --", function()
    local folder = mrrc.folder()
    local result = mrrc.run { "count", "--", "--limit", cwd = folder }
    assert.equal(4, result.status)
    lua.has(result.err, "mrrc: --limit: No such file or directory")
  end)

  it("take the number of threads from MRRC_NUM_THREADS, and -j goes before it", function()
    local path = mrrc.file ""
    mrrc.ok { "count", "--stats", path, BOOKS, env = { MRRC_NUM_THREADS = "3" } }
    assert.equal(3, json.read(mrrc.read(path)).threads)
    mrrc.ok { "count", "--stats", path, "-j", "2", BOOKS, env = { MRRC_NUM_THREADS = "3" } }
    assert.equal(2, json.read(mrrc.read(path)).threads)
  end)
end)
