// The operator's brake: nothing is signed while paused, nothing ever for who is blocked. It holds from the moment of the
// command, before the disk has it, and again after a restart.
import type { Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import type { Address } from 'viem'
import { deny } from '../denial.ts'
import type { LedgerSchema } from '../ledger/schema.ts'

export type Brake = {
  /** Reads what was set before a restart. */
  start(): Promise<void>
  /** Resolves once it is on the disk; in force before that. */
  pause(atSeconds: number): Promise<void>
  resume(): Promise<void>
  /** A sender or factory by its lower-case address, or a caller by the address it calls from. */
  block(who: string, atSeconds: number): Promise<void>
  /** False when it was not blocked. */
  unblock(who: string): Promise<boolean>
  /** Seconds since the Unix epoch; undefined while it is released. */
  pausedSince(): number | undefined
  blocked(): readonly string[]
  /** Why nothing is signed for this caller at the moment. */
  judgeCaller(caller: string): Result<never> | undefined
  judge(operation: { readonly sender: Address; readonly factory?: Address }): Result<never> | undefined
}

export function createBrake(database: Kysely<LedgerSchema>): Brake {
  let pausedSince: number | undefined
  const blocked = new Set<string>()

  function judgePause(): Result<never> | undefined {
    if (pausedSince === undefined) return undefined
    return deny(
      'paused',
      {
        problem: `The operator has paused this paymaster since ${new Date(pausedSince * 1000).toISOString()}`,
        remedy: 'try again later, or pay for the gas from the account',
      },
      { pausedSince },
    )
  }

  function refuseBlocked(who: string): Result<never> {
    return deny(
      'blocked',
      { problem: `The operator of this paymaster signs nothing for ${who}`, remedy: 'ask the operator' },
      {
        who,
      },
    )
  }

  return {
    async start() {
      const row = await database.selectFrom('brake').select('paused_since').executeTakeFirst()
      pausedSince = row?.paused_since ?? undefined
      for (const { who } of await database.selectFrom('blocked').select('who').execute()) blocked.add(who)
    },
    async pause(atSeconds) {
      pausedSince ??= atSeconds
      const row = { paused_since: pausedSince }
      await database
        .insertInto('brake')
        .values({ id: 1, ...row })
        .onConflict(conflict => conflict.column('id').doUpdateSet(row))
        .execute()
    },
    async resume() {
      await database.deleteFrom('brake').execute()
      pausedSince = undefined
    },
    async block(who, atSeconds) {
      blocked.add(who)
      await database
        .insertInto('blocked')
        .values({ who, since: atSeconds })
        .onConflict(conflict => conflict.column('who').doNothing())
        .execute()
    },
    async unblock(who) {
      await database.deleteFrom('blocked').where('who', '=', who).execute()
      return blocked.delete(who)
    },
    pausedSince: () => pausedSince,
    blocked: () => [...blocked].sort(),
    judgeCaller: caller => judgePause() ?? (blocked.has(caller) ? refuseBlocked(caller) : undefined),
    judge({ sender, factory }) {
      const paused = judgePause()
      if (paused !== undefined) return paused
      for (const who of [sender, factory]) {
        if (who !== undefined && blocked.has(who.toLowerCase())) return refuseBlocked(who)
      }
      return undefined
    },
  }
}
