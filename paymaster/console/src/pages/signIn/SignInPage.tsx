// The door: by the link that the service printed, by passkey, or by wallet.
import { Alert, Button, Center, Code, Divider, Group, Paper, Stack, Text, Title } from '@mantine/core'
import { IconFingerprint, IconWallet } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Session } from '../../../../src/admin/session/schema.ts'
import { request } from '../../api/request.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { LanguageSwitch } from '../../layout/LanguageSwitch.tsx'
import { ServerGone } from '../../layout/ServerGone.tsx'
import { ThemeSwitch } from '../../layout/ThemeSwitch.tsx'
import { explainRefusal } from '../../waysIn/explainRefusal.ts'
import { passkeyObstacle, signInByPasskey } from '../../waysIn/passkey.ts'
import { useWallets } from '../../waysIn/useWallets.ts'
import { signInByWallet } from '../../waysIn/wallet.ts'
import { waysInWords } from '../../waysIn/words.ts'
import { clearLinkToken } from './linkToken.ts'

export function SignInPage({ linkToken }: { readonly linkToken: string | undefined }) {
  const words = useWords(waysInWords)
  const language = useLanguage()
  const client = useQueryClient()
  const wallets = useWallets()
  const obstacle = passkeyObstacle()
  const signIn = useMutation({
    networkMode: 'always',
    mutationFn: async (way: () => Promise<Session>) => await way(),
    onSettled: clearLinkToken,
    onSuccess(session) {
      // What somebody else saw goes; who is signed in stays a query that the page looks at.
      client.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'session' })
      client.setQueryData(['session'], session)
    },
  })
  useEffect(() => {
    document.title = `${words.title} · Paymaster`
  }, [words.title])
  const { mutate } = signIn
  useEffect(() => {
    if (linkToken === undefined) return
    mutate(() => request<Session>('session/link', { method: 'POST', body: { token: linkToken } }))
  }, [linkToken, mutate])

  return (
    <Center mih="100dvh" p="md" component="main">
      <Stack w="100%" maw={420}>
        <ServerGone />
        <Paper withBorder p="xl">
          <Stack>
            <Group justify="space-between">
              <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width={36} height={36} />
              <Group gap="xs">
                <LanguageSwitch />
                <ThemeSwitch />
              </Group>
            </Group>
            <div>
              <Title order={1} size="h2">
                {words.title}
              </Title>
              <Text c="dimmed" size="sm">
                {words.intro}
              </Text>
            </div>
            {signIn.isError && (
              <Alert color="red" role="alert" title={words.refusedTitle}>
                {explainRefusal(signIn.error, language)}
              </Alert>
            )}
            <Button
              size="md"
              loading={signIn.isPending}
              disabled={obstacle !== undefined}
              leftSection={<IconFingerprint size={20} aria-hidden />}
              onClick={() => signIn.mutate(signInByPasskey)}
            >
              {words.byPasskey}
            </Button>
            {obstacle !== undefined && (
              <Text size="sm">
                {words.obstacles[obstacle]}{' '}
                {obstacle === 'address' && location.hostname === '127.0.0.1' && <OpenByName />}
              </Text>
            )}
            <Divider label={words.or} />
            {wallets.map(({ id, name, provider }) => (
              <Button
                key={id}
                size="md"
                variant="default"
                loading={signIn.isPending}
                leftSection={<IconWallet size={20} aria-hidden />}
                onClick={() => signIn.mutate(() => signInByWallet(provider))}
              >
                {words.byWallet(name)}
              </Button>
            ))}
            {wallets.length === 0 && (
              <Text size="sm" c="dimmed">
                {words.noWallet}
              </Text>
            )}
          </Stack>
        </Paper>
        <Text size="sm" c="dimmed">
          {words.newLink} <Code>{words.newLinkCommand}</Code> {words.askAdmin}
        </Text>
      </Stack>
    </Center>
  )
}

function OpenByName() {
  const words = useWords(waysInWords)
  const url = new URL(location.href)
  url.hostname = 'localhost'
  return <a href={url.href}>{words.openByName}</a>
}
