// What is not well formed never reaches a stage: -32602, and the field's name.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startBundler } from '../support/bundler.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import type { Daemon } from '../support/daemon.ts'
import { ask, errorOf, post, resultOf } from '../support/rpc.ts'
import { deployTestEntities } from '../support/testEntities.ts'
import { paidBy, type WireOperation, wireOperation } from '../support/wireOperation.ts'
import { workFolder } from '../support/workFolder.ts'

const folder = workFolder()
let chain: TestChain
let bundler: Daemon
let sound: WireOperation

beforeAll(async () => {
  chain = await startTestChain()
  const entities = await deployTestEntities(chain.faucet)
  const account = await entities.account('HonestAccount')
  const paymaster = await entities.paymaster('GenerousPaymaster', 10n ** 18n)
  sound = wireOperation(account, { ...paidBy(paymaster) })
  await chain.mineEvery(1)
  bundler = await startBundler({ rpcUrl: chain.rpcUrl, folder })
})
afterAll(async () => {
  await bundler?.stop()
  await chain?.stop()
})

const notAddresses = [
  '',
  '0x',
  '0x1234',
  'vitalik.eth',
  `0x${'zz'.repeat(20)}`,
  `0x${'11'.repeat(21)}`,
  7,
  {},
  [],
]
const notBytes = ['', '1234', '0x1', '0xzz', 7, true, {}, ['0x']]
const notQuantities = ['', '0x', '12', '0xzz', '-0x1', -1, 12, 1.5, true, {}, [], '1e3']
/** `0x` in an optional field says that there is none. */
const unlessNone = (values: readonly unknown[]): readonly unknown[] => values.filter(value => value !== '0x')
const overUint128 = `0x1${'0'.repeat(32)}`
const overUint256 = `0x1${'0'.repeat(64)}`

const fields: readonly (readonly [
  field: string,
  malformed: readonly unknown[],
  required: 'always' | 'to send' | 'never',
])[] = [
  ['sender', notAddresses, 'always'],
  ['nonce', [...notQuantities, overUint256], 'always'],
  ['factory', unlessNone(notAddresses), 'never'],
  ['factoryData', notBytes, 'never'],
  ['callData', notBytes, 'always'],
  ['callGasLimit', [...notQuantities, overUint128], 'to send'],
  ['verificationGasLimit', [...notQuantities, overUint128], 'to send'],
  ['preVerificationGas', [...notQuantities, overUint256], 'to send'],
  ['maxFeePerGas', [...notQuantities, overUint128], 'to send'],
  ['maxPriorityFeePerGas', [...notQuantities, overUint128], 'to send'],
  ['paymaster', unlessNone(notAddresses), 'never'],
  ['paymasterVerificationGasLimit', [...unlessNone(notQuantities), overUint128], 'never'],
  ['paymasterPostOpGasLimit', [...unlessNone(notQuantities), overUint128], 'never'],
  ['paymasterData', notBytes, 'never'],
  ['signature', notBytes, 'to send'],
]

const methods = ['eth_sendUserOperation', 'eth_estimateUserOperationGas'] as const

describe.each(methods)('%s', method => {
  it.each(fields)('names %s when it is malformed', async (field, malformed) => {
    for (const value of malformed) {
      const error = await errorOf(bundler.url, method, { ...sound, [field]: value }, entryPoint07Address)
      expect(error, `${field}: ${JSON.stringify(value)}`).toMatchObject({ code: -32602, data: { field } })
      expect(error.message).toContain(field)
    }
  })

  it.each(fields.filter(([, , required]) => required === 'always'))(
    'names %s when it is missing',
    async field => {
      for (const absent of [undefined, null]) {
        const error = await errorOf(bundler.url, method, { ...sound, [field]: absent }, entryPoint07Address)
        expect(error).toMatchObject({ code: -32602, data: { field } })
      }
    },
  )

  it.each([
    ['initCode', '0x'],
    ['paymasterAndData', '0x'],
    ['eip7702Auth', { chainId: '0x67' }],
    ['callGaslimit', '0x1'],
  ])('names %s, which no v0.7 operation has', async (field, value) => {
    const error = await errorOf(bundler.url, method, { ...sound, [field]: value }, entryPoint07Address)
    expect(error).toMatchObject({ code: -32602, data: { field } })
  })

  it('names what came without its partner', async () => {
    const { paymaster, ...alone } = sound
    const error = await errorOf(bundler.url, method, alone, entryPoint07Address)
    expect(error).toMatchObject({ code: -32602 })
    expect(error.message).toMatch(
      /paymaster(VerificationGasLimit|PostOpGasLimit|Data) is given without paymaster/,
    )
    const orphan = { ...sound, factoryData: '0x1234' }
    expect(await errorOf(bundler.url, method, orphan, entryPoint07Address)).toMatchObject({
      code: -32602,
      data: { field: 'factoryData' },
    })
  })

  it.each([
    ['no operation', []],
    ['an operation that is a list', [[], entryPoint07Address]],
    ['an operation that is text', ['0x', entryPoint07Address]],
    ['no operation but null', [null, entryPoint07Address]],
  ])('refuses %s', async (_, params) => {
    const error = await errorOf(bundler.url, method, ...params)
    expect(error.code).toBe(-32602)
    expect(error.message).toMatch(/userOperation|entryPoint/)
  })

  it.each([
    ['absent', []],
    ['not an address', ['0x1234']],
    ['null', [null]],
    ['one that is not served', ['0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789']],
  ])('names the entry point when it is %s', async (_, params) => {
    const error = await errorOf(bundler.url, method, sound, ...params)
    expect(error).toMatchObject({ code: -32602, data: { field: 'entryPoint' } })
    if (params.length > 0) expect(error.message).toContain(entryPoint07Address)
  })

  it('refuses more parameters than it has', async () => {
    const error = await errorOf(bundler.url, method, sound, entryPoint07Address, {}, 1)
    expect(error.code).toBe(-32602)
  })
})

describe('eth_sendUserOperation', () => {
  it.each(fields.filter(([, , required]) => required === 'to send'))(
    'names %s when it is missing',
    async field => {
      const error = await errorOf(
        bundler.url,
        'eth_sendUserOperation',
        { ...sound, [field]: undefined },
        entryPoint07Address,
      )
      expect(error).toMatchObject({ code: -32602, data: { field } })
    },
  )

  it.each([
    ['callGasLimit', '0xffffffff'],
    ['verificationGasLimit', '0xffffff'],
    ['verificationGasLimit', '0x0'],
    ['paymasterVerificationGasLimit', '0xffffff'],
    ['preVerificationGas', '0x1'],
    ['maxFeePerGas', '0x1'],
    ['maxPriorityFeePerGas', '0x0'],
    ['maxPriorityFeePerGas', '0xffffffffff'],
    ['sender', `0x${'00'.repeat(20)}`],
    ['factory', `0x${'00'.repeat(20)}`],
    ['paymaster', `0x${'00'.repeat(20)}`],
  ])('names %s when it is out of bounds at %s', async (field, value) => {
    const error = await errorOf(
      bundler.url,
      'eth_sendUserOperation',
      { ...sound, [field]: value },
      entryPoint07Address,
    )
    expect(error.code).toBe(-32602)
    expect(error.message).toMatch(field === 'maxFeePerGas' ? /max(PriorityFee|Fee)PerGas/ : new RegExp(field))
  })

  it('refuses an operation that is larger than ERC-7562 lets it be', async () => {
    const large = { ...sound, callData: `0x${'ab'.repeat(9_000)}`, preVerificationGas: '0xfffff' }
    const error = await errorOf(bundler.url, 'eth_sendUserOperation', large, entryPoint07Address)
    expect(error.code).toBe(-32602)
    expect(error.message).toContain('8192')
  })

  it('takes the same operation when nothing is malformed', async () => {
    expect(await ask(bundler.url, 'eth_sendUserOperation', sound, entryPoint07Address)).toMatchObject({
      result: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    })
  })
})

describe('eth_estimateUserOperationGas', () => {
  const account = `0x${'11'.repeat(20)}`
  it.each([
    ['no object', [1]],
    ['a key that is no address', [{ nobody: {} }]],
    ['a malformed balance', [{ [account]: { balance: 12 } }]],
    ['malformed code', [{ [account]: { code: '0x1' } }]],
    ['a short slot', [{ [account]: { stateDiff: { '0x1': '0x2' } } }]],
    ['an unknown field', [{ [account]: { baseFee: '0x1' } }]],
  ])('names the state override when it holds %s', async (_, params) => {
    const error = await errorOf(
      bundler.url,
      'eth_estimateUserOperationGas',
      sound,
      entryPoint07Address,
      ...params,
    )
    expect(error.code).toBe(-32602)
    expect(error.message).toContain('stateOverride')
  })
})

describe.each([
  'eth_getUserOperationByHash',
  'eth_getUserOperationReceipt',
  'pimlico_getUserOperationStatus',
])('%s', method => {
  it.each([
    ['no hash', []],
    ['a short hash', ['0x1234']],
    ['a long hash', [`0x${'11'.repeat(33)}`]],
    ['no hex', [`0x${'zz'.repeat(32)}`]],
    ['a number', [1]],
    ['null', [null]],
  ])('refuses %s', async (_, params) => {
    const error = await errorOf(bundler.url, method, ...params)
    expect(error).toMatchObject({ code: -32602, data: { field: 'userOpHash' } })
    expect(error.message).toContain('Missing/invalid userOpHash')
  })
})

describe('the JSON-RPC envelope', () => {
  it.each([
    ['no JSON', '{"jsonrpc":"2.0",', -32700],
    ['an empty body', '', -32700],
    ['an empty batch', '[]', -32600],
    ['no envelope', '"eth_chainId"', -32600],
    ['another version', '{"jsonrpc":"1.0","id":1,"method":"eth_chainId"}', -32600],
    ['no method', '{"jsonrpc":"2.0","id":1}', -32600],
    ['an id that is an object', '{"jsonrpc":"2.0","id":{},"method":"eth_chainId"}', -32600],
    ['an unknown method', '{"jsonrpc":"2.0","id":1,"method":"eth_sendTransaction","params":[]}', -32601],
    ['the name of an object member', '{"jsonrpc":"2.0","id":1,"method":"constructor","params":[]}', -32601],
  ])('refuses %s', async (_, body, code) => {
    expect((await post(bundler.url, body)).answer.error?.code).toBe(code)
  })

  it('answers each call of a batch under its own id, whatever the others are', async () => {
    const { answer } = await post(
      bundler.url,
      '[{"jsonrpc":"2.0","id":"a","method":"eth_chainId"},7,{"jsonrpc":"2.0","id":9,"method":"nothing"},{"jsonrpc":"2.0","method":"eth_chainId"}]',
    )
    expect(answer).toMatchObject([
      { id: 'a', result: '0x67' },
      { id: null, error: { code: -32600 } },
      { id: 9, error: { code: -32601 } },
    ])
    expect(answer).toHaveLength(3)
  })

  it('is served at /rpc as well', async () => {
    expect(await resultOf(`${bundler.url}/rpc`, 'eth_chainId')).toBe('0x67')
  })
})
