// Members come through as they were written, whatever stands around them.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readJsonObject } from './jsonMembers.ts'

function members(text: string) {
  const read = readJsonObject(text)
  if (!read.ok) throw new Error(read.refusal)
  return read.value
}

describe('the members of a JSON object', () => {
  it('are the same text as was sent, with numbers that JavaScript cannot hold', () => {
    const text = '{ "input" : {"seed": 18446744073709551615, "x": 1.0} , "policy":{"ttl":1}}'
    expect(members(text).raw('input')).toBe('{"seed": 18446744073709551615, "x": 1.0}')
    expect(members(text).value('policy')).toEqual({ ttl: 1 })
  })

  it('are found in every object, with any blanks, escapes and nesting', () => {
    fc.assert(
      fc.property(
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.constantFrom(0, 2, '\t'),
        (object, indent) => {
          const read = members(JSON.stringify(object, null, indent))
          for (const [name, value] of Object.entries(object)) {
            const raw = read.raw(name)
            if (value === null) expect(raw).toBeUndefined()
            else expect(JSON.parse(raw ?? '')).toEqual(JSON.parse(JSON.stringify(value)))
          }
        },
      ),
    )
  })

  it('are those of the last where a name stands twice, as every parser has it', () => {
    expect(members('{"input":1,"\\u0069nput":[2]}').raw('input')).toBe('[2]')
  })

  it('are none of the prototype', () => {
    expect(members('{}').value('constructor')).toBeUndefined()
    expect(members('{"__proto__":{"a":1}}').raw('a')).toBeUndefined()
  })

  it.each([
    ['[1]', /no JSON object/],
    ['{"input":NaN}', /no JSON/],
    ['', /no JSON/],
    [`{"input":${'['.repeat(400)}${']'.repeat(400)}}`, /nests deeper/],
  ])('are refused in words where there are none: %#', (text, reason) => {
    const read = readJsonObject(text)
    expect(read).toEqual({ ok: false, refusal: expect.stringMatching(reason) })
  })
})
