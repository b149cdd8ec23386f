// Whom the bundler keeps at a distance, because too little of what they sent has landed.
import { Badge } from '@mantine/core'
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Nothing } from '../../lists/Nothing.tsx'
import { bundlerWords } from './words.ts'

type Entity = BundlerStatus['reputation'][number]

export function ReputationSection({ reputation }: { readonly reputation: readonly Entity[] }) {
  const words = useWords(bundlerWords)
  const language = useLanguage()
  const columns: readonly Column<Entity>[] = [
    { key: 'address', title: words.columns.address, show: ({ address }) => <Hex value={address} /> },
    {
      key: 'state',
      title: words.columns.state,
      show: ({ status }) => (
        <Badge variant="light" color={status === 'banned' ? 'red' : 'yellow'} tt="none">
          {words.statuses[status]}
        </Badge>
      ),
    },
    { key: 'seen', title: words.columns.seen, isFigure: true, show: ({ seen }) => count(seen, language) },
    {
      key: 'included',
      title: words.columns.included,
      isFigure: true,
      show: ({ included }) => count(included, language),
    },
  ]
  return (
    <Section title={words.reputation}>
      {reputation.length === 0 ? (
        <Nothing title={words.noReputation}>{words.noReputationNext}</Nothing>
      ) : (
        <DataTable
          label={words.reputation}
          rows={reputation}
          columns={columns}
          keyOf={({ address }) => address}
        />
      )}
    </Section>
  )
}
