#!/usr/bin/env bash
# install.sh FOLDER: puts the libraries of package-lock.json into FOLDER/node_modules, and Node.js where there is none.
# Their install scripts do not run: what is needed is in the packages themselves.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
mkdir -p "$1"
folder=$(cd "$1" && pwd)
source "$here/../../cmake/install-packages.sh"
command -v node >/dev/null || install_packages nodejs
command -v npm >/dev/null || install_packages npm

cd "$folder"
cmp -s "$here/package-lock.json" installed-lock.json && exit 0
cp "$here/package.json" "$here/package-lock.json" "$here/.npmrc" .
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
cp package-lock.json installed-lock.json
