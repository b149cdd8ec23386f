// Adds a token, or changes how its price is made.
import { Alert, Button, Group, Stack, Switch, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Token, TokenSettings } from '../../../../src/admin/tokens/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { BoundFields } from './BoundFields.tsx'
import { SourceFields } from './SourceFields.tsx'
import { freshSource, type SourceValues, settingsOf, type TokenValues, valuesOf } from './tokenForm.ts'
import { tokenWords } from './words.ts'

const sourceFields = ['feed', 'quotes', 'pair', 'wrappedNative', 'windowBlocks', 'minReserveNativeWei', 'url']
const fields = [
  'address',
  ...[0, 1].flatMap(index =>
    [...sourceFields, 'signer', 'maxAgeSeconds'].map(field => `sources.${index}.${field}`),
  ),
  'markupBps',
  'maxStepDeviationBps',
  'maxSourceDeviationBps',
  'refundGas',
  'maxChargePerOperation',
]

export function TokenDialog({
  changed,
  onClose,
}: {
  readonly changed?: Token
  readonly onClose: () => void
}) {
  const words = useWords(tokenWords).form
  const common = useWords(commonWords)
  const [values, setValues] = useState<TokenValues>(() => valuesOf(changed))
  const save = useApiChange<Token, TokenSettings>({
    change: body => ({ path: `tokens/${values.address.trim()}`, method: 'PUT', body }),
    touches: ['tokens'],
    showsError: true,
    done: words.saved,
    onDone: onClose,
  })
  const errors = useFieldErrors(save.error, fields)
  const changeSource = (index: number, source: SourceValues) =>
    setValues({ ...values, sources: values.sources.map((one, at) => (at === index ? source : one)) })
  const hasSecond = values.sources.length > 1
  return (
    <Dialog
      opened
      onClose={onClose}
      title={changed === undefined ? words.addTitle : words.editTitle(changed.symbol)}
      closeOnClickOutside={false}
    >
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate(settingsOf(values, changed?.decimals ?? 18))
        }}
        noValidate
      >
        <Stack gap="md">
          {changed === undefined && (
            <TextInput
              label={words.address}
              placeholder="0x…"
              required
              spellCheck={false}
              data-autofocus
              value={values.address}
              onChange={event => setValues({ ...values, address: event.currentTarget.value })}
              error={errors.of('address')}
            />
          )}
          {values.sources.map((source, index) => (
            <SourceFields
              // biome-ignore lint/suspicious/noArrayIndexKey: the first and the second are what they are
              key={index}
              legend={index === 0 ? words.first : `${words.second}: ${words.secondHint}`}
              values={source}
              token={values.address}
              errorOf={field => errors.of(`sources.${index}.${field}`)}
              onChange={changedSource => changeSource(index, changedSource)}
            />
          ))}
          <Button
            variant="subtle"
            size="xs"
            style={{ alignSelf: 'flex-start' }}
            onClick={() =>
              setValues({
                ...values,
                sources: hasSecond ? values.sources.slice(0, 1) : [...values.sources, freshSource],
              })
            }
          >
            {hasSecond ? words.removeSecond : words.addSecond}
          </Button>
          <BoundFields values={values} onChange={setValues} errors={errors} hasSecond={hasSecond} />
          <Switch
            label={words.accepted}
            checked={values.enabled}
            onChange={event => setValues({ ...values, enabled: event.currentTarget.checked })}
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
            <RoleButton least="operator" type="submit" loading={save.isPending}>
              {words.save}
            </RoleButton>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
