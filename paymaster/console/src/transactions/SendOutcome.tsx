// What sending came to, where it is not done yet: what the wallet said, what the service said, what to do.
import { Alert } from '@mantine/core'
import { ErrorState } from '../components/ErrorState.tsx'
import { useWords } from '../i18n/words.ts'
import type { Sending } from './useSend.ts'
import { transactionWords } from './words.ts'

export function SendOutcome({ sending, chainId }: { readonly sending: Sending; readonly chainId: number }) {
  const words = useWords(transactionWords)
  if (sending.state === 'asking') {
    return (
      <Alert color="blue" role="status">
        {words.asking}
      </Alert>
    )
  }
  if (sending.state === 'failed') return <ErrorState error={sending.error} />
  if (sending.state === 'notRecorded') {
    return (
      <Alert color="yellow" role="alert" className="wraps">
        {words.notRecorded(sending.hash)}
      </Alert>
    )
  }
  if (sending.state !== 'turnedDown') return null
  const { kind, detail } = sending.refusal
  // Of a wallet's own words only those that no sentence here says.
  const about = kind === 'otherAccount' ? (sending.from ?? '') : kind === 'failed' ? detail : String(chainId)
  return (
    <Alert color="yellow" role="alert" className="wraps">
      {words.refusals[kind](about)}
    </Alert>
  )
}
