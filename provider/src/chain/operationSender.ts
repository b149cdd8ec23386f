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
import { callOffOperation } from './callOffOperation.ts'
import { type OperationFate, operationFate } from './operationFate.ts'
import type { Sender, SendRefusal, Submission } from './sender.ts'
import { sendRefusalOf } from './sendRefusal.ts'
import { createTurns } from './turns.ts'

type Sent = {
  readonly hash: Hex
  readonly lane: bigint
  readonly sentAtBlock: bigint
  /** The last block at which somebody asked for it; undefined: nobody is to have it any more. */
  readonly wantedAtBlock: bigint | undefined
  /** As far as was seen since somebody last asked: it landed, or its bundler dropped it. */
  readonly isOver: boolean
}

/**
 * Operations that can wait at a time: bundlers take four of an account that has no stake. A purpose always takes the same
 * lane, so that after a restart what an earlier life sent for it stands in the way of a second one.
 */
const lanes = 4n
/** Blocks after which an operation that its bundler does not know of is taken for lost. */
const patienceBlocks = 3n
/** Blocks at which nobody asked, after which what still waits is called off. */
const wantedBlocks = 6n
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
  let lookedAtBlock = -1n

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

  /** Once a block: what waits at the bundler for nobody would do too late what was wanted, or do it to another. */
  async function callOffUnwanted(): Promise<void> {
    const { number } = head()
    if (number === lookedAtBlock) return
    lookedAtBlock = number
    for (const [purpose, operation] of [...sent]) {
      const { hash, wantedAtBlock = -wantedBlocks - 1n } = operation
      if (operation.isOver || number - wantedAtBlock <= wantedBlocks) continue
      const { kind } = await operationFate(compute, hash)
      if (kind === 'open') await callOff(purpose, operation)
      // One that is forsaken may come back, by the very reorg that made it so.
      else if (operation.wantedAtBlock !== undefined) sent.set(purpose, { ...operation, isOver: true })
    }
  }

  async function callOff(purpose: string, { hash, ...operation }: Sent): Promise<void> {
    try {
      const empty = await callOffOperation(compute, { hash, contracts })
      sent.delete(purpose)
      // It has the lane while it waits, and needs nobody.
      sent.set(`empty ${empty}`, { ...operation, hash: empty, sentAtBlock: head().number, isOver: true })
      logger.info({ hash, purpose }, 'a user operation that nobody wants any more is called off')
    } catch (error) {
      // It is in a bundle, or its gas cannot be paid: what it does is seen when it has landed.
      logger.debug({ error, hash, purpose }, 'a user operation cannot be called off')
    }
  }

  function forsake(isForsaken: (purpose: string) => boolean): void {
    lookedAtBlock = -1n
    for (const [purpose, operation] of [...sent]) {
      if (!isForsaken(purpose)) continue
      sent.delete(purpose)
      // A reorg may be what made it so, and its bundler gives it back a moment later.
      sent.set(`forsaken ${operation.hash}`, { ...operation, wantedAtBlock: undefined, isOver: false })
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
    if (earlier !== undefined) sent.set(purpose, { ...earlier, wantedAtBlock: head().number, isOver: false })
    await callOffUnwanted()
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
      const { number } = head()
      sent.set(purpose, { hash, lane, sentAtBlock: number, wantedAtBlock: number, isOver: false })
      logger.debug({ hash, purpose }, 'a user operation is on its way')
      return pending
    } catch (error) {
      return { ok: false, refusal: sendRefusalOf(error) }
    }
  }

  return {
    address: account.address,
    forsake: isForsaken =>
      takeTurn(async () => {
        forsake(isForsaken)
        await callOffUnwanted()
      }),
    submit: (purpose, calls, options) => takeTurn(() => goOn(purpose, calls, options?.leastGas)),
  }
}

const pending: Outcome<Submission, SendRefusal> = { ok: true, value: { state: 'pending' } }
