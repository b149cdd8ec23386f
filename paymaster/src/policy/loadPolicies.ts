// Reads the operator's policy file. Every mistake in it is told by the place where it stands.
import { readFileSync } from 'node:fs'
import { fileProblem } from '@worldland-aa/service/files/fileProblem'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { z } from 'zod'
import { problemsOf, readPolicy } from './definition/readPolicy.ts'
import type { Policy } from './sponsorshipPolicy.ts'

const fileSchema = z.strictObject({
  policies: z.array(z.unknown(), 'must be a list of policies').max(1_000, 'are more than 1000'),
})
const configurationRefused = 78 // EX_CONFIG of sysexits.h

export type WrittenInFile = {
  readonly policy: Policy
  /** As it stands in the file. */
  readonly definition: unknown
}

/** `endedBefore` (seconds since the Unix epoch) refuses policies that were over by then. */
export function loadPolicies(
  path: string,
  options: { readonly endedBefore?: number } = {},
): Result<readonly Policy[]> {
  const read = readPolicyFile(path, options)
  return read.ok ? accept(read.value.map(({ policy }) => policy)) : read
}

export function readPolicyFile(
  path: string,
  options: { readonly endedBefore?: number } = {},
): Result<readonly WrittenInFile[]> {
  const refuseFile = (problems: string) => refuse({ code: configurationRefused, message: problems })
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return refuseFile(`the policy file (--policies): ${fileProblem(path, error)}`)
  }
  const parsed = fileSchema.safeParse(content)
  if (!parsed.success) {
    return refuseFile(
      problemsOf(parsed.error)
        .map(({ field, problem }) => `${path}: ${field || 'the file'} ${problem}`)
        .join('\n'),
    )
  }
  const problems: string[] = []
  const written: WrittenInFile[] = []
  for (const [index, definition] of parsed.data.policies.entries()) {
    const read = readPolicy(definition, options)
    if (read.ok) written.push({ policy: read.policy, definition })
    else problems.push(...read.problems.map(problem => `${path}: ${tell(index, definition, problem)}`))
  }
  if (problems.length > 0) return refuseFile(problems.join('\n'))
  const ids = written.map(({ policy }) => policy.id)
  const repeated = ids.find((id, index) => ids.indexOf(id) !== index)
  if (repeated !== undefined) return refuseFile(`${path}: two policies have the id "${repeated}"`)
  if (written.filter(({ policy }) => policy.isDefault).length > 1) {
    return refuseFile(`${path}: only one policy can be the default`)
  }
  return accept(written)
}

function tell(
  index: number,
  definition: unknown,
  { field, problem }: { field: string; problem: string },
): string {
  const place = `policies[${index}]${field === '' || field.startsWith('[') ? field : `.${field}`}`
  const id = (definition as { id?: unknown } | null)?.id
  return `${place} ${problem}${typeof id === 'string' ? ` (policy "${id.slice(0, 64)}")` : ''}`
}
