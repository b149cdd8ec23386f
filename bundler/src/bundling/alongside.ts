// May these go while others are on their way? In one bundle the EntryPoint itself tells that one validation spoils
// another. Between bundles of several executors nobody does, and none knows which lands first: so where two meet in a
// slot that one of them writes, the EntryPoint is asked for both orders before anything is sent.
import type { Block } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { type Address, type Hex, numberToHex, type PublicClient, size } from 'viem'
import { encodeHandleOps } from '../entryPoint/encodeHandleOps.ts'
import type { EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { encodedOperation } from '../estimation/encodedOperation.ts'
import { greater } from '../extremes.ts'
import { validationCaller } from '../validation/tracers/validationOnlyCall.ts'
import type { ValidatedOperation } from '../validation/validatedOperation.ts'
import { authorizationsOf, revertDataOf, wireAuthorization } from './handleOps.ts'
import { createSharedSlots } from './sharedSlots.ts'

export type Alongside = {
  /**
   * Those of the operations that must wait until `inFlight` has landed: beside it either they or it might fail. Throws
   * when the node does not answer.
   */
  mustWait(
    operations: readonly ValidatedOperation[],
    inFlight: readonly ValidatedOperation[],
    head: Block,
  ): Promise<ReadonlySet<ValidatedOperation>>
}

/** So many questions for one bundle; whoever is in doubt then waits for the next block. */
const patience = 8

export function createAlongside(options: {
  client: PublicClient
  entryPoint: Address
  version: EntryPointVersion
  logger: Logger
}): Alongside {
  const { client, entryPoint, version, logger } = options

  /** The first whose validation fails behind those before it; `all` where the EntryPoint names none, and undefined where all pass. */
  async function firstFailing(
    operations: readonly ValidatedOperation[],
    head: Block,
  ): Promise<number | 'all' | undefined> {
    const encoded = operations.map(({ userOperation }) => encodedOperation(userOperation, version).encoded)
    const data = encodeHandleOps(version, [...encoded, version.stopper.encoded], validationCaller)
    const gas = gasOf(operations, size(data))
    // More than a node is sure to run in one call.
    if (gas > head.gasLimit) return 'all'
    const authorizationList = authorizationsOf(operations).map(wireAuthorization)
    const transaction = {
      ...{ from: validationCaller, to: entryPoint, data, gas: numberToHex(gas) },
      ...(authorizationList.length > 0 && { authorizationList }),
    }
    const revertData: Hex = (await revertDataOf(client, [transaction, { blockHash: head.hash }])) ?? '0x'
    if (revertData === version.stopper.revertData) return undefined
    const index = version.failureOf(revertData)?.index
    return index === undefined || index >= operations.length ? 'all' : index
  }

  return {
    async mustWait(operations, inFlight, head) {
      let going = operations.filter(createSharedSlots(inFlight).meets)
      let others = going.length === 0 ? [] : inFlight.filter(createSharedSlots(going).meets)
      const waiting = new Set<ValidatedOperation>()
      const wait = (leaving: readonly ValidatedOperation[]): void => {
        for (const one of leaving) waiting.add(one)
        going = going.filter(one => !waiting.has(one))
      }

      for (let question = 0, isBehind = true; going.length > 0 && others.length > 0; question++) {
        const order = isBehind ? [...others, ...going] : [...going, ...others]
        const failing = question < patience ? await firstFailing(order, head) : 'all'
        if (failing === undefined && !isBehind) break
        const failed = failing === undefined || failing === 'all' ? undefined : order[failing]
        if (failing === undefined) isBehind = false
        else if (failed === undefined) wait(going)
        else if (going.includes(failed)) wait([failed])
        // It fails with nothing of this bundle before it.
        else if (isBehind) others = others.filter(one => one !== failed)
        else {
          const spoilers = going.filter(createSharedSlots([failed]).meets)
          wait(spoilers.length > 0 ? spoilers : going)
        }
      }
      if (waiting.size > 0) {
        const userOperationHashes = [...waiting].map(({ userOperationHash }) => userOperationHash)
        logger.info(
          { userOperationHashes, beside: others.length },
          'operations wait for others that are on their way and share storage with them',
        )
      }
      return waiting
    },
  }
}

/** What their validations took, a quarter more for other orders, and the limits of the last in full. */
function gasOf(operations: readonly ValidatedOperation[], bytes: number): bigint {
  let used = 0n
  let largest = 0n
  for (const { verificationGasUsed, userOperation } of operations) {
    const { verificationGasLimit, paymasterVerificationGasLimit = 0n } = userOperation
    used += verificationGasUsed
    // Deployment, account and, in v0.6, paymaster get it each.
    largest = greater(largest, 3n * verificationGasLimit + paymasterVerificationGasLimit)
  }
  return (used * 5n) / 4n + (largest * 65n) / 64n + 200_000n + 40n * BigInt(bytes)
}
