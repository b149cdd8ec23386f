// Where nobody said that the admin side is for the network, it is for this machine: a proxy in front of the service,
// set up for its JSON-RPC, must not put a sign-in page before the world.
import { isLoopback } from './consoleOrigin.ts'

/** Undefined for a request that began on this machine, as far as headers tell. */
export function refuseFromElsewhere(headers: Headers): Response | undefined {
  const hops = (headers.get('x-forwarded-for') ?? '').split(',').map(hop => hop.trim())
  const isFromHere = hops.every(hop => hop === '' || isLoopback(hop)) && !headers.has('forwarded')
  if (isFromHere) return undefined
  const error = {
    code: 'thisMachineOnly',
    message: 'The console and the admin API are served to this machine alone, and this came through a proxy',
    hint: 'start the service with --admin on and --console-origin, or open the console on its own machine',
  }
  return Response.json({ error }, { status: 403, headers: { 'cache-control': 'no-store' } })
}
