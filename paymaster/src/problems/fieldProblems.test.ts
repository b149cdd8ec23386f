import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { z } from 'zod'
import { paymasterDefinition } from '../config.ts'
import { policyJsonSchema } from '../policy/policyJsonSchema.ts'
import { priceProblems } from '../pricing/oracles/priceProblems.ts'
import { fieldProblem, fieldProblems as must } from './fieldProblems.ts'
import { issueOf, problemOfIssue } from './problemOfIssue.ts'

function problemOf(schema: z.ZodType, value: unknown) {
  const [issue] = schema.safeParse(value).error?.issues ?? []
  if (issue === undefined) throw new Error('nothing is wrong')
  return problemOfIssue(issue)
}

it('knows the code of what a schema says in the words of the table', () => {
  expect(problemOf(z.string().regex(/^0x/, must.notAddress), 'no')).toEqual(fieldProblem('notAddress'))
  expect(problemOf(z.boolean(must.notTrueOrFalse), 1).code).toBe('notTrueOrFalse')
})

it('knows the code of what a schema says nothing of, with its figures', () => {
  expect(problemOf(z.object({ a: z.string() }), {}).problem).toBe('must be text')
  expect(problemOf(z.string().max(3), 'long').problem).toBe('must have at most 3 characters')
  expect(problemOf(z.array(z.string()).max(1), ['a', 'b']).problem).toBe('must have at most 1 entries')
  expect(problemOf(z.int().min(7), 2).problem).toBe('must be at least 7')
  expect(problemOf(z.enum(['a', 'b']), 'c').problem).toBe('must be one of "a", "b"')
  expect(problemOf(z.strictObject({}), { b: 1 }).problem).toContain('has no field "b"')
  expect(problemOf(z.ipv4(), 'x').code).toBe('malformed')
})

it('hands a problem through a check of its own, values and all', () => {
  const problem = fieldProblem('noSuchValue', { given: '"x"', type: 'uint256' })
  const schema = z.string().transform((_, context) => {
    context.addIssue(issueOf(problem))
    return z.NEVER
  })
  expect(problemOf(schema, 'x')).toEqual(problem)
})

it('has every setting and its group in Korean too', () => {
  const { settings = {}, settingGroups = {} } = korean()
  for (const [name, { group }] of Object.entries(paymasterDefinition.settings)) {
    expect([name, settings[name], settingGroups[group]]).toEqual([
      name,
      expect.stringMatching(/[가-힣]/),
      expect.stringMatching(/[가-힣]/),
    ])
  }
})

it('has every field of a policy that is described in Korean too', () => {
  const paths = [...new Set(describedPaths(policyJsonSchema() as Schema))]
  expect(paths.length).toBeGreaterThan(30)
  const { policyFields = {} } = korean()
  expect(paths.filter(path => policyFields[path] === undefined)).toEqual([])
})

it('is told in Korean with every value that the English sentence names', () => {
  const told = korean()
  const namesIn = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort()
  for (const [table, sentences] of Object.entries({ fieldProblems: must, priceProblems })) {
    for (const [code, sentence] of Object.entries(sentences)) {
      // Why a URL is not public is in English words of the network's; the Korean remedy names all that may be it.
      const names = code === 'notPublicUrl' ? [] : namesIn(sentence)
      expect([code, namesIn(told[table]?.[code] ?? '')]).toEqual([code, names])
    }
  }
})

type Schema = {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly items?: Schema
  readonly anyOf?: readonly Schema[]
}

/** As the console names them: limits of all scopes are of one kind. */
function* describedPaths(schema: Schema, within = ''): Generator<string> {
  for (const inner of [schema.items, ...(schema.anyOf ?? [])]) {
    if (inner !== undefined) yield* describedPaths(inner, within)
  }
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const path = `${within}${name}`.replace(/^limits\.(?:perSender|perApiKey|global)\./, 'limits.each.')
    if (field.description !== undefined) yield path
    yield* describedPaths(field, `${path}.`)
  }
}

/** What the console tells Korean readers: read as a file, for nothing here imports the console. */
function korean(): Record<string, Record<string, string>> {
  return JSON.parse(readFileSync(new URL('../../console/src/i18n/korean.json', import.meta.url), 'utf8'))
}
