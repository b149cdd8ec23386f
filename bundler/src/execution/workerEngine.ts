// The engine in threads of its own, so that no operation, however long it runs, keeps the node from answering others.
import { Worker } from 'node:worker_threads'
import type { Logger } from '@worldland-aa/service/logger'
import type { Engine, EngineOptions } from './engine.ts'
import { openChannel, type WorkerChannel } from './workerChannel.ts'

export type WorkerEngine = Engine & { stop(): Promise<void> }

const addressCharacters = 42

type Thread = { readonly worker: Worker; readonly channel: WorkerChannel }

/** Operations of one sender go to one thread, which knows its state; a thread that dies is replaced. */
export function createWorkerEngine(
  options: EngineOptions & { readonly threads: number; readonly logger: Logger },
): WorkerEngine {
  const { read, threads: count, logger, ...engineOptions } = options
  const threads = Array.from({ length: count }, (_, index) => start(index))
  let isStopping = false

  function start(index: number): Thread {
    const worker = new Worker(new URL('./engineWorker.js', import.meta.url), { workerData: engineOptions })
    // A daemon that has nothing else to do may end.
    worker.unref()
    const channel = openChannel(worker, { read })
    const replace = (reason: Error): void => {
      channel.close(reason)
      if (isStopping || threads[index]?.worker !== worker) return
      logger.error({ error: reason }, 'a execution thread died; another takes its place')
      threads[index] = start(index)
    }
    worker.once('error', replace)
    worker.once('exit', code => replace(new Error(`A execution thread ended with ${code}`)))
    return { worker, channel }
  }

  /** The same beginning, the same thread: of an operation's key, the sender. */
  function threadFor(key: string): WorkerChannel {
    const text = key.slice(0, addressCharacters)
    let sum = 0
    for (let at = 0; at < text.length; at++) sum = (sum * 31 + text.charCodeAt(at)) >>> 0
    return (threads[sum % count] as Thread).channel
  }

  return {
    trace: request => threadFor(request.operationKey).call('trace', request),
    traceCall: request => threadFor(request.call.data).call('traceCall', request),
    balance: (address, block) => threadFor(address).call('balance', address, block),
    call: (initCode, block) => threadFor(initCode).call('call', initCode, block),
    unchanged: (key, block) => threadFor(key).call('unchanged', key, block),
    async warm(block) {
      await Promise.all(threads.map(({ channel }) => channel.call('warm', block)))
    },
    async stop() {
      isStopping = true
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}
