// Links that open a part of a file for some minutes to whoever has them: for a browser's own download, or a program that
// signs nothing. Bound to file, bytes and time by a key that is made anew at each start and lies nowhere.
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '@worldland-aa/service/clock'
import type { Outcome } from '../outcome.ts'
import type { ByteRange } from './fileStore.ts'
import { type FileRefusal, refuse } from './refusal.ts'

export type Link = {
  readonly fileId: string
  /** What may be asked for: this, or any part of it. */
  readonly range: ByteRange
  readonly expiresAtSeconds: number
}

export type Links = {
  /** For the query of the file's address. */
  make(link: Link): string
  /** Undefined where the query holds none. */
  read(fileId: string, query: (name: string) => string | undefined): Outcome<Link, FileRefusal> | undefined
}

export const mostLinkSeconds = 3_600

export function createLinks({ clock }: { readonly clock: Clock }): Links {
  const key = randomBytes(32)
  const macOf = ({ fileId, range, expiresAtSeconds }: Link): Buffer =>
    createHmac('sha256', key)
      .update(`worldland file link 1\n${fileId}\n${range.first}\n${range.last}\n${expiresAtSeconds}`)
      .digest()

  return {
    make(link) {
      const { range, expiresAtSeconds } = link
      return new URLSearchParams({
        first: String(range.first),
        last: String(range.last),
        expires: String(expiresAtSeconds),
        signature: macOf(link).toString('hex'),
      }).toString()
    },
    read(fileId, query) {
      const signature = query('signature')
      if (signature === undefined) return undefined
      const [first, last, expires] = [query('first'), query('last'), query('expires')]
      if (![first, last, expires].every(isNumber) || !/^[0-9a-f]{64}$/.test(signature))
        return refuse(403, forged)
      const range = { first: Number(first), last: Number(last) }
      const link = { fileId, range, expiresAtSeconds: Number(expires) }
      // Judged before the time is: a stranger learns nothing from the order.
      if (!timingSafeEqual(macOf(link), Buffer.from(signature, 'hex'))) return refuse(403, forged)
      if (clock.now() / 1000 > link.expiresAtSeconds) {
        return refuse(410, 'This link has expired: ask whoever gave it to you for another')
      }
      return { ok: true, value: link }
    },
  }
}

const forged = 'This link was not made by this provider, or before it was started anew: ask for another'

function isNumber(text: string | undefined): boolean {
  return text !== undefined && /^(0|[1-9]\d{0,14})$/.test(text)
}
