// What the bundler says of it: where it is in the mempool, and its own account of why.
import { Code, Text } from '@mantine/core'
import type { BundlerView } from '../../../../../src/admin/operations/schema.ts'
import { Facts } from '../../../components/Facts.tsx'
import { Section } from '../../../components/Section.tsx'
import { useLanguage } from '../../../i18n/language.ts'
import { bundlerHintIn } from '../../../i18n/refusals.ts'
import { useWords } from '../../../i18n/words.ts'
import { detailWords } from './words.ts'

export function BundlerPart({ bundler }: { readonly bundler: BundlerView }) {
  const words = useWords(detailWords)
  const language = useLanguage()
  const { connection, hint, state, explanation, receipt } = bundler
  const isUnknown = connection === 'connected' && state === null && receipt === null && explanation == null
  return (
    <Section title={words.bundler}>
      {hint !== null && <Text size="sm">{bundlerHintIn(language, connection) ?? hint}</Text>}
      {isUnknown && <Text size="sm">{words.bundlerUnknown}</Text>}
      {state !== null && <Facts facts={[{ name: words.bundlerState, value: state }]} />}
      {explanation != null && (
        <details>
          <summary className="unfolds">{words.explanation}</summary>
          <Code block mt="xs" className="wraps">
            {JSON.stringify(explanation, null, 2)}
          </Code>
        </details>
      )}
    </Section>
  )
}
