// Signs a bundle's transaction. A full one has tens of thousands of bytes, and is hashed twice: in JavaScript that
// would take longer than all else that is done for it.

import { keccak256Hex } from '@worldland-aa/service/crypto/keccak256'
import {
  type Hash,
  type Hex,
  type PrivateKeyAccount,
  parseSignature,
  serializeTransaction,
  type TransactionSerializableEIP1559,
  type TransactionSerializableEIP7702,
} from 'viem'

export async function signTransaction(
  account: PrivateKeyAccount,
  transaction: TransactionSerializableEIP1559 | TransactionSerializableEIP7702,
): Promise<{ readonly signed: Hex; readonly hash: Hash }> {
  const signature = await account.sign({ hash: keccak256Hex(serializeTransaction(transaction)) })
  const signed = serializeTransaction(transaction, parseSignature(signature))
  return { signed, hash: keccak256Hex(signed) }
}
