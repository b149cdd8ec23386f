import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { askForSignatures } from './signatureLoad.ts'

const requests = Array.from({ length: 40 }, (_, index) => [index])

function signing() {
  const asked: unknown[] = []
  let underWay = 0
  let most = 0
  return {
    asked,
    mostUnderWay: () => most,
    async call(_: string, [index]: readonly unknown[]) {
      asked.push(index)
      most = Math.max(most, ++underWay)
      await sleep(1)
      underWay--
      if (index === 7) throw new Error('-32500 no')
    },
  }
}

describe('the load on a paymaster', () => {
  it('asks for each request once, never for more at a time than there are clients, and keeps what is refused', async () => {
    const paymaster = signing()
    const load = await askForSignatures(paymaster.call, requests, { concurrency: 8 })
    expect(paymaster.asked).toEqual(requests.flat())
    expect(paymaster.mostUnderWay()).toBe(8)
    expect(load.milliseconds).toHaveLength(39)
    expect(Object.fromEntries(load.refusals)).toEqual({ '-32500 no': 1 })
  })

  it('counts an answer of a pace from the moment for which it was planned, also what it waits behind another one', async () => {
    const paymaster = signing()
    const load = await askForSignatures(paymaster.call, requests, {
      concurrency: 1,
      pacePerSecond: 1_000_000,
    })
    // All were planned for the beginning: each waits for those before it.
    expect(load.milliseconds).toEqual([...load.milliseconds].sort((one, other) => one - other))
  })
})
