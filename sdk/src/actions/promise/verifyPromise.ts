// Is a promise worth anything? Asks the chain, not the bundler.
import {
  type Client,
  type GetBlockErrorType,
  type Hex,
  hashTypedData,
  isAddressEqual,
  type ReadContractErrorType,
  recoverAddress,
} from 'viem'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { amount } from '../../errors/sentences/amount.ts'
import { bundlingDomain, inclusionPromiseTypes } from '../../protocol/bundling.ts'
import { type PromiseFacts, readPromiseFacts, type WithRegistry } from './promiseFacts.ts'
import type { SignedPromise } from './signedPromise.ts'

export type VerifyPromiseParameters = WithRegistry & {
  readonly promise: SignedPromise
  /** The operation that was sent. Default: whatever the promise says it is about. */
  readonly hash?: Hex | undefined
}
/** What stands behind a promise that holds. */
export type PromiseWorth = {
  /** What its bundler has staked; for all of its promises together. Wei of the native coin. */
  readonly stakeWei: bigint
  /** What breaking it costs the bundler, half of which goes to whoever challenges it. */
  readonly fineWei: bigint
  /** What a challenge takes; it comes back unless the operation turns out to be impossible to land. */
  readonly challengeDepositWei: bigint
  /** Blocks until its last one; 0: that has come. */
  readonly blocksLeft: bigint
  /** Whether the operation, or another of its nonce, has landed: it is kept, or binds nobody any more. */
  readonly isSettled: boolean
  /** Blocks in which it can be challenged, the first and the last. */
  readonly challengeableFrom: bigint
  readonly challengeableUntil: bigint
  /** The block that all this was read at. */
  readonly blockNumber: bigint
}
export type VerifyPromiseReturnType =
  | ({ readonly ok: true } & PromiseWorth)
  | { readonly ok: false; readonly problem: string }
export type VerifyPromiseErrorType = ReadContractErrorType | GetBlockErrorType

/**
 * Verifies a bundler's promise against the chain: that it is signed by the key of a registered bundler, whose stake covers
 * the fine and stays until nobody can challenge any more, before the market's own court, and not past all challenges.
 *
 * @example
 * import { verifyPromise } from '@worldland-aa/sdk/actions/promise/verifyPromise'
 *
 * const verdict = await verifyPromise(publicClient, { contracts, promise })
 * if (!verdict.ok) console.log(verdict.problem)
 */
export async function verifyPromise(
  client: Client | SmartAccountClient,
  parameters: VerifyPromiseParameters,
): Promise<VerifyPromiseReturnType> {
  const { contracts, promise, hash = promise.userOpHash } = parameters
  const facts = await readPromiseFacts(chainClientOf(client), { contracts, promise })
  const problem = problemOfPlace(promise, facts, hash) ?? problemOfStake(promise, facts)
  if (problem !== undefined) return { ok: false, problem }
  if (!(await isSignedBy(promise, facts)))
    return { ok: false, problem: `The signature is not by the key of bundler ${promise.bundlerId}` }
  const { latestBlock } = promise
  const { blockNumber, stakeWei, fineWei, challengeDepositWei, challengeBlocks, isNonceUsed } = facts
  return {
    ok: true,
    stakeWei,
    fineWei,
    challengeDepositWei,
    blocksLeft: latestBlock > blockNumber ? latestBlock - blockNumber : 0n,
    isSettled: isNonceUsed,
    challengeableFrom: latestBlock + 1n,
    challengeableUntil: latestBlock + challengeBlocks,
    blockNumber,
  }
}

function problemOfPlace(promise: SignedPromise, facts: PromiseFacts, hash: Hex): string | undefined {
  if (promise.userOpHash.toLowerCase() !== hash.toLowerCase())
    return `It is about operation ${promise.userOpHash}, not ${hash}`
  if (promise.chainId !== facts.chainId) return `It is for chain ${promise.chainId}, not ${facts.chainId}`
  if (!isAddressEqual(promise.court, facts.court))
    return `It is for the court ${promise.court}, not the market's, ${facts.court}`
  const last = promise.latestBlock + facts.challengeBlocks
  return facts.blockNumber > last
    ? `It could be challenged until block ${last}, and the chain is at ${facts.blockNumber}`
    : undefined
}

function problemOfStake({ bundlerId, latestBlock }: SignedPromise, facts: PromiseFacts): string | undefined {
  const { stakeWei, fineWei, exitBlock, challengeBlocks, answerBlocks } = facts
  if (facts.nodeKey === undefined) return `There is no bundler ${bundlerId}`
  if (stakeWei < fineWei)
    return `Bundler ${bundlerId} has ${amount(stakeWei)} at stake, and the fine is ${amount(fineWei)}`
  return exitBlock !== 0n && exitBlock <= latestBlock + challengeBlocks + answerBlocks
    ? `Bundler ${bundlerId} may take its stake away from block ${exitBlock} on, before this is judged`
    : undefined
}

async function isSignedBy(
  { signature, court, chainId, ...promise }: SignedPromise,
  { nodeKey }: PromiseFacts,
): Promise<boolean> {
  const hash = hashTypedData({
    domain: bundlingDomain(chainId, court),
    types: inclusionPromiseTypes,
    primaryType: 'InclusionPromise',
    message: promise,
  })
  const signer = await recoverAddress({ hash, signature }).catch(() => undefined)
  return signer !== undefined && nodeKey !== undefined && isAddressEqual(signer, nodeKey)
}
