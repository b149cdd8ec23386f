// Who may come in, and as what.
import { Badge, Group, Text } from '@mantine/core'
import { IconUserPlus } from '@tabler/icons-react'
import { useState } from 'react'
import type { SignInLink, UserItem } from '../../../../src/admin/users/schema.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { type Column, DataTable } from '../../components/DataTable.tsx'
import { Moment } from '../../components/Moment.tsx'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { count } from '../../format/number.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { InviteDialog } from './InviteDialog.tsx'
import { PersonDialogs, type PersonQuestion } from './PersonDialogs.tsx'
import { PersonMenu } from './PersonMenu.tsx'
import { SignInLinkDialog } from './SignInLinkDialog.tsx'
import { settingsWords } from './words.ts'

export function People() {
  const words = useWords(settingsWords).people
  const { roles } = useWords(commonWords)
  const language = useLanguage()
  const query = useApiQuery<{ readonly items: readonly UserItem[] }>({ path: 'users', live: ['session'] })
  const [question, setQuestion] = useState<PersonQuestion>()
  const [isInviting, setIsInviting] = useState(false)
  const [link, setLink] = useState<{ readonly name: string; readonly link: SignInLink }>()
  const columns: readonly Column<UserItem>[] = [
    {
      key: 'name',
      title: words.columns.name,
      show: ({ name, isYou }) => (
        <Group gap={6} component="span" display="inline-flex">
          <Text size="sm" fw={600} component="span" className="wraps">
            {name}
          </Text>
          {isYou && (
            <Badge size="sm" variant="default" tt="none">
              {words.you}
            </Badge>
          )}
        </Group>
      ),
    },
    { key: 'role', title: words.columns.role, show: ({ role }) => roles[role] },
    {
      key: 'waysIn',
      title: words.columns.waysIn,
      show: ({ passkeys, wallets }) =>
        [
          passkeys > 0 ? words.passkeys(count(passkeys, language)) : '',
          wallets.length > 0 ? words.wallets(count(wallets.length, language)) : '',
        ]
          .filter(text => text !== '')
          .join(', ') || words.noWayIn,
    },
    {
      key: 'sessions',
      title: words.columns.sessions,
      isFigure: true,
      show: ({ openSessions }) => count(openSessions, language),
    },
    {
      key: 'seen',
      title: words.columns.seen,
      show: ({ lastSeenAtSeconds }) =>
        lastSeenAtSeconds === null ? words.never : <Moment atSeconds={lastSeenAtSeconds} />,
    },
    {
      key: 'actions',
      title: words.columns.actions,
      show: user => <PersonMenu user={user} onAsked={setQuestion} />,
    },
  ]
  return (
    <Section
      title={words.title}
      description={words.text}
      actions={
        <RoleButton
          least="admin"
          size="sm"
          leftSection={<IconUserPlus size={16} aria-hidden />}
          onClick={() => setIsInviting(true)}
        >
          {words.invite}
        </RoleButton>
      }
    >
      <Answer query={query}>
        {({ items }) => (
          <DataTable label={words.title} rows={items} columns={columns} keyOf={({ id }) => id} />
        )}
      </Answer>
      {question !== undefined && (
        <PersonDialogs
          question={question}
          onClose={() => setQuestion(undefined)}
          onLink={(name, made) => {
            setQuestion(undefined)
            setLink({ name, link: made })
          }}
        />
      )}
      {isInviting && (
        <InviteDialog
          onClose={() => setIsInviting(false)}
          onInvited={(name, made) => {
            setIsInviting(false)
            setLink({ name, link: made })
          }}
        />
      )}
      {link !== undefined && (
        <SignInLinkDialog name={link.name} link={link.link} onClose={() => setLink(undefined)} />
      )}
    </Section>
  )
}
