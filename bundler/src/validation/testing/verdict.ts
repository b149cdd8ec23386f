// What two judges are compared by: all of a verdict but where and on which storage it was found.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Horizon } from '../horizon.ts'
import type { Judge } from '../judge.ts'
import type { Rejection } from '../rejection.ts'
import type { UserOperation } from '../validatedOperation.ts'

/** For counting. */
export function kindOf(verdict: Verdict): string {
  if (verdict.ok) return 'accepted'
  return verdict.rule ?? verdict.message.slice(0, 4)
}

export type Verdict =
  | { readonly ok: true }
  | {
      readonly ok: false
      readonly code: number
      readonly message: string
      readonly rule: string | undefined
      readonly entity: string | undefined
      readonly opcode: string | undefined
    }

const horizon: Horizon = { presentSeconds: 0, marginSeconds: 30 }

export async function verdictOf(judge: Judge, userOperation: UserOperation, block: Block): Promise<Verdict> {
  const result = await judge.judge(userOperation, block, horizon)
  if (result.ok) {
    const { verifiedAt, storage, ...validated } = result.value
    return { ok: true, ...validated }
  }
  const { code, message, data } = result.refusal as Rejection
  return { ok: false, code, message, rule: data.rule, entity: data.entity, opcode: data.opcode }
}
