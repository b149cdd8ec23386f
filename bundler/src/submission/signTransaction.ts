// Signs a bundle's transaction. A full one has tens of thousands of bytes: they are written once for the digest that is
// signed and for what is sent, and as bytes. A general serializer, which does both in hex, takes longer than all else
// that is done for it.

import { bytesOf, hexOf } from '@worldland-aa/service/crypto/bytes'
import { keccak256 } from '@worldland-aa/service/crypto/keccak256'
import {
  type Hash,
  type Hex,
  numberToHex,
  type PrivateKeyAccount,
  parseSignature,
  type TransactionSerializableEIP1559,
  type TransactionSerializableEIP7702,
} from 'viem'
import { encodeRlp, encodeRlpList, type RlpItem } from './rlp.ts'

type Transaction =
  | (TransactionSerializableEIP1559 & { readonly type: 'eip1559' })
  | (TransactionSerializableEIP7702 & { readonly type: 'eip7702' })

export async function signTransaction(
  account: PrivateKeyAccount,
  transaction: Transaction,
): Promise<{ readonly signed: Hex; readonly hash: Hash }> {
  const type = Uint8Array.of(transaction.type === 'eip7702' ? 4 : 2)
  const fields = fieldsOf(transaction).map(encodeRlp)
  const digest = keccak256(Buffer.concat([type, encodeRlpList(fields)]))
  const { yParity, r, s } = parseSignature(await account.sign({ hash: hexOf(digest) }))
  const signature = [quantity(yParity), quantity(BigInt(r)), quantity(BigInt(s))].map(encodeRlp)
  const signed = Buffer.concat([type, encodeRlpList([...fields, ...signature])])
  return { signed: hexOf(signed), hash: hexOf(keccak256(signed)) }
}

/** EIP-1559, EIP-7702 */
function fieldsOf(transaction: Transaction): readonly RlpItem[] {
  const fields = [
    quantity(transaction.chainId),
    quantity(transaction.nonce),
    quantity(transaction.maxPriorityFeePerGas),
    quantity(transaction.maxFeePerGas),
    quantity(transaction.gas),
    bytesOf(transaction.to ?? '0x'),
    quantity(transaction.value),
    bytesOf(transaction.data ?? '0x'),
    [], // of the access list
  ]
  if (transaction.type === 'eip1559') return fields
  const authorizations = (transaction.authorizationList ?? []).map(
    ({ chainId, address, nonce, yParity, r, s }) => [
      quantity(chainId),
      bytesOf(address),
      quantity(nonce),
      quantity(yParity),
      quantity(BigInt(r)),
      quantity(BigInt(s)),
    ],
  )
  return [...fields, authorizations]
}

/** Without leading zeros: of zero nothing is left. */
function quantity(value: bigint | number | undefined = 0n): Uint8Array {
  if (BigInt(value) === 0n) return new Uint8Array(0)
  const digits = numberToHex(value).slice(2)
  return bytesOf(`0x${digits.length % 2 === 0 ? '' : '0'}${digits}`)
}
