import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { issueInWords } from './issueInWords.ts'

const schema = z.strictObject({
  name: z.string(),
  limits: z.strictObject({ operations: z.int().min(1, 'must be at least 1').optional() }),
  payers: z.array(z.string()).optional(),
})

function wordsOf(content: unknown): readonly string[] {
  const issues = schema.safeParse(content).error?.issues ?? []
  return issues.map(issue => `${issue.path.join('.')} ${issueInWords(issue)}`.trim())
}

describe('what is wrong with a field', () => {
  it.each([
    ['that is not there', { limits: {} }, 'name is missing'],
    ['of the wrong sort', { name: 7, limits: {} }, 'name must be text in quotes, but is a number'],
    [
      'that is text instead of a list',
      { name: 'x', limits: {}, payers: 'a' },
      'payers must be a list, in [ ], but is text in quotes',
    ],
    [
      'that nobody knows',
      { name: 'x', limits: { opreations: 1 } },
      'limits has no field "opreations": mend its name, or take it out',
    ],
    [
      'with a message of its own',
      { name: 'x', limits: { operations: 0 } },
      'limits.operations must be at least 1',
    ],
  ])('%s', (_, content, told) => {
    expect(wordsOf(content)).toEqual([told])
  })

  it('is never told in the words of a validation library', () => {
    expect(
      wordsOf(undefined)
        .concat(wordsOf({ name: null, limits: [] }))
        .join(),
    ).not.toContain('Invalid input')
  })
})
