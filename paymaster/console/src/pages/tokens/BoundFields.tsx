// Markup, and the limits within which a price is believed.
import { NumberInput, SimpleGrid, TextInput } from '@mantine/core'
import type { FieldErrors } from '../../dialogs/useFieldErrors.ts'
import { useWords } from '../../i18n/words.ts'
import type { TokenValues } from './tokenForm.ts'
import { tokenWords } from './words.ts'

export function BoundFields({
  values,
  onChange,
  errors,
  hasSecond,
}: {
  readonly values: TokenValues
  readonly onChange: (values: TokenValues) => void
  readonly errors: FieldErrors
  readonly hasSecond: boolean
}) {
  const words = useWords(tokenWords).form
  const number = (field: 'markupPercent' | 'maxStepPercent' | 'maxSourcePercent' | 'refundGas') => ({
    value: values[field],
    onChange: (value: number | string) => onChange({ ...values, [field]: value }),
    allowNegative: false,
  })
  return (
    <SimpleGrid cols={{ base: 1, xs: 2 }}>
      <NumberInput
        label={words.markup}
        description={words.markupHint}
        decimalScale={2}
        {...number('markupPercent')}
        error={errors.of('markupBps')}
      />
      <NumberInput
        label={words.maxStep}
        description={words.maxStepHint}
        decimalScale={2}
        {...number('maxStepPercent')}
        error={errors.of('maxStepDeviationBps')}
      />
      {hasSecond && (
        <NumberInput
          label={words.maxSource}
          decimalScale={2}
          {...number('maxSourcePercent')}
          error={errors.of('maxSourceDeviationBps')}
        />
      )}
      <NumberInput
        label={words.refundGas}
        description={words.refundGasHint}
        allowDecimal={false}
        thousandSeparator=","
        {...number('refundGas')}
        error={errors.of('refundGas')}
      />
      <TextInput
        label={words.maxCharge}
        description={words.maxChargeHint}
        inputMode="decimal"
        value={values.maxCharge}
        onChange={event => onChange({ ...values, maxCharge: event.currentTarget.value })}
        error={errors.of('maxChargePerOperation')}
      />
    </SimpleGrid>
  )
}
