// How the two kinds of owners of a ComputeAccount sign for it: operations, and everything else (ERC-1271).
import {
  type Account,
  type Address,
  type Hex,
  hashTypedData,
  hexToNumber,
  type LocalAccount,
  numberToHex,
  size,
  slice,
  type WalletClient,
} from 'viem'
import type { WebAuthnAccount } from 'viem/account-abstraction'
import { signMessage, signTypedData } from 'viem/actions'
import { ComputeError } from '../errors/computeError.ts'
import { encodeWebAuthnSignature, stubWebAuthnSignature } from './webAuthnSignature.ts'

export type OwnerSigner = {
  /** As long and dear as a real one, but nobody's. */
  readonly stubSignature: Hex
  readonly signOperation: (userOperationHash: Hex) => Promise<Hex>
  /** Of any other hash: what is signed is bound to account and chain (`replaySafeHash`). */
  readonly signFor: (hash: Hex, place: Place) => Promise<Hex>
}
type Place = { readonly account: Address; readonly chainId: number }

/** Well-formed, with the lower s, and recovered to an address that owns nothing. */
export const stubKeySignature: Hex = `0x${'ff'.repeat(15)}f0${'00'.repeat(15)}01${'7a'.repeat(32)}1c`

/** A key, a passkey, or the client of a wallet that signs for one of its accounts. */
export type SigningOwner = LocalAccount | WebAuthnAccount | OwnerWallet
/** viem's or wagmi's wallet client; its account may be one that only the wallet has the key of. */
export type OwnerWallet = Pick<WalletClient, 'account' | 'request' | 'type'>

export function ownerSigner(owner: SigningOwner): OwnerSigner {
  if (owner.type === 'webAuthn') return passkeySigner(owner as WebAuthnAccount)
  return keySigner('request' in owner ? walletKey(owner) : (owner as LocalAccount))
}

/** What the account's address or public key is taken from. */
export function accountOf(owner: SigningOwner): Pick<LocalAccount, 'address'> | WebAuthnAccount {
  if (!('request' in owner)) return owner
  if (owner.account !== undefined) return owner.account
  throw new ComputeError({
    problem: 'The wallet client that is to own the account has no account.',
    remedy: 'Create it with `account`, from what eth_requestAccounts (viem: requestAddresses) returned.',
  })
}

type Key = Pick<LocalAccount, 'signMessage' | 'signTypedData'>

/** By personal_sign and eth_signTypedData_v4, where the wallet has the key. */
function walletKey(wallet: OwnerWallet): Key {
  const client = wallet as WalletClient
  const account = accountOf(wallet) as Account
  return {
    signMessage: async parameters => withRecoveryId(await signMessage(client, { ...parameters, account })),
    signTypedData: async parameters =>
      withRecoveryId(await signTypedData(client, { ...parameters, account } as never)),
  }
}

/** Some hardware wallets write 0 or 1; the contract takes 27 or 28. */
function withRecoveryId(signature: Hex): Hex {
  if (size(signature) !== 65) return signature
  const v = hexToNumber(slice(signature, 64))
  return v < 27 ? `${slice(signature, 0, 64)}${numberToHex(v + 27).slice(2)}` : signature
}

function keySigner(owner: Key): OwnerSigner {
  return {
    stubSignature: stubKeySignature,
    signOperation: hash => owner.signMessage({ message: { raw: hash } }),
    signFor: (hash, place) => owner.signTypedData(replaySafeMessage(hash, place)),
  }
}

function passkeySigner(owner: WebAuthnAccount): OwnerSigner {
  const sign = async (hash: Hex) => encodeWebAuthnSignature(await owner.sign({ hash }))
  return {
    stubSignature: stubWebAuthnSignature,
    signOperation: sign,
    signFor: (hash, place) => sign(hashTypedData(replaySafeMessage(hash, place))),
  }
}

function replaySafeMessage(hash: Hex, { account, chainId }: Place) {
  return {
    domain: { name: 'ComputeAccount', version: '1', chainId, verifyingContract: account },
    types: { ComputeAccountMessage: [{ name: 'hash', type: 'bytes32' }] },
    primaryType: 'ComputeAccountMessage',
    message: { hash },
  } as const
}
