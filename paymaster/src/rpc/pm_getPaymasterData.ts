// ERC-7677 pm_getPaymasterData: [userOperation, entryPoint, chainId, context?] → signed paymaster fields.
// viem (given this method alone) and Biconomy's client ask it once, before there is any gas, and send what it answers:
// the gas that was signed over goes with it.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { GasEstimator } from '../pricing/estimateGas.ts'
import { hasGas } from '../requestedOperation.ts'
import type { Sponsorship } from '../sponsorship.ts'
import { grantWithGas } from './grantWithGas.ts'
import { invalid, parseParameters, type WireSchemas } from './parameters.ts'
import { paymasterFields } from './paymasterFields.ts'
import type { TellTokenPayment } from './tokenPayment.ts'
import { toRequest } from './toRequest.ts'

export function pm_getPaymasterData(options: {
  sponsorship: Sponsorship
  estimateGas: GasEstimator
  tellTokenPayment: TellTokenPayment
  schemas: WireSchemas
}): RpcMethod {
  const { userOperation, entryPoint, chainId, context } = options.schemas
  return async (params, call) => {
    const parsed = parseParameters(params, { userOperation, entryPoint, chainId, context })
    if (!parsed.ok) return parsed
    const request = toRequest(parsed.value, call)
    if (!hasGas(request.operation)) {
      if (request.operation.maxFeePerGas > 0n) return await grantWithGas(request, options)
      return invalid(
        'userOperation.maxFeePerGas',
        'is missing: it is signed over, and so is the gas; ask pm_getPaymasterStubData while they are not known',
      )
    }
    const fields = await options.sponsorship.grant(request)
    if (!fields.ok) return fields
    return accept({ ...paymasterFields(fields.value), ...options.tellTokenPayment(fields.value) })
  }
}
