#!/usr/bin/env node
// Fails if a document of the contracts names a test that no test file defines: a claim without its proof.
// In contracts/GAME.md moreover every row of a table of deviations must name one.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const contracts = join(dirname(fileURLToPath(import.meta.url)), '../contracts')
const documents = ['GAME.md', 'README.md', 'src/account/README.md']

const definition = /^ {4}function ((?:test|invariant)\w*)\(/gm
const mention = /\b(?:test|testFuzz|invariant)_\w+/g

function definedTests() {
  const files = readdirSync(join(contracts, 'test'), { recursive: true }).filter(path =>
    path.endsWith('.t.sol'),
  )
  const texts = files.map(path => readFileSync(join(contracts, 'test', path), 'utf8'))
  return new Set(texts.flatMap(text => [...text.matchAll(definition)].map(([, name]) => name)))
}

// A table whose header's last column is `test` promises one in each of its rows.
function* rowsThatNameNone(lines) {
  let promises = false
  for (const line of lines) {
    if (!line.startsWith('|')) promises = false
    else if (/\| (here, a )?test \|$/.test(line)) promises = true
    else if (promises && !line.startsWith('|---') && !line.match(mention)) yield line
  }
}

function main() {
  const defined = definedTests()
  const failures = []
  let mentioned = 0
  for (const document of documents) {
    const text = readFileSync(join(contracts, document), 'utf8')
    const names = text.match(mention) ?? []
    mentioned += names.length
    for (const name of names.filter(name => !defined.has(name))) {
      failures.push(`contracts/${document}: ${name} is no test`)
    }
    for (const row of rowsThatNameNone(text.split('\n'))) {
      failures.push(`contracts/${document}: no test in ${row}`)
    }
  }
  for (const failure of failures) process.stderr.write(`${failure}\n`)
  if (failures.length > 0) process.exitCode = 1
  else process.stdout.write(`all ${mentioned} tests that documents name exist\n`)
}

main()
