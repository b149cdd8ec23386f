// ERC-7677 pm_getPaymasterData: [userOperation, entryPoint, chainId, context?] → signed paymaster fields.
// Clients that have only this method ask it without gas first, and get a stub then.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import { hasGas } from '../requestedOperation.ts'
import type { Sponsorship } from '../sponsorship.ts'
import { parseParameters, type WireSchemas } from './parameters.ts'
import { paymasterFields } from './paymasterFields.ts'
import { toRequest } from './toRequest.ts'

export function pm_getPaymasterData(options: { sponsorship: Sponsorship; schemas: WireSchemas }): RpcMethod {
  const { userOperation, entryPoint, chainId, context } = options.schemas
  return async params => {
    const parsed = parseParameters(params, { userOperation, entryPoint, chainId, context })
    if (!parsed.ok) return parsed
    const request = toRequest(parsed.value.userOperation, parsed.value.context)
    const { sponsorship } = options
    const fields = await (hasGas(request.operation) ? sponsorship.grant(request) : sponsorship.stub(request))
    return fields.ok ? accept(paymasterFields(fields.value)) : fields
  }
}
