// The state of a block with some of it replaced, as the state overrides of eth_call say.
import type { Address, Hex } from 'viem'
import type { RpcOverrides } from '../estimation/overrides.ts'
import { Code } from '../evm/code.ts'
import type { EvmState } from '../evm/state.ts'

/** The same code is put in place for every estimate: it is taken apart once. */
const knownCodes = new Map<Hex, Code>()
const mostKnownCodes = 32
const leastRememberedCharacters = 4_000

export class OverriddenState implements EvmState {
  readonly #state: EvmState
  readonly #overrides: RpcOverrides

  constructor(state: EvmState, overrides: RpcOverrides) {
    this.#state = state
    this.#overrides = overrides
  }

  balance(address: Address): bigint {
    const given = this.#overrides[address]?.balance
    return given === undefined ? this.#state.balance(address) : BigInt(given)
  }

  nonce(address: Address): bigint {
    const given = this.#overrides[address]?.nonce
    return given === undefined ? this.#state.nonce(address) : BigInt(given)
  }

  code(address: Address): Code {
    const given = this.#overrides[address]?.code
    return given === undefined ? this.#state.code(address) : codeOf(given)
  }

  codeHash(address: Address): Hex {
    const given = this.#overrides[address]?.code
    return given === undefined ? this.#state.codeHash(address) : codeOf(given).hash
  }

  storage(address: Address, slot: Hex): bigint {
    const { state, stateDiff } = this.#overrides[address] ?? {}
    const given = (state ?? stateDiff)?.[slot]
    if (given !== undefined) return BigInt(given)
    // `state` is all the storage there is.
    return state === undefined ? this.#state.storage(address, slot) : 0n
  }

  blockHash(number: bigint): Hex {
    return this.#state.blockHash(number)
  }
}

function codeOf(hex: Hex): Code {
  if (hex.length < leastRememberedCharacters) return Code.fromHex(hex)
  const known = knownCodes.get(hex)
  if (known !== undefined) return known
  const code = Code.fromHex(hex)
  if (knownCodes.size >= mostKnownCodes) knownCodes.clear()
  knownCodes.set(hex, code)
  return code
}
