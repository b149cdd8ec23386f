// Changes one threshold.

import { Alert, Button, Group, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { AlertThreshold, ChangedThreshold } from '../../../../src/admin/alerts/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { coinSymbol } from '../../format/coinSymbol.ts'
import { measureIn } from '../../i18n/alertTexts.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { sentFigure, typedFigure } from './figure.ts'
import { alertWords } from './words.ts'

export function ThresholdDialog({
  threshold,
  onClose,
}: {
  readonly threshold: AlertThreshold
  readonly onClose: () => void
}) {
  const { form: words, kinds, units } = useWords(alertWords)
  const language = useLanguage()
  const common = useWords(commonWords)
  const { kind, unit } = threshold
  const form = useForm({
    initialValues: {
      isEnabled: threshold.isEnabled,
      openAt: typedFigure(threshold.openAt, unit),
      closeAt: typedFigure(threshold.closeAt, unit),
    },
  })
  const save = useApiChange<unknown, ChangedThreshold>({
    change: body => ({ path: `alert-thresholds/${kind}`, method: 'PUT', body }),
    touches: ['alert-thresholds', 'alerts'],
    showsError: true,
    done: words.saved,
    onDone: onClose,
  })
  const errors = useFieldErrors(save.error, ['openAt', 'closeAt'])
  const typedUnit = unit === 'wei' ? coinSymbol : (units[unit as keyof typeof units] ?? unit)
  const submit = form.onSubmit(({ isEnabled, openAt, closeAt }) =>
    // What is no figure goes as it is: the service says what is wrong with it.
    save.mutate({
      isEnabled,
      openAt: sentFigure(openAt, unit) ?? openAt,
      closeAt: sentFigure(closeAt, unit) ?? closeAt,
    }),
  )
  return (
    <Dialog opened onClose={onClose} title={words.title(kinds[kind])} size="md">
      <form onSubmit={submit} noValidate>
        <Stack gap="md">
          <Text size="sm">{measureIn(language, kind) ?? threshold.describe}</Text>
          <Switch label={words.enabled} {...form.getInputProps('isEnabled', { type: 'checkbox' })} />
          <TextInput
            label={`${words.openAt} (${typedUnit})`}
            inputMode="decimal"
            data-autofocus
            {...form.getInputProps('openAt')}
            error={errors.of('openAt')}
          />
          <TextInput
            label={`${words.closeAt} (${typedUnit})`}
            description={words.closeHint}
            inputMode="decimal"
            {...form.getInputProps('closeAt')}
            error={errors.of('closeAt')}
          />
          {errors.rest !== undefined && (
            <Alert color="red" role="alert">
              {errors.rest}
            </Alert>
          )}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
