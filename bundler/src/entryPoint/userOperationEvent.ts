// UserOperationEvent, which every EntryPoint emits alike for each operation that landed, read from a node's log. By
// hand, since every operation's is read twice.
import { type Address, getAddress, type Hash, type Hex, slice, toEventSelector, zeroAddress } from 'viem'

export type UserOperationEvent = {
  readonly operationHash: Hash
  readonly sender: Address
  /** Undefined when the account paid. */
  readonly paymaster: Address | undefined
  readonly nonce: bigint
  readonly success: boolean
  readonly actualGasCostWei: bigint
  readonly actualGasUsed: bigint
}

export const userOperationEventTopic = toEventSelector(
  'UserOperationEvent(bytes32,address,address,uint256,bool,uint256,uint256)',
)

const topicCount = 4
const dataWords = 4

/** Undefined for any other log. */
export function readUserOperationEvent(log: {
  readonly topics: readonly Hex[]
  readonly data: Hex
}): UserOperationEvent | undefined {
  const [topic, operationHash, sender, paymaster] = log.topics
  if (topic !== userOperationEventTopic || log.topics.length !== topicCount) return undefined
  if (operationHash === undefined || sender === undefined || paymaster === undefined) return undefined
  if (log.data.length !== 2 + 64 * dataWords) return undefined
  const word = (index: number): bigint => BigInt(`0x${log.data.slice(2 + 64 * index, 66 + 64 * index)}`)
  const payer = addressOf(paymaster)
  return {
    operationHash,
    sender: addressOf(sender),
    paymaster: payer === zeroAddress ? undefined : payer,
    nonce: word(0),
    success: word(1) === 1n,
    actualGasCostWei: word(2),
    actualGasUsed: word(3),
  }
}

function addressOf(topic: Hex): Address {
  return getAddress(slice(topic, 12))
}
