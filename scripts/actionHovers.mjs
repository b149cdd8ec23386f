#!/usr/bin/env node
// Says at each bound action what it does, so that an editor shows it at `client.rentInstance`: the first paragraph of the
// action's own docstring, written above its name in sdk/src/clients/*Actions.ts. `--check` writes nothing and fails when
// one is stale.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const source = join(dirname(dirname(fileURLToPath(import.meta.url))), 'sdk/src')
const longestLine = 116

const docstrings = new Map(
  ['actions', 'provider']
    .flatMap(folder => readdirSync(join(source, folder), { recursive: true }).map(path => join(folder, path)))
    .filter(path => path.endsWith('.ts') && !path.endsWith('.test.ts'))
    .flatMap(path => docstringsOf(readFileSync(join(source, path), 'utf8'))),
)

/** Of the exported functions: their first paragraph, in one line. */
function docstringsOf(text) {
  const functions = /\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async )?function (\w+)/g
  return [...text.matchAll(functions)].map(([, comment, name]) => [name, firstParagraph(comment)])
}

function firstParagraph(comment) {
  const lines = comment.split('\n').map(line => line.replace(/^\s*\*? ?/, '').trim())
  const start = lines.findIndex(line => line !== '')
  const end = lines.findIndex((line, index) => index > start && (line === '' || line.startsWith('@')))
  return lines
    .slice(start, end === -1 ? undefined : end)
    .join(' ')
    .trim()
}

/** Every list of actions is `const reads = {…}` or `const writes = {…}`, by their names. */
function withHovers(text) {
  return text.replace(/^const (reads|writes) = \{([^}]*)\}/gm, (_, list, body) => {
    const names = body
      .replace(/\/\*\*[\s\S]*?\*\//g, '')
      .split(',')
      .map(name => name.trim())
      .filter(name => name !== '')
    return `const ${list} = {\n${names.map(name => `${hoverOf(name)}  ${name},\n`).join('')}}`
  })
}

function hoverOf(name) {
  const words = docstrings.get(name)
  if (words === undefined) throw new Error(`The action ${name} has no docstring`)
  const whole = `  /** ${words} */`
  if (whole.length <= longestLine) return `${whole}\n`
  const lines = ['']
  for (const word of words.split(' ')) {
    const last = lines.at(-1)
    if (`   * ${last} ${word}`.length > longestLine) lines.push(word)
    else lines[lines.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return `  /**\n${lines.map(line => `   * ${line}\n`).join('')}   */\n`
}

const clients = join(source, 'clients')
for (const file of readdirSync(clients).filter(name => name.endsWith('Actions.ts'))) {
  const path = join(clients, file)
  const present = readFileSync(path, 'utf8')
  const text = withHovers(present)
  if (text === present) continue
  if (process.argv.includes('--check')) {
    process.stderr.write(`sdk/src/clients/${file} is stale; run: node scripts/actionHovers.mjs\n`)
    process.exitCode = 1
  } else writeFileSync(path, text)
}
