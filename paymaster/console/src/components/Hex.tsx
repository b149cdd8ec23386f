// An address or a hash: both ends, the whole on hover, copied by a click.
import { ActionIcon, Group, Text, Tooltip } from '@mantine/core'
import { useClipboard } from '@mantine/hooks'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { shortHex } from '../format/hex.ts'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'

export function Hex({ value, isWhole = false }: { readonly value: string; readonly isWhole?: boolean }) {
  const words = useWords(commonWords)
  const clipboard = useClipboard({ timeout: 1500 })
  const label = clipboard.copied ? words.copied : `${words.copy} ${value}`
  return (
    <Group component="span" gap={2} wrap="nowrap" display="inline-flex" miw={0}>
      <Text component="span" inherit className={isWhole ? 'hex whole' : 'hex'} title={value}>
        {isWhole ? value : shortHex(value)}
      </Text>
      <Tooltip label={label}>
        <ActionIcon
          size="sm"
          variant="subtle"
          color="gray"
          aria-label={label}
          onClick={event => {
            event.stopPropagation()
            event.preventDefault()
            clipboard.copy(value)
          }}
        >
          {clipboard.copied ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />}
        </ActionIcon>
      </Tooltip>
    </Group>
  )
}
