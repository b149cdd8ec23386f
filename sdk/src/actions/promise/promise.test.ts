import { custom, type EIP1193RequestFn, numberToHex } from 'viem'
import { createBundlerClient } from 'viem/account-abstraction'
import { describe, expect, it } from 'vitest'
import type { SmartAccountClient } from '../../clients/chainClientOf.ts'
import { describePromise } from './describePromise.ts'
import { sendUserOperationWithPromise } from './sendUserOperationWithPromise.ts'
import { readPromise } from './signedPromise.ts'
import { waitForPromise } from './waitForPromise.ts'

const hash = `0x${'ab'.repeat(32)}` as const
const sender = `0x${'5'.repeat(40)}` as const
const wire = {
  bundlerId: 7,
  userOpHash: hash,
  sender,
  nonce: '0x10000000000000000',
  latestBlock: numberToHex(1_234),
  maxBaseFeePerGas: '0x5',
  signature: `0x${'12'.repeat(65)}`,
  court: `0x${'c'.repeat(40)}`,
  chainId: '0x67',
  state: 'open',
} as const
const promise = readPromise(wire)

/** A bundler that answers as told; asked for something else it says, in its own words, that it knows no such method. */
function bundler(answers: Record<string, unknown>, missing: object = { code: -32601, message: 'not found' }) {
  const asked: { method: string; params?: unknown }[] = []
  const request = (async (call: { method: string; params?: unknown }) => {
    asked.push(call)
    const answer = answers[call.method]
    if (answer instanceof Error) throw answer
    if (answer !== undefined) return answer
    throw Object.assign(new Error('no'), missing)
  }) as EIP1193RequestFn
  const client = createBundlerClient({ transport: custom({ request }, { retryCount: 0 }) })
  return { client: client as unknown as SmartAccountClient, asked }
}

/** Signed and whole: nothing is left to prepare. */
const operation = {
  account: undefined,
  sender,
  nonce: 1n,
  callData: '0x',
  callGasLimit: 1n,
  verificationGasLimit: 1n,
  preVerificationGas: 1n,
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  signature: '0x01',
  entryPointAddress: `0x${'e'.repeat(40)}`,
} as never

describe('sendUserOperationWithPromise', () => {
  it("sends what viem would send, and returns the promise beside viem's hash", async () => {
    const { client, asked } = bundler({ worldland_sendUserOperation: { userOpHash: hash, promise: wire } })
    expect(await sendUserOperationWithPromise(client, operation)).toEqual({ hash, promise })
    const plain = bundler({ eth_sendUserOperation: hash })
    await sendUserOperationWithPromise(plain.client, operation)
    const [, viems] = plain.asked
    const { params } = viems as { params: readonly unknown[] }
    expect(asked).toEqual([
      { method: 'worldland_sendUserOperation', params: [...params, { waitMilliseconds: '0x1f4' }] },
    ])
  })

  it('falls back on eth_sendUserOperation where the bundler does not know the other, however it says so', async () => {
    const words = [
      { code: -32601, message: 'Method not found' },
      { code: -32603, message: 'method worldland_sendUserOperation does not exist/is not available' },
      { code: -32000, message: 'the method worldland_sendUserOperation is not whitelisted' },
    ]
    for (const missing of words) {
      const { client } = bundler({ eth_sendUserOperation: hash }, missing)
      expect(await sendUserOperationWithPromise(client, operation)).toEqual({ hash, promise: undefined })
    }
  })

  it('returns the hash without a promise that cannot be read: the operation is sent', async () => {
    const malformed = { ...wire, nonce: 'many' }
    const { client } = bundler({ worldland_sendUserOperation: { userOpHash: hash, promise: malformed } })
    expect(await sendUserOperationWithPromise(client, operation)).toEqual({ hash, promise: undefined })
  })

  it('sends nothing again when the bundler refuses the operation', async () => {
    const refusal = Object.assign(new Error('AA23 reverted'), { code: -32500 })
    const { client, asked } = bundler({ worldland_sendUserOperation: refusal, eth_sendUserOperation: hash })
    await expect(sendUserOperationWithPromise(client, operation)).rejects.toThrow()
    expect(asked.map(({ method }) => method)).toEqual(['worldland_sendUserOperation'])
  })
})

describe('waitForPromise', () => {
  it('returns the promise, with its quantities as numbers', async () => {
    const { client } = bundler({ worldland_getInclusionPromise: wire })
    expect(await waitForPromise(client, { hash })).toMatchObject({
      bundlerId: 7,
      latestBlock: 1_234n,
      chainId: 103,
    })
  })

  it('returns nothing where there is none, and where the bundler knows of none', async () => {
    expect(await waitForPromise(bundler({}).client, { hash })).toBeUndefined()
    const none = bundler({})
    none.client.request = (async () => null) as never
    expect(await waitForPromise(none.client, { hash })).toBeUndefined()
  })

  it('says so when the answer is no promise', async () => {
    for (const bad of [
      { ...wire, sender: '0x' },
      { ...wire, nonce: 'many' },
      { ...wire, bundlerId: '7' },
      'yes',
    ]) {
      const { client } = bundler({ worldland_getInclusionPromise: bad })
      await expect(waitForPromise(client, { hash })).rejects.toThrow('cannot be read')
    }
  })
})

describe('describePromise', () => {
  const worth = {
    stakeWei: 250n * 10n ** 18n,
    fineWei: 100n * 10n ** 18n,
    challengeDepositWei: 10n ** 18n,
    blocksLeft: 4n,
    isSettled: false,
    challengeableFrom: 1_235n,
    challengeableUntil: 1_299n,
    blockNumber: 1_230n,
  }

  it('says who stakes how much on which block, and about when that is', () => {
    expect(describePromise({ promise, worth })).toBe(
      'Bundler 7 stakes 100 WLC that the operation lands by block 1,234, in about 40 s on average; if it could and does not, it loses 100 WLC of the 250 WLC it has staked.',
    )
  })

  it('says what is to be done when its block has passed', () => {
    expect(describePromise({ promise, worth: { ...worth, blocksLeft: 0n } })).toContain(
      'has not: unless it does so, or shows that the operation cannot land any more, a challenge until block 1,299',
    )
  })

  it('says that it is over once the nonce is used', () => {
    expect(describePromise({ promise, worth: { ...worth, isSettled: true } })).toContain(
      'nonce is used by now',
    )
  })
})
