import { type Address, type SignedAuthorization, zeroAddress } from 'viem'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import {
  type Authority,
  checkAuthority,
  checkAuthorizationSignature,
  checkAuthorizationTerms,
  takesEffect,
} from './authorization.ts'
import { testOperation } from './testing/operation.ts'
import type { UserOperation } from './validatedOperation.ts'

const owner = privateKeyToAccount(generatePrivateKey())
const delegate = '0x00000000000000000000000000000000000de1e9'
const other = '0x00000000000000000000000000000000000000aa'
const prague = { chainId: 103, fork: 'prague' } as const
const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

async function authorized(terms: { chainId?: number; nonce?: number; address?: Address } = {}) {
  const { chainId = 103, nonce = 4, address = delegate } = terms
  const authorization = await owner.signAuthorization({ chainId, nonce, address })
  return testOperation({ sender: owner.address, authorization })
}

const refusedWith = (words: RegExp, code = -32602) => ({
  ok: false,
  refusal: { code, message: expect.stringMatching(words), data: { field: 'eip7702Auth' } },
})

describe('the authorization of an operation', () => {
  it('is asked for by nobody', () => {
    const operation = testOperation({ sender: owner.address })
    expect(checkAuthorizationTerms(operation, undefined).ok).toBe(true)
    expect(checkAuthorizationSignature(operation).ok).toBe(true)
    expect(checkAuthority(operation, {}).ok).toBe(true)
  })

  it.each([103, 0])('is good for the chainId %i on chain 103, signed by the sender', async chainId => {
    const operation = await authorized({ chainId })
    expect(checkAuthorizationTerms(operation, prague).ok).toBe(true)
    expect(checkAuthorizationSignature(operation).ok).toBe(true)
  })

  it('is refused on a chain that is older than Prague', async () => {
    const operation = await authorized()
    for (const terms of [undefined, { ...prague, fork: 'cancun' } as const]) {
      expect(checkAuthorizationTerms(operation, terms)).toMatchObject(
        refusedWith(/older than Prague.*factory/),
      )
    }
  })

  it('is refused for another chain, and for no delegate at all', async () => {
    const elsewhere = await authorized({ chainId: 1 })
    expect(checkAuthorizationTerms(elsewhere, prague)).toMatchObject(
      refusedWith(/chainId 1; sign it for 103/),
    )
    const nowhere = await authorized({ address: zeroAddress })
    expect(checkAuthorizationTerms(nowhere, prague)).toMatchObject(refusedWith(/zero address/))
  })

  it.each<[string, (authorization: SignedAuthorization) => Partial<UserOperation>]>([
    ['of another sender', () => ({ sender: other })],
    ['changed after it was signed', authorization => ({ authorization: { ...authorization, nonce: 5 } })],
    ['with the signature’s other form', authorization => ({ authorization: mirrored(authorization) })],
    ['with a stub for a signature', authorization => ({ authorization: { ...authorization, r: '0x00' } })],
  ])('is refused %s', async (_, change) => {
    const operation = await authorized()
    const changed = { ...operation, ...change(operation.authorization as SignedAuthorization) }
    expect(checkAuthorizationSignature(changed)).toMatchObject(
      refusedWith(/is (not signed|signed by 0x).*must sign/),
    )
  })
})

/** As valid for ecrecover, and not for EIP-7702. */
function mirrored(authorization: SignedAuthorization): SignedAuthorization {
  const s = order - BigInt(authorization.s)
  return { ...authorization, s: `0x${s.toString(16)}`, yParity: 1 - (authorization.yParity ?? 0) }
}

describe('an authorization and the account it speaks for', () => {
  const plain: Authority = { nonce: 4n, codeBytes: 0 }
  const delegated: Authority = { nonce: 4n, codeBytes: 23, delegate: other }
  const contract: Authority = { nonce: 4n, codeBytes: 100 }

  it.each([
    ['a plain account', plain, true],
    ['one that delegates to another', delegated, true],
    ['a contract', contract, false],
    ['an account that has gone on', { ...plain, nonce: 5n }, false],
    ['nobody', undefined, false],
  ] as const)('to %s: takes effect or not', async (_, authority, expected) => {
    const { authorization } = await authorized()
    expect(takesEffect(authorization as SignedAuthorization, authority)).toBe(expected)
  })

  it('is refused for a nonce that the account does not have', async () => {
    const refusal = checkAuthority(await authorized(), { authority: { ...plain, nonce: 5n } })
    expect(refusal).toMatchObject(
      refusedWith(/nonce is 4; sign it for the account's nonce, which is 5/, -32500),
    )
    expect(checkAuthority(await authorized(), { authority: contract })).toMatchObject(
      refusedWith(/is a contract/, -32500),
    )
  })

  it('is no hindrance once the account delegates as it says', async () => {
    const authority = { nonce: 5n, codeBytes: 23, delegate } as const
    expect(checkAuthority(await authorized(), { authority }).ok).toBe(true)
  })
})
