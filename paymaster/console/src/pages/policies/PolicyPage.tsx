// One policy, or a new one: write it, try it, look back.
import { Tabs } from '@mantine/core'
import { getRouteApi } from '@tanstack/react-router'
import type { PolicyDetail } from '../../../../src/admin/policies/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Page } from '../../components/Page.tsx'
import { PageLink } from '../../components/PageLink.tsx'
import { useWords } from '../../i18n/words.ts'
import { newDefinition } from './definition.ts'
import { DryRunTab } from './dryRun/DryRunTab.tsx'
import { ArchiveButton } from './edit/ArchiveButton.tsx'
import { EditTab } from './edit/EditTab.tsx'
import { UnsavedGuard } from './edit/UnsavedGuard.tsx'
import { HistoryTab } from './history/HistoryTab.tsx'
import { PolicyState } from './PolicyState.tsx'
import type { PolicyTab } from './search.ts'
import { useDraft } from './useDraft.ts'
import { policiesWords } from './words.ts'

const route = getRouteApi('/policies/$id')

export function PolicyPage() {
  const { id } = route.useParams()
  if (id === 'new') return <Policy key="new" policy={undefined} />
  return <Saved key={id} id={id} />
}

function Saved({ id }: { readonly id: string }) {
  const query = useApiQuery<PolicyDetail>({ path: `policies/${encodeURIComponent(id)}`, live: ['policy'] })
  return <Answer query={query}>{policy => <Policy policy={policy} />}</Answer>
}

function Policy({ policy }: { readonly policy: PolicyDetail | undefined }) {
  const words = useWords(policiesWords)
  const { tab = 'edit', operation } = route.useSearch()
  const navigate = route.useNavigate()
  const draft = useDraft(policy?.definition ?? newDefinition)
  return (
    <Page
      title={policy?.name ?? words.newTitle}
      description={
        <PageLink to="/policies" inherit>
          ← {words.back}
        </PageLink>
      }
      actions={policy !== undefined && policy.state === 'inForce' && <ArchiveButton policy={policy} />}
    >
      <UnsavedGuard isChanged={draft.isChanged} />
      {policy !== undefined && <PolicyState policy={policy} />}
      <Tabs
        value={tab}
        keepMounted={false}
        onChange={chosen =>
          void navigate({
            search: before => ({ ...before, tab: (chosen ?? 'edit') as PolicyTab }),
            replace: true,
          })
        }
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="edit">{words.tabs.edit}</Tabs.Tab>
          <Tabs.Tab value="dryRun">{words.tabs.dryRun}</Tabs.Tab>
          {policy !== undefined && <Tabs.Tab value="history">{words.tabs.history}</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="edit">
          <EditTab policy={policy} draft={draft} />
        </Tabs.Panel>
        <Tabs.Panel value="dryRun">
          <DryRunTab draft={draft} operationId={operation} />
        </Tabs.Panel>
        {policy !== undefined && (
          <Tabs.Panel value="history">
            <HistoryTab policy={policy} />
          </Tabs.Panel>
        )}
      </Tabs>
    </Page>
  )
}
