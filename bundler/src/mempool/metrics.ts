// What an operator sees of the waiting room.
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'

export type MempoolMetrics = {
  readonly accepted: Counter
  readonly refused: Counter<'code'>
  readonly dropped: Counter<'code'>
  readonly replaced: Counter
  readonly evicted: Counter
  readonly resurrected: Counter
  readonly waitSeconds: Histogram
}

export function createMempoolMetrics(
  registry: Registry,
  size: () => { pending: number; submitted: number },
): MempoolMetrics {
  const registers = [registry]
  new Gauge({
    name: 'bundler_mempool_operations',
    help: 'Operations that wait for a bundle (pending) or for its block (submitted)',
    labelNames: ['state'],
    registers,
    collect() {
      const { pending, submitted } = size()
      this.set({ state: 'pending' }, pending)
      this.set({ state: 'submitted' }, submitted)
    },
  })
  return {
    accepted: new Counter({
      name: 'bundler_mempool_accepted_total',
      help: 'Operations acknowledged, each of them on the disk',
      registers,
    }),
    refused: new Counter({
      name: 'bundler_mempool_refused_total',
      help: 'Valid operations that the mempool turned away, by JSON-RPC code',
      labelNames: ['code'],
      registers,
    }),
    dropped: new Counter({
      name: 'bundler_mempool_dropped_total',
      help: 'Acknowledged operations that ended without landing, by the code of the reason',
      labelNames: ['code'],
      registers,
    }),
    replaced: new Counter({
      name: 'bundler_mempool_replaced_total',
      help: 'Operations whose sender replaced them by a dearer one',
      registers,
    }),
    evicted: new Counter({
      name: 'bundler_mempool_evicted_total',
      help: 'Operations that made room for better paying ones',
      registers,
    }),
    resurrected: new Counter({
      name: 'bundler_mempool_resurrected_total',
      help: 'Operations that a reorg took out of the chain and that wait again',
      registers,
    }),
    waitSeconds: new Histogram({
      name: 'bundler_mempool_wait_seconds',
      help: 'From acknowledgement to the block',
      buckets: [0.25, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 900, 3600],
      registers,
    }),
  }
}
