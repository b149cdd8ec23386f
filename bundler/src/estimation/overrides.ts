// The state an estimate runs on: the chain's, with the caller's changes, and with ours so that an account
// without money can be measured as if it had it, and one that is to delegate as if it did.

import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import { type Address, type Hex, numberToHex, type StateOverride, zeroHash } from 'viem'
import { delegationCode } from '../entryPoint/delegation.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

type RpcOverride = {
  balance?: Hex
  nonce?: Hex
  code?: Hex
  state?: Record<Hex, Hex>
  stateDiff?: Record<Hex, Hex>
}

/** By lower-case address. */
export type RpcOverrides = Record<Address, RpcOverride>

/** `undefined` when an account is given both `state` and `stateDiff`, which no node takes. */
export function serializeOverride(override: StateOverride): RpcOverrides | undefined {
  const overrides: RpcOverrides = {}
  for (const { address, balance, nonce, code, state, stateDiff } of override) {
    if (state !== undefined && stateDiff !== undefined) return undefined
    const slots = (mapping: NonNullable<typeof state>): Record<Hex, Hex> =>
      Object.fromEntries(mapping.map(({ slot, value }) => [slot, value]))
    overrides[lowerCase(address)] = {
      ...(balance !== undefined && { balance: numberToHex(balance) }),
      ...(nonce !== undefined && { nonce: numberToHex(nonce) }),
      ...(code !== undefined && { code }),
      ...(state !== undefined && { state: slots(state) }),
      ...(stateDiff !== undefined && { stateDiff: slots(stateDiff) }),
    }
  }
  return overrides
}

export function overrideCode(overrides: RpcOverrides, address: Address, code: Hex): RpcOverrides {
  const key = lowerCase(address)
  return { ...overrides, [key]: { ...overrides[key], code } }
}

/** The sender as it is once its authorization has been taken, signed or not. EIP-7702 */
export function delegateSender(
  overrides: RpcOverrides,
  { sender, authorization }: UserOperation,
): RpcOverrides {
  const isGiven = overrides[lowerCase(sender)]?.code !== undefined
  if (authorization === undefined || isGiven) return overrides
  return overrideCode(overrides, sender, delegationCode(authorization.address))
}

export function overrideBalance(overrides: RpcOverrides, address: Address, wei: bigint): RpcOverrides {
  const key = lowerCase(address)
  return { ...overrides, [key]: { ...overrides[key], balance: numberToHex(wei) } }
}

/** Far above any prefund, far below what would overflow. */
export const plentyWei = 1n << 100n

/** `deposits` is the EntryPoint's first storage variable, a deposit the first word of its entry. */
export function depositSlotOf(owner: Address): Hex {
  return keccak256Hex(`0x${lowerCase(owner).slice(2).padStart(64, '0')}${zeroHash.slice(2)}`)
}

/** In the words of any version: the stake of v0.6 stands above. */
export function depositIn(word: bigint): bigint {
  return BigInt.asUintN(112, word)
}

export function hasStorageOverride(overrides: RpcOverrides, address: Address): boolean {
  const { state, stateDiff } = overrides[lowerCase(address)] ?? {}
  return (state ?? stateDiff) !== undefined
}

export function overrideDeposit(
  overrides: RpcOverrides,
  entryPoint: Address,
  owner: Address,
  wei: bigint,
): RpcOverrides {
  const slot = depositSlotOf(owner)
  const key = lowerCase(entryPoint)
  const account = overrides[key] ?? {}
  const kind = account.state === undefined ? 'stateDiff' : 'state'
  const slots = { ...account[kind], [slot]: numberToHex(wei, { size: 32 }) }
  return { ...overrides, [key]: { ...account, [kind]: slots } }
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
