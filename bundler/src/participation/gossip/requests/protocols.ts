// The requests that nodes make of each other, one stream each: what is asked and answered, and how much of it.
import { wireLimits } from '../limits.ts'

export type RequestName =
  | 'status'
  | 'goodbye'
  | 'ping'
  | 'metadata'
  | 'pooled_user_op_hashes'
  | 'pooled_user_ops_by_hash'
  | 'inclusion_promise'

export function protocolOf(name: RequestName): string {
  return `/account_abstraction/req/${name}/1/ssz_snappy`
}

/** Most bytes of a request and of an answer, uncompressed; what a request costs of its peer's quota. */
export type RequestBounds = {
  readonly request: number
  readonly response: number
  readonly cost: number
  /** Open at once on one connection. */
  readonly streams: number
  /** A stream of it waits so long for one more request. */
  readonly keptMilliseconds?: number
}

const bytesOfHashes = wireLimits.hashesPerRequest * 32
const promiseBytes = 197
const streams = 4

export const requestBounds: Readonly<Record<RequestName, RequestBounds>> = {
  status: { request: 48, response: 48, cost: 1, streams },
  goodbye: { request: 8, response: 8, cost: 1, streams },
  ping: { request: 8, response: 8, cost: 1, streams },
  metadata: {
    request: 0,
    response: 12 + wireLimits.mempools * (4 + wireLimits.mempoolIdBytes),
    cost: 2,
    streams,
  },
  pooled_user_op_hashes: { request: 32, response: 36 + bytesOfHashes, cost: 5, streams },
  pooled_user_ops_by_hash: { request: bytesOfHashes, response: wireLimits.messageBytes, cost: 10, streams },
  // The operation counts as a message besides, and its answer waits for a validation and the disk.
  inclusion_promise: {
    request: wireLimits.messageBytes,
    response: promiseBytes,
    cost: 0.25,
    streams: 16,
    keptMilliseconds: 60_000,
  },
}

/** Why a node says goodbye. */
export const goodbyeReason = { shutdown: 1n, irrelevantNetwork: 2n, fault: 3n, tooManyPeers: 129n } as const

export const resultCode = { success: 0, invalidRequest: 1, serverError: 2, resourceUnavailable: 3 } as const
