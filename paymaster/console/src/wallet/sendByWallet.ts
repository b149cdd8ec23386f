// One transaction by the owner's own wallet: the right account, the right chain, then the wallet's own question. The
// console never sees a key; what the person turned down is no error.
import type { Provider } from '../waysIn/wallet.ts'
import { type WalletRefusal, walletRefusal } from './walletRefusal.ts'

export type WalletTransaction = {
  readonly chainId: number
  /** Who must sign; undefined when anybody may. */
  readonly from: string | undefined
  readonly to: string
  readonly data: string
  readonly valueWei: string
}

export type SentByWallet =
  | { readonly ok: true; readonly hash: string; readonly from: string }
  | { readonly ok: false; readonly refusal: WalletRefusal }

export async function sendByWallet(
  provider: Provider,
  transaction: WalletTransaction,
): Promise<SentByWallet> {
  try {
    const accounts = (await provider.request({ method: 'eth_requestAccounts' })) as readonly string[]
    const from = transaction.from === undefined ? accounts[0] : accounts.find(sameAs(transaction.from))
    if (from === undefined) {
      return { ok: false, refusal: { kind: 'otherAccount', detail: accounts[0] ?? '' } }
    }
    const unswitched = await switchChain(provider, transaction.chainId)
    if (unswitched !== undefined) return { ok: false, refusal: unswitched }
    const { to, data, valueWei } = transaction
    const value = `0x${BigInt(valueWei).toString(16)}`
    const hash = await provider.request({
      method: 'eth_sendTransaction',
      params: [{ from, to, data, value }],
    })
    return { ok: true, hash: String(hash), from }
  } catch (error) {
    return { ok: false, refusal: walletRefusal(error) }
  }
}

async function switchChain(provider: Provider, chainId: number): Promise<WalletRefusal | undefined> {
  const isThere = async () => Number(await provider.request({ method: 'eth_chainId' })) === chainId
  if (await isThere()) return undefined
  await provider.request({
    method: 'wallet_switchEthereumChain',
    params: [{ chainId: `0x${chainId.toString(16)}` }],
  })
  // Some wallets resolve when the person has closed the question.
  if (await isThere()) return undefined
  return { kind: 'otherChain', detail: String(chainId) }
}

function sameAs(one: string): (other: string) => boolean {
  return other => other.toLowerCase() === one.toLowerCase()
}
