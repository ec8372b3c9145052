#!/bin/sh
# Shows what the program does, with the sample books. Run: make demo (or sh tools/demo.sh after make)
set -eu
cd "$(dirname "$0")/.."
mrrc=build/mrrc
books=fixtures/books.mrc
out=$(mktemp -d "${TMPDIR:-/tmp}/mrrc-demo.XXXXXX")
trap 'rm -rf "$out"' EXIT

# print a command line, then run it
show() {
	printf '\n$ %s\n' "$*"
	"$@"
}

say() {
	printf '\n# %s\n' "$*"
}

say "How many records are there?"
show "$mrrc" count "$books"

say "A filter in Lua: the English books published after 2000, with statistics of the run."
show "$mrrc" run scripts/english_after.lua -a year=2000 --stats - -o "$out/english.mrc" "$books"
show "$mrrc" count "$out/english.mrc"

say "The first of them:"
show "$mrrc" print "$out/english.mrc" | head -n 15

say "A transform: indicators of 245 set from the record itself; what needs no change leaves byte for byte as it came."
show "$mrrc" run scripts/fix_245_indicators.lua -o "$out/fixed.mrc" "$books"

say "A report: counted in parallel, the same for any number of threads."
show "$mrrc" run -j 4 scripts/decades.lua "$books"

say "A check that a shell script can rely on: the exit status says whether the load is acceptable."
show "$mrrc" run scripts/vendor_check.lua fixtures/vendor_load.mrc && echo "accepted" || echo "status $?"

say "One file for each branch:"
mkdir "$out/branches"
show "$mrrc" run scripts/split_by_branch.lua -a dir="$out/branches" "$books"
show ls "$out/branches"

say "All scripts are in scripts/; each begins with what it teaches."
