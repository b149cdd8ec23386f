// The keys that send bundles, and whether they can.
import { Badge } from '@mantine/core'
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { Coin } from '../../components/Coin.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Section } from '../../components/Section.tsx'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { bundlerWords } from './words.ts'

type Executor = BundlerStatus['executors'][number]

export function ExecutorTable({ executors }: { readonly executors: readonly Executor[] }) {
  const words = useWords(bundlerWords)
  const columns: readonly Column<Executor>[] = [
    { key: 'address', title: words.columns.address, show: ({ address }) => <Hex value={address} /> },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ setAsideBecause }) =>
        setAsideBecause === null ? (
          <Badge variant="light" color="teal" tt="none">
            {words.ready}
          </Badge>
        ) : (
          words.setAside(setAsideBecause)
        ),
    },
    {
      key: 'balance',
      title: words.columns.balance,
      isFigure: true,
      show: ({ balanceWei }) => <Coin wei={balanceWei} />,
    },
    {
      key: 'nonce',
      title: words.columns.nonce,
      isFigure: true,
      show: ({ pendingNonce }) => String(pendingNonce),
    },
  ]
  return (
    <Section title={words.executors} description={words.executorsHint}>
      {executors.length === 0 ? (
        <Nothing title={words.noExecutors}>{words.noExecutorsNext}</Nothing>
      ) : (
        <DataTable
          label={words.executors}
          rows={executors}
          columns={columns}
          keyOf={({ address }) => address}
        />
      )}
    </Section>
  )
}
