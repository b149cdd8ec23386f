// Can an operation of this sender land at all, and soon? Nothing is set aside for one that cannot.

import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import { deny } from '../denial.ts'
import type { RequestedOperation } from '../requestedOperation.ts'
import { readNextNonce } from './senderFunds.ts'
import { lowerCase } from './sponsorshipPolicy.ts'

/** The nonce that the EntryPoint expects next in the operation's lane. */
export type SenderJudge = (operation: RequestedOperation) => Promise<Result<bigint>>

/** Code stays where it is, but for a reorg: an account that was seen need not be asked for again. */
const mostRemembered = 10_000

export function createSenderJudge(options: {
  readonly client: PublicClient
  readonly entryPoint: Address
  /** Nonces beyond the next one of their lane that are signed for. */
  readonly nonceWindow: number
}): SenderJudge {
  const { client, entryPoint, nonceWindow } = options
  const deployed = new Set<Address>()

  async function isDeployed({ sender, factory }: RequestedOperation): Promise<boolean> {
    const key = lowerCase(sender)
    // Who brings a factory may know of a reorg that took the account back.
    if (factory === undefined && deployed.has(key)) return true
    const code = await client.getCode({ address: sender })
    if (code === undefined || code === '0x') return false
    const [oldest] = deployed
    if (deployed.size >= mostRemembered && oldest !== undefined) deployed.delete(oldest)
    deployed.add(key)
    return true
  }

  return async operation => {
    const { sender, factory } = operation
    const [nextNonce, hasCode] = await Promise.all([
      readNextNonce(client, entryPoint, operation),
      isDeployed(operation),
    ])
    const lastNonce = nextNonce + BigInt(nonceWindow)
    const refusal = judgeNonce(operation, nextNonce, lastNonce) ?? judgeCode(sender, factory, hasCode)
    return refusal ?? accept(nextNonce)
  }
}

function judgeNonce(
  { sender, nonce }: RequestedOperation,
  nextNonce: bigint,
  lastNonce: bigint,
): Result<never> | undefined {
  const details = { nonce: String(nonce), nextNonce: String(nextNonce) }
  if (nonce < nextNonce) {
    return deny(
      'nonceUsed',
      { problem: `The nonce ${nonce} of ${sender} is used`, remedy: `the next one is ${nextNonce}` },
      details,
    )
  }
  if (nonce <= lastNonce) return undefined
  return deny(
    'nonceTooFar',
    {
      problem: `The nonce ${nonce} of ${sender} is too far from the next one of its lane, ${nextNonce}`,
      remedy: `take that, or at most ${lastNonce}`,
    },
    details,
  )
}

function judgeCode(
  sender: Address,
  factory: Address | undefined,
  hasCode: boolean,
): Result<never> | undefined {
  if (hasCode && factory !== undefined) {
    return deny(
      'noAccount',
      { problem: `${sender} is deployed already`, remedy: 'leave factory and factoryData out' },
      { sender },
    )
  }
  if (hasCode || factory !== undefined) return undefined
  return deny(
    'noAccount',
    {
      problem: `There is no account at ${sender}`,
      remedy: 'give the factory and factoryData that deploy it',
    },
    { sender },
  )
}
