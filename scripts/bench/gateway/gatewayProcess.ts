// The gateway under measurement: the provider's daemon as its operator runs it, with one endpoint whose worker does
// nothing.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { findHostTools } from '@worldland-aa/provider/machines/process/hostTools'
import { createProcessDriver } from '@worldland-aa/provider/machines/process/processDriver'
import { parseEther } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { sendTransactions } from '../../deploy/sendTransactions.ts'
import { workspaceRoot } from '../../workspaceRoot.ts'
import type { StartedChain } from '../benchChain.ts'
import type { BenchRun } from '../benchRun.ts'
import { cpuMilliseconds } from '../processFamily.ts'
import { type SubjectProcess, startSubjectProcess } from '../subjectProcess.ts'

export const endpointId = 'noop'
/** So little that vouchers wait until all is served, and enough to be worth their gas then. */
export const pricePerSecondWei = 10_000_000_000_000n
const offerName = 'noop'

export type GatewayProcess = SubjectProcess & {
  /** Processor time since their start. */
  cpuMillisecondsOf(): Readonly<Record<'gateway' | 'worker', number>>
  /** Has it redeem all that it was paid. */
  drain(): Promise<void>
}

const main = join(workspaceRoot, 'provider/dist/main.js')
// The limit on calls from one address would measure itself.
const command = [
  `WORLDLAND_PROVIDER_WITHOUT_GPUS=true exec node '${main}' start --driver process`,
  '--rpc-url "$RPC_URL" --contracts-file "$CONTRACTS_FILE" --provider-key-file "$PROVIDER_KEY_FILE"',
  '--market-file "$MARKET_FILE" --data-folder "$DATA_FOLDER" --port "$PORT" --worker-port "$WORKER_PORT"',
  '--operator-port 0 --ssh-port 0 --calls-per-second 0 --bytes-per-second 0 --log-level warn',
].join(' ')

export async function startGatewayProcess(
  run: BenchRun,
  options: { chain: StartedChain; port: number; workerPort: number },
): Promise<GatewayProcess> {
  const { chain, port, workerPort } = options
  const providerKey = generatePrivateKey()
  await sendTransactions(chain.funder, [
    { to: privateKeyToAddress(providerKey), data: '0x', value: parseEther('100') },
  ])
  const file = (name: string, content: string): string => {
    writeFileSync(join(run.folder, name), content, { mode: 0o600 })
    return join(run.folder, name)
  }
  const dataFolder = join(run.folder, 'provider')
  // After the daemon: its workers outlive it.
  run.cleanup.add('workers', () => wipeWorkers(join(dataFolder, 'machines')))
  const subject = await startSubjectProcess(run, {
    name: 'gateway',
    command,
    port,
    environment: {
      RPC_URL: chain.rpcUrl,
      CONTRACTS_FILE: file('contracts.json', JSON.stringify({ contracts: chain.contracts })),
      PROVIDER_KEY_FILE: file('provider.key', providerKey),
      MARKET_FILE: file('provider.json', JSON.stringify(market)),
      WORKER_PORT: String(workerPort),
      DATA_FOLDER: dataFolder,
    },
    serves: answers,
  })
  return {
    ...subject,
    cpuMillisecondsOf() {
      const gateway = cpuMilliseconds(subject.pid)
      return { gateway, worker: subject.cpuMilliseconds() - gateway }
    },
    async drain() {
      await promisify(execFile)(process.execPath, [main, 'drain', '--data-folder', dataFolder])
    },
  }
}

async function wipeWorkers(machinesFolder: string): Promise<void> {
  const tools = findHostTools()
  if (!tools.ok) return
  const driver = createProcessDriver({ machinesFolder, tools: tools.value, onTrouble: () => undefined })
  for (const { key } of await driver.list()) await driver.wipe(key)
  await driver.close()
}

const market = {
  name: 'Bench',
  metadataUri: 'https://provider.example/about.json',
  stakeWei: '2ether',
  offers: [
    {
      ...{ name: offerName, kind: 'serverless', gpuModel: 'None', vramGiB: 1, region: 'KR-Bench' },
      ...{ capacityUnits: 10_000, pricePerHour: '0.036', bondPerUnitWei: '1' },
      ...{ minimumSeconds: 1, maximumSeconds: 86_400 },
    },
  ],
  endpoints: [
    {
      ...{ id: endpointId, offer: offerName, maximumWorkers: 1, concurrency: 256, queueLimit: 100_000 },
      command: [process.execPath, join(workspaceRoot, 'scripts/dist/bench/gateway/noopWorker.js')],
    },
  ],
}

/** Whatever it says: that it serves. */
async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/v2/${endpointId}/health`)
    await response.body?.cancel()
    return response.status < 500
  } catch {
    return false
  }
}
