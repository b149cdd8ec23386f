#!/usr/bin/env node
// Runs forge and ends as it ended. The npm package's own launcher ends with 0 whatever happened, so that a failing
// test, an unformatted file or a contract that does not compile would pass every check.
import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'

const architecture = process.arch === 'x64' ? 'amd64' : process.arch
const binary = process.platform === 'win32' ? 'forge.exe' : 'forge'
const require = createRequire(import.meta.url)
const launcher = require.resolve('@foundry-rs/forge/package.json')
const forge = createRequire(launcher).resolve(
  `@foundry-rs/forge-${process.platform}-${architecture}/bin/${binary}`,
)

const { status, error } = spawnSync(forge, process.argv.slice(2), { stdio: 'inherit' })
if (error !== undefined) process.stderr.write(`forge does not run: ${error.message}\n`)
process.exitCode = status ?? 1
