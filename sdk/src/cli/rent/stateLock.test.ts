import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { withStateLock } from './stateLock.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-rent-'))
  path = join(folder, 'state.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it('lets one command act on a state file at a time, and the next when it has ended or failed', async () => {
  await withStateLock(path, async () => {
    await expect(withStateLock(path, async () => 'second')).rejects.toThrow('Another worldland-rent acts on')
  })
  await expect(withStateLock(path, async () => Promise.reject(new Error('failed')))).rejects.toThrow('failed')
  expect(await withStateLock(path, async () => 'next')).toBe('next')
  expect(existsSync(`${path}.lock`)).toBe(false)
})

it('takes over from a command that was killed', async () => {
  // Above what Linux gives out.
  for (const left of ['4194305', '', 'nobody']) {
    writeFileSync(`${path}.lock`, left)
    expect(await withStateLock(path, async () => 'mine')).toBe('mine')
  }
})
