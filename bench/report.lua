-- Gates and tables: judges, prints as it goes, and writes the whole as Markdown.

local report = { gates = {}, tables = {}, notes = {} }

local COUNTS = { passed = 0, failed = 0, ["not measured"] = 0 }

local function is_figure(value)
  return math.type(value) ~= nil and value == value and value > 0 and value < math.huge
end

-- Whether a measured value reaches its limit. What is no figure (nil, NaN, nought, infinite) never does.
function report.judge(value, limit, at_least)
  if not is_figure(value) then return false end
  if at_least then return value >= limit end
  return value <= limit
end

local function show(value, unit)
  if not is_figure(value) then return "no figure" end
  return (unit == "MB" and "%.1f MB" or unit == "share" and "%.3f" or "%.2fx"):format(value)
end

local function add(gate)
  COUNTS[gate.verdict] = COUNTS[gate.verdict] + 1
  report.gates[#report.gates + 1] = gate
  print(("%-12s %-58s %-15s %-10s %s"):format(gate.verdict, gate.name, gate.asked, gate.shown or "", gate.detail or ""))
  io.stdout:flush()
end

-- {name, limit, at_least, unit, value, detail}
function report.gate(gate)
  gate.asked = (gate.at_least and "at least " or "at most ") .. show(gate.limit, gate.unit)
  gate.shown = show(gate.value, gate.unit)
  gate.verdict = report.judge(gate.value, gate.limit, gate.at_least) and "passed" or "failed"
  add(gate)
end

function report.failed(name, why)
  add { name = name, asked = "", verdict = "failed", detail = why:gsub("%s+", " ") }
end

function report.not_measured(name, why)
  add { name = name, asked = "", verdict = "not measured", detail = why }
end

function report.note(text)
  report.notes[#report.notes + 1] = text
  print("note: " .. text)
end

-- {title, head = {...}, rows = {{...}}, text}
function report.table(t)
  report.tables[#report.tables + 1] = t
  print("\n" .. t.title .. (t.text and "\n" .. t.text or ""))
  local widths = {}
  for _, row in ipairs { t.head, table.unpack(t.rows) } do
    for i, cell in ipairs(row) do widths[i] = math.max(widths[i] or 0, utf8.len(cell) or #cell) end
  end
  for _, row in ipairs { t.head, table.unpack(t.rows) } do
    local line = {}
    for i, cell in ipairs(row) do line[i] = cell .. (" "):rep(widths[i] - (utf8.len(cell) or #cell)) end
    print("  " .. table.concat(line, "  "):gsub("%s+$", ""))
  end
  print()
end

function report.totals()
  return ("%d passed, %d failed, %d not measured"):format(COUNTS.passed, COUNTS.failed, COUNTS["not measured"])
end

function report.nothing_failed() return COUNTS.failed == 0 end

local function markdown_row(cells)
  local escaped = {}
  for i, cell in ipairs(cells) do escaped[i] = cell:gsub("|", "\\|") end
  return "| " .. table.concat(escaped, " | ") .. " |"
end

local function markdown_table(head, rows)
  local lines = { markdown_row(head), (markdown_row(head):gsub("[^|]+", "---")) }
  for _, row in ipairs(rows) do lines[#lines + 1] = markdown_row(row) end
  return table.concat(lines, "\n") .. "\n"
end

function report.write(path, machine, how)
  local out = { "# Results of the bench\n", how .. "\n", markdown_table({ "machine", "" }, machine) }
  if #report.gates > 0 then
    local rows = {}
    for i, g in ipairs(report.gates) do rows[i] = { g.name, g.asked, g.shown or "", g.verdict, g.detail or "" } end
    out[#out + 1] = "## Gates: " .. report.totals() .. "\n"
    out[#out + 1] = markdown_table({ "gate", "asked", "measured", "verdict", "from" }, rows)
  end
  for _, t in ipairs(report.tables) do
    out[#out + 1] = "## " .. t.title .. "\n"
    if t.text then out[#out + 1] = t.text .. "\n" end
    out[#out + 1] = markdown_table(t.head, t.rows)
  end
  for _, note in ipairs(report.notes) do out[#out + 1] = "Note: " .. note .. "\n" end
  local file = assert(io.open(path, "w"))
  file:write(table.concat(out, "\n"))
  assert(file:close())
end

-- The bench would be worth nothing if these could pass: tried at the start of every run.
function report.prove_that_gates_fail()
  local nan = 0 / 0
  assert(report.judge(7.0, 7, true) and report.judge(7.0, 7, false))
  assert(not report.judge(6.99, 7, true) and not report.judge(7.01, 7, false))
  for _, at_least in ipairs { true, false } do
    assert(not report.judge(nan, 7, at_least) and not report.judge(nil, 7, at_least))
    assert(not report.judge(0, 7, at_least) and not report.judge(math.huge, 7, at_least))
    assert(not report.judge(-1, 7, at_least) and not report.judge("9", 7, at_least))
  end
end

return report
