// Whether a bundler does not have a method: each says it in another way.
import { levelsOf } from '../../errors/levels.ts'

/** JSON-RPC's "method not found", EIP-1474's "method not supported", and gateways that answer with invalid params. */
const codes: ReadonlySet<unknown> = new Set([-32601, -32004, 4200])

export function isMethodMissing(error: unknown): boolean {
  for (const { code, message, details } of levelsOf(error)) {
    if (codes.has(code)) return true
    if (
      /method.{0,60}(?:not (?:found|exist|supported|available|allowed|whitelisted)|does not exist|unsupported)/i.test(
        `${message} ${details}`,
      )
    )
      return true
  }
  return false
}
