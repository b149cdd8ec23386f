// What a schema found wrong, as a problem with a code: by the sentence that the schema gives itself, out of the table, or
// by the kind of check that failed.
import type { z } from 'zod'
import { type FieldProblem, type FieldProblemCode, fieldProblem, fieldProblems } from './fieldProblems.ts'

type Issue = z.core.$ZodIssue

const codes = new Map<string, FieldProblemCode>(
  Object.entries(fieldProblems).map(([code, sentence]) => [sentence, code as FieldProblemCode]),
)

export function problemOfIssue(issue: Issue): FieldProblem {
  const own = issue.code === 'custom' ? (issue.params?.problem as FieldProblem | undefined) : undefined
  if (own !== undefined) return own
  const code = codes.get(issue.message)
  return code === undefined ? ofCheck(issue) : fieldProblem(code)
}

/** For `context.addIssue`. */
export function issueOf(problem: FieldProblem) {
  return { code: 'custom', message: problem.problem, params: { problem } } as const
}

function ofCheck(issue: Issue): FieldProblem {
  switch (issue.code) {
    case 'unrecognized_keys':
      return fieldProblem('unknownField', { names: issue.keys.map(key => `"${key}"`).join(', ') })
    case 'invalid_value':
      return fieldProblem('notAmong', {
        choices: issue.values.map(value => JSON.stringify(value)).join(', '),
      })
    case 'too_small':
      return fieldProblem(sizeCodes(issue.origin).least, { least: String(issue.minimum) })
    case 'too_big':
      return fieldProblem(sizeCodes(issue.origin).most, { most: String(issue.maximum) })
    case 'invalid_type':
      return fieldProblem(typeCodes[issue.expected] ?? 'malformed')
    default:
      return fieldProblem('malformed')
  }
}

const typeCodes: Readonly<Record<string, FieldProblemCode>> = {
  string: 'notText',
  boolean: 'notTrueOrFalse',
  number: 'notNumber',
  int: 'notWhole',
  array: 'notList',
  object: 'notObject',
}

function sizeCodes(origin: string): { readonly least: FieldProblemCode; readonly most: FieldProblemCode } {
  if (origin === 'string') return { least: 'tooShort', most: 'tooLong' }
  if (origin === 'array' || origin === 'set') return { least: 'tooFew', most: 'tooMany' }
  return { least: 'tooLow', most: 'tooHigh' }
}
