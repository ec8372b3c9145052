#!/bin/sh
# Prints the line coverage of src/ from the counters that a coverage build left. Run: sh tools/coverage.sh build/coverage
set -eu
build=$1

if command -v gcovr >/dev/null; then
	gcovr --root . --filter src/ --object-directory "$build" --print-summary "$build"
	exit
fi
# Without gcovr: gcov says "Lines executed:97.50% of 80" for each file; a header counts once for each file that includes it.
find "$build/src" -name '*.gcda' | sort | while read -r counters; do
	gcov -n -o "$(dirname "$counters")" "$counters" 2>/dev/null
done | awk -F"'" '
	/^File / { file = $2 }
	/^Lines executed/ && file ~ /^src\/.*\.c$/ {
		split($0, part, /[:% ]+/)
		printf "%6.1f%% of %4d  %s\n", part[3], part[5], file
		lines += part[5]; hit += part[3] * part[5] / 100
	}
	END { if (lines) printf "lines: %.1f%% (%d out of %d)\n", 100 * hit / lines, hit, lines; else exit 1 }'
