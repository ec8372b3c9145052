-- Damaged input, one kind in each file of fixtures/damage: what is mended, what is lost, what is said about it, and that the
-- good records beside it come through byte for byte. A file has three records; the second is damaged, or the end of the file.
local json = require "spec.support.json"
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local CONTROL = marc.split(mrrc.read "fixtures/damage/000.mrc")
local ONE, TWO, THREE = table.unpack(CONTROL)

-- name -> code. All of these are mended in lenient mode and lose their record in strict mode.
local MENDED = {
  L01 = "E008", L02 = "E008", L03 = "E008", L04 = "E008", L05 = "E001", L06 = "E001", L07 = "E008", L08 = "E003",
  L09 = "E003", L10 = "E003", L11 = "E004", L12 = "E003", L13 = "E002", L14 = "E002", L15 = "E002", L16 = "E002",
  L17 = "E002", L18 = "E002", L19 = "E001", L20 = "E001", D01 = "E101", D02 = "E101", D03 = "E101", D04 = "E101",
  D05 = "E106", D06 = "E106", D07 = "E106", D08 = "E106", D10 = "E106", D11 = "E107", D13 = "E108", D14 = "E109",
  D16 = "E107", D17 = "E101", E16 = "E008", F01 = "E106", F02 = "E106", F03 = "E106", F04 = "E201", F05 = "E201",
  F06 = "E201", F07 = "E203", F08 = "E203", F09 = "E204", F10 = "E204", F11 = "E204", F12 = "E202", F13 = "E202",
  F14 = "E201", F15 = "E201", F16 = "E110", F17 = "E205", F18 = "E206", F20 = "E206", R01 = "E006", R10 = "E006", R26 = "E001", R28 = "E006", R31 = "E101",
}
-- These too, but ISO 2709 has no room for them: they can be read, counted and printed.
local TOO_LONG = { F21 = "E120", F22 = "E120", F23 = "E120" }
-- Both modes accept these, and say so only when asked to.
local NOTED = {
  D09 = "I010", D15 = "I011", R02 = "I008", R03 = "I008", R04 = "I008", R06 = "I008", R13 = "I009", R15 = "I008",
  R17 = "I008", R19 = "I008",
}
local WARNED = { F19 = "E206" }                                       -- both modes accept these with a line
local CUT = { R07 = "E005", R08 = "E005", R09 = "E005", R24 = "E005", R25 = "E005" } -- no mode but permissive can use these
local STRAY = { R05 = 35, R20 = 5, R27 = 1 }                          -- bytes that are no record, E009, and how many
local GOOD = { ["000"] = 3, D12 = 3, R11 = 0, R12 = 0, R18 = 3, R29 = 3 } -- nothing is wrong; the number of records
local AT_END = { R07 = true, R08 = true, R09 = true, R10 = true }     -- the third record is the damaged one
local IDS = { F16 = "r2\31x", D13 = false, R07 = false, R08 = false, R09 = false, R24 = false, R25 = false }

-- ---- looking ----

local function sorted(names)
  local all = {}
  for name in pairs(names) do all[#all + 1] = name end
  table.sort(all)
  return all
end

-- one run that keeps every record it can: output, faults, rejected bytes
local function read(name, words)
  local faults, reject = mrrc.file(""), mrrc.file("")
  local given = { "run", "--filter", "true", "--errors", faults }
  for _, word in ipairs(words or {}) do given[#given + 1] = word == "REJECT" and reject or word end
  given[#given + 1] = "fixtures/damage/" .. name .. ".mrc"
  local run = mrrc.run(given)
  run.input = mrrc.read("fixtures/damage/" .. name .. ".mrc")
  run.faults, run.reject = json.lines(mrrc.read(faults)), mrrc.read(reject)
  return run
end

local function starts(text, with) return text:sub(1, #with) == with end
local function ends(text, with) return with == "" or text:sub(-#with) == with end

local function found(faults, code)
  for _, fault in ipairs(faults) do
    if fault.code == code then return fault end
  end
  error(("no %s among %d faults, the first is %s"):format(code, #faults, faults[1] and faults[1].code), 2)
end

-- number, offset and length of the damaged record in its file
local function place(name)
  if AT_END[name] then
    local offset = #ONE + #TWO
    return 3, offset, #mrrc.read("fixtures/damage/" .. name .. ".mrc") - offset
  end
  return 2, #ONE, #mrrc.read("fixtures/damage/" .. name .. ".mrc") - #ONE - #THREE
end

local function id_of(name)
  if IDS[name] ~= nil then return IDS[name] or nil end
  return AT_END[name] and "r3" or "r2"
end

local function check_fault(name, fault, action)
  local number, offset, length = place(name)
  assert.same({ "data", number, offset, length, action, "fixtures/damage/" .. name .. ".mrc" },
    { fault.class, fault.record, fault.offset, fault.length, fault.action, fault.file })
  assert.equal(id_of(name), fault.id)
  assert.is_string(fault.message)
  if fault.position then assert.is_true(fault.position >= offset and fault.position <= offset + length) end
end

local function neighbours(name, out)
  assert.is_true(starts(out, AT_END[name] and ONE .. TWO or ONE), "the record before is not as it was")
  if not AT_END[name] then assert.is_true(ends(out, THREE), "the record behind is not as it was") end
end

local function fault_lines(err)
  local lines = {}
  for line in err:gmatch "[^\n]+" do
    if line:find(" [EI]%d%d%d ") and not line:find "records read" then lines[#lines + 1] = line end
  end
  return lines
end

local function last_line(err) return err:match "([^\n]*)\n$" end

-- ---- specs ----

it("every file of fixtures/damage is known here", function()
  local known = {}
  for _, names in ipairs { MENDED, TOO_LONG, NOTED, WARNED, CUT, STRAY, GOOD } do
    for name in pairs(names) do
      assert.is_nil(known[name], name .. " stands here twice")
      known[name] = true
    end
  end
  local files = {}
  for _, name in ipairs(mrrc.list "fixtures/damage") do files[#files + 1] = name:match "^(.*)%.mrc$" end
  assert.same(sorted(known), files)
end)

describe("in lenient mode", function()
  for _, name in ipairs(sorted(MENDED)) do
    local code = MENDED[name]

    it(("%s is mended as %s between good neighbours"):format(name, code), function()
      local run = read(name)
      assert.equal(0, run.status)
      neighbours(name, run.out)
      check_fault(name, found(run.faults, code), "repaired")
      for _, fault in ipairs(run.faults) do assert.equal((place(name)), fault.record) end
      assert.is_true(#fault_lines(run.err) >= 1)
      assert.truthy(run.err:find(("record %d at byte %d"):format(place(name)), 1, true))
      assert.truthy(last_line(run.err):find("^mrrc: 3 records read, 3 written, 1 repaired %(.*" .. code))
    end)

    it(name .. " comes out so that a second run finds no broken frame and changes nothing", function()
      local run = read(name)
      local again = mrrc.run { "run", "--filter", "true", "--errors", mrrc.file "", "-", stdin = run.out }
      assert.equal(0, again.status)
      assert.equal(run.out, again.out)
      for code in again.err:gmatch " (E0%d%d) " do assert.equal("E002", code) end
    end)
  end

  for _, name in ipairs(sorted(TOO_LONG)) do
    it(name .. " is mended as E120, and shown", function()
      local faults = mrrc.file ""
      local result = mrrc.ok { "print", "--errors", faults, "fixtures/damage/" .. name .. ".mrc" }
      local _, records = result.out:gsub("=LDR", "")
      assert.equal(3, records)
      assert.is_true(#result.out > 9999)
      check_fault(name, found(json.lines(mrrc.read(faults)), "E120"), "repaired")
    end)

    it(name .. " is not written as ISO 2709: E404, status 1, the bytes to --reject", function()
      local run = read(name, { "--reject", "REJECT" })
      local _, offset, length = place(name)
      assert.equal(1, run.status)
      assert.equal(ONE .. THREE, run.out)
      check_fault(name, found(run.faults, "E404"), "rejected")
      assert.equal(run.input:sub(offset + 1, offset + length), run.reject)
      assert.truthy(last_line(run.err):find("^mrrc: 3 records read, 2 written, 1 repaired .*, 1 rejected$"))
    end)
  end

  for _, name in ipairs(sorted(CUT)) do
    it(name .. " loses the record that is cut, with status 1, and nothing else", function()
      local run = read(name)
      assert.equal(1, run.status)
      assert.equal(AT_END[name] and ONE .. TWO or ONE .. THREE, run.out)
      assert.equal(1, #run.faults)
      check_fault(name, found(run.faults, CUT[name]), "skipped")
      assert.truthy(last_line(run.err):find("^mrrc: 3 records read, 2 written, 1 rejected and skipped$"))
    end)

    it(name .. " gives the bytes of the cut record to --reject, from where they can be read again", function()
      local run = read(name, { "--reject", "REJECT" })
      local _, offset, length = place(name)
      assert.equal(1, run.status)
      assert.equal(run.input:sub(offset + 1, offset + length), run.reject)
      assert.equal("rejected", run.faults[1].action)
      local second = mrrc.file ""
      local again = mrrc.run { "count", "--reject", second, "-", stdin = run.reject }
      assert.equal(1, again.status)
      assert.equal(run.reject, mrrc.read(second))
      assert.truthy(again.err:find("E005", 1, true))
    end)
  end

  for _, name in ipairs(sorted(STRAY)) do
    it(name .. " keeps three records and tells of the bytes that are none, with status 1", function()
      local run = read(name)
      assert.equal(1, run.status)
      assert.equal(ONE .. TWO .. THREE, run.out)
      assert.equal(1, #run.faults)
      local offset = name == "R27" and #ONE or #ONE + #TWO
      assert.same({ "E009", offset, STRAY[name], "skipped" },
        { run.faults[1].code, run.faults[1].offset, run.faults[1].length, run.faults[1].action })
      assert.equal(("mrrc: 3 records read, 3 written, %d bytes between records skipped"):format(STRAY[name]),
        last_line(run.err))
    end)

    it(name .. " gives those bytes to --reject", function()
      local run = read(name, { "--reject", "REJECT" })
      local offset = name == "R27" and #ONE or #ONE + #TWO
      assert.equal(run.input:sub(offset + 1, offset + STRAY[name]), run.reject)
    end)
  end

  it("F19 keeps line ends in the data with a line about them, and no byte changes", function()
    local run = read "F19"
    assert.equal(0, run.status)
    assert.equal(run.input, run.out)
    check_fault("F19", found(run.faults, "E206"), "repaired")
  end)
end)

for _, mode in ipairs { "lenient", "strict" } do
  describe("in " .. mode .. " mode", function()
    for _, name in ipairs(sorted(GOOD)) do
      it(name .. " is good, without a word", function()
        local run = read(name, { "--recovery", mode })
        assert.equal(0, run.status)
        assert.equal("", run.err)
        assert.equal(GOOD[name] == 0 and "" or run.input, run.out)
        assert.same({}, run.faults)
      end)
    end

    for _, name in ipairs(sorted(NOTED)) do
      it(("%s is good; --verbose notes it as %s"):format(name, NOTED[name]), function()
        local run = read(name, { "--recovery", mode })
        assert.equal(0, run.status)
        assert.equal("", run.err)
        neighbours(name, run.out)
        assert.equal(3, #marc.split(run.out))
        assert.truthy(read(name, { "--recovery", mode, "--verbose" }).err:find(" " .. NOTED[name] .. " ", 1, true))
      end)
    end
  end)
end

describe("in strict mode", function()
  local all = {}
  for _, names in ipairs { MENDED, TOO_LONG, CUT } do
    for name, code in pairs(names) do all[name] = code end
  end

  for _, name in ipairs(sorted(all)) do
    it(("%s stops the run with status 3 and %s"):format(name, all[name]), function()
      local run = read(name, { "--recovery", "strict" })
      assert.equal(3, run.status)
      assert.equal(AT_END[name] and ONE .. TWO or ONE, run.out)
      check_fault(name, found(run.faults, all[name]), "stopped")
      assert.truthy(run.err:find("stopped at the first damage (--on-error fail)", 1, true))
    end)

    it(name .. " leaves with --reject two good records and the rest, byte for byte", function()
      local run = read(name, { "--recovery", "strict", "--reject", "REJECT" })
      local _, offset, length = place(name)
      assert.equal(1, run.status)
      assert.equal(AT_END[name] and ONE .. TWO or ONE .. THREE, run.out)
      assert.equal(run.input:sub(offset + 1, offset + length), run.reject)
      check_fault(name, found(run.faults, all[name]), "rejected")
      assert.equal("mrrc: 3 records read, 2 written, 1 rejected", last_line(run.err))
    end)
  end

  for _, name in ipairs(sorted(STRAY)) do
    it(name .. " stops the run with status 3 behind the last good record", function()
      local run = read(name, { "--recovery", "strict" })
      assert.equal(3, run.status)
      assert.equal(name == "R27" and ONE or ONE .. TWO, run.out)
      assert.same({ "E009" }, { run.faults[1].code, #run.faults > 1 and "and more" or nil })
    end)
  end

  it("F19 is accepted with its line", function()
    local run = read("F19", { "--recovery", "strict" })
    assert.equal(0, run.status)
    assert.equal(run.input, run.out)
    found(run.faults, "E206")
  end)
end)

describe("--on-error", function()
  local MIXED = "fixtures/damaged.mrc" -- five records: the second and fourth can be mended, the fifth is cut

  it("skip, the default, goes on and ends with 1", function()
    local result = mrrc.run { "run", "--filter", "true", MIXED }
    assert.equal(1, result.status)
    assert.equal(4, #marc.read(result.out))
    assert.equal(result.out, mrrc.run({ "run", "--filter", "true", "--on-error", "skip", MIXED }).out)
  end)

  it("fail lets what can be mended pass and stops at what cannot, with 3", function()
    local result = mrrc.run { "run", "--filter", "true", "--on-error", "fail", MIXED }
    assert.equal(3, result.status)
    assert.equal(4, #marc.read(result.out))
  end)

  it("fail leaves no file of records, but the reasons and the rejected bytes", function()
    local folder = mrrc.folder()
    local result = mrrc.run { "run", "--filter", "true", "--on-error", "fail", "-o", folder .. "/out.mrc",
      "--errors", folder .. "/errors.json", "--reject", folder .. "/reject.mrc", MIXED }
    assert.equal(3, result.status)
    assert.same({ "errors.json", "reject.mrc" }, mrrc.list(folder))
    assert.equal("stopped", json.lines(mrrc.read(folder .. "/errors.json"))[3].action)
  end)

  it("reject without --reject FILE is refused", function()
    local result = mrrc.run { "run", "--filter", "true", "--on-error", "reject", MIXED }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("--reject FILE", 1, true))
  end)

  it("skip beside --reject FILE leaves that file empty", function()
    local reject = mrrc.file "old"
    assert.equal(1, mrrc.run({ "run", "--filter", "true", "--on-error", "skip", "--reject", reject, MIXED }).status)
    assert.equal("", mrrc.read(reject))
  end)

  it("is known to count and print too, with the same status", function()
    for _, command in ipairs { "count", "print" } do
      assert.equal(1, mrrc.run({ command, MIXED }).status, command)
      assert.equal(3, mrrc.run({ command, "--on-error", "fail", MIXED }).status, command)
      assert.equal(2, mrrc.run({ command, "--on-error", "reject", MIXED }).status, command)
    end
  end)

  it("rejects nothing that permissive mode can keep as it is", function()
    local input = mrrc.read "fixtures/damage/R25.mrc"
    local result = mrrc.run { "run", "--filter", "true", "--recovery", "permissive", "fixtures/damage/R25.mrc" }
    assert.is_true(starts(result.out, ONE) and ends(result.out, THREE))
    assert.equal(3, #marc.split(result.out))
    assert.is_not.equal(input, result.out)
  end)
end)

describe("the lines about damage", function()
  it("are as many as twenty for what was mended, and the summary counts all", function()
    local bytes = mrrc.read("fixtures/damage/L01.mrc"):rep(40)
    local result = mrrc.run { "count", "-", stdin = bytes }
    assert.equal(0, result.status)
    assert.equal(20, #fault_lines(result.err))
    assert.equal("mrrc: 120 records read, 40 repaired (E008 40)", last_line(result.err))
  end)

  it("are all there with --verbose", function()
    local bytes = mrrc.read("fixtures/damage/L01.mrc"):rep(40)
    assert.equal(40, #fault_lines(mrrc.run({ "count", "--verbose", "-", stdin = bytes }).err))
  end)

  it("about losses stay with -q, the others go", function()
    local result = mrrc.run { "count", "-q", "fixtures/damaged.mrc" }
    assert.equal(1, result.status)
    local lines = fault_lines(result.err)
    assert.equal(1, #lines)
    assert.truthy(lines[1]:find("E005", 1, true))
  end)

  it("never let control characters of the data reach the terminal", function()
    local record = marc.write_broken({ { "001", "a\27[2Jb" }, { "245", "10", "a", "x" } }, { length = "00001" })
    local result = mrrc.run { "count", "-", stdin = record }
    assert.is_nil(result.err:find("\27", 1, true))
    assert.truthy(result.err:find("(001 a<1B>[2Jb)", 1, true))
  end)

  it("are valid JSON in --errors whatever bytes the record has", function()
    local record = marc.write_broken({ { "001", "a\27\"\\\255\200b" }, { "245", "10", "a", "x" } }, { length = "00001" })
    local path = mrrc.file ""
    mrrc.ok { "count", "--errors", path, "-", stdin = record }
    assert.truthy(found(json.lines(mrrc.read(path)), "E001").id:find('^a\27"\\'))
  end)

  it("carry the tag and place of the field in question", function()
    local path = mrrc.file ""
    mrrc.ok { "count", "--errors", path, "fixtures/damage/D03.mrc" }
    local fault = found(json.lines(mrrc.read(path)), "E101")
    assert.equal("245", fault.tag)
    assert.equal(#ONE + 24 + 4 * 12, fault.position)
  end)
end)

describe("input that is no MARC", function()
  local function refused(bytes)
    local result = mrrc.run { "run", "--filter", "true", "-", stdin = bytes }
    assert.equal(3, result.status)
    assert.equal("", result.out)
    assert.truthy(result.err:find("E010 input does not look like MARC", 1, true))
  end

  it("is refused when it is a web page", function()
    refused("<!DOCTYPE html><html><head><title>404 Not Found</title></head><body>" .. ("<p>Nothing here.</p>"):rep(400))
  end)

  it("is refused when it is a short text", function() refused "no such file\n" end)

  it("is refused when it is UTF-16", function() refused("\255\254" .. ONE:gsub(".", "%0\0")) end)

  it("is refused in its turn among good files, behind what was read", function()
    local result = mrrc.run { "run", "--filter", "true", "fixtures/damage/000.mrc", mrrc.file "plain text", "fixtures/damage/000.mrc" }
    assert.equal(3, result.status)
    assert.equal(ONE .. TWO .. THREE, result.out)
  end)
end)

describe("--max-record", function()
  it("cuts off what has no end and goes on behind it", function()
    local endless = ONE:sub(1, -2) .. ("x"):rep(200000)
    local result = mrrc.run { "run", "--filter", "true", "--max-record", "100000", "-", stdin = endless .. TWO .. THREE }
    assert.equal(1, result.status)
    assert.is_true(ends(result.out, THREE))
    assert.truthy(result.err:find("E0%d%d "))
  end)

  it("refuses a size that is none", function()
    local result = mrrc.run { "count", "--max-record", "many", "fixtures/books.mrc" }
    assert.equal(2, result.status)
    assert.truthy(result.err:find("--max-record many", 1, true))
  end)
end)
