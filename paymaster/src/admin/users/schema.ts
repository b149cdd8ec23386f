// Who may come in, and as what. Changes take the role admin; everyone signed in sees who there is.
//   GET    /api/v1/users                          → UserList
//   PUT    /api/v1/users/{id}                     UserChange → User; a new role ends the user's sessions
//   DELETE /api/v1/users/{id}                     → 204; the last admin stays
//   POST   /api/v1/users/{id}/sign-in-link        {} → SignInLink, for who has lost passkey and wallet
//   GET    /api/v1/users/{id}/sessions            → SessionList of session/schema.ts (admin)
//   DELETE /api/v1/users/{id}/sessions/{session}  → 204 (admin)
//   GET    /api/v1/users/invitations              → InvitationList (admin)
//   POST   /api/v1/users/invitations              InvitationRequest → SignInLink; shown this once
//   DELETE /api/v1/users/invitations/{id}         → 204
import { z } from '@hono/zod-openapi'
import { nameSchema, roleSchema } from '../session/schema.ts'

export const userItemSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    createdAtSeconds: z.number().int(),
    /** Null when never. */
    lastSeenAtSeconds: z.number().int().nullable(),
    passkeys: z.number().int(),
    wallets: z.array(z.string()),
    openSessions: z.number().int(),
    isYou: z.boolean(),
  })
  .openapi('User')
export type UserItem = z.infer<typeof userItemSchema>
export const userListSchema = z.object({ items: z.array(userItemSchema) }).openapi('UserList')

export const userChangeSchema = z
  .object({ name: nameSchema.optional(), role: roleSchema.optional() })
  .openapi('UserChange')
export type UserChange = z.infer<typeof userChangeSchema>

export const invitationRequestSchema = z
  .object({ name: nameSchema, role: roleSchema })
  .openapi('InvitationRequest')

export const invitationSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    role: roleSchema,
    createdBy: z.string(),
    createdAtSeconds: z.number().int(),
    expiresAtSeconds: z.number().int(),
  })
  .openapi('Invitation')
export type Invitation = z.infer<typeof invitationSchema>
export const invitationListSchema = z.object({ items: z.array(invitationSchema) }).openapi('InvitationList')

export const signInLinkSchema = z
  .object({
    /** Good for one sign-in; told this once. */
    url: z.string(),
    expiresAtSeconds: z.number().int(),
  })
  .openapi('SignInLink')
export type SignInLink = z.infer<typeof signInLinkSchema>
