// What the signers page shows: every key and every signer, how far a rotation has come, and the kill switch.
import { z } from '@hono/zod-openapi'
import {
  addressText,
  preparedTransactionSchema,
  requestIdText,
  treasuryTransactionSchema,
} from '../treasury/schema.ts'

/** `noKey`: the contract trusts it, and its key is not here: another service's, or forgotten. */
export const signerStates = [
  'active',
  'standby',
  'untrusted',
  'retiring',
  'removable',
  'noKey',
  'removed',
] as const
export type SignerState = (typeof signerStates)[number]

export const signerSchema = z
  .object({
    address: addressText,
    state: z.enum(signerStates),
    hasKey: z.boolean(),
    isActive: z.boolean(),
    /** By the contract, in the newest block. */
    isTrusted: z.boolean(),
    /** Blocks for which the contract has trusted it, up to `neededTrustBlocks`: from there on it may become active. */
    trustedBlocks: z.int(),
    /** Its last signature is good until then; null if it has given none that is known here. */
    lastSignatureExpiresAtSeconds: z.int().nullable(),
    /** True once the last signature has expired in a final block: removing it breaks nothing. */
    isExpired: z.boolean(),
    /** What to do next, in words; null where there is nothing to do. */
    nextStep: z.string().nullable(),
  })
  .openapi('Signer')
export type SignerView = z.infer<typeof signerSchema>

export const signersSchema = z
  .object({
    items: z.array(signerSchema),
    nextCursor: z.null(),
    owner: addressText,
    neededTrustBlocks: z.int(),
    /** An expiry counts when a block of that time is this deep. */
    finalityBlocks: z.int(),
    /** Time of the newest final block; null while there is none. */
    finalBlockAtSeconds: z.int().nullable(),
    /** Where the keys are read; null where they came by an environment variable or inside the configuration file. */
    keyFile: z.string().nullable(),
    pausedSinceSeconds: z.int().nullable(),
    /** Whether the treasury key could remove a signer by itself. */
    treasuryKeyIsOwner: z.boolean(),
  })
  .openapi('Signers')
export type SignersView = z.infer<typeof signersSchema>

export const keysReloadedSchema = z
  .object({ added: z.array(addressText), removed: z.array(addressText), active: addressText })
  .openapi('KeysReloaded')

/** Pauses signing at once. The removal goes out by the treasury key where `execute` is set and that key owns the contract. */
export const killSchema = z
  .object({ signer: addressText.optional(), execute: z.boolean().default(false), requestId: requestIdText })
  .openapi('KillSwitch')
export type Kill = z.input<typeof killSchema>

export const killedSchema = z
  .object({
    pausedSinceSeconds: z.int(),
    /** For the owner's wallet. */
    removal: preparedTransactionSchema,
    executed: treasuryTransactionSchema.nullable(),
  })
  .openapi('Killed')
export type Killed = z.infer<typeof killedSchema>
