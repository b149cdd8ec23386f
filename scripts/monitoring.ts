// Writes what watches the daemons: a Grafana dashboard for each, Prometheus' alert rules, and the chapter's table of
// them. `--check` only says whether they are up to date; a rule that names a metric which is gone is refused either way.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { alertRulesFile, alertsTable } from './monitoring/alertRules.ts'
import { alerts } from './monitoring/alerts.ts'
import { dashboardOf } from './monitoring/dashboard.ts'
import { type Metric, readMetrics } from './monitoring/readMetrics.ts'
import { unknownMetrics } from './monitoring/unknownMetrics.ts'
import { workspaceRoot } from './workspaceRoot.ts'

const metrics = readMetrics()
const unknown = unknownMetrics(
  alerts.map(alert => alert.expression),
  [...metrics.bundler, ...metrics.paymaster, ...metrics.provider],
)
if (unknown.length > 0)
  throw new Error(`No daemon has ${unknown.join(', ')}: mend scripts/monitoring/alerts.ts`)

const chapter = 'docs/operating.md'
const files: Readonly<Record<string, string>> = {
  'deploy/monitoring/bundler.json': dashboard('bundler', metrics.bundler),
  'deploy/monitoring/paymaster.json': dashboard('paymaster', metrics.paymaster),
  'deploy/monitoring/provider.json': dashboard('provider', metrics.provider),
  'deploy/monitoring/alerts.yml': alertRulesFile(alerts),
  [chapter]: withTable(readFileSync(join(workspaceRoot, chapter), 'utf8')),
}
for (const [name, content] of Object.entries(files)) {
  const path = join(workspaceRoot, name)
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, content)
  } else if (readFileSync(path, 'utf8') !== content) {
    process.stderr.write(`${name} is out of date; run npm run docs\n`)
    process.exitCode = 1
  }
}

function dashboard(daemon: string, shown: readonly Metric[]): string {
  return `${JSON.stringify(dashboardOf(daemon, shown), undefined, 2)}\n`
}

function withTable(text: string): string {
  return text.replace(/(<!-- alerts -->\n)[\s\S]*?(<!-- \/alerts -->)/, (_, begin, end) => {
    return `${begin}${alertsTable(alerts)}\n${end}`
  })
}
