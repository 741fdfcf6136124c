#!/usr/bin/env bash
# The bilingual transformer made again, from the labelled and parallel files in a folder:
#
#     models/bilingual/make.sh DATA_DIR WORK_DIR
#
# Steps whose output is in WORK_DIR are skipped, the others go on from their last checkpoint; remove an
# output to make it again. The model ends up in WORK_DIR/model, the log in WORK_DIR/progress.txt. recipe.toml
# holds every number. The shipped model is WORK_DIR/model copied to models/accurate, with the accuracy that
# `voz eval recipe models/recipes/fast.toml --data DATA_DIR --model models/accurate --card` puts on its card.
# TEACH=1 also writes what the model says of texts to WORK_DIR/taught. SMALL=1 goes on to a model of fewer layers in WORK_DIR/small/model. PYTHON=... uses an
# interpreter that has what requirements.txt lists.
set -euo pipefail
if [[ $# -ne 2 || ! -d $1 ]]; then
  echo "usage: models/bilingual/make.sh DATA_DIR WORK_DIR (DATA_DIR: the folder that the paths in models/recipes/*.toml start from)" >&2
  exit 2
fi
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$2"
data=$(cd "$1" && pwd)
work=$(cd "$2" && pwd)

if [[ -z ${PYTHON:-} ]]; then
  PYTHON=$work/venv/bin/python
  if [[ ! -f $work/venv/made ]]; then
    python3 -m venv "$work/venv"
    "$PYTHON" -m pip install --quiet --disable-pip-version-check \
      --extra-index-url https://download.pytorch.org/whl/cpu -r "$here/requirements.txt"
    touch "$work/venv/made"
  fi
fi

# step OUTPUT NAME: runs a step unless its output is there.
step() {
  [[ -e $work/$1 ]] || "$PYTHON" "$here/$2.py" "$data" "$work"
}
step vocabulary/model.safetensors vocabulary
step distilled/model.safetensors distil
step finetuned.pt finetune
step model/heads.json export
step reference.json reference
step figures.json evaluate
# What the fast model may learn from: voz train models/recipes/... --taught WORK_DIR/taught
if [[ -n ${TEACH:-} ]]; then
  step taught/en.csv.gz teach
fi
if [[ -n ${SMALL:-} ]]; then
  step small/finetuned.pt small
  work=$work/small
  step model/heads.json export
  step reference.json reference
  step figures.json evaluate
fi
