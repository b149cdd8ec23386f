#!/usr/bin/env node
// Puts the platform packages back into package-lock.json that npm leaves out when the registry at hand
// (a mirror, say) does not carry them: without their entries `npm ci` refuses the lock on every platform.
// `--check` only says what is missing. Run by `npm run lock`.
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const lockFile = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json')
const lock = JSON.parse(readFileSync(lockFile, 'utf8'))

const systems = [
  'aix',
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
]
const processors = {
  amd64: 'x64',
  arm: 'arm',
  'arm-eabi': 'arm',
  'arm-gnueabihf': 'arm',
  'arm-musleabihf': 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  loong64: 'loong64',
  mips64el: 'mips64el',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  wasm32: 'wasm32',
  x64: 'x64',
}

/** The lock's entry for a platform package, whose name tells where it runs. */
function entryFor(name, version, parent) {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-')
  const os = systems.find(system => words.includes(system))
  const cpu = words.map(word => processors[word]).find(processor => processor !== undefined)
  const libc = words.some(word => word.startsWith('musl'))
    ? 'musl'
    : words.some(word => word.startsWith('gnu'))
      ? 'glibc'
      : undefined
  if (os === undefined && cpu === undefined) return undefined
  return {
    version,
    ...(cpu && { cpu: [cpu] }),
    ...(parent.dev && { dev: true }),
    ...(libc && { libc: [libc] }),
    optional: true,
    ...(os && { os: [os] }),
  }
}

const missing = []
for (const parent of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const place = `node_modules/${name}`
    if (lock.packages[place] !== undefined || !/^\d/.test(version)) continue
    const entry = entryFor(name, version, parent)
    if (entry === undefined) continue
    missing.push(place)
    lock.packages[place] = entry
  }
}

if (missing.length > 0 && process.argv.includes('--check')) {
  process.stderr.write(`package-lock.json lacks ${missing.length} platform packages; run npm run lock\n`)
  process.exitCode = 1
} else if (missing.length > 0) {
  const [root, ...others] = Object.keys(lock.packages)
  const sorted = [root, ...others.sort((a, b) => (a < b ? -1 : 1))]
  lock.packages = Object.fromEntries(sorted.map(place => [place, lock.packages[place]]))
  writeFileSync(lockFile, `${JSON.stringify(lock, null, 2)}\n`)
}
