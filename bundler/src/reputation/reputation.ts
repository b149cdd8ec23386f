// Who misbehaves? Counts what each entity promised (seen) and kept (included), as ERC-7562 has it, apart
// for every mempool. Read from memory, written to the database a moment later.
import type { Clock } from '@worldland-aa/service/clock'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { Database, PreparedChange } from '../database.ts'
import {
  type Counters,
  crashedCounters,
  defaultReputationSlacks,
  faded,
  noCounters,
  type ReputationSlacks,
  type ReputationStatus,
  spoiltCounters,
  statusFrom,
  throttledCounters,
} from './counters.ts'
import { type EntityReputation, type ReputationEntry, together, worse } from './entityReputation.ts'
import { type InclusionCount, inclusionChanges } from './inclusionCount.ts'
import { createSaving } from './saving.ts'
import { loadCounters, type StoredCounters, saveCounters } from './store.ts'

export type ReputationOptions = {
  readonly database: Database
  readonly clock: Clock
  readonly logger: Logger
  readonly slacks?: ReputationSlacks
  /** Never throttled or banned. */
  readonly allowed?: readonly Address[]
  /** Likewise, where an address is found to deserve it only later. */
  readonly isTrusted?: (address: Address) => boolean
  /** Always banned. */
  readonly denied?: readonly Address[]
}

/** By itself it speaks for the canonical mempool. */
export type Reputation = Part &
  EntityReputation & {
    /** Of the alternative mempools that an operation is part of; without any, of the canonical one. ERC-7562 [ALT-040] */
    within(mempools: readonly string[] | undefined): EntityReputation
    /** What landed and what a reorg took out, to be written together with all else that a step of the chain changes. */
    prepareInclusions(counts: readonly InclusionCount[]): PreparedChange
    /** How an alternative mempool as a whole does. ERC-7562 [AREP-020] */
    statusOfMempool(mempool: string): ReputationStatus
    /** Of the canonical mempool. */
    dump(): readonly (ReputationEntry & { readonly status: ReputationStatus })[]
    /** Replaces the counters of these addresses (debug_bundler_setReputation). */
    set(entries: readonly ReputationEntry[]): void
    clear(): void
    /** Resolves when every change so far is on disk. */
    flush(): Promise<void>
  }

const hourMilliseconds = 3_600_000

export function createReputation(options: ReputationOptions): Reputation {
  const { clock, slacks = defaultReputationSlacks } = options
  const allowed = new Set(options.allowed?.map(lowerCase))
  const denied = new Set(options.denied?.map(lowerCase))
  /** By address, or mempool/address. Faded up to their own `hour`, and from there when they are read. */
  let counters = new Map<string, StoredCounters>()
  const isAllowed = (address: Address): boolean =>
    allowed.has(lowerCase(address)) || options.isTrusted?.(address) === true
  const thisHour = (): number => Math.floor(clock.now() / hourMilliseconds)
  const saving = createSaving({ ...options, countersOf: key => counters.get(key) })
  let sweptHour = thisHour()

  function countersAt(key: string): Counters {
    const stored = counters.get(key)
    return stored === undefined ? noCounters : faded(stored, thisHour() - stored.hour)
  }

  function change(key: string, to: Counters): void {
    sweep()
    // Who had a record keeps it, though it be empty, until it is swept out.
    if (to.opsSeen === 0 && to.opsIncluded === 0 && !counters.has(key)) return
    counters.set(key, { ...to, hour: thisHour() })
    saving.changed(key)
  }

  function drop(key: string): void {
    counters.delete(key)
    saving.changed(key)
  }

  /** Drops what has faded to nothing, so that entities seen once do not fill the memory. */
  function sweep(): void {
    if (sweptHour === thisHour()) return
    sweptHour = thisHour()
    for (const key of counters.keys()) {
      const { opsSeen, opsIncluded } = countersAt(key)
      if (opsSeen === 0 && opsIncluded === 0) drop(key)
    }
  }

  function createPool(mempool?: string): EntityReputation {
    const prefix = mempool === undefined ? '' : `${mempool}/`
    const keyOf = (address: Address): string => prefix + lowerCase(address)
    const countersOf = (address: Address): Counters => countersAt(keyOf(address))

    function statusOf(address: Address): ReputationStatus {
      if (denied.has(lowerCase(address))) return 'banned'
      const own = isAllowed(address) ? 'ok' : statusFrom(countersOf(address), slacks)
      return mempool !== undefined && statusOfMempool(mempool) === 'banned' ? 'banned' : own
    }
    /** ERC-7562 [AREP-010] The pool itself counts like an entity. */
    function count(entities: readonly Address[], { opsSeen = 0, opsIncluded = 0 }: Partial<Counters>): void {
      const keys = [...distinct(entities)].map(keyOf)
      for (const key of mempool === undefined ? keys : [prefix, ...keys]) {
        const before = countersAt(key)
        change(key, {
          opsSeen: Math.max(0, before.opsSeen + opsSeen),
          opsIncluded: Math.max(0, before.opsIncluded + opsIncluded),
        })
      }
    }
    return {
      statusOf,
      entryOf: address => ({ address, ...countersOf(address) }),
      seen: entities => count(entities, { opsSeen: 1 }),
      included: entities => count(entities, { opsIncluded: 1 }),
      forget: entities => count(entities, { opsSeen: -1 }),
      crashed: entity => change(keyOf(entity), crashedCounters),
      spoilt: sender => change(keyOf(sender), spoiltCounters(countersOf(sender))),
      dodged(entity) {
        const throttled = throttledCounters(countersOf(entity), slacks)
        if (worse(statusOf(entity), 'throttled') === 'throttled') change(keyOf(entity), throttled)
      },
    }
  }

  function statusOfMempool(mempool: string): ReputationStatus {
    return statusFrom(countersAt(`${mempool}/`), slacks)
  }

  const canonical = createPool()
  return {
    name: 'reputation',
    ...canonical,
    async start() {
      counters = await loadCounters(options.database)
    },
    async stop() {
      await saving.close()
    },
    within(mempools) {
      return mempools === undefined ? canonical : together(mempools.map(createPool))
    },
    prepareInclusions(counts) {
      const changes = inclusionChanges(counts)
      const changed = (): readonly (readonly [string, Counters])[] =>
        [...changes].map(([key, by]) => {
          const { opsSeen, opsIncluded } = countersAt(key)
          return [key, { opsSeen, opsIncluded: Math.max(0, opsIncluded + by) }]
        })
      return {
        async write(transaction) {
          const rows = changed().map(([key, to]) => [key, { ...to, hour: thisHour() }] as const)
          await saveCounters(transaction, new Map(rows))
        },
        apply() {
          for (const [key, to] of changed()) change(key, to)
        },
      }
    },
    statusOfMempool,
    dump: () =>
      [...counters.keys()]
        .filter((key): key is Address => !key.includes('/'))
        .map(address => ({ ...canonical.entryOf(address), status: canonical.statusOf(address) })),
    set(entries) {
      for (const { address, opsSeen, opsIncluded } of entries)
        change(lowerCase(address), { opsSeen, opsIncluded })
    },
    clear() {
      for (const key of counters.keys()) drop(key)
    },
    flush() {
      sweep()
      return saving.flush()
    },
  }
}

/** An operation whose sender is its own paymaster counts once. */
function distinct(addresses: readonly Address[]): Iterable<Address> {
  return new Set(addresses.map(lowerCase))
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
