// Says that nobody answers, over whatever is shown, and goes by itself.
import { Alert, Loader } from '@mantine/core'
import { useWords } from '../i18n/words.ts'
import { useConnection } from '../live/connection.ts'
import { layoutWords } from './words.ts'

export function ServerGone() {
  const words = useWords(layoutWords)
  const isGone = useConnection() === 'gone'
  return (
    <div role="status" aria-live="polite">
      {isGone && (
        <Alert color="orange" icon={<Loader size={18} color="orange" />} title={words.gone} mb="md">
          {words.goneText}
        </Alert>
      )}
    </div>
  )
}
