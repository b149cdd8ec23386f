// The deployment's addresses, as `npm run deploy -- --output` writes them, or within a devnet.json.
import { readFileSync } from 'node:fs'
import { isAddress } from 'viem'
import type { ComputeContracts } from '../../chains/computeContracts.ts'
import { fileProblem } from './fileProblem.ts'
import { SettingError } from './settingError.ts'

export type ContractsFile = {
  readonly contracts: ComputeContracts
  readonly rpcUrl: string | undefined
  readonly bundlerUrl: string | undefined
}

/** Those that renting calls: a deployment may lack the others. */
const needed = [
  'token',
  'providerRegistry',
  'offerBook',
  'instanceLease',
  'paymaster',
  'computeAccountFactory',
] as const

export function readContractsFile(path: string): ContractsFile {
  const file = readObject(path)
  const contracts = (file.contracts ?? file) as Record<string, unknown>
  for (const name of needed) {
    if (typeof contracts[name] !== 'string' || !isAddress(contracts[name], { strict: false })) {
      throw new SettingError(`The file ${path} has no address of ${name}: give what npm run deploy wrote.`)
    }
  }
  return {
    contracts: contracts as unknown as ComputeContracts,
    rpcUrl: textOf(file.rpcUrl),
    bundlerUrl: textOf(file.bundlerUrl),
  }
}

function readObject(path: string): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (typeof read === 'object' && read !== null) return read as Record<string, unknown>
  } catch (error) {
    throw new SettingError(`${fileProblem(path, error)} Give what npm run deploy wrote.`)
  }
  throw new SettingError(`The file ${path} holds no JSON object.`)
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
