// Whose the GPUs are. A machine has its own alone, also after a restart of the daemon.
import type { GroupCommit } from '@worldland-aa/service/database/groupCommit'
import type { Kysely } from '@worldland-aa/service/database/openDatabase'
import { createTurns } from '../chain/turns.ts'
import type { ProviderSchema } from '../database.ts'
import type { Outcome } from '../outcome.ts'
import type { Gpu } from './queryGpus.ts'

export type GpuBook = {
  start(): Promise<void>
  /** As many as the machine asks for, those it has already among them. On the disk before it resolves. */
  assign(machine: string, count: number): Promise<Outcome<readonly string[], string>>
  /** Gives back all that the machine has. */
  release(machine: string): Promise<void>
  assigned(machine: string): readonly string[]
  freeCount(): number
}

export function createGpuBook(options: {
  readonly database: Kysely<ProviderSchema>
  readonly commits: Pick<GroupCommit<ProviderSchema>, 'commit'>
  readonly gpus: readonly Gpu[]
  /** Machines get none, whatever their offer says. */
  readonly isWithoutGpus: boolean
}): GpuBook {
  const { database, commits, gpus, isWithoutGpus } = options
  /** As the disk has it: changed when a commit has resolved, one after the other. */
  const machineOf = new Map<string, string>()
  const takeTurn = createTurns()

  const assigned = (machine: string): readonly string[] =>
    [...machineOf].filter(([, holder]) => holder === machine).map(([gpu]) => gpu)
  const free = (): readonly string[] => gpus.map(({ uuid }) => uuid).filter(uuid => !machineOf.has(uuid))

  return {
    assigned,
    freeCount: () => free().length,
    async start() {
      for (const { gpu, machine } of await database.selectFrom('gpu_assignment').selectAll().execute())
        machineOf.set(gpu, machine)
    },
    assign: (machine, count) =>
      takeTurn(async () => {
        if (isWithoutGpus) return { ok: true, value: [] }
        const has = assigned(machine)
        const available = free()
        const chosen = available.slice(0, Math.max(0, count - has.length))
        if (has.length + chosen.length < count) {
          return { ok: false, refusal: `it takes ${count} GPUs, and ${available.length} are free` }
        }
        const rows = chosen.map(gpu => ({ gpu, machine }))
        if (rows.length > 0) {
          await commits.commit(transaction =>
            transaction
              .insertInto('gpu_assignment')
              .values(rows)
              // A commit that was reported lost may have reached the disk.
              .onConflict(conflict => conflict.column('gpu').doUpdateSet({ machine }))
              .execute(),
          )
        }
        for (const gpu of chosen) machineOf.set(gpu, machine)
        return { ok: true, value: [...has, ...chosen] }
      }),
    release: machine =>
      takeTurn(async () => {
        const had = assigned(machine)
        if (had.length === 0) return
        await commits.commit(transaction =>
          transaction.deleteFrom('gpu_assignment').where('machine', '=', machine).execute(),
        )
        for (const gpu of had) machineOf.delete(gpu)
      }),
  }
}
