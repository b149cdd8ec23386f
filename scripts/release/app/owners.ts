// Three ways to own an account: a key in the page, a passkey of the device, a wallet that the browser has.
import { type toComputeAccount, worldland } from '@worldland-aa/sdk'
import { createWalletClient, custom, type EIP1193Provider } from 'viem'
import { createWebAuthnCredential, toWebAuthnAccount } from 'viem/account-abstraction'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'

export type OwnerKind = 'key' | 'passkey' | 'wallet'
export type Owner = Parameters<typeof toComputeAccount>[0]['owner']

export async function ownerOf(kind: OwnerKind): Promise<Owner> {
  if (kind === 'key') return privateKeyToAccount(generatePrivateKey())
  if (kind === 'passkey') {
    return toWebAuthnAccount({ credential: await createWebAuthnCredential({ name: 'Renter' }) })
  }
  return await walletOwner(await injectedWallet())
}

/** The wallet keeps its key and signs for the account. */
async function walletOwner(provider: EIP1193Provider): Promise<Owner> {
  const transport = custom(provider)
  const [account] = await createWalletClient({ chain: worldland, transport }).requestAddresses()
  if (account === undefined) throw new Error('The wallet gave no account')
  return createWalletClient({ account, chain: worldland, transport })
}

/** The first that announces itself (ERC-6963). */
async function injectedWallet(): Promise<EIP1193Provider> {
  return await new Promise((resolve, reject) => {
    const giveUp = setTimeout(() => reject(new Error('No wallet announced itself')), 5_000)
    addEventListener('eip6963:announceProvider', event => {
      clearTimeout(giveUp)
      resolve((event as CustomEvent<{ provider: EIP1193Provider }>).detail.provider)
    })
    dispatchEvent(new Event('eip6963:requestProvider'))
  })
}
