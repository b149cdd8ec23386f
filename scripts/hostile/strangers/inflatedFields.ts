// Has the paymaster sign more than the work is worth, then lands it itself and pockets the difference.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { parseEventLogs, parseGwei, type TransactionReceipt } from 'viem'
import type { DeploymentClient } from '../../deploy/deploymentClient.ts'
import type { Caller } from '../caller.ts'
import type { House } from '../house.ts'
import { type Operation, plainOperation, signed, withPaymasterSignature, withStub } from '../operation.ts'
import { minedOwnBundle, sendOwnBundle } from '../ownBundle.ts'
import type { Stranger } from './stranger.ts'
import { outcomeOf } from './stranger.ts'

/** What miners on WorldLand take at least. */
const networkTipWei = parseGwei('1')
/** Tried from the greediest on, in tenths. */
const factors = [640n, 160n, 40n, 20n, 15n, 12n] as const
const tenths = 10n

export type Thief = Stranger & {
  /** What each bundle cost the deposit, in parts of what its gas was worth at the network's fees. */
  readonly costliness: readonly number[]
}

export function inflatedFields(house: House, caller: Caller, stranger: DeploymentClient): Thief {
  const costliness: number[] = []

  async function costOverWorth(receipt: TransactionReceipt): Promise<number> {
    const [event] = parseEventLogs({
      abi: entryPoint07Abi,
      logs: receipt.logs,
      eventName: 'UserOperationEvent',
    })
    const { baseFeePerGas } = await house.client.getBlock({ blockNumber: receipt.blockNumber })
    const worthWei = receipt.gasUsed * ((baseFeePerGas ?? 0n) + networkTipWei)
    return Number(((event?.args.actualGasCost ?? 0n) * 1_000n) / worthWei) / 1_000
  }

  async function greediest(): Promise<Operation> {
    const account = await house.newAccount()
    const plain = await plainOperation(house, account, { caller })
    const honest = await withStub(house, caller, plain, null)
    let last: unknown
    for (const factor of factors) {
      for (const fields of [
        { preVerificationGas: (honest.preVerificationGas * factor) / tenths },
        {
          maxFeePerGas: (honest.maxFeePerGas * factor) / tenths,
          maxPriorityFeePerGas: (honest.maxPriorityFeePerGas * factor) / tenths,
        },
        { callGasLimit: (honest.callGasLimit * factor) / tenths },
      ]) {
        try {
          const inflated = { ...honest, ...fields }
          return await signed(account, await withPaymasterSignature(house, caller, inflated, null))
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
    costliness,
    async act() {
      try {
        const operation = await greediest()
        const receipt = await minedOwnBundle(stranger, await sendOwnBundle(house, stranger, [operation]))
        if (receipt?.status !== 'success') return 'signed, did not land'
        costliness.push(await costOverWorth(receipt))
        return 'signed and landed'
      } catch (error) {
        return outcomeOf(error)
      }
    },
  }
}
