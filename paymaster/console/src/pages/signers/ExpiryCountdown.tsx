// Counts down to when the old signer may go: seconds until its last signature has expired, then blocks on top.
import { Progress, Stack, Text } from '@mantine/core'
import type { SignersView, SignerView } from '../../../../src/admin/signers/schema.ts'
import { useNowSeconds } from '../../components/useNowSeconds.ts'
import { count } from '../../format/number.ts'
import { duration } from '../../format/time.ts'
import { useLanguage } from '../../i18n/language.ts'
import { useWords } from '../../i18n/words.ts'
import { waitingFor } from './rotation.ts'
import { signerWords } from './words.ts'

/** The longest validity of a signature that a policy may give; only the bar's length hangs on it. */
const barSeconds = 600

export function ExpiryCountdown({ old, view }: { readonly old: SignerView; readonly view: SignersView }) {
  const words = useWords(signerWords).rotation.steps.wait
  const language = useLanguage()
  const { secondsLeft } = waitingFor(old, view, useNowSeconds())
  const percent = Math.max(0, 100 - (100 * secondsLeft) / barSeconds)
  const text =
    secondsLeft > 0
      ? `${words.left(duration(secondsLeft, language))}, ${words.blocks(count(view.finalityBlocks, language))}`
      : words.deep
  return (
    <Stack gap={4} role="timer" aria-label={text}>
      <Progress value={percent} animated aria-hidden color="yellow" />
      <Text size="sm">{text}</Text>
    </Stack>
  )
}
