// Looks at each block whether those who were let in still may: who may not is put out at once, and what lets him in is
// forgotten when that is final, since a reorg may give him his right back.
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { GrantBook } from './grantBook.ts'
import type { Guests } from './guests.ts'

export type RightWatch = {
  /** Throws where the node does not answer; call it again then. */
  onBlock(number: bigint): Promise<void>
}

export function createRightWatch(options: {
  readonly grants: Pick<GrantBook, 'users' | 'forgetUser'>
  readonly guests: Pick<Guests, 'review'>
  readonly isAuthorized: (leaseId: bigint, user: Address) => Promise<boolean>
  readonly finalityBlocks: number
  readonly onPutOut: (count: number) => void
  readonly logger: Logger
}): RightWatch {
  const { grants, guests, isAuthorized, finalityBlocks, onPutOut, logger } = options
  /** Since which block somebody may not, by lease and user. */
  const deniedSince = new Map<string, bigint>()

  async function lookAt(leaseId: bigint, user: Address, number: bigint): Promise<void> {
    const name = `${leaseId} ${user}`
    if (await isAuthorized(leaseId, user)) return void deniedSince.delete(name)
    const since = deniedSince.get(name) ?? number
    // A reorg may have taken the block that he lost it in.
    deniedSince.set(name, since < number ? since : number)
    if (number - since < BigInt(finalityBlocks)) return
    deniedSince.delete(name)
    // They open nothing in any case: a full disk must not hold up who waits for the block.
    await grants.forgetUser(leaseId, user).catch(error => {
      logger.error({ error, leaseId, user }, 'secrets that open nothing stay on the disk until a restart')
    })
  }

  return {
    async onBlock(number) {
      const count = await guests.review(isAuthorized)
      if (count > 0) {
        onPutOut(count)
        logger.info({ count, block: number }, 'guests whose right has ended were put out')
      }
      const users = grants.users()
      const names = new Set(users.map(({ leaseId, user }) => `${leaseId} ${user}`))
      for (const name of deniedSince.keys()) if (!names.has(name)) deniedSince.delete(name)
      await Promise.all(users.map(({ leaseId, user }) => lookAt(leaseId, user, number)))
    },
  }
}
