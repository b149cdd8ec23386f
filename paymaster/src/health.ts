// Can the service sign, and can what it signs land? Never asks how old the head is: on a proof-of-work
// chain a quiet minute is no fault. Nothing is asked of the node: it tells what is known.
import type { ChainFollower } from '@worldland-aa/service/chain/chainFollower'
import { nodeHealth } from '@worldland-aa/service/chain/nodeHealth'
import type { StorageWatch } from '@worldland-aa/service/database/storageWatch'
import type { Health } from '@worldland-aa/service/http/server'
import { leastDepositWei, leastTreasuryWei } from './leastFunds.ts'
import type { Position } from './ledger/position.ts'
import type { Brake } from './operator/brake.ts'
import type { PolicyBook } from './policy/policyBook.ts'
import type { LeaderTip } from './pricing/leaderTip.ts'
import type { Readiness } from './readiness.ts'
import { describeDrift } from './reconciliation/describeDrift.ts'
import type { Reconciliation } from './reconciliation/reconciliation.ts'
import type { Signers } from './signing/signers.ts'
import type { Treasury, TreasurySettings } from './treasury/treasury.ts'

/** `fails` makes the whole unfit to serve; what is only worth a look does not. */
type Check = { readonly says: string; readonly fails?: boolean }

export type HealthSources = {
  readonly chain: ChainFollower
  readonly position: () => Promise<Position | undefined>
  readonly treasury: Treasury
  readonly settings: TreasurySettings
  readonly readiness: Readiness
  readonly brake: Brake
  readonly signer: Pick<Signers, 'isTrusted'>
  readonly reconciliation: Pick<Reconciliation, 'latest' | 'lastComparison'>
  readonly policies: Pick<PolicyBook, 'describe'>
  readonly leaderTip: Pick<LeaderTip, 'wei'>
  readonly storage: StorageWatch
}

export function createHealthCheck(sources: HealthSources): () => Promise<Health> {
  const { chain, readiness, policies, storage } = sources
  return async () => {
    const awaited = readiness.waitsFor()
    const isFollowing = readiness.isCaughtUp()
    // A file that cannot be read has its own check.
    const position = await sources.position().catch(() => undefined)
    const baseFeePerGas = isFollowing ? chain.head().baseFeePerGas : 0n
    const neededWei = leastDepositWei(baseFeePerGas, sources.leaderTip.wei())
    const checks: Record<string, Check> = {
      ...(awaited === undefined ? {} : { start: { says: `waits for ${awaited}`, fails: true } }),
      signing: ofBrake(sources),
      signer: ofSigner(sources),
      policies: { says: policies.describe() },
      node: ofNode(chain),
      storage: { says: storage.problem() ?? 'is written', fails: storage.problem() !== undefined },
      head: { says: isFollowing ? String(chain.head().number) : 'not read yet' },
      settledTo: { says: String(position?.block.number ?? 'nothing') },
      deposit: ofDeposit(position, neededWei),
      treasury: ofTreasury(sources, baseFeePerGas),
      stake: ofStake(sources),
      // Told, and no more: somebody should look, and signing goes on.
      books: {
        says: describeDrift(sources.reconciliation.latest(), sources.reconciliation.lastComparison()),
      },
    }
    const named = Object.entries(checks)
    return {
      healthy: named.every(([, check]) => check.fails !== true),
      checks: Object.fromEntries(named.map(([name, { says }]) => [name, says])),
    }
  }
}

function ofBrake({ brake }: HealthSources): Check {
  const since = brake.pausedSince()
  const blocked = brake.blocked().length
  if (since === undefined)
    return { says: blocked === 0 ? 'for everyone' : `but for ${blocked} who are blocked` }
  const time = new Date(since * 1000).toISOString()
  return { says: `paused by the operator since ${time}: worldland-paymaster resume`, fails: true }
}

function ofSigner({ signer }: HealthSources): Check {
  if (signer.isTrusted()) return { says: 'trusted by the contract' }
  return {
    says: 'revoked: the owner of the contract must call setSigner, or give the key of another signer',
    fails: true,
  }
}

function ofNode(chain: ChainFollower): Check {
  const { healthy, says } = nodeHealth(chain)
  return { says, fails: !healthy }
}

/** Without room for one ordinary operation nobody can be served. */
function ofDeposit(position: Position | undefined, neededWei: bigint): Check {
  if (position === undefined) return { says: 'not read yet', fails: true }
  const { depositWei, depositHeldWei } = position
  const freeWei = depositWei > depositHeldWei ? depositWei - depositHeldWei : 0n
  if (freeWei >= neededWei) return { says: `${freeWei} wei free` }
  const why = depositHeldWei > 0n ? `${depositHeldWei} wei are held for what may still land` : 'fill it up'
  return {
    says: `${freeWei} of ${depositWei} wei free, less than the ${neededWei} that one operation may cost: ${why}`,
    fails: true,
  }
}

/** Only where there is a key that is to fill the deposit up. */
function ofTreasury({ treasury, settings }: HealthSources, baseFeePerGas: bigint): Check {
  const { address } = treasury
  if (address === undefined) return { says: 'no key: the deposit is filled up by hand' }
  const funds = treasury.funds()
  if (funds?.coinWei === undefined) return { says: 'not read yet' }
  const { coinWei, depositWei, revenueWei } = funds
  if (coinWei < leastTreasuryWei(baseFeePerGas)) {
    return {
      says: `${address} has ${coinWei} wei, too little for a transaction: send coin to it, or the deposit runs out`,
      fails: true,
    }
  }
  const missingWei = settings.depositTargetWei - depositWei - revenueWei
  if (missingWei <= coinWei) return { says: `${address} has ${coinWei} wei` }
  return {
    says: `${address} has ${coinWei} wei, less than the ${missingWei} that fill the deposit up: send coin`,
  }
}

/** Sponsored operations land without a stake; only token modes want one. */
function ofStake({ treasury, settings }: HealthSources): Check {
  const stakeWei = treasury.funds()?.stakeWei ?? 0n
  if (stakeWei >= settings.stakeWei) return { says: `${stakeWei} wei` }
  return { says: `${stakeWei} wei, below the ${settings.stakeWei} that bundlers may ask for` }
}
