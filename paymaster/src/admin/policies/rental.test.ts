// A real rental under a policy of the market: the price of the offer, its provider, the account's code and what is spent
// are held to the policy, and what landed is booked in the token.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import {
  type Address,
  encodeFunctionData,
  type Hash,
  type Hex,
  keccak256,
  parseEventLogs,
  zeroAddress,
  zeroHash,
} from 'viem'
import type { SmartAccount } from 'viem/account-abstraction'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from '../../testing/landOperation.ts'
import { fees, gas, newAccount, viemClient } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { type Market, startMarket } from '../../testing/startMarket.ts'
import { untilSettled } from '../../testing/startPaymaster.ts'
import { type Browser, type House, startHouse } from '../testing/startHouse.ts'
import type { DryRunResult, PolicyDetail } from './schema.ts'

let chain: Chain
let market: Market
let house: House
let operator: Browser
let account: SmartAccount
/** The operation that rented the first machine. */
let rentedBy: Hash | undefined

beforeAll(async () => {
  chain = await startChain()
  market = await startMarket(chain)
  account = await newAccount(chain)
  const { factory, factoryData } = await account.getFactoryArgs()
  const hash = await chain.wallet.sendTransaction({ to: factory as Address, data: factoryData as Hex })
  await chain.client.waitForTransactionReceipt({ hash })
  house = await startHouse(chain)
  operator = await house.signIn('operator')
  const saved = await operator.ask('PUT', '/policies/rentals', {
    definition: await rentals(),
    expectedVersion: 0,
  })
  expect(saved.status, JSON.stringify(saved.body)).toBe(200)
})
afterAll(async () => {
  await house?.stop()
  await chain?.stop()
})

const codeHash = async (address: Address) => keccak256((await chain.client.getCode({ address })) ?? '0x')

async function rentals(): Promise<object> {
  const slot = await chain.client.getStorageAt({
    address: account.address,
    slot: '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc',
  })
  return {
    id: 'rentals',
    name: 'Rentals',
    accountKinds: [
      {
        name: 'SimpleAccount',
        codeHash: await codeHash(account.address),
        implementationCodeHash: await codeHash(`0x${slot?.slice(26)}`),
      },
    ],
    contracts: [
      {
        address: chain.token,
        functions: [
          {
            function: 'approve(address spender, uint256 amount)',
            arguments: [{ argument: 'spender', equals: market.lease }],
          },
        ],
      },
      {
        address: market.lease,
        functions: [
          {
            function:
              'open(uint256 offerId, uint32 units, uint32 maxSeconds, uint128 maxPricePerSecondWei, bytes32 imageDigest, address broker, uint16 brokerBps, bytes request)',
            arguments: [
              { argument: 'units', equals: 1 },
              { argument: 'maxSeconds', atMost: '3600' },
            ],
          },
        ],
      },
    ],
    market: { contracts: [market.lease], pricePerSecondAtMostWei: '100', providers: 'registered' },
    limits: {
      costPerOperationWei: '0.01ether',
      global: { costWei: '0.5ether', tokenWei: '8000' },
    },
  }
}

type Wish = {
  readonly seconds?: number
  readonly units?: number
  readonly priceWei?: bigint
  readonly spender?: Address
}

function rent({ seconds = 60, units = 1, priceWei = 100n, spender = market.lease }: Wish) {
  const args = [market.offers.machine, units, seconds, priceWei, zeroHash, zeroAddress, 0, '0x'] as const
  const calls = [
    {
      to: chain.token,
      data: encodeFunctionData({ abi: computeTokenAbi, functionName: 'approve', args: [spender, 10n ** 9n] }),
    },
    { to: market.lease, data: encodeFunctionData({ abi: instanceLeaseAbi, functionName: 'open', args }) },
  ]
  return viemClient(chain, house.url, account, 'client').prepareUserOperation({
    calls,
    paymasterContext: { sponsorshipPolicyId: 'rentals' },
    ...gas,
    ...fees,
    callGasLimit: 500_000n,
  } as never) as Promise<object>
}

async function tokens(): Promise<{ used: string; held: string } | undefined> {
  const { body } = await operator.ask<PolicyDetail>('GET', '/policies/rentals')
  const budget = body.budgets.find(({ unit }) => unit === 'tokenWei')
  expect(budget?.token).toEqual({ symbol: 'WLCOMPUTE', decimals: 18 })
  return budget && { used: budget.used, held: budget.held }
}

describe('a rental under a policy', () => {
  it.each([
    ['for too long', { seconds: 3_601 }, /maxSeconds is 3601 and must be at most 3600/],
    ['of too many machines', { units: 2 }, /units is 2 and must be 1/],
    [
      'at a price that the ceiling does not allow',
      { priceWei: 101n },
      /rentals at up to 0\.0000000000000001 \S+ for .* call 1 agrees to 0\.000000000000000101 /,
    ],
    [
      'with an allowance for somebody else',
      { spender: zeroHash.slice(0, 42) as Address },
      /spender is .* and must be/,
    ],
    [
      'beyond what is left of the budget in the token',
      { seconds: 81 },
      /in the token of policy "rentals" for today .* 0\.000000000000008 \S+ are left/,
    ],
  ])('%s is refused, and told why', async (_, wish, problem) => {
    await expect(rent(wish)).rejects.toThrow(problem)
  })

  it('lands, is booked in the token to the wei, and leaves the rest for others', async () => {
    const operation = await rent({ seconds: 60 })
    expect(await tokens()).toEqual({ used: '0', held: '6000' })
    const landed = await landOperation(chain, account, operation)
    expect(landed.success).toBe(true)
    const [event] = parseEventLogs({
      abi: entryPoint07Abi,
      logs: landed.receipt.logs,
      eventName: 'UserOperationEvent',
    })
    rentedBy = event?.args.userOpHash
    await chain.anvil.client.mine({ blocks: 5 })
    await untilSettled(chain, house.url)
    expect(await tokens()).toEqual({ used: '6000', held: '0' })
    await expect(rent({ seconds: 21 })).rejects.toThrow(/ 0\.000000000000002 \S+ are left/)
    expect(await rent({ seconds: 20 })).toHaveProperty('paymasterData')
    expect(await tokens()).toEqual({ used: '6000', held: '2000' })
  })

  it('is not sponsored once the provider asks for more, as a dry run tells too', async () => {
    await market.setPrice(150n)
    await chain.anvil.client.mine({ blocks: 1 })
    await untilSettled(chain, house.url)
    await expect(rent({ seconds: 1, priceWei: 150n })).rejects.toThrow(/agrees to 0\.00000000000000015 /)
    const { status, body } = await operator.ask<DryRunResult>('POST', '/policies/dry-run', {
      policyId: 'rentals',
      userOperationHash: rentedBy,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ sponsored: false, refusal: { reason: 'spendTooHigh' }, tokenSpendWei: null })
    const outcome = (name: string) => body.outcomes.find(({ rule }) => rule === name)
    expect(outcome('accountKind')).toMatchObject({ passed: true, detail: 'SimpleAccount' })
    expect(outcome('providers')).toMatchObject({ passed: true })
    expect(outcome('spend')).toMatchObject({
      passed: false,
      detail: expect.stringContaining('agrees to 0.00000000000000015 '),
    })
  })
})
