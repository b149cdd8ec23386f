// What the chain says was paid to this provider, in a range of blocks: by the events of the market's contracts alone.
import * as instanceLease from '@worldland-aa/sdk/abi/instanceLease'
import * as serverlessSession from '@worldland-aa/sdk/abi/serverlessSession'
import { getSession } from '@worldland-aa/sdk/actions/session/getSession'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type Address, isAddressEqual, type PublicClient } from 'viem'

export type Earning = {
  readonly blockNumber: bigint
  readonly logIndex: number
  /** Seconds since the Unix epoch. */
  readonly timestamp: number
  /** `fault`: what had been earned when a promise was broken; `ping`: the deposit of one that was answered. */
  readonly kind: 'lease' | 'fault' | 'ping' | 'session'
  readonly agreementId: bigint
  readonly payer: Address
  readonly wei: bigint
}

export type EarningsReader = (range: {
  readonly from: bigint
  readonly to: bigint
}) => Promise<readonly Earning[]>

export function createEarningsReader(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly provider: Address
}): EarningsReader {
  const { client, contracts, provider } = options
  const payers = new Map<bigint, Address | undefined>()
  const timestamps = new Map<bigint, number>()

  /** Undefined: the session is another provider's. */
  async function payerOf(sessionId: bigint): Promise<Address | undefined> {
    if (!payers.has(sessionId)) {
      const session = await getSession(client, { contracts, sessionId })
      payers.set(sessionId, isAddressEqual(session.provider, provider) ? session.payer : undefined)
    }
    return payers.get(sessionId)
  }

  async function timestampOf(blockNumber: bigint): Promise<number> {
    const known = timestamps.get(blockNumber)
    if (known !== undefined) return known
    const timestamp = Number((await client.getBlock({ blockNumber })).timestamp)
    if (timestamps.size > 1_000) timestamps.clear()
    timestamps.set(blockNumber, timestamp)
    return timestamp
  }

  async function ofLeases(fromBlock: bigint, toBlock: bigint): Promise<readonly Untimed[]> {
    const asked = {
      address: contracts.instanceLease,
      args: { provider },
      fromBlock,
      toBlock,
      strict: true,
    } as const
    const { LeaseSettled, LeaseFaulted, LeasePonged, LeaseStopped } = instanceLease
    const [settled, faulted, ponged, stopped] = await Promise.all([
      client.getContractEvents({ ...asked, abi: [LeaseSettled], eventName: 'LeaseSettled' }),
      client.getContractEvents({ ...asked, abi: [LeaseFaulted], eventName: 'LeaseFaulted' }),
      client.getContractEvents({ ...asked, abi: [LeasePonged], eventName: 'LeasePonged' }),
      client.getContractEvents({ ...asked, abi: [LeaseStopped], eventName: 'LeaseStopped' }),
    ])
    const of = (
      kind: Earning['kind'],
      log: Log,
      args: { leaseId: bigint; payer: Address },
      wei: bigint,
    ): Untimed => ({
      ...{ kind, wei, payer: args.payer, agreementId: args.leaseId },
      ...{ blockNumber: log.blockNumber, logIndex: log.logIndex },
    })
    return [
      ...settled.map(log => of('lease', log, log.args, log.args.providerWei)),
      ...faulted.map(log => of('fault', log, log.args, log.args.providerWei)),
      ...ponged.map(log => of('ping', log, log.args, log.args.pingDepositWei)),
      ...stopped.map(log => of('ping', log, log.args, log.args.pingDepositWei)),
    ]
  }

  async function ofSessions(fromBlock: bigint, toBlock: bigint): Promise<readonly Untimed[]> {
    const logs = await client.getContractEvents({
      address: contracts.serverlessSession,
      abi: [serverlessSession.VoucherRedeemed],
      eventName: 'VoucherRedeemed',
      ...{ fromBlock, toBlock, strict: true },
    })
    const found: Untimed[] = []
    for (const { args, blockNumber, logIndex } of logs) {
      const payer = await payerOf(args.sessionId)
      if (payer === undefined) continue
      const { sessionId: agreementId, paidWei: wei } = args
      found.push({ kind: 'session', payer, agreementId, wei, blockNumber, logIndex })
    }
    return found
  }

  return async ({ from, to }) => {
    if (from > to) return []
    const found = (await Promise.all([ofLeases(from, to), ofSessions(from, to)])).flat()
    const paid = found.filter(({ wei }) => wei > 0n)
    return await Promise.all(
      paid.map(async earning => ({ ...earning, timestamp: await timestampOf(earning.blockNumber) })),
    )
  }
}

type Untimed = Omit<Earning, 'timestamp'>
type Log = Pick<Earning, 'blockNumber' | 'logIndex'>
