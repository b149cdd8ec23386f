// The devnet's keys, all from the mnemonic that every Ethereum developer knows: worth nothing anywhere else,
// and the same on every run, so that a wallet set up once goes on working.
import { type Address, type Hex, toHex } from 'viem'
import { mnemonicToAccount, privateKeyToAddress } from 'viem/accounts'

export const devnetMnemonic = 'test test test test test test test test test test test junk'

export type DevnetKey = { readonly privateKey: Hex; readonly address: Address }

export type DevnetKeys = {
  readonly deployer: DevnetKey
  /** Holds native coins to give away. */
  readonly faucet: DevnetKey
  readonly paymasterOwner: DevnetKey
  readonly paymasterSigner: DevnetKey
  readonly executors: readonly DevnetKey[]
  readonly providers: readonly DevnetKey[]
}

/** How many accounts of the mnemonic anvil has to fund. */
export const devnetAccountCount = 12

export function devnetKeys(): DevnetKeys {
  // Once: the mnemonic is stretched slowly on purpose.
  const branch = mnemonicToAccount(devnetMnemonic, { path: "m/44'/60'/0'/0" }).getHdKey()
  const keyAt = (addressIndex: number): DevnetKey => {
    const { privateKey } = branch.deriveChild(addressIndex)
    if (privateKey === null) throw new Error(`The mnemonic gives no key ${addressIndex}`)
    return { privateKey: toHex(privateKey), address: privateKeyToAddress(toHex(privateKey)) }
  }
  return {
    deployer: keyAt(0),
    faucet: keyAt(1),
    paymasterOwner: keyAt(2),
    paymasterSigner: keyAt(3),
    executors: [4, 5, 6, 7].map(keyAt),
    providers: [8, 9].map(keyAt),
  }
}
