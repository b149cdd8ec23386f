// Pimlico's pm_sponsorUserOperation: [userOperation, entryPoint, context?] → gas, estimated by a bundler
// where the caller gives none, and signed paymaster fields.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { numberToHex } from 'viem'
import type { GasEstimator } from '../pricing/estimateGas.ts'
import { hasGas } from '../requestedOperation.ts'
import type { Sponsorship } from '../sponsorship.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'
import { paymasterFields } from './paymasterFields.ts'
import { toRequest } from './toRequest.ts'

export function pm_sponsorUserOperation(options: {
  sponsorship: Sponsorship
  estimateGas: GasEstimator
  schemas: WireSchemas
}): RpcMethod {
  const { sponsorship, estimateGas } = options
  const { userOperation, entryPoint, context } = options.schemas
  return async params => {
    const parsed = parseParameters(params, { userOperation, entryPoint, context })
    if (!parsed.ok) return parsed
    let request = toRequest(parsed.value.userOperation, parsed.value.context)
    if (!hasGas(request.operation) || request.operation.callGasLimit === 0n) {
      const stub = await sponsorship.stub(request)
      if (!stub.ok) return stub
      const estimated = await estimateGas(request.operation, stub.value)
      if (!estimated.ok) return estimated
      request = { ...request, operation: { ...request.operation, ...estimated.value } }
    }
    const { callGasLimit, verificationGasLimit, preVerificationGas } = request.operation
    const granted = await sponsorship.grant(request)
    if (!granted.ok) return granted
    return accept({
      ...paymasterFields(granted.value),
      callGasLimit: numberToHex(callGasLimit),
      verificationGasLimit: numberToHex(verificationGasLimit),
      preVerificationGas: numberToHex(preVerificationGas),
    })
  }
}
