// A policy's definition as the editor handles it: JSON text that a form reads and writes at some places, and leaves
// alone at all others. What it means is for the service to say.
import type { PolicyDefinition } from '../../../../src/admin/policies/schema.ts'

/** In the reader's language. */
export type DraftProblem = { readonly field: string; readonly problem: string }

export type Path = readonly (string | number)[]

/** What a new policy begins with: everything that it must have, and a hint of what it may. */
export const newDefinition: PolicyDefinition = {
  id: '',
  name: '',
  contracts: [{ address: '', functions: ['*'] }],
  limits: {
    costPerOperationWei: '0.02ether',
    perSender: { costWei: '0.1ether', operations: 50, window: 'day' },
    global: { costWei: '1ether', window: 'day' },
  },
}

export function toText(definition: PolicyDefinition): string {
  return JSON.stringify(definition, null, 2)
}

export type ReadDefinition =
  | { readonly ok: true; readonly definition: PolicyDefinition }
  | { readonly ok: false; readonly problem: string }

export function readDefinition(text: string): ReadDefinition {
  try {
    const value: unknown = JSON.parse(text)
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
      return { ok: true, definition: value as PolicyDefinition }
    }
    return { ok: false, problem: 'not an object' }
  } catch (error) {
    return { ok: false, problem: error instanceof Error ? error.message : String(error) }
  }
}

export function valueAt(definition: PolicyDefinition, path: Path): unknown {
  let value: unknown = definition
  for (const step of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = (value as Record<string | number, unknown>)[step]
  }
  return value
}

/** Undefined takes the field away; what stands around it is made where it is not there. */
export function withValueAt(definition: PolicyDefinition, path: Path, value: unknown): PolicyDefinition {
  return changed(definition, path, value) as PolicyDefinition
}

function changed(holder: unknown, [step, ...rest]: Path, value: unknown): unknown {
  if (step === undefined) return value
  if (Array.isArray(holder)) {
    const copy: unknown[] = [...holder]
    const next = changed(copy[Number(step)], rest, value)
    if (next === undefined) copy.splice(Number(step), 1)
    else copy[Number(step)] = next
    return copy
  }
  const copy: Record<string, unknown> = typeof holder === 'object' && holder !== null ? { ...holder } : {}
  const next = changed(copy[step], rest, value)
  if (next === undefined) delete copy[step]
  else copy[step] = next
  return copy
}

/** What the service says of a field, or of what is in it. */
export function problemAt(problems: readonly DraftProblem[], path: Path): string | undefined {
  const field = path.join('.')
  return problems.find(problem => problem.field === field)?.problem
}
