// Every signer: whether its key is here, whether the contract trusts it, and what to do next.
import { Badge, Text } from '@mantine/core'
import type { SignersView, SignerView } from '../../../../src/admin/signers/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Moment } from '../../components/Moment.tsx'
import { useWords } from '../../i18n/words.ts'
import type { TreasuryKey } from '../../transactions/TransactionDialog.tsx'
import { nextStepOf } from './rotation.ts'
import { SignerActions } from './SignerActions.tsx'
import { signerWords } from './words.ts'

const colors = {
  active: 'teal',
  standby: 'blue',
  untrusted: 'gray',
  retiring: 'yellow',
  removable: 'yellow',
  noKey: 'yellow',
  removed: 'gray',
} as const

export function SignerTable({
  view,
  treasuryKey,
}: {
  readonly view: SignersView
  readonly treasuryKey: TreasuryKey
}) {
  const words = useWords(signerWords)
  const columns: readonly Column<SignerView>[] = [
    { key: 'address', title: words.columns.address, show: ({ address }) => <Hex value={address} /> },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ state }) => (
        <Badge variant={state === 'active' ? 'filled' : 'light'} color={colors[state]} tt="none">
          {words.states[state]}
        </Badge>
      ),
    },
    {
      key: 'key',
      title: words.columns.key,
      show: ({ hasKey }) => <span className="figure">{hasKey ? words.hasKey : words.noKey}</span>,
    },
    {
      key: 'trusted',
      title: words.columns.trusted,
      show: ({ isTrusted }) => (isTrusted ? words.trusted : words.notTrusted),
    },
    {
      key: 'last',
      title: words.columns.lastSignature,
      show: ({ lastSignatureExpiresAtSeconds: until, isExpired }) =>
        until === null ? (
          words.unknownExpiry
        ) : (
          <>
            <Moment atSeconds={until} />
            {isExpired && ` · ${words.expired}`}
          </>
        ),
    },
    {
      key: 'next',
      title: words.columns.next,
      show: signer => (
        <Text size="sm" inherit>
          {words.nextSteps[nextStepOf(signer, view.neededTrustBlocks)]}
        </Text>
      ),
    },
    {
      key: 'actions',
      title: words.actions.title,
      show: signer => <SignerActions signer={signer} view={view} treasuryKey={treasuryKey} />,
    },
  ]
  return (
    <DataTable label={words.title} rows={view.items} columns={columns} keyOf={({ address }) => address} />
  )
}
