# shellcheck shell=bash
# usage: ./dev run [--] ARGS
#
# Builds the release binary if anything changed and replaces itself with `headroom ARGS`. Everything that is not the
# program's own output goes to stderr.
#   ./dev run -- demo              see it work on sample data, without a network
#   ./dev run -- proxy --port 8787

cmd_run() {
  if [[ ${1:-} == -- ]]; then shift; fi
  if [[ ! -x build/release/bin/headroom ]]; then
    build release headroom
  else
    setup build
    configure release
    # Usually nothing has changed, and then nothing is printed.
    if ! ninja -C build/release -j "$(build_jobs)" headroom </dev/null | sed -u '/^ninja: /d; /Re-checking globbed/d' >&2; then
      die "$EXIT_FAILED" "The release build failed." "The first message above that says 'error:' is the cause."
    fi
  fi
  exec build/release/bin/headroom "$@"
}
