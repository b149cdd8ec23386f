// A policy under the pen: its text, whether it differs from what is saved, and what the service finds in it.
import { useDebouncedValue } from '@mantine/hooks'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type {
  PolicyDefinition,
  PolicyProblem,
  PolicyValidation,
} from '../../../../src/admin/policies/schema.ts'
import { request } from '../../api/request.ts'
import { type Path, type ReadDefinition, readDefinition, toText, withValueAt } from './definition.ts'

export type Draft = {
  readonly text: string
  readonly read: ReadDefinition
  readonly isChanged: boolean
  readonly problems: readonly PolicyProblem[]
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
  const problems = read.ok
    ? isChanged
      ? (validation.data?.problems ?? [])
      : []
    : [{ field: '', problem: read.problem }]
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
