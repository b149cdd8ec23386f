#!/usr/bin/env bash
# viem 2.55.0: a string that begins with NUL bytes (U+0000, valid UTF-8, valid ABI) loses them when it is decoded:
# "\u0000a" comes back as "a", and two of them as one. So two strings that differ on the chain are one to its reader,
# and what is encoded anew from what was decoded hashes to something else. Where a string is compared, hashed or signed,
# take it as bytes.
# Seen: ["a","a\u0000","\u0000"]
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --silent viem@2.55.0
cat >look.mjs <<'END'
import { decodeAbiParameters, encodeAbiParameters } from 'viem'
const string = [{ type: 'string' }]
const given = ['\u0000a', 'a\u0000', '\u0000\u0000']
console.log(JSON.stringify(given.map(each => decodeAbiParameters(string, encodeAbiParameters(string, [each]))[0])))
END
seen=$(node look.mjs)
echo "$seen"
[ "$seen" = '["a","a\u0000","\u0000"]' ] || { echo "this has changed" >&2; exit 1; }
