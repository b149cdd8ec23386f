// What an admin may do about one person.
import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import { IconDots } from '@tabler/icons-react'
import type { UserItem } from '../../../../src/admin/users/schema.ts'
import { useRoleProblem } from '../../api/session.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import type { PersonQuestion } from './PersonDialogs.tsx'
import { settingsWords } from './words.ts'

const roles = ['viewer', 'operator', 'admin'] as const

export function PersonMenu({
  user,
  onAsked,
}: {
  readonly user: UserItem
  readonly onAsked: (question: PersonQuestion) => void
}) {
  const words = useWords(settingsWords).people
  const common = useWords(commonWords)
  const problem = useRoleProblem('admin')
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <Tooltip label={words.more(user.name)}>
          <ActionIcon variant="default" size="lg" aria-label={words.more(user.name)}>
            <IconDots size={16} aria-hidden />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        {problem !== undefined && <Menu.Label maw={280}>{problem}</Menu.Label>}
        {roles
          .filter(role => role !== user.role)
          .map(role => (
            <Menu.Item
              key={role}
              disabled={problem !== undefined}
              onClick={() => onAsked({ what: 'role', user, role })}
            >
              {words.changeRole(common.roles[role])}
            </Menu.Item>
          ))}
        {(['sessions', 'link'] as const).map(what => (
          <Menu.Item key={what} disabled={problem !== undefined} onClick={() => onAsked({ what, user })}>
            {words[what]}
          </Menu.Item>
        ))}
        <Menu.Item
          color="red"
          disabled={problem !== undefined}
          onClick={() => onAsked({ what: 'remove', user })}
        >
          {words.remove}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
