// What the parts of the model share while it runs.
import type { Contest } from '@worldland-aa/bundler/participation/policy/contest'
import type { Calibration } from './calibration.ts'
import type { Chain } from './chain/chain.ts'
import type { Network } from './network.ts'
import type { BundlerNode } from './node/bundlerNode.ts'
import type { CommitBook } from './node/commitBook.ts'
import type { KnownAt } from './node/knowledge.ts'
import type { WaitingRoom } from './node/waitingRoom.ts'
import type { Operation } from './operations.ts'
import type { Registry } from './registry/registry.ts'
import type { Scenario } from './scenario.ts'

export type World = {
  readonly scenario: Scenario
  readonly calibration: Calibration
  readonly chain: Chain
  readonly network: Network
  readonly registry: Registry
  readonly knownAt: KnownAt
  readonly commits: CommitBook
  readonly contest: Pick<Contest, 'isOn'>
  /** Sent, and in no settled block. In the order in which they were sent. */
  readonly unsettled: Map<number, Operation>
  openRoom(): Promise<WaitingRoom>
  nextTransactionNumber(): number
  /** Two commits of one sequence were signed. */
  equivocated(node: BundlerNode, commits: readonly [number, number], seconds: number): void
}
