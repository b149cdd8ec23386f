// What is held for it, what it cost, what it brought.
import { Text } from '@mantine/core'
import type { OperationDetail } from '../../../../../src/admin/operations/schema.ts'
import { Coin } from '../../../components/Coin.tsx'
import { type Fact, Facts } from '../../../components/Facts.tsx'
import { Section } from '../../../components/Section.tsx'
import { useWords } from '../../../i18n/words.ts'
import { detailWords } from './words.ts'

export function MoneyPart({ detail }: { readonly detail: OperationDetail }) {
  const words = useWords(detailWords)
  const { operation, ledger } = detail
  const amount = (name: string, wei: string | null | undefined): readonly Fact[] =>
    wei === null || wei === undefined ? [] : [{ name, value: <Coin wei={wei} /> }]
  const facts: readonly Fact[] = [
    ...amount(words.maxCost, operation.maxCostWei),
    ...(ledger !== null && ['reserved', 'included'].includes(ledger.state)
      ? amount(words.reserved, ledger.reservedWei)
      : []),
    ...amount(words.actualCost, operation.actualCostWei),
    ...(operation.chargeWei === null
      ? []
      : [
          {
            name: words.charge,
            value: (
              <>
                <Coin wei={operation.chargeWei} />
                {operation.isChargePaid === false && (
                  <Text span className="alarm" inherit>
                    {' '}
                    · {words.unpaid}
                  </Text>
                )}
              </>
            ),
          },
        ]),
    ...(operation.tokenCharge === null
      ? []
      : [
          {
            name: words.charge,
            value: (
              <Coin
                wei={operation.tokenCharge.units}
                symbol={operation.tokenCharge.symbol}
                decimals={operation.tokenCharge.decimals}
              />
            ),
          },
        ]),
    ...(operation.lossWei === '0' ? [] : amount(words.loss, operation.lossWei)),
    ...(ledger === null || ledger.budgetIds.length === 0
      ? []
      : [{ name: words.budgets, value: ledger.budgetIds.join(', ') }]),
    ...(ledger === null || ledger.signatures.length < 2
      ? []
      : [{ name: words.signatures, value: String(ledger.signatures.length) }]),
  ]
  if (facts.length === 0) return null
  return (
    <Section title={words.money}>
      <Facts facts={facts} />
    </Section>
  )
}
