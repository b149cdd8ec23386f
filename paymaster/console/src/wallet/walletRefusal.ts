// Why a wallet sent nothing, in kinds that a page has a sentence for; wallets agree on codes (ERC-1193, EIP-3326) only.
export type WalletRefusal = {
  readonly kind: 'turnedDown' | 'busy' | 'otherAccount' | 'otherChain' | 'unknownChain' | 'failed'
  /** The account or chain that is meant, or the wallet's own words. */
  readonly detail: string
}

export function walletRefusal(error: unknown): WalletRefusal {
  const { code, message } = (error ?? {}) as { readonly code?: unknown; readonly message?: unknown }
  const detail = typeof message === 'string' ? message.slice(0, 300) : String(error).slice(0, 300)
  if (code === 4001 || code === 'ACTION_REJECTED') return { kind: 'turnedDown', detail }
  if (code === -32002) return { kind: 'busy', detail }
  if (code === 4902) return { kind: 'unknownChain', detail }
  return { kind: 'failed', detail }
}
