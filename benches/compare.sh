#!/usr/bin/env bash
# Voz against bare tantivy, against VADER, and against itself at ten times the rows; peak memory.
#
#     benches/compare.sh [index] [tagging] [scale]      all three unless named
#
# Builds what it runs, puts VADER into a temporary environment, prints the machine, the commands,
# every time and the ratios, and fails when a ratio misses. Needs Rust, Python 3 and, for VADER,
# PyPI. Takes some minutes; a machine that does other work meanwhile gives other figures, so the
# load is printed beside them.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cargo build --release --locked --quiet
# The programs have a hash in their names; cargo says which are the current ones.
cargo bench --no-run --locked --quiet --bench bare --bench per_core --message-format=json |
  python3 -c '
import json, sys
for line in sys.stdin:
    message = json.loads(line)
    if message.get("executable"):
        print(message["target"]["name"], message["executable"])
' >"$folder/programs"
bare=$(sed -n 's/^bare //p' "$folder/programs")
per_core=$(sed -n 's/^per_core //p' "$folder/programs")

vader=python3
if [[ $# -eq 0 || " $* " == *" tagging "* ]]; then
  python3 -m venv "$folder/venv"
  "$folder/venv/bin/pip" install --quiet --disable-pip-version-check vaderSentiment==3.3.2
  vader=$folder/venv/bin/python
fi

python3 benches/compare.py --folder "$folder" --voz target/release/voz \
  --bare "$bare" --per-core "$per_core" --vader "$vader" "$@"
