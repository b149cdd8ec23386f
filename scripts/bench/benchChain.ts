// The chain a measurement runs on: an anvil of its own with everything deployed, or one that runs already.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { startAnvil } from '@worldland-aa/service/testing/startAnvil'
import type { Address, Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { deployAll } from '../deploy/deployAll.ts'
import { createDeploymentClient, type DeploymentClient } from '../deploy/deploymentClient.ts'
import { planDeployment } from '../deploy/deploymentPlan.ts'
import { defaultLeaseParameters } from '../deploy/leaseParameters.ts'

export type BenchChain = {
  readonly rpcUrl: string
  readonly entryPoint: Address
  readonly factory: Address
  /** Pays for the accounts and their deposits. */
  readonly funder: DeploymentClient
  /** Funded keys for the bundler; none on a chain that runs already. */
  readonly executorKeys: readonly Hex[]
  stop(): Promise<void>
}

/** anvil's well-known accounts, each with 10,000 coins. */
const mnemonic = 'test test test test test test test test test test test junk'

export async function startBenchChain(options: {
  executors: number
  blockSeconds: number
}): Promise<BenchChain> {
  const anvil = await startAnvil()
  try {
    const funder = await createDeploymentClient({
      rpcUrl: anvil.url,
      privateKey: anvilKey(0),
      pollMilliseconds: 50,
    })
    const deployed = await deployAll({ client: funder })
    if (!deployed.ok) throw new Error(deployed.refusal.message)
    await anvil.client.setIntervalMining({ interval: options.blockSeconds })
    return {
      rpcUrl: anvil.url,
      entryPoint: deployed.value.entryPoint,
      factory: deployed.value.contracts.simpleAccountFactory,
      funder,
      executorKeys: Array.from({ length: options.executors }, (_, index) => anvilKey(index + 1)),
      stop: () => anvil.stop(),
    }
  } catch (error) {
    await anvil.stop()
    throw error
  }
}

/** Throws with what is missing there. */
export async function joinBenchChain(options: { rpcUrl: string; faucetKey: Hex }): Promise<BenchChain> {
  const { rpcUrl, faucetKey } = options
  const funder = await createDeploymentClient({ rpcUrl, privateKey: faucetKey })
  const plan = planDeployment({
    paymasterOwner: funder.account.address,
    leaseParameters: defaultLeaseParameters,
  })
  const factory = plan.find(({ name }) => name === 'simpleAccountFactory')?.address
  if (factory === undefined) throw new Error('The deployment plan has no SimpleAccountFactory')
  for (const address of [entryPoint07Address, factory] as const) {
    if ((await funder.getCode({ address })) !== undefined) continue
    throw new Error(`No code at ${address} on chain ${funder.chain.id}: run npm run deploy against it first`)
  }
  return { rpcUrl, entryPoint: entryPoint07Address, factory, funder, executorKeys: [], async stop() {} }
}

function anvilKey(addressIndex: number): Hex {
  const { privateKey } = mnemonicToAccount(mnemonic, { addressIndex }).getHdKey()
  if (privateKey === null || privateKey === undefined) throw new Error('An HD key without a private key')
  return `0x${Buffer.from(privateKey).toString('hex')}`
}
