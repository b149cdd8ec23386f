// What a bundler, a paymaster or a node refused by JSON-RPC, in words. It goes by codes and data (ERC-7769, `hint`); of
// the message it is only told whether it ends with the hint.
import { rejectionCode } from '../protocol/rejectionCode.ts'
import type { Failure, FailureSource } from './failure.ts'
import { isRecord, levelsOf } from './levels.ts'
import { paymasterDenialSentences } from './sentences/paymasterDenialSentences.ts'
import { refusalRemedies } from './sentences/refusalRemedies.ts'

/** Undefined: the failure is no answer of JSON-RPC. */
export function decodeRefusal(failure: unknown): Failure | undefined {
  const refusal = innermostRefusal(failure)
  if (refusal === undefined) return undefined
  const { code, message, data } = refusal
  const source = sourceOf(code, data)
  const errorName = nameOf(code, data)
  const denial = source === 'paymaster' ? paymasterDenialSentences[errorName]?.(data) : undefined
  if (denial !== undefined) return { source, ...denial }
  const hint = typeof data.hint === 'string' ? data.hint : undefined
  return {
    source,
    errorName,
    problem: sentence(withoutEnd(message, hint)),
    remedy: hint === undefined ? refusalRemedies(code) : sentence(hint),
  }
}

type Refusal = {
  readonly code: number
  readonly message: string
  readonly data: Readonly<Record<string, unknown>>
}

/** As it was sent: viem keeps it at the bottom of its own errors. */
function innermostRefusal(failure: unknown): Refusal | undefined {
  let found: Refusal | undefined
  for (const { code, details, message, data } of levelsOf(failure)) {
    if (!isJsonRpcCode(code)) continue
    const text = [details, message].find(said => typeof said === 'string' && said !== '')
    if (text === undefined) continue
    found = { code, message: String(text), data: isRecord(data) ? data : {} }
  }
  return found
}

/** JSON-RPC 2.0 reserves -32768 to -32000; EIP-1474 and ERC-7769 stay within. */
function isJsonRpcCode(code: unknown): code is number {
  return typeof code === 'number' && code >= -32_768 && code <= -32_000
}

const bundlerCodes: ReadonlySet<number> = new Set(Object.values(rejectionCode))

function sourceOf(code: number, { reason }: Refusal['data']): FailureSource {
  if (code !== rejectionCode.paymaster) return bundlerCodes.has(code) ? 'bundler' : 'node'
  // A bundler tells of the paymaster's contract by the same code, in the EntryPoint's words. Both name the contract.
  return typeof reason === 'string' && !/^AA\d\d/.test(reason) ? 'paymaster' : 'bundler'
}

function nameOf(code: number, { reason, rule }: Refusal['data']): string {
  if (typeof rule === 'string') return rule
  if (typeof reason === 'string') return /^AA\d\d/.exec(reason)?.[0] ?? reason
  const known = Object.entries(rejectionCode).find(([, value]) => value === code)
  return known?.[0] ?? String(code)
}

const mostCharacters = 1_000

function withoutEnd(message: string, hint: string | undefined): string {
  return hint !== undefined && message.endsWith(hint)
    ? message.slice(0, -hint.length).replace(/[\s;:,]+$/, '')
    : message
}

/** With a capital and a full stop, as all others. */
function sentence(text: string): string {
  const line = text.slice(0, mostCharacters).replace(/\s+/g, ' ').trim()
  const begun = /^[a-z]+\b(?![(.])/.test(line) ? line.charAt(0).toUpperCase() + line.slice(1) : line
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`
}
