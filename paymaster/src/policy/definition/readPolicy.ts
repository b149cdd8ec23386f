// From what somebody wrote to a policy that means something: every problem is told by the field where it stands.
import type { z } from 'zod'
import type { FieldProblem } from '../../problems/fieldProblems.ts'
import { problemOfIssue } from '../../problems/problemOfIssue.ts'
import { findNonsense } from '../policyNonsense.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import { policySchema } from './policySchema.ts'
import { toPolicy } from './toPolicy.ts'

/** `field` as in `contracts[0].address`; empty for the whole. */
export type PolicyProblem = FieldProblem & { readonly field: string }

export type ReadPolicy =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly problems: readonly PolicyProblem[] }

/** `endedBefore` (seconds since the Unix epoch) refuses policies that were over by then. */
export function readPolicy(definition: unknown, options: { readonly endedBefore?: number } = {}): ReadPolicy {
  const parsed = policySchema.safeParse(definition)
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) }
  const policy = toPolicy(parsed.data)
  const problems = findNonsense(policy, options)
  return problems.length === 0 ? { ok: true, policy } : { ok: false, problems }
}

export function problemsOf(error: z.ZodError): readonly PolicyProblem[] {
  return error.issues.flatMap(issue => ofIssue(issue, []))
}

/** A value of several forms is judged by the form that it came closest to: the one with the deepest problem. */
function ofIssue(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): readonly PolicyProblem[] {
  const path = [...above, ...issue.path]
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    const own = issue.message !== 'Invalid input'
    const forms = issue.errors.map(form => form.flatMap(inner => ofIssue(inner, path)))
    const deepest = forms
      .filter(form => form.length > 0)
      .reduce<readonly PolicyProblem[]>((best, form) => (depthOf(form) > depthOf(best) ? form : best), [])
    const isDeeper = depthOf(deepest) > placeName(path).length
    if (isDeeper || !own) return deepest
  }
  return [{ field: placeName(path), ...problemOfIssue(issue) }]
}

function depthOf(problems: readonly PolicyProblem[]): number {
  return Math.max(-1, ...problems.map(({ field }) => field.length))
}

export function placeName(place: readonly PropertyKey[]): string {
  return place
    .map(part => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`))
    .join('')
    .replace(/^\./, '')
}
