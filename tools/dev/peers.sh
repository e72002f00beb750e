# shellcheck shell=bash
# usage: ./dev peers [ARGS]
#
# Measures Headroom and the original implementation side by side, on the same inputs, on this machine. The original
# (the Python package headroom-ai with its extras proxy and code) is installed into .deps/peers; nothing of it is used
# by Headroom itself. Takes several minutes. ARGS are those of bench/peers/run.

cmd_peers() {
  [[ -f bench/peers/run ]] || die "$EXIT_MACHINE" "bench/peers/run is not there, so there is nothing to run."
  build release
  setup test
  PATH=$PWD/.venv/bin:$PATH HEADROOM_BIN_DIR=$PWD/build/release/bin bench/peers/run "$@"
}
