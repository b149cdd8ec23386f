// ERC-7769 eth_sendUserOperation: [userOperation, entryPoint] → userOpHash, once it is on the disk.
import type { RpcMethod } from '@worldland-aa/service/jsonRpc/protocol'
import { accept, type Result, refuse } from '@worldland-aa/service/result'
import type { Address, Hash } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Turn, Turns } from '../turns/turns.ts'
import type { HeadSource } from '../validation/headSource.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { Validation } from '../validation/validation.ts'
import { behindAnother } from './behindAnother.ts'
import { checkCount, parseEntryPoint } from './parseParameters.ts'
import { parseUserOperation } from './parseUserOperation.ts'

export function eth_sendUserOperation(options: {
  chain: HeadSource
  validation: Validation
  mempool: Mempool
  turns: Turns
  entryPoint: Address
  version: EntryPointVersion
  chainId: number
}): RpcMethod {
  const { chain, validation, mempool, turns, entryPoint, version, chainId } = options

  async function validate(turn: Turn): Promise<Result<ValidatedOperation>> {
    const { userOperation } = turn
    const verdict = await turns.inTurn(turn, () => validation.validate(userOperation))
    return verdict.ok ? verdict : refuse(behindAnother(verdict.refusal, userOperation, mempool))
  }

  async function add(turn: Turn, validated: ValidatedOperation): Promise<Result<Hash>> {
    // In already, under another signature: one operation pays for one validation.
    const isKnown = mempool.get(validated.userOperationHash) !== undefined
    const added = await mempool.add(validated)
    if (!added.ok || isKnown) turns.unpaid(turn)
    return added
  }

  async function enter(turn: Turn): Promise<Result<Hash>> {
    const validated = await validate(turn)
    if (!validated.ok) return validated
    const added = await add(turn, validated.value)
    if (added.ok) return added
    // A stake, a deposit or a landing may be in a block that came since: no refusal but at the newest one.
    await chain.poll()
    if (chain.head().hash === validated.value.verifiedAt.hash) return added
    const again = await validate(turn)
    return again.ok ? await add(turn, again.value) : again
  }

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
    return await enter({ context, userOperation: parsed.value, kind: 'validation' })
  }
}
