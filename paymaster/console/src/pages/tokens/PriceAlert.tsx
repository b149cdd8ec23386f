// Why a token is not quoted, and what to do about it.
import { Alert } from '@mantine/core'
import type { PriceProblem } from '../../../../src/admin/tokens/schema.ts'
import { asSentence } from '../../components/explain.ts'
import { useLanguage } from '../../i18n/language.ts'
import { priceProblemIn, priceRemedyIn } from '../../i18n/refusals.ts'

export function PriceAlert({ problem, color }: { readonly problem: PriceProblem; readonly color: string }) {
  const language = useLanguage()
  const { code, message, hint, says } = problem
  return (
    <Alert color={color} role="alert" title={priceProblemIn(language, says) ?? message}>
      {priceRemedyIn(language, code) ?? asSentence(hint)}
    </Alert>
  )
}
