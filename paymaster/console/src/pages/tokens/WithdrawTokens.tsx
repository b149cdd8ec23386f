// Takes collected tokens out of the contract: made by the service, signed by the owner's wallet.
import { Alert, Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { IconWallet } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import type { Erc20Withdrawal, Token } from '../../../../src/admin/tokens/schema.ts'
import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { request } from '../../api/request.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { explain } from '../../components/explain.ts'
import { Hex } from '../../components/Hex.tsx'
import { Dialog } from '../../dialogs/Dialog.tsx'
import { parseUnits } from '../../format/parseUnits.ts'
import { exactUnits } from '../../format/wei.ts'
import { commonWords } from '../../i18n/commonWords.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { SendOutcome } from '../../transactions/SendOutcome.tsx'
import { transactionWords } from '../../transactions/words.ts'
import { type SentByWallet, sendByWallet } from '../../wallet/sendByWallet.ts'
import { useWallets } from '../../waysIn/useWallets.ts'
import type { Provider } from '../../waysIn/wallet.ts'
import { tokenWords } from './words.ts'

export function WithdrawTokens({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const { withdrawal: words } = useWords(tokenWords)
  const common = useWords(commonWords)
  const transactions = useWords(transactionWords)
  const language = useLanguage()
  const wallets = useWallets()
  const house = useApiQuery<TreasuryView>({ path: 'treasury', live: ['treasury'] }).data
  const available = exactUnits(token.revenue ?? '0', token.decimals).replaceAll(',', '')
  const [amount, setAmount] = useState(available)
  const [typedRecipient, setRecipient] = useState<string>()
  const recipient = typedRecipient ?? house?.owner ?? ''
  const send = useMutation<SentByWallet, Error, Provider>({
    networkMode: 'always',
    mutationFn: async provider => {
      const prepared = await request<Erc20Withdrawal>(`tokens/${token.address}/withdrawal`, {
        method: 'POST',
        // What is no number goes as it is: the service says what is wrong with it.
        body: {
          recipient: recipient.trim(),
          amount: parseUnits(amount, token.decimals)?.toString() ?? amount,
        },
      })
      return await sendByWallet(provider, { ...prepared, chainId: house?.chainId ?? 0, from: house?.owner })
    },
  })
  const sent = send.data?.ok === true ? send.data : undefined
  const refused = send.isError ? explain(send.error, language) : undefined
  return (
    <Dialog opened onClose={onClose} title={words.title(token.symbol)} size="md" closeOnClickOutside={false}>
      <Stack gap="md">
        <Text size="sm">{words.text}</Text>
        <TextInput
          label={words.amount(token.symbol)}
          description={words.available(available)}
          inputMode="decimal"
          value={amount}
          onChange={event => setAmount(event.currentTarget.value)}
          data-autofocus
        />
        <TextInput
          label={words.recipient}
          value={recipient}
          spellCheck={false}
          onChange={event => setRecipient(event.currentTarget.value)}
        />
        {send.data?.ok === false && (
          <SendOutcome
            sending={{ state: 'turnedDown', refusal: send.data.refusal, from: house?.owner }}
            chainId={house?.chainId ?? 0}
          />
        )}
        {refused !== undefined && (
          <Alert color="red" role="alert" title={refused.message}>
            {refused.remedy}
          </Alert>
        )}
        {sent !== undefined && (
          <Alert color="teal" role="status" title={transactions.sent}>
            <Hex value={sent.hash} isWhole />
          </Alert>
        )}
        {wallets.length === 0 && <Text size="sm">{transactions.noWallet}</Text>}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {sent === undefined ? common.cancel : common.close}
          </Button>
          {sent === undefined &&
            wallets.map(({ id, name, provider }) => (
              <Button
                key={id}
                leftSection={<IconWallet size={16} aria-hidden />}
                loading={send.isPending}
                disabled={house === undefined}
                onClick={() => send.mutate(provider)}
              >
                {wallets.length === 1 ? transactions.byWallet : transactions.byWalletOf(name)}
              </Button>
            ))}
        </Group>
      </Stack>
    </Dialog>
  )
}
