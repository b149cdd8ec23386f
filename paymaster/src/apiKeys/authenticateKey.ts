// An API key at the door of the admin API: whom it stands for there, if it may be used there at all.
import type { Actor } from '../admin/adminEnvironment.ts'
import type { ApiKeyBook } from './apiKeyBook.ts'
import { type BroughtBy, judgeKey } from './judgeKey.ts'

/** Undefined for what is no key, or not in force, or not for this use, address or page. Counts as a use of it. */
export type AuthenticateKey = (token: string, request: BroughtBy) => Actor | undefined

export function createAuthenticateKey(options: {
  readonly book: Pick<ApiKeyBook, 'holderOf' | 'use'>
  /** Seconds since the Unix epoch. */
  readonly now: () => number
}): AuthenticateKey {
  const { book, now } = options
  return (token, request) => {
    const key = book.holderOf(token)
    if (key === undefined || key.role === null) return undefined
    if (judgeKey(key, 'admin', request, now()) !== undefined || !book.use(key, 1)) return undefined
    return { id: `key:${key.id}`, name: key.name, role: key.role }
  }
}
