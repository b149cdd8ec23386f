#!/usr/bin/env bash
# anvil 1.7.1 (npm @foundry-rs/anvil): eth_call at a block's hash (EIP-1898), while the next block is being mined, now and
# then answers with the state of that next block: NUMBER is the block's that was asked for, storage is one block ahead (or
# both are one ahead). A contract then sees what no block ever held, and may panic in sums that always hold. By number or
# "latest" it is the same. Some three calls in a thousand, with blocks mined one after the other.
# A contract here stores NUMBER in each block and tells both; asked at the head's hash, the two must be equal and the head's.
# Seen: number 0 state 1 (and number 1 state 1): blocks ahead of the one that was asked for
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm init -y >/dev/null
npm install --no-audit --no-fund --loglevel=error @foundry-rs/anvil@1.7.1 >/dev/null
cat > ask.mjs <<'JS'
import { spawn } from 'node:child_process'

const port = 20_000 + (process.pid % 10_000)
const anvil = spawn('node_modules/.bin/anvil', ['--port', String(port), '--no-mining', '--hardfork', 'london', '--silent'])
const contract = '0x00000000000000000000000000000000000c0de0'
// Without data: SSTORE(0, NUMBER). With data: returns NUMBER and SLOAD(0).
const code = '0x3660095743600055005b4360005260005460205260406000f3'

async function ask(method, ...params) {
  const answer = await fetch(`http://127.0.0.1:${port}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = await answer.json()
  if (error) throw new Error(error.message)
  return result
}

async function listening() {
  for (let tries = 0; tries < 200; tries++) {
    try {
      return await ask('eth_chainId')
    } catch {
      await new Promise(resolve => setTimeout(resolve, 50))
    }
  }
  throw new Error('anvil does not answer')
}

await listening()
await ask('anvil_setCode', contract, code)
const [from] = await ask('eth_accounts')
const until = Date.now() + 60_000
const seen = {}
let over = false

async function mine() {
  while (!over) {
    await ask('eth_sendTransaction', { from, to: contract, gas: '0x186a0' })
    await ask('evm_mine')
  }
}

async function look() {
  while (!over) {
    const block = await ask('eth_getBlockByNumber', 'latest', false)
    if (Number(block.number) < 3) continue
    const told = await ask('eth_call', { to: contract, data: '0x01' }, { blockHash: block.hash })
    const ahead = [told.slice(2, 66), told.slice(66)].map(word => Number(`0x${word}`) - Number(block.number))
    const kind = `number ${ahead[0]} state ${ahead[1]}`
    seen[kind] = (seen[kind] ?? 0) + 1
    over ||= kind === 'number 0 state 1' || Date.now() > until
  }
}

try {
  await Promise.all([mine(), look(), look()])
} finally {
  anvil.kill()
}
console.log(seen)
if (!seen['number 0 state 1']) {
  console.error('CHANGED: every answer was out of the block that was asked for')
  process.exit(1)
}
JS
node ask.mjs
