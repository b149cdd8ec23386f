#!/usr/bin/env node
// Writes contracts/STORAGE.md, the storage layout of every deployed contract, so that a change of layout shows in
// review. `--check` writes nothing and fails if the file differs. Analysis alone gives layouts: no code is generated.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { encodeAbiParameters, hexToBigInt, keccak256, numberToHex, toBytes } from 'viem'

const solc = createRequire(import.meta.url)('solc')
const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'contracts/STORAGE.md')
const remappings = [
  '@account-abstraction/=node_modules/@account-abstraction/contracts/',
  '@openzeppelin/=node_modules/@openzeppelin/',
]

// ERC-7201: a struct so annotated begins where the hash of its namespace says. The compiler lays out none that
// no variable has, so it compiles a second time, with a variable added for each.
const namespaced = /@custom:storage-location erc7201:(\S+)[^{}]*?\sstruct (\w+) \{[^}]*\}/g

const withNamespaces = text =>
  text.replace(namespaced, (annotated, _, struct) => `${annotated} ${struct} internal inNamespace${struct};`)

function firstSlotOf(namespace) {
  const seed = hexToBigInt(keccak256(toBytes(namespace))) - 1n
  const hash = keccak256(encodeAbiParameters([{ type: 'uint256' }], [seed]))
  return numberToHex((hexToBigInt(hash) >> 8n) << 8n, { size: 32 })
}

function sourcesOfContracts() {
  const paths = readdirSync(join(root, 'contracts/src'), { recursive: true })
    .filter(path => path.endsWith('.sol'))
    .map(path => join('contracts/src', path))
    .sort()
  return new Map(paths.map(path => [path, readFileSync(join(root, path), 'utf8')]))
}

function layoutsOf(texts) {
  const sources = Object.fromEntries([...texts].map(([path, content]) => [path, { content }]))
  const settings = { evmVersion: 'london', remappings, outputSelection: { '*': { '*': ['storageLayout'] } } }
  const read = path => ({ contents: readFileSync(join(root, path), 'utf8') })
  const input = JSON.stringify({ language: 'Solidity', sources, settings })
  const output = JSON.parse(solc.compile(input, { import: read }))
  const errors = (output.errors ?? []).filter(error => error.severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(error => error.formattedMessage).join('\n'))
  return path => {
    const { storage, types } = output.contracts[path][basename(path, '.sol')].storageLayout
    return { storage, types: types ?? {} }
  }
}

// Only what can be deployed under its own name has a layout of its own: the rest is inherited into one.
const isDeployed = ([path, text]) => new RegExp(`^contract ${basename(path, '.sol')}\\b`, 'm').test(text)

const row = ({ slot, offset, bytes, name, type }) =>
  `| ${slot} | ${offset} | ${bytes} | ${name} | \`${type}\` |`

// A struct's members stand under the variable that holds it, by their slot within the struct.
function rowsOf({ label, slot, offset, type }, types, prefix, base) {
  const { label: typeName, numberOfBytes, members } = types[type]
  const own = row({
    slot: `${base}${slot}`,
    offset,
    bytes: numberOfBytes,
    name: `${prefix}${label}`,
    type: typeName,
  })
  return [own, ...membersOf(members, types, `${prefix}${label}.`, `${base}${slot}`)]
}

function membersOf(members = [], types, prefix, base) {
  return members.flatMap(member => rowsOf(member, types, prefix, `${base}+`))
}

// Structs in mappings and arrays have no slot of their own; their inner order matters as much.
function structsOf(types) {
  const elements = new Set(Object.values(types).map(type => type.value ?? type.base))
  return Object.entries(types)
    .filter(([id, type]) => type.members !== undefined && elements.has(id))
    .sort(([, left], [, right]) => left.label.localeCompare(right.label))
    .flatMap(([, type]) => [
      `\nIn a mapping or an array, \`${type.label}\` (${type.numberOfBytes} bytes):\n`,
      ...tableOf(membersOf(type.members, types, '', '')),
    ])
}

const tableOf = rows => ['| slot | offset | bytes | variable | type |', '|---|---:|---:|---|---|', ...rows]

function namespaceOf({ label, type }, types, namespaces) {
  const namespace = namespaces.get(label.slice('inNamespace'.length))
  if (namespace === undefined) return []
  return [
    `\nFrom \`${firstSlotOf(namespace)}\`, ERC-7201 \`${namespace}\`:\n`,
    ...tableOf(membersOf(types[type].members, types, '', '')),
  ]
}

function render() {
  const texts = sourcesOfContracts()
  const annotations = [...texts.values()].flatMap(text => [...text.matchAll(namespaced)])
  const namespaces = new Map(annotations.map(([, namespace, struct]) => [struct, namespace]))
  const numbered = layoutsOf(texts)
  const extended = layoutsOf(new Map([...texts].map(([path, text]) => [path, withNamespaces(text)])))
  const sections = [...texts].filter(isDeployed).flatMap(([path]) => {
    const rows = numbered(path).storage.flatMap(variable => rowsOf(variable, numbered(path).types, '', ''))
    const { storage, types } = extended(path)
    return [
      `\n## ${basename(path, '.sol')}\n`,
      ...(rows.length === 0 ? ['Nothing in numbered slots.'] : tableOf(rows)),
      ...storage.flatMap(variable => namespaceOf(variable, types, namespaces)),
      ...structsOf(types),
    ]
  })
  return `${[
    '# Storage layouts',
    '',
    'Generated by `node scripts/storageLayouts.mjs`, checked by `npm run verify:contracts`; do not edit. A slot `+n` is',
    "counted from the struct's first. Constants and immutables lie in the code, not here.",
    ...sections,
  ].join('\n')}\n`
}

function main() {
  const text = render()
  if (existsSync(target) && readFileSync(target, 'utf8') === text) {
    process.stdout.write('storage layouts are up to date\n')
  } else if (process.argv.includes('--check')) {
    process.stderr.write('stale: contracts/STORAGE.md\nrun: node scripts/storageLayouts.mjs\n')
    process.exitCode = 1
  } else {
    writeFileSync(target, text)
    process.stdout.write('wrote contracts/STORAGE.md\n')
  }
}

main()
