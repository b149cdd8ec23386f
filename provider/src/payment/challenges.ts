// Shows that a signature was made now. A client that has lost its amounts can sign little that was not redeemed long ago, and
// what was redeemed is everybody's to read: so it signs over a few bytes that it was just given, in place of a root of receipts.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@worldland-aa/service/clock'
import { bytesOf } from '@worldland-aa/service/crypto/bytes'
import { bytesToHex, type Hex } from 'viem'

export type Challenges = {
  issue(): Hex
  /** Whether it was given out here a short while ago and not shown yet; from now on it was. */
  take(shown: Hex): boolean
}

const lifetimeSeconds = 600
const nonceBytes = 16
const timeBytes = 4
const sealBytes = 12
/** Beyond that nobody shows anything until some are old. */
const mostShown = 50_000

export function createChallenges(clock: Clock): Challenges {
  // Of this life of the daemon alone: what was shown in an earlier one is not remembered.
  const key = randomBytes(32)
  /** Until when each has to be remembered; the oldest first. */
  const shownUntil = new Map<Hex, number>()
  const nowSeconds = (): number => Math.floor(clock.now() / 1_000)
  const seal = (bytes: Uint8Array): Buffer =>
    createHmac('sha256', key).update(bytes).digest().subarray(0, sealBytes)

  function forgetOld(): void {
    for (const [shown, until] of shownUntil) {
      if (until > nowSeconds()) return
      shownUntil.delete(shown)
    }
  }

  return {
    issue() {
      const time = Buffer.alloc(timeBytes)
      time.writeUInt32BE(nowSeconds())
      const sealed = Buffer.concat([randomBytes(nonceBytes), time])
      return bytesToHex(Buffer.concat([sealed, seal(sealed)]))
    },
    take(shown) {
      const bytes = Buffer.from(bytesOf(shown))
      const sealed = bytes.subarray(0, nonceBytes + timeBytes)
      const given = bytes.subarray(nonceBytes + timeBytes)
      if (given.length !== sealBytes || !timingSafeEqual(given, seal(sealed))) return false
      const ageSeconds = nowSeconds() - sealed.readUInt32BE(nonceBytes)
      forgetOld()
      if (ageSeconds > lifetimeSeconds || shownUntil.has(shown) || shownUntil.size >= mostShown) return false
      shownUntil.set(shown, nowSeconds() + lifetimeSeconds + 1)
      return true
    },
  }
}
