#!/usr/bin/env bash
# Feeds every reader with damaged files: tests/fuzz/run.sh [SECONDS per format] [FORMAT...]; default 60 and all formats.
# Stops at the first input that crashes one, hangs it or makes it take 2 GB, and leaves it in build-fuzz.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
source cmake/install-packages.sh
install_packages "${build_packages[@]}" clang libclang-rt-14-dev
cmake --preset fuzz >/dev/null
cmake --build --preset fuzz

seconds=${1:-60}
shift || true
[ $# -gt 0 ] || set -- $(cd src/formats && ls *.cpp | sed 's/\.cpp$//')
cd build-fuzz
for format in "$@"; do
  corpus=corpus/$format
  mkdir -p "$corpus"
  # What it begins with: small files of the format's own.
  for words in "sincos1d --dim 4 --length 3" "rope --head-dim 4 --length 2 --tensor cos" "swin --window 2 --tensor relative_position_index" \
      "index --length 0"; do
    ./pe-gen $words -o "$corpus/${words//[^a-z0-9]/-}.$format" --quiet 2>/dev/null || true
  done
  ./pe-gen rope --head-dim 4 --length 2 -o "$corpus/all.$format" --quiet 2>/dev/null || true
  echo "== $format"
  "tests/fuzz/fuzz_$format" -max_total_time="$seconds" -max_len=20000 -timeout=10 -print_final_stats=1 -verbosity=0 "$corpus" 2>&1 |
    grep -aE "^stat::(number|new|slowest|peak)|^==.*ERROR|^SUMMARY|Test unit written|not malformed|is only written"
done
