# shellcheck shell=bash
# usage: ./dev fmt
#
# Formats every C++ file (clang-format 19) and Python file (ruff) of the project in place.

cmd_fmt() {
  if (($#)); then usage_error "unknown argument: $1"; fi
  setup build test
  on_files '.venv/bin/clang-format -i' '*.h' '*.cc'
  .venv/bin/ruff check --quiet --fix . || true
  .venv/bin/ruff format --quiet .
}
