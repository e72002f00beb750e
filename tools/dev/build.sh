# shellcheck shell=bash
# usage: ./dev build [PRESET...] [-- NINJA_ARGS]
#        ./dev build wheel | wheels | npm | docs
#
# Configures and builds presets of CMakePresets.json into build/PRESET; the binary is build/PRESET/bin/headroom.
#   release  what ships (default)           dev      assertions on, little optimisation
#   clang    release with clang 19          fuzz     libFuzzer targets (clang 19)
#   asan, ubsan, tsan                       one sanitizer each
# wheel: a wheel of the Python package for this machine's interpreter into build/wheel/dist; the package's tests run on it.
# wheels: one for each Python from 3.10 to 3.13 that this machine has (3.12 and later share one), each tried in an empty environment.
# docs: the site with all pages and the reference of the libraries into build/docs/site (100 MB are installed first).
# npm: the tarball of the TypeScript package into build/npm; it is installed into an empty folder, where tests run on it.

readonly PRESETS='release dev clang asan ubsan tsan fuzz'

cmd_build() {
  local presets=() preset
  if [[ $* == wheel ]]; then
    build_wheel
    return
  fi
  if [[ $* == wheels ]]; then
    build_wheels
    return
  fi
  if [[ $* == npm ]]; then
    build_npm
    return
  fi
  if [[ $* == docs ]]; then
    build_docs
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
