// A Grafana dashboard of everything a daemon measures: a row for each stage, a panel for each metric, what it means as its
// description.
import { expressionsOf, unitOf } from './panelQueries.ts'
import type { Metric } from './readMetrics.ts'

const width = 12
const height = 8
/** Of the process, what says whether it is well. */
const processMetrics = [
  'process_cpu_seconds_total',
  'process_resident_memory_bytes',
  'nodejs_eventloop_lag_p99_seconds',
  'process_open_fds',
]

export function dashboardOf(daemon: string, metrics: readonly Metric[]): object {
  const rows = new Map<string, Metric[]>()
  for (const metric of metrics) {
    const row = rowOf(daemon, metric.name)
    if (row !== undefined) rows.set(row, [...(rows.get(row) ?? []), metric])
  }
  let nextId = 1
  let y = 0
  const panels: object[] = []
  const last = ['door', 'process']
  const ordered = [...rows].sort(([a], [b]) => last.indexOf(a) - last.indexOf(b))
  for (const [title, shown] of ordered) {
    panels.push({
      id: nextId++,
      type: 'row',
      title,
      collapsed: false,
      panels: [],
      gridPos: { h: 1, w: 24, x: 0, y },
    })
    y += 1
    for (const [index, metric] of shown.entries()) {
      panels.push(panelOf(metric, { id: nextId++, job: `worldland-${daemon}`, x: (index % 2) * width, y }))
      if (index % 2 === 1 || index === shown.length - 1) y += height
    }
  }
  return {
    uid: `worldland-${daemon}`,
    title: `WorldLand ${daemon}`,
    tags: ['worldland'],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [
        { name: 'datasource', type: 'datasource', query: 'prometheus', label: 'Prometheus' },
        {
          name: 'instance',
          type: 'query',
          datasource,
          query: `label_values(up{job="worldland-${daemon}"}, instance)`,
          includeAll: true,
          multi: true,
          refresh: 2,
          current: { text: 'All', value: '$__all' },
        },
      ],
    },
    panels,
  }
}

const datasource = { type: 'prometheus', uid: '$datasource' }

/** The stage: `bundler_mempool_wait_seconds` is of the mempool. Undefined: not shown. */
function rowOf(daemon: string, name: string): string | undefined {
  if (name.startsWith('door_')) return 'door'
  if (processMetrics.includes(name)) return 'process'
  if (!name.startsWith(`${daemon}_`)) return undefined
  return daemon === 'paymaster' ? 'sponsorship' : name.split('_')[1]
}

function panelOf(metric: Metric, place: { id: number; job: string; x: number; y: number }): object {
  const { id, job, x, y } = place
  return {
    id,
    type: 'timeseries',
    title: metric.name,
    description: metric.help,
    datasource,
    gridPos: { h: height, w: width, x, y },
    fieldConfig: {
      defaults: { unit: unitOf(metric), custom: { fillOpacity: 8, lineWidth: 1 } },
      overrides: [],
    },
    options: {
      legend: { displayMode: 'list', placement: 'bottom' },
      tooltip: { mode: 'multi', sort: 'desc' },
    },
    targets: expressionsOf(metric, job).map(({ expression, legend }, index) => ({
      refId: String.fromCharCode(65 + index),
      datasource,
      expr: expression,
      legendFormat: legend,
    })),
  }
}
