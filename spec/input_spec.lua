-- What may be read, from where, and what is said when it cannot be.
local json = require "spec.support.json"
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local SOME = marc.books(20)
local EACH = { "run", "--each", "print(rec.id, rec.source.number, rec.source.index, rec.source.offset)" }

local function words(first, ...)
  local all = { table.unpack(first) }
  for _, word in ipairs { ... } do all[#all + 1] = word end
  return all
end

local function shell(program, env)
  local variables = { MRRC = mrrc.program }
  for name, value in pairs(env or {}) do variables[name] = value end
  return mrrc.pipe("bash '" .. mrrc.file(program, ".sh") .. "'", { cwd = mrrc.folder(), env = variables })
end

-- is `want` what every command answers?
local function refused(path, message, commands)
  for _, command in ipairs(commands or { { "count" }, { "print" }, { "run", "--filter", "true" } }) do
    local result = mrrc.run(words(command, path))
    assert.equal(4, result.status, command[1])
    assert.equal("", result.out, command[1])
    assert.equal(("mrrc: %s: %s\n"):format(path, message), result.err, command[1])
  end
end

describe("an input that cannot be read ends the run before work begins, with 4 and its name:", function()
  it("a missing file", function() refused(mrrc.folder() .. "/none.mrc", "No such file or directory") end)
  it("a folder", function() refused(mrrc.folder(), "Is a directory") end)
  it("a path through a file", function() refused(mrrc.file(SOME) .. "/x", "Not a directory") end)
  it("a name that is empty", function() refused("", "No such file or directory") end)
  it("a link to itself", function()
    local path = mrrc.folder() .. "/loop"
    assert(os.execute("ln -s loop '" .. path .. "'"))
    refused(path, "Too many levels of symbolic links")
  end)

  it("a file without permission", function()
    local result = shell [[printf x >x; chmod 000 x
      without="setpriv --bounding-set=-dac_override,-dac_read_search" # root without the right to everything
      test -r x || without=
      $without cat x 2>/dev/null && echo readable
      $without "$MRRC" count x; echo $?]]
    if result.out:find "readable" then pending "needs setpriv to take rights from root" return end
    assert.equal("4\n", result.out)
    lua.has(result.err, "mrrc: x: Permission denied")
  end)

  it("a missing one among good ones, without a record written", function()
    local good, missing = mrrc.file(SOME), mrrc.folder() .. "/none.mrc"
    local result = mrrc.run { "run", "--filter", "true", good, missing, good }
    assert.equal(4, result.status)
    assert.equal("", result.out)
    lua.has(result.err, missing)
  end)

  it("a closed standard input", function()
    local result = shell [["$MRRC" count - <&-; echo $?]]
    assert.truthy(result.out == "4\n" or result.out == "0\n0\n", result.out)
  end)

  it("standard input that is a folder", function()
    local result = shell [["$MRRC" count - <.; echo $?]]
    assert.equal("4\n", result.out)
    lua.has(result.err, "Is a directory")
  end)

  it("standard input that is open for writing only", function()
    local result = shell [["$MRRC" count - 0>x; echo $?]]
    assert.equal("4\n", result.out)
    lua.has(result.err, "standard input: ")
  end)
end)

describe("an input without records is good:", function()
  for what, bytes in pairs { ["an empty file"] = "", ["line ends alone"] = "\n\r\n\n", ["NULs alone"] = ("\0"):rep(100000), ["one blank"] = " " } do
    it(what, function()
      assert.same({ 0, "0\n", "" }, { (function(r) return r.status, r.out, r.err end)(mrrc.run { "count", mrrc.file(bytes) }) })
      assert.equal("", mrrc.ok({ "run", "--filter", "true", "-", stdin = bytes }).out)
    end)
  end

  it("/dev/null", function() assert.equal("0\n", mrrc.ok({ "count", "/dev/null" }).out) end)
end)

describe("standard input", function()
  it("is read without a file and for -", function()
    assert.equal("20\n", mrrc.ok({ "count", stdin = SOME }).out)
    assert.equal("20\n", mrrc.ok({ "count", "-", stdin = SOME }).out)
  end)

  it("is one of several inputs", function()
    local other = mrrc.file(marc.books(3))
    assert.equal(marc.books(3) .. SOME .. marc.books(3), mrrc.ok({ "run", "--filter", "true", other, "-", other, stdin = SOME }).out)
  end)

  it("is told from a file of the name - by ./-", function()
    assert.equal("20\n20\n", shell([[cp "$SOME" ./-; "$MRRC" count ./-; "$MRRC" count -- ./-]], { SOME = mrrc.file(SOME) }).out)
  end)

  it("may come in small pieces with pauses", function()
    local program = [[(head -c 1; sleep 0.05; head -c 30; sleep 0.05; head -c 300; sleep 0.05; cat) <"$SOME" | "$MRRC" run --filter true -]]
    assert.equal(SOME, shell(program, { SOME = mrrc.file(SOME) }).out)
  end)

  it("may come byte by byte", function()
    assert.equal(marc.books(2), shell([[dd bs=1 status=none if="$SOME" | "$MRRC" run --filter true]], { SOME = mrrc.file(marc.books(2)) }).out)
  end)

  it("is read from where the caller left it", function()
    local program = [[{ head -c $SKIP >/dev/null; "$MRRC" run --filter true -; } <"$SOME"]]
    local records = marc.split(SOME)
    local dd = program:gsub("head %-c %$SKIP >/dev/null", "dd bs=$SKIP count=1 of=/dev/null status=none")
    assert.equal(table.concat(records, "", 2), shell(dd, { SOME = mrrc.file(SOME), SKIP = #records[1] }).out)
  end)

  it("that does not block is waited for", function()
    if not os.execute "python3 -c 1 2>/dev/null" then pending "needs python3" return end
    local program = [[(sleep 0.2; cat "$SOME") | python3 -c '
import fcntl, os, sys
fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_NONBLOCK)
os.execv(sys.argv[1], sys.argv[1:])' "$MRRC" count -]]
    assert.equal("20\n", shell(program, { SOME = mrrc.file(SOME) }).out)
  end)
end)

describe("several inputs", function()
  it("give one output in their order", function()
    local all, paths = {}, {}
    for i = 1, 5 do
      all[i] = marc.write { { "001", "file" .. i }, { "245", "10", "a", ("x"):rep(i * 100) } }
      paths[i] = mrrc.file(all[i])
    end
    assert.equal(table.concat(all), mrrc.ok(words({ "run", "--filter", "true" }, table.unpack(paths))).out)
  end)

  it("have record numbers and offsets of their own, and one index over all", function()
    local path = mrrc.file(marc.books(2))
    local length = #marc.split(marc.books(2))[1]
    assert.equal(("b000001\t1\t1\t0\nb000002\t2\t2\t%d\nb000001\t1\t3\t0\nb000002\t2\t4\t%d\n"):format(length, length),
      mrrc.ok(words(EACH, path, path)).out)
  end)

  it("may be the same file twice", function()
    local path = mrrc.file(SOME)
    assert.equal(SOME .. SOME, mrrc.ok({ "run", "--filter", "true", path, path }).out)
  end)

  it("end a cut record where its file ends", function()
    local cut = SOME:sub(1, -20)
    local result = mrrc.run { "run", "--filter", "true", mrrc.file(cut), mrrc.file(SOME) }
    assert.equal(1, result.status)
    assert.equal(19 + 20, #marc.split(result.out))
    assert.equal(SOME, result.out:sub(-#SOME))
  end)

  it("may be more than there are descriptors", function()
    local result = shell([[mkdir in; for i in $(seq -w 1200); do cp "$ONE" in/$i; done; ulimit -n 64; "$MRRC" count in/*
      "$MRRC" run --each 'print(rec.source.index)' in/* | tail -n 1]], { ONE = mrrc.file(marc.books(1)) })
    assert.equal("1200\n1200\n", result.out)
    assert.equal("", result.err)
  end)

  it("are counted one by one with --by-file", function()
    local two, three = mrrc.file(marc.books(2)), mrrc.file(marc.books(3))
    assert.equal(("2\t%s\n3\t%s\n5\ttotal\n"):format(two, three), mrrc.ok({ "count", "--by-file", two, three }).out)
  end)
end)

describe("a FIFO", function()
  it("is read like a file", function()
    local result = shell([[mkfifo in; cat "$SOME" >in & "$MRRC" run --filter true in]], { SOME = mrrc.file(SOME) })
    assert.equal(SOME, result.out)
  end)

  it("is waited for until its writer comes", function()
    assert.equal("20\n", shell([[mkfifo in; (sleep 0.5; cat "$SOME" >in) & "$MRRC" count in]], { SOME = mrrc.file(SOME) }).out)
  end)

  it("of a process substitution is read", function()
    assert.equal("20\n20\n40\n", (shell([["$MRRC" count --by-file <(cat "$SOME") <(cat "$SOME")]], { SOME = mrrc.file(SOME) }).out
      :gsub("\t/dev/fd/%d+", ""):gsub("\ttotal", "")))
  end)
end)

describe("--limit and --skip", function()
  local one, two = mrrc.file(marc.books(3)), mrrc.file(marc.books(4))

  local function numbers(...)
    local found = {}
    for number, index in mrrc.ok(words(EACH, ...)).out:gmatch "\t(%d+)\t(%d+)\t" do found[#found + 1] = number .. ":" .. index end
    return table.concat(found, " ")
  end

  it("count over all inputs", function()
    assert.equal("1:1 2:2", numbers("--limit", "2", one, two))
    assert.equal("1:1 2:2 3:3 1:4 2:5", numbers("--limit", "5", one, two))
    assert.equal("2:5 3:6 4:7", numbers("--skip", "4", one, two))
    assert.equal("3:3 1:4", numbers("--skip", "2", "--limit", "2", one, two))
  end)

  it("at the border of two inputs", function()
    assert.equal("1:1 2:2 3:3", numbers("--limit", "3", one, two))
    assert.equal("1:4 2:5 3:6 4:7", numbers("--skip", "3", one, two))
  end)

  it("beyond the end give what there is", function()
    assert.equal("", numbers("--skip", "100", one, two))
    assert.equal("1:1 2:2 3:3 1:4 2:5 3:6 4:7", numbers("--limit", "100", one, two))
  end)

  it("give the same in batches of any size", function()
    for _, size in ipairs { "1", "2", "3", "1000" } do
      assert.equal("3:3 1:4 2:5", numbers("--skip", "2", "--limit", "3", "--batch-size", size, "-j", "3", one, two))
    end
  end)

  it("end a run whose input goes on for ever", function()
    local result = shell([[while cat "$SOME"; do :; done 2>/dev/null | "$MRRC" run --filter true --limit 30 - | "$MRRC" count]],
      { SOME = mrrc.file(SOME) })
    assert.equal("30\n", result.out)
  end)

  it("do not look at what stands behind the limit", function()
    local path = mrrc.file(marc.books(3) .. "no record at all")
    local result = mrrc.run { "count", "--limit", "3", path }
    assert.same({ 0, "3\n", "" }, { result.status, result.out, result.err })
  end)

  it("with what is no number are refused", function()
    for _, bad in ipairs { "0x", "-1", "1.5", "", "99999999999999999999999" } do
      assert.equal(2, mrrc.run({ "count", "--limit", bad, one }).status, bad)
      assert.equal(2, mrrc.run({ "count", "--skip=" .. bad, one }).status, bad)
    end
  end)
end)

describe("a large record", function()
  -- 3 MB in fields of 9,000 bytes: neither length nor offsets fit in five digits, so zeros stand there
  local function huge()
    local entries, contents, at = {}, {}, 0
    for i = 0, 333 do
      local content = i == 0 and "huge\30" or "  \31a" .. ("x"):rep(8990) .. ("%05d"):format(i) .. "\30"
      entries[#entries + 1] = ("%s%04d%05d"):format(i == 0 and "001" or "500", #content, at % 100000)
      contents[#contents + 1] = content
      at = at + #content
    end
    local directory = table.concat(entries) .. "\30"
    return ("00000nam a22%05d   4500"):format(24 + #directory) .. directory .. table.concat(contents) .. "\29"
  end

  it("of 3 MB between others is read, whole and in its place", function()
    local bytes = SOME .. huge() .. SOME
    local result = mrrc.ok { "run", "--each", "print(rec.id, rec:count '500', #(rec:get('500[332]$a') or ''))", "-", stdin = bytes }
    lua.has(result.out, "b000020\t0\t0\nhuge\t333\t8995\nb000001\t0\t0\n")
    lua.has(result.err, "E121")
  end)

  it("leaves its neighbours as they were and says that it cannot be written", function()
    local reject = mrrc.file ""
    local result = mrrc.run { "run", "--filter", "true", "--reject", reject, "-", stdin = SOME .. huge() .. SOME }
    assert.equal(1, result.status)
    assert.equal(SOME .. SOME, result.out)
    lua.has(result.err, "E404")
    assert.equal(huge(), mrrc.read(reject))
  end)
end)

describe("a file of more than 4 GiB", function()
  it("has its last record at the right offset", function()
    local folder = mrrc.folder()
    local path = folder .. "/sparse.mrc"
    local size = 4097 * 1024 * 1024
    if not os.execute(("truncate -s %d '%s' 2>/dev/null && test $(stat -c %%b '%s') -lt 1000"):format(size, path, path)) then
      pending "needs a file system with sparse files" return
    end
    local file = assert(io.open(path, "ab"))
    file:write(marc.books(1))
    file:close()
    local result = mrrc.pipe("timeout 100 MRRC run --each 'print(rec.id, rec.source.number, rec.source.offset)' -j 1 --stats stats.json sparse.mrc",
      { cwd = folder })
    assert.equal(("b000001\t1\t%d\n"):format(size), result.out)
    assert.equal(0, result.status)
    local stats = json.read(mrrc.read(folder .. "/stats.json"))
    assert.equal(size + #marc.books(1), stats.bytes_in)
    assert.equal(size, stats.records.junk_bytes)
    os.remove(path)
  end)
end)

describe("a read error", function()
  it("in the middle ends the run with 4, its place and the records before it", function()
    local input = mrrc.file(marc.books(2000))
    local env = { INPUT = input, ASAN_OPTIONS = (os.getenv "ASAN_OPTIONS" or "") .. ":detect_leaks=0" }
    local result = shell([[strace -f -o log -P "$INPUT" -e trace=read -e inject=read:error=EIO:when=3+ "$MRRC" run --filter true -j 2 "$INPUT" >out
      echo $?; cat out]], env)
    if result.err:find("strace", 1, true) or result.err:find("PTRACE", 1, true) then pending "strace cannot inject here" return end
    local status, out = result.out:match "^(%d+)\n(.*)$"
    assert.equal("4", status)
    lua.has(result.err, "read error at byte ")
    lua.has(result.err, "Input/output error")
    lua.has(result.err, input)
    assert.is_true(#out > 0 and #out < #marc.books(2000))
    assert.equal(marc.books(2000):sub(1, #out), out)
    marc.read(out)
  end)
end)
