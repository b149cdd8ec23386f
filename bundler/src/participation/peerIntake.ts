// Operations that peers bring go the way of all others: validated at the head, under the limits of the mempool. What
// nobody honest would have passed on is told from what only this node, or only now, does not take.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Refusal } from '@worldland-aa/service/result'
import type { Hash } from 'viem'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { operationHash } from '../entryPoint/operationHash.ts'
import type { Mempool } from '../mempool/mempool.ts'
import type { Turn, Turns } from '../turns/turns.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import type { Validation } from '../validation/validation.ts'
import type { Verdict } from './gossip/messages.ts'

export type PeerIntake = {
  /** `caller`: whose share of the time for validation it takes. */
  onOperation(userOperation: UserOperation, caller: string): Promise<Verdict>
  /** Whether it is a peer that is bringing this one right now. */
  isBringing(hash: Hash): boolean
}

/** It breaks a rule that is the same everywhere, and does not hang on the block. */
const faults = new Set<number>([rejectionCode.opcode, rejectionCode.signature, rejectionCode.aggregator])

export function createPeerIntake(options: {
  readonly mempool: Pick<Mempool, 'get' | 'add'>
  readonly validation: Pick<Validation, 'validate'>
  readonly turns: Turns
  readonly version: EntryPointVersion
  readonly domain: Parameters<EntryPointVersion['hash']>[1]
  /** Aborted when the node stops. */
  readonly signal: AbortSignal
}): PeerIntake {
  const { mempool, validation, turns, signal } = options
  const bringing = new Map<Hash, number>()

  async function enter(userOperation: UserOperation, caller: string): Promise<Verdict> {
    const turn: Turn = { context: { caller, signal }, userOperation, kind: 'validation' }
    const validated = await turns.inTurn(turn, () => validation.validate(userOperation))
    if (!validated.ok) return verdictOn(validated.refusal)
    const added = await mempool.add(validated.value)
    if (!added.ok) turns.unpaid(turn)
    return added.ok ? 'accept' : 'ignore'
  }

  return {
    async onOperation(userOperation, caller) {
      const hash = operationHash(userOperation, options.version, options.domain)
      if (mempool.get(hash) !== undefined) return 'accept'
      bringing.set(hash, (bringing.get(hash) ?? 0) + 1)
      try {
        return await enter(userOperation, caller)
      } finally {
        const left = (bringing.get(hash) ?? 1) - 1
        if (left === 0) bringing.delete(hash)
        else bringing.set(hash, left)
      }
    },
    isBringing: hash => bringing.has(hash),
  }
}

function verdictOn({ code }: Refusal): Verdict {
  return faults.has(code) ? 'reject' : 'ignore'
}
