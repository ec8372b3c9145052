-- nonfiling.lua: mrrc.nonfiling(title, language): how many characters an initial article and what goes with it take.
--
-- The number (0 to 9) that the second indicator of 222, 240, 242, 243, 245, 440 and 830 holds, the first of 130, 730 and
-- 740. Articles are those of MARC 21 Bibliographic, Appendix F, by language. Marks in front of an article count with it, as
-- the manual says, and so do those behind. Whether a word is the article or only looks like one ("A to Z") no table knows:
-- the number is a proposal.

local mrrc = ...

-- those that end in ' or - stand without a blank; "al-" stands for its spellings before other letters too
local ARTICLES = {
  afr = "die 'n",
  ara = "al- ad- an- ar- as- at- az- el-", baq = "bat", cat = "el els en l' la les un una",
  dan = "de den det en et", dut = "de een eene het 'n 't", eng = "a an the ye", epo = "la", fre = "l' la le les un une",
  fry = "de 'e in it 'n 't", ger = "das dem den der des die ein eine einem einen einer eines", gla = "a' am an na",
  gle = "an na", glg = "a as o os un unha unhas uns", gre = "ο η το οι τα ένας μία μια ένα hē hai ho hoi ta to",
  haw = "he ka ke na", heb = "ha- he-", hun = "a az egy",
  ice = "hin hina hinar hinir hinn hinna hinnar hinni hins hinu hinum hið",
  ita = "gl' gli i il l' la le lo un un' una uno", mlt = "il- l-", nno = "dei den det ei ein eit",
  nob = "de den det ei en et", nor = "de dei den det ei ein eit en et", oci = "il l' la las le les lo los un una",
  per = "al-", por = "a as o os um uma umas uns", rum = "a al o un", sco = "a an ane",
  spa = "el la las lo los un una unas unos",
  swe = "de den det en ett", tgl = "ang mga", tur = "al- bir", urd = "al-", wel = "y yr", yid = "a an der di die dos",
}

-- quotation marks, brackets and the like that may stand around an article
local MARKS = { " ", '"', "'", "(", "[", ".", "-", "“", "”", "„", "‘", "’", "«", "»", "‹", "›", "¿", "¡", "…" }

local sets = {} -- language -> set of articles, made when first asked for

local function set_of(lang)
  if not sets[lang] and ARTICLES[lang] then
    sets[lang] = {}
    for word in ARTICLES[lang]:gmatch("%S+") do sets[lang][mrrc.fold(word)] = true end
  end
  return sets[lang]
end

local function mark_at(text, at)
  for _, mark in ipairs(MARKS) do
    if text:sub(at, at + #mark - 1) == mark then return #mark end
  end
end

local function behind_marks(text, at)
  local len = mark_at(text, at)
  while len do
    at = at + len
    len = mark_at(text, at)
  end
  return at
end

-- place behind the article that begins at `at`, or nil
local function behind_article(text, at, set)
  local plain = text:sub(at, at + 40):gsub("’", "'")
  for _, pattern in ipairs { "^'?[^%s'-]+['-]", "^'?[^%s'-]+%f[%s]" } do
    local word = plain:match(pattern)
    if word and set[mrrc.fold(word)] then
      local stop = at + #word
      return text:find("’", at, true) == stop - 1 and word:sub(-1) == "'" and stop + 2 or stop
    end
  end
end

-- The article may itself begin with an apostrophe ('t), so every place among the marks is tried.
local function find_article(text, set)
  local at = 1
  while true do
    local stop = behind_article(text, at, set)
    if stop then return stop end
    local len = mark_at(text, at)
    if not len then return nil end
    at = at + len
  end
end

return function(title, lang)
  if title == nil or lang == nil then return nil end
  local set = set_of(lang)
  local stop = set and find_article(title, set)
  if not stop then return 0 end
  stop = behind_marks(title, stop)
  if stop > #title then return 0 end
  local n = utf8.len(title:sub(1, stop - 1)) or stop - 1
  return n <= 9 and n or 0
end
