import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import type { Hex } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { keysCommands } from './keysCommands.ts'

let folder: string
let file: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keys-'))
  file = join(folder, 'executors.txt')
})
afterEach(() => {
  vi.restoreAllMocks()
  rmSync(folder, { recursive: true })
})

async function run(...args: string[]): Promise<{ code: number; out: string; said: string }> {
  let [code, out, said] = [-1, '', '']
  vi.spyOn(process.stdout, 'write').mockImplementation(chunk => {
    out += String(chunk)
    return true
  })
  vi.spyOn(process.stderr, 'write').mockImplementation(chunk => {
    said += String(chunk)
    return true
  })
  const program = new Command().exitOverride()
  const texts = { program: 'tested', prefix: 'TESTED', example: 'executors.txt', purpose: 'keys' }
  keysCommands({ ...texts, advice: 'send coin' })(program, {}, given => {
    code = given
  })
  await program.parseAsync(['keys', ...args], { from: 'user' })
  vi.restoreAllMocks()
  return { code, out, said }
}

const keysIn = (path: string): Hex[] => readFileSync(path, 'utf8').trim().split('\n') as Hex[]

it('new keys lie in a file for its owner alone, and only their addresses are told', async () => {
  const { code, out, said } = await run('new', '--output', file, '--count', '3')
  expect(code).toBe(0)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const keys = keysIn(file)
  expect(new Set(keys).size).toBe(3)
  expect(out).toBe(`${keys.map(privateKeyToAddress).join('\n')}\n`)
  expect(said).toContain('send coin')
  for (const key of keys) expect(out + said).not.toContain(key.slice(2))
})

it('keys that are there are never written over', async () => {
  await run('new', '--output', file)
  const before = keysIn(file)
  expect(await run('new', '--output', file)).toMatchObject({ code: 1, out: '' })
  expect(keysIn(file)).toEqual(before)
  expect((await run('new', '--output', join(folder, 'nowhere', 'file'))).said).toContain(
    'is its folder there',
  )
})

it('the addresses of a file are told again, and that others may open it', async () => {
  const { out } = await run('new', '--output', file, '--count', '2')
  expect(await run('show', file)).toEqual({ code: 0, out, said: '' })
  chmodSync(file, 0o644)
  expect(await run('show', file)).toMatchObject({
    code: 0,
    out,
    said: expect.stringContaining(`chmod 600 ${file}`),
  })
  expect(await run('show', join(folder, 'none'))).toMatchObject({ code: 1 })
  expect(await run('show')).toMatchObject({ code: 64 })
})
