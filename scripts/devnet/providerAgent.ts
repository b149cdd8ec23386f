// A provider that serves by itself: accepts leases, boots a simulated machine, answers pings, and collects
// what has ended. It keeps nothing: all it does follows from what the chain says now, so it can be restarted.
// It is not the provider's daemon: without a container engine that would run what renters send as whoever started the devnet,
// on Linux alone, and take none of the images that the demo and its readers rent.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { Call } from '@worldland-aa/sdk/account/call'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { acceptLease } from '@worldland-aa/sdk/provider/acceptLease'
import { openLeaseRequest } from '@worldland-aa/sdk/provider/openLeaseRequest'
import { pongLease } from '@worldland-aa/sdk/provider/pongLease'
import { readyLease } from '@worldland-aa/sdk/provider/readyLease'
import { stopAsProvider } from '@worldland-aa/sdk/provider/stopAsProvider'
import { sealAccess } from '@worldland-aa/sdk/sealing/sealedAccess'
import { type Hash, type Hex, isAddressEqual, stringToHex } from 'viem'
import type { DeploymentClient } from '../deploy/deploymentClient.ts'
import { providerSealingKey } from './providerSealingKey.ts'
import { simulatedMachine } from './simulatedMachine.ts'

export type ProviderAgentOptions = {
  /** With the provider's key. */
  readonly client: DeploymentClient
  readonly contracts: ComputeContracts
  readonly pollMilliseconds: number
  /** How long the simulated machine takes from accept to ready. */
  readonly bootMilliseconds: number
  readonly onError: (error: unknown) => void
}

/** Blocks after which a transaction that is not mined is taken for lost. */
const patienceBlocks = 20n

export type ProviderAgent = { stop(): Promise<void> }

export function startProviderAgent(options: ProviderAgentOptions): ProviderAgent {
  const { client, contracts, pollMilliseconds, bootMilliseconds, onError } = options
  const open = new Set<bigint>()
  const refused = new Set<bigint>()
  const bootedAt = new Map<bigint, number>()
  /** What was sent for a lease and is not mined yet. */
  const inFlight = new Map<bigint, { readonly hash: Hash; readonly sentAtBlock: bigint }>()
  let seenLeases = 0n
  let stopped = false
  let timer: NodeJS.Timeout | undefined

  let sealingKey: ReturnType<typeof providerSealingKey> | undefined

  async function openRequestOf({ leaseId }: Lease) {
    sealingKey ??= providerSealingKey({ client, contracts })
    const { privateKey } = await sealingKey
    return await openLeaseRequest(client, { contracts, leaseId, privateKeys: [privateKey] })
  }

  /** Whoever asks for what cannot be read has its money back after the deadline. */
  async function canServe(lease: Lease): Promise<boolean> {
    if (refused.has(lease.leaseId)) return false
    const opened = await openRequestOf(lease)
    if (opened.ok) return true
    refused.add(lease.leaseId)
    onError(new Error(`Lease ${lease.leaseId}: ${opened.problem}`))
    return false
  }

  /** Boots what the renter asked for, and seals the way to it. */
  async function accessTo(lease: Lease): Promise<Hex> {
    const { leaseId } = lease
    const opened = await openRequestOf(lease)
    if (!opened.ok) throw new Error(`Lease ${leaseId}: ${opened.problem}`)
    const access = simulatedMachine(leaseId, opened.request)
    const { accessPublicKey: to } = opened
    // Nobody's secret: a machine that is rented without a key is reached by who knows nothing.
    if (to === undefined) return stringToHex(JSON.stringify({ simulated: true, sealed: false }))
    return sealAccess({ contracts, chainId: client.chain.id, leaseId, to, access })
  }

  async function openLeases(): Promise<readonly Lease[]> {
    const count = await client.readContract({
      address: contracts.instanceLease,
      abi: instanceLeaseAbi,
      functionName: 'leaseCount',
    })
    // A reorg may take the newest leases back and give their ids to others.
    if (count < seenLeases)
      for (const ids of [open, refused]) for (const id of ids) if (id > count) ids.delete(id)
    for (let id = seenLeases + 1n; id <= count; id++) open.add(id)
    seenLeases = count
    const leases = await Promise.all([...open].map(leaseId => getLease(client, { contracts, leaseId })))
    for (const lease of leases) {
      if (isMine(lease) && !hasEnded(lease)) continue
      open.delete(lease.leaseId)
      refused.delete(lease.leaseId)
    }
    return leases.filter(lease => open.has(lease.leaseId))
  }

  function isMine(lease: Lease): boolean {
    return isAddressEqual(lease.provider, client.account.address)
  }

  function isBooted(leaseId: bigint): boolean {
    const since = bootedAt.get(leaseId) ?? performance.now()
    bootedAt.set(leaseId, since)
    return performance.now() - since >= bootMilliseconds
  }

  /** What the provider owes a lease now. */
  async function dueCall(lease: Lease): Promise<Call | undefined> {
    const { leaseId, state, deadlineBlock } = lease
    const inTime = deadlineBlock === undefined || lease.blockNumber < deadlineBlock
    if (state === 'locked') {
      return inTime && (await canServe(lease)) ? acceptLease.calls({ contracts, leaseId })[0] : undefined
    }
    if (state === 'accepted' && inTime && isBooted(leaseId)) {
      return readyLease.calls({ contracts, leaseId, access: await accessTo(lease) })[0]
    }
    if (lease.ping !== undefined && lease.blockNumber < lease.ping.deadlineBlock) {
      return pongLease.calls({ contracts, leaseId })[0]
    }
    const timeIsUp =
      state === 'ready' && lease.ping === undefined && lease.usedSeconds === lease.maximumSeconds
    // One step at a time: once it is stopped, the next look settles it.
    if (timeIsUp || state === 'stopped') return stopAsProvider.calls({ contracts, leaseId, state })[0]
    return undefined
  }

  async function isWaiting(lease: Lease): Promise<boolean> {
    const sent = inFlight.get(lease.leaseId)
    if (sent === undefined) return false
    const mined = await client.getTransactionReceipt({ hash: sent.hash }).then(
      () => true,
      () => false,
    )
    if (!mined && lease.blockNumber - sent.sentAtBlock < patienceBlocks) return true
    inFlight.delete(lease.leaseId)
    // What was just mined shows in the lease only when it is read again.
    return mined
  }

  async function serve(): Promise<void> {
    for (const lease of await openLeases()) {
      if (stopped || (await isWaiting(lease))) continue
      try {
        const call = await dueCall(lease)
        if (call === undefined) continue
        const hash = await client.sendTransaction(call)
        inFlight.set(lease.leaseId, { hash, sentAtBlock: lease.blockNumber })
      } catch (error) {
        // The payer may have moved the lease on in between: the next look decides anew.
        onError(error)
      }
    }
  }

  async function run(): Promise<void> {
    while (!stopped) {
      try {
        await serve()
      } catch (error) {
        if (!stopped) onError(error)
      }
      await new Promise<void>(resolve => {
        wake = resolve
        timer = setTimeout(resolve, pollMilliseconds)
      })
    }
  }

  let wake = (): void => undefined
  const running = run()
  return {
    async stop() {
      stopped = true
      clearTimeout(timer)
      wake()
      await running
    },
  }
}

function hasEnded({ state }: Lease): boolean {
  return state === 'settled' || state === 'expired' || state === 'faulted'
}
