// The engine in threads of its own, so that no operation, however long it runs, keeps the node from answering others.
import { Worker } from 'node:worker_threads'
import type { Block, ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Engine, EngineOptions } from './engine.ts'
import { openChannel, type WorkerChannel } from './workerChannel.ts'

export type WorkerEngine = Engine &
  Part & {
    /** Begins the block's state before anyone asks for it. */
    onChainUpdate(update: ChainUpdate): void
  }

const addressCharacters = 42

type Thread = { readonly worker: Worker; readonly channel: WorkerChannel }

/** Operations of one sender go to one thread, which knows its state; a thread that dies is replaced. */
export function createWorkerEngine(
  options: EngineOptions & { readonly threads: number; readonly logger: Logger },
): WorkerEngine {
  const { read, threads: count, logger, ...engineOptions } = options
  let threads: Thread[] = []
  let isStopping = false

  function startThread(index: number): Thread {
    const worker = new Worker(new URL('./engineWorker.js', import.meta.url), { workerData: engineOptions })
    // A daemon that has nothing else to do may end.
    worker.unref()
    const channel = openChannel(worker, { read })
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

  /** The same beginning, the same thread: of an operation's key, the sender. */
  function threadFor(key: string): WorkerChannel {
    const text = key.slice(0, addressCharacters)
    let sum = 0
    for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) >>> 0
    const thread = threads[sum % count]
    if (thread === undefined) throw new Error('The execution threads are not running')
    return thread.channel
  }

  async function warm(block: Block): Promise<void> {
    await Promise.all(threads.map(({ channel }) => channel.call('warm', block)))
  }

  return {
    trace: request => threadFor(request.operationKey).call('trace', request),
    traceCall: request => threadFor(request.call.data).call('traceCall', request),
    balance: (address, block) => threadFor(address).call('balance', address, block),
    call: (initCode, block) => threadFor(initCode).call('call', initCode, block),
    unchanged: (key, block) => threadFor(key).call('unchanged', key, block),
    warm,
    name: 'execution',
    onChainUpdate({ head }) {
      warm(head).catch(error => logger.debug({ error }, 'the state of the new block is read when asked for'))
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
