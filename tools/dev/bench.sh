# shellcheck shell=bash
# usage: ./dev bench [NAME...] [-- ARGS]
#
# Builds the release preset and runs every bench/NAME/run (or the named ones) with ARGS. Figures go to stdout. The
# comparison with the original implementation is `./dev peers`.

cmd_bench() {
  local names=() name script
  while (($#)); do
    case $1 in
      --) shift && break ;;
      -*) usage_error "unknown option: $1" ;;
      *) names+=("$1") && shift ;;
    esac
  done
  if ((${#names[@]} == 0)); then
    for script in bench/*/run; do
      name=$(basename "$(dirname "$script")")
      if [[ -f $script && $name != peers ]]; then names+=("$name"); fi
    done
  fi
  for name in "${names[@]}"; do
    [[ -f bench/$name/run ]] || usage_error "there is no benchmark bench/$name/run"
  done
  build release
  setup test
  local bad=()
  for name in "${names[@]}"; do
    say "Measuring $name"
    PATH=$PWD/.venv/bin:$PATH HEADROOM_BIN_DIR=$PWD/build/release/bin "bench/$name/run" "$@" </dev/null || bad+=("$name")
  done
  if ((${#bad[@]})); then die "$EXIT_FAILED" "failed: ${bad[*]}"; fi
}
