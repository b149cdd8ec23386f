// `worldland-pay` as a person starts it: a child process, ended with the test.
import { type ChildProcess, spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'

export type PayCommand = {
  /** For clients: `http://…/v2`. */
  readonly url: string
  readonly sessionId: bigint
  readonly apiKey: string
  stop(): Promise<void>
}

const running = new Set<ChildProcess>()
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL')
})

/** Throws what it says where it ends at once. */
export async function startPayCommand(options: {
  readonly providerUrl: string
  readonly rpcUrl: string
  readonly contractsFile: string
  /** Of its vouchers and its local key. */
  readonly home: string
  /** In its environment. */
  readonly key: string
  readonly budget: string
  readonly args: readonly string[]
}): Promise<PayCommand> {
  const { providerUrl, rpcUrl, contractsFile, home, key, budget, args } = options
  const child = spawn(
    process.execPath,
    [
      join(workspaceRoot, 'sdk/packed/pay.js'),
      ...['--provider-url', providerUrl, '--rpc-url', rpcUrl, '--contracts-file', contractsFile],
      ...['--budget', budget, '--port', '0', '--state-file', join(home, 'state.json')],
      ...['--api-key-file', join(home, 'api.key'), '--seconds-ahead', '30', ...args],
    ],
    { env: { WORLDLAND_PAY_KEY: key }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  running.add(child)
  let [stdout, stderr] = ['', '']
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const ended = new Promise<void>(resolve => {
    child.once('close', () => {
      running.delete(child)
      resolve()
    })
  })
  const printed = new Promise<void>(resolve => {
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString()
      if (stdout.includes('\n')) resolve()
    })
  })
  await Promise.race([ended, printed])
  if (!stdout.includes('\n')) throw new Error(stderr)
  const { listening, sessionId, apiKeyFile } = JSON.parse(stdout)
  return {
    url: listening,
    sessionId: BigInt(sessionId),
    apiKey: readFileSync(apiKeyFile, 'utf8').trim(),
    async stop() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
