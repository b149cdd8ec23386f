// The operations and transfers that explain a drift, one by one.
import { Stack, Text, Title } from '@mantine/core'
import type { DriftItem, ReconciliationRun } from '../../../../src/admin/reconciliation/schema.ts'
import { useApiList } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Hex } from '../../components/Hex.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { driftIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import { ListAnswer } from '../../lists/ListAnswer.tsx'
import { Wei } from './Wei.tsx'
import { treasuryWords } from './words.ts'

export function DriftItems({ run }: { readonly run: ReconciliationRun }) {
  const words = useWords(treasuryWords).reconciliation
  const language = useLanguage()
  const { query, items } = useApiList<DriftItem>({ path: `reconciliation/runs/${run.id}/items` })
  const columns: readonly Column<DriftItem>[] = [
    {
      key: 'kind',
      title: words.itemColumns.kind,
      show: ({ kind, says }) => (
        <Stack gap={0}>
          <Text size="sm" fw={600}>
            {words.kinds[kind]}
          </Text>
          <Text size="xs" c="dimmed" className="wraps">
            {driftIn(language, kind) ?? says}
          </Text>
        </Stack>
      ),
    },
    {
      key: 'wei',
      title: words.itemColumns.wei,
      isFigure: true,
      show: ({ wei, token }) => (
        <Wei wei={wei} decimals={run.otherTokens.find(one => one.token === token)?.decimals} isDrift />
      ),
    },
    {
      key: 'account',
      title: words.itemColumns.account,
      show: ({ account }) => (account === null ? '–' : <Hex value={account} />),
    },
    {
      key: 'transaction',
      title: words.itemColumns.transaction,
      show: ({ transactionHash }) => <Hex value={transactionHash} />,
    },
    {
      key: 'block',
      title: words.itemColumns.block,
      isFigure: true,
      show: ({ blockNumber }) => <span className="figure">{count(blockNumber, language)}</span>,
    },
  ]
  return (
    <Stack gap="xs">
      <Title order={3} size="h5">
        {words.explains} · {words.items(count(run.itemCount, language))}
      </Title>
      <ListAnswer query={query} isEmpty={false} empty={null}>
        <DataTable
          label={words.explains}
          rows={items}
          columns={columns}
          keyOf={({ transactionHash, kind, userOperationHash }) =>
            `${kind} ${transactionHash} ${userOperationHash}`
          }
        />
      </ListAnswer>
    </Stack>
  )
}
