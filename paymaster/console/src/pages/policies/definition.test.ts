import { describe, expect, it } from 'vitest'
import { newDefinition, readDefinition, toText, valueAt, withValueAt } from './definition.ts'

describe('a policy as the editor handles it', () => {
  const policy = {
    id: 'a',
    limits: { global: { costWei: '1ether' } },
    contracts: [{ functions: ['*'] }, { x: 1 }],
  }

  it('reads and writes one place, and leaves what it does not know alone', () => {
    const changed = withValueAt({ ...policy, unknown: [1] }, ['limits', 'global', 'costWei'], '2ether')
    expect(changed).toEqual({ ...policy, unknown: [1], limits: { global: { costWei: '2ether' } } })
    expect(valueAt(changed, ['limits', 'global', 'costWei'])).toBe('2ether')
    expect(policy.limits.global.costWei).toBe('1ether')
  })

  it('makes what stands around a new field', () => {
    expect(withValueAt({ id: 'a' }, ['senders', 'block'], ['0x1'])).toEqual({
      id: 'a',
      senders: { block: ['0x1'] },
    })
  })

  it('takes a field or an entry of a list away', () => {
    expect(withValueAt(policy, ['limits', 'global'], undefined)).toEqual({ ...policy, limits: {} })
    expect(withValueAt(policy, ['contracts', 0], undefined).contracts).toEqual([{ x: 1 }])
  })

  it('reads back what it writes, and says what is no definition', () => {
    expect(readDefinition(toText(newDefinition))).toEqual({ ok: true, definition: newDefinition })
    for (const text of ['[]', '1', 'null', '{', '']) expect(readDefinition(text).ok).toBe(false)
  })
})
