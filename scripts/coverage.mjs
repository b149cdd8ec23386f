#!/usr/bin/env node
// Runs the contracts' tests instrumented and prints what they cover, file by file; fails below 100 % of functions
// or 95 % of branches. Without the optimiser gas is another and OpenZeppelin's P256 does not compile ("stack too
// deep"): tests that count on gas fail and count only as far as they came, and the account is left out.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const leastFunctionsPercent = 100
const leastBranchesPercent = 95

function measure() {
  const report = join(mkdtempSync(join(tmpdir(), 'coverage-')), 'lcov.info')
  spawnSync(
    join(root, 'node_modules/.bin/forge'),
    [
      'coverage',
      '--exclude-tests',
      ...['--skip', 'contracts/src/account/*', '--skip', 'contracts/test/account/*'],
      ...['--no-match-contract', '(Gas|Excess)(Test)?$'],
      ...['--report', 'lcov', '--report-file', report],
    ],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (!existsSync(report)) throw new Error('forge coverage wrote no report: see above')
  return readFileSync(report, 'utf8')
}

// lcov: SF file, FNDA hits,name, FNF/FNH functions found and hit, BRDA line,block,branch,hits, BRF/BRH.
function readReport(text) {
  return text
    .split('end_of_record')
    .map(record => {
      const number = key => Number(new RegExp(`^${key}:(\\d+)`, 'm').exec(record)?.[1] ?? 0)
      return {
        file: /^SF:(.*)$/m.exec(record)?.[1] ?? '',
        functions: number('FNF'),
        functionsHit: number('FNH'),
        branches: number('BRF'),
        branchesHit: number('BRH'),
        missing: [
          ...[...record.matchAll(/^FNDA:0,(.*)$/gm)].map(([, name]) => name),
          ...[...record.matchAll(/^BRDA:(\d+),\d+,(\d+),(?:0|-)$/gm)].map(
            ([, line, branch]) => `line ${line}, branch ${branch}`,
          ),
        ],
      }
    })
    .filter(({ file }) => file.startsWith('contracts/src/'))
}

const percent = (hit, found) => (found === 0 ? 100 : (100 * hit) / found)
const sum = (rows, key) => rows.reduce((total, row) => total + row[key], 0)

function main() {
  const given = process.argv.indexOf('--report')
  const rows = readReport(given < 0 ? measure() : readFileSync(process.argv[given + 1], 'utf8'))
  const total = { file: 'all', missing: [] }
  for (const key of ['functions', 'functionsHit', 'branches', 'branchesHit']) total[key] = sum(rows, key)
  console.table(
    [...rows, total].map(({ file, functions, functionsHit, branches, branchesHit }) => ({
      file: file.replace('contracts/src/', ''),
      functions: `${functionsHit}/${functions}`,
      branches: `${branchesHit}/${branches}`,
      '% functions': percent(functionsHit, functions).toFixed(1),
      '% branches': percent(branchesHit, branches).toFixed(1),
    })),
  )
  for (const { file, missing } of rows) {
    for (const what of missing) process.stdout.write(`not covered: ${file} ${what}\n`)
  }
  const enough =
    percent(total.functionsHit, total.functions) >= leastFunctionsPercent &&
    percent(total.branchesHit, total.branches) >= leastBranchesPercent
  if (rows.length > 0 && enough) return
  process.stderr.write(
    `coverage is below ${leastFunctionsPercent} % of functions or ${leastBranchesPercent} % of branches\n`,
  )
  process.exitCode = 1
}

main()
