-- The bench's edit job: 9XX dropped, links through a proxy, one field added.
local PROXY = "https://proxy.example.org/login?url="

local function through_proxy(url) return PROXY .. url end

return {
  api = 1,
  transform = function(rec)
    return rec:edit():remove("9.."):map("856$u", through_proxy):add("999", "  ", "a", "loaded by the bench")
  end,
}
