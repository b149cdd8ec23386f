// The stage of API keys put together: the book that holds them, and who asks it.
import type { Clock } from '@worldland-aa/service/clock'
import type { Identify } from '@worldland-aa/service/http/credentials'
import type { Part } from '@worldland-aa/service/lifecycle'
import type { Logger } from '@worldland-aa/service/logger'
import type { Kysely } from 'kysely'
import { type ApiKeyBook, createApiKeyBook } from './apiKeyBook.ts'
import { type AuthenticateKey, createAuthenticateKey } from './authenticateKey.ts'
import { createIdentifyByKey } from './identifyByKey.ts'
import type { KeyRules } from './keyedMethods.ts'
import { createPoliciesOfKey, type PoliciesOfKey } from './policiesOfKey.ts'
import type { ApiKeyTables } from './tables.ts'

export type ApiKeys = {
  readonly book: ApiKeyBook
  /** At the JSON-RPC door. */
  readonly identify: Identify
  /** At the door of the admin API. */
  readonly authenticateKey: AuthenticateKey
  readonly rules: KeyRules & { readonly policies: PoliciesOfKey }
  /** Between the database's start and the door's. */
  readonly part: Part
}

export function createApiKeys(options: {
  readonly database: Kysely<ApiKeyTables>
  readonly isRequired: boolean
  readonly callsPerSecond: number
  readonly clock: Clock
  readonly logger: Logger
}): ApiKeys {
  const { clock, callsPerSecond, isRequired } = options
  const now = (): number => Math.floor(clock.now() / 1000)
  const book = createApiKeyBook({
    database: options.database,
    now,
    onWriteFailed: error => options.logger.error({ error }, 'the use of API keys could not be written'),
  })
  return {
    book,
    identify: createIdentifyByKey({ book, callsPerSecond, clock }),
    authenticateKey: createAuthenticateKey({ book, now }),
    rules: { book, isRequired, policies: createPoliciesOfKey(book) },
    part: { name: 'API keys', start: book.start, stop: book.stop },
  }
}
