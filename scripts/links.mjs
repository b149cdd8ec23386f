#!/usr/bin/env node
// Fails naming every relative link of a document that leads nowhere: to a file that is not there, or to a heading that
// its file does not have. And keeps the front door short.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const notOurs = new Set(['node_modules', 'dist', 'out', 'cache'])
const readmeLines = 250

function documentsIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.isDirectory())
      return entry.name.startsWith('.') || notOurs.has(entry.name) ? [] : documentsIn(path)
    return entry.name.endsWith('.md') ? [path] : []
  })
}

/** What stands in fences is code, whatever it looks like; so is what stands between backticks. */
function proseOf(file) {
  return readFileSync(file, 'utf8').replace(/^(```+)[^\n]*\n[\s\S]*?^\1$/gm, '')
}

function linksOf(file) {
  const prose = proseOf(file).replace(/`[^`\n]*`/g, '')
  const inMarkdown = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
  const inHtml = [...prose.matchAll(/(?:href|src|srcset)="([^"]+)"/g)]
  return [...inMarkdown, ...inHtml].map(([, target]) => target).filter(target => !/^[a-z]+:/.test(target))
}

/** As GitHub names headings: lower case, spaces as hyphens, no punctuation, a number where one comes again. */
function anchorsOf(file) {
  const seen = new Map()
  return [...proseOf(file).matchAll(/^#{1,6}\s+(.*)$/gm)].map(([, heading]) => {
    const words = heading
      .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .trim()
      .toLowerCase()
    const name = words.replace(/[^\p{L}\p{N}\p{M} _-]/gu, '').replaceAll(' ', '-')
    const times = seen.get(name) ?? 0
    seen.set(name, times + 1)
    return times === 0 ? name : `${name}-${times}`
  })
}

function faultOf(file, link) {
  const [path, anchor] = link.split('#')
  const target = path === '' ? file : resolve(dirname(file), decodeURIComponent(path))
  if (!existsSync(target)) return 'there is no such file'
  if (anchor === undefined || !target.endsWith('.md') || anchorsOf(target).includes(anchor)) return undefined
  return 'there is no such heading'
}

const faults = documentsIn(root).flatMap(file =>
  linksOf(file).flatMap(link => {
    const fault = faultOf(file, link)
    return fault === undefined ? [] : [`${relative(root, file)}: ${link}: ${fault}`]
  }),
)
const lines = readFileSync(join(root, 'README.md'), 'utf8').split('\n').length - 1
if (lines > readmeLines)
  faults.push(`README.md has ${lines} lines: keep it to ${readmeLines}, and put reference beside its package`)
for (const fault of faults) process.stderr.write(`${fault}\n`)
if (faults.length > 0) process.exitCode = 1
