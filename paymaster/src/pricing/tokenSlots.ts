// Finds where a token keeps balances and allowances, so that clients can estimate for a sender that
// has neither yet (permissionless' balanceOverride).
import { computeTokenAbi } from '@worldland-aa/sdk/abi/computeToken'
import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex, type PublicClient } from 'viem'

export type TokenSlots = { readonly balanceSlot?: bigint; readonly allowanceSlot?: bigint }

const slotsToTry = 16n
const someone: Address = '0x50e0000000000000000000000000000000000001'
const other: Address = '0x50e0000000000000000000000000000000000002'
const mark = 0x5107n

export async function findTokenSlots(client: PublicClient, token: Address): Promise<TokenSlots> {
  const contract = { address: token, abi: computeTokenAbi } as const
  const balanceSlot = await findSlot(slot =>
    client.readContract({
      ...contract,
      functionName: 'balanceOf',
      args: [someone],
      stateOverride: marked(token, entryOf(someone, numberToHex(slot, { size: 32 }))),
    }),
  )
  const allowanceSlot = await findSlot(slot =>
    client.readContract({
      ...contract,
      functionName: 'allowance',
      args: [someone, other],
      stateOverride: marked(token, entryOf(other, entryOf(someone, numberToHex(slot, { size: 32 })))),
    }),
  )
  return {
    ...(balanceSlot === undefined ? {} : { balanceSlot }),
    ...(allowanceSlot === undefined ? {} : { allowanceSlot }),
  }
}

async function findSlot(read: (slot: bigint) => Promise<bigint>): Promise<bigint | undefined> {
  for (let slot = 0n; slot < slotsToTry; slot++) if ((await read(slot)) === mark) return slot
  return undefined
}

/** Where Solidity keeps the entry of `key` in the mapping at `slot`. */
function entryOf(key: Address, slot: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes32' }], [key, slot]))
}

function marked(token: Address, slot: Hex) {
  return [{ address: token, stateDiff: [{ slot, value: numberToHex(mark, { size: 32 }) }] }]
}
