// Landings that the deposit paid and whose signatures the ledger does not know: their terms stand on the chain, and say
// on which budgets they count. Where that cannot be told, on those of every policy: never on too few.
import type { PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import type { PublicClient } from 'viem'
import type { Adoption } from '../ledger/adopt.ts'
import type { Landing } from '../ledger/advance.ts'
import type { Budget } from '../ledger/budget.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type DeferredRisk, deferredRiskBudgets } from '../policy/deferredRisk.ts'
import { policyBudgets } from '../policy/policyBudgets.ts'
import { noPolicyId } from '../policy/policyId.ts'
import type { Policy } from '../policy/sponsorshipPolicy.ts'
import { type Domain, landedTerms } from './landedTerms.ts'

export type AdoptionOptions = {
  readonly client: PublicClient
  readonly domain: Domain
  readonly ledger: Pick<Ledger, 'unsigned'>
  readonly policies: () => readonly Policy[]
  readonly deferredRisk: DeferredRisk
  readonly longestValiditySeconds: number
}

/** The same landings; those of unknown signatures with what they are to count on. */
export function createAdoption(
  options: AdoptionOptions,
): (landings: readonly Landing[]) => Promise<readonly Landing[]> {
  const { client, domain, ledger } = options

  async function readTerms(landing: Landing): Promise<PaymasterTerms | undefined> {
    const { input } = await client.getTransaction({ hash: landing.transactionHash })
    return landedTerms(input, landing, domain)
  }

  async function adoptionOf(landing: Landing): Promise<Adoption> {
    const terms = await readTerms(landing)
    if (terms !== undefined) return { ...terms, budgets: budgetsOf(landing, terms) }
    const { timestamp } = await client.getBlock({ blockHash: landing.block.hash })
    const unknown = { mode: 'unknown', policyId: noPolicyId, validUntil: Number(timestamp) }
    return { ...unknown, budgets: budgetsOf(landing, unknown) }
  }

  /** A budget counts in the window of the signing, which was at some time before the end of its validity. */
  function budgetsOf(
    { sender, costWei }: Landing,
    { mode, policyId, validUntil }: Omit<Adoption, 'budgets'>,
  ): readonly Budget[] {
    const isUnknown = mode === 'unknown'
    const policies = options.policies().filter(policy => isUnknown || policy.onChainId === policyId)
    const risk = options.deferredRisk
    const found = [validUntil - options.longestValiditySeconds, validUntil].flatMap(nowSeconds => {
      const common = { operation: { sender }, nowSeconds, maxCostWei: costWei }
      return [
        ...policies.flatMap(policy => policyBudgets({ ...common, policy })),
        ...(isUnknown || mode === 'tokenDeferred' ? deferredRiskBudgets({ ...common, risk }) : []),
      ]
    })
    return [...new Map(found.map(budget => [budget.id, budget])).values()]
  }

  return async landings => {
    const unsigned = new Set(await ledger.unsigned(landings))
    if (unsigned.size === 0) return landings
    return await Promise.all(
      landings.map(async landing =>
        unsigned.has(landing) ? { ...landing, adoption: await adoptionOf(landing) } : landing,
      ),
    )
  }
}
