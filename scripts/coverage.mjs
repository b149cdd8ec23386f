#!/usr/bin/env node
// Measures what of contracts/src the tests reach, with forge's coverage profile, and fails below the thresholds.
// Says which branches are left. Takes minutes: all is compiled anew, so that byte code maps back to source.
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const report = join(root, 'contracts/cache/coverage.lcov')
const thresholds = { functions: 100, branches: 95 }

const forgeArguments = [
  'coverage',
  '--report',
  'lcov',
  '--report-file',
  report,
  '--exclude-tests',
  // Its gas is not that of what is deployed.
  '--gas-snapshot-emit',
  'false',
  // Reads the trace of the deployed byte code; this one's is too long to fit a test's memory.
  '--no-match-contract',
  'Erc7562',
]

const percent = ({ hit, found }) => (found === 0 ? 100 : (100 * hit) / found)
const shown = counted => `${percent(counted).toFixed(2)} % (${counted.hit}/${counted.found})`
const sum = (files, kind) => ({
  hit: files.reduce((total, file) => total + file[kind].hit, 0),
  found: files.reduce((total, file) => total + file[kind].found, 0),
})

// lcov: one record per file; `BRDA:line,block,branch,times` per branch, `xF`/`xH` what was found and hit.
function filesOf(lcov) {
  return lcov
    .split('end_of_record')
    .filter(record => record.includes('SF:contracts/src/'))
    .map(record => {
      const number = key => Number(record.match(new RegExp(`^${key}:(\\d+)$`, 'm'))?.[1] ?? 0)
      const count = letter => ({ hit: number(`${letter}H`), found: number(`${letter}F`) })
      const missed = [...record.matchAll(/^BRDA:(\d+),\d+,\d+,(?:0|-)$/gm)].map(([, line]) => line)
      const path = record.match(/^SF:(.*)$/m)[1]
      return { path, lines: count('L'), functions: count('FN'), branches: count('BR'), missed }
    })
}

function main() {
  const command = [join(root, 'scripts/forge.mjs'), ...forgeArguments]
  const run = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 2, 2] })
  if (run.status !== 0) {
    process.stderr.write(`forge coverage failed${run.error ? `: ${run.error.message}` : ''}\n`)
    process.exitCode = 1
    return
  }
  const files = filesOf(readFileSync(report, 'utf8'))
  const total = {
    path: 'all',
    lines: sum(files, 'lines'),
    functions: sum(files, 'functions'),
    branches: sum(files, 'branches'),
  }
  const rows = [...files, total].map(({ path, lines, functions, branches }) => [
    relative('contracts/src', path === 'all' ? 'contracts/src/all' : path),
    { lines: shown(lines), functions: shown(functions), branches: shown(branches) },
  ])
  console.table(Object.fromEntries(rows))
  for (const { path, missed } of files) {
    for (const line of missed) process.stdout.write(`no test takes a branch of ${path}:${line}\n`)
  }
  for (const [kind, least] of Object.entries(thresholds)) {
    if (files.length > 0 && percent(total[kind]) >= least) continue
    process.stderr.write(`${kind}: ${shown(total[kind])} is below ${least} %\n`)
    process.exitCode = 1
  }
}

main()
