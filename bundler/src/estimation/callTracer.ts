// Who runs a call for an estimate and tells what it called: the node, or the EVM of our own.
import type { Block } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, numberToHex, type PublicClient } from 'viem'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { CallFrame } from './callFrame.ts'
import { nextBlock } from './nextBlock.ts'
import { overriddenWriteShortfall } from './overriddenWrite.ts'
import { depositIn, depositSlotOf, type RpcOverrides } from './overrides.ts'

export type CallRequest = {
  /** What the call is made for: calls of one operation, and of its kind, read much the same. */
  readonly userOperation: UserOperation
  readonly call: { readonly to: Address; readonly data: Hex; readonly gas: bigint }
  readonly overrides: RpcOverrides
  readonly block: Block
}

export type FundsRequest = {
  readonly userOperation: UserOperation
  readonly entryPoint: Address
  readonly block: Block
}

/** In wei. */
export type SenderFunds = { readonly balanceWei: bigint; readonly depositWei: bigint }

/** Both throw when the node does not answer. */
export type CallTracer = {
  traceCall(request: CallRequest): Promise<CallFrame>
  /** What the operation's sender holds and has in the EntryPoint; what its calls will read may be asked for with it. */
  senderFunds(request: FundsRequest): Promise<SenderFunds>
  /** Gas by which a write to a slot that an override has set comes out too cheap; 0 if absent. */
  overriddenWriteShortfall?(): Promise<bigint>
}

/** By debug_traceCall with the node's native callTracer. */
export function nodeCallTracer(client: PublicClient): CallTracer {
  let shortfall: Promise<bigint> | undefined
  return {
    traceCall({ call, overrides, block }) {
      const { number, timestamp } = nextBlock(block)
      const blockOverrides = { number: numberToHex(number), time: numberToHex(timestamp) }
      return client.request<{
        Method: 'debug_traceCall'
        Parameters: [call: object, block: { blockHash: string }, config: object]
        ReturnType: CallFrame
      }>({
        method: 'debug_traceCall',
        params: [
          { ...call, gas: numberToHex(call.gas) },
          { blockHash: block.hash },
          { tracer: 'callTracer', stateOverrides: overrides, blockOverrides },
        ],
      })
    },
    async senderFunds({ userOperation: { sender }, entryPoint, block: { hash: blockHash } }) {
      const [balanceWei, word] = await Promise.all([
        client.getBalance({ address: sender, blockHash }),
        client.request({
          method: 'eth_getStorageAt',
          params: [entryPoint, depositSlotOf(sender), { blockHash }],
        } as never),
      ])
      return { balanceWei, depositWei: depositIn(BigInt(word as Hex)) }
    },
    overriddenWriteShortfall() {
      shortfall ??= overriddenWriteShortfall(client)
      shortfall.catch(() => {
        shortfall = undefined
      })
      return shortfall
    },
  }
}
