import pino from 'pino'
import { expect, it } from 'vitest'
import { patientStart } from './patientStart.ts'

const logger = pino({ level: 'silent' })

function failing(times: number) {
  let starts = 0
  const part = {
    name: 'reader',
    async start() {
      starts++
      if (starts <= times) throw new Error('header not found')
    },
    async stop() {},
  }
  return { part: patientStart(part, logger), starts: () => starts }
}

it('a start that meets a lagging node is tried again until it succeeds', async () => {
  const { part, starts } = failing(3)
  await part.start()
  expect(starts()).toBe(4)
})

it('a start that keeps failing fails with what was wrong', async () => {
  const { part, starts } = failing(1_000)
  await expect(part.start()).rejects.toThrow('header not found')
  expect(starts()).toBe(10)
})

it('a start that is given up is not tried again', async () => {
  const { part, starts } = failing(1_000)
  const started = part.start()
  await expect.poll(starts).toBeGreaterThan(0)
  const before = starts()
  part.giveUp?.()
  await expect(started).rejects.toThrow()
  expect(starts()).toBe(before)
})
