// The funded keys of a test chain: anvil's own, each with 10,000 coins.
import type { Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { devnetMnemonic } from '../../scripts/devnet/devnetKeys.ts'

/** `index` 0 to 9. */
export function anvilKey(index: number): Hex {
  const { privateKey } = mnemonicToAccount(devnetMnemonic, { addressIndex: index }).getHdKey()
  if (!privateKey) throw new Error('An HD key without a private key')
  return `0x${Buffer.from(privateKey).toString('hex')}`
}
