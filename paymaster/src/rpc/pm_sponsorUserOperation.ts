// Pimlico's pm_sponsorUserOperation: [userOperation, entryPoint, context?] → gas, estimated by a bundler
// where the caller gives none, and signed paymaster fields.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import type { GasEstimator } from '../pricing/estimateGas.ts'
import type { Sponsorship } from '../sponsorship.ts'
import { grantWithGas } from './grantWithGas.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'
import type { TellTokenPayment } from './tokenPayment.ts'
import { toRequest } from './toRequest.ts'

export function pm_sponsorUserOperation(options: {
  sponsorship: Sponsorship
  estimateGas: GasEstimator
  tellTokenPayment: TellTokenPayment
  schemas: WireSchemas
}): RpcMethod {
  const { userOperation, entryPoint, context } = options.schemas
  return async (params, call) => {
    const parsed = parseParameters(params, { userOperation, entryPoint, context })
    if (!parsed.ok) return parsed
    return await grantWithGas(toRequest(parsed.value, call), options)
  }
}
