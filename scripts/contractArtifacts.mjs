#!/usr/bin/env node
// Keeps contracts/artifacts: what is deployed, compiled, so that nobody needs a Solidity compiler to deploy it.
// `--check` writes nothing and fails naming the files that are not byte for byte what forge compiled last.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { contractInputs, inputsFile } from './contractInputs.mjs'
import { deployedContracts } from './deployedContracts.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const target = join(root, 'contracts/artifacts')

function artifactOf(name) {
  const path = join(root, `contracts/out/${name}.sol/${name}.json`)
  const { abi, bytecode, deployedBytecode } = JSON.parse(readFileSync(path, 'utf8'))
  for (const { object, linkReferences } of [bytecode, deployedBytecode]) {
    if (Object.keys(linkReferences).length > 0 || !/^0x([0-9a-f]{2})+$/.test(object)) {
      throw new Error(`${name} is not ready to deploy: it has no byte code, or links a library`)
    }
  }
  // By place, not under the numbers that one run of the compiler gave to the variables.
  const immutables = Object.values(deployedBytecode.immutableReferences ?? {})
    .flat()
    .map(({ start, length }) => ({ start, length }))
    .sort((one, other) => one.start - other.start)
  return { abi, immutables, bytecode: bytecode.object, deployedBytecode: deployedBytecode.object }
}

// One line for each item of the ABI, so that a change is seen in review.
function render(name) {
  const { abi, immutables, bytecode, deployedBytecode } = artifactOf(name)
  const items = abi.map(item => `    ${JSON.stringify(item)}`).join(',\n')
  const fields = [
    `"contractName": ${JSON.stringify(name)}`,
    `"abi": [\n${items}\n  ]`,
    `"immutables": ${JSON.stringify(immutables)}`,
    `"bytecode": "${bytecode}"`,
    `"deployedBytecode": "${deployedBytecode}"`,
  ]
  return `{\n  ${fields.join(',\n  ')}\n}\n`
}

/** Throws when forge cannot compile. Tests are left out: nothing of them is deployed. */
function compile() {
  const command = [join(root, 'scripts/forge.mjs'), 'build', '--skip', 'test']
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('the contracts do not compile: see above')
}

function main() {
  const check = process.argv.includes('--check')
  if (!check) compile()
  const expected = new Map(deployedContracts().map(name => [join(target, `${name}.json`), render(name)]))
  expected.set(join(root, inputsFile), contractInputs())
  mkdirSync(target, { recursive: true })
  const stale = [...expected].filter(
    ([path, text]) => !existsSync(path) || readFileSync(path, 'utf8') !== text,
  )
  const foreign = readdirSync(target)
    .map(name => join(target, name))
    .filter(path => !expected.has(path))
  const names = [...stale.map(([path]) => path), ...foreign].map(path => relative(root, path))
  if (check) {
    if (names.length === 0) return
    process.stderr.write(`not what forge compiles: ${names.join(', ')}\nrun: npm run artifacts\n`)
    process.exitCode = 1
    return
  }
  for (const [path, text] of stale) writeFileSync(path, text)
  for (const path of foreign) rmSync(path)
  const changed = names.map(name => basename(name)).join(', ')
  process.stdout.write(names.length === 0 ? 'artifacts are up to date\n' : `changed ${changed}\n`)
}

main()
