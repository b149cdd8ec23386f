// Alerts as Prometheus reads them, and as the operator does.
import type { Alert } from './alerts.ts'

/** YAML, of which every JSON text is one. */
export function alertRulesFile(alerts: readonly Alert[]): string {
  const rules = alerts.map(({ name, severity, expression, lasting, says, remedy }) =>
    [
      `      - alert: ${name}`,
      `        expr: ${JSON.stringify(expression)}`,
      `        for: ${lasting}`,
      `        labels: { severity: ${severity} }`,
      '        annotations:',
      `          summary: ${JSON.stringify(says)}`,
      `          description: ${JSON.stringify(remedy.replaceAll('`', ''))}`,
    ].join('\n'),
  )
  return `# Made by npm run docs from scripts/monitoring/alerts.ts.\ngroups:\n  - name: worldland-aa\n    rules:\n${rules.join('\n')}\n`
}

export function alertsTable(alerts: readonly Alert[]): string {
  const rows = alerts.map(({ name, severity, says, remedy }) => {
    const subject = says
      .replace('{{ $labels.job }}', 'a daemon')
      .replace('executor {{ $labels.executor }}', 'an executor')
      .replace(': {{ $labels.reason }}', '')
      .replace('{{ $labels.part }}', 'a part')
    return `| ${name} | ${severity} | ${subject} | ${remedy} |`
  })
  return ['| alert | urgency | says | do |', '|---|---|---|---|', ...rows].join('\n')
}
