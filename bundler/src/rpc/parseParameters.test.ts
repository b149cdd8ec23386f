import { describe, expect, it } from 'vitest'
import { checkCount, parseEntryPoint, parseStateOverride, parseUserOperationHash } from './parseParameters.ts'

const served = '0x0000000071727De22E5E9d8BAf0edAc6f37da032'
const slot = `0x${'00'.repeat(31)}01`

describe('reading parameters', () => {
  it('takes the served entry point in any letter case and names it when another is asked for', () => {
    expect(parseEntryPoint(served.toLowerCase(), served)).toEqual({ ok: true, value: served })
    for (const other of [undefined, 'x', '0x5FF137D4b0FDCD49DcA30c7CF57E578a026d2789']) {
      expect(parseEntryPoint(other, served)).toMatchObject({
        refusal: { code: -32602, message: expect.stringContaining(served), data: { field: 'entryPoint' } },
      })
    }
  })

  it('says Missing/invalid userOpHash of anything that is no hash (ERC-7769)', () => {
    expect(parseUserOperationHash([slot.toUpperCase().replace('0X', '0x')])).toEqual({
      ok: true,
      value: slot,
    })
    for (const params of [[], [null], ['0x12'], [slot.slice(2)], [{ hash: slot }]]) {
      expect(parseUserOperationHash(params)).toMatchObject({
        refusal: { code: -32602, message: expect.stringContaining('Missing/invalid userOpHash') },
      })
    }
  })

  it('names the parameter that is missing and lists them when there are too many', () => {
    expect(checkCount([1], ['userOperation', 'entryPoint'])).toMatchObject({
      refusal: { message: expect.stringContaining('entryPoint is missing') },
    })
    expect(checkCount([1, 2, 3], ['userOperation', 'entryPoint']).ok).toBe(false)
    expect(checkCount([1, 2], ['userOperation', 'entryPoint', 'stateOverride'], 1).ok).toBe(true)
  })

  it('reads a state override as eth_call takes it', () => {
    expect(parseStateOverride(undefined)).toEqual({ ok: true, value: undefined })
    const parsed = parseStateOverride({
      [served]: { balance: '0x10', nonce: '0x2', code: '0x60', stateDiff: { [slot]: slot } },
    })
    expect(parsed).toEqual({
      ok: true,
      value: [{ address: served, balance: 16n, nonce: 2, code: '0x60', stateDiff: [{ slot, value: slot }] }],
    })
  })

  it.each([
    ['a list', []],
    ['a key that is no address', { x: {} }],
    ['an account that is no object', { [served]: 1 }],
    ['a balance without 0x', { [served]: { balance: '16' } }],
    ['an odd number of code digits', { [served]: { code: '0x123' } }],
    ['a short slot', { [served]: { state: { '0x1': slot } } }],
    ['a word nobody knows', { [served]: { storage: {} } }],
    [
      'more accounts than anyone needs',
      Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`0x${String(i).padStart(40, '0')}`, {}])),
    ],
  ])('refuses a state override with %s', (_, value) => {
    expect(parseStateOverride(value)).toMatchObject({
      refusal: { code: -32602, message: expect.stringContaining('stateOverride') },
    })
  })
})
