// Wallets as browsers have them (ERC-1193, announced by ERC-6963): they sign a message of Sign-In with Ethereum.
import type { Session, Wallet } from '../../../src/admin/session/schema.ts'
import { request } from '../api/request.ts'

export type Provider = {
  request(parameters: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
}

export type FoundWallet = { readonly id: string; readonly name: string; readonly provider: Provider }

/** Tells of each as it announces itself; the answer ends it. */
export function findWallets(onFound: (wallet: FoundWallet) => void): () => void {
  const seen = new Set<string>()
  const tell = (wallet: FoundWallet): void => {
    if (seen.has(wallet.id)) return
    seen.add(wallet.id)
    onFound(wallet)
  }
  const hear = (event: Event): void => {
    const { info, provider } = (
      event as CustomEvent<{ info: { rdns: string; name: string }; provider: Provider }>
    ).detail
    tell({ id: info.rdns, name: info.name, provider })
  }
  window.addEventListener('eip6963:announceProvider', hear)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  const { ethereum } = window as { ethereum?: Provider }
  if (ethereum !== undefined && seen.size === 0) tell({ id: 'injected', name: '', provider: ethereum })
  return () => window.removeEventListener('eip6963:announceProvider', hear)
}

export async function signInByWallet(provider: Provider): Promise<Session> {
  const body = await signChallenge(provider, 'session/wallet/challenge')
  return await request<Session>('session/wallet', { method: 'POST', body })
}

export async function addWallet(provider: Provider): Promise<Wallet> {
  const body = await signChallenge(provider, 'session/wallets/challenge')
  return await request<Wallet>('session/wallets', { method: 'POST', body })
}

/** Its code for “the person said no” (EIP-1193). */
export function isRefusedInWallet(error: unknown): boolean {
  return (error as { code?: unknown } | undefined)?.code === 4001
}

async function signChallenge(
  provider: Provider,
  path: string,
): Promise<{ readonly message: string; readonly signature: string }> {
  const accounts = (await provider.request({ method: 'eth_requestAccounts' })) as readonly string[]
  const address = accounts[0] ?? ''
  const { message } = await request<{ message: string }>(path, { method: 'POST', body: { address } })
  const bytes = new TextEncoder().encode(message)
  const hex = `0x${Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')}`
  const signature = (await provider.request({ method: 'personal_sign', params: [hex, address] })) as string
  return { message, signature }
}
