// Which code an account has: its own, and that of the implementation that it names as a proxy (EIP-1967).
import { type Address, type Hash, type Hex, isHex, keccak256, type PublicClient, slice } from 'viem'
import type { BlockCache } from './blockCache.ts'

export type AccountCode = {
  /** Absent where nothing is deployed. */
  readonly codeHash?: Hash
  readonly implementationCodeHash?: Hash
}

/** keccak256('eip1967.proxy.implementation') - 1 */
export const implementationSlot: Hash = '0x360894a13ba1a3210667c828492db98dca3e2076cc3735a920a3ca505d382bbc'

export async function readAccountCode(
  client: PublicClient,
  cached: BlockCache,
  account: Address,
): Promise<AccountCode> {
  return await cached(`code/${account}`, async () => {
    const [codeHash, slot] = await Promise.all([
      readCodeHash(client, cached, account),
      client.getStorageAt({ address: account, slot: implementationSlot }),
    ])
    if (codeHash === undefined) return {}
    const implementation = addressIn(slot)
    const behind = implementation && (await readCodeHash(client, cached, implementation))
    return { codeHash, ...(behind === undefined ? {} : { implementationCodeHash: behind }) }
  })
}

async function readCodeHash(
  client: PublicClient,
  cached: BlockCache,
  address: Address,
): Promise<Hash | undefined> {
  return await cached(`codeHash/${address}`, async () => {
    const code = await client.getCode({ address })
    return code === undefined || code === '0x' ? undefined : keccak256(code)
  })
}

function addressIn(slot: Hex | undefined): Address | undefined {
  if (slot === undefined || !isHex(slot) || BigInt(slot) === 0n || slot.length !== 66) return undefined
  return slice(slot, 12)
}
