import fc from 'fast-check'
import {
  type AbiParameter,
  concat,
  decodeAbiParameters,
  encodeAbiParameters,
  type Hex,
  numberToHex,
  parseAbiParameters,
  size,
  slice,
  toHex,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { canonicalDecoder } from './canonicalDecoder.ts'
import { type EncodingBounds, encodingInspector } from './encodingInspector.ts'

const exact: EncodingBounds = { maxBytes: 65_536, maxListLength: 64, ending: 'exact' }
const open: EncodingBounds = { ...exact, ending: 'open' }

type Sample = { readonly parameters: readonly AbiParameter[]; readonly values: readonly unknown[] }

const bytes = (minLength: number, maxLength: number): fc.Arbitrary<Hex> =>
  fc.uint8Array({ minLength, maxLength }).map(array => toHex(array))

/** Any type of the ABI, and values of it. */
const typed: fc.Arbitrary<{ parameter: AbiParameter; value: fc.Arbitrary<unknown> }> = fc.letrec<{
  any: { parameter: AbiParameter; value: fc.Arbitrary<unknown> }
}>(tie => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(
      { parameter: { type: 'address' }, value: bytes(20, 20) },
      { parameter: { type: 'bool' }, value: fc.boolean() },
      { parameter: { type: 'uint256' }, value: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }) },
      { parameter: { type: 'uint64' }, value: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }) },
      { parameter: { type: 'int256' }, value: fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }) },
      { parameter: { type: 'int72' }, value: fc.bigInt({ min: -(2n ** 71n), max: 2n ** 71n - 1n }) },
      { parameter: { type: 'bytes4' }, value: bytes(4, 4) },
      { parameter: { type: 'bytes32' }, value: bytes(32, 32) },
      { parameter: { type: 'bytes' }, value: bytes(0, 70) },
      {
        parameter: { type: 'string' },
        value: fc.string({ maxLength: 70 }).filter(text => !text.startsWith('\0')),
      },
    ),
    tie('any').map(({ parameter, value }) => ({
      parameter: { ...parameter, type: `${parameter.type}[]` },
      value: fc.array(value, { maxLength: 4 }),
    })),
    tie('any').map(({ parameter, value }) => ({
      parameter: { ...parameter, type: `${parameter.type}[2]` },
      value: fc.array(value, { minLength: 2, maxLength: 2 }),
    })),
    fc.array(tie('any'), { minLength: 1, maxLength: 3 }).map(members => ({
      parameter: { type: 'tuple', components: members.map(member => member.parameter) },
      value: fc.tuple(...members.map(member => member.value)),
    })),
  ),
})).any

const sample: fc.Arbitrary<Sample> = fc.array(typed, { minLength: 1, maxLength: 4 }).chain(all =>
  fc.tuple(...all.map(({ value }) => value)).map(values => ({
    parameters: all.map(({ parameter }) => parameter),
    values,
  })),
)

function encode({ parameters, values }: Sample): Hex {
  return encodeAbiParameters(parameters, values as never)
}

/** Text is encoded as its bytes are; viem drops the zeros it begins with when it decodes it. */
function asBytes(parameter: AbiParameter): AbiParameter {
  const { components, ...rest } = parameter as AbiParameter & { components?: readonly AbiParameter[] }
  const type = rest.type.replace('string', 'bytes')
  return { ...rest, type, ...(components && { components: components.map(asBytes) }) } as AbiParameter
}

function withWord(encoded: Hex, index: number, word: Hex): Hex {
  const at = index * 32
  const rest = size(encoded) === at + 32 ? '0x' : slice(encoded, at + 32)
  return concat([at === 0 ? '0x' : slice(encoded, 0, at), word, rest])
}

const sharing = parseAbiParameters('bytes[]')

/** A list whose every element points at the same data. */
function sharedData(elements: number): Hex {
  const word = (value: number): Hex => numberToHex(value, { size: 32 })
  return concat([
    word(32),
    word(elements),
    ...Array.from({ length: elements }, () => word(elements * 32)),
    word(64),
    `0x${'ab'.repeat(64)}`,
  ])
}

describe('the inspection of an ABI encoding', () => {
  it('passes whatever viem encodes, and it decodes to the same', () => {
    fc.assert(
      fc.property(sample, one => {
        const encoded = encode(one)
        for (const bounds of [exact, open]) {
          const inspection = encodingInspector(one.parameters, bounds)(encoded)
          expect(inspection).toMatchObject({ isCanonical: true, endsAt: size(encoded) })
          expect(canonicalDecoder(one.parameters, bounds)(encoded)).toEqual({
            ok: true,
            values: decodeAbiParameters(one.parameters, encoded),
          })
        }
      }),
      { numRuns: 500 },
    )
  })

  it('passes nothing but what an encoder writes of the values in it, whichever word is changed', () => {
    fc.assert(
      fc.property(
        sample,
        fc.nat(),
        fc.oneof(
          bytes(32, 32),
          fc.nat(400).map(n => numberToHex(n, { size: 32 })),
        ),
        (one, place, word) => {
          const encoded = encode(one)
          const changed = withWord(encoded, place % (size(encoded) / 32), word)
          const parameters = one.parameters.map(asBytes)
          const decoded = canonicalDecoder(parameters, exact)(changed)
          if (decoded.ok) expect(encodeAbiParameters(parameters, decoded.values as never)).toBe(changed)
        },
      ),
      { numRuns: 1_000 },
    )
  })

  it('finds what other data follows, where more may follow', () => {
    fc.assert(
      fc.property(sample, bytes(1, 40), (one, suffix) => {
        const encoded = encode(one)
        const longer = concat([encoded, suffix])
        expect(encodingInspector(one.parameters, exact)(longer).isCanonical).toBe(false)
        expect(encodingInspector(one.parameters, open)(longer)).toMatchObject({ isCanonical: true })
        expect(canonicalDecoder(one.parameters, open)(longer)).toEqual({
          ok: true,
          values: decodeAbiParameters(one.parameters, encoded),
        })
      }),
    )
  })

  it('takes an encoding anywhere in other bytes', () => {
    fc.assert(
      fc.property(sample, bytes(0, 40), (one, before) => {
        const text = concat([before, encode(one)])
        const inspection = encodingInspector(one.parameters, exact)(text, size(before))
        expect(inspection).toMatchObject({ isCanonical: true, endsAt: size(text) })
      }),
    )
  })

  it('does without the zeros at the very end where more may follow, and nowhere else', () => {
    const parameters = parseAbiParameters('string, bytes')
    const encoded = encodeAbiParameters(parameters, ['why', '0x1234'])
    const unfilled = slice(encoded, 0, size(encoded) - 30)
    expect(canonicalDecoder(parameters, open)(unfilled)).toEqual({ ok: true, values: ['why', '0x1234'] })
    expect(encodingInspector(parameters, exact)(unfilled).isCanonical).toBe(false)
    expect(encodingInspector(parameters, open)(slice(encoded, 0, size(encoded) - 31)).isCanonical).toBe(false)
  })

  it('refuses a list whose elements share their data, at the first that does', () => {
    const [few, many] = [8, 64].map(elements => encodingInspector(sharing, open)(sharedData(elements)))
    expect(few).toMatchObject({ isCanonical: false, problem: expect.stringContaining('offset at byte 96') })
    expect(many?.wordsRead).toBe(few?.wordsRead)
  })

  it('reads each word once: its work is in proportion to the bytes', () => {
    fc.assert(
      fc.property(sample, fc.nat(), bytes(32, 32), (one, place, word) => {
        const encoded = encode(one)
        for (const text of [encoded, withWord(encoded, place % (size(encoded) / 32), word)]) {
          const digits = new Map<number, number>()
          const counted = {
            length: text.length,
            charCodeAt(index: number) {
              digits.set(index, (digits.get(index) ?? 0) + 1)
              return text.charCodeAt(index)
            },
          }
          const { wordsRead } = encodingInspector(one.parameters, exact)(counted)
          // A length and the filling behind its data count as one each.
          expect(wordsRead).toBeLessThanOrEqual(2 * (size(text) / 32))
          // Signed and boolean words are asked for their first digit besides.
          expect(Math.max(0, ...digits.values())).toBeLessThanOrEqual(3)
        }
      }),
    )
  })

  it('says what is wrong and how to mend it', () => {
    const inspect = encodingInspector(parseAbiParameters('address, bytes[]'), {
      ...exact,
      maxListLength: 2,
      maxBytes: 320,
    })
    const good = encodeAbiParameters(parseAbiParameters('address, bytes[]'), [
      `0x${'11'.repeat(20)}`,
      ['0x22'],
    ])
    const word = (value: number): Hex => numberToHex(value, { size: 32 })
    const problems: readonly (readonly [Hex, string])[] = [
      [
        withWord(good, 1, word(32)),
        'has an offset at byte 32 that is not 64, where an encoder puts the data',
      ],
      [withWord(good, 0, `0x01${'11'.repeat(31)}`), 'has a value at byte 0 that its type does not hold'],
      [withWord(good, 2, word(3)), 'has a list at byte 64 that is longer than the 2 elements that are read'],
      [withWord(good, 4, word(33)), 'ends at byte 192, within the data that begins at byte 128'],
      [
        withWord(good, 5, `0x22${'01'.repeat(31)}`),
        'fills up the data that begins at byte 128 with something else than zeros',
      ],
      [slice(good, 0, 40), 'ends at byte 40, where values are still to come'],
      [concat([good, '0x00']), 'is followed by 1 bytes that are not part of it'],
      [`${good}0`, 'ends in the middle of a byte'],
      [concat([good, good]), 'holds 384 bytes, and at most 320 are read'],
    ]
    expect(inspect(good).isCanonical).toBe(true)
    for (const [encoded, problem] of problems) {
      expect(inspect(encoded)).toMatchObject({
        problem: `The ABI encoding ${problem}.`,
        remedy: expect.stringContaining('in order, without gaps'),
      })
    }
  })

  it('reads whatever bytes come without throwing', () => {
    fc.assert(
      fc.property(sample, bytes(0, 300), ({ parameters }, encoded) => {
        const decoded = canonicalDecoder(parameters, open)(encoded)
        if (!decoded.ok) expect(decoded.problem).toMatch(/^The ABI encoding .*\.$/)
      }),
    )
  })
})
