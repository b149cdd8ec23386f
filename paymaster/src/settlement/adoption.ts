// Landings that the deposit paid and whose signatures the ledger does not know: their terms stand on the chain, and say
// on which budgets they count. Where that cannot be told, on those of every policy: never on too few.
import { entryPoint07Abi } from '@worldland-aa/sdk/abi/entryPoint07'
import { decodePaymasterData, type PaymasterTerms } from '@worldland-aa/sdk/protocol/paymasterData'
import { decodeFunctionData, type Hex, isAddressEqual, type PublicClient, size, slice } from 'viem'
import type { Adoption } from '../ledger/adopt.ts'
import type { Landing } from '../ledger/advance.ts'
import type { Budget } from '../ledger/budget.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { type DeferredRisk, deferredRiskBudgets } from '../policy/deferredRisk.ts'
import { policyBudgets } from '../policy/policyBudgets.ts'
import { noPolicyId } from '../policy/policyId.ts'
import type { Policy } from '../policy/sponsorshipPolicy.ts'
import type { Contracts } from './landings.ts'

export type AdoptionOptions = {
  readonly client: PublicClient
  readonly contracts: Contracts
  readonly ledger: Pick<Ledger, 'unsigned'>
  readonly policies: () => readonly Policy[]
  readonly deferredRisk: DeferredRisk
  readonly longestValiditySeconds: number
}

/** paymasterAndData: the address and two gas limits of 16 bytes come before paymasterData. ERC-4337 v0.7 */
const dataAt = 52

/** The same landings; those of unknown signatures with what they are to count on. */
export function createAdoption(
  options: AdoptionOptions,
): (landings: readonly Landing[]) => Promise<readonly Landing[]> {
  const { client, contracts, ledger } = options

  async function readTerms(landing: Landing): Promise<PaymasterTerms | undefined> {
    const { input } = await client.getTransaction({ hash: landing.transactionHash })
    const paymasterAndData = findPaymasterAndData(input, landing)
    if (paymasterAndData === undefined || size(paymasterAndData) <= dataAt) return undefined
    if (!isAddressEqual(slice(paymasterAndData, 0, 20), contracts.paymaster)) return undefined
    return decodePaymasterData(slice(paymasterAndData, dataAt))?.terms
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

/** Of a bundle that was sent to the EntryPoint itself; not of one within a contract's own encoding. */
function findPaymasterAndData(input: Hex, { sender, nonce }: Landing): Hex | undefined {
  try {
    const { functionName, args } = decodeFunctionData({ abi: entryPoint07Abi, data: input })
    if (functionName !== 'handleOps') return undefined
    return args[0].find(one => isAddressEqual(one.sender, sender) && one.nonce === nonce)?.paymasterAndData
  } catch {
    return undefined
  }
}
