// Sends operations that pay just enough for this block, so that the next rise of the base fee leaves them lying.
import { parseEther } from 'viem'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { plainOperation, send, signed, withGas } from '../operation.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

export function stuckFees(house: House, caller: Caller): Stranger {
  return {
    name: 'fees at the edge',
    everyMilliseconds: 2_000,
    async act() {
      try {
        const owned = await house.newAccount()
        await house.faucet.giveCoins(owned.account.address, parseEther('0.1'))
        const plain = await withGas(house, caller, await plainOperation(house, owned, { caller }))
        const { baseFeePerGas } = await house.client.getBlock({ blockTag: 'latest' })
        const maxFeePerGas = plain.maxPriorityFeePerGas + ((baseFeePerGas ?? 0n) * 101n) / 100n
        await send(house, caller, await signed(owned, { ...plain, maxFeePerGas }))
        return 'accepted'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
