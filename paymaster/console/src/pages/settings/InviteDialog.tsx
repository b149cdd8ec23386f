// Invites somebody: a name, a role, and a link that is good once.
import { Alert, Button, Group, Select, Stack, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { SignInLink, UserItem } from '../../../../src/admin/users/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

const roles = ['viewer', 'operator', 'admin'] as const

export function InviteDialog({
  onClose,
  onInvited,
}: {
  readonly onClose: () => void
  readonly onInvited: (name: string, link: SignInLink) => void
}) {
  const words = useWords(settingsWords).people
  const common = useWords(commonWords)
  const [name, setName] = useState('')
  const [role, setRole] = useState<UserItem['role']>('viewer')
  const invite = useApiChange<SignInLink>({
    change: () => ({ path: 'users/invitations', body: { name, role } }),
    touches: ['users'],
    showsError: true,
    onDone: link => onInvited(name, link),
  })
  const errors = useFieldErrors(invite.error, ['name', 'role'])
  return (
    <Dialog opened onClose={onClose} title={words.inviteTitle} size="md">
      <form
        onSubmit={event => {
          event.preventDefault()
          invite.mutate()
        }}
        noValidate
      >
        <Stack gap="md">
          <TextInput
            label={words.inviteName}
            required
            maxLength={80}
            value={name}
            data-autofocus
            onChange={event => setName(event.currentTarget.value)}
            error={errors.of('name')}
          />
          <Select
            label={words.inviteRole}
            description={words.text}
            allowDeselect={false}
            data={roles.map(one => ({ value: one, label: common.roles[one] }))}
            value={role}
            onChange={value => setRole((value ?? 'viewer') as UserItem['role'])}
            error={errors.of('role')}
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
            <Button type="submit" loading={invite.isPending}>
              {words.inviteConfirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
