// A budget as a bar: what is used, what is promised, and of how much.
import type { PolicyBudget } from '../../../../../src/admin/policies/schema.ts'
import { Meter } from '../../../charts/Meter.tsx'
import { Coin } from '../../../components/Coin.tsx'
import { count, percent } from '../../../format/number.ts'
import { percentOf } from '../../../format/wei.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { useWords } from '../../../i18n/words.ts'
import { policiesWords } from '../words.ts'

export function BudgetMeter({ budget }: { readonly budget: PolicyBudget }) {
  const words = useWords(policiesWords)
  const language = useLanguage()
  const { scope, window, unit, token, limit, used, held } = budget
  const amount = (value: string) =>
    unit === 'operations' ? count(Number(value), language) : <Coin wei={value} {...token} />
  const usedPercent = percentOf(used, limit)
  const heldPercent = percentOf(held, limit)
  const isNearlyUp = usedPercent + heldPercent >= 80
  const title = `${words.scopes[scope]}, ${words.units[unit]}, ${words.windows[window]}`
  return (
    <Meter
      label={title}
      parts={[
        { percent: usedPercent, color: isNearlyUp ? 'red.7' : 'teal.6', label: words.used },
        { percent: heldPercent, color: 'orange.6', label: words.held },
      ]}
      left={
        <>
          {title}: {amount(used)} {words.used}
          {held !== '0' && (
            <>
              , {amount(held)} {words.held}
            </>
          )}
        </>
      }
      right={
        <>
          {percent(usedPercent + heldPercent, language)} · {amount(limit)}
        </>
      }
    />
  )
}
