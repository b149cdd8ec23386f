#!/usr/bin/env node
// Holds package-lock.json to the advisories in SECURITY.md: nothing on the way to production may be older than what mends
// one. For machines whose registry answers no `npm audit`.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))

/** Rows of `| package | advisory | … | mended in |` between the marks. */
export function readAdvisories(text) {
  const [, table = ''] = /<!-- advisories -->\n([\s\S]*?)<!-- \/advisories -->/.exec(text) ?? []
  return table
    .split('\n')
    .slice(2)
    .filter(row => row !== '')
    .map(row => row.split('|').map(cell => cell.trim()))
    .map(([, name, advisory, , mendedIn]) => ({ name: name.replaceAll('`', ''), advisory, mendedIn }))
}

/** What the lock installs in production that is older than a mended version. */
export function findOlder(lock, advisories) {
  return Object.entries(lock.packages).flatMap(([place, { version, dev, link }]) => {
    const name = place.split('node_modules/').at(-1)
    if (version === undefined || dev || link) return []
    return advisories
      .filter(advisory => advisory.name === name && isOlder(version, advisory.mendedIn))
      .map(advisory => `${place} is ${version}: ${advisory.advisory} is mended in ${advisory.mendedIn}`)
  })
}

/** A pre-release counts as what it goes before: never as mended by it. */
function isOlder(version, than) {
  const [ours, theirs] = [version, than].map(text => text.split('-')[0].split('.').map(Number))
  const at = theirs.findIndex((part, index) => part !== ours[index])
  return at === -1 ? version.includes('-') : ours[at] < theirs[at]
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const advisories = readAdvisories(readFileSync(join(root, 'SECURITY.md'), 'utf8'))
  const older = findOlder(JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')), advisories)
  for (const line of older) process.stderr.write(`${line}\n`)
  if (advisories.length === 0) process.stderr.write('SECURITY.md names no advisories\n')
  process.exitCode = older.length === 0 && advisories.length > 0 ? 0 : 1
}
