-- Options of a script: declared in its table, given with -a, shown by --help.
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"
local lua = require "spec.support.script"

local ONE = marc.write { { "001", "one" } }

-- prints ctx.args.NAME and its type
local function script(options, name)
  return ([[local args
    return { name = "demo", summary = "shows an option", options = { %s },
      init = function(ctx) args = ctx.args end,
      each = function() print(args.%s, math.type(args.%s) or type(args.%s)) end }]]):format(options, name, name, name)
end

local function shown(options, name, ...)
  local words = {}
  for _, pair in ipairs { ... } do
    words[#words + 1] = "-a"
    words[#words + 1] = pair
  end
  local result = lua.run(script(options, name), ONE, words)
  assert.equal("", result.status == 0 and "" or result.err)
  return (result.out:gsub("\n$", ""))
end

local function refused(options, ...)
  local words = {}
  for _, pair in ipairs { ... } do
    words[#words + 1] = "-a"
    words[#words + 1] = pair
  end
  local result = lua.run(script(options, "n"), ONE, words)
  assert.equal(2, result.status)
  assert.equal("", result.out)
  return result.err
end

describe("an option", function()
  it("is text when no type is declared", function() assert.equal("12\tstring", shown("n = { help = 'x' }", "n", "n=12")) end)
  it("has its default when it is not given", function() assert.equal("d\tstring", shown("n = { default = 'd' }", "n")) end)
  it("is nil without value and default", function() assert.equal("nil\tnil", shown("n = {}", "n")) end)
  it("given twice has the last value", function() assert.equal("2\tstring", shown("n = {}", "n", "n=1", "n=2")) end)
  it("may be empty text", function() assert.equal("\tstring", shown("n = { default = 'd' }", "n", "n=")) end)
  it("may hold an equals sign", function() assert.equal("a=b\tstring", shown("n = {}", "n", "n=a=b")) end)
  it("of type string is text", function() assert.equal("007\tstring", shown("n = { type = 'string' }", "n", "n=007")) end)
  it("of type integer is one", function() assert.equal("7\tinteger", shown("n = { type = 'integer' }", "n", "n=7")) end)
  it("of type number is a number", function() assert.equal("1.5\tfloat", shown("n = { type = 'number' }", "n", "n=1.5")) end)
  it("of type boolean understands yes and no", function()
    for text, value in pairs { ["true"] = true, yes = true, on = true, ["1"] = true, ["false"] = false, no = false, off = false, ["0"] = false, YES = true } do
      assert.equal(tostring(value) .. "\tboolean", shown("n = { type = 'boolean' }", "n", "n=" .. text), text)
    end
  end)
  it("of type integer refuses a fraction and a word", function()
    lua.has(refused("n = { type = 'integer' }", "n=1.5"), "-a n=1.5: not a valid integer")
    lua.has(refused("n = { type = 'integer' }", "n=two"), "-a n=two: not a valid integer")
  end)
  it("of type number refuses a word", function() lua.has(refused("n = { type = 'number' }", "n=two"), "-a n=two: not a valid number") end)
  it("of type boolean refuses another word", function() lua.has(refused("n = { type = 'boolean' }", "n=maybe"), "-a n=maybe: not a valid boolean") end)
  it("of an unknown type is refused", function() lua.has(refused("n = { type = 'date' }"), "option 'n': type must be string, number, integer or boolean") end)
  it("that is no table is refused", function() lua.has(refused("n = 'x'"), "option 'n' must be a table") end)
  it("that is required has to be given", function() lua.has(refused("n = { required = true }"), "the script needs -a n=") end)
  it("that is required and given is fine", function() assert.equal("x\tstring", shown("n = { required = true }", "n", "n=x")) end)
end)

describe("-a", function()
  it("with a name that the script does not have is refused with a suggestion", function()
    local err = refused("proxy = {}, n = {}", "proxi=x")
    lua.has(err, "-a proxi: the script has no such option")
    lua.has(err, "did you mean proxy?")
  end)
  it("without an equals sign is refused", function()
    local result = lua.run("return { each = function() end }", ONE, { "-a", "proxy" })
    assert.equal(2, result.status)
    lua.has(result.err, "proxy")
  end)
  it("is text for a script that declares no options", function()
    assert.equal("5\tstring\n", lua.run("return { each = function() print(mrrc.args.n, type(mrrc.args.n)) end }", ONE, { "-a", "n=5" }).out)
  end)
  it("reaches code on the command line as mrrc.args", function()
    assert.equal("v\n", lua.code({ "--each", "print(mrrc.args.k)", "-a", "k=v" }, ONE).out)
  end)
  it("is known while the script loads", function()
    assert.equal("v\n", lua.run("print(mrrc.args.k) return { each = function() end }", ONE, { "-a", "k=v" }).out)
  end)
  it("may stand behind the input", function()
    local file = mrrc.script("return { each = function() print(mrrc.args.k) end }")
    assert.equal("v\n", mrrc.ok({ "run", file, "-", "-a", "k=v", stdin = ONE }).out)
  end)
  it("may be written --arg", function()
    assert.equal("v\n", lua.code({ "--each", "print(mrrc.args.k)", "--arg=k=v" }, ONE).out)
  end)
end)

describe("ctx.args", function()
  it("asked for a name that was not declared raises with a suggestion", function()
    local result = lua.run("return { options = { proxy = {} }, init = function(ctx)\n print(ctx.args.proxi) end, each = function() end }", ONE)
    assert.equal(2, result.status)
    assert.truthy(result.err:find("%.lua:2: args has no 'proxi': did you mean proxy%?"), result.err)
  end)
  it("cannot be written", function()
    local result = lua.run("return { options = { a = {} }, init = function(ctx) ctx.args.a = 1 end, each = function() end }", ONE)
    assert.equal(2, result.status)
    lua.has(result.err, "args are read only")
  end)
  it("can be walked with pairs, in order", function()
    assert.equal("a=1 b=2 c=3\n", lua.run([[return { options = { c = { default = 3 }, a = { default = 1 }, b = {} },
      finish = function(agg, out, ctx) local t = {} for k, v in pairs(ctx.args) do t[#t + 1] = k .. "=" .. v end print(table.concat(t, " ")) end }]],
      ONE, { "-a", "b=2" }).out)
  end)
  it("is the same in init and in finish", function()
    assert.equal("v v\n", lua.run([[return { options = { k = {} }, init = function(ctx) io.write(ctx.args.k, " ") end, each = function() end,
      finish = function(agg, out, ctx) print(ctx.args.k) end }]], ONE, { "-a", "k=v", "-j", "1" }).out)
  end)
end)

describe("run SCRIPT --help", function()
  local text = [[return { name = "proxy", summary = "puts a proxy before addresses",
    options = { proxy = { help = "the prefix", default = "https://p/?" }, tag = { help = "which field", required = true }, dry = { type = "boolean" } },
    each = function() end }]]

  local function help(script_text, ...)
    return mrrc.run { "run", mrrc.script(script_text), "--help", ... }
  end

  it("shows name, summary and options with their defaults", function()
    local result = help(text)
    assert.equal(0, result.status)
    assert.equal("", result.err)
    lua.has(result.out, "proxy: puts a proxy before addresses\n")
    assert.truthy(result.out:find("\n  proxy +the prefix %(default https://p/%?%)\n"), result.out)
    assert.truthy(result.out:find("\n  tag +which field %(required%)\n"), result.out)
  end)
  it("lists options in the order of their names", function()
    assert.truthy(help(text).out:find("  dry.*  proxy.*  tag"))
  end)
  it("needs no option that is required, and no input", function() assert.equal(0, help(text).status) end)
  it("shows the file's name for a script without one", function()
    local file = mrrc.script("return { each = function() end }")
    assert.equal(file .. "\n", mrrc.run({ "run", file, "--help" }).out)
  end)
  it("runs no hook", function()
    local result = help("return { name = 'x', init = function() error 'init' end, finish = function() error 'finish' end }")
    assert.equal(0, result.status)
    assert.equal("x\n", result.out)
  end)
  it("says what is wrong with a script that does not load", function()
    local result = help("return {")
    assert.equal(2, result.status)
    assert.equal("", result.out)
    lua.has(result.err, ".lua:1: ")
  end)
  it("refuses an option of an unknown type, too", function()
    assert.equal(2, help("return { options = { a = { type = 'date' } }, each = function() end }").status)
  end)
end)
