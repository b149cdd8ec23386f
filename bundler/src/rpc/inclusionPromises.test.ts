import type { CallContext, RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept, refuse } from '@worldland-aa/service/result'
import { keccak256, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { type PromiseSource, promisedWords, type ShownPromise } from './inclusionPromises.ts'
import { worldland_getInclusionPromise } from './worldland_getInclusionPromise.ts'
import { worldland_sendUserOperation } from './worldland_sendUserOperation.ts'

const hash = keccak256('0x01')
const address = '0x0000000000000000000000000000000000000005' as const
const context: CallContext = { caller: 'test', signal: new AbortController().signal }
const promise: ShownPromise = {
  promise: {
    bundlerId: 7,
    userOpHash: hash,
    sender: address,
    nonce: 1n << 64n,
    latestBlock: 1_234n,
    maxBaseFeePerGas: 5n,
  },
  signature: '0x1234',
  court: address,
  state: 'open',
}
const shown = {
  bundlerId: 7,
  userOpHash: hash,
  sender: address,
  nonce: '0x10000000000000000',
  latestBlock: '0x4d2',
  maxBaseFeePerGas: '0x5',
  signature: '0x1234',
  court: address,
  chainId: '0x67',
  state: 'open',
}

/** Has this promise, and notes how long it was asked to wait. */
function source(has: ShownPromise | undefined = promise) {
  const waits: unknown[] = []
  const promises: PromiseSource = {
    async wait(asked, milliseconds, signal) {
      waits.push([asked, milliseconds, signal === context.signal])
      return has
    },
  }
  return { promises, waits }
}

const send: RpcMethod = ([operation]) =>
  operation === 'bad' ? refuse({ code: -32602, message: 'bad' }) : accept(hash)

describe('worldland_sendUserOperation', () => {
  it('answers with the hash, and the promise if there is one', async () => {
    const { promises, waits } = source()
    const method = worldland_sendUserOperation({ send, promises, chainId: 103 })
    expect(await method(['op', 'entryPoint', { waitMilliseconds: 500 }], context)).toEqual(
      accept({ userOpHash: hash, promise: shown }),
    )
    expect(waits).toEqual([[hash, 500, true]])
  })

  it('answers with the hash alone where nobody promises', async () => {
    for (const promises of [source(null as never).promises, undefined]) {
      const none = promises && { wait: async () => undefined }
      const method = worldland_sendUserOperation({ send, promises: none, chainId: 103 })
      expect(await method(['op', 'entryPoint'], context)).toEqual(accept({ userOpHash: hash }))
    }
  })

  it('waits for two seconds at the most, however it is told to', async () => {
    const { promises, waits } = source()
    const method = worldland_sendUserOperation({ send, promises, chainId: 103 })
    for (const waitMilliseconds of [60_000, numberToHex(60_000), '0x1', 0]) {
      await method(['op', 'entryPoint', { waitMilliseconds }], context)
    }
    await method(['op', 'entryPoint', {}], context)
    await method(['op', 'entryPoint', null], context)
    expect(waits.map(wait => (wait as unknown[])[1])).toEqual([2_000, 2_000, 1, 0, 0, 0])
  })

  it('refuses what it is not to be sent as eth_sendUserOperation does, and malformed options before anything is sent', async () => {
    let sent = 0
    const counting: RpcMethod = (params, caller) => {
      sent++
      return send(params, caller)
    }
    const method = worldland_sendUserOperation({ send: counting, promises: source().promises, chainId: 103 })
    expect(await method(['bad', 'entryPoint'], context)).toEqual(refuse({ code: -32602, message: 'bad' }))
    expect(sent).toBe(1)
    for (const options of [1, [], { wait: 1 }, { waitMilliseconds: -1 }, { waitMilliseconds: 'soon' }]) {
      expect(await method(['op', 'entryPoint', options], context)).toMatchObject({
        ok: false,
        refusal: { code: -32602 },
      })
    }
    expect(await method(['op', 'entryPoint', {}, 'more'], context)).toMatchObject({ ok: false })
    expect(sent).toBe(1)
  })
})

describe('worldland_getInclusionPromise', () => {
  it('answers with the promise, or with null', async () => {
    const { promises, waits } = source()
    const method = worldland_getInclusionPromise({ promises, chainId: 103 })
    expect(await method([hash.toUpperCase().replace('0X', '0x')], context)).toEqual(accept(shown))
    expect(waits).toEqual([[hash, 0, true]])
    const open = worldland_getInclusionPromise({ promises: undefined, chainId: 103 })
    expect(await open([hash, { waitMilliseconds: 100 }], context)).toEqual(accept(null))
  })

  it('refuses what is no hash', async () => {
    const method = worldland_getInclusionPromise({ promises: undefined, chainId: 103 })
    expect(await method(['0x01'], context)).toMatchObject({ ok: false, refusal: { code: -32602 } })
  })
})

describe('a promise in words', () => {
  it('says who lands it, by when, and what is to be done if not', () => {
    expect(promisedWords(promise)).toBe(
      `bundler 7 has promised to land it by block 1234, as long as the base fee is at most 5 wei; if it could and does not, whoever challenges that before the court ${address} has it fined`,
    )
    expect(promisedWords({ ...promise, state: 'kept' })).toContain('has kept it')
    expect(promisedWords({ ...promise, state: 'late' })).toContain('was late')
    expect(promisedWords({ ...promise, state: 'broken' })).toContain('can be challenged')
    expect(promisedWords({ ...promise, state: 'void' })).toContain('binds it no more')
  })
})
