// Inputs that read and write one place of a policy's text, and show what the service says of it. An empty one takes the
// field away.
import { NumberInput, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { type Path, problemAt, valueAt } from '../../definition.ts'
import type { Draft } from '../../useDraft.ts'

type FieldProperties = {
  readonly draft: Draft
  readonly path: Path
  readonly label: string
  readonly description?: string
}

export function TextField({
  draft,
  path,
  label,
  description,
  isReadOnly = false,
  isRequired = false,
}: FieldProperties & { readonly isReadOnly?: boolean; readonly isRequired?: boolean }) {
  const value = draft.read.ok ? valueAt(draft.read.definition, path) : undefined
  return (
    <TextInput
      label={label}
      description={description}
      withAsterisk={isRequired}
      readOnly={isReadOnly}
      value={value === undefined ? '' : String(value)}
      error={problemAt(draft.problems, path)}
      onChange={event => {
        const text = event.currentTarget.value
        draft.setAt(path, text === '' && !isRequired ? undefined : text)
      }}
    />
  )
}

export function NumberField({ draft, path, label, description }: FieldProperties) {
  const value = draft.read.ok ? valueAt(draft.read.definition, path) : undefined
  return (
    <NumberInput
      label={label}
      description={description}
      min={1}
      allowDecimal={false}
      hideControls
      value={typeof value === 'number' ? value : ''}
      error={problemAt(draft.problems, path)}
      onChange={changed => draft.setAt(path, changed === '' ? undefined : Number(changed))}
    />
  )
}

/** A list of texts, one a line. */
export function LinesField({
  draft,
  path,
  label,
  description,
  mayBeAny = false,
}: FieldProperties & { readonly mayBeAny?: boolean }) {
  const value = draft.read.ok ? valueAt(draft.read.definition, path) : undefined
  const kept = Array.isArray(value) ? value.join('\n') : value === undefined ? '' : String(value)
  // An empty last line is no entry, and must not vanish under the caret.
  const [typed, setTyped] = useState(kept)
  const shown = linesOf(typed).join('\n') === kept ? typed : kept
  const problem =
    problemAt(draft.problems, path) ??
    draft.problems.find(({ field }) => field.startsWith(`${path.join('.')}.`))?.problem
  return (
    <Textarea
      label={label}
      description={description}
      autosize
      minRows={2}
      maxRows={12}
      className="mono"
      value={shown}
      error={problem}
      onChange={event => {
        const text = event.currentTarget.value
        const lines = linesOf(text)
        setTyped(text)
        draft.setAt(path, lines.length === 0 ? undefined : mayBeAny && lines.join() === 'any' ? 'any' : lines)
      }}
    />
  )
}

export function linesOf(text: string): string[] {
  return text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '')
}
