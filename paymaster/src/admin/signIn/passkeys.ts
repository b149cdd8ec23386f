// Passkeys (WebAuthn): a key in a device or its user's account, which signs for this console's origin alone. The user
// proves presence and identity to the device (PIN, finger, face), and needs to name nobody to sign in.
import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server'
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Kysely, Selectable } from 'kysely'
import { type AdminRefusal, refuseWith } from '../adminError.ts'
import type { AdminTables } from '../tables.ts'
import type { Challenges } from './challenges.ts'

export type PasskeyRow = Selectable<AdminTables['console_passkey']>

const mostOfUser = 20
const signInPurpose = 'passkey.signIn'
const addPurpose = (userId: string): string => `passkey.add ${userId}`

export type Passkeys = {
  challengeToSignIn(): Promise<object>
  signIn(response: unknown): Promise<{ readonly ok: true; readonly userId: string } | AdminRefusal<400 | 401>>
  challengeToAdd(user: { readonly id: string; readonly name: string }): Promise<object>
  add(
    userId: string,
    given: { readonly response: unknown; readonly name: string },
  ): Promise<{ readonly ok: true; readonly passkey: PasskeyRow } | AdminRefusal<400>>
  ofUser(userId: string): Promise<readonly PasskeyRow[]>
}

export function createPasskeys(options: {
  readonly database: Kysely<AdminTables>
  readonly challenges: Challenges
  readonly origin: () => string
  readonly now: () => number
}): Passkeys {
  const { database, challenges, origin, now } = options
  const rpID = (): string => new URL(origin()).hostname
  const expected = (purpose: string) => ({
    expectedChallenge: (challenge: string) => challenges.take(textOf(challenge), purpose),
    expectedOrigin: origin(),
    expectedRPID: rpID(),
    requireUserVerification: true,
  })

  async function ofUser(userId: string): Promise<readonly PasskeyRow[]> {
    return await database
      .selectFrom('console_passkey')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute()
  }

  return {
    ofUser,
    async challengeToSignIn() {
      const challenge = challenges.issue(signInPurpose)
      return await generateAuthenticationOptions({ rpID: rpID(), challenge, userVerification: 'required' })
    },
    async signIn(response) {
      const id = (response as { id?: unknown }).id
      const passkey =
        typeof id === 'string' && id.length <= 2_048
          ? await database.selectFrom('console_passkey').selectAll().where('id', '=', id).executeTakeFirst()
          : undefined
      if (passkey === undefined) {
        return refuseWith(401, {
          code: 'unknownPasskey',
          message: 'This passkey belongs to no user of this console',
          hint: 'sign in another way, or ask an admin for a link',
        })
      }
      try {
        const { verified, authenticationInfo } = await verifyAuthenticationResponse({
          ...expected(signInPurpose),
          response: response as AuthenticationResponseJSON,
          credential: {
            id: passkey.id,
            publicKey: Buffer.from(passkey.public_key, 'base64url'),
            counter: passkey.counter,
            transports: JSON.parse(passkey.transports),
          },
        })
        if (!verified) return doesNotHold('its signature is wrong')
        const used = { counter: authenticationInfo.newCounter, last_used_at: now() }
        await database.updateTable('console_passkey').set(used).where('id', '=', passkey.id).execute()
        return { ok: true, userId: passkey.user_id }
      } catch (error) {
        return doesNotHold(reasonOf(error))
      }
    },
    async challengeToAdd({ id, name }) {
      const known = await ofUser(id)
      return await generateRegistrationOptions({
        rpName: 'WorldLand paymaster',
        rpID: rpID(),
        userName: name,
        userDisplayName: name,
        userID: new TextEncoder().encode(id),
        challenge: challenges.issue(addPurpose(id)),
        excludeCredentials: known.map(passkey => ({ id: passkey.id })),
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      })
    },
    async add(userId, { response, name }) {
      if ((await ofUser(userId)).length >= mostOfUser) {
        return refuseWith(400, {
          code: 'tooManyPasskeys',
          message: `You have ${mostOfUser} passkeys already`,
          hint: 'remove one that you no longer use',
        })
      }
      try {
        const { verified, registrationInfo } = await verifyRegistrationResponse({
          ...expected(addPurpose(userId)),
          response: response as RegistrationResponseJSON,
        })
        if (!verified) return doesNotHold('its attestation is wrong')
        const { credential, credentialBackedUp } = registrationInfo
        const transports = credential.transports ?? []
        const passkey = {
          id: credential.id,
          user_id: userId,
          public_key: Buffer.from(credential.publicKey).toString('base64url'),
          counter: credential.counter,
          transports: JSON.stringify(transports.slice(0, 8).map(String)),
          name,
          is_synchronized: Number(credentialBackedUp),
          created_at: now(),
          last_used_at: null,
        }
        const { numInsertedOrUpdatedRows } = await database
          .insertInto('console_passkey')
          .values(passkey)
          .onConflict(conflict => conflict.column('id').doNothing())
          .executeTakeFirst()
        return numInsertedOrUpdatedRows === 0n ? doesNotHold('it is known already') : { ok: true, passkey }
      } catch (error) {
        return doesNotHold(reasonOf(error))
      }
    },
  }
}

/** Of what the library makes of a challenge that is text. */
function textOf(challenge: string): string {
  return Buffer.from(challenge, 'base64url').toString('utf8')
}

function doesNotHold(why: string): AdminRefusal<400> {
  return refuseWith(400, {
    code: 'passkeyRefused',
    message: `The passkey's answer does not hold: ${why.slice(0, 300)}`,
    hint: 'begin again: each challenge is good once, for five minutes, at the console’s own address',
  })
}
