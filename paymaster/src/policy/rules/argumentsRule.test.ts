// Conditions on arguments, over every call of a batch: against values that anybody may send, and encodings of them.
import fc from 'fast-check'
import {
  type AbiFunction,
  concat,
  encodeFunctionData,
  type Hex,
  parseAbi,
  parseAbiItem,
  size,
  slice,
} from 'viem'
import { describe, expect, it } from 'vitest'
import {
  ask,
  market,
  operationOf,
  problemsOf,
  reasonOf,
  sender,
  token,
  withinItself,
} from '../testing/question.ts'
import { judgeArguments } from './argumentsRule.ts'

const signature = 'open(uint256 offerId, address signer, string note)'
const abi = parseAbi([`function ${signature}`])

function policy(...conditions: object[]): object {
  return { contracts: [{ address: market, functions: [{ function: signature, arguments: conditions }] }] }
}

const open = (offerId: bigint, signer: Hex = sender, note = ''): Hex =>
  encodeFunctionData({ abi, functionName: 'open', args: [offerId, signer, note] })

function judge(definition: object, ...datas: Hex[]): string {
  const operation = operationOf(datas.map(data => ({ to: market, data })))
  return reasonOf(ask(judgeArguments, definition, { operation }))
}

describe('a condition on an argument', () => {
  it('is by name or by place, and all of them must be met', () => {
    const both = policy({ argument: 'offerId', oneOf: [5, '7'] }, { argument: 1, equals: 'sender' })
    expect(judge(both, open(5n))).toBe('passed')
    expect(judge(both, open(7n))).toBe('passed')
    expect(judge(both, open(6n))).toBe('argumentNotAllowed')
    expect(judge(both, open(5n, token))).toBe('argumentNotAllowed')
  })

  it('holds for every call, also for the last, and for one within a call of the account to itself', () => {
    const only = policy({ argument: 'offerId', equals: 5 })
    expect(judge(only, open(5n), open(5n))).toBe('passed')
    expect(judge(only, open(5n), open(5n), open(6n))).toBe('argumentNotAllowed')
    const nested = operationOf([withinItself({ to: market, data: open(6n) })])
    expect(reasonOf(ask(judgeArguments, only, { operation: nested }))).toBe('argumentNotAllowed')
  })

  it('bounds numbers to the unit, for any number that there is', () => {
    const bounded = policy({ argument: 'offerId', atLeast: '10', atMost: '1ether' })
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }), offerId => {
        const isWithin = offerId >= 10n && offerId <= 10n ** 18n
        expect(judge(bounded, open(offerId))).toBe(isWithin ? 'passed' : 'argumentNotAllowed')
      }),
    )
    for (const [offerId, reason] of [
      [9n, 'argumentNotAllowed'],
      [10n, 'passed'],
      [10n ** 18n, 'passed'],
      [10n ** 18n + 1n, 'argumentNotAllowed'],
    ] as const) {
      expect(judge(bounded, open(offerId))).toBe(reason)
    }
  })

  it('finds exactly the values that are listed, of every plain type', () => {
    const types = {
      uint8: fc.integer({ min: 0, max: 255 }),
      uint256: fc.bigInt({ min: 0n, max: 2n ** 256n - 1n }),
      int128: fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
      address: fc.uint8Array({ minLength: 20, maxLength: 20 }).map(hexOf),
      bytes4: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(hexOf),
      bytes: fc.uint8Array({ maxLength: 80 }).map(hexOf),
      string: fc.string({ maxLength: 80 }),
      bool: fc.boolean(),
    } as const
    for (const [type, values] of Object.entries(types)) {
      const item = parseAbiItem(`function set(${type} value)`) as AbiFunction
      fc.assert(
        fc.property(values as fc.Arbitrary<unknown>, values as fc.Arbitrary<unknown>, (allowed, sent) => {
          const written = typeof allowed === 'bigint' ? String(allowed) : allowed
          const definition = {
            contracts: [
              {
                address: market,
                functions: [
                  { function: `set(${type} value)`, arguments: [{ argument: 'value', equals: written }] },
                ],
              },
            ],
          }
          const encode = (value: unknown): Hex =>
            encodeFunctionData({ abi: [item], functionName: 'set', args: [value] } as never)
          expect(judge(definition, encode(allowed))).toBe('passed')
          const isSame = encode(sent) === encode(allowed)
          expect(judge(definition, encode(sent))).toBe(isSame ? 'passed' : 'argumentNotAllowed')
        }),
        { numRuns: 30 },
      )
    }
  })

  it('is met by no encoding that two decoders could read differently, and by none that is cut off', () => {
    const any = policy({ argument: 'offerId', atLeast: 0 })
    const canonical = open(5n, sender, 'a note')
    expect(judge(any, canonical)).toBe('passed')
    expect(judge(any, concat([canonical, '0x00ffee']))).toBe('passed')
    expect(judge(any, slice(canonical, 0, 4))).toBe('argumentNotAllowed')
    // An address with something in front of it.
    expect(judge(any, `${canonical.slice(0, 74)}01${canonical.slice(76)}` as Hex)).toBe('argumentNotAllowed')
    fc.assert(
      fc.property(fc.integer({ min: 4, max: size(canonical) - 33 }), length => {
        expect(judge(any, slice(canonical, 0, length))).toBe('argumentNotAllowed')
      }),
    )
  })

  it('of several entries for a function must be met of one of them', () => {
    const either = {
      contracts: [
        {
          address: market,
          functions: [
            { function: signature, arguments: [{ argument: 'offerId', equals: 1 }] },
            { function: signature, arguments: [{ argument: 'note', equals: 'free' }] },
          ],
        },
      ],
    }
    expect(judge(either, open(1n))).toBe('passed')
    expect(judge(either, open(2n, sender, 'free'))).toBe('passed')
    expect(judge(either, open(1n), open(2n))).toBe('argumentNotAllowed')
  })

  it('reaches into tuples by dots', () => {
    const tupled = 'post((address market, (uint256 price, bool isOpen) inner) terms)'
    const item = parseAbi([`function ${tupled}`])
    const definition = {
      contracts: [
        {
          address: market,
          functions: [{ function: tupled, arguments: [{ argument: 'terms.inner.price', atMost: 9 }] }],
        },
      ],
    }
    const post = (price: bigint) =>
      encodeFunctionData({
        abi: item,
        functionName: 'post',
        args: [{ market, inner: { price, isOpen: true } }],
      })
    expect(judge(definition, post(9n))).toBe('passed')
    expect(judge(definition, post(10n))).toBe('argumentNotAllowed')
  })

  it('bounds the coin that is sent with a call', () => {
    const definition = {
      contracts: [{ address: market, functions: [{ function: 'pay()', valueAtMostWei: '10' }] }],
    }
    const pay = encodeFunctionData({ abi: parseAbi(['function pay()']), functionName: 'pay' })
    const sending = (valueWei: bigint) =>
      reasonOf(
        ask(judgeArguments, definition, { operation: operationOf([{ to: market, data: pay, valueWei }]) }),
      )
    expect(sending(10n)).toBe('passed')
    expect(sending(11n)).toBe('argumentNotAllowed')
  })

  it('that asks for a registered provider believes the registry alone', () => {
    const definition = {
      ...policy({ argument: 'signer', registeredProvider: true }),
      market: { contracts: [market] },
    }
    const operation = operationOf([{ to: market, data: open(1n, token) }])
    const known = (isRegistered: boolean) =>
      reasonOf(
        ask(judgeArguments, definition, {
          operation,
          facts: { providers: new Map([[token, isRegistered]]) },
        }),
      )
    expect(known(true)).toBe('passed')
    expect(known(false)).toBe('argumentNotAllowed')
    expect(reasonOf(ask(judgeArguments, definition, { operation }))).toBe('argumentNotAllowed')
  })
})

describe('a condition that means nothing', () => {
  it.each([
    [
      'an argument that there is not',
      { argument: 'price', equals: 1 },
      'is no argument of open: it has offerId, signer, note',
    ],
    ['a number for an address', { argument: 'signer', equals: 5 }, 'which is no address'],
    ['a bound on text', { argument: 'note', atMost: 5 }, 'is for numbers'],
    ['no condition', { argument: 'note' }, 'has no condition'],
    ['two lists', { argument: 'offerId', equals: 1, oneOf: [2] }, 'keep one of them'],
    ['a field that there is not', { argument: 'offerId', below: 1 }, 'has no field "below"'],
  ])('is refused: %s', (_, condition, problem) => {
    const [told] = problemsOf(policy(condition))
    expect(told).toContain('contracts[0].functions[0].arguments[0]')
    expect(told).toContain(problem)
  })
})

function hexOf(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes).toString('hex')}`
}
