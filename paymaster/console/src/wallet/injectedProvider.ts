// The wallet in the browser of whoever looks at the console: what ERC-6963 announces, else `window.ethereum`.
export type InjectedProvider = {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>
}

export type FoundWallet = { readonly name: string; readonly provider: InjectedProvider }

type Announcement = CustomEvent<{
  readonly info: { readonly uuid: string; readonly name: string }
  readonly provider: InjectedProvider
}>

/** Wallets answer an `eip6963:requestProvider` before `dispatchEvent` returns, so nothing is waited for. */
export function findWallets(): readonly FoundWallet[] {
  const found = new Map<string, FoundWallet>()
  const hear = (event: Event): void => {
    const { info, provider } = (event as Announcement).detail
    found.set(info.uuid, { name: info.name, provider })
  }
  window.addEventListener('eip6963:announceProvider', hear)
  window.dispatchEvent(new Event('eip6963:requestProvider'))
  window.removeEventListener('eip6963:announceProvider', hear)
  const { ethereum } = window as unknown as { ethereum?: InjectedProvider }
  if (found.size === 0 && ethereum !== undefined) return [{ name: 'Browser wallet', provider: ethereum }]
  return [...found.values()]
}
