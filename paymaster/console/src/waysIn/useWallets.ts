// The wallets that this browser has.
import { useEffect, useState } from 'react'
import { type FoundWallet, findWallets } from './wallet.ts'

export function useWallets(): readonly FoundWallet[] {
  const [wallets, setWallets] = useState<readonly FoundWallet[]>([])
  useEffect(() => findWallets(wallet => setWallets(known => [...known, wallet])), [])
  return wallets
}
