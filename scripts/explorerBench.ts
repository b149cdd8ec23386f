#!/usr/bin/env node
// npm run bench:explorer: how long the console's explorer takes over a month of a busy house, filter by filter, and how
// long the event loop waits meanwhile. In a file of its own, removed at the end.
import { mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import type { OperationFilter } from '@worldland-aa/paymaster/admin/operations/schema'
import type { ExplorerQueries } from '@worldland-aa/paymaster/decisions/explorer/queries'
import { createQueryThread } from '@worldland-aa/service/database/queryThread'
import { fillExplorer, monthEnd, monthSeconds } from './explorerBench/fillExplorer.ts'

const operations = Number(process.argv[2] ?? 1_000_000)
const rounds = 15
const folder = mkdtempSync(join(tmpdir(), 'explorer-bench-'))
const path = join(folder, 'ledger.sqlite')

try {
  const begun = performance.now()
  await fillExplorer(path, operations)
  const gibibytes = (statSync(path).size / 2 ** 30).toFixed(2)
  console.log(
    `${operations} decisions, ${gibibytes} GiB, written in ${((performance.now() - begun) / 1000).toFixed(0)} s`,
  )
  await measure()
} finally {
  rmSync(folder, { recursive: true })
}

async function measure(): Promise<void> {
  const thread = createQueryThread<ExplorerQueries>({
    path,
    module: '@worldland-aa/paymaster/decisions/explorer/queries',
  })
  const { items } = await thread.ask('page', { filter: {}, limit: 200 })
  const whale = await busiestSender(items.flatMap(({ sender }) => sender ?? []))
  const [some] = items.filter(({ userOperationHash }) => userOperationHash !== null)
  const someSender = items.find(({ sender }) => sender !== whale)?.sender ?? whale
  const middle = monthEnd - monthSeconds / 2
  const filters: Record<string, OperationFilter> = {
    nothing: {},
    policy: { policyId: 'policy-3' },
    mode: { mode: 'token' },
    outcome: { outcome: 'refused' },
    reason: { reason: 'callNotAllowed' },
    'state: few, the newest': { state: 'included' },
    'state: few and old': { state: 'reserved', untilSeconds: middle },
    'API key': { apiKeyId: 'key-2' },
    'policy, mode, outcome, state, key': {
      ...{ policyId: 'policy-3', mode: 'sponsor', outcome: 'granted' },
      ...{ state: 'final', apiKeyId: 'key-1' },
    },
    'nothing matches': { policyId: 'policy-3', reason: 'callNotAllowed' },
    'a day in the middle': { fromSeconds: middle, untilSeconds: middle + 86_400 },
    'a day in the middle, refused, a reason': {
      ...{ fromSeconds: middle, untilSeconds: middle + 86_400 },
      ...{ outcome: 'refused', reason: 'nonceUsed' },
    },
    'a sender': { sender: someSender },
    'the busiest sender': { sender: whale },
    'the busiest sender, refused, a reason': { sender: whale, outcome: 'refused', reason: 'feeTooLow' },
    'the busiest sender, a nonce': { sender: whale, search: '699' },
    hash: { search: some?.userOperationHash ?? '0x' },
    'beginning of a hash or sender, 4 digits': { search: '0xabcd' },
    'beginning of a sender': { search: someSender.slice(0, 10) },
    'nonce, as a beginning': { search: '69' },
    'nonce, as a beginning, expired': { search: '1', state: 'expired' },
  }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  delay.enable()
  console.log(
    `\n${'filter'.padEnd(44)}${'page of 50'.padStart(12)}${'slowest'.padStart(10)}${'count'.padStart(10)}${'matches'.padStart(11)}`,
  )
  for (const [name, filter] of Object.entries(filters)) {
    const pages: number[] = []
    const counts: number[] = []
    let matches = ''
    for (let round = 0; round < rounds; round++) {
      pages.push(await timed(() => thread.ask('page', { filter, limit: 50 })))
      counts.push(
        await timed(async () => {
          const { count, isCountCapped } = await thread.ask('count', filter)
          matches = isCountCapped ? `>${count}` : String(count)
        }),
      )
    }
    console.log(
      `${name.padEnd(44)}${shown(median(pages))}${shown(Math.max(...pages), 10)}${shown(median(counts), 10)}${matches.padStart(11)}`,
    )
  }
  const house = await timed(() => thread.ask('house', { sinceSeconds: 0 }))
  console.log(`${'the figures of the overview, 30 days'.padEnd(44)}${shown(house)}`)
  console.log(
    `\nmilliseconds; the event loop waited ${(delay.max / 1e6).toFixed(1)} at the longest, ${(delay.percentile(99) / 1e6).toFixed(1)} in 99 of 100`,
  )
  await thread.stop()
}

async function busiestSender(senders: readonly string[]): Promise<string> {
  const times = new Map<string, number>()
  for (const sender of senders) times.set(sender, (times.get(sender) ?? 0) + 1)
  return [...times].sort(([, one], [, other]) => other - one)[0]?.[0] ?? ''
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

function median(values: readonly number[]): number {
  return [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0
}

function shown(milliseconds: number, width = 12): string {
  return milliseconds.toFixed(1).padStart(width)
}
