#!/usr/bin/env bash
# Time and peak memory of `voz tag` in each form and of `voz index`, on a file of comments; the ratio of each to
# JSON Lines. `benches/make_input.py` makes a large file.
#
#     benches/formats/speed.sh target/release/voz FILE
set -euo pipefail
if [[ $# -ne 2 || ! -x $1 || ! -f $2 ]]; then
  echo "usage: benches/formats/speed.sh VOZ FILE (VOZ: the program, built with --release)" >&2
  exit 2
fi
voz=$(realpath "$1")
file=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

measure() { # NAME COMMAND…: seconds and MiB, the best of three runs
  local name=$1 best=
  shift
  for _ in 1 2 3; do
    rm -rf out.* index
    /usr/bin/time -f '%e %M' -o time "$@" --quiet --rejects rejects.csv >/dev/null
    if [[ -z $best ]] || awk -v a="$(cut -d' ' -f1 time)" -v b="${best% *}" 'BEGIN { exit !(a < b) }'; then
      best=$(cat time)
    fi
  done
  read -r seconds kib <<<"$best"
  : "${first:=$seconds}"
  awk -v n="$name" -v s="$seconds" -v k="$kib" -v f="$first" \
    'BEGIN { printf "%-10s %8.1f s %8.0f MiB %8.2f of the speed of JSON Lines\n", n, s, k / 1024, f / s }'
}

for form in jsonl csv parquet arrow xlsx; do
  measure "$form" "$voz" tag "$file" -o "out.$form"
done
measure index "$voz" index "$file" --index index
