// ERC-7677 pm_getPaymasterStubData: [userOperation, entryPoint, chainId, context?] → fields to estimate gas with.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Sponsorship } from '../sponsorship.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'
import { paymasterFields } from './paymasterFields.ts'
import { toRequest } from './toRequest.ts'

export function pm_getPaymasterStubData(options: {
  sponsorship: Sponsorship
  schemas: WireSchemas
}): RpcMethod {
  const { userOperation, entryPoint, chainId, context } = options.schemas
  return async (params, call) => {
    const parsed = parseParameters(params, { userOperation, entryPoint, chainId, context })
    if (!parsed.ok) return parsed
    const stub = await options.sponsorship.stub(toRequest(parsed.value, call))
    if (!stub.ok) return stub
    const { sponsor } = stub.value
    return accept({ ...paymasterFields(stub.value), ...(sponsor === undefined ? {} : { sponsor }) })
  }
}
