# shellcheck shell=bash
# Shared by the commands of ./dev; sourced, never run. Progress goes to stderr, so that stdout stays the command's own.
#
# Exit codes of every command: 0 done, 1 it ran and found something wrong (a failing test, a build error, a lint
# finding), 2 wrong usage, 3 this machine lacks something that setup cannot provide.

# shellcheck disable=SC2034 # the commands use these
readonly EXIT_FAILED=1 EXIT_USAGE=2 EXIT_MACHINE=3

if [[ -t 2 && -z ${NO_COLOR:-} && ${TERM:-dumb} != dumb ]]; then
  bold=$'\e[1m' red=$'\e[31m' plain=$'\e[0m'
else
  bold='' red='' plain=''
fi

say() { printf '%s==>%s %s\n' "$bold" "$plain" "$*" >&2; }

# die CODE WHAT [WHY AND WHAT TO DO, one line each...]
die() {
  local code=$1
  complain error: "$2"
  shift 2
  if (($#)); then printf '       %s\n' "$@" >&2; fi
  exit "$code"
}

complain() { printf '%s%s%s %s\n' "$red" "$1" "$plain" "$2" >&2; }

# shellcheck disable=SC2154 # ./dev sets command
usage_error() { die "$EXIT_USAGE" "$1" "See: ./dev $command --help"; }

# wants_help ARGS...: whether the arguments before a "--" ask for help.
wants_help() {
  local argument
  for argument in "$@"; do
    case $argument in
      --) return 1 ;;
      -h | --help) return 0 ;;
    esac
  done
  return 1
}

# print_help FILE: the comment block that follows the first line of a command's file.
print_help() { sed -n '2,/^[^#]/{s/^# \{0,1\}//p}' "$1"; }

# quietly WHAT COMMAND...: runs the command with its output kept back; shows it only when the command fails.
quietly() {
  local what=$1 log
  shift
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1 </dev/null; then
    tail -n 40 "$log" >&2
    rm -f "$log"
    die "$EXIT_MACHINE" "$what failed." "The command was: $*" "Its last lines are above."
  fi
  rm -f "$log"
}

cores() { nproc 2>/dev/null || echo 2; }

# project_files [PATTERN...]: tracked and not ignored new files (git pathspecs); every file where there is no git.
project_files() {
  if git rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git ls-files --cached --others --exclude-standard --deduplicate -- "$@" | while IFS= read -r file; do
      if [[ -f $file ]]; then printf '%s\n' "$file"; fi
    done
  else
    local pattern names=()
    for pattern in "$@"; do names+=(-o -name "${pattern##*/}"); done
    find . -type d \( -name build -o -name .git -o -name .deps -o -name .venv -o -name node_modules -o -path ./typescript/dist -o \
      -path ./typescript/prebuilds \) -prune -o -type f \
      ${names[0]:+\(} "${names[@]:1}" ${names[0]:+\)} -print | sed 's|^\./||'
  fi
}
