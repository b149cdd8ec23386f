// What the others see in the audit log.
import { Group, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useSession } from '../../api/session.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { useFieldErrors } from '../../dialogs/useFieldErrors.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

export function OwnName() {
  const words = useWords(settingsWords).you
  const common = useWords(commonWords)
  const own = useSession().data?.user
  const [name, setName] = useState(own?.name ?? '')
  const save = useApiChange({
    change: () => ({ path: 'session', method: 'PUT', body: { name } }),
    touches: ['session', 'users'],
    showsError: true,
    done: words.nameSaved,
  })
  const errors = useFieldErrors(save.error, ['name'])
  return (
    <Section title={words.title}>
      <form
        onSubmit={event => {
          event.preventDefault()
          save.mutate()
        }}
      >
        <Group gap="xs" align="flex-end">
          <TextInput
            label={words.name}
            value={name}
            maxLength={80}
            onChange={event => setName(event.currentTarget.value)}
            error={errors.of('name') ?? errors.rest}
          />
          <RoleButton least="viewer" type="submit" variant="default" loading={save.isPending}>
            {common.save}
          </RoleButton>
        </Group>
      </form>
    </Section>
  )
}
