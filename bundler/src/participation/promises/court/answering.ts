// What a bundler does so as never to be fined, though users and base fee may turn against it: what cannot land any more it
// shows to the court in time, and every challenge it answers. What it knows of challenges is on the chain, and nowhere else.

import * as promiseCourt from '@worldland-aa/sdk/abi/promiseCourt'
import type { InclusionPromise } from '@worldland-aa/sdk/protocol/bundling'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Logger } from '@worldland-aa/service/logger'
import { createOutageLog } from '@worldland-aa/service/outageLog'
import { encodeFunctionData, type Hash, type Hex } from 'viem'
import { toPackedUserOperation } from 'viem/account-abstraction'
import type { Simulation } from '../../../bundling/handleOps.ts'
import type { Mempool } from '../../../mempool/mempool.ts'
import type { ValidatedOperation } from '../../../validation/validatedOperation.ts'
import type { OperatorAccount } from '../../registry/operatorAccount.ts'
import type { Simulate } from '../excuses.ts'
import type { Following } from '../following.ts'
import type { PromiseMetrics } from '../metrics.ts'
import type { PromiseNetwork } from '../promiseNetwork.ts'
import type { KnownPromise } from '../promiseStore.ts'
import type { Challenge, Court, CourtLog } from './courtLog.ts'
import type { CourtWord } from './courtWord.ts'

export type AnsweringOptions = {
  readonly log: CourtLog
  readonly word: CourtWord
  readonly network: PromiseNetwork
  /** Undefined: this node can answer only by landing late. */
  readonly operator: Pick<OperatorAccount, 'address' | 'send'> | undefined
  readonly mempool: Pick<Mempool, 'get' | 'find'>
  readonly following: Pick<Following, 'of' | 'all' | 'excuse'>
  readonly simulate: Simulate
  readonly baseFeePerGas: () => bigint
  readonly metrics: Pick<PromiseMetrics, 'challenges'>
  readonly logger: Logger
}

export type Answering = {
  onChainUpdate(update: ChainUpdate): Promise<void>
  /** Challenges that are not answered yet. */
  pending(): readonly Challenge[]
}

/** Blocks before a promise's own from which on the court is told what keeps it from being kept. */
const warningBlocks = 3n
/** Blocks before an answer is due from which on nothing in flight is waited for. */
const hasteBlocks = 4n

export function createAnswering(options: AnsweringOptions): Answering {
  const { network, operator, mempool, following, metrics, logger } = options
  const outage = createOutageLog(logger)
  const challenges = new Map<Hash, Challenge>()

  function court(): Court | undefined {
    const terms = network.terms()
    const bundlerId = network.ownId()
    if (terms === undefined || bundlerId === undefined) return undefined
    return { address: terms.court, bundlerId, answerBlocks: terms.answerBlocks }
  }

  async function send(to: Court, data: Hex, what: object): Promise<void> {
    if (operator === undefined) {
      logger.warn(what, 'the court is to be told of a promise, and there is no --operator-key-file to do so')
      return
    }
    const transactionHash = await operator.send({ to: to.address, data })
    logger.info({ ...what, transactionHash }, 'the court is told of a promise')
  }

  async function attempt(to: Court, promise: InclusionPromise, validated: ValidatedOperation): Promise<void> {
    const operation = toPackedUserOperation(validated.userOperation)
    const args = [promise, operation, operator?.address ?? to.address] as const
    const data = encodeFunctionData({ abi: [promiseCourt.attempt], functionName: 'attempt', args })
    await send(to, data, { userOpHash: promise.userOpHash, deed: 'attempt' })
  }

  function ownPromiseOf(hash: Hash): KnownPromise | undefined {
    return following.of(hash).find(({ isOwn }) => isOwn)
  }

  function end({ promiseHash, promise }: Challenge, outcome: string): void {
    challenges.delete(promiseHash)
    metrics.challenges.inc({ outcome })
    const details = { userOpHash: promise.userOpHash, outcome }
    if (outcome === 'fined' || outcome === 'unanswered')
      logger.error(details, 'a promise of this node costs stake')
    else logger.info(details, 'a challenge is over')
  }

  async function answer(to: Court, challenge: Challenge, head: Block): Promise<void> {
    const { promise, answerBlock } = challenge
    const own = ownPromiseOf(promise.userOpHash)
    const outcome = await options.word.on({ promise, court: to.address }, head.hash)
    if (outcome === 'excused' && own !== undefined) await following.excuse(own)
    if (outcome !== undefined) return end(challenge, outcome)
    // Landed, or its nonce used: anyone may conclude, and nothing is lost.
    if (own !== undefined && (own.state === 'kept' || own.state === 'late')) return end(challenge, 'landed')
    if (head.number >= answerBlock) return end(challenge, 'unanswered')
    const isUnderWay = mempool.get(promise.userOpHash)?.state === 'submitted'
    if (isUnderWay && answerBlock - head.number > hasteBlocks) return
    const known = await mempool.find(promise.userOpHash)
    if (known === undefined)
      logger.error(promise, 'a promise is challenged whose operation is not on the disk')
    else await attempt(to, promise, known.validated)
  }

  /** Time that is over, and a base fee above the bound, excuse only as long as the promise's block has not passed. */
  async function forestall(to: Court, promise: InclusionPromise, head: Block): Promise<void> {
    const { userOpHash, maxBaseFeePerGas } = promise
    const isTold = async () =>
      (await options.word.on({ promise, court: to.address }, head.hash)) !== undefined
    if (options.baseFeePerGas() > maxBaseFeePerGas) {
      if (await isTold()) return
      const noted = { abi: [promiseCourt.noteBaseFee], functionName: 'noteBaseFee', args: [promise] } as const
      return await send(to, encodeFunctionData(noted), { userOpHash, deed: 'noteBaseFee' })
    }
    const validated = (await mempool.find(userOpHash))?.validated
    if (validated === undefined || (validated.validUntil === 0 && validated.validBlocks === undefined)) return
    if (isOutOfTime(await options.simulate(validated)) && !(await isTold()))
      await attempt(to, promise, validated)
  }

  /** One that cannot be told of keeps no other from being. */
  async function tried(promise: InclusionPromise, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      logger.warn(
        { error, ...promise },
        'the court could not be told of a promise; it is tried again at the next block',
      )
    }
  }

  return {
    pending: () => [...challenges.values()],
    async onChainUpdate(update) {
      const to = court()
      if (to === undefined) return
      try {
        for (const challenge of await options.log.read(update, to)) {
          if (challenges.has(challenge.promiseHash)) continue
          challenges.set(challenge.promiseHash, challenge)
          logger.warn(challenge, 'a promise of this node is challenged')
        }
        // In the block of a reorg nothing is done that the next may show to be needless.
        if (update.removed.length > 0) return
      } catch (error) {
        return outage.begun({ error }, 'the court cannot be asked; it is tried again at the next block')
      }
      outage.over('the court answers again')
      for (const challenge of [...challenges.values()])
        await tried(challenge.promise, () => answer(to, challenge, update.head))
      for (const { isOwn, state, promise } of following.all()) {
        if (isOwn && state === 'open' && promise.latestBlock - update.head.number <= warningBlocks)
          await tried(promise, () => forestall(to, promise, update.head))
      }
    },
  }
}

function isOutOfTime(simulation: Simulation): boolean {
  return simulation.kind === 'failed' && /^AA(?:22|32)/.test(simulation.reason)
}
