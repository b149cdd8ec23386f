// What becomes of an operation that will not do in a bundle, and of the record of whoever is to blame.
import { rejectionCode } from '@worldland-aa/sdk/protocol/rejectionCode'
import type { Block, BlockReference } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import type { Refusal } from '@worldland-aa/service/result'
import type { Address, PublicClient } from 'viem'
import type { Mempool } from '../mempool/mempool.ts'
import { recordedEntities } from '../reputation/recordedEntities.ts'
import type { Reputation } from '../reputation/reputation.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import type { Attribution } from './attribution.ts'
import {
  blamedFor,
  contextChanger,
  mayBeSendersDoing,
  recordCrash,
  recordFailure,
  refusalOf,
  timeCodes,
} from './blame.ts'
import type { Branch } from './branch.ts'
import type { CallBlock, Simulation } from './handleOps.ts'
import { isAheadOfNonce } from './isAheadOfNonce.ts'
import type { Setbacks } from './setbacks.ts'

/** What was found out at a `head` that is the head no more ends nothing and blames nobody: the operation waits a block. */
export type Culprits = {
  /** Ends one that second validation, or the EntryPoint after a block has come, does not take any more. */
  reject(validated: ValidatedOperation, refusal: Refusal, head: Block): Promise<void>
  /** Ends one that made a bundle revert on chain; the blamed, if anybody. */
  crash(validated: ValidatedOperation, refusal: Refusal, at: BlockReference): Promise<Address | undefined>
  /** Of a bundle that reverted on chain, though after its block the EntryPoint would take it. */
  unexplained(operations: readonly ValidatedOperation[], at: BlockReference): Promise<void>
  /** One on account of which the EntryPoint takes neither the bundle nor it alone. */
  failsAlone(validated: ValidatedOperation, alone: Simulation, head: Block): Promise<void>
  /** One that the EntryPoint takes alone, yet not at `index` of the bundle, for all the gas there is: `together`. */
  failsInCompany(
    validated: ValidatedOperation,
    index: number,
    together: Simulation,
    head: Block,
  ): Promise<void>
}

/** Money that others used up, and a nonce: no sign of a validation that knows that it is being bundled. */
const innocentCodes = new Set([...timeCodes, 'AA10', 'AA21', 'AA25', 'AA31'])

const revertsAgain: Refusal = {
  code: rejectionCode.entryPoint,
  message:
    'it makes handleOps revert in every block that it is sent in, though it is valid before and after: something it depends on changes back and forth; send it again when that is over',
}

export function createCulprits(options: {
  client: PublicClient
  branch: Branch
  attribution: Attribution
  reputation: Reputation
  mempool: Mempool
  setbacks: Setbacks
  logger: Logger
}): Culprits {
  const { client, branch, attribution, reputation, mempool, setbacks, logger } = options

  async function isSendersDoing(
    validated: ValidatedOperation,
    refusal: Refusal,
    at: CallBlock,
  ): Promise<boolean | undefined> {
    if (!mayBeSendersDoing(refusal, validated)) return false
    return await attribution.isSendersDoing(validated, at)
  }

  function counts({ userOperationHash }: ValidatedOperation, head: Block): boolean {
    const isJudged = branch.judges(head)
    if (!isJudged) setbacks.untilNextBlock(userOperationHash, head.number)
    return isJudged
  }

  async function reject(validated: ValidatedOperation, refusal: Refusal, head: Block): Promise<void> {
    const sendersDoing = await isSendersDoing(validated, refusal, { blockHash: head.hash })
    const isAhead = refusal.message.startsWith('AA25') && (await isAheadOfNonce(client, validated, head))
    if (!counts(validated, head)) return
    if (isAhead) return setbacks.postpone(validated.userOperationHash, head.number)
    recordFailure(reputation, validated, refusal, sendersDoing)
    await mempool.drop(validated.userOperationHash, refusal, head.number)
  }

  async function ban(validated: ValidatedOperation, refusal: Refusal, head: Block): Promise<void> {
    const blamed = recordCrash(reputation, validated, refusal)
    const { userOperationHash } = validated
    logger.warn(
      { userOperationHash, blamed, reason: refusal.message },
      'an entity fails in a bundle what it passed in validation',
    )
    await mempool.drop(userOperationHash, refusal, head.number)
  }

  /** Second validation passed on the very state on which the EntryPoint refuses: nothing but the bundle differs. */
  function isDetection({ verifiedAt }: ValidatedOperation, simulation: Simulation, head: Block): boolean {
    if (simulation.kind !== 'failed' || verifiedAt.hash !== head.hash) return false
    return /^AA[123]/.test(simulation.reason) && !timeCodes.has(simulation.reason.slice(0, 4))
  }

  return {
    reject,
    async crash(validated, refusal, at) {
      const sendersDoing = await isSendersDoing(validated, refusal, { blockHash: at.hash })
      await mempool.drop(validated.userOperationHash, refusal, at.number)
      // Where the node cannot tell, nobody is banned; nor is a paymaster for a block that came late.
      const isLate = timeCodes.has(refusal.message.slice(0, 4)) && refusal.message.startsWith('AA3')
      if (sendersDoing !== undefined && !isLate)
        return recordCrash(reputation, validated, refusal, sendersDoing)
      if (isLate) recordFailure(reputation, validated, refusal)
      return undefined
    },
    async unexplained(operations, at) {
      const [first, ...others] = operations
      if (first === undefined) return
      // Whoever it is, he spoils no bundle but his own from now on; and not twice.
      if (others.length > 0 || !setbacks.isApart(first.userOperationHash)) {
        for (const { userOperationHash } of operations) setbacks.keepApart(userOperationHash)
        return
      }
      const { sender } = first.entities
      reputation.within(first.mempools).spoilt(sender.address)
      await mempool.drop(first.userOperationHash, revertsAgain, at.number)
    },
    async failsAlone(validated, alone, head) {
      const reason = alone.kind === 'success' ? undefined : alone.reason
      const refusal = refusalOf(reason ?? 'handleOps reverts without a reason', validated)
      if (!counts(validated, head)) return
      if (isDetection(validated, alone, head)) await ban(validated, refusal, head)
      else await reject(validated, refusal, head)
    },
    async failsInCompany(validated, index, together, head) {
      if (!counts(validated, head)) return
      setbacks.keepApart(validated.userOperationHash)
      // ERC-7562 [EREP-055]
      const changer = contextChanger(validated)
      if (changer !== undefined) reputation.within(validated.mempools).crashed(changer.address)
      if (together.kind !== 'failed' || together.index !== index) return
      if (innocentCodes.has(together.reason.slice(0, 4))) return
      if (!isDetection(validated, together, head)) return
      // ERC-7562 [GREP-040] Validations must not depend on each other; who is accountable for one that does is banned.
      const refusal = refusalOf(together.reason, validated)
      const blamed = blamedFor(refusal, validated)
      if (blamed !== undefined && recordedEntities(validated).includes(blamed.address)) {
        await ban(validated, refusal, head)
      }
    },
  }
}
