// What the chain would do with a transaction now, in a sentence that names the contract's own reason.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { errorDecoder } from '@worldland-aa/sdk/protocol/errorDecoder'
import { type Address, BaseError, type Hex, type PublicClient } from 'viem'

export type Simulated = {
  readonly from: Address
  readonly to: Address
  readonly data: Hex
  readonly valueWei: bigint
}

/** `ok`, or why it would revert. Throws when the node does not answer. */
export async function simulate(client: PublicClient, transaction: Simulated): Promise<string> {
  const { from, to, data, valueWei } = transaction
  if (valueWei > 0n && (await client.getBalance({ address: from })) < valueWei) {
    return `${from} has less than the ${valueWei} wei that it is to send`
  }
  try {
    await client.call({ account: from, to, data, value: valueWei })
    return 'ok'
  } catch (error) {
    const reason = revertReason(error)
    if (reason === undefined) throw error
    return reason
  }
}

const decodeError = errorDecoder([...computePaymasterAbi, ...entryPoint07Abi])

function revertReason(error: unknown): string | undefined {
  if (!(error instanceof BaseError)) return undefined
  const withData = error.walk(cause => typeof (cause as { data?: unknown }).data === 'string')
  const data = (withData as { data?: Hex } | null)?.data
  if (data !== undefined && data !== '0x') {
    const decoded = decodeError(data)
    if (decoded === undefined) return `it would revert with ${data.slice(0, 138)}`
    const { errorName, args } = decoded
    if (errorName === 'Error') return `it would revert: ${String(args[0])}`
    return `it would revert with ${errorName}(${args.map(String).join(', ')})`
  }
  const isRevert = error.walk(cause => /revert/i.test((cause as Error).message)) !== null
  return isRevert ? 'it would revert without a reason' : undefined
}
