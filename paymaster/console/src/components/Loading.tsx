// Lines where content will be: as high as it, so that nothing jumps.
import { Skeleton, Stack } from '@mantine/core'
import { commonWords } from '../i18n/commonWords.ts'
import { useWords } from '../i18n/words.ts'

export function Loading({ lines = 6, height = 28 }: { readonly lines?: number; readonly height?: number }) {
  const words = useWords(commonWords)
  const keys = Array.from({ length: lines }, (_, index) => `line ${index}`)
  return (
    <Stack gap="sm" role="status" aria-busy aria-label={words.loading}>
      {keys.map((key, index) => (
        <Skeleton key={key} height={height} width={`${100 - ((index * 17) % 35)}%`} />
      ))}
    </Stack>
  )
}
