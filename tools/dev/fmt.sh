# shellcheck shell=bash
# usage: ./dev fmt
#
# Formats every C++ file (clang-format 19) and Python file (ruff) of the project in place.

cmd_fmt() {
  # shellcheck source=tools/dev/setup.sh
  source tools/dev/setup.sh
  # shellcheck source=tools/dev/lint.sh
  source tools/dev/lint.sh
  if (($#)); then usage_error "unknown argument: $1"; fi
  setup build test
  on_files '.venv/bin/clang-format -i' '*.h' '*.cc'
  .venv/bin/ruff check --quiet --fix . || true
  .venv/bin/ruff format --quiet .
}
