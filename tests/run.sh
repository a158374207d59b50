#!/usr/bin/env bash
# Installs what tests need, builds, runs all tests, ends with "N passed, N failed".
# --all: warnings are errors, and the tests run a second time with the address and undefined behaviour sanitizers.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source cmake/install-packages.sh
install_packages "${build_packages[@]}" libgtest-dev libmpfr-dev python3-numpy python3-torch python3-onnx pngcheck

presets=(release)
options=(-DBUILD_TESTING=ON)
if [ "${1:-}" = --all ]; then
  presets+=(asan)
  options+=(-DPE_WERROR=ON)
fi

passed=0
failed=0
# Adds the "N passed, N failed" that ends a test program's output.
count() {
  local line
  line=$(grep -E '^[0-9]+ passed, [0-9]+ failed$' "$1" | tail -n 1 || true)
  [ -n "$line" ] || { echo "$1: the tests ended without a count"; line='0 passed, 1 failed'; }
  read -r p _ f _ <<<"$line"
  passed=$((passed + p))
  failed=$((failed + f))
}

for preset in "${presets[@]}"; do
  cmake --preset "$preset" "${options[@]}" >/dev/null
  cmake --build --preset "$preset"
  build=build
  [ "$preset" = asan ] && build=build-asan
  # Two at a time: each keeps one core busy.
  /usr/bin/python3 tests/cli_test.py "$build/pe-gen" >"$build/cli-tests.log" 2>&1 &
  echo "== $preset: unit tests"
  "$build/tests/pe_tests" | tee "$build/unit-tests.log" || true
  count "$build/unit-tests.log"
  echo "== $preset: the program from outside"
  wait $! || true
  cat "$build/cli-tests.log"
  count "$build/cli-tests.log"
  [ "$preset" = release ] || continue
  echo "== other programs' libraries open what it writes, and write what it reads"
  readers=build/readers
  { tests/readers/install.sh $readers && /usr/bin/python3 tests/readers_test.py build/pe-gen $readers; } | tee build/readers-tests.log || true
  count build/readers-tests.log
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
