// What an operation will read, foreseen from what others of its kind have read: the same slots of the same contracts,
// and its own sender's where theirs were their senders'. So that one question to the node is enough.

import { hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256, keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import { type Address, concatHex, type Hex, numberToHex, pad } from 'viem'
import { Needs } from '../chainState/needs.ts'
import type { UserOperation } from '../validation/validatedOperation.ts'

/** A word as it depends on the operation. */
type Word =
  | { readonly kind: 'literal'; readonly word: Hex }
  | { readonly kind: 'field'; readonly field: Field }
  /** Where Solidity puts an entry of a mapping, or a word behind it. */
  | { readonly kind: 'mapping'; readonly key: Word; readonly mapping: Word; readonly offset: bigint }

const entities = ['sender', 'factory', 'paymaster'] as const
type Field = (typeof entities)[number] | 'nonceKey'
type Fields = Readonly<Record<Field, Hex | undefined>>

type Habits = {
  readonly accounts: readonly Word[]
  readonly slots: readonly { readonly contract: Word; readonly slot: Word }[]
}

const mostKinds = 500
const mostSlots = 200
/** Words of a struct in a mapping. */
const deepestOffset = 4n
/** Mappings of mappings. */
const deepestNesting = 3

export class Foresight {
  /** The oldest first. */
  readonly #habits = new Map<string, Habits>()

  /** Nothing for a kind that was never seen. */
  needsOf(userOperation: UserOperation, entryPoint: Address): Needs {
    const needs = new Needs()
    const habits = this.#habits.get(kindOf(userOperation))
    if (habits === undefined) return needs
    const fields = fieldsOf(userOperation)
    for (const account of habits.accounts) needs.accounts.add(addressIn(resolve(account, fields)))
    for (const { contract, slot } of habits.slots) {
      const address = addressIn(resolve(contract, fields))
      const found = resolve(slot, fields)
      needs.addSlot(address, found)
      // Beside the deposit stands the stake, which the verdict will ask for.
      if (address === entryPoint && slot.kind === 'mapping') needs.addSlot(address, plus(found, 1n))
    }
    return needs
  }

  /** `preimages`: whatever 64 bytes were hashed, from which the places in mappings are told. */
  learn(userOperation: UserOperation, read: Needs, preimages: readonly Uint8Array[]): void {
    const mappings = new Map(preimages.map(preimage => [hexOf(keccak256(preimage)), hexOf(preimage)]))
    const fields = fieldsOf(userOperation)
    const contract = (address: Address): Word => explainedKey(pad(address), fields, entities)
    const slots = [...read.slots].flatMap(([address, found]) =>
      [...found].map(slot => ({
        contract: contract(address),
        slot: explainedPlace(slot, fields, mappings),
      })),
    )
    const kind = kindOf(userOperation)
    this.#habits.delete(kind)
    this.#habits.set(kind, {
      accounts: [...read.accounts].map(contract),
      slots: slots.slice(0, mostSlots),
    })
    for (const oldest of this.#habits.keys()) {
      if (this.#habits.size <= mostKinds) return
      this.#habits.delete(oldest)
    }
  }
}

/** What mostly decides which code validates. */
function kindOf({ factory, paymaster, paymasterData = '0x', callData, signature }: UserOperation): string {
  return [factory, paymaster, paymasterData.length, callData.slice(0, 10), signature.length].join()
}

function fieldsOf({ sender, factory, paymaster, nonce }: UserOperation): Fields {
  const word = (address: Address | undefined): Hex | undefined => address && pad(lowerCase(address))
  return {
    sender: word(sender),
    factory: word(factory),
    paymaster: word(paymaster),
    nonceKey: numberToHex(nonce >> 64n, { size: 32 }),
  }
}

/** A contract, or what a mapping is asked for. */
function explainedKey(word: Hex, fields: Fields, candidates: readonly Field[]): Word {
  const field = candidates.find(name => fields[name] === word)
  return field === undefined ? { kind: 'literal', word } : { kind: 'field', field }
}

/** A slot, or where a mapping stands. */
function explainedPlace(
  word: Hex,
  fields: Fields,
  mappings: ReadonlyMap<Hex, Hex>,
  nesting = deepestNesting,
): Word {
  for (let offset = 0n; offset <= deepestOffset && nesting > 0; offset++) {
    const preimage = BigInt(word) < offset ? undefined : mappings.get(plus(word, -offset))
    if (preimage === undefined) continue
    // Solidity hashes the key and, behind it, the place of the mapping.
    const key = explainedKey(`0x${preimage.slice(2, 66)}`, fields, [...entities, 'nonceKey'])
    const mapping = explainedPlace(`0x${preimage.slice(66)}`, fields, mappings, nesting - 1)
    return { kind: 'mapping', key, mapping, offset }
  }
  return { kind: 'literal', word }
}

function resolve(word: Word, fields: Fields): Hex {
  if (word.kind === 'literal') return word.word
  if (word.kind === 'field') return fields[word.field] ?? pad('0x0')
  const preimage = concatHex([resolve(word.key, fields), resolve(word.mapping, fields)])
  return plus(keccak256Hex(preimage), word.offset)
}

function plus(word: Hex, offset: bigint): Hex {
  if (offset === 0n) return word
  return numberToHex(BigInt.asUintN(256, BigInt(word) + offset), { size: 32 })
}

function addressIn(word: Hex): Address {
  return `0x${word.slice(-40)}`
}

function lowerCase(address: Address): Address {
  return address.toLowerCase() as Address
}
