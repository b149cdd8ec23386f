import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { beyondBounds } from './jsonShape.ts'

type Shape = { readonly depth: number; readonly values: number }

/** As the scan counts: an empty list is two values, itself and the one it might hold. */
function shapeOf(value: unknown): Shape {
  if (typeof value !== 'object' || value === null) return { depth: 0, values: 1 }
  const held = Object.values(value).map(shapeOf)
  return {
    depth: 1 + Math.max(0, ...held.map(({ depth }) => depth)),
    values:
      1 +
      Math.max(
        1,
        held.reduce((sum, { values }) => sum + values, 0),
      ),
  }
}

describe('the shape of JSON', () => {
  it('is told from its text, whatever its strings hold', () => {
    const json = fc.jsonValue({ maxDepth: 2, stringUnit: 'binary' })
    fc.assert(
      fc.property(json, fc.boolean(), (value, pretty) => {
        const text = JSON.stringify(value, undefined, pretty ? 2 : 0)
        const { depth, values } = shapeOf(JSON.parse(text))
        expect(beyondBounds(text, { depth, values })).toBeUndefined()
        if (depth === 0) return
        expect(beyondBounds(text, { depth: depth - 1, values })).toContain('deeper')
        expect(beyondBounds(text, { depth, values: values - 1 })).toContain('more than')
      }),
    )
  })

  it('is not hidden by quotes that are escaped, or never closed', () => {
    const bounds = { depth: 1, values: 10 }
    expect(beyondBounds(String.raw`["\\",["\"",["]"]]]`, bounds)).toContain('deeper')
    expect(beyondBounds(String.raw`["\\\"[[[["]`, bounds)).toBeUndefined()
    expect(beyondBounds('["[[[[', bounds)).toBeUndefined()
  })
})
