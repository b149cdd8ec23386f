// Reads compiled contracts: ours from forge's output, the EntryPoint and the SimpleAccount factory
// from the npm package, byte for byte as their authors published them.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Abi, Hex } from 'viem'
import { workspaceRoot } from '../workspaceRoot.ts'

/** Byte ranges of the runtime code that the constructor fills in. */
export type ByteRange = { readonly start: number; readonly length: number }

export type Artifact = {
  readonly abi: Abi
  readonly creationCode: Hex
  readonly runtimeCode: Hex
  readonly immutables: readonly ByteRange[]
}

/** `ComputeToken` → contracts/out/ComputeToken.sol/ComputeToken.json. */
export function readForgeArtifact(contract: string): Artifact {
  const path = join(workspaceRoot, 'contracts', 'out', `${contract}.sol`, `${contract}.json`)
  const json = readJson(path, 'compile the contracts first: npm run setup') as ForgeArtifact
  return {
    abi: json.abi,
    creationCode: json.bytecode.object,
    runtimeCode: json.deployedBytecode.object,
    immutables: Object.values(json.deployedBytecode.immutableReferences ?? {}).flat(),
  }
}

/** `EntryPoint` → the artifact in @account-abstraction/contracts, or in another version of that package. */
export function readAccountAbstractionArtifact(
  contract: string,
  source = '@account-abstraction/contracts',
): Artifact {
  const require = createRequire(join(workspaceRoot, 'contracts', 'package.json'))
  const path = require.resolve(`${source}/artifacts/${contract}.json`)
  const json = readJson(path, 'install the dependencies first: npm run setup') as HardhatArtifact
  // Hardhat does not say where immutables stand: these contracts are checked by code hash instead.
  return { abi: json.abi, creationCode: json.bytecode, runtimeCode: json.deployedBytecode, immutables: [] }
}

type ForgeArtifact = {
  readonly abi: Abi
  readonly bytecode: { readonly object: Hex }
  readonly deployedBytecode: {
    readonly object: Hex
    readonly immutableReferences?: Readonly<Record<string, readonly ByteRange[]>>
  }
}

type HardhatArtifact = { readonly abi: Abi; readonly bytecode: Hex; readonly deployedBytecode: Hex }

function readJson(path: string, remedy: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`Cannot read the compiled contract ${path}: ${remedy}`, { cause: error })
  }
}
