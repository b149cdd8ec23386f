// Makes a passkey or adds a wallet for who is signed in.
import { Alert, Button, Divider, Modal, Stack, Text, TextInput, Title } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconFingerprint, IconWallet } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLanguage } from '../i18n/language.ts'
import { useWords } from '../i18n/words.ts'
import { explainRefusal } from './explainRefusal.ts'
import { addPasskey, passkeyObstacle } from './passkey.ts'
import { useWallets } from './useWallets.ts'
import { addWallet } from './wallet.ts'
import { waysInWords } from './words.ts'

export function AddWayIn({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const words = useWords(waysInWords)
  return (
    <Modal opened={isOpen} onClose={onClose} title={words.addTitle}>
      <Ways onDone={onClose} />
    </Modal>
  )
}

function Ways({ onDone }: { readonly onDone: () => void }) {
  const words = useWords(waysInWords)
  const language = useLanguage()
  const client = useQueryClient()
  const wallets = useWallets()
  const [name, setName] = useState('')
  const obstacle = passkeyObstacle()
  const add = useMutation({
    networkMode: 'always',
    mutationFn: async (way: () => Promise<unknown>) => await way(),
    onSuccess() {
      notifications.show({ message: words.added, color: 'teal' })
      void client.invalidateQueries({
        predicate: ({ queryKey }) => String(queryKey[0]).startsWith('session'),
      })
      onDone()
    },
  })
  return (
    <Stack>
      {add.isError && (
        <Alert color="red" role="alert">
          {explainRefusal(add.error, language)}
        </Alert>
      )}
      <Title order={3} size="h5">
        {words.addPasskeyTitle}
      </Title>
      <Text size="sm">{obstacle === undefined ? words.addPasskeyText : words.obstacles[obstacle]}</Text>
      {obstacle === undefined && (
        <form
          onSubmit={event => {
            event.preventDefault()
            add.mutate(() => addPasskey(name.trim() || words.passkeyNamePlaceholder))
          }}
        >
          <Stack gap="xs">
            <TextInput
              label={words.passkeyName}
              placeholder={words.passkeyNamePlaceholder}
              value={name}
              maxLength={80}
              onChange={event => setName(event.currentTarget.value)}
            />
            <Button
              type="submit"
              loading={add.isPending}
              leftSection={<IconFingerprint size={18} aria-hidden />}
            >
              {words.addPasskey}
            </Button>
          </Stack>
        </form>
      )}
      <Divider label={words.or} />
      <Title order={3} size="h5">
        {words.addWalletTitle}
      </Title>
      <Text size="sm">{wallets.length === 0 ? words.noWallet : words.addWalletText}</Text>
      {wallets.map(({ id, name: walletName, provider }) => (
        <Button
          key={id}
          variant="default"
          loading={add.isPending}
          leftSection={<IconWallet size={18} aria-hidden />}
          onClick={() => add.mutate(() => addWallet(provider))}
        >
          {words.addWallet(walletName)}
        </Button>
      ))}
    </Stack>
  )
}
