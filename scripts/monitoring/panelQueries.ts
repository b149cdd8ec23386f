// What to ask Prometheus for a metric's panel, by its type and its name.
import type { Metric } from './readMetrics.ts'

const rateWindow = '$__rate_interval'

export type PanelQuery = { readonly expression: string; readonly legend: string }

export function expressionsOf(metric: Metric, job: string): readonly PanelQuery[] {
  const { name, type, labels } = metric
  const selector = `{job="${job}", instance=~"$instance"}`
  const legend = labels.map(label => `{{${label}}}`).join(' ') || '{{instance}}'
  const by = labels.length > 0 ? labels.join(', ') : 'instance'
  if (type === 'histogram') {
    return [0.5, 0.99].map(quantile => ({
      expression: `histogram_quantile(${quantile}, sum by (le) (rate(${name}_bucket${selector}[${rateWindow}])))`,
      legend: `p${quantile * 100}`,
    }))
  }
  const value =
    type === 'counter'
      ? `sum by (${by}) (rate(${name}${selector}[${rateWindow}]))`
      : `sum by (${by}) (${name}${selector})`
  return [{ expression: `${value}${scaleOf(name)}`, legend }]
}

/** As Grafana names units. */
export function unitOf({ name, type }: Pick<Metric, 'name' | 'type'>): string {
  if (name.endsWith('_cpu_seconds_total')) return 'percentunit'
  if (name.endsWith('_seconds')) return 's'
  if (name.endsWith('_bytes')) return 'bytes'
  if (name.includes('_per_gas_wei')) return 'suffix: gwei'
  if (name.includes('_wei')) return type === 'counter' ? 'suffix: coin/s' : 'suffix: coin'
  if (name.includes('_coins')) return type === 'counter' ? 'suffix: coin/s' : 'suffix: coin'
  return type === 'counter' ? 'cps' : 'short'
}

function scaleOf(name: string): string {
  if (name.includes('_per_gas_wei')) return ' / 1e9'
  return name.includes('_wei') ? ' / 1e18' : ''
}
