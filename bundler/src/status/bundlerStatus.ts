// How the bundler is, for its operator's page: what stands in memory, bounded, with nothing asked of node or disk. Wei are
// decimal strings in fields named …Wei, times are seconds.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Health } from '@worldland-aa/service/http/server'
import { type Address, getAddress } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Participation } from '../participation/participation.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { Submission } from '../submission/submission.ts'
import type { RefusalTally } from './refusalTally.ts'

export type BundlerStatusSources = {
  readonly nodeVersion: string
  readonly chainId: number
  readonly entryPoint: Address
  readonly version: EntryPointVersion
  readonly chain: { head(): Block }
  readonly health: () => Health
  readonly mempool: Pick<Mempool, 'size' | 'oldestWaiting'>
  readonly mempoolCapacity: number
  readonly submission: Pick<Submission, 'executors' | 'inFlight'>
  readonly reputation: Pick<Reputation, 'dump'>
  readonly refusals: Pick<RefusalTally, 'counts'>
  readonly paymaster: { says(): string }
  readonly participation: Pick<Participation, 'status'>
}

export type BundlerStatus = ReturnType<typeof bundlerStatus>

const mostBundles = 100
const mostOperationsOfOne = 200
const mostExecutors = 100
const mostRefusals = 50
const mostEntities = 100

export function bundlerStatus(sources: BundlerStatusSources) {
  const { mempool, submission } = sources
  const { healthy, checks } = sources.health()
  const { number, hash, timestamp, baseFeePerGas } = sources.chain.head()
  const { pending, submitted } = mempool.size()
  return {
    version: sources.nodeVersion,
    chainId: sources.chainId,
    entryPoint: sources.entryPoint,
    entryPointVersion: sources.version.number,
    healthy,
    checks,
    head: {
      number: Number(number),
      hash,
      timestampSeconds: Number(timestamp),
      baseFeePerGasWei: String(baseFeePerGas),
    },
    mempool: {
      pending,
      submitted,
      capacity: sources.mempoolCapacity,
      oldestWaiting: mempool.oldestWaiting() ?? null,
    },
    bundles: submission.inFlight().slice(0, mostBundles).map(showBundle),
    executors: submission
      .executors()
      .slice(0, mostExecutors)
      .map(({ address, balanceWei, pendingNonce, setAside }) => ({
        address,
        balanceWei: String(balanceWei),
        pendingNonce,
        setAsideBecause: setAside ?? null,
      })),
    refusals: sources.refusals.counts().slice(0, mostRefusals),
    reputation: sources.reputation
      .dump()
      .flatMap(({ address, status, opsSeen: seen, opsIncluded: included }) =>
        status === 'ok' ? [] : [{ address: getAddress(address), status, seen, included }],
      )
      .slice(0, mostEntities),
    paymaster: sources.paymaster.says(),
    participation: sources.participation.status(),
  }
}

function showBundle(bundle: ReturnType<Submission['inFlight']>[number]) {
  const { fees, operations } = bundle
  return {
    transactionHash: bundle.transactionHash,
    executor: bundle.executor,
    nonce: bundle.nonce,
    userOperationHashes: operations.slice(0, mostOperationsOfOne),
    operations: operations.length,
    sentAtBlock: Number(bundle.openedAtBlock),
    blocksWaited: bundle.blocksWaited,
    maxFeePerGasWei: String(fees.maxFeePerGas),
    maxPriorityFeePerGasWei: String(fees.maxPriorityFeePerGas),
    attempts: bundle.attempts,
  }
}
