// ERC-7769 eth_sendUserOperation: [userOperation, entryPoint] → userOpHash, once it is on the disk.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept, refuse } from '@worldland-aa/service/result'
import type { Address } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Turn, Turns } from '../turns/turns.ts'
import type { Validation } from '../validation/validation.ts'
import { behindAnother } from './behindAnother.ts'
import { checkCount, parseEntryPoint } from './parseParameters.ts'
import { parseUserOperation } from './parseUserOperation.ts'

export function eth_sendUserOperation(options: {
  validation: Validation
  mempool: Mempool
  turns: Turns
  entryPoint: Address
  version: EntryPointVersion
  chainId: number
}): RpcMethod {
  const { validation, mempool, turns, entryPoint, version, chainId } = options
  return async (params, context) => {
    const count = checkCount(params, ['userOperation', 'entryPoint'])
    if (!count.ok) return count
    const served = parseEntryPoint(params[1], entryPoint)
    if (!served.ok) return served
    const parsed = parseUserOperation(params[0], 'send', version)
    if (!parsed.ok) return parsed
    const hash = version.hash(parsed.value, { chainId, entryPoint })
    // Sent again, as clients do after a lost answer: it is in already.
    if (mempool.get(hash)?.validated.userOperation.signature === parsed.value.signature) return accept(hash)
    const turn: Turn = { context, userOperation: parsed.value, kind: 'validation' }
    const validated = await turns.inTurn(turn, () => validation.validate(parsed.value))
    if (!validated.ok) return refuse(behindAnother(validated.refusal, parsed.value, mempool))
    const added = await mempool.add(validated.value)
    if (!added.ok) turns.unpaid(turn)
    return added
  }
}
