// The logs of many blocks by bounded questions. Nodes limit the range, or how much they answer, each in its own way: where
// one refuses, it is asked for half as much, and for more again when that went well.
import {
  formatLog,
  type Hex,
  type Log,
  numberToHex,
  type PublicClient,
  type RpcLog,
  RpcRequestError,
} from 'viem'

export type LogFilter = { readonly address: Hex; readonly topics: readonly (Hex | readonly Hex[] | null)[] }

export type LogRange = { readonly toBlock: bigint; readonly logs: readonly Log[] }

export const mostBlocks = 1_000n

/** From the lowest block up; the logs of each range in the order of the chain. Ends early at the signal, by its reason. */
export async function* readLogRanges(options: {
  readonly client: PublicClient
  readonly filters: readonly LogFilter[]
  readonly fromBlock: bigint
  readonly toBlock: bigint
  readonly signal: AbortSignal
}): AsyncGenerator<LogRange> {
  const { client, filters, toBlock: last, signal } = options
  let blocks = mostBlocks
  for (let fromBlock = options.fromBlock; fromBlock <= last; ) {
    signal.throwIfAborted()
    const end = fromBlock + blocks - 1n
    const toBlock = end < last ? end : last
    try {
      const found = await Promise.all(filters.map(filter => ask(client, filter, fromBlock, toBlock)))
      yield { toBlock, logs: found.flat().sort(byPlace) }
    } catch (error) {
      if (blocks === 1n || !isRefusal(error)) throw error
      blocks /= 2n
      continue
    }
    fromBlock = toBlock + 1n
    blocks = blocks * 2n < mostBlocks ? blocks * 2n : mostBlocks
  }
}

async function ask(
  client: PublicClient,
  filter: LogFilter,
  fromBlock: bigint,
  toBlock: bigint,
): Promise<Log[]> {
  const question = { ...filter, fromBlock: numberToHex(fromBlock), toBlock: numberToHex(toBlock) }
  const logs = await client.request({ method: 'eth_getLogs', params: [question as never] })
  return (logs as RpcLog[]).map(log => formatLog(log) as Log)
}

/** The node answered, and said no: another range may do. */
export function isRefusal(error: unknown): boolean {
  for (let cause: unknown = error; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof RpcRequestError) return true
  }
  return false
}

function byPlace(one: Log, other: Log): number {
  return (
    Number((one.blockNumber ?? 0n) - (other.blockNumber ?? 0n)) || (one.logIndex ?? 0) - (other.logIndex ?? 0)
  )
}
