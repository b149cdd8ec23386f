#!/usr/bin/env node
// Keeps contracts/storage/*.json: where each deployed contract stores what, from forge's output, so that a change
// of layout is seen in review. `--check` writes nothing and fails naming the files that differ.
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { deployedContracts } from './deployedContracts.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'contracts/storage')

// Type ids carry the compiler's own numbers for structs: `t_struct(Tank)123_storage`.
const typeNameOf = (types, id) => types[id].label

function entriesOf(types, variables) {
  return variables.map(({ label, slot, offset, type }) => ({
    slot: Number(slot),
    offset,
    bytes: Number(types[type].numberOfBytes),
    label,
    type: typeNameOf(types, type),
  }))
}

function layoutOf(name) {
  const { storageLayout } = JSON.parse(
    readFileSync(join(root, `contracts/out/${name}.sol/${name}.json`), 'utf8'),
  )
  const types = storageLayout.types ?? {}
  const structs = Object.values(types)
    .filter(type => type.members !== undefined)
    .map(type => [type.label, entriesOf(types, type.members)])
    .sort(([one], [other]) => one.localeCompare(other))
  return {
    contract: name,
    storage: entriesOf(types, storageLayout.storage),
    structs: Object.fromEntries(structs),
  }
}

function render({ contract, storage, structs }) {
  const lines = entries => entries.map(entry => `    ${JSON.stringify(entry)}`).join(',\n')
  const blocks = Object.entries({ storage, ...structs }).map(
    ([name, entries]) =>
      `  ${JSON.stringify(name)}: [${entries.length === 0 ? '' : `\n${lines(entries)}\n  `}]`,
  )
  return `{\n  "contract": ${JSON.stringify(contract)},\n${blocks.join(',\n')}\n}\n`
}

function main() {
  const check = process.argv.includes('--check')
  const stale = []
  mkdirSync(target, { recursive: true })
  const names = deployedContracts()
  for (const name of names) {
    const path = join(target, `${name}.json`)
    const text = render(layoutOf(name))
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    stale.push(relative(root, path))
    if (!check) writeFileSync(path, text)
  }
  const expected = new Set(names.map(name => `${name}.json`))
  for (const name of readdirSync(target)) {
    if (!expected.has(name)) stale.push(`${relative(root, join(target, name))} (no such contract)`)
  }
  if (!check) {
    process.stdout.write(
      stale.length === 0 ? 'storage layouts are up to date\n' : `wrote ${stale.join(', ')}\n`,
    )
  } else if (stale.length > 0) {
    process.stderr.write(
      `the storage layout changed: ${stale.join(', ')}\nrun: node scripts/storageLayout.mjs\n`,
    )
    process.exitCode = 1
  }
}

main()
