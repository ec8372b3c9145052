-- Real records, where there are any: below $MRRC_DATA/corpus or ../shared/data/corpus. What is clean comes through byte for byte,
-- what others count is counted, and an edit that is taken back leaves what was there.
local json = require "spec.support.json"
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local corpus = mrrc.data "corpus"

-- path, size and number of records of every ISO 2709 file that is not compressed
local function files()
  local found = {}
  for line in assert(mrrc.read(corpus .. "/MANIFEST.tsv")):gmatch "[^\n]+" do
    local path, _, _, _, format, compression, bytes, _, records = line:match(("([^\t]*)\t"):rep(9))
    if format == "iso2709" and compression == "none" and mrrc.exists(corpus .. "/" .. path) then
      found[#found + 1] = { path = corpus .. "/" .. path, name = path, bytes = tonumber(bytes), records = tonumber(records) }
    end
  end
  return found
end

-- every file by itself, in one shell, so that hundreds of them take seconds; calls look(file, its own lines of the log)
local function each_file(list, program, look)
  local names = {}
  for i, file in ipairs(list) do names[i] = file.path end
  local result = mrrc.pipe("bash " .. mrrc.file(program, ".sh") .. " " .. mrrc.file(table.concat(names, "\n") .. "\n"),
    { env = { MRRC = mrrc.program, DIR = mrrc.folder() } })
  local i = 0
  for answer in result.out:gmatch "([^\n]*)\n" do
    i = i + 1
    look(assert(list[i], "too many lines"), answer)
  end
  assert.equal(#list, i, result.err)
  return result
end

-- all of them in one run of each command
local function all_files(list, program)
  local names = {}
  for i, file in ipairs(list) do names[i] = file.path end
  return mrrc.pipe("bash " .. mrrc.file(program, ".sh") .. " " .. mrrc.file(table.concat(names, "\n") .. "\n"),
    { env = { MRRC = mrrc.program, DIR = mrrc.folder() } })
end

describe("the corpus", function()
  local list = corpus and files() or {}
  local clean, damaged = {}, {}

  local function needs_corpus()
    if #list > 0 then return false end
    pending "needs $MRRC_DATA/corpus"
    return true
  end

  setup(function()
    if #list == 0 then return end
    each_file(list, [[while read -r f; do "$MRRC" count -q --stats "$DIR/s" "$f" >/dev/null 2>&1; s=$?; echo $s $(cat "$DIR/s"); done <"$1"]],
      function(file, answer)
        local status, stats = answer:match "^(%d+) (.*)$"
        file.status, file.stats = tonumber(status), json.read(stats)
        local r = file.stats.records
        local good = file.status == 0 and r.repaired + r.rejected + r.junk_bytes + r.garbage_bytes == 0
        table.insert(good and clean or damaged, file)
      end)
  end)

  it("ends no run in another way than 0, 1 or, where there is no MARC, 3", function()
    if needs_corpus() then return end
    for _, file in ipairs(list) do
      assert.is_true(file.status <= 1 or (file.status == 3 and file.stats.records.read == 0), file.name .. " " .. file.status)
    end
    assert.is_true(#clean > 100, #clean .. " clean files")
  end)

  it("has every byte of every file in a record or counted beside one", function()
    if needs_corpus() then return end
    for _, file in ipairs(list) do
      if file.status <= 1 then assert.equal(file.bytes, file.stats.bytes_in, file.name) end
    end
  end)

  it("comes through byte for byte where it is clean", function()
    if needs_corpus() then return end
    local result = all_files(clean, [[xargs -d '\n' cat <"$1" >"$DIR/want"
      xargs -d '\n' -x "$MRRC" run -q --filter true <"$1" | cmp - "$DIR/want"; echo ${PIPESTATUS[*]}; wc -c <"$DIR/want"]])
    assert.truthy(result.out:find "^0 0\n%d%d%d%d%d%d%d+\n$", result.out .. result.err)
  end)

  it("has no more records than leaders say and no fewer than the catalogue of the corpus, where it is clean", function()
    if needs_corpus() then return end
    for _, file in ipairs(clean) do
      if file.bytes < 1e6 then
        local fine, records = pcall(marc.split, mrrc.read(file.path))
        if fine then assert.equal(#records, file.stats.records.read, file.name) end
      end
    end
  end)

  it("has every record that yaz-marcdump finds", function()
    if needs_corpus() then return end
    if not os.execute "command -v yaz-marcdump >/dev/null" then pending "needs yaz-marcdump" return end
    each_file(list, [[while read -r f; do yaz-marcdump -p "$f" 2>/dev/null | grep -ac '^<!-- Record'; done <"$1"]], function(file, answer)
      if file.status <= 1 then
        assert.is_true(file.stats.records.read >= tonumber(answer), ("%s: %d, %s by yaz-marcdump"):format(file.name,
          file.stats.records.read, answer))
      end
    end)
  end)

  it("reads back equal after every record got a field that was taken away again", function()
    if needs_corpus() then return end
    local add = mrrc.script [[return function(rec) return rec:edit():append("999", "  ", "z", "mrrc-spec") end]]
    local take = mrrc.script [[return function(rec) return rec:edit():remove '999{$z == "mrrc-spec"}' end]]
    local result = all_files(clean, ([[set -e; cd "$DIR"
      xargs -d '\n' -x "$MRRC" run -q %s <"$1" >added; "$MRRC" run -q %s added >taken
      xargs -d '\n' -x "$MRRC" print -q <"$1" | sed 's/^=LDR.*//' >want; "$MRRC" print -q taken | sed 's/^=LDR.*//' | cmp - want
      "$MRRC" count -q added; "$MRRC" run -q --each 'if rec:get "999$z" == nil then print(rec.id) end' added]]):format(add, take))
    local records = 0
    for _, file in ipairs(clean) do records = records + file.stats.records.read end
    assert.equal(records .. "\n", result.out .. result.err)
  end)

  it("is mended once: what is written of damaged files needs no frame repaired again", function()
    if needs_corpus() then return end
    each_file(damaged, [[while read -r f; do "$MRRC" run -q --filter true "$f" 2>/dev/null >"$DIR/a"; s=$?
      "$MRRC" run -q --filter true --errors "$DIR/e" "$DIR/a" 2>/dev/null | cmp -s - "$DIR/a"
      echo $s ${PIPESTATUS[*]} $(grep -c '"code":"E00[134568]"' "$DIR/e"); done <"$1"]], function(file, answer)
      local status, again, same, frames = answer:match "^(%d+) (%d+) (%d+) (%d+)$"
      if status ~= "3" then assert.same({ "0", "0", "0" }, { again, same, frames }, file.name) end
    end)
  end)

  it("loses nothing without a word: output and rejected bytes have every byte of a damaged file that is no blank", function()
    if needs_corpus() then return end
    each_file(damaged, [[while read -r f; do "$MRRC" count -q --recovery strict --reject "$DIR/r" --stats "$DIR/s" "$f" >/dev/null 2>&1; s=$?
      "$MRRC" run -q --filter true --recovery strict --reject /dev/null "$f" 2>/dev/null | wc -c | tr '\n' ' '
      echo $s $(wc -c <"$DIR/r") $(cat "$DIR/s"); done <"$1"]], function(file, answer)
      local written, status, rejected, stats = answer:match "^(%d+) (%d+) (%d+) (.*)$"
      if status ~= "3" then
        assert.equal(file.bytes, tonumber(written) + tonumber(rejected) + json.read(stats).records.junk_bytes, file.name)
      end
    end)
  end)
end)
