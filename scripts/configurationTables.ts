// Writes the settings of both daemons into README's tables, between their markers; `--check` only says
// whether they are up to date. One source: the settings records that the daemons themselves read.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlerDefinition } from '@worldland-aa/bundler/config'
import { paymasterDefinition } from '@worldland-aa/paymaster/config'
import type { Settings } from '@worldland-aa/service/config/setting'
import { environmentName, flagName } from '@worldland-aa/service/config/settingNames'
import { workspaceRoot } from './workspaceRoot.ts'

const readmeFile = join(workspaceRoot, 'README.md')

function tableOf(definition: { prefix: string; settings: Settings }): string {
  const rows = Object.entries(definition.settings).map(([name, setting]) => {
    const flag = flagName(setting.secret ? `${name}File` : name)
    const fallback = setting.fallback === undefined ? '' : `\`${showValue(setting.fallback)}\``
    return `| \`${flag}\` | ${fallback} | ${setting.describe} |`
  })
  const example = environmentName(definition.prefix, Object.keys(definition.settings)[0] ?? '')
  return [
    `Variables begin with \`${definition.prefix}_\`: \`${example}\`.`,
    '',
    '| flag | default | meaning |',
    '|---|---|---|',
    ...rows,
  ].join('\n')
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',')
  return String(value)
}

function replaceBetween(text: string, marker: string, content: string): string {
  const [begin, end] = [`<!-- ${marker} -->`, `<!-- /${marker} -->`]
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`README.md lacks the markers ${begin} … ${end}`)
  return `${text.slice(0, from + begin.length)}\n${content}\n${text.slice(to)}`
}

const before = readFileSync(readmeFile, 'utf8')
const after = replaceBetween(
  replaceBetween(before, 'bundler settings', tableOf(bundlerDefinition)),
  'paymaster settings',
  tableOf(paymasterDefinition),
)
if (!process.argv.includes('--check')) writeFileSync(readmeFile, after)
else if (after !== before) {
  process.stderr.write('README.md: the configuration tables are out of date; run npm run docs\n')
  process.exitCode = 1
}
