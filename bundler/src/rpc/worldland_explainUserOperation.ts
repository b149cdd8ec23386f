// [userOperation or userOpHash, entryPoint?] → the verdict rule by rule, with who, where and how to mend it.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Explainer } from '../explanation/explainer.ts'
import { plainExplanation } from '../explanation/plainExplanation.ts'
import type { Mempool } from '../mempool/mempool.ts'
import { checkCount, parseEntryPoint, parseUserOperationHash } from './parseParameters.ts'
import { parseUserOperation } from './parseUserOperation.ts'

export function worldland_explainUserOperation(options: {
  explainer: Explainer
  mempool: Mempool
  entryPoint: Address
  version: EntryPointVersion
}): RpcMethod {
  const { explainer, mempool, entryPoint, version } = options
  return async params => {
    const count = checkCount(params, ['userOperation or userOpHash', 'entryPoint'], 1)
    if (!count.ok) return count
    const served = parseEntryPoint(params[1] ?? entryPoint, entryPoint)
    if (!served.ok) return served
    if (typeof params[0] !== 'string') {
      const parsed = parseUserOperation(params[0], 'send', version)
      return parsed.ok ? accept(plainExplanation(await explainer.explain(parsed.value))) : parsed
    }
    const hash = parseUserOperationHash(params)
    if (!hash.ok) return hash
    const known = await mempool.find(hash.value)
    if (known === undefined) return accept(null)
    const { validated, state, refusal } = known
    const explanation = plainExplanation(await explainer.explain(validated.userOperation)) as object
    return accept({ ...explanation, state, ...(refusal && { droppedBecause: refusal }) })
  }
}
