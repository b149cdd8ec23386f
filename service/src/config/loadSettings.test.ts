import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmdirSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Command } from 'commander'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { addSettingFlags } from './command.ts'
import { loadSettings } from './loadSettings.ts'
import { httpUrl, integer, list, oneOf, optionalText, text, toggle, wei } from './setting.ts'

const definition = {
  prefix: 'TESTED',
  settings: {
    rpcUrl: httpUrl({ describe: 'the node', group: 'Chain' }),
    port: integer({
      describe: 'where to listen',
      group: 'Server',
      fallback: 4337,
      minimum: 0,
      maximum: 65_535,
    }),
    minimumTipWei: wei({ describe: 'the lowest tip', group: 'Chain', fallback: 1n }),
    mode: oneOf({ describe: 'how', group: 'Server', fallback: 'fast', choices: ['fast', 'slow'] }),
    open: toggle({ describe: 'whether', group: 'Server', fallback: false }),
    names: list({ describe: 'who', group: 'Server', fallback: [], item: z.string() }),
    label: optionalText({ describe: 'what', group: 'Server' }),
    executorKeys: text({ describe: 'keys', group: 'Keys', fallback: 'none', secret: true }),
  },
} as const

function load(sources: { flags?: object; environment?: object; file?: string }) {
  return loadSettings(definition, {
    flags: { ...sources.flags, ...(sources.file && { config: sources.file }) },
    environment: (sources.environment ?? {}) as Record<string, string>,
  })
}

function fileWith(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), 'settings-')), 'settings.json')
  writeFileSync(path, text, { mode: 0o600 })
  return path
}

describe('loading settings', () => {
  it('takes a flag before the environment, the environment before the file, the file before the default', () => {
    const file = fileWith('{"rpcUrl":"http://file","port":3,"mode":"slow"}')
    const loaded = load({
      flags: { port: '1' },
      environment: { TESTED_PORT: '2', TESTED_RPC_URL: 'http://environment' },
      file,
    })
    expect(loaded).toMatchObject({
      ok: true,
      value: { port: 1, rpcUrl: 'http://environment', mode: 'slow', minimumTipWei: 1n, label: undefined },
    })
  })

  it('names every problem at once, as the person wrote it', () => {
    const file = fileWith('{"colour":"red","names":[1]}')
    const loaded = load({ flags: { port: '70000' }, environment: { TESTED_MODE: 'warp' }, file })
    if (loaded.ok) expect.unreachable()
    const message = loaded.ok ? '' : loaded.refusal.message
    expect(message).toContain('"colour" is not a setting')
    expect(message).toContain('--port must be a whole number from 0 to 65535, but is "70000"')
    expect(message).toContain('TESTED_MODE must be one of fast, slow')
    expect(message).toContain('rpcUrl is missing (the node): give it by --rpc-url, TESTED_RPC_URL')
  })

  it('reads amounts with a unit', () => {
    const environment = { TESTED_RPC_URL: 'http://node', TESTED_MINIMUM_TIP_WEI: '1.5gwei' }
    expect(load({ environment })).toMatchObject({ ok: true, value: { minimumTipWei: 1_500_000_000n } })
    const tooFine = load({ environment: { ...environment, TESTED_MINIMUM_TIP_WEI: '0.5wei' } })
    expect(tooFine.ok).toBe(false)
  })

  it('takes a secret from a file or the environment, never from a flag, and never repeats it', () => {
    const environment = { TESTED_RPC_URL: 'http://node' }
    const keyFile = fileWith('  sesame\n')
    expect(load({ environment, flags: { executorKeysFile: keyFile } })).toMatchObject({
      value: { executorKeys: 'sesame' },
    })
    expect(load({ environment, flags: { executorKeys: 'leak' } })).toMatchObject({
      value: { executorKeys: 'none' },
    })
    const unreadable = load({ environment, flags: { executorKeysFile: '/nowhere/key' } })
    expect(unreadable).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('there is no file /nowhere/key') },
    })
  })

  it('takes the name of the file from the environment too, and names as flags spell them', () => {
    const file = fileWith('{"rpc-url":"http://file","port":3}')
    expect(load({ environment: { TESTED_CONFIG: file } })).toMatchObject({
      ok: true,
      value: { rpcUrl: 'http://file', port: 3 },
    })
    const twice = load({ file: fileWith('{"rpc-url":"http://file","rpcUrl":"http://file"}') })
    expect(twice).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('stands there twice') },
    })
  })

  it.each([
    ['rpcUlr', 'did you mean "rpcUrl"'],
    ['minimum-tip', 'did you mean "minimumTipWei"'],
    ['executorKeyFile', 'did you mean "executorKeysFile"'],
    ['colour', '"colour" is not a setting\n'],
  ])('refuses the unknown name %s, with the nearest known', (name, told) => {
    const refused = load({ file: fileWith(JSON.stringify({ [name]: 1 })) })
    expect(refused).toMatchObject({ ok: false, refusal: { message: expect.stringContaining(told) } })
  })

  it('takes the file of a secret from the configuration file, below flags and environment', () => {
    const [weak, strong] = [fileWith('weak'), fileWith('strong')]
    const file = fileWith(JSON.stringify({ rpcUrl: 'http://node', executorKeysFile: weak }))
    expect(load({ file })).toMatchObject({ value: { executorKeys: 'weak' } })
    const environment = { TESTED_EXECUTOR_KEYS: 'direct' }
    expect(load({ file, environment })).toMatchObject({ value: { executorKeys: 'direct' } })
    const flags = { executorKeysFile: strong }
    expect(load({ file, environment, flags })).toMatchObject({ value: { executorKeys: 'strong' } })
  })

  it('refuses a key file that others may open, with what to do, unless the operator takes it upon himself', () => {
    const environment = { TESTED_RPC_URL: 'http://node' }
    const keyFile = fileWith('sesame')
    chmodSync(keyFile, 0o640)
    const flags = { executorKeysFile: keyFile }
    const refused = load({ environment, flags })
    expect(refused).toMatchObject({
      ok: false,
      refusal: { code: 78, message: expect.stringContaining(`chmod 600 ${keyFile}`) },
    })
    expect(JSON.stringify(refused)).not.toContain('sesame')
    const allowed = { ...environment, TESTED_ALLOW_OPEN_KEY_FILES: 'true' }
    expect(load({ environment: allowed, flags })).toMatchObject({ value: { executorKeys: 'sesame' } })
    const file = fileWith('{"executorKeys":"sesame"}')
    chmodSync(file, 0o644)
    expect(load({ environment, file })).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining(`chmod 600 ${file}`) },
    })
  })

  it('takes a key file on a read-only mount as it is, as the secrets of containers are', context => {
    const folder = mkdtempSync(join(tmpdir(), 'secrets-'))
    try {
      execFileSync('mount', ['-t', 'tmpfs', 'tmpfs', folder], { stdio: 'ignore' })
    } catch {
      rmdirSync(folder)
      return context.skip('only root may mount')
    }
    try {
      const keyFile = join(folder, 'key')
      writeFileSync(keyFile, 'sesame', { mode: 0o444 })
      const request = { environment: { TESTED_RPC_URL: 'http://node' }, flags: { executorKeysFile: keyFile } }
      expect(load(request).ok).toBe(false)
      execFileSync('mount', ['-o', 'remount,ro', folder])
      expect(load(request)).toMatchObject({ value: { executorKeys: 'sesame' } })
    } finally {
      execFileSync('umount', [folder])
      rmdirSync(folder)
    }
  })

  it('says which file is not JSON', () => {
    expect(load({ file: fileWith('{') })).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining('The configuration file (--config):') },
    })
  })

  it('turns into flags that commander reads back', () => {
    const command = addSettingFlags(new Command(), definition)
    command.parse(['--rpc-url', 'http://flag', '--open', '--names', 'a,b'], { from: 'user' })
    expect(load({ flags: command.opts() })).toMatchObject({
      value: { rpcUrl: 'http://flag', open: true, names: ['a', 'b'] },
    })
    const help = command.helpInformation()
    expect(help).toContain('TESTED_RPC_URL')
    expect(help).toContain('--executor-keys-file <file>')
    expect(help).not.toContain('--executor-keys ')
  })
})
