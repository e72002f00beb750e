# shellcheck shell=bash
# usage: ./dev test [--preset PRESET]... [--sanitizers] [--fast] [-- CTEST_ARGS]
#
# Builds and runs every test: the C++ tests and whole-system tests (ctest), the comparison of our token counts with the
# reference tokenizer, and the quick static checks. The last line is `N passed, N failed`.
#   --preset P     another preset than release; may be given more than once
#   --sanitizers   the same as --preset asan --preset ubsan --preset tsan
#   --fast         ctest only
#   -- ARGS        handed to ctest, e.g. -- -R wire (then also ctest only)

cmd_test() {
  local presets=() fast=false preset
  passed=0 failed=0 failures=()
  while (($#)); do
    case $1 in
      --preset)
        (($# > 1)) || usage_error "--preset needs a name"
        known_preset "$2"
        presets+=("$2") && shift 2
        ;;
      --sanitizers) presets+=(asan ubsan tsan) && shift ;;
      --fast) fast=true && shift ;;
      --) fast=true && shift && break ;;
      *) usage_error "unknown argument: $1" ;;
    esac
  done
  if ((${#presets[@]} == 0)); then presets=(release); fi
  setup build test
  for preset in "${presets[@]}"; do
    build "$preset"
    run_ctest "$preset" "$@"
  done
  if ! $fast; then
    run_python_tests
    run_checks
  fi
  report
}

# Results come from ctest's own JUnit file. A skipped test is neither passed nor failed; ctest's summary names it.
run_ctest() {
  local preset=$1 results=$PWD/build/$1/ctest.xml
  shift
  say "Running the tests of $preset"
  rm -f "$results"
  ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --timeout 300 --parallel "$(cores)" \
    --output-junit "$results" "$@" </dev/null || failures+=("ctest ($preset)")
  if [[ ! -f $results ]]; then die "$EXIT_FAILED" "ctest ran no test in build/$preset."; fi
  local total bad skipped
  total=$(attribute "$results" tests) bad=$(attribute "$results" failures)
  skipped=$(($(attribute "$results" skipped) + $(attribute "$results" disabled)))
  passed=$((passed + total - bad - skipped)) failed=$((failed + bad))
}

attribute() { sed -n "s/^[[:space:]]*$2=\"\([0-9]*\)\".*/\1/p; /<testcase/q" <(tr ' ' '\n' <"$1") | head -n 1; }

# Every tests/*/compare_*.py is one test: a program that exits 0 when our output equals the reference's.
run_python_tests() {
  local file
  for file in tests/*/compare_*.py; do
    if [[ ! -f $file ]]; then continue; fi
    say "Running $file"
    if PATH=$PWD/.venv/bin:$PATH HEADROOM_BIN_DIR=$PWD/build/release/bin .venv/bin/python "$file" </dev/null; then
      passed=$((passed + 1))
    else
      failed=$((failed + 1)) failures+=("$file")
    fi
  done
}

run_checks() {
  local check
  for check in "${QUICK_CHECKS[@]}"; do
    if run_check "$check"; then continue; fi
    failed=$((failed + 1)) failures+=("check $check (./dev lint)")
  done
}

report() {
  local failure
  for failure in "${failures[@]}"; do complain failed: "$failure"; done
  printf '%d passed, %d failed\n' "$passed" "$failed"
  if ((failed > 0 || ${#failures[@]} > 0)); then exit "$EXIT_FAILED"; fi
}
