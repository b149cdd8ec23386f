// The people of the market's end-to-end tests: a payer, a colleague, a provider, each with a ComputeAccount
// and tokens, and two offers to take.

import type { RightAct } from '@worldland-aa/sdk/actions/rights/rightActs'
import { waitForComputeEvent } from '@worldland-aa/sdk/events/waitForComputeEvent'
import { parseEther } from 'viem'
import { type Actor, createActor } from '../../scripts/demo/actor.ts'
import type { MarketStage } from './marketStage.ts'
import { giveTokens } from './money.ts'

export const pricePerSecondWei = parseEther('0.0001')
const daySeconds = 24 * 3600

export type MarketCast = {
  readonly payer: Actor
  readonly colleague: Actor
  readonly provider: Actor
  readonly offers: { readonly instance: bigint; readonly serverless: bigint }
}

export async function castMarket(stage: MarketStage): Promise<MarketCast> {
  const { contracts } = stage.devnet
  const actor = async (name: string) => {
    const made = await createActor(stage.devnet, name)
    await giveTokens(stage, made.address, parseEther('5'))
    return made
  }
  const [payer, colleague, provider] = [
    await actor('payer'),
    await actor('colleague'),
    await actor('provider'),
  ]
  await landed(
    provider,
    provider.client.registerProvider({
      payout: provider.address,
      metadataUri: 'data:,{}',
      stakeWei: parseEther('2'),
      markets: [contracts.instanceLease, contracts.serverlessSession],
    }),
  )
  const terms = {
    gpuModel: 'Test GPU',
    vramGiB: 24,
    region: 'KR-Test',
    capacityUnits: 4,
    pricePerSecondWei,
    bondPerUnitWei: parseEther('0.1'),
    minimumSeconds: 1,
    maximumSeconds: daySeconds,
  }
  await landed(provider, provider.client.postOffer({ ...terms, kind: 'instance' }))
  await landed(provider, provider.client.postOffer({ ...terms, kind: 'serverless' }))
  const [instance] = await payer.client.findOffers({ region: 'KR-Test' })
  const [serverless] = await payer.client.findOffers({ region: 'KR-Test', kind: 'serverless' })
  if (instance === undefined || serverless === undefined) throw new Error('The provider offers nothing')
  // Deployed by its first operation: only then can the colleague's signatures be redeemed.
  await landed(colleague, colleague.client.transferToken({ to: payer.address, amountWei: 1n }))
  return {
    payer,
    colleague,
    provider,
    offers: { instance: instance.offerId, serverless: serverless.offerId },
  }
}

/** Waits for what an action sent, renter's or provider's: a user operation. */
export async function landed(
  { client }: Actor,
  sent: Promise<Awaited<ReturnType<Actor['client']['acceptLease' | 'revokeRight']>>>,
): Promise<void> {
  const result = await sent
  if (typeof result === 'string') await client.waitForUserOperation({ hash: result })
  else if (result.kind === 'userOperation') {
    await client.waitForUserOperation({ hash: result.userOperationHash })
  } else throw new Error('An actor has a smart account')
}

export async function readyLease({ payer, provider, offers }: MarketCast): Promise<bigint> {
  const hash = await payer.client.rentInstance({ offerId: offers.instance, seconds: 600 })
  const { leaseId } = await payer.client.waitForRental({ hash })
  await landed(provider, provider.client.acceptLease({ leaseId }))
  await landed(provider, provider.client.readyLease({ leaseId, access: '0x01' }))
  return leaseId
}

/** The payer grants the colleague a right. */
export async function grantToColleague(
  stage: MarketStage,
  { payer, colleague }: MarketCast,
  grant: {
    readonly parentId: bigint
    readonly acts: readonly RightAct[]
    readonly budgetWei: bigint
    readonly expiresAtTimestamp: number
  },
): Promise<bigint> {
  const { args } = await waitForComputeEvent(payer.client, {
    contracts: stage.devnet.contracts,
    hash: await payer.client.grantRight({ ...grant, to: colleague.address }),
    contract: 'usageRights',
    eventName: 'RightGranted',
  })
  return args.rightId
}
