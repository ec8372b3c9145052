-- luacheck: read globals mrrc
-- The bench's counting job: how often each 650$a occurs, as CSV.
local subjects = mrrc.counter("subjects")

local function cell(text)
  return text:find('[",\r\n]') and '"' .. text:gsub('"', '""') .. '"' or text
end

return {
  api = 1,
  each = function(rec)
    for heading in rec:values("650$a") do subjects:add(heading) end
  end,
  finish = function(agg, out)
    for _, row in ipairs(agg.subjects:rows()) do out:printf("%s,%d\n", cell(row.key), row.count) end
  end,
}
