// One transaction from the question to the sending: what it does, how it went when tried, who signs it.
import { Alert, Button, Group, Stack, Text } from '@mantine/core'
import { IconCheck, IconWallet } from '@tabler/icons-react'
import type {
  PreparedTransaction,
  TransactionRequest,
  TreasuryView,
} from '../../../src/admin/treasury/schema.ts'
import { Answer } from '../components/Answer.tsx'
import { Hex } from '../components/Hex.tsx'
import { RoleButton } from '../components/RoleButton.tsx'
import { Dialog } from '../dialogs/Dialog.tsx'
import { useWords } from '../i18n/words.ts'
import { useWallets } from '../waysIn/useWallets.ts'
import { PreparedFacts } from './PreparedFacts.tsx'
import { SendOutcome } from './SendOutcome.tsx'
import { usePrepared } from './usePrepared.ts'
import { useSend } from './useSend.ts'
import { transactionWords } from './words.ts'

export type TreasuryKey = TreasuryView['treasuryKey']

export function TransactionDialog({
  wanted,
  prepared: known,
  treasuryKey,
  onClose,
  onBack,
}: {
  readonly wanted: TransactionRequest
  /** Prepared already, for the owner's wallet alone. */
  readonly prepared?: PreparedTransaction | undefined
  readonly treasuryKey: TreasuryKey
  readonly onClose: () => void
  /** To the form that it was made by. */
  readonly onBack?: () => void
}) {
  const words = useWords(transactionWords)
  const back = onBack === undefined ? {} : { onBack }
  return (
    <Dialog opened onClose={onClose} title={words.kinds[wanted.kind]} closeOnClickOutside={false}>
      {known === undefined ? (
        <Preparing wanted={wanted} treasuryKey={treasuryKey} onClose={onClose} {...back} />
      ) : (
        <Prepared wanted={wanted} prepared={known} treasuryKey={undefined} onClose={onClose} {...back} />
      )}
    </Dialog>
  )
}

type Common = {
  readonly wanted: TransactionRequest
  readonly onClose: () => void
  readonly onBack?: () => void
}

function Preparing(properties: Common & { readonly treasuryKey: TreasuryKey }) {
  const query = usePrepared(properties.wanted)
  return <Answer query={query}>{prepared => <Prepared {...properties} prepared={prepared} />}</Answer>
}

function Prepared({
  wanted,
  prepared,
  treasuryKey,
  onClose,
  onBack,
}: Common & {
  readonly prepared: PreparedTransaction
  /** Undefined where only the wallet is to send it. */
  readonly treasuryKey: TreasuryKey | undefined
}) {
  const words = useWords(transactionWords)
  const { sending, byWallet, byKey } = useSend(wanted)
  const wallets = useWallets()
  if (sending.state === 'sent') {
    const { hash } = sending.transaction
    return (
      <Stack gap="md">
        <Alert color="teal" icon={<IconCheck aria-hidden />} title={words.sent} role="status">
          <Text size="sm">{words.sentText}</Text>
          {hash !== null && <Hex value={hash} isWhole />}
        </Alert>
        <Group justify="flex-end">
          <Button onClick={onClose} data-autofocus>
            {words.close}
          </Button>
        </Group>
      </Stack>
    )
  }
  const isBusy = sending.state === 'asking' || sending.state === 'executing'
  const keyProblem =
    treasuryKey == null
      ? words.noKey
      : treasuryKey.mayExecute.includes(wanted.kind)
        ? undefined
        : words.keyMayNot
  return (
    <Stack gap="md">
      <PreparedFacts prepared={prepared} />
      {wallets.length === 0 && (
        <Text size="sm" c="dimmed">
          {words.noWallet}
        </Text>
      )}
      <SendOutcome sending={sending} chainId={prepared.chainId} />
      <Group justify="space-between" gap="xs">
        {onBack === undefined ? (
          <span />
        ) : (
          <Button variant="subtle" onClick={onBack} disabled={isBusy}>
            {words.back}
          </Button>
        )}
        <Group gap="xs">
          {wallets.map(wallet => (
            <Button
              key={wallet.id}
              variant="default"
              leftSection={<IconWallet size={16} aria-hidden />}
              disabled={isBusy}
              loading={sending.state === 'asking'}
              onClick={() => void byWallet(wallet, prepared)}
            >
              {wallets.length === 1 ? words.byWallet : words.byWalletOf(wallet.name)}
            </Button>
          ))}
          {treasuryKey !== undefined && (
            <RoleButton
              least="admin"
              because={keyProblem}
              disabled={isBusy}
              loading={sending.state === 'executing'}
              onClick={() => void byKey()}
            >
              {words.byKey}
            </RoleButton>
          )}
        </Group>
      </Group>
    </Stack>
  )
}
