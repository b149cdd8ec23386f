// How new is the EVM? Told by opcodes and precompiles, each run in a call that "creates" a contract and
// throws it away: no name or number of the chain is believed.
import type { Block, Hex, PublicClient } from 'viem'
import type { EvmFork } from './evmFork.ts'

/** PUSH1 0 PUSH1 0 RETURN, which runs everywhere. */
const runsAnywhere: Hex = '0x60006000f3'
/** PUSH0 PUSH0 RETURN */
const pushesZero: Hex = '0x5f5ff3'
/** Returns the word of DIFFICULTY, which since Paris is random and no difficulty. */
const tellsDifficulty: Hex = '0x4460005260206000f3'
/** MCOPY and TSTORE of nothing. */
const copiesMemory: Hex = '0x6000600060005e60006000f3'
const storesTransiently: Hex = '0x600060005d60006000f3'
/** CLZ of 1. */
const countsZeros: Hex = '0x60011e5060006000f3'
/** BLS12_G1ADD of two points at infinity. EIP-2537 */
const curveAddition = '0x000000000000000000000000000000000000000b'
const twoPoints: Hex = `0x${'00'.repeat(256)}`

/** Undefined where the node does not run such calls at all, which says nothing of the EVM. */
export async function probeFork(client: PublicClient, head: Block): Promise<EvmFork | undefined> {
  const runs = async (data: Hex): Promise<boolean> => {
    try {
      await client.request({ method: 'eth_call', params: [{ data }, 'latest'] })
      return true
    } catch {
      return false
    }
  }
  const hasCurve = async (): Promise<boolean> => {
    try {
      const params = [{ to: curveAddition, data: twoPoints }, 'latest'] as const
      return (await client.request({ method: 'eth_call', params: [...params] })).length === 2 + 2 * 128
    } catch {
      return false
    }
  }
  const isMerged = async (): Promise<boolean> => {
    try {
      const word = await client.request({ method: 'eth_call', params: [{ data: tellsDifficulty }, 'latest'] })
      return head.difficulty === 0n && BigInt(word) !== 0n
    } catch {
      return false
    }
  }
  if (!(await runs(runsAnywhere))) return undefined
  const [push0, mcopy, tstore, curve, clz] = await Promise.all([
    runs(pushesZero),
    runs(copiesMemory),
    runs(storesTransiently),
    hasCurve(),
    runs(countsZeros),
  ])
  // Each fork brought its own on top of all before: a gap means a chain that picked some, and is held to the least.
  if (!push0) return (await isMerged()) ? 'paris' : 'london'
  if (!mcopy || !tstore) return 'shanghai'
  if (!curve) return 'cancun'
  return clz ? 'osaka' : 'prague'
}
