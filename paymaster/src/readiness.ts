// What a service that has just started still waits for. It answers from the first moment, and says so until then.
import type { Result } from '@worldland-aa/service/result'
import { deny } from './denial.ts'

export type Readiness = {
  /** For people; undefined once there is nothing. */
  waitsFor(): string | undefined
  judge(): Result<never> | undefined
  isCaughtUp(): boolean
  /** Called when the ledger stands where the chain does. */
  caughtUp(): void
  /** Called when the first look at stake and deposit is over, whatever came of it. */
  funded(): void
  /** Resolves at the end of both. */
  ready(): Promise<void>
}

/** `funding` tells what the treasury waits for at the moment, `restoring` what a ledger that came back from a backup does. */
export function createReadiness(
  funding: () => string | undefined,
  restoring: () => string | undefined,
): Readiness {
  let isCaughtUp = false
  let isFunded = false
  let announce: () => void = () => undefined
  const ready = new Promise<void>(resolve => {
    announce = resolve
  })

  function note(): void {
    if (isCaughtUp && isFunded) announce()
  }

  function waitsFor(): string | undefined {
    if (!isCaughtUp) return 'its ledger to be brought in line with the chain'
    return restoring() ?? (isFunded ? undefined : funding())
  }

  return {
    waitsFor,
    judge() {
      const awaited = waitsFor()
      if (awaited === undefined) return undefined
      return deny('starting', {
        problem: `This paymaster has just started and waits for ${awaited}`,
        remedy: 'try again in some seconds',
      })
    },
    isCaughtUp: () => isCaughtUp,
    caughtUp() {
      isCaughtUp = true
      note()
    },
    funded() {
      isFunded = true
      note()
    },
    ready: () => ready,
  }
}
