// What the policy would say, and why.
import { Alert, Stack, Text } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import type { DryRunResult } from '../../../../../src/admin/policies/schema.ts'
import { Coin } from '../../../components/Coin.tsx'
import { Facts } from '../../../components/Facts.tsx'
import { RuleOutcomes } from '../../../components/RuleOutcomes.tsx'
import { useLanguage } from '../../../i18n/language.ts'
import { refusalIn } from '../../../i18n/refusals.ts'
import { useWords } from '../../../i18n/words.ts'
import { dryRunWords } from './words.ts'

export function DryRunAnswer({ result }: { readonly result: DryRunResult }) {
  const words = useWords(dryRunWords)
  const { sponsored, refusal, maxCostWei, tokenSpendWei, token, outcomes } = result
  const told = refusalIn(useLanguage(), refusal?.reason ?? null)
  return (
    <Stack>
      <Alert
        color={sponsored ? 'teal' : 'red'}
        icon={sponsored ? <IconCheck aria-hidden /> : <IconX aria-hidden />}
        title={sponsored ? words.wouldSponsor : words.wouldRefuse}
      >
        {told !== undefined && <Text size="sm">{told}</Text>}
        {refusal !== null && (
          <Text size="sm" {...(told !== undefined && { c: 'dimmed', lang: 'en' })}>
            {refusal.message}
          </Text>
        )}
        <Facts
          facts={[
            ...(maxCostWei === null ? [] : [{ name: words.maxCost, value: <Coin wei={maxCostWei} /> }]),
            ...(tokenSpendWei === null
              ? []
              : [{ name: words.tokenSpend, value: <Coin wei={tokenSpendWei} {...token} /> }]),
          ]}
        />
      </Alert>
      <RuleOutcomes outcomes={outcomes} />
    </Stack>
  )
}
