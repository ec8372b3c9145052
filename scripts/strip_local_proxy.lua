-- strip_local_proxy.lua: make vendor records ready for the catalogue: no local fields, links through the library's proxy.
--
--   mrrc run scripts/strip_local_proxy.lua -a proxy='https://proxy.example.edu/login?url=' vendor.mrc -o load.mrc
--
-- To learn: a record cannot be changed, rec:edit() can. Return the edit and it takes the record's place; return it without
-- a change and the record leaves byte for byte as it came. e:map gives every matching value to a function: a string
-- replaces the value, nil leaves it.

local proxy

local function through_proxy(url)
  if not url:lower():find("^https?://") then return nil end
  if url:sub(1, #proxy) == proxy then return nil end
  return proxy .. url
end

return {
  api = 1,
  name = "strip_local_proxy",
  summary = "drop 9XX fields and send 856 links through a proxy",
  options = {
    proxy = { help = "what is put before each link", default = "https://proxy.example.edu/login?url=", type = "string" },
  },
  needs = { "856", "9.." },

  init = function(ctx) proxy = ctx.args.proxy end,

  transform = function(rec)
    return rec:edit():remove("9.."):map("856$u", through_proxy)
  end,
}
