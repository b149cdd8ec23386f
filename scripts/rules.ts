// `npm run rules`: the checklist of the rules, told and checked. `--write` renews bundler/RULES.md, `--check` says
// whether it is up to date, `--mutate [clause …]` proves that each test fails without its rule.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checklist } from './rules/checklist.ts'
import { checkRows } from './rules/checkRows.ts'
import { openMutationWorkshop } from './rules/mutants.ts'
import { isEnforced } from './rules/row.ts'
import { rulesDocument } from './rules/table.ts'
import { workspaceRoot } from './workspaceRoot.ts'

const documentFile = join(workspaceRoot, 'bundler/RULES.md')

function complain(lines: readonly string[]): void {
  for (const line of lines) process.stderr.write(`rules: ${line}\n`)
  if (lines.length > 0) process.exitCode = 1
}

function showTable(): void {
  const enforced = checklist.filter(isEnforced)
  for (const row of checklist) {
    const place = isEnforced(row)
      ? `${row.where}  ←  ${row.test.file}: ${row.test.title}`
      : `absent: ${row.absent}`
    process.stdout.write(`${row.clause.padEnd(9)} ${place}\n`)
  }
  process.stdout.write(`${enforced.length} of ${checklist.length} clauses are checked\n`)
}

async function mutate(clauses: readonly string[]): Promise<void> {
  const rows = checklist
    .filter(isEnforced)
    .filter(({ clause }) => clauses.length === 0 || clauses.includes(clause))
  const workshop = openMutationWorkshop()
  try {
    complain((await workshop.baseline(rows)).map(line => `fails already with the rule in place: ${line}`))
    const survivors: string[] = []
    for (const row of rows) {
      const outcome = await workshop.tryMutant(row)
      process.stdout.write(`${row.clause.padEnd(9)} ${outcome.padEnd(9)} ${row.test.title}\n`)
      if (outcome !== 'killed')
        survivors.push(`${row.clause}: ${outcome} by ${row.test.file}: ${row.test.title}`)
    }
    process.stdout.write(
      `${rows.length - survivors.length} of ${rows.length} tests fail without their rule\n`,
    )
    complain(survivors)
  } finally {
    workshop.close()
  }
}

const [, , mode, ...clauses] = process.argv
complain(checkRows(checklist, workspaceRoot))
if (mode === '--mutate') await mutate(clauses)
else if (mode === '--write') writeFileSync(documentFile, rulesDocument(checklist))
else if (mode === '--check') {
  const isCurrent = readFileSync(documentFile, 'utf8') === rulesDocument(checklist)
  if (!isCurrent) complain(['bundler/RULES.md is out of date; run npm run rules -- --write'])
} else showTable()
