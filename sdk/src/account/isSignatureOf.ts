// Whether a signature would convince the market's contracts: ERC-1271 where there is code, a key's otherwise.
// Exactly OpenZeppelin's SignatureChecker: what it refuses (such as ERC-6492) cannot be used on chain.
import { type Address, type Client, type Hex, isAddressEqual, parseAbi, recoverAddress } from 'viem'
import { getCode, readContract } from 'viem/actions'

const erc1271 = {
  abi: parseAbi(['function isValidSignature(bytes32 hash, bytes signature) view returns (bytes4)']),
  functionName: 'isValidSignature',
} as const
const validSignature = '0x1626ba7e'

export async function isSignatureOf(
  client: Client,
  signed: { readonly signer: Address; readonly hash: Hex; readonly signature: Hex },
): Promise<boolean> {
  const { signer, hash, signature } = signed
  const code = await getCode(client, { address: signer })
  if (code === undefined) return await isKeysSignature(signed)
  // A contract that reverts, or is none of ERC-1271, does not accept it.
  const answer = await readContract(client, { address: signer, ...erc1271, args: [hash, signature] }).catch(
    () => undefined,
  )
  return answer === validSignature
}

async function isKeysSignature(signed: { signer: Address; hash: Hex; signature: Hex }): Promise<boolean> {
  const { signer, hash, signature } = signed
  const recovered = await recoverAddress({ hash, signature }).catch(() => undefined)
  return recovered !== undefined && isAddressEqual(recovered, signer)
}
