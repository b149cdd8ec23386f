// Wishes of strangers: what is asked for and never sent holds no more than its share, of anything.
import { decodePaymasterData } from '@worldland-aa/sdk/protocol/paymasterData'
import { type Address, type Hex, numberToHex, parseEther } from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { landOperation } from './testing/landOperation.ts'
import {
  approveCall,
  fees,
  fillTank,
  gas,
  newAccount,
  stranger,
  transferCall,
  viemClient,
  welcomePolicy,
} from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from './testing/startPaymaster.ts'

const depositWei = parseEther('0.2')
let chain: Chain
let service: PaymasterUnderTest

beforeEach(async () => {
  chain = await startChain({ depositWei })
  service = await startPaymaster(chain, {
    settings: { trustedProxies: ['127.0.0.1'], depositTargetWei: '0', depositMinimumWei: '0' },
    policies: {
      policies: [
        welcomePolicy(chain),
        welcomePolicy(chain, { id: 'other', default: false }),
        welcomePolicy(chain, {
          id: 'each',
          default: false,
          limits: {
            costPerOperationWei: '0.01ether',
            perSender: { operations: 8 },
            global: { costWei: '0.5ether' },
          },
        }),
        welcomePolicy(chain, {
          id: 'eight',
          default: false,
          limits: { costPerOperationWei: '0.01ether', global: { costWei: '0.5ether', operations: 8 } },
        }),
      ],
    },
  })
})
afterEach(async () => {
  await service?.stop()
  await chain?.stop()
})

type Answer = {
  result?: Record<string, Hex>
  error?: { message: string; data?: { reason?: string; budget?: string } }
}
type Change = {
  caller?: string
  lane?: number
  sequence?: bigint
  sender?: Address
  undeployed?: boolean
  maxFeePerGas?: bigint
  context?: object
}

/** A request as somebody's client sends it, for its own account or any other. */
async function ask(account: SmartAccount, change: Change = {}): Promise<Answer> {
  const { factory, factoryData } = await account.getFactoryArgs()
  const { lane = 0, sequence = 0n, maxFeePerGas = fees.maxFeePerGas } = change
  const operation = {
    sender: change.sender ?? account.address,
    nonce: numberToHex((BigInt(lane) << 64n) + sequence),
    callData: await account.encodeCalls([transferCall(chain)]),
    ...(factory && factoryData && change.undeployed !== true ? { factory, factoryData } : {}),
    callGasLimit: numberToHex(gas.callGasLimit),
    verificationGasLimit: numberToHex(gas.verificationGasLimit),
    preVerificationGas: numberToHex(gas.preVerificationGas),
    maxFeePerGas: numberToHex(maxFeePerGas),
    maxPriorityFeePerGas: numberToHex(maxFeePerGas < 10n ** 9n ? maxFeePerGas : 10n ** 9n),
    signature: await account.getStubSignature(),
  }
  const params = [operation, chain.entryPoint, '0x67', change.context ?? {}]
  const response = await fetch(service.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': change.caller ?? '198.51.100.1' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'pm_getPaymasterData', params }),
  })
  return (await response.json()) as Answer
}

/** Asks in one new lane after the other until it is refused; the refusal, and how much was given before. */
async function exhaust(account: SmartAccount, change: Change, firstLane: number) {
  for (let given = 0; given < 500; given++) {
    const { error } = await ask(account, { ...change, lane: firstLane + given })
    if (error !== undefined) return { given, budget: error.data?.budget, message: error.message }
  }
  throw new Error('Nothing stopped it')
}

describe('what is asked for and never sent', () => {
  it('does not lock out the page that asked: its fortieth preparation is signed for, each in a lane of its own', async () => {
    const account = await newAccount(chain, 1n)
    for (let lane = 1; lane <= 40; lane++) {
      expect((await ask(account, { lane })).error).toBeUndefined()
    }
  })

  it('of a stranger takes nothing from the account in whose name it is asked for', async () => {
    const victim = await newAccount(chain, 1n)
    const { budget } = await exhaust(victim, { caller: '203.0.113.9' }, 1)
    expect(budget).toBe('unsent/caller/203.0.113.9')
    expect((await ask(victim, { caller: '198.51.100.7' })).result).toBeDefined()
  })

  it('of a stranger takes nothing from the gas tank of the account in whose name it is asked for', async () => {
    const account = await newAccount(chain, 0n)
    await fillTank(chain, account.address, parseEther('0.02'))
    const context = { tank: true }
    const { budget } = await exhaust(account, { caller: '203.0.113.9', context }, 1)
    expect(budget).toMatch(/^tank/)
    expect((await ask(account, { caller: '198.51.100.7', context })).error).toBeUndefined()
  })

  it('of a stranger does not use up the operations that a policy counts', async () => {
    const account = await newAccount(chain, 1n)
    const context = { sponsorshipPolicyId: 'eight' }
    const stopped = await exhaust(account, { caller: '203.0.113.9', context }, 1)
    expect(stopped).toMatchObject({ given: 2, budget: 'unsent/policy/eight/caller/203.0.113.9' })
    expect((await ask(account, { caller: '198.51.100.7', context })).error).toBeUndefined()
  })

  it('of a stranger leaves a sender half of its share of a policy', async () => {
    const account = await newAccount(chain, 1n)
    const context = { sponsorshipPolicyId: 'each' }
    const stopped = await exhaust(account, { caller: '203.0.113.9', context }, 1)
    expect(stopped).toMatchObject({ given: 4, budget: expect.stringMatching(/^unsent\/policy\/each\/0x/) })
    for (let lane = 100; lane < 104; lane++) {
      expect((await ask(account, { caller: '198.51.100.7', context, lane })).error).toBeUndefined()
    }
  })

  it('of one nonce is held once, whatever is asked for how often', async () => {
    const account = await newAccount(chain, 1n)
    for (let time = 0; time < 60; time++) expect((await ask(account)).error).toBeUndefined()
  })

  it('leaves payers their share of the deposit, and another policy its own, however many callers ask', async () => {
    const payer = await newAccount(chain)
    const client = viemClient(chain, service.url, payer, 'client')
    const approval = await client.prepareUserOperation({ calls: [approveCall(chain)], ...gas, ...fees })
    await landOperation(chain, payer, approval)
    const crowd = await newAccount(chain, 1n)
    const stopped = []
    for (let caller = 1; caller <= 3; caller++) {
      stopped.push(await exhaust(crowd, { caller: `203.0.113.${caller}` }, caller * 1_000))
    }
    expect(stopped.at(-1)?.budget).toBe('unsent/policy/welcome')
    const other = { sponsorshipPolicyId: 'other' }
    for (let caller = 4; caller <= 6; caller++) {
      const change = { caller: `203.0.113.${caller}`, context: other }
      stopped.push(await exhaust(crowd, change, caller * 1_000))
    }
    expect(stopped.at(-1)?.budget).toBe('unsent/lent')
    expect(stopped.at(-1)?.message).toContain('send what is signed for, or try again when it has expired')
    const paid = await ask(payer, { caller: '198.51.100.7', sequence: 1n, context: { token: chain.token } })
    expect(paid.error).toBeUndefined()
  })

  it('is valid for three minutes at the most, where nobody has paid for it', async () => {
    const account = await newAccount(chain)
    const { result } = await ask(account)
    const { timestamp } = await chain.client.getBlock()
    const now = Math.max(Number(timestamp), Math.floor(Date.now() / 1_000))
    const validUntil = decodePaymasterData(result?.paymasterData ?? '0x')?.terms.validUntil ?? 0
    expect(validUntil - now).toBeLessThanOrEqual(180)
  })
})

describe('what cannot land', () => {
  const refusals: readonly (readonly [string, Change, string])[] = [
    ['a sender without code or factory', { undeployed: true }, 'noAccount'],
    ['an account that its factory does not make', { sender: stranger }, 'executionWouldFail'],
    ['a nonce far beyond the next of its lane', { sequence: 9n }, 'nonceTooFar'],
    ['a fee below the base fee', { maxFeePerGas: 1_000n }, 'feeTooLow'],
  ]
  it.each(refusals)('is not signed for, and holds nothing: %s', async (_, change, reason) => {
    const account = await newAccount(chain, 1n)
    expect((await ask(account, change)).error?.data?.reason).toBe(reason)
    const metrics = await (await fetch(`${service.url}/metrics`)).text()
    expect(metrics).toContain('paymaster_deposit_coins{part="held"} 0\n')
  })

  it('is not signed for, and holds nothing: a factory for an account that is there', async () => {
    const account = await newAccount(chain, 2n)
    const { factory, factoryData } = await account.getFactoryArgs()
    const client = viemClient(chain, service.url, account, 'client')
    const first = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    await landOperation(chain, account, first)
    const again = { ...account, getFactoryArgs: async () => ({ factory, factoryData }) } as SmartAccount
    expect((await ask(again, { sequence: 1n })).error?.data?.reason).toBe('noAccount')
    expect((await ask(account, { sequence: 1n })).error).toBeUndefined()
  })
})
