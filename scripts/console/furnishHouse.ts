// A house that somebody lives in: keys, webhooks, a second policy near the end of its budget. Pictures of empty pages
// show nobody what the console is for.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Devnet } from '../devnet/startDevnet.ts'
import { type ConsoleSession, consoleSession } from './consoleSession.ts'
import { createRenter } from './makeTraffic.ts'

/** More than 80 % of what the policy grants a day: an alert opens. */
const [trials, mostTrials] = [5, 6]

type Ask = ConsoleSession['ask']
type Kept = { readonly definition: Readonly<Record<string, unknown>> }

export type FurnishedHouse = { stop(): Promise<void> }

/** The devnet's paymaster must be allowed to post to private networks. */
export async function furnishHouse(devnet: Devnet): Promise<FurnishedHouse> {
  const { ask } = await consoleSession(devnet, 'admin')
  const receiver = await startReceiver()
  const webhook = (name: string, path: string, events: readonly string[]) =>
    ask('POST', '/webhooks', { name, url: `${receiver.url}${path}`, events })
  await webhook('Shop backend', '/sponsorships', ['sponsorship.requested', 'sponsorship.finalized'])
  await webhook('On call', '/broken', ['alert.opened', 'alert.closed'])
  for (const key of [
    {
      ...{ name: 'Web shop', use: 'rpc' },
      limits: {
        origins: ['https://shop.example.com'],
        methods: ['pm_getPaymasterStubData', 'pm_getPaymasterData'],
        policyIds: ['rentals', 'trials'],
        callsPerSecond: 20,
      },
    },
    { name: 'Reports', use: 'admin', role: 'viewer', limits: { networks: ['203.0.113.0/24'] } },
  ]) {
    await ask('POST', '/api-keys', key)
  }
  await addTrials(ask)
  for (let rental = 0; rental < trials; rental++)
    await (await createRenter(devnet, { policyId: 'trials' })).rent()
  await (await createRenter(devnet, { gasFrom: 'wallet' })).rent()
  return { stop: receiver.stop }
}

/** In two versions, so that there is a history; `trials` rentals use nearly all of its budget. */
async function addTrials(ask: Ask): Promise<void> {
  const { definition } = await ask<Kept>('GET', '/policies/rentals')
  const first = {
    ...definition,
    ...{ id: 'trials', name: 'Trials for newcomers', default: false },
    description: 'A first lease for whoever comes from the shop',
    limits: {
      costPerOperationWei: '0.1ether',
      perSender: { operations: 3, window: 'day' },
      global: { costWei: '2ether', operations: 60, window: 'day' },
    },
  }
  await ask('PUT', '/policies/trials', { definition: first, expectedVersion: 0, note: 'For the campaign' })
  const limits = { ...first.limits, global: { costWei: '2ether', operations: mostTrials, window: 'day' } }
  await ask('PUT', '/policies/trials', {
    definition: { ...first, limits },
    expectedVersion: 1,
    note: 'Less, until it is known how many come',
  })
}

/** Takes what comes to it, but for what comes to `/broken`. */
async function startReceiver(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(request.url === '/broken' ? 503 : 204).end()
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    stop: () =>
      new Promise(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
