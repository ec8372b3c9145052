-- split_by_branch.lua: one file of records for each branch that holds a copy (852 $b).
--
--   mkdir branches
--   mrrc run scripts/split_by_branch.lua -a dir=branches books.mrc
--
-- To learn: an output is declared once, when the script is loaded; {key} in its path is what :write was given as key, made
-- safe for a file name, and {args.dir} is an option. A record with copies in two branches goes to both files, one with two
-- copies in one branch goes there once. The script has only `each`, so nothing is written to the main output.

local branches = mrrc.output { name = "branches", path = "{args.dir}/{key}.mrc" }
local copies = mrrc.counter("copies")

return {
  api = 1,
  name = "split_by_branch",
  summary = "write the records of each branch (852 $b) to a file of its own",
  options = {
    dir = { help = "folder of the files; it must exist", required = true, type = "string" },
  },

  each = function(rec)
    local done = {}
    for branch in rec:values("852$b") do
      if not done[branch] then
        done[branch] = true
        branches:write(rec, branch)
        copies:add(branch)
      end
    end
    if not next(done) then
      branches:write(rec, "no-branch")
      copies:add("no-branch")
    end
  end,

  finish = function(agg, out)
    for _, row in ipairs(agg.copies:rows()) do out:printf("%-20s %6d\n", row.key, row.count) end
  end,
}
