#!/usr/bin/env node
// Readies a clone for any command: dependencies, contracts, JavaScript. Plain Node, no dependency, because it runs
// before there are any. What has not changed is not made again; what takes long is said.
import { spawnSync } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { buildConsole, isConsoleStale } from './buildConsole.mjs'
import { areArtifactsCurrent } from './contractInputs.mjs'
import { pack, stalePrograms } from './pack.mjs'
import { staleProjects, transpile } from './transpile.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const oldestNode = [20, 19]

function say(line) {
  process.stderr.write(`setup: ${line}\n`)
}

function fail(line) {
  say(line)
  process.exit(1)
}

function run(command, args, whatFailed) {
  // Output goes to stderr so that a command's own answer on stdout stays clean.
  const { status, error } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (error !== undefined || status !== 0) fail(`${whatFailed}${error ? `: ${error.message}` : ''}`)
}

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > oldestNode[0] || (major === oldestNode[0] && minor >= oldestNode[1])) return
  fail(`Node ${process.versions.node} is too old: install Node ${oldestNode.join('.')} or newer`)
}

function installed() {
  const stamp = join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(stamp)) return false
  return statSync(stamp).mtimeMs >= statSync(join(root, 'package-lock.json')).mtimeMs
}

function nativeModuleLoads() {
  try {
    const Database = createRequire(join(root, 'service/package.json'))('better-sqlite3')
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
}

// In a process of its own: what failed to load once is not looked at again.
function nativeModuleLoadsNow() {
  const probe = "const D = require('better-sqlite3'); new D(':memory:').close()"
  return spawnSync(process.execPath, ['-e', probe], { cwd: root, stdio: 'ignore' }).status === 0
}

checkNode()
if (!installed()) {
  say(
    'installing dependencies (npm ci), once; where no prebuilt SQLite is to be had, its compilation takes minutes',
  )
  // The only install script that is needed is approved by name in package.json ("allowScripts").
  run('npm', ['ci', '--no-audit', '--no-fund'], 'npm ci failed: see above; is the npm registry reachable?')
}
if (!nativeModuleLoads()) {
  say('building better-sqlite3 for this Node, which may take minutes')
  run(
    'npm',
    ['rebuild', 'better-sqlite3'],
    'better-sqlite3 could not be built: a C++ compiler and make are needed',
  )
  if (!nativeModuleLoadsNow())
    fail('better-sqlite3 does not load after a rebuild: delete node_modules and try again')
}
if (!areArtifactsCurrent())
  fail(
    'contracts/artifacts is not made from these contracts: npm run artifacts compiles them, in some minutes',
  )

const projects = staleProjects()
const isConsoleBuilt = !isConsoleStale()
if (projects.length > 0 || !isConsoleBuilt) {
  if (projects.length > 0) say(`transpiling ${projects.map(({ folder }) => folder).join(', ')}`)
  if (!isConsoleBuilt) say("building the paymaster's console")
  const work = [transpile(projects), ...(isConsoleBuilt ? [] : [buildConsole()])]
  await Promise.all(work).catch(error => fail(error.message))
}
const programs = stalePrograms()
if (programs.length > 0) {
  say(`packing ${programs.join(', ')}`)
  await pack(programs).catch(error => fail(error.message))
}
