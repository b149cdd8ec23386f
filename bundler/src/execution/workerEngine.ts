// The engine and its judge in threads of their own, so that no operation, however long it runs, keeps the bundler from
// answering others.
import { Worker } from 'node:worker_threads'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { accept, type Result } from '@worldland-aa/service/result'
import type { Estimator } from '../estimation/estimator.ts'
import type { Workplace } from '../turns/turns.ts'
import type { EntitySource } from '../validation/entityState.ts'
import type { Judge } from '../validation/judge.ts'
import type { UserOperation, ValidatedOperation } from '../validation/validatedOperation.ts'
import type { Engine } from './engine.ts'
import type { ThreadOptions } from './engineWorker.ts'
import { openChannel, type WorkerChannel } from './workerChannel.ts'
import { type Measured, WorkMeter } from './workMeter.ts'

export type WorkerEngine = Pick<Engine, 'trace' | 'warm'> &
  Judge &
  Estimator &
  Part & {
    readonly entities: EntitySource
    /** Reads the block's state before anyone asks for it. */
    onChainUpdate(update: ChainUpdate): void
    readonly workplace: Workplace
  }

export type WorkerEngineOptions = ThreadOptions & {
  readonly threads: number
  readonly logger: Logger
}

// What an operation leaves behind is garbage at once: little room for it is collected often, and stays in the cache of
// the processor.
const resourceLimits = { maxYoungGenerationSizeMb: 16, maxOldGenerationSizeMb: 1_024 }

/** Some dozens of ordinary operations, which ask the node together. */
const windowMilliseconds = 80

/** What an operation takes beside its executions: copying, reading state, judging. */
const overheadMilliseconds = 1.5

type Thread = { readonly worker: Worker; readonly channel: WorkerChannel }

/** A sender's operations go to one thread, which knows its state. A thread that dies is replaced. */
export function createWorkerEngine(options: WorkerEngineOptions): WorkerEngine {
  const { threads: count, logger, ...workerData } = options
  let threads: Thread[] = []
  let isStopping = false
  const meter = new WorkMeter()

  function startThread(index: number): Thread {
    const worker = new Worker(new URL('./engineWorker.js', import.meta.url), { workerData, resourceLimits })
    const channel = openChannel(worker, {})
    const replace = (reason: Error): void => {
      channel.close(reason)
      if (isStopping || threads[index]?.worker !== worker) return
      logger.error({ error: reason }, 'an execution thread died; another takes its place')
      threads[index] = startThread(index)
    }
    worker.once('error', replace)
    worker.once('exit', code => replace(new Error(`An execution thread ended with ${code}`)))
    return { worker, channel }
  }

  function threadAt(index: number): WorkerChannel {
    const thread = threads[index % count]
    if (thread === undefined) throw new Error('The execution threads are not running')
    return thread.channel
  }

  async function measured<Answer>(
    userOperation: UserOperation,
    method: string,
    ...parameters: readonly unknown[]
  ): Promise<Answer> {
    const thread = threadAt(numberOf(userOperation.sender))
    const { answer, milliseconds } = await thread.call<Measured<Answer>>(method, ...parameters)
    meter.add(userOperation, milliseconds + overheadMilliseconds)
    return answer
  }

  async function warm(block: Block): Promise<void> {
    await Promise.all(threads.map(({ channel }) => channel.call('warm', block)))
  }

  return {
    name: 'execution',
    // What the version does cannot be copied; the thread has it.
    trace: ({ version: _, ...request }) => measured(request.userOperation, 'trace', request),
    entities: request => threadAt(0).call('entities', request),
    async judge(userOperation, block, horizon) {
      const asked = [userOperation, block, horizon]
      const verdict = await measured<Result<ValidatedOperation>>(userOperation, 'judge', ...asked)
      // The same object again, rather than a copy: what is known of it by heart need not be found anew.
      return verdict.ok ? accept({ ...verdict.value, userOperation }) : verdict
    },
    estimateAt: (block, request) => measured(request.userOperation, 'estimateAt', block, request),
    async standing(operations, block, horizon) {
      const standing: boolean[] = new Array(operations.length).fill(false)
      await Promise.all(
        threads.map(async ({ channel }, thread) => {
          const indices = [...operations.keys()].filter(
            index => numberOf(operations[index]?.entities.sender.address ?? '') % count === thread,
          )
          const own = indices.map(index => operations[index])
          const answers = await channel.call<readonly boolean[]>('standing', own, block, horizon)
          for (const [at, index] of indices.entries()) standing[index] = answers[at] === true
        }),
      )
      return standing
    },
    warm,
    workplace: {
      count,
      placeOf: ({ sender }) => numberOf(sender),
      windowMilliseconds,
      spentOn: userOperation => meter.spentOn(userOperation),
    },
    onChainUpdate({ head }) {
      warm(head).catch(error =>
        logger.debug({ error }, 'the state of the new block is read when it is asked for'),
      )
    },
    async start() {
      threads = Array.from({ length: count }, (_, index) => startThread(index))
    },
    async stop() {
      isStopping = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

/** The same address in any writing, the same number. */
function numberOf(address: string): number {
  return Number.parseInt(address.slice(-6), 16)
}
