// Passkeys as this console uses them: to sign in, and to have a way back in.
import {
  type PublicKeyCredentialCreationOptionsJSON,
  type PublicKeyCredentialRequestOptionsJSON,
  startAuthentication,
  startRegistration,
} from '@simplewebauthn/browser'
import type { Passkey, PasskeyChallenge, Session } from '../../../src/admin/session/schema.ts'
import { request } from '../api/request.ts'

export async function signInByPasskey(): Promise<Session> {
  const { options } = await request<PasskeyChallenge>('session/passkey/challenge', { method: 'POST' })
  const optionsJSON = options as unknown as PublicKeyCredentialRequestOptionsJSON
  const response = await startAuthentication({ optionsJSON })
  return await request<Session>('session/passkey', { method: 'POST', body: { response } })
}

export async function addPasskey(name: string): Promise<Passkey> {
  const { options } = await request<PasskeyChallenge>('session/passkeys/challenge', { method: 'POST' })
  const optionsJSON = options as unknown as PublicKeyCredentialCreationOptionsJSON
  const response = await startRegistration({ optionsJSON })
  return await request<Passkey>('session/passkeys', { method: 'POST', body: { response, name } })
}

/** Passkeys belong to a name: browsers refuse them to an address, and to a page without TLS that is not this machine's. */
export function passkeyObstacle(): 'address' | 'insecure' | 'unsupported' | undefined {
  if (/^[\d.]+$|^\[/.test(location.hostname)) return 'address'
  if (!window.isSecureContext) return 'insecure'
  return 'PublicKeyCredential' in window ? undefined : 'unsupported'
}

/** The person said no, let it time out, or has none here: the browser does not tell which. */
export function isRefusedByPerson(error: unknown): boolean {
  return error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name)
}
