// The operation as it stood in the request: to copy, or to try a policy against.
import { Button, Code, CopyButton, Group } from '@mantine/core'
import type { OperationDetail } from '../../../../../src/admin/operations/schema.ts'
import { PageLink } from '../../../components/PageLink.tsx'
import { commonWords } from '../../../i18n/commonWords.ts'
import { useWords } from '../../../i18n/words.ts'
import { detailWords } from './words.ts'

export function WirePart({ detail: { operation, decision } }: { readonly detail: OperationDetail }) {
  const words = useWords(detailWords)
  const common = useWords(commonWords)
  const wire = decision?.operation ?? null
  if (wire === null) return null
  const text = JSON.stringify(wire, null, 2)
  return (
    <details>
      <summary className="unfolds">{words.wire}</summary>
      <Code block mt="xs" className="wraps">
        {text}
      </Code>
      <Group mt="xs" gap="sm">
        <CopyButton value={text}>
          {({ copied, copy }) => (
            <Button size="xs" variant="default" onClick={copy}>
              {copied ? common.copied : common.copy}
            </Button>
          )}
        </CopyButton>
        <PageLink
          to="/policies/$id"
          params={{ id: operation.policyId ?? 'new' }}
          search={{ tab: 'dryRun', operation: operation.id }}
          size="sm"
        >
          {words.dryRun}
        </PageLink>
      </Group>
    </details>
  )
}
