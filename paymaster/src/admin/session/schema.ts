// Who is signed in, how one signs in, and one's own ways in. The cookie is set and cleared by the answers' headers.
//
// Without being signed in:
//   POST   /api/v1/session/link                       LinkRequest → Session; the token stands behind # in the link
//   POST   /api/v1/session/passkey/challenge          {} → PasskeyChallenge, for startAuthentication
//   POST   /api/v1/session/passkey                    PasskeyAnswer → Session
//   POST   /api/v1/session/wallet/challenge           WalletChallengeRequest → WalletChallenge, for personal_sign
//   POST   /api/v1/session/wallet                     WalletAnswer → Session
// Signed in:
//   GET    /api/v1/session                            → Session (401 for nobody)
//   PUT    /api/v1/session                            SessionChange → Session; one's own name
//   DELETE /api/v1/session                            → 204; signs out
//   GET    /api/v1/session/all                        → SessionList; one's own sessions
//   DELETE /api/v1/session/all/{id}                   → 204; ends one of them
//   GET    /api/v1/session/ways-in                    → WaysIn; one's own passkeys and wallets
//   POST   /api/v1/session/passkeys/challenge         {} → PasskeyChallenge, for startRegistration
//   POST   /api/v1/session/passkeys                   PasskeyAnswer with a name → Passkey
//   DELETE /api/v1/session/passkeys/{id}              → 204
//   POST   /api/v1/session/wallets/challenge          WalletChallengeRequest → WalletChallenge
//   POST   /api/v1/session/wallets                    WalletAnswer → Wallet
//   DELETE /api/v1/session/wallets/{address}          → 204
import { z } from '@hono/zod-openapi'
import { fieldProblems as must } from '../../problems/fieldProblems.ts'

export const roleSchema = z.enum(['viewer', 'operator', 'admin'])
export type RoleName = z.infer<typeof roleSchema>

/** What a person may be called: shown as text everywhere, never as markup. */
export const nameSchema = z.string().trim().min(1, must.empty).max(80)

export const userSchema = z
  .object({ id: z.string(), name: z.string(), role: roleSchema })
  .openapi('SignedInUser')

export const sessionSchema = z
  .object({
    user: userSchema,
    session: z.object({
      id: z.string(),
      createdAtSeconds: z.number().int(),
      /** At the latest; sooner when nothing is asked for so long. */
      expiresAtSeconds: z.number().int(),
      idleSeconds: z.number().int(),
    }),
    /** False until the user has a passkey or a wallet: without one, the end of this session locks the user out. */
    hasWayIn: z.boolean(),
    /** What this console is of. */
    house: z.object({
      version: z.string(),
      chainId: z.number().int(),
      paymaster: z.string(),
      entryPoint: z.string(),
      /** Where passkeys work; elsewhere the browser refuses them. */
      consoleOrigin: z.string(),
    }),
  })
  .openapi('Session')
export type Session = z.infer<typeof sessionSchema>

export const linkRequestSchema = z.object({ token: z.string().min(1).max(128) }).openapi('LinkRequest')
export const sessionChangeSchema = z.object({ name: nameSchema }).openapi('SessionChange')

export const sessionItemSchema = z
  .object({
    id: z.string(),
    isThisOne: z.boolean(),
    createdAtSeconds: z.number().int(),
    lastSeenAtSeconds: z.number().int(),
    expiresAtSeconds: z.number().int(),
    /** Address from which it was opened. */
    caller: z.string(),
    userAgent: z.string(),
    signedInBy: z.enum(['link', 'passkey', 'wallet']),
  })
  .openapi('SessionItem')
export type SessionItem = z.infer<typeof sessionItemSchema>
export const sessionListSchema = z.object({ items: z.array(sessionItemSchema) }).openapi('SessionList')

export const passkeyChallengeSchema = z
  .object({
    /** `PublicKeyCredentialCreationOptionsJSON` or `…RequestOptionsJSON`, as @simplewebauthn/browser takes it. */
    options: z.record(z.string(), z.unknown()),
  })
  .openapi('PasskeyChallenge')
export type PasskeyChallenge = z.infer<typeof passkeyChallengeSchema>

export const passkeyAnswerSchema = z
  .object({
    /** What startAuthentication or startRegistration gave. */
    response: z.record(z.string(), z.unknown()),
    /** For a new passkey: what its user calls it. */
    name: nameSchema.optional(),
  })
  .openapi('PasskeyAnswer')
export type PasskeyAnswer = z.infer<typeof passkeyAnswerSchema>

export const walletChallengeRequestSchema = z
  .object({
    address: z.string().regex(/^0x[0-9a-fA-F]{40}$/, must.notAddress),
  })
  .openapi('WalletChallengeRequest')
export const walletChallengeSchema = z
  .object({
    /** Sign-In with Ethereum (EIP-4361), to be signed as it is. */
    message: z.string(),
  })
  .openapi('WalletChallenge')
export const walletAnswerSchema = z
  .object({
    message: z.string().min(1).max(4_096),
    signature: z
      .string()
      .regex(/^0x(?:[0-9a-fA-F]{2})+$/, must.notSignature)
      .max(8_194),
  })
  .openapi('WalletAnswer')
export type WalletAnswer = z.infer<typeof walletAnswerSchema>

export const passkeySchema = z
  .object({
    id: z.string(),
    name: z.string(),
    createdAtSeconds: z.number().int(),
    lastUsedAtSeconds: z.number().int().nullable(),
    /** Kept in the user's account with the maker of the device, on several devices. */
    isSynchronized: z.boolean(),
  })
  .openapi('Passkey')
export type Passkey = z.infer<typeof passkeySchema>

export const walletSchema = z
  .object({
    address: z.string(),
    createdAtSeconds: z.number().int(),
    lastUsedAtSeconds: z.number().int().nullable(),
  })
  .openapi('Wallet')
export type Wallet = z.infer<typeof walletSchema>

export const waysInSchema = z
  .object({ passkeys: z.array(passkeySchema), wallets: z.array(walletSchema) })
  .openapi('WaysIn')
export type WaysIn = z.infer<typeof waysInSchema>
