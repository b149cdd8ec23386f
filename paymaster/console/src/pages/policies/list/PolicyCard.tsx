// One policy: what it is called, whether it serves, and how its budgets stand.
import { Alert, Badge, Group, Paper, Stack, Text, Title } from '@mantine/core'
import type { Policy } from '../../../../../src/admin/policies/schema.ts'
import { Coin } from '../../../components/Coin.tsx'
import { Moment } from '../../../components/Moment.tsx'
import { PageLink } from '../../../components/PageLink.tsx'
import { count } from '../../../format/number.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { useWords } from '../../../i18n/words.ts'
import { policiesWords } from '../words.ts'
import { BudgetMeter } from './BudgetMeter.tsx'

export function PolicyCard({ policy }: { readonly policy: Policy }) {
  const words = useWords(policiesWords)
  const language = useLanguage()
  const { id, name, isDefault, version, source, changedAtSeconds, idleBecause, budgets, today, totals } =
    policy
  return (
    <Paper withBorder p="md" component="article" aria-label={name} miw={0}>
      <Stack gap="sm">
        <Group justify="space-between" align="flex-start" wrap="nowrap" gap="xs">
          <div>
            <Title order={3} size="h4">
              <PageLink to="/policies/$id" params={{ id }} inherit>
                {name}
              </PageLink>
            </Title>
            <Text size="sm" c="dimmed">
              <span className="hex">{id}</span> · {words.version(version)}, {words.sources[source]},{' '}
              <Moment atSeconds={changedAtSeconds} />
            </Text>
          </div>
          <PolicyBadges policy={policy} isDefault={isDefault} />
        </Group>
        {idleBecause !== null && policy.state === 'inForce' && (
          <Alert color="yellow" p="xs">
            {idleBecause}
          </Alert>
        )}
        {budgets.length === 0 && <Text size="sm">{words.noBudgets}</Text>}
        {budgets.map(budget => (
          <BudgetMeter key={`${budget.scope} ${budget.window} ${budget.unit}`} budget={budget} />
        ))}
        <Text size="sm" c="dimmed">
          {words.today}: <Coin wei={today.spentWei} /> · {words.operations(count(today.operations, language))}{' '}
          — {words.total}: <Coin wei={totals.spentWei} /> ·{' '}
          {words.operations(count(totals.operations, language))}
        </Text>
      </Stack>
    </Paper>
  )
}

export function PolicyBadges({
  policy,
  isDefault,
}: {
  readonly policy: Policy
  readonly isDefault: boolean
}) {
  const words = useWords(policiesWords)
  return (
    <Group gap={4} wrap="nowrap">
      {isDefault && (
        <Badge variant="light" tt="none" title={words.defaultHint} className="badge">
          {words.default}
        </Badge>
      )}
      {policy.state === 'archived' && (
        <Badge variant="light" color="gray" tt="none" className="badge">
          {words.archived}
        </Badge>
      )}
    </Group>
  )
}
