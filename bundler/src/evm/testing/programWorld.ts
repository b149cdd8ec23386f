// The accounts that random programs find themselves among.
import type { Address } from 'viem'
import { Code } from '../code.ts'
import type { Program } from './statements.ts'
import { createWorld, slotKey, type World } from './world.ts'

export const sender: Address = '0x00000000000000000000000000000000000ab000'
export const contracts: readonly Address[] = [
  '0x00000000000000000000000000000000000c0de1',
  '0x00000000000000000000000000000000000c0de2',
  '0x00000000000000000000000000000000000c0de3',
]
const rich: Address = '0x000000000000000000000000000000000000a1ce'
const nobody: Address = '0x00000000000000000000000000000000000dead0'
const delegated: Address = '0x00000000000000000000000000000000de1e9a7e'

export const worldAddresses: readonly Address[] = [sender, ...contracts, rich, nobody, delegated]

export function createProgramWorld(programs: readonly Program[]): World {
  const world = createWorld()
  world.put(sender, { balance: 10n ** 18n, nonce: 3n })
  world.put(rich, { balance: 10n ** 20n })
  world.put(delegated, {
    nonce: 1n,
    balance: 5n,
    code: new Code(Uint8Array.from([0xef, 0x01, 0x00, ...Buffer.from(contracts[1]?.slice(2) ?? '', 'hex')])),
  })
  contracts.forEach((address, index) => {
    const storage = new Map([
      [slotKey(0n), 1n],
      [slotKey(1n), 2n ** 255n],
      [slotKey(2n), BigInt(index)],
    ])
    for (const [slot, value] of storage) if (value === 0n) storage.delete(slot)
    world.put(address, {
      balance: 100n,
      nonce: 1n,
      code: new Code(Uint8Array.from(programs[index] ?? [])),
      storage,
    })
  })
  return world
}
