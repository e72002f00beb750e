# shellcheck shell=bash
# usage: ./dev run [--] ARGS
#
# Builds the release binary if anything changed and replaces itself with `headroom ARGS`. Everything that is not the
# program's own output goes to stderr.
#   ./dev run -- demo              see it work on sample data, without a network
#   ./dev run -- proxy --port 8787

cmd_run() {
  if [[ ${1:-} == -- ]]; then shift; fi
  setup build
  configure release
  # Nothing to build is the common case: then nothing is printed.
  if ! ninja -C build/release -n headroom 2>/dev/null | grep -q 'no work to do'; then build release headroom; fi
  exec build/release/bin/headroom "$@"
}
