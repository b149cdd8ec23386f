// What a verdict needs of the state besides the trace: the entities' stakes and the code hashes of all
// that validation visited. One question brings what is not known yet for that block.
import type { Block } from '@worldland-aa/service/chain/block'
import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import { type Address, type Hash, type Hex, type PublicClient, zeroHash } from 'viem'
import type { Stake } from '../entryPoint/stake.ts'
import type { StakeMinimums } from './limits.ts'
import { decodeStateAnswer, encodeStateProgram, type StateAnswer } from './stateProgram.ts'
import type { EntityStake } from './validatedOperation.ts'

export type EntityState = {
  readonly stakes: ReadonlyMap<Address, EntityStake>
  /** Of code; all addresses without code have the same. */
  readonly codeHashes: ReadonlyMap<Address, Hash>
}

export type StateRequest = {
  readonly block: Block
  readonly stakesOf: readonly Address[]
  readonly codeOf: readonly Address[]
}

export type EntityStateReader = { read(request: StateRequest): Promise<EntityState> }

type Known = { readonly stakes: Map<Address, Stake>; readonly codeHashes: Map<Address, Hash> }

/** A verdict at an older block may still be under way when the next one begins. */
const rememberedBlocks = 2
/** The answer may be no larger than the code of a contract, 24,576 bytes (EIP-170). */
const addressesPerCall = 500
const hashOfNothing = keccak256Hex('0x')

/** Reads what is asked for, in its order. */
export type EntitySource = (request: StateRequest) => Promise<StateAnswer>

/** By one eth_call. */
export function nodeEntities(client: PublicClient, entryPoint: Address): EntitySource {
  return async ({ block, stakesOf, codeOf }) => {
    const data = encodeStateProgram({ entryPoint, stakesOf, codeOf })
    const answer = await client.call({ data, blockHash: block.hash })
    const counts = { stakes: stakesOf.length, codeHashes: codeOf.length }
    return decodeStateAnswer(answer.data ?? '0x', counts)
  }
}

export function createEntityStateReader(options: {
  source: EntitySource
  stakeMinimums: StakeMinimums
}): EntityStateReader {
  const { source, stakeMinimums } = options
  const knownByBlock = new Map<Hash, Known>()

  function knownAt(blockHash: Hash): Known {
    const known = knownByBlock.get(blockHash) ?? { stakes: new Map(), codeHashes: new Map() }
    knownByBlock.set(blockHash, known)
    for (const oldest of knownByBlock.keys()) {
      if (knownByBlock.size > rememberedBlocks) knownByBlock.delete(oldest)
    }
    return known
  }

  async function fetchMissing(known: Known, { block, ...request }: StateRequest): Promise<void> {
    const stakesOf = request.stakesOf.filter(address => !known.stakes.has(address))
    const missing = request.codeOf.filter(address => !known.codeHashes.has(address))
    for (let at = 0; at === 0 || at < missing.length; at += addressesPerCall) {
      const codeOf = missing.slice(at, at + addressesPerCall)
      await fetch(known, { block, stakesOf: at === 0 ? stakesOf : [], codeOf })
    }
  }

  async function fetch(known: Known, { block, stakesOf, codeOf }: StateRequest): Promise<void> {
    if (stakesOf.length === 0 && codeOf.length === 0) return
    const answer = await source({ block, stakesOf, codeOf })
    for (const [index, address] of stakesOf.entries()) {
      known.stakes.set(address, answer.stakes[index] as Stake)
    }
    for (const [index, address] of codeOf.entries()) {
      const hash = answer.codeHashes[index] as Hash
      // Funding an address without code turns its hash from zero to that of nothing: its code is the same.
      known.codeHashes.set(address, hash === hashOfNothing ? zeroHash : hash)
    }
  }

  function judged(address: Address, { stakeWei, unstakeDelaySeconds, isLocked }: Stake): EntityStake {
    // ERC-7562 [SREP-010]
    const isStaked =
      isLocked &&
      stakeWei >= stakeMinimums.stakeWei &&
      unstakeDelaySeconds >= stakeMinimums.unstakeDelaySeconds
    return { address, stakeWei, unstakeDelaySeconds, isStaked }
  }

  return {
    async read(request) {
      const known = knownAt(request.block.hash)
      await fetchMissing(known, request)
      return {
        stakes: new Map(
          request.stakesOf.map(address => [address, judged(address, known.stakes.get(address) as Stake)]),
        ),
        codeHashes: new Map(request.codeOf.map(address => [address, known.codeHashes.get(address) as Hash])),
      }
    },
  }
}

/** One hash over the code of every address, whatever their order. ERC-7562 [COD-010] */
export function combinedCodeHash(codeHashes: EntityState['codeHashes']): Hash {
  const sorted = [...codeHashes].sort(([one], [other]) => (one < other ? -1 : 1))
  const bytes: Hex = `0x${sorted.map(([address, hash]) => address.slice(2).toLowerCase() + hash.slice(2)).join('')}`
  return keccak256Hex(bytes)
}
