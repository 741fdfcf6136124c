#!/usr/bin/env bash
# Looks for bytes that Voz does not survive: fuzz/run.sh [SECONDS [TARGET...]]
# Needs a nightly compiler and cargo-fuzz (cargo install cargo-fuzz). Each target runs on one core; what is found
# lies in fuzz/artifacts/TARGET. Put it into fuzz/found/TARGET/NAME.base64 (base64 FILE), and `cargo test fuzzed` keeps it mended.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=(readers query clauses redaction manifests)

python3 fuzz/seeds.py fuzz/corpus
for target in "${targets[@]}"; do
  # No sanitizer: no unsafe code is written here. A file that takes ten seconds or a gigabyte is a finding.
  cargo +nightly fuzz run --sanitizer none "$target" "fuzz/corpus/$target" -- -dict="fuzz/words.dict" \
    -max_total_time="$seconds" -max_len=32768 -timeout=10 -rss_limit_mb=1024 -print_final_stats=1 -verbosity=0
done
