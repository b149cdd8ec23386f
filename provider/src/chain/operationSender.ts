// Sends the provider's calls as user operations of its ComputeAccount, through a bundler, with gas paid in the compute
// token: a provider that holds no native coin.
import type { Call } from '@worldland-aa/sdk/account/call'
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { ComputeClient } from '@worldland-aa/sdk/clients/createComputeClient'
import type { BlockReference } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { type Hex, keccak256, stringToHex } from 'viem'
import type { Outcome } from '../outcome.ts'
import { type OperationFate, operationFate } from './operationFate.ts'
import type { Sender, SendRefusal, Submission } from './sender.ts'
import { sendRefusalOf } from './sendRefusal.ts'
import { createTurns } from './turns.ts'

type Sent = { readonly hash: Hex; readonly lane: bigint; readonly sentAtBlock: bigint }

/**
 * Operations that can wait at a time: bundlers take four of an account that has no stake. A purpose always takes the same
 * lane, so that after a restart what an earlier life sent for it stands in the way of a second one.
 */
const lanes = 4n
/** Blocks after which an operation that its bundler does not know of is taken for lost. */
const patienceBlocks = 3n
/** What the account itself takes around its calls. */
const accountGas = 100_000n
/** Deeper than any reorg. */
const memoryBlocks = 128n

export function createOperationSender(options: {
  readonly compute: ComputeClient
  readonly contracts: ComputeContracts
  readonly head: () => BlockReference
  readonly logger: Logger
}): Sender {
  const { compute, contracts, head, logger } = options
  const { account } = compute
  const takeTurn = createTurns()
  const sent = new Map<string, Sent>()

  async function isLaneTaken(lane: bigint): Promise<boolean> {
    for (const [purpose, operation] of sent) {
      if (operation.lane !== lane) continue
      const fate = await operationFate(compute, operation.hash)
      if (fate.kind === 'open') return true
      if (fate.kind !== 'unknown') continue
      if (head().number - operation.sentAtBlock < patienceBlocks) return true
      sent.delete(purpose)
    }
    return false
  }

  function forgetOld(): void {
    for (const [purpose, { sentAtBlock }] of sent) {
      if (head().number - sentAtBlock > memoryBlocks) sent.delete(purpose)
    }
  }

  function judge(
    purpose: string,
    fate: OperationFate,
    age: bigint,
  ): Outcome<Submission, SendRefusal> | undefined {
    if (fate.kind === 'open') return pending
    if (fate.kind === 'landed') return { ok: true, value: { state: 'landed', blockNumber: fate.blockNumber } }
    // The bundler may just not have heard of its own answer; or a reorg took it, and it waits again.
    if (fate.kind === 'unknown' && age < patienceBlocks) return pending
    sent.delete(purpose)
    return fate.kind === 'undone' ? { ok: false, refusal: fate.refusal } : undefined
  }

  async function goOn(
    purpose: string,
    calls: readonly Call[],
    leastGas: bigint | undefined,
  ): Promise<Outcome<Submission, SendRefusal>> {
    forgetOld()
    const earlier = sent.get(purpose)
    if (earlier !== undefined) {
      const fate = await operationFate(compute, earlier.hash)
      const judged = judge(purpose, fate, head().number - earlier.sentAtBlock)
      if (judged !== undefined) return judged
    }
    const lane = BigInt(keccak256(stringToHex(purpose))) % lanes
    if (await isLaneTaken(lane)) return pending
    try {
      // Until its first operation has deployed it, the account has one lane.
      const nonce = await account.getNonce({ key: (await account.isDeployed()) ? lane : 0n })
      const callGasLimit = leastGas === undefined ? undefined : leastGas + accountGas
      const hash = await sendBatch(compute, { contracts, calls, nonce, callGasLimit })
      sent.set(purpose, { hash, lane, sentAtBlock: head().number })
      logger.debug({ hash, purpose }, 'a user operation is on its way')
      return pending
    } catch (error) {
      return { ok: false, refusal: sendRefusalOf(error) }
    }
  }

  return {
    address: account.address,
    // Bundlers take nothing back, and another operation in its place would have to outbid it.
    async forsake() {},
    submit: (purpose, calls, options) => takeTurn(() => goOn(purpose, calls, options?.leastGas)),
  }
}

const pending: Outcome<Submission, SendRefusal> = { ok: true, value: { state: 'pending' } }
