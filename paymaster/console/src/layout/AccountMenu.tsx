// Who is signed in, as what, and the way out.
import { Button, Menu, Text } from '@mantine/core'
import { IconLogout, IconUser } from '@tabler/icons-react'
import { useSession } from '../api/session.ts'
import { useApiChange } from '../api/useApiChange.ts'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'
import { layoutWords } from './words.ts'

export function AccountMenu() {
  const words = useWords(layoutWords)
  const { roles } = useWords(commonWords)
  const user = useSession().data?.user
  const signOut = useApiChange({
    change: () => ({ path: 'session', method: 'DELETE' }),
    touches: ['session'],
  })
  if (user === undefined) return null
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="sm"
          px="xs"
          leftSection={<IconUser size={18} aria-hidden />}
          aria-label={`${words.account}: ${user.name}, ${roles[user.role]}`}
        >
          {roles[user.role]}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm">{words.signedInAs(user.name)}</Text>
        </Menu.Label>
        <Menu.Item leftSection={<IconLogout size={16} aria-hidden />} onClick={() => signOut.mutate()}>
          {words.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
