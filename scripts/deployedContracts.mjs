// Which of our contracts are deployed: those that are neither abstract nor interfaces or libraries.
import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const sources = join(dirname(fileURLToPath(import.meta.url)), '../contracts/src')

/** Their names, sorted. A file of `contracts/src` may define no contract of its name: a type and its library, say. */
export function deployedContracts() {
  return readdirSync(sources, { recursive: true })
    .filter(path => path.endsWith('.sol'))
    .map(path => ({ name: basename(path, '.sol'), text: readFileSync(join(sources, path), 'utf8') }))
    .filter(({ name, text }) => new RegExp(`^contract ${name}\\b`, 'm').test(text))
    .map(({ name }) => name)
    .sort()
}
