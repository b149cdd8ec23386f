// Keeps endpoints paid ahead while jobs may run there: a job that outlasts what is signed is ended, and a request that waits
// for it signs nothing meanwhile.

export type VoucherUpkeep = {
  /** A request to this URL is under way, until what is returned is called; its job may run on for a while. */
  began(url: string): () => void
  stop(): void
}

type Endpoint = {
  readonly voucherUrl: string
  underWay: number
  lastAtMilliseconds: number
  timer: ReturnType<typeof setTimeout> | undefined
}

/** `/v2/ENDPOINT/…`, wherever a provider's door stands. */
const servedPath = /^(.*)\/v2\/([a-z0-9][a-z0-9-]{0,31})\//

export function createVoucherUpkeep(options: {
  readonly secondsAhead: number
  /** Pays as it is asked to. */
  readonly pay: (request: Request) => Promise<Response>
}): VoucherUpkeep {
  const { secondsAhead, pay } = options
  const endpoints = new Map<string, Endpoint>()
  const everyMilliseconds = Math.max(1_000, (secondsAhead * 1_000) / 3)
  let isStopped = false

  function schedule(endpoint: Endpoint): void {
    if (isStopped || endpoint.timer !== undefined) return
    endpoint.timer = setTimeout(() => void look(endpoint), everyMilliseconds)
    // Node would wait for it before it ends.
    ;(endpoint.timer as { unref?: () => void }).unref?.()
  }

  async function look(endpoint: Endpoint): Promise<void> {
    endpoint.timer = undefined
    // Whoever asks after its job shows that it is still there.
    const isIdle =
      endpoint.underWay === 0 && Date.now() - endpoint.lastAtMilliseconds > 2 * secondsAhead * 1_000
    if (isStopped || isIdle) {
      endpoints.delete(endpoint.voucherUrl)
      return
    }
    try {
      const response = await pay(new Request(endpoint.voucherUrl, { method: 'POST' }))
      await response.body?.cancel()
    } catch {
      // Out of budget, or the server is away: the request itself will hear of it.
    }
    schedule(endpoint)
  }

  return {
    began(url) {
      const { origin, pathname } = new URL(url)
      const [, prefix, endpointId] = servedPath.exec(pathname) ?? []
      if (prefix === undefined || endpointId === undefined) return () => undefined
      const voucherUrl = `${origin}${prefix}/payments/${endpointId}/vouchers?ahead=${Math.round(secondsAhead)}`
      const endpoint: Endpoint = endpoints.get(voucherUrl) ?? {
        ...{ voucherUrl, underWay: 0, lastAtMilliseconds: 0, timer: undefined },
      }
      endpoints.set(voucherUrl, endpoint)
      endpoint.underWay++
      endpoint.lastAtMilliseconds = Date.now()
      schedule(endpoint)
      return () => {
        endpoint.underWay--
        endpoint.lastAtMilliseconds = Date.now()
      }
    },
    stop() {
      isStopped = true
      for (const { timer } of endpoints.values()) clearTimeout(timer)
    },
  }
}
