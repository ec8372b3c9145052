-- luacheck: what the Lua files of this project may use.
std = "lua54"
max_line_length = 130
codes = true

-- scripts run inside mrrc
files["scripts"] = { read_globals = { "mrrc", "rawpairs" } }
files["bench/scripts"] = files["scripts"]
files["lua"] = { read_globals = { "rawpairs" } }
-- the one that replaces what would make a run depend on threads or time
files["lua/mrrc/run.lua"] = { globals = { "print", "io", "math", "os", "pairs", "rawpairs" } }
files["spec"] = { std = "+busted", max_line_length = false, ignore = { "431" } } -- short names come again
files["bench"] = { max_line_length = 160 }
-- tables of sample records, a field to a line
files["tools/fixtures"] = { max_line_length = false }
