#!/usr/bin/env bash
# The shipped models made again, from the labelled and parallel files in a folder:
#
#     models/make.sh DIR
#
# Four steps: the teacher reads the English texts (about 25 minutes on two
# cores, resumed where it stopped), the vectors are distilled from it (1 minute), the program is built
# with them, the fast model is learned (5 minutes) and its card written. The teacher comes from PyPI;
# everything else is in this repository. Its vectors may differ in the last bits from machine to
# machine; from the same vectors come the same models, byte for byte.
set -euo pipefail
cd "$(dirname "$0")/.."

if [[ $# -ne 1 || ! -d $1 ]]; then
  echo "usage: models/make.sh DIR (the folder that the paths in models/recipes/*.toml start from)" >&2
  exit 2
fi
data=$1
teacher=models/cache/teacher

python3 -m venv models/cache/venv
models/cache/venv/bin/pip install --quiet --disable-pip-version-check -r models/teach.txt
models/cache/venv/bin/python models/teach.py models/recipes/embedding.toml --data "$data" --out "$teacher"
cargo run --release --locked -- train models/recipes/embedding.toml --data "$data" \
  --teacher "$teacher" --out models/embedding
cargo run --release --locked -- train models/recipes/fast.toml --data "$data" --out models/fast
