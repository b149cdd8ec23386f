// Is the code found at an address the code that was meant to be there? For whoever deploys or trusts a deployment.
import { type Hex, hexToBytes, keccak256, size } from 'viem'
import type { ByteRange } from './artifact.ts'

/**
 * Either the hash of the whole runtime code, or the compiler's output with the byte ranges that the
 * constructor fills in. CREATE2 already binds the address to the creation code and its arguments,
 * so what stands in those ranges needs no second check.
 */
export type ExpectedCode =
  | { readonly kind: 'hash'; readonly codeHash: Hex }
  | { readonly kind: 'template'; readonly code: Hex; readonly immutables: readonly ByteRange[] }

/** Undefined when the code is as expected; otherwise what differs. */
export function runtimeCodeProblem(found: Hex, expected: ExpectedCode): string | undefined {
  if (expected.kind === 'hash') {
    const codeHash = keccak256(found)
    return codeHash === expected.codeHash
      ? undefined
      : `its code hash is ${codeHash}, expected ${expected.codeHash}`
  }
  if (size(found) !== size(expected.code)) {
    return `its code has ${size(found)} bytes, expected ${size(expected.code)}`
  }
  const foundBytes = hexToBytes(found)
  const expectedBytes = hexToBytes(expected.code)
  for (const { start, length } of expected.immutables) {
    foundBytes.fill(0, start, start + length)
    expectedBytes.fill(0, start, start + length)
  }
  const at = foundBytes.findIndex((byte, index) => byte !== expectedBytes[index])
  return at === -1 ? undefined : `its code differs from the compiled contract at byte ${at}`
}
