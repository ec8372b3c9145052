-- The promise of order: whatever the number of workers, the size of a batch, the number of batches under way and the way
-- the workers share the work, a run gives the same bytes: records, printed text, tables, outputs, results, rejects, faults.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

-- Everything a script can make of records, and some that it makes of chance.
local SCRIPT = [[
local kinds, years = mrrc.counter "languages", mrrc.sum "years"
local titles = mrrc.table { name = "titles", columns = { "id", "title", "chance" }, path = "FOLDER/titles.csv" }
local branches = mrrc.output { name = "branch", path = "FOLDER/{key}.mrc" }
local last = mrrc.reducer { name = "last", init = function() return {} end,
  add = function(list, v) list[#list + 1] = v return list end,
  merge = function(a, b) for _, v in ipairs(b) do a[#a + 1] = v end return a end }
return {
  filter = function(rec) return rec:get "008/07-10" ~= "1957" end,
  transform = function(rec)
    local n = math.tointeger(rec:number "001/1-6") or 0
    kinds:add(rec:get "008/35-37")
    years:add(tonumber(rec:get "008/07-10"))
    titles:row { id = rec.id, title = rec:get "245a", chance = math.random(1000000) }
    branches:write(rec, rec:get "852b")
    last:add(rec.id)
    if n % 5 == 0 then print("seen", rec.id, rec.source.number, rec.source.offset) end
    if n % 11 == 0 then return mrrc.drop end
    if n % 7 == 0 then return { rec, rec:edit():set("001", rec.id .. "c") } end
    if n % 3 == 0 then return rec:edit():add("999", "  ", "a", tostring(math.random(1000000))) end
  end,
}
]]

local OUTPUTS = { "records.mrc", "titles.csv", "branch0.mrc", "branch1.mrc", "branch2.mrc", "agg.json", "reject.mrc", "errors.json" }

-- Two inputs; the second has damage that is mended, a record that is lost and bytes that are none.
local function inputs(folder)
  local good = marc.split(marc.books(60))
  local damaged = {}
  for i = 31, 60 do damaged[#damaged + 1] = good[i] end
  damaged[4] = damaged[4]:gsub("^%d%d%d%d%d", "99999")
  damaged[9] = "bytes that are no record" .. damaged[9]
  damaged[17] = damaged[17]:sub(1, 60)
  local paths = { folder .. "/first.mrc", folder .. "/second.mrc" }
  for i, bytes in ipairs { table.concat(good, "", 1, 30), table.concat(damaged) } do
    local file = assert(io.open(paths[i], "wb"))
    file:write(bytes)
    file:close()
  end
  return paths
end

local function all_of(how, paths, words)
  local folder = mrrc.folder()
  local function at(name) return folder .. "/" .. name end
  local script = mrrc.script((SCRIPT:gsub("FOLDER", folder)))
  local given = { "run", script, "--agg-out", at "agg.json", "--reject", at "reject.mrc", "--errors", at "errors.json",
    "--no-fsync", "-j", tostring(how.workers), "--batch-size", tostring(how.batch),
    "--channel", tostring(how.batch * how.batches), "--crew", how.crew }
  for _, word in ipairs(words) do given[#given + 1] = (word:gsub("FOLDER", folder)) end
  for _, path in ipairs(paths) do given[#given + 1] = path end
  local result = mrrc.run(given)
  local all = { status = result.status, out = result.out, faults = "", printed = "" }
  for line in result.err:gmatch "[^\n]+" do -- each in its order; a batch's text comes before its faults
    local which = line:find "^mrrc: " and "faults" or "printed"
    all[which] = all[which] .. line .. "\n"
  end
  for _, name in ipairs(OUTPUTS) do all[name] = mrrc.read(at(name)) end
  return all
end

-- the first difference, not two whole runs side by side
local function same(want, got)
  for _, name in ipairs { "status", "faults", "printed", "out", table.unpack(OUTPUTS) } do
    local a, b = tostring(want[name]), tostring(got[name])
    if a ~= b then
      local at = 1
      while a:byte(at) == b:byte(at) do at = at + 1 end
      error(("%s differs at byte %d of %d and %d: %q, not %q"):format(name, at, #a, #b, b:sub(at - 40, at + 80),
        a:sub(at - 40, at + 80)), 2)
    end
  end
end

describe("the order of a run #threads", function()
  local paths = inputs(mrrc.folder())
  local plain = { workers = 1, batch = 100, batches = 4, crew = "adaptive" }
  local to_file, to_stdout, failing

  setup(function()
    to_file = all_of(plain, paths, { "-o", "FOLDER/records.mrc" })
    to_stdout = all_of(plain, paths, {})
    failing = all_of(plain, paths, { "--on-error", "fail" })
  end)

  it("is looked at with a run in which something happens of every kind", function()
    assert.equal(1, to_file.status)
    for _, name in ipairs(OUTPUTS) do assert.is_true(#(to_file[name] or "") > 0, name) end
    assert.truthy(to_file.out:find("seen\tb000005\t", 1, true))
    assert.equal(to_file["records.mrc"], to_stdout.out)
    assert.truthy(to_stdout.printed:find("seen\tb000005\t", 1, true))
    for _, code in ipairs { "E005", "E008", "E009" } do assert.truthy(to_file.faults:find(code, 1, true), code) end
    assert.equal(3, failing.status)
    assert.is_true(#failing.out > 0 and #failing.out < #to_stdout.out)
  end)

  it("has every record of the input in its place", function()
    local ids = {}
    for _, record in ipairs(marc.read(to_file["records.mrc"])) do
      local id = marc.get(record, "001")
      if #id == 7 then ids[#ids + 1] = id end
    end
    local sorted = { table.unpack(ids) }
    table.sort(sorted)
    assert.same(sorted, ids)
    assert.is_true(#ids > 45)
  end)

  for _, workers in ipairs { 1, 2, 5 } do
    for _, batch in ipairs { 1, 3, 1000 } do
      for _, batches in ipairs { 2, 4 } do
        for _, crew in ipairs { "adaptive", "separate" } do
          local how = { workers = workers, batch = batch, batches = batches, crew = crew }

          it(("is the same for %d %s workers, batches of %d, %d of them"):format(workers, crew, batch, batches), function()
            same(to_file, all_of(how, paths, { "-o", "FOLDER/records.mrc" }))
            same(to_stdout, all_of(how, paths, {}))
          end)

          it(("is the same up to the first damaged record for %d %s workers, batches of %d, %d of them")
            :format(workers, crew, batch, batches), function()
            same(failing, all_of(how, paths, { "--on-error", "fail" }))
          end)
        end
      end
    end
  end

  it("is the same in ten runs of the same kind", function()
    local how = { workers = 5, batch = 1, batches = 4, crew = "adaptive" }
    for _ = 1, 10 do same(to_stdout, all_of(how, paths, {})) end
  end)

  it("is the same with a script error in the middle, whichever worker meets it", function()
    local script = mrrc.script [[return function(rec) if rec.id == "b000037" or rec.id == "b000051" then error("at " .. rec.id) end end]]
    local function run(workers, crew)
      local result = mrrc.run { "run", script, "-j", workers, "--crew", crew, "--batch-size", "2", table.unpack(paths) }
      assert.equal(3, result.status)
      return { result.out, (result.err:gsub("\nstack traceback:.*", "")) }
    end
    local first = run(1, "adaptive")
    assert.truthy(first[2]:find("at b000037", 1, true))
    for _, workers in ipairs { 2, 3, 5 } do
      assert.same(first, run(workers, "adaptive"))
      assert.same(first, run(workers, "separate"))
    end
  end)
end)
