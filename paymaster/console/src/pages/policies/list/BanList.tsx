// Senders that are not sponsored for a time, and the way to forgive one. Nobody waits: nothing is shown.
import type { ForgiveSender, SenderBan, SenderBanList } from '../../../../../src/admin/policies/schema.ts'
import { useApiChange } from '../../../api/useApiChange.ts'
import { useApiQuery } from '../../../api/useApiQuery.ts'
import { Coin } from '../../../components/Coin.tsx'
import { DataTable } from '../../../components/DataTable.tsx'
import { Hex } from '../../../components/Hex.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { RoleButton } from '../../../components/RoleButton.tsx'
import { Section } from '../../../components/Section.tsx'
import { count } from '../../../format/number.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { useWords } from '../../../i18n/words.ts'
import { policiesWords } from '../words.ts'

export function BanList() {
  const words = useWords(policiesWords)
  const language = useLanguage()
  const query = useApiQuery<SenderBanList>({ path: 'policies/bans', live: ['policy', 'operation'] })
  const forgive = useApiChange<unknown, string>({
    change: sender => ({ path: 'policies/bans/forgive', body: { sender } satisfies ForgiveSender }),
    touches: ['policies'],
    done: words.forgiven,
  })
  const bans = query.data?.items ?? []
  if (bans.length === 0) return null
  return (
    <Section title={words.bans} description={words.bansText}>
      <DataTable<SenderBan>
        label={words.bans}
        rows={bans}
        keyOf={({ policyId, sender }) => `${policyId} ${sender}`}
        columns={[
          { key: 'sender', title: words.sender, show: ({ sender }) => <Hex value={sender} /> },
          { key: 'policy', title: words.policy, show: ({ policyId }) => policyId },
          {
            key: 'loss',
            title: words.loss,
            show: ({ failures, lossWei }) => (
              <>
                {words.failures(count(failures, language))} · <Coin wei={lossWei} />
              </>
            ),
          },
          {
            key: 'until',
            title: words.until,
            show: ({ untilSeconds }) => <Moment atSeconds={untilSeconds} />,
          },
          {
            key: 'forgive',
            title: '',
            isFigure: true,
            show: ({ sender }) => (
              <RoleButton least="operator" size="xs" variant="default" onClick={() => forgive.mutate(sender)}>
                {words.forgive}
              </RoleButton>
            ),
          },
        ]}
      />
    </Section>
  )
}
