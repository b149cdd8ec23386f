// How the bundler beside this paymaster is, by its own word: foreign, so it is held to its schema before anybody sees it.
import { createPoster, TimeoutExceeded } from '@worldland-aa/service/chain/poster'
import type { Clock } from '@worldland-aa/service/clock'
import { sharedAnswer } from '@worldland-aa/service/http/sharedAnswer'
import { type BundlerView, bundlerStatusSchema } from '../admin/bundler/schema.ts'

const patienceMilliseconds = 5_000
/** Of a status: some hundred bundles and entities. */
const mostCharacters = 2_000_000
const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'worldland_getBundlerStatus', params: [] })

/** Asked once for all who look at the same time. */
export function createAskBundler(bundlerUrl: string | undefined, clock: Clock): () => Promise<BundlerView> {
  if (bundlerUrl === undefined) {
    const hint = 'give the bundler’s address by --bundler-url'
    return async () => ({ state: 'notConnected', hint })
  }
  // Without what may stand in it for its own eyes: a name and a password, a key in the path.
  const { origin: url } = new URL(bundlerUrl)
  const post = createPoster(bundlerUrl, patienceMilliseconds)

  async function ask(): Promise<BundlerView> {
    try {
      const { text, status } = await post(body)
      if (status !== 200) return unreachable(`it answers with HTTP status ${status}`)
      if (text.length > mostCharacters) return unreachable('its answer is larger than any status')
      const { result, error } = JSON.parse(text) as { result?: unknown; error?: { message?: unknown } }
      if (error !== undefined) return unreachable(`it refuses: ${String(error.message).slice(0, 300)}`)
      const parsed = bundlerStatusSchema.safeParse(result)
      if (parsed.success) return { state: 'connected', url, status: parsed.data }
      const field = parsed.error.issues[0]?.path.join('.') ?? ''
      return unreachable(`what it answers is no status of a worldland-bundler of this version (${field})`)
    } catch (error) {
      const isLate = error instanceof TimeoutExceeded
      return unreachable(
        isLate ? `no answer within ${patienceMilliseconds} ms` : 'it does not answer: is it running?',
      )
    }
  }

  function unreachable(problem: string): BundlerView {
    return { state: 'unreachable', url, problem }
  }

  return sharedAnswer(ask, clock)
}
