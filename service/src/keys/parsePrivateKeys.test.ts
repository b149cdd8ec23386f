import fc from 'fast-check'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { parsePrivateKeys } from './parsePrivateKeys.ts'

const first = `0x${'11'.repeat(32)}`
const second = '22'.repeat(32)

describe('reading private keys', () => {
  it('takes keys one a line or separated by commas, with and without 0x', () => {
    const parsed = parsePrivateKeys(`${first}\n, ${second}\n`)
    expect(parsed.ok && parsed.value.map(account => account.address)).toEqual([
      '0x19E7E376E7C213B7E7e7e46cc70A5dD086DAff2A',
      '0x1563915e194D8CfBA1943570603F7606A3115508',
    ])
  })

  it('gives accounts that sign a digest as any other account of the key', async () => {
    const parsed = parsePrivateKeys(first)
    const hash = `0x${'33'.repeat(32)}` as const
    const expected = await privateKeyToAccount(`0x${'11'.repeat(32)}`).sign({ hash })
    expect(parsed.ok && (await parsed.value[0]?.sign({ hash }))).toBe(expected)
  })

  it.each([
    ['nothing', '', 'no key was given'],
    ['a key that is too short', `${first} 0x12`, 'key 2 of 2 is not a private key'],
    ['zero, which is no key', `0x${'00'.repeat(32)}`, 'key 1 of 1 is not a private key'],
    ['a key beyond the order of the curve', `0x${'ff'.repeat(32)}`, 'key 1 of 1 is not a private key'],
    ['the same key twice', `${first},${first}`, 'key 2 of 2 stands there twice'],
  ])('refuses %s and says which', (_, text, problem) => {
    expect(parsePrivateKeys(text)).toMatchObject({
      ok: false,
      refusal: { message: expect.stringContaining(problem) },
    })
  })

  it('never repeats what it was given', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-f]{20,63}$/), key => {
        const parsed = parsePrivateKeys(`${first} ${key}`)
        expect(JSON.stringify(parsed)).not.toContain(key)
      }),
    )
  })
})
