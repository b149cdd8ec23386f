// Is the node fit to serve? Asks what it depends on, never a clock of blocks: on a proof-of-work
// chain a quiet minute is no fault.
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { nodeHealth } from '@worldland-aa/service/chain/nodeHealth'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import type { Health } from '@worldland-aa/service/http/server'
import type { Mempool } from './mempool/mempool.ts'
import type { Participation } from './participation/participation.ts'
import type { ParticipationStatus } from './participation/participationStatus.ts'
import type { PaymasterWatch } from './paymaster/paymasterWatch.ts'
import { baseFeeProblem, type FeeLimit } from './submission/feeLimit.ts'
import type { Fees } from './submission/fees.ts'
import type { Submission } from './submission/submission.ts'

export function createHealthCheck(stages: {
  chain: ChainFollower
  submission: Submission
  mempool: Mempool
  storage: StorageWatch
  paymaster: Pick<PaymasterWatch, 'says'>
  participation: Pick<Participation, 'status'>
  fees: Pick<Fees, 'currentFees'>
  feeLimit: FeeLimit
}): () => Health {
  return () => {
    const node = nodeHealth(stages.chain)
    const executors = stages.submission.executors()
    const able = executors.filter(executor => executor.setAside === undefined)
    const { pending, submitted } = stages.mempool.size()
    return {
      healthy: node.healthy && able.length > 0 && stages.storage.problem() === undefined,
      checks: {
        node: node.says,
        storage: stages.storage.problem() ?? 'is written',
        head: String(stages.chain.head().number),
        executors: describeExecutors(able.length, executors),
        fees: baseFeeProblem(stages.feeLimit, stages.fees.currentFees().baseFeePerGas) ?? 'within the limit',
        // Told, and no more: what its senders pay for lands without it.
        paymaster: stages.paymaster.says(),
        participation: describeParticipation(stages.participation.status()),
        mempool: `${pending} waiting, ${submitted} in bundles`,
      },
    }
  }
}

/** Told, and no more: a node that is not served by the schedule still takes operations in and passes them on. */
function describeParticipation({ mode, problems }: ParticipationStatus): string {
  return [
    mode === 'open' ? 'open: this node bundles when it likes' : 'keeps leader windows',
    ...problems,
  ].join('; ')
}

function describeExecutors(able: number, executors: ReturnType<Submission['executors']>): string {
  const aside = executors
    .filter(executor => executor.setAside !== undefined)
    .map(executor => `${executor.address}: ${executor.setAside}`)
  return [`${able} of ${executors.length} can send`, ...aside].join('; ')
}
