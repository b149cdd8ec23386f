// What a prepared transaction does and what became of it when it was tried: all that a signer should have read.
import { Alert, Code, Stack, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { PreparedTransaction } from '../../../src/admin/treasury/schema.ts'
import { Coin } from '../components/Coin.tsx'
import { Facts } from '../components/Facts.tsx'
import { Hex } from '../components/Hex.tsx'
import { useLanguage } from '../i18n/language.ts'
import { transactionIn } from '../i18n/refusals.ts'
import { useWords } from '../i18n/words.ts'
import { transactionWords } from './words.ts'

export function PreparedFacts({ prepared }: { readonly prepared: PreparedTransaction }) {
  const words = useWords(transactionWords)
  const language = useLanguage()
  const { to, data, valueWei, from, description, says, simulated } = prepared
  const isGood = simulated === 'ok'
  return (
    <Stack gap="md">
      <div>
        <Text size="sm" c="dimmed">
          {words.does}
        </Text>
        <Text className="wraps">{transactionIn(language, says) ?? description}</Text>
      </div>
      <Alert
        color={isGood ? 'teal' : 'red'}
        icon={isGood ? <IconCheck aria-hidden /> : <IconX aria-hidden />}
        title={words.simulated}
        role="status"
      >
        {isGood ? words.simulatedOk : `${words.simulatedNot(simulated)} ${words.willFail}`}
      </Alert>
      <Facts
        facts={[
          { name: words.from, value: from === undefined ? words.anybody : <Hex value={from} /> },
          { name: words.to, value: <Hex value={to} /> },
          { name: words.value, value: <Coin wei={valueWei} /> },
        ]}
      />
      <details>
        <summary className="unfolds">{words.data}</summary>
        <Code block className="wraps" tabIndex={0}>
          {data}
        </Code>
      </details>
    </Stack>
  )
}
