-- fix_245_indicators.lua: set the indicators of 245 from the record itself.
--
--   mrrc run scripts/fix_245_indicators.lua books.mrc -o fixed.mrc
--
-- First indicator (added entry): 1 when the record has a main entry in 1XX, else 0. Second indicator (nonfiling characters): the
-- length of a leading article in the record's language with the blank behind it, else 0.
-- To learn: indicators are set with 245^1 and 245^2; setting a place to what it already holds changes nothing, so right
-- records leave as they came. Lengths are counted in characters with utf8.len, not in bytes.
-- A trap for every such script: "A is for apple" begins with a letter, not with an article. Add your own to NOT_ARTICLES.

local ARTICLES = { -- by 008/35-37; the longest that fits wins
  eng = { "the ", "a ", "an " },
  ger = { "der ", "die ", "das ", "ein ", "eine " },
  fre = { "le ", "la ", "les ", "l'", "l’", "un ", "une " },
  spa = { "el ", "la ", "los ", "las ", "un ", "una " },
  ita = { "il ", "lo ", "la ", "i ", "gli ", "le ", "l'", "l’", "un ", "uno ", "una ", "un'", "un’" },
  por = { "o ", "a ", "os ", "as ", "um ", "uma " },
  dut = { "de ", "het ", "een ", "'t " },
  swe = { "en ", "ett ", "den ", "det ", "de " },
  dan = { "en ", "et ", "den ", "det ", "de " },
  nor = { "en ", "et ", "ei ", "den ", "det ", "de " },
}

local NOT_ARTICLES = { eng = { "^a is for ", "^a to z", "^a level" }, fre = { "^un seul " }, ger = { "^eine? fürs? " } }

local fixed = mrrc.counter("fixed")

local function is_exception(title, language)
  for _, pattern in ipairs(NOT_ARTICLES[language] or {}) do
    if title:find(pattern) then return true end
  end
  return false
end

local function nonfiling(title, language)
  title = title:lower()
  if is_exception(title, language) then return 0 end
  local longest = 0
  for _, article in ipairs(ARTICLES[language] or {}) do
    if title:sub(1, #article) == article then longest = math.max(longest, utf8.len(article)) end
  end
  return longest
end

return {
  api = 1,
  name = "fix_245_indicators",
  summary = "245: first indicator from 1XX, second from the leading article",

  transform = function(rec)
    local title, language = rec:get("245$a"), rec:get("008/35-37")
    if not title then return nil end
    local e = rec:edit()
    e:set("245^1", rec:has("1..") and "1" or "0")
    -- of a language without a list nothing is known: leave what a cataloguer wrote
    if ARTICLES[language] then e:set("245^2", tostring(nonfiling(title, language))) end
    if e:changed() then fixed:add("records") end
    return e
  end,

  finish = function(agg, out)
    out:printf("%d records had wrong indicators in 245\n", agg.fixed:get("records"))
  end,
}
