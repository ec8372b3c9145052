#!/bin/sh
# Puts the tools that the bench compares with into build/peers, from their package registries: pymarc and the Python mrrc
# (PyPI), marc21-rs (crates.io), marctools (Go modules). yaz-marcdump and MARC::Record are Debian packages and are only
# looked for. What cannot be had is not an error: the reason goes into build/peers/NAME.why, and the bench prints it.
# Run: make bench-peers
set -u
cd "$(dirname "$0")/../.." || exit 1
peers=$PWD/build/peers
mkdir -p "$peers/bin"

# NAME COMMAND...: the last line it says becomes the reason when it fails
get() {
	name=$1
	shift
	rm -f "$peers/$name.why"
	if "$@" >"$peers/$name.log" 2>&1; then
		echo "$name: ready"
		return
	fi
	last=$(grep -v '^[[:space:]]*$' "$peers/$name.log" | tail -n 1 | sed 's/^[[:space:]]*//' | cut -c 1-160)
	echo "could not be had: $last" >"$peers/$name.why"
	echo "$name: $(cat "$peers/$name.why")"
}

python_peer() {
	[ -x "$peers/venv/bin/python" ] || python3 -m venv "$peers/venv" || return 1
	"$peers/venv/bin/pip" install --disable-pip-version-check "$1" &&
		"$peers/venv/bin/python" -c "import $2"
}

rust_peer() {
	# what this bench runs is built like everything here: below build/, the user's own cargo home untouched but for the cache
	CARGO_TARGET_DIR="$peers/cargo" nice cargo install --locked --jobs 1 --root "$peers" --version "$2" "$1"
}

go_peer() {
	GOBIN="$peers/bin" nice go install "$1"
}

present() {
	command -v "$1" >/dev/null || { echo "$1 is not installed (Debian: $2)"; return 1; }
}

perl_module() {
	perl "-M$1" -e 1 || { echo "$1 is not installed (Debian: $2)"; return 1; }
}

get yaz present yaz-marcdump yaz
get marc-record perl_module MARC::Record libmarc-record-perl
get pymarc python_peer pymarc==5.4.0 pymarc
get mrrc-python python_peer mrrc==0.9.2 mrrc
get marc21-rs rust_peer marc21-cli 0.7.0
get marctools go_peer github.com/ubleipzig/marctools/cmd/marccount@latest
exit 0
