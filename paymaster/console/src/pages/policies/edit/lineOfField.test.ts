import { describe, expect, it } from 'vitest'
import { lineOfField } from './lineOfField.ts'

const text = JSON.stringify(
  {
    id: 'a',
    contracts: [
      { address: '0x1', functions: ['a(uint256)', '*'] },
      { address: '0x2', functions: [] },
    ],
    limits: { global: { costWei: '1' } },
  },
  null,
  2,
)
const lineWith = (part: string): number => text.split('\n').findIndex(line => line.includes(part))

describe('the line of a field', () => {
  it('is found in objects and lists', () => {
    expect(lineOfField(text, 'id')).toBe(lineWith('"id"'))
    expect(lineOfField(text, 'contracts.1.address')).toBe(lineWith('0x2'))
    expect(lineOfField(text, 'contracts.0.functions.1')).toBe(lineWith('"*"'))
    expect(lineOfField(text, 'limits.global.costWei')).toBe(lineWith('costWei'))
  })

  it('is that of what holds it, where the field is missing', () => {
    expect(lineOfField(text, 'limits.global.window')).toBe(lineWith('"global"'))
    expect(lineOfField(text, 'limits.costPerOperationWei')).toBe(lineWith('"limits"'))
    expect(lineOfField(text, 'nowhere')).toBeUndefined()
    expect(lineOfField(text, '')).toBeUndefined()
  })

  it('is found in a text that is not whole', () => {
    expect(lineOfField('{\n  "a": {\n    "b": 1,\n', 'a.b')).toBe(2)
  })

  it('is not misled by quotes and braces in text', () => {
    expect(lineOfField('{\n  "a": "}{\\"b\\": [",\n  "b": 1\n}', 'b')).toBe(2)
  })
})
