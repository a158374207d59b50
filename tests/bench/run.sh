#!/usr/bin/env bash
# Installs the peers, builds, and measures: first the kernels, then whole processes beside the peers. Words go to compare.py.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"
source cmake/install-packages.sh
install_packages "${build_packages[@]}" libbenchmark-dev python3-numpy python3-torch python3-matplotlib
cmake --preset release -DBUILD_TESTING=OFF -DPE_BENCH=ON >/dev/null
cmake --build --preset release --target pe-gen pe_bench pe_raw_write
build/tests/pe_bench
/usr/bin/python3 tests/bench/compare.py build "$@"
