// What a passkey or a wallet is given to sign: random, for one purpose, once, soon. Kept in memory, for who has begun to
// sign in when the service restarts begins again.
import { randomBytes } from 'node:crypto'

export type Challenges = {
  /** Hex digits, as a nonce of EIP-4361 may be written. */
  issue(purpose: string): string
  /** True the first time, for its own purpose. */
  take(challenge: string, purpose: string): boolean
}

const goodForSeconds = 300
/** The oldest goes when there is one more. */
const most = 4_096

export function createChallenges(now: () => number): Challenges {
  const issued = new Map<string, { readonly purpose: string; readonly expiresAtSeconds: number }>()
  return {
    issue(purpose) {
      const challenge = randomBytes(32).toString('hex')
      issued.set(challenge, { purpose, expiresAtSeconds: now() + goodForSeconds })
      for (const oldest of issued.keys()) {
        if (issued.size <= most) break
        issued.delete(oldest)
      }
      return challenge
    },
    take(challenge, purpose) {
      const known = issued.get(challenge)
      issued.delete(challenge)
      return known !== undefined && known.purpose === purpose && now() < known.expiresAtSeconds
    },
  }
}
