// Has the paymaster sign more than the work is worth, then lands it itself and pockets the difference.

import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { type Operation, plainOperation, signed, withPaymaster } from '../operation.ts'
import { minedOwnBundle, sendOwnBundle } from '../ownBundle.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

/** Tried from the greediest on. */
const factors = [64n, 16n, 4n, 2n] as const

export type Thief = Stranger & {
  /** What it gained by each bundle, after its own gas; below zero it lost. */
  readonly gainsWei: readonly bigint[]
}

export function inflatedFields(house: House, caller: Caller, stranger: DeploymentClient): Thief {
  const gainsWei: bigint[] = []
  const ownWei = (): Promise<bigint> => house.client.getBalance({ address: stranger.account.address })

  async function greediest(): Promise<Operation> {
    const account = await house.newAccount()
    const honest = await plainOperation(house, account, { caller })
    let last: unknown
    for (const factor of factors) {
      for (const fields of [
        { preVerificationGas: honest.preVerificationGas * factor },
        {
          maxFeePerGas: honest.maxFeePerGas * factor,
          maxPriorityFeePerGas: honest.maxPriorityFeePerGas * factor,
        },
        { callGasLimit: honest.callGasLimit * factor },
      ]) {
        try {
          return await signed(account, await withPaymaster(house, caller, { ...honest, ...fields }, null))
        } catch (error) {
          last = error
        }
      }
    }
    throw last
  }

  return {
    name: 'inflated fields',
    everyMilliseconds: 3_000,
    gainsWei,
    async act() {
      try {
        const operation = await greediest()
        const before = await ownWei()
        const receipt = await minedOwnBundle(stranger, await sendOwnBundle(house, stranger, [operation]))
        if (receipt?.status !== 'success') return 'signed, did not land'
        gainsWei.push((await ownWei()) - before)
        return 'signed and landed'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
