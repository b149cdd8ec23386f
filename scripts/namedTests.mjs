#!/usr/bin/env node
// Fails if a document of the contracts names a test that does not exist, or a row of GAME.md names none: what it
// claims is what a test shows.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const contracts = join(dirname(fileURLToPath(import.meta.url)), '../contracts')
const testName = /\b(?:test|testFuzz|invariant)_\w+/g

const tests = new Set(
  readdirSync(join(contracts, 'test'), { recursive: true })
    .filter(path => path.endsWith('.sol'))
    .flatMap(path => {
      const text = readFileSync(join(contracts, 'test', path), 'utf8')
      return [...text.matchAll(/function ((?:test|testFuzz|invariant)_\w+)/g)].map(([, name]) => name)
    }),
)

const problems = []
let named = 0
for (const document of ['README.md', 'GAME.md']) {
  const lines = readFileSync(join(contracts, document), 'utf8').split('\n')
  let lastColumn = ''
  lines.forEach((line, index) => {
    const names = line.match(testName) ?? []
    named += names.length
    for (const name of names) {
      if (!tests.has(name)) problems.push(`${document}:${index + 1} names ${name}, which is no test`)
    }
    const cells = line.startsWith('|') ? line.split('|').slice(1, -1) : []
    if (cells.length === 0) lastColumn = ''
    else if (lastColumn === '') lastColumn = cells.at(-1).trim()
    else if (lastColumn === 'test' && !/^[-: ]+$/.test(cells.at(-1)) && names.length === 0) {
      problems.push(`${document}:${index + 1} claims without a test`)
    }
  })
}

for (const problem of problems) process.stderr.write(`${problem}\n`)
if (problems.length > 0) process.exitCode = 1
else process.stdout.write(`all ${named} tests named in the documents exist\n`)
