// Whether a hash is signed by an account: by its key, or by a contract that says so itself (ERC-1271).
import {
  type Address,
  encodeFunctionData,
  type Hex,
  isAddressEqual,
  type PublicClient,
  parseAbi,
  recoverAddress,
} from 'viem'
import { call } from 'viem/actions'

type Signed = { readonly user: Address; readonly hash: Hex; readonly signature: Hex }

const erc1271 = parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)'])
const validSignature = '0x1626ba7e'.padEnd(66, '0')
const keysSignatureBytes = 65
/** Enough to verify a passkey's signature in Solidity several times. */
const mostGas = 5_000_000n

/** Asks nobody: no contract has an address that a key has. */
export async function isSignedByKey({ user, hash, signature }: Signed): Promise<boolean> {
  if (signature.length !== 2 + 2 * keysSignatureBytes) return false
  const recovered = await recoverAddress({ hash, signature }).catch(() => undefined)
  return recovered !== undefined && isAddressEqual(recovered, user)
}

/** Runs the account's own code, within bounds. Throws where the node does not answer. */
export async function isSignedByContract(client: PublicClient, signed: Signed): Promise<boolean> {
  const { user, hash, signature } = signed
  const data = encodeFunctionData({ abi: erc1271, functionName: 'isValidSignature', args: [hash, signature] })
  try {
    const answer = await call(client, { to: user, data, gas: mostGas })
    return answer.data === validSignature
  } catch (error) {
    if (isContractsOwn(error)) return false
    throw error
  }
}

/** A contract that reverts, or is none of ERC-1271, does not accept it; a node that does not answer says nothing. */
function isContractsOwn(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (/ExecutionReverted|RpcRequest|RawContract|IntrinsicGas/.test(cause.name)) return true
  }
  return false
}
