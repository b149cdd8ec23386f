// The service as unmodified clients use it, over a real chain: viem's paymaster client and `paymaster: true`,
// permissionless' Pimlico client and its ERC-20 helper.
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { worldland } from '@worldland-aa/sdk/chains/worldland'
import { createSmartAccountClient } from 'permissionless'
import { createPimlicoClient } from 'permissionless/clients/pimlico'
import { prepareUserOperationForErc20Paymaster } from 'permissionless/experimental/pimlico'
import { http, parseEventLogs } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { landOperation } from './testing/landOperation.ts'
import {
  approveCall,
  depositOf,
  fees,
  gas,
  modeOf,
  newAccount,
  stranger,
  tokensOf,
  transferCall,
  viemClient,
  welcomePolicy,
} from './testing/renter.ts'
import { type Chain, startChain } from './testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from './testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest

beforeAll(async () => {
  chain = await startChain()
  service = await startPaymaster(chain, {
    settings: { markupBps: 1000, nativeMicroUsd: 250_000 },
    policies: { policies: [welcomePolicy(chain)] },
  })
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

describe.each(['client', true] as const)('an unmodified viem client with paymaster: %s', paymaster => {
  it('lands a sponsored first operation that deploys its account and costs it nothing', async () => {
    const account = await newAccount(chain, 1n)
    const client = viemClient(chain, service.url, account, paymaster)
    const prepared = await client.prepareUserOperation({ calls: [transferCall(chain)], ...gas, ...fees })
    expect(modeOf(prepared)).toBe('sponsor')
    const before = await depositOf(chain)
    const landed = await landOperation(chain, account, prepared)
    expect(landed.success).toBe(true)
    expect(before - (await depositOf(chain))).toBe(landed.costWei)
    expect(await tokensOf(chain, account.address)).toBe(0n)
  })

  it('pays by an approval within the first operation, and out of that approval from then on', async () => {
    const account = await newAccount(chain)
    const client = viemClient(chain, service.url, account, paymaster)
    const common = { ...gas, ...fees, paymasterContext: { token: chain.token } }
    const calls = [approveCall(chain), transferCall(chain)]
    const first = await client.prepareUserOperation({ calls, ...common })
    expect(modeOf(first)).toBe('tokenDeferred')
    expect((await landOperation(chain, account, first)).success).toBe(true)

    const second = await client.prepareUserOperation({ calls: [transferCall(chain)], ...common })
    expect(modeOf(second)).toBe('token')
    const [depositBefore, tokensBefore] = [await depositOf(chain), await tokensOf(chain, account.address)]
    const landed = await landOperation(chain, account, second)
    expect(landed.success).toBe(true)
    const paidWei = tokensBefore - (await tokensOf(chain, account.address)) - 1n
    expect(depositBefore - (await depositOf(chain))).toBe(landed.costWei)
    expect(paidWei).toBeGreaterThanOrEqual((landed.costWei * 11n) / 10n)
    expect(paidWei).toBeLessThan((landed.costWei * 13n) / 10n)
  })
})

describe('an unmodified permissionless client', () => {
  const pimlico = () =>
    createPimlicoClient({
      transport: http(service.url),
      chain: worldland,
      entryPoint: { address: chain.entryPoint, version: '0.7' },
    })

  it.each(['pimlico', true] as const)('pays by its ERC-20 helper, paymaster: %s', async paymaster => {
    const account = await newAccount(chain)
    const client = createSmartAccountClient({
      account,
      client: chain.client,
      chain: worldland,
      bundlerTransport: http(service.url),
      paymaster: paymaster === true ? true : pimlico(),
      userOperation: { prepareUserOperation: prepareUserOperationForErc20Paymaster(pimlico()) },
    })
    // The helper approves the exact greatest charge each time: what is left over may not do the next time.
    for (let time = 0; time < 2; time++) {
      const prepared = await client.prepareUserOperation({
        calls: [transferCall(chain)],
        ...gas,
        ...fees,
        paymasterContext: { token: chain.token },
      })
      expect(modeOf(prepared)).toBe('tokenDeferred')
      const { receipt, success, costWei } = await landOperation(chain, account, prepared)
      expect(success).toBe(true)
      const [charged] = parseEventLogs({
        abi: computePaymasterAbi,
        logs: receipt.logs,
        eventName: 'TokenCharged',
      })
      expect(charged?.args.chargeWei).toBeGreaterThanOrEqual(costWei)
    }
  })

  it('sponsors an operation whose gas it gives', async () => {
    const account = await newAccount(chain, 1n)
    const { factory, factoryData } = await account.getFactoryArgs()
    const userOperation = {
      sender: account.address,
      nonce: await account.getNonce(),
      callData: await account.encodeCalls([transferCall(chain)]),
      ...(factory && factoryData ? { factory, factoryData } : {}),
      signature: await account.getStubSignature(),
      ...gas,
      ...fees,
    }
    const sponsored = await pimlico().sponsorUserOperation({
      userOperation,
      sponsorshipPolicyId: 'welcome',
    } as never)
    expect(sponsored).toMatchObject(gas)
    expect((await landOperation(chain, account, { ...userOperation, ...sponsored })).success).toBe(true)
  })

  it('is told which tokens there are and what they cost', async () => {
    const supported = await pimlico().request({ method: 'pimlico_getSupportedTokens', params: [] } as never)
    const text = expect.any(String)
    expect(supported).toEqual([{ token: chain.token, name: text, symbol: text, decimals: 18 }])
    expect(await pimlico().getTokenQuotes({ tokens: [stranger, chain.token] })).toEqual([
      {
        paymaster: chain.paymaster,
        token: chain.token,
        postOpGas: expect.any(BigInt),
        exchangeRate: 1_100_000_000_000_000_000n,
        exchangeRateNativeToUsd: 250_000n,
        decimals: 18,
        spread: {
          oracleRate: '0xde0b6b3a7640000',
          markupBps: 1000,
          roundingBps: 0,
          updatedAtSeconds: null,
          ageSeconds: null,
          sources: ['par'],
        },
        balanceSlot: 0n,
        allowanceSlot: 1n,
      },
    ])
  })

  it('is told which policies would sponsor an operation', async () => {
    const account = await newAccount(chain, 0n)
    const ask = async (call: object) =>
      await pimlico().validateSponsorshipPolicies({
        userOperation: {
          sender: account.address,
          nonce: 0n,
          callData: await account.encodeCalls([call as never]),
          signature: '0x',
          ...gas,
          ...fees,
        } as never,
        sponsorshipPolicyIds: ['welcome', 'other'],
      })
    const data = { name: 'Welcome', author: null, icon: null, description: null }
    expect(await ask(transferCall(chain))).toEqual([{ sponsorshipPolicyId: 'welcome', data }])
    expect(await ask({ ...transferCall(chain), to: stranger })).toEqual([])
  })
})
