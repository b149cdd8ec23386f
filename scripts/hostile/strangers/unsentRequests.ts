// Asks the paymaster to sign, over and over, for accounts of its own and for somebody else's, and never sends.
import type { Address } from 'viem'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { plainOperation, withPaymaster } from '../operation.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

export function unsentRequests(
  house: House,
  caller: Caller,
  /** An honest person's account, whose place it would like to take. */
  victim: () => Address | undefined,
): Stranger {
  let acts = 0n
  return {
    name: 'requests never sent',
    everyMilliseconds: 250,
    async act() {
      const key = acts++
      const operation = await plainOperation(house, await house.newAccount(), { caller })
      const sender = key % 2n === 0n ? victim() : undefined
      const asked =
        sender === undefined
          ? operation
          : { ...operation, sender, nonce: key << 64n, factory: undefined, factoryData: undefined }
      try {
        await withPaymaster(house, caller, asked as never, null)
        return 'signed'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
