// One's own passkeys and wallets.
import './lists.css'
import { Badge, Button, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import type { WaysIn } from '../../../../src/admin/session/schema.ts'
import { useApiChange } from '../../api/useApiChange.ts'
import { useApiQuery } from '../../api/useApiQuery.ts'
import { Answer } from '../../components/Answer.tsx'
import { Empty } from '../../components/Empty.tsx'
import { Moment } from '../../components/Moment.tsx'
import { Section } from '../../components/Section.tsx'
import { ConfirmDialog } from '../../dialogs/ConfirmDialog.tsx'
import { shortHex } from '../../format/hex.ts'
import { useWords } from '../../i18n/words.ts'
import { AddWayIn } from '../../waysIn/AddWayIn.tsx'
import { settingsWords } from './words.ts'

type Way = {
  readonly path: string
  readonly kind: 'passkey' | 'wallet'
  readonly name: string
  readonly lastUsedAtSeconds: number | null
  readonly isSynchronized: boolean
}

export function OwnWaysIn() {
  const words = useWords(settingsWords).you
  const query = useApiQuery<WaysIn>({ path: 'session/ways-in', live: ['session'] })
  const [isAdding, setIsAdding] = useState(false)
  const [removed, setRemoved] = useState<Way>()
  const remove = useApiChange<unknown, Way>({
    change: ({ path }) => ({ path, method: 'DELETE' }),
    touches: ['session', 'users'],
    onDone: () => setRemoved(undefined),
  })
  return (
    <Section
      title={words.waysIn}
      description={words.waysInText}
      actions={
        <Button size="sm" variant="default" onClick={() => setIsAdding(true)}>
          {words.add}
        </Button>
      }
    >
      <Answer query={query}>
        {waysIn => {
          const ways = waysOf(waysIn)
          if (ways.length === 0) return <Empty title={words.noWaysIn}>{words.noWaysInNext}</Empty>
          return (
            <Stack gap="xs" component="ul" className="plain-list">
              {ways.map(way => (
                <Group key={way.path} justify="space-between" gap="xs" component="li">
                  <div>
                    <Group gap={6}>
                      <Text size="sm" fw={600} className="wraps">
                        {way.name}
                      </Text>
                      <Badge size="sm" variant="default" tt="none">
                        {words[way.kind]}
                      </Badge>
                    </Group>
                    <Text size="xs" c="dimmed" component="div">
                      {way.lastUsedAtSeconds === null ? (
                        words.never
                      ) : (
                        <>
                          {words.lastUsed} <Moment atSeconds={way.lastUsedAtSeconds} />
                        </>
                      )}
                      {way.isSynchronized && ` · ${words.synchronized}`}
                    </Text>
                  </div>
                  <Button
                    size="xs"
                    variant="light"
                    color="red"
                    aria-label={words.removeOf(way.name)}
                    onClick={() => setRemoved(way)}
                  >
                    {words.remove}
                  </Button>
                </Group>
              ))}
            </Stack>
          )
        }}
      </Answer>
      <AddWayIn isOpen={isAdding} onClose={() => setIsAdding(false)} />
      {removed !== undefined && (
        <ConfirmDialog
          title={words.removeTitle(removed.name)}
          confirm={words.remove}
          isRunning={remove.isPending}
          onConfirm={() => remove.mutate(removed)}
          onClose={() => setRemoved(undefined)}
        >
          {words.removeText}
        </ConfirmDialog>
      )}
    </Section>
  )
}

function waysOf({ passkeys, wallets }: WaysIn): readonly Way[] {
  return [
    ...passkeys.map(({ id, name, lastUsedAtSeconds, isSynchronized }) => ({
      path: `session/passkeys/${encodeURIComponent(id)}`,
      kind: 'passkey' as const,
      name,
      lastUsedAtSeconds,
      isSynchronized,
    })),
    ...wallets.map(({ address, lastUsedAtSeconds }) => ({
      path: `session/wallets/${address}`,
      kind: 'wallet' as const,
      name: shortHex(address),
      lastUsedAtSeconds,
      isSynchronized: false,
    })),
  ]
}
