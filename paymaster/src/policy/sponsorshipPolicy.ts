// A sponsorship policy: whose operations the operator pays, for which calls, up to what.
import type { Address, Hash, Hex } from 'viem'
import type { BudgetWindow } from '../ledger/budgetWindow.ts'
import type { CallCondition } from './definition/callCondition.ts'
import { type OpenHours, openUntil } from './openHours.ts'

export type BudgetLimits = {
  /** Wei of gas cost. */
  readonly costWei?: bigint
  /** Wei of the token that the operations' own calls spend. */
  readonly tokenWei?: bigint
  readonly operations?: number
  readonly window: BudgetWindow
}

/** For whom a limit counts by itself: all together, each sender, each API key. */
export type LimitScope = 'global' | 'sender' | 'apiKey'

export type ScopedLimits = BudgetLimits & { readonly scope: LimitScope }

/** The function selectors of one contract; `0x` is a plain transfer, without calldata. */
export type AllowedFunctions = 'any' | ReadonlySet<Hex>

export type AccountKind = {
  readonly name?: string
  /** Keccak-256 of the code at the account's own address. */
  readonly codeHash: Hash
  /** Of a proxy's implementation (EIP-1967); a proxy whose code is listed without one may stand before anything. */
  readonly implementationCodeHash?: Hash
}

export type MarketRules = {
  /** Lower-case: InstanceLease and ServerlessSession, whose calls are read for what they spend. */
  readonly contracts: ReadonlySet<Address>
  /** Token wei for one unit and second, of the offer in the OfferBook and of what the call agrees to. */
  readonly mostPricePerSecondWei?: bigint
  /** Lower-case; `registered`: by the contract's own ProviderRegistry. */
  readonly providers?: 'registered' | ReadonlySet<Address>
}

export type DecisionWebhook = {
  readonly url: string
  /** The name of a secret of --policy-secrets. */
  readonly secret: string
  readonly timeoutMilliseconds: number
}

/** A sender that did so much harm within a time is not sponsored for another. */
export type BanRules = {
  readonly afterFailures?: number
  /** Wei of gas that an operation of its did not pay back, or that was spent on its failing. */
  readonly afterLossWei?: bigint
  readonly withinSeconds: number
  readonly forSeconds: number
}

export type Policy = {
  readonly id: string
  /** The id as the contract and its events know it, 16 bytes. */
  readonly onChainId: Hex
  /** Of its definition in the database; absent where it was read from a file alone. */
  readonly version?: number
  readonly name: string
  readonly author?: string
  /** A data URI. */
  readonly icon?: string
  readonly description?: string
  /** Serves operations that name no policy. */
  readonly isDefault: boolean
  /** Seconds since the Unix epoch. */
  readonly startsAt?: number
  readonly endsAt?: number
  /** Absent means always. */
  readonly hours?: readonly OpenHours[]
  readonly validitySeconds: number
  /** Ids of the API keys that may use it; absent means everybody. */
  readonly apiKeys?: ReadonlySet<string>
  /** By lower-case address; the key `sender` stands for the account itself. */
  readonly functions: ReadonlyMap<Address | 'sender', AllowedFunctions>
  /** Of some of these functions, by selector: a call must meet one of the conditions. */
  readonly conditions?: ReadonlyMap<Address | 'sender', ReadonlyMap<Hex, readonly CallCondition[]>>
  /** Native wei that all calls of one operation may send together. */
  readonly mostValueWei?: bigint
  /** Lower-case addresses that may deploy an account. */
  readonly factories: 'any' | ReadonlySet<Address>
  readonly accountKinds?: readonly AccountKind[]
  /** Lower-case; absent means everyone. */
  readonly allowedSenders?: ReadonlySet<Address>
  readonly blockedSenders: ReadonlySet<Address>
  readonly market?: MarketRules
  readonly costPerOperationWei: bigint
  /** Token wei that the calls of one operation may spend. */
  readonly tokenPerOperationWei?: bigint
  readonly perSender?: BudgetLimits
  readonly global: BudgetLimits
  /** Beside the two above: other windows, and each API key's share. */
  readonly furtherLimits?: readonly ScopedLimits[]
  readonly bans?: BanRules
  readonly webhook?: DecisionWebhook
}

/** Nothing is signed beyond the policy's end or its hours: a signature outlives whoever gave it. */
export function validityOf({ validitySeconds, endsAt, hours }: Policy, nowSeconds: number): number {
  const closesAt = hours === undefined ? undefined : openUntil(hours, nowSeconds)
  const ends = [endsAt, closesAt].filter(time => time !== undefined)
  // The EntryPoint takes an operation in the second of validUntil itself, in which the policy is over.
  return Math.min(validitySeconds, ...ends.map(time => time - 1 - nowSeconds))
}

/** All limits of a policy, with whom each counts for. */
export function limitsOf({ global, perSender, furtherLimits = [] }: Policy): readonly ScopedLimits[] {
  return [
    { scope: 'global', ...global },
    ...(perSender === undefined ? [] : [{ scope: 'sender', ...perSender } as const]),
    ...furtherLimits,
  ]
}

/** Lower-case, as addresses are compared. */
export function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
