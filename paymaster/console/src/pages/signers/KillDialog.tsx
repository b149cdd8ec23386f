// The kill switch: for a stolen key. Typed, not clicked; signing stops before anything is waited for.
import { Alert, Button, Group, Select, Stack, Switch, Text, TextInput } from '@mantine/core'
import { useState } from 'react'
import type { Kill, Killed, SignersView } from '../../../../src/admin/signers/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { ErrorState } from '../../components/ErrorState.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { shortHex } from '../../format/hex.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useWords } from '../../i18n/words.ts'
import { newRequestId } from '../../transactions/requestId.ts'
import { signerWords } from './words.ts'

export function KillDialog({
  view,
  onClose,
  onKilled,
}: {
  readonly view: SignersView
  readonly onClose: () => void
  readonly onKilled: (signer: string, killed: Killed) => void
}) {
  const { killing: words, states } = useWords(signerWords)
  const common = useWords(commonWords)
  const trusted = view.items.filter(({ isTrusted }) => isTrusted)
  const [signer, setSigner] = useState(
    trusted.find(({ isActive }) => isActive)?.address ?? trusted[0]?.address,
  )
  const [executes, setExecutes] = useState(view.treasuryKeyIsOwner)
  const [typed, setTyped] = useState('')
  const [requestId] = useState(newRequestId)
  const kill = useApiChange<Killed, Kill>({
    change: body => ({ path: 'signers/kill', body }),
    touches: ['signers', 'brake', 'overview', 'treasury'],
    done: words.done,
    showsError: true,
    onDone: (killed, input) => onKilled(input.signer ?? signer ?? '', killed),
  })
  const isTyped = typed.trim().toUpperCase() === words.phrase
  return (
    <Dialog opened onClose={onClose} title={words.title} closeOnClickOutside={false}>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (isTyped) kill.mutate({ ...(signer ? { signer } : {}), execute: executes, requestId })
        }}
      >
        <Stack gap="md">
          <Alert color="red" role="note">
            {words.text}
          </Alert>
          <Select
            label={words.signer}
            allowDeselect={false}
            data={trusted.map(({ address, state }) => ({
              value: address,
              label: `${shortHex(address)} · ${states[state]}`,
            }))}
            value={signer ?? null}
            onChange={value => setSigner(value ?? undefined)}
          />
          {view.treasuryKeyIsOwner ? (
            <Switch
              label={words.execute}
              checked={executes}
              onChange={event => setExecutes(event.currentTarget.checked)}
            />
          ) : (
            <Text size="sm">{words.executeNot}</Text>
          )}
          <TextInput
            label={words.type(words.phrase)}
            value={typed}
            onChange={event => setTyped(event.currentTarget.value)}
            autoComplete="off"
            data-autofocus
          />
          {kill.error !== null && <ErrorState error={kill.error} />}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={onClose}>
              {common.cancel}
            </Button>
            <Button type="submit" color="red" disabled={!isTyped} loading={kill.isPending}>
              {words.confirm}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}
