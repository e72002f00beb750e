# shellcheck shell=bash
# usage: ./dev fuzz [TARGET...] [--seconds N]
#
# Builds the libFuzzer targets with clang 19 and AddressSanitizer and runs each for N seconds (default 60), starting from
# its corpus. New inputs are kept in build/fuzz/corpus/TARGET; an input that crashes, in build/fuzz/artifacts/.
# Without a target: all of them. `./dev test` replays the committed corpora; this looks for new trouble.

cmd_fuzz() {
  local wanted=() seconds=60
  while (($#)); do
    case $1 in
      --seconds)
        [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage_error "--seconds needs a whole number above 0"
        seconds=$2 && shift 2
        ;;
      -*) usage_error "unknown option: $1" ;;
      *) wanted+=("$1") && shift ;;
    esac
  done
  setup build clang
  configure fuzz
  local known name targets=() bad=()
  mapfile -t known < <(cut -d'|' -f1 build/fuzz/fuzzers.txt)
  if ((${#wanted[@]} == 0)); then wanted=("${known[@]}"); fi
  for name in "${wanted[@]}"; do
    [[ " ${known[*]} " == *" $name "* ]] || usage_error "unknown target: $name (known: ${known[*]})"
    targets+=("headroom_${name}_fuzz")
  done
  build fuzz "${targets[@]}"
  for name in "${wanted[@]}"; do fuzz_one "$name" "$seconds" || bad+=("$name"); done
  if ((${#bad[@]})); then
    die "$EXIT_FAILED" "crashed: ${bad[*]}" "The inputs are in build/fuzz/artifacts/; add one to the target's corpus with its fix."
  fi
  say "No crash in ${#wanted[@]} targets, $seconds seconds each."
}

fuzz_one() {
  local name=$1 seconds=$2 seeds corpus=build/fuzz/corpus/$1
  seeds=$(sed -n "s/^$name|//p" build/fuzz/fuzzers.txt)
  mkdir -p "$corpus" build/fuzz/artifacts
  say "Fuzzing $name for $seconds seconds"
  "build/fuzz/bin/headroom_${name}_fuzz" -max_total_time="$seconds" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1 \
    -artifact_prefix="build/fuzz/artifacts/$name-" "$corpus" ${seeds:+"$seeds"} </dev/null
}
