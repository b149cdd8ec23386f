// JSON in a plain text field with line numbers: every browser's own undo, spelling of keys, screen reader and selection.
// Tab leaves it, as from every field; the lines of what is to be mended are marked.
import { Box } from '@mantine/core'
import { useEffect, useRef } from 'react'
import { useWords } from '../../../i18n/words.ts'
import type { Draft } from '../useDraft.ts'
import { lineOfField } from './lineOfField.ts'
import { editWords } from './words.ts'

export function JsonEditor({
  draft,
  sought,
  onFound,
}: {
  readonly draft: Draft
  /** A field to put the caret at. */
  readonly sought: string | undefined
  readonly onFound: () => void
}) {
  const words = useWords(editWords)
  const field = useRef<HTMLTextAreaElement>(null)
  const { text, problems } = draft
  const lines = text.split('\n')
  const marked = new Set(problems.map(problem => lineOfField(text, problem.field)))
  useEffect(() => {
    if (sought === undefined || field.current === null) return
    const line = lineOfField(text, sought) ?? 0
    const from = text.split('\n').slice(0, line).join('\n').length + (line > 0 ? 1 : 0)
    field.current.focus()
    field.current.setSelectionRange(from, from + (lines[line]?.length ?? 0))
    onFound()
  }, [sought, text, lines, onFound])
  return (
    <Box className="json">
      <div className="line-numbers" aria-hidden>
        {lines.map((_, line) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a line number is its place
          <div key={line} data-marked={marked.has(line) || undefined}>
            {line + 1}
          </div>
        ))}
      </div>
      <textarea
        ref={field}
        aria-label={words.jsonLabel}
        aria-invalid={problems.length > 0}
        value={text}
        rows={lines.length + 1}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        wrap="off"
        onChange={event => draft.setText(event.currentTarget.value)}
      />
    </Box>
  )
}
