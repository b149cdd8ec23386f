// The parameters that the methods share: how many, an entry point we serve, a hash, a state override.
import { accept, type Result } from '@worldland-aa/service/result'
import type { Address, Hash, Hex, StateOverride } from 'viem'
import { invalid, parseAddress } from './parseUserOperation.ts'

export function parseEntryPoint(value: unknown, served: Address): Result<Address> {
  const address = parseAddress(value)
  if (address === undefined) return invalid('entryPoint', 'must be an address', `this node serves ${served}`)
  if (address !== served)
    return invalid('entryPoint', `${address} is not served here`, `this node serves ${served}`)
  return accept(served)
}

/** ERC-7769: a malformed hash is -32602 "Missing/invalid userOpHash". */
export function parseUserOperationHash(params: readonly unknown[]): Result<Hash> {
  const [value] = params
  if (typeof value === 'string' && /^0x[0-9a-fA-F]{64}$/.test(value))
    return accept(value.toLowerCase() as Hash)
  return invalid('userOpHash', 'is Missing/invalid userOpHash', 'give 0x and 64 hex digits')
}

export function checkCount(params: readonly unknown[], names: readonly string[], optional = 0): Result<void> {
  const missing = names[params.length]
  if (missing !== undefined && params.length < names.length - optional) {
    return invalid(missing, 'is missing', `the parameters are [${names.join(', ')}]`)
  }
  if (params.length > names.length) {
    return invalid('params', `holds ${params.length} values`, `the parameters are [${names.join(', ')}]`)
  }
  return accept(undefined)
}

const maxOverriddenAccounts = 100
const maxOverriddenSlots = 1_000

/** The state override set of geth's eth_call, by address. */
export function parseStateOverride(value: unknown): Result<StateOverride | undefined> {
  if (value === undefined || value === null) return accept(undefined)
  if (typeof value !== 'object' || Array.isArray(value)) {
    return invalid('stateOverride', 'must be an object by address', 'as in eth_call')
  }
  const accounts = Object.entries(value)
  if (accounts.length > maxOverriddenAccounts) {
    return invalid(
      'stateOverride',
      `names ${accounts.length} accounts`,
      `at most ${maxOverriddenAccounts} are taken`,
    )
  }
  const override: StateOverride[number][] = []
  for (const [key, account] of accounts) {
    const parsed = parseAccountOverride(key, account)
    if (!parsed.ok) return parsed
    override.push(parsed.value)
  }
  return accept(override)
}

type WritableOverride = {
  -readonly [Name in
    | 'address'
    | 'balance'
    | 'nonce'
    | 'code'
    | 'state'
    | 'stateDiff']?: StateOverride[number][Name]
}

function parseAccountOverride(key: string, value: unknown): Result<StateOverride[number]> {
  const address = parseAddress(key)
  if (address === undefined)
    return invalid('stateOverride', `names ${key.slice(0, 64)}`, 'its keys are addresses')
  if (typeof value !== 'object' || value === null)
    return invalid(`stateOverride.${key}`, 'must be an object', 'as in eth_call')
  const override: WritableOverride = { address }
  for (const [name, given] of Object.entries(value)) {
    const field = `stateOverride.${key}.${name.slice(0, 32)}`
    if (name === 'balance' || name === 'nonce') {
      // A nonce beyond 2^52 is no account's, and no number of JavaScript's.
      const quantity = name === 'balance' ? /^0x[0-9a-fA-F]{1,64}$/ : /^0x[0-9a-fA-F]{1,13}$/
      if (!isHex(given, quantity)) return invalid(field, 'is malformed', 'give a 0x quantity')
      if (name === 'balance') override.balance = BigInt(given)
      else override.nonce = Number(given)
    } else if (name === 'code') {
      if (!isHex(given, /^0x(?:[0-9a-fA-F]{2})*$/)) return invalid(field, 'is malformed', 'give 0x bytes')
      override.code = given
    } else if (name === 'state' || name === 'stateDiff') {
      const slots = parseSlots(given)
      if (slots === undefined) return invalid(field, 'is malformed', '32-byte slots to 32-byte values')
      override[name] = slots
    } else return invalid(field, 'is not known', 'known are balance, nonce, code, state, stateDiff')
  }
  return accept(override as StateOverride[number])
}

function parseSlots(value: unknown): { slot: Hex; value: Hex }[] | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const entries = Object.entries(value)
  const word = /^0x[0-9a-fA-F]{64}$/
  if (entries.length > maxOverriddenSlots) return undefined
  if (!entries.every(([slot, content]) => isHex(slot, word) && isHex(content, word))) return undefined
  return entries.map(([slot, content]) => ({ slot: slot as Hex, value: content as Hex }))
}

function isHex(value: unknown, pattern: RegExp): value is Hex {
  return typeof value === 'string' && pattern.test(value)
}
