// The JSON schema of a policy's definition, for an editor's completion and help. What it lets through may still mean
// nothing: the service has the last word.
import { z } from 'zod'
import { policySchema } from './definition/policySchema.ts'

export function policyJsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(policySchema, {
    io: 'input',
    unrepresentable: 'any',
    target: 'draft-2020-12',
  })
  return { ...schema, title: 'Sponsorship policy' }
}
