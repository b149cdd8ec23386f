// Makes a key, or changes what bounds one. What a key is for is said once and for all.
import { Alert, Button, Group, Radio, Select, Stack, TextInput } from '@mantine/core'
import { useForm } from '@mantine/form'
import type { ApiKey, CreatedApiKey } from '../../../../src/admin/apiKeys/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { formOf, type KeyFormValues, requestOf } from './formValues.ts'
import { LimitFields } from './LimitFields.tsx'
import { usePolicyIds } from './usePolicyIds.ts'
import { apiKeyWords } from './words.ts'

const roles = ['viewer', 'operator', 'admin'] as const
const fields = ['name', 'role', 'limits.origins', 'limits.networks', 'limits.methods', 'limits.policyIds']
const allFields = [...fields, 'limits.callsPerSecond', 'limits.callsPerDay', 'expiresAtSeconds']

export function ApiKeyDialog({
  changed,
  onClose,
  onCreated,
}: {
  /** Absent for a new one. */
  readonly changed?: ApiKey
  readonly onClose: () => void
  readonly onCreated: (created: CreatedApiKey) => void
}) {
  const { form: words, usesLong, saved } = useWords(apiKeyWords)
  const common = useWords(commonWords)
  const form = useForm<KeyFormValues>({ initialValues: formOf(changed) })
  const policyIds = usePolicyIds()
  const save = useApiChange<CreatedApiKey, KeyFormValues>({
    change: values => {
      const request = requestOf(values)
      if (changed === undefined) return { path: 'api-keys', body: request }
      const { name, limits, expiresAtSeconds } = request
      return { path: `api-keys/${changed.id}`, method: 'PUT', body: { name, limits, expiresAtSeconds } }
    },
    touches: ['api-keys'],
    showsError: true,
    ...(changed === undefined ? {} : { done: saved }),
    onDone: answer => (changed === undefined ? onCreated(answer) : onClose()),
  })
  const errors = useFieldErrors(save.error, allFields)
  return (
    <Dialog
      opened
      onClose={onClose}
      title={changed === undefined ? words.createTitle : words.editTitle(changed.name)}
    >
      <form onSubmit={form.onSubmit(values => save.mutate(values))} noValidate>
        <Stack gap="md">
          <TextInput
            label={words.name}
            description={words.nameHint}
            required
            maxLength={64}
            data-autofocus
            {...form.getInputProps('name')}
            error={errors.of('name')}
          />
          {changed === undefined && (
            <Radio.Group label={words.use} {...form.getInputProps('use')}>
              <Stack gap="xs" mt="xs">
                <Radio value="rpc" label={usesLong.rpc} />
                <Radio value="admin" label={usesLong.admin} />
              </Stack>
            </Radio.Group>
          )}
          {changed === undefined && form.values.use === 'admin' && (
            <Select
              label={words.role}
              description={words.roleHint}
              allowDeselect={false}
              data={roles.map(role => ({ value: role, label: common.roles[role] }))}
              {...form.getInputProps('role')}
              error={errors.of('role')}
            />
          )}
          <LimitFields form={form} errors={errors} policyIds={policyIds} />
          <TextInput
            type="date"
            label={words.expires}
            description={words.expiresHint}
            {...form.getInputProps('expiresOn')}
            error={errors.of('expiresAtSeconds')}
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
              {changed === undefined ? words.create : common.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
