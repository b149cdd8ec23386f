#!/usr/bin/env node
// solc.mjs for `forge coverage`: optimizes only what leaves every branch where its source says, so that gas
// limits in tests still reach. Forge itself would switch all of it off, under which some code does not compile.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc')
// solc-js installs handlers that would print a minified wasm bundle on any error of ours.
process.removeAllListeners('uncaughtException')
process.removeAllListeners('unhandledRejection')

// Neither the inliner nor the deduplicator, which give one instruction to several places of the source.
const light = {
  peephole: true,
  inliner: false,
  jumpdestRemover: true,
  orderLiterals: true,
  deduplicate: false,
  cse: true,
  constantOptimizer: true,
  yul: true,
}
// Tests are not measured, and compile in a tenth of the time.
const bare = {
  peephole: false,
  inliner: false,
  jumpdestRemover: false,
  orderLiterals: false,
  deduplicate: false,
  cse: false,
  constantOptimizer: false,
  yul: true,
  yulDetails: { stackAllocation: true, optimizerSteps: ':' },
}

const isTest = file => file.startsWith('contracts/test/')
// Too deep in the stack for any compilation but by the IR pipeline.
const isDeep = file => file === 'contracts/src/paymaster/ComputePaymaster.sol'
const passes = [
  { compiles: isTest, details: bare, viaIR: false },
  { compiles: file => !isTest(file) && !isDeep(file), details: light, viaIR: false },
  { compiles: isDeep, details: light, viaIR: true },
]

function compile({ settings, ...input }, { compiles, details, viaIR }) {
  const outputSelection = Object.fromEntries(
    Object.entries(settings.outputSelection).map(([file, wanted]) => [
      file,
      compiles(file) ? wanted : { '': wanted[''] ?? [] },
    ]),
  )
  const optimizer = { enabled: false, runs: 20_000, details }
  return JSON.parse(
    solc.compile(JSON.stringify({ ...input, settings: { ...settings, outputSelection, optimizer, viaIR } })),
  )
}

if (process.argv.includes('--version')) {
  const version = solc.version().replace('Emscripten.clang', 'Linux.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`)
} else if (process.argv.includes('--standard-json')) {
  const input = JSON.parse(readFileSync(0, 'utf8'))
  const outputs = passes.map(pass => compile(input, pass))
  const errors = outputs.flatMap(output => output.errors ?? [])
  const contracts = Object.assign({}, ...outputs.map(output => output.contracts ?? {}))
  process.stdout.write(JSON.stringify({ ...outputs[0], errors, contracts }))
} else {
  process.stderr.write('solcForCoverage.mjs answers only --version and --standard-json\n')
  process.exitCode = 2
}
