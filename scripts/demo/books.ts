// The renter's and the provider's books, read from the chain and made to add up to the wei.
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import type { ComputeContracts } from '@worldland-aa/sdk/chains/computeContracts'
import type { Address } from 'viem'
import { coins, table } from './figures.ts'
import type { Renter } from './renter.ts'

export type Balances = {
  /** Token wei. */
  readonly renterWei: bigint
  readonly providerWei: bigint
  readonly escrowWei: bigint
  /** Native wei of the renter's key and account together. */
  readonly renterNativeWei: bigint
}

export async function readBalances(
  renter: Renter,
  parties: { readonly contracts: ComputeContracts; readonly payout: Address },
): Promise<Balances> {
  const { publicClient, account, owner } = renter
  const { contracts, payout } = parties
  const tokens = (holder: Address) =>
    publicClient.readContract({
      address: contracts.token,
      abi: computeTokenAbi,
      functionName: 'balanceOf',
      args: [holder],
    })
  const [renterWei, providerWei, escrowWei, accountNativeWei, keyNativeWei] = await Promise.all([
    tokens(account.address),
    tokens(payout),
    tokens(contracts.instanceLease),
    publicClient.getBalance({ address: account.address }),
    publicClient.getBalance({ address: owner.address }),
  ])
  return { renterWei, providerWei, escrowWei, renterNativeWei: accountNativeWei + keyNativeWei }
}

export type Payments = {
  readonly givenWei: bigint
  readonly escrowWei: bigint
  readonly providerWei: bigint
  readonly refundWei: bigint
  readonly gasWei: bigint
}

/** Throws, naming the first sum that is off: then the demo has found a fault. */
export function assertBooks(before: Balances, after: Balances, payments: Payments): void {
  const { givenWei, escrowWei, providerWei, refundWei, gasWei } = payments
  const sums: readonly (readonly [what: string, actual: bigint, expected: bigint])[] = [
    ['provider + refund = escrow', providerWei + refundWei, escrowWei],
    ["the renter's tokens = given − used − gas", after.renterWei, givenWei - providerWei - gasWei],
    ["the provider's tokens grew by what it earned", after.providerWei - before.providerWei, providerWei],
    ['nothing is left in escrow', after.escrowWei, before.escrowWei],
    ['the renter never held native coin', after.renterNativeWei, 0n],
  ]
  for (const [what, actual, expected] of sums) {
    if (actual !== expected) {
      throw new Error(`The books do not add up: ${what}: ${actual} wei instead of ${expected} wei`)
    }
  }
}

export function booksTable(payments: Payments, after: Balances): readonly string[] {
  const { givenWei, providerWei, gasWei, escrowWei, refundWei } = payments
  return table([
    ['got from the faucet', coins(givenWei), `${givenWei} wei`],
    ['− GPU time used', coins(providerWei), `${providerWei} wei`],
    ['− gas, in the token', coins(gasWei), `${gasWei} wei`],
    ['= left in the account', coins(after.renterWei), `${after.renterWei} wei`],
    ['of the escrow', coins(escrowWei), `${escrowWei} wei`],
    ['came back', coins(refundWei), `${refundWei} wei`],
    ['native coin held, ever', coins(after.renterNativeWei), `${after.renterNativeWei} wei`],
  ])
}
