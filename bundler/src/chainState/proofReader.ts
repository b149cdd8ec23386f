// Reads accounts and slots by eth_getProof, one call an account, for nodes without state overrides. The proofs
// themselves are not checked: a node that may lie about its state lies about the block hash as well.
import type { BlockReference } from '@worldland-aa/service/chain/block'
import { type Address, type Hex, hexToBigInt, type PublicClient } from 'viem'
import { createHashReader, type HashReader, hashOfNoCode } from './hashReader.ts'
import type { AccountAnswer, AccountQuery } from './stateQuery.ts'
import type { StateReader } from './stateReader.ts'

type Proof = {
  readonly balance: Hex
  readonly nonce: Hex
  readonly codeHash: Hex
  readonly storageProof: readonly { readonly value: Hex }[]
}

const zeroHash: Hex = `0x${'00'.repeat(32)}`

export function createProofReader(client: PublicClient): StateReader {
  const node = createHashReader(client)
  return {
    name: 'proof',
    // Each account is a call.
    partsEachBlock: 200,
    async read(block, query) {
      // One proof for all that is asked of an account.
      const slotsOf = new Map(query.slots.map(({ address, slots }) => [address, slots]))
      const addresses = new Set([
        ...query.accounts.map(({ address }) => address),
        ...slotsOf.keys(),
        ...query.nonces,
      ])
      const proofs = new Map(
        await Promise.all(
          [...addresses].map(
            async (address): Promise<[Address, Proof]> => [
              address,
              await node.request<Proof>(
                { method: 'eth_getProof', before: [address, slotsOf.get(address) ?? []] },
                block,
              ),
            ],
          ),
        ),
      )
      const proofOf = (address: Address): Proof => proofs.get(address) as Proof
      return {
        accounts: await Promise.all(
          query.accounts.map(account => accountOf(node, block, account, proofOf(account.address))),
        ),
        slots: query.slots.map(({ address, slots }) =>
          slots.map((_, index) => hexToBigInt(proofOf(address).storageProof[index]?.value ?? '0x0')),
        ),
        nonces: query.nonces.map(address => hexToBigInt(proofOf(address).nonce)),
        blockHashes: await Promise.all(query.blockHashes.map(number => node.blockHash(number, block))),
      }
    },
  }
}

async function accountOf(
  node: HashReader,
  block: BlockReference,
  { address, withCode }: AccountQuery,
  { balance, nonce, codeHash }: Proof,
): Promise<AccountAnswer> {
  const balanceWei = hexToBigInt(balance)
  // Nodes name the hash of an account that does not exist differently.
  if (hexToBigInt(codeHash) === 0n || codeHash === hashOfNoCode) {
    const isEmpty = balanceWei === 0n && hexToBigInt(nonce) === 0n
    return { balanceWei, codeHash: isEmpty ? zeroHash : hashOfNoCode }
  }
  if (!withCode) return { balanceWei, codeHash }
  return { balanceWei, codeHash, code: await node.code(address, codeHash, block) }
}
