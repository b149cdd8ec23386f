// A paymaster in a storm: 5,000 requests of 64 clients, while it is killed, the chain reorganises, somebody lands part of
// what was signed, and the operator changes a policy again and again. No budget is exceeded by a wei, nothing stays held,
// and the books are the chain's.
import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { computePaymasterAbi } from '@worldland-aa/sdk/abi/computePaymaster'
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { lookIntoDatabase } from '@worldland-aa/service/testing/lookIntoDatabase'
import { type Hash, parseEther, parseEventLogs } from 'viem'
import { privateKeyToAddress } from 'viem/accounts'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { allowPaymasterSigner } from '../../scripts/deploy/paymasterSigners.ts'
import { workspaceRoot } from '../../scripts/workspaceRoot.ts'
import { startTestChain, type TestChain } from '../support/chain.ts'
import { type Crowd, gatherCrowd } from '../support/crowd.ts'
import { type Daemon, startDaemon } from '../support/daemon.ts'
import { eventually } from '../support/eventually.ts'
import { anvilKey } from '../support/keys.ts'
import { seededRandom } from '../support/random.ts'
import { askForSignature, type Grant, landGrants } from '../support/sponsoredCrowd.ts'
import { workFolder } from '../support/workFolder.ts'

vi.setConfig({ testTimeout: 900_000, hookTimeout: 180_000 })

const requests = 5_000
const clients = 64
const fewestBlows = 18
const landedPercent = 20
const operationsPerBundle = 15
/** Of policy "tight"; what was promised under the higher one stays promised under the lower. */
const lowWei = parseEther('0.1')
const highWei = parseEther('0.2')
const main = join(workspaceRoot, 'paymaster/packed/main.js')
const signerKey = anvilKey(8)
const random = seededRandom()
const folder = workFolder()
const dataFile = join(folder, 'paymaster.sqlite')
const policiesFile = join(folder, 'policies.json')

let chain: TestChain
let crowd: Crowd
let paymaster: Daemon | undefined

beforeEach(async () => {
  chain = await startTestChain()
  const { contracts } = chain.deployment
  crowd = await gatherCrowd(chain, 50)
  await allowPaymasterSigner({
    client: chain.faucet,
    paymaster: contracts.paymaster,
    signer: privateKeyToAddress(signerKey),
  })
  await chain.anvil.mine({ blocks: 20 })
  await chain.mineEvery(1)
})
afterEach(async () => {
  await paymaster?.kill()
  await chain?.stop()
})

async function start(): Promise<void> {
  paymaster = await startDaemon({
    main,
    flags: {
      'rpc-url': chain.rpcUrl,
      paymaster: chain.deployment.contracts.paymaster,
      policies: policiesFile,
      port: 0,
      'data-file': dataFile,
      'poll-milliseconds': 100,
      'finality-blocks': 5,
      'deposit-minimum-wei': '5ether',
      'deposit-target-wei': '20ether',
      'lent-deposit-percent': 100,
      'policy-deposit-percent': 100,
      'caller-deposit-percent': 100,
      'calls-per-second': 0,
      'bytes-per-second': 0,
    },
    environment: {
      WORLDLAND_PAYMASTER_SIGNER_KEY: signerKey,
      WORLDLAND_PAYMASTER_TREASURY_KEY: chain.faucetKey,
    },
    logFile: join(folder, 'paymaster.log'),
  })
}

async function kill(): Promise<void> {
  const victim = paymaster
  paymaster = undefined
  await victim?.kill()
}

function writePolicies(tightWei: bigint): void {
  const { token } = chain.deployment.contracts
  const policy = (id: string, costWei: bigint) => ({
    id,
    name: id,
    contracts: [{ address: token, functions: ['approve(address,uint256)'] }],
    limits: { costPerOperationWei: '0.01ether', global: { costWei: String(costWei), window: 'total' } },
  })
  writeFileSync(
    policiesFile,
    JSON.stringify({ policies: [policy('tight', tightWei), policy('wide', parseEther('15'))] }),
  )
}

/** In force when it returns. */
async function changePolicy(tightWei: bigint): Promise<void> {
  writePolicies(tightWei)
  await promisify(execFile)(process.execPath, [main, 'reload', '--data-file', dataFile])
}

type Counter = { id: string; held_wei: string; held_operations: number; used_wei: string }

function counters(): readonly Counter[] {
  return lookIntoDatabase(
    dataFile,
    'select id, held_wei, held_operations, used_wei from budget',
  ) as readonly Counter[]
}

/** Held and used of policy "tight". */
function tightWei(): bigint {
  const counter = counters().find(({ id }) => id === 'policy/tight/global/total')
  return BigInt(counter?.held_wei ?? 0) + BigInt(counter?.used_wei ?? 0)
}

/** What the chain says that the deposit paid, by the operations' hashes. */
async function costsOnChain(): Promise<ReadonlyMap<Hash, bigint>> {
  const { entryPoint, contracts } = chain.deployment
  const logs = await chain.client.getLogs({ address: entryPoint, fromBlock: 0n, toBlock: 'latest' })
  return new Map(
    parseEventLogs({ abi: entryPoint07Abi, logs, eventName: 'UserOperationEvent' }).flatMap(({ args }) =>
      args.paymaster.toLowerCase() === contracts.paymaster.toLowerCase()
        ? [[args.userOpHash, args.actualGasCost] as const]
        : [],
    ),
  )
}

it('exceeds no budget by a wei, leaves nothing held and agrees with the chain, whatever happens meanwhile', async () => {
  writePolicies(highWei)
  await start()
  // No reorg shall reach back to stake and deposit.
  await chain.whilePaused(() => chain.anvil.mine({ blocks: 10 }))
  const granted: Grant[] = []
  const refused = new Map<string, number>()
  const toLand: Grant[] = []
  const chosen: Grant[] = []
  let asked = 0

  async function client(): Promise<void> {
    while (asked < requests) {
      const lane = BigInt(asked++)
      const account = crowd.accounts[Number(lane) % crowd.accounts.length]
      if (account === undefined) throw new Error('The crowd is empty')
      const policyId = random.between(0, 1) === 0 ? 'tight' : 'wide'
      const outcome = await askForSignature({ chain, account, lane, policyId, url: () => paymaster?.url })
      if (outcome.kind === 'refused') refused.set(outcome.reason, (refused.get(outcome.reason) ?? 0) + 1)
      else {
        granted.push(outcome.grant)
        if (random.between(1, 100) > landedPercent) continue
        toLand.push(outcome.grant)
        chosen.push(outcome.grant)
      }
    }
  }

  let isLanding = true
  async function land(): Promise<void> {
    while (isLanding || toLand.length > 0) {
      const grants = toLand.splice(0, operationsPerBundle)
      if (grants.length > 0) await landGrants(chain, crowd.accounts, grants)
      await new Promise(resolve => setTimeout(resolve, 200))
    }
  }

  const struck = { kill: 0, reorg: 0, 'policy edit': 0 }
  let isLow = false
  async function editPolicy(): Promise<void> {
    const before = tightWei()
    await changePolicy(isLow ? highWei : lowWei)
    // While the limit was low nothing more was promised than that, or than had been promised before.
    if (isLow) expect(before <= lowWei || before <= promisedWhenLowered).toBe(true)
    else promisedWhenLowered = tightWei()
    isLow = !isLow
  }
  let promisedWhenLowered = 0n
  async function strike(): Promise<void> {
    expect(tightWei() <= highWei).toBe(true)
    const blow = (['kill', 'reorg', 'policy edit'] as const)[random.between(0, 2)] ?? 'reorg'
    struck[blow]++
    if (blow === 'kill') {
      await kill()
      await start()
    } else if (blow === 'policy edit') await editPolicy()
    else await chain.whilePaused(() => chain.reorg(random.between(1, 3)))
  }
  let isAsking = true
  async function storm(): Promise<void> {
    for (let blows = 0; isAsking || blows < fewestBlows; blows++) {
      await strike()
      await new Promise(resolve => setTimeout(resolve, random.between(50, 400)))
    }
  }

  const landing = land()
  const storming = storm()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: clients }, client))
  const seconds = (performance.now() - startedAt) / 1000
  isAsking = false
  await storming
  isLanding = false
  await landing
  // What a reorg took out of the chain lands anew, as long as it is valid.
  const standing = await costsOnChain()
  const missing = chosen.filter(({ hash }) => !standing.has(hash))
  for (const grant of missing) await landGrants(chain, crowd.accounts, [grant])
  await chain.whilePaused(() => chain.anvil.mine({ blocks: 10 }))

  // All that is still valid expires, and all that landed becomes final.
  await chain.anvil.increaseTime({ seconds: 900 })
  await eventually(
    'every promise being settled',
    async () =>
      lookIntoDatabase(
        dataFile,
        "select count(*) as open from exposure where state in ('RESERVED', 'INCLUDED')",
      ) as { open: number }[],
    rows => rows[0]?.open === 0,
    180,
  )
  await chain.mineEvery(0)
  const costs = await costsOnChain()
  expect(costs.size).toBeGreaterThan(chosen.length / 2)
  const tightHashes = new Set(granted.filter(({ policyId }) => policyId === 'tight').map(({ hash }) => hash))
  const sum = (of: (hash: Hash) => boolean) =>
    [...costs].reduce((total, [hash, wei]) => (of(hash) ? total + wei : total), 0n)
  const settled = counters()
  const used = settled.find(({ id }) => id === 'policy/tight/global/total')?.used_wei
  expect(
    settled.filter(({ held_wei, held_operations }) => held_wei !== '0' || held_operations !== 0),
  ).toEqual([])
  expect(BigInt(used ?? 0)).toBe(sum(hash => tightHashes.has(hash)))
  expect(sum(hash => tightHashes.has(hash)) <= highWei).toBe(true)
  const spend = lookIntoDatabase(dataFile, 'select cost_wei from spend') as { cost_wei: string }[]
  expect(spend.reduce((total, row) => total + BigInt(row.cost_wei), 0n)).toBe(sum(() => true))
  const depositWei = await chain.client.readContract({
    address: chain.deployment.contracts.paymaster,
    abi: computePaymasterAbi,
    functionName: 'getDeposit',
  })
  await eventually(
    'the ledger standing at the chain’s deposit, with nothing of it held',
    async () => lookIntoDatabase(dataFile, 'select deposit_wei, deposit_held_wei from position'),
    rows =>
      JSON.stringify(rows) === JSON.stringify([{ deposit_wei: String(depositWei), deposit_held_wei: '0' }]),
  )
  process.stderr.write(
    `${asked} requests of ${clients} clients in ${seconds.toFixed(1)} s: ${granted.length} signed, ` +
      `refused ${JSON.stringify(Object.fromEntries(refused))}; ${costs.size} landed, for ${sum(() => true)} wei; ` +
      `${JSON.stringify(struck)}\n`,
  )
})
