// A fetch that shows the lane token it was given last by the same endpoint, so that most requests are known for whose they
// are, and need no signature.
import { voucherHeaders } from './voucherWire.ts'

export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

const mostTokenCharacters = 512
const mostEndpoints = 1_000

export function createLaneTokenFetch(fetch: Fetch): Fetch {
  const tokens = new Map<string, string>()

  async function ask(request: Request, endpoint: string): Promise<Response> {
    const response = await fetch(request)
    const given = response.headers.get(voucherHeaders.laneToken)
    if (given !== null && given.length <= mostTokenCharacters) {
      if (tokens.size >= mostEndpoints) tokens.clear()
      tokens.set(endpoint, given)
    }
    return response
  }

  return async (input, init) => {
    const request = new Request(input, init)
    const endpoint = endpointOf(new URL(request.url))
    const token = tokens.get(endpoint)
    if (token === undefined) return await ask(request, endpoint)
    const shown = request.clone()
    shown.headers.set(voucherHeaders.laneToken, token)
    const response = await ask(shown, endpoint)
    // Its session may be over, or another's: who asks as nobody is told what to sign. A voucher says whose it is by itself.
    if (response.status !== 403 || request.headers.has(voucherHeaders.voucher)) return response
    await response.body?.cancel()
    if (tokens.get(endpoint) === token) tokens.delete(endpoint)
    return await ask(request, endpoint)
  }
}

/** Endpoints of one server may be sold by different offers, and so be paid from different sessions. */
function endpointOf({ origin, pathname }: URL): string {
  const [, served, endpoint = ''] = pathname.split('/', 3)
  return served === 'v2' || served === 'payments' ? `${origin}/${endpoint}` : origin
}
