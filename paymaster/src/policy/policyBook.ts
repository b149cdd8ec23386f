// The policies in force, in memory, as the database keeps them. They change as a whole or not at all: a file or an edit
// with a mistake leaves the old ones standing, and what was put in force is so again after any stop.
import { ExitError, exitCodes } from '@worldland-aa/service/cli/exitCodes'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Refusal, type Result } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import type { Hex } from 'viem'
import type { LedgerSchema } from '../ledger/schema.ts'
import type { PolicyProblem } from './definition/readPolicy.ts'
import { readPolicyFile, type WrittenInFile } from './loadPolicies.ts'
import { onChainPolicyId } from './policyId.ts'
import type { Policy } from './sponsorshipPolicy.ts'
import { type KeptPolicy, keep } from './store/keptPolicy.ts'
import { fileAuthor, planSeed, type Seeding } from './store/planSeed.ts'
import { createPolicyEdits, type PolicyEditor, type PolicyEdits } from './store/policyEdits.ts'
import { addVersion, noteFileDefinition, readPolicies } from './store/policyStore.ts'

export type PolicyBook = PolicyEdits & {
  inForce(): readonly Policy[]
  /** In whatever state, in the order of their ids. */
  all(): readonly KeptPolicy[]
  find(id: string): KeptPolicy | undefined
  /** Reads the file anew; refused, with what is wrong in it, when it has a mistake. */
  reload(): Promise<Result<readonly Policy[]>>
  /** Which are in force since when, and why a newer file is not. */
  describe(): string
  /** The id that an operator wrote for what the contract carries; also of policies that are archived. */
  idOf(onChainId: Hex): string | undefined
}

/** Throws when the file has a mistake: a start is the time to mend it. */
export async function createPolicyBook(options: {
  readonly database: Kysely<LedgerSchema>
  /** Begins policies, and changes those that nobody else changed; without it the database alone counts. */
  readonly file: string | undefined
  /** Seconds since the Unix epoch. */
  readonly now: () => number
  /** What a policy cannot mean in this service: its webhook's secret is not known. */
  readonly examine?: (policy: Policy) => readonly PolicyProblem[]
  readonly onChange?: (id: string) => void
  readonly logger: Logger
}): Promise<PolicyBook> {
  const { database, file, now, logger, examine = () => [], onChange = () => undefined } = options
  let kept: ReadonlyMap<string, KeptPolicy> = new Map()
  let inForce: readonly Policy[] = []
  let ids: ReadonlyMap<Hex, string> = new Map()
  let refusal: string | undefined
  let readAt = now()
  let writing: Promise<unknown> = Promise.resolve()

  /** One after the other, so that each sees what the one before has left. */
  function inTurn<Value>(write: () => Promise<Value>): Promise<Value> {
    const turn = writing.then(write, write)
    writing = turn.catch(() => undefined)
    return turn
  }

  async function readAnew(): Promise<void> {
    const stored = await readPolicies(database)
    const before = kept
    kept = new Map(stored.map(one => [one.id, keep(one, before.get(one.id))]))
    inForce = [...kept.values()].flatMap(({ state, policy }) => (state === 'inForce' ? (policy ?? []) : []))
    ids = new Map([...kept.keys()].map(id => [onChainPolicyId(id), id]))
    for (const { id, version, state } of kept.values()) {
      const old = before.get(id)
      if (before.size > 0 && (old?.version !== version || old.state !== state)) onChange(id)
    }
  }

  function refuseFile(refused: Refusal): Result<never> {
    refusal = refused.message
    logger.error({ file, refusal }, 'the policy file is refused: the policies in force stay as they are')
    return { ok: false, refusal: refused }
  }

  function readFile(endedBefore?: number): Result<readonly WrittenInFile[]> {
    if (file === undefined) return accept([])
    const read = readPolicyFile(file, endedBefore === undefined ? {} : { endedBefore })
    if (!read.ok) return read
    const problems = read.value.flatMap(({ policy }, index) =>
      examine(policy).map(
        ({ field, problem }) => `${file}: policies[${index}].${field} ${problem} (policy "${policy.id}")`,
      ),
    )
    return problems.length === 0 ? read : { ok: false, refusal: { code: 78, message: problems.join('\n') } }
  }

  async function seed(written: readonly WrittenInFile[]): Promise<Result<void>> {
    // Without a file, none is missing in it.
    if (file === undefined) return accept(undefined)
    const texts = new Map(written.map(({ policy, definition }) => [policy.id, JSON.stringify(definition)]))
    const steps = planSeed(texts, await readPolicies(database))
    const twoDefaults = findTwoDefaults(written, steps)
    if (twoDefaults !== undefined)
      return { ok: false, refusal: { code: 78, message: `${file}: ${twoDefaults}` } }
    const common = { author: fileAuthor, atSeconds: now() }
    await database.transaction().execute(async ledger => {
      for (const step of steps) {
        if (step.kind === 'noted') await noteFileDefinition(ledger, step.id, step.fileDefinition)
        else if (step.kind === 'archived') {
          const end = { source: 'archive', state: 'archived', note: 'taken out of the file' } as const
          await addVersion(ledger, { ...common, ...end, ...step, takesForce: true, fileDefinition: null })
        } else {
          const takesForce = step.kind === 'takesForce'
          const note = takesForce ? '' : 'waits: the policy was edited in the console'
          const of = { source: 'file', state: 'inForce', fileDefinition: step.definition } as const
          await addVersion(ledger, { ...common, ...of, ...step, takesForce, note })
        }
      }
    })
    for (const { id, kind } of steps) {
      if (kind !== 'waits') continue
      logger.warn(
        { file, policy: id },
        "a policy's text in the file has changed, and so was the policy in the console: that stays in force, the file's waits among its versions",
      )
    }
    return accept(undefined)
  }

  /** A policy of the console's may be the default by now. */
  function findTwoDefaults(written: readonly WrittenInFile[], steps: readonly Seeding[]): string | undefined {
    const changing = new Map(
      steps.filter(({ kind }) => kind !== 'waits' && kind !== 'noted').map(step => [step.id, step.kind]),
    )
    const own = written.find(
      ({ policy }) => policy.isDefault && changing.get(policy.id) === 'takesForce',
    )?.policy
    const other = inForce.find(policy => policy.isDefault && !changing.has(policy.id))
    if (own === undefined || other === undefined) return undefined
    return `policy "${own.id}" cannot be the default, which policy "${other.id}" is: only one policy can be the default`
  }

  await readAnew()
  for (const { id, problem } of kept.values()) {
    if (problem !== undefined)
      logger.error({ policy: id, problem }, 'a policy of the database means nothing any more')
  }
  const first = readFile()
  if (!first.ok) throw new ExitError(exitCodes.configuration, first.refusal.message)
  const seeded = await seed(first.value)
  if (!seeded.ok) throw new ExitError(exitCodes.configuration, seeded.refusal.message)
  await readAnew()
  // A restart in the night must not end for a campaign that ended in the evening: what is over sponsors nothing.
  for (const { id, endsAt } of inForce) {
    if (endsAt !== undefined && endsAt <= now())
      logger.warn({ policy: id }, 'a policy has ended: take it out')
  }

  const editor: PolicyEditor = {
    database,
    now,
    examine,
    find: id => kept.get(id),
    inForce: () => inForce,
    readAnew,
    inTurn,
  }

  return {
    ...createPolicyEdits(editor),
    inForce: () => inForce,
    all: () => [...kept.values()],
    find: id => kept.get(id),
    reload: () =>
      inTurn(async () => {
        const written = readFile(now())
        if (!written.ok) return refuseFile(written.refusal)
        const put = await seed(written.value)
        if (!put.ok) return refuseFile(put.refusal)
        await readAnew()
        refusal = undefined
        readAt = now()
        logger.info({ file, policies: inForce.map(policy => policy.id) }, 'the policies were read anew')
        return accept(inForce)
      }),
    describe() {
      const names = inForce.map(policy => policy.id).join(', ') || 'none'
      const since = `${names}, read at ${new Date(readAt * 1000).toISOString()}`
      const waiting = [...kept.values()].filter(one => one.waitingFileVersion !== null).map(({ id }) => id)
      const waits =
        waiting.length === 0
          ? ''
          : `; edited in the console, so that a newer text of the file waits: ${waiting.join(', ')}`
      const known = `${since}${waits}`
      return refusal === undefined ? known : `${known}; a newer file is refused: ${refusal}`
    },
    idOf: onChainId => ids.get(onChainId),
  }
}
