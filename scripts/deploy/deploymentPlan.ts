// What is deployed, where it will stand, and in which order: every address follows from code and constructor
// arguments, so the whole plan is known before anything is sent.
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import { type Address, encodeDeployData, getCreate2Address, type Hex, isAddressEqual, zeroHash } from 'viem'
import { type Artifact, readAccountAbstractionArtifact, readOurArtifact } from './artifact.ts'
import type { BundlingTerms } from './bundlingTerms.ts'
import { deterministicDeployerAddress } from './deterministicDeployer.ts'
import { challengeBlocks, type LeaseParameters } from './leaseParameters.ts'
import type { ExpectedCode } from './runtimeCode.ts'

export type ContractName = 'entryPoint' | 'computeAccount' | keyof ComputeContracts

export const waves = [1, 2, 3] as const
export type Wave = (typeof waves)[number]

export type PlannedContract = {
  readonly name: ContractName
  readonly title: string
  readonly address: Address
  readonly salt: Hex
  readonly creationCode: Hex
  readonly expectedCode: ExpectedCode
  /** Contracts of a wave are sent together; their constructors read only what earlier waves deployed. */
  readonly wave: Wave
}

/** The salt that puts the EntryPoint where every chain has it; all else uses salt 0. */
const entryPointSalt = '0x90d8084deab30c2a37c45e8d47f49f2f7965183cb6990a98943ef94940681de3'

// keccak256 of the runtime code, the same on every chain: neither has an immutable that depends on it.
const entryPointCodeHash = '0x8db5ff695839d655407cc8490bb7a5d82337a86a6b39c3f0258aa6c3b582fc58'
const simpleAccountFactoryCodeHash = '0xef864ebcb05608afdd25888b657deb36cdee118a2b4e0adbbe47e26f938ded45'

export function planDeployment(options: {
  readonly paymasterOwner: Address
  readonly leaseParameters: LeaseParameters
  readonly bundlingTerms: BundlingTerms
}): readonly PlannedContract[] {
  const { paymasterOwner, leaseParameters, bundlingTerms } = options
  const entryPoint = plan({
    name: 'entryPoint',
    title: 'EntryPoint v0.7',
    artifact: readAccountAbstractionArtifact('EntryPoint'),
    salt: entryPointSalt,
    codeHash: entryPointCodeHash,
  })
  if (!isAddressEqual(entryPoint.address, entryPoint07Address)) {
    throw new Error(
      `The EntryPoint artifact leads to ${entryPoint.address}: @account-abstraction/contracts must be 0.7.0`,
    )
  }
  const simpleAccountFactory = plan({
    name: 'simpleAccountFactory',
    title: 'SimpleAccountFactory v0.7',
    artifact: readAccountAbstractionArtifact('SimpleAccountFactory'),
    args: [entryPoint.address],
    codeHash: simpleAccountFactoryCodeHash,
  })
  const token = ours({ name: 'token', title: 'ComputeToken' })
  const registry = ours({ name: 'providerRegistry', title: 'ProviderRegistry', args: [token.address] })
  const offerBook = ours({ name: 'offerBook', title: 'OfferBook', args: [registry.address] })
  const usageRights = ours({ name: 'usageRights', title: 'UsageRights' })
  const trainingRecord = ours({ name: 'trainingRecord', title: 'TrainingRecord' })
  const market = [token.address, registry.address, offerBook.address, usageRights.address]
  const accountImplementation = ours({
    name: 'computeAccount',
    title: 'ComputeAccount',
    args: [entryPoint.address, token.address],
    wave: 2,
  })
  return [
    entryPoint,
    simpleAccountFactory,
    token,
    registry,
    offerBook,
    usageRights,
    trainingRecord,
    ours({ name: 'instanceLease', title: 'InstanceLease', args: [...market, leaseParameters], wave: 2 }),
    ours({
      name: 'serverlessSession',
      title: 'ServerlessSession',
      args: [...market, challengeBlocks],
      wave: 2,
    }),
    ours({ name: 'modelNft', title: 'ModelNft', args: [token.address, trainingRecord.address], wave: 2 }),
    accountImplementation,
    ours({
      name: 'computeAccountFactory',
      title: 'ComputeAccountFactory',
      args: [accountImplementation.address],
      wave: 3,
    }),
    ours({
      name: 'paymaster',
      title: 'ComputePaymaster',
      args: [entryPoint.address, token.address, paymasterOwner],
      wave: 2,
    }),
    ours({ name: 'bundleGuard', title: 'BundleGuard', args: [entryPoint.address], wave: 2 }),
    ours({
      name: 'bundlerRegistry',
      title: 'BundlerRegistry',
      args: [entryPoint.address, bundlingTerms],
      wave: 2,
    }),
  ]
}

export function plannedContracts(planned: readonly PlannedContract[]): ComputeContracts {
  const addressOf = (name: ContractName): Address => {
    const contract = planned.find(candidate => candidate.name === name)
    if (contract === undefined) throw new Error(`The plan has no ${name}`)
    return contract.address
  }
  return {
    token: addressOf('token'),
    providerRegistry: addressOf('providerRegistry'),
    offerBook: addressOf('offerBook'),
    usageRights: addressOf('usageRights'),
    trainingRecord: addressOf('trainingRecord'),
    instanceLease: addressOf('instanceLease'),
    serverlessSession: addressOf('serverlessSession'),
    modelNft: addressOf('modelNft'),
    computeAccountFactory: addressOf('computeAccountFactory'),
    paymaster: addressOf('paymaster'),
    bundleGuard: addressOf('bundleGuard'),
    simpleAccountFactory: addressOf('simpleAccountFactory'),
    bundlerRegistry: addressOf('bundlerRegistry'),
  }
}

type Planning = {
  readonly name: ContractName
  readonly title: string
  readonly args?: readonly unknown[]
  readonly wave?: Wave
}

/** A contract of this repository: its title is its name in Solidity. */
function ours(planning: Planning): PlannedContract {
  return plan({ ...planning, artifact: readOurArtifact(planning.title) })
}

function plan(planning: Planning & { artifact: Artifact; salt?: Hex; codeHash?: Hex }): PlannedContract {
  const { name, title, artifact, args = [], salt = zeroHash, codeHash, wave = 1 } = planning
  const { abi, creationCode: bytecode } = artifact
  const creationCode = encodeDeployData({ abi, bytecode, args: [...args] })
  return {
    name,
    title,
    address: getCreate2Address({ from: deterministicDeployerAddress, salt, bytecode: creationCode }),
    salt,
    creationCode,
    expectedCode:
      codeHash === undefined
        ? { kind: 'template', code: artifact.runtimeCode, immutables: artifact.immutables }
        : { kind: 'hash', codeHash },
    wave,
  }
}
