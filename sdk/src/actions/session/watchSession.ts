// Follows one serverless session block by block, reorgs included.
import type { Client, ContractEventName, Log, ReadContractErrorType } from 'viem'
import { getContractEvents } from 'viem/actions'
import { serverlessSessionEvents } from '../../abi/serverlessSession.ts'
import type { WithContracts } from '../../chains/computeContracts.ts'
import { chainClientOf, type SmartAccountClient } from '../../clients/chainClientOf.ts'
import { type BlockStep, type FollowBlocksOptions, followBlocks } from '../../events/followBlocks.ts'
import { getSession } from './getSession.ts'
import type { Session } from './session.ts'

export type SessionEvent = Log<
  bigint,
  number,
  false,
  undefined,
  true,
  typeof serverlessSessionEvents,
  ContractEventName<typeof serverlessSessionEvents>
>

/** The session as of one block, what it did since the last step, and what a reorg took back. */
export type SessionStep = { readonly session: Session } & Omit<BlockStep<Session, SessionEvent>, 'subject'>

export type WatchSessionParameters = WithContracts &
  FollowBlocksOptions & {
    readonly sessionId: bigint
    /** Once per block, in order; the next one waits for it. */
    readonly onStep: (step: SessionStep) => void | Promise<void>
  }
export type WatchSessionReturnType = () => void
export type WatchSessionErrorType = ReadContractErrorType

/**
 * Watches a session: its state, what is spent and its events, for every new block. Returns a function that
 * ends it.
 *
 * @example
 * import { watchSession } from '@worldland-aa/sdk/actions/session/watchSession'
 *
 * const unwatch = watchSession(publicClient, {
 *   contracts,
 *   sessionId: 1n,
 *   onStep: ({ session }) => console.log(session.state, session.spentWei),
 * })
 */
export function watchSession(
  client: Client | SmartAccountClient,
  parameters: WatchSessionParameters,
): WatchSessionReturnType {
  const { contracts, sessionId, onStep, onError, pollingInterval } = parameters
  const chainClient = chainClientOf(client)
  return followBlocks<Session, SessionEvent>(chainClient, {
    read: blockNumber => getSession(chainClient, { contracts, sessionId, blockNumber }),
    eventsOf: async range => {
      const logs = await getContractEvents(chainClient, {
        address: contracts.serverlessSession,
        abi: serverlessSessionEvents,
        args: { sessionId },
        ...range,
        strict: true,
      })
      return logs as readonly SessionEvent[]
    },
    onStep: ({ subject, ...step }) => onStep({ session: subject, ...step }),
    onError,
    pollingInterval,
  })
}
