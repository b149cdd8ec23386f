// Which signers the contract trusts: looked at in every block, and how deep that trust is. A reorg may take a young one
// back, and with it whatever was signed meanwhile.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import type { Address, PublicClient } from 'viem'

export type Trust = {
  readonly isTrusted: boolean
  /** Blocks on top of the first that is known to trust it, up to the depth that is needed. */
  readonly blocks: number
  readonly isDeep: boolean
}

export type TrustReader = {
  /** Throws when the node does not answer; what was known stays. */
  look(signers: readonly Address[], head: bigint): Promise<void>
  of(signer: Address): Trust
}

const none: Trust = { isTrusted: false, blocks: 0, isDeep: false }

export function createTrustReader(options: {
  readonly client: PublicClient
  readonly paymaster: Address
  readonly depthBlocks: number
}): TrustReader {
  const { client, paymaster, depthBlocks } = options
  const known = new Map<Address, Trust & { readonly since: bigint }>()

  async function isSigner(signer: Address, blockNumber?: bigint): Promise<boolean> {
    return await client.readContract({
      address: paymaster,
      abi: computePaymasterAbi,
      functionName: 'isSigner',
      args: [signer],
      ...(blockNumber !== undefined && { blockNumber }),
    })
  }

  async function lookAt(signer: Address, head: bigint): Promise<void> {
    const isTrusted = await isSigner(signer)
    const before = known.get(signer)
    if (!isTrusted) {
      known.set(signer, { ...none, since: 0n })
      return
    }
    const deep = head - BigInt(depthBlocks)
    const since = before?.isTrusted === true && before.since <= head ? before.since : head
    // Once deep it stays so until the newest block says otherwise. So deep there may be no contract yet.
    const isDeep =
      (before?.isDeep ?? false) || (deep >= 0n && (await isSigner(signer, deep).catch(() => false)))
    const blocks = isDeep ? depthBlocks : Math.min(Number(head - since), Math.max(depthBlocks - 1, 0))
    known.set(signer, { isTrusted, isDeep, blocks, since })
  }

  return {
    async look(signers, head) {
      await Promise.all(signers.map(signer => lookAt(signer, head)))
    },
    of: signer => known.get(signer) ?? none,
  }
}
