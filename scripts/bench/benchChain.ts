// The chain a measurement runs on: an anvil of its own with everything deployed, or one that runs already.
import { join } from 'node:path'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, type Hex, parseEther, type TestClient } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { defaultBundlingTerms } from '../deploy/bundlingTerms.ts'
import { deployAll } from '../deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../deploy/deploymentClient.ts'
import { planDeployment } from '../deploy/deploymentPlan.ts'
import { defaultLeaseParameters } from '../deploy/leaseParameters.ts'
import { type BlockTime, startBlockProduction } from '../devnet/blockProduction.ts'
import { devnetKeys } from '../devnet/devnetKeys.ts'
import { startNode } from '../devnet/startNode.ts'
import type { BenchRun } from './benchRun.ts'
import { familyCpuMilliseconds } from './processFamily.ts'

export type BenchChain = {
  readonly rpcUrl: string
  readonly entryPoint: Address
  readonly factory: Address
  /** Pays for the accounts and their deposits. */
  readonly funder: DeploymentClient
  /** Funded keys for the bundler; none on a chain that runs already. */
  readonly executorKeys: readonly Hex[]
  /** From now on; until then every transaction mines at once. */
  produceBlocks(): Promise<void>
}

export type StartedChain = BenchChain & {
  readonly contracts: ComputeContracts
  readonly testClient: TestClient<'anvil'>
  /** Processor time of the node since its start; NaN where /proc is missing. */
  nodeCpuMilliseconds(): number
}

export async function startBenchChain(
  run: BenchRun,
  options: { port: number; executors: number; blockTime: BlockTime },
): Promise<StartedChain> {
  const { port, executors, blockTime } = options
  const node = await startNode({
    port,
    stateFile: join(run.folder, 'chain.json'),
    logFile: join(run.folder, 'node.log'),
    watchdog: run.watchdog,
    signal: run.signal,
    onStarted: child => run.cleanup.add(child.name, child.stop),
  })
  const rpcUrl = `http://127.0.0.1:${port}`
  const { deployer } = devnetKeys()
  const funder = await createDeploymentClient({
    rpcUrl,
    privateKey: deployer.privateKey,
    pollMilliseconds: 50,
  })
  const deployed = await deployAll({ client: funder })
  if (!deployed.ok) throw new Error(deployed.refusal.message)
  const executorKeys = Array.from({ length: executors }, generatePrivateKey)
  for (const key of executorKeys) {
    await node.testClient.setBalance({ address: privateKeyToAddress(key), value: parseEther('1000') })
  }
  return {
    rpcUrl,
    entryPoint: deployed.value.entryPoint,
    factory: deployed.value.contracts.simpleAccountFactory,
    contracts: deployed.value.contracts,
    testClient: node.testClient,
    nodeCpuMilliseconds: () => familyCpuMilliseconds(node.child.pid),
    funder,
    executorKeys,
    async produceBlocks() {
      const production = await startBlockProduction(node.testClient, {
        blockTime,
        onError: error => run.complain('A block could not be mined', error),
      })
      run.cleanup.add('block production', production.stop)
    },
  }
}

/** Throws with what is missing there. */
export async function joinBenchChain(options: { rpcUrl: string; faucetKey: Hex }): Promise<BenchChain> {
  const { rpcUrl, faucetKey } = options
  const funder = await createDeploymentClient({ rpcUrl, privateKey: faucetKey })
  const plan = planDeployment({
    paymasterOwner: funder.account.address,
    leaseParameters: defaultLeaseParameters,
    bundlingTerms: defaultBundlingTerms,
  })
  const factory = plan.find(({ name }) => name === 'simpleAccountFactory')?.address
  if (factory === undefined) throw new Error('The deployment plan has no SimpleAccountFactory')
  for (const address of [entryPoint07Address, factory] as const) {
    if ((await funder.getCode({ address })) !== undefined) continue
    throw new Error(`No code at ${address} on chain ${funder.chain.id}: run npm run deploy against it first`)
  }
  return {
    rpcUrl,
    entryPoint: entryPoint07Address,
    factory,
    funder,
    executorKeys: [],
    async produceBlocks() {},
  }
}
