// What the chain says about a promise: who gave it, what stands behind it, and what has become of it.
import { type Address, type Client, isAddressEqual, zeroAddress } from 'viem'
import { getBlock, getChainId, readContract } from 'viem/actions'
import * as bundlerRegistry from '../../abi/bundlerRegistry.ts'
import * as entryPoint07 from '../../abi/entryPoint07.ts'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { entryPoint07Address } from '../../protocol/entryPoint.ts'
import type { SignedPromise } from './signedPromise.ts'

/** Its court is read from it. */
export type WithRegistry = { readonly contracts: Pick<ComputeContracts, 'bundlerRegistry'> }

export type PromiseFacts = {
  readonly chainId: number
  readonly blockNumber: bigint
  /** Wei per gas, of the last block. */
  readonly baseFeePerGas: bigint
  readonly court: Address
  /** Of the bundler; undefined: there is none of that id. */
  readonly nodeKey: Address | undefined
  readonly stakeWei: bigint
  /** First block in which the stake may leave; 0: it stays. */
  readonly exitBlock: bigint
  readonly fineWei: bigint
  readonly challengeDepositWei: bigint
  readonly challengeBlocks: bigint
  readonly answerBlocks: bigint
  /** Whether its nonce is used: by the operation itself, or by another. */
  readonly isNonceUsed: boolean
}

/** All of one block. */
export async function readPromiseFacts(
  chainClient: Client,
  { contracts, promise }: WithRegistry & { readonly promise: SignedPromise },
): Promise<PromiseFacts> {
  const block = await getBlock(chainClient)
  const blockNumber = block.number as bigint
  const registry = {
    address: contracts.bundlerRegistry,
    abi: [bundlerRegistry.bundler, bundlerRegistry.court, bundlerRegistry.terms],
    blockNumber,
  } as const
  const [chainId, bundler, court, terms, nextNonce] = await Promise.all([
    chainClient.chain?.id ?? getChainId(chainClient),
    readContract(chainClient, { ...registry, functionName: 'bundler', args: [promise.bundlerId] }),
    readContract(chainClient, { ...registry, functionName: 'court' }),
    readContract(chainClient, { ...registry, functionName: 'terms' }),
    readContract(chainClient, {
      address: entryPoint07Address,
      abi: [entryPoint07.getNonce],
      functionName: 'getNonce',
      args: [promise.sender, promise.nonce >> 64n],
      blockNumber,
    }),
  ])
  return {
    chainId,
    blockNumber,
    baseFeePerGas: block.baseFeePerGas ?? 0n,
    court,
    nodeKey: isAddressEqual(bundler.nodeKey, zeroAddress) ? undefined : bundler.nodeKey,
    stakeWei: bundler.stakeWei,
    exitBlock: bundler.exitBlock,
    fineWei: terms.promiseFineWei,
    challengeDepositWei: terms.challengeDepositWei,
    challengeBlocks: BigInt(terms.challengeBlocks),
    answerBlocks: BigInt(terms.answerBlocks),
    isNonceUsed: nextNonce > promise.nonce,
  }
}
