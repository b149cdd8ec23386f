// Which logs of a bundle's transaction are one operation's? In every EntryPoint its execution stands
// between the event before it (another operation's, or BeforeExecution) and its own event.
import { canonicalDecoder } from '@worldland-aa/sdk/protocol/canonicalDecoder'
import {
  type Address,
  type Hash,
  type Hex,
  numberToHex,
  parseAbiParameters,
  type RpcLog,
  type RpcTransactionReceipt,
  toEventSelector,
  zeroAddress,
} from 'viem'
import { readUserOperationEvent, userOperationEventTopic } from '../entryPoint/userOperationEvent.ts'
import type { UserOperationReceipt } from './receipt.ts'

const beforeExecution = toEventSelector('BeforeExecution()')
const reverted: readonly (Hex | undefined)[] = ['UserOperationRevertReason', 'PostOpRevertReason'].map(name =>
  toEventSelector(`${name}(bytes32,address,uint256,bytes)`),
)

/** Undefined when the operation is not in this transaction. */
export function readUserOperationReceipt(
  receipt: RpcTransactionReceipt,
  entryPoint: Address,
  userOperationHash: Hash,
): UserOperationReceipt | undefined {
  const ours = entryPoint.toLowerCase()
  let start = 0
  let reason: Hex = '0x'
  for (const [index, log] of receipt.logs.entries()) {
    if (log.address.toLowerCase() !== ours) continue
    const [topic, operationHash] = log.topics
    if (topic === beforeExecution) start = index + 1
    // Any number of other operations may have reverted: what they said is not even looked at.
    if (operationHash === userOperationHash && reverted.includes(topic)) reason = revertReasonIn(log)
    if (topic !== userOperationEventTopic) continue
    if (operationHash === userOperationHash) {
      return describe(log, { receipt, entryPoint, reason, logs: receipt.logs.slice(start, index) })
    }
    start = index + 1
  }
  return undefined
}

/** Every EntryPoint cuts what it tells of a revert to 2,048 bytes. */
const decodeRevert = canonicalDecoder(parseAbiParameters('uint256, bytes'), {
  maxBytes: 4_096,
  maxListLength: 0,
  ending: 'open',
})

function revertReasonIn({ data }: RpcLog): Hex {
  const decoded = decodeRevert(data)
  return decoded.ok ? decoded.values[1] : '0x'
}

function describe(
  log: RpcLog,
  rest: Pick<UserOperationReceipt, 'receipt' | 'entryPoint' | 'logs' | 'reason'>,
): UserOperationReceipt | undefined {
  const event = readUserOperationEvent(log)
  if (event === undefined) return undefined
  return {
    userOpHash: event.operationHash,
    sender: event.sender,
    nonce: numberToHex(event.nonce),
    paymaster: event.paymaster ?? zeroAddress,
    actualGasCost: numberToHex(event.actualGasCostWei),
    actualGasUsed: numberToHex(event.actualGasUsed),
    success: event.success,
    ...rest,
  }
}
