import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../logger.ts'
import { askDaemon } from './askDaemon.ts'
import { controlPathOf, createControlSocket } from './controlSocket.ts'

const logger = createLogger({ name: 'test', level: 'silent' })
const handle = async () => ({ ok: true, message: 'done' })
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'control-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

it('takes the place of a socket that a killed process left, and of nothing else', async () => {
  const path = controlPathOf(join(folder, 'data'))
  const left = createControlSocket({ path, handle, logger })
  await left.start()
  const next = createControlSocket({ path, handle, logger })
  await next.start()
  expect(await askDaemon(path, { command: 'status' })).toMatchObject({ ok: true, message: 'done' })
  await Promise.all([left.stop(), next.stop()])

  const policies = join(folder, 'policies.json')
  writeFileSync(policies, '{}')
  const mistaken = createControlSocket({ path: policies, handle, logger })
  await expect(mistaken.start()).rejects.toThrow('give another path by --control-socket')
  expect(readFileSync(policies, 'utf8')).toBe('{}')
})

it('says, where no daemon listens, which option names the place', async () => {
  const path = controlPathOf(join(folder, 'data'))
  expect(await askDaemon(path, { command: 'status' })).toEqual({
    ok: false,
    message: `Nothing was done: no daemon listens at ${path}: is it running? Give the --data-file that it was started with`,
    isAnswered: false,
  })
  expect((await askDaemon(path, { command: 'status' }, '--data-folder')).message).toContain('--data-folder')
})
