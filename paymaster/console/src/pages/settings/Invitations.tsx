// Who was invited and has not come yet; admins see them and take them back.
import type { Invitation } from '../../../../src/admin/users/schema.ts'
import { useRoleProblem } from '../../api/session.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { settingsWords } from './words.ts'

export function Invitations() {
  const words = useWords(settingsWords).people
  const { roles } = useWords(commonWords)
  const isAdmin = useRoleProblem('admin') === undefined
  const { data } = useApiQuery<{ readonly items: readonly Invitation[] }>({
    path: 'users/invitations',
    live: ['session'],
    enabled: isAdmin,
  })
  const withdraw = useApiChange<unknown, string>({
    change: id => ({ path: `users/invitations/${id}`, method: 'DELETE' }),
    touches: ['users'],
  })
  if (data === undefined || data.items.length === 0) return null
  const columns: readonly Column<Invitation>[] = [
    { key: 'name', title: words.columns.name, show: ({ name }) => name },
    { key: 'role', title: words.columns.role, show: ({ role }) => roles[role] },
    { key: 'by', title: words.invitedBy, show: ({ createdBy }) => createdBy },
    {
      key: 'expires',
      title: words.expires,
      show: ({ expiresAtSeconds }) => <Moment atSeconds={expiresAtSeconds} />,
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: ({ id, name }) => (
        <RoleButton
          least="admin"
          size="xs"
          variant="default"
          aria-label={words.withdrawOf(name)}
          onClick={() => withdraw.mutate(id)}
        >
          {words.withdraw}
        </RoleButton>
      ),
    },
  ]
  return (
    <Section title={words.invitations}>
      <DataTable label={words.invitations} rows={data.items} columns={columns} keyOf={({ id }) => id} />
    </Section>
  )
}
