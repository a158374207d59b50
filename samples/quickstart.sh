#!/usr/bin/env bash
# Installs what is missing, builds pe-gen, makes the table of MAE and ViT-B with its figures, and draws a learned table.
# The files appear in the current folder.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
source "$root/cmake/install-packages.sh"
install_packages "${build_packages[@]}"
(cd "$root" && cmake --preset release -DBUILD_TESTING=OFF >/dev/null && cmake --build --preset release --target pe-gen)

run() {
  echo "\$ pe-gen $*"
  "$root/build/pe-gen" "$@"
}
run sincos2d --dim 768 --grid 14
run plot "$root/samples/vit-learned-14x14.npy" --grid 14 --prefix-tokens 1
