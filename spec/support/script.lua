-- Short ways to run a script over records. local lua = require "spec.support.script"
--
--   lua.run(text, input [, words]) -> result        a script file over bytes; words go before the input
--   lua.code({"--filter", "…"}, input) -> result    pieces on the command line
--   lua.records(text, input [, words]) -> {record, …}   what it wrote, read back; the spec fails when the run did
--   lua.edited(body, record) -> record              what the transform `body` made of one record
--   lua.seen(body, record) -> text                  what the body printed while it looked at one record (last line end cut off)
--   lua.fails(body, record) -> text                 the message of the error that the body ends in, behind "-e:1: "
--   lua.ids(bytes) -> "a b c"                       the 001 of every record
--   lua.has(text, words)                            plain search, with the text in the failure
local mrrc = require "spec.support.mrrc"
local marc = require "spec.support.iso2709"

local M = {}

function M.run(text, input, words)
  local all = { "run", mrrc.script(text), stdin = input }
  for _, word in ipairs(words or {}) do all[#all + 1] = word end
  all[#all + 1] = "-"
  return mrrc.run(all)
end

function M.code(words, input)
  return mrrc.run { "run", stdin = input, table.unpack(words) }
end

local function good(result)
  if result.status ~= 0 then error(("status %d\n%s"):format(result.status, result.err), 3) end
  return result
end

function M.records(text, input, words) return marc.read(good(M.run(text, input, words)).out) end

function M.edited(body, record)
  local all = marc.read(good(M.code({ "-e", body }, marc.write(record))).out)
  assert(#all == 1, #all .. " records were written")
  return all[1]
end

function M.seen(body, record)
  return (good(M.code({ "--each", body }, marc.write(record))).out:gsub("\n$", ""))
end

function M.fails(body, record)
  local result = M.code({ "-e", body }, marc.write(record))
  if result.status ~= 3 then error(("status %d, 3 expected\n%s"):format(result.status, result.err), 2) end
  return (assert(result.err:match("E701 script failed in transform:\n  %-e:1: (.-)\nstack traceback:"), result.err))
end

function M.ids(bytes)
  local found = {}
  for i, record in ipairs(marc.read(bytes)) do found[i] = marc.get(record, "001") end
  return table.concat(found, " ")
end

function M.has(text, words)
  if not text:find(words, 1, true) then error(("'%s' is not in:\n%s"):format(words, text), 2) end
end

return M
