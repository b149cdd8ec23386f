// geth before 1.11, of which WorldLand's client is a fork, takes an override for a write of the same transaction: to
// write to that slot again costs 100 gas (EIP-2200, a dirty slot) in place of 2,900. Found by trying, once a node.
import { type Address, type Hex, numberToHex, type PublicClient, zeroHash } from 'viem'

const place: Address = '0x4337000000000000000000000000000000004338'
/** Gas left, SSTORE of 2 to slot 0, gas left: returns the difference. */
const metersWrite: Hex = '0x5a60026000555a900360005260206000f3'
const cleanWriteGas = 2_900n
const dirtyWriteGas = 100n
const coldSlotGas = 2_100n

/** A slot that is not empty, made so by an override and then written to: it seems dirty, in place of new. */
export const newSlotShortfall = 20_000n - dirtyWriteGas

/** Throws when the node does not answer. */
export async function overriddenWriteShortfall(client: PublicClient): Promise<bigint> {
  const stateDiff = { [zeroHash]: numberToHex(1, { size: 32 }) }
  const answer = await client.request({
    method: 'eth_call',
    params: [{ to: place }, 'latest', { [place]: { code: metersWrite, stateDiff } }],
  })
  const isDirty = BigInt(answer) < coldSlotGas + cleanWriteGas
  return isDirty ? cleanWriteGas - dirtyWriteGas : 0n
}
