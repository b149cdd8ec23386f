// What an operator may do to policies while the service runs: save, go back, archive. Each names the newest version that
// it has seen, so that nobody's change is lost; each is in force for the next request when it is answered.
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Kysely } from 'kysely'
import type { LedgerSchema } from '../../ledger/schema.ts'
import { fieldProblem } from '../../problems/fieldProblems.ts'
import { type PolicyProblem, readPolicy } from '../definition/readPolicy.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import type { KeptPolicy } from './keptPolicy.ts'
import { addVersion, type NewVersion, readVersion, readVersions, type StoredVersion } from './policyStore.ts'

export type PolicyChange = {
  readonly id: string
  /** The newest that its author has seen; 0 for a policy that is new. */
  readonly expectedVersion: number
  readonly author: string
  readonly note: string
}

export type EditRefusal = 'invalidPolicy' | 'versionConflict' | 'unknownPolicy' | 'unknownVersion'

export type PolicyEdits = {
  /** What would stand against saving it; empty where nothing does. */
  problemsOf(definition: unknown): readonly PolicyProblem[]
  save(change: PolicyChange & { readonly definition: unknown }): Promise<Result<KeptPolicy>>
  /** A new version of an earlier one's text; also brings back what is archived. */
  rollback(change: PolicyChange & { readonly toVersion: number }): Promise<Result<KeptPolicy>>
  archive(change: PolicyChange): Promise<Result<KeptPolicy>>
  history(id: string, page: { before?: number | undefined; limit: number }): Promise<readonly StoredVersion[]>
  versionOf(id: string, version: number): Promise<StoredVersion | undefined>
}

/** What the book lends to its edits. */
export type PolicyEditor = {
  readonly database: Kysely<LedgerSchema>
  readonly now: () => number
  readonly examine: (policy: Policy) => readonly PolicyProblem[]
  readonly find: (id: string) => KeptPolicy | undefined
  readonly inForce: () => readonly Policy[]
  readonly readAnew: () => Promise<void>
  readonly inTurn: <Value>(write: () => Promise<Value>) => Promise<Value>
}

/** Of a definition as JSON: more is no policy that a person wrote. */
const mostBytes = 512 * 1024
const mostPolicies = 1_000

export function createPolicyEdits(editor: PolicyEditor): PolicyEdits {
  const { database, now, find, inTurn } = editor

  function problemsOf(definition: unknown): readonly PolicyProblem[] {
    const text = JSON.stringify(definition) ?? ''
    if (text.length > mostBytes)
      return [{ field: '', ...fieldProblem('longerThanBytes', { most: String(mostBytes) }) }]
    const read = readPolicy(definition, { endedBefore: now() })
    if (!read.ok) return read.problems
    const { policy } = read
    const other = editor.inForce().find(one => one.isDefault && one.id !== policy.id)
    const problems = [...editor.examine(policy)]
    if (policy.isDefault && other !== undefined) {
      problems.push({ field: 'default', ...fieldProblem('defaultAlready', { policy: other.id }) })
    }
    if (find(policy.id) === undefined && editor.inForce().length >= mostPolicies) {
      problems.push({ field: 'id', ...fieldProblem('tooManyPolicies', { most: String(mostPolicies) }) })
    }
    return problems
  }

  /** Names the newest version, or is refused: another change came first. */
  function judgeVersion({ id, expectedVersion }: PolicyChange): Result<void> {
    const newest = find(id)?.newestVersion ?? 0
    if (newest === expectedVersion) return accept(undefined)
    const problem =
      newest === 0
        ? `There is no policy "${id}"`
        : `Policy "${id}" is at version ${newest} by now, and the change was made to version ${expectedVersion}`
    return no('versionConflict', `${problem}: read it anew and make the change again`, {
      newestVersion: newest,
    })
  }

  async function put(added: NewVersion): Promise<Result<KeptPolicy>> {
    await database.transaction().execute(ledger => addVersion(ledger, added))
    await editor.readAnew()
    const kept = find(added.id)
    if (kept === undefined) throw new Error(`The policy "${added.id}" was written and is not there`)
    return accept(kept)
  }

  function common({ id, author, note }: PolicyChange) {
    return { id, author, note, atSeconds: now(), takesForce: true } as const
  }

  return {
    problemsOf,
    save: change =>
      inTurn(async () => {
        const { definition, id } = change
        const problems = [...problemsOf(definition)]
        if (problems.length === 0 && (definition as { id?: unknown }).id !== id) {
          problems.push({ field: 'id', ...fieldProblem('keepsItsId', { policy: id }) })
        }
        if (problems.length > 0) return invalid(problems)
        const isExpected = judgeVersion(change)
        if (!isExpected.ok) return isExpected
        const text = JSON.stringify(definition)
        return await put({ ...common(change), definition: text, source: 'console', state: 'inForce' })
      }),
    rollback: change =>
      inTurn(async () => {
        const { id, toVersion } = change
        const isExpected = judgeVersion(change)
        if (!isExpected.ok) return isExpected
        const earlier = await readVersion(database, id, toVersion)
        if (earlier === undefined) return no('unknownVersion', `Policy "${id}" has no version ${toVersion}`)
        const problems = problemsOf(JSON.parse(earlier.definition))
        if (problems.length > 0) return invalid(problems)
        const note = change.note === '' ? `back to version ${toVersion}` : change.note
        const { definition } = earlier
        return await put({ ...common(change), note, definition, source: 'rollback', state: 'inForce' })
      }),
    archive: change =>
      inTurn(async () => {
        const { id } = change
        const kept = find(id)
        if (kept === undefined) return no('unknownPolicy', `There is no policy "${id}"`)
        const isExpected = judgeVersion(change)
        if (!isExpected.ok) return isExpected
        if (kept.state === 'archived') return accept(kept)
        const definition = JSON.stringify(kept.definition)
        return await put({ ...common(change), definition, source: 'archive', state: 'archived' })
      }),
    history: (id, page) => readVersions(database, id, page),
    versionOf: (id, version) => readVersion(database, id, version),
  }
}

const invalidChange = -32602

function no(reason: EditRefusal, message: string, details: object = {}): Result<never> {
  return refuse({ code: invalidChange, message, data: { reason, ...details } })
}

function invalid(problems: readonly PolicyProblem[]): Result<never> {
  const [first] = problems
  const message = problems.map(({ field, problem }) => `${field} ${problem}`.trim()).join('; ')
  return no('invalidPolicy', message, { field: first?.field ?? '', problems })
}
