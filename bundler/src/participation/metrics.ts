// What an operator sees of the turns that this node takes with others.
import { Counter, Gauge, type Registry } from 'prom-client'
import type { ParticipationStatus } from './participationStatus.ts'
import type { Standing } from './schedule/schedule.ts'

export type ParticipationMetrics = {
  readonly blocks: Counter<'standing'>
  readonly skipped: Counter<'because'>
  readonly commitsSigned: Counter
  readonly commitsHeard: Counter<'verdict'>
  readonly equivocations: Counter
  readonly taken: Counter
}

const standings: readonly Standing[] = ['leader', 'fallback', 'grace', 'none', 'open']

export function createParticipationMetrics(
  registry: Registry,
  status: () => ParticipationStatus,
): ParticipationMetrics {
  const registers = [registry]
  gauge('strikes', 'Bundles of this node out of turn, as the registry counts them', 'strikes')
  gauge('stake_wei', "This node's stake", 'stakeWei')
  function gauge(name: string, help: string, field: 'strikes' | 'stakeWei'): void {
    new Gauge({
      name: `bundler_participation_${name}`,
      help,
      registers,
      collect() {
        this.set(Number(status().registry?.bundler?.[field] ?? 0))
      },
    })
  }
  const blocks = new Counter({
    name: 'bundler_participation_blocks_total',
    help: 'Blocks, by what this node was for the next: leader, fallback, grace, none (another leads), open (nobody does)',
    labelNames: ['standing'],
    registers,
  })
  for (const standing of standings) blocks.inc({ standing }, 0)
  return {
    blocks,
    skipped: new Counter({
      name: 'bundler_participation_skipped_total',
      help: 'Operations left for another, once a window: whose turn it is (turn), or who has signed for it (commit)',
      labelNames: ['because'],
      registers,
    }),
    commitsSigned: new Counter({
      name: 'bundler_participation_commits_signed_total',
      help: 'Bundles that this node has signed for',
      registers,
    }),
    commitsHeard: new Counter({
      name: 'bundler_participation_commits_heard_total',
      help: "Others' commits, by what was made of them: accept, ignore, reject",
      labelNames: ['verdict'],
      registers,
    }),
    equivocations: new Counter({
      name: 'bundler_participation_equivocations_total',
      help: 'Two commits of one bundler to one place: a fault that its stake answers for',
      registers,
    }),
    taken: new Counter({
      name: 'bundler_participation_taken_total',
      help: 'Operations that waited here and were landed by somebody who has signed for nothing, out of turn',
      registers,
    }),
  }
}
