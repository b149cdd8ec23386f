import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readOptions } from './options.ts'

const read = (...argv: string[]) =>
  readOptions(argv, {
    bundler: 'our own bundler',
    paymaster: 'our own paymaster',
  })
let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'worldland-aa-test-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('the command line of the bench', () => {
  it('measures our own bundler at 1, 8 and 32 clients when nothing is said', () => {
    const options = read()
    expect(options).toMatchObject({
      ok: true,
      value: { subject: { kind: 'command', command: 'our own bundler' }, runs: 1, json: false },
    })
    if (options.ok) expect(options.value?.stages.map(stage => stage.concurrency)).toEqual([1, 8, 32])
  })

  it('measures our own paymaster when asked to', () => {
    expect(read('--paymaster')).toMatchObject({
      ok: true,
      value: { subject: { kind: 'paymaster', command: 'our own paymaster' } },
    })
  })

  it('measures a second paymaster beside the first when one is named', () => {
    expect(read('--paymaster', '--beside', 'an older one')).toMatchObject({
      ok: true,
      value: { subject: { kind: 'paymaster', command: 'our own paymaster', beside: 'an older one' } },
    })
  })

  it('measures our own gateway when asked to', () => {
    expect(read('--gateway')).toMatchObject({
      ok: true,
      value: { subject: { kind: 'gateway' } },
    })
  })

  it('measures promises in a network of ten of our own bundlers, at two paces, when asked to', () => {
    const options = read('--promises')
    expect(options).toMatchObject({ ok: true, value: { subject: { kind: 'promises' }, bundlers: 10 } })
    if (options.ok) expect(options.value?.stages.map(stage => stage.concurrency)).toEqual([2, 4])
  })

  it('asks for the help text with --help', () => {
    expect(read('--help')).toEqual({ ok: true, value: undefined })
  })

  it.each([
    [['--runs', '0'], '--runs must be a whole number'],
    [['--operations', '10,x,30'], '--operations must be a whole number'],
    [['--concurrency', '1,2'], '--concurrency names 2 stages and --operations 3'],
    [['--executors', '101'], '--executors must be a whole number from 1 to 100'],
    [['--block-time', 'fast'], '--block-time must be'],
    [['--rpc-url', 'http://127.0.0.1:1'], '--rpc-url goes with --bundler-url only'],
    [['--bundler-url', 'http://127.0.0.1:1'], 'needs --rpc-url'],
    [['--bundler-url', 'http://127.0.0.1:1', '--rpc-url', 'http://127.0.0.1:2'], 'needs --faucet-key-file'],
    [['--bundler-url', 'http://127.0.0.1:1', '--bundler-command', 'x'], 'not both'],
    [['--paymaster', '--bundler-command', 'x'], 'one of them'],
    [['--paymaster', '--gateway'], 'one of them'],
    [['--beside', 'an older one'], '--beside goes with --paymaster only'],
    [['--promises', '--gateway'], 'one of them'],
    [['--bundlers', '101'], '--bundlers must be a whole number from 1 to 100'],
    [['--unheard-of'], "Unknown option '--unheard-of'"],
  ])('says what is wrong with %j', (argv, words) => {
    const options = read(...argv)
    expect(options.ok).toBe(false)
    if (!options.ok) expect(options.refusal.message).toContain(words)
  })

  it('takes a running bundler with its node and a funded key', () => {
    const file = join(folder, 'key')
    const faucetKey = `0x${'11'.repeat(32)}`
    writeFileSync(file, `${faucetKey}\n`)
    const urls = ['--bundler-url', 'http://127.0.0.1:1', '--rpc-url', 'http://127.0.0.1:2']
    expect(read(...urls, '--faucet-key-file', file)).toMatchObject({
      ok: true,
      value: { subject: { kind: 'running', faucetKey } },
    })
  })

  it('never shows the text of a key file that is no key', () => {
    const file = join(folder, 'key')
    writeFileSync(file, 'almost-a-secret')
    const urls = ['--bundler-url', 'http://127.0.0.1:1', '--rpc-url', 'http://127.0.0.1:2']
    const options = read(...urls, '--faucet-key-file', file)
    expect(options.ok).toBe(false)
    if (!options.ok) expect(options.refusal.message).toContain('must hold one private key')
    expect(JSON.stringify(options)).not.toContain('almost-a-secret')
  })
})
