-- The examples of README.md and docs/: what a page shows is run, and must come out as the page says.
--
-- A block of Lua begins with how it is run, a block of shell holds commands behind "$ " and what they print:
--
--   -- run: WORDS          mrrc run BLOCK WORDS; -- each: WORDS, -- filter: WORDS and -- transform: WORDS give the block as the
--                          text of --each, --filter and -e; "(status 3)" at the end of the line when the status is not 0
--   -- file: NAME          saved as NAME, for a command of a shell block further down
--   ```sh no-run: reason   not run; a block that is neither run nor says why not is a failure
--
-- What a block of Lua prints stands behind "-->" in it, a line each, or in a block `output` right below. A page has one
-- folder, with fixtures/, scripts/ and the sample files in it; its blocks run from top to bottom. Blanks at the end of a line do not count. MRRC_DOCS=write puts what was printed
-- into the pages instead of comparing it: read the difference before you keep it.
local mrrc = require "spec.support.mrrc"

local PAGES = { "README.md", "docs/CLI.md", "docs/LUA_API.md", "docs/GUIDE.md" }
local writing = os.getenv("MRRC_DOCS") == "write"

local bin = mrrc.folder()
assert(os.execute(("ln -s '%s' '%s/mrrc'"):format(mrrc.program, bin)))
local environment = { PATH = bin .. ":" .. os.getenv("PATH"), LC_ALL = "C.UTF-8" }

-- ---- pages ----

-- Without the blanks at their ends.
local function lines_of(text)
  local lines = {}
  if text:sub(-1) ~= "\n" and text ~= "" then text = text .. "\n" end
  for line in text:gmatch("(.-)[ \t]*\n") do lines[#lines + 1] = line end
  return lines
end

-- {info, first = line number of the fence, line, …}, in the order of the page
local function blocks_of(lines)
  local blocks, open = {}, nil
  for i, line in ipairs(lines) do
    local info = line:match("^```(.*)$")
    if info and not open then
      open = { info = info, first = i }
      blocks[#blocks + 1] = open
    elseif info then
      open = nil
    elseif open then
      open[#open + 1] = line
    end
  end
  return blocks
end

local function load_page(name)
  local lines = lines_of(assert(mrrc.read(mrrc.root .. "/" .. name)))
  return { name = name, lines = lines, blocks = blocks_of(lines) }
end

-- The block `output` that follows at once, or nil.
local function output_below(page, n)
  local block, below = page.blocks[n], page.blocks[n + 1]
  local gap = below and below.first - (block.first + #block + 1)
  return below and below.info == "output" and gap <= 2 and below or nil
end

local function folder_of(page)
  if not page.folder then
    page.folder = mrrc.folder()
    assert(os.execute(("cd '%s' && cp -r fixtures scripts fixtures/*.mrc '%s'"):format(mrrc.root, page.folder)))
  end
  return page.folder
end

local function save(path, lines)
  local file = assert(io.open(path, "w"))
  assert(file:write(table.concat(lines, "\n"), "\n"))
  assert(file:close())
end

local function shell(page, command)
  return mrrc.pipe(command, { cwd = folder_of(page), env = environment })
end

-- ---- blocks of Lua ----

local AS_TEXT = { each = "--each", filter = "--filter", transform = "-e" }

local function run_lua(page, block)
  local how, words = block[1]:match("^%-%- (%l+): (.*)$")
  local status = tonumber(words:match("%(status (%d+)%)$") or 0)
  words = words:gsub("%s*%(status %d+%)$", "")
  save(folder_of(page) .. "/example.lua", block)
  local code = AS_TEXT[how] and ('%s "$(cat example.lua)"'):format(AS_TEXT[how]) or "example.lua"
  local result = shell(page, ("mrrc run %s %s"):format(code, words))
  assert.equal(status, result.status, result.err)
  return lines_of(result.out .. result.err)
end

-- What the block says is printed, and how to replace it.
local function promised(page, n)
  local block, below, inline = page.blocks[n], output_below(page, n), {}
  for i, line in ipairs(block) do
    if line:find("-->", 1, true) then inline[#inline + 1] = { i, line:match("^(.-%-%->)"), line:match("%-%-> ?(.*)$") } end
  end
  assert(below or #inline > 0, "the block says nowhere what it prints")
  assert(not (below and #inline > 0), "the block says twice what it prints")
  if below then
    return table.move(below, 1, #below, 1, {}), function(got) below.new = got end
  end
  local said = {}
  for i, one in ipairs(inline) do said[i] = one[3] end
  return said, function(got)
    assert.equal(#inline, #got, "lines printed: " .. table.concat(got, "\n"))
    block.new = table.move(block, 1, #block, 1, {})
    for i, one in ipairs(inline) do block.new[one[1]] = (one[2] .. " " .. got[i]):gsub("%s+$", "") end
  end
end

local function check_lua(page, n)
  local said, replace = promised(page, n)
  local got = run_lua(page, page.blocks[n])
  if writing then return replace(got) end
  assert.equal(table.concat(said, "\n"), table.concat(got, "\n"))
end

local function is_used(page, n, name)
  for i = n + 1, #page.blocks do
    if page.blocks[i].info == "sh" and table.concat(page.blocks[i], "\n"):find(name, 1, true) then return true end
  end
  return false
end

-- ---- blocks of shell ----

-- {{command, shown = {line, …}, printed = {line, …}}, …}
local function commands_of(block)
  local all, last = {}, nil
  for _, line in ipairs(block) do
    local command = line:match("^%$ (.*)$")
    if command then
      last = { command, shown = { line }, printed = {} }
      all[#all + 1] = last
    elseif last and #last.printed == 0 and last[1]:find("\\$") then
      last[1] = last[1] .. "\n" .. line
      last.shown[#last.shown + 1] = line
    else
      assert(last, "a block of shell begins with '$ '")
      last.printed[#last.printed + 1] = line
    end
  end
  return all
end

local function check_sh(page, block)
  local new = {}
  for _, command in ipairs(commands_of(block)) do
    local got = lines_of(shell(page, "{ " .. command[1] .. "\n} 2>&1").out)
    if not writing then assert.equal(table.concat(command.printed, "\n"), table.concat(got, "\n"), command[1]) end
    table.move(command.shown, 1, #command.shown, #new + 1, new)
    table.move(got, 1, #got, #new + 1, new)
  end
  if writing then block.new = new end
end

-- ---- every block ----

local function check_block(page, n)
  local block = page.blocks[n]
  local language, rest = block.info:match("^(%S*)%s*(.*)$")
  if language ~= "lua" and language ~= "sh" then return end
  it(("line %d"):format(block.first), function()
    if rest ~= "" then
      assert(rest:match("^no%-run: %S+"), "'" .. rest .. "' is not 'no-run: reason'")
      return
    end
    if language == "sh" then return check_sh(page, block) end
    local name = block[1]:match("^%-%- file: (%S+)$")
    if name then
      assert(is_used(page, n, name), name .. " is used by no shell block below")
      return save(folder_of(page) .. "/" .. name, block)
    end
    local how = block[1]:match("^%-%- (%l+): ")
    assert(how == "run" or AS_TEXT[how], "the first line says neither how it is run nor its file")
    check_lua(page, n)
  end)
end

local function write_page(page)
  local out, at = {}, 1
  for _, block in ipairs(page.blocks) do
    table.move(page.lines, at, block.first, #out + 1, out)
    table.move(block.new or block, 1, #(block.new or block), #out + 1, out)
    at = block.first + #block + 1
  end
  table.move(page.lines, at, #page.lines, #out + 1, out)
  save(mrrc.root .. "/" .. page.name, out)
end

for _, name in ipairs(PAGES) do
  local page = load_page(name)
  describe(name, function()
    for n in ipairs(page.blocks) do check_block(page, n) end
    if writing then teardown(function() write_page(page) end) end
  end)
end

-- ---- nothing is left out ----

local function text_of(name) return assert(mrrc.read(mrrc.root .. "/" .. name)) end

describe("the pages", function()
  it("have no block that a page other than these hides from the test", function()
    for _, name in ipairs(mrrc.list(mrrc.root .. "/docs")) do
      local page = name:match("%.md$") and load_page("docs/" .. name)
      for _, block in ipairs(page and page.blocks or {}) do
        local listed = table.concat(PAGES, " "):find(page.name, 1, true)
        assert(listed or not block.info:find("^lua") and not block.info:find("^sh"), page.name .. ":" .. block.first)
      end
    end
  end)

  it("name every option of every command, as the man page does", function()
    local manual, page = text_of("docs/mrrc.1"):gsub("\\%-", "-"), text_of("docs/CLI.md")
    local count = 0
    for command in mrrc.ok({ "help" }).out:gmatch("\n  (%l+) ") do
      local known = command ~= "help" and command ~= "version"
      for option in (known and mrrc.ok({ "help", command }).out or ""):gmatch("%s(%-%-?[%a-]+)") do
        count = count + 1
        assert(page:find(option, 1, true), option .. " is not in docs/CLI.md")
        assert(manual:find(option, 1, true), option .. " is not in docs/mrrc.1")
      end
    end
    assert(count > 60, count)
  end)

  it("name no option that does not exist", function()
    local known = mrrc.ok({ "help", "run" }).out .. mrrc.ok({ "help", "count" }).out .. mrrc.ok({ "help" }).out .. "--version"
    for option in text_of("docs/CLI.md"):gmatch("\n| `[^`]-(%-%-[%a-]+)") do
      assert(known:find(option, 1, true), option .. " of docs/CLI.md is no option")
    end
  end)

  it("name every fault code", function()
    local page = text_of("docs/CLI.md")
    for code, name in text_of("src/base/fault.def"):gmatch('\nFAULT%("(%w+)", ([%w_]+)') do
      if name ~= "SCRIPT_MEMORY" then assert(page:find("`" .. code .. "`", 1, true), code .. " is not in docs/CLI.md") end
    end
  end)

  it("name every reader and every element of 006, 007 and 008", function()
    local page, count = text_of("docs/LUA_API.md"), 0
    local function check(file, pattern, form)
      for name in text_of("src/marc/" .. file):gmatch(pattern) do
        count = count + 1
        assert(page:find(form:format(name)), name .. " is not in docs/LUA_API.md")
      end
    end
    check("reader.def", "\nREADER%(([%l_]+)", "`rec:%s%%(%%)`")
    check("material.def", "\nMATERIAL%(([%l_]+)", "`rec:%s%%(%%)`")
    check("fixed_008.c", '\n\t{ "([%l%d_]+)", %u', "[` \n]%s[` \n]")
    check("fixed_007.c", '\n\t{ "([%l%d_]+)", %u', "[` \n]%s[` \n]")
    assert(count > 170, count)
  end)

  it("name every call that a script has", function()
    local page, count = text_of("docs/LUA_API.md"), 0
    for _, name in ipairs(mrrc.list(mrrc.root .. "/src/script")) do
      local source = name:match("^[br]%l+_%l+.*%.c$") and text_of("src/script/" .. name) or ""
      for call, fn in source:gmatch('{ "(%l+)",%s+([%l_]+) }') do
        count = count + 1
        local private = fn:find("^host_") -- for the prelude
        local documented = private or page:find("[.:]" .. call .. "[({ ]")
        assert(documented, call .. " is not in docs/LUA_API.md")
      end
    end
    assert(count > 60, count)
  end)
end)

describe("the table of damage in README.md", function()
  local function came_out(id)
    local code = "io.write((rec.id or '?'):match('%d') or '?', ' ')"
    local result = mrrc.run { "run", "-q", "--each", code, ("fixtures/damage/%s.mrc"):format(id) }
    return result.out:gsub(" $", "") .. (result.status == 0 and "" or (", status %d"):format(result.status))
  end

  it("says of mrrc what it does", function()
    local count = 0
    for id, said in text_of("README.md"):gmatch("\n| `(%u%d%d)` [^\n]*| ([^|\n]+) |") do
      count = count + 1
      assert.equal(said, came_out(id), id)
    end
    assert.equal(8, count)
  end)
end)

describe("the man page", function()
  it("has no warnings of groff", function()
    if not os.execute("command -v groff >/dev/null") then return pending("groff is not installed") end
    local result = mrrc.pipe("groff -ww -K utf8 -T utf8 -man docs/mrrc.1 >/dev/null")
    assert.equal("", result.err)
    assert.equal(0, result.status)
  end)
end)
