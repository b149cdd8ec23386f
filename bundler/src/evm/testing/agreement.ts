// Runs a message on both EVMs and compares all that can be seen of it.

import { deepStrictEqual } from 'node:assert'
import type { Address } from 'viem'
import { type ExecutionResult, execute } from '../evm.ts'
import { intrinsicGas } from '../intrinsicGas.ts'
import { rulesOf } from '../rules.ts'
import { type OracleRequest, type PlainAccount, runOracle } from './oracle.ts'
import type { World } from './world.ts'

export async function expectAgreement(request: OracleRequest): Promise<ExecutionResult> {
  const { world, message, fork } = request
  const result = execute({ state: world, block: request.block, fork, message })
  const oracle = await runOracle(request)
  const intrinsic = intrinsicGas(rulesOf(fork, false), message.data, message.to === undefined)
  const rawGas = oracle.executionGas + BigInt(intrinsic.gas)
  const refund = oracle.success ? min(oracle.gasRefund, rawGas / 5n) : 0n
  const gasUsed = max(rawGas - refund, BigInt(intrinsic.floor))
  const context = `${result.error} and ${oracle.error}`
  deepStrictEqual(
    { context, success: result.success, output: result.output, gasUsed: result.gasUsed, logs: result.logs },
    { context, success: oracle.success, output: oracle.output, gasUsed, logs: oracle.logs },
  )
  if (result.success) deepStrictEqual(accountsAfter(world, result), oracle.accounts)
  return result
}

function accountsAfter(world: World, result: ExecutionResult): Map<Address, PlainAccount> {
  const accounts = new Map<Address, PlainAccount>()
  for (const address of new Set([...world.accounts.keys(), ...result.changes.keys()])) {
    const change = result.changes.get(address)
    const code = change?.code ?? world.code(address)
    const balance = change?.balance ?? world.balance(address)
    const nonce = change?.nonce ?? world.nonce(address)
    if (change?.destroyed || (balance === 0n && nonce === 0n && code.length === 0)) continue
    const storage = new Map([...(world.accounts.get(address)?.storage ?? []), ...(change?.storage ?? [])])
    for (const [slot, value] of storage) if (value === 0n) storage.delete(slot)
    accounts.set(address, { balance, nonce, codeHash: code.hash, storage })
  }
  return accounts
}

function min(one: bigint, other: bigint): bigint {
  return one < other ? one : other
}

function max(one: bigint, other: bigint): bigint {
  return one > other ? one : other
}
