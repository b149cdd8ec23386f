// Every policy with what is left of its budgets.
import { Group, SimpleGrid, Stack, Title } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useNavigate } from '@tanstack/react-router'
import type { Policy, PolicyList } from '../../../../src/admin/policies/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Page } from '../../components/Page.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { useWords } from '../../i18n/words.ts'
import { BanList } from './list/BanList.tsx'
import { PolicyCard } from './list/PolicyCard.tsx'
import { policiesWords } from './words.ts'

export function PoliciesPage() {
  const words = useWords(policiesWords)
  const query = useApiQuery<PolicyList>({ path: 'policies', live: ['policy', 'operation'] })
  return (
    <Page title={words.title} description={words.description} actions={<Create />}>
      <Answer query={query}>{({ items }) => <Cards policies={items} />}</Answer>
      <BanList />
    </Page>
  )
}

function Cards({ policies }: { readonly policies: readonly Policy[] }) {
  const words = useWords(policiesWords)
  const inForce = policies.filter(({ state }) => state === 'inForce')
  const archived = policies.filter(({ state }) => state === 'archived')
  return (
    <Stack>
      {inForce.length === 0 ? (
        <Empty title={words.empty} action={<Create />}>
          {words.emptyText}
        </Empty>
      ) : (
        <Grid policies={inForce} />
      )}
      {archived.length > 0 && (
        <>
          <Group>
            <Title order={2} size="h4">
              {words.archivedPolicies}
            </Title>
          </Group>
          <Grid policies={archived} />
        </>
      )}
    </Stack>
  )
}

function Grid({ policies }: { readonly policies: readonly Policy[] }) {
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      {policies.map(policy => (
        <PolicyCard key={policy.id} policy={policy} />
      ))}
    </SimpleGrid>
  )
}

function Create() {
  const words = useWords(policiesWords)
  const navigate = useNavigate()
  return (
    <RoleButton
      least="operator"
      leftSection={<IconPlus size={16} aria-hidden />}
      onClick={() => void navigate({ to: '/policies/$id', params: { id: 'new' } })}
    >
      {words.create}
    </RoleButton>
  )
}
