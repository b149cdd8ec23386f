// Asks a policy about an operation, pasted or past, and shows the decision rule by rule.
import {
  Button,
  Group,
  NativeSelect,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { OperationDetail, OperationList } from '../../../../../src/admin/operations/schema.ts'
import type { DryRun, DryRunResult } from '../../../../../src/admin/policies/schema.ts'
import { request } from '../../../api/request.ts'
import { useApiQuery } from '../../../api/useApiQuery.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { shortHex } from '../../../format/hex.ts'
import { exactTime } from '../../../format/time.ts'
import { useLanguage } from '../../../i18n/language.ts'
import { operationWords } from '../../../i18n/operationWords.ts'
import { useWords } from '../../../i18n/words.ts'
import { readDefinition } from '../definition.ts'
import type { Draft } from '../useDraft.ts'
import { DryRunAnswer } from './DryRunAnswer.tsx'
import { dryRunWords } from './words.ts'

export function DryRunTab({
  draft,
  operationId,
}: {
  readonly draft: Draft
  readonly operationId: string | undefined
}) {
  const words = useWords(dryRunWords)
  const [source, setSource] = useState<'pasted' | 'past'>('pasted')
  const [pasted, setPasted] = useState('')
  const [hash, setHash] = useState('')
  usePastOperation(operationId, setPasted)
  const run = useMutation({
    networkMode: 'always',
    mutationFn: (body: DryRun) => request<DryRunResult>('policies/dry-run', { method: 'POST', body }),
  })
  const operation = readDefinition(pasted)
  const isHash = /^0x[0-9a-fA-F]{64}$/.test(hash.trim())
  const isReady = draft.read.ok && (source === 'pasted' ? operation.ok : isHash)
  return (
    <Stack maw={820}>
      <Text size="sm" c="dimmed">
        {words.intro}
      </Text>
      <form
        onSubmit={event => {
          event.preventDefault()
          if (!draft.read.ok || !isReady) return
          const what =
            source === 'pasted' && operation.ok
              ? { operation: operation.definition }
              : { userOperationHash: hash.trim() }
          run.mutate({ definition: draft.read.definition, ...what })
        }}
      >
        <Stack>
          <SegmentedControl
            aria-label={words.source}
            w="fit-content"
            value={source}
            data={[
              { value: 'pasted', label: words.pasted },
              { value: 'past', label: words.past },
            ]}
            onChange={value => setSource(value === 'past' ? 'past' : 'pasted')}
          />
          {source === 'pasted' ? (
            <Textarea
              label={words.operation}
              description={words.operationHint}
              className="mono"
              autosize
              minRows={8}
              maxRows={20}
              value={pasted}
              error={pasted !== '' && !operation.ok && words.notJson}
              onChange={event => setPasted(event.currentTarget.value)}
            />
          ) : (
            <>
              <RecentOperations onChosen={setHash} />
              <TextInput
                label={words.hash}
                className="mono"
                value={hash}
                error={hash !== '' && !isHash && words.notHash}
                onChange={event => setHash(event.currentTarget.value)}
              />
            </>
          )}
          {!draft.read.ok && <Text size="sm">{words.mendFirst}</Text>}
          <Group>
            <Button type="submit" loading={run.isPending} disabled={!isReady}>
              {words.run}
            </Button>
          </Group>
        </Stack>
      </form>
      <div aria-live="polite">
        {run.isError && <ErrorState error={run.error} />}
        {run.isSuccess && <DryRunAnswer result={run.data} />}
      </div>
    </Stack>
  )
}

/** Puts in the operation that a link names, as it was asked for. */
function usePastOperation(id: string | undefined, put: (text: string) => void): void {
  const detail = useApiQuery<OperationDetail>({ path: `operations/${id ?? ''}`, enabled: id !== undefined })
  const wire = detail.data?.decision?.operation
  useEffect(() => {
    if (wire !== null && wire !== undefined) put(JSON.stringify(wire, null, 2))
  }, [wire, put])
}

function RecentOperations({ onChosen }: { readonly onChosen: (hash: string) => void }) {
  const words = useWords(dryRunWords)
  const { outcomes } = useWords(operationWords)
  const language = useLanguage()
  const list = useApiQuery<OperationList>({ path: 'operations', search: { outcome: 'granted', limit: 20 } })
  const items = (list.data?.items ?? []).flatMap(({ userOperationHash, sender, atSeconds, outcome }) =>
    userOperationHash === null
      ? []
      : [
          {
            value: userOperationHash,
            label: `${exactTime(atSeconds, language)} · ${outcomes[outcome]} · ${shortHex(sender ?? '')}`,
          },
        ],
  )
  if (items.length === 0) return null
  return (
    <NativeSelect
      label={words.recent}
      data={[{ value: '', label: '–' }, ...items]}
      onChange={event => onChosen(event.currentTarget.value)}
    />
  )
}
