// Whether a key may be used at all by who brings it: it is somebody's, in force, and brought from where it may be. Each
// refusal says what is wrong to who holds the key, and nothing to who guesses.
import { isIPv4 } from 'node:net'
import { rpcErrorCode } from '@worldland-aa/service/jsonRpc/protocol'
import { type Refusal, type Result, refuse } from '@worldland-aa/service/result'
import { type StoredKey, stateOf } from './storedKey.ts'

export type BroughtBy = {
  /** Of IPv6 the /64. */
  readonly address: string
  /** Of the page, as its browser names it. */
  readonly origin?: string | undefined
}

/** Undefined when nothing is against it. */
export function judgeKey(
  key: StoredKey | undefined,
  use: StoredKey['use'],
  { address, origin }: BroughtBy,
  nowSeconds: number,
): Result<never> | undefined {
  if (key === undefined) {
    return unauthenticated(
      'unknown',
      'The API key is none of this paymaster',
      'look whether it was copied whole (wlp_…), or ask the operator for one',
    )
  }
  const state = stateOf(key, nowSeconds)
  if (state === 'revoked') {
    return unauthenticated('revoked', 'The API key is revoked', 'ask the operator for another')
  }
  if (state === 'expired') {
    return unauthenticated('expired', 'The API key has expired', 'ask the operator for another')
  }
  if (key.use !== use) {
    const [here, there] = use === 'rpc' ? ['JSON-RPC', 'the admin API'] : ['the admin API', 'JSON-RPC']
    return forbidden('use', `The API key is for ${there}, and this is ${here}`, 'take another key')
  }
  if (key.networks !== undefined && !key.networks.check(address, isIPv4(address) ? 'ipv4' : 'ipv6')) {
    return forbidden('network', `The API key may not be used from ${address}`, 'ask the operator to add it')
  }
  const { origins } = key.limits
  if (origins !== null && (origin === undefined || !origins.includes(origin))) {
    const problem =
      origin === undefined
        ? 'The API key is for pages of certain origins, and the request names none'
        : `The API key may not be used by pages of ${origin}`
    return forbidden('origin', problem, 'ask the operator to add the origin, or for another key')
  }
  return undefined
}

/** What a key may be refused for; told as `apiKey.…`. */
export type KeyRefusal =
  | 'missing'
  | 'unknown'
  | 'revoked'
  | 'expired'
  | 'use'
  | 'network'
  | 'origin'
  | 'method'
  | 'callsPerSecond'
  | 'callsPerDay'

export function forbidden(reason: KeyRefusal, problem: string, remedy: string): Result<never> {
  return refuse(refusalOf(rpcErrorCode.forbidden, reason, problem, remedy))
}

export function unauthenticated(reason: KeyRefusal, problem: string, remedy: string): Result<never> {
  return refuse(refusalOf(rpcErrorCode.unauthenticated, reason, problem, remedy))
}

export function beyondLimit(reason: KeyRefusal, problem: string, remedy: string): Refusal {
  return refusalOf(rpcErrorCode.limitExceeded, reason, problem, remedy)
}

function refusalOf(code: number, reason: KeyRefusal, problem: string, remedy: string): Refusal {
  return { code, message: `${problem}: ${remedy}`, data: { reason: `apiKey.${reason}`, hint: remedy } }
}
