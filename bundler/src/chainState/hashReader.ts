// What every reader asks the node for in the same way: one JSON-RPC call at one block hash (EIP-1898).
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import type { Address, Hex, PublicClient } from 'viem'
import { isUnknownBlock } from './isUnknownBlock.ts'

export type HashReader = {
  /** The block goes behind the parameters `before`, and before those `behind`. */
  request<Answer>(call: NodeCall, block: BlockReference): Promise<Answer>
  /** Throws when the code is not the one of `codeHash`. */
  code(address: Address, codeHash: Hex, block: BlockReference): Promise<Hex>
  nonce(address: Address, block: BlockReference): Promise<bigint>
  balance(address: Address, block: BlockReference): Promise<bigint>
  /** Of an ancestor of `block`. */
  blockHash(number: bigint, block: BlockReference): Promise<Hex>
}

export type NodeCall = {
  readonly method: string
  readonly before: readonly unknown[]
  readonly behind?: readonly unknown[]
}

export const hashOfNoCode = keccak256Hex('0x')

/** The block may be on its way to the one of several nodes that is asked. */
const attempts = 4
const pauseMilliseconds = 150

export function createHashReader(client: PublicClient): HashReader {
  async function request<Answer>(call: NodeCall, { hash }: BlockReference): Promise<Answer> {
    const { method, before, behind = [] } = call
    for (let attempt = 1; ; attempt++) {
      try {
        return (await client.request({
          method,
          // requireCanonical is left out: what a reorg took away may be read to its end, and is then judged anew.
          params: [...before, { blockHash: hash }, ...behind],
        } as never)) as Answer
      } catch (error) {
        if (attempt === attempts || !isUnknownBlock(error)) throw error
        await new Promise(resolve => setTimeout(resolve, pauseMilliseconds * attempt))
      }
    }
  }
  return {
    request,
    async code(address, codeHash, block) {
      const code = await request<Hex>({ method: 'eth_getCode', before: [address] }, block)
      if (keccak256Hex(code) !== codeHash) {
        throw new Error(`The node gave code for ${address} that is not the code it named before`)
      }
      return code
    },
    async nonce(address, block) {
      return BigInt(await request<Hex>({ method: 'eth_getTransactionCount', before: [address] }, block))
    },
    async balance(address, block) {
      return BigInt(await request<Hex>({ method: 'eth_getBalance', before: [address] }, block))
    },
    async blockHash(number, block) {
      if (number === block.number) return block.hash
      const found = await client.getBlock({ blockNumber: number })
      return found.hash ?? '0x'
    },
  }
}
