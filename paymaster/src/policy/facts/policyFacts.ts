// What a policy must know beyond the operation itself: the account's code, the market's prices and providers, and what the
// sender cost before. Only what the policy asks for is read.
import { instanceLeaseAbi } from '@worldland-aa/sdk/abi/instanceLease'
import { providerRegistryAbi } from '@worldland-aa/sdk/abi/providerRegistry'
import type { Address, PublicClient } from 'viem'
import type { Mishap } from '../../ledger/mishaps.ts'
import type { RequestedOperation } from '../../requestedOperation.ts'
import type { TokenFacts } from '../../treasury/contractFacts.ts'
import { comparable, valueAt } from '../definition/callCondition.ts'
import { readOperationCalls, selectorOf, targetOf } from '../operationCalls.ts'
import { lookBackSeconds } from '../rules/bansRule.ts'
import type { Policy } from '../sponsorshipPolicy.ts'
import { type AccountCode, readAccountCode } from './accountCode.ts'
import type { BlockCache } from './blockCache.ts'
import { countsSpend } from './countsSpend.ts'
import { type OperationSpend, readOperationSpend } from './operationSpend.ts'

export type PolicyFacts = {
  readonly account?: AccountCode
  readonly spend?: OperationSpend
  /** Lower-case; whether the market's registry knows them. */
  readonly providers?: ReadonlyMap<Address, boolean>
  /** The sender's, the oldest first. */
  readonly mishaps?: readonly Mishap[]
}

export type FactSources = {
  readonly client: PublicClient
  readonly cached: BlockCache
  readonly token: TokenFacts
  readonly paymaster: Address
  readonly mishapsOf: (sender: Address, sinceSeconds: number) => Promise<readonly Mishap[]>
}

/** False where `readPolicyFacts` would find nothing to read. */
export function asksForFacts(policy: Policy): boolean {
  return (
    policy.accountKinds !== undefined ||
    policy.bans !== undefined ||
    policy.market?.providers !== undefined ||
    countsSpend(policy) ||
    providerConditions(policy)
  )
}

export async function readPolicyFacts(
  sources: FactSources,
  question: { readonly policy: Policy; readonly operation: RequestedOperation; readonly nowSeconds: number },
): Promise<PolicyFacts> {
  const { policy, operation, nowSeconds } = question
  const { client, cached } = sources
  const { bans } = policy
  const [account, spend, mishaps] = await Promise.all([
    policy.accountKinds && readAccountCode(client, cached, operation.sender),
    readSpend(sources, policy, operation),
    bans && sources.mishapsOf(operation.sender, nowSeconds - lookBackSeconds(bans)),
  ])
  const providers = await readProviders(sources, policy, operation, spend)
  return {
    ...(account && { account }),
    ...(spend && { spend }),
    ...(providers && { providers }),
    ...(mishaps && { mishaps }),
  }
}

async function readSpend(
  { client, cached, token, paymaster }: FactSources,
  policy: Policy,
  operation: RequestedOperation,
): Promise<OperationSpend | undefined> {
  if (!countsSpend(policy) && policy.market?.providers === undefined) return undefined
  const contracts = {
    token: token.address,
    paymaster,
    markets: policy.market?.contracts ?? new Set<Address>(),
  }
  return await readOperationSpend({ client, cached, contracts, token }, operation)
}

/** Those that the operation deals with, and those that it names where one must be registered. */
async function readProviders(
  { client, cached }: FactSources,
  policy: Policy,
  operation: RequestedOperation,
  spend: OperationSpend | undefined,
): Promise<ReadonlyMap<Address, boolean> | undefined> {
  const { market } = policy
  const [contract] = market?.contracts ?? []
  if (market === undefined || contract === undefined) return undefined
  const dealtWith =
    market.providers === 'registered' && spend?.ok === true
      ? spend.calls.flatMap(({ provider }) => provider ?? [])
      : []
  const named = [...new Set([...dealtWith, ...namedProviders(policy, operation)])]
  if (named.length === 0) return undefined
  const registry = await cached(`registry/${contract}`, () =>
    client.readContract({ address: contract, abi: instanceLeaseAbi, functionName: 'registry' }),
  )
  const known = await Promise.all(
    named.map(provider =>
      cached(`provider/${registry}/${provider}`, () =>
        client.readContract({
          address: registry,
          abi: providerRegistryAbi,
          functionName: 'isRegistered',
          args: [provider],
        }),
      ),
    ),
  )
  return new Map(named.map((provider, index) => [provider, known[index] === true]))
}

function providerConditions({ conditions }: Policy): boolean {
  return [...(conditions?.values() ?? [])].some(bySelector =>
    [...bySelector.values()]
      .flat()
      .some(entry =>
        entry.arguments.some(({ tests }) => tests.some(({ kind }) => kind === 'registeredProvider')),
      ),
  )
}

/** More are no batch that anybody sends. */
const mostNamed = 64

function namedProviders(policy: Policy, operation: RequestedOperation): readonly Address[] {
  const decoded = readOperationCalls(operation)
  if (!decoded.ok || !providerConditions(policy)) return []
  const named = decoded.calls.flatMap(call => {
    const entries = policy.conditions?.get(targetOf(call, operation))?.get(selectorOf(call.data)) ?? []
    return entries.flatMap(({ decode, arguments: conditions }) => {
      const asked = conditions.filter(({ tests }) => tests.some(({ kind }) => kind === 'registeredProvider'))
      if (asked.length === 0 || call.data.length <= 10) return []
      const values = decode(`0x${call.data.slice(10)}`)
      if (!values.ok) return []
      return asked.map(({ path, type }) => comparable(valueAt(values.values, path), type) as Address)
    })
  })
  return named.slice(0, mostNamed)
}
