// Wallets (Sign-In with Ethereum, EIP-4361): the service writes the message, the wallet signs it, once. A wallet that is
// a contract (ERC-1271) is asked on the chain.
import { reasonOf } from '@worldland-aa/service/reasonOf'
import type { Kysely, Selectable } from 'kysely'
import {
  type Address,
  getAddress,
  type Hex,
  hashMessage,
  isAddressEqual,
  type PublicClient,
  recoverAddress,
} from 'viem'
import { createSiweMessage, parseSiweMessage } from 'viem/siwe'
import { type AdminRefusal, refuseWith } from '../adminError.ts'
import type { AdminTables } from '../tables.ts'
import type { Challenges } from './challenges.ts'

export type WalletRow = Selectable<AdminTables['console_wallet']>
/** Undefined to sign in, the user's id to add the wallet to it. */
export type WalletPurpose = { readonly addTo?: string }
export type Signed = { readonly message: string; readonly signature: Hex }

const mostOfUser = 20
const contractSignatureAbi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [{ type: 'bytes32' }, { type: 'bytes' }],
    outputs: [{ type: 'bytes4' }],
  },
] as const
const contractSignatureGood = '0x1626ba7e'

export type Wallets = {
  messageFor(address: Address, purpose: WalletPurpose): string
  signIn(
    signed: Signed,
  ): Promise<{ readonly ok: true; readonly userId: string } | AdminRefusal<400 | 401 | 503>>
  add(
    userId: string,
    signed: Signed,
  ): Promise<{ readonly ok: true; readonly wallet: WalletRow } | AdminRefusal<400 | 503>>
  ofUser(userId: string): Promise<readonly WalletRow[]>
}

export function createWallets(options: {
  readonly database: Kysely<AdminTables>
  readonly client: PublicClient
  readonly chainId: number
  readonly paymaster: Address
  readonly challenges: Challenges
  readonly origin: () => string
  readonly now: () => number
}): Wallets {
  const { database, client, chainId, paymaster, challenges, origin, now } = options

  async function isSignedBy(address: Address, { message, signature }: Signed): Promise<boolean> {
    const hash = hashMessage(message)
    const recovered = await recoverAddress({ hash, signature }).catch(() => undefined)
    if (recovered !== undefined && isAddressEqual(recovered, address)) return true
    const code = await client.getCode({ address })
    if (code === undefined || code === '0x') return false
    const answer = await client
      .readContract({
        address,
        abi: contractSignatureAbi,
        functionName: 'isValidSignature',
        args: [hash, signature],
      })
      .catch(() => undefined)
    return answer === contractSignatureGood
  }

  /** The address that signed, where the message is one of ours, for this purpose, and not used before. */
  async function check(
    signed: Signed,
    purpose: WalletPurpose,
  ): Promise<{ readonly ok: true; readonly address: Address } | AdminRefusal<400 | 503>> {
    const fields = parseSiweMessage(signed.message)
    const { host } = new URL(origin())
    // Whatever else it says: the nonce is spent.
    const isOurs = challenges.take(fields.nonce ?? '', purposeName(fields.address, purpose))
    if (!isOurs)
      return doesNotHold('it was signed before, or too long ago, or is not the message that was given')
    if (fields.domain !== host || fields.uri !== origin()) return doesNotHold(`it is not for ${host}`)
    if (fields.chainId !== chainId) return doesNotHold(`it is not for the chain ${chainId}`)
    if (fields.address === undefined) return doesNotHold('it names no address')
    try {
      if (await isSignedBy(fields.address, signed)) return { ok: true, address: fields.address }
      return doesNotHold(`it is not signed by ${fields.address}`)
    } catch (error) {
      return refuseWith(503, {
        code: 'nodeSilent',
        message: `Whether ${fields.address} signed it could not be asked on the chain: ${reasonOf(error).slice(0, 200)}`,
        hint: 'try again when the node answers, or sign in by a passkey',
      })
    }
  }

  async function ofUser(userId: string): Promise<readonly WalletRow[]> {
    return await database
      .selectFrom('console_wallet')
      .selectAll()
      .where('user_id', '=', userId)
      .orderBy('created_at')
      .execute()
  }

  return {
    messageFor(address, purpose) {
      const issuedAt = new Date(now() * 1000)
      const checksummed = getAddress(address)
      const house = `the paymaster ${paymaster} on chain ${chainId}`
      return createSiweMessage({
        address: checksummed,
        chainId,
        domain: new URL(origin()).host,
        uri: origin(),
        version: '1',
        nonce: challenges.issue(purposeName(checksummed, purpose)),
        issuedAt,
        expirationTime: new Date(issuedAt.getTime() + 300_000),
        statement:
          purpose.addTo === undefined
            ? `Sign in to the console of ${house}.`
            : `Let this wallet sign in to the console of ${house}.`,
      })
    },
    async signIn(signed) {
      const checked = await check(signed, {})
      if (!checked.ok) return checked
      const address = checked.address.toLowerCase()
      const wallet = await database
        .updateTable('console_wallet')
        .set({ last_used_at: now() })
        .where('address', '=', address)
        .returningAll()
        .executeTakeFirst()
      if (wallet !== undefined) return { ok: true, userId: wallet.user_id }
      return refuseWith(401, {
        code: 'unknownWallet',
        message: `${checked.address} belongs to no user of this console`,
        hint: 'sign in another way and add it there, or ask an admin for a link',
      })
    },
    async add(userId, signed) {
      const checked = await check(signed, { addTo: userId })
      if (!checked.ok) return checked
      const mine = await ofUser(userId)
      if (mine.length >= mostOfUser) return doesNotHold(`you have ${mostOfUser} wallets already`)
      const wallet = {
        address: checked.address.toLowerCase(),
        user_id: userId,
        created_at: now(),
        last_used_at: null,
      }
      const { numInsertedOrUpdatedRows } = await database
        .insertInto('console_wallet')
        .values(wallet)
        .onConflict(conflict => conflict.column('address').doNothing())
        .executeTakeFirst()
      if (numInsertedOrUpdatedRows === 0n) return doesNotHold(`${checked.address} is a user's already`)
      return { ok: true, wallet }
    },
    ofUser,
  }
}

function purposeName(address: Address | undefined, { addTo }: WalletPurpose): string {
  return `wallet ${address?.toLowerCase()} ${addTo === undefined ? 'signIn' : `add ${addTo}`}`
}

function doesNotHold(why: string): AdminRefusal<400> {
  return refuseWith(400, {
    code: 'walletRefused',
    message: `The signed message does not hold: ${why}`,
    hint: 'begin again: each message is good once, for five minutes',
  })
}
