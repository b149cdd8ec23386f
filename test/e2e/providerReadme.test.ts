// The first minutes that provider/README.md promises, to the letter: its shell blocks, on a devnet, until a renter has read in a
// shell of the machine what only it can know.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { afterAll, expect, it } from 'vitest'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { devnetStage } from '../support/devnet.ts'
import { endMachinesIn } from '../support/endMachinesIn.ts'
import { eventually } from '../support/eventually.ts'
import { connectSsh, execBySsh } from '../support/sshClient.ts'
import { workFolder } from '../support/workFolder.ts'

const stage = devnetStage({ serving: true, daemonSettings: { bundler: { unpaidMillisecondsPerSecond: 0 } } })
const folder = workFolder()
const text = readFileSync(join(workspaceRoot, 'provider/README.md'), 'utf8')
const [serving = '', renting = ''] = [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(
  ([, block = '']) => block,
)
const shells: ChildProcess[] = []
const endings: Promise<number | null>[] = []
const lookAgain = renting.trimEnd().split('\n').at(-1) ?? ''
const wayIn = /ssh -p (\d+) (lease-\d+)@(\S+) \(password (\S+)\); Terminal: (\S+)/

afterAll(async () => {
  for (const { pid } of shells) if (pid !== undefined) endGroup(pid)
  await Promise.all(endings)
  endMachinesIn(join(folder, 'provider-data/machines'))
})

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended.
  }
}

/** A folder with a devnet, as the workspace's is, and the programs of the workspace in the place of npx's. */
function prepare(): string {
  const { rpcUrl, bundlerUrl, contracts } = stage.devnet
  for (const name of ['.devnet', 'programs']) mkdirSync(join(folder, name), { recursive: true })
  writeFileSync(join(folder, '.devnet/devnet.json'), JSON.stringify({ rpcUrl, bundlerUrl, contracts }))
  symlinkSync(join(workspaceRoot, 'node_modules'), join(folder, 'node_modules'))
  const npx = join(folder, 'programs/npx')
  writeFileSync(
    npx,
    `#!/bin/sh
name=$1; shift
case $name in
  worldland-provider) exec node '${workspaceRoot}/provider/bin/worldland-provider.mjs' "$@" ;;
  worldland-rent) exec node '${workspaceRoot}/sdk/bin/worldland-rent.mjs' "$@" ;;
esac
exit 64
`,
  )
  chmodSync(npx, 0o755)
  return join(folder, 'programs')
}

type Run = { readonly said: () => string; readonly ended: Promise<number | null> }

function shell(script: string, programs: string): Run {
  const child = spawn(
    'bash',
    ['-c', `set -euo pipefail\n${script.replaceAll('http://127.0.0.1:8545', stage.devnet.rpcUrl)}`],
    {
      cwd: folder,
      detached: true,
      env: {
        PATH: `${programs}:${dirname(process.execPath)}:/usr/bin:/bin`,
        // Beside whatever else runs on this host.
        WORLDLAND_PROVIDER_DRIVER: 'process',
        WORLDLAND_PROVIDER_PORT: '0',
        WORLDLAND_PROVIDER_OPERATOR_PORT: '0',
        WORLDLAND_PROVIDER_SSH_PORT: '0',
        WORLDLAND_PROVIDER_WORKER_PORT: '0',
      },
    },
  )
  shells.push(child)
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      said += chunk
    })
  const ended = new Promise<number | null>(resolve => child.once('close', resolve))
  endings.push(ended)
  return { said: () => said, ended }
}

it('serves on a devnet as it says, and lets its renter in by what status shows', {
  timeout: 300_000,
}, async () => {
  const programs = prepare()
  const provider = shell(serving, programs)
  const { contracts } = stage.devnet
  await eventually(
    'the offer of the README',
    () => findOffers(stage.client, { contracts, gpuModel: 'NVIDIA RTX 6000' }),
    offers => offers.length === 1,
  )
  const renter = shell(renting, programs)
  expect(await renter.ended, renter.said()).toBe(0)
  const told = await eventually(
    'the way into the machine',
    async () => {
      const look = shell(lookAgain, programs)
      await look.ended
      return wayIn.exec(look.said()) ?? undefined
    },
    way => way !== undefined,
  )
  const [, port = '', user = '', host = '', password = '', terminal = ''] = told ?? []
  const page = await fetch(terminal)
  expect(page.status).toBe(200)
  expect(await page.text()).toContain(user.replace('-', ' '))
  const client = await connectSsh({ host, user, password, port: Number(port) })
  expect(await execBySsh(client, 'echo $((6*7)); pwd')).toMatchObject({
    code: 0,
    output: expect.stringMatching(/^42\n/),
  })
  client.end()
  expect(provider.said()).not.toContain(password)
})
