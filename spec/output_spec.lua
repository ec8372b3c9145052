-- Where records go: files that appear whole or not at all, standard output, and what becomes of both when the disk is full,
-- the reader goes away, a signal comes or the script fails.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local BOOKS = mrrc.read "fixtures/books.mrc"
local SOME = marc.books(20)
local MANY = marc.books(3000) -- more than all buffers and pipes hold

local function has(text, words)
  if not text:find(words, 1, true) then error(("'%s' is not in:\n%s"):format(words, text), 2) end
end

-- a shell program with $MRRC, in bash, below a new folder that holds books.mrc
local function bash(program, env)
  local folder = mrrc.folder()
  local variables = { MRRC = mrrc.program }
  for name, value in pairs(env or {}) do variables[name] = value end
  local file = assert(io.open(folder .. "/books.mrc", "wb"))
  file:write(SOME)
  file:close()
  local result = mrrc.pipe("bash '" .. mrrc.file(program, ".sh") .. "'", { cwd = folder, env = variables })
  result.folder = folder
  return result
end

local function at(folder, name, bytes)
  local path = folder .. "/" .. name
  if bytes then
    local file = assert(io.open(path, "wb"))
    file:write(bytes)
    file:close()
  end
  return path
end

describe("-o", function()
  it("writes a file with the records and nothing on standard output", function()
    local folder = mrrc.folder()
    local result = mrrc.ok { "run", "--filter", "true", "-o", folder .. "/out.mrc", "fixtures/books.mrc" }
    assert.equal("", result.out)
    assert.equal(BOOKS, mrrc.read(folder .. "/out.mrc"))
    assert.same({ "out.mrc" }, mrrc.list(folder))
  end)

  it("replaces a file that is there", function()
    local folder = mrrc.folder()
    mrrc.ok { "run", "--filter", "true", "-o", at(folder, "out.mrc", "old"), "fixtures/books.mrc" }
    assert.equal(BOOKS, mrrc.read(folder .. "/out.mrc"))
  end)

  it("- is standard output", function()
    local folder = mrrc.folder()
    local result = mrrc.ok { "run", "--filter", "true", "-o", "-", mrrc.root .. "/fixtures/books.mrc", cwd = folder }
    assert.equal(BOOKS, result.out)
    assert.same({}, mrrc.list(folder))
  end)

  it("writes beside the target while it works, to a private file, and shows the target at the end only", function()
    local result = bash [[
      printf old >out.mrc; mkfifo in; exec 3<>in
      umask 027
      "$MRRC" run --filter true -o out.mrc in 3>&- & pid=$!
      for i in $(seq 200); do ls -A | grep -q mrrc- && break; sleep 0.05; done
      ls -A | grep mrrc- | sed 's/-[a-z0-9]*$/-X/'; stat -c %a .out.mrc.mrrc-*; cat out.mrc; echo
      cat books.mrc >&3; exec 3>&-; wait $pid; echo $?
      cmp books.mrc out.mrc && ls -A]]
    assert.equal(".out.mrc.mrrc-X\n600\nold\n0\nbooks.mrc\nin\nout.mrc\n", result.out)
  end)

  it("gives a new file the mode that the umask says", function()
    assert.equal("640\n", bash([[umask 027; "$MRRC" run -q --filter true -o new.mrc books.mrc; stat -c %a new.mrc]]).out)
  end)

  it("leaves a replaced file its mode", function()
    local result = bash [[printf old >out.mrc; chmod 604 out.mrc; "$MRRC" run --filter true -o out.mrc books.mrc; stat -c %a out.mrc]]
    assert.equal("604\n", result.out)
  end)

  it("goes through a symbolic link, which stays one", function()
    local result = bash [[printf old >real.mrc; ln -s real.mrc link.mrc; "$MRRC" run --filter true -o link.mrc books.mrc
      test -L link.mrc && cmp real.mrc books.mrc && echo same]]
    assert.equal("same\n", result.out)
  end)

  it("leaves the old file when the script fails", function()
    local folder = mrrc.folder()
    local result = mrrc.run { "run", "-e", "if rec.source.number == 3 then error 'no' end", "-o", at(folder, "out.mrc", "old"),
      "fixtures/books.mrc" }
    assert.equal(3, result.status)
    assert.equal("old", mrrc.read(folder .. "/out.mrc"))
    assert.same({ "out.mrc" }, mrrc.list(folder))
  end)

  it("leaves the old file when an input is no MARC", function()
    local folder = mrrc.folder()
    local result = mrrc.run { "run", "--filter", "true", "-o", at(folder, "out.mrc", "old"), "fixtures/books.mrc", mrrc.file "text" }
    assert.equal(3, result.status)
    assert.equal("old", mrrc.read(folder .. "/out.mrc"))
    assert.same({ "out.mrc" }, mrrc.list(folder))
  end)

  it("leaves no file behind when the script does not load", function()
    local folder = mrrc.folder()
    assert.equal(2, mrrc.run({ "run", "-e", "end", "-o", folder .. "/out.mrc", "fixtures/books.mrc" }).status)
    assert.same({}, mrrc.list(folder))
  end)

  it("into a folder that is missing fails with 4 and the folder's name", function()
    local result = mrrc.run { "run", "--filter", "true", "-o", mrrc.folder() .. "/none/out.mrc", "fixtures/books.mrc" }
    assert.equal(4, result.status)
    has(result.err, "/none/out.mrc: cannot write: No such file or directory")
  end)

  it("to a folder fails with 4", function()
    local result = mrrc.run { "run", "--filter", "true", "-o", mrrc.folder(), "fixtures/books.mrc" }
    assert.equal(4, result.status)
    has(result.err, "Is a directory")
  end)

  it("to a file that is protected fails with 4 and leaves it", function()
    local result = bash [[printf old >out.mrc; chmod 400 out.mrc
      without="setpriv --bounding-set=-dac_override,-dac_read_search" # root without the right to everything
      test -w out.mrc || without=
      $without sh -c 'test ! -w out.mrc' || { echo writable; exit; }
      $without "$MRRC" run --filter true -o out.mrc books.mrc; echo $?; cat out.mrc]]
    if result.out == "writable\n" then pending "needs setpriv to take rights from root" return end
    assert.equal("4\nold", result.out)
  end)

  it("syncs file and folder, in this order around the rename", function()
    local env = { ASAN_OPTIONS = (os.getenv "ASAN_OPTIONS" or "") .. ":detect_leaks=0" }
    local result = bash([[strace -f -e trace=fsync,fdatasync,rename,renameat,renameat2 -o log "$MRRC" run -q --filter true -o out.mrc books.mrc
      sed 's/^[0-9]* *//; s/(.*//' log | grep -v '^[+-]']], env)
    if result.err:find("strace", 1, true) then pending "strace cannot trace here" return end
    assert.truthy(result.out:find "^f%l*sync\nrename%l*2?\nf%l*sync\n$", result.out)
  end)

  it("syncs nothing with --no-fsync", function()
    local env = { ASAN_OPTIONS = (os.getenv "ASAN_OPTIONS" or "") .. ":detect_leaks=0" }
    local result = bash([[strace -f -e trace=fsync,fdatasync,rename,renameat,renameat2 -o log "$MRRC" run -q --no-fsync --filter true -o out.mrc books.mrc
      sed 's/^[0-9]* *//; s/(.*//' log | grep -v '^[+-]'; cmp books.mrc out.mrc]], env)
    if result.err:find("strace", 1, true) then pending "strace cannot trace here" return end
    assert.truthy(result.out:find "^rename%l*2?\n$", result.out)
  end)

  it("may be given once", function()
    local folder = mrrc.folder()
    local result = mrrc.run { "run", "--filter", "true", "-o", folder .. "/a.mrc", "-o", folder .. "/b.mrc", "fixtures/books.mrc" }
    assert.is_true(result.status == 2 or (result.status == 0 and #mrrc.list(folder) == 1))
  end)
end)

describe("the format of the output", function()
  local function first_line(path) return mrrc.read(path):match "[^\n]*" end

  it("is mrk for a file that ends in .mrk", function()
    local path = mrrc.folder() .. "/out.mrk"
    mrrc.ok { "run", "--filter", "true", "-o", path, "fixtures/books.mrc" }
    assert.truthy(first_line(path):find "^=LDR  ")
  end)

  it("is mrk with -t mrk, whatever the suffix, and print gives the same", function()
    local path = mrrc.folder() .. "/out.mrc"
    mrrc.ok { "run", "--filter", "true", "-t", "mrk", "-o", path, "fixtures/books.mrc" }
    assert.equal(mrrc.ok({ "print", "fixtures/books.mrc" }).out, mrrc.read(path))
    assert.equal(mrrc.read(path), mrrc.ok({ "run", "--filter", "true", "--to=mrk", "fixtures/books.mrc" }).out)
  end)

  it("is ISO 2709 with -t marc even for .mrk", function()
    local path = mrrc.folder() .. "/out.mrk"
    mrrc.ok { "run", "--filter", "true", "-t", "marc", "-o", path, "fixtures/books.mrc" }
    assert.equal(BOOKS, mrrc.read(path))
  end)

  it("is ISO 2709 on a pipe", function()
    assert.equal(BOOKS, mrrc.pipe("MRRC run --filter true fixtures/books.mrc | cat").out)
  end)

  it("that is unknown is refused", function()
    local result = mrrc.run { "run", "--filter", "true", "-t", "xml", "fixtures/books.mrc" }
    assert.equal(2, result.status)
    has(result.err, "--to xml")
  end)

  for _, suffix in ipairs { "gz", "bz2", "xz", "zst" } do
    it("with the suffix ." .. suffix .. " is refused, because nothing would be compressed", function()
      local folder = mrrc.folder()
      for _, command in ipairs { "run --filter true", "print" } do
        local words = { cwd = folder }
        for word in command:gmatch "%S+" do words[#words + 1] = word end
        for _, word in ipairs { "-o", "out.mrc." .. suffix, mrrc.root .. "/fixtures/books.mrc" } do words[#words + 1] = word end
        local result = mrrc.run(words)
        assert.equal(2, result.status, command)
        has(result.err, "out.mrc." .. suffix .. ": this version does not compress")
      end
      assert.same({}, mrrc.list(folder))
    end)
  end
end)

describe("--in-place", function()
  it("replaces the file by its own output", function()
    local path = mrrc.file(SOME, ".mrc")
    local result = mrrc.ok { "run", "-e", "rec:edit():add('999', '  ', 'a', 'x')", "--in-place", path }
    assert.equal("", result.out)
    local records = marc.read(mrrc.read(path))
    assert.equal(20, #records)
    for _, record in ipairs(records) do assert.equal("x", marc.get(record, "999", "a")) end
  end)

  it("replaces every file by its own output, an empty one too", function()
    local two, none, one = mrrc.file(marc.books(2)), mrrc.file "", mrrc.file(marc.books(1))
    mrrc.ok { "run", "-e", "rec:edit():set('001', rec.id .. 'x')", "--in-place", "--batch-size", "1", two, none, one }
    assert.equal(2, #marc.read(mrrc.read(two)))
    assert.equal("", mrrc.read(none))
    assert.equal("b000001x", marc.get(marc.read(mrrc.read(one))[1], "001"))
  end)

  it("sends what the script prints to standard output", function()
    local result = mrrc.ok { "run", "-e", "print(rec.id) return mrrc.drop", "-q", "--in-place", mrrc.file(marc.books(2)) }
    assert.equal("b000001\nb000002\n", result.out)
  end)

  it("leaves the file when the script fails, and no other beside it", function()
    local folder = mrrc.folder()
    local path = at(folder, "books.mrc", SOME)
    assert.equal(3, mrrc.run({ "run", "-e", "if rec.source.number == 7 then error 'no' end return mrrc.drop", "--in-place", path }).status)
    assert.equal(SOME, mrrc.read(path))
    assert.same({ "books.mrc" }, mrrc.list(folder))
  end)

  it("leaves the file that failed and those behind it", function()
    local folder = mrrc.folder()
    local paths = { at(folder, "1", marc.books(3)), at(folder, "2", "no MARC at all"), at(folder, "3", marc.books(3)) }
    assert.equal(3, mrrc.run({ "run", "-e", "rec:edit():set('001', 'x')", "--in-place", table.unpack(paths) }).status)
    assert.equal("no MARC at all", mrrc.read(paths[2]))
    assert.equal(marc.books(3), mrrc.read(paths[3]))
    assert.same({ "1", "2", "3" }, mrrc.list(folder))
  end)

  local path = mrrc.file(SOME)
  for what, words in pairs {
    ["-o"] = { "-o", "x.mrc", path }, ["--limit"] = { "--limit", "1", path }, ["--skip"] = { "--skip", "1", path },
    ["-t mrk"] = { "-t", "mrk", path }, ["no file"] = {}, ["standard input"] = { "-" },
    ["a device"] = { "/dev/null" },
  } do
    it("is refused with " .. what, function()
      local folder = mrrc.folder()
      local result = mrrc.run { "run", "--filter", "true", "--in-place", stdin = SOME, cwd = folder, table.unpack(words) }
      assert.equal(2, result.status)
      assert.is_true(#result.err > 0)
      assert.equal("", result.out)
      assert.same({}, mrrc.list(folder))
      assert.equal(SOME, mrrc.read(path))
    end)
  end

  it("is refused with a script that writes no records", function()
    local result = mrrc.run { "run", "--each", "print(rec.id)", "--in-place", path }
    assert.equal(SOME, mrrc.read(path))
    assert.is_true(result.status == 0 or result.status == 2)
  end)
end)

describe("an output that is also an input is refused with 2 and nothing changed:", function()
  local function refused(program)
    local result = bash(program .. "\necho $?; cmp books.mrc \"$SAVED\" && echo intact", { SAVED = mrrc.file(SOME) })
    assert.equal("2\nintact\n", result.out)
    assert.is_true(#result.err > 0)
  end

  it("the same name", function() refused [["$MRRC" run --filter true -o books.mrc books.mrc]] end)
  it("another name of the folder", function() refused [["$MRRC" run --filter true -o ./books.mrc books.mrc]] end)
  it("a hard link", function() refused [[ln books.mrc other.mrc; "$MRRC" run --filter true -o other.mrc books.mrc]] end)
  it("a symbolic link", function() refused [[ln -s books.mrc other.mrc; "$MRRC" run --filter true -o other.mrc books.mrc]] end)
  it("an input by a symbolic link", function() refused [[ln -s books.mrc other.mrc; "$MRRC" run --filter true -o books.mrc other.mrc]] end)
  it("the second of two inputs", function() refused [[printf '' >a.mrc; "$MRRC" run --filter true -o books.mrc a.mrc books.mrc]] end)
  it("standard input", function() refused [["$MRRC" run --filter true -o books.mrc - <books.mrc]] end)
  it("standard output that appends to it", function() refused [["$MRRC" run --filter true books.mrc >>books.mrc]] end)
  it("standard output of print", function() refused [["$MRRC" print books.mrc 1<>books.mrc]] end)
  it("--reject", function() refused [["$MRRC" count --reject books.mrc books.mrc]] end)
  it("--errors", function() refused [["$MRRC" count --errors books.mrc books.mrc]] end)
  it("--agg-out", function() refused [["$MRRC" run --filter true --agg-out books.mrc books.mrc >/dev/null]] end)
  it("--stats", function() refused [["$MRRC" count --stats books.mrc books.mrc]] end)

  it("a table of the script", function()
    local result = bash([[cat >s.lua <<'END'
local t = mrrc.table { name = "t", columns = { "id" }, path = "books.mrc", format = "csv" }
return { each = function(rec) t:row { id = rec.id } end }
END
"$MRRC" run s.lua books.mrc; echo $?; cmp books.mrc "$SAVED" && echo intact]], { SAVED = mrrc.file(SOME) })
    assert.truthy(result.out:find "^[234]\nintact\n$", result.out)
    has(result.err, "also an input")
  end)
end)

describe("two outputs to one file are refused with 2:", function()
  local function refused(...)
    local folder = mrrc.folder()
    local words = { "run", "--filter", "true", cwd = folder }
    for _, word in ipairs { ... } do words[#words + 1] = word end
    words[#words + 1] = mrrc.root .. "/fixtures/books.mrc"
    local result = mrrc.run(words)
    assert.equal(2, result.status)
    assert.same({}, mrrc.list(folder))
  end

  it("-o and --reject", function() refused("-o", "x", "--reject", "x") end)
  it("-o and --errors", function() refused("-o", "x", "--errors", "x") end)
  it("-o and --agg-out", function() refused("-o", "x", "--agg-out", "x") end)
  it("-o and --stats", function() refused("-o", "x", "--stats", "x") end)
  it("--reject and --errors", function() refused("--reject", "x", "--errors", "x") end)

  it("but /dev/null takes all", function()
    mrrc.ok { "run", "--filter", "true", "-o", "/dev/null", "--reject", "/dev/null", "--errors", "/dev/null", "fixtures/books.mrc" }
  end)
end)

describe("a full disk", function()
  local few, many = mrrc.file(SOME), mrrc.file(MANY)

  for name, input in pairs { ["a small"] = few, ["a large"] = many } do
    for what, words in pairs {
      run = { "run", "--filter", "true" }, print = { "print" }, ["a script that prints"] = { "run", "--each", "print(rec.id)" },
    } do
      it(("under %s output of %s is status 4 with a message"):format(name, what), function()
        local line = { "MRRC" }
        for _, word in ipairs(words) do line[#line + 1] = "'" .. word .. "'" end
        local result = mrrc.pipe(table.concat(line, " ") .. " " .. input .. " >/dev/full")
        assert.equal(4, result.status)
        has(result.err, "No space left on device")
      end)
    end

    it(("under %s output to -o is status 4 with a message"):format(name), function()
      local result = mrrc.run { "run", "--filter", "true", "-o", "/dev/full", input }
      assert.equal(4, result.status)
      has(result.err, "No space left on device")
      has(result.err, "/dev/full")
    end)
  end

  it("under what count says is status 4 with a message", function()
    for _, words in ipairs { "count", "count --by-file" } do
      local result = mrrc.pipe("MRRC " .. words .. " " .. few .. " >/dev/full")
      assert.equal(4, result.status)
      has(result.err, "No space left on device")
    end
  end)

  it("under what finish prints is status 4 with a message", function()
    local script = mrrc.script "return { each = function() end, finish = function(agg, out) out:write 'done' end }"
    local result = mrrc.pipe(("MRRC run %s %s >/dev/full"):format(script, few))
    assert.equal(4, result.status)
    has(result.err, "No space left on device")
  end)

  it("under help and version is status 4", function()
    for _, words in ipairs { "--help", "help run", "--version", "version", "count --help" } do
      assert.equal(4, mrrc.pipe("MRRC " .. words .. " >/dev/full").status, words)
    end
  end)

  for _, option in ipairs { "--reject", "--errors", "--stats" } do
    it("under " .. option .. " is status 4 with a message", function()
      local result = mrrc.run { "count", option, "/dev/full", "fixtures/damaged.mrc" }
      assert.equal(4, result.status)
      has(result.err, "/dev/full")
    end)
  end

  it("under --agg-out is status 4 with a message", function()
    local script = mrrc.script "local c = mrrc.counter 'c' return { each = function(rec) c:add(rec.id) end }"
    local result = mrrc.run { "run", script, "--agg-out", "/dev/full", few }
    assert.equal(4, result.status)
    has(result.err, "/dev/full")
  end)

  -- what `ulimit -f` does to a write is what a full disk does, but for the number of the error
  it("leaves the old file and no part of the new", function()
    local result = bash([[printf old >out.mrc; ulimit -f 16
      "$MRRC" run --filter true --no-fsync -o out.mrc "$MANY" 2>err; echo $?; cat out.mrc; echo; ls -A; cat err >&2]], { MANY = many })
    assert.equal("4\nold\nbooks.mrc\nerr\nout.mrc\n", result.out)
    has(result.err, "out.mrc: ")
  end)

  it("under one of many files of a script leaves none of them", function()
    local script = mrrc.script [[local o = mrrc.output { name = "o", path = "part-{key}.mrc" }
      return { each = function(rec) o:write(rec, rec.id == "b000001" and "small" or "large") end }]]
    local result = bash([[ulimit -f 16; "$MRRC" run "$SCRIPT" "$MANY" 2>/dev/null; echo $?; ls -A]], { MANY = many, SCRIPT = script })
    assert.equal("4\nbooks.mrc\n", result.out)
  end)

  it("leaves the input of --in-place as it was", function()
    local result = bash([[cp "$MANY" x; ulimit -f 16; "$MRRC" run --filter true --in-place x 2>/dev/null; echo $?; cmp x "$MANY" && ls -A]],
      { MANY = many })
    assert.equal("4\nbooks.mrc\nx\n", result.out)
  end)
end)

describe("a closed pipe is quiet and 141", function()
  local many = mrrc.file(MANY)

  local function check(program)
    local result = bash(program, { MANY = many })
    assert.equal("141\n", result.out)
    assert.equal("", result.err)
  end

  it("for many records", function() check [["$MRRC" run --filter true "$MANY" | head -c 1000 >/dev/null; echo ${PIPESTATUS[0]}]] end)
  it("for print", function() check [["$MRRC" print "$MANY" | head -n 1 >/dev/null; echo ${PIPESTATUS[0]}]] end)
  it("for a script that prints", function()
    check [["$MRRC" run --each 'print(rec:raw())' "$MANY" | head -c 10 >/dev/null; echo ${PIPESTATUS[0]}]]
  end)

  -- the reader is gone before the input comes
  it("for few records", function()
    check [[(sleep 0.3; cat books.mrc) | "$MRRC" run --filter true | true; echo ${PIPESTATUS[1]}]]
  end)
  it("for a count", function() check [[(sleep 0.3; cat books.mrc) | "$MRRC" count | true; echo ${PIPESTATUS[1]}]] end)

  it("where SIGPIPE is ignored, too", function()
    check [[trap '' PIPE; "$MRRC" run --filter true "$MANY" 2>err | head -c 1000 >/dev/null; echo ${PIPESTATUS[0]}; cat err >&2]]
  end)

  it("and gives the reader whole records up to where it stopped", function()
    local result = bash([["$MRRC" run --filter true "$MANY" | head -c 5000]], { MANY = many })
    assert.equal(MANY:sub(1, 5000), result.out)
  end)

  it("and leaves no file of the script behind", function()
    local script = mrrc.script [[local t = mrrc.table { name = "t", columns = { "id" }, path = "t.csv" }
      return function(rec) t:row { id = rec.id } end]]
    local result = bash([["$MRRC" run "$SCRIPT" "$MANY" 2>/dev/null | head -c 10 >/dev/null; ls -A]], { MANY = many, SCRIPT = script })
    assert.equal("books.mrc\n", result.out)
  end)
end)

describe("a signal", function()
  -- the input is a FIFO that stays open, so the program waits until the signal comes
  local function waiting(signal, options)
    return bash(([[
      printf old >out.mrc; mkfifo in; exec 3<>in; cat books.mrc >&3
      env --default-signal=INT,TERM,HUP "$MRRC" run --filter true %s -o out.mrc in 3>&- & pid=$!
      for i in $(seq 200); do ls -A | grep -q mrrc- && break; sleep 0.05; done
      kill -%s $pid; wait $pid; echo $?; cat out.mrc; echo; ls -A]]):format(options or "", signal))
  end

  for signal, status in pairs { INT = 130, TERM = 143, HUP = 129 } do
    it(("%s ends the run with %d, leaves the old file and no temporary one"):format(signal, status), function()
      assert.equal(("%d\nold\nbooks.mrc\nin\nout.mrc\n"):format(status), waiting(signal).out)
    end)
  end

  it("INT writes the statistics all the same", function()
    local result = waiting("INT", "--stats stats.json")
    assert.equal("130\nold\nbooks.mrc\nin\nout.mrc\nstats.json\n", result.out)
    assert.truthy(mrrc.read(result.folder .. "/stats.json"):find '^{"records":{"read":')
  end)

  for _, signal in ipairs { "INT", "TERM" } do
    it(signal .. " ends a script that never ends", function()
      local result = bash(([[timeout -k 60 --preserve-status -s %s 1 env --default-signal=INT,TERM \
        "$MRRC" run -e 'while true do end' -o out.mrc books.mrc; echo $?; ls -A]]):format(signal))
      assert.equal(("%d\nbooks.mrc\n"):format(signal == "INT" and 130 or 143), result.out)
    end)
  end

  it("INT ends a script that never leaves a pattern", function()
    local result = bash [[timeout -k 60 --preserve-status -s INT 1 env --default-signal=INT,TERM \
      "$MRRC" run -e 'string.find(("a"):rep(300000), (".-"):rep(30) .. "b")' -o out.mrc books.mrc; echo $?; ls -A]]
    assert.equal("130\nbooks.mrc\n", result.out)
  end)

  it("that was ignored at the start, as nohup does, stays ignored", function()
    local result = bash [[
      mkfifo in; exec 3<>in; cat books.mrc >&3
      (trap '' HUP; exec "$MRRC" run --filter true -o out.mrc in 3>&-) & pid=$!
      for i in $(seq 200); do ls -A | grep -q mrrc- && break; sleep 0.05; done
      kill -HUP $pid; sleep 0.2; exec 3>&-; wait $pid; echo $?; cmp out.mrc books.mrc && echo whole]]
    assert.equal("0\nwhole\n", result.out)
  end)

  it("USR1 prints the progress and the run goes on", function()
    local result = bash [[
      mkfifo in; exec 3<>in; cat books.mrc >&3
      "$MRRC" run --filter true --batch-size 5 -o out.mrc in 3>&- 2>err & pid=$!
      for i in $(seq 200); do ls -A | grep -q mrrc- && break; sleep 0.05; done
      kill -USR1 $pid
      for i in $(seq 200); do grep -q records err && break; sleep 0.05; done
      exec 3>&-; wait $pid; echo $?; cmp out.mrc books.mrc && echo whole; cat err >&2]]
    assert.equal("0\nwhole\n", result.out)
    assert.truthy(result.err:find("%d+ records"))
  end)
end)
