// Ranges are read as RFC 9110 means them, one at a time.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { wantedBytes } from './byteRange.ts'

describe('a range', () => {
  test.each([
    [null, { kind: 'whole' }],
    ['bytes=0-9', { kind: 'range', range: { first: 0, last: 9 } }],
    ['bytes=5-', { kind: 'range', range: { first: 5, last: 99 } }],
    ['bytes=-5', { kind: 'range', range: { first: 95, last: 99 } }],
    ['bytes=-500', { kind: 'range', range: { first: 0, last: 99 } }],
    ['bytes=90-500', { kind: 'range', range: { first: 90, last: 99 } }],
  ])('%s of a hundred bytes is %o', (header, wanted) => {
    expect(wantedBytes(header, 100)).toEqual(wanted)
  })

  test('attack, a range bomb: many ranges, huge numbers and other units ask for nothing', () => {
    const bombs = [
      `bytes=${'0-,'.repeat(10_000)}`,
      'bytes=0-1,0-1',
      'bytes=99999999999999999999-',
      'bytes=-0',
      'bytes=100-',
      'bytes=9-5',
      'bytes=-',
      'chunks=0-1',
      'bytes=0x0-1',
      ' bytes=0-1',
    ]
    for (const bomb of bombs) expect(wantedBytes(bomb, 100).kind).toBe('unsatisfiable')
    expect(wantedBytes('bytes=0-0', 0).kind).toBe('unsatisfiable')
  })

  test('never leaves the file, whatever is asked', () => {
    fc.assert(
      fc.property(fc.nat(), fc.option(fc.nat()), fc.option(fc.nat()), (size, from, to) => {
        const wanted = wantedBytes(`bytes=${from ?? ''}-${to ?? ''}`, size)
        if (wanted.kind !== 'range') return
        expect(wanted.range.first).toBeGreaterThanOrEqual(0)
        expect(wanted.range.last).toBeGreaterThanOrEqual(wanted.range.first)
        expect(wanted.range.last).toBeLessThan(size)
      }),
    )
  })
})
