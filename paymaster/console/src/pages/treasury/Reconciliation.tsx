// Books against chain: when last, how it came out, and what explains a drift.
import { Alert, Badge, Group, Stack, Text } from '@mantine/core'
import type { ReconciliationRun, ReconciliationView } from '../../../../src/admin/reconciliation/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { DriftItems } from './DriftItems.tsx'
import { DriftTable } from './DriftTable.tsx'
import { OpeningBalance } from './OpeningBalance.tsx'
import { PastRuns } from './PastRuns.tsx'
import { runColors } from './runColors.ts'
import { treasuryWords } from './words.ts'

export function Reconciliation() {
  const words = useWords(treasuryWords).reconciliation
  const query = useApiQuery<ReconciliationView>({ path: 'reconciliation', live: ['reconciliation'] })
  const run = useApiChange({
    change: () => ({ path: 'reconciliation/runs' }),
    touches: ['reconciliation'],
    done: words.started,
  })
  return (
    <Section
      title={words.title}
      description={words.intro}
      actions={
        <RoleButton
          least="operator"
          size="xs"
          variant="default"
          loading={run.isPending || query.data?.isRunning === true}
          onClick={() => run.mutate()}
        >
          {words.run}
        </RoleButton>
      }
    >
      <Answer query={query}>
        {({ latest, nextAtSeconds }) =>
          latest === null ? (
            <Empty title={words.never}>{words.neverNext}</Empty>
          ) : (
            <Stack gap="md">
              <Latest latest={latest} nextAtSeconds={nextAtSeconds} />
              <DriftTable run={latest} />
              {latest.itemCount > 0 && <DriftItems run={latest} />}
              <OpeningBalance run={latest} />
              <PastRuns />
            </Stack>
          )
        }
      </Answer>
    </Section>
  )
}

function Latest({
  latest,
  nextAtSeconds,
}: {
  readonly latest: ReconciliationRun
  readonly nextAtSeconds: number | null
}) {
  const words = useWords(treasuryWords).reconciliation
  const language = useLanguage()
  const { state, finishedAtSeconds, fromBlock, toBlock, problem, deposit } = latest
  return (
    <Stack gap="xs">
      <Group gap="sm">
        <Badge color={runColors[state]} variant="light" size="lg" tt="none">
          {words.states[state]}
        </Badge>
        <Text size="sm" c="dimmed" component="div">
          {finishedAtSeconds !== null && <Moment atSeconds={finishedAtSeconds} />}
          {toBlock !== null &&
            ` · ${words.blocks(fromBlock === null ? '–' : count(fromBlock, language), count(toBlock, language))}`}
          {nextAtSeconds !== null && (
            <>
              {' · '}
              {words.nextOne} <Moment atSeconds={nextAtSeconds} />
            </>
          )}
        </Text>
      </Group>
      {problem !== null && (
        <Alert color="red" role="alert" className="wraps">
          {problem}
        </Alert>
      )}
      {state === 'unexplained' && (
        <Alert color="red" role="alert">
          {words.unexplainedNext(deposit?.unexplainedWei ?? '?')}
        </Alert>
      )}
      {deposit !== null && deposit.carriedWei !== '0' && (
        <Text size="sm">{words.carried(deposit.carriedWei)}</Text>
      )}
      {state === 'explained' && <Alert color="yellow">{words.explainedNext}</Alert>}
    </Stack>
  )
}
