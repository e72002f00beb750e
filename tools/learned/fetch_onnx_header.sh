#!/usr/bin/env bash
# usage: fetch_onnx_header.sh FOLDER
#
# Puts onnxruntime_c_api.h (MIT licence) into FOLDER. It comes out of the package libonnxruntime-dev, which this release of
# Debian does not have and the next one does: this machine's own source of Debian packages is read a second time, as that
# of the next release, with lists and a cache of its own in a temporary folder. Nothing is installed, and the system's
# lists stay as they are. A header that is not the expected one is refused.
set -euo pipefail

folder=$1
suite=trixie
sha256=7783e9664bdb0b1b36145b5c8587dd1bc9a399aa000edf2e3dd03003cafc6882

sources_of() { # the machine's sources of Debian's main archive, as those of $suite
  local list
  for list in /etc/apt/sources.list.d/*.sources; do
    [[ -f $list ]] || continue
    awk -v RS= -v ORS='\n\n' -v suite="$suite" '
      !/security/ && /(^|\n)Types:[^\n]*deb/ && /(^|\n)Suites:[^\n]*bookworm/ && /(^|\n)Signed-By:[^\n]*debian/ {
        sub(/Suites:[^\n]*/, "Suites: " suite); print
      }' "$list"
  done
  for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ -f $list ]] || continue
    sed -nE "/security/d; s/^deb (\[[^]]*\] )?([^ ]+) bookworm main.*/Types: deb\nURIs: \2\nSuites: $suite\nComponents: main\n/p" "$list"
  done
}

temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$temporary"/{parts,lists/partial,cache/archives/partial}
sources_of >"$temporary/parts/next.sources"
[[ -s $temporary/parts/next.sources ]] || { echo "no source of Debian packages was found" >&2; exit 1; }
apt=(apt-get -q=2 -o APT::Sandbox::User=root -o Dir::Etc::sourcelist=/dev/null -o "Dir::Etc::sourceparts=$temporary/parts"
  -o "Dir::State::lists=$temporary/lists" -o "Dir::Cache=$temporary/cache" -o Acquire::Retries=3
  -o Acquire::Languages=none)
"${apt[@]}" update
(cd "$temporary" && "${apt[@]}" download libonnxruntime-dev)
dpkg-deb -x "$temporary"/libonnxruntime-dev_*.deb "$temporary/package"
header=$temporary/package/usr/include/onnxruntime/onnxruntime_c_api.h
echo "$sha256  $header" | sha256sum --check --quiet
mkdir -p "$folder"
cp "$header" "$folder/"
