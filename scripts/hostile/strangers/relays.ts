// Gives an operation to the bundler and lands it itself before the bundler can, through a bundle of its own; then asks
// for it by its hash, and for hashes that nobody knows.
import { parseEther, toHex } from 'viem'
import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { plainOperation, send, signed, withGas } from '../operation.ts'
import { minedOwnBundle, sendOwnBundle } from '../ownBundle.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

export function relays(house: House, caller: Caller, stranger: DeploymentClient): Stranger {
  return {
    name: 'landed elsewhere',
    everyMilliseconds: 3_000,
    async act() {
      try {
        const owned = await house.newAccount()
        await house.faucet.giveCoins(owned.account.address, parseEther('0.1'))
        const plain = await plainOperation(house, owned, { caller })
        const operation = await signed(owned, await withGas(house, caller, plain))
        const hash = await send(house, caller, operation)
        await minedOwnBundle(stranger, await sendOwnBundle(house, stranger, [operation]))
        const unknown = toHex(crypto.getRandomValues(new Uint8Array(32)))
        for (const asked of [hash, unknown]) await caller.call('eth_getUserOperationByHash', asked)
        return 'accepted, landed elsewhere'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
