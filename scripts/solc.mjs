#!/usr/bin/env node
// Stands in for the solc binary that forge cannot download: answers `--version` and
// `--standard-json` over the npm package `solc`, whose version package.json pins.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

const solc = createRequire(import.meta.url)('solc')
// solc-js installs handlers that would print a minified wasm bundle on any error of ours.
process.removeAllListeners('uncaughtException')
process.removeAllListeners('unhandledRejection')

if (process.argv.includes('--version')) {
  const version = solc.version().replace('Emscripten.clang', 'Linux.g++')
  process.stdout.write(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`)
} else if (process.argv.includes('--standard-json')) {
  process.stdout.write(solc.compile(readFileSync(0, 'utf8')))
} else {
  process.stderr.write('solc.mjs answers only --version and --standard-json\n')
  process.exitCode = 2
}
