// The calls of the batch, as they were read for the decision.
import { Stack, Text } from '@mantine/core'
import type { DecodedCall } from '../../../../../src/admin/operations/schema.ts'
import { Coin } from '../../../components/Coin.tsx'
import { Hex } from '../../../components/Hex.tsx'
import { Section } from '../../../components/Section.tsx'
import { count } from '../../../format/number.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { useWords } from '../../../i18n/words.ts'
import { detailWords } from './words.ts'

export function CallList({
  calls,
  moreCalls,
}: {
  readonly calls: readonly DecodedCall[]
  readonly moreCalls: number
}) {
  const words = useWords(detailWords)
  const language = useLanguage()
  const keyed = calls.map((call, place) => ({ ...call, key: `${place} ${call.to}` }))
  return (
    <Section title={words.calls}>
      {calls.length === 0 ? (
        <Text size="sm">{words.noCalls}</Text>
      ) : (
        <Stack component="ol" gap={4} className="rules">
          {keyed.map(({ key, to, selector, valueWei, dataBytes }) => (
            <Text key={key} component="li" size="sm">
              <Hex value={to} /> <span className="hex">{selector}</span>
              {valueWei !== '0' && (
                <>
                  {' '}
                  · <Coin wei={valueWei} />
                </>
              )}{' '}
              <Text span c="dimmed" inherit>
                · {words.bytes(count(dataBytes, language))}
              </Text>
            </Text>
          ))}
        </Stack>
      )}
      {moreCalls > 0 && <Text size="sm">{words.moreCalls(count(moreCalls, language))}</Text>}
    </Section>
  )
}
