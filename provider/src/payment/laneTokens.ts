// A token stands for a voucher that was taken, so that most requests need no signature: whoever shows it is whoever was
// given it in answer to a fresh voucher. It holds nothing secret but its seal, and nothing of it is kept.
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@worldland-aa/service/clock'
import { type Address, getAddress, isAddress } from 'viem'
import { payerOfLane } from './lane.ts'
import type { Payer } from './paymentGate.ts'

export type TokenHolder = { readonly payer: Payer; readonly signer: Address }

export type LaneTokens = {
  issue(holder: TokenHolder): string
  /** Undefined: it is none of ours, or its time is over. */
  read(token: string): TokenHolder | undefined
}

const mark = 'wlt1'

export function createLaneTokens(options: {
  readonly key: Uint8Array
  readonly lifetimeSeconds: number
  readonly clock: Clock
}): LaneTokens {
  const { key, lifetimeSeconds, clock } = options
  const seal = (text: string): Buffer => createHmac('sha256', key).update(text).digest()
  return {
    issue({ payer, signer }) {
      const expiresAtSeconds = Math.floor(clock.now() / 1_000) + lifetimeSeconds
      const text = `${mark}.${payer.sessionId}.${payer.rightId}.${signer}.${expiresAtSeconds}`
      return `${text}.${seal(text).toString('base64url')}`
    },
    read(token) {
      const end = token.lastIndexOf('.')
      if (end < 0) return undefined
      const text = token.slice(0, end)
      const given = Buffer.from(token.slice(end + 1), 'base64url')
      const own = seal(text)
      if (given.length !== own.length || !timingSafeEqual(given, own)) return undefined
      const [, sessionId, rightId, signer = '', expiresAtSeconds] = text.split('.')
      const payer = payerOfLane(`${sessionId}:${rightId}`)
      if (payer === undefined || !isAddress(signer)) return undefined
      if (Number(expiresAtSeconds) * 1_000 <= clock.now()) return undefined
      return { payer, signer: getAddress(signer) }
    },
  }
}
