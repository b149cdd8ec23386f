#!/usr/bin/env node
// Runs the contracts' tests instrumented and prints what they cover, file by file; fails below 100 % of functions
// or 95 % of branches. Gas is another one without the optimiser, so tests that measure it stay out.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const leastFunctionsPercent = 100
const leastBranchesPercent = 95

function measure() {
  const report = join(mkdtempSync(join(tmpdir(), 'coverage-')), 'lcov.info')
  const { status } = spawnSync(
    join(root, 'node_modules/.bin/forge'),
    [
      'coverage',
      '--ir-minimum',
      '--exclude-tests',
      '--allow-failure',
      ...['--report', 'lcov', '--report-file', report],
      ...['--no-match-contract', 'Gas(Test)?$'],
    ],
    // biome-ignore lint/style/noProcessEnv: forge takes its profile from there
    { cwd: root, stdio: ['ignore', 2, 2], env: { ...process.env, FOUNDRY_PROFILE: 'coverage' } },
  )
  if (status !== 0) throw new Error('forge coverage failed: see above')
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
