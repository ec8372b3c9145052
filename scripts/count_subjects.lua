-- count_subjects.lua: the subject headings that occur most often.
--
--   mrrc run scripts/count_subjects.lua -a n=20 books.mrc
--
-- To learn: results are declared when the script is loaded, filled in a hook and read in `finish`, once, after all threads
-- have been added up. rec:values(path, separator) gives one string for each field: "Libraries -- Germany -- History".

local subjects = mrrc.counter("subjects")

return {
  api = 1,
  name = "count_subjects",
  summary = "print the most frequent subject headings (650)",
  options = {
    n = { help = "how many to print", default = 10, type = "integer" },
  },
  needs = { "650" },

  each = function(rec)
    for heading in rec:values("650$a$v$x$y$z", " -- ") do
      subjects:add((heading:gsub("%.$", ""))) -- gsub gives two results: the parentheses keep the first
    end
  end,

  finish = function(agg, out, ctx)
    out:printf("%d headings in all\n", agg.subjects:total())
    for _, row in ipairs(agg.subjects:top(ctx.args.n)) do out:printf("%7d  %s\n", row.count, row.key) end
  end,
}
