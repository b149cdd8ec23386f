// What to do about a refusal that brings no hint of its own.
import { rejectionCode } from '../../protocol/rejectionCode.ts'

const remedies: Readonly<Record<number, string>> = {
  [-32_601]: 'Ask an address that serves this method: a bundler for user operations, a node for eth_call.',
  [-32_005]: 'Wait a second, and ask less often.',
  [-32_002]: 'Try again in a moment.',
  [-32_603]: 'Try again; if it stays, tell whoever runs this server.',
  [rejectionCode.invalidFields]: 'Give the field as it is asked for.',
  [rejectionCode.executionReverted]: 'Simulate the calls one by one to find which fails.',
}

export function refusalRemedies(code: number): string {
  const isOfOperation = Object.values<number>(rejectionCode).includes(code)
  const fallback = isOfOperation
    ? 'Prepare the operation again and send it.'
    : 'Mend what it says, then try again.'
  return remedies[code] ?? fallback
}
