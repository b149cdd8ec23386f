// Earnings as a person reads them: by day and by agreement, to the wei, and what a reorg may still take back apart.
import { formatEther } from 'viem'
import type { Earning } from './readEarnings.ts'

export function showEarnings(options: {
  readonly final: readonly Earning[]
  readonly notFinal: readonly Earning[]
  readonly sinceBlock: bigint
}): string {
  const { final, notFinal, sinceBlock } = options
  const all = [...final, ...notFinal]
  if (all.length === 0) return `nothing was earned since block ${sinceBlock}`
  const lines = [
    `earned since block ${sinceBlock}: ${sum(all)} wei (${formatEther(sum(all))} tokens)`,
    ...(notFinal.length === 0 ? [] : [`of which not final yet: ${sum(notFinal)} wei`]),
    '',
    ...table('day (UTC)', all, dayOf),
    '',
    ...table('agreement', all, ({ kind, agreementId }) => `${agreementNames[kind]} ${agreementId}`),
  ]
  return lines.join('\n')
}

const agreementNames: Readonly<Record<Earning['kind'], string>> = {
  lease: 'lease',
  fault: 'lease',
  ping: 'lease',
  session: 'session',
}

function table(title: string, earnings: readonly Earning[], groupOf: (earning: Earning) => string): string[] {
  const groups = new Map<string, bigint>()
  for (const earning of earnings)
    groups.set(groupOf(earning), (groups.get(groupOf(earning)) ?? 0n) + earning.wei)
  const rows = [...groups].map(([name, wei]) => [name, `${wei}`] as const)
  const width = Math.max(title.length, ...rows.map(([name]) => name.length))
  const weiWidth = Math.max('wei'.length, ...rows.map(([, wei]) => wei.length))
  return [[title, 'wei'] as const, ...rows].map(
    ([name, wei]) => `${name.padEnd(width)}  ${wei.padStart(weiWidth)}`,
  )
}

function dayOf({ timestamp }: Earning): string {
  return new Date(timestamp * 1000).toISOString().slice(0, 10)
}

function sum(earnings: readonly Earning[]): bigint {
  return earnings.reduce((total, { wei }) => total + wei, 0n)
}
