// `npm run hostile` from the outside, for some seconds: strangers get what they get, honest people what they came for.
import { expect, it } from 'vitest'
import { runCommand } from '../support/command.ts'

type Hostile = {
  readonly phases: readonly { readonly outcomes: Readonly<Record<string, object>> }[]
  readonly verdicts: readonly { readonly promise: string; readonly seen: string; readonly kept: boolean }[]
}

/** How long things take is for a quiet machine to say. */
const timely = /p95|costs no more than twice/

it('lands all that is honest beside strangers of nine kinds, at no loss, and blames nobody innocent', async () => {
  const command = runCommand('hostile.js', '--minutes', '0.4', '--json')
  const { code } = await command.ended
  expect([0, 1], command.stderr()).toContain(code)
  const { phases, verdicts } = JSON.parse(command.stdout()) as Hostile
  expect(verdicts.filter(({ promise, kept }) => !kept && !timely.test(promise))).toEqual([])
  expect(Object.keys(phases[1]?.outcomes ?? {})).toHaveLength(9)
}, 240_000)
