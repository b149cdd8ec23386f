// What each resource builds its routes on: a malformed request is refused in words, with the field that is wrong, and
// the answers that every route may give are written into its OpenAPI entry by one name.
//
// Paths begin with the resource (`path: '/users/{id}'`); all of them are served under /api/v1.
import { OpenAPIHono } from '@hono/zod-openapi'
import type { z } from 'zod'
import { fieldProblem } from '../problems/fieldProblems.ts'
import { problemOfIssue } from '../problems/problemOfIssue.ts'
import type { AdminEnvironment } from './adminEnvironment.ts'
import { aboutField, adminError, adminErrorSchema } from './adminError.ts'

export function createAdminRoutes(): OpenAPIHono<AdminEnvironment> {
  return new OpenAPIHono<AdminEnvironment>({
    defaultHook(result, context) {
      if (result.success) return undefined
      const issue = result.error.issues[0]
      const field = issue?.path.map(String).join('.') ?? ''
      const problem = issue === undefined ? fieldProblem('malformed') : problemOfIssue(issue)
      const about = aboutField(field === '' ? placeNames[result.target] : field, problem)
      return adminError(context, 400, {
        ...(field === '' ? { message: about.message, problem: about.problem } : about),
        code: 'malformed',
        hint: 'send what /api/v1/openapi.json describes',
      })
    },
  })
}

const placeNames = {
  json: 'The body',
  form: 'The body',
  query: 'The query',
  param: 'The path',
  header: 'The headers',
  cookie: 'The cookie',
}

/** `responses: { 200: jsonAnswer(schema, 'The users'), ...refusals(400, 403) }` */
export function jsonAnswer<Schema extends z.ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } }
}

/** `request: { body: jsonBody(schema) }` */
export function jsonBody<Schema extends z.ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } }
}

const refusalTexts = {
  400: 'Malformed, or impossible as things are',
  401: 'Not signed in',
  403: 'The role is too low',
  404: 'There is none of this id',
  409: 'Something changed meanwhile',
  429: 'Too many attempts',
  503: 'Something that is needed does not answer',
} as const

/** 401 is always among them. */
export function refusals<Status extends keyof typeof refusalTexts>(...statuses: readonly Status[]) {
  const entries = [401 as const, ...statuses].map(status => [
    status,
    jsonAnswer(adminErrorSchema, refusalTexts[status]),
  ])
  return Object.fromEntries(entries) as Record<
    Status | 401,
    ReturnType<typeof jsonAnswer<typeof adminErrorSchema>>
  >
}
