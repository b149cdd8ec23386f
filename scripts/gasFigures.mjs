#!/usr/bin/env node
// Fails if a gas figure in the tables of a contracts' document is in no snapshot, or a snapshot in no document: what is
// read as measured must be what was measured last.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const contracts = join(dirname(fileURLToPath(import.meta.url)), '../contracts')
const documents = ['README.md', 'src/account/README.md']

const figure = /\b\d{2,3},\d{3}\b/g

function measuredFigures() {
  const files = readdirSync(join(contracts, 'snapshots')).filter(name => name.endsWith('.json'))
  const snapshots = files.map(name => JSON.parse(readFileSync(join(contracts, 'snapshots', name), 'utf8')))
  return new Map(
    snapshots.flatMap(snapshot => Object.entries(snapshot).map(([name, gas]) => [Number(gas), name])),
  )
}

function shownFigures(document) {
  const section = readFileSync(join(contracts, document), 'utf8')
    .split(/^## /m)
    .find(text => text.startsWith('Gas\n'))
  const rows = section.split('\n').filter(line => line.startsWith('|'))
  return rows.flatMap(row => row.match(figure) ?? []).map(text => Number(text.replace(',', '')))
}

function main() {
  const measured = measuredFigures()
  const shown = new Set()
  for (const document of documents) {
    for (const gas of shownFigures(document)) {
      shown.add(gas)
      if (measured.has(gas)) continue
      process.stderr.write(`contracts/${document}: ${gas.toLocaleString('en')} gas is in no snapshot\n`)
      process.exitCode = 1
    }
  }
  for (const [gas, name] of measured) {
    // Basis points and the like are no gas.
    if (gas < 10_000 || shown.has(gas)) continue
    process.stderr.write(`no document shows the ${gas.toLocaleString('en')} gas of "${name}"\n`)
    process.exitCode = 1
  }
  if (process.exitCode === undefined) process.stdout.write('gas figures are those of the snapshots\n')
}

main()
