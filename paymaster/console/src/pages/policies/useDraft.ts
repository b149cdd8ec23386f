// A policy under the pen: its text, whether it differs from what is saved, and what the service finds in it.
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { PolicyDefinition, PolicyValidation } from '../../../../src/admin/policies/schema.ts'
import { request } from '../../api/request.ts'
import { useLanguage } from '../../i18n/language.ts'
import { fieldProblemIn } from '../../i18n/refusals.ts'
import { useWords } from '../../i18n/words.ts'
import {
  type DraftProblem,
  type Path,
  type ReadDefinition,
  readDefinition,
  toText,
  withValueAt,
} from './definition.ts'
import { editWords } from './edit/words.ts'

export type Draft = {
  readonly text: string
  readonly read: ReadDefinition
  readonly isChanged: boolean
  readonly problems: readonly DraftProblem[]
  readonly isChecking: boolean
  setText(text: string): void
  setAt(path: Path, value: unknown): void
  /** To what is saved. */
  reset(definition?: PolicyDefinition): void
}

export function useDraft(saved: PolicyDefinition): Draft {
  const savedText = toText(saved)
  const [own, setOwn] = useState<string>()
  const text = own ?? savedText
  const read = readDefinition(text)
  const isChanged = text !== savedText
  const language = useLanguage()
  const words = useWords(editWords)
  const [settled] = useDebouncedValue(text, 400)
  const validation = useQuery({
    queryKey: ['policies', 'validate', settled],
    queryFn: ({ signal }) => {
      const { definition } = readDefinition(settled) as { definition: PolicyDefinition }
      return request<PolicyValidation>('policies/validate', { method: 'POST', body: { definition }, signal })
    },
    enabled: readDefinition(settled).ok && isChanged,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
  })
  const found = isChanged ? (validation.data?.problems ?? []) : []
  const problems = read.ok
    ? found.map(one => ({ field: one.field, problem: fieldProblemIn(language, one) ?? one.problem }))
    : [{ field: '', problem: words.notJson(read.problem) }]
  return {
    text,
    read,
    isChanged,
    problems,
    isChecking: read.ok && isChanged && (settled !== text || validation.isFetching),
    setText: setOwn,
    setAt(path, value) {
      if (read.ok) setOwn(toText(withValueAt(read.definition, path, value)))
    },
    reset(definition) {
      setOwn(definition === undefined ? undefined : toText(definition))
    },
  }
}
