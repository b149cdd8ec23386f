// How a policy stands: in force or not and why, and what is left of its budgets.
import { Alert, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import type { PolicyDetail } from '../../../../src/admin/policies/schema.ts'
import { Moment } from '../../components/Moment.tsx'
import { useWords } from '../../i18n/words.ts'
import { BudgetMeter } from './list/BudgetMeter.tsx'
import { PolicyBadges } from './list/PolicyCard.tsx'
import { policiesWords } from './words.ts'

export function PolicyState({ policy }: { readonly policy: PolicyDetail }) {
  const words = useWords(policiesWords)
  const {
    id,
    isDefault,
    version,
    source,
    author,
    changedAtSeconds,
    idleBecause,
    budgets,
    waitingFileVersion,
  } = policy
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <PolicyBadges policy={policy} isDefault={isDefault} />
        <Text size="sm" c="dimmed">
          <span className="hex">{id}</span> · {words.version(version)}, {words.sources[source]}
          {author !== '' && `, ${author}`}, <Moment atSeconds={changedAtSeconds} />
        </Text>
      </Group>
      {idleBecause !== null && <Alert color="yellow">{idleBecause}</Alert>}
      {waitingFileVersion !== null && <Alert color="blue">{words.waiting}</Alert>}
      {budgets.length > 0 && (
        <SimpleGrid cols={{ base: 1, md: Math.min(budgets.length, 2) }}>
          {budgets.map(budget => (
            <BudgetMeter key={`${budget.scope} ${budget.window} ${budget.unit}`} budget={budget} />
          ))}
        </SimpleGrid>
      )}
    </Stack>
  )
}
