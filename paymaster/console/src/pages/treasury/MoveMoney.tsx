// Every way to move the paymaster's money: asked, shown, tried, sent.
import { Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { TreasuryView } from '../../../../src/admin/treasury/schema.ts'
import { RoleButton } from '../../components/RoleButton.tsx'
import { Section } from '../../components/Section.tsx'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { useWords } from '../../i18n/words.ts'
import { TransactionDialog } from '../../transactions/TransactionDialog.tsx'
import { transactionWords } from '../../transactions/words.ts'
import { AmountDialog } from './AmountDialog.tsx'
import { type AmountValues, requestFor } from './amountForm.ts'
import { askedOf, idleReason, type MoneyKind, moneyKinds } from './available.ts'
import { treasuryWords } from './words.ts'

type Open = { readonly kind: MoneyKind; readonly values: AmountValues; readonly isAsked: boolean }

export function MoveMoney({ treasury }: { readonly treasury: TreasuryView }) {
  const words = useWords(treasuryWords)
  const { kinds } = useWords(transactionWords)
  const nowSeconds = useNowSeconds()
  const [open, setOpen] = useState<Open>()
  const close = () => setOpen(undefined)
  const begin = (kind: MoneyKind): void => {
    const delay = String(Math.max(treasury.stake.unstakeDelaySeconds, 1))
    const { amount, recipient, isRegistry } = askedOf[kind]
    const address = isRegistry ? (treasury.tips.registry ?? '') : treasury.owner
    setOpen({
      kind,
      values: { amount: '', recipient: address, delay },
      isAsked: !amount && !recipient,
    })
  }
  return (
    <Section title={words.move} description={words.moveHint}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="md">
        {moneyKinds.map(kind => {
          const idle = idleReason(kind, treasury, nowSeconds)
          return (
            <Group key={kind} justify="space-between" wrap="nowrap" gap="sm" align="flex-start">
              <Stack gap={0} miw={0}>
                <Text size="sm" fw={600}>
                  {kinds[kind]}
                </Text>
                <Text size="xs" c="dimmed">
                  {words.actions[kind]}
                </Text>
              </Stack>
              <RoleButton
                least="operator"
                size="xs"
                variant="default"
                flex="none"
                aria-label={`${words.begin}: ${kinds[kind]}`}
                because={idle && words.idle[idle]}
                onClick={() => begin(kind)}
              >
                {words.begin}
              </RoleButton>
            </Group>
          )
        })}
      </SimpleGrid>
      {open !== undefined && !open.isAsked && (
        <AmountDialog
          kind={open.kind}
          treasury={treasury}
          initial={open.values}
          onClose={close}
          onAsked={values => setOpen({ ...open, values, isAsked: true })}
        />
      )}
      {open?.isAsked && (
        <TransactionDialog
          wanted={requestFor(open.kind, open.values, treasury)}
          treasuryKey={treasury.treasuryKey}
          onClose={close}
          {...(askedOf[open.kind].amount || askedOf[open.kind].recipient
            ? { onBack: () => setOpen({ ...open, isAsked: false }) }
            : {})}
        />
      )}
    </Section>
  )
}
