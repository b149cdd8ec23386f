// What the market's events say that a provider has earned, and what everybody holds: the two must agree to the wei.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import { serverlessSessionAbi } from '@worldland-aa/sdk/abi/serverlessSession'
import { rootRightOf } from '@worldland-aa/sdk/actions/rights/rootRightOf'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { type Address, type PublicClient, zeroAddress } from 'viem'

export type Books = {
  readonly leases: { opened: number; pinged: number; ponged: number; faulted: number; expired: number }
  readonly slashes: number
  /** Leases that the provider stopped before their time was used up. */
  readonly stoppedEarly: readonly bigint[]
  readonly earnedWei: bigint
  /** Of the token: what the provider holds, less what it wrapped, plus what it staked. */
  readonly gainedWei: bigint
  readonly heldByLeasesWei: bigint
  readonly heldBySessionsWei: bigint
}

type Market = { readonly client: PublicClient; readonly contracts: ComputeContracts }

export async function redeemedWei({ client, contracts }: Market, sessionId: bigint): Promise<bigint> {
  const address = contracts.serverlessSession
  const rightId = rootRightOf({ market: address, agreementId: sessionId })
  const lane = {
    address,
    abi: serverlessSessionAbi,
    functionName: 'laneOf',
    args: [sessionId, rightId],
  } as const
  return (await client.readContract(lane)).cumulativeWei
}

export async function readBooks(market: Market, provider: Address): Promise<Books> {
  const { client, contracts } = market
  const [leases, sessions, slashes, gained, held] = await Promise.all([
    client.getContractEvents({ address: contracts.instanceLease, abi: instanceLeaseAbi, fromBlock: 0n }),
    client.getContractEvents({
      address: contracts.serverlessSession,
      abi: serverlessSessionAbi,
      fromBlock: 0n,
    }),
    client.getContractEvents({
      ...{ address: contracts.providerRegistry, abi: providerRegistryAbi },
      ...{ eventName: 'Slashed', fromBlock: 0n },
    }),
    gainedWei(market, provider),
    Promise.all(
      [contracts.instanceLease, contracts.serverlessSession].map(holder => balanceOf(market, holder)),
    ),
  ])
  const stoppedEarly: bigint[] = []
  let earnedWei = 0n
  for (const { eventName, args } of leases) {
    if (eventName === 'LeaseSettled') earnedWei += args.providerWei ?? 0n
    if (eventName === 'LeasePonged' || eventName === 'LeaseStopped') earnedWei += args.pingDepositWei ?? 0n
    const leaseId = args.leaseId ?? 0n
    if (eventName === 'LeaseStopped' && args.stoppedBy === provider && !(await isUsedUp(market, leaseId)))
      stoppedEarly.push(leaseId)
  }
  for (const { eventName, args } of sessions)
    if (eventName === 'VoucherRedeemed') earnedWei += args.paidWei ?? 0n
  const count = (name: (typeof leases)[number]['eventName']) =>
    leases.filter(({ eventName }) => eventName === name).length
  return {
    leases: {
      ...{ opened: count('LeaseOpened'), pinged: count('LeasePinged'), ponged: count('LeasePonged') },
      ...{ faulted: count('LeaseFaulted'), expired: count('LeaseExpired') },
    },
    slashes: slashes.length,
    ...{ stoppedEarly, earnedWei, gainedWei: gained },
    ...{ heldByLeasesWei: held[0] ?? 0n, heldBySessionsWei: held[1] ?? 0n },
  }
}

function balanceOf({ client, contracts }: Market, holder: Address): Promise<bigint> {
  const token = { address: contracts.token, abi: computeTokenAbi } as const
  return client.readContract({ ...token, functionName: 'balanceOf', args: [holder] })
}

async function gainedWei(market: Market, provider: Address): Promise<bigint> {
  const { client, contracts } = market
  const sum = async (way: { from: Address; to: Address }): Promise<bigint> => {
    const token = { address: contracts.token, abi: computeTokenAbi, eventName: 'Transfer' } as const
    const moves = await client.getContractEvents({ ...token, args: way, fromBlock: 0n })
    return moves.reduce((total, { args }) => total + (args.value ?? 0n), 0n)
  }
  const wrappedWei = await sum({ from: zeroAddress, to: provider })
  const stakedWei = await sum({ from: provider, to: contracts.providerRegistry })
  return (await balanceOf(market, provider)) - wrappedWei + stakedWei
}

async function isUsedUp({ client, contracts }: Market, leaseId: bigint): Promise<boolean> {
  const lease = { address: contracts.instanceLease, abi: instanceLeaseAbi, args: [leaseId] } as const
  const [usedSeconds, { maxSeconds }] = await Promise.all([
    client.readContract({ ...lease, functionName: 'usedSecondsOf' }),
    client.readContract({ ...lease, functionName: 'leaseOf' }),
  ])
  return usedSeconds >= maxSeconds
}
