-- What must not be lost when something goes wrong at the very end, and what ends when it is told to: outputs that meet each other,
-- disks that are full at the last byte, signals while no record is under way.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local FULL = "/dev/full"
local MIXED = marc.books(2) .. marc.write_broken({ { "001", "bad" }, { "245", "10", "a", "x" } }, { length = "99999" }) .. marc.books(1)

-- a shell script in a folder of its own, with MRRC as the program
local function shell(text, files)
  local folder = mrrc.folder()
  for name, bytes in pairs(files or {}) do
    local file = assert(io.open(folder .. "/" .. name, "wb"))
    file:write(bytes)
    file:close()
  end
  return mrrc.pipe(text, { cwd = folder }), folder
end

describe("two outputs with one place", function()
  local WRITES = [[local o = mrrc.output{ name = "o", path = "%s" } return function(rec) o:write(rec) return mrrc.drop end]]

  for option, words in pairs { ["-o"] = "-o out", ["--reject"] = "-o r --reject out", ["--errors"] = "-o r --errors out",
      ["--stats"] = "-o r --stats out" } do
    it("are refused when the script's is that of " .. option, function()
      local result, folder = shell("MRRC run -q " .. words .. " s.lua in; echo $?", { ["in"] = marc.books(3), ["s.lua"] = WRITES:format("./out") })
      assert.equal("3\n", result.out)
      assert.truthy(result.err:find("./out: the output of the script is also one of the command line", 1, true))
      assert.is_false(mrrc.exists(folder .. "/r"))
    end)
  end

  it("are refused when two options name one file in two ways that does not exist yet", function()
    local result = shell("MRRC run --filter true -o out --reject ./out in; echo $?", { ["in"] = marc.books(1) })
    assert.equal("2\n", result.out)
    assert.truthy(result.err:find("./out: two outputs go to one file: out", 1, true))
  end)

  it("are refused when a link that leads nowhere yet names the other", function()
    local result = shell("ln -s out link; MRRC run --filter true -o link --reject out in; echo $?", { ["in"] = marc.books(1) })
    assert.equal("2\n", result.out)
  end)
end)

describe("records on standard output", function()
  it("are alone there", function()
    for _, option in ipairs { "--reject", "--errors", "--agg-out" } do
      for _, name in ipairs { "-", "/dev/stdout" } do
        local result = mrrc.run { "run", "--filter", "true", option, name, "fixtures/books.mrc" }
        assert.same({ 2, "" }, { result.status, result.out })
      end
    end
  end)

  it("leave it to --reject when they go elsewhere", function()
    local result = mrrc.run { "run", "--filter", "true", "-q", "--recovery", "strict", "--reject", "-", "-o", "/dev/null",
      mrrc.file(MIXED) }
    assert.equal(1, result.status)
    assert.equal(1, #marc.split((result.out:gsub("^99999", ("%05d"):format(#result.out)))))
  end)
end)

describe("--in-place", function()
  it("refuses a file that is given twice, by whatever name", function()
    for _, second in ipairs { "x", "./x", "hard", "soft" } do
      local result, folder = shell("ln x hard; ln -s x soft; MRRC run -e 'return mrrc.drop' --in-place x " .. second .. "; echo $?",
        { x = marc.books(2) })
      assert.equal("2\n", result.out, second)
      assert.truthy(result.err:find("--in-place got this file twice", 1, true))
      assert.equal(marc.books(2), mrrc.read(folder .. "/x"))
    end
  end)

  it("keeps the rejected records in their file when they cannot go to another", function()
    local result, folder = shell("MRRC run -q -e nil --recovery strict --reject " .. FULL .. " --in-place x y 2>err; echo $?", { x = MIXED, y = MIXED })
    assert.equal("4\n", result.out)
    assert.equal(MIXED, mrrc.read(folder .. "/x"))
    assert.equal(MIXED, mrrc.read(folder .. "/y"))
  end)

  it("counts the bytes of every file", function()
    local books = marc.books(4)
    local result = shell("MRRC run --filter true --in-place --stats - x y", { x = books, y = books })
    assert.truthy(result.err:find(('"bytes_out":%d,'):format(2 * #books), 1, true))
  end)
end)

describe("a full disk at the very end", function()
  local SCRIPT = [[local t = mrrc.table{ name = "t", columns = { "id" }, path = "%s" }
    return function(rec) t:row{ id = rec.id } print(rec.id) end]]

  for name, words in pairs { ["the printed text"] = "-o out s.lua in >/dev/full", ["--errors"] = "-o out --errors /dev/full s.lua in >text",
      ["a table"] = "-o out full.lua in >text" } do
    it("of " .. name .. " leaves no other output that looks whole", function()
      local result, folder = shell("MRRC run -q " .. words .. "; echo $?",
        { ["in"] = MIXED, ["s.lua"] = SCRIPT:format "t.csv", ["full.lua"] = SCRIPT:format(FULL) })
      assert.equal("4\n", result.out)
      assert.is_false(mrrc.exists(folder .. "/out"))
      assert.is_false(mrrc.exists(folder .. "/t.csv"))
    end)
  end
end)

describe("an input that goes away behind the first 64", function()
  it("is called by its name", function()
    local result = shell([[for i in $(seq -w 70); do cp in $i.mrc; done
      MRRC run -j1 -e 'if rec.source.index == 1 then os.remove "66.mrc" end' ??.mrc >/dev/null; echo $?]], { ["in"] = marc.books(100) })
    assert.equal("4\n", result.out)
    assert.equal("mrrc: 66.mrc: cannot open: No such file or directory\n", result.err)
  end)
end)

describe("a signal ends", function()
  local function ended(start)
    local result, folder = shell([[mkfifo fifo; ]] .. start .. [[
      sleep 0.5; kill -TERM $pid; wait $pid; echo $?; ls -A | grep mrrc-]],
      { ["in"] = marc.books(1000), ["load.lua"] = "while true do end",
        ["finish.lua"] = "return { each = function() end, finish = function() while true do end end }" })
    assert.equal("143\n", result.out)
    return folder
  end
  local RUN = "env --default-signal=TERM MRRC run "

  it("a script that never finishes loading #threads", function() ended(RUN .. "-o out load.lua in & pid=$!;") end)

  it("a finish that never ends #threads", function() ended(RUN .. "finish.lua in & pid=$!;") end)

  it("a wait for somebody to read the FIFO that -o names #threads", function() ended(RUN .. "-o fifo --filter true in & pid=$!;") end)

  it("a wait for the reader of the last bytes #threads", function()
    ended("exec 3<>fifo;" .. RUN .. "--filter true --batch-size 1 -j1 in >fifo & pid=$!;")
  end)
end)

describe("on standard error", function()
  it("control characters and broken text of a script are shown by their numbers", function()
    local result = mrrc.run { "run", "-e", [[error("ä\27[1m \u{9b}31m \xff \u{fffd}", 0)]], "--on-script-error", "skip", "-o", "/dev/null",
      "fixtures/books.mrc" }
    assert.truthy(result.err:find("ä<1B>[1m <C2><9B>31m <FF> \u{fffd}\n", 1, true), result.err)
  end)
end)

describe("what one record gives without end", function()
  -- more than 64 MiB, were it not stopped there
  local WAYS = {
    print = "print(s)", ["io.write"] = "io.write(s)", ["mrrc.warn"] = "mrrc.warn(s)", ["a table's rows"] = "t:row{ id = s }",
  }

  for name, call in pairs(WAYS) do
    it("by " .. name .. " is an error of that record alone", function()
      local result = mrrc.run { "run", "--on-script-error", "skip", "-q", "-j1", "--stats", "-", "-o", "/dev/null", mrrc.script(([[
        local t = mrrc.table{ name = "t", columns = { "id" }, path = "/dev/null" }
        local s = ("x"):rep(2^20)
        return function(rec) for _ = 1, rec.source.index == 3 and 1000 or 1 do %s end end]]):format(call)), "fixtures/books.mrc" }
      assert.equal(1, result.status)
      assert.truthy(result.err:find('"written":24,', 1, true))
      assert.truthy(result.err:find('"failed":1,', 1, true))
      assert.truthy(tonumber(result.err:match '"rss_kb":(%d+)') < 600000)
    end)
  end
end)

describe("a damaged record of many megabytes", function()
  it("costs no more per byte from a pipe than from a file", function()
    local field = "10\31a" .. ("0123456789 abc"):rep(5)
    local path = mrrc.file("99999nam a2200037   4500245006000000\30" .. field:rep(200000) .. marc.books(10))
    local function source_cpu(line)
      return tonumber(mrrc.pipe(line, { env = { INPUT = path } }).err:match '"source_cpu":([%d.]+)')
    end
    local file, pipe = source_cpu "MRRC count --stats - \"$INPUT\"", source_cpu "cat \"$INPUT\" | MRRC count --stats -"
    assert.is_true(pipe < 12 * file, ("%f s from a file, %f s from a pipe"):format(file, pipe))
  end)
end)
