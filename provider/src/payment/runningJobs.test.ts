// When payers are told that their jobs run on unpaid.
import { afterEach, expect, it } from 'vitest'
import { createRunningJobs, type RunningJobs } from './runningJobs.ts'

const payer = { sessionId: 1n, rightId: 1n, lane: '1:1' }
const hourMilliseconds = 3_600_000
let running: RunningJobs
afterEach(() => running.stop())

function open(): string[] {
  running = createRunningJobs({
    unsignedMilliseconds: 100,
    accountOf: () => ({ signedWei: 10n, usedMilliseconds: 0n, pricePerSecondWei: 1n }),
    now: () => performance.now(),
  })
  const told: string[] = []
  running.onOverdue(({ lane }, reason) => void told.push(`${lane} ${reason}`))
  return told
}

it('a payer is told at once of a job that has used more than is signed and one interval', () => {
  const told = open()
  running.began(payer, { jobId: 'long', ranMilliseconds: hourMilliseconds })
  expect(told).toEqual(['1:1 unpaid'])
})

it('a payer who could not sign while the daemon was down is given one interval first', async () => {
  const told = open()
  running.began(payer, { jobId: 'long', ranMilliseconds: hourMilliseconds, isTakenUp: true })
  running.lookAgain(payer)
  expect(told).toEqual([])
  await expect.poll(() => told).toEqual(['1:1 unpaid'])
})

it('a payer whose right has ended while the daemon was down is given none, and is not told to sign on', () => {
  const told = open()
  running.began(payer, { jobId: 'long', ranMilliseconds: 0, isTakenUp: true })
  running.endAll(payer)
  expect(told).toEqual(['1:1 ended'])
})
