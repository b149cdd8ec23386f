#!/usr/bin/env node
// Runs the test files that were red in a whole run once more, one after the other with nothing beside them, and says which
// they were. Systems of ten daemons share two cores there: what is red by itself too is a fault, what is not is a test to
// be mended, and no reason to hold up everybody. Many red files, an error outside any test or no report are never forgiven.
//
//   node scripts/againAlone.mjs REPORT    (by `vitest --reporter=json`)
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const mostFiles = 3

function readReport(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}

function redFilesOf({ testResults }) {
  return testResults.filter(({ status }) => status === 'failed').map(({ name }) => relative(root, name))
}

function say(line) {
  process.stderr.write(`again alone: ${line}\n`)
}

const report = readReport(process.argv[2] ?? '')
const red = report === undefined ? [] : redFilesOf(report)
if (red.length === 0) {
  say('no test is red by the report, so the run ended for another reason')
  process.exit(1)
}
if (red.length > mostFiles) {
  say(`${red.length} files are red, more than ${mostFiles}`)
  process.exit(1)
}
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')
const stillRed = red.filter(file => {
  say(file)
  const { status } = spawnSync(process.execPath, [vitest, 'run', file], { cwd: root, stdio: 'inherit' })
  return status !== 0
})
for (const file of red) say(`${file}: red beside others, ${stillRed.includes(file) ? 'RED' : 'green'} alone`)
process.exit(stillRed.length === 0 ? 0 : 1)
