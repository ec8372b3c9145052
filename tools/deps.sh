#!/bin/sh
# Installs the packages that building and testing need and that are not there yet; nothing runs when all are.
# Run: sh tools/deps.sh [MORE PACKAGES]. On other systems than Debian and Ubuntu it says what is missing, and status 1.
set -u

packages="gcc libc6-dev make pkg-config lua5.4 liblua5.4-dev libpcre2-dev libutf8proc-dev libjansson-dev libcmocka-dev lua-busted $*"

missing_packages() {
	for package in $packages; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || printf '%s ' "$package"
	done
}

install_packages() {
	if [ "$(id -u)" = 0 ]; then
		as_root=""
	elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
		as_root="sudo"
	else
		echo "deps: missing packages, and neither root nor sudo without a password to install them. Run:" >&2
		echo "  apt-get install $*" >&2
		return 1
	fi
	export DEBIAN_FRONTEND=noninteractive
	apt="$as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q --no-install-recommends"
	echo "deps: installing $*"
	# the lists on disk may do, or may be missing or stale
	$apt install "$@" </dev/null >/dev/null 2>&1 || { $apt update </dev/null && $apt install "$@" </dev/null; }
}

# NAME COMMAND ADVICE, for systems without dpkg
have() {
	sh -c "$2" >/dev/null 2>&1 || missing="$missing
  $1: $3"
}

name_what_is_missing() {
	missing=""
	have "a C compiler" "command -v cc || command -v gcc || command -v clang" "gcc 9 or clang 10, or newer"
	have pkg-config "command -v pkg-config" "pkg-config or pkgconf"
	have "Lua 5.4" "command -v lua5.4 && pkg-config --exists lua5.4" \
		"https://www.lua.org, with lua5.4.pc; make LUA=lua when it is called lua"
	have PCRE2 "pkg-config --exists libpcre2-8" "https://github.com/PCRE2Project/pcre2"
	have utf8proc "pkg-config --exists libutf8proc" "https://github.com/JuliaStrings/utf8proc"
	have jansson "pkg-config --exists jansson" "https://github.com/akheron/jansson"
	have "cmocka, for the C tests" "pkg-config --exists cmocka" "https://cmocka.org"
	have "busted, for the Lua specs" "command -v busted" "luarocks --lua-version 5.4 install busted"
	[ -z "$missing" ] && return 0
	echo "deps: this system has no apt-get and dpkg, so please install yourself:$missing" >&2
	return 1
}

if command -v dpkg-query >/dev/null && command -v apt-get >/dev/null; then
	missing=$(missing_packages)
	[ -z "$missing" ] && exit 0
	# shellcheck disable=SC2086
	install_packages $missing || exit 1
	still=$(missing_packages)
	[ -z "$still" ] && exit 0
	echo "deps: still missing: $still" >&2
	exit 1
fi
name_what_is_missing
