// Signs for each bundle that this node sends in its turn, so that whoever leads next leaves its operations alone. Where
// it signs is on the disk first: never two different commits to one place, whatever happens between.
import type { Clock } from '@worldland-aa/service/clock'
import type { Address, PrivateKeyAccount } from 'viem'
import type { Commits, Database } from '../../database.ts'
import type { SignedBundleCommit } from '../gossip/messages.ts'
import type { SentBundle } from '../participation.ts'
import { commitHash, operationsHashOf } from './commitHash.ts'

export type OwnCommits = {
  /** One after the other, in the order asked. */
  sign(bundle: SentBundle, place: CommitPlace): Promise<SignedBundleCommit>
  /** What was signed in windows before is no longer needed. */
  forgetBefore(window: bigint): Promise<void>
}

export type CommitPlace = { readonly bundlerId: number; readonly window: bigint; readonly court: Address }

export function createOwnCommits(options: {
  readonly database: Database
  readonly commits: Commits
  readonly chainId: number
  readonly account: PrivateKeyAccount
  readonly clock: Clock
}): OwnCommits {
  const { database, commits, account } = options
  const nodeKey = account.address
  let last: Promise<unknown> = Promise.resolve()

  /**
   * Above all before in this window, and no lower than the clock's seconds: a node that has lost its file, or had an
   * older copy put back, does not know what it signed, and must not sign there again.
   */
  async function nextSequence(window: number): Promise<number> {
    const row = await database
      .selectFrom('bundle_commit')
      .select(select => select.fn.max('sequence').as('last'))
      .where('node_key', '=', nodeKey)
      .where('window', '=', window)
      .executeTakeFirst()
    return Math.max((row?.last ?? -1) + 1, Math.floor(options.clock.now() / 1_000))
  }

  async function signNow(bundle: SentBundle, place: CommitPlace): Promise<SignedBundleCommit> {
    const { operations, transactionHash } = bundle
    const { bundlerId, window, court } = place
    const sequence = await nextSequence(Number(window))
    await commits.commit(async transaction => {
      await transaction
        .insertInto('bundle_commit')
        .values({
          node_key: nodeKey,
          window: Number(window),
          sequence,
          operations: JSON.stringify(operations),
          transaction_hash: transactionHash,
        })
        .execute()
    })
    const operationsHash = operationsHashOf(operations)
    const commit = { bundlerId, window, sequence, operationsHash, transactionHash }
    const hash = commitHash(commit, { chainId: options.chainId, court })
    return { commit, operations, signature: await account.sign({ hash }) }
  }

  return {
    sign(bundle, place) {
      const result = last.then(() => signNow(bundle, place))
      last = result.catch(() => undefined)
      return result
    },
    async forgetBefore(window) {
      await commits.commit(async transaction => {
        await transaction.deleteFrom('bundle_commit').where('window', '<', Number(window)).execute()
      })
    },
  }
}
