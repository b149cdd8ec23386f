// What Prometheus sees of the daemon, in the order of a lease's journey. Its numbers are floating-point: of wei they keep
// some 16 digits, enough for a chart and an alarm.
import { Counter, Gauge, type Registry } from 'prom-client'
import { formatEther } from 'viem'
import type { ToldParts } from './chain/tellParts.ts'
import type { GpuBook } from './hardware/gpuBook.ts'
import type { LeaseTools } from './leases/leaseActs.ts'
import type { LeaseRounds } from './leases/leaseRounds.ts'

export type ProviderMetrics = {
  readonly onAct: LeaseTools['onAct']
  /** Has the gauges read what they show at each scrape. */
  watch(sources: {
    readonly rounds: Pick<LeaseRounds, 'standings' | 'problem'>
    readonly partsBehind: ToldParts['behind']
    readonly gpus: GpuBook
    readonly gpuCount: number
    readonly isDraining: () => boolean
    readonly isRegistered: () => boolean
    readonly earnedWei: () => Promise<bigint>
  }): void
}

export function createProviderMetrics(registry: Registry): ProviderMetrics {
  const registers = [registry]
  const acts = new Counter({
    name: 'provider_lease_acts_total',
    help: 'What was done for leases, by act (judge, accept, start, ready, pong, freeze, …) and outcome (done, refused)',
    labelNames: ['act', 'outcome'],
    registers,
  })
  return {
    onAct: (act, outcome) => acts.inc({ act, outcome }),
    watch({ rounds, partsBehind, gpus, gpuCount, isDraining, isRegistered, earnedWei }) {
      const gauge = (name: string, help: string, read: () => number | Promise<number>): void => {
        new Gauge({
          ...{ name, help, registers },
          async collect() {
            this.set(await read())
          },
        })
      }
      new Gauge({
        name: 'provider_lease_standing',
        help: 'Leases that are looked after, by what the chain says and what their machine does',
        labelNames: ['state', 'machine'],
        registers,
        collect() {
          this.reset()
          for (const { lease, machine } of rounds.standings())
            this.inc({ state: lease?.state ?? 'none', machine })
        },
      })
      new Gauge({
        name: 'provider_parts_behind_blocks',
        help: 'Blocks that a part of the daemon (access, payments, trainings, earnings) could not take in; none while all is well',
        labelNames: ['part'],
        registers,
        collect() {
          this.reset()
          for (const { name: part, blocks } of partsBehind()) this.set({ part }, blocks)
        },
      })
      gauge('provider_machines_gpus', 'GPUs of this machine', () => gpuCount)
      gauge('provider_machines_gpus_free', 'GPUs that no machine has', gpus.freeCount)
      gauge(
        'provider_market_registered',
        '1 while the chain has this provider as the market file has it',
        () => (isRegistered() ? 1 : 0),
      )
      gauge('provider_market_draining', '1 while nothing new is taken', () => (isDraining() ? 1 : 0))
      gauge(
        'provider_lease_failing',
        '1 while leases cannot be looked after: node or machines do not answer',
        () => (rounds.problem() === undefined ? 0 : 1),
      )
      gauge('provider_earnings_coins', 'What was earned since the first start, in final blocks', async () =>
        Number(formatEther(await earnedWei())),
      )
    },
  }
}
