// Who misbehaves? Counts what each entity promised (seen) and kept (included), as ERC-7562 has it.
// Read from memory, written to the database a moment later.
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { Database } from '../database.ts'
import {
  type Counters,
  crashedCounters,
  faded,
  noCounters,
  type ReputationStatus,
  statusFrom,
} from './counters.ts'
import { loadCounters, type StoredCounters, saveCounters } from './store.ts'

export type { ReputationStatus } from './counters.ts'

export type ReputationEntry = Counters & { readonly address: Address }

export type ReputationOptions = {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  /** Never throttled or banned. */
  readonly allowed?: readonly Address[]
  /** Always banned. */
  readonly denied?: readonly Address[]
}

export type Reputation = Part & {
  statusOf(address: Address): ReputationStatus
  entryOf(address: Address): ReputationEntry
  /** A valid operation naming these entities came in: opsSeen + 1 each. */
  seen(entities: readonly Address[]): void
  /** Such an operation landed: opsIncluded + 1 each. */
  included(entities: readonly Address[]): void
  /** Takes one opsSeen back. ERC-7562 [EREP-015], [GREP-050] */
  forget(entities: readonly Address[]): void
  /** It passed second validation and yet failed a bundle: banned. ERC-7562 [GREP-040] */
  crashed(entity: Address): void
  dump(): readonly (ReputationEntry & { readonly status: ReputationStatus })[]
  /** Replaces the counters of these addresses (debug_bundler_setReputation). */
  set(entries: readonly ReputationEntry[]): void
  clear(): void
  /** Resolves when every change so far is on disk. */
  flush(): Promise<void>
}

const flushAfterMilliseconds = 1_000
const hourMilliseconds = 3_600_000

export function createReputation(options: ReputationOptions): Reputation {
  const { database, clock, logger } = options
  const allowed = new Set(options.allowed?.map(lowerCase))
  const denied = new Set(options.denied?.map(lowerCase))
  /** Faded up to their own `hour`, and from there when they are read. */
  let counters = new Map<Address, StoredCounters>()
  let unsaved = new Set<Address>()
  let saving: Promise<void> = Promise.resolve()
  let timer: NodeJS.Timeout | undefined

  const thisHour = (): number => Math.floor(clock.now() / hourMilliseconds)

  function countersOf(address: Address): Counters {
    const stored = counters.get(lowerCase(address))
    return stored === undefined ? noCounters : faded(stored, thisHour() - stored.hour)
  }

  function change(address: Address, to: Counters): void {
    const key = lowerCase(address)
    if (to.opsSeen === 0 && to.opsIncluded === 0) counters.delete(key)
    else counters.set(key, { ...to, hour: thisHour() })
    unsaved.add(key)
    timer ??= setTimeout(() => void flush().catch(reportFailure), flushAfterMilliseconds).unref()
  }

  function reportFailure(error: unknown): void {
    logger.error({ error }, 'reputations could not be saved; they will be with the next change')
  }

  /** Drops what has faded to nothing, so that entities seen once do not fill the memory. */
  function sweep(): void {
    for (const [address] of counters) {
      const { opsSeen, opsIncluded } = countersOf(address)
      if (opsSeen > 0 || opsIncluded > 0) continue
      counters.delete(address)
      unsaved.add(address)
    }
  }
  let sweptHour = thisHour()

  function flush(): Promise<void> {
    clearTimeout(timer)
    timer = undefined
    if (sweptHour !== thisHour()) {
      sweep()
      sweptHour = thisHour()
    }
    // One after the other, so that an older state never overwrites a newer one, and what one write
    // could not save is in the next.
    const saved = saving
      .catch(() => undefined)
      .then(async () => {
        const changed = unsaved
        unsaved = new Set()
        if (changed.size === 0) return
        try {
          await saveCounters(database, new Map([...changed].map(address => [address, counters.get(address)])))
        } catch (error) {
          for (const address of changed) unsaved.add(address)
          throw error
        }
      })
    saving = saved
    return saved
  }

  function statusOf(address: Address): ReputationStatus {
    if (denied.has(lowerCase(address))) return 'banned'
    return allowed.has(lowerCase(address)) ? 'ok' : statusFrom(countersOf(address))
  }

  return {
    name: 'reputation',
    async start() {
      counters = await loadCounters(database)
    },
    async stop() {
      await flush()
    },
    statusOf,
    entryOf: address => ({ address, ...countersOf(address) }),
    seen(entities) {
      for (const address of distinct(entities)) {
        const { opsSeen, opsIncluded } = countersOf(address)
        change(address, { opsSeen: opsSeen + 1, opsIncluded })
      }
    },
    included(entities) {
      for (const address of distinct(entities)) {
        const { opsSeen, opsIncluded } = countersOf(address)
        change(address, { opsSeen, opsIncluded: opsIncluded + 1 })
      }
    },
    forget(entities) {
      for (const address of distinct(entities)) {
        const { opsSeen, opsIncluded } = countersOf(address)
        change(address, { opsSeen: Math.max(0, opsSeen - 1), opsIncluded })
      }
    },
    crashed: entity => change(entity, crashedCounters),
    dump: () =>
      [...counters.keys()].map(address => ({ address, ...countersOf(address), status: statusOf(address) })),
    set(entries) {
      for (const { address, opsSeen, opsIncluded } of entries) change(address, { opsSeen, opsIncluded })
    },
    clear() {
      for (const address of counters.keys()) change(address, noCounters)
    },
    flush,
  }
}

/** An operation whose sender is its own paymaster counts once. */
function distinct(addresses: readonly Address[]): Iterable<Address> {
  return new Set(addresses.map(lowerCase))
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
