// Which logs of a bundle's transaction are one operation's? In every EntryPoint its execution stands
// between the event before it (another operation's, or BeforeExecution) and its own event.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import type { RpcTransactionReceipt } from 'viem'
import {
  type Address,
  decodeEventLog,
  type Hash,
  type Hex,
  numberToHex,
  type RpcLog,
  zeroAddress,
} from 'viem'
import type { UserOperationReceipt } from './receipt.ts'

type EntryPointEvent = ReturnType<typeof decodeEntryPointEvent>

/** Undefined when the operation is not in this transaction. */
export function readUserOperationReceipt(
  receipt: RpcTransactionReceipt,
  entryPoint: Address,
  userOperationHash: Hash,
): UserOperationReceipt | undefined {
  let start = 0
  let reason: Hex | undefined
  for (const [index, log] of receipt.logs.entries()) {
    const event = decodeEntryPointEvent(log, entryPoint)
    if (event === undefined) continue
    if (event.eventName === 'BeforeExecution') start = index + 1
    if (event.eventName === 'UserOperationRevertReason' || event.eventName === 'PostOpRevertReason') {
      if (event.args.userOpHash === userOperationHash) reason = event.args.revertReason
    }
    if (event.eventName !== 'UserOperationEvent') continue
    if (event.args.userOpHash === userOperationHash) {
      return describe(event, { receipt, entryPoint, reason, logs: receipt.logs.slice(start, index) })
    }
    start = index + 1
  }
  return undefined
}

function describe(
  { args }: Extract<EntryPointEvent, { eventName: 'UserOperationEvent' }>,
  {
    reason,
    ...rest
  }: Pick<UserOperationReceipt, 'receipt' | 'entryPoint' | 'logs'> & { reason: Hex | undefined },
): UserOperationReceipt {
  return {
    userOpHash: args.userOpHash,
    sender: args.sender,
    nonce: numberToHex(args.nonce),
    ...(args.paymaster !== zeroAddress && { paymaster: args.paymaster }),
    actualGasCost: numberToHex(args.actualGasCost),
    actualGasUsed: numberToHex(args.actualGasUsed),
    success: args.success,
    ...(reason !== undefined && { reason }),
    ...rest,
  }
}

function decodeEntryPointEvent(log: RpcLog, entryPoint: Address) {
  if (log.address.toLowerCase() !== entryPoint.toLowerCase()) return undefined
  try {
    return decodeEventLog({ abi: entryPoint07Abi, data: log.data, topics: log.topics as [Hex, ...Hex[]] })
  } catch {
    // An event of a version this ABI does not know marks nothing.
    return undefined
  }
}
