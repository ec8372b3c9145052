#!/bin/sh
# What can be checked without running anything. Run: sh tools/lint.sh. Checks whose tool is not installed are named and left
# out; status 1 when one that ran found something.
set -u
status=0

step() {
	echo "lint: $1"
	shift
	"$@" || status=1
}

# tracked files, and those that will be
files() {
	git ls-files -co --exclude-standard -- "$@" 2>/dev/null | while read -r f; do [ -f "$f" ] && printf '%s\n' "$f"; done
}

# The patterns are spelled so that this file does not match itself.
tidy() {
	found=0
	list=$(files . ':!fixtures' ':!spec/fuzz/corpus')
	[ -n "$list" ] || list=$(find . -type f -not -path './build/*' -not -path './.git/*' -not -path './fixtures/*')
	echo "$list" | xargs -d '\n' grep -nIE '/[w]ork/|\b(T[O]DO|F[I]XME|H[A]CK)\b' && found=1
	echo "$list" | grep -E '\.(c|h|def|lua|sh|md|yml)$|Makefile$' | xargs -d '\n' -r grep -nIE '[[:blank:]]+$' \
		| sed 's/$/ <- blanks at the end of the line/' | grep . && found=1
	echo "$list" | grep -E '\.(c|h)$' | xargs -d '\n' -r grep -nIE '^ {4,}[^ *]' \
		| sed 's/$/ <- indent with tabs/' | grep . && found=1
	return $found
}

lua_folders() {
	for d in lua scripts spec tools bench; do [ -d "$d" ] && printf '%s ' "$d"; done
}

step "layers and house rules (tools/layers.lua)" lua5.4 tools/layers.lua src
if command -v luacheck >/dev/null; then
	# shellcheck disable=SC2046
	step "luacheck" luacheck --quiet --no-color $(lua_folders)
else
	echo "lint: luacheck is not installed (Debian: lua-check), left out"
fi
# Suppressed: cppcheck does not know that luaX_check does not come back from a failure (the first two), nor that a struct lent
# for the length of a call is gone before its owner is (the third).
if command -v cppcheck >/dev/null; then
	step "cppcheck" cppcheck --quiet --std=c11 --language=c --enable=warning,performance,portability --inline-suppr \
		--suppress=missingIncludeSystem --suppress=nullPointerRedundantCheck \
		--suppress=nullPointerArithmeticRedundantCheck --suppress=autoVariables --error-exitcode=1 -j 2 -Isrc src
else
	echo "lint: cppcheck is not installed, left out"
fi
other_compiler() {
	# shellcheck disable=SC2046
	clang -std=c11 -D_GNU_SOURCE -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wstrict-prototypes \
		-Wmissing-prototypes -Wold-style-definition -Wwrite-strings -Wvla -Wundef -Wpointer-arith -fsyntax-only -Isrc \
		$(pkg-config --cflags lua5.4) $(files 'src/*.c' 'spec/c/*.c')
}

if command -v clang >/dev/null; then
	step "clang finds nothing that gcc does not" other_compiler
else
	echo "lint: clang is not installed, left out"
fi
step "tidiness" tidy
[ "$status" = 0 ] && echo "lint: clean"
exit "$status"
