// What the operator's bundler says of an operation. It is asked for the page only, briefly, and whatever becomes of that is
// an answer: the page has more to show.
import { BaseError, createClient, type Hash, hexToBigInt, http, isHex, RpcRequestError } from 'viem'
import type { BundlerView } from './schema.ts'

const timeoutMilliseconds = 3_000
/** What a bundler of ours answers is some kilobytes. */
const mostExplanationLength = 131_072

export type AskBundler = (userOperationHash: Hash) => Promise<BundlerView>

const nothing = { state: null, explanation: null, receipt: null }

export function createAskBundler(bundlerUrl: string | undefined): AskBundler {
  if (bundlerUrl === undefined) {
    return async () => ({
      connection: 'notConnected',
      hint: 'Start the paymaster with --bundler-url to see what the bundler says.',
      ...nothing,
    })
  }
  const client = createClient({
    transport: http(bundlerUrl, { retryCount: 0, timeout: timeoutMilliseconds }),
  })

  /** Null where the bundler refuses: it may be another's, that knows no such method. */
  async function ask(method: string, userOperationHash: Hash): Promise<unknown> {
    try {
      return await client.request({ method, params: [userOperationHash] } as never)
    } catch (error) {
      if (error instanceof BaseError && error.walk(one => one instanceof RpcRequestError)) return null
      throw error
    }
  }

  return async userOperationHash => {
    try {
      const [explanation, receipt] = await Promise.all([
        ask('worldland_explainUserOperation', userOperationHash),
        ask('eth_getUserOperationReceipt', userOperationHash),
      ])
      const isTooLong = JSON.stringify(explanation ?? null).length > mostExplanationLength
      return {
        connection: 'connected',
        hint: isTooLong ? 'Its explanation is too long to be shown here: ask the bundler itself.' : null,
        state: textIn(explanation, 'state'),
        explanation: isTooLong ? null : (explanation ?? null),
        receipt: toReceipt(receipt),
      }
    } catch {
      return {
        connection: 'unreachable',
        hint: 'The bundler at --bundler-url does not answer: see whether it runs, and its log.',
        ...nothing,
      }
    }
  }
}

function textIn(value: unknown, name: string): string | null {
  const found = (value as Record<string, unknown> | null)?.[name]
  return typeof found === 'string' ? found : null
}

function toReceipt(answer: unknown): BundlerView['receipt'] {
  const { success, receipt } = (answer ?? {}) as { success?: unknown; receipt?: unknown }
  const transactionHash = textIn(receipt, 'transactionHash')
  const blockNumber = textIn(receipt, 'blockNumber')
  if (typeof success !== 'boolean' || transactionHash === null || !isHex(blockNumber)) return null
  return { success, transactionHash, blockNumber: String(hexToBigInt(blockNumber)) }
}
