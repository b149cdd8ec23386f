// The provider's daemon over nothing but a chain: it has an ordinary key, and so has the payer who rents of it.
import { join } from 'node:path'
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import type { Call } from '@worldland-aa/sdk/account/call'
import { getLease } from '@worldland-aa/sdk/actions/lease/getLease'
import type { Lease } from '@worldland-aa/sdk/actions/lease/lease'
import { type RentInstanceParameters, rentInstance } from '@worldland-aa/sdk/actions/lease/rentInstance'
import { sealRentalRequest } from '@worldland-aa/sdk/actions/lease/sealRentalRequest'
import { stopLease } from '@worldland-aa/sdk/actions/lease/stopLease'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import { wrapCoin } from '@worldland-aa/sdk/actions/token/wrapCoin'
import type { RentalRequest } from '@worldland-aa/sdk/sealing/rentalRequest'
import { createSealingKey } from '@worldland-aa/sdk/sealing/sealingKey'
import { type Hex, parseEther, parseEventLogs, type TransactionReceipt } from 'viem'
import { generatePrivateKey, privateKeyToAddress } from 'viem/accounts'
import { createDeploymentClient } from '../../scripts/deploy/deploymentClient.ts'
import { startTestChain, type TestChain } from './chain.ts'
import type { Daemon } from './daemon.ts'
import { eventually } from './eventually.ts'
import { createProviderDaemon, type ProviderDaemon, testOffer } from './providerDaemon.ts'
import { sendInOrder } from './sendInOrder.ts'

export type DaemonStage = {
  readonly chain: TestChain
  readonly provider: ProviderDaemon
  rent(options?: {
    request?: RentalRequest
    /** What its access is sealed to; one that nobody keeps, unless it is given. */
    accessPublicKey?: Hex
    imageDigest?: RentInstanceParameters['imageDigest']
  }): Promise<bigint>
  /** As the payer; what it was mined in. */
  stopLease(leaseId: bigint): Promise<TransactionReceipt>
  leaseOf(leaseId: bigint): Promise<Lease>
  /** As `status` shows it: `ready +running`. */
  untilShown(leaseId: bigint, standing: string): Promise<void>
  stop(): Promise<void>
}

export async function startDaemonStage(options: {
  readonly folder: string
  readonly market?: object
  readonly flags: Readonly<Record<string, string | number>>
}): Promise<DaemonStage> {
  const chain = await startTestChain()
  const { contracts } = chain.deployment
  let daemon: Daemon | undefined
  const stop = async (): Promise<void> => {
    await daemon?.stop()
    await chain.stop()
  }
  const privateKey = generatePrivateKey()
  const payer = await createDeploymentClient({ rpcUrl: chain.rpcUrl, privateKey, pollMilliseconds: 50 })
  const provider = createProviderDaemon({
    ...options,
    folder: join(options.folder, 'provider'),
    devnet: { rpcUrl: chain.rpcUrl, contracts },
  })

  const send = (calls: readonly Call[]): Promise<TransactionReceipt> => sendInOrder(payer, calls)
  const leaseOf: DaemonStage['leaseOf'] = leaseId => getLease(chain.client, { contracts, leaseId })

  try {
    for (const to of [payer.account.address, privateKeyToAddress(provider.privateKey)]) {
      const hash = await chain.faucet.sendTransaction({ to, value: parseEther('50') })
      await chain.faucet.waitForTransactionReceipt({ hash })
    }
    await send(wrapCoin.calls({ contracts, amountWei: parseEther('20') }))
    await chain.mineEvery(1)
    daemon = await provider.start()
  } catch (error) {
    await stop()
    throw error
  }
  return {
    ...{ chain, provider, leaseOf, stop },
    async rent({ request, accessPublicKey = createSealingKey().publicKey, imageDigest } = {}) {
      const [offer] = await eventually(
        'an offer',
        () => findOffers(chain.client, { contracts, region: testOffer.region }),
        offers => offers.length > 0,
      )
      if (offer === undefined) throw new Error('There is no offer')
      const { offerId, pricePerSecondWei: maximumPricePerSecondWei } = offer
      const sealedRequest =
        request && (await sealRentalRequest(payer, { contracts, offerId, accessPublicKey, request }))
      const wanted = {
        contracts,
        offerId,
        seconds: 3_600,
        maximumPricePerSecondWei,
        sealedRequest,
        imageDigest,
      }
      const { logs } = await send(rentInstance.calls(wanted))
      const [opened] = parseEventLogs({ abi: instanceLeaseAbi, eventName: 'LeaseOpened', logs })
      if (opened === undefined) throw new Error('No lease was opened')
      return opened.args.leaseId
    },
    async stopLease(leaseId) {
      const { state } = await leaseOf(leaseId)
      return await send(stopLease.calls({ contracts, leaseId, state }))
    },
    async untilShown(leaseId, standing) {
      const row = new RegExp(`^${leaseId} +${standing}`, 'm')
      await eventually(
        `lease ${leaseId} being ${standing}`,
        async () => (await provider.ask('status')).printed,
        printed => row.test(printed),
      )
    },
  }
}
