// The folder a bundler lives in: its keys, each made once and never written over, and what `start` reads.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exitCodes } from '@worldland-aa/service/cli/exitCodes'
import { openFileProblem } from '@worldland-aa/service/config/privateFile'
import { writeNewPrivateFile } from '@worldland-aa/service/files/durableFile'
import { type PrivateKey, parseKeys } from '@worldland-aa/service/keys/parsePrivateKeys'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import { generatePrivateKey } from 'viem/accounts'

export type Household = {
  readonly folder: string
  /** Owns the registration: pays the stake, and gets it back. */
  readonly operator: PrivateKey
  /** The libp2p identity, which signs promises. */
  readonly node: PrivateKey
  readonly executors: readonly PrivateKey[]
}

export const householdFiles = {
  operator: 'operator.key',
  node: 'node.key',
  executors: 'executors.txt',
  configuration: 'bundler.json',
  data: 'bundler.sqlite',
  firstOperation: 'first-operation.txt',
} as const

/** Makes what is missing. Files that were there before stay, whatever `executorCount` says. */
export function openHousehold(folder: string, executorCount: number): Result<Household> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const operator = keysIn(join(folder, householdFiles.operator), 1)
  if (!operator.ok) return operator
  const node = keysIn(join(folder, householdFiles.node), 1)
  if (!node.ok) return node
  const executors = keysIn(join(folder, householdFiles.executors), executorCount)
  if (!executors.ok) return executors
  return accept({
    folder,
    operator: operator.value[0] as PrivateKey,
    node: node.value[0] as PrivateKey,
    executors: executors.value,
  })
}

function keysIn(path: string, count: number): Result<readonly PrivateKey[]> {
  if (!existsSync(path)) {
    const keys = Array.from({ length: count }, generatePrivateKey)
    writeNewPrivateFile(path, keys.map(key => `${key}\n`).join(''))
  }
  const open = openFileProblem(path)
  if (open !== undefined) return refuse({ code: exitCodes.configuration, message: open })
  const keys = parseKeys(readFileSync(path, 'utf8'))
  return keys.ok ? keys : refuse({ ...keys.refusal, message: `${path}: ${keys.refusal.message}` })
}

/** Whether the first operation has landed, in this run or an earlier one. */
export function hasFirstOperation(folder: string): boolean {
  return existsSync(join(folder, householdFiles.firstOperation))
}

export function noteFirstOperation(folder: string, userOperationHash: Hash): void {
  writeFileSync(join(folder, householdFiles.firstOperation), `${userOperationHash}\n`)
}

/** What `start --config` reads. One that is there is the operator's own by now, and stays. */
export function writeConfiguration(folder: string, settings: object): { path: string; isNew: boolean } {
  const path = join(folder, householdFiles.configuration)
  if (existsSync(path)) return { path, isNew: false }
  writeFileSync(path, `${JSON.stringify(settings, undefined, 2)}\n`, { mode: 0o600 })
  return { path, isNew: true }
}
