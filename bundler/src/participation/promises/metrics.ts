// What an operator sees of what the node has promised.
import { latencyBucketsSeconds } from '@worldland-aa/service/metrics'
import { Counter, Gauge, Histogram, type Registry } from 'prom-client'
import type { PromiseState } from './promiseState.ts'

export type PromiseMetrics = {
  readonly signed: Counter
  readonly withheld: Counter<'reason'>
  readonly settled: Record<Exclude<PromiseState, 'open'>, Counter<'whose'>>
  readonly received: Counter<'verdict'>
  readonly challenges: Counter<'outcome'>
  readonly seconds: Histogram
}

export function createPromiseMetrics(registry: Registry, openCount: () => number): PromiseMetrics {
  const registers = [registry]
  const ended = (name: string, help: string): Counter<'whose'> =>
    new Counter({
      name: `bundler_promises_${name}_total`,
      help: `${help}; counted anew when a reorg changes it`,
      labelNames: ['whose'],
      registers,
    })
  new Gauge({
    name: 'bundler_promises_open',
    help: 'Promises of this node whose operations have yet to land',
    registers,
    collect() {
      this.set(openCount())
    },
  })
  return {
    signed: new Counter({
      name: 'bundler_promises_signed_total',
      help: 'Promises of inclusion that this node has signed',
      registers,
    }),
    withheld: new Counter({
      name: 'bundler_promises_withheld_total',
      help: 'Operations that this node, although it leads, did not promise to land, by reason',
      labelNames: ['reason'],
      registers,
    }),
    settled: {
      kept: ended('kept', 'Promises whose operation landed in time'),
      late: ended('late', 'Promises whose operation landed after its block'),
      broken: ended('broken', 'Promises whose operation had not landed by its block, although it could'),
      void: ended(
        'void',
        'Promises that bind nobody: the nonce was used otherwise, or the operation spoiled',
      ),
    },
    received: new Counter({
      name: 'bundler_promises_received_total',
      help: 'Promises of others that came in, by what was made of them',
      labelNames: ['verdict'],
      registers,
    }),
    challenges: new Counter({
      name: 'bundler_promises_challenges_total',
      help: 'Challenges of promises of this node before the court, by how they went',
      labelNames: ['outcome'],
      registers,
    }),
    seconds: new Histogram({
      name: 'bundler_promises_seconds',
      help: 'From the admission of an operation to the promise that it lands, on the disk',
      buckets: latencyBucketsSeconds,
      registers,
    }),
  }
}
