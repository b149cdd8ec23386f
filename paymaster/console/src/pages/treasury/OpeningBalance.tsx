// What the books opened with, and why that is right: shown open until there is anything to compare.
import { Alert, Stack, Text } from '@mantine/core'
import type { Opening, ReconciliationRun } from '../../../../src/admin/reconciliation/schema.ts'
import { Facts } from '../../components/Facts.tsx'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { Wei } from './Wei.tsx'
import { treasuryWords } from './words.ts'

export function OpeningBalance({ run }: { readonly run: ReconciliationRun }) {
  const words = useWords(treasuryWords).reconciliation.opening
  const { opening, state, deposit } = run
  if (opening === null && deposit === null) return null
  return (
    <details open={state === 'baseline' || hasDrift(opening)}>
      <summary className="unfolds">{words.title}</summary>
      <Stack gap="xs" mt="xs">
        {opening === null ? (
          <Text size="sm">{words.why.earlier}</Text>
        ) : opening.kind === 'derived' ? (
          <Derived opening={opening} />
        ) : (
          <Taken opening={opening} />
        )}
      </Stack>
    </details>
  )
}

function Derived({ opening }: { readonly opening: Opening & { kind: 'derived' } }) {
  const words = useWords(treasuryWords).reconciliation.opening
  const language = useLanguage()
  const { sinceBlock, block, depositedWei, withdrawnWei, operationCostWei, depositWei, drift } = opening
  const sumWei = BigInt(depositWei) - BigInt(drift.depositWei)
  const minus = (wei: string): string => String(-BigInt(wei))
  const parts = Object.entries(words.parts).map(([part, name]) => ({
    part: part as keyof typeof drift,
    name,
  }))
  return (
    <>
      <Text size="sm">{words.derived(count(sinceBlock + 1, language), count(block, language))}</Text>
      <Facts
        facts={[
          { name: words.deposited, value: <Wei wei={depositedWei} /> },
          { name: words.withdrawn, value: <Wei wei={minus(withdrawnWei)} /> },
          {
            name: words.operations(count(opening.operations, language)),
            value: <Wei wei={minus(operationCostWei)} />,
          },
          { name: words.sum, value: <Wei wei={String(sumWei)} /> },
          { name: words.held, value: <Wei wei={depositWei} /> },
          ...parts
            .filter(({ part }) => drift[part] !== '0')
            .map(({ part, name }) => ({
              name: `${words.drift}: ${name}`,
              value: <Wei wei={drift[part]} isDrift />,
            })),
        ]}
      />
      {hasDrift(opening) ? (
        <Alert color="yellow">{words.differs}</Alert>
      ) : (
        <Text size="sm" c="dimmed">
          {words.even}
        </Text>
      )}
    </>
  )
}

function Taken({ opening }: { readonly opening: Opening & { kind: 'taken' } }) {
  const words = useWords(treasuryWords).reconciliation.opening
  const language = useLanguage()
  return (
    <>
      <Text size="sm">
        {words.taken(count(opening.block, language))} {words.why[opening.why]}
      </Text>
      <Facts facts={[{ name: words.held, value: <Wei wei={opening.depositWei} /> }]} />
    </>
  )
}

function hasDrift(opening: Opening | null): boolean {
  return opening?.kind === 'derived' && Object.values(opening.drift).some(wei => wei !== '0')
}
