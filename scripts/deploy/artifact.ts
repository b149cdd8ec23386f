// Reads compiled contracts: ours from contracts/artifacts, the EntryPoint and the SimpleAccount factory
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

/** `ComputeToken` → contracts/artifacts/ComputeToken.json. */
export function readOurArtifact(contract: string): Artifact {
  const path = join(workspaceRoot, 'contracts', 'artifacts', `${contract}.json`)
  const json = readJson(path, 'compile the contracts: npm run artifacts') as OurArtifact
  const { abi, bytecode, deployedBytecode, immutables } = json
  return { abi, creationCode: bytecode, runtimeCode: deployedBytecode, immutables }
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

type HardhatArtifact = { readonly abi: Abi; readonly bytecode: Hex; readonly deployedBytecode: Hex }

/** As scripts/contractArtifacts.mjs writes it. */
type OurArtifact = HardhatArtifact & { readonly immutables: readonly ByteRange[] }

function readJson(path: string, remedy: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new Error(`Cannot read the compiled contract ${path}: ${remedy}`, { cause: error })
  }
}
