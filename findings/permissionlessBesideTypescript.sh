#!/usr/bin/env bash
# permissionless 0.4.1 cannot be installed beside viem 2.57.20 and typescript by npm 11.10 to 11.21: ERESOLVE. It wants an
# optional peer ox ^0.11.3, and viem brings ox 0.14.67. Without typescript, ox moves out of the way below viem and all is
# well; with it (ox has an optional peer typescript) it stays. npm 11.9 and older do not mind. So it is met by who adds
# TypeScript, not permissionless. An own dependency ox 0.11.3 gives each its version, with no override.
# Seen: without typescript 0, with it ERESOLVE, with it and ox 0
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
outcome() {
  rm -rf package.json package-lock.json
  npm init -y >/dev/null
  npx --yes npm@11.19.1 install --package-lock-only --no-audit --no-fund viem@2.57.20 permissionless@0.4.1 "$@" >log 2>&1 &&
    echo 0 || grep -o -m 1 'code [A-Z]*' log | cut -d ' ' -f 2
}
seen="without typescript $(outcome), with it $(outcome typescript@5.9.3), with it and ox $(outcome typescript@5.9.3 ox@0.11.3)"
echo "$seen"
[ "$seen" = 'without typescript 0, with it ERESOLVE, with it and ox 0' ] || { echo "this has changed" >&2; exit 1; }
