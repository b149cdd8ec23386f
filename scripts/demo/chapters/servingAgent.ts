// The agent of the story's provider: accepts what is opened, hands it over, answers pings. All by user
// operations, and until it is killed.
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { watchComputeEvents } from '@worldland-aa/sdk/events/watchComputeEvents'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { pongLease } from '@worldland-aa/sdk/provider/pongLease'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import { isAddressEqual, stringToHex } from 'viem'
import type { Actor } from '../actor.ts'

export type ServingAgent = {
  /** Rejects when it could not serve. */
  readonly failed: Promise<never>
  kill(): void
}

export function startServingAgent(
  provider: Actor,
  { fromBlock }: { readonly fromBlock: bigint },
): ServingAgent {
  const { client, contracts, publicClient } = provider
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
          const access = stringToHex(JSON.stringify({ ssh: `renter@machine-${leaseId}.example` }))
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
