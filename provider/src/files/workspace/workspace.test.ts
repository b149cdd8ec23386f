// What a renter puts into a workspace leads nowhere else: not by links, not by pipes, not by names.
import { execFileSync } from 'node:child_process'
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { placeFile } from './placeFile.ts'
import { walkFolder } from './walkFolder.ts'

const id = 'ab'.repeat(16)
let host: string
let workspace: string
let secret: string
beforeEach(async () => {
  host = await mkdtemp(join(tmpdir(), 'workspace-'))
  workspace = join(host, 'workspace')
  secret = join(host, 'provider.key')
  await mkdir(join(workspace, 'out', 'sub'), { recursive: true })
  await writeFile(secret, 'the key')
})
afterEach(() => rm(host, { recursive: true }))

async function walk(mostBytes = 1_000_000): Promise<Record<string, string>> {
  const found: Record<string, string> = {}
  await walkFolder({ workspace, names: ['out'], mostBytes }, async ({ path, bytes }) => {
    const pieces: Uint8Array[] = []
    for await (const piece of bytes()) pieces.push(piece)
    found[path] = Buffer.concat(pieces).toString()
  })
  return found
}
async function* bytesOf(text: string) {
  yield Buffer.from(text)
}
const place = (path: readonly string[], text: string) =>
  placeFile({ workspace, path, bytes: bytesOf(text), id })

describe('a walk', () => {
  test('sees every file below the folder, in the order of their paths', async () => {
    await writeFile(join(workspace, 'out', 'z'), 'last')
    await writeFile(join(workspace, 'out', 'sub', 'weights'), 'numbers')
    await writeFile(join(workspace, 'out', 'empty'), '')
    await writeFile(join(workspace, 'elsewhere'), 'not seen')
    expect(Object.entries(await walk())).toEqual([
      ['empty', ''],
      ['sub/weights', 'numbers'],
      ['z', 'last'],
    ])
  })

  test('attack, a symlink in out that points to the provider’s key: it is named and not followed', async () => {
    await symlink(secret, join(workspace, 'out', 'weights'))
    await expect(walk()).rejects.toThrow('out/weights is a symbolic link')
  })

  test('attack, a folder that is a link to the host’s folder: it is not entered', async () => {
    await symlink(host, join(workspace, 'out', 'all'))
    await expect(walk()).rejects.toThrow('out/all is a symbolic link')
    await rm(join(workspace, 'out'), { recursive: true })
    await symlink(host, join(workspace, 'out'))
    await expect(walk()).rejects.toThrow(/out is (a symbolic link|no folder)/)
  })

  test('attack, another name of the provider’s key: what has two names is not taken', async () => {
    await link(secret, join(workspace, 'out', 'weights'))
    await expect(walk()).rejects.toThrow('out/weights has several names')
  })

  test('attack, a pipe that nobody writes: it holds nothing up', async () => {
    execFileSync('mkfifo', [join(workspace, 'out', 'pipe')])
    await expect(walk()).rejects.toThrow('out/pipe is no plain file')
  })

  test('ends where there is too much, and says so', async () => {
    await writeFile(join(workspace, 'out', 'large'), 'x'.repeat(2_000))
    await expect(walk(1_000)).rejects.toThrow('more than 1000 bytes')
    let deep = join(workspace, 'out')
    for (let depth = 0; depth < 20; depth += 1) deep = join(deep, 'd')
    await mkdir(deep, { recursive: true })
    await expect(walk()).rejects.toThrow('deeper than 16')
  })

  test('attack, names of control characters and of broken text are not signed for', async () => {
    await writeFile(Buffer.concat([Buffer.from(join(workspace, 'out', 'a')), Buffer.from([0xff])]), '')
    await expect(walk()).rejects.toThrow('no plain text')
  })
})

describe('a file that is placed', () => {
  test('lies where it was to lie, also where another was', async () => {
    await place(['data', 'train', 'x.csv'], 'first')
    await place(['data', 'train', 'x.csv'], 'second')
    expect(await readFile(join(workspace, 'data', 'train', 'x.csv'), 'utf8')).toBe('second')
  })

  test('attack, a link in its place or on its way: the provider’s files stay as they are', async () => {
    await symlink(secret, join(workspace, 'x.csv'))
    await place(['x.csv'], 'data')
    expect(await readFile(secret, 'utf8')).toBe('the key')
    expect(await readFile(join(workspace, 'x.csv'), 'utf8')).toBe('data')
    await symlink(host, join(workspace, 'data'))
    await expect(place(['data', 'provider.key'], 'mine')).rejects.toThrow(/symbolic link|no folder/)
    expect(await readFile(secret, 'utf8')).toBe('the key')
  })

  test('attack, a link where the draft is to be written: it is not followed', async () => {
    await symlink(secret, join(workspace, `.${id}.part`))
    await place(['x'], 'mine').catch(() => undefined)
    expect(await readFile(secret, 'utf8')).toBe('the key')
  })
})
