-- decades.lua: how many records were published in each decade, and from when to when the collection reaches.
--
--   mrrc run scripts/decades.lua books.mrc
--
-- To learn: three declared results beside each other. A counter counts, a sum knows n, min, max and mean, and a reducer is
-- for what neither does: `add` takes one value, `merge` joins the results of two batches, here the record of the oldest
-- publication. Never count in a variable of the script: each thread has its own.

local decades = mrrc.counter("decades")
local years = mrrc.sum("years")
local oldest = mrrc.reducer {
  name = "oldest",
  init = function() return {} end,
  add = function(found, book)
    if not found.year or book.year < found.year then return book end
    return found
  end,
  merge = function(a, b)
    if not a.year or (b.year and b.year < a.year) then return b end
    return a
  end,
}

return {
  api = 1,
  name = "decades",
  summary = "publications by decade, from 008/07-10",
  needs = { "001", "008", "245" },

  each = function(rec)
    local year = rec:number("008/07-10")
    if math.type(year) ~= "integer" or year < 1400 then
      decades:add("unknown")
      return
    end
    decades:add(("%d0s"):format(year // 10))
    years:add(year)
    oldest:add { year = year, title = rec:get("245$a", "(no title)") }
  end,

  finish = function(agg, out)
    for _, row in ipairs(agg.decades:rows()) do
      out:printf("%-8s %6d  %s\n", row.key, row.count, ("#"):rep(math.ceil(40 * row.count / agg.decades:total())))
    end
    if agg.years.n > 0 then
      out:printf("%d to %d, mean %.1f; oldest: %s\n", agg.years.min, agg.years.max, agg.years.mean, agg.oldest:value().title)
    end
  end,
}
