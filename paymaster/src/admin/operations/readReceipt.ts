// What an operation did, by its own part of its transaction's logs: the leases and sessions of the market that it opened
// or touched, and why it failed if it did.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { instanceLeaseEvents } from '@worldland-aa/sdk/abi/instanceLease'
import { serverlessSessionEvents } from '@worldland-aa/sdk/abi/serverlessSession'
import { decodeContractError } from '@worldland-aa/sdk/errors/decodeContractError'
import {
  type Address,
  getAddress,
  type Hash,
  type Hex,
  isAddressEqual,
  type Log,
  type PublicClient,
  parseEventLogs,
} from 'viem'
import type { MarketEvent, ReceiptView } from './schema.ts'

export type ReadReceipt = (landed: {
  readonly transactionHash: Hash
  readonly userOperationHash: Hash
}) => Promise<ReceiptView>

const timeoutMilliseconds = 3_000
const mostMarketEvents = 32

export const notLanded: ReceiptView = {
  status: 'notLanded',
  marketEvents: [],
  revertData: null,
  revertReason: null,
  revertError: null,
}

export function createReadReceipt({
  client,
  entryPoint,
}: {
  readonly client: PublicClient
  readonly entryPoint: Address
}): ReadReceipt {
  return async ({ transactionHash, userOperationHash }) => {
    try {
      const reading = client.getTransactionReceipt({ hash: transactionHash })
      const { logs } = await withinTime(reading)
      const own = logsOf(logs, entryPoint, userOperationHash)
      const revertData = findRevertData(own, userOperationHash)
      return {
        status: 'read',
        marketEvents: marketEventsIn(own),
        revertData: revertData ?? null,
        ...(revertData === undefined ? { revertReason: null, revertError: null } : told(revertData)),
      }
    } catch {
      return { ...notLanded, status: 'unreachable' }
    }
  }
}

async function withinTime<Value>(work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the node is slow')), timeoutMilliseconds)
  })
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}

/** A bundle's logs come operation by operation, each closed by its UserOperationEvent. */
function logsOf(logs: readonly Log[], entryPoint: Address, userOperationHash: Hash): readonly Log[] {
  const bounds = parseEventLogs({
    abi: entryPoint07Abi,
    logs: logs.filter(log => isAddressEqual(log.address, entryPoint)) as Log<bigint, number, false>[],
    eventName: ['BeforeExecution', 'UserOperationEvent'],
  })
  const end = bounds.findIndex(
    one => one.eventName === 'UserOperationEvent' && one.args.userOpHash === userOperationHash,
  )
  const last = bounds[end]
  if (last === undefined) return []
  const first = bounds[end - 1]?.logIndex ?? -1
  return logs.filter(({ logIndex }) => (logIndex ?? 0) > first && (logIndex ?? 0) <= last.logIndex)
}

function marketEventsIn(logs: readonly Log[]): MarketEvent[] {
  const events = parseEventLogs({
    abi: [...instanceLeaseEvents, ...serverlessSessionEvents],
    logs: logs as Log<bigint, number, false>[],
  })
  return events.slice(0, mostMarketEvents).flatMap((event): MarketEvent[] => {
    const { leaseId, sessionId, provider } = event.args as {
      leaseId?: bigint
      sessionId?: bigint
      provider?: Address
    }
    if (leaseId === undefined && sessionId === undefined) return []
    return [
      {
        kind: leaseId === undefined ? 'session' : 'lease',
        contract: getAddress(event.address),
        event: event.eventName,
        leaseId: leaseId === undefined ? null : String(leaseId),
        sessionId: sessionId === undefined ? null : String(sessionId),
        provider: provider ?? null,
      },
    ]
  })
}

function findRevertData(logs: readonly Log[], userOperationHash: Hash): Hex | undefined {
  const [event] = parseEventLogs({
    abi: entryPoint07Abi,
    logs: logs as Log<bigint, number, false>[],
    eventName: ['UserOperationRevertReason', 'PostOpRevertReason'],
    args: { userOpHash: userOperationHash },
  })
  return event?.args.revertReason
}

function told(revertData: Hex): { readonly revertReason: string; readonly revertError: string } {
  if (revertData === '0x') {
    return { revertReason: 'It reverted without a reason, or ran out of gas.', revertError: 'none' }
  }
  const known = decodeContractError(revertData)
  return known === undefined
    ? { revertReason: 'It reverted with an error that is not known here.', revertError: 'unknown' }
    : { revertReason: `${known.errorName}: ${known.problem}`, revertError: known.errorName }
}
