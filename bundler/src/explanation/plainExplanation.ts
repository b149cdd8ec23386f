// An explanation as plain JSON: bigints as decimal strings.
import type { Explanation } from './explanation.ts'

export function plainExplanation(explanation: Explanation): unknown {
  return JSON.parse(
    JSON.stringify(explanation, (_, value) => (typeof value === 'bigint' ? value.toString() : value)),
  )
}
