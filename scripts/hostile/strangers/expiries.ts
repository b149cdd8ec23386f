// Has operations signed for the shortest time there is, and sends them when it is almost over.
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { plainOperation, send, signed, withPaymaster } from '../operation.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

const validForSeconds = 6

export function expiries(house: House, caller: Caller): Stranger {
  return {
    name: 'almost expired',
    everyMilliseconds: 4_000,
    async act() {
      try {
        const owned = await house.newAccount()
        const plain = await plainOperation(house, owned, { caller })
        const operation = await signed(owned, await withPaymaster(house, caller, plain, { validForSeconds }))
        await new Promise(resolve => setTimeout(resolve, (validForSeconds - 1) * 1_000))
        await send(house, caller, operation)
        return 'accepted'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
