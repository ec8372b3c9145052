-- gmd_to_rda.lua: replace the general material designation in 245 $h by content, media and carrier types (336, 337, 338).
--
--   mrrc run scripts/gmd_to_rda.lua old.mrc -o rda.mrc
--
--   245 10 $a Title $h [electronic resource] / $c Author.   loses $h and gains
--   336 ## $a text $b txt $2 rdacontent   337 ## $a computer $b c $2 rdamedia   338 ## $a online resource $b cr $2 rdacarrier
--
-- To learn: e:add puts a field where its tag belongs; a lookup table keeps the rules apart from the code that applies
-- them; a record that already has a 33X, or a designation that is not in the table, passes as it came.

-- content, media and carrier: term and code each (vocabularies rdacontent, rdamedia, rdacarrier)
local TYPES = {
  ["electronic resource"] = { "text", "txt", "computer", "c", "online resource", "cr" },
  ["videorecording"] = { "two-dimensional moving image", "tdi", "video", "v", "videodisc", "vd" },
  ["sound recording"] = { "performed music", "prm", "audio", "s", "audio disc", "sd" },
  ["microform"] = { "text", "txt", "microform", "h", "microfiche", "he" },
  ["map"] = { "cartographic image", "cri", "unmediated", "n", "sheet", "nb" },
}

local unknown = mrrc.counter("unknown")

local function keep_punctuation(before, designation)
  -- "[map] /" carries the mark that introduces the next area: it moves to the end of the subfield before
  local mark = designation:match("%]%s*([/:=;])%s*$")
  return mark and (before .. " " .. mark) or before
end

return {
  api = 1,
  name = "gmd_to_rda",
  summary = "245 $h becomes 336, 337 and 338",
  where = [[ 245$h and not 336 and not 337 and not 338 ]],

  transform = function(rec)
    local designation = rec:get("245$h")
    local name = designation:match("%[(.-)%]")
    local types = TYPES[name and name:lower()]
    if not types then
      unknown:add(designation)
      return nil
    end
    local e = rec:edit()
    for field in e:fields("245") do
      local last -- the subfield before $h
      for code in field:subfields() do
        if code == "h" then break end
        last = code
      end
      if last then field:set(last, keep_punctuation(field:get(last), designation)) end
      field:remove("h")
    end
    e:add("336", "##", "a", types[1], "b", types[2], "2", "rdacontent")
    e:add("337", "##", "a", types[3], "b", types[4], "2", "rdamedia")
    e:add("338", "##", "a", types[5], "b", types[6], "2", "rdacarrier")
    return e
  end,

  finish = function(agg, out)
    for _, row in ipairs(agg.unknown:rows()) do out:printf("not in the table: %s (%d)\n", row.key, row.count) end
  end,
}
