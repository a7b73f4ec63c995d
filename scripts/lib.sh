#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# What the scripts share; sourced, not run.

set -eu

top=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
cd "$top"

say()
{
	printf '==> %s\n' "$*" >&2
}

die()
{
	printf '%s: %s\n' "${0##*/}" "$*" >&2
	exit 2
}

# build PRESET [OPTION…]: configures with the options and builds $target, or all if that is
# empty, into build-PRESET, quietly if all goes well. The preset "dev" uses build/, the folder that the README names.
target=
build()
{
	preset=$1
	shift
	dir=build
	[ "$preset" = dev ] || dir=build-$preset
	say "building ($preset) in $dir/"
	mkdir -p "$dir"
	if ! cmake --preset "$preset" "$@" >"$dir/configure.log" 2>&1; then
		cat "$dir/configure.log" >&2
		die "cmake failed; $dir/configure.log has its output"
	fi
	cmake --build "$dir" ${target:+--target "$target"} -- --quiet >"$dir/build.log" 2>&1 || {
		cat "$dir/build.log" >&2
		die "the build failed; $dir/build.log has its output"
	}
}
