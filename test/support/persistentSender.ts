// A client that does not give up: sends every operation until the bundler acknowledges it or the chain shows
// it, whatever happens to the bundler meanwhile.
import { entryPoint07Address } from '@worldland-aa/sdk/protocol/entryPoint'
import type { Hash } from 'viem'
import type { CrowdOperation } from './crowd.ts'
import { ask } from './rpc.ts'

export type SendingOptions = {
  readonly operations: readonly CrowdOperation[]
  readonly concurrency: number
  /** Where the bundler is now; undefined while there is none. */
  readonly url: () => string | undefined
  readonly onAcknowledged?: (hash: Hash) => void
}

const pauseMilliseconds = 30
/** Against trying for ever: on a busy machine a restart alone takes some hundred. */
const attemptLimit = 15_000

/** Resolves with the hashes in the order of acknowledgement; throws on a refusal that is not "landed already". */
export async function sendUntilAcknowledged(options: SendingOptions): Promise<readonly Hash[]> {
  const acknowledged: Hash[] = []
  let next = 0
  async function work(): Promise<void> {
    for (let index = next++; index < options.operations.length; index = next++) {
      const operation = options.operations[index]
      if (operation === undefined) return
      await sendOne(operation, options.url)
      acknowledged.push(operation.hash)
      options.onAcknowledged?.(operation.hash)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return acknowledged
}

async function sendOne({ hash, wire }: CrowdOperation, url: () => string | undefined): Promise<void> {
  for (let attempt = 0; attempt < attemptLimit; attempt++) {
    const outcome = await attemptOnce(wire, url())
    if (outcome === hash) return
    // The acknowledgement was lost, and the operation landed meanwhile.
    if (attempt > 0 && outcome.includes('AA25')) return
    if (outcome !== 'unreachable' && !outcome.startsWith('-32603')) {
      throw new Error(`${hash} was refused: ${outcome}`)
    }
    await new Promise(resolve => setTimeout(resolve, pauseMilliseconds))
  }
  throw new Error(`${hash} was not acknowledged in ${attemptLimit} attempts`)
}

async function attemptOnce(wire: object, url: string | undefined): Promise<string> {
  if (url === undefined) return 'unreachable'
  try {
    const { result, error } = await ask(url, 'eth_sendUserOperation', wire, entryPoint07Address)
    return error === undefined ? String(result) : `${error.code} ${error.message}`
  } catch {
    return 'unreachable'
  }
}
