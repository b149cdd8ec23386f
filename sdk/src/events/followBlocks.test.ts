import { describe, expect, it } from 'vitest'
import { compare } from './followBlocks.ts'

const event = (blockNumber: bigint, blockHash: string, logIndex = 0) => ({ blockNumber, blockHash, logIndex })

describe('what happened between two blocks', () => {
  it('is every event that was not there before', () => {
    const old = event(10n, '0xa')
    const fresh = event(11n, '0xb')
    expect(compare([old], [old, fresh], 11n)).toEqual({ events: [fresh], removed: [] })
  })

  it('tells two events of one block apart', () => {
    const first = event(10n, '0xa', 0)
    const second = event(10n, '0xa', 1)
    expect(compare([first], [first, second], 11n)).toEqual({ events: [second], removed: [] })
  })

  it('takes an event back, and gives it again, when a reorg moved it to another block', () => {
    const before = event(10n, '0xa')
    const after = event(10n, '0xc')
    expect(compare([before], [after], 10n)).toEqual({ events: [after], removed: [before] })
  })

  it('takes nothing back that merely left the window', () => {
    const old = event(10n, '0xa')
    expect(compare([old], [], 100n)).toEqual({ events: [], removed: [] })
  })
})
