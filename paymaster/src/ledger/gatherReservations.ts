// Makes the reservations that go to the disk together in one pass: they draw on the same few budgets, and each would else
// read and write them anew.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import { Outage } from '@worldland-aa/service/outage'
import type { Result } from '@worldland-aa/service/result'
import { type ExposureId, type Reservation, reserveAll } from './reserve.ts'
import type { LedgerSchema } from './schema.ts'

type Reserve = (reservation: Reservation) => Promise<Result<ExposureId>>

type Waiting = {
  readonly reservation: Reservation
  readonly resolve: (answer: Result<ExposureId>) => void
  readonly reject: (reason: unknown) => void
}

export function gatherReservations(commits: Pick<GroupCommit<LedgerSchema>, 'commit'>): Reserve {
  let waiting: Waiting[] = []

  function take(): readonly Waiting[] {
    const taken = waiting
    waiting = []
    return taken
  }

  async function reserve(taken: () => readonly Waiting[]): Promise<void> {
    const answers = await commits.commit(ledger =>
      reserveAll(
        ledger,
        taken().map(({ reservation }) => reservation),
      ),
    )
    for (const [index, { resolve }] of taken().entries()) resolve(answers[index] as Result<ExposureId>)
  }

  async function reserveTogether(): Promise<void> {
    let all: readonly Waiting[] | undefined
    const taken = (): readonly Waiting[] => {
      // Whoever has come until it is their turn.
      all ??= take()
      return all
    }
    try {
      await reserve(taken)
    } catch (error) {
      // A bad one must not fail its neighbours, but what the disk refuses together it refuses one by one.
      const isLost = error instanceof Outage || taken().length === 1
      for (const one of taken()) {
        if (isLost) one.reject(error)
        else reserve(() => [one]).catch(one.reject)
      }
    }
  }

  return reservation =>
    new Promise((resolve, reject) => {
      waiting.push({ reservation, resolve, reject })
      if (waiting.length === 1) void reserveTogether()
    })
}
