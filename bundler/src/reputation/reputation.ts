// Who misbehaves? Counts what each entity promised (seen) and kept (included), as ERC-7562 has it.
import type { Clock } from '@worldland-aa/service/clock'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Address } from 'viem'
import type { ReputationTable } from './migration.ts'

export type ReputationStatus = 'ok' | 'throttled' | 'banned'

export type ReputationEntry = {
  readonly address: Address
  readonly opsSeen: number
  readonly opsIncluded: number
}

export type ReputationOptions = {
  readonly database: Kysely<{ reputation: ReputationTable }>
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

export declare function createReputation(options: ReputationOptions): Reputation
