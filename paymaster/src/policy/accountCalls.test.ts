import fc from 'fast-check'
import {
  concat,
  encodeAbiParameters,
  encodeFunctionData,
  type Hex,
  numberToHex,
  parseAbi,
  size,
  slice,
  toHex,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { decodeAccountCalls } from './accountCalls.ts'

/** Undefined where they cannot be read. */
const callsIn = (callData: Hex) => {
  const decoded = decodeAccountCalls(callData)
  return decoded.ok ? decoded.calls : undefined
}

const a = '0x1000000000000000000000000000000000000001'
const b = '0x2000000000000000000000000000000000000002'
const encode = (signature: string, args: readonly unknown[]): Hex =>
  encodeFunctionData({ abi: parseAbi([signature] as never), args } as never)
const batch = encodeAbiParameters(
  [{ type: 'tuple[]', components: [{ type: 'address' }, { type: 'uint256' }, { type: 'bytes' }] }],
  [
    [
      [a, 1n, '0x11'],
      [b, 0n, '0x'],
    ],
  ] as never,
)
const mode = (callType: string, execType = '00', selector = '00000000') =>
  `0x${callType}${execType}00000000${selector}${'00'.repeat(22)}` as Hex

const both = [
  { to: a, valueWei: 1n, data: '0x11' },
  { to: b, valueWei: 0n, data: '0x' },
]
const execute7579 = 'function execute(bytes32,bytes)'

describe('reading the calls of an account', () => {
  it('reads one call of a SimpleAccount', () => {
    const data = encode('function execute(address,uint256,bytes)', [a, 7n, '0x1234'])
    expect(callsIn(data)).toEqual([{ to: a, valueWei: 7n, data: '0x1234' }])
  })

  it('reads the batches that SimpleAccount has had over its versions', () => {
    const batches = 'function executeBatch(address[],uint256[],bytes[])'
    expect(
      callsIn(
        encode(batches, [
          [a, b],
          [1n, 0n],
          ['0x11', '0x'],
        ]),
      ),
    ).toEqual(both)
    expect(callsIn(encode(batches, [[a], [], ['0x11']]))).toEqual([{ ...both[0], valueWei: 0n }])
    expect(
      callsIn(
        encode('function executeBatch((address,uint256,bytes)[])', [
          [
            [a, 1n, '0x11'],
            [b, 0n, '0x'],
          ],
        ]),
      ),
    ).toEqual(both)
    expect(
      callsIn(
        encode('function executeBatch(address[],bytes[])', [
          [a, b],
          ['0x11', '0x'],
        ]),
      ),
    ).toEqual([{ ...both[0], valueWei: 0n }, both[1]])
  })

  it('reads ERC-7579 single calls and batches, in trying mode too', () => {
    const single = concat([a, toHex(1n, { size: 32 }), '0x11'])
    expect(callsIn(encode(execute7579, [mode('00'), single]))).toEqual([both[0]])
    expect(callsIn(encode(execute7579, [mode('01'), batch]))).toEqual(both)
    expect(callsIn(encode(execute7579, [mode('01', '01'), batch]))).toEqual(both)
    expect(callsIn(encode(execute7579, [mode('01', '01', '78210001'), batch]))).toEqual(both)
  })

  it("reads a Safe's plain call and refuses its delegatecall", () => {
    const safe = 'function executeUserOp(address,uint256,bytes,uint8)'
    expect(callsIn(encode(safe, [a, 1n, '0x11', 0]))).toEqual([both[0]])
    expect(callsIn(encode(safe, [a, 1n, '0x11', 1]))).toBeUndefined()
  })

  it('finds no call in empty callData', () => {
    expect(callsIn('0x')).toEqual([])
  })

  it('takes a data suffix after the encoding', () => {
    const data = encode('function execute(address,uint256,bytes)', [a, 7n, '0x1234'])
    expect(callsIn(concat([data, '0xdeadbeef']))).toHaveLength(1)
  })

  it('refuses delegatecalls, static calls and unknown modes of ERC-7579', () => {
    for (const odd of [mode('ff'), mode('fe'), mode('01', '02'), mode('01', '00', '78210002')]) {
      expect(callsIn(encode(execute7579, [odd, batch]))).toBeUndefined()
    }
  })

  it('refuses a batch whose lists differ in length', () => {
    const batches = 'function executeBatch(address[],uint256[],bytes[])'
    expect(callsIn(encode(batches, [[a, b], [1n, 1n], ['0x11']]))).toBeUndefined()
    expect(callsIn(encode(batches, [[a, b], [1n], ['0x11', '0x']]))).toBeUndefined()
  })

  it('refuses an encoding that two decoders could read differently', () => {
    // The offset of `data` points past the canonical place, to a second, other payload.
    const canonical = encode('function execute(address,uint256,bytes)', [a, 0n, '0x1234'])
    const words = canonical.slice(10).match(/.{64}/g) ?? []
    const moved = [words[0], words[1], toHex(0xa0, { size: 32 }).slice(2), words[3], words[4]]
    const second = [toHex(2, { size: 32 }).slice(2), '5678'.padEnd(64, '0')]
    expect(callsIn(`${canonical.slice(0, 10)}${[...moved, ...second].join('')}` as Hex)).toBeUndefined()
  })

  it('refuses a batch whose calls all point at the same data before it decodes any', () => {
    const word = (value: number): Hex => numberToHex(value, { size: 32 })
    const calls = 16
    const shared = concat([
      '0x34fcd5be',
      word(32),
      word(calls),
      ...Array.from({ length: calls }, () => word(calls * 32)),
      slice(batch, 128, 288),
    ])
    expect(decodeAccountCalls(shared)).toEqual({
      ok: false,
      problem: expect.stringMatching(/^The ABI encoding has an offset at byte 96 that is not \d+/),
      remedy: expect.stringContaining('in order, without gaps'),
    })
  })

  it('reads as many calls as a block could hold, and says so of more', () => {
    const batchOf = (calls: number) =>
      encode('function executeBatch(address[],bytes[])', [Array(calls).fill(a), Array(calls).fill('0x')])
    expect(callsIn(batchOf(256))).toHaveLength(256)
    expect(decodeAccountCalls(batchOf(257))).toMatchObject({
      ok: false,
      problem: expect.stringContaining('longer than the 256 elements that are read'),
    })
    const large = encode('function execute(address,uint256,bytes)', [a, 0n, `0x${'00'.repeat(131_072)}`])
    expect(decodeAccountCalls(large)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(`holds ${size(large) - 4} bytes, and at most 131072 are read`),
    })
  })

  it('never throws, whatever bytes come', () => {
    const selectors = ['b61d27f6', '47e1da2a', '18dfb3c7', '34fcd5be', 'e9ae5c53', '7bb37428', '12345678']
    fc.assert(
      fc.property(fc.constantFrom(...selectors), fc.uint8Array({ maxLength: 400 }), (selector, bytes) => {
        callsIn(`0x${selector}${toHex(bytes).slice(2)}`)
      }),
    )
  })
})
