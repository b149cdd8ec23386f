// Granted or refused: by word and sign, never by colour alone.
import { Badge } from '@mantine/core'
import { IconCheck, IconX } from '@tabler/icons-react'
import { operationWords } from '../i18n/operationWords.ts'
import { useWords } from '../i18n/words.ts'

export function OutcomeBadge({ outcome }: { readonly outcome: 'granted' | 'refused' }) {
  const { outcomes } = useWords(operationWords)
  const isGranted = outcome === 'granted'
  const Icon = isGranted ? IconCheck : IconX
  return (
    <Badge
      variant="light"
      color={isGranted ? 'teal' : 'red'}
      tt="none"
      leftSection={<Icon size={12} aria-hidden />}
    >
      {outcomes[outcome]}
    </Badge>
  )
}
