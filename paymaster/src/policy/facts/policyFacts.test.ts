// What the rules read, from the real contracts: code of real accounts, offers, leases and providers of the real market.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import {
  type Address,
  encodeFunctionData,
  type Hex,
  keccak256,
  maxUint256,
  zeroAddress,
  zeroHash,
} from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RequestedOperation } from '../../requestedOperation.ts'
import { newAccount } from '../../testing/renter.ts'
import { type Chain, startChain } from '../../testing/startChain.ts'
import { type Market, startMarket } from '../../testing/startMarket.ts'
import { judgeByPolicy } from '../judgeByPolicy.ts'
import { operationOf, policyOf, type TestCall } from '../testing/question.ts'
import { createBlockCache } from './blockCache.ts'
import { type FactSources, readPolicyFacts } from './policyFacts.ts'

let chain: Chain
let market: Market
let sources: FactSources
let reads = 0

beforeAll(async () => {
  chain = await startChain()
  market = await startMarket(chain)
  const counting = new Proxy(chain.client, {
    get(target, name) {
      if (name === 'readContract' || name === 'getCode') reads++
      return Reflect.get(target, name)
    },
  })
  let block = 0n
  sources = {
    client: counting,
    cached: createBlockCache(() => block++),
    token: { address: chain.token, name: 'Compute', symbol: 'CPT', decimals: 18 },
    paymaster: chain.paymaster,
    mishapsOf: async () => [],
  }
})
afterAll(() => chain?.stop())

const anything = () =>
  [chain.token, market.lease, market.session].map(address => ({ address, functions: ['*'] }))
const limits = { costPerOperationWei: '0.01ether', global: { costWei: '1ether' } }
const withMarket = (rules: object = {}, change: object = {}) => ({
  contracts: anything(),
  market: { contracts: [market.lease, market.session], ...rules },
  limits: { ...limits, tokenPerOperationWei: '1ether' },
  ...change,
})

async function facts(
  definition: object,
  calls: readonly TestCall[],
  change: Partial<RequestedOperation> = {},
) {
  const operation = operationOf(calls, change)
  return await readPolicyFacts(sources, { policy: policyOf(definition), operation, nowSeconds: 1_000 })
}

async function judge(definition: object, calls: readonly TestCall[]): Promise<string> {
  const policy = policyOf(definition)
  const operation = operationOf(calls)
  const read = await readPolicyFacts(sources, { policy, operation, nowSeconds: 1_000 })
  const judged = judgeByPolicy({ policy, operation, nowSeconds: 1_000, facts: read })
  return judged.ok ? 'sponsored' : (judged.refusal.data as { reason: string }).reason
}

const onToken = (functionName: string, ...args: unknown[]): TestCall => ({
  to: chain.token,
  data: encodeFunctionData({ abi: computeTokenAbi, functionName, args } as never),
})
const onLease = (functionName: string, ...args: unknown[]): TestCall => ({
  to: market.lease,
  data: encodeFunctionData({ abi: instanceLeaseAbi, functionName, args } as never),
})
const onSession = (functionName: string, ...args: unknown[]): TestCall => ({
  to: market.session,
  data: encodeFunctionData({ abi: serverlessSessionAbi, functionName, args } as never),
})
const openMachine = (
  seconds: number,
  mostPriceWei: bigint,
  units = 1,
  offerId = market.offers.machine,
): TestCall => onLease('open', offerId, units, seconds, mostPriceWei, zeroHash, zeroAddress, 0, '0x')

describe('what an operation spends', () => {
  it('is the sum of all its calls: rent, transfers, and allowances to strangers', async () => {
    const stranger: Address = '0x9000000000000000000000000000000000000009'
    const { spend } = await facts(withMarket(), [
      onToken('approve', chain.paymaster, maxUint256),
      onToken('approve', market.lease, maxUint256),
      openMachine(60, 100n, 2),
      onSession('open', market.offers.serverless, 700n, 100n, zeroAddress, 4_000_000_000),
      onToken('transfer', stranger, 11n),
      onToken('approve', stranger, 5n),
    ])
    expect(spend).toMatchObject({ ok: true, tokenWei: 12_000n + 700n + 11n + 5n })
    const provider = market.provider.toLowerCase()
    expect(spend?.ok === true && spend.calls[0]).toMatchObject({
      callIndex: 2,
      provider,
      pricePerSecondWei: 100n,
    })
  })

  it('is refused where a call on the token is not known, or an offer or lease is not there', async () => {
    const unknown = { to: chain.token, data: '0x12345678' as Hex }
    expect((await facts(withMarket(), [unknown])).spend).toMatchObject({ ok: false })
    const noOffer = await facts(withMarket(), [openMachine(60, 100n, 1, 99n)])
    expect(noOffer.spend).toMatchObject({
      ok: false,
      problem: expect.stringContaining('there is no offer 99'),
    })
    expect((await facts(withMarket(), [onLease('extend', 5n, 60)])).spend).toMatchObject({ ok: false })
    expect(await judge(withMarket(), [onLease('extend', 5n, 60)])).toBe('spendTooHigh')
  })

  it('of a running lease is at its own price, and a ping costs its deposit', async () => {
    await chain.mintTokens(chain.owner.address, 10_000n)
    for (const call of [onToken('approve', market.lease, maxUint256), openMachine(60, 100n)]) {
      const hash = await chain.wallet.sendTransaction({ to: call.to, data: call.data ?? '0x' })
      expect((await chain.client.waitForTransactionReceipt({ hash })).status).toBe('success')
    }
    await market.setPrice(900n)
    const calls = [onLease('extend', 1n, 30), onLease('ping', 1n), onLease('fund', 1n, 77n)]
    expect((await facts(withMarket(), calls)).spend).toMatchObject({
      ok: true,
      tokenWei: 3_000n + 5_000n + 77n,
    })
    await market.setPrice(100n)
  })
})

describe('a price ceiling', () => {
  it('is held against the offer as it stands, and against what the call agrees to', async () => {
    const capped = withMarket({ pricePerSecondAtMostWei: '100' })
    expect(await judge(capped, [openMachine(60, 100n)])).toBe('sponsored')
    expect(await judge(capped, [openMachine(60, 101n)])).toBe('spendTooHigh')
    await market.setPrice(101n)
    expect(await judge(capped, [openMachine(60, 100n)])).toBe('spendTooHigh')
    await market.setPrice(100n)
    expect(await judge(capped, [openMachine(60, 100n)])).toBe('sponsored')
  })

  it('and a cap of what is spent are held to the wei', async () => {
    const capped = withMarket({}, { limits: { ...limits, tokenPerOperationWei: '6000' } })
    expect(await judge(capped, [openMachine(60, 100n)])).toBe('sponsored')
    expect(await judge(capped, [openMachine(61, 100n)])).toBe('spendTooHigh')
    expect(await judge(capped, [openMachine(30, 100n), openMachine(31, 100n)])).toBe('spendTooHigh')
  })
})

describe('a registered provider', () => {
  it('is who the registry knows', async () => {
    expect(await judge(withMarket({ providers: 'registered' }), [openMachine(60, 100n)])).toBe('sponsored')
    expect(await judge(withMarket({ providers: [market.provider] }), [openMachine(60, 100n)])).toBe(
      'sponsored',
    )
    expect(await judge(withMarket({ providers: [chain.token] }), [openMachine(60, 100n)])).toBe(
      'providerNotAllowed',
    )
  })

  it('may be asked for in any argument', async () => {
    const signature = 'transfer(address to, uint256 amount)'
    const argument = { argument: 'to', registeredProvider: true }
    const contracts = [{ address: chain.token, functions: [{ function: signature, arguments: [argument] }] }]
    const definition = withMarket({}, { contracts })
    expect(await judge(definition, [onToken('transfer', market.provider, 5n)])).toBe('sponsored')
    const unknown = [onToken('transfer', market.provider, 5n), onToken('transfer', chain.factory, 5n)]
    expect(await judge(definition, unknown)).toBe('argumentNotAllowed')
  })
})

describe('the code of an account', () => {
  it('is that of the proxy and of the implementation behind it', async () => {
    const account = await newAccount(chain, 0n)
    const { factory, factoryData } = await account.getFactoryArgs()
    const hash = await chain.wallet.sendTransaction({ to: factory as Address, data: factoryData as Hex })
    await chain.client.waitForTransactionReceipt({ hash })
    const code = await chain.client.getCode({ address: account.address })
    const definition = { accountKinds: [{ codeHash: zeroHash }] }
    const { account: found } = await facts(definition, [], { sender: account.address })
    expect(found?.codeHash).toBe(keccak256(code ?? '0x'))
    const implementation = await chain.client.readContract({
      address: chain.factory,
      abi: [
        {
          type: 'function',
          name: 'accountImplementation',
          inputs: [],
          outputs: [{ type: 'address' }],
          stateMutability: 'view',
        },
      ],
      functionName: 'accountImplementation',
    })
    const behind = await chain.client.getCode({ address: implementation as Address })
    expect(found?.implementationCodeHash).toBe(keccak256(behind ?? '0x'))
    const undeployed = await newAccount(chain, 0n)
    expect((await facts(definition, [], { sender: undeployed.address })).account).toEqual({})
    const contract = await facts(definition, [], { sender: chain.token })
    expect(contract.account).not.toHaveProperty('implementationCodeHash')
  })
})

describe('what was read', () => {
  it('serves all requests of its block, and none of the next one', async () => {
    let block = 'a'
    const cached = { ...sources, cached: createBlockCache(() => block) }
    const question = {
      policy: policyOf(withMarket({ providers: 'registered' })),
      operation: operationOf([openMachine(60, 100n)]),
      nowSeconds: 1_000,
    }
    reads = 0
    await Promise.all(Array.from({ length: 20 }, () => readPolicyFacts(cached, question)))
    const ofOneBlock = reads
    expect(ofOneBlock).toBeLessThan(8)
    block = 'b'
    await readPolicyFacts(cached, question)
    expect(reads).toBe(2 * ofOneBlock)
  })

  it('is nothing where a policy asks for nothing', async () => {
    reads = 0
    expect(await facts({ contracts: anything() }, [openMachine(60, 100n)])).toEqual({})
    expect(reads).toBe(0)
  })
})
