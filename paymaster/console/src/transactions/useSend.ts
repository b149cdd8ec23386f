// Sends a prepared transaction: by a wallet, of which the service is told afterwards, or by the treasury key.
import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type {
  ExecuteTransaction,
  PreparedTransaction,
  SentByWallet,
  TransactionRequest,
  TreasuryTransaction,
} from '../../../src/admin/treasury/schema.ts'
import { request } from '../api/request.ts'
import { sendByWallet } from '../wallet/sendByWallet.ts'
import type { WalletRefusal } from '../wallet/walletRefusal.ts'
import type { FoundWallet } from '../waysIn/wallet.ts'
import { newRequestId } from './requestId.ts'

export type Sending =
  | { readonly state: 'ready' }
  | { readonly state: 'asking' | 'executing' }
  | { readonly state: 'turnedDown'; readonly refusal: WalletRefusal; readonly from: string | undefined }
  | { readonly state: 'failed'; readonly error: unknown }
  | { readonly state: 'notRecorded'; readonly hash: string }
  | { readonly state: 'sent'; readonly transaction: TreasuryTransaction }

export function useSend(wanted: TransactionRequest): {
  readonly sending: Sending
  byWallet(wallet: FoundWallet, prepared: PreparedTransaction): Promise<void>
  byKey(): Promise<void>
} {
  const client = useQueryClient()
  const [sending, setSending] = useState<Sending>({ state: 'ready' })
  const [requestId] = useState(newRequestId)
  const lookAgain = () => {
    for (const path of ['treasury', 'treasury/transactions', 'signers', 'overview']) {
      void client.invalidateQueries({ queryKey: [path] })
    }
  }
  return {
    sending,
    async byWallet({ provider }, prepared) {
      setSending({ state: 'asking' })
      const { chainId, to, data, valueWei, from, kind } = prepared
      const sent = await sendByWallet(provider, { chainId, to, data, valueWei, from })
      if (!sent.ok) {
        setSending({ state: 'turnedDown', refusal: sent.refusal, from })
        return
      }
      try {
        const body: SentByWallet = { requestId, hash: sent.hash.toLowerCase(), kind }
        const transaction = await request<TreasuryTransaction>('treasury/transactions', {
          method: 'POST',
          body,
        })
        setSending({ state: 'sent', transaction })
      } catch {
        setSending({ state: 'notRecorded', hash: sent.hash })
      }
      lookAgain()
    },
    async byKey() {
      setSending({ state: 'executing' })
      try {
        const body: ExecuteTransaction = { requestId, transaction: wanted }
        const transaction = await request<TreasuryTransaction>('treasury/execute', { method: 'POST', body })
        setSending({ state: 'sent', transaction })
      } catch (error) {
        setSending({ state: 'failed', error })
      }
      lookAgain()
    },
  }
}
