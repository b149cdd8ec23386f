import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { canonical, testPlace } from '../testing/gossipNodes.ts'
import { contentIdOf } from './contentId.ts'
import { alternativeMempool, canonicalMempool } from './mempoolIds.ts'

describe('the id of a mempool', () => {
  it.each([
    ['hello world\n', 'QmT78zSuBmuS4z925WZfrqQ1qHaJ56DQaTfyMUF7F8ff5o'],
    ['hello world', 'Qmf412jQZiuVUtdgnB36FXFX7xg5V6KEbSJ4dpQuhkLyfD'],
    ['', 'QmbFMke1KXqnYyBBWxB74N4c5SBnJMVAiMNRcGu6x1AwQH'],
  ])('is what `ipfs add` gives the file %j', (content, id) => {
    expect(contentIdOf(content)).toBe(id)
  })

  it('is that of its description, the same for whoever describes it alike', () => {
    expect(canonical.description).toBe(
      [
        "chainId: '103'",
        "entryPointContract: '0x0000000071727De22E5E9d8BAf0edAc6f37da032'",
        'description: "The canonical mempool: the rules of ERC-7562 and no exception"',
        "minimumStake: '1000000000000000000'",
        '',
      ].join('\n'),
    )
    expect(canonical.id).toBe(contentIdOf(canonical.description))
    const told = readFileSync(new URL('../../../../docs/network.md', import.meta.url), 'utf8')
    expect(told).toContain(canonical.description)
    expect(told).toContain(`\`${canonical.id}\``)
    const lowercase = testPlace.entryPoint.toLowerCase() as typeof testPlace.entryPoint
    expect(canonicalMempool({ ...testPlace, entryPoint: lowercase }).id).toBe(canonical.id)
    expect(canonicalMempool({ ...testPlace, chainId: 1 }).id).not.toBe(canonical.id)
  })

  it('of an alternative one depends on what it relaxes, not on its name or its order', () => {
    const one = { rule: 'OP-011', opcode: 'TIMESTAMP' }
    const other = { rule: 'OP-011', opcode: 'NUMBER', entity: 'paymaster' } as const
    const clocks = alternativeMempool(testPlace, { name: 'clocks', allows: [one, other] })
    expect(alternativeMempool(testPlace, { name: 'time', allows: [other, one] }).id).toBe(clocks.id)
    expect(alternativeMempool(testPlace, { name: 'clocks', allows: [one] }).id).not.toBe(clocks.id)
    expect(clocks.id).not.toBe(canonical.id)
  })
})
