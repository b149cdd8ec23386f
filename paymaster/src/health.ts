// Can the service sign, and can what it signs land? Never asks how old the head is: on a proof-of-work
// chain a quiet minute is no fault.
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { nodeHealth } from '@worldland-aa/service/chain/nodeHealth'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import type { Health } from '@worldland-aa/service/http/server'
import type { Ledger } from './ledger/ledger.ts'
import type { Brake } from './operator/brake.ts'
import type { PolicyBook } from './policy/policyBook.ts'
import type { Treasury, TreasurySettings } from './treasury/treasury.ts'

export function createHealthCheck(options: {
  readonly chain: ChainFollower
  readonly ledger: Ledger
  readonly treasury: Treasury
  readonly settings: TreasurySettings
  readonly brake: Brake
  readonly policies: PolicyBook
  readonly storage: StorageWatch
}): () => Promise<Health> {
  const { chain, ledger, treasury, settings, brake, policies, storage } = options
  return async () => {
    const pausedSince = brake.pausedSince()
    const node = nodeHealth(chain)
    const position = await ledger.position()
    const freeWei = position === undefined ? 0n : position.depositWei - position.depositHeldWei
    const stakeWei = treasury.funds()?.stakeWei ?? 0n
    return {
      healthy: node.healthy && freeWei > 0n && pausedSince === undefined && storage.problem() === undefined,
      checks: {
        signing:
          pausedSince === undefined
            ? 'as the policies say'
            : `paused by the operator since ${new Date(pausedSince * 1000).toISOString()}: worldland-paymaster resume`,
        policies: policies.describe(),
        node: node.says,
        storage: storage.problem() ?? 'is written',
        head: String(chain.head().number),
        settledTo: String(position?.block.number ?? 'nothing'),
        deposit:
          freeWei > 0n ? `${freeWei} wei free` : 'used up: nothing can be signed until it is filled up',
        stake:
          stakeWei >= settings.stakeWei
            ? `${stakeWei} wei`
            : `${stakeWei} wei, below the ${settings.stakeWei} that bundlers may ask for`,
      },
    }
  }
}
