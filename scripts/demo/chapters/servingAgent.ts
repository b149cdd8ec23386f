// The agent of the story's provider: accepts what is opened, hands it over to whoever rented, answers pings. All by
// user operations, and until it is killed.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { watchComputeEvents } from '@worldland-aa/sdk/events/watchComputeEvents'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { pongLease } from '@worldland-aa/sdk/provider/pongLease'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import type { LeaseAccess } from '@worldland-aa/sdk/sealing/leaseAccess'
import { readPublishedRequest } from '@worldland-aa/sdk/sealing/publishedRequest'
import { sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { isAddressEqual } from 'viem'
import type { Actor } from '../actor.ts'

export type ServingAgent = {
  /** Rejects when it could not serve. */
  readonly failed: Promise<never>
  kill(): void
}

/** A machine that is none. */
export function accessTo(leaseId: bigint): LeaseAccess {
  return { ssh: { host: `machine-${leaseId}.example`, port: 22, user: 'renter' } }
}

export function startServingAgent(
  provider: Actor,
  { fromBlock }: { readonly fromBlock: bigint },
): ServingAgent {
  const { client, contracts, publicClient } = provider
  const chainId = publicClient.chain.id
  let fail = (_: unknown): void => undefined
  const failed = new Promise<never>((_, reject) => {
    fail = reject
  })
  // Whoever waits for the agent hears of it; nobody has to.
  failed.catch(() => undefined)
  const kill = watchComputeEvents(publicClient, {
    contracts,
    of: ['instanceLease'],
    fromBlock,
    onStep: async ({ events }) => {
      for (const { eventName, args } of events) {
        if (!('provider' in args) || !isAddressEqual(args.provider, provider.address)) continue
        const { leaseId } = args
        if (eventName === 'LeaseOpened') {
          const requested = events.find(
            event => event.eventName === 'LeaseRequested' && event.args.leaseId === leaseId,
          )
          const request = requested?.eventName === 'LeaseRequested' ? requested.args.request : '0x'
          const { accessPublicKey: to } = readPublishedRequest(request)
          const access =
            to === undefined
              ? '0x'
              : sealAccess({ contracts, chainId, leaseId, to, access: accessTo(leaseId) })
          // One user operation: the bond is locked and the meter starts.
          const calls = [
            ...acceptLease.calls({ contracts, leaseId }),
            ...readyLease.calls({ contracts, leaseId, access }),
          ]
          await sendBatch(client, { contracts, calls })
        }
        if (eventName === 'LeasePinged') {
          await sendBatch(client, { contracts, calls: pongLease.calls({ contracts, leaseId }) })
        }
      }
    },
    onError: fail,
  })
  return { failed, kill }
}
