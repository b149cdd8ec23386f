// Writes the settings of the daemons into their documents, between the markers; `--check` only says whether they
// are up to date. One source: the settings records that the daemons themselves read.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundlerDefinition } from '@worldland-aa/bundler/config'
import { paymasterDefinition } from '@worldland-aa/paymaster/config'
import { providerDefinition } from '@worldland-aa/provider/config'
import type { Setting, Settings } from '@worldland-aa/service/config/setting'
import { environmentName, flagName } from '@worldland-aa/service/config/settingNames'
import { workspaceRoot } from './workspaceRoot.ts'

type Definition = { readonly prefix: string; readonly settings: Settings }

const documents = [
  { file: 'bundler/docs/settings.md', definition: bundlerDefinition },
  { file: 'paymaster/docs/settings.md', definition: paymasterDefinition },
  { file: 'provider/docs/settings.md', definition: providerDefinition },
] as const

const begin = '<!-- settings -->'
const end = '<!-- /settings -->'

function tablesOf({ settings, prefix }: Definition): string {
  const example = environmentName(prefix, Object.keys(settings)[0] ?? '')
  const groups = new Set(Object.values(settings).map(({ group }) => group))
  return [
    `Variables begin with \`${prefix}_\`: \`${example}\`.`,
    ...[...groups].flatMap(group => [
      `\n## ${group}\n`,
      '| flag | default | meaning |',
      '|---|---|---|',
      ...Object.entries(settings)
        .filter(([, setting]) => setting.group === group)
        .map(([name, setting]) => rowOf(name, setting)),
    ]),
  ].join('\n')
}

function rowOf(name: string, setting: Setting): string {
  const flag = flagName(setting.secret ? `${name}File` : name)
  const fallback = setting.fallback === undefined ? '' : `\`${showValue(setting.fallback)}\``
  return `| \`${flag}\` | ${fallback} | ${setting.describe} |`
}

function showValue(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(',')
  return String(value)
}

function replaceBetween(file: string, text: string, content: string): string {
  const from = text.indexOf(begin)
  const to = text.indexOf(end)
  if (from === -1 || to < from) throw new Error(`${file} lacks the markers ${begin} … ${end}`)
  return `${text.slice(0, from + begin.length)}\n${content}\n\n${text.slice(to)}`
}

for (const { file, definition } of documents) {
  const before = readFileSync(join(workspaceRoot, file), 'utf8')
  const after = replaceBetween(file, before, tablesOf(definition))
  if (!process.argv.includes('--check')) writeFileSync(join(workspaceRoot, file), after)
  else if (after !== before) {
    process.stderr.write(`${file}: the tables are out of date; run npm run docs\n`)
    process.exitCode = 1
  }
}
