#!/usr/bin/env node
// Runs the contracts' tests instrumented and prints what they cover, file by file; fails where a test fails, and below
// 100 % of functions or 95 % of branches. Only unoptimised code tells branches apart, so that gas is another: what is
// about gas, or about the opcodes that are deployed, is left to `forge test`, by name.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const leastFunctionsPercent = 100
const leastBranchesPercent = 95

/** Measure gas, in snapshots or limits. */
const gasContracts = '(Gas|Excess)(Test)?$'
/** Hold the charge against what the operation cost: the paymaster's constants count on optimised code. */
const gasTests = [
  'test_AFailingExecutionIsChargedToo',
  'testFuzz_TheTankPaysTheChargeAndTheWalletNothing',
  'test_Attack_TheReservationIsWithdrawnInTheExecution',
  'test_GasOutOfTheTankCountsAgainstTheBudget',
  'invariant_TheDepositAndAllTanksAreCovered',
  'testFuzz_AnyMixtureOfModesCoversTheDeposit',
  'test_The(Deferred|Token|Tank)s?Charge(OfAFiniteAllowance)?CoversALongOperation',
  'test_Attack_TheTokenBurnsAllGasOnRefund',
  'test_ARefusedRefundIsKeptForTheSenderWhateverTheTokenDoes',
  'test_TheCharge(Covers|IsNotMuchMore)[A-Za-z]*',
]
/** Looks at every opcode of a P-256 verification, in whose place another stands here (contracts/test/coverage). */
const opcodeTests = 'contracts/test/account/Erc7562.t.sol'

/** The report, whose tests may have failed. */
function measure() {
  const report = join(mkdtempSync(join(tmpdir(), 'coverage-')), 'lcov.info')
  const { status } = spawnSync(
    process.execPath,
    [
      join(root, 'scripts/forge.mjs'),
      'coverage',
      '--exclude-tests',
      ...['--skip', opcodeTests],
      ...['--no-match-contract', gasContracts],
      ...['--no-match-test', `^(${gasTests.join('|')})\\(`],
      ...['--report', 'lcov', '--report-file', report],
    ],
    { cwd: root, stdio: ['ignore', 2, 2] },
  )
  if (!existsSync(report)) throw new Error('forge coverage wrote no report: see above')
  return { text: readFileSync(report, 'utf8'), passed: status === 0 }
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
  const { text, passed } =
    given < 0 ? measure() : { text: readFileSync(process.argv[given + 1], 'utf8'), passed: true }
  const rows = readReport(text)
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
    rows.length > 0 &&
    percent(total.functionsHit, total.functions) >= leastFunctionsPercent &&
    percent(total.branchesHit, total.branches) >= leastBranchesPercent
  if (!enough) {
    process.stderr.write(
      `coverage is below ${leastFunctionsPercent} % of functions or ${leastBranchesPercent} % of branches\n`,
    )
  }
  if (!passed) process.stderr.write('tests failed: see above\n')
  if (!enough || !passed) process.exitCode = 1
}

main()
