// Which mempools a node serves, and what they are called on the wire: the id of the file that describes each. All who
// describe a mempool alike come upon the same id, and so upon the same topic.
import { type Address, getAddress } from 'viem'
import type { AlternativeMempool, Relaxation } from '../../../validation/alternativeMempools.ts'
import { contentIdOf } from './contentId.ts'

export type ServedMempool = {
  readonly id: string
  /** Of an alternative mempool, as the operator's file calls it; undefined for the canonical one. */
  readonly name: string | undefined
  /** What the id is the content id of: YAML in this order, ending in a line feed. */
  readonly description: string
}

type Place = { readonly chainId: number; readonly entryPoint: Address; readonly minimumStakeWei: bigint }

/** The mempool of the canonical rules of ERC-7562. */
export function canonicalMempool(place: Place): ServedMempool {
  return described(place, 'The canonical mempool: the rules of ERC-7562 and no exception', undefined)
}

/** ERC-7562 [ALT-010] One that relaxes rules: what it relaxes is part of its description, its local name is not. */
export function alternativeMempool(place: Place, { name, allows }: AlternativeMempool): ServedMempool {
  const relaxations = allows.map(describeRelaxation).sort()
  return described(place, `The rules of ERC-7562 without: ${relaxations.join('; ')}`, name)
}

function described(place: Place, text: string, name: string | undefined): ServedMempool {
  const description = [
    `chainId: '${place.chainId}'`,
    `entryPointContract: '${getAddress(place.entryPoint)}'`,
    `description: ${JSON.stringify(text)}`,
    `minimumStake: '${place.minimumStakeWei}'`,
    '',
  ].join('\n')
  return { id: contentIdOf(description), name, description }
}

function describeRelaxation({ rule, entity, opcode, addresses }: Relaxation): string {
  const where = [
    entity && `of the ${entity}`,
    opcode && `for ${opcode}`,
    addresses &&
      `by ${addresses
        .map(address => getAddress(address.toLowerCase()))
        .sort()
        .join(' or ')}`,
  ]
  return [rule, ...where.filter(part => part !== undefined)].join(' ')
}
