#!/usr/bin/env node
// Fails if any byte code we deploy holds an opcode newer than London, which WorldLand would refuse at run
// time, or exceeds EIP-170's size: contracts/artifacts, and the npm artifacts beside them.
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deployedContracts } from './deployedContracts.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const maximumRuntimeBytes = 24_576

const ranges = [
  [0x00, 0x0b],
  [0x10, 0x1d],
  [0x20, 0x20],
  [0x30, 0x48],
  [0x50, 0x5b],
  [0x60, 0xa4],
  [0xf0, 0xf5],
  [0xfa, 0xfa],
  [0xfd, 0xff],
]
const isLondon = opcode => ranges.some(([first, last]) => opcode >= first && opcode <= last)
const newerNames = new Map([
  [0x49, 'BLOBHASH'],
  [0x4a, 'BLOBBASEFEE'],
  [0x5c, 'TLOAD'],
  [0x5d, 'TSTORE'],
  [0x5e, 'MCOPY'],
  [0x5f, 'PUSH0'],
])

const JUMPDEST = 0x5b
const endsFlow = new Set([0x00, 0x56, 0xf3, 0xfd, 0xfe, 0xff]) // STOP JUMP RETURN REVERT INVALID SELFDESTRUCT

// Solidity ends byte code with CBOR metadata and its length in two bytes; data, not code.
function withoutMetadata(code) {
  if (code.length < 2) return code
  const start = code.length - 2 - code.readUInt16BE(code.length - 2)
  return start > 0 && (code[start] & 0xf0) === 0xa0 ? code.subarray(0, start) : code
}

// After an instruction that ends the flow, only a JUMPDEST starts code again: what lies between is data.
function* instructionsOf(code) {
  let reachable = true
  for (let offset = 0; offset < code.length; offset++) {
    const opcode = code[offset]
    reachable ||= opcode === JUMPDEST
    if (!reachable) continue
    yield { offset, opcode }
    if (opcode >= 0x60 && opcode <= 0x7f) offset += opcode - 0x5f
    if (endsFlow.has(opcode)) reachable = false
  }
}

function foreignOpcodesOf(code) {
  const foreign = []
  for (const { offset, opcode } of instructionsOf(withoutMetadata(code))) {
    if (isLondon(opcode)) continue
    const hex = `0x${opcode.toString(16).padStart(2, '0')}`
    foreign.push(`${newerNames.get(opcode) ?? 'unknown opcode'} (${hex}) at offset ${offset}`)
  }
  return foreign
}

const bytesOf = code => Buffer.from(code.slice(2), 'hex')

function artifactsToScan() {
  const ours = deployedContracts().map(name => join(root, `contracts/artifacts/${name}.json`))
  const npm = ['EntryPoint', 'SimpleAccount', 'SimpleAccountFactory'].map(name =>
    join(root, `node_modules/@account-abstraction/contracts/artifacts/${name}.json`),
  )
  return [...ours, ...npm]
}

function main() {
  const failures = []
  const rows = []
  for (const path of artifactsToScan()) {
    const name = basename(path, '.json')
    if (!existsSync(path)) {
      failures.push(`${name}: not compiled, run: npm run artifacts`)
      continue
    }
    const artifact = JSON.parse(readFileSync(path, 'utf8'))
    const runtime = bytesOf(artifact.deployedBytecode)
    const creation = bytesOf(artifact.bytecode)
    const foreign = [
      ...foreignOpcodesOf(runtime).map(found => `${name} runtime: ${found}`),
      ...foreignOpcodesOf(creation).map(found => `${name} creation: ${found}`),
    ]
    failures.push(...foreign)
    if (runtime.length > maximumRuntimeBytes) {
      failures.push(`${name}: ${runtime.length} bytes exceed ${maximumRuntimeBytes} (EIP-170)`)
    }
    rows.push({
      contract: name,
      'runtime bytes': runtime.length,
      'bytes to spare': maximumRuntimeBytes - runtime.length,
      'creation bytes': creation.length,
      'post-London opcodes': foreign.length,
    })
  }
  console.table(rows)
  for (const failure of failures) process.stderr.write(`${failure}\n`)
  if (rows.length === 0 || failures.length > 0) process.exitCode = 1
}

main()
