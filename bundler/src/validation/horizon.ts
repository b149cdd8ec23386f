// How long must an operation hold to be worth a place? Until a block that comes late has been mined: one measure for
// admission, for the choice of a bundle's operations, for second validation and for what is under way.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Clock } from '@worldland-aa/service/clock'

/** What a validity is held against. */
export type Horizon = {
  /** Seconds since the Unix epoch. */
  readonly presentSeconds: number
  /** Seconds from then for which an operation must hold, and within which it must begin to. */
  readonly marginSeconds: number
}

/**
 * `admission`: it may have to wait for a place before it is sent. `bundle`: it is sent now. `flight`: it was sent, and
 * taking it back costs as well.
 */
export type Purpose = 'admission' | 'bundle' | 'flight'

export type HorizonOf = (head: Pick<Block, 'timestamp'>, purpose: Purpose) => Horizon

/** Seconds since the Unix epoch, 0 for no bound. */
export type Period = { readonly validAfter: number; readonly validUntil: number }

/** `marginSeconds`: how long the next block may take, the rarest gaps left out. */
export function createHorizon({ clock, marginSeconds }: { clock: Clock; marginSeconds: number }): HorizonOf {
  const margins: Readonly<Record<Purpose, number>> = {
    // A sixth: the mean gap, where the margin is that of the chain's profile.
    admission: marginSeconds + Math.ceil(marginSeconds / 6),
    bundle: marginSeconds,
    flight: Math.ceil(marginSeconds / 4),
  }
  return ({ timestamp }, purpose) => ({
    // The last block may be long past; on a development chain it may also be ahead of our clock.
    presentSeconds: Math.max(Number(timestamp), Math.floor(clock.now() / 1000)),
    marginSeconds: margins[purpose],
  })
}

/** The earliest end with which it is taken. */
export function earliestEndSeconds(
  { validAfter }: Pick<Period, 'validAfter'>,
  { presentSeconds, marginSeconds }: Horizon,
): number {
  return Math.max(presentSeconds, validAfter) + marginSeconds
}

export function outlasts(period: Period, horizon: Horizon): boolean {
  return period.validUntil === 0 || period.validUntil >= earliestEndSeconds(period, horizon)
}

/** Whether it begins so soon that it may wait for its time among the others. */
export function beginsWithin({ validAfter }: Period, { presentSeconds, marginSeconds }: Horizon): boolean {
  return validAfter <= presentSeconds + marginSeconds
}
