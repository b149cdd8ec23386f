// Who waits for a place in a block.
import { SimpleGrid, Text } from '@mantine/core'
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { Meter } from '../../charts/Meter.tsx'
import { Facts } from '../../components/Facts.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { duration } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { bundlerWords } from './words.ts'

export function MempoolSection({ mempool }: { readonly mempool: BundlerStatus['mempool'] }) {
  const words = useWords(bundlerWords)
  const language = useLanguage()
  const { pending, submitted, capacity, oldestWaiting } = mempool
  const of = (part: number) => (capacity === 0 ? 0 : (100 * part) / capacity)
  return (
    <Section title={words.mempool}>
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Meter
          label={words.mempool}
          parts={[
            {
              percent: of(submitted),
              color: 'teal',
              label: `${words.submitted} ${count(submitted, language)}`,
            },
            { percent: of(pending), color: 'yellow', label: `${words.pending} ${count(pending, language)}` },
          ]}
          left={`${words.pending} ${count(pending, language)} · ${words.submitted} ${count(submitted, language)}`}
          right={words.capacity(count(pending + submitted, language), count(capacity, language))}
        />
        {oldestWaiting === null ? (
          <Text size="sm" c="dimmed">
            {words.nobodyWaits}
          </Text>
        ) : (
          <Facts
            facts={[
              { name: words.oldest, value: duration(oldestWaiting.waitedSeconds, language) },
              { name: words.operation, value: <Hex value={oldestWaiting.userOperationHash} /> },
              { name: words.sender, value: <Hex value={oldestWaiting.sender} /> },
            ]}
          />
        )}
      </SimpleGrid>
    </Section>
  )
}
