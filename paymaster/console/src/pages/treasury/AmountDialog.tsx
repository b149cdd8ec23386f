// Asks how much and to whom, before anything is prepared.

import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { coinSymbol } from '../../format/coinSymbol.ts'
import { exactUnits } from '../../format/wei.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { transactionWords } from '../../transactions/words.ts'
import { type AmountValues, decimalsOf, problemsOf } from './amountForm.ts'
import { askedOf, availableOf, type MoneyKind } from './available.ts'
import { treasuryWords } from './words.ts'

export function AmountDialog({
  kind,
  treasury,
  initial,
  onClose,
  onAsked,
}: {
  readonly kind: MoneyKind
  readonly treasury: TreasuryView
  readonly initial: AmountValues
  readonly onClose: () => void
  readonly onAsked: (values: AmountValues) => void
}) {
  const { form: words, actions } = useWords(treasuryWords)
  const { kinds } = useWords(transactionWords)
  const common = useWords(commonWords)
  const [values, setValues] = useState(initial)
  const [isTried, setIsTried] = useState(false)
  const asked = askedOf[kind]
  const available = availableOf(kind, treasury)
  const decimals = decimalsOf(kind, treasury)
  const unit = asked.isToken ? treasury.token.symbol : coinSymbol
  const problems = isTried ? problemsOf(kind, values, treasury) : {}
  const field = (name: keyof AmountValues) => ({
    value: values[name],
    onChange: (event: { readonly currentTarget: HTMLInputElement }) =>
      setValues({ ...values, [name]: event.currentTarget.value }),
    autoComplete: 'off',
  })
  const amountProblem =
    problems.amount?.kind === 'tooMuch' ? words.amountTooMuch(problems.amount.available) : words.amountWrong
  return (
    <Dialog opened onClose={onClose} title={kinds[kind]} size="md">
      <form
        onSubmit={event => {
          event.preventDefault()
          setIsTried(true)
          if (Object.keys(problemsOf(kind, values, treasury)).length === 0) onAsked(values)
        }}
        noValidate
      >
        <Stack gap="md">
          <Text size="sm">{actions[kind]}</Text>
          {asked.amount && (
            <Group gap="xs" align="flex-end" wrap="nowrap">
              <TextInput
                flex={1}
                label={`${words.amount} (${unit})`}
                description={
                  available === undefined ? undefined : words.amountHint(exactUnits(available, decimals))
                }
                inputMode="decimal"
                data-autofocus
                {...field('amount')}
                error={problems.amount !== undefined && amountProblem}
              />
              {available !== undefined && (
                <Button
                  variant="default"
                  onClick={() =>
                    setValues({ ...values, amount: exactUnits(available, decimals).replaceAll(',', '') })
                  }
                >
                  {words.all}
                </Button>
              )}
            </Group>
          )}
          {asked.recipient && (
            <TextInput
              label={asked.isRegistry ? words.registry : words.recipient}
              description={asked.isRegistry ? words.registryHint : words.recipientHint}
              placeholder="0x…"
              spellCheck={false}
              {...field('recipient')}
              error={problems.recipient === true && words.recipientWrong}
            />
          )}
          {asked.delay && (
            <TextInput
              label={words.delay}
              inputMode="numeric"
              {...field('delay')}
              error={problems.delay === true && words.delayWrong}
            />
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit">{words.prepare}</Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
