// Keeps what the chain says of this provider as the market file has it: registration, stake, allowed markets, offers. Looks
// at the chain, sends what is missing, and looks again, until nothing is.

import type { Call } from '@worldland-aa/sdk/account/call'
import type { AccountClient } from '@worldland-aa/sdk/account/sendCalls'
import { findOffers } from '@worldland-aa/sdk/actions/market/findOffers'
import type { Offer } from '@worldland-aa/sdk/actions/market/offer'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import { missingStake, readRegistration, remainingCalls } from '@worldland-aa/sdk/provider/registration'
import { feesOf, requireFunds } from '@worldland-aa/sdk/provider/registrationFunds'
import type { ChainUpdate } from '@worldland-aa/service/chain/block'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import { type Hex, isAddressEqual, keccak256, type PublicClient } from 'viem'
import type { Sender } from '../chain/sender.ts'
import type { MarketBook } from './marketBook.ts'
import { offerCalls, offerOf, specHashOf } from './offerPlan.ts'

export type MarketDesk = Part & {
  onChainUpdate(update: ChainUpdate): void
  /** Something may differ now: the file, or whether anything new is sold. */
  look(): void
  /** Of the offers of these names that are on the chain, paused ones of former terms among them. */
  offerIds(names: readonly string[]): readonly bigint[]
  /** In a sentence, while the chain is not as the file has it. */
  problem(): string | undefined
}

export function createMarketDesk(options: {
  readonly client: PublicClient
  readonly contracts: ComputeContracts
  readonly sender: Sender
  readonly wallet: AccountClient
  readonly market: MarketBook
  readonly sealKey: Hex
  readonly isDraining: () => boolean
  readonly logger: Logger
}): MarketDesk {
  const { client, contracts, sender, market, sealKey, isDraining, logger } = options
  let offers: readonly Offer[] = []
  /** Of those offers, by the names that were asked for: asked at every request. */
  let idsOfNames = new WeakMap<readonly string[], readonly bigint[]>()
  let isLooking: Promise<void> | undefined
  let mustLook = true
  let isStopped = true
  let underWay: readonly Call[] | undefined
  /** The same calls may be wanted again later: each time is a purpose of its own. */
  let plans = 0
  let problem: string | undefined = 'the chain was not looked at yet'

  async function missingCalls(): Promise<readonly Call[]> {
    const { payout, metadataUri, stakeWei, offers: wanted } = market.inForce()
    const isServerless = wanted.some(({ kind }) => kind === 'serverless')
    const markets = [contracts.instanceLease, ...(isServerless ? [contracts.serverlessSession] : [])]
    const registration = { contracts, payout, metadataUri, sealKey, stakeWei, markets }
    const account = sender.address
    const [present, instances, serverless] = await Promise.all([
      readRegistration(client, { account, registration }),
      findOffers(client, { contracts, kind: 'instance', minimumFreeUnits: 0 }),
      findOffers(client, { contracts, kind: 'serverless', minimumFreeUnits: 0 }),
    ])
    idsOfNames = new WeakMap()
    offers = [...instances, ...serverless].filter(({ provider }) => isAddressEqual(provider, account))
    const planned = offerCalls({ contracts, wanted, present: offers, isDraining: isDraining() })
    const callsOf = (state: typeof present) => [
      ...remainingCalls(registration, { account, state }),
      ...planned,
    ]
    const fees = await feesOf(options.wallet, { contracts, calls: callsOf(present) })
    const state = { ...present, feesWei: callsOf(present).length === 0 ? 0n : fees.tokenWei }
    const calls = callsOf(state)
    if (calls.length > 0)
      requireFunds({ account, state, ...missingStake(registration, state), fees, mayWrap: true })
    return calls
  }

  async function goOn(): Promise<void> {
    while (mustLook && !isStopped) {
      // Before the chain is read: who asks meanwhile knows of something newer.
      mustLook = false
      const calls = underWay ?? (await missingCalls())
      if (calls.length === 0) {
        if (problem !== undefined) logger.info({ offers: shownOffers() }, 'registered, and offering')
        problem = undefined
        continue
      }
      mustLook = true
      if (underWay === undefined) plans++
      underWay = calls
      problem = `${calls.length} calls are on their way to the market`
      const sent = await sender.submit(`market ${plans} ${keccak256(joined(calls))}`, calls)
      if (sent.ok && sent.value.state === 'pending') return
      underWay = undefined
      if (!sent.ok) return tell(sent.refusal.message)
    }
  }

  function shownOffers(): Readonly<Record<string, string>> {
    const named = market.inForce().offers.map(offer => [offer.name, offerOf(offer, offers)?.offerId] as const)
    return Object.fromEntries(named.map(([name, id]) => [name, String(id)]))
  }

  function tell(reason: string): void {
    if (reason !== problem)
      logger.error(`the provider cannot be registered as the market file has it: ${reason}`)
    problem = reason
  }

  function look(): void {
    if (isStopped || isLooking !== undefined || !mustLook) return
    isLooking = goOn()
      .catch(error => {
        underWay = undefined
        mustLook = true
        tell(reasonOf(error))
      })
      .finally(() => {
        isLooking = undefined
      })
  }

  return {
    name: 'market',
    async start() {
      isStopped = false
      look()
    },
    async stop() {
      isStopped = true
      await isLooking
    },
    onChainUpdate({ removed }) {
      // What a reorg took back is missing again.
      if (removed.length > 0) mustLook = true
      look()
    },
    look() {
      mustLook = true
      look()
    },
    offerIds(names) {
      const known = idsOfNames.get(names)
      if (known !== undefined) return known
      const hashes = new Set(names.map(name => specHashOf({ name })))
      const ids = offers.filter(({ specHash }) => hashes.has(specHash)).map(({ offerId }) => offerId)
      idsOfNames.set(names, ids)
      return ids
    },
    problem: () => problem,
  }
}

function joined(calls: readonly Call[]): Hex {
  return `0x${calls.map(({ to, data, value }) => `${to.slice(2)}${data.slice(2)}${value.toString(16).padStart(64, '0')}`).join('')}`
}
