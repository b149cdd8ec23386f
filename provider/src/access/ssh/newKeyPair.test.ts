import { describe, expect, it } from 'vitest'
import { newKeyPair } from './newKeyPair.ts'

describe('a new pair of SSH keys', () => {
  it('is made anew until it is one that can be read', () => {
    const good = newKeyPair()
    const made = [{ privateKey: 'cut short', publicKey: 'ssh-ed25519 AAAA' }, good]
    expect(newKeyPair(() => made.shift() ?? good)).toBe(good)
    expect(made).toEqual([])
  })

  it('is of full length, every time', () => {
    // Of those that are not sifted one in 256 is short: a thousand without one come once in fifty times.
    for (let count = 0; count < 1_000; count++) {
      const bytes = Buffer.from(newKeyPair().publicKey.split(' ')[1] ?? '', 'base64')
      expect(bytes).toHaveLength(51)
    }
  })
})
