// Puts a draft in force. Where somebody else was faster, it is a choice and not a loss.
import { Button, Group, Stack, TextInput } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import type { PolicyDetail, SavePolicy } from '../../../../../src/admin/policies/schema.ts'
import { ApiError } from '../../../api/apiError.ts'
import { useApiChange } from '../../../api/useApiChange.ts'
import { ErrorState } from '../../../components/ErrorState.tsx'
import { RoleButton } from '../../../components/RoleButton.tsx'
import { useWords } from '../../../i18n/words.ts'
import { valueAt } from '../definition.ts'
import type { Draft } from '../useDraft.ts'
import { ConflictDialog } from './ConflictDialog.tsx'
import { editWords } from './words.ts'

export function SaveBar({
  policy,
  draft,
}: {
  readonly policy: PolicyDetail | undefined
  readonly draft: Draft
}) {
  const words = useWords(editWords)
  const navigate = useNavigate()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  // What the text was begun from: a newer version that came meanwhile must not be written over unseen.
  const begunFrom = useRef<number>(undefined)
  if (!draft.isChanged) begunFrom.current = policy?.newestVersion ?? 0
  const id = policy?.id ?? (draft.read.ok ? String(valueAt(draft.read.definition, ['id']) ?? '') : '')
  const save = useApiChange<PolicyDetail, { readonly over?: number }>({
    change: ({ over }) => ({
      path: `policies/${encodeURIComponent(id)}`,
      method: 'PUT',
      body: {
        definition: draft.read.ok ? draft.read.definition : {},
        expectedVersion: over ?? begunFrom.current ?? policy?.newestVersion ?? 0,
        note: note.trim(),
      } satisfies SavePolicy,
    }),
    touches: ['policies', 'overview'],
    done: words.saved,
    showsError: true,
    onDone(saved) {
      // The answer is the newest text: nothing flickers back.
      client.setQueryData([`policies/${encodeURIComponent(id)}`, {}], saved)
      setNote('')
      draft.reset()
      if (policy === undefined) void navigate({ to: '/policies/$id', params: { id }, ignoreBlocker: true })
    },
  })
  const isConflict = save.error instanceof ApiError && save.error.status === 409
  return (
    <Stack gap="xs">
      {save.isError && !isConflict && <ErrorState error={save.error} />}
      <TextInput
        label={words.note}
        value={note}
        maxLength={500}
        onChange={event => setNote(event.currentTarget.value)}
      />
      <Group gap="xs">
        <RoleButton
          least="operator"
          loading={save.isPending}
          because={whyNot(draft, words)}
          onClick={() => save.mutate({})}
        >
          {words.save}
        </RoleButton>
        {draft.isChanged && (
          <Button variant="default" onClick={() => draft.reset()}>
            {words.discard}
          </Button>
        )}
      </Group>
      {isConflict && (
        <ConflictDialog
          id={id}
          mine={draft.text}
          onKeepMine={version => save.mutate({ over: version })}
          onTakeTheirs={() => {
            draft.reset()
            save.reset()
            if (policy === undefined)
              void navigate({ to: '/policies/$id', params: { id }, ignoreBlocker: true })
          }}
          onClose={() => save.reset()}
        />
      )}
    </Stack>
  )
}

function whyNot(
  { isChanged, read, problems }: Draft,
  words: { readonly nothingToSave: string; readonly mendFirst: string },
): string | undefined {
  if (!isChanged) return words.nothingToSave
  return !read.ok || problems.length > 0 ? words.mendFirst : undefined
}
