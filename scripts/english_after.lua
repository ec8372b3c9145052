-- english_after.lua: keep the English books that were published after a year.
--
--   mrrc run scripts/english_after.lua -a year=2000 books.mrc -o english.mrc
--
-- To learn: `where` is an expression that is evaluated before Lua sees a record, so it is the cheap place to sort out most
-- of them; `filter` decides about the rest. rec:number is nil when the text is no number, as in a date of "19uu", and
-- nil is never after anything.

local year

return {
  api = 1,
  name = "english_after",
  summary = "keep English books published after a year",
  options = {
    year = { help = "keep what was published after this year", default = 2000, type = "integer" },
  },
  -- Leader/06 language material, Leader/07 monographs and collections; 008/35-37 language
  where = [[ LDR/06 in ["a", "t"] and LDR/07 in ["a", "c", "d", "m"] and 008/35-37 == "eng" ]],

  init = function(ctx) year = ctx.args.year end,

  filter = function(rec)
    local published = rec:number("008/07-10")
    return published ~= nil and published > year
  end,
}
