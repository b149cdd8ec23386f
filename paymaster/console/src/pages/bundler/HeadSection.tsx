// Which bundler it is, how it is, and where its chain stands.
import { Badge, Stack } from '@mantine/core'
import type { BundlerStatus } from '../../../../src/admin/bundler/schema.ts'
import { Facts } from '../../components/Facts.tsx'
import { Hex } from '../../components/Hex.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { gasPrice } from '../../format/gasPrice.ts'
import { count } from '../../format/number.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { bundlerWords } from './words.ts'

export function HeadSection({ url, status }: { readonly url: string; readonly status: BundlerStatus }) {
  const words = useWords(bundlerWords)
  const language = useLanguage()
  const { head, healthy } = status
  return (
    <Section
      title={url}
      actions={
        <Badge color={healthy ? 'teal' : 'red'} variant="light" tt="none" size="lg">
          {healthy ? words.healthy : words.unhealthy}
        </Badge>
      }
    >
      <Stack gap="sm">
        <Facts
          facts={[
            { name: words.version, value: status.version },
            {
              name: words.head,
              value: (
                <>
                  {count(head.number, language)} · <Moment atSeconds={head.timestampSeconds} />
                </>
              ),
            },
            { name: words.baseFee, value: gasPrice(head.baseFeePerGasWei) },
            {
              name: `${words.entryPoint} ${status.entryPointVersion}`,
              value: <Hex value={status.entryPoint} />,
            },
            {
              name: words.paymaster,
              value: status.paymaster === 'answers' ? words.answers : status.paymaster,
            },
          ]}
        />
        {/* What is well needs no words. */}
        {!healthy && (
          <Facts facts={Object.entries(status.checks).map(([name, value]) => ({ name, value }))} />
        )}
      </Stack>
    </Section>
  )
}
