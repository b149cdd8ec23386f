// Who looks through calldata that anyone may have written. What is as long as a miner can make it takes a tenth of a second:
// that is done in a thread of its own, which is there once it was needed. Ordinary bundles take less than the way there.
import { createRequire } from 'node:module'
import { Worker } from 'node:worker_threads'
import { type Address, type Hash, type Hex, size } from 'viem'
import type { EntryPointNumber, EntryPointVersion } from '../entryPoint/entryPointVersion.ts'
import { openChannel, type WorkerChannel } from '../execution/workerChannel.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'
import { bundledOperations } from './bundledOperations.ts'

export type FoundOperations = ReadonlyMap<Hash, UserOperation>

export type CalldataDomain = {
  readonly entryPointVersion: EntryPointNumber
  readonly chainId: number
  readonly entryPoint: Address
}

export type CalldataReader = {
  /** Each under its hash. Rejects where the thread ends meanwhile: asked again, another looks. */
  operationsIn(calldata: Hex): Promise<FoundOperations>
  stop(): Promise<void>
}

const longestHereBytes = 8_192
const resourceLimits = { maxOldGenerationSizeMb: 128 }

export function createCalldataReader(options: {
  readonly version: EntryPointVersion
  readonly chainId: number
  readonly entryPoint: Address
}): CalldataReader {
  const { version, chainId, entryPoint } = options
  let thread: { readonly worker: Worker; readonly channel: WorkerChannel } | undefined

  function start(): WorkerChannel {
    const workerData: CalldataDomain = { entryPointVersion: version.number, chainId, entryPoint }
    // Compiled, also where tests run the sources: a thread has no loader of theirs.
    const entry = createRequire(import.meta.url).resolve('@worldland-aa/bundler/receipt/calldataThread')
    const worker = new Worker(entry, { workerData, resourceLimits })
    const channel = openChannel(worker, {})
    const started = { worker, channel }
    thread = started
    const end = (reason: Error): void => {
      if (thread === started) thread = undefined
      channel.close(reason)
    }
    // Nobody waits for it at the end of the process.
    worker.unref()
    worker.once('error', end)
    worker.once('exit', code => end(new Error(`The thread that looks through calldata ended with ${code}`)))
    return channel
  }

  return {
    async operationsIn(calldata) {
      if (size(calldata) <= longestHereBytes) return bundledOperations(calldata, version, options).operations
      const channel = thread?.channel ?? start()
      return await channel.call<FoundOperations>('operationsIn', calldata)
    },
    async stop() {
      await thread?.worker.terminate()
    },
  }
}
