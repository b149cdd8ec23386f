// How peers have behaved: points for each fault, which fade; who has too many is graylisted by gossipsub, then cut off
// for a while. What an honest node may do by mistake costs little.
import type { Clock } from '@worldland-aa/service/clock'
import type { GossipSource } from './source.ts'

export type Fault = 'invalid' | 'malformed' | 'overQuota' | 'badRequest' | 'badAnswer'

const points: Readonly<Record<Fault, number>> = {
  /** An operation, commit or promise that no honest node would pass on. */
  invalid: 10,
  malformed: 25,
  /** One message too many; its peer may not know better. */
  overQuota: 0.5,
  badRequest: 10,
  badAnswer: 10,
}

const halfLifeMilliseconds = 60_000
/** From here on nothing is taken from the peer (gossipsub's graylist), and from there on it is cut off. */
export const graylistedFrom = 60
const bannedFrom = 100
const mostRemembered = 10_000

export type Conduct = {
  /** Answers whether the peer has to go. */
  note(source: GossipSource, fault: Fault): boolean
  pointsOf(source: GossipSource): number
  ban(source: GossipSource): void
  isBanned(source: GossipSource): boolean
  /** How many are banned or graylisted. */
  outcasts(): number
}

type Standing = { points: number; atMilliseconds: number; bannedUntil: number; bans: number }

export function createConduct(options: { readonly banMilliseconds: number; readonly clock: Clock }): Conduct {
  const { banMilliseconds, clock } = options
  /** By caller, the one that was heard of longest ago first. */
  const records = new Map<string, Standing>()

  function faded(record: Standing, now: number): number {
    return record.points * 0.5 ** (Math.max(0, now - record.atMilliseconds) / halfLifeMilliseconds)
  }

  function recordOf(caller: string, now: number): Standing {
    const known = records.get(caller)
    const record = known ?? { points: 0, atMilliseconds: now, bannedUntil: 0, bans: 0 }
    record.points = faded(record, now)
    record.atMilliseconds = now
    records.delete(caller)
    records.set(caller, record)
    const [oldest] = records.keys()
    if (records.size > mostRemembered && oldest !== undefined) records.delete(oldest)
    return record
  }

  function ban({ caller }: GossipSource): void {
    const now = clock.now()
    const record = recordOf(caller, now)
    if (record.bannedUntil > now) return
    // Twice as long each time, at most sixteen times.
    record.bannedUntil = now + banMilliseconds * 2 ** Math.min(record.bans, 4)
    record.bans++
    record.points = 0
  }

  return {
    note(source, fault) {
      const record = recordOf(source.caller, clock.now())
      record.points += points[fault]
      if (record.points < bannedFrom) return false
      ban(source)
      return true
    },
    pointsOf({ caller }) {
      const record = records.get(caller)
      return record === undefined ? 0 : faded(record, clock.now())
    },
    ban,
    isBanned: ({ caller }) => (records.get(caller)?.bannedUntil ?? 0) > clock.now(),
    outcasts() {
      const now = clock.now()
      return [...records.values()].filter(
        record => record.bannedUntil > now || faded(record, now) >= graylistedFrom,
      ).length
    },
  }
}
