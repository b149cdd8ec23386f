// Every version of a policy: who wrote it, when, what it changed; and the way back to it.
import { Badge, Button, Grid, Group, Modal, NavLink, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { PolicyDetail, PolicyVersion, RollbackPolicy } from '../../../../../src/admin/policies/schema.ts'
import { useApiChange } from '../../../api/useApiChange.ts'
import { useApiList } from '../../../api/useApiQuery.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { Loading } from '../../../components/Loading.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { RoleButton } from '../../../components/RoleButton.tsx'
import { Section } from '../../../components/Section.tsx'
import { commonWords } from '../../../i18n/commonWords.ts'
import { useWords } from '../../../i18n/words.ts'
import { toText } from '../definition.ts'
import { policiesWords } from '../words.ts'
import { Difference } from './Difference.tsx'
import { historyWords } from './words.ts'

export function HistoryTab({ policy }: { readonly policy: PolicyDetail }) {
  const words = useWords(historyWords)
  const common = useWords(commonWords)
  const { sources, version: versionName } = useWords(policiesWords)
  const { query, items } = useApiList<PolicyVersion>({
    path: `policies/${policy.id}/history`,
    live: ['policy'],
  })
  const [chosen, setChosen] = useState<number>()
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />
  const place = Math.max(
    0,
    items.findIndex(({ version }) => version === chosen),
  )
  const shown = items[place]
  if (shown === undefined) return <Loading />
  return (
    <Grid>
      <Grid.Col span={{ base: 12, md: 4 }}>
        <Stack gap={2} component="nav" aria-label={words.versions}>
          {items.map(({ version, author, atSeconds, note, source, isInForce }) => (
            <NavLink
              key={version}
              component="button"
              type="button"
              active={version === shown.version}
              aria-current={version === shown.version}
              onClick={() => setChosen(version)}
              label={
                <Group gap="xs" component="span">
                  <span>{versionName(version)}</span>
                  {isInForce && (
                    <Badge size="sm" tt="none" variant="light" component="span">
                      {words.inForce}
                    </Badge>
                  )}
                </Group>
              }
              description={
                <>
                  <Moment atSeconds={atSeconds} />, {sources[source]}
                  {author !== '' && `, ${words.by(author)}`}
                  {note !== '' && `: ${note}`}
                </>
              }
            />
          ))}
          {query.hasNextPage && (
            <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()}>
              {common.more}
            </Button>
          )}
        </Stack>
      </Grid.Col>
      <Grid.Col span={{ base: 12, md: 8 }}>
        <Version policy={policy} shown={shown} before={items[place + 1]} />
      </Grid.Col>
    </Grid>
  )
}

function Version(properties: {
  readonly policy: PolicyDetail
  readonly shown: PolicyVersion
  readonly before: PolicyVersion | undefined
}) {
  const { policy, shown, before } = properties
  const words = useWords(historyWords)
  const common = useWords(commonWords)
  const [isAsking, setIsAsking] = useState(false)
  const [note, setNote] = useState('')
  const rollback = useApiChange({
    change: () => ({
      path: `policies/${policy.id}/rollback`,
      body: {
        toVersion: shown.version,
        expectedVersion: policy.newestVersion,
        note: note.trim(),
      } satisfies RollbackPolicy,
    }),
    touches: ['policies', 'overview'],
    done: words.rolledBack,
    onDone: () => setIsAsking(false),
  })
  return (
    <Section
      title={words.shown(shown.version)}
      description={before === undefined ? words.first : words.compareTo(before.version)}
      actions={
        <RoleButton
          least="operator"
          size="xs"
          variant="default"
          because={shown.isInForce ? words.alreadyInForce : undefined}
          onClick={() => setIsAsking(true)}
        >
          {words.rollback}
        </RoleButton>
      }
    >
      <Difference
        label={words.shown(shown.version)}
        before={before === undefined ? '' : toText(before.definition)}
        after={toText(shown.definition)}
      />
      <Modal opened={isAsking} onClose={() => setIsAsking(false)} title={words.rollbackTitle(shown.version)}>
        <Stack>
          <Text size="sm">{words.rollbackText}</Text>
          <TextInput
            label={words.note}
            value={note}
            maxLength={500}
            onChange={event => setNote(event.currentTarget.value)}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setIsAsking(false)}>
              {common.cancel}
            </Button>
            <Button loading={rollback.isPending} onClick={() => rollback.mutate()}>
              {words.rollback}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Section>
  )
}
