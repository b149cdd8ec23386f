// Everybody in the full story: each a ComputeAccount of a fresh key that never holds native coin.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { sendBatch } from '@worldland-aa/sdk/account/sendBatch'
import { waitForTransaction } from '@worldland-aa/sdk/account/waitForTransaction'
import { postOffer } from '@worldland-aa/sdk/provider/postOffer'
import { registerProvider } from '@worldland-aa/sdk/provider/registerProvider'
import { type Hash, parseEther } from 'viem'
import { createDeploymentClient } from '../../deploy/deploymentClient.ts'
import type { DevnetFile } from '../../devnet/startDevnet.ts'
import { type Actor, createActor } from '../actor.ts'
import { eventOf, type Landed, land } from './landing.ts'

export type Cast = {
  /** Rents, opens sessions, has a model trained, and sells it. */
  readonly payer: Actor
  /** Is granted a right, and passes a part of it on. */
  readonly lead: Actor
  readonly student: Actor
  readonly provider: Actor
  /** Brings the payer to the provider, for a share; never acts. */
  readonly broker: Actor
  readonly buyer: Actor
  readonly collector: Actor
}

/** Token wei from the faucet. */
const givenWei: Readonly<Partial<Record<keyof Cast, bigint>>> = {
  payer: parseEther('3'),
  lead: parseEther('0.2'),
  student: parseEther('0.2'),
  provider: parseEther('3'),
  buyer: parseEther('2'),
  collector: parseEther('2'),
}

export async function createCast(network: DevnetFile): Promise<Cast> {
  const actor = (name: keyof Cast) => createActor(network, name)
  const [payer, lead, student, provider, broker, buyer, collector] = await Promise.all([
    actor('payer'),
    actor('lead'),
    actor('student'),
    actor('provider'),
    actor('broker'),
    actor('buyer'),
    actor('collector'),
  ])
  return { payer, lead, student, provider, broker, buyer, collector }
}

export function peopleOf(cast: Cast): readonly Actor[] {
  return Object.values(cast)
}

/** Returns what was given in all, token wei. */
export async function giveTokens(network: DevnetFile, cast: Cast): Promise<bigint> {
  const { rpcUrl, faucetKey, contracts } = network
  const faucet = await createDeploymentClient({ rpcUrl, privateKey: faucetKey, pollMilliseconds: 200 })
  const hashes: Hash[] = []
  for (const [name, value] of Object.entries(givenWei)) {
    hashes.push(
      await faucet.writeContract({
        address: contracts.token,
        abi: computeTokenAbi,
        functionName: 'depositTo',
        args: [cast[name as keyof Cast].address],
        value,
      }),
    )
  }
  for (const hash of hashes) await waitForTransaction(faucet, { hash })
  return Object.values(givenWei).reduce((sum, wei) => sum + wei, 0n)
}

export type StoryOffers = { readonly instance: bigint; readonly serverless: bigint }

/** The provider's first user operation: register, stake, let both markets lock the bond, post two offers. */
export async function openShop(provider: Actor): Promise<{ landed: Landed; offers: StoryOffers }> {
  const { client, contracts } = provider
  const terms = {
    contracts,
    gpuModel: 'NVIDIA RTX 5090',
    vramGiB: 32,
    region: 'KR-Daejeon',
    capacityUnits: 2,
    pricePerSecondWei: parseEther('0.72') / 3600n,
    minimumSeconds: 1,
    maximumSeconds: 24 * 3600,
  }
  const calls = [
    ...registerProvider.calls({
      contracts,
      payout: provider.address,
      metadataUri: 'data:application/json,{"name":"Daejeon GPU"}',
      stakeWei: parseEther('2'),
      markets: [contracts.instanceLease, contracts.serverlessSession],
    }),
    ...postOffer.calls({ ...terms, kind: 'instance', bondPerUnitWei: parseEther('0.5') }),
    ...postOffer.calls({ ...terms, kind: 'serverless', bondPerUnitWei: parseEther('0.1') }),
  ]
  const landed = await land(provider, sendBatch(client, { contracts, calls }))
  const { offerId: instance } = eventOf(landed, 'offerBook', 'OfferPosted').args
  // Posted right after it, in the same operation.
  return { landed, offers: { instance, serverless: instance + 1n } }
}
