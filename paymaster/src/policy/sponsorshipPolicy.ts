// A sponsorship policy: whose operations the operator pays, for which calls, up to what.
import type { Address, Hex } from 'viem'

/** `day` starts anew at midnight UTC; `total` never does. */
export type BudgetWindow = 'day' | 'total'

export type BudgetLimits = {
  /** Wei of gas cost. */
  readonly costWei?: bigint
  readonly operations?: number
  readonly window: BudgetWindow
}

/** The function selectors of one contract; `0x` is a plain transfer, without calldata. */
export type AllowedFunctions = 'any' | ReadonlySet<Hex>

export type Policy = {
  readonly id: string
  /** The id as the contract and its events know it, 16 bytes. */
  readonly onChainId: Hex
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
  readonly validitySeconds: number
  /** By lower-case address; the key `sender` stands for the account itself. */
  readonly functions: ReadonlyMap<Address | 'sender', AllowedFunctions>
  /** Lower-case addresses that may deploy an account. */
  readonly factories: 'any' | ReadonlySet<Address>
  /** Lower-case; absent means everyone. */
  readonly allowedSenders?: ReadonlySet<Address>
  readonly blockedSenders: ReadonlySet<Address>
  readonly costPerOperationWei: bigint
  readonly perSender?: BudgetLimits
  readonly global: BudgetLimits
}

/** Nothing is signed beyond the policy's end: a signature outlives whoever gave it. */
export function validityOf({ validitySeconds, endsAt }: Policy, nowSeconds: number): number {
  // The EntryPoint takes an operation in the second of validUntil itself, in which the policy is over.
  return endsAt === undefined ? validitySeconds : Math.min(validitySeconds, endsAt - 1 - nowSeconds)
}

/** Lower-case, as addresses are compared. */
export function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
