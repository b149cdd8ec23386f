// Nothing is there, in a part of a page: two lines, where a whole page has `Empty`.
import { Text } from '@mantine/core'
import type { ReactNode } from 'react'

export function Nothing({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="sm" c="dimmed">
        {children}
      </Text>
    </div>
  )
}
