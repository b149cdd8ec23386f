// What sort of account somebody has: its validation is the dearest part of most operations.
import { type Address, type Client, type Hex, parseAbi, size } from 'viem'
import { getCode, readContract } from 'viem/actions'
import type { WithContracts } from '../chains/computeContracts.ts'

/** A SimpleAccount, or a ComputeAccount by its owner. */
export type AccountKind = 'simple' | 'computeKey' | 'computePasskey'

const keySignatureBytes = 65

/** Of an operation that deploys its account; undefined for a factory of others. */
export function kindByFactory(
  { contracts }: WithContracts,
  { factory, signature }: { readonly factory: Address; readonly signature: Hex },
): AccountKind | undefined {
  const isBy = (other: Address): boolean => factory.toLowerCase() === other.toLowerCase()
  if (isBy(contracts.simpleAccountFactory)) return 'simple'
  if (!isBy(contracts.computeAccountFactory)) return undefined
  return size(signature) > keySignatureBytes ? 'computePasskey' : 'computeKey'
}

const ownerOfCompute = {
  abi: parseAbi(['function owner() view returns (bytes)']),
  functionName: 'owner',
} as const
const addressBytes = 20

/** Of an account that is deployed; undefined where there is none. */
export async function kindAt(client: Client, address: Address): Promise<AccountKind | undefined> {
  if ((await getCode(client, { address })) === undefined) return undefined
  // A SimpleAccount's owner is an address, which is no encoding of bytes.
  const owner = await readContract(client, { address, ...ownerOfCompute }).catch(() => undefined)
  if (owner === undefined) return 'simple'
  return size(owner) > addressBytes ? 'computePasskey' : 'computeKey'
}
