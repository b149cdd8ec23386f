// Reads private keys. A bad one is named by its place, never by its text.
import type { Hex, PrivateKeyAccount } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { exitCodes } from '../cli/exitCodes.ts'
import { bytesOf } from '../crypto/bytes.ts'
import { signDigest } from '../crypto/signDigest.ts'
import { accept, type Result, refuse } from '../result.ts'

/** `text` holds 32-byte hex keys separated by white space or commas; at least one, none twice. */
export function parsePrivateKeys(text: string): Result<readonly PrivateKeyAccount[]> {
  const parsed = parseKeys(text)
  return parsed.ok ? accept(parsed.value.map(({ account }) => account)) : parsed
}

export type PrivateKey = { readonly key: Hex; readonly account: PrivateKeyAccount }

/** The same, for who signs by other means than the account's. */
export function parseKeys(text: string): Result<readonly PrivateKey[]> {
  const keys = text.split(/[\s,]+/).filter(key => key !== '')
  const parsed: PrivateKey[] = []
  for (const [index, key] of keys.entries()) {
    const prefixed = key.startsWith('0x') ? key : `0x${key}`
    const account = /^0x[0-9a-fA-F]{64}$/.test(prefixed) ? tryAccount(prefixed as Hex) : undefined
    if (account === undefined)
      return refused(`key ${index + 1} of ${keys.length} is not a private key: 64 hex digits`)
    if (parsed.some(other => other.account.address === account.address)) {
      return refused(`key ${index + 1} of ${keys.length} stands there twice: take one away`)
    }
    parsed.push({ key: prefixed as Hex, account })
  }
  return parsed.length === 0 ? refused('no key was given') : accept(parsed)
}

/** Signs digests in a quarter of the time that viem takes. Undefined for 0 and for numbers beyond the curve's order. */
function tryAccount(key: Hex): PrivateKeyAccount | undefined {
  try {
    const account = privateKeyToAccount(key)
    return { ...account, sign: async ({ hash }) => signDigest(key, bytesOf(hash)) }
  } catch {
    return undefined
  }
}

function refused(problem: string): Result<never> {
  return refuse({ code: exitCodes.configuration, message: problem })
}
