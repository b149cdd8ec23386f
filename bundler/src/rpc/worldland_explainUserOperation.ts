// [userOperation or userOpHash, entryPoint?] → the verdict rule by rule, with who, where and how to mend it.
import type { CallContext, RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Explainer } from '../explanation/explainer.ts'
import { plainExplanation } from '../explanation/plainExplanation.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Turns } from '../turns/turns.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { type PromiseSource, promisedWords, showPromise } from './inclusionPromises.ts'
import { checkCount, parseEntryPoint, parseUserOperationHash } from './parseParameters.ts'
import { parseUserOperation } from './parseUserOperation.ts'

export function worldland_explainUserOperation(options: {
  explainer: Explainer
  turns: Turns
  mempool: Mempool
  promises: PromiseSource | undefined
  chainId: number
  entryPoint: Address
  version: EntryPointVersion
}): RpcMethod {
  const { explainer, mempool, turns, promises, chainId, entryPoint, version } = options
  const explained = (userOperation: UserOperation, context: CallContext): Promise<Result<unknown>> =>
    turns.inTurn({ context, userOperation, kind: 'explanation' }, async () =>
      accept(plainExplanation(await explainer.explain(userOperation))),
    )

  return async (params, context) => {
    const count = checkCount(params, ['userOperation or userOpHash', 'entryPoint'], 1)
    if (!count.ok) return count
    const served = parseEntryPoint(params[1] ?? entryPoint, entryPoint)
    if (!served.ok) return served
    if (typeof params[0] !== 'string') {
      const parsed = parseUserOperation(params[0], 'send', version)
      return parsed.ok ? await explained(parsed.value, context) : parsed
    }
    const hash = parseUserOperationHash(params)
    if (!hash.ok) return hash
    const known = await mempool.find(hash.value)
    if (known === undefined) return accept(null)
    const { validated, state, refusal } = known
    const explanation = await explained(validated.userOperation, context)
    if (!explanation.ok) return explanation
    const promise = await promises?.wait(hash.value, 0)
    return accept({
      ...(explanation.value as object),
      state,
      ...(refusal && { droppedBecause: refusal }),
      ...(promise && { promise: { ...showPromise(promise, chainId), says: promisedWords(promise) } }),
    })
  }
}
