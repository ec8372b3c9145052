-- Makes every record in fixtures/, byte for byte the same each time.
--
--     lua5.4 tools/make_fixtures.lua fixtures          write all of them
--     lua5.4 tools/make_fixtures.lua big BYTES [FILE]   whole records of about 1.1 kB, at least BYTES in all
--
-- Nothing is random and nothing comes from elsewhere: what to change stands in tools/fixtures/.

local here = arg[0]:match("^(.*)/[^/]*$") or "."
package.path = here .. "/fixtures/?.lua;" .. package.path

local damage, others = require("damage"), require("others")

local function write(name, bytes)
	local file = assert(io.open(name, "wb"))
	assert(file:write(bytes))
	assert(file:close())
end

local function usage()
	io.stderr:write("usage: make_fixtures.lua DIRECTORY | big BYTES [FILE]\n")
	os.exit(2)
end

if arg[1] == "big" then
	local bytes = math.tointeger(tonumber(arg[2]) or usage())
	local out = arg[3] and assert(io.open(arg[3], "wb")) or io.stdout
	others.big(bytes or usage(), function(record)
		assert(out:write(record))
	end)
	assert(out:close())
elseif arg[1] then
	local folder = arg[1]
	assert(os.execute("mkdir -p '" .. folder:gsub("'", "'\\''") .. "/damage'"))
	write(folder .. "/books.mrc", require("books").bytes())
	write(folder .. "/damaged.mrc", damage.mixed())
	for _, name in ipairs({ "authority", "holdings", "marc8", "vendor_load", "junk_between" }) do
		write(folder .. "/" .. name .. ".mrc", others[name]())
	end
	for name, bytes in pairs(damage.files()) do
		write(folder .. "/damage/" .. name .. ".mrc", bytes)
	end
else
	usage()
end
