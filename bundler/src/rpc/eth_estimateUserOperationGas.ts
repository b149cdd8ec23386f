// ERC-7769 eth_estimateUserOperationGas: [userOperation, entryPoint, stateOverride?] → gas limits in hex.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { type Address, numberToHex } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Estimation } from '../estimation/estimation.ts'
import type { Turns } from '../turns/turns.ts'
import { checkCount, parseEntryPoint, parseStateOverride } from './parseParameters.ts'
import { parseUserOperation } from './parseUserOperation.ts'

export function eth_estimateUserOperationGas(options: {
  estimation: Estimation
  turns: Turns
  entryPoint: Address
  version: EntryPointVersion
}): RpcMethod {
  return async (params, context) => {
    const count = checkCount(params, ['userOperation', 'entryPoint', 'stateOverride'], 1)
    if (!count.ok) return count
    const served = parseEntryPoint(params[1], options.entryPoint)
    if (!served.ok) return served
    const parsed = parseUserOperation(params[0], 'estimate', options.version)
    if (!parsed.ok) return parsed
    const stateOverride = parseStateOverride(params[2])
    if (!stateOverride.ok) return stateOverride
    const userOperation = parsed.value
    const estimate = await options.turns.inTurn({ context, userOperation, kind: 'estimate' }, () =>
      options.estimation.estimate(userOperation, stateOverride.value),
    )
    if (!estimate.ok) return estimate
    return accept(
      Object.fromEntries(Object.entries(estimate.value).map(([field, gas]) => [field, numberToHex(gas)])),
    )
  }
}
