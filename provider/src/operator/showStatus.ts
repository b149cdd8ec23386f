// `status` as a person reads it: who this is, whether it is well, what it serves.
import { formatPricePerHour } from '@worldland-aa/sdk/actions/market/pricePerHour'
import type { Health } from '@worldland-aa/service/http/server'
import { formatEther } from 'viem'
import type { EndpointStatus } from '../gateway/endpointStatus.ts'
import type { LeaseStanding } from '../leases/leaseRounds.ts'

export function showStatus(options: {
  readonly provider: string
  readonly health: Health
  readonly isDraining: boolean
  readonly leases: readonly LeaseStanding[]
  readonly endpoints: readonly EndpointStatus[]
}): string {
  const { provider, health, isDraining, leases, endpoints } = options
  const taking = isDraining
    ? 'draining: nothing new is taken (worldland-provider drain --off)'
    : 'taking leases'
  const checks = Object.entries(health.checks).map(([name, says]) => [name, says] as const)
  return [
    `${provider}  ${health.healthy ? 'healthy' : 'NOT healthy'}, ${taking}`,
    '',
    ...columns(checks),
    '',
    ...(leases.length === 0 ? ['no leases'] : columns([leaseTitles, ...leases.map(leaseRow)])),
    ...(endpoints.length === 0 ? [] : ['', ...columns([endpointTitles, ...endpoints.map(endpointRow)])]),
  ].join('\n')
}

const endpointTitles = ['ENDPOINT', 'QUEUED', 'RUNNING', 'DONE', 'FAILED', 'WORKERS', 'STARTING', '']

function endpointRow({ id, jobs, workers, problem = '' }: EndpointStatus): readonly string[] {
  const { inQueue, inProgress, completed, failed } = jobs
  const figures = [inQueue, inProgress, completed, failed, workers.ready, workers.initializing]
  return [id, ...figures.map(String), problem]
}

const leaseTitles = ['LEASE', 'CHAIN', 'MACHINE', 'TIME', 'EARNED', 'PER HOUR', 'PAYER', '']

function leaseRow({ leaseId, lease, machine, note = '' }: LeaseStanding): readonly string[] {
  if (lease === undefined) return [`${leaseId}`, 'none', machine, '', '', '', '', note]
  const { state, usedSeconds, maximumSeconds, costWei, pricePerSecondWei, units, payer } = lease
  const pricePerHour = formatPricePerHour(pricePerSecondWei * BigInt(units), { decimals: 4 })
  return [
    `${leaseId}`,
    lease.ping === undefined ? state : `${state}, pinged`,
    machine,
    `${duration(usedSeconds)} of ${duration(maximumSeconds)}`,
    Number(formatEther(costWei)).toFixed(6),
    pricePerHour,
    `${payer.slice(0, 8)}…${payer.slice(-4)}`,
    note,
  ]
}

function duration(seconds: number): string {
  const [days, hours, minutes] = [seconds / 86_400, (seconds / 3_600) % 24, (seconds / 60) % 60].map(
    Math.floor,
  )
  if (seconds < 60) return `${seconds}s`
  return [days && `${days}d`, hours && `${hours}h`, minutes && `${minutes}m`].filter(Boolean).join(' ')
}

/** The last column is as long as it likes. */
function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)))
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}
