// `npm run devnet` from the outside: what it writes, and that it leaves nothing running, whatever ends it.
import { existsSync, readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { type Command, commandLineOf, descendantsOf, runCommand, untilAllEnded } from '../support/command.ts'
import { eventually } from '../support/eventually.ts'
import { resultOf } from '../support/rpc.ts'
import { subfolder, workFolder } from '../support/workFolder.ts'

const root = workFolder()
let devnet: Command | undefined

type DevnetJson = {
  chainId: number
  rpcUrl: string
  bundlerUrl: string
  paymasterUrl: string
  entryPoint: string
  contracts: Record<string, string>
  faucetKey: string
}

/** Resolves once devnet.json is there: then all are healthy. */
async function start(): Promise<{ json: DevnetJson; family: readonly number[]; command: Command }> {
  const folder = subfolder(root)
  const command = runCommand('devnet.js', '--port-base', '0', '--block-time', '1', '--data-directory', folder)
  devnet = command
  const file = join(folder, 'devnet.json')
  await Promise.race([
    eventually('devnet.json', async () => existsSync(file), Boolean),
    command.ended.then(() => {
      throw new Error(`The devnet ended: ${command.stderr()}`)
    }),
  ])
  const json = JSON.parse(readFileSync(file, 'utf8')) as DevnetJson
  return { json, family: descendantsOf(command.pid), command }
}

afterEach(async () => {
  devnet?.signal('SIGTERM')
  await devnet?.ended
  devnet = undefined
})

describe('npm run devnet', () => {
  it('writes where everything is, serves there, and at Ctrl-C stops everything with exit code 0', async () => {
    const { json, family, command } = await start()
    expect(json).toMatchObject({
      chainId: 103,
      entryPoint: '0x0000000071727De22E5E9d8BAf0edAc6f37da032',
      contracts: {
        token: expect.stringMatching(/^0x/),
        providerRegistry: expect.stringMatching(/^0x/),
        offerBook: expect.stringMatching(/^0x/),
        instanceLease: expect.stringMatching(/^0x/),
        paymaster: expect.stringMatching(/^0x/),
      },
      faucetKey: expect.stringMatching(/^0x[0-9a-f]{64}$/),
    })
    expect(await resultOf(json.rpcUrl, 'eth_chainId')).toBe('0x67')
    expect(await resultOf(json.bundlerUrl, 'eth_supportedEntryPoints')).toEqual([json.entryPoint])
    expect(await resultOf(json.bundlerUrl, 'pimlico_getSupportedTokens')).toMatchObject([
      { token: json.contracts.token },
    ])
    expect(await resultOf(json.paymasterUrl, 'eth_chainId')).toBe('0x67')
    expect(command.stdout()).toContain(json.bundlerUrl)
    // Chain, bundler, paymaster at least.
    expect(family.length).toBeGreaterThanOrEqual(3)
    command.signal('SIGINT')
    expect(await command.ended).toEqual({ code: 0, signal: null })
    await untilAllEnded(family)
  })

  it('leaves nothing running even after kill -9', async () => {
    const { family, command } = await start()
    command.signal('SIGKILL')
    await command.ended
    await untilAllEnded(family)
  })

  it('stops everything and says what happened when one of its processes dies', async () => {
    const { family, command } = await start()
    const bundler = family.find(pid => commandLineOf(pid).includes('bundler/packed/main.js'))
    process.kill(bundler ?? 0, 'SIGKILL')
    expect((await command.ended).code).toBe(1)
    expect(command.stderr()).toMatch(/bundler ended/)
    await untilAllEnded(family)
  })

  it('names a busy port, says what to do, and starts nothing', async () => {
    const server = createServer()
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    const command = runCommand('devnet.js', '--port-base', String(port), '--data-directory', subfolder(root))
    expect((await command.ended).code).toBe(1)
    server.close()
    expect(command.stderr()).toContain(`Port ${port}`)
    expect(command.stderr()).toContain('--port-base')
    expect(command.stderr()).not.toMatch(/^\s+at /m)
  })
})
