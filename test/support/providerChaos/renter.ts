// A renter who rents one machine after the other, and gets its way on a chain that takes its transactions back: whatever is
// gone is sent again, until what it wanted stands so deep that no reorg of the test reaches it.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { Call } from '@worldland-aa/sdk/account/call'
import { extendLease } from '@worldland-aa/sdk/actions/lease/extendLease'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { pingProvider } from '@worldland-aa/sdk/actions/lease/pingProvider'
import { rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { sealRentalRequest } from '@worldland-aa/sdk/actions/lease/sealRentalRequest'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { type Address, BaseError, type Hash, parseEventLogs, type TransactionReceipt } from 'viem'
import type { DeploymentClient } from '../../../scripts/deploy/deploymentClient.ts'
import { defaultLeaseParameters } from '../../../scripts/deploy/leaseParameters.ts'
import type { Random } from '../random.ts'

export type Renter = {
  readonly address: Address
  /** What the machine of its present rental is told that it is. */
  present(): { readonly leaseId: bigint; readonly rental: string } | undefined
  readonly done: { stopped: number; ranOut: number; extended: number; pinged: number; rentedAgain: number }
  /** Rents until `isOver` says so, then ends what it has. */
  rentOn(isOver: () => boolean): Promise<void>
}

/** Deeper than the deepest reorg of the test. */
const finalBlocks = 8n
const pauseMilliseconds = 250
/** Of one rental: a bound on a wait that would never end. */
const mostBlocks = 400n
const receiptBlocks = 8n
const pause = () => new Promise(resolve => setTimeout(resolve, pauseMilliseconds))
const isOverOnChain = ({ state }: Lease) => ['settled', 'expired', 'faulted'].includes(state)

export function createRenter(options: {
  readonly client: DeploymentClient
  readonly contracts: ComputeContracts
  readonly offer: { readonly offerId: bigint; readonly pricePerSecondWei: bigint }
  /** A program that counts in its workspace; it finds `RENTAL` in its environment. */
  readonly command: readonly string[]
  readonly random: Random
}): Renter {
  const { client, contracts, offer, random } = options
  const { address } = client.account
  const done = { stopped: 0, ranOut: 0, extended: 0, pinged: 0, rentedAgain: 0 }
  let present: { leaseId: bigint; rental: string } | undefined
  let rentals = 0

  const height = () => client.getBlockNumber({ cacheTime: 0 })

  async function receiptOf(hash: Hash): Promise<TransactionReceipt | undefined> {
    return await client.getTransactionReceipt({ hash }).catch(() => undefined)
  }

  /** The last call's receipt; undefined: the chain would not have it, or took it back. The caller looks again. */
  async function send(calls: readonly Call[]): Promise<TransactionReceipt | undefined> {
    let receipt: TransactionReceipt | undefined
    for (const call of calls) {
      let hash: Hash
      try {
        hash = await client.sendTransaction(call)
      } catch (error) {
        if (error instanceof BaseError) return undefined
        throw error
      }
      const until = (await height()) + receiptBlocks
      for (receipt = undefined; receipt === undefined && (await height()) < until; await pause())
        receipt = await receiptOf(hash)
      if (receipt?.status !== 'success') return undefined
    }
    return receipt
  }

  async function open(seconds: number): Promise<bigint | undefined> {
    const rental = `${address}-${++rentals}`
    const request = { command: options.command, env: { RENTAL: rental } }
    const { offerId, pricePerSecondWei: maximumPricePerSecondWei } = offer
    const accessPublicKey = createSealingKey().publicKey
    const sealedRequest = await sealRentalRequest(client, { contracts, offerId, accessPublicKey, request })
    const terms = { contracts, offerId, seconds, maximumPricePerSecondWei, sealedRequest }
    const receipt = await send(rentInstance.calls({ ...terms, gasAllowanceWei: undefined }))
    const [opened] = parseEventLogs({
      abi: instanceLeaseAbi,
      eventName: 'LeaseOpened',
      logs: receipt?.logs ?? [],
    })
    if (opened === undefined) return undefined
    present = { leaseId: opened.args.leaseId, rental }
    return opened.args.leaseId
  }

  async function mine(leaseId: bigint): Promise<Lease | undefined> {
    const lease = await getLease(client, { contracts, leaseId }).catch(() => undefined)
    return lease?.payer === address ? lease : undefined
  }

  async function rentOnce(isOver: () => boolean): Promise<void> {
    const ends = random.between(0, 2) === 0 ? 'runs out' : 'is stopped'
    const isExtended = random.between(0, 1) === 0
    const seconds = ends === 'runs out' ? random.between(25, 45) : 3_600
    const wanted = {
      pinged: random.between(0, 3) > 0,
      extended: isExtended,
      readyBlocks: random.between(10, 45),
    }
    const leaseId = await open(seconds)
    if (leaseId === undefined) return
    const until = (await height()) + mostBlocks
    let overSince: bigint | undefined
    let readySince: bigint | undefined
    for (; (await height()) < until; await pause()) {
      const lease = await mine(leaseId)
      if (lease === undefined) {
        // A reorg took the very lease; the next one is another.
        done.rentedAgain++
        present = undefined
        return
      }
      if (isOverOnChain(lease)) {
        overSince = overSince === undefined || overSince > lease.blockNumber ? lease.blockNumber : overSince
        if (lease.blockNumber - overSince < finalBlocks) continue
        if (ends === 'runs out' && lease.refundWei === 0n) done.ranOut++
        else done.stopped++
        present = undefined
        return
      }
      overSince = undefined
      if (lease.state !== 'ready') continue
      readySince ??= lease.blockNumber
      const leftSeconds = lease.maximumSeconds - lease.usedSeconds
      if (wanted.pinged && lease.ping === undefined && (isOver() || leftSeconds > 15)) {
        const { pingDepositWei } = defaultLeaseParameters
        wanted.pinged = false
        if (leftSeconds > 15 && (await send(pingProvider.calls({ contracts, leaseId, pingDepositWei }))))
          done.pinged++
      } else if (wanted.extended && ends === 'runs out' && leftSeconds > 8) {
        wanted.extended = false
        if (await send(extendLease.calls({ contracts, lease, extraSeconds: 20 }))) done.extended++
      } else if (ends === 'is stopped' && lease.ping === undefined) {
        const isEnough = lease.blockNumber - readySince >= BigInt(wanted.readyBlocks)
        if (isEnough || isOver()) await send(stopLease.calls({ contracts, leaseId, state: lease.state }))
      }
    }
    throw new Error(`Lease ${leaseId} did not come to its end within ${mostBlocks} blocks`)
  }

  return {
    ...{ address, done },
    present: () => present,
    async rentOn(isOver) {
      while (!isOver()) await rentOnce(isOver)
    },
  }
}
