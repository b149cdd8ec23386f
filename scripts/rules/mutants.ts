// Takes each check out of a copy of the source and runs its test there: it must pass before and fail after.
import { spawn } from 'node:child_process'
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { workspaceRoot } from '../workspaceRoot.ts'
import { type EnforcedRow, sourceFile, type TestReference } from './row.ts'

export type MutantOutcome = 'killed' | 'survived' | 'broken'

export type MutationWorkshop = {
  /** Files of these rows' tests, run untouched; titles that did not pass. */
  baseline(rows: readonly EnforcedRow[]): Promise<readonly string[]>
  tryMutant(row: EnforcedRow): Promise<MutantOutcome>
  close(): void
}

type TestResult = { readonly fullName: string; readonly status: string }

const mutatedPackages = ['bundler', 'paymaster']

/** The tree again, with sources of its own where they are mutated; everything else is the same files. */
export function openMutationWorkshop(): MutationWorkshop {
  const folder = mkdtempSync(join(tmpdir(), 'rules-'))
  for (const entry of readdirSync(workspaceRoot)) {
    if (!mutatedPackages.includes(entry) && entry !== '.git')
      symlinkSync(join(workspaceRoot, entry), join(folder, entry))
  }
  for (const own of mutatedPackages) {
    mkdirSync(join(folder, own))
    for (const entry of ['package.json', 'tsconfig.json', 'src']) {
      cpSync(join(workspaceRoot, own, entry), join(folder, own, entry), { recursive: true })
    }
  }

  async function run(files: readonly string[], title?: string): Promise<readonly TestResult[]> {
    const report = join(folder, 'report.json')
    rmSync(report, { force: true })
    const child = spawn(
      process.execPath,
      [
        join(workspaceRoot, 'node_modules/vitest/vitest.mjs'),
        'run',
        ...files.map(sourceFile),
        ...(title === undefined ? [] : ['-t', escaped(title)]),
        '--root',
        folder,
        '--reporter=json',
        `--outputFile=${report}`,
      ],
      { cwd: folder, stdio: 'ignore' },
    )
    await new Promise(resolve => child.once('close', resolve))
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as {
      testResults: readonly { assertionResults: readonly TestResult[] }[]
    }
    return testResults.flatMap(({ assertionResults }) => assertionResults)
  }

  return {
    async baseline(rows) {
      const files = [...new Set(rows.map(({ test }) => test.file))]
      const results = await run(files)
      return rows
        .filter(({ test }) => {
          const own = results.filter(result => isOf(result, test))
          return own.length === 0 || own.some(({ status }) => status !== 'passed')
        })
        .map(({ clause, test }) => `${clause}: ${test.title}`)
    },
    async tryMutant({ where, mutation, test }) {
      const file = join(folder, sourceFile(mutation.file ?? where))
      const original = readFileSync(file, 'utf8')
      writeFileSync(
        file,
        original.replace(mutation.find, () => mutation.replace),
      )
      try {
        const own = (await run([test.file], test.title)).filter(result => isOf(result, test))
        if (own.length === 0) return 'broken'
        return own.some(({ status }) => status === 'failed') ? 'killed' : 'survived'
      } catch {
        return 'broken'
      } finally {
        writeFileSync(file, original)
      }
    },
    close: () => rmSync(folder, { recursive: true }),
  }
}

function isOf({ fullName }: TestResult, { title }: TestReference): boolean {
  return fullName.includes(title)
}

function escaped(title: string): string {
  return title.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}
