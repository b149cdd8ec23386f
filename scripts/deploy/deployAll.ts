// Puts the whole suite on a chain, or what of it is missing there, and checks every code it finds. For the
// deploy command, the devnet and tests alike; running it twice changes nothing.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import { type Address, concat, type Hash } from 'viem'
import { type BundlingTerms, defaultBundlingTerms } from './bundlingTerms.ts'
import type { DeploymentClient } from './deploymentClient.ts'
import {
  type ContractName,
  type PlannedContract,
  planDeployment,
  plannedContracts,
  waves,
} from './deploymentPlan.ts'
import { deterministicDeployerAddress, ensureDeterministicDeployer } from './deterministicDeployer.ts'
import { inspectChain } from './inspectChain.ts'
import { defaultLeaseParameters, type LeaseParameters } from './leaseParameters.ts'
import { runtimeCodeProblem } from './runtimeCode.ts'
import { sendTransactions } from './sendTransactions.ts'

export type DeployedContract = {
  readonly name: ContractName | 'deterministicDeployer'
  readonly title: string
  readonly address: Address
  /** `found`: it stood there before, and its code is right. */
  readonly outcome: 'deployed' | 'found'
  readonly transactionHash?: Hash
  readonly gasUsed?: bigint
}

export type Deployment = {
  readonly chainId: number
  readonly entryPoint: Address
  readonly contracts: ComputeContracts
  readonly steps: readonly DeployedContract[]
}

export async function deployAll(options: {
  readonly client: DeploymentClient
  /** Who may set the paymaster's signers and take its revenue. Default: the deploying key. */
  readonly paymasterOwner?: Address | undefined
  readonly leaseParameters?: LeaseParameters | undefined
  readonly bundlingTerms?: BundlingTerms | undefined
  readonly onStep?: ((step: DeployedContract) => void) | undefined
}): Promise<Result<Deployment>> {
  const {
    client,
    onStep,
    leaseParameters = defaultLeaseParameters,
    bundlingTerms = defaultBundlingTerms,
  } = options
  const planned = planDeployment({
    paymasterOwner: options.paymasterOwner ?? client.account.address,
    leaseParameters,
    bundlingTerms,
  })
  const missing = await contractsWithoutCode(client, planned)
  const report = await inspectChain(client, { willDeploy: missing.length > 0 })
  if (report.problems.length > 0) {
    const problems = report.problems.map(problem => `  - ${problem}`).join('\n')
    return refuse({ code: 69, message: `Chain ${report.chainId} cannot take the suite:\n${problems}` })
  }
  const deployer = await ensureDeterministicDeployer(client)
  if (!deployer.ok) return deployer

  const steps: DeployedContract[] = []
  const take = (step: DeployedContract): void => {
    steps.push(step)
    onStep?.(step)
  }
  take({
    name: 'deterministicDeployer',
    title: 'Deterministic deployer',
    address: deterministicDeployerAddress,
    outcome: deployer.value.found ? 'found' : 'deployed',
  })
  const found = planned.filter(contract => !missing.includes(contract))
  const foreign = await codeProblems(client, found)
  if (foreign.length > 0) return refuse({ code: 70, message: foreign.join('\n') }) // EX_SOFTWARE
  for (const { name, title, address } of found) take({ name, title, address, outcome: 'found' })
  for (const wave of waves) {
    for (const step of await deployWave(
      client,
      missing.filter(contract => contract.wave === wave),
    )) {
      take(step)
    }
  }
  const problems = await codeProblems(client, missing)
  if (problems.length > 0) return refuse({ code: 70, message: problems.join('\n') })
  const entryPoint = planned.find(({ name }) => name === 'entryPoint')?.address
  if (entryPoint === undefined) throw new Error('The plan has no EntryPoint')
  return accept({ chainId: report.chainId, entryPoint, contracts: plannedContracts(planned), steps })
}

async function contractsWithoutCode(
  client: DeploymentClient,
  planned: readonly PlannedContract[],
): Promise<readonly PlannedContract[]> {
  const codes = await Promise.all(planned.map(({ address }) => client.getCode({ address })))
  return planned.filter((_, index) => codes[index] === undefined)
}

async function deployWave(
  client: DeploymentClient,
  wave: readonly PlannedContract[],
): Promise<readonly DeployedContract[]> {
  const receipts = await sendTransactions(
    client,
    wave.map(({ salt, creationCode }) => ({
      to: deterministicDeployerAddress,
      data: concat([salt, creationCode]),
    })),
  )
  return wave.map(({ name, title, address }, index) => {
    const receipt = receipts[index]
    if (receipt === undefined) throw new Error(`${title} has no receipt`)
    const { transactionHash, gasUsed } = receipt
    return { name, title, address, outcome: 'deployed', transactionHash, gasUsed } as const
  })
}

async function codeProblems(
  client: DeploymentClient,
  planned: readonly PlannedContract[],
): Promise<readonly string[]> {
  const problems = await Promise.all(
    planned.map(async ({ title, address, expectedCode }) => {
      const problem = runtimeCodeProblem((await client.getCode({ address })) ?? '0x', expectedCode)
      return problem && `${title} at ${address} is not what was compiled: ${problem}`
    }),
  )
  return problems.filter(problem => problem !== undefined)
}
