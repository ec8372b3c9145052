-- vendor_check.lua: may this load of records from a vendor go into the catalogue?
--
--   mrrc run scripts/vendor_check.lua -a max=5 vendor.mrc && echo accepted
--
-- Each record must have 001, 008 of forty characters, a title, a link (856 $u), and, when it has numbers in 020 $a, no wrong one.
-- Every problem is printed with its record; the end is a summary, and the exit status is 1 when more than `max` percent of
-- the records failed.
-- To learn: print goes out in the order of the records, whatever the number of threads; `finish` that returns false makes
-- the exit status 1; counters answer :get, :total and :rows.

local records = mrrc.counter("records")
local problems = mrrc.counter("problems")

local function isbn_is_valid(text)
  local digits = text:gsub("%(.*$", ""):gsub("[^%dXx]", ""):upper()
  local sum = 0
  if digits:find("^%d%d%d%d%d%d%d%d%d[%dX]$") then
    for i = 1, 10 do
      local c = digits:sub(i, i)
      sum = sum + (11 - i) * (c == "X" and 10 or tonumber(c))
    end
    return sum % 11 == 0
  end
  if digits:find("^97[89]%d%d%d%d%d%d%d%d%d%d$") then
    for i = 1, 13 do sum = sum + tonumber(digits:sub(i, i)) * (i % 2 == 1 and 1 or 3) end
    return sum % 10 == 0
  end
  return false
end

-- each check gives nil, or what is wrong
local CHECKS = {
  function(rec) return not rec:has("001") and "no 001" end,
  function(rec)
    local text = rec:get("008")
    return not text and "no 008" or text and utf8.len(text) ~= 40 and "008 is not forty characters long"
  end,
  function(rec) return not rec:has("245$a") and "no title (245 $a)" end,
  function(rec) return not rec:has("856$u") and "no link (856 $u)" end,
  function(rec)
    for isbn in rec:values("020$a") do
      if not isbn_is_valid(isbn) then return "wrong ISBN (020 $a)", isbn end
    end
  end,
}

return {
  api = 1,
  name = "vendor_check",
  summary = "acceptance check of a vendor's records",
  options = {
    max = { help = "percentage of records that may fail", default = 0, type = "number" },
  },

  each = function(rec)
    local failed = false
    for _, check in ipairs(CHECKS) do
      local problem, detail = check(rec)
      if problem then
        failed = true
        problems:add(problem)
        print(rec:get("001", "(no 001)"), problem .. (detail and ": " .. detail or ""))
      end
    end
    records:add(failed and "failed" or "passed")
  end,

  finish = function(agg, out, ctx)
    local total, failed = agg.records:total(), agg.records:get("failed")
    local percent = total > 0 and 100 * failed / total or 0
    for _, row in ipairs(agg.problems:rows()) do out:printf("%6d  %s\n", row.count, row.key) end
    local accepted = total > 0 and percent <= ctx.args.max
    out:printf("%d records, %d failed (%.1f %%): %s\n", total, failed, percent, accepted and "accepted" or "refused")
    return accepted
  end,
}
