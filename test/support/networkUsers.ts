// Users of a network of bundlers: each sends to whichever he likes, and to another when that one does not answer. What was
// acknowledged, by whom and when, is remembered for the judge.

import { randomInt } from 'node:crypto'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Hash, PublicClient } from 'viem'
import { formatUserOperationRequest } from 'viem/account-abstraction'
import type { BenchAccount } from '../../scripts/bench/accounts.ts'
import type { NetworkBundler } from './bundlerNetwork.ts'
import type { TestChain } from './chain.ts'
import type { CrowdOperation } from './crowd.ts'
import { ask } from './rpc.ts'
import { askForSignature, signGrant } from './sponsoredCrowd.ts'

export type Acknowledged = {
  readonly operation: CrowdOperation
  /** The last that it was sent to. */
  readonly by: NetworkBundler
  /** The chain's head then. */
  readonly block: bigint
}

const pauseMilliseconds = 200
const attemptLimit = 300

/** Sends to one of `to` by lot until one acknowledges; throws on a refusal that is not "landed already". */
export async function sendToAnyOf(
  client: PublicClient,
  operation: CrowdOperation,
  to: () => readonly NetworkBundler[],
): Promise<Acknowledged> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const there = to().filter(({ daemon }) => daemon !== undefined)
    const by = there[randomInt(Math.max(1, there.length))]
    const said = by && (await offer(operation, by))
    // An acknowledgement may get lost, and the operation land meanwhile.
    if (by && (said === operation.hash || (attempt > 0 && said?.includes('AA25'))))
      return { operation, by, block: await client.getBlockNumber({ cacheTime: 0 }) }
    if (said !== undefined && said !== 'unreachable' && !said.startsWith('-32603'))
      throw new Error(`${operation.hash} was refused by bundler ${by?.bundlerId}: ${said}`)
    await new Promise(resolve => setTimeout(resolve, pauseMilliseconds))
  }
  throw new Error(`${operation.hash} was not acknowledged in ${attemptLimit} attempts`)
}

/** The hash, what the refusal says, or `unreachable`. */
export async function offer({ wire }: CrowdOperation, to: NetworkBundler): Promise<string> {
  if (to.daemon === undefined) return 'unreachable'
  try {
    const { result, error } = await ask(to.daemon.url, 'eth_sendUserOperation', wire, entryPoint07Address)
    return error === undefined ? String(result) : `${error.code} ${error.message}`
  } catch {
    return 'unreachable'
  }
}

/** Whether this one has an operation, waiting, in flight or landed. */
export async function isKnownTo(to: NetworkBundler, hash: Hash): Promise<boolean> {
  if (to.daemon === undefined) return false
  const { result } = await ask(to.daemon.url, 'eth_getUserOperationByHash', hash)
  return result !== null && result !== undefined
}

/** An operation that a paymaster pays for, signed by it and by its account; throws where it refuses. */
export async function sponsoredOperation(options: {
  readonly chain: TestChain
  readonly account: BenchAccount
  readonly lane: bigint
  readonly policyId: string
  readonly paymasterUrl: string
}): Promise<CrowdOperation> {
  const { account, paymasterUrl } = options
  // What bundlers ask for an operation of this size.
  const gas = { preVerificationGas: 63_000n }
  const asked = await askForSignature({ ...options, gas, url: () => paymasterUrl })
  if (asked.kind === 'refused') throw new Error(`the paymaster refuses: ${asked.reason}`)
  const signed = await signGrant([account], asked.grant)
  return { hash: asked.grant.hash, wire: formatUserOperationRequest(signed) }
}
