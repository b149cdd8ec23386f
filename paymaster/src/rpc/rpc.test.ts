import { numberToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  approveCall,
  fees,
  gas,
  newAccount,
  stranger,
  transferCall,
  welcomePolicy,
} from '../testing/renter.ts'
import { type Chain, startChain } from '../testing/startChain.ts'
import { type PaymasterUnderTest, startPaymaster } from '../testing/startPaymaster.ts'

let chain: Chain
let service: PaymasterUnderTest
let operation: Record<string, unknown>

beforeAll(async () => {
  chain = await startChain()
  service = await startPaymaster(chain, { policies: { policies: [welcomePolicy(chain)] } })
  const account = await newAccount(chain, 0n)
  operation = {
    sender: account.address,
    nonce: '0x0',
    callData: await account.encodeCalls([transferCall(chain)]),
    callGasLimit: '0x0',
    verificationGasLimit: '0x0',
    preVerificationGas: '0x0',
  }
})
afterAll(async () => {
  await service?.stop()
  await chain?.stop()
})

type Answer = {
  result?: Record<string, string>
  error?: { code: number; message: string; data?: { field?: string; reason?: string } }
}

async function post(method: string, params: unknown[]): Promise<Answer> {
  const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
  return (await (await fetch(service.url, { method: 'POST', body })).json()) as Answer
}

const hexed = (figures: Readonly<Record<string, bigint>>) =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, numberToHex(value)]))

const ask = (change: object, rest: unknown[] = [chain.entryPoint, '0x67', null]) =>
  post('pm_getPaymasterStubData', [{ ...operation, ...change }, ...rest])

describe('the door', () => {
  it('gives a caller without gas a stub, and reserves nothing for it', async () => {
    const params = [operation, chain.entryPoint, '0x67', null]
    const stub = await post('pm_getPaymasterStubData', params)
    expect(stub.result).toMatchObject({ paymaster: chain.paymaster, sponsor: { name: 'Welcome' } })
    // thirdweb's client takes zero for no paymaster gas at all.
    expect(stub.result?.paymasterPostOpGasLimit).toBe('0x1')
    const metrics = await (await fetch(`${service.url}/metrics`)).text()
    expect(metrics).toContain('paymaster_deposit_coins{part="held"} 0\n')
  })

  it('answers with no gas fields but the two that viem converts', async () => {
    const { result } = await ask({})
    expect(Object.keys(result ?? {}).filter(field => /gas/i.test(field))).toEqual([
      'paymasterVerificationGasLimit',
      'paymasterPostOpGasLimit',
    ])
  })

  it('signs nothing over gas or fees that nobody knows, and says what to do', async () => {
    const lone = (change: object) =>
      post('pm_getPaymasterData', [{ ...operation, ...change }, chain.entryPoint, '0x67', null])
    expect((await lone({})).error).toMatchObject({
      code: -32602,
      message: expect.stringContaining('ask pm_getPaymasterStubData while they are not known'),
      data: { field: 'userOperation.maxFeePerGas' },
    })
    const fees = { maxFeePerGas: '0x77359400', maxPriorityFeePerGas: '0x3b9aca00' }
    expect((await lone(fees)).error).toMatchObject({
      code: -32002,
      message: expect.stringMatching(/pm_getPaymasterStubData.*--bundler-url/),
    })
  })

  it('takes 0x for none, as clients that keep the packed form send it', async () => {
    const none = { factory: '0x', factoryData: '0x', paymaster: '0x', paymasterData: '0x' }
    const gas = { paymasterVerificationGasLimit: '0x', paymasterPostOpGasLimit: '0x' }
    expect((await ask({ ...none, ...gas, initCode: '0x' })).error).toBeUndefined()
  })

  it('tells Candide’s client its chain, EntryPoint, tokens and what to estimate with', async () => {
    expect((await post('pm_chainId', [])).result).toBe('0x67')
    expect((await post('pm_supportedEntryPoints', [])).result).toEqual([chain.entryPoint])
    const { result } = await post('pm_supportedERC20Tokens', [chain.entryPoint])
    expect(result).toMatchObject({
      paymasterMetadata: {
        address: chain.paymaster,
        dummyPaymasterAndData: {
          paymaster: chain.paymaster,
          paymasterData: expect.stringMatching(/^0x/),
          paymasterVerificationGasLimit: expect.stringMatching(/^0x/),
          paymasterPostOpGasLimit: expect.stringMatching(/^0x/),
        },
      },
      tokens: [{ address: chain.token, decimals: 18, exchangeRate: expect.stringMatching(/^0x/) }],
    })
    expect((await post('pm_supportedERC20Tokens', [stranger])).error).toMatchObject({ code: -32602 })
  })

  it('tells Base Account wallets its tokens, takes the token by their name for it, and says the most it may cost', async () => {
    const accepted = await post('pm_getAcceptedPaymentTokens', [chain.entryPoint, '0x67', {}])
    const token = { name: expect.any(String), address: chain.token, decimals: 18 }
    expect(accepted.result).toEqual({ acceptedTokens: [token] })
    const account = await newAccount(chain)
    const asked = {
      ...operation,
      sender: account.address,
      ...(await account.getFactoryArgs()),
      callData: await account.encodeCalls([approveCall(chain), transferCall(chain)]),
      ...hexed(gas),
      ...hexed(fees),
    }
    const params = [asked, chain.entryPoint, '0x67']
    const paid = await post('pm_getPaymasterData', [...params, { erc20: chain.token }])
    expect(paid.result).toMatchObject({
      paymaster: chain.paymaster,
      tokenPayment: { ...token, maxFee: expect.stringMatching(/^0x[1-9a-f]/) },
    })
    const sponsored = await post('pm_getPaymasterData', [...params, { sponsorshipPolicyId: 'welcome' }])
    expect(sponsored.result).not.toHaveProperty('tokenPayment')
    const both = await post('pm_getPaymasterData', [...params, { token: chain.token, erc20: stranger }])
    expect(both.error?.message).toContain('names two tokens')
  })

  it('tolerates what clients send along', async () => {
    const odd = {
      factory: null,
      factoryData: null,
      signature: '0x1234',
      paymaster: stranger,
      paymasterData: '0x',
      eip7702Auth: { address: stranger },
      colour: 'red',
    }
    for (const context of [null, undefined, {}, { meta: { order: '7' } }]) {
      expect((await ask(odd, [chain.entryPoint, '0x67', context])).error).toBeUndefined()
    }
  })

  it('serves addresses and data in any case, and lower or upper case hex', async () => {
    const shouted = String(operation.sender).toUpperCase().replace('0X', '0x')
    expect((await ask({ sender: shouted })).error).toBeUndefined()
    expect((await ask({}, [chain.entryPoint.toLowerCase(), '0x67'])).error).toBeUndefined()
  })

  it('says its chain and its health', async () => {
    expect((await post('eth_chainId', [])).result).toBe('0x67')
    const health = await fetch(`${service.url}/health`)
    expect(health.status).toBe(200)
    expect(await health.json()).toMatchObject({ healthy: true, checks: { node: 'answers' } })
  })
})

describe('malformed input', () => {
  const huge = `0x1${'0'.repeat(32)}`
  it.each([
    ['sender', '0x12'],
    ['sender', undefined],
    ['nonce', 7],
    ['nonce', `0x1${'0'.repeat(64)}`],
    ['factory', '0x7702'],
    ['factoryData', '0x1'],
    ['factoryData', '0x1234'],
    ['callData', 'execute'],
    ['callData', null],
    ['callGasLimit', '100'],
    ['verificationGasLimit', huge],
    ['preVerificationGas', -1],
    ['maxFeePerGas', '0x'],
    ['maxPriorityFeePerGas', '0x1'],
    ['paymasterVerificationGasLimit', {}],
    ['paymasterPostOpGasLimit', huge],
    ['signature', '0xabc'],
    ['initCode', '0x1234'],
  ])('of userOperation.%s (%j) is refused by name', async (field, value) => {
    const { error } = await ask({ [field]: value })
    expect(error).toMatchObject({ code: -32602, data: { field: `userOperation.${field}` } })
    expect(error?.message).toContain(`userOperation.${field}`)
  })

  it('of the other parameters is refused by name', async () => {
    const field = async (...rest: unknown[]) => (await ask({}, rest)).error?.data?.field
    expect(await field()).toBe('entryPoint')
    expect(await field(stranger, '0x67')).toBe('entryPoint')
    expect(await field(chain.entryPoint)).toBe('chainId')
    expect(await field(chain.entryPoint, '0x1')).toBe('chainId')
    expect(await field(chain.entryPoint, 103)).toBe('chainId')
    expect(await field(chain.entryPoint, '0x67', 'free')).toBe('context')
    expect(await field(chain.entryPoint, '0x67', { token: 'gold' })).toBe('context.token')
    expect(await field(chain.entryPoint, '0x67', { token: stranger })).toBe('context.token')
    expect(await field(chain.entryPoint, '0x67', { sponsorshipPolicyId: '' })).toBe(
      'context.sponsorshipPolicyId',
    )
    expect(await field(chain.entryPoint, '0x67', { validForSeconds: 0 })).toBe('context.validForSeconds')
    const both = { token: chain.token, sponsorshipPolicyId: 'welcome' }
    expect(await field(chain.entryPoint, '0x67', both)).toBe('context')
    expect(await field(chain.entryPoint, '0x67', null, 'more')).toBe('params')
    expect((await post('pm_getPaymasterStubData', ['operation'])).error?.data?.field).toBe('userOperation')
    expect((await post('pimlico_getTokenQuotes', [{}, chain.entryPoint, '0x67'])).error?.data?.field).toBe(
      'tokens.tokens',
    )
  })

  it('asks for the fees once the gas is known, because they are signed over', async () => {
    const { error } = await ask({ verificationGasLimit: '0x10000', preVerificationGas: '0x10000' })
    expect(error).toMatchObject({ code: -32602, data: { field: 'userOperation.maxFeePerGas' } })
  })
})

describe('denials', () => {
  it('come as rejections by the paymaster, with a reason for programs and a remedy for people', async () => {
    const other = { to: stranger, data: '0x12345678' } as const
    const account = await newAccount(chain, 0n)
    const { error } = await ask({ sender: account.address, callData: await account.encodeCalls([other]) })
    expect(error).toMatchObject({
      code: -32501,
      data: { reason: 'callNotAllowed', paymaster: chain.paymaster, contract: stranger },
    })
    expect(error?.message).toMatch(/does not sponsor call 0 .* pay in the token/)
  })

  it('name an unknown policy', async () => {
    const { error } = await ask({}, [chain.entryPoint, '0x67', { sponsorshipPolicyId: 'nobody' }])
    expect(error).toMatchObject({ code: -32501, data: { reason: 'unknownPolicy', policyId: 'nobody' } })
  })
})
