// What the policies file means for policies that are kept in the database. The file begins a policy and may change it for
// as long as nobody else did: what was edited in the console is never overwritten by it, only kept beside it.
import type { StoredPolicy } from './policyStore.ts'

/** As the author of what the file says. */
export const fileAuthor = 'policies file'

export type Seeding =
  /** A version of the file's text, in force at once. */
  | { readonly kind: 'takesForce'; readonly id: string; readonly definition: string }
  /** A version that waits: what the console made stays in force. */
  | { readonly kind: 'waits'; readonly id: string; readonly definition: string }
  /** The file has it no more. */
  | { readonly kind: 'archived'; readonly id: string; readonly definition: string }
  /** Only what the file says is noted. */
  | { readonly kind: 'noted'; readonly id: string; readonly fileDefinition: string | null }

export function planSeed(
  file: ReadonlyMap<string, string>,
  stored: readonly StoredPolicy[],
): readonly Seeding[] {
  const known = new Map(stored.map(policy => [policy.id, policy]))
  const steps: Seeding[] = []
  for (const [id, definition] of file) {
    const policy = known.get(id)
    if (policy?.fileDefinition === definition) continue
    if (policy === undefined || isFiles(policy)) steps.push({ kind: 'takesForce', id, definition })
    else if (policy.state === 'inForce' && policy.current.definition === definition) {
      steps.push({ kind: 'noted', id, fileDefinition: definition })
    } else steps.push({ kind: 'waits', id, definition })
  }
  for (const policy of stored) {
    const { id, fileDefinition, state, current } = policy
    if (fileDefinition === null || file.has(id)) continue
    if (isFiles(policy) && state === 'inForce') {
      steps.push({ kind: 'archived', id, definition: current.definition })
    } else steps.push({ kind: 'noted', id, fileDefinition: null })
  }
  return steps
}

/** Nobody but the file has ever had the last word on it. */
function isFiles({ current: { source, author } }: StoredPolicy): boolean {
  return source === 'file' || (source === 'archive' && author === fileAuthor)
}
