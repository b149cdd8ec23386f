// The fields that bound a key.
import { NumberInput, SimpleGrid, TagsInput, Text } from '@mantine/core'
import type { UseFormReturnType } from '@mantine/form'
import type { FieldErrors } from '../../dialogs/useFieldErrors.ts'
import { useWords } from '../../i18n/words.ts'
import type { KeyFormValues } from './formValues.ts'
import { apiKeyWords } from './words.ts'

export function LimitFields({
  form,
  errors,
  policyIds,
}: {
  readonly form: UseFormReturnType<KeyFormValues>
  readonly errors: FieldErrors
  /** Those that there are, to choose from. */
  readonly policyIds: readonly string[]
}) {
  const words = useWords(apiKeyWords).form
  const list = (field: 'origins' | 'networks' | 'methods' | 'policyIds') => ({
    ...form.getInputProps(field),
    error: errors.of(`limits.${field}`),
    placeholder: form.values[field].length === 0 ? words.addMore : '',
    // What was typed and not entered counts as well.
    acceptValueOnBlur: true,
  })
  const isForCalls = form.values.use === 'rpc'
  return (
    <>
      <div>
        <Text size="sm" fw={600}>
          {words.limits}
        </Text>
        <Text size="xs" c="dimmed">
          {words.limitsHint}
        </Text>
      </div>
      <TagsInput label={words.networks} description={words.networksHint} {...list('networks')} />
      <TagsInput label={words.origins} description={words.originsHint} {...list('origins')} />
      {isForCalls && (
        <>
          <TagsInput
            label={words.policies}
            description={words.policiesHint}
            data={[...policyIds]}
            {...list('policyIds')}
          />
          <TagsInput label={words.methods} description={words.methodsHint} {...list('methods')} />
        </>
      )}
      <SimpleGrid cols={{ base: 1, xs: 2 }}>
        {(['callsPerSecond', 'callsPerDay'] as const).map(field => (
          <NumberInput
            key={field}
            label={words[field]}
            min={1}
            allowDecimal={false}
            allowNegative={false}
            thousandSeparator=","
            {...form.getInputProps(field)}
            error={errors.of(`limits.${field}`)}
          />
        ))}
      </SimpleGrid>
    </>
  )
}
